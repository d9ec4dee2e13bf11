"""What the ledger is asked about payments before it is their turn."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar
from uuid import UUID

from tijdig.banking.actions.around import Around
from tijdig.banking.direct_debits.requests import load_requests
from tijdig.core.matching.book import Spoken
from tijdig.core.matching.names import make_name_keys
from tijdig.core.matching.records import Asked, Parts, Payment
from tijdig.core.references import normalise_reference
from tijdig.ledger.queries import for_matching as ledger
from tijdig.ledger.queries.for_matching import ItemForBank
from tijdig.tenants.bulk import Rows

_T = TypeVar("_T")
# Three of them are under way at a time; larger ones cost memory and gain nothing.
BATCH = 2_500


class Reading:
    """Payments with what they name in the ledger; each question is put before its answer is needed.

    First which numbers they spell; `go_on` asks for what has those numbers, and whose their
    accounts are.
    """

    def __init__(self, payments: Sequence[Payment], asked: Sequence[Asked]) -> None:
        self.payments, self.asked = payments, asked
        self.told: list[UUID] = []
        self.requests: dict[str, Parts] = {}
        self._spoken = Spoken(payments)
        self._numbered_items = ledger.ask_items_by_number(self._spoken.digits)
        self._numbered_debtors = ledger.ask_debtors_by_number(self._spoken.digits)
        self._named: frozenset[UUID] = frozenset()
        self._items: Rows | None = None
        self._owners: Rows | None = None
        self._known: tuple[list[ItemForBank], list[tuple[str, UUID]]] | None = None
        self.around = Around()

    def go_on(self) -> None:
        """Ask for what they name, or what a message or request of ours listed."""
        if self._items is not None:
            return
        is_named = self._spoken.is_named
        self.requests = load_requests(
            {one.end_to_end_id for one in self.payments if one.end_to_end_id}
        )
        named = {item_id for item_id, number in self._numbered_items() if is_named(number)}
        self._named = frozenset(named)
        named.update(item_id for one in self.asked if not one.terms for item_id, _ in one.items)
        named.update(item_id for parts in self.requests.values() for item_id, _ in parts)
        self.told = [one for one, number in self._numbered_debtors() if is_named(number)]
        self._items = ledger.ask_items(named)
        self._owners = ledger.ask_owners(self.list_ibans())

    @property
    def is_asked(self) -> bool:
        """Whether it was asked what they name."""
        return self._items is not None

    def list_keys(self) -> set[str]:
        """The keys of the numbers that they may name."""
        return self._spoken.list_keys()

    def list_ibans(self) -> set[str]:
        """The accounts that they came from."""
        return {one.counter_iban for one in self.payments if one.counter_iban}

    def look_around(self) -> None:
        """Ask for what lies around them, as far as can be known before it is their turn."""
        items, owners = self._read()
        debtors = {one.debtor_id for one in items if one.item_id in self._named}
        debtors.update(self.told)
        debtors.update(debtor_id for _, debtor_id in owners)
        known = {normalise_reference(iban) for iban, _ in owners}
        strangers = [
            one for one in self.payments if normalise_reference(one.counter_iban) not in known
        ]
        names = {key for one in strangers for key in make_name_keys(one.counter_name)}
        self.around = Around(
            ledger.ask_around(debtors, names, {one.amount_cents for one in strangers})
        )

    def read_items(self) -> list[ItemForBank]:
        """The items that they name."""
        return self._read()[0]

    def read_owners(self) -> list[tuple[str, UUID]]:
        """Their accounts with every debtor who is known to pay from them."""
        return self._read()[1]

    def _read(self) -> tuple[list[ItemForBank], list[tuple[str, UUID]]]:
        """Items and owners, read once."""
        self.go_on()
        if self._known is None:
            items = self._items() if self._items is not None else []
            owners = self._owners() if self._owners is not None else []
            self._known = [*map(ItemForBank._make, items)], [(iban, one) for iban, one in owners]
        return self._known


class Readings:
    """Payments, as many at a time as fit in memory with what they may mean, in the order given.

    `go_on`, called while one batch is worked on, asks what the next two need. What is asked
    sees all that was written before that call. With `is_still` nothing that it reads changes
    meanwhile: then it asks a batch earlier, and for what lies around the next one too.
    """

    def __init__(
        self,
        payments: Iterable[Payment],
        asked: Sequence[Asked],
        *,
        size: int,
        is_still: bool = False,
    ) -> None:
        self._is_still = is_still
        self._batches = make_batches(payments, size=size)
        self._asked = asked
        self._begun: deque[Reading] = deque()

    def __iter__(self) -> Iterator[Reading]:
        for _ in range(3 if self._is_still else 2):
            self.go_on()
        while self._begun:
            yield self._begun.popleft()

    def go_on(self) -> None:
        """The next batch asks for what it names, the one after it which numbers it spells."""
        if self._begun and self._is_still and self._begun[0].is_asked:
            self._begun[0].look_around()
        for reading in [*self._begun][: 2 if self._is_still else 1]:
            reading.go_on()
        for batch in islice(self._batches, 1):
            self._begun.append(Reading(batch, self._asked))


def make_batches(some: Iterable[_T], *, size: int) -> Iterator[Sequence[_T]]:
    """So many at a time, in the order given."""
    coming = iter(some)
    while batch := list(islice(coming, size)):
        yield batch
