"""Where a statement stands among those that are known: after one, before one, or the same again.

The key of a line tells equal lines of one file apart. Two files that each hold a part of a day, or
the same day in another format, are told apart by their balances.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from tijdig.banking.keys import content_of
from tijdig.banking.models import BankLine, Statement
from tijdig.banking.records import BankLineRecord

Days = tuple[date, date]
"""The first and the last day on which a statement books something."""


def is_known_otherwise(statement: Statement, days: Days) -> bool:
    """Whether another statement says all of this already, in other words (camt beside MT940).

    That is so where it covers these days, has the same opening and closing balance, which differ,
    and both add up: then both hold the same money.
    """
    if not statement.adds_up or statement.opening_cents == statement.closing_cents:
        return False
    return _others(statement).filter(
        adds_up=True,
        opening_cents=statement.opening_cents,
        closing_cents=statement.closing_cents,
        from_on__lte=days[0],
        until_on__gte=days[1],
    ).exists()  # fmt: skip


def find_offsets(
    statement: Statement, lines: Iterable[BankLineRecord], keys: Sequence[str], days: Days
) -> dict[str, int]:
    """How many equal lines the parts of its first and last day hold that are known, by content.

    A statement whose opening balance is the closing balance of one that ends on the same day
    follows on it: its lines come on top. The same the other way round.
    """
    if statement.opening_cents is None or statement.closing_cents is None:
        return {}
    first_on, last_on = days
    parts_of = {
        day: parts
        for day in {first_on, last_on}
        if (parts := _find_parts(statement, day, before=day == first_on, after=day == last_on))
    }
    if not parts_of:
        return {}
    mine: dict[date, Counter[str]] = {day: Counter() for day in parts_of}
    for line, key in zip(lines, keys, strict=True):
        if line.booked_on in mine:
            mine[line.booked_on][content_of(key)] += 1
    offsets: Counter[str] = Counter()
    for day, own in mine.items():
        known = BankLine.objects.filter(statement_id__in=parts_of[day], booked_on=day)
        rows = list(known.exclude(state__in=_NOT_BOOKED).values_list("key", "cents"))
        theirs = Counter(content_of(key) for key, _ in rows)
        # Parts that sum to nil leave the balance as it was: then an overlap looks the same.
        if sum(cents for _, cents in rows) or theirs - own:
            offsets.update(theirs)
    return dict(offsets)


_NOT_BOOKED = (BankLine.State.PENDING, BankLine.State.DETAIL)


def _find_parts(statement: Statement, day: date, *, before: bool, after: bool) -> set[UUID]:
    """The statements of this day that lead up to this one, and those that lead on from it."""
    on_day = list(
        _others(statement)
        .filter(from_on__lte=day, until_on__gte=day, opening_cents__isnull=False)
        .exclude(closing_cents=None)
    )
    found: set[UUID] = set()
    if before:
        found |= _follow([x for x in on_day if x.until_on == day], statement, back=True)
    if after:
        found |= _follow([x for x in on_day if x.from_on == day], statement, back=False)
    return found


def _follow(parts: list[Statement], statement: Statement, *, back: bool) -> set[UUID]:
    found: set[UUID] = set()
    edges = {statement.opening_cents if back else statement.closing_cents}
    while True:
        linked = [
            one
            for one in parts
            if one.id not in found
            and (one.closing_cents if back else one.opening_cents) in edges
            and one.opening_cents != one.closing_cents
        ]
        if not linked:
            return found
        found |= {one.id for one in linked}
        edges |= {one.opening_cents if back else one.closing_cents for one in linked}


def _others(statement: Statement) -> QuerySet[Statement]:
    return Statement.objects.filter(
        account_id=statement.account_id, kind=Statement.Kind.BOOKED
    ).exclude(id=statement.id)
