"""Row E7: a simulated year."""

from proof.cases import Case, Later


def list_cases() -> list[Case]:
    """The years."""
    return []


LATER: tuple[Later, ...] = (Later("E7", 3, "the simulator"),)
