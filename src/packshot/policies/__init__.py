"""What each channel asks: one TOML file each, and the code that loads and validates them."""
