"""A term that the law does not allow is told at import and on the invoice; so is default."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.integration.office import at, make_debtor, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.core.standing_terms import StandingTerm
from tijdig.ledger.actions.debtors import confirm_kind
from tijdig.ledger.actions.standing_terms import set_standing_term
from tijdig.ledger.models import Debtor
from tijdig.tenants.scope import administration_scope

ISSUED_ON = date(2026, 2, 12)


@pytest.mark.parametrize(
    ("kvk_number", "due_on", "told"),
    [
        ("12345678", date(2026, 5, 30), True),
        ("12345678", date(2026, 3, 14), False),
        ("", date(2026, 5, 30), False),
    ],
)
def test_a_term_longer_than_the_law_allows_is_a_warning(
    administration: UUID, kvk_number: str, due_on: date, told: bool
) -> None:
    debtor = replace(make_debtor(), kvk_number=kvk_number)
    record = make_record(issued_on=date(2026, 2, 12), due_on=due_on, debtor=debtor)
    outcome = take_in(administration, record)
    found = [one for one in outcome.problems if "6:119a lid 5" in one.because.nl]
    assert [one.severity for one in found] == (["warning"] if told else [])
    assert outcome.new == 1
    page = sign_in(make_person(administration)).get(
        f"/{slug_of(administration)}/facturen/2026-0412/"
    )
    assert ("BW 6:119a lid 5" in page.content.decode()) == told


@pytest.mark.parametrize(("kind", "told"), [("business", "lid 5"), ("public_body", "6:119b")])
def test_what_we_know_of_a_debtor_counts_where_the_file_is_silent(
    administration: UUID, kind: str, told: str
) -> None:
    take_in(administration, make_record("F-0", issued_on=ISSUED_ON))
    with administration_scope(administration):
        debtor_id = Debtor.objects.get().id
        when = {"today": ISSUED_ON, "now": at(ISSUED_ON), "actor": "Sanne"}
        confirm_kind(debtor_id, kind, **when)  # type: ignore[arg-type]
    outcome = take_in(
        administration, make_record("F-1", issued_on=ISSUED_ON, due_on=date(2026, 6, 30))
    )
    (said,) = [one for one in outcome.problems if "De termijn is" in one.because.nl]
    assert said.severity == "warning"
    assert told in said.because.nl


def test_a_file_that_shows_a_business_says_nothing_of_who_turned_out_a_consumer(
    administration: UUID,
) -> None:
    company = replace(make_debtor(), kvk_number="12345678")
    take_in(administration, make_record("F-0", issued_on=ISSUED_ON, debtor=company))
    with administration_scope(administration):
        debtor_id = Debtor.objects.get().id
        when = {"today": ISSUED_ON, "now": at(ISSUED_ON), "actor": "Sanne"}
        confirm_kind(debtor_id, "consumer", **when)  # type: ignore[arg-type]
    late = make_record("F-1", issued_on=ISSUED_ON, due_on=date(2026, 6, 30), debtor=company)
    outcome = take_in(administration, late)
    assert [one for one in outcome.problems if "De termijn is" in one.because.nl] == []


def test_a_public_body_that_takes_more_than_30_days_is_a_warning(administration: UUID) -> None:
    body = replace(make_debtor(), kind="public_body", name="Gemeente Voorbeeld")
    records = [
        make_record(number, issued_on=ISSUED_ON, due_on=due_on, debtor=body)
        for number, due_on in (("F-1", date(2026, 3, 14)), ("F-2", date(2026, 5, 30)))
    ]
    outcome = take_in(administration, *records)
    (told,) = [one for one in outcome.problems if "6:119b" in one.because.nl]
    assert (told.severity, outcome.new) == ("warning", 2)
    assert told.because.nl.startswith("Factuur F-2: De termijn is ")
    assert "meer dan 30 dagen" in told.because.nl


def test_a_large_company_that_takes_more_than_30_days_of_a_small_one_is_a_warning(
    administration: UUID,
) -> None:
    company = replace(make_debtor(), kvk_number="12345678")
    take_in(administration, make_record("F-0", issued_on=ISSUED_ON, debtor=company))
    with administration_scope(administration):
        term = StandingTerm(45, "contract", is_large_to_small=True)
        told = {"today": ISSUED_ON, "now": at(ISSUED_ON), "actor": "Sanne"}
        set_standing_term(Debtor.objects.get().id, term, **told)  # type: ignore[arg-type]
    due_on = date(2026, 3, 29)
    later = make_record("F-1", issued_on=ISSUED_ON, due_on=due_on, debtor=company)
    (warning,) = [
        one for one in take_in(administration, later).problems if "lid 6" in one.because.nl
    ]
    assert warning.severity == "warning"
    assert "hoogstens 30 dagen" in warning.because.nl


def test_a_person_says_how_the_term_was_agreed(administration: UUID) -> None:
    take_in(administration, make_record("F-1"), make_record("F-2"))
    owner, slug = sign_in(make_person(administration)), slug_of(administration)
    address, page = f"/{slug}/debiteuren/1001/termijn/", f"/{slug}/facturen/F-1/"
    assert "Nog geen verzuim" in owner.get(page).content.decode()
    said = owner.post(address, {"how": "contract", "invoice": "F-1"})
    assert said["Location"] == page
    shown = owner.get(page).content.decode()
    assert "In verzuim vanaf 15 maart 2026" in shown
    assert "afgesproken" in shown
    assert "Nog geen verzuim" in owner.get(f"/{slug}/facturen/F-2/").content.decode()
    # The same file again, or another with the same due date, leaves what a person said.
    take_in(administration, make_record("F-1"))
    assert "In verzuim vanaf 15 maart 2026" in owner.get(page).content.decode()
    owner.post(address, {"how": "general_terms"})
    assert "In verzuim vanaf" in owner.get(f"/{slug}/facturen/F-2/").content.decode()
    timeline = owner.get(f"/{slug}/debiteuren/1001/").content.decode()
    assert "Vastgelegd hoe de termijn is afgesproken" in timeline
    owner.post(address, {"how": "none", "invoice": "F-1", "all": "yes"})
    for number in ("F-1", "F-2"):
        told = owner.get(f"/{slug}/facturen/{number}/").content.decode()
        assert "Nog geen verzuim" in told
    later = make_record("F-1", issued_on=ISSUED_ON, due_on=date(2026, 3, 20))
    take_in(administration, later)
    assert "staat op de factuur" in owner.get(page).content.decode()
    assert owner.post(address, {"how": "anders", "invoice": "F-1"}).status_code == 302
    assert owner.post(f"/{slug}/debiteuren/999/termijn/", {"how": "none"}).status_code == 404


def test_the_invoice_says_from_when_the_debtor_is_in_default(administration: UUID) -> None:
    take_in(administration, make_record())
    owner = sign_in(make_person(administration))
    page = owner.get(f"/{slug_of(administration)}/facturen/2026-0412/").content.decode()
    assert "Nog geen verzuim: de termijn is niet afgesproken" in page
