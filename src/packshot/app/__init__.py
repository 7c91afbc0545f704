"""One use case per verb; Workspace is the public Python API."""
