"""What people read, in their language: one map of texts for each language."""
