"""Two people decide the same thing at the same moment: one is first, the other is told so (P8)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

import pytest
from tests.faults.test_concurrency import at_once
from tests.integration.books import Listed, make_list, make_payment, make_statement, take
from tests.integration.case_office import (
    CASES,
    REMIND_ON,
    find_ids,
    make_office,
    open_dispute,
    open_plan,
    open_promise,
    told,
)
from tests.integration.office import at, make_administration

from tijdig.banking.actions import deciding
from tijdig.banking.models import BankLine, Suggestion
from tijdig.cases.actions import disputes, plans, promises
from tijdig.cases.models import Dispute, Plan, Promise
from tijdig.core.problem import Refusal
from tijdig.dunning.actions import calls, outcomes
from tijdig.dunning.models import Call, Outcome
from tijdig.ledger.models import Entry
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

FIRST, SECOND = "Sanne de Vries", "Ruben Bakker"


def both(
    administration: UUID, one: Callable[[str], object], other: Callable[[str], object]
) -> list[str]:
    """Two people at once, each in a transaction of his own; what the refusals said."""

    def do(work: Callable[[str], object], actor: str) -> None:
        with administration_scope(administration):
            work(actor)

    raised = at_once(partial(do, one, FIRST), partial(do, other, SECOND))
    assert all(isinstance(error, Refusal) for error in raised), raised
    return [str(error) for error in raised]


def events_of(administration: UUID, case_id: UUID) -> int:
    with administration_scope(administration):
        return Event.objects.filter(subject_id=case_id).count()


def as_person(day: date, actor: str) -> dict[str, object]:
    return {**told(day), "actor": actor}


@pytest.mark.parametrize("kind", sorted(CASES))
def test_two_people_end_a_case(database: None, kind: str) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = CASES[kind].open(REMIND_ON)
    before = events_of(administration, one)
    close = CASES[kind].close
    refused = both(administration, lambda _: close(one, REMIND_ON), lambda _: close(one, REMIND_ON))
    assert len(refused) == 1
    assert events_of(administration, one) == before + 1


def test_one_accepts_a_dispute_while_another_declines_it(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = open_dispute(REMIND_ON)
    answer = {"answer": "Nagekeken.", "root_cause": "none"}
    refused = both(
        administration,
        lambda actor: disputes.accept(one, **answer, **as_person(REMIND_ON, actor)),
        lambda actor: disputes.decline(one, **answer, **as_person(REMIND_ON, actor)),
    )
    with administration_scope(administration):
        closed = Dispute.objects.get()
    assert (closed.state, closed.closed_by) in {("accepted", FIRST), ("declined", SECOND)}
    (said,) = refused
    assert said.startswith(f"Deze betwisting is al afgehandeld door {closed.closed_by} op 19-03")


# What only one of two may record about the same invoice.
RECORDED: Mapping[str, tuple[Callable[[date], UUID], type[Dispute | Promise | Plan]]] = {
    "dispute of all of it": (open_dispute, Dispute),
    "promise": (open_promise, Promise),
    "plan": (open_plan, Plan),
}


@pytest.mark.parametrize("what", sorted(RECORDED))
def test_two_people_record_the_same(database: None, what: str) -> None:
    administration = make_office()
    record, table = RECORDED[what]
    refused = both(administration, lambda _: record(REMIND_ON), lambda _: record(REMIND_ON))
    assert len(refused) == 1
    with administration_scope(administration):
        assert table.objects.count() == 1


def test_one_withdraws_a_promise_while_the_run_judges_it(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = open_promise(REMIND_ON)
    late = date(2026, 3, 30)
    both(
        administration,
        lambda actor: promises.withdraw(one, **as_person(late, actor)),
        lambda _: promises.settle(today=late, now=at(late)),
    )
    with administration_scope(administration):
        (state,) = Promise.objects.values_list("state", flat=True)
        kinds = list(Event.objects.filter(subject_id=one).values_list("kind", flat=True))
    assert sorted(kinds) == sorted(["promise_made", f"promise_{state}"])


def test_one_shifts_a_term_of_a_plan_while_another_ends_it(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = open_plan(REMIND_ON)
    refused = both(
        administration,
        lambda actor: plans.shift(
            one, position=1, to_on=date(2026, 5, 15), **as_person(REMIND_ON, actor)
        ),
        lambda actor: plans.end(one, because="Betaalt ineens", **as_person(REMIND_ON, actor)),
    )
    with administration_scope(administration):
        plan = Plan.objects.get()
    # Shifted first and then ended, or ended first: then a shift is refused.
    assert (plan.state, len(refused)) == ("ended", 0 if plan.shifted_position else 1)


def test_two_people_decide_after_the_last_demand(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        outcome = Outcome.objects.create(
            administration_id=administration,
            debtor_id=debtor_id,
            carrying_item_id=Entry.objects.get().open_item_id,
            opened_on=REMIND_ON,
            deadline_on=REMIND_ON,
        )
    refused = both(
        administration,
        lambda actor: outcomes.decide(outcome.id, way="waive", **as_person(REMIND_ON, actor)),
        lambda actor: outcomes.decide(outcome.id, way="credit", **as_person(REMIND_ON, actor)),
    )
    with administration_scope(administration):
        outcome.refresh_from_db()
    assert (outcome.way, outcome.decided_by) in {("waive", FIRST), ("credit", SECOND)}
    assert refused == [
        f"Hierover is al beslist door {outcome.decided_by} op 19-03-2026. Ververs de pagina."
    ]


def test_two_people_record_the_same_call(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        call = Call.objects.create(
            administration_id=administration,
            debtor_id=debtor_id,
            carrying_item_id=Entry.objects.get().open_item_id,
            reopen_count=0,
            step_key="call",
            asked_on=REMIND_ON,
            total_cents=12_100,
            state="open",
        )

    def make(actor: str) -> None:
        promised = (12_100, date(2026, 3, 25))
        named = {"outcome": "reached", "note": "", "promised": promised}
        calls.record(call.id, **named, **as_person(REMIND_ON, actor))

    assert both(administration, make, make) == ["Dit telefoontje is al afgehandeld."]
    with administration_scope(administration):
        assert Promise.objects.count() == 1


@pytest.mark.parametrize("second", ["accept", "ignore"])
def test_two_people_decide_one_payment(database: None, second: str) -> None:
    administration = make_administration()
    take(administration, make_list(Listed("2026-0412", 12_100), Listed("2026-0413", 12_100)))
    paid = make_payment(12_100, "dank u", on=date(2026, 3, 18))
    paid = replace(paid, details=(replace(paid.details[0], name="P. de Boer"),))
    take(administration, make_statement(paid), day=REMIND_ON)
    with administration_scope(administration):
        line = BankLine.objects.get()
        proposal_id = Suggestion.objects.get(rank=1).id

    def accept(actor: str) -> None:
        deciding.accept(
            line.id, proposal_id, remember=False, asked=(), **as_person(REMIND_ON, actor)
        )

    def ignore(actor: str) -> None:
        deciding.ignore(line.id, because="gift", **as_person(REMIND_ON, actor))

    refused = both(administration, accept, accept if second == "accept" else ignore)
    with administration_scope(administration):
        line.refresh_from_db()
        paid_cents = list(Entry.objects.filter(kind="paid").values_list("cents", flat=True))
    assert refused == [f"Al verwerkt door {line.decided_by}. Er is niets veranderd."]
    assert paid_cents == ([] if line.state == "ignored" else [-12_100])
