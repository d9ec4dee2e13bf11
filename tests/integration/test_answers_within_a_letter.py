"""An answer to an objection says what the fourteen-day letter does: which costs, and from when."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.case_office import find_ids, told
from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LAST_DAY,
    LETTER_ON,
    lines,
    live,
    make_pupil,
    make_school,
)
from tests.integration.test_costs_in_two_turns import pay

from tijdig.cases.actions import disputes
from tijdig.dunning.models import Decision
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.scope import administration_scope

DAY = timedelta(days=1)
WITHIN = date(2026, 3, 30)
VAT = {"uses_collection_service": True, "can_reclaim_vat": False}


def make_late(cents: int = 12_100, *more: str, **rules: object) -> UUID:
    """A school whose pupil got a letter about every one of his invoices."""
    administration = make_school(**rules)
    for number in ("2026-0412", *more):
        record = make_record(number, cents=cents, due_on=DUE_ON, debtor=make_pupil())
        take_in(administration, record)
    live(administration, date(2026, 3, 9), LETTER_ON)
    return administration


def object_on(school: UUID, day: date, cents: int) -> UUID:
    with administration_scope(school):
        _, invoice_id = find_ids()
        return disputes.open(invoice_id=invoice_id, cents=cents, category="price", **told(day))


def decline(school: UUID, one: UUID, day: date) -> None:
    with administration_scope(school):
        disputes.decline(one, answer="Zo besteld.", root_cause="none", **told(day))


def object_and_hear(school: UUID, objected_on: date, answered_on: date, cents: int) -> None:
    live(school, LETTER_ON + DAY, objected_on - DAY)
    one = object_on(school, objected_on, cents)
    if answered_on > objected_on:
        live(school, objected_on, answered_on - DAY)
    decline(school, one, answered_on)
    live(school, answered_on, answered_on)


def read_answer(school: UUID) -> tuple[str, date | None]:
    """The words of the answer, and the day that it gives."""
    with administration_scope(school):
        one = Message.objects.get(phase="case")
        return " ".join(MessageBody.objects.get(message=one).text.split()), one.pay_by_on


@pytest.mark.parametrize(
    ("rules", "costs", "vat"),
    [({}, 4_000, ""), (VAT, 4_840, "Daarin zit € 8,40 btw.")],
)
def test_within_the_term_it_names_the_day_and_the_costs_of_the_letter(
    database: None, rules: dict[str, object], costs: int, vat: str
) -> None:
    school = make_late(**rules)
    object_and_hear(school, WITHIN - 2 * DAY, WITHIN, 12_100)
    words, until_on = read_answer(school)
    assert until_on == LAST_DAY
    named = f"Die kosten zijn € {costs // 100},{costs % 100:02}."
    assert (
        "Wilt u dat betalen? Dat kan tot en met 13 april 2026. Betaalt u niet binnen die tijd? "
        "Dan moet u ook incassokosten betalen. Dat schreven wij u op 24 maart 2026. "
        f"{named} {vat}".strip()
    ) in words
    with administration_scope(school):
        because = Decision.objects.get(on=WITHIN).because_nl
    assert because.endswith(
        "staat open. Na 13 april 2026 komt er "
        f"€ {costs // 100},{costs % 100:02} aan incassokosten bij."
    )
    live(school, WITHIN + DAY, DEMAND_ON)
    assert lines(school) == [("costs", costs, DEMAND_ON)]


def test_after_the_term_the_costs_of_the_letter_still_follow(database: None) -> None:
    school = make_late()
    object_and_hear(school, WITHIN, DEMAND_ON + DAY, 12_100)
    words, until_on = read_answer(school)
    assert until_on == DEMAND_ON + 8 * DAY
    assert "Dat kan tot en met 22 april 2026. Betaalt u niet binnen die tijd?" in words
    assert "Die kosten zijn € 40,00." in words
    live(school, DEMAND_ON + 2 * DAY, date(2026, 5, 1))
    assert [line[:2] for line in lines(school)] == [("costs", 4_000)]


def test_a_later_day_than_that_of_the_letter_says_that_a_new_one_comes_first(
    database: None,
) -> None:
    school = make_late()
    object_and_hear(school, LAST_DAY - 4 * DAY, LAST_DAY - 3 * DAY, 12_100)
    words, until_on = read_answer(school)
    assert until_on == LAST_DAY + 4 * DAY
    assert (
        "Dat kan tot en met 17 april 2026. Dat is later dan in onze brief van 24 maart 2026. "
        "Daarom komen de kosten uit die brief er niet bij. Betaalt u niet binnen deze tijd? Dan "
        "krijgt u eerst een nieuwe brief. Daarin staat welke kosten er dan bij komen, en wanneer."
    ) in words
    assert "€ 40,00" not in words
    live(school, LAST_DAY - 2 * DAY, date(2026, 4, 24))
    assert lines(school) == []


def test_what_was_paid_within_the_term_lowers_the_costs_that_it_names(database: None) -> None:
    school = make_late(100_000)
    pay(school, 60_000, LETTER_ON + DAY, ("2026-0412", 60_000))
    live(school, LETTER_ON + 2 * DAY, WITHIN - DAY)
    one = object_on(school, WITHIN, 40_000)
    decline(school, one, WITHIN)
    live(school, WITHIN, WITHIN)
    words, _ = read_answer(school)
    assert "Die kosten zijn € 60,00." in words
    live(school, WITHIN + DAY, DEMAND_ON)
    assert lines(school) == [("costs", 6_000, DEMAND_ON)]


def test_what_was_paid_after_the_term_lowers_them_no_more(database: None) -> None:
    school = make_late(100_000)
    live(school, LETTER_ON + DAY, WITHIN - DAY)
    one = object_on(school, WITHIN, 100_000)
    pay(school, 60_000, LAST_DAY + 2 * DAY, ("2026-0412", 60_000))
    decline(school, one, LAST_DAY + 4 * DAY)
    live(school, LAST_DAY + 4 * DAY, LAST_DAY + 4 * DAY)
    words, _ = read_answer(school)
    assert "Die kosten zijn € 150,00." in words
    live(school, LAST_DAY + 5 * DAY, date(2026, 5, 5))
    assert [line[:2] for line in lines(school)] == [("costs", 15_000)]


def test_who_was_right_about_a_part_reads_the_costs_over_the_rest(database: None) -> None:
    school = make_late(100_000)
    live(school, LETTER_ON + DAY, WITHIN - DAY)
    one = object_on(school, WITHIN, 60_000)
    with administration_scope(school):
        disputes.accept(one, answer="Klopt.", root_cause="price", **told(WITHIN))
    live(school, WITHIN, WITHIN)
    words, until_on = read_answer(school)
    assert until_on == LAST_DAY
    assert "Die kosten zijn € 60,00." in words
    live(school, WITHIN + DAY, DEMAND_ON)
    assert lines(school) == [("costs", 6_000, DEMAND_ON)]


def test_costs_over_more_invoices_are_named_together(database: None) -> None:
    school = make_late(30_000, "2026-0413")
    object_and_hear(school, WITHIN - DAY, WITHIN, 5_000)
    words, _ = read_answer(school)
    assert "Die kosten zijn € 90,00. Dat is samen voor alle facturen in die brief." in words
    live(school, WITHIN + DAY, DEMAND_ON)
    assert lines(school) == [("costs", 9_000, DEMAND_ON)]


def test_where_the_costs_were_claimed_already_none_are_named(database: None) -> None:
    school = make_late()
    live(school, LETTER_ON + DAY, DEMAND_ON)
    one = object_on(school, DEMAND_ON + DAY, 12_100)
    decline(school, one, DEMAND_ON + DAY)
    live(school, DEMAND_ON + DAY, DEMAND_ON + DAY)
    words, _ = read_answer(school)
    assert "incassokosten" not in words
    assert "brief van 24 maart" not in words
