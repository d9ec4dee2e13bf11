"""Take statements in: every line exactly once, whatever file brings it."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from itertools import tee
from uuid import UUID
from zoneinfo import ZoneInfo

from tijdig.banking.actions.chains import find_known_days, find_offsets
from tijdig.banking.actions.lines import first_state, insert_lines
from tijdig.banking.actions.pending import drop_booked, store_details, store_pending
from tijdig.banking.actions.rewording import find_reworded
from tijdig.banking.keys import booked_lines, shift_keys, statement_keys
from tijdig.banking.models import Account, BankLine, Statement
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
    for record, own_keys in zip(file.statements, keys, strict=True):
        account, alike = _find_account(record, own_keys, file.kind)
        account_ids.add(account.id)
        if alike is not None:
            problems.append(_new_account(record, alike))
        statement, new = _store(
            record,
            own_keys,
            account.id,
            kind=file.kind,
            import_id=import_id,
            beside=statement_ids,
            now=now,
            file_format=file.format,
        )
        statement_ids.append(statement.id)
        new_lines += new
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


def confirm_account(account_id: UUID, *, now: datetime, actor: str) -> None:
    """A person says that this account is the administration's own."""
    Account.objects.filter(id=account_id, confirmed_at=None).update(
        confirmed_at=now, confirmed_by=actor
    )


def _find_account(
    record: StatementRecord, keys: Sequence[str], kind: FileKind
) -> tuple[Account, Sequence[str] | None]:
    """The account of a statement; where it is new, the IBANs that end in its bare number as well.

    MT940 may name a Dutch account by its number alone (417164300), camt names the IBAN that ends in
    it (NL91ABNA0417164300): where one account fits, that is the same one, kept by its IBAN. Where
    two banks gave out the same number, it is the account that has this statement, or lines of it.
    """
    accounts = Account.objects.filter(currency=record.currency)
    exact = accounts.filter(iban=record.iban).first()
    number, is_iban = _number_of(record.iban), _is_iban(record.iban)
    if exact is not None and (is_iban or not number):
        return exact, None
    same = [one for one in accounts if number and _number_of(one.iban) == number]
    if not is_iban and len(same) > 1:
        exact = _find_known(same, record, keys, kind) or exact
    if exact is not None:
        return exact, None
    # Two IBANs that end in the same number are two accounts, at two banks.
    if len(same) == 1 and not (is_iban and _is_iban(same[0].iban)):
        account = same[0]
        if is_iban:
            account.iban = record.iban
            account.save(update_fields=["iban"])
        return account, None
    made = Account.objects.create(
        administration_id=active_administration(), iban=record.iban, currency=record.currency
    )
    return made, () if is_iban else sorted(one.iban for one in same if _is_iban(one.iban))


def _find_known(
    accounts: Sequence[Account], record: StatementRecord, keys: Sequence[str], kind: FileKind
) -> Account | None:
    """Which of these accounts has most of the lines, or else the statement itself."""
    ids = {one.id: one for one in accounts}
    lines = BankLine.objects.filter(account_id__in=ids, key__in=set(keys))
    counted = Counter(lines.values_list("account_id", flat=True))
    told = Statement.objects.filter(
        account_id__in=ids, content_hash=_hash(record, keys, kind)
    ).values_list("account_id", flat=True)
    known = [one for one, _ in counted.most_common(1)] or sorted(told)[:1]
    return ids[known[0]] if known else None


_DUTCH_IBAN = re.compile(r"NL\d\d[A-Z]{4}(\d{10})")
_BANKS_ZONE = ZoneInfo("Europe/Amsterdam")
_NUMBER = re.compile(r"\d{5,10}")


def _is_iban(account: str) -> bool:
    return _DUTCH_IBAN.fullmatch(account) is not None


def _number_of(account: str) -> str:
    """The ten digits of a Dutch account, by number or by IBAN; empty for another account."""
    found = _DUTCH_IBAN.fullmatch(account)
    if found:
        return found[1]
    return account.zfill(10) if _NUMBER.fullmatch(account) else ""


def _store(
    record: StatementRecord,
    keys: Sequence[str],
    account_id: UUID,
    *,
    kind: FileKind,
    import_id: UUID,
    beside: Sequence[UUID],
    now: datetime,
    file_format: str,
) -> tuple[Statement, int]:
    """The statement, and how many of its lines were not known yet; `beside` came before it."""
    booked_on: set[date] = set()
    announced_on: set[date] = set()
    for line in record.lines:
        (announced_on if line.is_pending else booked_on).add(line.booked_on)
    days = booked_on | announced_on
    until_on = _find_end(record, booked_on, max(days, default=record.from_on), now)
    statement, is_new = Statement.objects.get_or_create(
        administration_id=active_administration(),
        account_id=account_id,
        content_hash=_hash(record, keys, kind),
        defaults={
            "identification": record.identification[:100],
            "sequence": record.sequence[:40],
            "from_on": record.from_on or min(days, default=record.until_on),
            "until_on": until_on,
            "made_at": record.made_at,
            "opening_cents": record.opening_cents,
            "closing_cents": record.closing_cents,
            "import_id": import_id,
            "kind": kind,
            "adds_up": record.balances_ok,
        },
    )
    if not is_new:
        _extend(statement, record, until_on)
    if kind == "details":
        return statement, store_details(statement, booked_lines(record), keys)
    if kind == "intraday":
        return statement, store_pending(statement, record.lines, iban=record.iban)
    announced = (line for line in record.lines if line.is_pending) if announced_on else ()
    new_lines = store_pending(statement, announced, iban=record.iban)
    if booked_on:
        span = (min(booked_on), max(booked_on))
        new_lines += _store_booked(
            statement, record, keys, span, beside=beside, file_format=file_format
        )
    return statement, new_lines


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


def _new_account(record: StatementRecord, alike: Sequence[str]) -> Problem:
    """To confirm; where it ends several IBANs (`alike`), which, and what not to do."""
    nl, en = f"Rekening {record.iban} is nieuw.", f"Account {record.iban} is new."
    if len(alike) > 1:
        *most, last = alike
        nl += (
            f" Op dit nummer eindigen zowel {', '.join(most)} als {last}. Daarom weten wij niet van"
            " welke dit afschrift is. De regels staan op een eigen rekening. Lever deze dagen niet"
            " nog eens aan met de hele IBAN: dan tellen zij dubbel. Vraag uw bank voortaan om"
            " camt.053, dat de hele IBAN noemt."
        )
        en += (
            f" {', '.join(most)} and {last} end in this number, so we cannot tell of which of"
            " them this statement is. Its lines came in, on an account of their own. Do not deliver"
            " these days again by IBAN: they would count twice. Ask your bank for camt.053, which"
            " names the whole IBAN."
        )
    else:
        nl, en = f"{nl} De regels zijn ingelezen.", f"{en} Its lines came in."
    return Problem(
        record.place,
        Sentence(
            f"{nl} Bevestig bij Betalingen dat dit uw eigen rekening is.",
            f"{en} Confirm under Payments that it is your own account.",
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
