"""Which invoices the message after a reason leaves out."""

from datetime import date
from uuid import UUID

import pytest

from tijdig.core.unpaid import ReasonTold, find_left_out

ON = date(2026, 3, 2)
FIRST, SECOND, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)


def say(kind: str, item_id: UUID | None = None, *but_not: UUID) -> ReasonTold:
    return ReasonTold(kind, ON, item_id=item_id, but_not=but_not)


@pytest.mark.parametrize(
    ("told", "others", "left_out"),
    [
        # About all: not those of which he said something else, nor those that he did not get.
        (say("forgot"), [], ()),
        (say("forgot", None, SECOND), [], (SECOND,)),
        (say("forgot"), [say("not_received", FIRST)], (FIRST,)),
        (say("forgot", None, THIRD), [say("not_received", FIRST)], (FIRST, THIRD)),
        (say("forgot", None, FIRST), [say("not_received", FIRST)], (FIRST,)),
        # What he said of another kind, or that he got nothing at all, leaves out none of them.
        (say("forgot"), [say("says_paid", FIRST), say("not_received")], ()),
        # About one invoice: nothing, whatever else he said.
        (say("forgot", FIRST, SECOND), [say("not_received", FIRST)], ()),
    ],
)
def test_left_out(told: ReasonTold, others: list[ReasonTold], left_out: tuple[UUID, ...]) -> None:
    assert find_left_out(told, [told, *others]) == left_out
    assert find_left_out(told, [*reversed(others), told]) == left_out
