"""What is wrong is refused with a sentence and a place; the rest goes on, nothing half."""

from datetime import date
from uuid import UUID

import pytest
from tests.integration.books import (
    Listed,
    balances,
    entries,
    make_list,
    make_payment,
    make_statement,
    reason_of,
    run_on,
    take,
)
from tests.integration.office import at, make_debtor, make_record, take_in
from tests.plugs.ubl_samples import make_party, make_ubl

from tijdig.intake.models import Import
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import Contact, Debtor, Invoice
from tijdig.tenants.scope import administration_scope

MONDAY = date(2026, 3, 2)
GOOD = make_ubl(number="2026-0118")
A = Listed("2026-0001", 12_100)
B = Listed("2026-0002", 12_100, debtor="1002")
DOCTYPE = b'<!DOCTYPE Invoice [<!ENTITY x "y">]>\n<Invoice'


def debtors(administration: UUID) -> dict[str, tuple[str, str]]:
    with administration_scope(administration):
        rows = Contact.objects.order_by("debtor__number").values_list(
            "debtor__number", "debtor__name", "email"
        )
        return {number: (name, email) for number, name, email in rows}


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\x00\x01\x02",
        b"zomaar een brief",
        b"%PDF-1.7",
        b"<Invoice><niet",
        GOOD[: len(GOOD) // 2],
        GOOD.replace(b"<Invoice", DOCTYPE, 1),
        make_ubl(number=""),
        make_ubl(number="2026-0120", currency="XXQ"),
        make_ubl(number="2026-0120", issued_on="2026-02-31"),
        make_ubl(number="2026-0120", payable="4711.00"),
        make_list(A).replace(b"Factuurnr", b"Wat anders"),
        make_list(A).replace(b"121,00", b"1.2.3,4"),
        make_statement(make_payment(100, on=MONDAY))[:-40],
        b"PK\x03\x04 kapot",
    ],
    ids=lambda bad: repr(bad[-24:]),
)
def test_what_cannot_come_in_leaves_no_trace_and_the_rest_goes_on(
    administration: UUID, bad: bytes
) -> None:
    receipt = take(administration, bad, GOOD, bad, make_statement(make_payment(100, on=MONDAY)))
    assert not receipt.is_clean
    refused = [one for one in receipt.problems if one.severity == "refused"]
    assert {one.file for one in refused} == {"bestand-0", "bestand-2"}
    assert all(one.because.nl and one.because.en for one in refused)
    assert [one.rejected > 0 for one in receipt.files] == [True, False, True, False]
    assert (receipt.files[1].new, receipt.files[3].new_lines) == (1, 1)
    assert balances(administration) == {"2026-0118": 12_100}
    assert list(debtors(administration)) == ["10023"]
    with administration_scope(administration):
        assert Import.objects.count() == 4


def test_one_wrong_row_does_not_refuse_the_others(administration: UUID) -> None:
    mixed = make_list(A, B, Listed("2026-0003", 99_900, total_cents=99_900, debtor="1003"))
    outcome = take(administration, mixed.replace(b"999,00;999,00", b"999,00;1.2.3")).files[0]
    assert (outcome.new, outcome.rejected) == (2, 1)
    assert list(debtors(administration)) == ["1001", "1002"]


@pytest.mark.parametrize("field", ["cents", "day", "kind", "currency", "debtor"])
def test_a_known_number_with_other_contents_is_refused_whole(
    administration: UUID, field: str
) -> None:
    take_in(administration, make_record("2026-0412"), today=MONDAY)
    before = debtors(administration)
    stranger = make_debtor("2000", email="ander@example.nl", name="Iemand anders")
    changed = make_debtor("1001", email="nieuw@example.nl", name="Café Nieuwe Naam")
    other = {
        "cents": make_record("2026-0412", cents=99_900, debtor=changed),
        "day": make_record("2026-0412", issued_on=date(2026, 1, 1), debtor=changed),
        "kind": make_record("2026-0412", cents=-12_100, debtor=changed),
        "currency": make_record("2026-0412", debtor=changed),
        "debtor": make_record("2026-0412", debtor=stranger),
    }[field]
    if field == "currency":
        take(administration, make_ubl(number="2026-0500", currency="EUR"), day=MONDAY)
        before = debtors(administration)
        outcome = take(
            administration, make_ubl(number="2026-0500", currency="USD"), day=MONDAY
        ).files[0]
    else:
        outcome = take_in(administration, other, make_record("2026-0413"), today=MONDAY)
        before |= {}
        assert outcome.new == 1
    assert (outcome.rejected, outcome.changed) == (1, 0)
    assert "bestaat al" in outcome.problems[-1].because.nl
    assert debtors(administration) == before
    assert all(made[0][0] in {"invoiced", "credited"} for _, made in entries(administration))


def test_the_same_number_twice_in_one_file_is_one_invoice(administration: UUID) -> None:
    outcome = take_in(
        administration,
        make_record("2026-0412"),
        make_record("2026-0412"),
        make_record("2026-0412", cents=500),
        today=MONDAY,
    )
    assert (outcome.new, outcome.unchanged, outcome.rejected) == (1, 1, 1)
    assert balances(administration) == {"2026-0412": 12_100}


def test_a_debtor_of_unknown_kind_stays_unknown(administration: UUID) -> None:
    customer = make_party("Jan de Vries")
    take(administration, make_ubl(number="2026-0200", customer=customer), make_list(A))
    with administration_scope(administration):
        assert set(Debtor.objects.values_list("kind", flat=True)) == {"unknown"}


def test_what_a_person_typed_survives_later_files(administration: UUID) -> None:
    take(administration, make_list(A), day=MONDAY)
    with administration_scope(administration):
        change_contact(
            Debtor.objects.get().id,
            {"email": "", "phone": "0101112233"},
            today=MONDAY,
            now=at(MONDAY),
            actor="ik",
        )
    outcome = take(administration, make_list(A, B), day=date(2026, 3, 9)).files[0]
    assert outcome.unchanged == 1
    with administration_scope(administration):
        contact = Contact.objects.get(debtor__number="1001")
        assert (contact.email, contact.phone) == ("", "0101112233")


def test_a_changed_due_date_counts_and_moves_the_cadence(administration: UUID) -> None:
    take(administration, make_list(A), day=MONDAY)
    later = Listed("2026-0001", 12_100, due_on=date(2026, 4, 30))
    outcome = take(administration, make_list(later), day=date(2026, 3, 16)).files[0]
    assert (outcome.new, outcome.changed, outcome.unchanged, outcome.rejected) == (0, 1, 0, 0)
    assert run_on(administration, date(2026, 3, 19)).planned == 0
    assert reason_of(administration) == "not_due_yet"
    with administration_scope(administration):
        assert Invoice.objects.get().due_on == date(2026, 4, 30)


def test_a_term_that_was_assumed_becomes_stated(administration: UUID) -> None:
    take(administration, make_ubl(number="2026-0200", due_on=""), day=MONDAY)
    with administration_scope(administration):
        assert Invoice.objects.get().term == "assumed"
    outcome = take(administration, make_ubl(number="2026-0200", due_on="2026-10-01")).files[0]
    assert outcome.changed == 1
    with administration_scope(administration):
        assert Invoice.objects.get().term == "stated"


def test_files_are_the_same_in_any_order_and_by_any_name(administration: UUID) -> None:
    from tests.integration.office import make_administration

    files = [
        make_list(A, Listed("2026-0118", 6_000, debtor="10023")).replace(
            b"Klant 10023", b"Hotel Aan de Gracht"
        ),
        make_list(A, B),
        GOOD.replace(b"2026-09-01", b"2026-02-12").replace(b"2026-10-01", b"2026-03-14"),
        make_ubl(number="2026-0118", payable="4711.00"),
        make_statement(make_payment(12_100, "2026-0001", on=MONDAY)),
    ]
    found = []
    for order in ((0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (2, 4, 0, 3, 1)):
        books = make_administration()
        receipt = take(books, *(files[n] for n in order))
        counts = {
            n: (one.new, one.changed, one.unchanged, one.rejected, one.settled, one.new_lines)
            for n, one in zip(order, receipt.files, strict=True)
        }
        found.append((counts, balances(books), debtors(books)))
    assert found[0] == found[1] == found[2]
