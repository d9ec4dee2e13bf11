"""A person says of which account the statements are that name a bare number."""

from datetime import date, datetime
from uuid import UUID

from tijdig.banking.actions.own_accounts import find_by_lines, tell
from tijdig.banking.actions.pending import read_unplaced, take_unplaced
from tijdig.banking.actions.statements import TakenIn, confirm_account, fill, find_days
from tijdig.banking.models import Account, Statement
from tijdig.banking.records import FileKind
from tijdig.core.own_accounts import list_namesakes
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
    waiting = list(
        Statement.objects.filter(account_id=account_id, kind=Statement.Kind.UNPLACED).order_by("id")
    )
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

    In the transaction of an import.
    """
    waiting = Statement.objects.filter(kind=Statement.Kind.UNPLACED, gap=Statement.Gap.ACCOUNT)
    placed = []
    for statement in waiting.filter(accepted_at=None).select_related("account").order_by("id"):
        alike = _list_alike(statement.account)
        account = find_by_lines(alike, read_unplaced(statement))
        if account is not None:
            named = statement.account
            placed.append(_take_in([statement], named, account, [account]))
            _drop_empty(named.id)
    return tuple(placed)


def _drop_empty(account_id: UUID) -> None:
    """A number of which nothing waits any more is no account to confirm."""
    if not Statement.objects.filter(account_id=account_id).exists():
        Account.objects.filter(id=account_id, confirmed_at=None, stands_for_id=None).delete()


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
        told, keys = take_unplaced(statement, named=named.iban, currency=named.currency)
        account = find_by_lines(alike, tell(told)) or chosen
        same = Statement.objects.filter(account_id=account.id, content_hash=statement.content_hash)
        if same.exclude(id=statement.id).exists():
            # It came once more meanwhile, and went there by itself.
            statement.delete()
            continue
        kind: FileKind = "booked" if keys or not told.lines else "intraday"
        statement.account_id = account.id
        statement.kind = kind
        statement.named = "" if account.id == named.id else named.iban
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


def _find_format(import_id: UUID) -> str:
    """As which format the file was read that brought it."""
    rows = execute(
        "SELECT format FROM tijdig_import WHERE administration_id = %s AND id = %s",
        [active_administration(), import_id],
    ).fetchall()
    return str(rows[0][0]) if rows else ""
