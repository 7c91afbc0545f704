"""Feeds and folders to listings and placements, and files to assets."""
