"""A debtor's lasting term: set on his page, then import, due date, default and cadence follow."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.test import Client
from tests.integration.office import (
    at,
    make_administration,
    make_debtor,
    make_record,
    take_in,
)
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.core.problem import Refusal
from tijdig.core.standing_terms import HowAgreed, StandingTerm
from tijdig.dunning.actions.run import run
from tijdig.dunning.models import Decision
from tijdig.intake.records import InvoiceRecord
from tijdig.ledger.actions.standing_terms import set_standing_term
from tijdig.ledger.models import Debtor, Invoice
from tijdig.tenants.scope import administration_scope

TODAY = date(2026, 2, 13)
ISSUED_ON = date(2026, 2, 12)
AFTER_14, AFTER_45 = date(2026, 2, 26), date(2026, 3, 29)


@pytest.fixture
def office(database: None) -> UUID:
    """An administration that knows a debtor by an earlier invoice, due on 14 March."""
    administration = make_administration(sending=True)
    take_in(administration, make_record("F-0"))
    return administration


def agree(administration: UUID, days: int, how: HowAgreed = "contract") -> None:
    with administration_scope(administration):
        told = {"today": TODAY, "now": at(TODAY), "actor": "Sanne"}
        set_standing_term(Debtor.objects.get().id, StandingTerm(days, how), **told)  # type: ignore[arg-type]


def terms(administration: UUID) -> dict[str, tuple[date, str]]:
    with administration_scope(administration):
        rows = Invoice.objects.values_list("number", "due_on", "term")
        return {number: (due_on, term) for number, due_on, term in rows}


def new(number: str, due_on: date | None) -> InvoiceRecord:
    return replace(make_record(number, issued_on=ISSUED_ON), due_on=due_on)


def test_an_agreed_term_gives_new_invoices_their_last_day(office: UUID) -> None:
    agree(office, 45)
    outcome = take_in(office, new("F-1", None), new("F-2", AFTER_14), new("F-3", AFTER_45))
    assert terms(office) == {
        "F-0": (date(2026, 3, 14), "stated"),
        "F-1": (AFTER_45, "agreed"),
        "F-2": (AFTER_45, "agreed"),
        "F-3": (AFTER_45, "agreed"),
    }
    without, earlier = [one.because.nl for one in outcome.problems]
    assert without == (
        "Factuur F-1 heeft geen vervaldatum. Wij rekenen met de termijn van deze klant, 45 dagen:"
        " 29-03-2026."
    )
    assert earlier == (
        "Factuur F-2 noemt 26-02-2026 als vervaldatum, eerder dan met deze klant is afgesproken."
        " Wij houden de afgesproken dag aan: 29-03-2026."
    )


def test_on_the_invoice_only_is_not_agreed(office: UUID) -> None:
    agree(office, 45, "invoice")
    take_in(office, new("F-1", None), new("F-2", AFTER_14))
    found = terms(office)
    assert (found["F-1"], found["F-2"]) == ((AFTER_45, "assumed"), (AFTER_14, "stated"))


def test_the_same_and_later_files_leave_an_agreed_day(office: UUID) -> None:
    agree(office, 45)
    first = take_in(office, new("F-2", AFTER_14))
    assert [one.severity for one in first.problems] == ["warning"]
    # In another file, beside another invoice, and after the term itself became shorter.
    agree(office, 14)
    again = take_in(office, new("F-2", AFTER_14), new("F-9", AFTER_14))
    assert (again.new, again.changed, again.unchanged) == (1, 0, 1)
    assert again.problems == []
    assert terms(office)["F-2"] == (AFTER_45, "agreed")
    take_in(office, new("F-2", AFTER_45 + timedelta(days=10)))
    assert terms(office)["F-2"] == (AFTER_45 + timedelta(days=10), "agreed")


def test_the_cadence_and_default_follow_the_term(office: UUID) -> None:
    agree(office, 45)
    debtor = make_debtor("1002", name="Zonder afspraak")
    take_in(office, new("F-1", AFTER_14), replace(new("F-8", AFTER_14), debtor=debtor))
    browser, slug = sign_in(make_person(office)), slug_of(office)
    page = browser.get(f"/{slug}/facturen/F-1/").content.decode()
    assert "In verzuim vanaf 30 maart 2026: de afgesproken termijn is voorbij" in page
    assert "Nog geen verzuim" in browser.get(f"/{slug}/facturen/F-8/").content.decode()
    day = AFTER_14 + timedelta(days=5)
    run(office, today=day, now=at(day))
    with administration_scope(office):
        made = {one.debtor.number: one.reason for one in Decision.objects.filter(on=day)}
    # Five days after the day on the invoice only the one without an agreement is reminded.
    assert made["1002"] == "reminder_due"
    assert made.get("1001", "not looked at") != "reminder_due"


def test_the_page_sets_shows_flags_and_takes_back(office: UUID) -> None:
    browser, slug = sign_in(make_person(office)), slug_of(office)
    page, form = f"/{slug}/debiteuren/1001/", f"/{slug}/debiteuren/1001/vaste-termijn/"
    assert "uw gewone termijn van 30 dagen" in shown(browser, page)
    browser.post(f"{page}soort/", {"kind": "business"})
    said = browser.post(form, {"how": "contract", "days": "90"})
    assert said["Location"] == page
    told = shown(browser, page)
    assert "90 dagen, in een contract of offerte" in told
    assert "vastgelegd door" in told
    assert "De termijn is 90 dagen: tussen bedrijven mag meer dan 60 dagen alleen als" in told
    assert "Vaste betaaltermijn vastgelegd" in told
    assert "de gewone termijn van de administratie → 90 dagen" in told
    browser.post(form, {"how": "contract", "days": "45", "is_large_to_small": "on"})
    assert "een groot bedrijf mag een mkb-bedrijf hoogstens 30 dagen" in shown(browser, page)
    browser.post(form, {"how": "", "days": "45"})
    assert "uw gewone termijn van 30 dagen" in shown(browser, page)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"how": "contract", "days": ""}, "Vul in hoeveel dagen zijn afgesproken."),
        ({"how": "contract", "days": "dertig"}, "Vul een heel getal in, zoals 30."),
        ({"how": "contract", "days": "400"}, "365"),
        ({"how": "contract", "days": "-1"}, "0"),
        ({"how": "mondeling", "days": "30"}, "mondeling"),
    ],
)
def test_wrong_input_is_told_and_changes_nothing(
    office: UUID, told: dict[str, str], said: str
) -> None:
    browser, slug = sign_in(make_person(office)), slug_of(office)
    answer = browser.post(f"/{slug}/debiteuren/1001/vaste-termijn/", told)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "uw gewone termijn" in shown(browser, f"/{slug}/debiteuren/1001/")


def test_the_action_refuses_what_is_no_term(office: UUID) -> None:
    with pytest.raises(Refusal, match="0 tot en met 365 dagen"):
        agree(office, 366)
    with pytest.raises(Refusal, match="Kies hoe de termijn is afgesproken"):
        agree(office, 30, "mondeling")  # type: ignore[arg-type]


def shown(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()
