"""A person or another file says of which account the statements are that name a bare number."""

from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tijdig.banking.actions.batches import find_account_of_batch, read_parts
from tijdig.banking.actions.own_accounts import find_by_batch, find_by_lines
from tijdig.banking.actions.pending import read_unplaced, take_unplaced
from tijdig.banking.actions.statements import TakenIn, confirm_account, fill, find_days
from tijdig.banking.models import Account, BankLine, Statement
from tijdig.banking.records import FileKind
from tijdig.core.own_accounts import is_dutch_iban, list_namesakes
from tijdig.core.problem import Refusal
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record


def place(account_id: UUID, *, of: UUID | None, today: date, now: datetime, actor: str) -> TakenIn:
    """Take what waits of this bare number in, and all that comes by it later, as of an account.

    `of` None says that it is none of the accounts that end in it, but one of its own. What stands
    on one of them in another file already goes there, and counts once. Refuses: an account that
    does not end in this number, and a number of which nothing waits.
    """
    lock_administration()
    named = Account.objects.filter(id=account_id).first()
    waiting = _list_waiting(account_id=account_id)
    if named is None or not waiting:
        raise Refusal("Hier wacht niets meer op.", "Nothing waits for this any more.")
    alike = _list_alike(named)
    chosen = named if of is None else next((one for one in alike if one.id == of), None)
    if chosen is None:
        raise Refusal(
            f"Deze rekening eindigt niet op {named.iban}.",
            f"This account does not end in {named.iban}.",
        )
    if of is None:
        confirm_account(named.id, now=now, actor=actor)
    else:
        named.stands_for_id = chosen.id
        named.save(update_fields=["stands_for_id"])
    happened = Happened("account_placed", "account", named.id, None, {"of": str(chosen.id)})
    record([happened], today=today, now=now, actor=actor)
    return _take_in(waiting, named, chosen, alike)


def place_told() -> tuple[TakenIn, ...]:
    """Take in what waits of a number, where a file by IBAN brought the same money meanwhile.

    Details that came by a number and went to another account than the batch that they make up go
    there too: that account was chosen before it was known. In the transaction of an import.
    """
    placed = []
    for statement in _list_waiting():
        account = _find_account(statement, _list_alike(statement.account))
        if account is not None:
            placed.append(_move(statement, account))
    for statement in _list_details_by_number():
        alike = [statement.account, *_list_alike(statement.account)]
        found = find_account_of_batch([one.id for one in alike], read_parts(_lines_of(statement)))
        account = next((one for one in alike if one.id == found), statement.account)
        if account != statement.account:
            placed.append(_move(statement, account))
    return tuple(placed)


def _list_waiting(**of: UUID) -> list[Statement]:
    """What waits for its account in the order in which it came, details after all that is booked.

    A batch is there before its details are looked at.
    """
    found = Statement.objects.filter(gap=Statement.Gap.ACCOUNT, accepted_at=None, **of)
    waiting = found.select_related("account").order_by("id")
    return sorted(waiting, key=lambda one: one.kind == Statement.Kind.DETAILS)


def _list_details_by_number() -> list[Statement]:
    """Details without their batch that named their account by its number alone, in order."""
    without_batch = BankLine.objects.filter(
        statement_id=OuterRef("id"), state=BankLine.State.DETAIL
    )
    found = Statement.objects.filter(
        Exists(without_batch), ~Q(named="") | ~Q(account__iban__startswith="NL"),
        kind=Statement.Kind.DETAILS, gap="",
    )  # fmt: skip
    return list(found.select_related("account").order_by("id"))


def _find_account(statement: Statement, alike: list[Account]) -> Account | None:
    """The one account of these of which another file brought this money, or its batch."""
    is_details = statement.kind == Statement.Kind.DETAILS
    parts = read_parts(_lines_of(statement)) if is_details else ()
    return find_by_lines(alike, read_unplaced(statement)) or find_by_batch(alike, parts)


def _lines_of(statement: Statement) -> QuerySet[BankLine]:
    return BankLine.objects.filter(statement_id=statement.id).order_by("id")


def _move(statement: Statement, account: Account) -> TakenIn:
    """It is of this account; a number that nothing is left of is no account to confirm."""
    named = statement.account
    taken = _take_in([statement], named, account, [account])
    if not is_dutch_iban(named.iban) and not Statement.objects.filter(account_id=named.id).exists():
        Account.objects.filter(id=named.id, confirmed_at=None, stands_for_id=None).delete()
    return taken


def _list_alike(named: Account) -> list[Account]:
    others = list(Account.objects.filter(currency=named.currency).exclude(id=named.id))
    ibans = list_namesakes(named.iban, [one.iban for one in others])
    return [one for one in others if one.iban in ibans]


def _take_in(
    waiting: list[Statement], named: Account, chosen: Account, alike: list[Account]
) -> TakenIn:
    """The statements, each with its lines, in the order in which they came."""
    account_ids, done, lines, new_lines = set(), list[UUID](), 0, 0
    for statement in waiting:
        account = _find_account(statement, alike) or chosen
        written = statement.named or named.iban
        told, keys = take_unplaced(statement, named=written, currency=named.currency)
        same = Statement.objects.filter(account_id=account.id, content_hash=statement.content_hash)
        if same.exclude(id=statement.id).exists():
            # It came once more meanwhile, and went there by itself.
            statement.delete()
            continue
        kind = _kind_of(statement, is_announced=bool(told.lines) and not keys)
        statement.account = account
        statement.kind = kind
        statement.named = "" if account.iban == written else written
        statement.gap = statement.gap_nl = statement.gap_en = ""
        statement.save()
        new_lines += fill(
            statement,
            told,
            keys,
            find_days(told),
            kind=kind,
            beside=done,
            file_format=_find_format(statement.import_id),
        )
        account_ids.add(account.id)
        done.append(statement.id)
        lines += len(told.lines)
    checks = [one.adds_up for one in waiting]
    return TakenIn(
        statements=len(waiting),
        lines=lines,
        new_lines=new_lines,
        balances_ok=False if False in checks else (True if True in checks else None),
        problems=(),
        account_ids=frozenset(account_ids),
        statement_ids=tuple(done),
    )


def _kind_of(statement: Statement, *, is_announced: bool) -> FileKind:
    """Of which kind the file was. What waited with announcements alone covers no day."""
    if statement.kind != Statement.Kind.UNPLACED:
        return cast("FileKind", statement.kind)
    return "intraday" if is_announced else "booked"


def _find_format(import_id: UUID) -> str:
    """As which format the file was read that brought it."""
    rows = execute(
        "SELECT format FROM tijdig_import WHERE administration_id = %s AND id = %s",
        [active_administration(), import_id],
    ).fetchall()
    return str(rows[0][0]) if rows else ""
