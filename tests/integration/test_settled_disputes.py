"""An accepted dispute ends when its credit note is in the books, and stands again without it."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.integration.case_office import REMIND_ON, find_ids, make_office, told
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_two_disputes import (
    CREDIT_ON,
    FIRST_ON,
    SECOND_ON,
    accept,
    list_aside,
    list_to_credit,
    make_credit,
)
from tests.plugs.ubl_samples import make_ubl

from tijdig.cases.actions import disputes
from tijdig.cases.models import Dispute
from tijdig.cases.queries.lists import count_waiting
from tijdig.ledger.models import Invoice
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event
from tijdig.web.receiving import Received, receive


@pytest.fixture
def office(database: None) -> UUID:
    return make_office()


def state_of(dispute_id: UUID) -> str:
    return Dispute.objects.get(id=dispute_id).state


def settle(day: date = CREDIT_ON) -> None:
    disputes.settle_credited(**told(day))


def kinds_of(dispute_id: UUID) -> list[str]:
    found = Event.objects.filter(subject_id=dispute_id).order_by("id")
    return list(found.values_list("kind", flat=True))[2:]


def test_covered_it_is_settled_and_loaded_no_more(office: UUID) -> None:
    with administration_scope(office):
        first, second = accept(2_100, FIRST_ON), accept(3_000, SECOND_ON)
    take_in(office, make_credit("C-1", -2_100), today=CREDIT_ON)
    with administration_scope(office):
        settle()
        assert (state_of(first), state_of(second)) == ("settled", "accepted")
        assert list_aside() == [("credit_promised", 3_000)]
        assert (list_to_credit(), count_waiting()["credits"]) == ([(second, 3_000)], 1)
        assert kinds_of(first) == ["dispute_settled"]
        # Once more changes nothing; the credit note stays used, also by what comes later.
        settle()
        assert kinds_of(first) == ["dispute_settled"]
    take_in(office, make_credit("C-2", -3_000), today=REMIND_ON)
    with administration_scope(office):
        settle(REMIND_ON)
        assert (state_of(second), list_aside(), count_waiting()["credits"]) == ("settled", [], 0)


def test_without_its_credit_note_it_stands_again(office: UUID) -> None:
    with administration_scope(office):
        one = accept(2_100, FIRST_ON)
    take_in(office, make_credit("C-1", -2_100), today=CREDIT_ON)
    with administration_scope(office):
        settle()
        assert state_of(one) == "settled"
    other = replace(make_credit("C-1", -2_100), credited_number="2026-0413")
    take_in(office, other, today=REMIND_ON)
    with administration_scope(office):
        assert Invoice.objects.get(number="C-1").credited_number == "2026-0413"
        # Also before anybody has looked: what is decided goes by the books.
        assert list_aside() == [("credit_promised", 2_100)]
        settle(REMIND_ON)
        assert (state_of(one), count_waiting()["credits"]) == ("accepted", 1)
        assert kinds_of(one) == ["dispute_settled", "dispute_unsettled"]


def test_accepted_after_the_credit_note_it_is_settled_at_once(office: UUID) -> None:
    with administration_scope(office):
        _, invoice_id = find_ids()
        one = disputes.open(invoice_id=invoice_id, cents=2_100, category="price", **told(FIRST_ON))
    take_in(office, make_credit("C-1", -2_100), today=CREDIT_ON)
    with administration_scope(office):
        disputes.accept(one, answer="Klopt.", root_cause="price", **told(CREDIT_ON))
        assert state_of(one) == "settled"
        assert list_aside() == []


def test_a_file_that_brings_the_credit_note_settles_it(office: UUID) -> None:
    with administration_scope(office):
        one = accept(2_100, FIRST_ON)
    take_in(office, make_credit("C-1", -2_100), today=CREDIT_ON)
    with administration_scope(office):
        file = Received("factuur.xml", make_ubl())
        receive([file], today=CREDIT_ON, now=at(CREDIT_ON), actor="test")
        assert state_of(one) == "settled"
    page = sign_in(make_person(office)).get(f"/{slug_of(office)}/debiteuren/1001/")
    assert "Betwisting: gecrediteerd volgens de boeken" in page.content.decode()


def test_who_was_right_is_told_so_also_when_it_is_settled(office: UUID) -> None:
    from tijdig.dunning.queries.facts import load_facts

    with administration_scope(office):
        accept(2_100, FIRST_ON)
    take_in(office, make_credit("C-1", -2_100), today=CREDIT_ON)
    with administration_scope(office):
        before = load_facts([find_ids()[0]], today=REMIND_ON, rehearsal=False)
        settle()
        assert load_facts([find_ids()[0]], today=REMIND_ON, rehearsal=False) == before


def test_a_settled_part_can_be_followed_by_another_objection(office: UUID) -> None:
    with administration_scope(office):
        accept(2_100, FIRST_ON)
    take_in(office, make_record("2026-0500", due_on=CREDIT_ON), today=CREDIT_ON)
    take_in(office, make_credit("C-1", -2_100), today=CREDIT_ON)
    with administration_scope(office):
        settle()
        assert accept(3_000, CREDIT_ON) is not None
        assert list_aside() == [("credit_promised", 3_000)]
