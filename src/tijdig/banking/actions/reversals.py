"""Undo what a returned or reversed payment had paid: its invoices are open again."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet, Sum

from tijdig.banking.actions.suggesting import keep_suggestions
from tijdig.banking.models import BankLine
from tijdig.core.calendar import add_days
from tijdig.core.return_reasons import describe_own_return, describe_return
from tijdig.ledger.actions.posting import NewEntry, post
from tijdig.ledger.actions.taking_back import return_moved
from tijdig.ledger.models import Entry
from tijdig.ledger.models import OpenItem as LedgerItem
from tijdig.tenants.bulk import is_so, update_rows
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

REVERSAL = "reversal"
_BOOKED_BACK_DAYS = 10
_MATCHED = ("state", "match_kind", "because_nl", "because_en")


def undo_reversed(*, today: date, now: datetime, actor: str) -> int:
    """How many payments were undone; a reversal whose payment is not there yet waits for it.

    The payment is the one with the same end-to-end id and no other account, else of the same
    mandate or from the same account, with at least this amount, booked no later and not undone
    before. An invoice that it closed is open again, with a new cycle of messages; that is no
    dispute.
    """
    if not _is_any("state = 'waiting'"):
        return 0
    waiting = list(
        BankLine.objects.filter(state=BankLine.State.WAITING).order_by("booked_on", "key")
    )
    originals = _find_originals(waiting)
    undone = [(line, originals[line.id]) for line in waiting if line.id in originals]
    if not undone:
        return 0
    debtors = _reverse(undone, today=today, now=now)
    reversed_rows: list[tuple[object, ...]] = []
    original_rows: list[tuple[object, ...]] = []
    happened: list[Happened] = []
    for line, original in undone:
        because = describe_return(line.return_reason, original.booked_on)
        row = (BankLine.State.MATCHED, REVERSAL, because.nl, because.en)
        reversed_rows.append((line.id, *row, original.id))
        if original.state == BankLine.State.UNMATCHED:
            original_rows.append((original.id, *row))
        told = {
            "cents": line.cents,
            "booked_on": line.booked_on,
            "reason": line.return_reason,
            "nl": because.nl,
            "en": because.en,
        }
        happened += [
            Happened("payment_reversed", "bank_line", line.id, debtor_id, told)
            for debtor_id in debtors[line.id]
        ]
    update_rows(BankLine, (*_MATCHED, "undoes_id"), reversed_rows)
    update_rows(BankLine, _MATCHED, original_rows)
    # What was proposed for money that went back is nobody's question any more.
    keep_suggestions((), [original.id for _, original in undone])
    record(happened, today=today, now=now, actor=actor)
    return len(undone)


def leave_own_back(account_ids: Collection[UUID]) -> int:
    """Payments of our own that the bank booked back ask nothing: how many of them there were.

    Such a line reverses a debit of the same amount, of ten days at most, with the same account or
    end-to-end id. What may as well take back the return of a customer's payment is his until a
    person says otherwise, and waits to be matched, as does what reverses no payment of ours.
    """
    if not _is_any("state = 'unmatched' AND is_reversal AND cents > 0"):
        return 0
    coming = BankLine.objects.filter(
        account_id__in=account_ids, state=BankLine.State.UNMATCHED, is_reversal=True, cents__gt=0
    )
    backs = list(coming.order_by("booked_on", "key"))
    undone = BankLine.objects.exclude(undoes_id=None).values("undoes_id")
    rows: list[tuple[UUID, str, str, str, str, UUID]] = []
    taken: set[UUID] = set()
    for line in backs:
        debits = BankLine.objects.filter(
            account_id=line.account_id,
            cents=-line.cents,
            booked_on__lte=line.booked_on,
            booked_on__gte=add_days(line.booked_on, -_BOOKED_BACK_DAYS),
        ).exclude(id__in=undone)
        named = [one for one in debits.order_by("-booked_on", "key") if _is_named(one, line)]
        if any(one.state != BankLine.State.OUTGOING for one in named):
            continue
        original = next((one for one in named if one.id not in taken), None)
        if original is not None:
            taken.add(original.id)
            because = describe_own_return(original.booked_on)
            row = (BankLine.State.OUTGOING, REVERSAL, because.nl, because.en)
            rows.append((line.id, *row, original.id))
    update_rows(BankLine, (*_MATCHED, "undoes_id"), rows)
    keep_suggestions((), [line_id for line_id, *_ in rows])
    return len(rows)


def _is_any(which: str) -> bool:
    """Whether there is such a line: on most days there is none."""
    return is_so(
        f"SELECT EXISTS (SELECT FROM tijdig_bankline WHERE administration_id = %s AND {which})",
        [active_administration()],
    )


def _is_named(one: BankLine, line: BankLine) -> bool:
    """Whether both name one account, or, where one names none, one end-to-end id."""
    if one.counter_iban and line.counter_iban:
        return _is_one_account(one, line)
    return bool(line.end_to_end_id) and one.end_to_end_id == line.end_to_end_id


def _find_originals(waiting: Sequence[BankLine]) -> dict[UUID, BankLine]:
    """The payment that each of these lines undoes, as far as there is one; each of them once."""
    named: defaultdict[str, list[BankLine]] = defaultdict(list)
    told = {line.end_to_end_id for line in waiting} - {""}
    for one in _list_open().filter(end_to_end_id__in=told) if told else ():
        named[one.end_to_end_id].append(one)
    found: dict[UUID, BankLine] = {}
    taken: set[UUID] = set()
    for line in waiting:
        fitting = [one for one in named.get(line.end_to_end_id, ()) if _fits(one, line)]
        # Of the same amount before more, the latest first.
        fitting.sort(key=lambda one: one.cents != -line.cents)
        original = next((one for one in fitting if one.id not in taken), None)
        original = original or _find_unnamed(line, taken)
        if original is not None:
            found[line.id] = original
            taken.add(original.id)
    return found


def _list_open() -> QuerySet[BankLine]:
    """Payments that came in and were not undone, the latest first."""
    undone = BankLine.objects.exclude(undoes_id=None).values("undoes_id")
    states = (BankLine.State.MATCHED, BankLine.State.UNMATCHED)
    incoming = BankLine.objects.filter(cents__gt=0, state__in=states)
    return incoming.exclude(id__in=undone).order_by("-booked_on", "key")


def _fits(payment: BankLine, line: BankLine) -> bool:
    return (
        payment.account_id == line.account_id
        and payment.cents >= -line.cents
        and payment.booked_on <= line.booked_on
        and _is_one_account(payment, line)
    )


def _is_one_account(payment: BankLine, line: BankLine) -> bool:
    """Whether both name the same account, as far as they name one: payers may share an id."""
    ibans = {one.counter_iban.replace(" ", "").upper() for one in (payment, line)} - {""}
    return len(ibans) < 2


def _find_unnamed(line: BankLine, taken: Collection[UUID]) -> BankLine | None:
    """The payment that fits without its name; None where none, or not one alone, can be it.

    A reversal that names nobody undoes what came in from nobody on the same day.
    """
    exact = (
        _list_open()
        .filter(account_id=line.account_id, cents=-line.cents, booked_on__lte=line.booked_on)
        .exclude(id__in=taken)
    )
    if not (line.mandate_id or line.counter_iban):
        exact = exact.filter(booked_on=line.booked_on)
    if line.mandate_id:
        return exact.filter(mandate_id=line.mandate_id).first()
    same = list(exact.filter(counter_iban=line.counter_iban)[:2])
    return same[0] if len(same) == 1 or (same and _alike(same)) else None


def _alike(lines: Sequence[BankLine]) -> bool:
    """Whether it does not matter which of these is meant: they say the same."""
    first = lines[0]
    return all((one.text, one.reference) == (first.text, first.reference) for one in lines)


def _reverse(
    undone: Sequence[tuple[BankLine, BankLine]], *, today: date, now: datetime
) -> dict[UUID, list[UUID]]:
    """Post the opposite of what payments paid, up to what came back; the debtors of each line."""
    booked = Entry.objects.filter(
        source_kind="bank_line", source_id__in=[original.id for _, original in undone]
    ).exclude(kind__in=(Entry.Kind.SET_OFF, Entry.Kind.SETTLED_IN_BOOKS))
    effects: defaultdict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    rows = booked.values_list("source_id", "open_item_id").annotate(Sum("cents"))
    for source_id, item_id, cents in rows.order_by("source_id", "open_item_id"):
        effects[source_id].append((item_id, cents))
    entries: list[NewEntry] = []
    for line, original in undone:
        # What was conceded with a payment that came back whole is owed again with it.
        whole = -line.cents >= original.cents
        left = -line.cents
        for item_id, cents in effects[original.id]:
            back = -cents if whole else min(left, -cents)
            if back > 0:
                kind = Entry.Kind.REVERSED
                entries.append(NewEntry(item_id, kind, back, line.booked_on, "bank_line", line.id))
                left -= back
    paid_by = {line.id: original.id for line, original in undone}
    post([*entries, *return_moved(entries, paid_by=paid_by)], today=today, now=now)
    items = LedgerItem.objects.filter(id__in={one.open_item_id for one in entries})
    owners = dict(items.values_list("id", "debtor_id"))
    debtors: dict[UUID, set[UUID]] = {line.id: set() for line, _ in undone}
    for one in entries:
        debtors[one.source_id].add(owners[one.open_item_id])
    return {line_id: sorted(found) for line_id, found in debtors.items()}
