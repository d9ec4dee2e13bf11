"""The list after the last demand is about what is owed: credits and kept money taken off."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import make_payment, make_statement, reason_of, take
from tests.integration.office import at, make_administration, make_record, take_in
from tests.integration.test_after_last_demand import (
    DUE_ON,
    EXPIRED_ON,
    LADDER,
    live,
    live_until_expired,
)

from tijdig.banking.actions import keeping
from tijdig.banking.models import BankLine
from tijdig.dunning.actions import outcomes
from tijdig.dunning.actions.unmatching import unmatch
from tijdig.dunning.models import Outcome
from tijdig.dunning.queries.outcomes import count_undecided, list_outcomes
from tijdig.ledger.models import Debtor
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

NEXT, AFTER = EXPIRED_ON + timedelta(days=1), EXPIRED_ON + timedelta(days=4)
MOMENT = {"today": NEXT, "now": at(NEXT), "actor": "Sanne"}


@pytest.fixture
def administration(database: None, sink: SmtpSink) -> UUID:
    made = make_administration(policy=LADDER, sending=True)
    take_in(made, make_record(due_on=DUE_ON))
    return made


def keep(administration: UUID, cents: int) -> UUID:
    """Money of the debtor that a person keeps for him."""
    take(administration, make_statement(make_payment(cents, "tegoed", on=NEXT)), day=NEXT)
    with administration_scope(administration):
        line_id = BankLine.objects.get(state="unmatched").id
        keeping.keep(line_id, Debtor.objects.get().id, remember=False, **MOMENT)
        return line_id


def credit(administration: UUID, cents: int) -> None:
    record = make_record("C-1", due_on=NEXT, issued_on=NEXT, cents=-cents)
    take_in(administration, replace(record, credited_number="2026-0412"), today=NEXT)


def list_cents(administration: UUID) -> list[int]:
    with administration_scope(administration):
        return [one.cents for one in list_outcomes()]


@pytest.mark.parametrize("come_in", [keep, credit])
def test_the_list_shows_what_is_left_and_ends_when_nothing_is(
    administration: UUID, come_in, sink: SmtpSink
) -> None:
    live_until_expired(administration)
    come_in(administration, 2_000)
    live(administration, NEXT)
    assert list_cents(administration) == [10_100]
    with administration_scope(administration):
        row = list_outcomes()[0]
        assert count_undecided() == 1
    rest = make_record("C-2", due_on=AFTER, issued_on=AFTER, cents=-10_100)
    take_in(administration, rest, today=AFTER)
    assert list_cents(administration) == [0]
    live(administration, AFTER)
    assert list_cents(administration) == []
    assert reason_of(administration) == "net_nothing_open"
    with administration_scope(administration):
        ended = Outcome.objects.get(id=row.id)
        assert (ended.ended_on, ended.ended_by, count_undecided()) == (AFTER, "tijdig", 0)
        assert Event.objects.get(kind="outcome_over").data == {
            "nl": "Er is niets meer te betalen.",
            "en": "Nothing is left to pay.",
        }
    assert len(sink.stored) == 2


def test_a_newer_invoice_neither_adds_to_the_list_nor_keeps_it(administration: UUID) -> None:
    live_until_expired(administration)
    take_in(administration, make_record("2026-0600", due_on=date(2026, 6, 1)), today=NEXT)
    assert list_cents(administration) == [12_100]
    # The money goes to the oldest invoice; what the new one owes is not of this list.
    keep(administration, 12_100)
    live(administration, NEXT)
    assert list_cents(administration) == []


def test_who_was_covered_comes_back_when_the_money_was_not_his(administration: UUID) -> None:
    live_until_expired(administration)
    line_id = keep(administration, 12_100)
    live(administration, NEXT)
    assert list_cents(administration) == []
    with administration_scope(administration):
        unmatch(line_id, **MOMENT)
        BankLine.objects.filter(id=line_id).update(state="ignored")
    live(administration, AFTER)
    assert list_cents(administration) == [12_100]


def test_what_was_decided_ends_too_when_a_credit_covers_it(administration: UUID) -> None:
    row = live_until_expired(administration)
    with administration_scope(administration):
        outcomes.decide(row.id, way="credit", **MOMENT)
    credit(administration, 12_100)
    live(administration, AFTER)
    assert list_cents(administration) == []
    assert reason_of(administration) == "net_nothing_open"
