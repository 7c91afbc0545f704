"""Makes pictures with text, graphics and watermarks laid over them, collages, and all that only looks like it."""
