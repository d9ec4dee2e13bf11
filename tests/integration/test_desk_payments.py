"""Payments as people see them: from the debtor, on the way to be matched, and taken back."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.urls import reverse
from tests.integration.books import Listed, make_list, make_payment, make_statement, take
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_bank_once import pay

from tijdig.banking.models import BankLine
from tijdig.tenants.scope import administration_scope

PARTS = (-4_000, -3_000)
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def read(administration: UUID, name: str, query: str = "", **where: str) -> str:
    address = reverse(name, kwargs={"slug": slug_of(administration), **where})
    page = sign_in(make_person(administration)).get(f"{address}{query}").content.decode()
    return " ".join(page.split())


def test_the_timeline_leads_to_the_payment(administration: UUID) -> None:
    take(administration, make_list(Listed("2026-0001", 12_100)), day=MONDAY)
    take(administration, make_statement(make_payment(12_100, "2026-0001", on=MONDAY)), day=MONDAY)
    with administration_scope(administration):
        line = BankLine.objects.get(state="matched")
    link = f'<a href="{reverse("proposals", kwargs={"slug": slug_of(administration)})}'
    page = read(administration, "debtor", number="1001")
    assert f'{link}?line={line.id}">de betaling</a>' in page
    assert "Ongedaan maken" in read(administration, "proposals", f"?line={line.id}")


def test_a_proposal_shows_what_is_open_what_it_pays_and_what_is_left(administration: UUID) -> None:
    take(administration, make_list(Listed("2026-0001", 12_100)), day=MONDAY)
    take(administration, make_statement(make_payment(9_000, "dank", on=MONDAY)), day=MONDAY)
    with administration_scope(administration):
        line = BankLine.objects.get(state="unmatched")
    page = read(administration, "proposals", f"?line={line.id}")
    assert '<progress max="12100" value="9000"' in page
    told = "open € 121,00, dit betaalt € 90,00, daarna nog open € 31,00"
    assert told in page.replace("\xa0", " ")
    assert "1 wacht, 1 met een voorstel" in page


def test_a_payment_shows_the_day_on_which_it_counts_where_that_is_another(
    administration: UUID,
) -> None:
    take(administration, make_list(Listed("2026-0001", 12_100)), day=MONDAY)
    paid = [
        replace(make_payment(9_000, "dank", on=TUESDAY), value_on=MONDAY),
        make_payment(8_000, "nogmaals", on=TUESDAY),
    ]
    take(administration, make_statement(*paid), day=TUESDAY)
    with administration_scope(administration):
        early, same = BankLine.objects.order_by("-cents")
    told = "telt als betaald op 2 maart 2026 (valutadatum)"
    assert told in read(administration, "proposals", f"?line={early.id}")
    assert "valutadatum" not in read(administration, "proposals", f"?line={same.id}")


def take_two_reversals(administration: UUID) -> None:
    """Two reversals of a part: the first undoes the payment, the other waits for a person."""
    take(administration, make_list(Listed("2026-0001", 12_100)), day=MONDAY)
    named = {"end_to_end_id": "INCASSO-7"}
    paid = pay(12_100, "2026-0001", MONDAY, **named)
    back = [pay(cents, f"terug {cents}", TUESDAY, reversal=True, **named) for cents in PARTS]
    take(administration, make_statement(paid, *back), day=TUESDAY)


def test_a_second_reversal_of_one_payment_is_shown(administration: UUID) -> None:
    take_two_reversals(administration)
    page = read(administration, "payments", "?tab=waiting")
    assert "teruggedraaid; de betaling zelf ontbreekt" in page
    assert "Wij weten niet zeker welke." in page
    assert [f"terug {cents}" in page for cents in PARTS].count(True) == 1


def test_vandaag_counts_reversals_that_wait_and_leads_to_them(administration: UUID) -> None:
    told = "Betaling teruggedraaid, onbekend welke"
    assert told not in read(administration, "today")
    take_two_reversals(administration)
    page = read(administration, "today")
    address = reverse("payments", kwargs={"slug": slug_of(administration)})
    row = page[page.index(f'href="{address}?tab=waiting"') :]
    assert told in row[:200]


def test_a_reversal_that_waits_is_set_aside_and_back(administration: UUID) -> None:
    take_two_reversals(administration)
    with administration_scope(administration):
        line = BankLine.objects.get(state="waiting")
    page = read(administration, "proposals", f"?line={line.id}")
    assert "Wij weten niet zeker welke." in page
    assert "Leg terzijde" in page
    assert "Verdelen" not in page
    post(administration, "setting-aside", line, because="Uitgezocht: de bank draaide dubbel terug")
    assert state_of(administration, line) == "ignored"
    assert "onbekend welke" not in read(administration, "today")
    post(administration, "unmatching", line)
    assert state_of(administration, line) == "waiting"


def post(administration: UUID, name: str, line: BankLine, **told: str) -> None:
    where = {"slug": slug_of(administration), "line_id": line.id}
    answer = sign_in(make_person(administration)).post(reverse(name, kwargs=where), told)
    assert answer.status_code == 302


def state_of(administration: UUID, line: BankLine) -> str:
    with administration_scope(administration):
        return BankLine.objects.get(id=line.id).state
