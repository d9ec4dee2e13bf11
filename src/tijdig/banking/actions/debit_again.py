"""Collect once more on an invoice whose collection came back or was left out: a person says so."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from tijdig.banking.direct_debits.lines.queries import BY_ITSELF
from tijdig.banking.direct_debits.models import CAME_BACK, LIVING, DebitLine
from tijdig.banking.direct_debits.queries import MandateRow, list_usable_mandates
from tijdig.core.direct_debits.returns import ONCE_MORE, REFUSED_BY_PAYER, TO_CORRECT
from tijdig.core.problem import Refusal, Sentence
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.timeline.actions import Happened, record

State = DebitLine.State


def collect_again(
    line_id: UUID, *, because: str, today: date, now: datetime, actor: str
) -> UUID | None:
    """The next run may propose this invoice anew; its batch, None where there is no such line.

    Refuses: no reason, a line that is not over, an invoice that is paid or in a collection, no
    mandate that may be used, a payer who refused and signed no newer mandate, a second time after a
    return without a reason.
    """
    said = because.strip()[:300]
    if not said:
        raise Refusal(
            "Schrijf op waarom u opnieuw incasseert.", "Write down why you collect again."
        )
    debtor_id = DebitLine.objects.filter(id=line_id).values_list("debtor_id", flat=True).first()
    if debtor_id is None:
        return None
    lock_debtors([debtor_id])
    line = DebitLine.objects.select_related("batch", "item").get(id=line_id)
    objection = _object(line, list_usable_mandates([debtor_id])[debtor_id])
    if objection is not None:
        raise Refusal(objection.nl, objection.en)
    _allow(line, said, today=today, now=now, actor=actor)
    return line.batch_id


def collect_batch_again(
    batch_id: UUID, *, because: str, today: date, now: datetime, actor: str
) -> int:
    """The next run may propose anew what of this batch was not done for a reason of ours; how many.

    That is what did not go to the bank in time, and what it refused for data of ours. Refuses: no
    reason, nothing of that kind that may be collected again.
    """
    said = because.strip()[:300]
    if not said:
        raise Refusal(
            "Schrijf op waarom u opnieuw incasseert.", "Write down why you collect again."
        )
    ours = DebitLine.objects.filter(
        Q(state=State.LEFT_OUT, decided_by=BY_ITSELF)
        | Q(state__in=CAME_BACK, reason_code__in=TO_CORRECT),
        batch_id=batch_id,
    )
    lock_debtors(set(ours.values_list("debtor_id", flat=True)))
    lines = list(ours.select_related("batch", "item").order_by("id"))
    usable = list_usable_mandates({one.debtor_id for one in lines})
    allowed = [one for one in lines if _object(one, usable[one.debtor_id]) is None]
    if not allowed:
        raise Refusal(_NOT_OVER.nl, _NOT_OVER.en)
    for line in allowed:
        _allow(line, said, today=today, now=now, actor=actor)
    return len(allowed)


def _allow(line: DebitLine, said: str, *, today: date, now: datetime, actor: str) -> None:
    if line.state == State.LEFT_OUT:
        line.state, line.because_nl, line.because_en = State.WITHDRAWN, said, said
    else:
        line.retry_on = max(today, line.batch.collect_on)
    line.decided_by = actor
    line.save(update_fields=["state", "because_nl", "because_en", "retry_on", "decided_by"])
    touch_debtors({line.debtor_id})
    told = {"nl": said, "en": said, "reason": line.reason_code}
    happened = Happened("collection_again", "debit_line", line.id, line.debtor_id, told)
    record([happened], today=today, now=now, actor=actor)


def _object(line: DebitLine, usable: list[MandateRow]) -> Sentence | None:
    """Why this line is not collected again, None where it may be."""
    came_back_on = line.came_back_on
    is_over = line.state == State.LEFT_OUT or (came_back_on is not None and line.retry_on is None)
    others = DebitLine.objects.filter(item_id=line.item_id).exclude(id=line.id)
    if not is_over or others.filter(state__in=(*LIVING, State.COLLECTED)).exists():
        return _NOT_OVER
    if line.item.closed_on is not None:
        return _CLOSED
    if line.reason_code in ONCE_MORE and others.filter(reason_code=line.reason_code).exists():
        return _ONCE
    if came_back_on is not None and line.reason_code in REFUSED_BY_PAYER:
        newer = any(one.signed_on > came_back_on for one in usable)
        return None if newer else _REFUSED
    return None if usable else _NO_MANDATE


_NOT_OVER = Sentence(
    "Deze incasso loopt nog of wordt al opnieuw gedaan. Ververs de pagina.",
    "This collection is under way or is done again already. Reload the page.",
)
_CLOSED = Sentence(
    "Op deze factuur staat niets meer open.", "Nothing is open on this invoice any more."
)
_ONCE = Sentence(
    "Na deze reden van de bank incasseert u één keer opnieuw, en dat is al gebeurd. Spreek een"
    " andere manier van betalen af.",
    "After this reason of the bank you collect once more, and that was done. Agree another way of"
    " paying.",
)
_REFUSED = Sentence(
    "De betaler heeft deze incasso geweigerd. Opnieuw incasseren kan alleen op een nieuwe"
    " machtiging.",
    "The payer refused this collection. Collecting again needs a new mandate.",
)
_NO_MANDATE = Sentence(
    "Er is geen machtiging die nu gebruikt mag worden. Kijk de machtiging na, of leg een nieuwe"
    " vast.",
    "No mandate may be used now. Look at the mandate, or record a new one.",
)
