"""What bookings change that are not written yet, put on top of what is read.

So the next payments are looked up and decided on while the last ones are still being written, on
another connection too.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from tijdig.core.matching.records import Payment, Proposal
from tijdig.ledger.actions.posting import NewEntry
from tijdig.ledger.queries.for_matching import ItemForBank
from tijdig.tenants.ids import new_id


@dataclass(frozen=True, slots=True)
class Booking:
    """A payment with what it pays; `confirmed` is what of each item the books had settled.

    `agreed` is what a person's choice says of the first proposal, None where nobody chose;
    `for_person` whether that one was for a person only.
    """

    payment: Payment
    proposal: Proposal
    debtor_ids: frozenset[UUID]
    confirmed: Mapping[UUID, int] = field(default_factory=dict)
    match_round: int = 0
    certainty: int | None = None
    for_person: bool = False
    agreed: bool | None = None
    learns: bool = True


class Unwritten(NamedTuple):
    """Bookings that are decided on and not written yet, with all that follows from them.

    `rests` are items to come, for what was paid too much: id, debtor and cents. `ibans` are
    accounts that nobody knew, with their debtor and the line that told it.
    """

    bookings: Sequence[Booking]
    order: str
    entries: Sequence[NewEntry]
    rests: Sequence[tuple[UUID, UUID, int]]
    ibans: Sequence[tuple[str, UUID, UUID]]


class Ahead:
    """The ledger as it will be once these bookings are written; more may be added."""

    def __init__(
        self, coming: Unwritten | None = None, *, make_id: Callable[[], UUID] = new_id
    ) -> None:
        self.make_id = make_id
        self._unseen: defaultdict[UUID, int] = defaultdict(int)
        self._in_books: defaultdict[UUID, int] = defaultdict(int)
        self._rests: defaultdict[UUID, list[ItemForBank]] = defaultdict(list)
        self._owners: defaultdict[str, list[UUID]] = defaultdict(list)
        if coming is not None:
            self.add(coming)

    def add(self, coming: Unwritten) -> None:
        """These are to be written too."""
        for entry in coming.entries:
            of_kind = self._in_books if entry.kind == "settled_in_books" else self._unseen
            of_kind[entry.open_item_id] += entry.cents
        for item_id, debtor_id, _ in coming.rests:
            # What was paid too much is an entry too, on an item that nobody else reads yet.
            rest = ItemForBank(item_id, debtor_id, "", None, None, "", 0, None, 0, 0, None)
            self._rests[debtor_id].append(rest)
        for iban, debtor_id, _ in coming.ibans:
            self._owners[iban].append(debtor_id)

    def count_cents(self, item_id: UUID) -> int:
        """What its balance will change by."""
        return self._unseen.get(item_id, 0) + self._in_books.get(item_id, 0)

    def list_changed(self, item_ids: Collection[UUID]) -> set[UUID]:
        """Those of these items that will change."""
        return {*(self._unseen.keys() & item_ids), *(self._in_books.keys() & item_ids)}

    def settle(self, item: ItemForBank) -> ItemForBank:
        """The item as it will be."""
        unseen = self._unseen.get(item.item_id, 0)
        # Most matchings confirm nothing that the books had settled.
        in_books = self._in_books.get(item.item_id, 0) if self._in_books else 0
        if not unseen and not in_books:
            return item
        left = item.in_books_cents + in_books
        return item._replace(
            unseen_cents=item.unseen_cents + unseen,
            in_books_cents=left,
            books_as_of=item.books_as_of if left else None,
        )

    def list_open(
        self, items: Iterable[ItemForBank], debtor_ids: Collection[UUID]
    ) -> list[ItemForBank]:
        """These items of these debtors, less those that will be closed, with those that come."""
        coming = [one for owner in self._rests.keys() & debtor_ids for one in self._rests[owner]]
        settled = map(self.settle, (*items, *coming))
        return [one for one in settled if one.unseen_cents or one.in_books_cents]

    def list_owners(self, ibans: Collection[str]) -> list[tuple[str, UUID]]:
        """Those of these accounts of which it will be known whose they are."""
        known = self._owners.keys() & ibans
        return [(iban, debtor_id) for iban in known for debtor_id in self._owners[iban]]
