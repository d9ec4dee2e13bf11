"""Extensions: a later due date that was agreed."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from tijdig.cases.actions.recording import (
    LockedInvoice,
    Told,
    finish,
    lock_invoice,
    refuse_over,
)
from tijdig.cases.models import Extension, Plan, PlanItem
from tijdig.cases.queries.received import list_plans_open_again
from tijdig.core.calendar import format_day
from tijdig.core.problem import Refusal, Sentence
from tijdig.core.stops import refuse_beyond_a_year
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.tenants.scope import active_administration


def give(
    *, invoice_id: UUID, until_on: date, reason: str = "", today: date, now: datetime, actor: str
) -> UUID:
    """The id of a new extension; it takes the place of an earlier one of this invoice.

    Refuses: a day that is past, not later than the due date, or more than a year off; an invoice
    that a plan spreads, which would ask for its terms all the same.
    """
    invoice = lock_invoice(invoice_id)
    _refuse_planned(invoice, today=today)
    if until_on <= max(invoice.due_on, today):
        raise Refusal(
            f"Uitstel gaat naar een dag na vandaag en na {invoice.due_on:%d-%m-%Y}.",
            f"An extension goes to a day after today and after {invoice.due_on:%d-%m-%Y}.",
        )
    refuse_beyond_a_year(until_on, since=today)
    Extension.objects.filter(item_id=invoice.item_id, withdrawn_on=None).update(
        withdrawn_on=today, withdrawn_by=actor
    )
    made = Extension.objects.create(
        administration_id=active_administration(),
        debtor_id=invoice.debtor_id,
        item_id=invoice.item_id,
        from_on=invoice.due_on,
        until_on=until_on,
        reason=reason.strip(),
        given_on=today,
        given_by=actor,
    )
    said = Sentence(
        f"Factuur {invoice.number}: van {format_day(invoice.due_on, 'nl')} naar "
        f"{format_day(until_on, 'nl')}.",
        f"Invoice {invoice.number}: from {format_day(invoice.due_on, 'en')} to "
        f"{format_day(until_on, 'en')}.",
    )
    told = Told("extension_given", "extension", made.id, invoice.debtor_id, said)
    finish(told, today=today, now=now, actor=actor)
    return made.id


def _refuse_planned(invoice: LockedInvoice, *, today: date) -> None:
    again = list(list_plans_open_again(today=today))
    stands = Q(plan__state=Plan.State.RUNNING) | Q(plan_id__in=again)
    if PlanItem.objects.filter(stands, item_id=invoice.item_id).exists():
        raise Refusal(
            f"Factuur {invoice.number} zit in een regeling, en die zegt wanneer er wordt betaald. "
            "Verschuif een termijn, of beëindig eerst de regeling.",
            f"Invoice {invoice.number} is in a plan, which says when to pay. Move a term, or end "
            "the plan first.",
        )


def withdraw(extension_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """The due date of the paper holds again. Refuses: one that was withdrawn already."""
    one = Extension.objects.get(id=extension_id)
    lock_debtors([one.debtor_id])
    standing = Extension.objects.filter(id=extension_id, withdrawn_on=None)
    if not standing.update(withdrawn_on=today, withdrawn_by=actor):
        one.refresh_from_db()
        raise refuse_over("uitstel-afspraak", "extension", by=one.withdrawn_by, on=one.withdrawn_on)
    said = Sentence(
        f"De vervaldatum is weer {format_day(one.from_on, 'nl')}.",
        f"The due date is {format_day(one.from_on, 'en')} again.",
    )
    told = Told("extension_withdrawn", "extension", one.id, one.debtor_id, said)
    finish(told, today=today, now=now, actor=actor)
