"""What cases tell their debtor: their own messages go on while the cadence rests.

Such a message is no step of the cadence: it takes none and skips none. But its term is kept, and
what stops everything stops it too. An answer does not wait for the gap between contacts; what
asks for money once more does.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from tijdig.core.answered_letters import add_letter, find_letter_after_answer
from tijdig.core.askable import find_askable
from tijdig.core.cadence import compute_debit_rest, compute_rest
from tijdig.core.calendar import add_days, is_working_day, next_working_day
from tijdig.core.case_messages import (
    BY_LETTER,
    CASE_STEP_PREFIX,
    CaseMessage,
    LetterAfterAnswer,
    is_meant,
)
from tijdig.core.decision import Decision
from tijdig.core.direct_debits.planned import DEBIT_STEP_PREFIX
from tijdig.core.disputes import CREDIT_STOP
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.listing import choose_channel
from tijdig.core.money import format_euros
from tijdig.core.netting import Owed, list_with_credits, net_items
from tijdig.core.own_side import list_doubts_of_answer
from tijdig.core.plan_steps import PLAN_STEP_PREFIX, find_planned_items
from tijdig.core.policy import Channel, Phase, Policy, Step
from tijdig.core.problem import Sentence
from tijdig.core.reasons import STOP_PREFIX
from tijdig.core.stops import find_blocking, find_end, say_day, take_out_set_asides
from tijdig.core.under_way import Case, find_next_run

ANSWER_TERM_DAYS = 7
# Who gets his invoice again has the days of the invoice for it, within these bounds: never fewer
# than he had still.
_COPY_TERM_DAYS = (14, 30)
# These ask once more for what is late: they wait for the gap and the term like a reminder.
_ASKS = frozenset({"reminder_again", "payment_missing"})
_DISPUTED = frozenset({"dispute_accepted", "dispute_declined"})
_NO_STEP = (PLAN_STEP_PREFIX, DEBIT_STEP_PREFIX, CASE_STEP_PREFIX)


def decide_on_case_messages(case: Case) -> Decision | None:
    """The first message that a case tells today; None where none does, and on days off."""
    if not case.facts.case_messages or not is_working_day(case.today):
        return None
    for one in case.facts.case_messages:
        decision = _decide_on(case, one)
        if decision is not None:
            return decision
    return None


def decide_on_own_stops(case: Case) -> Decision | None:
    """Nothing, while a case waits in which only its own message goes out."""
    own = [stop for stop in case.facts.stops if stop.depth == "own"]
    last = find_blocking(own, "reminder", today=case.today) if own else None
    if last is None:
        return None
    return case.nothing(STOP_PREFIX + last.kind, last.because, next_look_on=find_end(last))


def find_case_day(facts: DebtorFacts, policy: Policy, *, today: date) -> date | None:
    """The next day on which a case could tell something; None where no case has anything left."""
    rest_on = compute_rest(facts.contacts, policy).latest_on(today)
    tomorrow = add_days(today, 1)
    days = [
        next_working_day(max(one.from_on, rest_on if one.text in _ASKS else today, tomorrow))
        for one in facts.case_messages
        if not _is_told(one, facts)
    ]
    return min(days, default=None)


def find_told(step_key: str, facts: DebtorFacts, *, today: date) -> tuple[Owed, ...] | None:
    """What is left to pay of what the message of this step is about, were it sent today.

    Empty where its case would not send it any more. None for what asks once more: that is held
    back by what holds back a reminder.
    """
    one = next((one for one in facts.case_messages if one.key == step_key), None)
    if one is None:
        return ()
    if one.text in _ASKS:
        return None
    return _list_sure(facts, _list_about(facts, one, today=today), today=today)


def _decide_on(case: Case, one: CaseMessage) -> Decision | None:
    facts, today = case.facts, case.today
    phase: Phase = "reminder" if one.text in _ASKS else "case"
    if one.from_on > today or _is_told(one, facts):
        return None
    if find_blocking(facts.stops, phase, today=today) is not None:
        return None
    found = _list_late(case, one) if one.text in _ASKS else _list_told(case, one)
    if found is None:
        return None
    items, listed = found
    step = Step(one.key, "case", "friendly", 0, _channels_of(one, facts), one.text)
    channel = choose_channel(step, facts)
    if channel is None:
        return None
    total_cents = sum([cents for _, cents in listed])
    if one.text == "dispute_accepted":
        one = replace(
            one, leaves_rest=_leaves_rest(case, items[0].item_id, asked_cents=total_cents)
        )
    pay_by_on = _find_last_day(case, one, items, total_cents=total_cents)
    if one.text in _DISPUTED and pay_by_on is not None:
        one = replace(one, letter=_find_letter(case, items[0], pay_by_on=pay_by_on))
    because = _explain(one, items, total_cents=total_cents)
    return Decision(
        debtor_id=facts.debtor_id,
        on=today,
        outcome="message",
        reason="case_due",
        because=add_letter(because, one.letter, pay_by_on=pay_by_on),
        facts_version=facts.facts_version,
        step=step,
        channel=channel,
        carrying=items[0],
        listed=listed,
        total_cents=total_cents,
        pay_by_on=pay_by_on,
        next_look_on=find_next_run(today),
        case_message=one,
    )


def _find_letter(case: Case, item: OpenItem, *, pay_by_on: date) -> LetterAfterAnswer | None:
    """What the letter about a disputed invoice does once the answer is there."""
    owed, _ = find_askable(_without_own(case.facts), today=case.today)
    return find_letter_after_answer(
        item,
        case.facts,
        case.policy.rules,
        owed={one.item.item_id: one for one in owed},
        pay_by_on=pay_by_on,
        today=case.today,
    )


def _is_told(one: CaseMessage, facts: DebtorFacts) -> bool:
    return any(contact.step_key == one.key for contact in facts.contacts)


def _list_late(
    case: Case, one: CaseMessage
) -> tuple[Sequence[OpenItem], tuple[tuple[UUID, int], ...]] | None:
    """What is late and may be asked; None where the cadence itself is as friendly, or went on."""
    facts, policy, today = case.facts, case.policy, case.today
    if compute_rest(facts.contacts, policy).latest_on(today) > today:
        return None
    notices = {step.key for step in policy.steps if step.phase == "before_due"}
    steps = [
        contact
        for contact in facts.contacts
        if not contact.step_key.startswith(_NO_STEP) and contact.step_key not in notices
    ]
    others = {item.item_id for item in facts.items if not _is_about(one, item)}
    went_on = any(
        contact.on > one.told_on
        and one.item_id in (None, contact.item_id)
        and contact.item_id not in others
        for contact in steps
    )
    if went_on or (one.text == "reminder_again" and not steps):
        return None
    late = [
        owed
        for owed in case.owed
        if owed.item.kind == "invoice"
        and owed.item.due_on < today
        and _is_about(one, owed.item)
        and not (owed.item.by_direct_debit and compute_debit_rest(owed.item, policy) > today)
    ]
    if not late or sum([owed.net_cents for owed in late]) < policy.min_amount_cents:
        return None
    return [owed.item for owed in late], list_with_credits(late)


def _list_told(
    case: Case, one: CaseMessage
) -> tuple[Sequence[OpenItem], tuple[tuple[UUID, int], ...]] | None:
    """The invoices that an answer is about, with what is left to pay of them; None for none.

    Who was right hears so in any case; but nothing is asked that money may be there for.
    """
    facts, today = case.facts, case.today
    about = _list_about(facts, one, today=today)
    if one.text == "plan_offer" and any(item.due_on < today for item in about):
        about = [item for item in about if item.due_on < today]
    if not about:
        return None
    owed = _list_sure(facts, about, today=today)
    if owed:
        return [one.item for one in owed], list_with_credits(owed)
    return (about, ((about[0].item_id, 0),)) if one.text == "dispute_accepted" else None


def _list_about(facts: DebtorFacts, one: CaseMessage, *, today: date) -> list[OpenItem]:
    """The open invoices that he spoke of and that may be written about."""
    planned = {} if one.text in _DISPUTED else find_planned_items(facts, today=today)
    return [
        item
        for item in facts.items
        if item.kind == "invoice"
        and item.open_cents > 0
        and _is_about(one, item)
        and item.item_id not in planned
        and not _is_held(item, today=today)
        and (one.text == "dispute_accepted" or not list_doubts_of_answer(item, facts.contacts))
    ]


def _list_sure(facts: DebtorFacts, about: Sequence[OpenItem], *, today: date) -> tuple[Owed, ...]:
    """What is left to pay of these, but for those that money may be there for."""
    net = _net_without_own(facts, today=today)
    sure = [item.item_id for item in about if not list_doubts_of_answer(item, facts.contacts)]
    return tuple([net[item_id] for item_id in sure if item_id in net])


def _leaves_rest(case: Case, item_id: UUID, *, asked_cents: int) -> bool:
    """Whether more of it may be owed than what is credited and what is asked now.

    Another objection stands, or money that waits may be for it: it is not true that nothing is
    left.
    """
    items = [
        replace(
            one,
            set_asides=tuple([each for each in one.set_asides if each.stop.kind == CREDIT_STOP]),
        )
        if one.item_id == item_id
        else one
        for one in case.facts.items
    ]
    net = _net_without_own(replace(case.facts, items=tuple(items)), today=case.today)
    left = net.get(item_id)
    return left is not None and left.net_cents > asked_cents


def _is_about(one: CaseMessage, item: OpenItem) -> bool:
    """Whether the debtor can have meant this invoice: it was there when he said it.

    Who forgot or has paid spoke of what was to be paid by then.
    """
    spoke_of_late = one.item_id is None and one.text in _ASKS
    is_due = not spoke_of_late or item.find_due_date(one.told_on) <= one.told_on
    return is_due and is_meant(one.meant, item.item_id, item.issued_on)


def _is_held(item: OpenItem, *, today: date) -> bool:
    """Whether something else than the case itself keeps us from writing about this invoice."""
    whole = [one.stop for one in item.set_asides if one.cents is None]
    return find_blocking(whole, "case", today=today) is not None


def _net_without_own(facts: DebtorFacts, *, today: date) -> dict[UUID, Owed]:
    """What is left to pay per item, as if the stops of the cases themselves were over."""
    asked, _ = take_out_set_asides(_without_own(facts).items, today=today)
    return {one.item.item_id: one for one in net_items(asked)}


def _without_own(facts: DebtorFacts) -> DebtorFacts:
    """The facts as if the stops of the cases themselves were over."""
    bare = [
        replace(item, set_asides=tuple([one for one in item.set_asides if one.stop.depth != "own"]))
        for item in facts.items
    ]
    return replace(facts, items=tuple(bare))


def _channels_of(one: CaseMessage, facts: DebtorFacts) -> tuple[Channel, ...]:
    """How it may go: where the debtor asked for it, to that address alone."""
    if one.address == BY_LETTER:
        return ("letter",)
    if one.address:
        return ("email",) if facts.email.casefold() == one.address.casefold() else ()
    # A copy goes to an address that he confirmed, or not at all.
    return () if one.text == "invoice_again" else ("email", "letter")


def _find_last_day(
    case: Case, one: CaseMessage, items: Sequence[OpenItem], *, total_cents: int
) -> date | None:
    """The last day that the message gives; None where it asks nothing.

    Never one before the due date, or before the last day of a letter that runs: what he had by law
    or by agreement is not taken away.
    """
    if total_cents <= 0:
        return None
    about = {item.item_id for item in items}
    planned = find_planned_items(case.facts, today=case.today)
    if one.text in _DISPUTED and not about.isdisjoint(planned):
        # What a plan spreads keeps the days of the plan.
        return None
    days = ANSWER_TERM_DAYS
    if one.text == "invoice_again":
        shortest, longest = _COPY_TERM_DAYS
        days = min(max(shortest, *((item.due_on - item.issued_on).days for item in items)), longest)
    had = [item.due_on for item in items] + _list_days_of_letters(case, items)
    return max(add_days(case.today, days), *had)


def _list_days_of_letters(case: Case, items: Sequence[OpenItem]) -> list[date]:
    """The last days of the letters about these items that still run: no answer names less."""
    about = {item.item_id for item in items}
    return [
        one.last_day
        for one in case.facts.notices
        if one.kind == "veertiendagenbrief"
        and one.item_id in about
        and one.last_day is not None
        and not one.is_void
    ]


def _explain(one: CaseMessage, items: Sequence[OpenItem], *, total_cents: int) -> Sentence:
    numbers = ", ".join(item.number for item in items)
    several = len(items) > 1
    nl = f"{'facturen' if several else 'factuur'} {numbers}"
    en = f"{'invoices' if several else 'invoice'} {numbers}"
    left, part = format_euros(total_cents), format_euros(one.cents)
    told = (say_day(one.told_on, "nl"), say_day(one.told_on, "en"))
    over = (f"er blijft {left} over", f"{left} is left")
    if one.leaves_rest:
        asked = (left, left) if total_cents else ("niets", "nothing")
        over = (
            f"wij vragen nu {asked[0]}, en over de rest loopt nog iets",
            f"we ask {asked[1]} now, and something about the rest still runs",
        )
    return {
        "dispute_accepted": Sentence(
            f"Antwoord op het bezwaar over {nl}: wij crediteren {part}; {over[0]}.",
            f"Answer to the objection about {en}: we credit {part}; {over[1]}.",
        ),
        "dispute_declined": Sentence(
            f"Antwoord op het bezwaar over {nl}: afgewezen, met de reden; {left} staat open.",
            f"Answer to the objection about {en}: declined, with the reason; {left} is open.",
        ),
        "invoice_again": Sentence(
            f"De debiteur zei op {told[0]} dat hij {nl} niet kreeg. Hij krijgt een kopie, met een "
            "nieuwe betaaltermijn. Tot die voorbij is, volgt er geen herinnering.",
            f"On {told[1]} the debtor said that he did not get {en}. He gets a copy, with a new "
            "term to pay. No reminder follows before that is over.",
        ),
        "reminder_again": Sentence(
            f"De debiteur zei op {told[0]} dat hij het was vergeten. {nl.capitalize()} ({left}) is "
            "nog niet betaald; wij vragen het nog één keer vriendelijk.",
            f"On {told[1]} the debtor said that he forgot. {en.capitalize()} ({left}) is not paid "
            "yet; we ask once more, in a friendly way.",
        ),
        "plan_offer": Sentence(
            f"De debiteur zei op {told[0]} dat hij niet kan betalen. Hij krijgt een aanbod om in "
            f"delen te betalen ({left}).",
            f"On {told[1]} the debtor said that he cannot pay. He gets an offer to pay in parts "
            f"({left}).",
        ),
        "payment_missing": Sentence(
            f"De debiteur zei op {told[0]} dat hij had betaald. Wij vonden geen betaling voor {nl} "
            f"({left}) en vragen vriendelijk na.",
            f"On {told[1]} the debtor said that he had paid. We found no payment for {en} ({left}) "
            "and ask in a friendly way.",
        ),
    }[one.text]
