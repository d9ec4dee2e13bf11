"""Money that a debtor did not assign: divided as `tijdig law allocate` divides it, to the cent."""

import io
import json
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from tests.integration.books import make_payment, make_statement, take
from tests.integration.office import at, make_debtor, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.banking.models import BankLine, Suggestion
from tijdig.core.claim_lines import CalculationLine, NewClaim
from tijdig.core.law.agreed_interest import AgreedInterest
from tijdig.core.matching.records import BY_LAW
from tijdig.core.money import format_plain
from tijdig.core.problem import Sentence
from tijdig.ledger.actions.claims import book_claims
from tijdig.ledger.actions.interest_agreements import agree_interest
from tijdig.ledger.models import ClaimLine, ClaimPart, Debtor, Entry, Invoice, OpenItem
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 6, 10)
ASKED_ON = date(2026, 5, 1)
PAYER = "NL02ABNA0123456789"
DEBTOR = replace(make_debtor("2001"), kind="business", kvk_number="27312152")


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice with the costs and interest that were asked over it, or its agreed rate."""

    number: str
    cents: int
    due_on: date = date(2026, 3, 14)
    costs: int = 0
    interest: int = 0
    rate: str = ""
    issued_on: date = date(2026, 2, 1)


MAY, APRIL, JULY = date(2026, 5, 14), date(2026, 4, 14), date(2026, 7, 14)
A, B = Owed("A", 60_000), Owed("B", 30_000)
CASES: dict[str, tuple[Sequence[Owed], Sequence[int]]] = {
    "the oldest first": ([Owed("A", 50_000, MAY), Owed("B", 50_000, APRIL)], [60_000]),
    "equals in proportion": ([A, B], [30_000]),
    "equals with an odd cent": ([A, B, Owed("C", 30_000)], [10_001]),
    "costs and interest before the principal": (
        [replace(A, costs=4_000, interest=1_234), replace(B, due_on=APRIL)],
        [50_000],
    ),
    "costs of the newer after all of the older": (
        [A, replace(B, due_on=APRIL, costs=4_000, interest=99)],
        [61_000],
    ),
    "the highest rate first": (
        [
            Owed("A", 50_000, APRIL, rate="9", issued_on=date(2026, 1, 1)),
            Owed("B", 50_000, MAY, rate="12", issued_on=date(2026, 2, 1)),
        ],
        [60_000],
    ),
    "what is not due takes nothing": ([A, replace(B, due_on=JULY)], [70_000]),
    "more than all": ([replace(A, costs=4_000), B], [100_000]),
    "in parts": ([replace(A, costs=4_000, interest=500), B], [3_000, 20_000, 41_500]),
    "only costs are covered": ([replace(A, costs=4_000, interest=800)], [4_100]),
}


def fill(administration: UUID, claims: Sequence[Owed]) -> None:
    records = [
        make_record(
            one.number, due_on=one.due_on, issued_on=one.issued_on, cents=one.cents, debtor=DEBTOR
        )
        for one in claims
    ]
    take_in(administration, *records)
    told = {"today": ASKED_ON, "now": at(ASKED_ON), "actor": "Sanne"}
    with administration_scope(administration):
        debtor_id = Debtor.objects.get(number="2001").id
        for one in claims:
            if one.rate:
                agreed = AgreedInterest(Decimal(one.rate), "year", True, "artikel 8", one.issued_on)
                agree_interest(debtor_id, agreed, **told)  # type: ignore[arg-type]
            for kind, cents in (("costs", one.costs), ("interest", one.interest)):
                ask(debtor_id, kind, cents, [one.number])


def ask(debtor_id: UUID, kind: Any, cents: int, numbers: Sequence[str]) -> None:
    """Costs or interest over these invoices."""
    if not cents:
        return
    items = Invoice.objects.filter(number__in=numbers).values_list("open_item_id", "invoiced_cents")
    claim = NewClaim(
        debtor_id=debtor_id,
        kind=kind,
        cents=cents,
        article="BW 6:96",
        calculation=(CalculationLine(Sentence("Gevraagd.", "Asked."), cents),),
        parts=tuple(items),
        claimed_on=ASKED_ON,
        from_on=ASKED_ON,
        until_on=ASKED_ON + timedelta(days=1) if kind == "interest" else None,
    )
    book_claims([claim], today=ASKED_ON, now=at(ASKED_ON), actor="Sanne")


def pay(administration: UUID, cents: int, on: date) -> UUID:
    """A payment without a word on it; the line that waits for a person."""
    payment = make_payment(cents, on=on, iban=PAYER)
    take(administration, make_statement(payment, name=f"A{on}"), day=on)
    with administration_scope(administration):
        found: UUID = BankLine.objects.get(booked_on=on).id
        return found


def divide(administration: UUID, line_id: UUID) -> None:
    """A person books it on the debtor, as the law says."""
    with administration_scope(administration):
        debtor_id = Debtor.objects.get(number="2001").id
    browser, slug = sign_in(make_person(administration)), slug_of(administration)
    address = f"/{slug}/betalingen/{line_id}/volgens-de-wet/"
    assert browser.post(address, {"debtor": f"{debtor_id}", "remember": "on"}).status_code == 302
    with administration_scope(administration):
        line = BankLine.objects.get(id=line_id)
    assert (line.state, line.because_nl.endswith(BY_LAW.because.nl)) == ("matched", True)


def in_books(administration: UUID) -> dict[str, dict[str, str]]:
    """What is open of each claim, as the command writes it, and what is left over."""
    with administration_scope(administration):
        sums = {
            item_id: sum(Entry.objects.filter(open_item_id=item_id).values_list("cents", flat=True))
            for item_id in OpenItem.objects.values_list("id", flat=True)
        }
        found = {}
        for number, item_id in Invoice.objects.values_list("number", "open_item_id"):
            lines = ClaimPart.objects.filter(open_item_id=item_id).values("line_id")
            beside = ClaimLine.objects.filter(id__in=lines).values_list("kind", "open_item_id")
            owed = {"costs": 0, "interest": 0} | {kind: sums[one] for kind, one in beside}
            owed["principal"] = sums[item_id]
            owed["open"] = sum(owed.values())
            found[number] = {name: format_plain(cents) for name, cents in owed.items()}
        over = -sum(
            sums[one]
            for one in OpenItem.objects.filter(kind="unapplied").values_list("id", flat=True)
        )
        return {**found, "over": {"over": format_plain(over)}}


def by_command(claims: Sequence[Owed], payments: Sequence[int], file: Path) -> dict[str, Any]:
    """The same by `tijdig law allocate`: no interest runs beside what was asked."""
    end = DAY + timedelta(days=len(payments))
    document = {
        "claims": [
            {
                "id": one.number,
                "principal": format_plain(one.cents),
                "costs": format_plain(one.costs),
                "due": f"{one.due_on}",
                **(
                    {"start": f"{end + timedelta(days=1)}", "kind": "contract", "rate": one.rate}
                    if one.rate
                    else {"interest": format_plain(one.interest)}
                ),
            }
            for one in claims
        ],
        "payments": [
            {"date": f"{DAY + timedelta(days=number)}", "amount": format_plain(cents)}
            for number, cents in enumerate(payments)
        ],
        "end": f"{end}",
    }
    file.write_text(json.dumps(document))
    printed = io.StringIO()
    with redirect_stdout(printed):
        call_command("law", "allocate", str(file), "--json")
    told = json.loads(printed.getvalue())
    return {**told["claims"], "over": {"over": told["over"]}}


@pytest.mark.parametrize("name", CASES)
def test_the_product_divides_as_the_command_does(
    administration: UUID, tmp_path: Path, name: str
) -> None:
    claims, payments = CASES[name]
    fill(administration, claims)
    for number, cents in enumerate(payments):
        divide(administration, pay(administration, cents, DAY + timedelta(days=number)))
    assert in_books(administration) == by_command(claims, payments, tmp_path / "claims.json")


def test_costs_over_two_invoices_go_with_the_first_that_is_paid(administration: UUID) -> None:
    fill(administration, [A, replace(B, due_on=APRIL)])
    with administration_scope(administration):
        ask(Debtor.objects.get().id, "costs", 4_000, ["A", "B"])
    divide(administration, pay(administration, 70_000, DAY))
    # 40,00 of costs, 600,00 of the oldest, and the rest on the other.
    assert [in_books(administration)[one]["principal"] for one in "AB"] == ["0.00", "240.00"]
    with administration_scope(administration):
        costs = ClaimLine.objects.get().open_item_id
        entries = Entry.objects.filter(open_item_id=costs).order_by("id")
        assert list(entries.values_list("kind", "cents")) == [("costs", 4_000), ("paid", -4_000)]


def test_who_chose_the_principal_first_gets_that_order(
    administration: UUID, tmp_path: Path
) -> None:
    with administration_scope(administration):
        Administration.objects.filter(id=administration).update(imputation="principal_first")
    fill(administration, [replace(A, costs=4_000, interest=500), replace(B, due_on=APRIL)])
    divide(administration, pay(administration, 62_000, DAY))
    assert in_books(administration)["A"] == {
        "costs": "20.00", "interest": "5.00", "principal": "0.00", "open": "25.00"
    }  # fmt: skip


def test_a_proposal_without_a_word_follows_the_law_and_is_booked_so(administration: UUID) -> None:
    """From a known account, and less than is open: which of them is paid nobody said."""
    rates = [
        Owed("A", 50_000, APRIL, rate="9", issued_on=date(2026, 1, 1)),
        Owed("B", 50_000, MAY, rate="12", issued_on=date(2026, 2, 1)),
    ]
    fill(administration, rates)
    divide(administration, pay(administration, 10_000, DAY))
    line_id = pay(administration, 45_000, DAY + timedelta(days=1))
    with administration_scope(administration):
        first = Suggestion.objects.get(line_id=line_id, rank=1)
        items = dict(Invoice.objects.values_list("open_item_id", "number"))
        told = [(items[UUID(item_id)], cents) for item_id, cents in first.parts]
        suggestion_id = first.id
    assert told == [("B", 40_000), ("A", 5_000)]
    assert first.evidence[-1]["code"] == "by_law"
    browser, slug = sign_in(make_person(administration)), slug_of(administration)
    address = f"/{slug}/betalingen/{line_id}/koppeling/"
    assert browser.post(address, {"proposal": f"{suggestion_id}"}).status_code == 302
    assert [in_books(administration)[one]["principal"] for one in "AB"] == ["450.00", "0.00"]


def test_the_page_shows_the_division_before_it_is_booked(administration: UUID) -> None:
    fill(administration, [replace(A, costs=4_000), replace(B, due_on=JULY)])
    line_id = pay(administration, 65_000, DAY)
    browser, slug = sign_in(make_person(administration)), slug_of(administration)
    page = browser.get(f"/{slug}/betalingen/voorstellen/", {"line": f"{line_id}", "zoek": "Café"})
    shown = " ".join(
        page.content.decode().partition("wees niets aan")[2].partition("</form>")[0].split()
    )
    for said in ("kosten of rente: € 40,00", "A: € 600,00", "te veel betaald: € 10,00"):
        assert said in shown.replace("\N{NO-BREAK SPACE}", " ")


def test_of_whom_nothing_is_due_nothing_is_divided(administration: UUID) -> None:
    fill(administration, [replace(A, due_on=JULY)])
    line_id = pay(administration, 10_000, DAY)
    with administration_scope(administration):
        debtor_id = Debtor.objects.get().id
    browser, slug = sign_in(make_person(administration)), slug_of(administration)
    address = f"/{slug}/betalingen/{line_id}/volgens-de-wet/"
    answer = browser.post(address, {"debtor": f"{debtor_id}"}, follow=True)
    assert "Van deze klant is op die dag niets te betalen" in answer.content.decode()
    with administration_scope(administration):
        assert BankLine.objects.get(id=line_id).state == "unmatched"
