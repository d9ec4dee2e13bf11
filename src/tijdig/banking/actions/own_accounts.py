"""Which own account a statement is of; where only a person can say, it waits for that."""

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from tijdig.banking.actions.batches import Part, find_account_of_batch, list_parts
from tijdig.banking.keys import booked_lines, detail_key
from tijdig.banking.models import Account, BankLine, Statement
from tijdig.banking.records import FileKind, StatementRecord
from tijdig.core.own_accounts import (
    OwnAccount,
    ToldMoney,
    account_number_of,
    choose_account,
    is_dutch_iban,
    is_same_money,
)
from tijdig.tenants.scope import active_administration

_NOT_BOOKED = (
    BankLine.State.PENDING,
    BankLine.State.DETAIL,
    BankLine.State.SPLIT,
    BankLine.State.UNPLACED,
)


@dataclass(frozen=True, slots=True)
class Found:
    """The account of a statement; where it waits, the IBANs that a person chooses from."""

    account: Account
    is_new: bool = False
    choice: tuple[str, ...] = ()


class OwnAccounts:
    """The accounts of the administration, as a file that comes in finds them, or adds to them."""

    def __init__(self) -> None:
        self._known = list(Account.objects.order_by("iban", "id"))

    def find(
        self,
        record: StatementRecord,
        keys: Sequence[str],
        content_hash: str,
        *,
        kind: FileKind,
    ) -> Found:
        """The account of a statement, made where it is seen for the first time.

        MT940 may name a Dutch account by its number alone (417164300), camt names the IBAN that
        ends in it (NL91ABNA0417164300): where one account fits, that is the same one, kept by its
        IBAN. Where two IBANs end in it, it is the account that has this statement, lines of it, or
        the batch that it details; else that of the bank that wrote it, or the one that a person
        said. Otherwise it waits.
        """
        exact = next((one for one in self._of(record) if one.iban == record.iban), None)
        if exact is not None and (is_dutch_iban(record.iban) or not _number(record)):
            return Found(exact)
        same = self.list_same(record)
        if is_dutch_iban(record.iban):
            return self._find_by_iban(record, same)
        ibans = [one for one in same if is_dutch_iban(one.iban)]
        if len(ibans) > 1:
            return self._find_by_number(record, keys, content_hash, same, kind=kind)
        known = exact or next(iter(ibans or same), None)
        return Found(known) if known is not None else self._make(record)

    def list_same(self, record: StatementRecord) -> list[Account]:
        """The accounts that have its number, those by IBAN and those by the number alone."""
        number = _number(record)
        return [one for one in self._of(record) if number and account_number_of(one.iban) == number]

    def _of(self, record: StatementRecord) -> Iterable[Account]:
        return (one for one in self._known if one.currency == record.currency)

    def _find_by_iban(self, record: StatementRecord, same: Sequence[Account]) -> Found:
        # Two IBANs that end in the same number are two accounts, at two banks.
        if len(same) != 1 or is_dutch_iban(same[0].iban):
            return self._make(record)
        account = same[0]
        Statement.objects.filter(account_id=account.id, named="").update(named=account.iban)
        account.iban = record.iban
        account.save(update_fields=["iban"])
        return Found(account)

    def _find_by_number(
        self,
        record: StatementRecord,
        keys: Sequence[str],
        content_hash: str,
        same: Sequence[Account],
        *,
        kind: FileKind,
    ) -> Found:
        parts = list_parts(booked_lines(record)) if kind == "details" else ()
        known = (
            _find_known(same, keys, content_hash, kind=kind)
            or find_by_lines(same, tell(record))
            or find_by_batch(same, parts)
            or _choose(same, record.banks)
        )
        if known is not None:
            return Found(known)
        bare = [one for one in same if not is_dutch_iban(one.iban)]
        found = Found(bare[0]) if bare else self._make(record)
        choice = tuple(one.iban for one in same if is_dutch_iban(one.iban))
        return Found(found.account, choice=choice)

    def _make(self, record: StatementRecord) -> Found:
        made = Account.objects.create(
            administration_id=active_administration(), iban=record.iban, currency=record.currency
        )
        self._known = sorted([*self._known, made], key=lambda one: (one.iban, one.id))
        return Found(made, is_new=True)


def find_by_lines(same: Sequence[Account], told: ToldMoney) -> Account | None:
    """The one account by IBAN of which another file brought the same money already."""
    days = [on for on, _, _ in told.lines]
    if not days:
        return None
    alike = [
        one
        for one in same
        if is_dutch_iban(one.iban) and is_same_money(told, _tell_known(one, min(days), max(days)))
    ]
    return alike[0] if len(alike) == 1 else None


def find_by_batch(same: Sequence[Account], parts: Sequence[Part]) -> Account | None:
    """The one account by IBAN that booked a batch of which these are the payments."""
    ids = {one.id: one for one in same if is_dutch_iban(one.iban)}
    found = find_account_of_batch(ids, parts)
    return ids[found] if found is not None else None


def tell(record: StatementRecord) -> ToldMoney:
    """What a statement books, to hold beside another one."""
    lines = [(one.booked_on, one.amount_cents, one.counter_iban) for one in booked_lines(record)]
    return ToldMoney(lines, record.opening_cents)


def take_over(account: Account, record: StatementRecord, same: Sequence[Account]) -> Set[UUID]:
    """Take what came by the bare number and tells the same money from another account with it.

    Such a statement turns out to be of this one. Its lines stay as they are matched. Which accounts
    it was taken from.
    """
    others = [one.id for one in same if one.id != account.id]
    days = [line.booked_on for line in booked_lines(record)] if others else []
    if not days:
        return frozenset()
    whole, left = tell(record), set[UUID]()
    suspects = Statement.objects.filter(
        account_id__in=others,
        kind=Statement.Kind.BOOKED,
        from_on__lte=max(days),
        until_on__gte=min(days),
    ).exclude(named="")
    for told in suspects.order_by("id"):
        brought = BankLine.objects.filter(account_id=told.account_id).exclude(statement__named="")
        lines = brought.filter(booked_on__range=(told.from_on, told.until_on))
        if not is_same_money(ToldMoney(_list_money(lines), told.opening_cents), whole):
            continue
        own = BankLine.objects.filter(statement_id=told.id).values("key")
        if BankLine.objects.filter(account_id=account.id, key__in=own).exists():
            continue
        left.add(told.account_id)
        BankLine.objects.filter(statement_id=told.id).update(account_id=account.id)
        told.account_id = account.id
        told.save(update_fields=["account_id"])
    return left


def _number(record: StatementRecord) -> str:
    return account_number_of(record.iban)


def _find_known(
    same: Sequence[Account], keys: Sequence[str], content_hash: str, *, kind: FileKind
) -> Account | None:
    """Which of these accounts has most of the lines, or else the statement itself.

    Details may be on a bare number from before such a number was asked about: that tells nothing.
    """
    is_details = kind == "details"
    ids = {one.id: one for one in same if not is_details or is_dutch_iban(one.iban)}
    stored = set(map(detail_key, keys)) if is_details else set(keys)
    lines = BankLine.objects.filter(account_id__in=ids, key__in=stored)
    counted = Counter(lines.values_list("account_id", flat=True))
    told = Statement.objects.filter(account_id__in=ids, content_hash=content_hash)
    placed = told.exclude(gap=Statement.Gap.ACCOUNT).values_list("account_id", flat=True)
    known = [one for one, _ in counted.most_common(1)] or sorted(placed)[:1]
    return ids[known[0]] if known else None


def _choose(same: Sequence[Account], banks: Sequence[str]) -> Account | None:
    chosen = choose_account(
        [
            OwnAccount(one.id, one.iban, one.confirmed_at is not None, one.stands_for_id)
            for one in same
        ],
        banks=banks,
    )
    return next((one for one in same if chosen is not None and one.id == chosen.id), None)


def _tell_known(account: Account, first: date, last: date) -> ToldMoney:
    """What is booked on it on these days, whatever brought it."""
    lines = BankLine.objects.filter(account_id=account.id, booked_on__range=(first, last))
    return ToldMoney(_list_money(lines))


def _list_money(lines: QuerySet[BankLine]) -> list[tuple[date, int, str]]:
    booked = lines.exclude(state__in=_NOT_BOOKED).order_by("booked_on", "id")
    return list(booked.values_list("booked_on", "cents", "counter_iban"))
