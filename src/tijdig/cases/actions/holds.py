"""Pauses that people set: on an invoice, a debtor, or the whole administration."""

from datetime import date, datetime
from uuid import UUID

from tijdig.cases.actions.recording import Told, finish, lock_debtor, lock_invoice, refuse_over
from tijdig.cases.models import Hold
from tijdig.core.calendar import format_day
from tijdig.core.problem import Refusal, Sentence
from tijdig.core.stops import refuse_beyond_a_year
from tijdig.ledger.actions.looks import touch_everybody
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record


def place(
    *,
    until_on: date,
    reason: str,
    depth: str = "all",
    invoice_id: UUID | None = None,
    debtor_id: UUID | None = None,
    from_on: date | None = None,
    today: date,
    now: datetime,
    actor: str,
) -> UUID:
    """The id of a pause: of this invoice, else of this debtor, else of everybody.

    The same pause again (a form that was sent twice) is the one that stands. `depth` "reminders"
    lets notices before the due date and messages of plans go on; a pause of one invoice holds all
    of it. Refuses: no reason, an end before its start or in the past, one more than a year off.
    """
    start = from_on or today
    depth = "all" if invoice_id is not None else depth
    _check(start, until_on, reason, depth, today=today)
    item_id, number = None, ""
    if invoice_id is not None:
        invoice = lock_invoice(invoice_id)
        item_id, debtor_id, number = invoice.item_id, invoice.debtor_id, invoice.number
    elif debtor_id is not None:
        lock_debtor(debtor_id)
    else:
        lock_administration()
    asked = {
        "debtor_id": debtor_id,
        "item_id": item_id,
        "depth": depth,
        "reason": reason.strip(),
        "from_on": start,
        "until_on": until_on,
    }
    standing = Hold.objects.filter(**asked, lifted_on=None).values_list("id", flat=True).first()
    if standing is not None:
        return standing
    made = Hold.objects.create(
        administration_id=active_administration(), **asked, set_on=today, set_by=actor
    )
    _finish("hold_placed", made, _describe(made, number), today=today, now=now, actor=actor)
    return made.id


def lift(hold_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """The pause is over from now on. Refuses: one that was lifted already."""
    one = Hold.objects.get(id=hold_id)
    if one.debtor_id is not None:
        lock_debtors([one.debtor_id])
    if not Hold.objects.filter(id=hold_id, lifted_on=None).update(lifted_on=today, lifted_by=actor):
        one.refresh_from_db()
        raise refuse_over("pauze", "pause", by=one.lifted_by, on=one.lifted_on)
    said = Sentence("De pauze is opgeheven.", "The pause was lifted.")
    _finish("hold_lifted", one, said, today=today, now=now, actor=actor)


def _check(start: date, until_on: date, reason: str, depth: str, *, today: date) -> None:
    if not reason.strip():
        raise Refusal("Schrijf op waarom u pauzeert.", "Write down why you pause.")
    if depth not in Hold.Depth.values:
        raise Refusal(
            "Kies wat er stopt: alles, of alleen herinneringen.",
            "Choose what stops: everything, or reminders only.",
        )
    if until_on < max(start, today):
        raise Refusal(
            "Een pauze eindigt op een dag die nog komt, en niet voor het begin.",
            "A pause ends on a day that is still to come, and not before its start.",
        )
    refuse_beyond_a_year(until_on, since=start)


def _describe(one: Hold, number: str) -> Sentence:
    what = (f"Factuur {number}. ", f"Invoice {number}. ") if number else ("", "")
    start, until_on = one.from_on, one.until_on
    return Sentence(
        f"{what[0]}Vanaf {format_day(start, 'nl')} tot en met {format_day(until_on, 'nl')}.",
        f"{what[1]}From {format_day(start, 'en')} up to and including "
        f"{format_day(until_on, 'en')}.",
    )


def _finish(
    kind: str, one: Hold, said: Sentence, *, today: date, now: datetime, actor: str
) -> None:
    if one.debtor_id is not None:
        told = Told(kind, "hold", one.id, one.debtor_id, said)
        finish(told, today=today, now=now, actor=actor)
        return
    touch_everybody()
    happened = Happened(kind, "hold", one.id, None, {"nl": said.nl, "en": said.en})
    record([happened], today=today, now=now, actor=actor)
