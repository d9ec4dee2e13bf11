"""Cases as lists show them, and how many wait for somebody."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.cases.models import Instalment, Plan, PlanItem
from tijdig.cases.queries.answers import ANSWER_WAITS
from tijdig.cases.queries.copies import COPY_SENT_ON, USABLE_ADDRESS
from tijdig.cases.queries.credits import load_uncredited
from tijdig.cases.queries.reasons import MAY_STAND, find_standing
from tijdig.core.calendar import add_working_days
from tijdig.core.flags import FLAGS
from tijdig.core.unpaid import UNPAID_REASONS
from tijdig.ledger.models import Invoice
from tijdig.ledger.queries.sql import fetch
from tijdig.tenants.scope import active_administration

CaseKind = Literal[
    "dispute", "credit", "answer", "promise", "plan", "hold", "extension", "reason", "reply", "flag"
]
ALL_KINDS: tuple[CaseKind, ...] = (
    "dispute",
    "credit",
    "answer",
    "promise",
    "plan",
    "reply",
    "reason",
    "hold",
    "extension",
    "flag",
)

_WHO = """
    JOIN tijdig_debtor d ON d.administration_id = c.administration_id AND d.id = c.debtor_id
"""
_ABOUT = f"""
    {_WHO}
    LEFT JOIN tijdig_invoice v
      ON v.administration_id = c.administration_id AND v.open_item_id = c.item_id
"""
_HERE = """
    WHERE c.administration_id = %(administration)s
      AND (%(debtor)s::uuid IS NULL OR c.debtor_id = %(debtor)s::uuid)
      AND (%(id)s::uuid IS NULL OR c.id = %(id)s::uuid)
"""
_DEBTOR = "d.id, d.number, d.name"
_NUMBER = "coalesce(v.number, '')"
# Who comes in the place of a debtor, with all that is known of how to reach him.
_INSTEAD = """
    concat_ws(', ', nullif(c.representative, ''), nullif(c.email, ''), nullif(c.phone, ''),
              nullif(c.street, ''), nullif(btrim(c.postal_code || ' ' || c.city), ''))
"""
# A situation that the law does not let last so long, with the months of each kind that has a limit.
_OVERLONG = """
    coalesce((SELECT c.from_on + make_interval(months => months) < %(today)s::date
                 AND coalesce(c.until_on, 'infinity') > c.from_on + make_interval(months => months)
              FROM unnest(%(limited)s::text[], %(months)s::int[]) AS most (kind, months)
              WHERE most.kind = c.kind), false)
"""
_NEXT_TERM = """
    (SELECT min(term.due_on) FROM (
        SELECT due_on, sum(cents) OVER (ORDER BY position) AS asked FROM tijdig_instalment t
        WHERE t.administration_id = c.administration_id AND t.plan_id = c.id) term
     WHERE term.asked > c.total_cents - (
        SELECT coalesce(sum(e.cents), 0) FROM tijdig_planitem p JOIN tijdig_entry e
          ON e.administration_id = p.administration_id AND e.open_item_id = p.item_id
        WHERE p.administration_id = c.administration_id AND p.plan_id = c.id))
"""

# One row per standing case, the kind first; `is_urgent` puts a broken promise before an open one.
_STANDING = f"""
SELECT one.*, coalesce(plan.grace_working_days, 0), {COPY_SENT_ON} FROM (
SELECT 'dispute', c.id, {_DEBTOR}, {_NUMBER}, c.category, c.state, c.cents, c.opened_on,
       c.deadline_on, c.owner, c.note, false
FROM tijdig_dispute c {_ABOUT} {_HERE} AND c.state = 'open' AND 'dispute' = ANY(%(kinds)s)
UNION ALL
SELECT 'credit', c.id, {_DEBTOR}, {_NUMBER}, c.category, c.state, c.cents, c.closed_on,
       NULL, c.closed_by, c.answer, false
FROM tijdig_dispute c {_ABOUT} {_HERE} AND c.state = 'accepted' AND 'credit' = ANY(%(kinds)s)
UNION ALL
SELECT 'answer', c.id, {_DEBTOR}, {_NUMBER}, c.category, c.state, c.cents, c.closed_on,
       NULL, c.closed_by, c.answer, false
FROM tijdig_dispute c {_ABOUT} {_HERE} AND 'answer' = ANY(%(kinds)s)
  AND c.state <> 'accepted' AND {ANSWER_WAITS}
UNION ALL
SELECT 'promise', c.id, {_DEBTOR}, {_NUMBER}, c.state, c.state, c.cents, c.made_on,
       c."on", c.recorded_by, c.note, c.state = 'broken'
FROM tijdig_promise c {_ABOUT} {_HERE} AND 'promise' = ANY(%(kinds)s)
  AND (c.state = 'open' OR (c.state = 'broken' AND c.handled_on IS NULL))
UNION ALL
SELECT 'plan', c.id, {_DEBTOR}, '', c.interval, c.state, c.total_cents, c.agreed_on,
       {_NEXT_TERM}, c.agreed_by, c.note, false
FROM tijdig_plan c {_WHO} {_HERE} AND c.state = 'running' AND 'plan' = ANY(%(kinds)s)
UNION ALL
SELECT 'reply', c.id, {_DEBTOR}, '', c.channel, '', 0, c.received_on, c.deadline_on, c.owner,
       c.text, false
FROM tijdig_reply c {_WHO} {_HERE} AND c.handled_on IS NULL AND 'reply' = ANY(%(kinds)s)
UNION ALL
SELECT 'reason', c.id, {_DEBTOR}, {_NUMBER}, c.kind, {USABLE_ADDRESS}, 0, c.said_on,
       c.deadline_on, coalesce(nullif(c.owner, ''), c.recorded_by), c.note, false
FROM tijdig_reason c {_ABOUT} {_HERE} AND c.handled_on IS NULL AND 'reason' = ANY(%(kinds)s)
  AND {MAY_STAND}
UNION ALL
SELECT 'hold', c.id, d.id, coalesce(d.number, ''), coalesce(d.name, ''), {_NUMBER}, c.depth, '', 0,
       c.from_on, c.until_on, c.set_by, c.reason, false
FROM tijdig_hold c
LEFT JOIN tijdig_debtor d ON d.administration_id = c.administration_id AND d.id = c.debtor_id
LEFT JOIN tijdig_invoice v
  ON v.administration_id = c.administration_id AND v.open_item_id = c.item_id
WHERE c.administration_id = %(administration)s AND c.lifted_on IS NULL
  AND c.until_on >= %(today)s AND 'hold' = ANY(%(kinds)s)
  AND (%(debtor)s::uuid IS NULL OR c.debtor_id = %(debtor)s::uuid OR c.debtor_id IS NULL)
  AND (%(id)s::uuid IS NULL OR c.id = %(id)s::uuid)
UNION ALL
SELECT 'extension', c.id, {_DEBTOR}, {_NUMBER}, '', '', 0, c.given_on, c.until_on, c.given_by,
       c.reason, false
FROM tijdig_extension c {_ABOUT} {_HERE} AND c.withdrawn_on IS NULL
  AND c.until_on >= %(today)s AND 'extension' = ANY(%(kinds)s)
UNION ALL
SELECT 'flag', c.id, {_DEBTOR}, '', c.kind, {_INSTEAD}, 0, c.from_on, c.until_on, c.marked_by,
       c.source, coalesce(c.until_on < %(today)s, false) OR {_OVERLONG}
FROM tijdig_debtorflag c {_WHO} {_HERE} AND c.lifted_on IS NULL
  AND (c.until_on IS NULL OR c.until_on >= %(today)s OR c.kind = ANY(%(may_discharge)s)
       OR {_OVERLONG})
  AND 'flag' = ANY(%(kinds)s)
) one (kind, id, debtor_id, debtor_number, debtor_name, invoice_number, code, state, cents, "on",
       until_on, who, note, is_urgent)
LEFT JOIN tijdig_reason c
  ON c.administration_id = %(administration)s AND c.id = one.id AND one.kind = 'reason'
LEFT JOIN tijdig_plan plan
  ON plan.administration_id = %(administration)s AND plan.id = one.id AND one.kind = 'plan'
ORDER BY 14 DESC, 11 NULLS LAST, 10, 2
"""

_COUNTS = """
SELECT
    (SELECT count(*) FROM tijdig_dispute
     WHERE administration_id = %(administration)s AND state = 'open'),
    (SELECT count(*) FROM tijdig_promise
     WHERE administration_id = %(administration)s AND state = 'broken' AND handled_on IS NULL),
    (SELECT count(*) FROM tijdig_reply
     WHERE administration_id = %(administration)s AND handled_on IS NULL)
"""

_WAITS = f"""
SELECT c.id FROM tijdig_dispute c
WHERE c.administration_id = %(administration)s AND c.id = %(id)s AND {ANSWER_WAITS}
"""
_ACCEPTED = """
SELECT DISTINCT debtor_id FROM tijdig_dispute
WHERE administration_id = %(administration)s AND state = 'accepted'
"""
_WAITING_REASONS = f"""
SELECT c.id, c.debtor_id FROM tijdig_reason c
WHERE administration_id = %(administration)s AND handled_on IS NULL AND kind = ANY(%(kinds)s)
  AND (kind <> 'not_received' OR ({USABLE_ADDRESS} = '' AND {COPY_SENT_ON} IS NULL))
  AND {MAY_STAND}
"""

_KEPT = """
SELECT count(*) FILTER (WHERE state = 'kept'), count(*) FILTER (WHERE state = 'broken')
FROM tijdig_promise
WHERE administration_id = %(administration)s AND debtor_id = %(debtor)s
"""


_REASONS = """
SELECT kind, count(*), count(DISTINCT debtor_id) FROM tijdig_reason
WHERE administration_id = %(administration)s AND said_on >= %(since)s AND said_on < %(until)s
  AND NOT is_withdrawn
GROUP BY kind
ORDER BY 2 DESC, 1
"""


_LIMITED = {
    kind: rule.longest_months for kind, rule in FLAGS.items() if rule.longest_months is not None
}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A standing case; `code` is its category or kind, `until_on` its end, deadline or next term.

    A hold of everybody has no debtor; `state` of a reason is where its copy goes, as long as that
    can be used, and `sent_on` when it went; that of a flag who comes in his place. Only a term of a
    plan has days of grace. The next term is the first that payments do not cover, credits not
    counted.
    """

    kind: CaseKind
    id: UUID
    debtor_id: UUID | None
    debtor_number: str
    debtor_name: str
    invoice_number: str
    code: str
    state: str
    cents: int
    on: date
    until_on: date | None
    who: str
    note: str
    is_urgent: bool
    grace_working_days: int
    sent_on: date | None


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of a plan."""

    position: int
    due_on: date
    agreed_due_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """A reason for not paying: how often it was given, and by how many debtors."""

    kind: str
    count: int
    debtors: int


def list_cases(
    kinds: tuple[CaseKind, ...] = ALL_KINDS,
    *,
    today: date,
    debtor_id: UUID | None = None,
    limit: int | None = 100,
) -> tuple[CaseRow, ...]:
    """The standing cases of these kinds: broken promises first, then the nearest end."""
    return _list(list(kinds), today=today, debtor_id=debtor_id, case_id=None)[:limit]


def find_case(kind: CaseKind, case_id: UUID, *, today: date) -> CaseRow | None:
    """One standing case; None when it is not there, or over."""
    found = _list([kind], today=today, case_id=case_id)
    return found[0] if found else None


def count_waiting() -> dict[str, int]:
    """How many cases wait for one of us, by what they wait for."""
    kinds = [kind for kind, rule in UNPAID_REASONS.items() if rule.needs_us]
    asked = {"administration": active_administration(), "kinds": kinds}
    waiting = dict(fetch(_WAITING_REASONS, asked))
    standing = find_standing(set(waiting.values()))
    accepted = {row[0] for row in fetch(_ACCEPTED, asked)}
    left = load_uncredited(accepted) if accepted else {}
    names = ("disputes", "broken_promises", "replies")
    return {
        **dict(zip(names, fetch(_COUNTS, asked)[0], strict=True)),
        "credits": sum(cents > 0 for cents in left.values()),
        "reasons": len(waiting.keys() & standing),
    }


def is_late(row: CaseRow, *, today: date) -> bool:
    """Whether the day of a case has passed; a term of a plan has some working days of grace."""
    if row.until_on is None:
        return False
    if row.kind == "reason":
        # With an address the copy goes by itself, and who forgot is asked once more.
        waits = asks_address(row) if row.code == "not_received" else True
        return UNPAID_REASONS[row.code].needs_us and waits and row.until_on < today
    if row.kind == "plan":
        return today > add_working_days(row.until_on, row.grace_working_days)
    return row.until_on < today


def asks_address(row: CaseRow) -> bool:
    """Whether somebody has to ask where the copy of an invoice may go, for the first time or anew.

    He gave no address yet, or it cannot be used any more and no copy arrived there.
    """
    return row.code == "not_received" and not row.state and row.sent_on is None


def may_take_back(dispute_id: UUID) -> bool:
    """Whether the answer to a dispute was given and has not gone out."""
    return bool(fetch(_WAITS, {"administration": active_administration(), "id": dispute_id}))


def count_promises(debtor_id: UUID) -> tuple[int, int]:
    """How many promises a debtor has kept, and how many he broke."""
    asked = {"administration": active_administration(), "debtor": debtor_id}
    kept, broken = fetch(_KEPT, asked)[0]
    return int(kept), int(broken)


def count_reasons(*, since: date, until: date) -> tuple[ReasonCount, ...]:
    """How often each reason for not paying was given in a period, the most frequent first."""
    asked = {"administration": active_administration(), "since": since, "until": until}
    return tuple(ReasonCount(*row) for row in fetch(_REASONS, asked))


def list_terms(plan_id: UUID) -> tuple[TermRow, ...]:
    """The terms of a plan, in order."""
    rows = Instalment.objects.filter(plan_id=plan_id).order_by("position")
    return tuple(
        TermRow(*row) for row in rows.values_list("position", "due_on", "agreed_due_on", "cents")
    )


def list_planned_numbers(plan_id: UUID) -> tuple[str, ...]:
    """The numbers of the invoices that a plan spreads, the first that was due first."""
    items = PlanItem.objects.filter(plan_id=plan_id).values_list("item_id", flat=True)
    rows = Invoice.objects.filter(open_item_id__in=list(items)).order_by("due_on", "number")
    return tuple(rows.values_list("number", flat=True))


def list_debtors_with_plan() -> list[UUID]:
    """Debtors with a running plan, in order of id."""
    rows = Plan.objects.filter(state=Plan.State.RUNNING).order_by("debtor_id")
    return list(rows.values_list("debtor_id", flat=True).distinct())


def _list(
    kinds: list[CaseKind],
    *,
    today: date,
    debtor_id: UUID | None = None,
    case_id: UUID | None = None,
) -> tuple[CaseRow, ...]:
    asked = {
        "administration": active_administration(),
        "kinds": kinds,
        "may_discharge": [kind for kind, rule in FLAGS.items() if rule.may_discharge],
        "limited": list(_LIMITED),
        "months": list(_LIMITED.values()),
        "today": today,
        "debtor": debtor_id,
        "id": case_id,
    }
    return _take_out_over([CaseRow(*row) for row in fetch(_STANDING, asked)])


def _take_out_over(rows: list[CaseRow]) -> tuple[CaseRow, ...]:
    """The rows without reasons that have run out and what was credited; the rest of a credit."""
    told = {row.debtor_id for row in rows if row.kind == "reason" and row.debtor_id}
    standing = find_standing(told)
    accepted = {row.debtor_id for row in rows if row.kind == "credit" and row.debtor_id}
    left = load_uncredited(accepted) if accepted else {}
    stay = [
        replace(row, cents=left.get(row.id, 0)) if row.kind == "credit" else row
        for row in rows
        if row.kind != "reason" or row.id in standing
    ]
    return tuple(row for row in stay if row.kind != "credit" or row.cents)
