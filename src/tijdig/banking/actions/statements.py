"""Take statements in: every line exactly once, whatever file brings it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tijdig.banking.keys import statement_keys
from tijdig.banking.models import Account, BankLine, Statement
from tijdig.banking.records import BankLineRecord, StatementFile, StatementRecord
from tijdig.core.problem import Problem, Sentence
from tijdig.tenants.bulk import insert_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration

_LINE_COLUMNS = (
    "id administration account statement key booked_on value_on cents counter_iban counter_name "
    "text reference end_to_end_id is_reversal return_reason mandate_id bank_reference batch_id "
    "batch_count charges_cents further_references documents state match_kind because_nl because_en"
).split()


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a statement file brought: its statements and lines, and how many were new."""

    statements: int
    lines: int
    new_lines: int
    balances_ok: bool | None
    problems: tuple[Problem, ...]


def take_in(file: StatementFile, *, import_id: UUID) -> TakenIn:
    """Store the statements of one file. Accounts seen for the first time are made, unconfirmed."""
    problems = []
    new_lines = 0
    keys = statement_keys(file.statements)
    for record, own_keys in zip(file.statements, keys, strict=True):
        account, is_new = Account.objects.get_or_create(
            administration_id=active_administration(),
            iban=record.iban,
            currency=record.currency,
        )
        if is_new:
            problems.append(_new_account(record))
        new_lines += _store(record, own_keys, account.id, import_id=import_id)
        if record.balances_ok is False:
            problems.append(_does_not_add_up(record))
    checks = [record.balances_ok for record in file.statements]
    return TakenIn(
        statements=len(file.statements),
        lines=sum(len(record.lines) for record in file.statements),
        new_lines=new_lines,
        balances_ok=False if False in checks else (True if True in checks else None),
        problems=tuple(problems),
    )


def confirm_account(account_id: UUID, *, now: datetime, actor: str) -> None:
    """A person says that this account is the administration's own."""
    Account.objects.filter(id=account_id, confirmed_at=None).update(
        confirmed_at=now, confirmed_by=actor
    )


def _store(
    record: StatementRecord, keys: Sequence[str], account_id: UUID, *, import_id: UUID
) -> int:
    """The number of lines that were not known yet."""
    administration_id = active_administration()
    mark = hashlib.sha256("\n".join([repr(_head(record)), *sorted(keys)]).encode()).hexdigest()
    statement, _ = Statement.objects.get_or_create(
        administration_id=administration_id,
        account_id=account_id,
        content_hash=mark,
        defaults={
            "identification": record.identification[:100],
            "sequence": record.sequence[:40],
            "from_on": record.from_on,
            "until_on": record.until_on,
            "opening_cents": record.opening_cents,
            "closing_cents": record.closing_cents,
            "import_id": import_id,
        },
    )
    return insert_rows(
        BankLine,
        _LINE_COLUMNS,
        [
            (new_id(), administration_id, account_id, statement.id, key, *_columns_of(line))
            for key, line in zip(keys, record.lines, strict=True)
            if line.amount_cents and not line.is_pending
        ],
        unless_there=True,
    )


def _columns_of(line: BankLineRecord) -> tuple[object, ...]:
    """What a line says, in the order of _LINE_COLUMNS, from booked_on on."""
    return (
        line.booked_on,
        line.value_on,
        line.amount_cents,
        line.counter_iban[:34],
        line.counter_name[:200],
        line.text,
        line.reference[:140],
        line.end_to_end_id[:140],
        line.is_reversal,
        line.return_reason[:20],
        line.mandate_id[:35],
        line.bank_reference[:140],
        line.batch_id[:140],
        line.batch_count,
        line.charges_cents,
        json.dumps(line.further_references),
        json.dumps([(one.number, one.cents) for one in line.documents]),
        _first_state(line),
        "",
        "",
        "",
    )


def _first_state(line: BankLineRecord) -> str:
    """A debtor's money waits to be matched; what we paid, or got back of that, does not."""
    incoming = line.amount_cents > 0 and line.currency == "EUR" and not line.return_reason
    return BankLine.State.UNMATCHED if incoming else BankLine.State.OUTGOING


def _head(record: StatementRecord) -> tuple[object, ...]:
    return (
        record.identification,
        record.sequence,
        record.from_on,
        record.until_on,
        record.opening_cents,
        record.closing_cents,
    )


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
