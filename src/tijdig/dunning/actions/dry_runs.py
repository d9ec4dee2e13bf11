"""Proefdraaien: the run of a day decided and written as the real one, and nothing of it stays.

The same decisions, the same rows, the same words as the run and the release make, inside a
transaction that is undone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from tijdig.core.breaker import Alarm
from tijdig.core.decision import Decision
from tijdig.core.facts import DebtorFacts
from tijdig.core.freshness import MissingFile
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.batches import make_batches
from tijdig.dunning.actions.claims import claim_and_decide
from tijdig.dunning.actions.collections import foresee_collections
from tijdig.dunning.actions.halts import foresee_alarms
from tijdig.dunning.actions.planning import plan_messages
from tijdig.dunning.actions.release import write_messages
from tijdig.dunning.actions.run import decide_all
from tijdig.dunning.models import Run
from tijdig.dunning.queries.due_claims import decide_as_if_claimed
from tijdig.dunning.queries.freshness import list_missing_files
from tijdig.dunning.queries.policies import load_policy
from tijdig.dunning.queries.runs import list_due
from tijdig.messaging.actions.states import Frozen
from tijdig.messaging.models import Message
from tijdig.tenants.queries import load_administration

LOOKED_AT = 20_000

Pair = tuple[DebtorFacts, Decision]
Kind = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What the run of a day would do; `counts` and `before` by phase and channel.

    `before` is what the last run before that day planned, on `before_on`. `alarms` are the reasons
    for which the run would hold everything and ask. `is_all` is False where only the first debtors
    were looked at.
    """

    on: date
    steps: tuple[Pair, ...]
    excluded: tuple[Pair, ...]
    counts: Counter[Kind]
    before: Counter[Kind]
    before_on: date | None
    missing: tuple[MissingFile, ...]
    alarms: tuple[Alarm, ...]
    is_all: bool


def look(*, today: date) -> DryRun:
    """Decide for everybody who is due on a day; nothing is written."""
    with transaction.atomic():
        # What the run would plan to collect counts for its decisions; it is undone with the rest.
        foresee_collections(today=today)
        due = list_due(today=today, went_back=False)
        pairs = []
        for batch in make_batches(due[:LOOKED_AT]):
            decided = _decide(batch, today=today)
            pairs += decide_as_if_claimed(decided, load_policy(), today=today)
        transaction.set_rollback(True)
    steps = [pair for pair in pairs if pair[1].outcome != "nothing"]
    before_on = (
        Run.objects.filter(on__lt=today).order_by("-on").values_list("on", flat=True).first()
    )
    planned = (
        list(Message.objects.filter(planned_on=before_on).values_list("phase", "channel"))
        if before_on
        else []
    )
    return DryRun(
        on=today,
        steps=tuple(sorted(steps, key=lambda pair: -pair[1].total_cents)),
        excluded=tuple(pair for pair in pairs if pair[1].outcome == "nothing"),
        counts=Counter(_kind_of(decision) for _, decision in steps),
        before=Counter(planned),
        before_on=before_on,
        missing=list_missing_files(today=today),
        alarms=foresee_alarms([decision for _, decision in steps]),
        is_all=len(due) <= LOOKED_AT,
    )


def write(debtor_ids: Sequence[UUID], *, today: date, now: datetime) -> tuple[Frozen, ...]:
    """The messages of that run to these debtors, word for word; in order of debtor.

    Refuses: what cannot be written, and while a run plans the same messages.
    """
    with transaction.atomic():
        try:
            with transaction.atomic():
                return _write(debtor_ids, today=today, now=now)
        except IntegrityError as error:
            raise Refusal(
                "De run is net bezig met deze berichten. Probeer het zo nog eens.",
                "The run is at work on these messages. Try again in a moment.",
            ) from error
        finally:
            transaction.set_rollback(True)


def _write(debtor_ids: Sequence[UUID], *, today: date, now: datetime) -> tuple[Frozen, ...]:
    policy = load_policy()
    foresee_collections(today=today)
    pairs = _decide(debtor_ids, today=today)
    rehearsal = not load_administration().sending_on
    pairs = claim_and_decide(pairs, policy, today=today, now=now, rehearsal=rehearsal)
    planned = plan_messages(
        [pair for pair in pairs if pair[1].outcome == "message"],
        planned_on=today,
        rehearsal=False,
        is_dry=True,
    )
    rows = {row.id: row for row in Message.objects.filter(id__in=[one[0] for one in planned])}
    frozen, refused = write_messages(
        [rows[message_id] for message_id, _, _ in planned],
        {message_id: decision for message_id, _, decision in planned},
        {facts.debtor_id: facts for _, facts, _ in planned},
        policy,
        today=today,
    )
    for refusal in refused.values():
        raise refusal
    return tuple(frozen)


def _decide(debtor_ids: Sequence[UUID], *, today: date) -> list[Pair]:
    rehearsal = not load_administration().sending_on
    return list(decide_all(debtor_ids, load_policy(), today=today, rehearsal=rehearsal))


def _kind_of(decision: Decision) -> Kind:
    return decision.step.phase if decision.step else "", decision.channel or ""
