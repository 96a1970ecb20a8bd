"""Numbered document + template → PDF/A-2b: filling, the resident LibreOffice, finishing."""
