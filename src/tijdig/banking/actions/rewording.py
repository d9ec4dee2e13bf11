"""The same movement in a file of another format, where no balance can tell that it is the same."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tijdig.banking.keys import booked_lines
from tijdig.banking.models import BankLine, Statement
from tijdig.banking.records import StatementRecord
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

_NOT_BOOKED = (BankLine.State.PENDING, BankLine.State.DETAIL, BankLine.State.SPLIT)
_OTHERS = """
SELECT told.id FROM tijdig_statement told
JOIN tijdig_import imported
  ON imported.administration_id = told.administration_id AND imported.id = told.import_id
WHERE told.administration_id = %s AND told.account_id = %s AND told.id <> %s
  AND told.kind = 'booked' AND told.from_on <= %s AND told.until_on >= %s
  AND imported.format <> %s AND (%s OR told.adds_up IS NOT TRUE)
"""


def find_reworded(
    statement: Statement,
    record: StatementRecord,
    keys: Sequence[str],
    span: tuple[date, date],
    *,
    file_format: str,
) -> frozenset[str]:
    """The keys of lines that a file of another format has brought in its own words.

    Only where one of the two statements has no balances that add up; where both have, they tell. A
    line is the same as one of that day, that amount and that account which is not in this statement
    in the same words; each of those is one line of it.
    """
    is_blind = not statement.adds_up
    asked = [active_administration(), statement.account_id, statement.id, span[1], span[0]]
    rows = execute(_OTHERS, [*asked, file_format, is_blind]).fetchall()
    if not rows:
        return frozenset()
    left = _count_left([row[0] for row in rows], span, keys)
    own = [
        (line.booked_on, line.amount_cents, line.counter_iban, key)
        for line, key in zip(booked_lines(record), keys, strict=True)
    ]
    known = _list_known(statement, [key for *_, key in own])
    found: set[str] = set()
    # Who names the account goes first; a bank leaves it out of some of its formats.
    for is_exact in (True, False):
        for on, cents, iban, key in own:
            if key in known or key in found:
                continue
            for like in _list_alike(left, (on, cents, iban), is_exact=is_exact):
                left[like] -= 1
                found.add(key)
                break
    return frozenset(found)


_Like = tuple[date, int, str]


def _count_left(
    statement_ids: Sequence[UUID], span: tuple[date, date], keys: Sequence[str]
) -> Counter[_Like]:
    """What these statements brought on these days, apart from what is said in the same words."""
    lines = BankLine.objects.filter(statement_id__in=statement_ids, booked_on__range=span)
    said = set(keys)
    rows = lines.exclude(state__in=_NOT_BOOKED).values_list(
        "booked_on", "cents", "counter_iban", "key"
    )
    return Counter((on, cents, iban) for on, cents, iban, key in rows if key not in said)


def _list_known(statement: Statement, keys: Sequence[str]) -> set[str]:
    known = BankLine.objects.filter(account_id=statement.account_id, key__in=keys)
    return set(known.values_list("key", flat=True))


def _list_alike(left: Counter[_Like], like: _Like, *, is_exact: bool) -> list[_Like]:
    """The lines that are left of this day and amount, and of this account or where one is not
    named."""
    if is_exact:
        return [like] if left[like] > 0 else []
    on, cents, iban = like
    return [
        one
        for one, count in left.items()
        if count > 0 and one[:2] == (on, cents) and not (one[2] and iban)
    ]
