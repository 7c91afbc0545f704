"""packshot keeps the pictures of a product catalogue good."""

__version__ = "0.1.0"
