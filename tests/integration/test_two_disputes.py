"""Two disputes of one invoice in which the debtor was right: each waits for its own credit note."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from tests.integration.case_office import REMIND_ON, find_ids, make_office, told
from tests.integration.office import make_record, take_in

from tijdig.cases.actions import disputes
from tijdig.cases.queries.lists import count_waiting, list_cases
from tijdig.dunning.queries.facts import load_facts
from tijdig.intake.records import InvoiceRecord
from tijdig.tenants.scope import administration_scope

FIRST_ON, SECOND_ON, CREDIT_ON = date(2026, 3, 16), date(2026, 3, 17), date(2026, 3, 18)


def accept(cents: int, day: date) -> UUID:
    _, invoice_id = find_ids()
    one = disputes.open(invoice_id=invoice_id, cents=cents, category="price", **told(day))
    disputes.accept(one, answer="De offerte was lager.", root_cause="price", **told(day))
    return one


def make_credit(number: str, cents: int) -> InvoiceRecord:
    record = make_record(number, due_on=CREDIT_ON, issued_on=CREDIT_ON, cents=cents)
    return replace(record, credited_number="2026-0412")


def list_aside() -> list[tuple[str, int | None]]:
    (facts,) = load_facts([find_ids()[0]], today=REMIND_ON, rehearsal=False)
    return [(one.stop.kind, one.cents) for item in facts.items for one in item.set_asides]


def list_to_credit() -> list[tuple[UUID, int]]:
    return sorted((row.id, row.cents) for row in list_cases(("credit",), today=REMIND_ON))


def test_one_credit_note_covers_one_of_two_disputes(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        first, second = accept(2_100, FIRST_ON), accept(3_000, SECOND_ON)
        both = sorted([("credit_promised", 2_100), ("credit_promised", 3_000)])
        assert sorted(list_aside()) == both
        assert list_to_credit() == sorted([(first, 2_100), (second, 3_000)])
    take_in(administration, make_credit("C-1", -2_100), today=CREDIT_ON)
    with administration_scope(administration):
        assert list_aside() == [("credit_promised", 3_000)]
        assert (list_to_credit(), count_waiting()["credits"]) == ([(second, 3_000)], 1)
        # Somebody says that the first was made: that credit note stays used.
        disputes.mark_credited(first, **told(CREDIT_ON))
        assert list_aside() == [("credit_promised", 3_000)]
    take_in(administration, make_credit("C-2", -1_000), today=REMIND_ON)
    with administration_scope(administration):
        assert list_aside() == [("credit_promised", 2_000)]
        assert list_to_credit() == [(second, 2_000)]
    take_in(administration, make_credit("C-3", -2_000), today=REMIND_ON)
    with administration_scope(administration):
        assert (list_aside(), list_to_credit(), count_waiting()["credits"]) == ([], [], 0)


def test_what_was_credited_takes_no_place_in_the_list(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        _, second = accept(2_100, FIRST_ON), accept(3_000, SECOND_ON)
    take_in(administration, make_credit("C-1", -2_100), today=CREDIT_ON)
    with administration_scope(administration):
        rows = list_cases(("credit",), today=REMIND_ON, limit=1)
        assert [(row.id, row.cents) for row in rows] == [(second, 3_000)]
        assert [row.kind for row in list_cases(today=REMIND_ON, limit=None)] == ["credit"]


def test_a_credit_note_of_that_day_is_of_an_objection_that_came_before_it(database: None) -> None:
    """What was credited in the morning is not the answer to what is said in the afternoon."""
    administration = make_office()
    take_in(administration, make_credit("C-1", -2_100), today=FIRST_ON)
    with administration_scope(administration):
        one = accept(2_100, FIRST_ON)
        assert list_to_credit() == [(one, 2_100)]
    take_in(administration, make_credit("C-2", -2_100), today=FIRST_ON)
    with administration_scope(administration):
        assert list_to_credit() == []
