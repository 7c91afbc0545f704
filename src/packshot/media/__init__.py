"""Bytes to pixels and back, safely."""
