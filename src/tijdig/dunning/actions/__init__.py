"""Writes of dunning: runs, releases, calls, policies."""
