"""Writes of messaging: freeze, claim, settle."""
