"""Until when claims can be enforced, with each act that renewed their term and its proof."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast
from uuid import UUID

from tijdig.core.calendar import add_days, add_months, format_day
from tijdig.core.facts import DebtorKind
from tijdig.core.interruptions import INTERRUPTION_RULES
from tijdig.core.law.dated import get_value
from tijdig.core.law.limitation import (
    ConsumerClaims,
    choose_limitation_kind,
    compute_limitation,
    compute_limitation_warning,
    get_limitation_term,
)
from tijdig.core.law.tables import LIMITATION_WARNING_DAYS
from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence
from tijdig.dunning.queries.interruptions import RecordedAct, load_acts
from tijdig.dunning.queries.limitation_letters import (
    IS_PROVEN,
    LETTERS,
    LimitationProof,
    load_letters,
)
from tijdig.ledger.queries.sql import INVOICES, balance_of, fetch, kind_of
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration

LimitationTab = Literal["soon", "over"]

MOST_ROWS = 2000
_MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class LimitationRow:
    """An open invoice with the last day on which it can be enforced, by the shortest term.

    Or a line of costs or interest, which `claim` names then: its invoice is the one by which it
    ends, and `due_on` the first day on which it was owed.
    `warning_days` is 180 or 60, 0 when the last day is over, None when nothing has to warn yet.
    `renewed_on` is the last letter or act that renewed the term and of which there is proof.
    `ends_on` follows from those and from plans that were agreed; once that day is over, from parts
    that were paid as well. `acknowledged_until` is that later day where there is one. `because`
    ends with the proof of each plan or part that counted; `proofs` are letters and acts.
    """

    item_id: UUID
    invoice_number: str
    debtor_number: str
    debtor_name: str
    due_on: date
    open_cents: int
    currency: str
    kind: str
    ends_on: date
    warning_days: int | None
    renewed_on: date | None
    acknowledged_until: date | None
    because: tuple[Sentence, ...]
    proofs: tuple[LimitationProof, ...] = ()
    claim: Literal["", "costs", "interest"] = ""


@dataclass(frozen=True, slots=True)
class _Acknowledgement:
    """What the debtor did that acknowledges a claim: agree a plan, or pay a part."""

    on: date
    is_plan: bool
    proof: Sentence


_RENEWING = f"{LETTERS} AND {IS_PROVEN}"
# A part that the debtor paid himself and that is not undone; a collection is the creditor's act.
_PAID = """
    entry.administration_id = i.administration_id AND entry.open_item_id = i.id
    AND entry.kind IN ('paid', 'reversed') AND entry.source_kind = 'bank_line'
"""
_OWN_ACT = """
    JOIN tijdig_bankline line ON line.administration_id = entry.administration_id
      AND line.id = entry.source_id AND line.mandate_id = ''
"""
_PLANNED = """
    planned.administration_id = i.administration_id AND planned.item_id = i.id
"""
_RECORDED = """
    claim.administration_id = i.administration_id AND claim.open_item_id = i.id
"""
_IS_SHORT = f"{kind_of('d')} IN ('consumer', 'unknown')"


def list_invoice_limitations(*, tab: LimitationTab, today: date) -> list[LimitationRow]:
    """Open invoices that may belong to a tab, of which the term ends within 180 days or has ended.

    At most 2,000, and none of before the present law (1992). Warnings go by what letters prove,
    and by plans: who agrees one acknowledges what he owes (BW 3:318). A part that he paid counts
    once that day is over: he may dispute that it was an acknowledgement.
    """
    sells = cast("ConsumerClaims", load_administration().consumer_claims)
    found = _fetch_claims(tab, sells, today)
    return [row for row in _make_rows(found, sells, today) if row.warning_days is not None]


def explain_limitation(item_id: UUID, *, today: date) -> LimitationRow | None:
    """The last day of one open invoice with every act; None of what is paid or no invoice."""
    sells = cast("ConsumerClaims", load_administration().consumer_claims)
    sql = f"""
        SELECT i.id, v.number, d.number, d.name, {kind_of("d")}, v.due_on,
               {balance_of("i", "i.id")}, i.currency
        {INVOICES}
        WHERE v.administration_id = %(administration)s AND i.id = %(item)s
          AND i.closed_on IS NULL AND i.kind = 'invoice'
    """
    found = fetch(sql, {"administration": active_administration(), "item": item_id})
    return next(iter(_make_rows(found, sells, today)), None)


def load_invoice_ends(item_ids: Sequence[UUID], *, today: date) -> dict[UUID, date]:
    """The last day of each of these invoices, also of one that was paid; without what is older."""
    sells = cast("ConsumerClaims", load_administration().consumer_claims)
    sql = f"""
        SELECT i.id, v.number, d.number, d.name, {kind_of("d")}, v.due_on,
               {balance_of("i", "i.id")}, i.currency
        {INVOICES}
        WHERE v.administration_id = %(administration)s AND i.id = ANY(%(items)s)
          AND v.due_on >= %(known_from)s
    """
    asked = {
        "administration": active_administration(),
        "items": list(item_ids),
        "known_from": get_limitation_term("contract_general").rows[0].from_on,
    }
    rows = _make_rows(fetch(sql, asked), sells, today) if item_ids else []
    return {row.item_id: row.ends_on for row in rows}


def _fetch_claims(tab: LimitationTab, sells: ConsumerClaims, today: date) -> list[tuple[Any, ...]]:
    """Invoices that may belong to the tab: by their due date, or because a letter renewed them."""
    within = """
        (v.due_on BETWEEN %(short_from)s AND %(short_to)s AND is_short)
        OR (v.due_on BETWEEN %(long_from)s AND %(long_to)s AND NOT is_short)
    """
    if tab == "over":
        within = "v.due_on < CASE WHEN is_short THEN %(short_from)s ELSE %(long_from)s END"
    renewed = f"""
        v.due_on < %(short_from)s AND (
            EXISTS (SELECT FROM tijdig_notice notice WHERE {_RENEWING})
            OR EXISTS (SELECT FROM tijdig_interruptedclaim claim WHERE {_RECORDED})
            OR EXISTS (SELECT FROM tijdig_entry entry WHERE {_PAID})
            OR EXISTS (SELECT FROM tijdig_planitem planned WHERE {_PLANNED}))
    """
    sql = f"""
        SELECT i.id, v.number, d.number, d.name, {kind_of("d")}, v.due_on,
               {balance_of("i", "i.id")}, i.currency
        {INVOICES} CROSS JOIN LATERAL (SELECT {_IS_SHORT} AS is_short) term
        WHERE v.administration_id = %(administration)s AND i.closed_on IS NULL
          AND i.kind = 'invoice' AND v.due_on BETWEEN %(known_from)s AND %(short_to)s
          AND ({within} {"" if tab == "over" else f"OR ({renewed})"})
        ORDER BY v.due_on DESC, i.id LIMIT %(limit)s
    """
    short = _months(choose_limitation_kind("consumer", sells=sells), today)
    long = _months(choose_limitation_kind("business"), today)
    beyond = add_days(today, max(LIMITATION_WARNING_DAYS))
    asked = {
        "administration": active_administration(),
        "known_from": get_limitation_term("contract_general").rows[0].from_on,
        "short_from": add_months(today, -short),
        "short_to": add_months(beyond, -short),
        "long_from": add_months(today, -long),
        "long_to": add_months(beyond, -long),
        "limit": MOST_ROWS,
    }
    return fetch(sql, asked)


def _months(kind: str, today: date) -> int:
    return get_value(get_limitation_term(kind), today) * _MONTHS_IN_A_YEAR


def _make_rows(
    found: Sequence[tuple[Any, ...]], sells: ConsumerClaims, today: date
) -> list[LimitationRow]:
    item_ids = [row[0] for row in found]
    letters, recorded = load_letters(item_ids), load_acts(item_ids)
    acknowledged = _load_acknowledgements(item_ids)
    return [
        _make_row(
            row,
            _Acts(letters[row[0]], recorded[row[0]], acknowledged[row[0]]),
            sells=sells,
            today=today,
        )
        for row in found
    ]


def _load_acknowledgements(
    item_ids: Sequence[UUID],
) -> defaultdict[UUID, list[_Acknowledgement]]:
    """Per invoice the plans that were agreed over it, and the parts that the debtor paid.

    A plan that was taken back on the day it was recorded was none.
    """
    sql = f"""
        SELECT i.id, min(entry.on), -sum(entry.cents)::bigint, false, ''
        FROM tijdig_openitem i JOIN tijdig_entry entry ON {_PAID} {_OWN_ACT}
        WHERE i.administration_id = %(administration)s AND i.id = ANY(%(items)s)
        GROUP BY i.id, entry.source_id HAVING sum(entry.cents) < 0
        UNION ALL
        SELECT i.id, plan.agreed_on, planned.cents, true, plan.agreed_by
        FROM tijdig_openitem i JOIN tijdig_planitem planned ON {_PLANNED}
        JOIN tijdig_plan plan
          ON plan.administration_id = planned.administration_id AND plan.id = planned.plan_id
         AND NOT (plan.state = 'ended' AND plan.ended_on <= plan.agreed_on)
        WHERE i.administration_id = %(administration)s AND i.id = ANY(%(items)s)
        ORDER BY 2
    """
    found: defaultdict[UUID, list[_Acknowledgement]] = defaultdict(list)
    asked = {"administration": active_administration(), "items": list(item_ids)}
    for item_id, on, cents, is_plan, by in fetch(sql, asked):
        proof = _tell_plan(on, cents, by) if is_plan else _tell_part(on, cents)
        found[item_id].append(_Acknowledgement(on, is_plan, proof))
    return found


def _tell_plan(on: date, cents: int, by: str) -> Sentence:
    amount = format_euros(cents)
    return Sentence(
        f"Bewijs: de betalingsregeling van {format_day(on, 'nl')} over {amount}, vastgelegd door"
        f" {by} (BW 3:318).",
        f"Proof: the payment plan of {format_day(on, 'en')} over {amount}, recorded by {by}"
        " (BW 3:318).",
    )


def _tell_part(on: date, cents: int) -> Sentence:
    amount = format_euros(cents)
    return Sentence(
        f"Bewijs: het bankafschrift met een deelbetaling van {amount} op"
        f" {format_day(on, 'nl')} (BW 3:318).",
        f"Proof: the bank statement with a part payment of {amount} on {format_day(on, 'en')}"
        " (BW 3:318).",
    )


@dataclass(frozen=True, slots=True)
class _Acts:
    """All that may have renewed the term of one invoice."""

    letters: Sequence[LimitationProof]
    recorded: Sequence[RecordedAct]
    acknowledged: Sequence[_Acknowledgement]


def _make_row(
    row: tuple[Any, ...], acts: _Acts, *, sells: ConsumerClaims, today: date
) -> LimitationRow:
    """The row with its last day. What happened before the last day to pay counts for nothing."""
    item_id, number, debtor_number, name, debtor_kind, due_on, cents, currency = row
    kind = choose_limitation_kind(cast("DebtorKind", debtor_kind), sells=sells)
    recorded = [one for one in acts.recorded if one.on >= due_on]
    admitted = [one.on for one in recorded if INTERRUPTION_RULES[one.kind].is_acknowledgement]
    sent = [one.on for one in acts.letters if one.counts and one.on >= due_on]
    done = [one.on for one in recorded if not INTERRUPTION_RULES[one.kind].is_acknowledgement]
    counted = [one for one in acts.acknowledged if one.on >= due_on]
    plans = [one for one in counted if one.is_plan]
    limitation, later = (
        compute_limitation(
            due_on,
            kind=kind,
            interrupted_on=[*sent, *done],
            acknowledged_on=[*admitted, *(one.on for one in acknowledgements)],
        )
        for acknowledgements in (plans, counted)
    )
    until, shown = (later.ends_on if later.ends_on > limitation.ends_on else None), plans
    if until is not None and today > limitation.ends_on:
        limitation, shown = later, counted
    proofs = [LimitationProof(one.on, one.said, True, act_id=one.id) for one in recorded]
    return LimitationRow(
        item_id=item_id,
        invoice_number=number,
        debtor_number=debtor_number,
        debtor_name=name,
        due_on=due_on,
        open_cents=cents,
        currency=currency,
        kind=kind,
        ends_on=limitation.ends_on,
        warning_days=compute_limitation_warning(limitation.ends_on, today),
        renewed_on=max([*sent, *done, *admitted], default=None),
        acknowledged_until=until,
        because=(*limitation.because, *(one.proof for one in shown)),
        proofs=tuple(sorted([*acts.letters, *proofs], key=lambda one: one.on)),
    )
