"""Collections that did not bring money, or brought it and lost it: what follows on each.

Such a collection is no dispute. Its invoice is open, as it was or again; by the bank's reason it is
tried again on a later day, or waits for a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db.models import Model

from tijdig.banking.direct_debits.habits import load_paid_on
from tijdig.banking.direct_debits.models import DebitBatch, DebitLine, SepaMandate
from tijdig.banking.direct_debits.queries import list_collecting
from tijdig.core.direct_debits.pay_days import guess_pay_day
from tijdig.core.direct_debits.returns import (
    RetryTerms,
    ReturnAnswer,
    answer_return,
    describe_comeback,
)
from tijdig.core.direct_debits.scheme import Scheme
from tijdig.ledger.actions import flags
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.models import DebtorFlag
from tijdig.tenants.bulk import update_rows
from tijdig.timeline.actions import Happened, record

OPEN_STATES = (DebitLine.State.PLANNED, DebitLine.State.HANDED_OVER)
_LONGEST_CODE = 20
_LONGEST_SENTENCE = 500
_CHANGED = ("state", "came_back_on", "reason_code", "retry_on", "because_nl", "because_en")


@dataclass(frozen=True, slots=True)
class CameBack:
    """A collection that the bank refused or took back, on which day, and with which code."""

    line_id: UUID
    code: str
    on: date
    was_collected: bool


def bring_back(found: Sequence[CameBack], *, today: date, now: datetime, actor: str) -> int:
    """How many collections came back with this; one that had already is left as it is.

    Refused before the money moved it is rejected, taken back afterwards returned. A mandate that
    the bank's reason casts doubt on is held until a person has looked at it; a payer who died is
    marked so, and gets nothing more from us. One that we withdrew and the bank carried out all the
    same counts when it is taken back.
    """
    by_line = {one.line_id: one for one in found}
    lines = _load_lines(by_line)
    lock_debtors({one.debtor_id for one in lines})
    accounts = {one.account_id: one for one in list_collecting()}
    paid_on = load_paid_on({one.debtor_id for one in lines}, today=today)
    happened = []
    lines = _load_lines(by_line)
    mandates = {one.mandate_id: one.mandate for one in lines}
    for line in lines:
        came = by_line[line.id]
        own = accounts[line.batch.account_id]
        terms = RetryTerms(
            bank=own.bank,
            announce_days=line.mandate.notice_days or own.notice_days,
            pay_day=guess_pay_day(paid_on.get(line.debtor_id, ())),
        )
        answer = answer_return(
            came.code,
            attempts=line.attempt,
            collect_on=line.batch.collect_on,
            today=today,
            terms=terms,
            scheme=cast("Scheme", line.mandate.scheme),
        )
        if answer.flag:
            _mark(line, came, answer, today=today, now=now, actor=actor)
        _change(line, came, answer)
        _change_mandate(mandates[line.mandate_id], came, answer)
        happened.append(_tell(line, came, answer))
    _save(DebitLine, _CHANGED, lines)
    _save(SepaMandate, ("held_on", "held_code", "collected_times"), mandates.values())
    touch_debtors({one.debtor_id for one in lines})
    record(happened, today=today, now=now, actor=actor)
    return len(happened)


def _save(model: type[Model], columns: Sequence[str], rows: Iterable[Model]) -> None:
    """The new values of these columns, all rows in one statement."""
    values = [(one.pk, *(getattr(one, name) for name in columns)) for one in rows]
    update_rows(model, columns, values)


def _load_lines(by_line: Mapping[UUID, CameBack]) -> list[DebitLine]:
    """Those that have not come back yet, in order of id."""
    states = (*OPEN_STATES, DebitLine.State.COLLECTED, DebitLine.State.WITHDRAWN)
    rows = DebitLine.objects.filter(id__in=by_line, state__in=states).order_by("id")
    lines = [
        one
        for one in rows
        if one.state != DebitLine.State.WITHDRAWN or by_line[one.id].was_collected
    ]
    batches = DebitBatch.objects.select_related("account")
    batch_by_id = batches.in_bulk({one.batch_id for one in lines})
    mandate_by_id = SepaMandate.objects.in_bulk({one.mandate_id for one in lines})
    for line in lines:
        line.batch, line.mandate = batch_by_id[line.batch_id], mandate_by_id[line.mandate_id]
    return lines


def _change(line: DebitLine, came: CameBack, answer: ReturnAnswer) -> None:
    returned = came.was_collected or line.state == DebitLine.State.COLLECTED
    line.state = DebitLine.State.RETURNED if returned else DebitLine.State.REJECTED
    line.came_back_on = came.on
    line.reason_code = came.code[:_LONGEST_CODE]
    line.retry_on = answer.retry_on
    line.because_nl = answer.because.nl[:_LONGEST_SENTENCE]
    line.because_en = answer.because.en[:_LONGEST_SENTENCE]


def _mark(
    line: DebitLine, came: CameBack, answer: ReturnAnswer, *, today: date, now: datetime, actor: str
) -> None:
    """What the bank tells of the payer himself stops more than the collection."""
    standing = DebtorFlag.objects.filter(debtor_id=line.debtor_id, kind=answer.flag, lifted_on=None)
    if not standing.exists():
        flags.mark(
            debtor_id=line.debtor_id,
            kind=answer.flag,
            from_on=came.on,
            source=f"bank: {came.code[:_LONGEST_CODE]}",
            today=today,
            now=now,
            actor=actor,
        )


def _change_mandate(mandate: SepaMandate, came: CameBack, answer: ReturnAnswer) -> None:
    """Hold it where the reason says so; one for a single collection may be used after all."""
    if answer.holds_mandate and mandate.held_on is None:
        mandate.held_on, mandate.held_code = came.on, came.code[:_LONGEST_CODE]
    if mandate.is_one_off:
        mandate.collected_times = max(mandate.collected_times - 1, 0)


def _tell(line: DebitLine, came: CameBack, answer: ReturnAnswer) -> Happened:
    returned = line.state == DebitLine.State.RETURNED
    said = describe_comeback(came.code, line.batch.collect_on, was_collected=returned)
    details = {
        "cents": line.cents,
        "reason": came.code,
        "answer": answer.kind,
        "retry_on": answer.retry_on,
        "nl": f"{said.nl} {answer.because.nl}",
        "en": f"{said.en} {answer.because.en}",
    }
    kind = "collection_returned" if returned else "collection_rejected"
    return Happened(kind, "debit_line", line.id, line.debtor_id, details)
