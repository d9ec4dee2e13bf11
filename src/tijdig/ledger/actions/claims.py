"""Costs and interest as lines of their own: booked, waived, or withdrawn with the letter."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tijdig.core.claim_lines import NewClaim
from tijdig.core.problem import Refusal, Sentence
from tijdig.ledger.actions.posting import NewEntry, lock_debtors, post
from tijdig.ledger.actions.taking_back import take_back_claims
from tijdig.ledger.models import ClaimLine, ClaimPart, OpenItem
from tijdig.tenants.bulk import execute, insert_rows
from tijdig.tenants.ids import new_id, new_ids
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

_BALANCES = """
SELECT line.id, line.open_item_id, item.debtor_id, line.claimed_on, sum(entry.cents)::bigint,
       coalesce(sum(entry.cents) FILTER (
           WHERE entry.kind IN ('costs', 'interest', 'waived', 'withdrawn')), 0)::bigint
FROM tijdig_claimline line
JOIN tijdig_openitem item
  ON item.administration_id = line.administration_id AND item.id = line.open_item_id
JOIN tijdig_entry entry
  ON entry.administration_id = line.administration_id AND entry.open_item_id = line.open_item_id
WHERE line.administration_id = %s AND (line.id = ANY(%s) OR line.message_id = ANY(%s))
GROUP BY line.administration_id, line.id, line.open_item_id, item.debtor_id, line.claimed_on
ORDER BY item.debtor_id, line.id
"""


@dataclass(frozen=True, slots=True)
class _Line:
    """A claim line: what is open of it, and what is claimed after waivers."""

    line_id: UUID
    item_id: UUID
    debtor_id: UUID
    claimed_on: date
    open_cents: int
    claimed_cents: int


def book_claims(
    claims: Sequence[NewClaim], *, today: date, now: datetime, actor: str
) -> tuple[UUID, ...]:
    """Store claim lines with their items and entries; the item of each, in order.

    Claims of nothing are a mistake of the caller; the database refuses the same costs twice.
    """
    if not claims:
        return ()
    administration_id = active_administration()
    lock_debtors({claim.debtor_id for claim in claims})
    item_ids, line_ids = new_ids(len(claims)), new_ids(len(claims))
    insert_rows(
        OpenItem,
        "id debtor kind currency closed_on reopen_count".split(),
        [
            (item_id, claim.debtor_id, "claim", "EUR", None, 0)
            for item_id, claim in zip(item_ids, claims, strict=True)
        ],
        same={"administration": administration_id},
    )
    _insert_lines(claims, item_ids, line_ids)
    post(
        [
            NewEntry(item_id, claim.kind, claim.cents, claim.claimed_on, "claim", line_id)
            for item_id, line_id, claim in zip(item_ids, line_ids, claims, strict=True)
        ],
        today=today,
        now=now,
    )
    record(
        [
            Happened(
                f"{claim.kind}_claimed",
                "claim",
                line_id,
                claim.debtor_id,
                {"cents": claim.cents, "article": claim.article},
            )
            for line_id, claim in zip(line_ids, claims, strict=True)
        ],
        today=today,
        now=now,
        actor=actor,
    )
    return tuple(item_ids)


def waive(line_id: UUID, *, because: str, today: date, now: datetime, actor: str) -> None:
    """What is still open of a claim line need not be paid.

    Refuses: a line that has nothing open, and no reason.
    """
    if not because.strip():
        raise Refusal(
            "Schrijf erbij waarom dit bedrag niet betaald hoeft te worden.",
            "Write why this amount need not be paid.",
        )
    lock_debtors([row.debtor_id for row in _load_lines(lines=[line_id])])
    opened = [row for row in _load_lines(lines=[line_id]) if row.open_cents > 0]
    if not opened:
        raise Refusal(
            "Van deze regel staat niets meer open. Er valt niets kwijt te schelden.",
            "Nothing is open on this line any more. There is nothing to waive.",
        )
    (row,) = opened
    entry = NewEntry(row.item_id, "waived", -row.open_cents, today, "waiver", new_id())
    post([entry], today=today, now=now)
    details = {"cents": row.open_cents, "because": because.strip()}
    happened = Happened("claim_waived", "claim", line_id, row.debtor_id, details)
    record([happened], today=today, now=now, actor=actor)


def withdraw_costs(
    message_ids: Sequence[UUID],
    *,
    because: Sentence,
    claimed_until: date = date.max,
    today: date,
    now: datetime,
    actor: str,
) -> int:
    """Take back the costs that follow from these letters, also what was paid; how many lines.

    With `claimed_until`, only those that were claimed on that day or before it. What the debtor
    paid on them goes to the invoices, or is money that he has coming. The caller locks the debtors.
    """
    rows = [row for row in _load_lines(messages=message_ids) if row.claimed_on <= claimed_until]
    return _withdraw(rows, because=because, today=today, now=now, actor=actor)


def withdraw_business_costs(
    debtor_id: UUID, *, because: Sentence, today: date, now: datetime, actor: str
) -> int:
    """Take back the costs that only a business owes: those without a letter; how many lines.

    The caller locks the debtor.
    """
    lines = ClaimLine.objects.filter(
        open_item__debtor_id=debtor_id, kind=ClaimLine.Kind.COSTS, message_id=None
    )
    rows = _load_lines(lines=list(lines.values_list("id", flat=True)))
    return _withdraw(rows, because=because, today=today, now=now, actor=actor)


def _withdraw(
    rows: Sequence[_Line], *, because: Sentence, today: date, now: datetime, actor: str
) -> int:
    excess = {row.item_id: row.claimed_cents for row in rows if row.claimed_cents > 0}
    take_back_claims(excess, because=because, today=today, now=now, actor=actor)
    return len(excess)


def _insert_lines(
    claims: Sequence[NewClaim], item_ids: Sequence[UUID], line_ids: Sequence[UUID]
) -> None:
    same = {"administration": active_administration()}
    insert_rows(
        ClaimLine,
        (
            "id open_item kind claimed_on from_on until_on vat_cents article calculation message_id"
        ).split(),
        [
            (
                line_id,
                item_id,
                claim.kind,
                claim.claimed_on,
                claim.from_on,
                claim.until_on,
                claim.vat_cents,
                claim.article,
                _write_calculation(claim),
                claim.message_id,
            )
            for line_id, item_id, claim in zip(line_ids, item_ids, claims, strict=True)
        ],
        same=same,
    )
    insert_rows(
        ClaimPart,
        "id line open_item principal_cents".split(),
        [
            (new_id(), line_id, item_id, cents)
            for line_id, claim in zip(line_ids, claims, strict=True)
            for item_id, cents in claim.parts
        ],
        same=same,
    )


def _write_calculation(claim: NewClaim) -> str:
    lines = [
        {"nl": line.said.nl, "en": line.said.en, "cents": line.cents} for line in claim.calculation
    ]
    return json.dumps(lines, ensure_ascii=False)


def _load_lines(*, lines: Sequence[UUID] = (), messages: Sequence[UUID] = ()) -> list[_Line]:
    parameters = [active_administration(), list(lines), list(messages)]
    return [_Line(*row) for row in execute(_BALANCES, parameters).fetchall()]
