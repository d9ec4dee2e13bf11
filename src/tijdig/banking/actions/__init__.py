"""Writes of banking: statements, matches, accounts."""
