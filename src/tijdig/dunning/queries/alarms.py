"""A run in figures, as the breaker judges it, and the question that it asks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import tijdig
from tijdig.core.breaker import RUNS_COMPARED, RunFigures, RunVersions
from tijdig.core.decision import Decision
from tijdig.core.problem import Sentence
from tijdig.dunning.models import Halt, Run
from tijdig.dunning.queries.policies import find_policy_version
from tijdig.intake.queries import list_source_names
from tijdig.tenants.bulk import execute
from tijdig.tenants.ids import NO_ID
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration

_MARK = 12
_ROOT = Path(tijdig.__file__).parent
_TEXTS = ("templates/mail/*.md", "templates/letters/*.typ")
_LAW = ("core/law/tables*.py", "core/law/tables/*.py")

# Messages that a run planned and that nobody judged yet, or that wait for an answer.
_MESSAGES = """
SELECT count(*), coalesce(max(total_cents), 0), count(DISTINCT debtor_id) FILTER (
    WHERE phase <> 'before_due' AND NOT EXISTS (
        SELECT FROM tijdig_message earlier
        WHERE earlier.administration_id = judged.administration_id
          AND earlier.debtor_id = judged.debtor_id
          AND earlier.carrying_item_id = judged.carrying_item_id
          AND earlier.reopen_count = judged.reopen_count
          AND earlier.phase <> 'before_due' AND earlier.id <> judged.id
          AND earlier.state NOT IN ('held', 'cancelled', 'failed', 'suppressed')))
FROM tijdig_message judged
WHERE administration_id = %s AND state = 'held' AND reason = ANY(%s)
"""

# Of decisions that are not stored: how many debtors nobody asked for this invoice before.
_FIRST_OF = """
SELECT count(DISTINCT asked.debtor_id)
FROM unnest(%s::uuid[], %s::uuid[], %s::int[]) AS asked (debtor_id, item_id, reopen_count)
WHERE NOT EXISTS (
    SELECT FROM tijdig_message earlier
    WHERE earlier.administration_id = %s AND earlier.debtor_id = asked.debtor_id
      AND earlier.carrying_item_id = asked.item_id
      AND earlier.reopen_count = asked.reopen_count AND earlier.phase <> 'before_due'
      AND earlier.state NOT IN ('held', 'cancelled', 'failed', 'suppressed'))
"""

# Runs that are compared are real, have ended, and were not held back.
_REAL = """
run.administration_id = %s AND run.id <> %s AND run.sending_was_on AND run.ended_at IS NOT NULL
"""
_WENT = f"""
{_REAL} AND NOT EXISTS (
    SELECT FROM tijdig_halt halt
    WHERE halt.administration_id = run.administration_id AND halt.run_id = run.id
      AND halt.answer IN ('', 'hold_back'))
"""
# Messages of the last runs, versions of the last that sent any, and how much there is to compare.
_BEFORE = f"""
SELECT ARRAY(SELECT message_count FROM tijdig_run run WHERE {_WENT}
             ORDER BY started_at DESC, id DESC LIMIT {RUNS_COMPARED}),
       (SELECT versions FROM tijdig_run run WHERE {_WENT} AND message_count > 0
        ORDER BY started_at DESC, id DESC LIMIT 1),
       (SELECT max(started_at) FROM tijdig_run run WHERE {_REAL}),
       (SELECT count(DISTINCT debtor_id) FROM tijdig_openitem
        WHERE administration_id = %s AND closed_on IS NULL),
       (SELECT count(*) FROM tijdig_debtor WHERE administration_id = %s)
"""

_CHANGED_ADDRESSES = """
SELECT count(DISTINCT debtor_id) FROM tijdig_event
WHERE administration_id = %s AND at > %s AND kind = 'debtor_changed' AND EXISTS (
    SELECT FROM jsonb_each(data -> 'changes') AS change (field, told)
    WHERE field IN ('email', 'street', 'postal_code', 'city', 'country')
      AND told ->> 0 NOT IN ('', told ->> 1))
"""


@dataclass(frozen=True, slots=True)
class HaltRow:
    """A run that asks first, with its reasons in words."""

    id: UUID
    asked_at: datetime
    message_count: int
    reasons: tuple[Sentence, ...]


def load_run_figures(run: Run, *, reasons: list[str]) -> RunFigures:
    """The figures of a run whose messages are held for one of these reasons."""
    planned = _one(_MESSAGES, [active_administration(), reasons])
    return _compare(planned, beside=run.id)


def foresee_run_figures(decisions: Sequence[Decision], *, reasons: list[str]) -> RunFigures:
    """The figures of a run that would decide this, with what is held for one of these reasons."""
    goes = [one for one in decisions if one.outcome == "message" and one.carrying is not None]
    asks = [one for one in goes if one.step is not None and one.step.phase != "before_due"]
    carrying = [(one.debtor_id, one.carrying) for one in asks if one.carrying is not None]
    held, largest_cents, first_demands = _one(_MESSAGES, [active_administration(), reasons])
    first = _one(
        _FIRST_OF,
        [
            [debtor_id for debtor_id, _ in carrying],
            [item.item_id for _, item in carrying],
            [item.reopen_count for _, item in carrying],
            active_administration(),
        ],
    )[0]
    copies = sum(one.copy_by is not None for one in goes)
    largest_cents = max([largest_cents, *(one.total_cents for one in goes)])
    planned = (held + len(goes) + copies, largest_cents, first_demands + first)
    return _compare(planned)


def _compare(planned: tuple[Any, ...], *, beside: UUID = NO_ID) -> RunFigures:
    """What was planned (messages, the largest, first demands), beside the runs before it."""
    administration_id = active_administration()
    messages, largest_cents, first_demands = planned
    row = _one(_BEFORE, [*[administration_id, beside] * 3, administration_id, administration_id])
    earlier, accepted, last_at, debtors, addresses = row
    changed = _one(_CHANGED_ADDRESSES, [administration_id, last_at])[0] if last_at else 0
    return RunFigures(
        messages=messages,
        debtors=debtors,
        versions=load_run_versions(),
        accepted=None if accepted is None else read_versions(json.loads(accepted)),
        earlier_messages=earlier,
        first_demands=first_demands,
        addresses=addresses,
        changed_addresses=changed,
        largest_cents=largest_cents,
        limit_cents=load_administration().amount_limit_cents,
    )


def load_run_versions() -> RunVersions:
    """What a run works with now."""
    return RunVersions(
        find_policy_version(),
        _mark_files(_TEXTS),
        _mark_files(_LAW),
        frozenset(list_source_names()),
    )


def write_versions(versions: RunVersions) -> dict[str, Any]:
    """The versions as a run keeps them."""
    return {
        "policy": versions.policy,
        "texts": versions.texts,
        "law": versions.law,
        "sources": sorted(versions.sources),
    }


def read_versions(kept: Mapping[str, Any]) -> RunVersions:
    """The versions that a run kept."""
    return RunVersions(
        kept.get("policy", 0),
        kept.get("texts", ""),
        kept.get("law", ""),
        frozenset(kept.get("sources", ())),
    )


def find_open_halt() -> HaltRow | None:
    """The run that waits for an answer; None when none does."""
    halt = Halt.objects.filter(answer="").first()
    if halt is None:
        return None
    reasons = tuple(Sentence(one["nl"], one["en"]) for one in halt.reasons)
    return HaltRow(halt.id, halt.asked_at, halt.message_count, reasons)


@cache
def _mark_files(patterns: tuple[str, ...]) -> str:
    """A mark that changes with the content of these files of the program."""
    mark = sha256()
    for path in sorted(path for pattern in patterns for path in _ROOT.glob(pattern)):
        mark.update(path.read_bytes())
    return mark.hexdigest()[:_MARK]


def _one(sql: str, parameters: list[Any]) -> tuple[Any, ...]:
    row = execute(sql, parameters).fetchone()
    return row or (0,)
