"""Of which own account a statement is, where it names a number and not a whole IBAN."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

_DUTCH_IBAN: Final = re.compile(r"NL\d\d([A-Z]{4})(\d{10})")
_NUMBER: Final = re.compile(r"\d{5,10}")


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An own account as files named it: by IBAN, or by its bare number.

    Of a bare number a person may have said which account it `stands_for`, or that it is one of its
    own (`is_confirmed`).
    """

    id: UUID
    iban: str
    is_confirmed: bool = False
    stands_for: UUID | None = None


@dataclass(frozen=True, slots=True)
class ToldMoney:
    """What a statement books: each line with its day, cents and other account, and its balance.

    `opening_cents` is None where nothing says with how much it begins.
    """

    lines: Sequence[tuple[date, int, str]]
    opening_cents: int | None = None


def is_dutch_iban(account: str) -> bool:
    """Whether it is written as a Dutch IBAN; its check digits are not looked at."""
    return _DUTCH_IBAN.fullmatch(account) is not None


def account_number_of(account: str) -> str:
    """The ten digits of a Dutch account, by number or by IBAN; empty for another account."""
    found = _DUTCH_IBAN.fullmatch(account)
    if found:
        return found[2]
    return account.zfill(10) if _NUMBER.fullmatch(account) else ""


def list_namesakes(account: str, others: Collection[str]) -> tuple[str, ...]:
    """The IBANs among `others` that end in the number of this account, in order."""
    number = account_number_of(account)
    return tuple(
        sorted(
            one
            for one in others
            if number and is_dutch_iban(one) and account_number_of(one) == number
        )
    )


def choose_account(same: Sequence[OwnAccount], *, banks: Collection[str]) -> OwnAccount | None:
    """Of which of these, that all have the number it names, a statement is; None: ask a person.

    Whose bank wrote it, else the one that a person said. `banks` are the codes that an IBAN of the
    bank that wrote the statement may have, none where that is not known.
    """
    of_bank = [one for one in same if is_dutch_iban(one.iban) and one.iban[4:8] in banks]
    if len(of_bank) == 1:
        return of_bank[0]
    bare = [one for one in same if not is_dutch_iban(one.iban)]
    said = {one.stands_for for one in bare if one.stands_for is not None}
    for one in same:
        if one.id in said:
            return one
    return next((one for one in bare if one.is_confirmed), None)


def is_same_money(told: ToldMoney, whole: ToldMoney) -> bool:
    """Whether all that `told` books on the days of `whole` stands in `whole` as well.

    At least one line must be there twice; where both say with how much they begin, the balance must
    be the same too. The other account counts where both name it.
    """
    days = [on for on, _, _ in whole.lines]
    if not days:
        return False
    within = [one for one in told.lines if min(days) <= one[0] <= max(days)]
    if not within or not _begins_alike(told, whole):
        return False
    left: defaultdict[tuple[date, int], Counter[str]] = defaultdict(Counter)
    for on, cents, iban in whole.lines:
        left[on, cents][iban] += 1
    # Who names the other account goes first: a bank leaves it out of some of its formats.
    for on, cents, iban in sorted(within, key=lambda one: not one[2]):
        named = left[on, cents]
        likely = (iban, *(named if not iban else ("",)))
        like = next((one for one in likely if named[one] > 0), None)
        if like is None:
            return False
        named[like] -= 1
    return True


def _begins_alike(told: ToldMoney, whole: ToldMoney) -> bool:
    """Whether the balance is the same where the later of both begins, if both know theirs."""
    if told.opening_cents is None or whole.opening_cents is None or not told.lines:
        return True
    from_on = max(min(one[0] for one in both.lines) for both in (told, whole))
    balances = {
        one.opening_cents + sum(cents for on, cents, _ in one.lines if on < from_on)
        for one in (told, whole)
        if one.opening_cents is not None
    }
    return len(balances) == 1
