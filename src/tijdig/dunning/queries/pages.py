"""Runs, decisions, calls and what is to come, as pages show them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tijdig.core.calendar import next_working_day
from tijdig.core.decision import Decision as CoreDecision
from tijdig.core.dunning import decide, forecast, is_for_creditor
from tijdig.core.facts import DebtorFacts
from tijdig.core.law.contact_hours import may_be_natural_person
from tijdig.core.problem import Sentence
from tijdig.core.reasons import STOP_PREFIX
from tijdig.dunning.models import Call, Decision, Run
from tijdig.dunning.queries.due_claims import decide_as_if_claimed
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.policies import load_policy
from tijdig.dunning.queries.runs import list_real_runs
from tijdig.ledger.belongings.models import Look
from tijdig.ledger.queries.balances import list_debtor_ids_due, list_invoice_numbers
from tijdig.ledger.queries.kinds import load_kinds
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

_DECIDED_FOR_COUNT = 50
_LATEST_WORDS = """
SELECT told.id, made."on", made.because_nl, made.because_en FROM unnest(%s::uuid[]) AS told (id)
CROSS JOIN LATERAL (
    SELECT "on", because_nl, because_en FROM tijdig_decision
    WHERE administration_id = %s AND debtor_id = told.id AND "on" <= %s
    ORDER BY "on" DESC, id DESC LIMIT 1
) made
"""
COUNT_UP_TO = 1001
# As many calls are looked at, so that those who are left alone do not empty the list.
_LOOKED_AT_FACTOR = 4


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run; `because` counts its decisions by reason code."""

    on: date
    kind: str
    started_at: datetime
    ended_at: datetime | None
    sending_was_on: bool
    looked_at_count: int
    planned_count: int
    released_count: int
    held_count: int
    nothing_count: int
    because: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as it was stored, with the facts and the versions that it was made on."""

    id: UUID
    on: date
    outcome: str
    reason: str
    because_nl: str
    because_en: str
    step_key: str
    next_look_on: date | None
    facts: Mapping[str, object]
    facts_version: int
    policy_version: int
    code_version: str
    run_id: UUID


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call to make or made, about the invoice that carries the step."""

    id: UUID
    debtor_id: UUID
    debtor_number: str
    debtor_name: str
    invoice_number: str
    asked_on: date
    total_cents: int
    state: str
    done_on: date | None
    outcome: str
    note: str


@dataclass(frozen=True, slots=True)
class CallList:
    """Calls to make, and calls that are not made now with the reason; `more` are not shown."""

    to_make: tuple[CallRow, ...]
    left_alone: tuple[tuple[CallRow, Sentence], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """Messages and calls of the next run if nothing changes until then."""

    on: date
    rows: tuple[CoreDecision, ...]
    is_all: bool


_DECISION_FIELDS = (
    "id",
    "on",
    "outcome",
    "reason",
    "because_nl",
    "because_en",
    "step_key",
    "next_look_on",
    "facts",
    "facts_version",
    "policy_version",
    "code_version",
    "run_id",
)
_CALL_FIELDS = (
    "id",
    "debtor_id",
    "debtor__number",
    "debtor__name",
    "carrying_item_id",
    "asked_on",
    "total_cents",
    "state",
    "done_on",
    "outcome",
    "note",
)


def list_runs(*, limit: int) -> tuple[RunRow, ...]:
    """The latest runs that happened, latest first."""
    return _read_runs(list_real_runs(), limit=limit)


def _read_runs(runs: QuerySet[Run], *, limit: int) -> tuple[RunRow, ...]:
    rows = runs.order_by("-on", "-started_at")[:limit].values_list(
        "on",
        "kind",
        "started_at",
        "ended_at",
        "sending_was_on",
        "looked_at_count",
        "planned_count",
        "released_count",
        "held_count",
        "nothing_count",
        "because",
    )
    return tuple(RunRow(*row) for row in rows)


def find_run_of(day: date) -> RunRow | None:
    """The latest run that happened for a day; while sending is off later days may have theirs."""
    return next(iter(_read_runs(list_real_runs().filter(on=day), limit=1)), None)


def list_decisions_of(debtor_id: UUID, *, limit: int) -> tuple[DecisionRow, ...]:
    """A debtor's latest decisions, latest first."""
    rows = Decision.objects.filter(debtor_id=debtor_id).order_by("-on", "-id")[:limit]
    return tuple(map(_read_decision, rows.values(*_DECISION_FIELDS)))


def find_decision(debtor_id: UUID, *, on: date) -> DecisionRow | None:
    """The decision that held on a day: the last one made on it or before it."""
    made = Decision.objects.filter(debtor_id=debtor_id, on__lte=on).order_by("-on", "-id")
    row = made.values(*_DECISION_FIELDS).first()
    return None if row is None else _read_decision(row)


def was_rehearsed(decision: DecisionRow) -> bool:
    """Whether sending was off when this was decided: what it takes for sent did not go out."""
    return Run.objects.filter(id=decision.run_id, sending_was_on=False).exists()


def _read_decision(stored: dict[str, Any]) -> DecisionRow:
    return DecisionRow(**stored | {"facts": json.loads(stored["facts"])})


def load_latest_words(
    debtor_ids: Collection[UUID], *, until_on: date
) -> dict[UUID, tuple[date, Sentence]]:
    """By debtor, the last decision up to a day: on which day it was made, and its sentence.

    No key where there is none.
    """
    asked = [list(debtor_ids), active_administration(), until_on]
    rows = execute(_LATEST_WORDS, asked).fetchall()
    return {debtor_id: (on, Sentence(nl, en)) for debtor_id, on, nl, en in rows}


def find_days_around(debtor_id: UUID, *, on: date) -> tuple[date | None, date | None]:
    """The nearest earlier and later days on which a decision was made about this debtor."""
    days = Decision.objects.filter(debtor_id=debtor_id).order_by("on").values_list("on", flat=True)
    return days.filter(on__lt=on).last(), days.filter(on__gt=on).first()


def count_open_calls(*, today: date, rehearsal: bool, for_creditor: bool = True) -> int:
    """Calls to make on the facts of this moment; counting stops at 1,001.

    Who changed since the last run is decided anew, as on the list; the first fifty of them.
    `for_creditor` is as for the list: what somebody may not make does not count for him.
    """
    changed = Look.objects.filter(next_look_on__lte=today).values("id")
    waiting = Call.objects.filter(state=Call.State.OPEN, debtor_id__in=changed).order_by("id")
    ids = list(waiting.values_list("debtor_id", flat=True)[:_DECIDED_FOR_COUNT])
    others = _calls_to_make().exclude(debtor_id__in=ids)
    if for_creditor and not ids:
        return others.values("id")[:COUNT_UP_TO].count()
    policy = load_policy()
    is_bound = not for_creditor and policy.rules.acts_unregistered
    companies = _count_of_companies(others) if is_bound else None
    count = others.values("id")[:COUNT_UP_TO].count() if companies is None else companies
    return count + sum(
        not (is_bound and is_for_creditor(facts, policy))
        and not _leaves_alone(decide(_without_open_calls(facts), policy, today=today))
        for facts in load_facts(ids, today=today, rehearsal=rehearsal)
    )


def _count_of_companies(calls: QuerySet[Call]) -> int:
    """Those to who is surely no natural person."""
    called = list(calls.values_list("debtor_id", "debtor__name")[:COUNT_UP_TO])
    kinds = load_kinds([debtor_id for debtor_id, _ in called])
    return sum(not may_be_natural_person(kinds[debtor_id], name) for debtor_id, name in called)


def is_call(call_id: UUID) -> bool:
    """Whether this administration has such a call."""
    return Call.objects.filter(id=call_id).exists()


def is_call_for_creditor(call_id: UUID, *, today: date) -> bool:
    """Whether only the creditor's own staff may make this call. Law: Wki art. 4 and 11."""
    policy = load_policy()
    if not policy.rules.acts_unregistered:
        return False
    debtor_id = Call.objects.values_list("debtor_id", flat=True).get(id=call_id)
    facts = load_facts([debtor_id], today=today, rehearsal=False)
    return any(is_for_creditor(one, policy) for one in facts)


def list_open_calls(*, limit: int) -> tuple[CallRow, ...]:
    """Calls to make: the largest amount first, for that is where a call brings most."""
    calls = _calls_to_make().order_by("-total_cents", "asked_on", "id")
    return _with_numbers(list(calls[:limit].values_list(*_CALL_FIELDS)))


def list_calls(*, today: date, rehearsal: bool, limit: int, for_creditor: bool = True) -> CallList:
    """Whom to call on the facts of this moment, and who is left alone although a call was asked.

    A payment or a stop since the last run takes its debtor off the first list, not only at the
    next one. `for_creditor`: whoever looks is of the creditor's own staff; who is not leaves alone
    whom only they may call, and reads why on a day off too.
    """
    waiting = Call.objects.filter(state=Call.State.OPEN)
    first = waiting.order_by("-total_cents", "asked_on", "id")[: limit * _LOOKED_AT_FACTOR]
    rows = _with_numbers(list(first.values_list(*_CALL_FIELDS)))
    policy = load_policy()
    ids = [row.debtor_id for row in rows]
    decisions: dict[UUID, CoreDecision] = {}
    theirs: set[UUID] = set()
    for facts in load_facts(ids, today=today, rehearsal=rehearsal):
        on = today
        if not for_creditor and is_for_creditor(facts, policy):
            theirs.add(facts.debtor_id)
            on = next_working_day(today)
        decisions[facts.debtor_id] = decide(_without_open_calls(facts), policy, today=on)
    left = [
        row for row in rows if row.debtor_id in theirs or _leaves_alone(decisions[row.debtor_id])
    ]
    to_make = [row for row in rows if row not in left]
    return CallList(
        tuple(to_make[:limit]),
        tuple((row, decisions[row.debtor_id].because) for row in left[:limit]),
        max(waiting.count() - len(left) - limit, 0),
    )


def _without_open_calls(facts: DebtorFacts) -> DebtorFacts:
    """The facts as if no call had been asked: would one be asked now?"""
    contacts = tuple(contact for contact in facts.contacts if contact.state != "call_open")
    return replace(facts, contacts=contacts)


def _leaves_alone(decision: CoreDecision) -> bool:
    return decision.outcome == "nothing" and decision.reason != "not_a_working_day"


def _calls_to_make() -> QuerySet[Call]:
    """Nobody is called who has paid since the last run, or whom that run had to leave alone."""
    waiting = Call.objects.filter(state=Call.State.OPEN, carrying_item__closed_on=None)
    left_alone = Look.objects.filter(standing_reason__startswith=STOP_PREFIX).values("id")
    return waiting.exclude(debtor_id__in=left_alone)


def list_calls_of(debtor_id: UUID, *, limit: int) -> tuple[CallRow, ...]:
    """A debtor's latest calls, latest first."""
    calls = Call.objects.filter(debtor_id=debtor_id).order_by("-asked_on", "-id")
    return _with_numbers(list(calls[:limit].values_list(*_CALL_FIELDS)))


def forecast_for(debtor_id: UUID, *, today: date, rehearsal: bool) -> tuple[CoreDecision, ...]:
    """The next messages and calls for a debtor if nothing changes."""
    tomorrow = today + timedelta(days=1)
    facts = load_facts([debtor_id], today=today, rehearsal=rehearsal)
    return tuple(
        decision for one in facts for decision in forecast(one, load_policy(), today=tomorrow)
    )


def look_ahead(*, today: date, rehearsal: bool, limit: int) -> Ahead:
    """What the run of the next working day would send or ask, by amount, largest first.

    Looks at `limit` debtors at most; `is_all` tells whether those were all.
    """
    on = next_working_day(today + timedelta(days=1))
    ids = list_debtor_ids_due(until=on, limit=limit + 1)
    policy = load_policy()
    pairs = [
        (one, decide(one, policy, today=on))
        for one in load_facts(ids[:limit], today=on, rehearsal=rehearsal)
    ]
    # A last demand asks the costs and interest that are booked when it goes.
    decisions = [one for _, one in decide_as_if_claimed(pairs, policy, today=on)]
    rows = sorted(
        (one for one in decisions if one.outcome != "nothing"), key=lambda one: -one.total_cents
    )
    return Ahead(on, tuple(rows), len(ids) <= limit)


def _with_numbers(rows: list[tuple[Any, ...]]) -> tuple[CallRow, ...]:
    """Calls with the number of their invoice in the place of its item's id."""
    numbers = list_invoice_numbers(tuple(row[4] for row in rows))
    return tuple(CallRow(*(*row[:4], numbers.get(row[4], ""), *row[5:])) for row in rows)
