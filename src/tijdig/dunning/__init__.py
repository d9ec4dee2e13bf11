"""Policies, the daily run, decisions with their reason, and calls."""
