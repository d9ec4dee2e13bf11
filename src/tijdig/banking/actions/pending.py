"""What the bank announced, details without their batch, unplaced lines: none counts as paid."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import tee

from django.db.models import Max, QuerySet

from tijdig.banking.actions.lines import insert_lines
from tijdig.banking.keys import booked_lines, detail_key, line_keys, respell_keys
from tijdig.banking.models import BankLine, Statement
from tijdig.banking.records import BankLineRecord, DocumentRecord, StatementRecord
from tijdig.core.own_accounts import ToldMoney
from tijdig.ledger.actions.posting import touch_debtors
from tijdig.ledger.queries.for_matching import load_owners

_PENDING_PREFIX = "p-"
_UNPLACED_PREFIX, _ANNOUNCED_PREFIX = "u-", "a-"
_NOT_BOOKED = (BankLine.State.PENDING, BankLine.State.DETAIL)
# What a bank announced and has not booked by then is not coming.
_BOOKED_WITHIN = timedelta(days=5)


def store_pending(statement: Statement, lines: Iterable[BankLineRecord], *, iban: str) -> int:
    """Store announced money that comes in, unless it has been booked; how much was not known.

    Booked is what the same line says, else a line of that day, that amount and that account which
    nothing else here announces: a bank may word an announcement differently.
    """
    coming = [line for line in lines if line.amount_cents > 0 and not line.return_reason]
    if not coming:
        return 0
    keys = line_keys(coming, iban=iban)
    known = BankLine.objects.filter(account_id=statement.account_id)
    booked = set(known.filter(key__in=keys).values_list("key", flat=True))
    until_on = _booked_until(statement)
    fresh = [
        (line, f"{_PENDING_PREFIX}{key}")
        for line, key in zip(coming, keys, strict=True)
        if key not in booked and (until_on is None or line.booked_on > until_on - _BOOKED_WITHIN)
    ]
    fresh = _leave_booked_alike(fresh, known.exclude(key__in=booked))
    stored = insert_lines(
        statement,
        [line for line, _ in fresh],
        [key for _, key in fresh],
        lambda _: BankLine.State.PENDING,
    )
    if stored:
        _look_at_payers(line.counter_iban for line, _ in fresh)
    return stored


def _leave_booked_alike(
    fresh: list[tuple[BankLineRecord, str]], known: QuerySet[BankLine]
) -> list[tuple[BankLineRecord, str]]:
    """Those of which no line was booked in other words."""
    days = {line.booked_on for line, _ in fresh}
    rows = known.exclude(state__in=_NOT_BOOKED).filter(cents__gt=0, booked_on__in=days)
    alike = Counter(rows.values_list("booked_on", "cents", "counter_iban")) if days else Counter()
    left = []
    for line, key in fresh:
        like = (line.booked_on, line.amount_cents, line.counter_iban)
        if alike[like]:
            alike[like] -= 1
        else:
            left.append((line, key))
    return left


def store_details(statement: Statement, record: StatementRecord, keys: Sequence[str]) -> int:
    """Store the payments of a notification, until the batch that they make up is there.

    One that names its account in another way may have brought them before: then they are known.
    """
    told = BankLine.objects.filter(account_id=statement.account_id)
    known: set[str] = set()
    for iban in _list_other_names(statement, record.iban):
        others = list(map(detail_key, respell_keys(booked_lines(record), keys, iban=iban)))
        there = set(told.filter(key__in=others).values_list("key", flat=True))
        known.update(key for key, other in zip(keys, others, strict=True) if other in there)
    own = zip(booked_lines(record), keys, strict=True)
    lines, fresh = tee(one for one in own if one[1] not in known)
    return insert_lines(
        statement,
        (line for line, _ in lines),
        (detail_key(key) for _, key in fresh),
        lambda _: BankLine.State.DETAIL,
    )


def _list_other_names(statement: Statement, iban: str) -> list[str]:
    """What notifications called this account, other than this."""
    details = Statement.objects.filter(
        account_id=statement.account_id, kind=Statement.Kind.DETAILS
    ).exclude(named="")
    names = {statement.account.iban, *details.values_list("named", flat=True).distinct()}
    return sorted(names - {iban})


def store_unplaced(statement: Statement, record: StatementRecord, keys: Iterable[str]) -> int:
    """Store all that a statement says, until a person says of which account it is."""
    booked = insert_lines(
        statement,
        booked_lines(record),
        (f"{_UNPLACED_PREFIX}{key}" for key in keys),
        lambda line: _unplaced_state(line, record),
    )
    announced = [line for line in record.lines if line.is_pending]
    own = (f"{_ANNOUNCED_PREFIX}{key}" for key in line_keys(announced, iban=record.iban))
    return booked + insert_lines(
        statement, announced, own, lambda line: _unplaced_state(line, record)
    )


def read_unplaced(statement: Statement) -> ToldMoney:
    """What it books, while it waits."""
    booked = BankLine.objects.filter(statement_id=statement.id, key__startswith=_UNPLACED_PREFIX)
    lines = booked.order_by("id").values_list("booked_on", "cents", "counter_iban")
    return ToldMoney(list(lines), statement.opening_cents)


def take_unplaced(
    statement: Statement, *, named: str, currency: str
) -> tuple[StatementRecord, tuple[str, ...]]:
    """What `store_unplaced` or `store_details` stored, with the keys of what is booked.

    It is there no longer. A line in another currency than the account comes back without its own.
    """
    stored = BankLine.objects.filter(statement_id=statement.id)
    rows = list(stored.order_by("id"))
    stored.delete()
    lines = [_make_record(one, currency) for one in rows]
    record = StatementRecord(
        iban=named,
        currency=currency,
        identification=statement.identification,
        sequence=statement.sequence,
        opening_cents=statement.opening_cents,
        closing_cents=statement.closing_cents,
        from_on=statement.from_on,
        until_on=statement.until_on,
        lines=lines,
        place="",
        made_at=statement.made_at,
    )
    keys = (one.key for one in rows if not one.key.startswith(_ANNOUNCED_PREFIX))
    return record, tuple(
        one.removeprefix(_UNPLACED_PREFIX).removeprefix(detail_key("")) for one in keys
    )


def _unplaced_state(line: BankLineRecord, record: StatementRecord) -> str:
    is_own = line.currency == record.currency
    return BankLine.State.UNPLACED if is_own else BankLine.State.OUTGOING


def _make_record(row: BankLine, currency: str) -> BankLineRecord:
    return BankLineRecord(
        booked_on=row.booked_on,
        value_on=row.value_on,
        amount_cents=row.cents,
        currency="" if row.state == BankLine.State.OUTGOING else currency,
        counter_iban=row.counter_iban,
        counter_name=row.counter_name,
        text=row.text,
        reference=row.reference,
        end_to_end_id=row.end_to_end_id,
        bank_reference=row.bank_reference,
        place="",
        is_reversal=row.is_reversal,
        return_reason=row.return_reason,
        mandate_id=row.mandate_id,
        batch_id=row.batch_id,
        batch_count=row.batch_count,
        charges_cents=row.charges_cents,
        further_references=tuple(row.further_references),
        documents=tuple(DocumentRecord(number, cents) for number, cents in row.documents),
        is_pending=row.key.startswith(_ANNOUNCED_PREFIX),
    )


def drop_booked(statement: Statement) -> None:
    """Forget announcements that have been booked by now, or that will not be any more.

    Booked is what the same line says, else a line of the same amount from the same account that
    this statement brought: a bank may word an announcement differently.
    """
    pending = BankLine.objects.filter(account_id=statement.account_id, state=BankLine.State.PENDING)
    waiting = list(pending.order_by("booked_on", "key"))
    if not waiting:
        return
    known = BankLine.objects.filter(account_id=statement.account_id)
    wanted = {line.key.removeprefix(_PENDING_PREFIX): line for line in waiting}
    booked = set(known.filter(key__in=list(wanted)).values_list("key", flat=True))
    gone = [line.id for key, line in wanted.items() if key in booked]
    brought = known.filter(statement_id=statement.id).exclude(state=BankLine.State.PENDING)
    alike = Counter(
        brought.exclude(key__in=booked).filter(
            cents__in=[line.cents for line in waiting]
        ).values_list("cents", "counter_iban")
    )  # fmt: skip
    until_on = _booked_until(statement)
    for line in waiting:
        if line.id in gone:
            continue
        like = (line.cents, line.counter_iban)
        if alike[like]:
            alike[like] -= 1
            gone.append(line.id)
        elif until_on is not None and line.booked_on <= until_on - _BOOKED_WITHIN:
            gone.append(line.id)
    left = pending.filter(id__in=gone)
    pointed = {line.likely_debtor_id for line in waiting if line.id in gone}
    _look_at_payers(line.counter_iban for line in waiting if line.id in gone)
    touch_debtors(one for one in pointed if one is not None)
    left.delete()


def _look_at_payers(ibans: Iterable[str]) -> None:
    """Whoever is known to pay from these accounts is held from now on, or held no longer."""
    owners = load_owners(sorted(set(ibans) - {""}))
    touch_debtors({debtor_id for _, debtor_id in owners})


def _booked_until(statement: Statement) -> date | None:
    booked = Statement.objects.filter(account_id=statement.account_id, kind=Statement.Kind.BOOKED)
    until_on: date | None = booked.aggregate(until=Max("until_on"))["until"]
    return until_on
