"""The run: look at everybody who is due, decide, and plan what follows.

    due debtors -> facts -> decide (core) -> decisions, messages, calls -> release

A batch is one transaction: a run that is killed goes on where it was, and a second run at the
same time finds each debtor either locked or done. A large run has help of a second process.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from tijdig.core.breaker import Alarm
from tijdig.core.decision import Decision
from tijdig.core.dunning import decide
from tijdig.core.facts import DebtorFacts
from tijdig.core.freshness import WAITS_FOR_FACTS, MissingFile, hold_decision
from tijdig.core.policy import Policy
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.batches import Batch, make_batches, second_hand, work_off
from tijdig.dunning.actions.calls import lapse_overtaken
from tijdig.dunning.actions.claims import claim_and_decide
from tijdig.dunning.actions.collections import foresee_collections, plan_collections
from tijdig.dunning.actions.halts import foresee_alarms, judge
from tijdig.dunning.actions.notices import keep_notices
from tijdig.dunning.actions.outcomes import open_expired
from tijdig.dunning.actions.planning import store_decisions
from tijdig.dunning.actions.rates import look_at_changed_rates
from tijdig.dunning.actions.release import release_messages
from tijdig.dunning.actions.settling import settle_cases
from tijdig.dunning.models import Run
from tijdig.dunning.queries.alarms import write_versions
from tijdig.dunning.queries.due_claims import decide_as_if_claimed
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.freshness import describe_files, list_missing_files
from tijdig.dunning.queries.policies import load_policy
from tijdig.dunning.queries.runs import count_due, find_last_run_day, is_begun, list_due
from tijdig.ledger.actions.totals import add_up_open_changes
from tijdig.tenants.actions import lock_administration, share_administration
from tijdig.tenants.bulk import execute
from tijdig.tenants.failpoints import fp
from tijdig.tenants.ids import NO_ID, new_id
from tijdig.tenants.memory import without_collecting
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration, administration_scope

# How many debtors of a batch were looked at, and the steps taken by reason.
_Tally = tuple[int, Counter[str]]


@dataclass(frozen=True, slots=True)
class _Task:
    """What all batches of a run have in common."""

    administration_id: UUID
    started: Run
    policy: Policy
    today: date
    went_back: bool
    waits_for: tuple[MissingFile, ...]


@dataclass(slots=True)
class RunResult:
    """What a run did: `planned` = `released` + `held` + what waits; `because` counts reasons.

    `missing`: the files that are too old; without them nothing goes, but in a rehearsal. `alarms`:
    why the run asks a person first.
    """

    on: date
    planned: int = 0
    released: int = 0
    held: int = 0
    nothing: int = 0
    looked_at: int = 0
    because: Counter[str] = field(default_factory=Counter)
    missing: tuple[MissingFile, ...] = ()
    alarms: tuple[Alarm, ...] = ()


def run(
    administration_id: UUID,
    *,
    today: date,
    now: datetime,
    kind: Run.Kind = Run.Kind.BY_HAND,
    on_progress: Callable[[int, int], None] | None = None,
) -> RunResult:
    """Decide and plan for everybody who is due today; release what may go out.

    Refuses, while sending is on, a day before the last run or after the day that it is. The daily
    run of a day that has been done already does nothing; one that was broken off goes on.
    """
    result = RunResult(on=today)
    with without_collecting():
        started = _plan(administration_id, result, now=now, kind=kind, on_progress=on_progress)
    if started.sending_was_on:
        result.released = release_messages(administration_id, today=today, now=now)
    if result.released:
        with administration_scope(administration_id):
            released = started.released_count + result.released
            Run.objects.filter(id=started.id).update(released_count=released)
    return result


def _plan(
    administration_id: UUID,
    result: RunResult,
    *,
    now: datetime,
    kind: Run.Kind,
    on_progress: Callable[[int, int], None] | None,
) -> Run:
    """Decide and plan, batch by batch, and judge what came of it; nothing goes out yet."""
    today = result.on
    taken: Counter[str] = Counter()

    def note(tally: _Tally) -> None:
        looked_at, steps = tally
        result.looked_at += looked_at
        taken.update(steps)
        if on_progress:
            on_progress(result.looked_at, len(debtor_ids))

    count = partial(_count_due, administration_id, today)
    with second_hand(count, partial(_get_ready, administration_id, today)) as second:
        with administration_scope(administration_id):
            started, went_back = _start(today=today, now=now, kind=kind)
            add_up_open_changes()
            keep_notices(today=today, now=now)
            settle_cases(today=today, now=now, rehearsal=not started.sending_was_on)
            plan_collections(today=today, now=now)
            look_at_changed_rates()
            debtor_ids = list_due(today=today, went_back=went_back)
            policy = load_policy()
            result.missing = list_missing_files(today=today)
        fp("run.started")
        waits_for = result.missing if started.sending_was_on else ()
        task = _Task(administration_id, started, policy, today, went_back, waits_for)
        work_off(debtor_ids, partial(_look_at, task), note, second=second)
        with administration_scope(administration_id):
            _finish(started, taken, result, now=now)
            fp("run.totals")
    return started


def _count_due(administration_id: UUID, today: date, at_most: int) -> int:
    with administration_scope(administration_id):
        return count_due(today=today, at_most=at_most)


def _get_ready(administration_id: UUID, today: date) -> None:
    """Connect, and let the server look up once what it needs to read facts: those of nobody."""
    with administration_scope(administration_id):
        load_facts([NO_ID], today=today, rehearsal=True)


def _look_at(task: _Task, batch: Batch) -> _Tally:
    """Look at a batch, in a transaction of its own."""
    with administration_scope(task.administration_id):
        decisions = _run_batch(batch, task)
    fp("run.committed")
    return len(decisions), _count(decisions)


def run_by_hand(*, today: date, now: datetime) -> RunResult:
    """A run that a person asked for, in the active administration."""
    return run(active_administration(), today=today, now=now)


def preview(administration_id: UUID, *, today: date) -> RunResult:
    """What a run on this day would do: the same decisions, and nothing is written."""
    result = RunResult(on=today)
    taken: Counter[str] = Counter()
    standing: Counter[str] = Counter()
    # Without what each lists, so that a large run takes little memory.
    steps: list[Decision] = []
    with administration_scope(administration_id), transaction.atomic():
        # What the run would plan to collect counts for its decisions, and is undone.
        foresee_collections(today=today)
        sending_on = load_administration().sending_on
        policy = load_policy()
        standing.update(dict(_load_standing()))
        last_on = find_last_run_day(sending_on=sending_on)
        went_back = last_on is not None and last_on > today
        result.missing = list_missing_files(today=today)
        for batch in make_batches(list_due(today=today, went_back=went_back)):
            before = execute(
                "SELECT standing_reason, count(*) FROM tijdig_look "
                "WHERE administration_id = %s AND id = ANY(%s) GROUP BY 1",
                [active_administration(), list(batch)],
            )
            standing.subtract(dict(before.fetchall()))
            pairs = list(decide_all(batch, policy, today=today, rehearsal=not sending_on))
            decisions = [
                decision for _, decision in decide_as_if_claimed(pairs, policy, today=today)
            ]
            result.looked_at += len(decisions)
            taken.update(_count(decisions))
            standing.update(map(_standing_reason, decisions))
            steps += [replace(one, listed=()) for one in decisions if one.outcome == "message"]
        if sending_on and not result.missing:
            result.alarms = foresee_alarms(steps)
        transaction.set_rollback(True)
    goes = sending_on and not result.missing and not result.alarms
    _sum_up(result, taken, standing, held=not goes)
    if goes:
        result.released = taken.total() - taken["call_due"]
    return result


def _start(*, today: date, now: datetime, kind: Run.Kind) -> tuple[Run, bool]:
    """The run's row, and whether a run of a later day went before.

    Where today's daily run was broken off, its row.
    """
    administration_id = active_administration()
    lock_administration()
    administration = load_administration()
    sending_on = administration.sending_on
    last_on = find_last_run_day(sending_on=sending_on)
    went_back = last_on is not None and last_on > today
    if sending_on and last_on and today < last_on:
        raise Refusal(
            f"De laatste run was voor {last_on:%d-%m-%Y}. Een run voor een eerdere dag kan alleen "
            "als verzenden uit staat.",
            f"The last run was for {last_on:%d-%m-%Y}. A run for an earlier day is possible only "
            "while sending is off.",
        )
    if sending_on and today > now.astimezone(ZoneInfo(administration.time_zone)).date():
        raise Refusal(
            f"{today:%d-%m-%Y} is nog niet aangebroken. Een run voor een latere dag kan alleen als "
            "verzenden uit staat.",
            f"{today:%d-%m-%Y} has not come yet. A run for a later day is possible only while "
            "sending is off.",
        )
    if kind == Run.Kind.DAILY:
        _end_those_that_waited(before=today, now=now)
        if is_begun(today):
            unfinished = Run.objects.get(kind=kind, on=today)
            unfinished.sending_was_on = sending_on
            if unfinished.waits_for:
                # It begins anew: what it waited for may have come.
                unfinished.looked_at_count = unfinished.planned_count = unfinished.held_count = 0
            unfinished.save(update_fields=["sending_was_on"])
            return unfinished, went_back
    started = Run.objects.create(
        id=new_id(),
        administration_id=administration_id,
        on=today,
        kind=kind,
        started_at=now,
        sending_was_on=sending_on,
    )
    return started, went_back


def _end_those_that_waited(*, before: date, now: datetime) -> None:
    """What waited for a file on a day that is over is decided anew on this one."""
    execute(
        'UPDATE tijdig_run SET ended_at = %s WHERE administration_id = %s AND "on" < %s '
        "AND ended_at IS NULL AND waits_for <> '[]'",
        [now, active_administration(), before],
    )


def _run_batch(batch: Batch, task: _Task) -> list[Decision]:
    """Decide and store; the decisions, also where they wait for a file that is missing."""
    started, policy, today, waits_for = task.started, task.policy, task.today, task.waits_for
    share_administration()
    if load_administration().sending_on != started.sending_was_on:
        raise Refusal(
            "Verzenden is tijdens de run aan- of uitgezet. Start de run opnieuw.",
            "Sending was turned on or off during the run. Start the run again.",
        )
    ids = _lock_due(batch, today=today, went_back=task.went_back)
    rehearsal = not started.sending_was_on
    fp("run.locked")
    pairs = list(decide_all(ids, policy, today=today, rehearsal=rehearsal))
    if rehearsal:
        # Its messages say what the real ones would; in the ledger nothing is booked.
        pairs = decide_as_if_claimed(pairs, policy, today=today)
    elif not waits_for:
        pairs = claim_and_decide(pairs, policy, today=today, now=started.started_at)
    fp("run.decided")
    if waits_for:
        stored = [(facts, hold_decision(one, waits_for)) for facts, one in pairs]
    else:
        stored = pairs
        lapse_overtaken(decision for facts, decision in pairs if facts.contacts)
    store_decisions(stored, policy, run_id=started.id, rehearsal=rehearsal)
    if not rehearsal and not waits_for:
        open_expired(pairs, today=today)
    fp("run.stored")
    return [decision for _, decision in pairs]


def _lock_due(batch: Batch, *, today: date, went_back: bool) -> Batch:
    """Lock these debtors; once locked, who is still due: a run beside this one may have looked.

    Two statements, so that the second sees what the other run wrote while the first waited.
    """
    bounds = [active_administration(), batch[0], batch[-1]]
    execute(
        "SELECT FROM unnest(%s::uuid[]) AS batch (id) "
        "JOIN tijdig_debtor debtor ON debtor.id = batch.id "
        "WHERE debtor.administration_id = %s AND debtor.id BETWEEN %s AND %s "
        "ORDER BY debtor.id FOR NO KEY UPDATE OF debtor",
        [list(batch), *bounds],
    )
    done = execute(
        "SELECT look.id FROM unnest(%s::uuid[]) AS batch (id) "
        "JOIN tijdig_look look ON look.id = batch.id "
        "WHERE look.administration_id = %s AND look.id BETWEEN %s AND %s "
        "AND (look.next_look_on <= %s OR %s) IS NOT TRUE",
        [list(batch), *bounds, today, went_back],
    ).fetchall()
    looked_at = {row[0] for row in done}
    return [debtor_id for debtor_id in batch if debtor_id not in looked_at] if done else batch


def decide_all(
    debtor_ids: Sequence[UUID], policy: Policy, *, today: date, rehearsal: bool
) -> Iterator[tuple[DebtorFacts, Decision]]:
    """The facts and the decision of each of these debtors, in order of id."""
    loaded = load_facts(debtor_ids, today=today, rehearsal=rehearsal)
    fp("run.loaded")
    for facts in loaded:
        yield facts, decide(facts, policy, today=today)


def _count(decisions: Iterable[Decision]) -> Counter[str]:
    """The steps taken, by their reason."""
    return Counter(one.reason for one in decisions if one.outcome != "nothing")


def _standing_reason(decision: Decision) -> str:
    return decision.reason if decision.outcome == "nothing" else "step_taken"


def _load_standing() -> list[tuple[str, int]]:
    return execute(
        "SELECT standing_reason, count(*) FROM tijdig_look WHERE administration_id = %s GROUP BY 1",
        [active_administration()],
    ).fetchall()


def _sum_up(
    result: RunResult,
    taken: Counter[str],
    standing: Counter[str],
    *,
    held: bool,
    stands_as: str = "step_taken",
) -> None:
    """Every debtor counts once: with the step just taken, else with his standing reason."""
    result.planned = taken.total()
    result.held = result.planned if held else 0
    standing[stands_as] -= result.planned
    result.nothing = standing.total()
    result.because = +(taken + standing)


def _finish(started: Run, taken: Counter[str], result: RunResult, *, now: datetime) -> None:
    """Sum up, and judge: a run that waits for a file goes on when it has come."""
    waits = started.sending_was_on and bool(result.missing)
    figures = None
    if started.sending_was_on and not waits:
        figures, result.alarms = judge(started, today=result.on, now=now)
    _sum_up(
        result,
        taken,
        Counter(dict(_load_standing())),
        held=not started.sending_was_on or waits or bool(result.alarms),
        stands_as=WAITS_FOR_FACTS if waits else "step_taken",
    )
    goes_on = waits and started.kind == Run.Kind.DAILY
    Run.objects.filter(id=started.id).update(
        ended_at=None if goes_on else now,
        waits_for=describe_files(result.missing) if waits else [],
        message_count=figures.messages if figures else 0,
        versions=write_versions(figures.versions) if figures else {},
        looked_at_count=started.looked_at_count + result.looked_at,
        planned_count=started.planned_count + result.planned,
        released_count=started.released_count + result.released,
        held_count=started.held_count + result.held,
        nothing_count=result.nothing,
        because=dict(result.because),
    )
