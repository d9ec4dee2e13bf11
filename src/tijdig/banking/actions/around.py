"""What lies around payments in the ledger: what was asked for before their turn, or asked now."""

from collections.abc import Callable, Collection
from uuid import UUID

from tijdig.ledger.queries import for_matching as ledger
from tijdig.ledger.queries.for_matching import ItemForBank, Near, Surroundings

_NOTHING = Surroundings({}, {}, {}, {}, {})


class Around:
    """Answers as the ledger does; it only asks what it was not told.

    `told` was asked for before it was certain what is needed: it may hold more, or less.
    """

    def __init__(self, told: Callable[[], Surroundings] | None = None) -> None:
        self._ask = told
        self._told = _NOTHING

    def wait(self) -> None:
        """Until what was asked for is there."""
        if self._ask is not None:
            self._told, self._ask = self._ask(), None

    def find_debtors_by_name(self, keys: Collection[str]) -> Near:
        """Debtors whose name has one of these keys."""
        known = self._told.by_name
        missing = [one for one in keys if one not in known]
        near = ledger.make_near((one, known[one]) for one in keys if one in known)
        if not missing:
            return near
        more = ledger.find_debtors_by_name(missing)
        return Near(near.ids | more.ids, near.crowded + more.crowded)

    def list_items_by_amount(self, amounts: Collection[int]) -> list[tuple[int, list[UUID]]]:
        """Open items invoiced at each of these amounts."""
        known = self._told.by_amount
        found = [(one, known[one]) for one in amounts if known.get(one)]
        missing = [one for one in amounts if one not in known]
        return found + ledger.list_items_by_amount(missing) if missing else found

    def load_items(self, item_ids: Collection[UUID]) -> list[ItemForBank]:
        """These items, also where nothing is open of them any more."""
        known = self._told.items
        found = [item for one in item_ids if (item := known.get(one))]
        return found + ledger.load_items([one for one in item_ids if one not in known])

    def load_items_of(self, debtor_ids: Collection[UUID]) -> list[ItemForBank]:
        """All items of these debtors of which the bank has not seen everything paid."""
        known = self._told.by_debtor
        found = [item for one in debtor_ids for item in known.get(one, ())]
        return found + ledger.load_items_of([one for one in debtor_ids if one not in known])

    def load_debtor_names(self, debtor_ids: Collection[UUID]) -> list[tuple[UUID, str, str]]:
        """Id, number and name of these debtors."""
        known = self._told.names
        found = [known[one] for one in debtor_ids if one in known]
        missing = [one for one in debtor_ids if one not in known]
        return found + ledger.load_debtor_names(missing) if missing else found
