"""What a payment names: items, references, order and customer numbers, with their places."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from tijdig.core.matching.book import MatchBook
from tijdig.core.matching.records import Payment, Span
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
    """All that a payment names; `loose_ends` are the readings that no number explains."""

    tokens: tuple[Token, ...]
    items: dict[UUID, Mention] = field(default_factory=dict)
    rivals: dict[UUID, Mention] = field(default_factory=dict)
    debtors: dict[UUID, Span] = field(default_factory=dict)
    references: dict[str, Span | None] = field(default_factory=dict)
    taken: list[Reading] = field(default_factory=list)
    loose_ends: list[Reading] = field(default_factory=list)

    @property
    def has_stray(self) -> bool:
        """Whether a long number is left that the book does not know, or one after a year."""
        return any(
            one.joined.isdigit()
            and len(one.joined) >= _STRAY_AT_LEAST
            and (one.first == one.last or self._follows_a_year(one))
            for one in self.loose_ends
        )

    def _follows_a_year(self, reading: Reading) -> bool:
        """Whether it is a year and one number of three digits or more, as in 2026-0412."""
        year, number = self.tokens[reading.first].text, self.tokens[reading.last].text
        is_pair = reading.last == reading.first + 1
        return is_pair and is_year(year) and len(number) >= _AFTER_YEAR_AT_LEAST

    def span_of(self, reading: Reading) -> Span:
        """Where a reading stands in the words."""
        return self.tokens[reading.first].start, self.tokens[reading.last].end


def find_mentions(payment: Payment, book: MatchBook) -> Mentions:
    """What the payment names of the items, debtors and references in the book."""
    read = read_text(payment.words)
    tokens, readings = read.tokens, read.readings
    found = Mentions(tokens)
    stated = normalise_reference(payment.reference)
    if stated and stated in book.asked:
        found.references[stated] = None
    named: dict[str, list[tuple[UUID, Spelling]]] = {}
    debtors: dict[str, list[UUID]] = {}
    by_key, debtor_by_key = book.by_key, book.debtor_by_key
    for reading, key in zip(readings, read.keys, strict=True):
        if key not in by_key and key not in debtor_by_key:
            continue
        joined = reading.joined
        if joined in named or joined in debtors:
            continue
        for item_id, number in by_key.get(key, ()):
            spelling = compare_number(joined, number)
            if spelling:
                named.setdefault(joined, []).append((item_id, spelling))
        for debtor_id, number in debtor_by_key.get(key, ()):
            if compare_number(joined, number):
                debtors.setdefault(joined, []).append(debtor_id)
    known = {*named, *debtors}
    if book.asked:
        known.update([one.joined for one in readings if one.joined in book.asked])
    chosen = choose_spans(tokens, readings, known) if known else []
    for reading in chosen:
        _take(found, reading, named, debtors, book)
    covered = {place for one in chosen for place in range(one.first, one.last + 1)}
    found.loose_ends = (
        [one for one in readings if covered.isdisjoint(range(one.first, one.last + 1))]
        if covered
        else list(readings)
    )
    _take_short_ends(found, tokens, covered)
    return found


def find_parts(
    mentions: Mentions, item_ids: Sequence[UUID], book: MatchBook
) -> dict[UUID, Mention]:
    """Items of one debtor that a loose end spells in part or with a slip, and their orders.

    A loose end that fits several of them equally well names none, nor does his customer number.
    """
    found: dict[UUID, Mention] = {}
    numbers = [(one, parse_number(book.items[one].number)) for one in item_ids]
    ids, owners = set(item_ids), {book.items[one].debtor_id for one in item_ids}
    own = {one.span for one in mentions.items.values() if one.item_id in ids}
    own.update(span for debtor_id, span in mentions.debtors.items() if debtor_id in owners)
    taken = [one for one in mentions.taken if mentions.span_of(one) not in own]
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
        head, start = split_serial(book.items[first.item_id].number)
        if last is None or not start:
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


def _take_short_ends(found: Mentions, tokens: Sequence[Token], covered: set[int]) -> None:
    """Three digits on their own may be the end of a number: too short for a reading."""
    for place, token in enumerate(tokens):
        if len(token.text) == 3 and token.is_digits and place not in covered:
            found.loose_ends.append(Reading(token.text, place, place))
