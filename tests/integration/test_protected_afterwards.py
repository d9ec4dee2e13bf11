"""Bankruptcy, debt help or an administration order that is recorded after it began."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.case_office import told
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_business_claims import DEMAND_ON as DEMANDED_ON
from tests.integration.test_business_claims import allocated, asked, live_to_demand, make_office
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LETTER_ON,
    lines,
    live,
    make_pupil,
    make_school,
    sent,
)

from tijdig.core.problem import Refusal
from tijdig.dunning.actions.days import live_one_day
from tijdig.ledger.actions import flags
from tijdig.ledger.actions.flags import Representative
from tijdig.ledger.belongings.models import Look
from tijdig.ledger.models import Debtor, DebtorFlag
from tijdig.tenants.scope import administration_scope

NEXT = LETTER_ON + timedelta(days=1)
KNOWN_ON = date(2026, 4, 20)
BEWINDVOERDER = Representative("Bewind BV", street="Laan 1", postal_code="1234 AB", city="Utrecht")


def make(**declared: object) -> UUID:
    """A pupil of whom the letter goes out on 24 March; it names 13 April."""
    school = make_school(**declared)
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(school, date(2026, 3, 9), LETTER_ON)
    return school


def mark(school: UUID, kind: str, *, today: date, **what: object) -> UUID:
    with administration_scope(school):
        debtor_id = Debtor.objects.get().id
        return flags.mark(debtor_id=debtor_id, kind=kind, source="brief", **what, **told(today))  # type: ignore[arg-type]


def live_on(school: UUID, *days: date) -> None:
    for day in days:
        live_one_day(school, today=day, now=at(day))


@pytest.mark.parametrize(
    ("kind", "from_on", "costs"),
    [("wsnp", DEMAND_ON, 0), ("wsnp", KNOWN_ON, 4_000), ("debt_help", NEXT, 0)],
)
def test_costs_of_a_letter_whose_term_ended_in_it_are_taken_back(
    database: None, kind: str, from_on: date, costs: int
) -> None:
    school = make()
    live(school, NEXT, DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]
    mark(school, kind, from_on=from_on, today=KNOWN_ON)
    live_on(school, KNOWN_ON)
    assert [cents for _, cents, _ in lines(school)] == [costs]


def test_interest_of_the_days_in_a_wsnp_is_taken_back_and_that_of_before_stays(
    database: None,
) -> None:
    school = make(interest_from="everybody")
    live(school, NEXT, DEMAND_ON)
    claimed = [(kind, cents) for kind, cents, _ in lines(school)]
    # € 121,00 at 4% from 17 March to 14 April: 29 days.
    assert claimed == [("costs", 4_000), ("interest", 38)]
    mark(school, "wsnp", from_on=date(2026, 4, 1), today=KNOWN_ON)
    live_on(school, KNOWN_ON)
    # 17 to 31 March: fifteen days.
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 0), ("interest", 20)]


@pytest.mark.parametrize(("days", "costs"), [(0, 0), (-3, 0), (1, 87_500)])
def test_costs_of_a_business_since_its_bankruptcy_are_taken_back(
    database: None, sink: SmtpSink, days: int, costs: int
) -> None:
    office = make_office()
    live_to_demand(office)
    assert asked(office, "costs") == 87_500
    from_on, day = DEMANDED_ON + timedelta(days=days), DEMANDED_ON + timedelta(days=5)
    mark(office, "faillissement", from_on=from_on, today=day)
    live_on(office, day)
    assert asked(office, "costs") == costs
    last_on = min(DEMANDED_ON, from_on - timedelta(days=1))
    assert asked(office) == allocated([], end_on=last_on)


def test_a_term_that_ran_in_a_moratorium_asks_for_a_new_letter(database: None) -> None:
    school = make()
    day, until_on = date(2026, 3, 30), date(2026, 4, 30)
    live(school, NEXT, day - timedelta(days=1))
    mark(school, "moratorium", until_on=until_on, today=day)
    live(school, day, date(2026, 5, 8))
    assert lines(school) == []
    assert [key for _, key, _ in sent(school)][2:] == ["veertiendagenbrief_2"]


def test_after_a_wsnp_nothing_goes_out_until_a_person_says_that_it_may(database: None) -> None:
    school = make()
    until_on = date(2026, 4, 10)
    instead = replace(BEWINDVOERDER, email="bewind@example.nl", phone="030-1234567")
    flag_id = mark(school, "wsnp", until_on=until_on, instead=instead, today=NEXT)
    live(school, NEXT + timedelta(days=1), date(2026, 5, 29))
    assert [key for _, key, _ in sent(school)] == ["reminder", "veertiendagenbrief"]
    with administration_scope(school):
        assert Look.objects.get().standing_reason == "stop_insolvency_over"
    owner = sign_in(make_person(school))
    page = owner.get(f"/{slug_of(school)}/vandaag/").content.decode()
    assert "Insolventie is voorbij" in page
    start = f"/{slug_of(school)}/bijzonderheden"
    address = f"{start}/flag/{flag_id}/"
    for of_all in (f"{start}/?tab=flag", f"/{slug_of(school)}/debiteuren/1001/"):
        assert address in owner.get(of_all).content.decode()
    case = owner.get(address).content.decode()
    assert "was tot en met 10-04-2026, zeg hoe het eindigde" in case
    assert "Bewind BV, bewind@example.nl, 030-1234567, Laan 1, 1234 AB Utrecht" in case
    assert owner.post(address, {"do": "end"}).status_code == 302
    assert owner.get(address).status_code == 404
    live(school, date(2026, 5, 30), date(2026, 6, 8))
    assert [key for _, key, _ in sent(school)][2:] == ["veertiendagenbrief_2"]


def test_a_moratorium_without_a_last_day_is_a_task_after_six_months(database: None) -> None:
    """It never ends by itself: a person says how things are."""
    school = make()
    began_on = date(2025, 10, 27)
    with pytest.raises(Refusal, match="hoogstens 6 maanden"):
        mark(school, "moratorium", from_on=began_on, until_on=date(2026, 4, 28), today=NEXT)
    flag_id = mark(school, "moratorium", from_on=began_on, today=NEXT)
    live(school, NEXT + timedelta(days=1), date(2026, 4, 27))
    owner, start = sign_in(make_person(school)), f"/{slug_of(school)}"
    task = "Moratorium duurt te lang"
    assert task not in owner.get(f"{start}/vandaag/").content.decode()
    live(school, date(2026, 4, 28), date(2026, 6, 30))
    assert [key for _, key, _ in sent(school)] == ["reminder", "veertiendagenbrief"]
    with administration_scope(school):
        assert Look.objects.get().standing_reason == "stop_rest_overlong"
    page = owner.get(f"{start}/vandaag/").content.decode()
    assert task in page
    address = f"{start}/bijzonderheden/flag/{flag_id}/"
    assert "langer dan de wet toestaat" in owner.get(address).content.decode()
    assert owner.post(address, {"do": "end"}).status_code == 302
    live(school, date(2026, 7, 1), date(2026, 7, 10))
    assert [key for _, key, _ in sent(school)][2:] == ["veertiendagenbrief_2"]


@pytest.mark.parametrize(
    ("kind", "cause"),
    [("bewind", "Adres van de bewindvoerder"), ("curatele", "Adres van de curator")],
)
def test_who_waits_for_the_address_of_who_acts_for_him_is_seen(
    database: None, kind: str, cause: str
) -> None:
    school = make()
    mark(school, kind, today=NEXT)
    live(school, NEXT + timedelta(days=1), DEMAND_ON)
    page = sign_in(make_person(school)).get(f"/{slug_of(school)}/vandaag/").content.decode()
    assert f"{cause} ontbreekt" in page


def test_a_situation_that_was_ended_before_it_began_changes_nothing(database: None) -> None:
    school = make()
    live(school, NEXT, NEXT)
    begins_on, day = date(2026, 4, 10), date(2026, 4, 1)
    flag_id = mark(school, "debt_help", from_on=begins_on, today=NEXT)
    live(school, NEXT + timedelta(days=1), day)
    with administration_scope(school):
        flags.lift(flag_id, **told(day))  # type: ignore[arg-type]
    live(school, day + timedelta(days=1), DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]


def test_a_letter_to_who_was_under_bewind_himself_brings_no_costs(database: None) -> None:
    school = make()
    day = date(2026, 3, 30)
    live(school, NEXT, day - timedelta(days=1))
    mark(school, "bewind", from_on=LETTER_ON, instead=BEWINDVOERDER, today=day)
    live(school, day, DEMAND_ON)
    assert lines(school) == []
    assert [key for _, key, _ in sent(school)] == [
        "reminder",
        "veertiendagenbrief",
        "veertiendagenbrief_2",
    ]


def test_a_reminder_to_who_was_under_bewind_himself_puts_nobody_in_default(database: None) -> None:
    school = make()
    day = date(2026, 3, 30)
    live(school, NEXT, day - timedelta(days=1))
    mark(school, "bewind", from_on=date(2026, 3, 1), instead=BEWINDVOERDER, today=day)
    live(school, day, DEMAND_ON)
    assert lines(school) == []
    assert [key for _, key, _ in sent(school)][2:] == ["reminder_again"]


def test_a_letter_to_the_bewindvoerder_counts_also_after_his_address_was_told_anew(
    database: None,
) -> None:
    school = make_school()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil()))
    day = date(2026, 3, 5)
    mark(school, "bewind", instead=BEWINDVOERDER, today=day)
    live(school, date(2026, 3, 9), NEXT)
    mark(school, "bewind", from_on=day, instead=BEWINDVOERDER, today=NEXT)
    live(school, NEXT + timedelta(days=1), DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]


def test_what_was_recorded_by_mistake_and_ended_that_day_changes_nothing(database: None) -> None:
    school = make()
    live(school, NEXT, DEMAND_ON)
    flag_id = mark(school, "wsnp", from_on=date(2026, 4, 1), today=DEMAND_ON)
    with administration_scope(school):
        flags.lift(flag_id, **told(DEMAND_ON))  # type: ignore[arg-type]
        assert DebtorFlag.objects.get().lifted_on == DEMAND_ON
    live_on(school, DEMAND_ON + timedelta(days=1))
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]
