"""Whom to call, on the facts of this moment: a stop or a payment since the run counts at once."""

from datetime import date
from uuid import UUID

import pytest
from tests.integration.books import make_payment, make_statement, take
from tests.integration.case_office import CASES, REMIND_ON, make_office
from tests.integration.mail import mail_sink
from tests.integration.office import at
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.actions.run import run
from tijdig.dunning.models import Run
from tijdig.dunning.queries.pages import CallList, count_open_calls, list_calls
from tijdig.tenants.scope import administration_scope

CALL_ON = date(2026, 3, 31)


@pytest.fixture
def office(database: None) -> UUID:
    """One debtor whom the run of the day asks to call."""
    administration = make_office()
    with mail_sink():
        live_one_day(administration, today=REMIND_ON, now=at(REMIND_ON))
    run(administration, today=CALL_ON, now=at(CALL_ON))
    return administration


def calls_of(administration: UUID) -> CallList:
    with administration_scope(administration):
        return list_calls(today=CALL_ON, rehearsal=False, limit=5)


def said_of(administration: UUID) -> list[str]:
    made = calls_of(administration)
    assert made.to_make == ()
    return [because.nl for _, because in made.left_alone]


@pytest.mark.parametrize("kind", sorted(CASES))
def test_a_stop_takes_the_call_off_the_list_and_says_why(office: UUID, kind: str) -> None:
    before = calls_of(office)
    assert ([row.debtor_number for row in before.to_make], before.left_alone) == (["1001"], ())
    with administration_scope(office):
        one = CASES[kind].open(CALL_ON)
    (said,) = said_of(office)
    assert said
    with administration_scope(office):
        CASES[kind].close(one, CALL_ON)
    assert calls_of(office) == before


def test_who_has_paid_is_off_the_list(office: UUID) -> None:
    paid = make_statement(make_payment(12_100, "2026-0412", on=CALL_ON))
    take(office, paid, day=CALL_ON)
    assert said_of(office) == ["Niets gedaan: er staat niets open."]


def test_the_next_run_keeps_a_stopped_call_off_the_count(office: UUID) -> None:
    with administration_scope(office):
        CASES["dispute"].open(CALL_ON)
    run(office, today=date(2026, 4, 1), now=at(date(2026, 4, 1)))
    with administration_scope(office):
        assert count_open_calls(today=date(2026, 4, 1), rehearsal=False) == 0


def test_the_count_in_the_menu_follows_a_stop_and_its_end_at_once(office: UUID) -> None:
    def count() -> int:
        with administration_scope(office):
            return count_open_calls(today=CALL_ON, rehearsal=False)

    assert count() == 1
    with administration_scope(office):
        dispute = CASES["dispute"].open(CALL_ON)
    assert count() == 0
    with administration_scope(office):
        CASES["dispute"].close(dispute, CALL_ON)
    assert count() == 1
    take(office, make_statement(make_payment(12_100, "2026-0412", on=CALL_ON)), day=CALL_ON)
    assert count() == 0


def test_the_page_says_whom_not_to_call_and_why(office: UUID) -> None:
    client = sign_in(make_person(office))
    address = f"/{slug_of(office)}/vandaag/"
    assert "Nu niet bellen" not in client.get(address).content.decode()
    with administration_scope(office):
        CASES["dispute"].open(CALL_ON)
    page = client.get(address).content.decode()
    assert "Nu niet bellen" in page
    assert "Er hoeft vandaag niemand gebeld te worden." in page
    assert "factuur 2026-0412 is betwist" in page


def test_reasons_that_read_the_same_are_one_with_their_sum(office: UUID) -> None:
    with administration_scope(office):
        Run.objects.update(because={"stop_dispute": 2, "nothing_open": 9, "stop_promise": 3})
    page = sign_in(make_person(office)).get(f"/{slug_of(office)}/vandaag/").content.decode()
    words = "De debiteur krijgt nu geen berichten; de reden staat bij het besluit."
    assert page.count(words) == 1
    assert f"<strong>5</strong> {words}" in page
