"""Row B5: a message of which nobody knows whether it arrived, and each way out of that."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Literal, cast

from tests.faults.smtp_sink import Mode
from tests.integration.books import Listed, make_list

from proof.arrears import CENTS, DAY, MONDAY
from proof.cases import Case, Later, spread
from proof.checks import check_audit, check_book, count_states
from proof.ground import Ground
from proof.neighbour import digest
from proof.stage import Stage, set_stage
from tijdig.cases.actions import plans
from tijdig.core.policy import DEFAULT_POLICY, Phase, Policy
from tijdig.dunning.actions import policies
from tijdig.dunning.actions.answers import answer_message
from tijdig.dunning.queries.why import explain_day
from tijdig.ledger.models import Debtor, Invoice
from tijdig.messaging.models import Message
from tijdig.messaging.queries import count_questions
from tijdig.tenants.scope import administration_scope

PHASES = ("notice", "reminder", "letter of the law", "last demand", "plan")
# These have legal effect: the step after them waits for a person.
LETTER = "letter of the law"
LEGAL: dict[str, Phase] = {LETTER: "veertiendagenbrief", "last demand": "last_demand"}
# When the invoice is due, in days from now; the others were due five days ago.
DUE_DAYS = {"notice": 3, LETTER: -25}
WAYS = ("a day passes", "it arrived", "it came back", "a copy")
Answer = Literal["arrived", "came_back", "copy"]
ANSWERS: dict[str, Answer] = {
    "it arrived": "arrived",
    "it came back": "came_back",
    "a copy": "copy",
}
TOMORROW = DAY + timedelta(days=1)
# The term that the last demand gave is over, and the step after it would be due.
TERM_OVER = DAY + timedelta(days=27)


def resolve(ground: Ground, _: Random, name: str) -> None:
    phase, _, way = name.partition(", ")
    # The letter of the law comes after a reminder, and only that reminder arrives for certain.
    earlier = ["normal"] if phase == LETTER else []
    modes = cast("list[Mode]", [*earlier, "drop_after_dot_stored", "normal"])
    with set_stage(ground, *modes, count=0) as stage:
        _make_doubt(stage, phase)
        assert count_states(stage.administration).pop("in_doubt") == 1
        assert len(stage.received()) == 1 + len(earlier)
        if way in ANSWERS:
            answer_doubt(stage, ANSWERS[way])
        stage.go("send", minutes=60)
        stage.go("day", day=TOMORROW, minutes=60)
        stage.go("send", day=TOMORROW, minutes=120)
        _check_outcome(stage, phase, way, earlier=len(earlier))
        check_book(stage.administration)
        check_audit(stage, day=TERM_OVER, minutes=180)
        assert digest(stage.other) == stage.other_before, "books beside it were touched"


def _make_doubt(stage: Stage, phase: str) -> None:
    due_on = DAY + timedelta(days=DUE_DAYS.get(phase, -5))
    row = Listed("2026-00000", CENTS, debtor="10000", due_on=due_on)
    stage.take(make_list(row), day=MONDAY)
    if phase in LEGAL:
        steps = [one for one in DEFAULT_POLICY.steps if one.phase == LEGAL[phase]]
        if phase == LETTER:
            steps.insert(0, DEFAULT_POLICY.steps[1])
        steps = [replace(one, offset_days=5 + n) for n, one in enumerate(steps)]
        with administration_scope(stage.administration):
            now = stage.job("run").now
            policies.adopt(Policy("Alleen deze", 2, tuple(steps)), now=now, actor="proof")
    if phase == LETTER:
        stage.go("day", day=MONDAY)
    if phase == "plan":
        with administration_scope(stage.administration):
            now = stage.job("run", day=MONDAY).now
            plans.agree(
                debtor_id=Debtor.objects.get().id,
                invoice_ids=[Invoice.objects.get().id],
                count=2,
                first_on=DAY + timedelta(days=20),
                today=MONDAY,
                now=now,
                actor="proof",
            )
    stage.go("day")


def answer_doubt(stage: Stage, told: Answer) -> None:
    """A person says what became of the one message that is in doubt."""
    now = stage.job("run", minutes=30).now
    with administration_scope(stage.administration):
        message_id = Message.objects.get(state="in_doubt").id
        answer_message(message_id, told=told, today=DAY, now=now, actor="proof")


def _check_outcome(stage: Stage, phase: str, way: str, *, earlier: int) -> None:
    """Never twice by itself; a copy says what it is; with legal effect the next step waits."""
    received = stage.received()[earlier:]
    with administration_scope(stage.administration):
        first = Message.objects.get(id=received[0].message_id)
    if way == "a copy":
        assert len(received) == 2, "the copy that a person asked for did not go out"
        assert b"opie" in received[1].content, "the copy does not say that it is one"
        assert cast("str", first.state) == "cancelled"
        return
    assert len(received) == 1, "it was sent again by itself"
    if way == "it arrived":
        assert first.state == "accepted"
    elif way == "it came back":
        assert first.state == "bounced_hard"
    elif phase == "plan":
        assert (first.state, first.reason) != ("in_doubt", "counted_as_sent")
        with administration_scope(stage.administration):
            asked = count_questions()
        assert asked == 1, "nobody is asked about the plan"
    elif phase in LEGAL:
        assert (first.state, first.reason) != ("in_doubt", "counted_as_sent")
        stage.go("day", day=TERM_OVER)
        with administration_scope(stage.administration):
            why = explain_day("10000", on=TERM_OVER)
        assert why is not None
        assert why.reason == "in_doubt_waits", f"the next step did not wait: {why.reason}"
    else:
        assert first.reason == "counted_as_sent", "a day later it does not count as sent"


def list_cases() -> list[Case]:
    """Every case of row B5 that can be run today."""
    names = [f"{phase}, {way}" for way in WAYS for phase in PHASES]
    return spread("B5", names, resolve)


LATER = (Later("B5", 4, "thank-yous and sign-in codes by mail, and events of a provider"),)
