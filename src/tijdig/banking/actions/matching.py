"""Match what came in with what is open, and book what is certain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from tijdig.banking.models import BankLine
from tijdig.core.matching import (
    Asked,
    Match,
    OpenItem,
    Payment,
    build_index,
    match_all,
    match_payment,
)
from tijdig.ledger.actions.posting import NewEntry, post, touch_debtors
from tijdig.ledger.models import DebtorIban
from tijdig.ledger.queries.known import ItemForBank, load_items_for_bank, load_known_ibans
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.bulk import execute, insert_rows, update_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

_Items = dict[UUID, ItemForBank]


@dataclass(frozen=True, slots=True)
class _Found:
    """A line with what it pays; `confirmed` is the part of each item that the books had settled."""

    line: BankLine
    match: Match
    debtor_ids: frozenset[UUID]
    confirmed: Mapping[UUID, int]


def match_unmatched(
    *, asked: Sequence[Asked], today: date, now: datetime, actor: str
) -> tuple[int, int]:
    """Match every line that waits; how many matched, and how many still wait.

    `asked` is what messages with their own payment reference have asked.
    """
    lock_administration()
    waiting = list(BankLine.objects.filter(state=BankLine.State.UNMATCHED).order_by("booked_on"))
    matched: list[BankLine] = []
    while waiting:
        found = _find(waiting, asked)
        learned = _book(found, today=today, now=now, actor=actor)
        matched += [one.line for one in found]
        gone = {one.line.id for one in found}
        waiting = [line for line in waiting if line.id not in gone]
        # An account learned from one payment may tell whose another one is.
        if not learned:
            break
    _look_at_payers(waiting, matched)
    return len(matched), len(waiting)


def _find(lines: Sequence[BankLine], asked: Sequence[Asked]) -> list[_Found]:
    """The lines that certainly pay something.

    First against all that the bank has not seen paid yet; then, where the books have seen a part
    before the bank did, against what is open after that, and last against that part itself.
    """
    items = {item.item_id: item for item in load_items_for_bank()}
    ibans: dict[str, list[UUID]] = {}
    for iban, debtor_id in load_known_ibans():
        ibans.setdefault(iban, []).append(debtor_id)
    payments = {_as_payment(line): line for line in lines}
    index = build_index([_as_open(one, one.unseen_cents) for one in items.values()], asked, ibans)
    found = [
        _take(items, payments[payment], match)
        for payment, match in match_all(payments, index)
        if match is not None
    ]
    if not any(item.in_books_cents and item.unseen_cents for item in items.values()):
        return found
    left = _leave_out(payments, found)
    rests = [_as_open(one, one.unseen_cents + one.in_books_cents) for one in items.values()]
    found += [
        _take(items, payments[payment], match)
        for payment, match in match_all(left, build_index(rests, asked, {}))
        if match is not None
    ]
    return found + _confirm(items, payments, _leave_out(payments, found), asked)


def _confirm(
    items: _Items,
    lines: Mapping[Payment, BankLine],
    payments: Sequence[Payment],
    asked: Sequence[Asked],
) -> list[_Found]:
    """Lines that are the very part that the books settled, on a day that they can have seen."""
    index = build_index([_as_open(one, -one.in_books_cents) for one in items.values()], asked, {})
    found = []
    for payment in sorted(payments, key=lambda one: (one.booked_on, one.key)):
        match = match_payment(payment, index)
        if match is None or any(
            (items[item_id].books_as_of or date.min) < payment.booked_on
            for item_id, _ in match.parts
        ):
            continue
        index.settle(match)
        found.append(_take(items, lines[payment], match, confirmed=dict(match.parts)))
    return found


def _take(
    items: _Items, line: BankLine, match: Match, *, confirmed: Mapping[UUID, int] | None = None
) -> _Found:
    """The match, taken off what is still to be paid on its items."""
    if confirmed is None:
        confirmed = {
            item_id: _confirmed_cents(items[item_id], cents) for item_id, cents in match.parts
        }
    for item_id, cents in match.parts:
        item = items[item_id]
        items[item_id] = replace(
            item,
            unseen_cents=item.unseen_cents - cents,
            in_books_cents=item.in_books_cents + confirmed[item_id],
        )
    owners = frozenset(items[item_id].debtor_id for item_id, _ in match.parts)
    return _Found(line, match, owners, confirmed)


def _confirmed_cents(item: ItemForBank, cents: int) -> int:
    """The part of a payment that the books had settled: what exceeds the balance, no more.

    So a payment of the rest, after a part that only the books saw, closes the item.
    """
    balance_cents = item.unseen_cents + item.in_books_cents
    if cents > 0:
        return max(0, min(cents, cents - balance_cents, -item.in_books_cents))
    return min(0, max(cents, cents - balance_cents, -item.in_books_cents))


def _book(found: Sequence[_Found], *, today: date, now: datetime, actor: str) -> int:
    """Store matches with their entries; the number of accounts learned from them."""
    update_rows(
        BankLine,
        ("state", "match_kind", "because_nl", "because_en"),
        [
            (
                one.line.id,
                BankLine.State.MATCHED,
                one.match.kind,
                one.match.because.nl,
                one.match.because.en,
            )
            for one in found
        ],
    )
    post([entry for one in found for entry in _entries(one)], today=today, now=now)
    record(
        [_event(one, debtor_id) for one in found for debtor_id in sorted(one.debtor_ids)],
        today=today,
        now=now,
        actor=actor,
    )
    return _learn_ibans(found)


def _event(one: _Found, debtor_id: UUID) -> Happened:
    return Happened(
        "payment_matched",
        "bank_line",
        one.line.id,
        debtor_id,
        {
            "cents": one.line.cents,
            "booked_on": one.line.booked_on,
            "kind": one.match.kind,
            "nl": one.match.because.nl,
            "en": one.match.because.en,
        },
    )


def _entries(found: _Found) -> list[NewEntry]:
    """The payment on its items; credit notes that were deducted are set off against the claims.

    What only the books had settled is now settled by the bank.
    """
    entries = []
    credit = -sum(cents for _, cents in found.match.parts if cents < 0)
    for item_id, cents in found.match.parts:
        off = min(cents, credit) if cents > 0 else cents
        credit -= max(off, 0)
        amounts = {
            "paid": off - cents,
            "set_off": -off,
            "settled_in_books": found.confirmed[item_id],
        }
        entries += [
            NewEntry(item_id, kind, amount, found.line.booked_on, "bank_line", found.line.id)
            for kind, amount in amounts.items()
            if amount
        ]
    return entries


def _learn_ibans(found: Sequence[_Found]) -> int:
    """An account that paid for one debtor alone is his; how many were not known yet."""
    administration_id = active_administration()
    pairs = {
        (one.line.counter_iban, debtor_id)
        for one in found
        for debtor_id in one.debtor_ids
        if one.line.counter_iban and len(one.debtor_ids) == 1
    }
    return insert_rows(
        DebtorIban,
        ("id", "administration", "debtor", "iban", "learned_from"),
        [(new_id(), administration_id, debtor_id, iban, "payment") for iban, debtor_id in pairs],
        unless_there=True,
    )


def _look_at_payers(waiting: Sequence[BankLine], matched: Sequence[BankLine]) -> None:
    """Whoever is known to pay from these accounts is held from now on, or held no longer."""
    rows = execute(
        "SELECT DISTINCT debtor.id FROM tijdig_debtoriban known JOIN tijdig_debtor debtor "
        "ON debtor.administration_id = known.administration_id AND debtor.id = known.debtor_id "
        "WHERE known.administration_id = %s AND known.iban <> '' AND CASE "
        "WHEN debtor.standing_reason = 'stop_unmatched_payment' THEN known.iban = ANY(%s) "
        "ELSE known.iban = ANY(%s) END",
        [
            active_administration(),
            [line.counter_iban for line in matched],
            [line.counter_iban for line in waiting],
        ],
    )
    touch_debtors(row[0] for row in rows.fetchall())


def _leave_out(payments: Mapping[Payment, BankLine], found: Sequence[_Found]) -> list[Payment]:
    gone = {one.line.id for one in found}
    return [payment for payment in payments if payment.line_id not in gone]


def _as_open(item: ItemForBank, cents: int) -> OpenItem:
    return OpenItem(item.item_id, item.debtor_id, item.number, cents)


def _as_payment(line: BankLine) -> Payment:
    return Payment(
        line_id=line.id,
        booked_on=line.booked_on,
        key=line.key,
        amount_cents=line.cents,
        reference=line.reference,
        text=line.text,
        counter_iban=line.counter_iban,
    )
