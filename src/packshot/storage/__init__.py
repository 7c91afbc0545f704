"""Where things are kept: blobs, tables, and the SQL catalog."""
