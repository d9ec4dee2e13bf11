"""Collections of the demo: the office brings each batch to the bank, who carries it out."""

from collections.abc import Iterator
from datetime import date, datetime

from tijdig.banking.actions import debits
from tijdig.banking.actions.collecting import set_collecting
from tijdig.banking.direct_debits.lines.queries import (
    BatchRow,
    LineRow,
    find_batch,
    list_batches,
    list_lines_of,
)
from tijdig.banking.queries import list_accounts
from tijdig.core.calendar import add_banking_days, is_banking_day
from tijdig.demo.behaviour import Intent, Way
from tijdig.demo.mandates import list_signers
from tijdig.demo.names import make_creditor_id
from tijdig.demo.state import Life
from tijdig.demo.world import Creditor, World
from tijdig.dunning.actions import collection_files

_HAND_IN_BANKING_DAYS = 4
_BACK_AFTER_BANKING_DAYS = 2
_LAST_ROUND_DAYS = 20


def start_collecting(creditor: Creditor, *, today: date, now: datetime, actor: str) -> None:
    """The office fills in its creditor identifier, and turns collecting on."""
    account = next(one for one in list_accounts() if one.iban == creditor.iban)
    creditor_id = make_creditor_id(creditor.kvk_number)
    set_collecting(
        account.id, creditor_id=creditor_id, is_on=True, today=today, now=now, actor=actor
    )


def bring_to_bank(*, today: date, now: datetime, actor: str) -> None:
    """Approve what is due soon, make its file, and give that to the bank."""
    told = {"today": today, "now": now, "actor": actor}
    until_on = add_banking_days(today, _HAND_IN_BANKING_DAYS)
    for row in list_batches() if is_banking_day(today) else ():
        if row.state != "proposed" or row.mark is None or row.collect_on > until_on:
            continue
        debits.approve(row.id, seen=row.mark, **told)  # type: ignore[arg-type]
        collection_files.make_file(row.id, **told)  # type: ignore[arg-type]
        made = find_batch(row.id)
        if made is not None and made.state == "made":
            collection_files.hand_over(row.id, **told)  # type: ignore[arg-type]


def carry_out(world: World, creditor: Creditor, life: Life) -> None:
    """The bank takes up what it was given since: who is collected from, and who takes it back."""
    for batch in list_batches():
        if batch.handed_over_on is not None and batch.message_id not in life.collected:
            life.collected.append(batch.message_id)
            life.intents += _collect(world, creditor, batch)


def _collect(world: World, creditor: Creditor, batch: BatchRow) -> Iterator[Intent]:
    no_money, refuses = [one.number for one in list_signers(creditor)[-2:]]
    is_last = abs((world.anchor_on - batch.collect_on).days) <= _LAST_ROUND_DAYS
    back_on = add_banking_days(batch.collect_on, _BACK_AFTER_BANKING_DAYS)
    for line in list_lines_of(batch.id):
        if line.state != "handed_over":
            continue
        yield _intend(line, batch.collect_on, "collected")
        if is_last and line.attempt == 1 and line.debtor_number == no_money:
            yield _intend(line, back_on, "no_money")
        if is_last and line.attempt == 1 and line.debtor_number == refuses:
            yield _intend(line, back_on, "refused")


def _intend(line: LineRow, on: date, way: Way) -> Intent:
    return Intent(
        on,
        line.debtor_number,
        (line.invoice_number,),
        way,
        line.end_to_end_id,
        line.cents,
    )
