"""Configuration that travels with the product: the demo's agencies, banks and sources."""
