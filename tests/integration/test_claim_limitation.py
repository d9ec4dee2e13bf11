"""Costs and interest that soon cannot be enforced: on the list, with what renewed them."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from tests.integration.books import balances, make_payment, make_statement, take
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_consumer_costs import DEMAND_ON, DUE_ON, live, make_pupil, make_school
from tests.integration.test_interruptions import keep

from tijdig.banking.actions.deciding import split
from tijdig.banking.models import BankLine
from tijdig.core.claim_lines import CalculationLine, NewClaim
from tijdig.core.problem import Refusal, Sentence
from tijdig.dunning.actions.interruptions import ToldAct, withdraw_interruption
from tijdig.dunning.queries.claim_ends import load_claim_ends
from tijdig.dunning.queries.limitation_list import count_near_limitation, list_limitations
from tijdig.ledger.actions.claims import book_claims, waive
from tijdig.ledger.models import ClaimLine, Debtor, Invoice
from tijdig.tenants.scope import administration_scope

# Two years after the last demand was received.
ENDS_ON = date(2028, 4, 16)
FIRST_DEMAND, SECOND_DEMAND = date(2028, 4, 1), date(2030, 3, 1)


@pytest.fixture
def school(database: None) -> UUID:
    """A school whose consumer owes € 121,00 and costs of € 40,00 since 14 April 2026."""
    administration = make_school(imputation="principal_first")
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), DEMAND_ON)
    return administration


def listed(school: UUID, tab: str, today: date) -> list[tuple[str, str, date, int, int | None]]:
    with administration_scope(school):
        rows = list_limitations(tab=tab, today=today)  # type: ignore[arg-type]
        if tab == "soon":
            assert count_near_limitation(today=today) == len(rows)
    return [
        (row.invoice_number, row.claim, row.ends_on, row.open_cents, row.warning_days)
        for row in rows
    ]


def test_costs_warn_at_180_and_60_days_and_then_are_over(school: UUID) -> None:
    soon, last = ENDS_ON - timedelta(days=180), ENDS_ON - timedelta(days=60)
    assert listed(school, "soon", soon - timedelta(days=1)) == []
    for day, warning in ((soon, 180), (last, 60), (ENDS_ON, 60)):
        assert listed(school, "soon", day) == [
            ("2026-0412", "", ENDS_ON, 12_100, warning),
            ("2026-0412", "costs", ENDS_ON, 4_000, warning),
        ]
        assert listed(school, "over", day) == []
    after = ENDS_ON + timedelta(days=1)
    assert listed(school, "soon", after) == []
    assert listed(school, "over", after) == [
        ("2026-0412", "costs", ENDS_ON, 4_000, 0),
        ("2026-0412", "", ENDS_ON, 12_100, 0),
    ]


def pay_the_invoice(school: UUID) -> None:
    """All of it and nothing of the costs: this school has the principal paid first."""
    day = DEMAND_ON + timedelta(days=1)
    payment = make_payment(12_100, "iets", on=day, iban="NL20INGB0001234567")
    take(school, make_statement(payment, name="P"), day=day)
    with administration_scope(school):
        split(
            BankLine.objects.get(cents=12_100).id,
            ((Invoice.objects.get().open_item_id, 12_100),),
            round_off=False,
            remember=False,
            asked=(),
            today=day,
            now=at(day),
            actor="test",
        )
    assert balances(school) == {"2026-0412": 0}


def test_costs_warn_too_where_their_invoice_was_paid(school: UUID) -> None:
    pay_the_invoice(school)
    assert listed(school, "soon", ENDS_ON) == [("2026-0412", "costs", ENDS_ON, 4_000, 60)]


def test_an_act_is_recorded_over_a_paid_invoice_while_its_costs_are_open(school: UUID) -> None:
    pay_the_invoice(school)
    client, slug = sign_in(make_person(school)), slug_of(school)
    page = client.get(reverse("new-interruption", kwargs={"slug": slug, "number": "1001"}))
    assert 'name="invoices" value="2026-0412" checked' in page.content.decode()
    keep(school, ToldAct("demand", FIRST_DEMAND, "3S-1"), "2026-0412", today=FIRST_DEMAND)
    renewed = date(2030, 4, 1)
    assert listed(school, "soon", renewed) == [("2026-0412", "costs", renewed, 4_000, 60)]
    with administration_scope(school):
        line_id = ClaimLine.objects.get().id
        told = {"today": FIRST_DEMAND, "now": at(FIRST_DEMAND), "actor": "Sanne"}
        waive(line_id, because="Uit coulance", **told)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="nog open zijn"):
        keep(school, ToldAct("demand", SECOND_DEMAND, "3S-2"), "2026-0412", today=SECOND_DEMAND)


def test_what_is_recorded_over_the_invoice_renews_its_costs_with_the_proof(school: UUID) -> None:
    own_ends_on = date(2031, 4, 14)
    keep(school, ToldAct("demand", FIRST_DEMAND, "3S-1"), "2026-0412", today=FIRST_DEMAND)
    told = ToldAct("acknowledgement", SECOND_DEMAND, "mail van de klant")
    second = keep(school, told, "2026-0412", today=SECOND_DEMAND)
    # The invoice has two years from 1 March 2030; its costs five, so they end with it.
    ends_on = date(2032, 3, 1)
    assert listed(school, "soon", own_ends_on) == []
    assert [row[1:3] for row in listed(school, "soon", ends_on)] == [
        ("", ends_on),
        ("costs", ends_on),
    ]
    with administration_scope(school):
        (end,) = load_claim_ends(Debtor.objects.get().id, today=ends_on).values()
        (_, row) = list_limitations(tab="soon", today=ends_on)
    assert [one.nl for one in end.because] == [
        (
            "Vergoeding van schade, ook incassokosten: 5 jaar vanaf 14 april 2026, dus tot en met"
            " 14 april 2031 (BW 3:310 lid 1)."
        ),
        "Gestuit op 1 april 2028: tot en met 1 april 2033 (BW 3:319).",
        "Erkend op 1 maart 2030: tot en met 1 maart 2035 (BW 3:318-319).",
        (
            "De factuur verjaart al na 1 maart 2032, en wat erbij komt nooit later: tot en met"
            " 1 maart 2032 (BW 3:312)."
        ),
        *(one.said.nl for one in row.proofs),
    ]
    assert [one.said.nl for one in row.proofs] == [
        (
            "1 april 2028: schriftelijke aanmaning, of brief waarin u uw recht op nakoming"
            " voorbehoudt (BW 3:317 lid 1). Bewijs: 3S-1, vastgelegd door Sanne."
        ),
        (
            "1 maart 2030: erkenning door de klant (BW 3:318). Bewijs: mail van de klant,"
            " vastgelegd door Sanne."
        ),
    ]
    with administration_scope(school):
        today = SECOND_DEMAND
        withdraw_interruption(
            second, because="Vergissing", today=today, now=at(today), actor="Sanne"
        )
    assert [row[1:3] for row in listed(school, "over", ends_on)] == [
        ("costs", date(2030, 4, 1)),
        ("", date(2030, 4, 1)),
    ]


def test_the_page_names_the_costs_with_their_invoice_and_how_the_day_was_found(
    administration: UUID,
) -> None:
    due_on = date(2024, 1, 10)
    take_in(administration, make_record("F-1", issued_on=due_on, due_on=due_on), today=due_on)
    with administration_scope(administration):
        item = Invoice.objects.get().open_item
        costs = NewClaim(
            item.debtor_id,
            "costs",
            4_000,
            "BW 6:96",
            (CalculationLine(Sentence("Kosten", "Costs"), 4_000),),
            ((item.id, 12_100),),
            date(2024, 3, 1),
        )
        book_claims((costs,), today=costs.claimed_on, now=at(costs.claimed_on), actor="test")
    client, slug = sign_in(make_person(administration)), slug_of(administration)
    page = client.get(reverse("limitation", kwargs={"slug": slug}), {"tab": "over"})
    body = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    first, second = body.split("</tr>")[:2]
    assert ("Incassokosten" in first, "Incassokosten" in second) == (True, False)
    assert "verschuldigd vanaf 01-03-2024" in first
    assert "De factuur verjaart al na 10 januari 2026" in first
    assert "te betalen tot en met 10-01-2024" in second
