"""Interest that was agreed: set by a person, booked to the cent of `tijdig law interest`."""

import io
import json
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.management import call_command
from tests.faults.smtp_sink import SmtpSink
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_business_claims import (
    CENTS,
    DEMAND_ON,
    DUE_ON,
    FROM,
    allocated,
    asked,
    last_mail,
    live_to_demand,
    make_office,
)
from tests.integration.test_consumer_costs import make_pupil
from tests.plugs.test_letters import words_of_pdf

from tijdig.core.calendar import next_working_day
from tijdig.core.law.agreed_interest import AgreedInterest
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.days import live_one_day
from tijdig.ledger.actions.debtors import confirm_kind
from tijdig.ledger.actions.interest_agreements import agree_interest, end_interest_agreement
from tijdig.ledger.models import ClaimLine, Debtor
from tijdig.tenants.scope import administration_scope

BEFORE = date(2026, 1, 1)
AGREED = AgreedInterest(Decimal(12), "year", False, "artikel 8 van het contract", BEFORE)
FORM = {
    "rate_percent": "1",
    "per": "month",
    "is_simple": "yes",
    "day_count": "act/365",
    "ground": "artikel 8 van het contract",
    "from_on": "2026-01-01",
}
TOLD = (
    "Afgesproken rente (artikel 8 van het contract): 1% per maand, dat is 12% per jaar, zonder"
    " rente over rente."
)


@pytest.fixture
def office(database: None, sink: SmtpSink) -> UUID:
    return make_office(business_costs="none")


def debtor_of(office: UUID) -> UUID:
    with administration_scope(office):
        found: UUID = Debtor.objects.get().id
        return found


def agree(
    office: UUID, agreed: AgreedInterest, *, general: bool = False, on: date = BEFORE
) -> None:
    debtor_id = None if general else debtor_of(office)
    with administration_scope(office):
        agree_interest(
            debtor_id, replace(agreed, is_own=not general), today=on, now=at(on), actor="Sanne"
        )


def by_command(*words: str, paid: date = DEMAND_ON) -> int:
    """The cents that `tijdig law interest --kind contract` prints over the invoice."""
    printed = io.StringIO()
    asked_for = ["--principal", f"{CENTS // 100}", "--due", f"{DUE_ON}", "--paid", f"{paid}"]
    with redirect_stdout(printed):
        call_command("law", "interest", *asked_for, "--kind", "contract", *words, "--json")
    return int(Decimal(json.loads(printed.getvalue())["interest"]) * 100)


def test_what_a_debtor_agreed_is_asked_and_stands_in_mail_page_and_statement(
    office: UUID, sink: SmtpSink
) -> None:
    browser, slug = sign_in(make_person(office)), slug_of(office)
    address = f"/{slug}/debiteuren/1001/rente/"
    assert browser.get(address).status_code == 200
    assert browser.post(address, FORM).status_code == 302
    live_to_demand(office)
    # 12% over € 10.000 from 3 March up to and including 1 April: 30 days.
    assert asked(office) == by_command("--rate", "12", "--simple") == 9_863
    with administration_scope(office):
        line = ClaimLine.objects.get(kind="interest")
    assert (line.article, line.from_on) == ("BW 6:119 lid 3, 6:119a", FROM)
    words = last_mail(sink)
    for said in ("€ 98,63", "€ 10.098,63", "BW 6:119 lid 3", TOLD, "12% per jaar: € 98,63"):
        assert said in words
    page = browser.get(f"/{slug}/debiteuren/1001/").content.decode()
    assert page.replace("\N{NO-BREAK SPACE}", " ").count(TOLD) == 3
    pdf = browser.get(f"/{slug}/debiteuren/1001/specificatie.pdf").content
    assert TOLD in words_of_pdf(pdf)


@pytest.mark.parametrize(
    ("agreed", "words"),
    [
        (AGREED, ["--rate", "12"]),
        (replace(AGREED, is_simple=True), ["--rate", "12", "--simple"]),
        (replace(AGREED, rate_percent=Decimal("1.5"), per="month"), ["--rate", "18"]),
        (replace(AGREED, rate_percent=Decimal("8.125")), ["--rate", "8.125"]),
        (replace(AGREED, rate_percent=Decimal(0)), ["--rate", "0"]),
    ],
)
def test_the_product_asks_what_the_command_computes(
    office: UUID, agreed: AgreedInterest, words: list[str]
) -> None:
    agree(office, agreed)
    live_to_demand(office)
    assert asked(office) == by_command(*words)


@pytest.mark.parametrize("is_simple", [False, True])
def test_years_later_interest_on_interest_is_as_agreed(office: UUID, is_simple: bool) -> None:
    agree(office, replace(AGREED, is_simple=is_simple))
    live_to_demand(office)
    later = next_working_day(date(2029, 3, 20))
    words = ["--rate", "12", *(["--simple"] if is_simple else [])]
    browser, slug = sign_in(make_person(office)), slug_of(office)
    with administration_scope(office):
        from tijdig.dunning.queries.statement import compute_running_interest

        running = compute_running_interest(Debtor.objects.get().id, today=later)
    assert asked(office) + running == by_command(*words, paid=later)
    assert browser.get(f"/{slug}/debiteuren/1001/").status_code == 200


def test_the_terms_hold_for_businesses_and_a_debtors_own_agreement_comes_first(
    office: UUID,
) -> None:
    agree(office, AGREED, general=True)
    agree(office, replace(AGREED, rate_percent=Decimal(9)))
    live_to_demand(office)
    assert asked(office) == by_command("--rate", "9")


def test_the_terms_alone_hold_too(office: UUID) -> None:
    agree(office, AGREED, general=True)
    live_to_demand(office)
    assert asked(office) == by_command("--rate", "12")


def test_an_invoice_of_before_the_agreement_bears_the_interest_of_the_law(office: UUID) -> None:
    agree(office, replace(AGREED, from_on=date(2026, 2, 1)))
    live_to_demand(office)
    assert asked(office) == allocated([], end_on=DEMAND_ON)
    with administration_scope(office):
        assert ClaimLine.objects.get(kind="interest").article == "BW 6:119a"


def end(office: UUID, *, was_mistake: bool, on: date) -> None:
    debtor_id = debtor_of(office)
    with administration_scope(office):
        end_interest_agreement(
            debtor_id, was_mistake=was_mistake, today=on, now=at(on), actor="Sanne"
        )


def test_an_agreement_that_ended_still_holds_for_invoices_of_before(office: UUID) -> None:
    agree(office, AGREED)
    end(office, was_mistake=False, on=date(2026, 2, 20))
    live_to_demand(office)
    assert asked(office) == by_command("--rate", "12")


def test_one_that_was_a_mistake_gives_back_what_it_asked_too_much(office: UUID) -> None:
    agree(office, replace(AGREED, rate_percent=Decimal(24)))
    live_to_demand(office)
    assert asked(office) == by_command("--rate", "24")
    end(office, was_mistake=True, on=DEMAND_ON)
    day = next_working_day(DEMAND_ON + timedelta(days=1))
    live_one_day(office, today=day, now=at(day))
    assert asked(office) == allocated([], end_on=day)


def test_a_consumer_only_owes_what_was_reviewed(office: UUID, sink: SmtpSink) -> None:
    take_in(office, make_record("P-1", due_on=DUE_ON, debtor=make_pupil("3001")))
    with administration_scope(office):
        pupil = Debtor.objects.get(number="3001").id
        told = {"today": BEFORE, "now": at(BEFORE), "actor": "Sanne"}
        with pytest.raises(Refusal, match="Met een consument"):
            agree_interest(pupil, AGREED, **told)  # type: ignore[arg-type]
        assert agree_interest(pupil, replace(AGREED, is_reviewed=True), **told)  # type: ignore[arg-type]
        assert not agree_interest(pupil, replace(AGREED, is_reviewed=True), **told)  # type: ignore[arg-type]


def test_who_turns_out_to_be_a_consumer_owes_no_agreed_interest(office: UUID) -> None:
    agree(office, AGREED)
    live_to_demand(office)
    day = next_working_day(DEMAND_ON + timedelta(days=1))
    debtor_id = debtor_of(office)
    with administration_scope(office):
        confirm_kind(debtor_id, "consumer", today=day, now=at(day), actor="Sanne")
    live_one_day(office, today=day, now=at(day))
    assert asked(office) == 0
    page = sign_in(make_person(office)).get(f"/{slug_of(office)}/debiteuren/1001/")
    assert "Deze afspraak geldt niet." in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rate_percent": "-1"}, "een percentage in van 0 of meer"),
        ({"rate_percent": "9"}, "Een rente van 108% per jaar kan niet kloppen"),
        ({"rate_percent": "0,12345"}, "hoogstens drie cijfers"),
        ({"ground": " "}, "Dit veld is verplicht"),
        ({"from_on": "2029-01-01"}, "meer dan een jaar vooruit"),
    ],
)
def test_what_cannot_be_agreed_is_said_in_words(
    office: UUID, changes: dict[str, str], said: str
) -> None:
    browser = sign_in(make_person(office))
    for address in ("debiteuren/1001/rente/", "instellingen/rente/"):
        answer = browser.post(f"/{slug_of(office)}/{address}", {**FORM, **changes})
        assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_the_terms_stand_in_the_settings_and_end_there(office: UUID) -> None:
    browser, slug = sign_in(make_person(office)), slug_of(office)
    settings = f"/{slug}/instellingen/kosten-en-rente/"
    browser.post(f"/{slug}/instellingen/rente/", FORM)
    shown = browser.get(settings).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert TOLD in shown
    browser.post(f"/{slug}/instellingen/rente/", {"end": "today"})
    assert TOLD not in browser.get(settings).content.decode()
