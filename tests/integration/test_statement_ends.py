"""Up to which day a statement is known: not beyond the one on which the bank made it."""

from datetime import date
from uuid import UUID

import pytest
from tests.integration.office import make_administration
from tests.integration.test_bank_once import bring, day, gaps, pay, state
from tests.plugs.camt_samples import Entry, Statement, make_camt

from tijdig.banking.models import BankLine
from tijdig.banking.queries import find_fresh_until
from tijdig.dunning.queries.freshness import list_missing_files
from tijdig.tenants.scope import administration_scope

pytestmark = pytest.mark.usefixtures("database")

GUARDED = {"bank_fresh_days": 1}
MONTH = {"from_on": date(2026, 3, 1), "until_on": date(2026, 3, 31)}


def period(made_at: str) -> bytes:
    """The whole month, asked for when it was not over, with one payment on its second day."""
    return make_camt(state(10_000, [pay(12_100, "factuur 1", day(0))], made_at=made_at, **MONTH))


def is_waited_for(administration_id: UUID, on: date) -> bool:
    with administration_scope(administration_id):
        return [one.kind for one in list_missing_files(today=on)] == ["bank"]


def test_a_period_that_is_not_over_is_read_up_to_the_day_of_its_making() -> None:
    administration_id = make_administration(guards=GUARDED)
    bring(administration_id, period("2026-03-10T12:00:00"), on=date(2026, 3, 11))
    with administration_scope(administration_id):
        assert find_fresh_until() == date(2026, 3, 10)
    assert not is_waited_for(administration_id, date(2026, 3, 11))
    assert is_waited_for(administration_id, date(2026, 3, 13))
    # The same once more, made later: by then nothing else had come.
    bring(administration_id, period("2026-04-01T06:00:00"), on=date(2026, 4, 1))
    with administration_scope(administration_id):
        assert find_fresh_until() == date(2026, 3, 31)
    assert not is_waited_for(administration_id, date(2026, 4, 1))


def test_a_closing_day_to_come_makes_nothing_fresh() -> None:
    administration_id = make_administration(guards=GUARDED)
    content = (
        b":20:P1\n:25:NL91ABNA0417164300EUR\n:28C:61\n:60F:C260302EUR100,00\n"
        b":61:2603020302C121,00NTRFNONREF\n:86:factuur 1\n:62F:C620302EUR221,00\n-\n"
    )
    bring(administration_id, content, on=date(2026, 3, 3))
    with administration_scope(administration_id):
        assert find_fresh_until() == date(2026, 3, 3)
    assert is_waited_for(administration_id, date(2026, 3, 10))


def test_what_is_announced_stays_though_the_period_goes_on() -> None:
    """It goes five days after what was booked, not after what is still to come."""
    administration_id = make_administration()
    coming = Entry(status="PDNG", booked_on=day(1), value_on=day(1))
    announced = make_camt(Statement(entries=[coming], made_at="2026-03-03T12:00:00"))
    bring(administration_id, announced, period("2026-03-03T12:00:00"), on=day(1))
    with administration_scope(administration_id):
        assert sorted(BankLine.objects.values_list("state", flat=True)) == ["pending", "unmatched"]


def test_an_mt940_that_breaks_off_holds_its_account() -> None:
    administration_id = make_administration()
    content = (
        b":20:P1\n:25:NL91ABNA0417164300EUR\n:28C:61\n:60F:C260302EUR100,00\n"
        b":61:2603020302C121,00NTRFNONREF\n:86:factuur 1\n"
    )
    bring(administration_id, content)
    assert gaps(administration_id) == ["balance"]
