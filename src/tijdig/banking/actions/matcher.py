"""Payments with as much of the ledger as they may mean, and what they certainly pay."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from tijdig.banking.actions.ahead import Ahead, Booking
from tijdig.banking.actions.bookings import compute_confirmed
from tijdig.banking.actions.reading import Reading
from tijdig.core.matching.book import MatchBook, list_number_keys, make_known
from tijdig.core.matching.names import make_name_keys
from tijdig.core.matching.proposals import Judge, decide_named, decide_payment, decide_payments
from tijdig.core.matching.records import (
    Known,
    KnownDebtor,
    OpenItem,
    Outcome,
    Payment,
)
from tijdig.core.references import normalise_reference
from tijdig.ledger.queries.for_matching import ItemForBank, Near, make_near


class Matcher:
    """Payments with as much of the ledger as they may mean; `outcomes` is the last word on each.

    `stale` are those that were given proposals for something that a later one then paid.
    """

    def __init__(self, reading: Reading, judge: Judge, ahead: Ahead | None = None) -> None:
        self.payments = reading.payments
        self.judge = judge
        self.ahead = ahead or Ahead()
        self.items: dict[UUID, ItemForBank] = {}
        self.debtors: dict[UUID, KnownDebtor] = {}
        self.outcomes: dict[UUID, Outcome] = {}
        self.loaded: set[UUID] = set()
        self.stale: set[UUID] = set()
        self.around = reading.around
        self.around.wait()
        # Each account with every debtor who is known to pay from it.
        self.owners = {*reading.read_owners(), *self.ahead.list_owners(reading.list_ibans())}
        self.known = _make_known(reading, self.owners)
        self.book = MatchBook((), (), self.known, keys=reading.list_keys())
        self._add([*map(self.ahead.settle, reading.read_items())], reading.told)

    def load_around(self) -> None:
        """All that is open of the debtors whom account, number, name or amount point to."""
        debtors: set[UUID] = set()
        strangers: list[Payment] = []
        for payment in self.payments:
            owners = self.book.ibans.get(normalise_reference(payment.counter_iban), frozenset())
            debtors |= owners
            if not owners:
                strangers.append(payment)
        debtors |= self._list_named_debtors()
        names = {key for one in strangers for key in make_name_keys(one.counter_name)}
        namesakes = self.around.find_debtors_by_name(names)
        alike = self._find_alike({one.amount_cents for one in strangers})
        self.book.crowd_out(names=namesakes.crowded, amounts=alike.crowded)
        wanted = (debtors | namesakes.ids) - self.loaded
        self.loaded |= wanted
        items = self.ahead.list_open(self.around.load_items_of(wanted), wanted)
        others = map(self.ahead.settle, self.around.load_items(alike.ids - set(self.items)))
        self._add([*items, *others], wanted)

    def _find_alike(self, amounts: Collection[int]) -> Near:
        """Items of these amounts that are open once all is written."""
        found = self.around.list_items_by_amount(amounts)
        changed = self.ahead.list_changed({item_id for _, ids in found for item_id in ids})
        settled = map(self.ahead.settle, self.around.load_items(changed))
        closed = {one.item_id for one in settled if not one.unseen_cents + one.in_books_cents}
        return make_near(
            (cents, [one for one in ids if one not in closed] if closed else ids)
            for cents, ids in found
        )

    def find_named(self) -> list[Booking]:
        """What certainly pays what the payments name in full, to the cent."""
        return [self._take(one) for one in decide_named(self.payments, self.book, self.judge)]

    def find_others(self) -> list[Booking]:
        """What else certainly pays something; `outcomes` has what became of every payment.

        `load_around` comes first, as for `weigh`.
        """
        found = self._find_in_books(self.payments)
        left = _leave_out(self.payments, found)
        outcomes = decide_payments(left, self.book, self.judge)
        for outcome in outcomes:
            self.outcomes[outcome.payment.line_id] = outcome
            if outcome.is_sure:
                found.append(self._take(outcome))
        self.stale = _list_stale(outcomes)
        return found

    def weigh(self) -> list[Outcome]:
        """The proposals for payments of which none is booked."""
        outcomes = [decide_payment(one, self.book, self.judge) for one in self.payments]
        return [one._replace(is_sure=False) for one in outcomes]

    def _list_named_debtors(self) -> set[UUID]:
        found: set[UUID] = set()
        for payment in self.payments:
            for key in list_number_keys(payment):
                found.update(
                    self.book.items[one].debtor_id for one, _ in self.book.by_key.get(key, ())
                )
                short = self.book.by_short_key.get(key, ())
                found.update(self.book.items[one].debtor_id for one in short)
                found.update(one for one, _ in self.book.debtor_by_key.get(key, ()))
        return found

    def _add(self, items: Sequence[ItemForBank], debtor_ids: Iterable[UUID]) -> None:
        fresh = [one for one in items if one.item_id not in self.items]
        self.items.update({one.item_id: one for one in fresh})
        missing = {one.debtor_id for one in fresh}.union(debtor_ids).difference(self.debtors)
        names = (
            [KnownDebtor(*row) for row in self.around.load_debtor_names(missing)] if missing else []
        )
        self.debtors.update({one.debtor_id: one for one in names})
        self.book.add([_as_open(one, one.unseen_cents) for one in fresh], names)

    def _find_in_books(self, payments: Sequence[Payment]) -> list[Booking]:
        """Lines about items of which the books have settled a part that the bank has not seen.

        First against all that the bank has not seen, then against what is open after that part,
        then the part itself: only what fits to the cent.
        """
        split = {one.debtor_id for one in self.items.values() if one.in_books_cents}
        if not split:
            return []
        items = [one for one in self.items.values() if one.debtor_id in split]
        debtors = [self.debtors[one] for one in split]
        found: list[Booking] = []
        for known, cents_of in (
            (Known(self.book.ibans, self.known.asked, self.known.requests), _unseen),
            (Known({}, self.known.asked, self.known.requests), _balance),
        ):
            book_ = MatchBook(
                [_as_open(one, cents_of(self._now(one))) for one in items], debtors, known
            )
            for payment in _leave_out(payments, found):
                outcome = decide_payment(payment, book_, self.judge)
                if self._fits_split(outcome):
                    book_.settle(outcome.proposals[0].parts)
                    found.append(self._take(outcome))
        return found + self._confirm(_leave_out(payments, found), items, debtors)

    def _confirm(
        self, payments: Sequence[Payment], items: Sequence[ItemForBank], debtors: list[KnownDebtor]
    ) -> list[Booking]:
        """Lines that are the very part that the books settled, on a day that they can have seen."""
        known = Known({}, self.known.asked, self.known.requests)
        book_ = MatchBook(
            [_as_open(one, -self._now(one).in_books_cents) for one in items], debtors, known
        )
        found = []
        for payment in payments:
            outcome = decide_payment(payment, book_, self.judge)
            if not self._fits_split(outcome) or outcome.proposals[0].kind == "none":
                continue
            parts = outcome.proposals[0].parts
            if any(
                (self.items[item_id].books_as_of or date.min) < payment.booked_on
                for item_id, _ in parts
            ):
                continue
            book_.settle(parts)
            found.append(self._take(outcome, confirmed=dict(parts)))
        return found

    def _fits_split(self, outcome: Outcome) -> bool:
        """Sure, to the cent, and about an item on which books and bank differ."""
        if not outcome.is_sure:
            return False
        first = outcome.proposals[0]
        return not first.is_partial and any(
            self.items[item_id].in_books_cents for item_id, _ in first.parts
        )

    def _now(self, item: ItemForBank) -> ItemForBank:
        return self.items[item.item_id]

    def _take(self, outcome: Outcome, *, confirmed: Mapping[UUID, int] | None = None) -> Booking:
        """The booking, taken off what is still to be paid on its items."""
        proposal = outcome.proposals[0]
        given = dict(proposal.parts)
        for item_id, _, cents in proposal.conceded:
            given[item_id] = given.get(item_id, 0) + cents
        settled: dict[UUID, int] = {}
        owners = set()
        for item_id, cents in given.items():
            item = self.items[item_id]
            in_books = compute_confirmed(item, cents) if confirmed is None else confirmed[item_id]
            settled[item_id] = in_books
            owners.add(item.debtor_id)
            left = item.unseen_cents - cents
            in_books_left = item.in_books_cents + in_books
            self.items[item_id] = ItemForBank(*item[:8], left, in_books_left, item.books_as_of)
            self.book.open_cents[item_id] = left
        return Booking(outcome.payment, proposal, frozenset(owners), settled)


def _list_stale(outcomes: Sequence[Outcome]) -> set[UUID]:
    """The lines with a proposal for an item that a payment after them paid."""
    paid: set[UUID] = set()
    found = set()
    for one in reversed(outcomes):
        if one.is_sure:
            paid.update(item_id for item_id, _ in one.proposals[0].parts)
        elif paid and any(item_id in paid for told in one.proposals for item_id, _ in told.parts):
            found.add(one.payment.line_id)
    return found


def _make_known(reading: Reading, owners: Iterable[tuple[str, UUID]]) -> Known:
    """Accounts of these payments with their owners, and our own references."""
    ibans: dict[str, list[UUID]] = {}
    for iban, debtor_id in owners:
        ibans.setdefault(iban, []).append(debtor_id)
    return make_known(ibans, reading.asked, reading.requests)


def _unseen(item: ItemForBank) -> int:
    return item.unseen_cents


def _balance(item: ItemForBank) -> int:
    return item.unseen_cents + item.in_books_cents


def _leave_out(payments: Sequence[Payment], found: Sequence[Booking]) -> list[Payment]:
    gone = {one.payment.line_id for one in found}
    return [payment for payment in payments if payment.line_id not in gone]


def _as_open(item: ItemForBank, cents: int) -> OpenItem:
    item_id, debtor_id, number, issued_on, due_on, order, discount, until, _, in_books, _ = item
    is_exact = in_books != 0
    # Past the lambda that a named tuple is made by: hundreds of thousands are made.
    return tuple.__new__(
        OpenItem,
        (item_id, debtor_id, number, cents, issued_on, due_on, order, discount, until, is_exact),
    )
