"""Hanyin and the plain way, measured in one run."""
