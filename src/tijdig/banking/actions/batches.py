"""Put the payments of a notification or of our own order in the place of the batch booked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from tijdig.banking.models import BankLine
from tijdig.banking.records import BankLineRecord
from tijdig.tenants.bulk import execute, update_rows
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

_REFUSED = """
SELECT end_to_end_id FROM tijdig_debitline
WHERE administration_id = %s AND end_to_end_id = ANY(%s) AND state = 'rejected'
"""
_WITH_DETAILS = """
SELECT DISTINCT account_id FROM tijdig_bankline
WHERE administration_id = %s AND account_id = ANY(%s) AND state = 'detail'
"""
_WAITS = (BankLine.State.UNMATCHED, BankLine.State.OUTGOING)
_NOT_BOOKED = (BankLine.State.PENDING, BankLine.State.DETAIL, BankLine.State.UNPLACED)


class Part(NamedTuple):
    """A payment of a batch, and what may name that batch; `line_id` once it is stored."""

    cents: int
    end_to_end_id: str
    batch_id: str
    bank_reference: str
    line_id: UUID | None = None


_Named = Mapping[str, Sequence[Part]]


def fill_batches(
    account_ids: Iterable[UUID], *, today: date, now: datetime, actor: str
) -> frozenset[UUID]:
    """The statements, of whatever day, that had a batch on these accounts which is split now.

    A batch and its details name the same order or the same booking of the bank, and make up the
    same amount; nothing of the batch has been matched yet. The batch itself stays, as split, so
    that the same statement does not bring it a second time.
    """
    happened = []
    statement_ids = set()
    for account_id in _list_with_details(account_ids):
        on_account = BankLine.objects.filter(account_id=account_id)
        by_name = _group_by_name(
            read_parts(on_account.filter(state=BankLine.State.DETAIL).order_by("id"))
        )
        if not by_name:
            continue
        used: set[UUID | None] = set()
        refused = _list_refused(by_name)
        for line in _list_batches(on_account.filter(state__in=_WAITS), list(by_name)):
            details = _find_details(line, by_name, used, refused)
            if details:
                _split(line, details)
                statement_ids.add(line.statement_id)
                used.update(one.line_id for one in details)
                told = {"cents": line.cents, "details": len(details)}
                happened.append(Happened("batch_split", "bank_line", line.id, None, told))
    record(happened, today=today, now=now, actor=actor)
    return frozenset(statement_ids)


def find_account_of_batch(account_ids: Iterable[UUID], parts: Sequence[Part]) -> UUID | None:
    """The one account of these that booked a batch which some of these parts make up."""
    by_name = _group_by_name(parts)
    if not by_name:
        return None
    booked = BankLine.objects.filter(account_id__in=list(account_ids))
    refused = _list_refused(by_name)
    alike = {
        line.account_id
        for line in _list_batches(booked.exclude(state__in=_NOT_BOOKED), list(by_name))
        if _find_details(line, by_name, frozenset(), refused)
    }
    return alike.pop() if len(alike) == 1 else None


def read_parts(lines: QuerySet[BankLine]) -> list[Part]:
    """These stored lines as parts of a batch."""
    columns = ("cents", "end_to_end_id", "batch_id", "bank_reference", "id")
    return [Part(*row) for row in lines.values_list(*columns)]


def list_parts(lines: Iterable[BankLineRecord]) -> list[Part]:
    """The lines of a file as parts of a batch."""
    return [
        Part(one.amount_cents, one.end_to_end_id, one.batch_id, one.bank_reference) for one in lines
    ]


def _group_by_name(parts: Iterable[Part]) -> _Named:
    by_name: defaultdict[str, list[Part]] = defaultdict(list)
    for part in parts:
        for name in {part.batch_id, part.bank_reference} - {""}:
            by_name[name].append(part)
    return by_name


def _list_with_details(account_ids: Iterable[UUID]) -> list[UUID]:
    """Those of these accounts that have details which wait for their batch."""
    rows = execute(_WITH_DETAILS, [active_administration(), list(account_ids)]).fetchall()
    return sorted(row[0] for row in rows)


def _list_batches(booked: QuerySet[BankLine], names: Sequence[str]) -> list[BankLine]:
    """Those of these lines that may be a batch: they name one, and nobody in particular."""
    found = booked.filter(counter_iban="", end_to_end_id="").filter(
        Q(batch_id__in=names) | Q(bank_reference__in=names)
    )
    return list(found.order_by("booked_on", "key"))


def _list_refused(by_name: _Named) -> set[str]:
    """The end-to-end ids of details that are collections which the bank did not carry out."""
    told = {one.end_to_end_id for details in by_name.values() for one in details} - {""}
    rows = execute(_REFUSED, [active_administration(), list(told)]).fetchall()
    return {row[0] for row in rows}


def _find_details(
    line: BankLine, by_name: _Named, used: Set[UUID | None], refused: Set[str]
) -> list[Part]:
    """The details that make up this line to the cent, by the name of the batch or the booking.

    Some banks book the whole batch and take back what they refused; others book the rest only.
    """
    for name in (line.batch_id, line.bank_reference):
        details = [one for one in by_name.get(name, []) if name and one.line_id not in used]
        for some in (details, [one for one in details if one.end_to_end_id not in refused]):
            if some and sum(one.cents for one in some) == line.cents:
                return some
    return []


def _split(line: BankLine, details: Sequence[Part]) -> None:
    line.state = BankLine.State.SPLIT
    line.save(update_fields=["state"])
    unmatched, outgoing = BankLine.State.UNMATCHED, BankLine.State.OUTGOING
    rows = [
        (
            one.line_id,
            unmatched if one.cents > 0 else outgoing,
            line.booked_on,
            line.value_on,
            line.statement_id,
        )
        for one in details
    ]
    update_rows(BankLine, ("state", "booked_on", "value_on", "statement"), rows)
