"""Take statements in: every line exactly once, whatever file brings it."""

import hashlib
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from itertools import tee
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from tijdig.banking.actions.chains import find_known_days, find_offsets
from tijdig.banking.actions.lines import first_state, insert_lines
from tijdig.banking.actions.own_accounts import Found, OwnAccounts, take_over
from tijdig.banking.actions.pending import (
    drop_booked,
    store_details,
    store_pending,
    store_unplaced,
)
from tijdig.banking.actions.rewording import find_reworded
from tijdig.banking.keys import booked_lines, shift_keys, statement_keys
from tijdig.banking.models import Account, Statement
from tijdig.banking.records import FileKind, StatementFile, StatementRecord
from tijdig.core.own_accounts import is_dutch_iban
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


class LineDays(NamedTuple):
    """The days on which a statement books something, and those on which it announces something."""

    booked: frozenset[date]
    announced: frozenset[date]


def take_in(file: StatementFile, *, import_id: UUID, now: datetime) -> TakenIn:
    """Store the statements of one file. Accounts seen for the first time are made, unconfirmed.

    A statement of a period that was not over covers it up to the day on which the bank made it.

    Lines of an intraday report, and announced ones, are pending: they never count as paid. Lines of
    a notification wait for the batch that they are the details of.
    """
    problems = []
    new_lines = 0
    account_ids = set()
    statement_ids: list[UUID] = []
    checks = []
    keys = statement_keys(file.statements)
    accounts = OwnAccounts()
    for record, own_keys in zip(file.statements, keys, strict=True):
        on = find_days(record)
        content_hash = _hash(record, own_keys, file.kind)
        found = accounts.find(record, own_keys, content_hash, kind=file.kind)
        account_ids.add(found.account.id)
        problems += _tell_account(record, found)
        if file.kind == "booked" and is_dutch_iban(record.iban):
            left = take_over(found.account, record, accounts.list_same(record))
            account_ids |= left
            problems += [_taken_over(record)] if left else []
        statement = _find_statement(
            record, found, content_hash, on, kind=file.kind, import_id=import_id, now=now
        )
        new_lines += _store(
            statement,
            record,
            own_keys,
            on,
            kind=file.kind,
            beside=statement_ids,
            file_format=file.format,
        )
        statement_ids.append(statement.id)
        checks.append(record.balances_ok)
        if checks[-1] is False and not record.lacks_balance and file.kind == "booked":
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


def _tell_account(record: StatementRecord, found: Found) -> list[Problem]:
    """What a person is to say of its account, if anything."""
    if found.choice:
        return [_unplaced(record, found.choice)]
    return [_new_account(record)] if found.is_new else []


def find_days(record: StatementRecord) -> LineDays:
    """Read in one pass: many lines wait on disk."""
    booked: set[date] = set()
    announced: set[date] = set()
    for line in record.lines:
        (announced if line.is_pending else booked).add(line.booked_on)
    return LineDays(frozenset(booked), frozenset(announced))


def confirm_account(account_id: UUID, *, now: datetime, actor: str) -> None:
    """A person says that this account is the administration's own."""
    Account.objects.filter(id=account_id, confirmed_at=None).update(
        confirmed_at=now, confirmed_by=actor
    )


_BANKS_ZONE = ZoneInfo("Europe/Amsterdam")


def _find_statement(
    record: StatementRecord,
    found: Found,
    content_hash: str,
    on: LineDays,
    *,
    kind: FileKind,
    import_id: UUID,
    now: datetime,
) -> Statement:
    """The statement itself: the one that says the same, or a new one without its lines."""
    days = {*on.booked, *on.announced}
    until_on = _find_end(record, on.booked, max(days, default=record.from_on), now)
    told = _unplaced(record, found.choice).because if found.choice else Sentence("", "")
    statement, is_new = Statement.objects.get_or_create(
        administration_id=active_administration(),
        account_id=found.account.id,
        content_hash=content_hash,
        defaults={
            "identification": record.identification[:100],
            "sequence": record.sequence[:40],
            "from_on": record.from_on or min(days, default=record.until_on),
            "until_on": until_on,
            "made_at": record.made_at,
            "opening_cents": record.opening_cents,
            "closing_cents": record.closing_cents,
            "import_id": import_id,
            "kind": Statement.Kind.UNPLACED if found.choice and kind == "booked" else kind,
            "adds_up": record.balances_ok,
            "named": "" if found.account.iban == record.iban else record.iban,
            "gap": Statement.Gap.ACCOUNT if found.choice else "",
            "gap_nl": told.nl,
            "gap_en": told.en,
        },
    )
    if not is_new:
        _extend(statement, record, until_on)
    return statement


def _store(
    statement: Statement,
    record: StatementRecord,
    keys: Sequence[str],
    on: LineDays,
    *,
    kind: FileKind,
    beside: Sequence[UUID],
    file_format: str,
) -> int:
    if statement.gap == Statement.Gap.ACCOUNT:
        return store_unplaced(statement, record, keys)
    return fill(statement, record, keys, on, kind=kind, beside=beside, file_format=file_format)


def fill(
    statement: Statement,
    record: StatementRecord,
    keys: Sequence[str],
    on: LineDays,
    *,
    kind: FileKind,
    beside: Sequence[UUID],
    file_format: str,
) -> int:
    """Store its lines, in the state that a file of this kind gives them; how many were not known.

    `beside` are the statements of the same file that came before it.
    """
    if kind == "details":
        return store_details(statement, record, keys)
    if kind == "intraday":
        return store_pending(statement, record.lines, iban=record.iban)
    announced = (line for line in record.lines if line.is_pending) if on.announced else ()
    new_lines = store_pending(statement, announced, iban=record.iban)
    if on.booked:
        span = (min(on.booked), max(on.booked))
        new_lines += _store_booked(
            statement, record, keys, span, beside=beside, file_format=file_format
        )
    return new_lines


def _find_end(
    record: StatementRecord, booked_on: Set[date], last_on: date | None, now: datetime
) -> date | None:
    """The last day that it covers: none after that on which it was made, or came to us.

    What is booked is known, whatever the clocks say.
    """
    told = record.until_on or last_on
    if told is None:
        return None
    known = min(now, record.made_at or now).astimezone(_BANKS_ZONE).date()
    return min(told, max(known, record.from_on or known, *booked_on))


def _extend(statement: Statement, record: StatementRecord, until_on: date | None) -> None:
    """The bank says the same once more, later: nothing came in the days between."""
    if until_on is None or (statement.until_on is not None and until_on <= statement.until_on):
        return
    statement.until_on, statement.made_at = until_on, record.made_at
    statement.save(update_fields=["until_on", "made_at"])


def _store_booked(
    statement: Statement,
    record: StatementRecord,
    keys: Sequence[str],
    span: tuple[date, date],
    *,
    beside: Sequence[UUID],
    file_format: str,
) -> int:
    """Store the booked lines that no other file has brought, in whatever words; how many."""
    known_days = find_known_days(statement, record, keys, span)
    offsets = find_offsets(statement, record, keys, span, beside=beside)
    own_keys = shift_keys(keys, offsets)
    reworded = find_reworded(statement, record, own_keys, span, file_format=file_format)
    own = zip(booked_lines(record), own_keys, strict=True)
    lines, fresh = tee(
        one for one in own if one[0].booked_on not in known_days and one[1] not in reworded
    )
    stored = insert_lines(
        statement, (line for line, _ in lines), (key for _, key in fresh), first_state
    )
    drop_booked(statement)
    return stored


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
            f"Rekening {record.iban} is nieuw. De regels zijn ingelezen. Bevestig bij Betalingen"
            " dat dit uw eigen rekening is.",
            f"Account {record.iban} is new. Its lines came in. Confirm under Payments that it is"
            " your own account.",
        ),
        "warning",
    )


def _unplaced(record: StatementRecord, choice: Sequence[str]) -> Problem:
    """That nobody knows of which of these accounts it is, and who says so."""
    *most, last = choice
    return Problem(
        record.place,
        Sentence(
            f"Dit afschrift noemt alleen het nummer {record.iban}. Daarop eindigen"
            f" {', '.join(most)} en {last}. Zeg bij Betalingen van welke rekening het is. Tot dan"
            " tellen de regels niet mee en gaat er niets uit.",
            f"This statement names the number {record.iban} alone. {', '.join(most)} and {last} end"
            " in it. Say under Payments of which account it is. Until then its lines do not count,"
            " and nothing goes out.",
        ),
        "warning",
    )


def _taken_over(record: StatementRecord) -> Problem:
    return Problem(
        record.place,
        Sentence(
            f"Afschriften die alleen het nummer noemen, blijken van {record.iban} te zijn: dezelfde"
            " regels staan in dit afschrift. Zij staan nu bij deze rekening en tellen één keer.",
            f"Statements that name the number alone turn out to be of {record.iban}: this statement"
            " has the same lines. They are with this account now and count once.",
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
