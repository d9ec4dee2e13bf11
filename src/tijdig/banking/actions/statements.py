"""Take statements in: every line exactly once, whatever file brings it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tijdig.banking.actions.chains import find_offsets, is_known_otherwise
from tijdig.banking.actions.lines import first_state, insert_lines
from tijdig.banking.actions.pending import drop_booked, store_details, store_pending
from tijdig.banking.keys import booked_lines, shift_keys, statement_keys
from tijdig.banking.models import Account, Statement
from tijdig.banking.records import FileKind, StatementFile, StatementRecord
from tijdig.core.problem import Problem, Sentence
from tijdig.tenants.scope import active_administration


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a statement file brought: its statements and lines, and how many were new."""

    statements: int
    lines: int
    new_lines: int
    balances_ok: bool | None
    problems: tuple[Problem, ...]
    account_ids: frozenset[UUID] = frozenset()
    statement_ids: tuple[UUID, ...] = ()


def take_in(file: StatementFile, *, import_id: UUID) -> TakenIn:
    """Store the statements of one file. Accounts seen for the first time are made, unconfirmed.

    Lines of an intraday report, and announced ones, are pending: they never count as paid. Lines of
    a notification wait for the batch that they are the details of.
    """
    problems = []
    new_lines = 0
    account_ids = set()
    statement_ids = []
    checks = []
    keys = statement_keys(file.statements)
    for record, own_keys in zip(file.statements, keys, strict=True):
        account, is_new = Account.objects.get_or_create(
            administration_id=active_administration(),
            iban=record.iban,
            currency=record.currency,
        )
        account_ids.add(account.id)
        if is_new:
            problems.append(_new_account(record))
        statement, new = _store(record, own_keys, account.id, kind=file.kind, import_id=import_id)
        statement_ids.append(statement.id)
        new_lines += new
        checks.append(record.balances_ok)
        if checks[-1] is False and file.kind == "booked":
            problems.append(_does_not_add_up(record))
    return TakenIn(
        statements=len(file.statements),
        lines=sum(len(record.lines) for record in file.statements),
        new_lines=new_lines,
        balances_ok=False if False in checks else (True if True in checks else None),
        problems=tuple(problems),
        account_ids=frozenset(account_ids),
        statement_ids=tuple(statement_ids),
    )


def confirm_account(account_id: UUID, *, now: datetime, actor: str) -> None:
    """A person says that this account is the administration's own."""
    Account.objects.filter(id=account_id, confirmed_at=None).update(
        confirmed_at=now, confirmed_by=actor
    )


def _store(
    record: StatementRecord,
    keys: Sequence[str],
    account_id: UUID,
    *,
    kind: FileKind,
    import_id: UUID,
) -> tuple[Statement, int]:
    """The statement, and the number of its lines that were not known yet."""
    booked_on: set[date] = set()
    announced_on: set[date] = set()
    for line in record.lines:
        (announced_on if line.is_pending else booked_on).add(line.booked_on)
    days = booked_on | announced_on
    statement, _ = Statement.objects.get_or_create(
        administration_id=active_administration(),
        account_id=account_id,
        content_hash=_hash(record, keys, kind),
        defaults={
            "identification": record.identification[:100],
            "sequence": record.sequence[:40],
            "from_on": record.from_on or min(days, default=record.until_on),
            "until_on": record.until_on or max(days, default=record.from_on),
            "opening_cents": record.opening_cents,
            "closing_cents": record.closing_cents,
            "import_id": import_id,
            "kind": kind,
            "adds_up": record.balances_ok,
        },
    )
    if kind == "details":
        return statement, store_details(statement, booked_lines(record), keys)
    if kind == "intraday":
        return statement, store_pending(statement, record.lines, iban=record.iban)
    announced = (line for line in record.lines if line.is_pending) if announced_on else ()
    new_lines = store_pending(statement, announced, iban=record.iban)
    span = (min(booked_on), max(booked_on)) if booked_on else None
    if span is None or not is_known_otherwise(statement, span):
        offsets = find_offsets(statement, booked_lines(record), keys, span) if span else {}
        new_lines += insert_lines(
            statement, booked_lines(record), shift_keys(keys, offsets), first_state
        )
        drop_booked(statement)
    return statement, new_lines


def _hash(record: StatementRecord, keys: Sequence[str], kind: FileKind) -> str:
    head = (
        record.identification,
        record.sequence,
        record.from_on,
        record.until_on,
        record.opening_cents,
        record.closing_cents,
    )
    parts = [repr(head), *sorted(keys)]
    if kind != "booked":
        parts.append(kind)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _new_account(record: StatementRecord) -> Problem:
    return Problem(
        record.place,
        Sentence(
            f"Rekening {record.iban} is nieuw. De regels zijn ingelezen. Bevestig bij Betalingen "
            "dat dit uw eigen rekening is.",
            f"Account {record.iban} is new. Its lines came in. Confirm under Payments that it is "
            "your own account.",
        ),
        "warning",
    )


def _does_not_add_up(record: StatementRecord) -> Problem:
    return Problem(
        record.place,
        Sentence(
            f"Afschrift {record.identification} klopt niet: beginsaldo plus regels is niet het "
            "eindsaldo. Controleer of het bestand volledig is.",
            f"Statement {record.identification} does not add up: opening balance plus lines is "
            "not the closing balance. Check whether the file is complete.",
        ),
        "warning",
    )
