"""A statement that is read late shows that who was said to have broken his word had kept it."""

from datetime import date
from uuid import UUID

from tests.integration.books import make_payment, make_statement, take
from tests.integration.case_office import find_ids, told
from tests.integration.test_promises_shared_money import (
    JUDGED_ON,
    LATER,
    SOON,
    make_two,
    promise,
    states,
)

from tijdig.cases.actions import promises
from tijdig.cases.models import Promise
from tijdig.cases.queries.lists import count_promises
from tijdig.cases.queries.stops import load_case_facts
from tijdig.tenants.scope import administration_scope

# Promised for Wednesday 25 March: on Friday the 27th it may be on the statement still.
LAST_DAY, TOO_LATE, READ_ON = date(2026, 3, 27), date(2026, 3, 30), date(2026, 3, 31)


def make_broken() -> UUID:
    administration = make_two()
    promise(administration, 12_100, SOON, "2026-0412")
    assert states(administration, JUDGED_ON) == ["broken"]
    return administration


def read(administration: UUID, booked_on: date) -> None:
    payment = make_payment(12_100, "2026-0412", on=booked_on)
    take(administration, make_statement(payment), day=READ_ON)


def test_money_that_the_bank_had_in_time_kept_the_promise(database: None) -> None:
    administration = make_broken()
    read(administration, LAST_DAY)
    assert states(administration, READ_ON) == ["kept"]
    with administration_scope(administration):
        assert count_promises(find_ids()[0]) == (1, 0)


def test_money_of_after_its_last_day_did_not(database: None) -> None:
    administration = make_broken()
    read(administration, TOO_LATE)
    assert states(administration, READ_ON) == ["broken"]


def test_with_whom_somebody_dealt_stays_as_he_was(database: None) -> None:
    administration = make_broken()
    with administration_scope(administration):
        promises.handle_broken(Promise.objects.get().id, **told(JUDGED_ON))
    read(administration, LAST_DAY)
    assert states(administration, READ_ON) == ["broken"]


def test_the_same_money_keeps_no_second_promise(database: None) -> None:
    """He promised again, about all: what came in time for the first is not for that one."""
    administration = make_broken()
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        promises.make(debtor_id=debtor_id, cents=12_100, on=LATER, **told(JUDGED_ON))
    read(administration, LAST_DAY)
    assert states(administration, READ_ON) == ["kept", "open"]


def test_a_broken_promise_stops_nothing_any_more(database: None) -> None:
    administration = make_broken()
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        found = load_case_facts([debtor_id], today=READ_ON)
    assert (found.stops.get(debtor_id, []), [*found.set_asides]) == ([], [])
