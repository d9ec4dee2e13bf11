"""Verjaring and Btw terug: which invoices stand there, with what day, and the file to take away."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from tests.integration.books import (
    Listed,
    make_list,
    make_payment,
    make_statement,
    run_on,
    take,
)
from tests.integration.office import at, make_debtor, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.banking.actions.deciding import split, undo
from tijdig.banking.models import BankLine
from tijdig.cases.actions import plans
from tijdig.core.law.vat_refund import compute_period
from tijdig.dunning.models import Notice
from tijdig.dunning.queries.limitation_list import count_near_limitation, list_limitations
from tijdig.intake.records import Party
from tijdig.ledger.models import Invoice, OpenItem
from tijdig.ledger.queries.vat_refunds import list_late_receipts, list_unpaid_years
from tijdig.messaging.models import Message
from tijdig.tenants.ids import new_id
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

TODAY = date(2026, 11, 25)
QUARTER = compute_period(TODAY, filing="quarter")


def make_business() -> Party:
    party = make_debtor("2001", name="Groothandel Voorbeeld")
    return replace(party, kind="business", kvk_number="12345678")


def take_invoice(
    administration: UUID, number: str, due_on: date, *, debtor: Party | None = None
) -> None:
    """An invoice that fell due long ago and was never paid."""
    record = make_record(number, due_on=due_on, issued_on=due_on, debtor=debtor)
    take_in(administration, record, today=due_on)


def found(administration: UUID, tab: Any, today: date = TODAY) -> list[tuple[str, date, int]]:
    """Number, last day and warning of each invoice on a tab."""
    with administration_scope(administration):
        rows = list_limitations(tab=tab, today=today)
    return [(row.invoice_number, row.ends_on, row.warning_days) for row in rows]


def test_a_consumers_invoice_warns_at_180_and_60_days_and_then_is_over(
    administration: UUID,
) -> None:
    take_invoice(administration, "A", date(2024, 12, 1))
    ends_on = date(2026, 12, 1)
    assert found(administration, "soon", date(2026, 6, 3)) == []
    assert found(administration, "soon", date(2026, 6, 4)) == [("A", ends_on, 180)]
    assert found(administration, "soon", date(2026, 10, 2)) == [("A", ends_on, 60)]
    assert found(administration, "soon", ends_on) == [("A", ends_on, 60)]
    assert found(administration, "soon", date(2026, 12, 2)) == []
    assert found(administration, "over", ends_on) == []
    assert found(administration, "over", date(2026, 12, 2)) == [("A", ends_on, 0)]
    with administration_scope(administration):
        assert count_near_limitation(today=date(2026, 10, 2)) == 1


def test_a_business_has_five_years(administration: UUID) -> None:
    debtor = make_business()
    take_invoice(administration, "old", date(2021, 12, 1), debtor=debtor)
    take_invoice(administration, "new", date(2024, 12, 1), debtor=debtor)
    assert found(administration, "soon") == [("old", date(2026, 12, 1), 60)]


def test_what_was_paid_does_not_end(administration: UUID) -> None:
    take(administration, make_list(Listed("A", 0, due_on=date(2024, 12, 1))))
    assert found(administration, "soon") == []


@pytest.mark.parametrize(
    ("proof", "void", "ends_on"),
    [
        ("post", "", date(2027, 1, 10)),
        ("person", "", date(2027, 1, 10)),
        ("accepted", "", date(2026, 12, 1)),
        ("post", "came_back", date(2026, 12, 1)),
    ],
)
def test_a_letter_that_arrived_gives_a_new_term_and_no_other(
    administration: UUID, proof: str, void: str, ends_on: date
) -> None:
    take_invoice(administration, "A", date(2024, 12, 1))
    write_notice(administration, date(2025, 1, 10), proof=proof, void=void)
    assert [row[1] for row in found(administration, "soon")] == [ends_on]


def test_what_the_creditor_sells_to_consumers_gives_their_term(administration: UUID) -> None:
    take_invoice(administration, "A", date(2024, 12, 1))
    take_invoice(administration, "B", date(2021, 12, 1))
    assert found(administration, "soon") == [("A", date(2026, 12, 1), 60)]
    assert found(administration, "over") == [("B", date(2023, 12, 1), 0)]
    for sells in ("services", "periodic"):
        with administration_scope(administration):
            Administration.objects.filter(id=administration).update(consumer_claims=sells)
        assert found(administration, "soon") == [("B", date(2026, 12, 1), 60)]
        assert found(administration, "over") == []


def pay_part(administration: UUID, number: str, day: date) -> None:
    """A part of € 20,00 that a person put on the invoice."""
    payment = make_payment(2_000, f"deel van {number}", on=day)
    take(administration, make_statement(payment, name=f"deel-{number}"), day=day)
    with administration_scope(administration):
        split(
            BankLine.objects.get(cents=2_000, booked_on=day).id,
            [(Invoice.objects.get(number=number).open_item_id, 2_000)],
            round_off=False,
            remember=False,
            asked=(),
            today=day,
            now=at(day),
            actor="test",
        )


def test_a_part_payment_counts_once_the_day_of_the_letters_is_over(administration: UUID) -> None:
    take_invoice(administration, "A", date(2024, 12, 1))
    pay_part(administration, "A", date(2025, 3, 1))
    assert found(administration, "soon") == [("A", date(2026, 12, 1), 60)]
    with administration_scope(administration):
        (row,) = list_limitations(tab="soon", today=TODAY)
        assert row.acknowledged_until == date(2027, 3, 1)
        (later,) = list_limitations(tab="soon", today=date(2026, 12, 2))
    assert not any("Bewijs" in one.nl for one in row.because)
    assert later.because[-1].nl == (
        "Bewijs: het bankafschrift met een deelbetaling van € 20,00 op 1 maart 2025 (BW 3:318)."
    )
    assert found(administration, "soon", date(2026, 12, 2)) == [("A", date(2027, 3, 1), 180)]
    assert found(administration, "over", date(2026, 12, 2)) == []
    assert found(administration, "over", date(2027, 3, 2)) == [("A", date(2027, 3, 1), 0)]


def agree_plan(administration: UUID, number: str, day: date) -> UUID:
    """A plan in three terms that the debtor agreed on this day, recorded by Sanne."""
    with administration_scope(administration):
        invoice = Invoice.objects.get(number=number)
        return plans.agree(
            debtor_id=invoice.open_item.debtor_id,
            invoice_ids=[invoice.id],
            count=3,
            first_on=day + timedelta(days=30),
            today=day,
            now=at(day),
            actor="Sanne",
        )


def test_a_plan_that_was_agreed_gives_a_new_term_from_that_day_with_its_proof(
    administration: UUID,
) -> None:
    take_invoice(administration, "A", date(2024, 12, 1))
    assert found(administration, "soon") == [("A", date(2026, 12, 1), 60)]
    agree_plan(administration, "A", date(2025, 6, 1))
    assert found(administration, "soon") == []
    assert found(administration, "soon", date(2026, 12, 3)) == [("A", date(2027, 6, 1), 180)]
    assert found(administration, "over", date(2026, 12, 3)) == []
    assert found(administration, "over", date(2027, 6, 2)) == [("A", date(2027, 6, 1), 0)]
    with administration_scope(administration):
        (row,) = list_limitations(tab="soon", today=date(2026, 12, 3))
    assert row.acknowledged_until is None
    assert [one.nl for one in row.because[-2:]] == [
        "Erkend op 1 juni 2025: tot en met 1 juni 2027 (BW 3:318-319).",
        (
            "Bewijs: de betalingsregeling van 1 juni 2025 over € 121,00, vastgelegd door Sanne"
            " (BW 3:318)."
        ),
    ]


def test_a_plan_after_the_end_and_one_taken_back_at_once_renew_nothing(
    administration: UUID,
) -> None:
    take_invoice(administration, "A", date(2024, 12, 1))
    take_invoice(administration, "B", date(2024, 12, 2))
    agree_plan(administration, "A", date(2026, 12, 2))
    plan_id = agree_plan(administration, "B", date(2026, 6, 1))
    with administration_scope(administration):
        day = date(2026, 6, 1)
        plans.end(plan_id, because="Vergissing", today=day, now=at(day), actor="Sanne")
    over = found(administration, "over", date(2026, 12, 4))
    assert sorted(over) == [("A", date(2026, 12, 1), 0), ("B", date(2026, 12, 2), 0)]


def test_a_part_payment_that_was_undone_acknowledges_nothing(administration: UUID) -> None:
    take_invoice(administration, "A", date(2024, 12, 1))
    pay_part(administration, "A", date(2025, 3, 1))
    with administration_scope(administration):
        line = BankLine.objects.get(cents=2_000)
        undo(line.id, asked=(), today=date(2025, 3, 3), now=at(date(2025, 3, 3)), actor="test")
        (row,) = list_limitations(tab="soon", today=TODAY)
        assert row.acknowledged_until is None


def test_an_old_invoice_that_a_letter_renewed_is_on_the_list(administration: UUID) -> None:
    take_invoice(administration, "A", date(2022, 1, 3))
    write_notice(administration, date(2023, 5, 1))
    write_notice(administration, date(2025, 2, 1), kind="ingebrekestelling")
    assert found(administration, "soon") == [("A", date(2027, 2, 1), 180)]
    assert found(administration, "over") == []


def test_the_lists_are_pages_and_vandaag_says_so(administration: UUID) -> None:
    take_invoice(administration, "F-1", date(2024, 12, 1), debtor=make_debtor(name="=Klant"))
    client, slug = sign_in(make_person(administration)), slug_of(administration)
    with administration_scope(administration):
        soon = count_near_limitation(today=TODAY)
    page = client.get(reverse("limitation", kwargs={"slug": slug}), {"tab": "over"})
    assert (page.status_code, soon) == (200, 1)
    page = client.get(reverse("vat-refunds", kwargs={"slug": slug}), {"dag": "2025-12-01"})
    assert page.status_code == 200
    assert "F-1" in page.content.decode()
    file = client.get(reverse("vat-refunds-csv", kwargs={"slug": slug}), {"dag": "2025-12-01"})
    assert file["Content-Disposition"] == f'attachment; filename="btw-terug-{slug}-2025-Q4.csv"'
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["Factuur"], row["Naam"], row["Toen open, met btw"]) for row in rows] == [
        ("F-1", "'=Klant", "121,00")
    ]
    assert [row["Btw van de factuur"] for row in rows] == ["onbekend"]


def test_invoices_that_reach_a_year_in_the_period_stand_there_with_what_was_open_then(
    administration: UUID,
) -> None:
    take(
        administration,
        make_list(
            Listed("2024-0009", 5_000, due_on=date(2024, 12, 31)),
            Listed("2025-0007", 5_000, due_on=date(2025, 12, 1)),
            Listed("2025-0001", 12_100, due_on=date(2025, 9, 30)),
            Listed("2025-0002", 12_100, due_on=date(2025, 10, 1)),
            Listed("2025-0003", 12_100, due_on=date(2025, 11, 15)),
            Listed("2025-0004", 12_100, due_on=date(2025, 12, 31)),
            Listed("2025-0005", 12_100, due_on=date(2026, 1, 1)),
            Listed("2025-0006", 12_100, due_on=date(2025, 11, 15)),
        ),
        make_statement(
            make_payment(12_100, "2025-0006", on=date(2026, 11, 15)),
            make_payment(12_100, "2025-0002", on=date(2026, 11, 20)),
        ),
        day=date(2026, 11, 24),
    )
    with administration_scope(administration):
        unpaid = [
            (one.invoice_number, one.year_over_on, one.open_cents, one.later_cents)
            for one in list_unpaid_years(QUARTER)
        ]
        receipts = [
            (one.invoice_number, one.kind, one.cents) for one in list_late_receipts(QUARTER)
        ]
    assert unpaid == [
        ("2025-0002", date(2026, 10, 1), 12_100, 12_100),
        ("2025-0003", date(2026, 11, 15), 12_100, 0),
        ("2025-0007", date(2026, 12, 1), 5_000, 0),
        ("2025-0004", date(2026, 12, 31), 12_100, 0),
    ]
    assert receipts == [("2025-0002", "paid", 12_100)]


def write_notice(
    administration: UUID,
    received_on: date,
    *,
    kind: str = "interruption",
    proof: str = "post",
    void: str = "",
) -> None:
    """What a message about the only invoice there is meant in law, once it has arrived."""
    if kind == "interruption":
        run_on(administration, date(2025, 1, 6))
    with administration_scope(administration):
        item, message = OpenItem.objects.get(), Message.objects.get()
        Notice.objects.create(
            id=new_id(),
            administration_id=administration,
            debtor_id=item.debtor_id,
            open_item=item,
            message=message,
            kind=kind,
            amount_cents=12_100,
            sent_on=received_on,
            received_on=received_on,
            proof=proof,
            void_because=void,
            voided_on=received_on if void else None,
        )
