"""What became of a dry run: the run of its day held against it, with the reason per debtor."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tijdig.core.foreseen import DifferenceKind, ForeseenStep, compare_runs
from tijdig.core.problem import Sentence
from tijdig.dunning.models import Call, Decision, KeptDryRun
from tijdig.dunning.queries.pages import load_latest_words
from tijdig.dunning.queries.runs import list_real_runs
from tijdig.ledger.models import Debtor
from tijdig.messaging.models import Message

# What is not on its way to the debtor, and will not be.
_DROPPED = ("cancelled", "failed", "suppressed")


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A debtor for whom the run did something else. `because` is what the run decided, and
    `dropped_because` the code of why a message that it had planned did not go out.
    """

    number: str
    name: str
    kind: DifferenceKind
    foreseen: ForeseenStep | None
    done: ForeseenStep | None
    because: Sentence | None
    dropped_because: str


@dataclass(frozen=True, slots=True)
class RunComparison:
    """The dry run of a day beside its run: how many debtors were the same, and all the others."""

    on: date
    looked_at: datetime
    foreseen_count: int
    same_count: int
    counts: Counter[DifferenceKind]
    rows: tuple[DifferenceRow, ...]


@dataclass(frozen=True, slots=True)
class _Done:
    """What a run did for debtors, and the codes for which planned messages were dropped."""

    steps: Mapping[UUID, ForeseenStep]
    dropped: Mapping[UUID, str]


def compare_dry_run(*, on: date) -> RunComparison | None:
    """The kept dry run of a day beside what was done; None without one, or before the run ended.

    A message that the run planned and that was dropped since counts as not done.
    """
    kept = KeptDryRun.objects.filter(on=on).first()
    if kept is None or not list_real_runs().filter(on=on, ended_at__isnull=False).exists():
        return None
    foreseen = {UUID(row[0]): ForeseenStep(*row[1:]) for row in kept.steps}
    planned = Message.objects.filter(planned_on=on).values_list("debtor_id", flat=True)
    called = Call.objects.filter(asked_on=on).values_list("debtor_id", flat=True)
    ids = {*foreseen, *planned, *called}
    done = _load_done(ids, on=on)
    differences = compare_runs(foreseen, done.steps)
    words = load_latest_words([one.debtor_id for one in differences], until_on=on)
    names = _load_names([one.debtor_id for one in differences])
    rows = [
        DifferenceRow(
            *names[one.debtor_id],
            one.kind,
            one.foreseen,
            one.done,
            words[one.debtor_id][1] if one.debtor_id in words else None,
            done.dropped.get(one.debtor_id, "") if one.done is None else "",
        )
        for one in differences
    ]
    others = sum(one.kind != "extra" for one in rows)
    return RunComparison(
        on=on,
        looked_at=kept.looked_at,
        foreseen_count=len(foreseen),
        same_count=len(foreseen) - others,
        counts=Counter(one.kind for one in rows),
        rows=tuple(sorted(rows, key=lambda row: (row.kind, row.number))),
    )


def _load_done(debtor_ids: Collection[UUID], *, on: date) -> _Done:
    """The step that the runs of this day took for each of these debtors, as it stands now.

    A message that was decided again on a later day is still the one of this day.
    """
    decided = (
        Decision.objects.filter(debtor_id__in=debtor_ids, on=on)
        .exclude(outcome="nothing")
        .order_by("debtor_id", "-id")
        .distinct("debtor_id")
        .values_list("debtor_id", "step_key")
    )
    messages = Message.objects.filter(
        debtor_id__in=debtor_ids, planned_on__gte=on, copy_of=None
    ).order_by("id")
    told = {
        (debtor_id, key): (ForeseenStep(key, phase, channel, cents), state, reason)
        for debtor_id, key, phase, channel, cents, state, reason in messages.values_list(
            "debtor_id", "step_key", "phase", "channel", "total_cents", "state", "reason"
        )
    }
    calls = Call.objects.filter(debtor_id__in=debtor_ids, asked_on=on).order_by("id")
    told |= {
        (debtor_id, key): (ForeseenStep(key, "call", "phone", cents), state, "")
        for debtor_id, key, cents, state in calls.values_list(
            "debtor_id", "step_key", "total_cents", "state"
        )
    }
    found = {one[0]: told[one] for one in decided if one in told}
    return _Done(
        {one: step for one, (step, state, _) in found.items() if state not in _DROPPED},
        {one: reason for one, (_, state, reason) in found.items() if state in _DROPPED},
    )


def _load_names(debtor_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    rows = Debtor.objects.filter(id__in=debtor_ids).values_list("id", "number", "name")
    return {debtor_id: (number, name) for debtor_id, number, name in rows}
