"""Whether a printed letter still says what is true when it goes into the post."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.core.askable import find_askable
from tijdig.core.case_steps import find_told
from tijdig.core.direct_debits.collecting import find_collectable, make_announcement_key
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.netting import Owed, net_items
from tijdig.core.plan_steps import (
    PLAN_STEP_PREFIX,
    find_plan_due,
    find_rest,
    read_plans,
    take_off_turn,
)
from tijdig.core.plans import list_left
from tijdig.core.policy import Phase
from tijdig.core.stops import find_blocking

TrayReason = Literal["owed_less", "stopped", "other_account"]
Listed = tuple[tuple[UUID, int], ...]


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """A letter that waits for the post: its step, and what it lists, credits negative.

    `is_of_other_account`: it asks for money on an account that is not the creditor's any more.
    """

    step_key: str
    phase: Phase
    listed: Listed
    is_of_other_account: bool = False


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


def judge_printed(letter: PrintedLetter, facts: DebtorFacts, *, today: date) -> TrayReason | None:
    """Why a printed letter should not be posted today; None where it still says what is true.

    `owed_less`: paid, credited or changed since. `stopped`: a stop of the debtor holds such
    letters back, or more time, a plan or a case sets aside what it asks. What a plan, a case or a
    collection says by letter is held against that plan, case or collection: it would still say so.
    `other_account`: only that is wrong, and that is enough.
    """
    reason = _judge(letter, facts, today=today)
    return "other_account" if reason is None and letter.is_of_other_account else reason


def _judge(letter: PrintedLetter, facts: DebtorFacts, *, today: date) -> TrayReason | None:
    if asks_too_much(letter.listed, net_items(facts.items)):
        return "owed_less"
    if find_blocking(facts.stops, letter.phase, today=today) is not None:
        return "stopped"
    if letter.phase == "plan":
        return _judge_of_plan(letter, facts, today=today)
    if letter.phase == "debit":
        return _judge_of_collection(letter, facts, today=today)
    told = find_told(letter.step_key, facts, today=today) if letter.phase == "case" else None
    if told is not None:
        return "stopped" if asks_too_much(letter.listed, told) else None
    if letter.phase == "case" and find_blocking(facts.stops, "reminder", today=today) is not None:
        # It asks once more: what holds back a reminder holds it back too.
        return "stopped"
    return _judge_of_cadence(letter, facts, today=today)


def _judge_of_cadence(
    letter: PrintedLetter, facts: DebtorFacts, *, today: date
) -> TrayReason | None:
    asked = {item_id for item_id, cents in letter.listed if cents > 0}
    if any(
        item.extended_from_on is not None and item.due_on >= today
        for item in facts.items
        if item.item_id in asked
    ):
        return "stopped"
    owed, _ = find_askable(facts, today=today)
    return "stopped" if asks_too_much(letter.listed, owed) else None


def _judge_of_plan(letter: PrintedLetter, facts: DebtorFacts, *, today: date) -> TrayReason | None:
    """Whether its plan would still say this, had it not been printed."""
    key, position = letter.step_key, int(take_off_turn(letter.step_key).rpartition("-")[2])
    plans = [one for one in facts.plans if key.startswith(f"{PLAN_STEP_PREFIX}{one.key}-")]
    if not plans:
        return "stopped"
    contacts = tuple([one for one in facts.contacts if one.step_key != key])
    unsaid = replace(facts, plans=tuple(plans), contacts=contacts)
    due, _ = find_plan_due(unsaid, today=today)
    if due is not None and due.step.key == key:
        return "owed_less" if due.cents < sum(cents for _, cents in letter.listed) else None
    if find_rest(plans[0], unsaid, today=today) is not None:
        return "stopped"
    left = [one.position for plan in read_plans(unsaid, today=today) for one in list_left(plan)]
    is_paid = not left or 0 < position < min(left)
    return "owed_less" if is_paid else "stopped"


def _judge_of_collection(
    letter: PrintedLetter, facts: DebtorFacts, *, today: date
) -> TrayReason | None:
    """Whether what it announces is still to be collected, on that day."""
    may = find_collectable(facts, today=today)
    planned = {
        one.item_id: one.cents
        for one in facts.collections
        if make_announcement_key(one.collect_on) == letter.step_key
        and one.item_id in may.cents
        and one.collect_on >= may.due_on[one.item_id]
    }
    if any(item_id not in planned for item_id, _ in letter.listed):
        return "stopped"
    is_less = any(
        min(planned[item_id], may.cents[item_id]) < cents for item_id, cents in letter.listed
    )
    return "owed_less" if is_less else None
