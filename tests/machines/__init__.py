"""The same letters on other systems."""
