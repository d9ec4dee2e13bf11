"""A reason that was told by mistake: what it replaced stands again, and stops as it did."""

import time
from datetime import date
from itertools import count

import pytest
from tests.integration.case_office import DUE_ON, REMIND_ON, find_ids, make_office, told
from tests.integration.office import make_record, take_in
from tests.integration.test_case_messages import CALL_ON, live
from tests.integration.test_reasons_last_told import OTHER, list_standing, tell

from tijdig.cases.actions import disputes, plans, reasons
from tijdig.cases.models import Dispute, Reason
from tijdig.core.problem import Refusal
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

TOLD_ON = date(2026, 3, 20)
LIVED = [
    date(2026, 3, 23), date(2026, 3, 24), date(2026, 3, 26), CALL_ON, date(2026, 4, 3),
    date(2026, 4, 10), date(2026, 4, 13), date(2026, 4, 20), date(2026, 4, 28),
]  # fmt: skip


def mistake(kind: str) -> None:
    """What another customer said is recorded here, and taken back the same day."""
    wrong = tell(kind, TOLD_ON)
    if kind == "disputes":
        disputes.withdraw(Dispute.objects.get().id, **told(TOLD_ON))
    else:
        reasons.withdraw(wrong, **told(TOLD_ON))


@pytest.mark.parametrize("wrong", ["forgot", "disputes"])
@pytest.mark.parametrize("first", ["cannot_pay", "not_received"])
def test_after_a_mistake_all_goes_as_if_it_was_never_told(
    database: None, first: str, wrong: str
) -> None:
    plain, mistaken = make_office(), make_office()
    for administration in (plain, mistaken):
        live(administration, REMIND_ON)
        with administration_scope(administration):
            tell(first, TOLD_ON)
    with administration_scope(mistaken):
        mistake(wrong)
        assert list_standing() == [(first, "")]
        (event,) = Event.objects.filter(kind="reason_again")
        name = {"cannot_pay": "kan niet betalen", "not_received": "factuur niet ontvangen"}[first]
        assert event.data["nl"] == f"De latere reden telt niet meer. Deze geldt weer: {name}."
    seen = [(day, live(plain, day), live(mistaken, day)) for day in LIVED]
    assert [(day, after) for day, _, after in seen] == [(day, before) for day, before, _ in seen]


def test_mistakes_are_taken_back_one_by_one(database: None) -> None:
    with administration_scope(make_office()):
        tell("cannot_pay", TOLD_ON)
        second = tell("says_paid", TOLD_ON)
        mistake("forgot")
        assert list_standing() == [("says_paid", "")]
        reasons.withdraw(second, **told(TOLD_ON))
        assert list_standing() == [("cannot_pay", "")]


def test_a_later_word_of_the_same_keeps_the_replaced_one_away(database: None) -> None:
    """Of one invoice he said three things; the middle one, of all, was a mistake."""
    administration = make_office()
    take_in(administration, make_record(OTHER, due_on=DUE_ON))
    with administration_scope(administration):
        tell("not_received", TOLD_ON, about=OTHER)
        tell("cannot_pay", TOLD_ON, about="2026-0412")
        middle = tell("forgot", TOLD_ON)
        last = tell("says_paid", TOLD_ON, about=OTHER)
        reasons.withdraw(middle, **told(TOLD_ON))
        assert list_standing() == [("cannot_pay", "2026-0412"), ("says_paid", OTHER)]
        reasons.withdraw(last, **told(TOLD_ON))
        assert list_standing() == [("cannot_pay", "2026-0412"), ("not_received", OTHER)]


def test_what_was_told_last_is_the_last_also_where_the_clock_stands_or_runs_back(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    administration = make_office()
    take_in(administration, make_record(OTHER, due_on=DUE_ON))
    for seconds in (0, 1):
        start = time.time_ns()
        back = count(start, -seconds * 1_000_000_000)
        with administration_scope(administration), monkeypatch.context() as clock:
            clock.setattr("tijdig.tenants.ids.time.time_ns", lambda back=back: next(back))
            told_in_order = [tell("cannot_pay", TOLD_ON, about="2026-0412")]
            told_in_order += [tell("not_received", TOLD_ON, about=OTHER)]
            told_in_order += [middle := tell("forgot", TOLD_ON)]
            told_in_order += [tell("says_paid", TOLD_ON, about=OTHER)]
            assert told_in_order == sorted(told_in_order)
            reasons.withdraw(middle, **told(TOLD_ON))
            assert list_standing() == [("cannot_pay", "2026-0412"), ("says_paid", OTHER)]


def test_a_withdrawn_dispute_leaves_what_was_said_after_it(database: None) -> None:
    with administration_scope(make_office()):
        tell("not_received", TOLD_ON)
        tell("disputes", TOLD_ON)
        last = tell("says_paid", TOLD_ON)
        disputes.withdraw(Dispute.objects.get().id, **told(TOLD_ON))
        assert list_standing() == [("says_paid", "")]
        reasons.withdraw(last, **told(TOLD_ON))
        assert list_standing() == [("not_received", "")]


def test_who_got_his_plan_meanwhile_asks_for_none_again(database: None) -> None:
    with administration_scope(make_office()):
        debtor_id, invoice_id = find_ids()
        tell("cannot_pay", TOLD_ON)
        wrong = tell("forgot", TOLD_ON)
        first_on = date(2026, 5, 1)
        plans.agree(
            debtor_id=debtor_id, invoice_ids=[invoice_id], count=3, first_on=first_on,
            **told(TOLD_ON),
        )  # fmt: skip
        reasons.withdraw(wrong, **told(TOLD_ON))
        assert list_standing() == []


def test_who_withdraws_twice_brings_nothing_back_twice(database: None) -> None:
    with administration_scope(make_office()):
        first = tell("cannot_pay", TOLD_ON)
        wrong = tell("forgot", TOLD_ON)
        reasons.withdraw(wrong, **told(TOLD_ON))
        reasons.handle(first, **told(TOLD_ON))
        with pytest.raises(Refusal):
            reasons.withdraw(wrong, **told(TOLD_ON))
        assert list_standing() == []
        assert Reason.objects.filter(replaced_by=None).count() == 2
