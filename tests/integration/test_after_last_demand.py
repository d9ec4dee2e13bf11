"""When the last demand has expired: off the cadence, on the list, and the four ways on."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import reason_of
from tests.integration.office import at, make_administration, make_record, take_in
from tests.integration.people import make_person

from tijdig.core.calendar import add_working_days
from tijdig.core.policy import Policy, Step
from tijdig.core.problem import Refusal
from tijdig.dunning.actions import outcomes
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.queries.outcomes import OutcomeRow, list_outcomes
from tijdig.tenants.actions import let_in, make_user
from tijdig.tenants.models import User
from tijdig.tenants.scope import administration_scope

LADDER = Policy(
    name="Kort",
    version=1,
    steps=(
        Step("reminder", "reminder", "friendly", 5, ("email",), "reminder", term_days=7),
        Step("last_demand", "last_demand", "firm", 30, ("email",), "last_demand", term_days=14),
    ),
)
DUE_ON, REMINDER_ON, DEMAND_ON = date(2026, 3, 2), date(2026, 3, 9), date(2026, 4, 1)
# The term of the last demand ends on Wednesday 15 April; the first day after it.
EXPIRED_ON = date(2026, 4, 16)


@pytest.fixture
def administration(database: None, sink: SmtpSink) -> UUID:
    made = make_administration(policy=LADDER, sending=True)
    take_in(made, make_record(due_on=DUE_ON))
    return made


def live(administration: UUID, *days: date) -> None:
    for day in days:
        live_one_day(administration, today=day, now=at(day))


def live_until_expired(administration: UUID) -> OutcomeRow:
    """The two messages, the last day of the term and the day after it; the row of the list."""
    live(administration, REMINDER_ON, DEMAND_ON, EXPIRED_ON - timedelta(days=1))
    with administration_scope(administration):
        assert list_outcomes() == ()
    live(administration, EXPIRED_ON)
    with administration_scope(administration):
        (row,) = list_outcomes()
    return row


def let_everybody_in(administration: UUID) -> None:
    """A reader, an owner who left, the agency's owner, a controller and the creditor's owner."""
    make_person(administration, role="reader")
    gone = make_person(administration)
    User.objects.filter(id=gone.id).update(is_active=False)
    for name, role, for_creditor in (
        ("Bo van het Bureau", "owner", False),
        ("Coen Controle", "controller", True),
        ("Eef de Eigenaar", "owner", True),
    ):
        address = f"{role}-{for_creditor}-{administration.hex[-8:]}@example.nl"
        user_id = make_user(address, name=name)
        with administration_scope(administration):
            let_in(user_id, role=role, for_creditor=for_creditor)


def test_who_let_the_last_term_pass_leaves_the_cadence_for_the_list(
    administration: UUID, sink: SmtpSink
) -> None:
    let_everybody_in(administration)
    row = live_until_expired(administration)
    assert (row.debtor_number, row.cents, row.opened_on) == ("1001", 12_100, EXPIRED_ON)
    assert row.deadline_on == add_working_days(EXPIRED_ON, outcomes.DECIDE_WORKING_DAYS)
    assert row.owner == "Eef de Eigenaar"
    for later in (1, 30, 90):
        live(administration, EXPIRED_ON + timedelta(days=later))
    with administration_scope(administration):
        assert [one.id for one in list_outcomes()] == [row.id]
    assert reason_of(administration) == "after_last_demand"
    assert len(sink.stored) == 2


def test_where_nobody_may_decide_nobody_is_named(administration: UUID) -> None:
    make_person(administration, role="reader")
    assert live_until_expired(administration).owner == ""


WAYS: tuple[tuple[str, dict[str, object], str], ...] = (
    ("suspend", {"until_on": date(2026, 5, 4)}, "stop_after_suspend"),
    ("credit", {}, "stop_after_credit"),
    ("waive", {}, "stop_after_waive"),
    ("hand_over", {"handed_to": "Incassobureau Voorbeeld"}, "stop_after_hand_over"),
)


@pytest.fixture(params=WAYS, ids=[way for way, _, _ in WAYS])
def decided(request: pytest.FixtureRequest, administration: UUID) -> tuple[UUID, str, str]:
    way, told, reason = request.param
    row = live_until_expired(administration)
    with administration_scope(administration):
        moment = {"today": EXPIRED_ON, "now": at(EXPIRED_ON), "actor": "Eef"}
        outcomes.decide(row.id, way=way, **told, **moment)
    return administration, way, reason


def test_what_was_decided_holds_until_its_end(
    decided: tuple[UUID, str, str], sink: SmtpSink
) -> None:
    administration, way, reason = decided
    live(administration, date(2026, 4, 17), date(2026, 5, 4))
    assert reason_of(administration) == reason
    live(administration, date(2026, 5, 6))
    with administration_scope(administration):
        (row,) = list_outcomes()
    if way == "suspend":  # The suspension is over: somebody decides anew.
        assert (row.way, row.opened_on) == ("", date(2026, 5, 6))
    else:
        assert (row.way, reason_of(administration)) == (way, reason)
    assert len(sink.stored) == 2


def test_a_suspension_of_more_than_a_year_is_refused(administration: UUID) -> None:
    row = live_until_expired(administration)
    told = {"way": "suspend", "today": EXPIRED_ON, "now": at(EXPIRED_ON), "actor": "Sanne"}
    with (
        administration_scope(administration),
        pytest.raises(Refusal, match="hoogstens een jaar vooruit"),
    ):
        outcomes.decide(row.id, until_on=EXPIRED_ON + timedelta(days=367), **told)
    with administration_scope(administration):
        outcomes.decide(row.id, until_on=EXPIRED_ON + timedelta(days=366), **told)
