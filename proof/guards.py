"""Rows J: what stops a run that stands out, and an installation that was restored or copied."""

from proof.cases import Case, Later


def list_cases() -> list[Case]:
    """Every case of rows J that can be run today."""
    return []


LATER: tuple[Later, ...] = (
    Later("J2", 12, "the breaker"),
    Later("J3", 10, "the guard of restored and copied installations"),
)
