"""The parts of the guarded way to http and https: `packshot.collect.fetch` puts them together."""
