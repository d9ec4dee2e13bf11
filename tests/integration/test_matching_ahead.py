"""What is read before the last bookings are written is what would be read after."""

from datetime import timedelta
from uuid import UUID

from tests.integration.books import check_book
from tests.integration.office import at, make_debtor, make_record, take_in
from tests.integration.test_imputation import PAID_ON, make_owing

from tijdig.banking.actions.ahead import Ahead, Booking
from tijdig.banking.actions.bookings import compute_confirmed, lay_out, prepare, write
from tijdig.core.matching.records import Payment, Proposal
from tijdig.ledger.actions.posting import NewEntry, post
from tijdig.ledger.models import ClaimLine, Debtor, Invoice
from tijdig.ledger.queries.for_matching import ItemForBank, load_items, load_items_of, load_owners
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import administration_scope

TODAY = PAID_ON + timedelta(days=1)
OVERPAID, IN_BOOKS, LEFT_OPEN, DEDUCTED = "2026-0500", "2026-0600", "2026-0700", "C2026-0800"
IBAN, KNOWN_IBAN = "NL20INGB0001234567", "NL02ABNA0123456789"


def make_book() -> UUID:
    """An invoice with costs beside it; of another debtor four, of which the books settled one."""
    administration = make_owing()
    other = make_debtor("2001", name="Garage De Bocht", email="g@example.nl")
    take_in(
        administration,
        make_record(OVERPAID, debtor=other),
        make_record(IN_BOOKS, debtor=other),
        make_record(LEFT_OPEN, debtor=other),
        make_record(DEDUCTED, cents=-1_000, debtor=other),
    )
    with administration_scope(administration):
        item_id = Invoice.objects.get(number=IN_BOOKS).open_item_id
        settled = NewEntry(item_id, "settled_in_books", -10_000, PAID_ON, "list", new_id())
        post([settled], today=TODAY, now=at(TODAY))
    return administration


def make_booking(
    items: dict[str, ItemForBank], given: dict[str, int], *, rest_cents: int = 0, iban: str = IBAN
) -> Booking:
    """A payment of these cents on these invoices, and too much by the rest."""
    parts = tuple((items[number].item_id, cents) for number, cents in given.items())
    cents = sum(given.values()) + rest_cents
    payment = Payment(new_id(), PAID_ON, f"{cents}", cents, "", "", iban)
    debtor_id = items[next(iter(given))].debtor_id
    confirmed = {items[one].item_id: compute_confirmed(items[one], given[one]) for one in given}
    proposal = Proposal(debtor_id, parts, 999_999, "exact", rest_cents=rest_cents)
    return Booking(payment, proposal, frozenset({debtor_id}), confirmed)


def test_the_ledger_ahead_is_the_ledger_once_written(database: None) -> None:
    administration = make_book()
    with administration_scope(administration):
        debtor_ids = set(Debtor.objects.values_list("id", flat=True))
        invoices = dict(Invoice.objects.values_list("open_item_id", "number"))
        item_ids = {*invoices, ClaimLine.objects.get().open_item_id}
        before = load_items(item_ids)
        items = {invoices[one.item_id]: one for one in before if one.item_id in invoices}
        assert items[IN_BOOKS].in_books_cents == -10_000
        coming = prepare(
            [
                make_booking(items, {"2026-0412": 12_100}, iban=KNOWN_IBAN),
                make_booking(items, {OVERPAID: 12_100, DEDUCTED: -1_000}, rest_cents=500),
                make_booking(items, {IN_BOOKS: 12_100}),
            ]
        )
        ahead = Ahead(coming)
        found = sorted(ahead.list_open(load_items_of(debtor_ids), debtor_ids))
        found_by_id = sorted(map(ahead.settle, load_items(item_ids)))
        ibans = {IBAN, KNOWN_IBAN, "NL00NONE0000000000"}
        found_owners = {*load_owners(ibans), *ahead.list_owners(ibans)}
        assert load_owners(ibans) == []

        write(lay_out(coming), today=TODAY, now=at(TODAY), actor="test")

        assert found == sorted(load_items_of(debtor_ids))
        assert found_by_id == sorted(load_items(item_ids))
        assert found_owners == set(load_owners(ibans))
        assert len(found_owners) == 2
        # The costs were paid first, so that as much is open on the invoice; and the rest is kept.
        still_open = {invoices.get(one.item_id, ""): one.unseen_cents for one in found}
        assert still_open == {"2026-0412": 4_000, LEFT_OPEN: 12_100, "": -500}
        assert prepare([]) == prepare(())
        nothing = Ahead(prepare([]))
        assert sorted(nothing.list_open(load_items_of(debtor_ids), debtor_ids)) == found
        check_book(administration)


def test_accounts_that_were_read_are_not_looked_up_again(database: None) -> None:
    with administration_scope(make_book()):
        invoices = dict(Invoice.objects.values_list("open_item_id", "number"))
        items = {invoices[one.item_id]: one for one in load_items(set(invoices))}
        booking = make_booking(items, {OVERPAID: 12_100})
        debtor_id, line_id = items[OVERPAID].debtor_id, booking.payment.line_id
        assert prepare([booking]).ibans == [(IBAN, debtor_id, line_id)]
        assert prepare([booking], owners=[(IBAN, debtor_id)]).ibans == []
        assert prepare([booking], owners=[(KNOWN_IBAN, debtor_id)]).ibans == [
            (IBAN, debtor_id, line_id)
        ]
        write(lay_out(prepare([booking])), today=TODAY, now=at(TODAY), actor="test")
        assert prepare([booking]).ibans == []
