"""Undo what a returned or reversed payment had paid: its invoices are open again."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Sum

from tijdig.banking.models import BankLine
from tijdig.core.return_reasons import describe_return
from tijdig.ledger.actions.posting import NewEntry, post
from tijdig.ledger.models import Entry
from tijdig.ledger.models import OpenItem as LedgerItem
from tijdig.timeline.actions import Happened, record

REVERSAL = "reversal"


def undo_reversed(*, today: date, now: datetime, actor: str) -> int:
    """How many payments were undone; a reversal whose payment is not there yet waits for it.

    The payment is the one with the same end-to-end id, else of the same mandate or from the same
    account, with at least this amount, booked no later and not undone before. An invoice that it
    closed is open again, with a new cycle of messages; that is no dispute.
    """
    waiting = list(
        BankLine.objects.filter(state=BankLine.State.WAITING).order_by("booked_on", "key")
    )
    happened: list[Happened] = []
    undone = 0
    for line in waiting:
        original = _find_original(line)
        if original is None:
            continue
        undone += 1
        debtors = _reverse(line, original, today=today, now=now)
        because = describe_return(line.return_reason, original.booked_on)
        line.state, line.match_kind = BankLine.State.MATCHED, REVERSAL
        line.because_nl, line.because_en = because.nl, because.en
        line.undoes_id = original.id
        line.save(update_fields=["state", "match_kind", "because_nl", "because_en", "undoes_id"])
        if original.state == BankLine.State.UNMATCHED:
            original.state, original.match_kind = BankLine.State.MATCHED, REVERSAL
            original.because_nl, original.because_en = because.nl, because.en
            original.save(update_fields=["state", "match_kind", "because_nl", "because_en"])
        told = {
            "cents": line.cents,
            "booked_on": line.booked_on,
            "reason": line.return_reason,
            "nl": because.nl,
            "en": because.en,
        }
        happened += [
            Happened("payment_reversed", "bank_line", line.id, debtor_id, told)
            for debtor_id in debtors
        ]
    record(happened, today=today, now=now, actor=actor)
    return undone


def _find_original(line: BankLine) -> BankLine | None:
    """The payment that a line undoes; None where none, or not one alone, can be it."""
    incoming = BankLine.objects.filter(
        account_id=line.account_id,
        cents__gte=-line.cents,
        booked_on__lte=line.booked_on,
        state__in=(BankLine.State.MATCHED, BankLine.State.UNMATCHED),
    )
    undone = BankLine.objects.exclude(undoes_id=None).values("undoes_id")
    open_ones = incoming.exclude(id__in=undone)
    if line.end_to_end_id:
        found = open_ones.filter(end_to_end_id=line.end_to_end_id).order_by("-booked_on", "key")
        first = found.first()
        if first is not None:
            return first
    exact = open_ones.filter(cents=-line.cents).order_by("-booked_on", "key")
    if line.mandate_id:
        return exact.filter(mandate_id=line.mandate_id).first()
    if line.counter_iban:
        same = list(exact.filter(counter_iban=line.counter_iban)[:2])
        return same[0] if len(same) == 1 or (same and _alike(same)) else None
    return None


def _alike(lines: Sequence[BankLine]) -> bool:
    """Whether it does not matter which of these is meant: they say the same."""
    first = lines[0]
    return all((one.text, one.reference) == (first.text, first.reference) for one in lines)


def _reverse(line: BankLine, original: BankLine, *, today: date, now: datetime) -> tuple[UUID, ...]:
    """Post the opposite of what the payment paid, up to the amount that came back; its debtors."""
    booked = Entry.objects.filter(source_kind="bank_line", source_id=original.id).exclude(
        kind__in=(Entry.Kind.SET_OFF, Entry.Kind.SETTLED_IN_BOOKS)
    )
    effects = booked.order_by("open_item_id").values_list("open_item_id").annotate(Sum("cents"))
    # What was conceded with a payment that came back whole is owed again with it.
    whole = -line.cents >= original.cents
    left = -line.cents
    entries = []
    for item_id, cents in effects:
        back = -cents if whole else min(left, -cents)
        if back > 0:
            reversed_ = Entry.Kind.REVERSED
            entries.append(NewEntry(item_id, reversed_, back, line.booked_on, "bank_line", line.id))
            left -= back
    post(entries, today=today, now=now)
    items = LedgerItem.objects.filter(id__in=[one.open_item_id for one in entries])
    return tuple(sorted(set(items.values_list("debtor_id", flat=True))))
