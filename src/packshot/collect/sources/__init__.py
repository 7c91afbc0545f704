"""The sources: one file each, the file's name is the id."""
