"""Find our collections back on the bank's statements: what came in, and what was taken back."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from tijdig.banking.actions.debit_comebacks import OPEN_STATES, CameBack, bring_back
from tijdig.banking.actions.statements import take_in
from tijdig.banking.direct_debits.models import DebitBatch, DebitLine, SepaMandate
from tijdig.banking.formats import pain_orders
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.tenants.bulk import execute, update_rows
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

# By the end-to-end id that we gave, else by that of the payment that a reversal undoes.
_FOUND = """
SELECT debit.id, bank.cents, bank.booked_on, bank.return_reason
FROM tijdig_bankline bank
LEFT JOIN tijdig_bankline original
  ON original.administration_id = bank.administration_id AND original.id = bank.undoes_id
JOIN tijdig_debitline debit
  ON debit.administration_id = bank.administration_id
 AND debit.end_to_end_id = coalesce(nullif(bank.end_to_end_id, ''), original.end_to_end_id)
WHERE bank.administration_id = %s AND bank.statement_id = ANY(%s)
  AND bank.state IN ('unmatched', 'matched', 'ignored', 'waiting')
  AND debit.state IN ('planned', 'handed_over', 'collected', 'withdrawn')
ORDER BY bank.booked_on, bank.id
"""

# A bank names the file, or the block in it: that has the file's id and a number.
_SUMMED = """
SELECT batch.id FROM tijdig_debitbatch batch
WHERE batch.administration_id = %s AND batch.account_id = ANY(%s) AND batch.content IS NOT NULL
  AND EXISTS (
      SELECT FROM tijdig_debitline debit
      WHERE debit.administration_id = batch.administration_id AND debit.batch_id = batch.id
        AND debit.state IN ('planned', 'handed_over'))
  AND EXISTS (
      SELECT FROM tijdig_bankline bank
      WHERE bank.administration_id = batch.administration_id
        AND bank.account_id = batch.account_id AND bank.state = 'unmatched'
        AND bank.end_to_end_id = '' AND bank.counter_iban = ''
        AND (starts_with(bank.batch_id, batch.message_id)
             OR starts_with(bank.bank_reference, batch.message_id)))
"""


def keep_own_details(account_ids: Collection[UUID], *, now: datetime) -> None:
    """Keep the collections of our own files as details of a sum that the bank booked.

    As if somebody had taken the file in: a bank that books a batch as one sum names no payments.
    """
    rows = execute(_SUMMED, [active_administration(), list(account_ids)]).fetchall()
    batches = DebitBatch.objects.filter(id__in=[row[0] for row in rows])
    for batch in batches.order_by("message_id"):
        file = pain_orders.parse(bytes(batch.content or b""), name=batch.message_id)
        take_in(file, import_id=batch.id, now=now)


def settle_collections(
    statement_ids: Collection[UUID], *, today: date, now: datetime, actor: str
) -> int:
    """How many collections came in or came back with these statements.

    What came in is collected from that day on; what was taken back is returned, for the reason that
    the bank gives. A batch that we withdrew may have reached the bank all the same.
    """
    under_way = (*OPEN_STATES, DebitLine.State.COLLECTED, DebitLine.State.WITHDRAWN)
    if not DebitLine.objects.filter(state__in=under_way).exists():
        return 0
    rows = execute(_FOUND, [active_administration(), list(statement_ids)]).fetchall()
    came_in: dict[UUID, date] = {}
    came_back: dict[UUID, CameBack] = {}
    for line_id, cents, booked_on, reason in rows:
        if cents > 0:
            came_in.setdefault(line_id, booked_on)
        else:
            came_back[line_id] = CameBack(line_id, reason, booked_on, was_collected=True)
    collected = _collect(came_in, today=today, now=now, actor=actor)
    returned = bring_back(list(came_back.values()), today=today, now=now, actor=actor)
    return collected + returned


def _collect(came_in: dict[UUID, date], *, today: date, now: datetime, actor: str) -> int:
    states = (*OPEN_STATES, DebitLine.State.WITHDRAWN)
    found = DebitLine.objects.filter(id__in=came_in, state__in=states)
    lock_debtors(set(found.values_list("debtor_id", flat=True)))
    lines = list(found.order_by("id"))
    rows = [(one.id, DebitLine.State.COLLECTED, came_in[one.id]) for one in lines]
    update_rows(DebitLine, ("state", "collected_on"), rows)
    _forget_former_accounts(lines)
    _forget_former_identifiers(lines)
    touch_debtors({one.debtor_id for one in lines})
    happened = [
        Happened(
            "collection_collected",
            "debit_line",
            one.id,
            one.debtor_id,
            {"cents": one.cents, "on": came_in[one.id]},
        )
        for one in lines
    ]
    record(happened, today=today, now=now, actor=actor)
    return len(lines)


def _forget_former_identifiers(collected: Sequence[DebitLine]) -> None:
    """Money came in under another creditor identifier: from now on the bank knows it by that."""
    used = dict(
        DebitBatch.objects.filter(id__in={one.batch_id for one in collected})
        .exclude(creditor_identifier="")
        .values_list("id", "creditor_identifier")
    )
    asked = {one.mandate_id: used[one.batch_id] for one in collected if one.batch_id in used}
    mandates = SepaMandate.objects.filter(id__in=asked)
    known_as = dict(mandates.values_list("id", "creditor_identifier"))
    rows = [(one, asked[one]) for one, was in known_as.items() if asked[one] != was]
    update_rows(SepaMandate, ("creditor_identifier",), rows)


def _forget_former_accounts(collected: Sequence[DebitLine]) -> None:
    """Money came from the changed account of a mandate: its bank knows of the change by now.

    What the file asked counts: the account may have been changed once more since.
    """
    changed = SepaMandate.objects.filter(id__in={one.mandate_id for one in collected})
    ibans = dict(changed.exclude(former_iban="").values_list("id", "iban"))
    lines = [one for one in collected if one.mandate_id in ibans]
    asked: dict[str, str] = {}
    for batch in DebitBatch.objects.filter(id__in={one.batch_id for one in lines}):
        file = pain_orders.parse(bytes(batch.content or b""), name=batch.message_id)
        orders = (order for block in file.statements for order in block.lines)
        asked |= {order.end_to_end_id: order.counter_iban for order in orders}
    known = [one for one in lines if asked.get(one.end_to_end_id) == ibans[one.mandate_id]]
    SepaMandate.objects.filter(id__in={one.mandate_id for one in known}).update(former_iban="")
