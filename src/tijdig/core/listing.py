"""What a message lists and by which channel it goes."""

from collections.abc import Iterable
from datetime import date

from tijdig.core.cadence import compute_debit_rest, compute_step_day
from tijdig.core.calendar import add_days
from tijdig.core.email_addresses import is_email_address
from tijdig.core.facts import DebtorFacts
from tijdig.core.netting import Owed
from tijdig.core.policy import Channel, Policy, Step


def choose_channel(step: Step, facts: DebtorFacts) -> Channel | None:
    """The first possible channel of the step, the debtor's own preference before the others."""
    channels = step.channels
    # The law wants proof of this one: no preference turns a letter into mail.
    if facts.preferred_channel in channels and step.phase != "veertiendagenbrief":
        channels = (facts.preferred_channel, *channels)
    for channel in channels:
        if _is_possible(channel, step, facts):
            return channel
    return None


def choose_copy(step: Step, channel: Channel | None, facts: DebtorFacts) -> Channel | None:
    """How a copy of a letter goes out as well: by mail, as far as that is possible."""
    if step.phase != "veertiendagenbrief" or channel != "letter":
        return None
    return "email" if "email" in step.channels and _is_possible("email", step, facts) else None


def select_owed(
    owed: Iterable[Owed], carrying: Owed, *, step: Step, policy: Policy, today: date
) -> list[Owed]:
    """What this step asks for, oldest first.

    A notice names what falls due and has reached its own notice day; every other step names what
    is late. An item still being collected by direct debit is left out of both. Costs and interest
    stand in a last demand only.
    """
    if step.phase != "last_demand":
        owed = [one for one in owed if one.item.kind != "claim"]
    if step.phase == "before_due":
        return [
            one
            for one in owed
            if one is carrying
            or (one.item.due_on >= today and _listable_on(one, step, policy) <= today)
        ]
    return [
        one
        for one in owed
        if one is carrying
        or one.item.kind == "claim"
        or (one.item.due_on < today and _listable_on(one, step, policy) <= today)
    ]


def find_next_growth(
    owed: Iterable[Owed], *, step: Step, policy: Policy, today: date
) -> date | None:
    """The next day on which one more item would be listed; None when that never happens."""
    days = [_listable_on(one, step, policy) for one in owed]
    return min((day for day in days if today < day < date.max), default=None)


def _is_possible(channel: Channel, step: Step, facts: DebtorFacts) -> bool:
    if step.phase == "call":
        # A number that is not known can be looked up: unknown is not impossible.
        return channel == "phone"
    if channel == "email":
        return not facts.email_failed and is_email_address(facts.email)
    return channel == "letter" and facts.has_postal_address


def _listable_on(one: Owed, step: Step, policy: Policy) -> date:
    """The first day on which a step lists this item; the last of all days for never."""
    item = one.item
    if step.phase == "before_due":
        return date.max if item.by_direct_debit else compute_step_day(step, item.due_on)
    if item.by_direct_debit:
        return compute_debit_rest(item, policy)
    return add_days(item.due_on, 1)
