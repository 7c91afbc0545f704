"""The files that channels take: one file here for each channel."""
