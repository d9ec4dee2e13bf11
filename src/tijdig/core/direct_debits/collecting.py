"""What may be collected of a debtor, on which day, and what that does to his reminders.

The same stops hold as for a reminder: nothing is collected that would not be asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from tijdig.core import explanations
from tijdig.core.calendar import (
    add_banking_days,
    add_days,
    format_day,
    is_working_day,
    next_banking_day,
    next_working_day,
)
from tijdig.core.decision import Decision
from tijdig.core.direct_debits.banks import BankProfile
from tijdig.core.direct_debits.deadlines import earliest_collection_day
from tijdig.core.direct_debits.planned import (
    DEBIT_STEP_PREFIX,
    DEBIT_STOP,
    PlannedCollection,
)
from tijdig.core.direct_debits.scheme import (
    RETURN_BANKING_DAYS_B2B,
    RETURN_BANKING_DAYS_CORE,
)
from tijdig.core.facts import DebtorFacts, OpenItem, SetAside, Stop
from tijdig.core.listing import choose_channel
from tijdig.core.money import format_euros
from tijdig.core.netting import net_items
from tijdig.core.plan_steps import find_planned_items
from tijdig.core.policy import Step
from tijdig.core.problem import Sentence
from tijdig.core.stops import find_blocking, find_longest, is_active


@dataclass(frozen=True, slots=True)
class Collectable:
    """What may be collected, by item in cents; and why not, for the open invoices left.

    `due_on` is the day before which it may not be, with the later day that somebody was given.
    """

    cents: Mapping[UUID, int]
    left_out: Mapping[UUID, Sentence]
    due_on: Mapping[UUID, date]


def find_collectable(facts: DebtorFacts, *, today: date) -> Collectable:
    """What may be collected of this debtor, as far as his side of it goes: his mandate apart.

    An invoice with anything in its way is left out whole; credits are taken off first. Only the
    stop that the collection itself is does not count.
    """
    everybody = find_blocking(facts.stops, "debit", today=today)
    planned = find_planned_items(facts, today=today)
    net = {one.item.item_id: one.net_cents for one in net_items(facts.items)}
    cents: dict[UUID, int] = {}
    left_out: dict[UUID, Sentence] = {}
    for item in facts.items:
        if item.kind != "invoice" or item.open_cents <= 0:
            continue
        stop = everybody or planned.get(item.item_id) or _find_in_the_way(item, today=today)
        if stop is not None:
            left_out[item.item_id] = stop.because
        elif net.get(item.item_id, 0) <= 0:
            left_out[item.item_id] = _COVERED
        else:
            cents[item.item_id] = net[item.item_id]
    due_on = {item.item_id: item.due_on for item in facts.items if item.item_id in cents}
    return Collectable(cents, left_out, due_on)


def choose_collection_day(
    *,
    due_on: date,
    announced_on: date | None,
    notice_days: int,
    bank: BankProfile,
    today: date,
    at: time,
    not_before: date | None = None,
) -> date:
    """The first banking day, from the due date on, that bank and announcement allow.

    Where nothing was announced, that is taken to happen on the next day that messages go out.
    """
    told_on = announced_on or next_working_day(today)
    return next_banking_day(
        max(
            due_on,
            earliest_collection_day(bank, today=today, at=at),
            add_days(told_on, notice_days),
            not_before or due_on,
        )
    )


def make_collection_aside(number: str, planned: PlannedCollection) -> SetAside:
    """The collection as a stop for its invoice: until the bank can no longer send it back."""
    table = RETURN_BANKING_DAYS_B2B if planned.scheme == "b2b" else RETURN_BANKING_DAYS_CORE
    days = table.rows[-1].value
    nl, en = format_day(planned.collect_on, "nl"), format_day(planned.collect_on, "en")
    amount = format_euros(planned.cents)
    because = Sentence(
        f"Niets gedaan: factuur {number} wordt op {nl} geïncasseerd ({amount}).",
        f"Nothing done: invoice {number} is collected by direct debit on {en} ({amount}).",
    )
    until_on = add_banking_days(planned.collect_on, days)
    return SetAside(Stop(DEBIT_STOP, because, until_on=until_on))


def decide_on_collections(facts: DebtorFacts, *, today: date) -> Decision | None:
    """The announcement of a collection, where one is due; None where nothing has to be told.

    On working days only; all collections of one day in one message. Without an address nothing is
    announced, and so nothing is collected: the decision tells.
    """
    if not facts.collections or not is_working_day(today):
        return None
    told = list_to_announce(facts, today=today)
    if not told:
        return None
    by_id = {item.item_id: item for item in facts.items}
    carrying = by_id[told[0].item_id]
    step = _make_step(told[0].collect_on)
    channel = choose_channel(step, facts)
    if channel is None:
        return Decision(
            debtor_id=facts.debtor_id,
            on=today,
            outcome="nothing",
            reason="no_address",
            because=explanations.explain_no_address(step, facts),
            facts_version=facts.facts_version,
        )
    total_cents = sum([one.cents for one in told])
    return Decision(
        debtor_id=facts.debtor_id,
        on=today,
        outcome="message",
        reason="debit_due",
        because=_explain(told, total_cents),
        facts_version=facts.facts_version,
        step=step,
        channel=channel,
        carrying=carrying,
        listed=tuple((one.item_id, one.cents) for one in told),
        total_cents=total_cents,
        next_look_on=next_working_day(add_days(today, 1)),
        collections=told,
    )


def find_announcement_day(facts: DebtorFacts, *, today: date) -> date | None:
    """The next run, where something is still to be announced; None where nothing is."""
    if not facts.collections or not list_to_announce(facts, today=today):
        return None
    return next_working_day(add_days(today, 1))


def list_to_announce(facts: DebtorFacts, *, today: date) -> tuple[PlannedCollection, ...]:
    """The collections of the first day that the debtor was not told of yet, and may be now."""
    may = find_collectable(facts, today=today)
    items = {item.item_id: item for item in facts.items}
    said = {(one.step_key, one.item_id, one.reopen_count) for one in facts.contacts}
    waiting: dict[date, list[PlannedCollection]] = {}
    for one in facts.collections:
        item = items.get(one.item_id)
        if item is None or one.announced_on is not None or one.is_handed_over:
            continue
        if one.item_id in may.cents and one.collect_on >= may.due_on[one.item_id]:
            waiting.setdefault(one.collect_on, []).append(one)
    for day in sorted(waiting):
        key = make_announcement_key(day)
        carried = {(key, one.item_id, items[one.item_id].reopen_count) for one in waiting[day]}
        if not carried & said:
            found = waiting[day]
            found.sort(key=lambda one: (items[one.item_id].due_on, items[one.item_id].number))
            return tuple(found)
    return ()


def make_announcement_key(collect_on: date) -> str:
    """The step key of what announces the collections of a day."""
    return f"{DEBIT_STEP_PREFIX}{collect_on:%Y%m%d}"


def _find_in_the_way(item: OpenItem, *, today: date) -> Stop | None:
    """What holds a collection of this item back: a case, a doubt on our own side."""
    asides = [
        one.stop
        for one in item.set_asides
        if one.stop.kind != DEBIT_STOP and is_active(one.stop, today=today)
    ]
    return find_longest((*asides, *item.doubts))


def explain_not_due(due_on: date) -> Sentence:
    """Why something is not collected yet: a later day was given."""
    return Sentence(
        f"Deze factuur hoeft pas op {format_day(due_on, 'nl')} betaald te zijn.",
        f"This invoice is not due before {format_day(due_on, 'en')}.",
    )


def _make_step(collect_on: date) -> Step:
    return Step(
        key=make_announcement_key(collect_on),
        phase="debit",
        tone="friendly",
        offset_days=0,
        channels=("email", "letter"),
        text="debit_notice",
    )


def _explain(told: tuple[PlannedCollection, ...], total_cents: int) -> Sentence:
    day = told[0].collect_on
    amount = format_euros(total_cents)
    return Sentence(
        f"Aankondiging: op {format_day(day, 'nl')} incasseren wij {amount}.",
        f"Announcement: on {format_day(day, 'en')} we collect {amount}.",
    )


_COVERED = Sentence(
    "Er blijft niets te incasseren: creditnota's en ontvangen geld dekken deze factuur.",
    "Nothing is left to collect: credit notes and money received cover this invoice.",
)
