"""What the last bookings change, put on top of what is read before they are written.

So the next payments are looked up and decided on while the server still writes the last ones.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from tijdig.banking.actions.bookings import Unwritten
from tijdig.ledger.queries.for_matching import ItemForBank


class Ahead:
    """The ledger as it will be once these bookings are written."""

    def __init__(self, coming: Unwritten | None = None) -> None:
        self._unseen: defaultdict[UUID, int] = defaultdict(int)
        self._in_books: defaultdict[UUID, int] = defaultdict(int)
        self._rests: defaultdict[UUID, list[ItemForBank]] = defaultdict(list)
        self._owners: defaultdict[str, list[UUID]] = defaultdict(list)
        if coming is None:
            return
        for entry in coming.entries:
            of_kind = self._in_books if entry.kind == "settled_in_books" else self._unseen
            of_kind[entry.open_item_id] += entry.cents
        for item_id, debtor_id, cents in coming.rests:
            rest = ItemForBank(item_id, debtor_id, "", None, None, "", 0, None, cents, 0, None)
            self._rests[debtor_id].append(rest)
        for iban, debtor_id, _ in coming.ibans:
            self._owners[iban].append(debtor_id)

    def settle(self, item: ItemForBank) -> ItemForBank:
        """The item as it will be."""
        unseen = self._unseen.get(item.item_id, 0)
        in_books = self._in_books.get(item.item_id, 0)
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
        settled = map(self.settle, items)
        found = [one for one in settled if one.unseen_cents or one.in_books_cents]
        for debtor_id in self._rests.keys() & debtor_ids:
            found += self._rests[debtor_id]
        return found

    def list_owners(self, ibans: Collection[str]) -> list[tuple[str, UUID]]:
        """Those of these accounts of which it will be known whose they are."""
        known = self._owners.keys() & ibans
        return [(iban, debtor_id) for iban in known for debtor_id in self._owners[iban]]
