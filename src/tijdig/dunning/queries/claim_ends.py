"""Until when costs and interest can be enforced: their own term, and never beyond the invoice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.core.calendar import add_days, add_months
from tijdig.core.interruptions import INTERRUPTION_RULES
from tijdig.core.law.dated import get_value
from tijdig.core.law.limitation import (
    Limitation,
    choose_limitation_kind,
    compute_claim_line_limitation,
    compute_limitation_warning,
    get_limitation_term,
)
from tijdig.core.law.tables import LIMITATION_WARNING_DAYS
from tijdig.dunning.queries.interruptions import RecordedAct, load_acts
from tijdig.dunning.queries.limitation import MOST_ROWS, LimitationRow, load_invoice_ends
from tijdig.dunning.queries.limitation_letters import LimitationProof
from tijdig.ledger.queries.sql import balance_of, fetch
from tijdig.tenants.scope import active_administration

_MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class _Line:
    """An open line of costs or interest, with the items and the numbers of its invoices."""

    line_id: UUID
    item_id: UUID
    kind: Literal["costs", "interest"]
    owed_from: date
    debtor_number: str
    debtor_name: str
    open_cents: int
    currency: str
    invoice_ids: Sequence[UUID]
    invoice_numbers: Sequence[str]


@dataclass(frozen=True, slots=True)
class _End:
    """Where a line ends: by which of its invoices, and by which acts over that one."""

    limitation: Limitation
    invoice_number: str
    acts: Sequence[RecordedAct]


def load_claim_ends(debtor_id: UUID, *, today: date) -> dict[UUID, Limitation]:
    """The last day of each open line of costs or interest of a debtor, by the line.

    Over several invoices the first of them to end counts. An act that a person recorded over the
    invoice renews what it brought too; its proof stands under `because`. A line over an invoice of
    before the law that we know is not there.
    """
    found = _find_ends(_fetch_lines("item.debtor_id = %(debtor)s", {"debtor": debtor_id}), today)
    return {
        line.line_id: Limitation(
            end.limitation.kind,
            end.limitation.ends_on,
            (*end.limitation.because, *(one.said for one in end.acts)),
        )
        for line, end in found
    }


def list_claim_limitations(*, today: date) -> list[LimitationRow]:
    """Open lines of costs and interest that end within 180 days, or have ended. At most 2,000."""
    shortest = get_limitation_term(choose_limitation_kind("consumer"))
    beyond = add_days(today, max(LIMITATION_WARNING_DAYS))
    due_to = add_months(beyond, -get_value(shortest, today) * _MONTHS_IN_A_YEAR)
    # No line ends before its invoices, and those not before the shortest term is over.
    lines = _fetch_lines("v.due_on <= %(due_to)s", {"due_to": due_to})
    rows = [_make_row(line, end, today) for line, end in _find_ends(lines, today)]
    return [row for row in rows if row.warning_days is not None]


def _fetch_lines(which: str, asked: dict[str, object]) -> list[_Line]:
    sql = f"""
        SELECT line.id, item.id, line.kind, coalesce(line.from_on, line.claimed_on),
               debtor.number, debtor.name, {balance_of("item", "item.id")}, item.currency,
               array_agg(own.open_item_id ORDER BY own.number),
               array_agg(own.number ORDER BY own.number)
        FROM tijdig_openitem item
        JOIN tijdig_claimline line
          ON line.administration_id = item.administration_id AND line.open_item_id = item.id
        JOIN tijdig_debtor debtor
          ON debtor.administration_id = item.administration_id AND debtor.id = item.debtor_id
        JOIN tijdig_claimpart part
          ON part.administration_id = line.administration_id AND part.line_id = line.id
        JOIN tijdig_invoice own
          ON own.administration_id = part.administration_id
         AND own.open_item_id = part.open_item_id
        WHERE item.administration_id = %(administration)s AND item.kind = 'claim'
          AND item.closed_on IS NULL AND EXISTS (
            SELECT FROM tijdig_claimpart first
            JOIN tijdig_invoice v ON v.administration_id = first.administration_id
             AND v.open_item_id = first.open_item_id
            WHERE first.administration_id = line.administration_id
              AND first.line_id = line.id AND {which})
        GROUP BY line.administration_id, line.id, item.administration_id, item.id,
                 debtor.administration_id, debtor.id
        ORDER BY line.id DESC LIMIT %(limit)s
    """
    asked = {**asked, "administration": active_administration(), "limit": MOST_ROWS}
    return [_Line(*row) for row in fetch(sql, asked)]


def _find_ends(lines: Sequence[_Line], today: date) -> list[tuple[_Line, _End]]:
    items = sorted({item_id for line in lines for item_id in line.invoice_ids})
    ends = load_invoice_ends(items, today=today)
    acts = load_acts(items)
    return [
        (line, _find_end(line, ends, acts))
        for line in lines
        if all(item_id in ends for item_id in line.invoice_ids)
    ]


def _find_end(
    line: _Line, ends: Mapping[UUID, date], acts: Mapping[UUID, Sequence[RecordedAct]]
) -> _End:
    """By each of its invoices, with the acts over that one; the first to end counts."""
    found = []
    for item_id, number in zip(line.invoice_ids, line.invoice_numbers, strict=True):
        own = [act for act in acts.get(item_id, ()) if act.on >= line.owed_from]
        admitted = [act.on for act in own if INTERRUPTION_RULES[act.kind].is_acknowledgement]
        done = [act.on for act in own if not INTERRUPTION_RULES[act.kind].is_acknowledgement]
        limitation = compute_claim_line_limitation(
            line.kind,
            line.owed_from,
            principal_ends_on=ends[item_id],
            interrupted_on=done,
            acknowledged_on=admitted,
        )
        found.append(_End(limitation, number, own))
    return min(found, key=lambda end: end.limitation.ends_on)


def _make_row(line: _Line, end: _End, today: date) -> LimitationRow:
    proofs = tuple(LimitationProof(act.on, act.said, True, act_id=act.id) for act in end.acts)
    return LimitationRow(
        item_id=line.item_id,
        invoice_number=end.invoice_number,
        debtor_number=line.debtor_number,
        debtor_name=line.debtor_name,
        due_on=line.owed_from,
        open_cents=line.open_cents,
        currency=line.currency,
        kind=end.limitation.kind,
        ends_on=end.limitation.ends_on,
        warning_days=compute_limitation_warning(end.limitation.ends_on, today),
        renewed_on=max((act.on for act in end.acts), default=None),
        acknowledged_until=None,
        because=end.limitation.because,
        proofs=proofs,
        claim=line.kind,
    )
