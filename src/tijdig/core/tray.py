"""Whether a printed letter still says what is true when it goes into the post."""

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.core.askable import find_askable
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.netting import Owed, net_items
from tijdig.core.policy import Phase
from tijdig.core.stops import find_blocking

TrayReason = Literal["owed_less", "stopped"]
Listed = tuple[tuple[UUID, int], ...]


def asks_too_much(listed: Listed, owed: Iterable[Owed]) -> bool:
    """Whether a letter asks more than is owed of what it lists, credits set off.

    Its credits are negative. Each item counts apart, and all of them together: a letter does not
    ask right by one that it left out.
    """
    asked = {item_id: cents for item_id, cents in listed if cents > 0}
    own = [one for one in owed if one.item.item_id in asked]
    left = {one.item.item_id: one.item.open_cents for one in own}
    if any(left.get(item_id, 0) < cents for item_id, cents in asked.items()):
        return True
    return sum(one.net_cents for one in own) < sum(cents for _, cents in listed)


def asked_too_much(listed: Listed, items: Iterable[OpenItem]) -> bool:
    """Whether a letter asked more of its invoices than these items, as they were, left open.

    Costs and interest that it lists do not count. Law: BW 6:96 lid 6.
    """
    items = tuple(item for item in items if item.kind != "claim")
    invoices = {item.item_id for item in items if item.kind == "invoice"}
    own = tuple(one for one in listed if one[1] < 0 or one[0] in invoices)
    return asks_too_much(own, net_items(items))


def judge_printed(
    listed: Listed, phase: Phase, facts: DebtorFacts, *, today: date
) -> TrayReason | None:
    """Why a printed letter should not be posted today; None where it still says what is true.

    `owed_less`: paid, credited or changed since. `stopped`: a stop of the debtor holds such
    letters back, or more time, a plan or a case sets aside what it asks.
    """
    if asks_too_much(listed, net_items(facts.items)):
        return "owed_less"
    if find_blocking(facts.stops, phase, today=today) is not None:
        return "stopped"
    asked = {item_id for item_id, cents in listed if cents > 0}
    if any(
        item.extended_from_on is not None and item.due_on >= today
        for item in facts.items
        if item.item_id in asked
    ):
        return "stopped"
    owed, _ = find_askable(facts, today=today)
    return "stopped" if asks_too_much(listed, owed) else None
