"""Models: weights that are fetched and verified once, and one process that runs them for all workers."""
