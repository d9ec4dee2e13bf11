"""What the bank has announced, and details that wait for their batch: neither counts as paid."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Max, QuerySet

from tijdig.banking.actions.lines import insert_lines
from tijdig.banking.keys import line_keys
from tijdig.banking.models import BankLine, Statement
from tijdig.banking.records import BankLineRecord
from tijdig.ledger.actions.posting import touch_debtors
from tijdig.ledger.queries.for_matching import load_owners

_PENDING_PREFIX = "p-"
_DETAIL_PREFIX = "d-"
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


def store_details(
    statement: Statement, lines: Iterable[BankLineRecord], keys: Iterable[str]
) -> int:
    """Store the payments of a notification, until the batch that they make up is there."""
    own = (f"{_DETAIL_PREFIX}{key}" for key in keys)
    return insert_lines(statement, lines, own, lambda _: BankLine.State.DETAIL)


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
