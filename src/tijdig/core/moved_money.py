"""Money that was paid on a claim line, turns out to be paid on its invoices, and the way back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MovedMoney:
    """Money of one day that moved off a claim line at once, and the invoices that it pays now."""

    source_id: UUID
    on: date
    parts: tuple[tuple[UUID, int], ...]


def list_money_to_move(movements: Sequence[tuple[date, int]], cents: int) -> list[tuple[date, int]]:
    """Per day of payment what moves off a claim line, when this much of what was paid on it does.

    `movements` are (day, cents) on the line, below zero for money that came. What was paid last
    moves first: the earlier payments pay what is still claimed. What went back is no payment.
    Never more than was paid. Law: BW 6:44.
    """
    paid = sorted((on, -moved) for on, moved in movements if moved < 0)
    gone = sum(moved for _, moved in movements if moved > 0)
    found: list[tuple[date, int]] = []
    for on, moved in reversed(paid):
        back = min(gone, moved)
        gone -= back
        part = min(cents, moved - back)
        cents -= part
        if part:
            found.append((on, part))
    return found


def list_money_to_return(
    moved: Sequence[MovedMoney], open_cents: int, *, undone_on: Collection[date]
) -> list[tuple[MovedMoney, tuple[tuple[UUID, int], ...]]]:
    """What goes back to a claim line after a payment on it was undone, per movement and invoice.

    As much as is open on the line again: costs come before principal. The money of the days that
    are undone goes back first, then that of the earliest day. Law: BW 6:44 lid 1.
    """
    found = []
    for one in sorted(moved, key=lambda one: (one.on not in undone_on, one.on)):
        parts = []
        for invoice_id, cents in reversed(one.parts):
            part = min(max(open_cents, 0), cents)
            open_cents -= part
            if part:
                parts.append((invoice_id, part))
        if parts:
            found.append((one, tuple(parts)))
    return found
