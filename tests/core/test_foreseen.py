"""A dry run held against the run of its day: what differs, and nothing else."""

from uuid import UUID

from tijdig.core.foreseen import ForeseenStep, StepDifference, compare_runs

SAME, PAID, NEW, LESS, LATER = (UUID(int=n) for n in range(1, 6))
REMINDER = ForeseenStep("reminder", "reminder", "email", 12_100)
PART = ForeseenStep("reminder", "reminder", "email", 6_000)
BY_LETTER = ForeseenStep("reminder", "reminder", "letter", 12_100)


def test_every_difference_is_named_and_what_is_the_same_is_not() -> None:
    foreseen = {SAME: REMINDER, PAID: REMINDER, LESS: REMINDER, LATER: REMINDER}
    done = {LATER: BY_LETTER, LESS: PART, NEW: REMINDER, SAME: REMINDER}
    assert compare_runs(foreseen, done) == (
        StepDifference(PAID, "missing", REMINDER, None),
        StepDifference(NEW, "extra", None, REMINDER),
        StepDifference(LESS, "other_amount", REMINDER, PART),
        StepDifference(LATER, "other_step", REMINDER, BY_LETTER),
    )


def test_nothing_foreseen_and_nothing_done_is_no_difference() -> None:
    assert compare_runs({}, {}) == ()
    assert compare_runs({SAME: REMINDER}, {SAME: REMINDER}) == ()
