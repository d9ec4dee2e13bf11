"""Costs and interest on the debtor's page: seen, explained, waived, and as a statement."""

from datetime import date
from uuid import UUID

import pytest
from tests.integration.office import make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_consumer_costs import DEMAND_ON, DUE_ON, live, make_pupil, make_school
from tests.plugs.test_letters import words_of_pdf

from tijdig.dunning.queries.claim_ends import load_claim_ends
from tijdig.dunning.queries.limitation import explain_limitation
from tijdig.ledger.models import ClaimLine, Debtor, Invoice
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import administration_scope


@pytest.fixture(scope="module")
def school(database: None) -> UUID:
    """A school whose consumer owes costs."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), DEMAND_ON)
    return administration


def test_the_page_shows_the_costs_with_article_and_calculation(school: UUID) -> None:
    browser = sign_in(make_person(school))
    page = browser.get(f"/{slug_of(school)}/debiteuren/1001/").content.decode()
    assert "Incassokosten" in page
    assert "BW 6:96 lid 5-6, Besluit BIK art. 2" in page
    assert "Veertiendagenbrief van 24 maart 2026, niet betaald tot en met 13 april 2026." in page
    assert "€ 161,00" in page


def test_the_costs_have_a_last_day_which_is_never_beyond_the_invoice(school: UUID) -> None:
    with administration_scope(school):
        (end,) = load_claim_ends(Debtor.objects.get().id, today=DEMAND_ON).values()
        invoice = explain_limitation(Invoice.objects.get().open_item_id, today=DEMAND_ON)
    # Two years from the last letter that was posted; the five of the costs end later.
    assert invoice is not None
    assert (end.kind, end.ends_on) == ("damages", invoice.ends_on)
    assert end.ends_on == date(2028, 4, 16)
    browser = sign_in(make_person(school))
    page = browser.get(f"/{slug_of(school)}/debiteuren/1001/").content.decode()
    assert "Te vorderen tot en met 16-04-2028" in page
    assert "wat erbij komt nooit later: tot en met 16 april 2028 (BW 3:312)" in page


def test_the_statement_adds_up_to_the_cent(school: UUID) -> None:
    browser = sign_in(make_person(school))
    answer = browser.get(f"/{slug_of(school)}/debiteuren/1001/specificatie.pdf")
    words = words_of_pdf(answer.content)
    for said in ("2026-0412", "Incassokosten", "€ 121,00", "€ 40,00", "BW 6:96 lid 5-6"):
        assert said in words
    assert "Samen te betalen € 161,00" in words


def test_who_the_debtor_is_in_law_is_a_persons_word(school: UUID) -> None:
    browser = sign_in(make_person(school))
    address = f"/{slug_of(school)}/debiteuren/1001/soort/"
    assert browser.post(address, {"kind": "business"}).status_code == 302
    with administration_scope(school):
        debtor = Debtor.objects.get()
        assert (debtor.kind, debtor.kind_confirmed_by) == ("business", "Sanne de Vries")
    browser.post(address, {"kind": "iets"})
    with administration_scope(school):
        assert Debtor.objects.get().kind == "business"
    browser.post(address, {"kind": "unknown"})


def test_a_line_is_waived_with_one_click_and_a_reason(school: UUID) -> None:
    with administration_scope(school):
        line_id = ClaimLine.objects.get().id
    browser = sign_in(make_person(school))
    address = f"/{slug_of(school)}/debiteuren/1001/kosten/{line_id}/kwijtschelden/"
    assert browser.post(address, {"because": "Uit coulance"}).status_code == 302
    page = browser.get(f"/{slug_of(school)}/debiteuren/1001/").content.decode()
    assert "kwijtgescholden" in page
    assert "Uit coulance" in page.partition("Tijdlijn")[2]
    assert "Incassokosten gevraagd" in page
    with administration_scope(school):
        assert ClaimLine.objects.filter(open_item__closed_on__isnull=True).count() == 0
    wrong = f"/{slug_of(school)}/debiteuren/1001/kosten/{school}/kwijtschelden/"
    assert browser.post(wrong, {"because": "x"}).status_code == 404


def test_only_the_owner_declares_what_the_law_asks(school: UUID) -> None:
    address = f"/{slug_of(school)}/instellingen/kosten-en-rente/"
    told = {
        "business_costs": "minimum",
        "interest_from": "nobody",
        "imputation": "legal",
        "consumer_claims": "services",
        "can_reclaim_vat": "on",
    }
    reader = sign_in(make_person(school, role="reader"))
    assert reader.post(address, told).status_code == 403
    owner = sign_in(make_person(school))
    assert owner.get(address).status_code == 200
    assert owner.post(address, {"business_costs": "veel"}).status_code == 422
    assert owner.post(address, told).status_code == 302
    with administration_scope(school):
        declared = load_administration()
    assert (declared.business_costs, declared.interest_from) == ("minimum", "nobody")
    assert declared.consumer_claims == "services"
    assert not declared.consumer_terms_agreed
