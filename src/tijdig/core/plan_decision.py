"""The decision that a running plan makes: its messages go on while its invoices rest."""

from datetime import date
from uuid import UUID

from tijdig.core import explanations
from tijdig.core.calendar import add_days, is_working_day, next_working_day
from tijdig.core.decision import Decision
from tijdig.core.facts import DebtorFacts
from tijdig.core.listing import choose_channel
from tijdig.core.netting import Owed, list_with_credits
from tijdig.core.plan_steps import PlanDue, find_plan_due, net_planned
from tijdig.core.plans import split_over_items
from tijdig.core.stops import find_blocking


def decide_on_plans(facts: DebtorFacts, *, today: date) -> Decision | None:
    """What a plan of this debtor says today; None when it says nothing.

    On working days only, and never more than is left once credits are off. Without an address
    nothing is said, and the decision tells so.
    """
    if not facts.plans or not is_working_day(today):
        return None
    due, _ = find_plan_due(facts, today=today)
    if due is None or find_blocking(facts.stops, "plan", today=today) is not None:
        return None
    net = net_planned(facts, today=today)
    by_id = {item.item_id: item for item in facts.items}
    items = [by_id[item_id] for item_id in due.plan.item_ids if item_id in by_id]
    listed = _list_rows(due, [net[item.item_id] for item in items if item.item_id in net])
    if not listed:
        return None
    channel = choose_channel(due.step, facts)
    if channel is None:
        return Decision(
            debtor_id=facts.debtor_id,
            on=today,
            outcome="nothing",
            reason="no_address",
            because=explanations.explain_no_address(due.step, facts),
            facts_version=facts.facts_version,
        )
    return Decision(
        debtor_id=facts.debtor_id,
        on=today,
        outcome="message",
        reason="plan_due",
        because=due.because,
        facts_version=facts.facts_version,
        step=due.step,
        channel=channel,
        carrying=items[0],
        listed=listed,
        total_cents=sum([cents for _, cents in listed]),
        pay_by_on=due.pay_by_on,
        next_look_on=next_working_day(add_days(today, 1)),
        plan_due=due,
    )


def _list_rows(due: PlanDue, owed: list[Owed]) -> tuple[tuple[UUID, int], ...]:
    """The items that the message is about; one that asks all of them shows their credits too."""
    if due.cents == sum([one.net_cents for one in owed]):
        return list_with_credits(owed)
    return split_over_items(due.cents, [(one.item.item_id, one.net_cents) for one in owed])


def find_plan_day(facts: DebtorFacts, *, today: date) -> date | None:
    """The next day on which a plan could say something; the next run for what waits for one."""
    if not facts.plans:
        return None
    due, next_on = find_plan_due(facts, today=today)
    return next_working_day(add_days(today, 1)) if due else next_on
