"""Invoices of a consumer that may be instalments: their costs are shown for review, and lowered."""

from datetime import date
from uuid import UUID

import pytest
from tests.integration.books import check_book
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_consumer_costs import DEMAND_ON, DUE_ON, lines, live, make_pupil
from tests.integration.test_consumer_costs import make_school as make_office

from tijdig.dunning.actions.creditor import declare
from tijdig.dunning.models import Notice
from tijdig.ledger.models import ClaimLine
from tijdig.messaging.models import MessageBody
from tijdig.tenants.scope import administration_scope

REVIEW = "Nakijken: zijn deze facturen termijnen van één overeenkomst"


def make_school(*due_days: date, **told: object) -> UUID:
    """A parent with invoices of € 100,00 in one letter, whose term is over."""
    school = make_office(consumer_terms_agreed=True, **told)
    records = [
        make_record(f"L-{n}", cents=10_000, due_on=due_on, debtor=make_pupil())
        for n, due_on in enumerate(due_days)
    ]
    take_in(school, *records)
    live(school, date(2026, 3, 9), date(2026, 5, 22))
    return school


@pytest.fixture
def school(database: None) -> UUID:
    return make_school(DUE_ON, DUE_ON, DUE_ON)


def see_page(school: UUID) -> str:
    browser = sign_in(make_person(school))
    return browser.get(f"/{slug_of(school)}/debiteuren/1001/").content.decode()


def test_costs_over_more_invoices_are_shown_for_review_and_lowered_with_one_click(
    school: UUID,
) -> None:
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 4_500)]
    page = see_page(school)
    assert REVIEW in page
    assert "hoogstens €\xa040,00 zijn" in page
    with administration_scope(school):
        line_id = ClaimLine.objects.get().id
    browser = sign_in(make_person(school))
    address = f"/{slug_of(school)}/debiteuren/1001/kosten/{line_id}/termijnen/"
    assert "Verlaagd tot € 40,00." in browser.post(address, follow=True).content.decode()
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 4_000)]
    page = see_page(school)
    assert REVIEW not in page
    assert "€\xa05,00 ingetrokken" in page
    assert "De facturen zijn termijnen van één overeenkomst" in page.partition("Tijdlijn")[2]
    again = browser.post(address, follow=True).content.decode()
    assert "Deze kosten zijn al niet hoger dan voor termijnen mag." in again
    live(school, date(2026, 5, 26), date(2026, 5, 27))
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 4_000)]
    check_book(school)


def test_costs_over_one_invoice_ask_nobody_to_look(database: None) -> None:
    school = make_office()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil(), cents=50_000))
    live(school, date(2026, 3, 9), DEMAND_ON)
    assert lines(school) == [("costs", 7_500, DEMAND_ON)]
    assert REVIEW not in see_page(school)


def test_who_asks_for_fixed_terms_only_names_and_claims_the_costs_of_one(database: None) -> None:
    school = make_school(DUE_ON, DUE_ON, DUE_ON, consumer_claims="periodic")
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 4_000)]
    with administration_scope(school):
        letter = MessageBody.objects.get(message__step_key="veertiendagenbrief").text
        named = set(Notice.objects.values_list("kind", "costs_cents", "void_because"))
        (line,) = ClaimLine.objects.all()
        demand = MessageBody.objects.get(message__step_key="last_demand").text
    assert "Die kosten zijn € 40,00." in letter
    assert ("veertiendagenbrief", 4_000, "") in named
    assert "hoogste kosten van één termijn" in str(line.calculation)
    assert "hoogste kosten van één termijn (€ 40,00, Besluit BIK art. 2a)" in demand
    assert "nakijken" not in demand
    assert REVIEW not in see_page(school)


def test_costs_of_before_are_lowered_once_the_creditor_says_that_all_are_fixed_terms(
    school: UUID,
) -> None:
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 4_500)]
    with administration_scope(school):
        asked = {"today": date(2026, 5, 22), "now": at(date(2026, 5, 22)), "actor": "test"}
        declare({"consumer_claims": "periodic"}, **asked)
    live(school, date(2026, 5, 26), date(2026, 5, 27))
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 4_000)]
    check_book(school)
