"""Chance that repeats itself: the same seed and the same subject always give the same draws."""

from random import Random


def draw(*subject: object) -> Random:
    """A source of chance of its own for this subject; no draw elsewhere disturbs it."""
    return Random("|".join(str(part) for part in subject))  # noqa: S311 - a story, no secret
