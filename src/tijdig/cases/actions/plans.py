"""Payment plans: agree on one, shift a term once, and end it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from tijdig.cases.actions import reasons
from tijdig.cases.actions.recording import (
    LockedInvoice,
    Told,
    finish,
    lock_invoices,
    refuse_over,
)
from tijdig.cases.models import Dispute, Instalment, Plan, PlanItem
from tijdig.cases.queries.received import list_plans_open_again
from tijdig.core.calendar import format_day
from tijdig.core.money import format_euros
from tijdig.core.plans import (
    DEFAULT_GRACE_WORKING_DAYS,
    Interval,
    PlanTerm,
    Rounding,
    compute_instalments,
    shift_instalment,
)
from tijdig.core.problem import Refusal, Sentence
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.tenants.bulk import insert_rows, update_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

ACTOR = "tijdig"
MOST_DAYS_UNTIL_FIRST = 92
_OPEN_AGAIN = Sentence(
    "Er staat weer iets open op de facturen van deze regeling. Zij loopt weer.",
    "Something is open again on the invoices of this plan. It runs again.",
)
_ENDS = {
    "kept": Sentence(
        "De regeling is helemaal betaald of gecrediteerd.",
        "The plan was paid or credited in full.",
    ),
    "broken": Sentence(
        "Een termijn bleef ook na ons bericht open. De oude loop gaat verder.",
        "A term stayed open after our message as well. The old cadence goes on.",
    ),
}


def agree(
    *,
    debtor_id: UUID,
    invoice_ids: Sequence[UUID],
    count: int,
    first_on: date,
    interval: Interval = "month",
    rounding: Rounding = "none",
    grace_working_days: int = DEFAULT_GRACE_WORKING_DAYS,
    note: str = "",
    today: date,
    now: datetime,
    actor: str,
) -> UUID:
    """The id of a new plan over what is open on these invoices; it adds nothing to the debt.

    Refuses: no invoices, one of somebody else, one that is in a plan or disputed, a first day that
    is past or far off, and what `compute_instalments` refuses.
    """
    invoices = _lock_free(debtor_id, invoice_ids)
    _check_first_day(first_on, today=today)
    total = sum(one.open_cents for one in invoices)
    terms = compute_instalments(
        total, count, first_on=first_on, interval=interval, rounding=rounding
    )
    made = Plan.objects.create(
        administration_id=active_administration(),
        debtor_id=debtor_id,
        total_cents=total,
        interval=interval,
        rounding=rounding,
        grace_working_days=grace_working_days,
        agreed_on=today,
        agreed_by=actor,
        note=note,
    )
    same = {"administration": active_administration(), "plan": made.id}
    open_on = [(new_id(), one.item_id, one.open_cents) for one in invoices]
    insert_rows(PlanItem, ("id", "item", "cents"), open_on, same=same)
    _store_terms(terms, same)
    told = Told("plan_agreed", "plan", made.id, debtor_id, _describe(total, terms))
    finish(told, today=today, now=now, actor=actor)
    asked = [one.item_id for one in invoices]
    reasons.handle_who_cannot_pay(debtor_id, asked, today=today, now=now, actor=actor)
    return made.id


def _describe(total: int, terms: Sequence[PlanTerm]) -> Sentence:
    first, on = format_euros(terms[0].cents), terms[0].due_on
    return Sentence(
        f"{format_euros(total)} in {len(terms)} termijnen; de eerste van {first} op "
        f"{format_day(on, 'nl')}.",
        f"{format_euros(total)} in {len(terms)} terms; the first of {first} on "
        f"{format_day(on, 'en')}.",
    )


def shift(
    plan_id: UUID, *, position: int, to_on: date, today: date, now: datetime, actor: str
) -> None:
    """One term is paid later, once in a plan. Refuses: a second time, and what the rule refuses."""
    plan = _lock(plan_id)
    if plan.shifted_position is not None:
        raise Refusal(
            f"In deze regeling is termijn {plan.shifted_position} al verschoven. Dat kan één keer.",
            f"Term {plan.shifted_position} of this plan was moved already. That is possible once.",
        )
    rows = {one.position: one for one in Instalment.objects.filter(plan_id=plan_id)}
    terms = [
        PlanTerm(one.position, one.due_on, one.cents)
        for one in sorted(rows.values(), key=lambda one: one.position)
    ]
    if to_on < today:
        raise Refusal("Kies een dag die nog komt.", "Choose a day that is still to come.")
    interval: Interval = plan.interval  # type: ignore[assignment]
    shift_instalment(terms, position, to_on=to_on, interval=interval)
    Instalment.objects.filter(id=rows[position].id).update(due_on=to_on)
    Plan.objects.filter(id=plan_id).update(shifted_position=position)
    said = Sentence(
        f"Termijn {position} gaat naar {format_day(to_on, 'nl')}.",
        f"Term {position} moves to {format_day(to_on, 'en')}.",
    )
    told = Told("plan_shifted", "plan", plan_id, plan.debtor_id, said)
    finish(told, today=today, now=now, actor=actor)


def end(plan_id: UUID, *, because: str, today: date, now: datetime, actor: str) -> None:
    """A person ends the plan; its invoices go on where they were. Refuses: one that ended."""
    plan = _lock(plan_id)
    _close(plan, "ended", because, today=today, by=actor)
    said = Sentence(
        "De regeling is beëindigd. De oude loop gaat verder.",
        "The plan was ended. The old cadence goes on.",
    )
    told = Told("plan_ended", "plan", plan_id, plan.debtor_id, said)
    finish(told, today=today, now=now, actor=actor)


def end_by_itself(plan_id: UUID, *, state: str, today: date, now: datetime) -> None:
    """A plan that was paid or credited in full, or broken: `kept` or `broken`."""
    plan = _lock(plan_id)
    _close(plan, state, _ENDS[state].nl, today=today, by=ACTOR)
    told = Told(f"plan_{state}", "plan", plan_id, plan.debtor_id, _ENDS[state])
    finish(told, today=today, now=now, actor=ACTOR)


def rest(plan_ids: Sequence[UUID], *, today: date) -> None:
    """Keep that something holds these plans back today: this day does not count as late."""
    update_rows(Plan, ("rested_on",), [(one, today) for one in plan_ids])


def reopen(found: Mapping[UUID, UUID], *, today: date, now: datetime) -> int:
    """These plans that were kept, with their debtors, run again; how many.

    In a fixed number of statements. Their debtors are looked at in the next run.
    """
    if not found:
        return 0
    lock_debtors(set(found.values()))
    # Only now, locked, it counts: a payment may have come or gone meanwhile.
    again = [row for row in list_plans_open_again(today=today).items() if row[0] in found]
    ids = [plan_id for plan_id, _ in again]
    Plan.objects.filter(id__in=ids, state=Plan.State.KEPT).update(
        state=Plan.State.RUNNING, ended_on=None, ended_by="", ended_because=""
    )
    touch_debtors({debtor_id for _, debtor_id in again})
    said = {"nl": _OPEN_AGAIN.nl, "en": _OPEN_AGAIN.en}
    happened = [
        Happened("plan_open_again", "plan", plan_id, debtor_id, said)
        for plan_id, debtor_id in again
    ]
    record(happened, today=today, now=now, actor=ACTOR)
    return len(again)


def _lock_free(debtor_id: UUID, invoice_ids: Sequence[UUID]) -> tuple[LockedInvoice, ...]:
    if not invoice_ids:
        raise Refusal("Kies minstens één factuur.", "Choose at least one invoice.")
    invoices = lock_invoices(invoice_ids)
    if {one.debtor_id for one in invoices} != {debtor_id}:
        raise Refusal(
            "Een regeling gaat over facturen van één debiteur.",
            "A plan is about invoices of one debtor.",
        )
    item_ids = [one.item_id for one in invoices]
    if PlanItem.objects.filter(item_id__in=item_ids, plan__state="running").exists():
        raise Refusal(
            "Voor een van deze facturen loopt al een regeling.",
            "One of these invoices is in a plan already.",
        )
    if Dispute.objects.filter(item_id__in=item_ids, state="open").exists():
        raise Refusal(
            "Een van deze facturen is betwist. Beantwoord eerst de betwisting.",
            "One of these invoices is disputed. Answer the dispute first.",
        )
    return invoices


def _check_first_day(first_on: date, *, today: date) -> None:
    if not 0 <= (first_on - today).days <= MOST_DAYS_UNTIL_FIRST:
        raise Refusal(
            f"De eerste termijn valt tussen vandaag en {MOST_DAYS_UNTIL_FIRST} dagen later.",
            f"The first term falls between today and {MOST_DAYS_UNTIL_FIRST} days later.",
        )


def _store_terms(terms: Sequence[PlanTerm], same: dict[str, UUID]) -> None:
    rows = [(new_id(), one.position, one.due_on, one.due_on, one.cents) for one in terms]
    columns = ("id", "position", "due_on", "agreed_due_on", "cents")
    insert_rows(Instalment, columns, rows, same=same)


def _lock(plan_id: UUID) -> Plan:
    """The plan as it is, its debtor locked. Refuses: one that has ended."""
    lock_debtors([Plan.objects.get(id=plan_id).debtor_id])
    plan = Plan.objects.get(id=plan_id)
    if plan.state != Plan.State.RUNNING:
        raise refuse_over("regeling", "plan", by=plan.ended_by, on=plan.ended_on)
    return plan


def _close(plan: Plan, state: str, because: str, *, today: date, by: str) -> None:
    columns = ("state", "ended_on", "ended_by", "ended_because")
    update_rows(Plan, columns, [(plan.id, state, today, by, because)])
