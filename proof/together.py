"""Rows D: two at once act as one; a stop that comes first holds, one that comes later is told."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection

from proof.arrears import DAY
from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all, load_states
from proof.ground import Ground
from proof.hands import do
from proof.plans import line_for
from proof.stage import PATIENCE, Stage, count_waiting, set_stage, wait_for_lock, wait_until
from proof.stops import BEFORE_IT, FOR_ALL, STOPS
from tijdig.core.dunning import decide
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.answers import take_back_all
from tijdig.dunning.actions.planning import store_decisions
from tijdig.dunning.models import Run
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.policies import load_policy
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import Debtor
from tijdig.messaging.models import Message
from tijdig.tenants.queries import list_administrations_to_run
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.queries import list_events_of

# Where the sender stands still; before the claim the stop comes first, after it the message.
BEFORE = ("run.committed", "release.rendered", "release.committed", "run.totals")
REFUSED = ", refused"
MANY = 5_000
OLD_ADDRESS, NEW_ADDRESS = "klant10000@example.nl", "klant10000@nieuw.example.nl"
AFTER = ("send.claimed", "send.connected", "send.before_body", "send.body_sent", "send.after_250")


def race(ground: Ground, _: Random, name: str) -> None:
    """A stop, or two of them at once ("payment and hold at send.claimed"), while it is sent."""
    which, _sep, where = name.partition(" at ")
    where = where.partition(",")[0]
    names = which.split(" and ")
    with set_stage(ground, count=3) as stage:
        for one in names:
            if one in BEFORE_IT:
                BEFORE_IT[one](stage)
        came: list[str] = []
        threads = [threading.Thread(target=_bring, args=(stage, one, came)) for one in names]
        # While the words are written rows are locked and the stop waits: who would be first at the
        # claim is chance, so there only the run goes on, and the sending comes after.
        what = "run" if where == "release.rendered" else "day"
        with stage.held_at(where, what):
            for thread in threads:
                thread.start()
            # Each has come, or waits for rows that are locked: however slow the machine is.
            wait_until(lambda: len(came) + count_waiting() >= len(names))
        for thread in threads:
            thread.join(PATIENCE)
        assert sorted(one.removesuffix(REFUSED) for one in came) == sorted(names), (
            f"only {came} came through"
        )
        stood = [one for one in came if not one.endswith(REFUSED)]
        assert stood, "both were refused"
        stage.go("day", minutes=20)
        if "plan" in stood:
            # The run of then confirms the plan; a confirmation reminds of nothing.
            stage.go("run", minutes=25)
            stage.go("send", minutes=30)
        confirmed = _list_confirmations(stage)
        # Another stop beside it may hold the confirmation back too.
        least = int(names == ["plan"])
        assert least <= len(confirmed) <= int("plan" in stood), f"{len(confirmed)} confirmed"
        first = bool(_list_reminders(stage, beside=confirmed))
        if where in BEFORE:
            assert not first, "the stop came first, and he was reminded all the same"
        stopped = frozenset(range(stage.count)) if set(stood) & FOR_ALL else frozenset([0])
        not_sent = frozenset[int]() if first else stopped
        check_all(stage, Expected(not_sent=not_sent, beside=confirmed))
        if where in AFTER:
            _check_told(stage, beside=confirmed)


def _bring(stage: Stage, name: str, came: list[str]) -> None:
    """Record a stop; of two at once one may be refused, as a dispute about what was paid."""
    try:
        STOPS[name](stage)
        came.append(name)
    except (Refusal, ObjectDoesNotExist):
        came.append(name + REFUSED)
    finally:
        connection.close()


def _list_reminders(stage: Stage, *, beside: frozenset[UUID]) -> list[UUID]:
    """What the first debtor got, but for this."""
    received = [one for one in stage.received() if one.message_id not in beside]
    return [one.message_id for one in received if one.debtor == "10000"]


def _list_confirmations(stage: Stage) -> frozenset[UUID]:
    """The messages whose subject says that they are about a plan that was agreed."""
    return frozenset(
        one.message_id
        for one in stage.received()
        if b"\nsubject: uw betalingsregeling" in one.content.partition(b"\r\n\r\n")[0].lower()
    )


def _check_told(stage: Stage, *, beside: frozenset[UUID]) -> None:
    """Sent first: his timeline says so beside the stop, and nothing is called back."""
    states = [state for state, _ in load_states(stage.administration).values()]
    assert states.count("accepted") == stage.count + len(beside)
    reminders = _list_reminders(stage, beside=beside)
    assert reminders, "it was claimed before the stop, and did not go out"
    with administration_scope(stage.administration):
        events = list_events_of(Debtor.objects.get(number="10000").id, limit=100)
    told = [one.subject_id for one in events if one.kind == "message_accepted"]
    assert set(reminders) <= set(told), "his timeline does not say that it went out"


def run_again_and_again(ground: Ground, _: Random, name: str) -> None:
    """X1: a scheduler that asks every quarter of an hour, all day."""
    with set_stage(ground, count=3) as stage:
        for turn in range(96):
            what = "day" if name == "daily" else "run"
            stage.go(what, minutes=turn * 9)
            if name != "daily":
                stage.go("send", minutes=turn * 9)
        check_all(stage, Expected(exactly=True), minutes=14 * 60)


def run_on_hosts(ground: Ground, _: Random, name: str) -> None:
    """Schedulers, senders and hand-started runs on three hosts, at the same moment."""
    with set_stage(ground, count=20) as stage:
        works = {"schedulers": ["day"] * 3, "senders": ["day", "send", "send"]}
        for processes in (works.get(name.partition(",")[0], ["day", "run", "send"]),):
            started = [stage.start(what) for what in processes]
            for process in started:
                process.join(PATIENCE)
            assert [process.exitcode for process in started] == [0] * len(started)
        stage.go("day", minutes=1)
        check_all(stage, Expected(exactly=True))


def hold_all_during(ground: Ground, __: Random, name: str) -> None:
    """Sending is turned off, all is taken back or everybody gets a pause, while messages go out:
    each is kept here or sent, never both.
    """
    where, what, *many = name.split(", ", 2)
    count = MANY if many else 40
    with line_for(count), set_stage(ground, count=count) as stage:
        with stage.held_at(where, "day"):
            thread = threading.Thread(target=HOLDS[what], args=(stage,))
            thread.start()
            wait_for_lock(lambda: not thread.is_alive(), seconds=0.5)
        thread.join(PATIENCE)
        stage.go("send", minutes=20)
        received = {one.message_id for one in stage.received()}
        states = load_states(stage.administration)
        kept = {one for one, (state, _) in states.items() if state in {"held", "cancelled"}}
        assert kept | received == set(states), "neither kept here nor sent"
        assert not kept & received, "kept here and sent"
        check_all(stage, Expected(waits=True))
        states = load_states(stage.administration)
        assert {one for one in states if one not in received} == kept


def _turn_off(stage: Stage) -> None:
    try:
        do(stage.job("turn_off", minutes=2))
    finally:
        connection.close()


def _take_back_all(stage: Stage) -> None:
    try:
        job = stage.job("run", minutes=2)
        with administration_scope(stage.administration):
            take_back_all(today=job.today, now=job.now, actor="proof")
    finally:
        connection.close()


def _pause_all(stage: Stage) -> None:
    try:
        STOPS["pause of everybody"](stage)
    finally:
        connection.close()


HOLDS: dict[str, Callable[[Stage], None]] = {
    "turned off": _turn_off,
    "taken back": _take_back_all,
    "paused": _pause_all,
}


def edit_during(ground: Ground, _: Random, name: str) -> None:
    """Somebody corrects a mail address while it is under way: it goes to one of the two."""
    with set_stage(ground, count=2) as stage:
        with stage.held_at(name, "day"):
            thread = threading.Thread(target=_edit, args=(stage,))
            thread.start()
            wait_for_lock(lambda: not thread.is_alive(), seconds=10)
            was_first = not thread.is_alive()
        thread.join(PATIENCE)
        stage.go("day", minutes=20)
        check_all(stage, Expected(exactly=True))
        to = {one.recipient for one in stage.sink.stored}
        assert len(to & {OLD_ADDRESS, NEW_ADDRESS}) == 1
        # Who waits for the robot's lock comes after it, and may come after the claim as well.
        if was_first and name in BEFORE:
            assert NEW_ADDRESS in to, "the old address was written to"


def _edit(stage: Stage) -> None:
    try:
        job = stage.job("run", minutes=2)
        with administration_scope(stage.administration):
            debtor_id = Debtor.objects.get(number="10000").id
            change = {"email": NEW_ADDRESS}
            change_contact(debtor_id, change, today=job.today, now=job.now, actor="proof")
    finally:
        connection.close()


def plan_twice(ground: Ground, _: Random, __: str) -> None:
    """A planner that acts on what it decided before another one did: the step's key stops it."""
    with set_stage(ground, count=2) as stage:
        for turn in range(2):
            with suppress(IntegrityError), administration_scope(stage.administration):
                if turn == 0:
                    ids = list(Debtor.objects.values_list("id", flat=True))
                    policy = load_policy()
                    facts = load_facts(ids, today=DAY, rehearsal=False)
                    pairs = [(one, decide(one, policy, today=DAY)) for one in facts]
                run_id = Run.objects.create(
                    administration_id=stage.administration,
                    on=DAY,
                    kind="by_hand",
                    started_at=stage.job("run").now,
                    sending_was_on=True,
                ).id
                store_decisions(pairs, policy, run_id=run_id, rehearsal=False)
        let_go_of(stage)
        stage.go("send", minutes=1)
        check_all(stage, Expected(exactly=True))


def let_go_of(stage: Stage) -> None:
    """What was planned waits for the judgement of its run; here that is: in order."""
    with administration_scope(stage.administration):
        Message.objects.filter(state="held").update(state="planned", reason="")


def ask_the_schedule(ground: Ground, _: Random, __: str) -> None:
    """Asked at any moment of the day, every administration has one run."""
    with set_stage(ground, count=2) as stage:
        runs = 0
        for minutes in range(-9 * 60, 14 * 60, 15):
            now = stage.job("day", minutes=minutes).now
            if stage.administration in list_administrations_to_run(now=now):
                stage.go("day", minutes=minutes)
                runs += 1
        assert runs == 1, f"{runs} runs on one day"
        check_all(stage, Expected(exactly=True), day=DAY + timedelta(days=0), minutes=14 * 60)


def list_cases() -> list[Case]:
    """Every case of rows D that can be run today."""
    hosts = [f"{what}, {n}" for n in range(19) for what in ("schedulers", "senders", "all")]
    races = [f"{stop} at {where}" for where in (*BEFORE, *AFTER) for stop in STOPS]
    pairs = _list_pairs()
    during = ["release.committed", "send.claimed", "send.after_250"]
    held = [f"{where}, {what}" for where in during for what in HOLDS]
    held_many = [f"{one}, {MANY:,} debtors" for one in held if "turned off" not in one]
    again = [f"{stop} at {where}, {n}" for n in range(1, 6) for where in BEFORE for stop in STOPS]
    return [
        *spread("D1", ["daily", "by hand"], run_again_and_again),
        *spread("D1", ["every quarter"], ask_the_schedule),
        *spread("D1", ["planned twice"], plan_twice),
        *spread("D1", hosts, run_on_hosts, fixed=9),
        *spread("D2", races, race, fixed=36),
        *spread("D2", pairs, race, fixed=12),
        *spread("D2", again, race, fixed=0, repeats=True),
        *spread("D5", held, hold_all_during),
        *spread("D5", held_many, hold_all_during, fixed=0, limit_seconds=900.0),
        *spread("D5", ["release.rendered", "release.committed"], edit_during),
    ]


def _list_pairs() -> list[str]:
    """Two stops at once: at each place every stop once or twice, at the next one with another."""
    stops, pairs = list(STOPS), ["payment and payment at release.rendered"]
    for turn, where in enumerate((*BEFORE, *AFTER)):
        for n in range(turn % 2, len(stops), 2):
            pairs.append(f"{stops[n]} and {stops[(n + turn + 1) % len(stops)]} at {where}")
    return pairs


LATER: tuple[Later, ...] = ()
