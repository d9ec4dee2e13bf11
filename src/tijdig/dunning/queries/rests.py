"""What was left of invoices on the last day of letters whose costs have not been claimed yet."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from tijdig.core.facts import OpenItem
from tijdig.core.notices import PastNotice
from tijdig.dunning.queries.claims import load_balances_on


def add_rests(
    notices: dict[UUID, tuple[PastNotice, ...]],
    items: Mapping[UUID, Sequence[OpenItem]],
    *,
    today: date,
) -> dict[UUID, tuple[PastNotice, ...]]:
    """The notices, with what was left on the last day of letters whose costs wait.

    Looked up only where a part of an invoice has been paid: else it is what the letter asks.
    """
    wanted: dict[UUID, date] = {}
    debtor_ids = set()
    for debtor_id, own in notices.items():
        opened = {one.item_id: one.open_cents for one in items.get(debtor_id, ())}
        for one in own:
            is_part = 0 < opened.get(one.item_id, 0) < one.amount_cents
            if is_part and one.last_day is not None and _waits_for_costs(one, today=today):
                # Of several letters about an invoice only the last one counts.
                wanted[one.item_id] = max(one.last_day, wanted.get(one.item_id, one.last_day))
                debtor_ids.add(debtor_id)
    if not wanted:
        return notices
    rests = load_balances_on(list(wanted.items()))
    told = {
        debtor_id: tuple(
            replace(one, rest_cents=rests.get(one.item_id))
            if one.kind == "veertiendagenbrief" and one.last_day == wanted.get(one.item_id, today)
            else one
            for one in notices[debtor_id]
        )
        for debtor_id in debtor_ids
    }
    return {**notices, **told}


def _waits_for_costs(notice: PastNotice, *, today: date) -> bool:
    """Whether a letter has expired, and nothing has been claimed after it yet."""
    return (
        notice.kind == "veertiendagenbrief"
        and not notice.is_void
        and notice.claimed_cents <= 0
        and notice.received_on is not None
        and notice.last_day is not None
        and notice.last_day < today
    )
