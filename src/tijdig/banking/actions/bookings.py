"""Put money on items as a match says, and take it off again."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from tijdig.banking.actions.dividing import follow_law
from tijdig.banking.models import BankLine, Suggestion
from tijdig.core.matching.records import BY_LAW, NAMING, Evidence, Outcome, Payment, Proposal
from tijdig.ledger.actions.imputation import impute
from tijdig.ledger.actions.posting import NewEntry, post, touch_debtors
from tijdig.ledger.belongings.models import DebtorIban
from tijdig.ledger.models import OpenItem
from tijdig.ledger.queries.for_matching import ItemForBank, load_owners
from tijdig.tenants.bulk import execute, insert_rows, update_rows
from tijdig.tenants.ids import new_id, new_ids
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

_write_evidence = json.JSONEncoder(ensure_ascii=False).encode


BY_HAND = "by_hand"

# Held are those with a payment that waits; who is held already may be let go by one that matched.
_PAYERS = """
SELECT DISTINCT known.debtor_id
FROM unnest(%s::text[], %s::boolean[]) AS wanted (iban, is_matched)
CROSS JOIN LATERAL (
    SELECT debtor_id FROM tijdig_debtoriban known
    WHERE known.administration_id = %s AND known.iban = wanted.iban AND known.iban <> '' OFFSET 0
) known
CROSS JOIN LATERAL (
    SELECT standing_reason FROM tijdig_look look
    WHERE look.administration_id = %s AND look.id = known.debtor_id OFFSET 0
) look
WHERE wanted.is_matched = (look.standing_reason = 'stop_unmatched_payment')
"""


@dataclass(frozen=True, slots=True)
class Booking:
    """A payment with what it pays; `confirmed` is what of each item the books had settled.

    `agreed` is what a person's choice says of the first proposal, None where nobody chose;
    `for_person` whether that one was for a person only.
    """

    payment: Payment
    proposal: Proposal
    debtor_ids: frozenset[UUID]
    confirmed: Mapping[UUID, int] = field(default_factory=dict)
    match_round: int = 0
    certainty: int | None = None
    for_person: bool = False
    agreed: bool | None = None
    learns: bool = True


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Bookings that are decided on and not written yet, with all that follows from them.

    `rests` are items to come, for what was paid too much: id, debtor and cents. `ibans` are
    accounts that nobody knew, with their debtor and the line that told it.
    """

    bookings: Sequence[Booking]
    order: str
    entries: Sequence[NewEntry]
    rests: Sequence[tuple[UUID, UUID, int]]
    ibans: Sequence[tuple[str, UUID, UUID]]


class TakenOut(NamedTuple):
    """Lines whose proposals were taken out, and the line, debtor and item of each part."""

    outcomes: Sequence[Outcome]
    parts: set[tuple[UUID, UUID, UUID]]


def book(bookings: Sequence[Booking], *, today: date, now: datetime, actor: str) -> None:
    """Store matches with their entries, and the accounts that they tell."""
    write(prepare(bookings), today=today, now=now, actor=actor)


def prepare(bookings: Sequence[Booking]) -> Unwritten:
    """What these bookings come to; nothing is written."""
    if not bookings:
        return Unwritten((), "", (), (), ())
    over = [(new_id(), one) for one in bookings if one.proposal.rest_cents]
    entries = impute(
        [entry for one in bookings if not _is_by_law(one) for entry in _make_entries(one)]
    )
    entries += [entry for one in bookings if _is_by_law(one) for entry in _make_entries(one)]
    entries += [_entry(one, item_id, "paid", -one.proposal.rest_cents) for item_id, one in over]
    return Unwritten(
        bookings,
        load_administration().imputation,
        entries,
        [(item_id, one.proposal.debtor_id, -one.proposal.rest_cents) for item_id, one in over],
        _list_new_ibans(bookings),
    )


def write(coming: Unwritten, *, today: date, now: datetime, actor: str) -> None:
    """Store them."""
    if not coming.bookings:
        return
    update_rows(
        BankLine,
        (
            "state", "match_kind", "because_nl", "because_en", "match_certainty", "match_agreed",
            "match_for_person", "decided_by", "decided_at", "imputation", "named_by_payer",
        ),
        [_as_matched(one, coming.order, now=now, actor=actor) for one in coming.bookings],
    )  # fmt: skip
    same = {"administration": active_administration()}
    insert_rows(
        OpenItem,
        "id debtor kind currency closed_on reopen_count".split(),
        [
            (item_id, debtor_id, "unapplied", "EUR", None, 0)
            for item_id, debtor_id, _ in coming.rests
        ],
        same=same,
    )
    post(coming.entries, today=today, now=now)
    record(
        [
            _make_event(one, debtor_id)
            for one in coming.bookings
            for debtor_id in sorted(one.debtor_ids)
        ],
        today=today,
        now=now,
        actor=actor,
    )
    insert_rows(
        DebtorIban,
        ("id", "debtor", "iban", "learned_from", "line_id"),
        [
            (row_id, debtor_id, iban, "payment", line_id)
            for row_id, (iban, debtor_id, line_id) in zip(
                new_ids(len(coming.ibans)), coming.ibans, strict=True
            )
        ],
        same=same,
        unless_there=True,
    )


def keep_suggestions(outcomes: Sequence[Outcome], decided: Collection[UUID]) -> None:
    """Keep the proposals of lines that still wait; those of lines `decided` go."""
    suggest(take_out(outcomes, decided))


def take_out(outcomes: Sequence[Outcome], decided: Collection[UUID]) -> TakenOut:
    """Take out what was proposed for these lines; `suggest` is to follow."""
    return TakenOut(
        follow_law(outcomes), _take_out([*(one.payment.line_id for one in outcomes), *decided])
    )


def suggest(taken: TakenOut) -> None:
    """Keep the proposals of these lines in the place of those that were taken out.

    A proposal is a doubt about its debtor's invoices: where one comes or goes, his facts moved.
    """
    administration_id = active_administration()
    ranked = [
        (one.payment.line_id, rank, proposal)
        for one in taken.outcomes
        for rank, proposal in enumerate(one.proposals, start=1)
    ]
    touch_debtors(_list_moved(taken, ranked))
    insert_rows(
        Suggestion,
        "id line debtor rank kind certainty parts rest_cents conceded evidence".split(),
        [
            (suggestion_id, *_as_suggestion(line_id, rank, proposal))
            for suggestion_id, (line_id, rank, proposal) in zip(
                new_ids(len(ranked)), ranked, strict=True
            )
        ],
        same={"administration": administration_id},
    )
    update_rows(
        BankLine,
        ("match_certainty", "match_for_person"),
        [
            (
                one.payment.line_id,
                one.proposals[0].certainty if one.proposals else None,
                one.for_person,
            )
            for one in taken.outcomes
        ],
    )


def _list_moved(taken: TakenOut, ranked: Sequence[tuple[UUID, int, Proposal]]) -> set[UUID]:
    """The debtors of whom a proposal comes, or goes and does not come back."""
    if not taken.parts:
        return {proposal.debtor_id for _, _, proposal in ranked}
    after = {
        (line_id, proposal.debtor_id, item_id)
        for line_id, _, proposal in ranked
        for item_id, _ in proposal.parts
    }
    return {debtor_id for _, debtor_id, _ in taken.parts ^ after}


def drop_suggestions(line_id: UUID) -> None:
    """The line was decided: its proposals go, and hold their debtors no longer."""
    touch_debtors({debtor_id for _, debtor_id, _ in _take_out([line_id])})


def compute_confirmed(item: ItemForBank, cents: int) -> int:
    """The part of a payment that the books had settled: what exceeds the balance, no more.

    So a payment of the rest, after a part that only the books saw, closes the item.
    """
    balance_cents = item.unseen_cents + item.in_books_cents
    if cents > 0:
        return max(0, min(cents, cents - balance_cents, -item.in_books_cents))
    return min(0, max(cents, cents - balance_cents, -item.in_books_cents))


def look_at_payers(waiting: Sequence[Payment], matched: Sequence[Payment]) -> None:
    """Whoever is known to pay from these accounts is held from now on, or held no longer."""
    ibans = [one.counter_iban for one in (*waiting, *matched)]
    is_matched = [False] * len(waiting) + [True] * len(matched)
    administration_id = active_administration()
    rows = execute(_PAYERS, [ibans, is_matched, administration_id, administration_id])
    touch_debtors(row[0] for row in rows.fetchall())


def _take_out(line_ids: Sequence[UUID]) -> set[tuple[UUID, UUID, UUID]]:
    """Delete the proposals of these lines: the line, the debtor and the item of each part."""
    rows = execute(
        "DELETE FROM tijdig_suggestion WHERE administration_id = %s AND line_id = ANY(%s) "
        "RETURNING line_id, debtor_id, "
        "ARRAY(SELECT (part->>0)::uuid FROM jsonb_array_elements(parts) part)",
        [active_administration(), list(line_ids)],
    ).fetchall()
    return {
        (line_id, debtor_id, item_id) for line_id, debtor_id, items in rows for item_id in items
    }


def _as_matched(one: Booking, order: str, *, now: datetime, actor: str) -> tuple[object, ...]:
    because = one.proposal.because
    certainty = one.proposal.certainty if one.certainty is None else one.certainty
    return (
        one.payment.line_id,
        BankLine.State.MATCHED,
        one.proposal.kind,
        because.nl,
        because.en,
        certainty,
        one.agreed,
        one.for_person,
        actor,
        now,
        order,
        _is_named_by_payer(one.proposal),
    )


def _is_named_by_payer(proposal: Proposal) -> bool | None:
    """Whether the payer named what he paid; None where a person chose it. Law: BW 6:43 lid 1."""
    is_named = any(told.code in NAMING for told in proposal.evidence)
    return None if proposal.kind == BY_HAND and not is_named else is_named


def _as_suggestion(line_id: UUID, rank: int, one: Proposal) -> tuple[object, ...]:
    return (
        line_id,
        one.debtor_id,
        rank,
        one.kind,
        one.certainty,
        _write_rows([f'["{item_id}",{cents}]' for item_id, cents in one.parts]),
        one.rest_cents,
        _write_rows([f'["{item_id}","{why}",{cents}]' for item_id, why, cents in one.conceded]),
        _write_evidence([_as_json(told) for told in one.evidence]),
    )


def _write_rows(rows: Sequence[str]) -> str:
    """A list in JSON of what is written in it already."""
    return f"[{','.join(rows)}]"


def _as_json(told: Evidence) -> dict[str, object]:
    return {
        "code": told.code,
        "nl": told.because.nl,
        "en": told.because.en,
        "spans": told.spans,
        "against": told.against,
    }


def _is_by_law(one: Booking) -> bool:
    """Whether it was divided over claims already: costs and interest have their part."""
    return BY_LAW in one.proposal.evidence


def _make_entries(one: Booking) -> list[NewEntry]:
    """The payment on its items; credit notes that were deducted are set off against the claims.

    What only the books had settled is now settled by the bank.
    """
    parts = one.proposal.parts
    entries = []
    credit = -sum(cents for _, cents in parts if cents < 0)
    conceded = {(item_id, why): cents for item_id, why, cents in one.proposal.conceded}
    for item_id, cents in parts:
        off = min(cents, credit) if cents > 0 else cents
        credit -= max(off, 0)
        amounts = {
            "paid": off - cents,
            "set_off": -off,
            "discount": -conceded.get((item_id, "discount"), 0),
            "rounding": -conceded.get((item_id, "rounding"), 0),
            "settled_in_books": one.confirmed.get(item_id, 0),
        }
        entries += [_entry(one, item_id, kind, cents) for kind, cents in amounts.items() if cents]
    return entries


def _entry(one: Booking, item_id: UUID, kind: str, cents: int) -> NewEntry:
    payment = one.payment
    return NewEntry(
        item_id, kind, cents, payment.booked_on, "bank_line", payment.line_id, one.match_round
    )


def _make_event(one: Booking, debtor_id: UUID) -> Happened:
    because = one.proposal.because
    return Happened(
        "payment_matched",
        "bank_line",
        one.payment.line_id,
        debtor_id,
        {
            "cents": one.payment.amount_cents,
            "booked_on": one.payment.booked_on,
            "kind": one.proposal.kind,
            "nl": because.nl,
            "en": because.en,
        },
    )


def _list_new_ibans(bookings: Sequence[Booking]) -> list[tuple[str, UUID, UUID]]:
    """An account that paid for one debtor alone is his: those that were not known yet."""
    pairs = {
        (one.payment.counter_iban, debtor_id): one.payment.line_id
        for one in bookings
        for debtor_id in one.debtor_ids
        if one.learns and one.payment.counter_iban and len(one.debtor_ids) == 1
    }
    known = set(load_owners({iban for iban, _ in pairs})) if pairs else set()
    return [(*pair, line_id) for pair, line_id in pairs.items() if pair not in known]
