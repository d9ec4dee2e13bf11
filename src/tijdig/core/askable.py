"""What may be asked of a debtor on a day, and the stops of what may not."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from tijdig.core.facts import DebtorFacts, Stop
from tijdig.core.netting import Owed, net_items
from tijdig.core.own_side import take_out_doubted
from tijdig.core.plan_steps import find_plan_asides
from tijdig.core.stops import take_out_set_asides


def find_askable(facts: DebtorFacts, *, today: date) -> tuple[tuple[Owed, ...], tuple[Stop, ...]]:
    """What is left to pay and may be asked today, oldest first, and why the rest may not.

    What a plan, a doubt on our own side or a case sets aside is neither reminded of nor the ground
    for costs and interest.
    """
    items = facts.items
    aside: tuple[Stop, ...] = ()
    planned: Mapping[UUID, Stop] = {}
    if facts.plans:
        planned = find_plan_asides(facts, today=today)
        aside = tuple(planned[item.item_id] for item in items if item.item_id in planned)
    # Most debtors have neither.
    if [item for item in items if item.doubts or item.set_asides]:
        items, stops = take_out_doubted(items, facts.contacts, today=today)
        aside += stops
        items, stops = take_out_set_asides(items, today=today)
        aside += stops
    owed = net_items(items)
    if planned:
        # The credits of a planned item are its own: they pay nothing else.
        owed = tuple([one for one in owed if one.item.item_id not in planned])
    return owed, aside
