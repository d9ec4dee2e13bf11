"""Bring files in: each whole, or refused with the reason."""
