"""Which open items a payment pays, where the evidence leaves no choice; else nothing.

Three rules, in this order: a payment reference with the amount of its message, invoice numbers in
the text with the exact open amount, the exact sum of a debtor's open items from an account known
as his. The first rule whose evidence is there decides, also when it decides for nothing: who
names an invoice does not pay another one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence
from tijdig.core.references import format_reference, is_valid_rf, normalise_reference
from tijdig.core.remittance import Token, find_known, tokenise

_NUMBER_AT_LEAST = 4
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_NAMED_AT_MOST = 5

Parts = tuple[tuple[UUID, int], ...]


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An invoice or credit note as it stands; `open_cents` of a credit note is negative.

    An item with nothing open is welcome: a payment that names it is then not given to another.
    """

    item_id: UUID
    debtor_id: UUID
    number: str
    open_cents: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What one message asked under its own reference: the items it listed, and their cents."""

    reference: str
    items: Parts


@dataclass(frozen=True, slots=True)
class Payment:
    """A bank line as far as it tells what it pays; `key` is the line's own, to order equal days."""

    line_id: UUID
    booked_on: date
    key: str
    amount_cents: int
    reference: str
    text: str
    counter_iban: str


@dataclass(frozen=True, slots=True)
class Match:
    """The items that a payment pays in full, with their cents, and the evidence in a sentence."""

    kind: Literal["reference", "number", "iban_sum"]
    parts: Parts
    because: Sentence


class MatchIndex:
    """The open items of a run, looked up by reference, number and account.

    Made by `build_index`; `settle` takes what a match has paid off what is open.
    """

    def __init__(
        self,
        items: Iterable[OpenItem],
        asked: Mapping[str, Asked],
        debtor_of_iban: Mapping[str, UUID],
    ) -> None:
        self.items = {item.item_id: item for item in items}
        self.open_cents = {item.item_id: item.open_cents for item in self.items.values()}
        self.asked = asked
        self.debtor_of_iban = debtor_of_iban
        self.by_number: dict[str, list[UUID]] = defaultdict(list)
        self.by_debtor: dict[UUID, list[UUID]] = defaultdict(list)
        for item in sorted(self.items.values(), key=lambda item: (item.number, item.item_id)):
            self.by_debtor[item.debtor_id].append(item.item_id)
            if number := _normalise_number(item.number):
                self.by_number[number].append(item.item_id)
        self.longest_number = max(map(len, self.by_number), default=0)
        self.longest_reference = max(map(len, asked), default=0)

    def settle(self, match: Match) -> None:
        """Takes the parts of a match off what is open, for the payments after it."""
        for item_id, cents in match.parts:
            self.open_cents[item_id] -= cents

    def get_open_parts(self, item_ids: Iterable[UUID]) -> Parts:
        """The items that still have something open, with it."""
        found = ((item_id, self.open_cents.get(item_id, 0)) for item_id in item_ids)
        return tuple((item_id, cents) for item_id, cents in found if cents)


def build_index(
    items: Iterable[OpenItem],
    asked: Iterable[Asked],
    known_ibans: Mapping[str, Iterable[UUID]],
) -> MatchIndex:
    """The index for one run; `known_ibans` gives for each account the debtors known to use it.

    An account of several debtors proves nothing and is left out, as is a reference that two
    messages share or an RF reference with wrong check digits.
    """
    by_reference: dict[str, list[Asked]] = defaultdict(list)
    for message in asked:
        reference = normalise_reference(message.reference)
        if reference and (not reference.startswith("RF") or is_valid_rf(reference)):
            by_reference[reference].append(message)
    owners: dict[str, set[UUID]] = defaultdict(set)
    for iban, debtors in known_ibans.items():
        owners[normalise_reference(iban)].update(debtors)
    owners.pop("", None)
    return MatchIndex(
        items,
        {text: found[0] for text, found in by_reference.items() if len(found) == 1},
        {iban: next(iter(debtors)) for iban, debtors in owners.items() if len(debtors) == 1},
    )


def match_all(payments: Iterable[Payment], index: MatchIndex) -> list[tuple[Payment, Match | None]]:
    """Every payment with its match, in the order of booking day and key.

    What one payment settles is no longer open for the next; `index` keeps what was settled.
    """
    outcomes: list[tuple[Payment, Match | None]] = []
    for payment in sorted(payments, key=lambda payment: (payment.booked_on, payment.key)):
        match = match_payment(payment, index)
        if match:
            index.settle(match)
        outcomes.append((payment, match))
    return outcomes


def match_payment(payment: Payment, index: MatchIndex) -> Match | None:
    """The one set of items that this payment pays to the cent, or None.

    Only money that comes in is matched. Never a part of an item, never one of two possible sets.
    """
    if payment.amount_cents <= 0:
        return None
    # A bar between them: no number runs on from the text into the reference.
    tokens = tokenise(f"{payment.text} | {payment.reference}")
    references = _find_references(payment, tokens, index)
    if references:
        return _match_references(payment, references, index)
    numbers = find_known(tokens, index.by_number, longest=index.longest_number)
    if numbers:
        return _match_numbers(payment, numbers, index)
    return _match_account(payment, index)


def _find_references(payment: Payment, tokens: tuple[Token, ...], index: MatchIndex) -> list[str]:
    """The references of our messages that the payment carries, in its own field or in the text."""
    stated = normalise_reference(payment.reference)
    found = find_known(tokens, index.asked, longest=index.longest_reference)
    return list(dict.fromkeys([stated, *found] if stated in index.asked else found))


def _match_references(
    payment: Payment, references: Sequence[str], index: MatchIndex
) -> Match | None:
    found = [
        match
        for reference in references
        if (match := _match_reference(payment.amount_cents, reference, index))
    ]
    distinct = {frozenset(match.parts) for match in found}
    return found[0] if len(distinct) == 1 else None


def _match_reference(amount_cents: int, reference: str, index: MatchIndex) -> Match | None:
    """What the message listed, if that is the amount and still open; else what is open of it."""
    listed = tuple((item_id, cents) for item_id, cents in index.asked[reference].items if cents)
    still_open = index.get_open_parts(item_id for item_id, _ in listed)
    shown, amount = format_reference(reference), format_euros(amount_cents)
    if _sum(listed) == amount_cents and _covers(dict(still_open), listed):
        named = _name_items(listed, index)
        return Match(
            "reference",
            listed,
            Sentence(
                f"Betalingskenmerk {shown} en bedrag {amount} kloppen met het bericht over"
                f" {named.nl}.",
                f"Payment reference {shown} and amount {amount} fit the message about {named.en}.",
            ),
        )
    if still_open and _sum(still_open) == amount_cents:
        named = _name_items(still_open, index)
        return Match(
            "reference",
            still_open,
            Sentence(
                f"Betalingskenmerk {shown} klopt, en {amount} is precies wat van dat bericht nog"
                f" openstaat: {named.nl}.",
                f"Payment reference {shown} fits, and {amount} is exactly what is still open of"
                f" that message: {named.en}.",
            ),
        )
    return None


def _match_numbers(payment: Payment, numbers: Sequence[str], index: MatchIndex) -> Match | None:
    """All items named in the text together; None where a number stands for two items."""
    named_items = [index.by_number[number] for number in dict.fromkeys(numbers)]
    if any(len(item_ids) > 1 for item_ids in named_items):
        return None
    parts = index.get_open_parts(item_ids[0] for item_ids in named_items)
    if not parts or _sum(parts) != payment.amount_cents:
        return None
    named, amount = _name_items(parts, index), format_euros(payment.amount_cents)
    return Match(
        "number",
        parts,
        Sentence(
            f"De omschrijving noemt {named.nl}, en {amount} is precies wat daarvan openstaat.",
            f"The text names {named.en}, and {amount} is exactly what is open of that.",
        ),
    )


def _match_account(payment: Payment, index: MatchIndex) -> Match | None:
    """All that the owner of the account has open, or his only invoice of this amount."""
    debtor_id = index.debtor_of_iban.get(normalise_reference(payment.counter_iban))
    if debtor_id is None:
        return None
    amount_cents = payment.amount_cents
    everything = index.get_open_parts(index.by_debtor.get(debtor_id, ()))
    alike = tuple(part for part in everything if part[1] == amount_cents)
    found = {parts for parts in (everything, alike) if parts and _sum(parts) == amount_cents}
    if len(found) != 1:
        return None
    parts = found.pop()
    named, amount = _name_items(parts, index), format_euros(amount_cents)
    nl, en = (
        ("alles wat hij open heeft staan", "all that he has open")
        if parts == everything
        else ("het bedrag van één factuur van hem", "the amount of one invoice of his")
    )
    return Match(
        "iban_sum",
        parts,
        Sentence(
            f"De betaling komt van een rekening van deze debiteur, en {amount} is precies {nl}:"
            f" {named.nl}.",
            f"The payment comes from an account of this debtor, and {amount} is exactly {en}:"
            f" {named.en}.",
        ),
    )


def _covers(open_cents: Mapping[UUID, int], listed: Parts) -> bool:
    """Whether of every item at least what was listed is still open, on the same side of nought."""
    return all(
        abs(open_cents.get(item_id, 0)) >= abs(cents) and open_cents.get(item_id, 0) * cents > 0
        for item_id, cents in listed
    )


def _sum(parts: Parts) -> int:
    return sum(cents for _, cents in parts)


def _normalise_number(number: str) -> str:
    """An invoice number as it is looked up; "" for one that proves nothing when found in a text."""
    plain = normalise_reference(number)
    has_digit = any(character.isdigit() for character in plain)
    if len(plain) < _NUMBER_AT_LEAST or not has_digit or _YEAR.fullmatch(plain):
        return ""
    return plain


def _name_items(parts: Parts, index: MatchIndex) -> Sentence:
    """`factuur 2026-0412`, `facturen A, B en C`, and no more than five by name."""
    numbers = [index.items[item_id].number for item_id, _ in parts]
    named, last = ", ".join(numbers[:-1]), numbers[-1]
    if len(numbers) == 1:
        return Sentence(f"factuur {last}", f"invoice {last}")
    nl, en = ("facturen", "invoices")
    if any(cents < 0 for _, cents in parts):
        nl, en = ("facturen en creditnota's", "invoices and credit notes")
    if len(numbers) > _NAMED_AT_MOST:
        named, more = ", ".join(numbers[:_NAMED_AT_MOST]), len(numbers) - _NAMED_AT_MOST
        return Sentence(f"{nl} {named} en {more} andere", f"{en} {named} and {more} more")
    return Sentence(f"{nl} {named} en {last}", f"{en} {named} and {last}")
