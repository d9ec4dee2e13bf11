"""Collections: what may come into one, and how those that were made stand."""
