"""Costs and interest of a debtor, with how each was worked out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tijdig.core.problem import Sentence
from tijdig.ledger.queries.sql import fetch
from tijdig.tenants.scope import active_administration


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim line: what was claimed, what is open of it, its article and its calculation.

    `waived_cents` and `withdrawn_cents` are what need not be paid, as positive numbers.
    """

    id: UUID
    item_id: UUID
    kind: str
    claimed_on: date
    from_on: date | None
    until_on: date | None
    vat_cents: int
    article: str
    calculation: tuple[tuple[Sentence, int], ...]
    claimed_cents: int
    waived_cents: int
    withdrawn_cents: int
    open_cents: int


def list_claim_lines(debtor_id: UUID) -> tuple[ClaimRow, ...]:
    """All claim lines of a debtor, oldest first."""
    sql = """
        SELECT line.id, line.open_item_id, line.kind, line.claimed_on, line.from_on,
               line.until_on, line.vat_cents, line.article, line.calculation,
               coalesce(sum(e.cents) FILTER (WHERE e.kind IN ('costs', 'interest')), 0)::bigint,
               coalesce(-sum(e.cents) FILTER (WHERE e.kind = 'waived'), 0)::bigint,
               coalesce(-sum(e.cents) FILTER (WHERE e.kind = 'withdrawn'), 0)::bigint,
               coalesce(sum(e.cents), 0)::bigint
        FROM tijdig_openitem item
        JOIN tijdig_claimline line
          ON line.administration_id = item.administration_id AND line.open_item_id = item.id
        LEFT JOIN tijdig_entry e
          ON e.administration_id = item.administration_id AND e.open_item_id = item.id
        WHERE item.administration_id = %(administration)s AND item.debtor_id = %(debtor)s
        GROUP BY line.administration_id, line.id
        ORDER BY line.claimed_on, line.id
    """
    asked = {"administration": active_administration(), "debtor": debtor_id}
    return tuple(_read(row) for row in fetch(sql, asked))


def is_claim_line(line_id: UUID, *, debtor_id: UUID) -> bool:
    """Whether this is a claim line of this debtor."""
    return any(row.id == line_id for row in list_claim_lines(debtor_id))


def _read(row: Sequence[Any]) -> ClaimRow:
    told = json.loads(row[8]) if isinstance(row[8], str) else row[8]
    steps = tuple((Sentence(one["nl"], one["en"]), one["cents"]) for one in told)
    return ClaimRow(*(*row[:8], steps, *row[9:]))
