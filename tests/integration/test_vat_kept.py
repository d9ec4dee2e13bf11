"""The VAT of an invoice, from the file to the page Btw terug; unknown stays unknown."""

import csv
import io
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.urls import reverse
from tests.integration.books import make_payment, make_statement
from tests.integration.office import at, make_administration, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.plugs.ubl_samples import make_ubl

from tijdig.banking.actions.deciding import split, undo
from tijdig.banking.models import BankLine
from tijdig.core.law.vat_refund import compute_period
from tijdig.ledger.models import Invoice
from tijdig.ledger.queries.vat_refunds import list_late_receipts, list_unpaid_years
from tijdig.tenants.scope import administration_scope
from tijdig.web.receiving import Received, receive

DAY = date(2024, 9, 2)
LIST = """Debiteurnr;Naam;Factuurnr;Factuurdatum;Vervaldatum;Factuurbedrag;Openstaand;{header}
1001;Café Voorbeeld;2026-001;01-03-2026;15-03-2026;121,00;121,00;{first}
1001;Café Voorbeeld;2026-002;01-03-2026;15-03-2026;109,00;109,00;{second}
"""


@pytest.fixture
def administration(database: None) -> UUID:
    return make_administration()


def bring(administration: UUID, *contents: bytes, day: date = DAY) -> None:
    files = [Received(f"bestand-{n}", content) for n, content in enumerate(contents)]
    with administration_scope(administration):
        receipt = receive(files, today=day, now=at(day), actor="test")
    assert receipt.is_clean, receipt


def known(administration: UUID) -> dict[str, int | None]:
    with administration_scope(administration):
        return dict(Invoice.objects.order_by("number").values_list("number", "vat_cents"))


def make_old(number: str, *, tax: str = "21.00") -> bytes:
    return make_ubl(number=number, issued_on="2024-09-01", due_on="2024-10-01", tax=tax)


def pay(administration: UUID, cents: int, number: str, day: date) -> None:
    """A part, put on the invoice by a person."""
    payment = make_payment(cents, f"deel {day}", on=day)
    bring(administration, make_statement(payment, name=f"{number}-{day}"), day=day)
    with administration_scope(administration):
        split(
            BankLine.objects.get(booked_on=day).id,
            [(Invoice.objects.get(number=number).open_item_id, cents)],
            round_off=False,
            remember=False,
            asked=(),
            today=day,
            now=at(day),
            actor="test",
        )


def test_a_ubl_invoice_brings_its_vat_and_a_credit_note_too(administration: UUID) -> None:
    credit = make_ubl(root="CreditNote", number="C-1")
    bring(administration, make_ubl(number="F-1"), make_ubl(number="F-2", tax=""), credit)
    assert known(administration) == {"C-1": -2_100, "F-1": 2_100, "F-2": None}


@pytest.mark.parametrize(
    ("header", "first", "second", "kept"),
    [
        ("Btw-bedrag", "21,00", "9,00", (2_100, 900)),
        ("Btw-bedrag", "21,00", "", (2_100, None)),
        ("Btw-bedrag", "21,00", "95,00", (2_100, None)),
        ("Btw", "9", "6", (None, None)),
        ("Btw", "21", "9", (2_100, 900)),
        ("Notitie", "21,00", "9,00", (None, None)),
    ],
)
def test_a_list_brings_vat_where_a_column_states_amounts(
    administration: UUID, header: str, first: str, second: str, kept: tuple[int | None, ...]
) -> None:
    text = LIST.format(header=header, first=first, second=second)
    bring(administration, text.encode(), day=date(2026, 3, 20))
    assert tuple(known(administration).values()) == kept


def test_a_later_file_fills_in_the_vat_of_an_old_import(administration: UUID) -> None:
    bring(administration, make_old("F-1", tax=""))
    assert known(administration) == {"F-1": None}
    bring(administration, make_old("F-1"))
    assert known(administration) == {"F-1": 2_100}


def test_the_refund_is_in_proportion_and_all_receipts_give_back_exactly_that(
    administration: UUID,
) -> None:
    bring(administration, make_old("F-1"))
    # Open one year after 1 October 2024: all of € 121,00. Then it comes in three parts.
    for cents, day in ((3_333, date(2026, 1, 5)), (3_333, date(2026, 1, 6))):
        pay(administration, cents, "F-1", day)
    pay(administration, 5_434, "F-1", date(2026, 1, 7))
    with administration_scope(administration):
        (row,) = list_unpaid_years(compute_period(date(2025, 10, 1), filing="quarter"))
        assert (row.vat_cents, row.refund_cents, row.later_cents) == (2_100, 2_100, 12_100)
        receipts = list_late_receipts(compute_period(date(2026, 1, 1), filing="quarter"))
    assert [one.owed_cents for one in receipts] == [578, 579, 943]


def list_open(*numbers: str) -> bytes:
    """The books' list of what is open: each of € 121,00, due on 1 October 2024."""
    head = "Debiteurnr;Naam;Factuurnr;Factuurdatum;Vervaldatum;Factuurbedrag;Openstaand;Btw-bedrag"
    rows = [
        f"1001;Café Voorbeeld;{one};01-09-2024;01-10-2024;121,00;121,00;21,00" for one in numbers
    ]
    return "\n".join([head, *rows, ""]).encode()


def receipts_of(administration: UUID, day: date) -> list[tuple[date, str, int, int | None]]:
    with administration_scope(administration):
        found = list_late_receipts(compute_period(day, filing="quarter"))
    return [(one.received_on, one.kind, one.cents, one.owed_cents) for one in found]


Q4, NEXT = date(2025, 10, 1), date(2026, 1, 1)


@pytest.mark.parametrize(
    ("cents", "shown", "left"),
    [
        (12_100, [(date(2025, 12, 30), "paid", 12_100, 2_100)], []),
        (
            5_000,
            [(date(2025, 12, 30), "paid", 5_000, 868)],
            [(date(2026, 1, 5), "settled_in_books", 7_100, 1_232)],
        ),
    ],
)
def test_what_the_bank_confirms_is_one_receipt_on_the_day_of_the_bank(
    administration: UUID, cents: int, shown: list[object], left: list[object]
) -> None:
    """The books settled it in the new year; the statement says that it came before."""
    bring(administration, list_open("F-1", "F-2"))
    bring(administration, list_open("F-2"), day=date(2026, 1, 5))
    assert receipts_of(administration, NEXT) == [
        (date(2026, 1, 5), "settled_in_books", 12_100, 2_100)
    ]
    pay(administration, cents, "F-1", date(2025, 12, 30))
    assert receipts_of(administration, Q4) == shown
    assert receipts_of(administration, NEXT) == left
    with administration_scope(administration):
        (first, _) = list_unpaid_years(compute_period(Q4, filing="quarter"))
        assert (first.open_cents, first.later_cents) == (12_100, 12_100)
        line = BankLine.objects.get()
        undo(line.id, asked=(), today=date(2026, 1, 8), now=at(date(2026, 1, 8)), actor="test")
    assert receipts_of(administration, Q4) == []
    assert receipts_of(administration, NEXT) == [
        (date(2026, 1, 5), "settled_in_books", 12_100, 2_100)
    ]


def test_what_was_settled_before_these_books_is_late_where_the_bank_says_so(
    administration: UUID,
) -> None:
    """Settled at the first import it has no day, and counts as early; the bank's day is known."""
    text = list_open("F-1").replace(b"121,00;121,00;21,00", b"121,00;60,00;21,00")
    bring(administration, text, day=date(2026, 1, 5))
    with administration_scope(administration):
        (row,) = list_unpaid_years(compute_period(Q4, filing="quarter"))
        assert row.open_cents == 6_000
    pay(administration, 12_100, "F-1", date(2025, 12, 30))
    assert receipts_of(administration, Q4) == [(date(2025, 12, 30), "paid", 12_100, 2_100)]
    with administration_scope(administration):
        (row,) = list_unpaid_years(compute_period(Q4, filing="quarter"))
        assert row.open_cents == 12_100


def test_page_and_file_say_what_is_known_and_what_is_not(administration: UUID) -> None:
    bring(administration, make_old("F-1"), make_old("F-2", tax=""))
    client, slug = sign_in(make_person(administration)), slug_of(administration)
    asked = {"dag": "2025-10-01"}
    page = client.get(reverse("vat-refunds", kwargs={"slug": slug}), asked).content.decode()
    assert "Van 1 factuur is de btw onbekend" in page
    assert "€\N{NO-BREAK SPACE}21,00<small>zonder wat onbekend is</small>" in page
    file = client.get(reverse("vat-refunds-csv", kwargs={"slug": slug}), asked)
    rows = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";")
    assert {row["Factuur"]: row["Btw terugvragen of weer betalen"] for row in rows} == {
        "F-1": "21,00",
        "F-2": "onbekend",
    }


def test_the_sum_of_what_nobody_knows_is_unknown_and_no_nil(administration: UUID) -> None:
    bring(administration, make_old("F-2", tax=""))
    client, slug = sign_in(make_person(administration)), slug_of(administration)
    asked = {"dag": "2025-10-01"}
    page = client.get(reverse("vat-refunds", kwargs={"slug": slug}), asked).content.decode()
    foot = page.partition("<tfoot>")[2].partition("</tfoot>")[0]
    assert "onbekend" in foot
    assert "€\N{NO-BREAK SPACE}0,00" not in foot


@pytest.mark.parametrize(
    ("credit_vat", "written_on", "expected"),
    [
        # 21% over € 100,00 and 9% over € 100,00; the part of 21% was credited.
        (-2_100, date(2025, 1, 8), (10_900, 10_900, 900)),
        (None, date(2025, 1, 8), (10_900, 10_900, None)),
        # Written after the year was over: then it was open whole.
        (-2_100, date(2025, 12, 1), (23_000, 23_000, 3_000)),
    ],
)
def test_an_open_credit_note_takes_its_own_vat_off(
    administration: UUID,
    credit_vat: int | None,
    written_on: date,
    expected: tuple[int, int, int | None],
) -> None:
    invoice = make_record("F-1", cents=23_000, issued_on=DAY, due_on=date(2024, 10, 1))
    note = make_record("C-1", cents=-12_100, issued_on=written_on, due_on=written_on)
    note = replace(note, vat_cents=credit_vat, credited_number="F-1")
    take_in(administration, replace(invoice, vat_cents=3_000), today=DAY)
    take_in(administration, note, today=written_on)
    with administration_scope(administration):
        (row,) = list_unpaid_years(compute_period(Q4, filing="quarter"))
    assert (row.invoiced_cents, row.open_cents, row.refund_cents) == expected


def test_an_invoice_that_a_credit_note_covers_is_no_bad_debt(administration: UUID) -> None:
    invoice = make_record("F-1", cents=12_100, issued_on=DAY, due_on=date(2024, 10, 1))
    note = make_record("C-1", cents=-12_100, issued_on=DAY, due_on=DAY)
    take_in(administration, replace(invoice, vat_cents=2_100), today=DAY)
    take_in(administration, replace(note, vat_cents=-2_100, credited_number="F-1"), today=DAY)
    with administration_scope(administration):
        assert list_unpaid_years(compute_period(Q4, filing="quarter")) == ()


def test_what_comes_later_gives_back_no_vat_of_a_credit_note(administration: UUID) -> None:
    invoice = make_record("F-1", cents=23_000, issued_on=DAY, due_on=date(2024, 10, 1))
    note = make_record("C-1", cents=-12_100, issued_on=DAY, due_on=DAY)
    take_in(administration, replace(invoice, vat_cents=3_000), today=DAY)
    take_in(administration, replace(note, vat_cents=-2_100, credited_number="F-1"), today=DAY)
    pay(administration, 10_900, "F-1", date(2026, 1, 5))
    assert receipts_of(administration, NEXT) == [(date(2026, 1, 5), "paid", 10_900, 900)]


def take_credited(administration: UUID) -> dict[str, UUID]:
    """F-1 of € 230,00 at two rates, and C-1 that credits the part of 21%; the item of each."""
    invoice = make_record("F-1", cents=23_000, issued_on=DAY, due_on=date(2024, 10, 1))
    note = make_record("C-1", cents=-12_100, issued_on=DAY, due_on=DAY)
    take_in(administration, replace(invoice, vat_cents=3_000), today=DAY)
    take_in(administration, replace(note, vat_cents=-2_100, credited_number="F-1"), today=DAY)
    with administration_scope(administration):
        return dict(Invoice.objects.values_list("number", "open_item_id"))


def unpaid_of(administration: UUID) -> list[tuple[int, int, int | None, int]]:
    with administration_scope(administration):
        rows = list_unpaid_years(compute_period(Q4, filing="quarter"))
    return [(one.invoiced_cents, one.open_cents, one.refund_cents, one.later_cents) for one in rows]


def net(administration: UUID, cents: int, *parts: tuple[UUID, int], day: date) -> UUID:
    """A payment that a person splits over the invoice and the credit note; its line."""
    bring(administration, make_statement(make_payment(cents, "min", on=day), name="N"), day=day)
    with administration_scope(administration):
        line_id = BankLine.objects.get(booked_on=day).id
        told = {"today": day, "now": at(day), "actor": "test"}
        split(line_id, parts, round_off=False, remember=False, asked=(), **told)  # type: ignore[arg-type]
    return line_id


EARLY, LATE = date(2025, 1, 15), date(2026, 1, 5)


@pytest.mark.parametrize(
    ("day", "unpaid", "receipts"),
    [
        # € 59,00 of € 109,00 was open, with € 9,00 VAT.
        (EARLY, (10_900, 5_900, 487, 0), []),
        (LATE, (10_900, 10_900, 900, 5_000), [(LATE, "paid", 5_000, 413)]),
    ],
)
def test_a_credit_note_that_was_set_off_in_a_payment_is_no_money(
    administration: UUID, day: date, unpaid: tuple[int, ...], receipts: list[object]
) -> None:
    items = take_credited(administration)
    line_id = net(administration, 5_000, (items["F-1"], 17_100), (items["C-1"], -12_100), day=day)
    assert (unpaid_of(administration), receipts_of(administration, NEXT)) == ([unpaid], receipts)
    with administration_scope(administration):
        undo(line_id, asked=(), today=LATE, now=at(LATE), actor="test")
    assert unpaid_of(administration) == [(10_900, 10_900, 900, 0)]
    assert receipts_of(administration, NEXT) == []


@pytest.mark.parametrize("day", [EARLY, LATE])
@pytest.mark.parametrize(
    ("left", "early", "late"),
    [
        ("109,00", (10_900, 10_900, 900, 0), []),
        # With it € 50,00 was paid by the word of the books.
        ("59,00", (10_900, 5_900, 487, 0), [(LATE, "settled_in_books", 5_000, 413)]),
    ],
)
def test_a_credit_note_that_the_books_set_off_is_no_money(
    administration: UUID, day: date, left: str, early: tuple[int, ...], late: list[object]
) -> None:
    take_credited(administration)
    head = "Debiteurnr;Naam;Factuurnr;Factuurdatum;Vervaldatum;Factuurbedrag;Openstaand"
    row = f"1001;Café Voorbeeld;F-1;02-09-2024;01-10-2024;230,00;{left}"
    note = "1001;Café Voorbeeld;C-1;02-09-2024;02-09-2024;-121,00;0,00"
    bring(administration, "\n".join([head, row, note, ""]).encode(), day=day)
    paid_late = sum(cents for _, _, cents, _ in late) if day == LATE else 0  # type: ignore[misc]
    unpaid = early if day == EARLY else (10_900, 10_900, 900, paid_late)
    assert unpaid_of(administration) == [unpaid]
    assert receipts_of(administration, NEXT) == (late if day == LATE else [])


def test_a_credit_note_that_was_set_off_against_another_invoice_is_taken_off_its_own(
    administration: UUID,
) -> None:
    items = take_credited(administration)
    other = make_record("F-2", cents=12_100, issued_on=EARLY, due_on=EARLY)
    take_in(administration, other, today=EARLY)
    with administration_scope(administration):
        items["F-2"] = Invoice.objects.get(number="F-2").open_item_id
    parts = ((items["F-1"], 5_000), (items["F-2"], 12_100), (items["C-1"], -12_100))
    # F-2 first: the note goes to the first claims of the payment.
    net(administration, 5_000, parts[1], parts[0], parts[2], day=LATE)
    assert unpaid_of(administration) == [(10_900, 10_900, 900, 5_000)]
    assert receipts_of(administration, NEXT)[-1] == (LATE, "paid", 5_000, 413)


@pytest.mark.parametrize(
    ("term", "due_on", "period"),
    [
        # Written on 1 December 2024 without a day: 30 days after receipt is 1 January 2025.
        ("assumed", date(2024, 12, 31), "2026-Q1"),
        ("assumed", date(2024, 12, 15), "2026-Q1"),
        ("assumed", date(2025, 6, 1), "2026-Q1"),
        ("stated", date(2024, 12, 31), "2025-Q4"),
        ("agreed", date(2025, 6, 1), "2026-Q2"),
    ],
)
def test_without_a_day_on_the_invoice_the_year_begins_thirty_days_after_receipt(
    administration: UUID, term: str, due_on: date, period: str
) -> None:
    bring(administration, make_old("F-1"))
    with administration_scope(administration):
        Invoice.objects.update(issued_on=date(2024, 12, 1), due_on=due_on, term=term)
    pay(administration, 1_000, "F-1", date(2026, 8, 3))
    found = []
    for day in (date(2025, 11, 1), date(2026, 2, 1), date(2026, 5, 1)):
        asked = compute_period(day, filing="quarter")
        with administration_scope(administration):
            rows = list_unpaid_years(asked)
        found += [(asked.period, row.due_on, row.year_over_on) for row in rows]
    last_on = date(2025, 1, 1) if term == "assumed" else due_on
    assert found == [(period, last_on, last_on.replace(year=last_on.year + 1))]
    with administration_scope(administration):
        (receipt,) = list_late_receipts(compute_period(date(2026, 8, 3), filing="quarter"))
    assert (receipt.due_on, receipt.year_over_on) == found[0][1:]
