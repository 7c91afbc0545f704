"""Assets that are the same picture: pairs, clusters, and which one to keep."""
