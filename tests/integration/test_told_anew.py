"""A special situation that is told anew: nothing goes out in between, and no day of it is lost."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.case_office import told
from tests.integration.office import make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    lines,
    live,
    make_pupil,
    make_school,
    sent,
)
from tests.integration.test_protected_afterwards import BEWINDVOERDER, live_on, mark

from tijdig.core.problem import Refusal
from tijdig.ledger.actions import flags
from tijdig.ledger.actions.flags import Representative
from tijdig.ledger.models import Debtor, DebtorFlag
from tijdig.ledger.queries.protections import load_protections
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

BEGAN_ON, AGAIN_ON, NEXT_MONTH = date(2026, 3, 3), date(2026, 3, 5), date(2026, 4, 1)


@pytest.fixture
def school(database: None) -> UUID:
    """A pupil whose reminder would go out on 9 March."""
    school = make_school()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil()))
    return school


def list_standing(school: UUID) -> list[tuple[date, date | None]]:
    with administration_scope(school):
        rows = DebtorFlag.objects.filter(lifted_on=None).order_by("from_on")
        return list(rows.values_list("from_on", "until_on"))


@pytest.mark.parametrize("kind", ["bewind", "wsnp", "debt_help", "no_contact"])
def test_a_first_day_ahead_does_not_end_what_stands(school: UUID, kind: str) -> None:
    """Another bewindvoerder from next month: until then nobody writes to the debtor himself."""
    mark(school, kind, from_on=BEGAN_ON, today=BEGAN_ON)
    with pytest.raises(Refusal, match="al sinds 3 maart 2026"):
        mark(school, kind, from_on=NEXT_MONTH, instead=BEWINDVOERDER, today=AGAIN_ON)
    live(school, date(2026, 3, 6), date(2026, 3, 31))
    assert sent(school) == []
    assert list_standing(school) == [(BEGAN_ON, None)]


def list_addressees(school: UUID) -> list[tuple[date, bool, bool]]:
    """Per message its day, and which of the two it went to."""
    with administration_scope(school):
        days = dict(Message.objects.values_list("id", "planned_on"))
        bodies = MessageBody.objects.values_list("message_id", "text")
        return [(days[one], "Bewind BV" in text, "Ander Bewind" in text) for one, text in bodies]


@pytest.mark.parametrize("kind", ["bewind", "curatele"])
def test_another_who_acts_later_is_recorded_then_and_who_acts_now_is_written_to(
    school: UUID, kind: str
) -> None:
    """The refusal does not send anybody to end it first: he would be written to himself."""
    mark(school, kind, from_on=BEGAN_ON, instead=BEWINDVOERDER, today=BEGAN_ON)
    with pytest.raises(Refusal, match="leg het dan op die dag vast") as refused:
        mark(school, kind, from_on=NEXT_MONTH, instead=Representative("Ander"), today=AGAIN_ON)
    assert "alleen als het voorbij is: dan gaat alles naar de klant zelf" in str(refused.value)
    live(school, date(2026, 3, 6), date(2026, 3, 31))
    other = replace(BEWINDVOERDER, representative="Ander Bewind", street="Kade 2")
    mark(school, kind, instead=other, today=NEXT_MONTH)
    live(school, NEXT_MONTH, date(2026, 5, 8))
    acted = list_addressees(school)
    assert {one[1:] for one in acted if one[0] < NEXT_MONTH} == {(True, False)}
    assert {one[1:] for one in acted if one[0] >= NEXT_MONTH} == {(False, True)}


def test_a_curator_is_written_to_and_no_bewindvoerder_of_before_him(school: UUID) -> None:
    """An administration order ends by guardianship, whether anybody ends it here or not."""
    mark(school, "bewind", from_on=BEGAN_ON, instead=BEWINDVOERDER, today=BEGAN_ON)
    live(school, date(2026, 3, 6), date(2026, 3, 10))
    other = replace(BEWINDVOERDER, representative="Ander Bewind", street="Kade 2")
    told_on = date(2026, 3, 11)
    mark(school, "curatele", instead=other, today=told_on)
    live(school, told_on, date(2026, 4, 3))
    acted = list_addressees(school)
    assert {one[1:] for one in acted if one[0] < told_on} == {(True, False)}
    assert {one[1:] for one in acted if one[0] >= told_on} == {(False, True)}


def test_a_later_first_day_takes_no_day_of_what_stands(school: UUID) -> None:
    mark(school, "wsnp", from_on=BEGAN_ON, today=BEGAN_ON)
    with pytest.raises(Refusal, match="niet meer zo"):
        mark(school, "wsnp", from_on=AGAIN_ON, today=AGAIN_ON)
    mark(school, "wsnp", from_on=BEGAN_ON - timedelta(days=1), today=AGAIN_ON)
    assert list_standing(school) == [(BEGAN_ON - timedelta(days=1), None)]


def test_without_a_day_the_one_that_stands_is_kept(school: UUID) -> None:
    mark(school, "bewind", from_on=BEGAN_ON, today=BEGAN_ON)
    mark(school, "bewind", instead=BEWINDVOERDER, today=AGAIN_ON)
    assert list_standing(school) == [(BEGAN_ON, None)]
    with administration_scope(school):
        assert DebtorFlag.objects.get(lifted_on=None).street == BEWINDVOERDER.street


def test_what_goes_on_longer_than_was_thought_gets_another_last_day(school: UUID) -> None:
    """Debt help until the end of the month, and a letter that says that it goes on after it."""
    last_on = date(2026, 3, 31)
    mark(school, "debt_help", from_on=BEGAN_ON, until_on=last_on, today=BEGAN_ON)
    with pytest.raises(Refusal, match="al sinds"):
        mark(school, "debt_help", from_on=NEXT_MONTH, today=AGAIN_ON)
    mark(school, "debt_help", until_on=date(2026, 4, 30), today=AGAIN_ON)
    assert list_standing(school) == [(BEGAN_ON, date(2026, 4, 30))]
    live(school, date(2026, 3, 6), date(2026, 4, 30))
    assert sent(school) == []


def test_one_that_is_over_by_its_own_day_may_begin_once_more(school: UUID) -> None:
    mark(school, "debt_help", from_on=BEGAN_ON, until_on=BEGAN_ON, today=BEGAN_ON)
    mark(school, "debt_help", today=AGAIN_ON)
    assert list_standing(school) == [(AGAIN_ON, None)]


def list_days(school: UUID) -> list[tuple[date, date | None]]:
    """The days of every situation of him that counts."""
    with administration_scope(school):
        debtor_id = Debtor.objects.get().id
        found = load_protections([debtor_id]).get(debtor_id, ())
        return [(one.from_on, one.until_on) for one in found]


@pytest.mark.parametrize("kind", ["debt_help", "bewind"])
def test_two_periods_that_are_told_on_one_day_both_count(school: UUID, kind: str) -> None:
    """Debt help, or a bewindvoerder, in the term of the letter, and again from later on."""
    live(school, date(2026, 3, 9), DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]
    last, told_on = date(2026, 4, 10), date(2026, 4, 20)
    mark(school, kind, from_on=BEGAN_ON, until_on=last, today=told_on)
    mark(school, kind, from_on=date(2026, 4, 18), instead=BEWINDVOERDER, today=told_on)
    live_on(school, told_on)
    assert [cents for _, cents, _ in lines(school)] == [0]
    assert list_days(school) == [(BEGAN_ON, last), (date(2026, 4, 18), None)]


def test_one_that_is_over_and_is_told_anew_the_same_day_from_no_later_day_was_a_mistake(
    school: UUID,
) -> None:
    mark(school, "debt_help", from_on=BEGAN_ON, until_on=BEGAN_ON, today=AGAIN_ON)
    first = BEGAN_ON - timedelta(days=1)
    mark(school, "debt_help", from_on=first, until_on=BEGAN_ON, today=AGAIN_ON)
    assert list_days(school) == [(first, BEGAN_ON)]


@pytest.mark.parametrize("kind", ["bewind", "wsnp", "debt_help"])
def test_an_earlier_period_that_is_over_ends_nothing_that_stands(school: UUID, kind: str) -> None:
    """A former bewindvoerder, told later: the one of now is written to, and nobody himself."""
    mark(school, kind, from_on=BEGAN_ON, today=BEGAN_ON)
    first, last = date(2026, 1, 5), date(2026, 2, 2)
    mark(school, kind, from_on=first, until_on=last, instead=BEWINDVOERDER, today=AGAIN_ON)
    live(school, date(2026, 3, 6), date(2026, 3, 31))
    assert sent(school) == []
    assert list_standing(school) == [(BEGAN_ON, None)]
    assert list_days(school) == [(first, last), (BEGAN_ON, None)]
    with administration_scope(school):
        told = [one.data["nl"] for one in Event.objects.filter(kind="flag_marked").order_by("id")]
    assert told[0].endswith("sinds 3 maart 2026.")
    assert told[1].endswith("sinds 5 januari 2026 tot en met 2 februari 2026.")


def test_a_period_before_one_that_is_still_to_begin_is_refused(school: UUID) -> None:
    """What holds now and what begins later cannot both stand: nothing is lost unseen."""
    mark(school, "debt_help", from_on=NEXT_MONTH, today=BEGAN_ON)
    with pytest.raises(Refusal, match="Laat de laatste dag leeg"):
        mark(school, "debt_help", until_on=date(2026, 3, 20), today=AGAIN_ON)
    assert list_standing(school) == [(NEXT_MONTH, None)]


def test_two_periods_of_one_day_both_count_in_whatever_order_they_are_told(school: UUID) -> None:
    first, told_on = BEGAN_ON - timedelta(days=9), AGAIN_ON
    mark(school, "debt_help", from_on=BEGAN_ON, until_on=BEGAN_ON, today=told_on)
    mark(school, "debt_help", from_on=first, until_on=first, today=told_on)
    assert list_days(school) == [(first, first), (BEGAN_ON, BEGAN_ON)]


@pytest.mark.parametrize("is_again", [False, True])
def test_an_end_that_is_told_later_leaves_no_day_after_it(school: UUID, is_again: bool) -> None:
    """A WSNP that ended in March, told in April: no line says that it went on until that day."""
    last, told_on = date(2026, 3, 31), date(2026, 4, 20)
    mark(school, "wsnp", from_on=BEGAN_ON, today=AGAIN_ON)
    if is_again:
        mark(school, "wsnp", until_on=date(2026, 6, 30), today=date(2026, 3, 9))
    mark(school, "wsnp", until_on=last, today=told_on)
    first_until = date(2026, 3, 9) if is_again else last
    assert list_days(school) == [(BEGAN_ON, first_until), *[(BEGAN_ON, last)] * (1 + is_again)]


def test_an_insolvency_that_is_over_is_to_be_ended_first(school: UUID) -> None:
    flag_id = mark(school, "wsnp", from_on=BEGAN_ON, until_on=BEGAN_ON, today=BEGAN_ON)
    with pytest.raises(Refusal, match="al sinds"):
        mark(school, "wsnp", from_on=NEXT_MONTH, today=AGAIN_ON)
    with administration_scope(school):
        flags.lift(flag_id, **told(AGAIN_ON))  # type: ignore[arg-type]
    mark(school, "wsnp", from_on=NEXT_MONTH, today=AGAIN_ON)
    assert list_standing(school) == [(NEXT_MONTH, None)]


def test_the_form_leaves_the_first_day_open(school: UUID) -> None:
    address = f"/{slug_of(school)}/debiteuren/1001/bijzonderheden/situatie/"
    client = sign_in(make_person(school))
    assert "of de dag die er al staat" in client.get(address).content.decode()
    assert client.post(address, {"kind": "vulnerable", "source": "brief"}).status_code == 302
    assert client.post(address, {"kind": "vulnerable", "source": "belde"}).status_code == 302
    assert len(list_standing(school)) == 1
