"""The queue: work that must happen, in the same database as the facts."""
