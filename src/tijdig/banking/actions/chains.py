"""Where a statement stands among those that are known: after one, before one, or the same again.

The key of a line tells equal lines of one file apart. Two files that each hold a part of a day, or
the same day in another format, are told apart by their balances.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence, Set
from datetime import date
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from tijdig.banking.actions.continuity import facts_of
from tijdig.banking.keys import booked_lines, content_of
from tijdig.banking.models import BankLine, Statement
from tijdig.banking.records import BankLineRecord, StatementRecord
from tijdig.core.continuity import number_of
from tijdig.core.day_parts import NilPair, judge_parts, list_nil_pairs

Days = tuple[date, date]
"""The first and the last day on which a statement books something."""


def find_known_days(
    statement: Statement, record: StatementRecord, keys: Sequence[str], days: Days
) -> frozenset[date]:
    """The days of which other statements say all of this already, in other words (camt, MT940).

    That is so where the day begins with the same balance and moves it by as much, and all these
    statements add up: then both hold the same money. A day of which the known lines are all in this
    statement is told by their keys, and so is not among them.
    """
    if not statement.adds_up or statement.opening_cents is None:
        return frozenset()
    others = [
        (first, last, opening)
        for first, last, opening in _others(statement)
        .filter(adds_up=True, from_on__lte=days[1], until_on__gte=days[0])
        .values_list("from_on", "until_on", "opening_cents")
        if first is not None and last is not None and opening is not None
    ]
    if not others:
        return frozenset()
    moved: Counter[date] = Counter()
    for line in booked_lines(record):
        moved[line.booked_on] += line.amount_cents
    known = _load_booked(statement, min(first for first, _, _ in others), days[1])
    totals: Counter[date] = Counter()
    for on, _, cents in known:
        totals[on] += cents
    balance, alike = statement.opening_cents, set()
    for day in sorted(moved):
        begins = {
            opening + sum(cents for on, cents in totals.items() if first <= on < day)
            for first, last, opening in others
            if first <= day <= last
        }
        if balance in begins and totals.get(day) == moved[day]:
            alike.add(day)
        balance += moved[day]
    if not alike:
        return frozenset()
    own: defaultdict[date, list[_Told]] = defaultdict(list)
    for line, key in zip(booked_lines(record), keys, strict=True):
        if line.booked_on in alike:
            own[line.booked_on].append((content_of(key), line.amount_cents))
    theirs: defaultdict[date, list[_Told]] = defaultdict(list)
    for on, key, cents in known:
        theirs[on].append((content_of(key), cents))
    return frozenset(day for day in alike if _is_reworded(own[day], theirs[day]))


_Told = tuple[str, int]


def _is_reworded(own: Sequence[_Told], theirs: Sequence[_Told]) -> bool:
    """Whether lines of the same sum are the same money in other words, and not more of the same.

    What sums to nil says nothing by its sum: then each amount has to be there.
    """
    if not Counter(one for one, _ in theirs) - Counter(one for one, _ in own):
        return False
    cents, known = sorted(one for _, one in own), sorted(one for _, one in theirs)
    return sum(cents) != 0 or cents == known


def _load_booked(
    statement: Statement, first: date, last: date, *, apart_from: Set[UUID] = frozenset()
) -> list[tuple[date, str, int]]:
    """What is booked on this account on these days: the day, the key and the cents."""
    return list(
        BankLine.objects.filter(
            account_id=statement.account_id, booked_on__gte=first, booked_on__lte=last
        )
        .exclude(state__in=(*_NOT_BOOKED, BankLine.State.SPLIT))
        .exclude(statement_id__in=apart_from)
        .values_list("booked_on", "key", "cents")
    )


class _Parts(NamedTuple):
    """The other parts of a day: those that lead up to this one or on from it, with those that do
    not touch it; those that only their number places; those that the days around it do; and those
    that one file may place."""

    touching: set[UUID]
    counted: list[Statement]
    told: list[UUID]
    in_file: list[UUID]


def find_offsets(
    statement: Statement,
    record: StatementRecord,
    keys: Sequence[str],
    days: Days,
    *,
    beside: Collection[UUID] = (),
) -> dict[str, int]:
    """How many equal lines the parts of its first and last day hold that are known, by content.

    A statement whose opening balance is the closing balance of one that ends on the same day
    follows on it: its lines come on top. The same the other way round, and where the balances of
    two parts of a day have nothing in common: then what lies between them is still to come.
    `beside` are the statements that stand before it in the same file.
    """
    if statement.opening_cents is None or statement.closing_cents is None:
        return {}
    parts_of = {
        day: parts
        for day in set(days)
        if any(parts := _find_parts(statement, record, day, days, beside))
    }
    if not parts_of:
        return {}
    mine: dict[date, Counter[str]] = {day: Counter() for day in parts_of}
    moved: Counter[date] = Counter()
    for line, key in zip(booked_lines(record), keys, strict=True):
        if line.booked_on in mine:
            mine[line.booked_on][content_of(key)] += 1
            moved[line.booked_on] += line.amount_cents
    offsets: Counter[str] = Counter()
    for day, own in mine.items():
        parts = parts_of[day]
        offsets.update(_count_numbered(statement, own, parts.counted, day=day))
        further = _find_further(parts.in_file, own, day=day, is_nil=not moved[day])
        placed = further | {*parts.told}
        offsets.update(content_of(key) for key, _ in _load_part(placed, day))
        rows = _load_part(parts.touching - placed, day)
        theirs = Counter(content_of(key) for key, _ in rows)
        # Parts that sum to nil leave the balance as it was: then an overlap looks the same.
        if not sum(cents for _, cents in rows) and not theirs - own:
            continue
        if not moved[day] and (not own - theirs or not theirs - own):
            continue
        offsets.update(theirs)
    return dict(offsets)


_NOT_BOOKED = (BankLine.State.PENDING, BankLine.State.DETAIL)


def _load_part(statement_ids: Collection[UUID], day: date) -> list[tuple[str, int]]:
    """What these statements booked on this day: the key and the cents."""
    known = BankLine.objects.filter(statement_id__in=statement_ids, booked_on=day)
    return list(known.exclude(state__in=_NOT_BOOKED).values_list("key", "cents"))


def _count_numbered(
    statement: Statement, own: Counter[str], counted: Sequence[Statement], *, day: date
) -> Counter[str]:
    """The lines of the parts whose running number says that they come before or after this one.

    Where both begin with one balance, a later export of the day holds all that an earlier one
    does: what does not is a part of its own.
    """
    found: Counter[str] = Counter()
    for one in counted:
        theirs = Counter(content_of(key) for key, _ in _load_part([one.id], day))
        is_later = number_of(one.sequence) > number_of(statement.sequence)
        first, second = (own, theirs) if is_later else (theirs, own)
        if one.opening_cents != statement.opening_cents or first - second:
            found.update(theirs)
    return found


def _find_further(
    in_file: Sequence[UUID], own: Counter[str], *, day: date, is_nil: bool
) -> set[UUID]:
    """Those of which this one is a further part, as the part that sums to nil holds a line that
    the other has not."""
    found = set()
    for other_id in in_file:
        theirs = Counter(content_of(key) for key, _ in _load_part([other_id], day))
        nil, other = (own, theirs) if is_nil else (theirs, own)
        if nil - other:
            found.add(other_id)
    return found


def _is_counted(one: Statement, statement: Statement) -> bool:
    """Whether one of them sums to nil, and follows the other by number and by balance."""
    number, other = number_of(statement.sequence), number_of(one.sequence)
    if not all((number[0], other[0])) or number == other:
        return False
    if (one.opening_cents == one.closing_cents) == (
        statement.opening_cents == statement.closing_cents
    ):
        return False
    first, second = (one, statement) if other < number else (statement, one)
    return first.closing_cents == second.opening_cents


def _find_parts(
    statement: Statement,
    record: StatementRecord,
    day: date,
    days: Days,
    beside: Collection[UUID],
) -> _Parts:
    on_day = list(
        _others(statement)
        .filter(from_on__lte=day, until_on__gte=day, opening_cents__isnull=False)
        .exclude(closing_cents=None)
    )
    counted: list[Statement] = []
    told: list[UUID] = []
    in_file: list[UUID] = []
    if days == (day, day):
        alone = [one for one in on_day if one.adds_up and one.from_on == one.until_on == day]
        if statement.adds_up:
            counted = [one for one in alone if _is_counted(one, statement)]
        pairs = _list_pairs(statement, on_day)
        told = _find_told(statement, pairs, day)
        paired = {one.statement_id for pair in pairs for one in pair}
        in_file = [one for one in beside if one in paired] if paired else []
    on_day = [one for one in on_day if one not in counted and one.id not in told]
    found: set[UUID] = set()
    if day == days[0]:
        found |= _follow([x for x in on_day if x.until_on == day], statement, back=True)
    if day == days[1]:
        found |= _follow([x for x in on_day if x.from_on == day], statement, back=False)
    apart = [x for x in on_day if x.id not in found and day in {x.from_on, x.until_on}]
    if apart and statement.adds_up:
        own = _walk(statement, booked_lines(record))
        found |= {one.id for one in apart if _is_apart(one, statement, own)}
    return _Parts(found, counted, told, in_file)


def _list_pairs(statement: Statement, on_day: Sequence[Statement]) -> list[NilPair]:
    """The pairs of this one with a part of the same day, of which one sums to nil."""
    own = facts_of(statement)
    pairs = list_nil_pairs([own, *(facts_of(one) for one in on_day)])
    return [pair for pair in pairs if own in pair]


def _find_told(statement: Statement, pairs: Sequence[NilPair], day: date) -> list[UUID]:
    """Parts of which one of two sums to nil, and that both count by the days around this one."""
    if not pairs:
        return []
    known = [facts_of(statement), *(facts_of(one) for one in _others(statement))]
    further = set[UUID]()
    for pair in pairs:
        ids = {one.statement_id for one in pair}
        beside = _load_booked(statement, day, day, apart_from=ids)
        beside_cents = sum(cents for _, _, cents in beside)
        if judge_parts(pair, known, beside_cents=beside_cents) == "further":
            further |= ids
    return sorted(further - {statement.id})


def _is_apart(other: Statement, statement: Statement, own: Set[int]) -> bool:
    """Whether no balance of one is where the other begins or ends: no line can be in both.

    In which order known lines stood is not kept: whatever some of them make is a balance.
    """
    if own & {other.opening_cents, other.closing_cents}:
        return False
    lines = BankLine.objects.filter(statement_id=other.id).exclude(state__in=_NOT_BOOKED)
    moved = list(lines.values_list("cents", flat=True)[: _WALKED_AT_MOST + 1])
    # Where its lines came in with another statement, nobody knows what it held.
    is_whole = (other.opening_cents or 0) + sum(moved) == other.closing_cents
    if not is_whole or len(moved) > _WALKED_AT_MOST:
        return False
    passed = {other.opening_cents or 0}
    for cents in moved:
        passed |= {one + cents for one in passed}
    return not passed & {statement.opening_cents, statement.closing_cents}


_WALKED_AT_MOST = 12


def _walk(statement: Statement, lines: Iterable[BankLineRecord]) -> set[int]:
    """The balances that a statement passes, line by line, from either end of each day."""
    days: defaultdict[date, list[int]] = defaultdict(list)
    for line in lines:
        days[line.booked_on].append(line.amount_cents)
    opening = statement.opening_cents or 0
    passed = {opening}
    for day in sorted(days):
        passed.update(accumulate(days[day], initial=opening))
        passed.update(accumulate(reversed(days[day]), initial=opening))
        opening += sum(days[day])
    return passed


def _follow(parts: list[Statement], statement: Statement, *, back: bool) -> set[UUID]:
    found: set[UUID] = set()
    edges = {statement.opening_cents if back else statement.closing_cents}
    while True:
        linked = [
            one
            for one in parts
            if one.id not in found
            and (one.closing_cents if back else one.opening_cents) in edges
            and (one.opening_cents != one.closing_cents or one.from_on != one.until_on)
        ]
        if not linked:
            return found
        found |= {one.id for one in linked}
        edges |= {one.opening_cents if back else one.closing_cents for one in linked}


def _others(statement: Statement) -> QuerySet[Statement]:
    return Statement.objects.filter(
        account_id=statement.account_id, kind=Statement.Kind.BOOKED
    ).exclude(id=statement.id)
