"""The open items that payments are matched with, looked up by number, account, name and amount."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import date
from uuid import UUID

from tijdig.core.matching.names import make_name_key, make_name_keys
from tijdig.core.matching.records import Asked, Known, KnownDebtor, OpenItem, Parts, Payment
from tijdig.core.matching.short_numbers import (
    ShortReading,
    compare_short,
    is_short_number,
    read_shorts,
)
from tijdig.core.matching.spelling import (
    Number,
    compare_number,
    list_digits,
    make_number_key,
    parse_number,
    read_text,
)
from tijdig.core.references import is_valid_rf, normalise_reference

_ALIKE_AT_MOST = 60


class MatchBook:
    """Items and debtors as far as they are loaded, and what is still open of them.

    `settle` takes what a payment pays off what is open, for the payments after it. With `keys`
    only numbers with one of these keys are found: those that its payments spell (`Spoken`).
    """

    def __init__(
        self,
        items: Iterable[OpenItem],
        debtors: Iterable[KnownDebtor],
        known: Known | None = None,
        *,
        keys: Container[str] | None = None,
    ) -> None:
        known = known or Known()
        self._keys = keys
        self.items: dict[UUID, OpenItem] = {}
        self.open_cents: dict[UUID, int] = {}
        self.debtors: dict[UUID, KnownDebtor] = {}
        self.by_key: defaultdict[str, list[tuple[UUID, Number]]] = defaultdict(list)
        self.by_short_key: defaultdict[str, list[UUID]] = defaultdict(list)
        self.by_debtor: defaultdict[UUID, list[UUID]] = defaultdict(list)
        self.by_amount: defaultdict[int, list[UUID]] = defaultdict(list)
        self._by_name: defaultdict[str, list[UUID]] = defaultdict(list)
        self._unnamed: list[KnownDebtor] = []
        self.debtor_by_key: defaultdict[str, list[tuple[UUID, Number]]] = defaultdict(list)
        self.discounted: set[UUID] = set()
        self.crowded_names: set[str] = set()
        self.crowded_amounts: set[int] = set()
        self.ibans: dict[str, frozenset[UUID]] = dict(known.ibans)
        self.asked, self.requests = dict(known.asked), dict(known.requests)
        self.plans = known.plans
        self.add(items, debtors)

    def add(self, items: Iterable[OpenItem], debtors: Iterable[KnownDebtor]) -> None:
        """Takes in more items and debtors; those already there stay as they are."""
        keys = self._keys
        for debtor in debtors:
            if debtor.debtor_id not in self.debtors:
                self.debtors[debtor.debtor_id] = debtor
                self._unnamed.append(debtor)
                if keys is not None and make_number_key(debtor.number) not in keys:
                    continue
                number = parse_number(debtor.number)
                if number.plain:
                    self.debtor_by_key[number.key].append((debtor.debtor_id, number))
        known, open_cents, by_debtor = self.items, self.open_cents, self.by_debtor
        by_key, by_amount = self.by_key, self.by_amount
        for item in items:
            item_id, debtor_id, written, cents = item[:4]
            if item_id in known:
                continue
            known[item_id] = item
            open_cents[item_id] = cents
            by_debtor[debtor_id].append(item_id)
            if cents > 0:
                by_amount[cents].append(item_id)
            if item.discount_cents:
                self.discounted.add(item_id)
            # Most are there for their debtor or amount: their numbers are not worth reading.
            if keys is not None and make_number_key(written) not in keys:
                continue
            number = parse_number(written)
            if number.plain:
                by_key[number.key].append((item_id, number))
            elif is_short_number(written):
                self.by_short_key[make_number_key(written)].append(item_id)

    def crowd_out(self, *, names: Iterable[str] = (), amounts: Iterable[int] = ()) -> None:
        """These are shared by too many to tell anything, whoever of them is loaded."""
        self.crowded_names.update(names)
        self.crowded_amounts.update(amounts)

    def settle(self, parts: Parts) -> None:
        """Takes these cents off what is open; less than nothing opens it again."""
        for item_id, cents in parts:
            left = self.open_cents[item_id] - cents
            self.open_cents[item_id] = left
            if left > 0:
                self.by_amount[left].append(item_id)

    def learn(self, iban: str, debtor_id: UUID) -> bool:
        """This account is one of this debtor's too; whether that is news."""
        owners = self.ibans.get(iban, frozenset())
        if not iban or debtor_id in owners:
            return False
        self.ibans[iban] = owners | {debtor_id}
        return True

    def list_open(self, debtor_id: UUID) -> list[UUID]:
        """The items of a debtor that have something open, the first due first."""
        found = [one for one in self.by_debtor.get(debtor_id, ()) if self.open_cents[one]]
        items = self.items
        if len(found) > 1:
            found.sort(key=lambda one: make_due_order(items[one]))
        return found

    def find_alike(self, amount_cents: int) -> list[UUID]:
        """Items of which exactly this amount is open; none where they are too many to tell."""
        if amount_cents in self.crowded_amounts:
            return []
        found = [
            one for one in self.by_amount.get(amount_cents, ())
            if self.open_cents[one] == amount_cents
        ]  # fmt: skip
        found = list(dict.fromkeys(found))
        return found if len(found) <= _ALIKE_AT_MOST else []

    def find_named(self, name: str) -> list[UUID]:
        """Debtors who may bear this name; none where they are too many to tell."""
        keys = make_name_keys(name)
        if not self.crowded_names.isdisjoint(keys):
            return []
        # Not before it is asked for: who names what he pays is not looked up by name.
        by_name, self._unnamed, unnamed = self._by_name, [], self._unnamed
        for debtor in unnamed:
            by_name[make_name_key(debtor.name)].append(debtor.debtor_id)
        buckets = [by_name[key] for key in keys if key in by_name]
        if sum(map(len, buckets)) > _ALIKE_AT_MOST:
            return []
        return sorted({one for bucket in buckets for one in bucket})


def make_due_order(item: OpenItem) -> tuple[bool, date | int, str, UUID]:
    """What sorts items as money goes over them: the first due first, those without a day last."""
    return item.due_on is None, item.due_on or 0, item.number, item.item_id


def make_known(
    ibans: Mapping[str, Iterable[UUID]], asked: Iterable[Asked], requests: Mapping[str, Parts]
) -> Known:
    """What is known, by account and reference as they are compared.

    A reference that two messages share, or an RF reference with wrong check digits, says nothing
    and is left out.
    """
    by_reference: defaultdict[str, list[Asked]] = defaultdict(list)
    plans: dict[UUID, Asked] = {}
    for message in asked:
        if message.terms:
            plans.update(dict.fromkeys([item_id for item_id, _ in message.items], message))
        reference = normalise_reference(message.reference)
        if reference and (not reference.startswith("RF") or is_valid_rf(reference)):
            by_reference[reference].append(message)
    owners = {normalise_reference(iban): frozenset(told) for iban, told in ibans.items()}
    owners.pop("", None)
    return Known(
        owners,
        {text: found[0] for text, found in by_reference.items() if len(found) == 1},
        dict(requests),
        plans,
    )


def list_number_keys(payment: Payment) -> set[str]:
    """The keys of every number that this payment may name."""
    shorts = read_shorts(payment.words)
    return {*read_text(payment.words).keys, *(one.key for one in shorts)}


def list_own_references(payment: Payment) -> set[str]:
    """Every text in this payment that may be a payment reference of ours, as they are compared."""
    named = {one.joined for one in read_text(payment.words).readings}
    named.add(normalise_reference(payment.reference))
    return {one for one in named if one.startswith("RF")}


class Spoken:
    """What payments may name, all together: tells which of the numbers found by key they do.

    `digits` are the digits of every reading without zeros before them, each with its key: a number
    with one row of digits is only meant where these are its digits too.
    """

    def __init__(self, payments: Iterable[Payment]) -> None:
        self.joined: defaultdict[str, set[str]] = defaultdict(set)
        self.shorts: defaultdict[str, set[ShortReading]] = defaultdict(set)
        digits: set[tuple[str, str]] = set()
        spelled = self.joined
        for payment in payments:
            words = payment.words
            read = read_text(words)
            digits.update(zip(read.keys, read.digits, strict=True))
            for reading, key in zip(read.readings, read.keys, strict=True):
                spelled[key].add(reading[0])
            for short in read_shorts(words):
                self.shorts[short.key].add(short)
                digits.add((short.key, list_digits(short.reading.joined)))
        self.digits = sorted(digits)

    def list_keys(self) -> set[str]:
        """The keys of every number that they may name."""
        return {*self.joined, *self.shorts}

    def is_named(self, text: str) -> bool:
        """Whether a payment spells this number; many others may have the same key."""
        number = parse_number(text)
        if not number.plain:
            shorts = self.shorts.get(make_number_key(text), ())
            return any(compare_short(short, text) for short in shorts)
        spelled = self.joined.get(number.key)
        if spelled is None:
            return False
        return number.plain in spelled or any(compare_number(one, number) for one in spelled)
