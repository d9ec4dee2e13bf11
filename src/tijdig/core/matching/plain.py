"""The short way for most payments: one number in full, of one item, and exactly what is open.

It finds what `list_hypotheses` finds and nothing else, or None where there may be more to it. Short
numbers and what the payer lists himself add nothing where a number in full explains the amount.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from tijdig.core.matching.book import MatchBook
from tijdig.core.matching.hypotheses import SPELLED, How
from tijdig.core.matching.mentions import has_stray, is_own_request, leave_outside
from tijdig.core.matching.names import Likeness
from tijdig.core.matching.payers import Account, may_be_a_slip, weigh_payer
from tijdig.core.matching.records import OpenItem, Payment, Span
from tijdig.core.matching.spelling import (
    Reading,
    ReadText,
    Spelling,
    list_spelled,
    read_text,
    stands_alone,
)
from tijdig.core.references import normalise_reference


class Plain(NamedTuple):
    """The one item that is named, with all that is known for and against it."""

    item: OpenItem
    spelling: Spelling
    span: Span
    how: How
    account: Account
    likeness: Likeness
    name: str
    is_early: bool
    has_stray: bool


class _Spelled(NamedTuple):
    """A reading that spells numbers of the book: those of items, and whether of a debtor too."""

    reading: Reading
    fits: Sequence[tuple[UUID, Spelling]]
    is_debtor: bool


def find_plain(payment: Payment, book: MatchBook) -> Plain | None:
    """The item that this payment names and pays in full, where it names nothing else."""
    read = read_text(payment.words)
    if is_own_request(payment, book) or (book.asked and _names_a_message(payment, read, book)):
        return None
    spelled = _find_spelled(read, book)
    if spelled is None:
        return None
    (_, first, last), fits, is_debtor = spelled
    exact = [one for one in fits if one[1] == "exact"] or fits
    if len(exact) != 1:
        return None
    item_id, spelling = exact[0]
    # A customer number that is an invoice number too, without its prefix, may be either.
    if is_debtor and spelling != "exact":
        return None
    if book.open_cents[item_id] != payment.amount_cents:
        return None
    item = book.items[item_id]
    debtor_id = item.debtor_id
    iban = normalise_reference(payment.counter_iban)
    owners, debtor = book.ibans.get(iban, ()), book.debtors.get(debtor_id)
    account, likeness = weigh_payer(iban, owners, payment.counter_name, debtor_id, debtor)
    if may_be_a_slip(account, likeness):
        return None
    tokens = read.tokens
    return Plain(
        item,
        spelling,
        (tokens[first].start, tokens[last].end),
        SPELLED[spelling],
        account,
        likeness,
        debtor.name if debtor else "",
        item.issued_on is not None and payment.booked_on < item.issued_on,
        has_stray(tokens, leave_outside(read.readings, first, last)),
    )


def _names_a_message(payment: Payment, read: ReadText, book: MatchBook) -> bool:
    asked = book.asked
    return normalise_reference(payment.reference) in asked or any(
        one.joined in asked for one in read.readings
    )


def _find_spelled(read: ReadText, book: MatchBook) -> _Spelled | None:
    """The only reading in the text that is a number of the book on its own; as `choose_spans`."""
    by_key, debtor_by_key = book.by_key, book.debtor_by_key
    chosen: _Spelled | None = None
    for reading, key in zip(read.readings, read.keys, strict=True):
        if key not in by_key and key not in debtor_by_key:
            continue
        joined, first, _ = reading
        fits = list_spelled(joined, by_key.get(key, ()))
        is_debtor = key in debtor_by_key and bool(list_spelled(joined, debtor_by_key[key]))
        if not fits and not is_debtor:
            continue
        if chosen is None or first == chosen.reading.first:
            chosen = _Spelled(reading, fits, is_debtor)
        elif first > chosen.reading.last:
            return None
    if chosen is None or not chosen.fits or not stands_alone(read.tokens, chosen.reading):
        return None
    return chosen
