"""Write bank lines: some thousands at a time, and each key once."""

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from tijdig.banking.models import BankLine, Statement
from tijdig.banking.records import BankLineRecord
from tijdig.tenants.bulk import insert_rows
from tijdig.tenants.ids import new_ids
from tijdig.tenants.scope import active_administration

_COLUMNS = (
    "id key state booked_on value_on cents counter_iban counter_name text reference end_to_end_id "
    "is_reversal return_reason mandate_id bank_reference batch_id batch_count charges_cents "
    "further_references documents"
).split()
_BATCH = 5_000


def insert_lines(
    statement: Statement,
    lines: Iterable[BankLineRecord],
    keys: Iterable[str],
    state_of: Callable[[BankLineRecord], str],
) -> int:
    """Store these lines, each in its state; how many were not known yet. Nil is no movement."""
    moved = (
        (key, line, state_of(line))
        for key, line in zip(keys, lines, strict=True)
        if line.amount_cents
    )
    stored = 0
    while batch := list(islice(moved, _BATCH)):
        stored += _insert(statement, batch)
    return stored


def _insert(statement: Statement, moved: Sequence[tuple[str, BankLineRecord, str]]) -> int:
    same = {
        "administration": active_administration(),
        "account": statement.account_id,
        "statement": statement.id,
        "match_kind": "",
        "because_nl": "",
        "because_en": "",
    }
    rows = [
        (line_id, key, state, *_columns_of(line))
        for line_id, (key, line, state) in zip(new_ids(len(moved)), moved, strict=True)
    ]
    return insert_rows(BankLine, _COLUMNS, rows, same=same, unless_there=True)


def first_state(line: BankLineRecord) -> str:
    """A debtor's money waits to be matched; what undoes a payment waits for that payment.

    What we paid ourselves, or got back of that, asks nothing.
    """
    if line.amount_cents < 0 and (line.is_reversal or line.return_reason):
        return BankLine.State.WAITING
    incoming = line.amount_cents > 0 and line.currency == "EUR" and not line.return_reason
    return BankLine.State.UNMATCHED if incoming else BankLine.State.OUTGOING


def _columns_of(line: BankLineRecord) -> tuple[object, ...]:
    """What a line says, in the order of _COLUMNS, from booked_on on."""
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
    )
