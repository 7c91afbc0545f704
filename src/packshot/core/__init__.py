"""The words of packshot as plain frozen values: no I/O, no numpy."""
