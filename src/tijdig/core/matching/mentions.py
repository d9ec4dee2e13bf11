"""What a payment names: items, references, order and customer numbers, with their places."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from tijdig.core.matching.book import MatchBook
from tijdig.core.matching.records import Payment, Span
from tijdig.core.matching.short_numbers import compare_short, read_shorts
from tijdig.core.matching.spelling import (
    Number,
    Reading,
    Spelling,
    Token,
    choose_spans,
    compare_number,
    compare_part,
    find_range_end,
    is_year,
    list_spelled,
    parse_number,
    read_text,
    split_serial,
)
from tijdig.core.references import normalise_reference

_DIGITS = re.compile(r"[0-9]+$")
_STRAY_AT_LEAST = 5
_AFTER_YEAR_AT_LEAST = 3
_NOT_PROVIDED = frozenset({"", "NOTPROVIDED"})


class Mention(NamedTuple):
    """One item named: how it is spelled, and where."""

    item_id: UUID
    spelling: Spelling
    span: Span


@dataclass(slots=True)
class Mentions:
    """All that a payment names; `loose_ends` are the readings that no number explains.

    `doubtful` are rivals with a short number that fits the amount, and that a person must see;
    `shared` are items of which another open one has the same short number.
    """

    tokens: tuple[Token, ...]
    items: dict[UUID, Mention] = field(default_factory=dict)
    rivals: dict[UUID, Mention] = field(default_factory=dict)
    doubtful: set[UUID] = field(default_factory=set)
    shared: set[UUID] = field(default_factory=set)
    debtors: dict[UUID, Span] = field(default_factory=dict)
    references: dict[str, Span | None] = field(default_factory=dict)
    taken: list[Reading] = field(default_factory=list)
    loose_ends: list[Reading] = field(default_factory=list)

    @property
    def has_stray(self) -> bool:
        """Whether a long number is left that the book does not know, or one after a year."""
        return has_stray(self.tokens, self.loose_ends)

    def span_of(self, reading: Reading) -> Span:
        """Where a reading stands in the words."""
        return self.tokens[reading.first].start, self.tokens[reading.last].end


def has_stray(tokens: Sequence[Token], loose_ends: Sequence[Reading]) -> bool:
    """Whether one of these readings is a long number, or one after a year."""
    for joined, first, last in loose_ends:
        if (
            len(joined) >= _STRAY_AT_LEAST
            and joined.isdigit()
            and (first == last or _follows_a_year(tokens, first, last))
        ):
            return True
    return False


def leave_outside(readings: Sequence[Reading], low: int, high: int) -> list[Reading]:
    """The readings of which no token stands from place `low` to `high`."""
    return [one for one in readings if one[2] < low or one[1] > high]


def _follows_a_year(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether it is a year and one number of three digits or more, as in 2026-0412."""
    if last != first + 1 or len(tokens[last].text) < _AFTER_YEAR_AT_LEAST:
        return False
    return is_year(tokens[first].text)


def find_mentions(payment: Payment, book: MatchBook) -> Mentions:
    """What the payment names of the items, debtors and references in the book."""
    tokens, readings, keys, _ = read_text(payment.words)
    found = Mentions(tokens)
    stated = normalise_reference(payment.reference)
    if stated and stated in book.asked:
        found.references[stated] = None
    named: dict[str, list[tuple[UUID, Spelling]]] = {}
    debtors: dict[str, list[UUID]] = {}
    by_key, debtor_by_key = book.by_key, book.debtor_by_key
    for (joined, _, _), key in zip(readings, keys, strict=True):
        if key not in by_key and key not in debtor_by_key:
            continue
        if joined in named or joined in debtors:
            continue
        if spelled := list_spelled(joined, by_key.get(key, ())):
            named[joined] = spelled
        if told := list_spelled(joined, debtor_by_key.get(key, ())):
            debtors[joined] = [debtor_id for debtor_id, _ in told]
    known = {*named, *debtors}
    if book.asked:
        known.update([one.joined for one in readings if one.joined in book.asked])
    chosen = choose_spans(tokens, readings, known) if known else []
    for reading in chosen:
        _take(found, reading, named, debtors, book)
    covered = {place for one in chosen for place in range(one.first, one.last + 1)}
    if book.by_short_key:
        covered |= _take_shorts(found, payment, book, covered)
    found.loose_ends = _leave_covered(readings, covered)
    _take_short_ends(found, tokens, covered)
    return found


def find_parts(
    mentions: Mentions, item_ids: Sequence[UUID], book: MatchBook
) -> dict[UUID, Mention]:
    """Items of one debtor that a loose end spells in part or with a slip, and their orders.

    A loose end that fits several of them equally well names none, nor does his customer number.
    """
    found: dict[UUID, Mention] = {}
    items = [book.items[one] for one in item_ids]
    numbers = [(one.item_id, parse_number(one.number)) for one in items]
    taken = mentions.taken
    if taken:
        ids, owners = set(item_ids), {one.debtor_id for one in items}
        own = {one.span for one in mentions.items.values() if one.item_id in ids}
        own.update(span for debtor_id, span in mentions.debtors.items() if debtor_id in owners)
        taken = [one for one in taken if mentions.span_of(one) not in own]
    for reading in (*mentions.loose_ends, *taken):
        digits = _DIGITS.search(reading.joined)
        if digits is None:
            continue
        fits = _list_fits(digits.group(), numbers)
        if len(fits) == 1:
            item_id, spelling = fits[0]
            found.setdefault(item_id, Mention(item_id, spelling, mentions.span_of(reading)))
    return found


def find_ranges(
    mentions: Mentions, named: Mapping[UUID, Mention], item_ids: Sequence[UUID], book: MatchBook
) -> dict[UUID, Mention]:
    """Items of one debtor whose numbers lie in a range that begins with one that he names.

    As "1201 t/m 1204": both ends count, and what lies between and is his.
    """
    found: dict[UUID, Mention] = {}
    places = {token.end: place for place, token in enumerate(mentions.tokens)}
    for first in named.values():
        last = find_range_end(mentions.tokens, places[first.span[1]] + 1)
        if last is None:
            continue
        head, start = split_serial(book.items[first.item_id].number)
        if not start:
            continue
        # "t/m 15" after 2026-0412 is 0415; "20260415" written as one is its last four digits.
        end = int(start[: max(len(start) - len(last.text), 0)] + last.text[-len(start) :])
        span = first.span[0], last.end
        for item_id in item_ids:
            own_head, serial = split_serial(book.items[item_id].number)
            if own_head == head and serial and int(start) <= int(serial) <= end:
                found.setdefault(item_id, Mention(item_id, "range", span))
    return found


def find_orders(mentions: Mentions, item_ids: Sequence[UUID], book: MatchBook) -> dict[UUID, Span]:
    """Items of one debtor whose order or customer reference stands in the text."""
    found: dict[UUID, Span] = {}
    for item_id in item_ids:
        number = parse_number(book.items[item_id].order_reference)
        if not number.plain:
            continue
        for reading in mentions.loose_ends:
            if compare_number(reading.joined, number):
                found[item_id] = mentions.span_of(reading)
                break
    return found


def is_own_request(payment: Payment, book: MatchBook) -> bool:
    """Whether the end-to-end id is one that we gave ourselves."""
    end_to_end_id = payment.end_to_end_id
    return end_to_end_id.upper() not in _NOT_PROVIDED and end_to_end_id in book.requests


def _leave_covered(readings: Sequence[Reading], covered: set[int]) -> list[Reading]:
    """The readings of which no token is covered."""
    if not covered:
        return list(readings)
    low, high = min(covered), max(covered)
    if len(covered) == high - low + 1:
        return leave_outside(readings, low, high)
    return [one for one in readings if covered.isdisjoint(range(one.first, one.last + 1))]


def _list_fits(joined: str, numbers: Sequence[tuple[UUID, Number]]) -> list[tuple[UUID, Spelling]]:
    cut: list[tuple[UUID, Spelling]] = []
    swapped: list[tuple[UUID, Spelling]] = []
    for item_id, number in numbers:
        spelling = compare_part(joined, number)
        if spelling == "cut":
            cut.append((item_id, spelling))
        elif spelling == "swapped":
            swapped.append((item_id, spelling))
    return cut or swapped


def _take(
    found: Mentions,
    reading: Reading,
    named: dict[str, list[tuple[UUID, Spelling]]],
    debtors: dict[str, list[UUID]],
    book: MatchBook,
) -> None:
    span = found.span_of(reading)
    joined = reading.joined
    if joined in book.asked:
        found.references.setdefault(joined, span)
        return
    fits = named.get(joined, [])
    exact = [one for one in fits if one[1] == "exact"] or fits
    # A customer number that is an invoice number too, without its prefix, may be either.
    is_clear = len(exact) == 1 and (exact[0][1] == "exact" or joined not in debtors)
    target = found.items if is_clear else found.rivals
    for item_id, spelling in exact:
        target.setdefault(item_id, Mention(item_id, spelling, span))
    found.taken.append(reading)
    if not is_clear:
        for debtor_id in debtors.get(joined, ()):
            found.debtors.setdefault(debtor_id, span)


def _take_shorts(found: Mentions, payment: Payment, book: MatchBook, covered: set[int]) -> set[int]:
    """Takes the items with a short number that the text and the exact amount name together.

    Returns the places of what it took for sure. An amount that only some of them make up, or a
    number that several open items have, makes them doubtful rivals; else a short number is nothing.
    """
    open_cents = book.open_cents
    named, is_sure = _list_shorts(found, payment, book, covered)
    told = {one: mention for one, (mention, _) in named.items()}
    total = sum(open_cents[one] for one in found.items)
    if not told or (found.items and total == payment.amount_cents):
        return set()
    if is_sure and total + sum(open_cents[one] for one in told) == payment.amount_cents:
        found.items |= told
        taken = [reading for _, reading in named.values()]
        found.taken += taken
        return {place for one in taken for place in range(one.first, one.last + 1)}
    owners = dict.fromkeys(book.items[one].debtor_id for one in told)
    sets = [[one] for one in told]
    sets += [[one for one in told if book.items[one].debtor_id == owner] for owner in owners]
    for ids in sets:
        if sum(open_cents[one] for one in ids) == payment.amount_cents:
            found.doubtful.update(ids)
            found.rivals |= {one: told[one] for one in ids}
    return set()


def _list_shorts(
    found: Mentions, payment: Payment, book: MatchBook, covered: set[int]
) -> tuple[dict[UUID, tuple[Mention, Reading]], bool]:
    """The open items with a short number that is named; and whether each is the only one of it."""
    tokens = read_text(payment.words).tokens
    named: dict[UUID, tuple[Mention, Reading]] = {}
    is_sure = True
    for short in read_shorts(payment.words):
        reading = short.reading
        if not covered.isdisjoint(range(reading.first, reading.last + 1)):
            continue
        span = tokens[reading.first].start, tokens[reading.last].end
        fits = 0
        for item_id in book.by_short_key.get(short.key, ()):
            spelling = compare_short(short, book.items[item_id].number)
            if spelling and book.open_cents[item_id]:
                named.setdefault(item_id, (Mention(item_id, spelling, span), reading))
                fits += 1
        # A number of the list that is not open, or of several, leaves the rest unsure.
        is_needed = short.is_announced and not short.is_between
        is_sure = is_sure and (fits == 1 or not (fits or is_needed))
        if fits > 1:
            found.shared.update(one for one, (mention, _) in named.items() if mention.span == span)
    return named, is_sure


def _take_short_ends(found: Mentions, tokens: Sequence[Token], covered: set[int]) -> None:
    """Three digits on their own may be the end of a number: too short for a reading."""
    for place, (text, _, _) in enumerate(tokens):
        if len(text) == 3 and text.isdigit() and place not in covered:
            found.loose_ends.append(Reading(text, place, place))
