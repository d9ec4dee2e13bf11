"""Collection costs that a business agreed: set by a person, booked, and in mail and statement."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_business_claims import (
    CENTS,
    DEMAND_ON,
    asked,
    balance,
    last_mail,
    live_to_demand,
    make_office,
)
from tests.integration.test_consumer_costs import DEMAND_ON as LAST_LETTER_DAY
from tests.integration.test_consumer_costs import DUE_ON, live, make_pupil, make_school
from tests.plugs.test_letters import words_of_pdf

from tijdig.dunning.actions.days import live_one_day
from tijdig.ledger.actions.debtors import confirm_kind
from tijdig.ledger.belongings.models import CostAgreement
from tijdig.ledger.models import ClaimLine, Debtor
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

FORM = {
    "agreed_costs_percent": "12,5",
    "agreed_costs_minimum": "250",
    "agreed_costs_ground": "artikel 9 van het contract",
}
TERMS = {
    "business_costs": "agreed",
    "interest_from": "nobody",
    "imputation": "legal",
    "consumer_claims": "unknown",
    "business_terms_agreed": "on",
    "can_reclaim_vat": "on",
}


@pytest.fixture
def office(database: None, sink: SmtpSink) -> UUID:
    return make_office(interest_from="nobody")


def page_of(office: UUID) -> str:
    return f"/{slug_of(office)}/debiteuren/1001/incassokosten/"


def be(office: UUID, kind: str, *, on: date) -> None:
    """A person says who the debtor is."""
    with administration_scope(office):
        confirm_kind(Debtor.objects.get().id, kind, today=on, now=at(on), actor="test")


def test_what_a_debtor_agreed_is_booked_and_stands_in_mail_page_and_statement(
    office: UUID, sink: SmtpSink
) -> None:
    browser = sign_in(make_person(office))
    assert browser.get(page_of(office)).status_code == 200
    assert browser.post(page_of(office), FORM).status_code == 302
    live_to_demand(office)
    # 12,5% of € 10.000,00 where the scale gives € 875,00.
    assert asked(office, "costs") == 125_000
    assert balance(office) == CENTS + 125_000
    words = last_mail(sink)
    told = (
        "Afgesproken (artikel 9 van het contract): 12,5% van € 10.000,00 = € 1.250,00, en minstens"
        " € 250,00 (BW 6:96 lid 4-5)."
    )
    for said in ("€ 10.000,00", "€ 1.250,00", "€ 11.250,00", told):
        assert said in words
    page = browser.get(f"/{slug_of(office)}/debiteuren/1001/").content.decode()
    shown = page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Afgesproken incassokosten: 12,5%, minstens € 250,00" in shown
    assert "€ 11.250,00" in shown
    assert told in shown
    sheet = words_of_pdf(
        browser.get(f"/{slug_of(office)}/debiteuren/1001/specificatie.pdf").content
    )
    assert "Samen te betalen € 11.250,00" in sheet
    assert "artikel 9 van het contract" in sheet
    with administration_scope(office):
        row = CostAgreement.objects.get()
        assert (row.set_by, row.ended_on) == ("Sanne de Vries", None)
        events = Event.objects.filter(kind="debtor_changed")
        told_by = [event.data["changes"] for event in events]
    assert told_by == [{"agreed_costs": ["", "12,5%, ≥ € 250,00 (artikel 9 van het contract)"]}]


def test_the_terms_of_the_creditor_hold_for_every_business(office: UUID, sink: SmtpSink) -> None:
    browser = sign_in(make_person(office))
    address = f"/{slug_of(office)}/instellingen/kosten-en-rente/"
    assert browser.get(address).status_code == 200
    wrong = browser.post(address, TERMS)
    assert wrong.status_code == 422
    assert "Vul het percentage in dat in uw voorwaarden staat." in wrong.content.decode()
    told = TERMS | FORM | {"agreed_costs_percent": "5", "agreed_costs_minimum": ""}
    assert browser.post(address, told).status_code == 302
    live_to_demand(office)
    assert asked(office, "costs") == 50_000
    assert "5% van € 10.000,00 = € 500,00, en minstens € 40,00" in last_mail(sink)
    with administration_scope(office):
        declared = load_administration()
        (event,) = Event.objects.filter(kind="law_declared")
    assert (declared.business_costs, str(declared.agreed_costs_percent)) == ("agreed", "5.00")
    assert event.actor == "Sanne de Vries"
    assert event.data["changes"]["business_costs"] == ["decree", "agreed"]
    page = browser.get(address).content.decode()
    assert "door Sanne de Vries." in page


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"agreed_costs_percent": "101"}, "een percentage in van 0 tot en met 100"),
        ({"agreed_costs_percent": "-1"}, "een percentage in van 0 tot en met 100"),
        ({"agreed_costs_percent": "12,345"}, "hoogstens twee cijfers na de komma"),
        ({"agreed_costs_percent": "NaN"}, "Voer een getal in."),
        ({"agreed_costs_percent": ""}, "Dit veld is verplicht."),
        ({"agreed_costs_minimum": "-5"}, "Het minimum van de kosten ligt tussen"),
        ({"agreed_costs_minimum": "10000,01"}, "Het minimum van de kosten ligt tussen"),
        ({"agreed_costs_minimum": "1,234"}, "hoogstens twee cijfers na de komma"),
        ({"agreed_costs_ground": " "}, "Dit veld is verplicht."),
    ],
)
def test_what_cannot_be_agreed_is_refused_in_words_and_nothing_is_kept(
    office: UUID, told: dict[str, str], said: str
) -> None:
    answer = sign_in(make_person(office)).post(page_of(office), FORM | told)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with administration_scope(office):
        assert CostAgreement.objects.count() == 0


@pytest.mark.parametrize("kind", ["consumer", "unknown"])
def test_with_a_consumer_nothing_can_be_agreed(office: UUID, kind: str) -> None:
    with administration_scope(office):
        Debtor.objects.update(kind=kind, kvk_number="", vat_number="")
    browser = sign_in(make_person(office))
    page = browser.get(page_of(office)).content.decode()
    assert "(BW 6:96 lid 5)." in page
    assert 'name="agreed_costs_percent"' not in page
    answer = browser.post(page_of(office), FORM, follow=True)
    assert "(BW 6:96 lid 5)." in answer.content.decode()
    with administration_scope(office):
        assert CostAgreement.objects.count() == 0


def test_who_turns_out_to_be_a_consumer_owes_nothing_that_only_a_business_owes(
    office: UUID,
) -> None:
    browser = sign_in(make_person(office))
    browser.post(page_of(office), FORM)
    live_to_demand(office)
    assert asked(office, "costs") == 125_000
    later = DEMAND_ON + timedelta(days=1)
    be(office, "consumer", on=later)
    assert asked(office, "costs") == 0
    assert balance(office) == CENTS
    page = browser.get(f"/{slug_of(office)}/debiteuren/1001/").content.decode()
    assert "Deze afspraak geldt niet." in page
    assert "ingetrokken" in page
    live_one_day(office, today=later, now=at(later))
    assert asked(office, "costs") == 0


def test_a_consumer_after_all_owes_by_the_scale_after_a_letter_of_his_own(
    database: None, sink: SmtpSink
) -> None:
    school = make_school()
    take_in(school, make_record(due_on=DUE_ON, cents=100_000, debtor=make_pupil()))
    be(school, "business", on=date(2026, 3, 2))
    browser = sign_in(make_person(school))
    assert browser.post(page_of(school), FORM).status_code == 302
    be(school, "consumer", on=date(2026, 3, 3))
    live(school, date(2026, 3, 9), LAST_LETTER_DAY)
    # 15% of € 1.000,00; the agreement said 12,5% and at least € 250,00.
    assert asked(school, "costs") == 15_000
    with administration_scope(school):
        line = ClaimLine.objects.get(kind="costs")
        assert (line.article, line.message_id is None) == (
            "BW 6:96 lid 5-6, Besluit BIK art. 2",
            False,
        )


def test_an_agreement_that_was_ended_leaves_the_scale(office: UUID) -> None:
    browser = sign_in(make_person(office))
    browser.post(page_of(office), FORM)
    browser.post(page_of(office), FORM | {"agreed_costs_percent": "20"})
    assert browser.post(page_of(office), {"end": "1"}).status_code == 302
    live_to_demand(office)
    assert asked(office, "costs") == 87_500
    with administration_scope(office):
        rows = CostAgreement.objects.order_by("id").values_list("rate_percent", "ended_by")
        assert [(str(percent), by) for percent, by in rows] == [
            ("12.50", "Sanne de Vries"),
            ("20.00", "Sanne de Vries"),
        ]
