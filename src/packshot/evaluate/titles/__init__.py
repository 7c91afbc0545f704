"""Pictures against the words of their listings."""
