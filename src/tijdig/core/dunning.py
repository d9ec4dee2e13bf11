"""What should happen to this debtor on this day, and why.

One pure function answers that for the run, the preview, the "why?" page, the simulator and the
tests: `decide`. Everything it may look at is in its arguments.
"""

from dataclasses import replace
from datetime import date

from tijdig.core import explanations
from tijdig.core.askable import find_askable
from tijdig.core.cadence import (
    Rest,
    Rung,
    compute_debit_rest,
    compute_rest,
    find_back,
    find_next_rung,
    is_anew,
    list_contacts_for,
)
from tijdig.core.calendar import add_days, is_working_day, next_working_day
from tijdig.core.case_messages import CASE_STEP_PREFIX
from tijdig.core.case_steps import (
    decide_on_case_messages,
    decide_on_own_stops,
    find_case_day,
)
from tijdig.core.decision import Decision, add_contact, settle_contacts
from tijdig.core.direct_debits.collecting import decide_on_collections, find_announcement_day
from tijdig.core.direct_debits.planned import DEBIT_STEP_PREFIX
from tijdig.core.facts import DebtorFacts, OpenItem, PastContact
from tijdig.core.law.contact_hours import may_be_natural_person
from tijdig.core.letter_costs import compute_new_costs
from tijdig.core.letter_steps import (
    LegalHold,
    apply_law,
    compute_days_of_letter,
    find_newer_for_letter,
    find_newer_for_reminder,
    find_next_default,
    find_next_letter_day,
    select_for_letter,
    select_unwarned,
)
from tijdig.core.listing import choose_channel, choose_copy, find_next_growth, select_owed
from tijdig.core.netting import Owed, list_with_credits
from tijdig.core.plan_decision import decide_on_plans, find_plan_day
from tijdig.core.plan_steps import PLAN_STEP_PREFIX
from tijdig.core.policy import Channel, Phase, Policy, Step
from tijdig.core.reasons import STOP_PREFIX
from tijdig.core.stops import find_blocking, find_end, find_first_end, find_longest, find_next_start
from tijdig.core.told_stops import end_told_stops
from tijdig.core.under_way import Case, decide_on_work_under_way, find_next_run, hold_unposted

_MOST_LOOKS = 400
# These carry no step of the cadence.
_OTHER_STEPS = (PLAN_STEP_PREFIX, DEBIT_STEP_PREFIX, CASE_STEP_PREFIX)

__all__ = ["Decision", "add_contact", "decide", "forecast", "is_for_creditor"]

_REASON_OF: dict[Phase, str] = {
    "before_due": "notice_due",
    "reminder": "reminder_due",
    "call": "call_due",
    "veertiendagenbrief": "veertiendagenbrief_due",
    "last_demand": "last_demand_due",
    "plan": "plan_due",
    "debit": "debit_due",
    "case": "case_due",
}


def decide(facts: DebtorFacts, policy: Policy, *, today: date) -> Decision:
    """The one decision for this debtor on this day; defined for all facts, never raises.

    In this order: nothing to pay, a stop, something under way, a collection, what a plan says, what
    a case tells, all set aside, a letter to post, then the cadence of the oldest invoice.
    """
    case = _open_case(facts, policy, today)
    decision = (
        _decide_on_balance(case)
        or _decide_on_stops(case)
        or decide_on_work_under_way(case)
        or decide_on_collections(facts, today=today)
        or decide_on_plans(facts, today=today)
        or decide_on_case_messages(case)
        or decide_on_own_stops(case)
        or _decide_on_set_asides(case)
        or hold_unposted(case)
        or _decide_on_cadence(case)
    )
    if is_for_creditor(facts, policy):
        decision = _leave_to_creditor(decision)
    if facts.foreign:
        decision = _name_foreign(decision, facts, today)
    if decision.outcome != "nothing":
        return decision
    # A pause that was set for later gives the reason from its first day on.
    begins_on = find_next_start(facts, today=today)
    if begins_on is not None:
        decision = replace(decision, next_look_on=_earliest(decision.next_look_on, begins_on))
    if facts.case_messages:
        case_on = find_case_day(facts, policy, today=today)
        decision = replace(decision, next_look_on=_earliest(decision.next_look_on, case_on))
    if not case.aside:
        return decision
    # What was set aside comes back into the cadence on the day after its stop.
    back_on = _earliest(find_first_end(case.aside), find_plan_day(facts, today=today))
    back_on = _earliest(back_on, find_announcement_day(facts, today=today))
    return replace(decision, next_look_on=_earliest(decision.next_look_on, back_on))


def is_for_creditor(facts: DebtorFacts, policy: Policy) -> bool:
    """Whether only the creditor's own staff may call this debtor, or release a message to him.

    Law: Wki art. 4 and 11.
    """
    rules = policy.rules
    return rules.acts_unregistered and may_be_natural_person(facts.kind, facts.name)


def forecast(
    facts: DebtorFacts, policy: Policy, *, today: date, limit: int = 6
) -> tuple[Decision, ...]:
    """The next messages and calls if nothing changes, today's included, at most `limit`.

    A waiting message is taken to go out and a call to be made that can still be made in time.
    """
    facts = settle_contacts(facts, policy, today=today)
    steps: list[Decision] = []
    day: date | None = today
    looks = 0
    # What only a person can end is looked at every working day: a forecast does not wait for it.
    while day is not None and len(steps) < limit and looks < _MOST_LOOKS:
        looks += 1
        decision = decide(facts, policy, today=day)
        if decision.outcome != "nothing":
            steps.append(decision)
            facts = end_told_stops(add_contact(facts, decision))
        day = decision.next_look_on
    return tuple(steps)


def _leave_to_creditor(decision: Decision) -> Decision:
    """The same decision, with the statement that the creditor's own staff carry it out."""
    add = None
    if decision.outcome == "message":
        add = explanations.add_creditor_releases
    elif decision.outcome == "call" or decision.reason == "call_open":
        add = explanations.add_creditor_calls
    return replace(decision, because=add(decision.because)) if add else decision


def _name_foreign(decision: Decision, facts: DebtorFacts, today: date) -> Decision:
    """The same decision, naming what is late in another currency; anew when more of it is late."""
    late = [number for number, due_on in facts.foreign if due_on < today]
    days = [add_days(due_on, 1) for _, due_on in facts.foreign if due_on >= today]
    return replace(
        decision,
        because=explanations.add_foreign(decision.because, late) if late else decision.because,
        next_look_on=min(filter(None, (decision.next_look_on, *days)), default=None),
    )


def _open_case(facts: DebtorFacts, policy: Policy, today: date) -> Case:
    owed, aside = find_askable(facts, today=today)
    return Case(facts, policy, today, owed, aside)


def _decide_on_balance(case: Case) -> Decision | None:
    if case.owed or case.aside:
        return None
    owed_cents = sum(item.open_cents for item in case.facts.items if item.open_cents > 0)
    credit_cents = sum(-item.open_cents for item in case.facts.items if item.open_cents < 0)
    if owed_cents == credit_cents == 0:
        if any(stop.kind == "foreign_currency" for stop in case.facts.stops):
            return None
        return case.nothing("nothing_open", explanations.explain_nothing_open())
    because = explanations.explain_net_nothing(owed_cents, credit_cents)
    return case.nothing("net_nothing_open", because)


def _decide_on_stops(case: Case) -> Decision | None:
    if not case.facts.stops:
        return None
    # The debtor is left alone until the last of them is over, so that one gives the reason.
    last = find_blocking(case.facts.stops, None, today=case.today)
    if last is None:
        return None
    return case.nothing(STOP_PREFIX + last.kind, last.because, next_look_on=find_end(last))


def _decide_on_set_asides(case: Case) -> Decision | None:
    if not case.aside or any(one.item.kind == "invoice" for one in case.owed):
        return None
    last = find_longest(case.aside)
    if last is None:
        return None
    return case.nothing(STOP_PREFIX + last.kind, last.because, next_look_on=find_end(last))


def _decide_on_cadence(case: Case) -> Decision:
    resting: tuple[date, OpenItem] | None = None
    for one in case.owed:
        item = one.item
        if item.kind != "invoice":
            continue
        counts_on = compute_debit_rest(item, case.policy) if item.by_direct_debit else case.today
        if counts_on <= case.today:
            # An older invoice that now rests takes the cadence over once its rest has passed.
            return _decide_for(case, one, takeover_on=resting[0] if resting else None)
        if resting is None or counts_on < resting[0]:
            resting = (counts_on, item)
    if resting is None:
        total = sum([one.net_cents for one in case.owed])
        return case.nothing("no_invoice_open", explanations.explain_no_invoice(total))
    because = explanations.explain_direct_debit(resting[1], resting[0])
    return case.nothing("direct_debit", because, next_look_on=resting[0])


def _decide_for(case: Case, carrying: Owed, *, takeover_on: date | None) -> Decision:
    """The decision for the invoice that carries the step."""
    item, facts, policy, today = carrying.item, case.facts, case.policy, case.today
    own = list_contacts_for(item, case.facts.contacts)
    if own:
        own = tuple(one for one in own if not one.step_key.startswith(_OTHER_STEPS))
    rest = compute_rest(case.facts.contacts, case.policy)
    rung = find_next_rung(policy, item, own, kind=facts.kind, rest=rest, today=today)
    lawful = apply_law(rung, item, facts, policy, owed=case.owed, own=own, rest=rest, today=today)
    if isinstance(lawful, LegalHold):
        decision = case.nothing(
            lawful.reason, lawful.because, next_look_on=lawful.next_look_on, carrying=item
        )
    elif (rung := lawful) is None:
        decision = _after_last(case, item, own, rest=rest)
    elif max(rung.day, rest.latest_on(case.today)) > case.today:
        decision = _ahead(case, item, rung, rest=rest, entering=not own)
    else:
        decision = _due(case, carrying, rung, rest=rest, own=own)
    if decision.outcome == "nothing" and takeover_on is not None:
        decision = replace(decision, next_look_on=_earliest(decision.next_look_on, takeover_on))
    because = decision.because
    if own and own[-1].state == "call_open":
        because = explanations.add_lapsed_call(because, own[-1], policy)
    if own and (back := find_back(own, policy)) is not None:
        step = lawful.step if isinstance(lawful, Rung) and is_anew(lawful.step, back) else None
        goes_anew = step is not None and choose_channel(step, facts) is not None
        because = explanations.add_came_back(because, back.on, goes_anew=goes_anew)
    if item.extended_from_on is not None:
        because = explanations.add_extension(because, item)
    return decision if because is decision.because else replace(decision, because=because)


def _after_last(
    case: Case, item: OpenItem, own: tuple[PastContact, ...], *, rest: Rest
) -> Decision:
    facts, latest = case.facts, rest.latest_on(case.today)
    newer = find_newer_for_letter(case.owed, facts, case.policy, today=case.today)
    if newer is not None:
        carrying, step = newer
        rung = Rung(step, case.today, next_working_day(latest))
        if latest > case.today:
            return _ahead(case, carrying.item, rung, rest=rest, entering=False)
        return _due(case, carrying, rung, rest=rest, own=())
    later_on = add_days(item.due_on, 1) if item.due_on >= case.today else None
    unwarned = find_newer_for_reminder(case.owed, facts, case.policy) if own else None
    if unwarned is not None:
        carrying, step, day = unwarned
        rung = Rung(step, day, next_working_day(max(day, latest)))
        look_on: date | None = rung.from_on
        if max(day, latest) <= case.today:
            # The older ones had every step: a person decides on them now.
            only_those = replace(case, owed=select_unwarned(case.owed, facts, case.policy.rules))
            decision = _due(only_those, carrying, rung, rest=rest, own=())
            if decision.outcome != "nothing":
                return decision
            # A few cents that nobody is reminded of do not hide that the older ones are through.
            look_on = decision.next_look_on
        later_on = _earliest(later_on, look_on)
    last = own[-1] if own else None
    because = explanations.explain_after_last(item, last, today=case.today)
    over_on = add_days(last.pay_by_on, 1) if last and last.pay_by_on else None
    if over_on is None or over_on <= case.today:
        over_on = find_next_letter_day(case.owed, facts, case.policy, today=case.today)
    reason = "after_last_demand" if item.due_on < case.today else "not_due_yet"
    return case.nothing(reason, because, next_look_on=_earliest(over_on, later_on), carrying=item)


def _ahead(case: Case, item: OpenItem, rung: Rung, *, rest: Rest, entering: bool) -> Decision:
    """Nothing yet: the step's own day, the gap or the term lies ahead; the last of them counts."""
    latest = max(rung.day, rest.latest_on(case.today))
    if rung.day == latest:
        reason = "between_steps" if case.today > item.due_on else "not_due_yet"
        because = explanations.explain_step_ahead(
            item, rung.step, rung.from_on, today=case.today, entering=entering
        )
    elif rest.term_on == latest and rest.pay_by_on is not None:
        reason = "term_running"
        because = explanations.explain_term(rest.pay_by_on, rung.from_on)
    else:
        reason = "min_gap"
        gap_days = max(case.policy.min_gap_days, 1)
        because = explanations.explain_gap(add_days(latest, -gap_days), gap_days, rung.from_on)
    return case.nothing(reason, because, next_look_on=rung.from_on, carrying=item)


def _due(
    case: Case, carrying: Owed, rung: Rung, *, rest: Rest, own: tuple[PastContact, ...]
) -> Decision:
    """The step can go out as far as its day goes: now the address, the amount and the weekday."""
    item, step, policy, today = carrying.item, rung.step, case.policy, case.today
    held_back = _find_held_back(case, item, step)
    if held_back is not None:
        return held_back
    channel = choose_channel(step, case.facts)
    if step.phase == "veertiendagenbrief":
        owed = select_for_letter(case.owed, case.facts, policy.rules, today=today)
    else:
        owed = select_owed(case.owed, carrying, step=step, policy=policy, today=today)
    total_cents = sum([one.net_cents for one in owed])
    below_minimum = total_cents < policy.min_amount_cents
    if channel is not None and not below_minimum:
        if is_working_day(today):
            return _act(case, item, step, channel=channel, owed=owed, total_cents=total_cents)
        because = explanations.explain_day_off(item, step, rung.from_on, today=today)
        return case.nothing("not_a_working_day", because, next_look_on=rung.from_on, carrying=item)
    later_on: date | None = None
    if step.phase == "before_due":
        # On the due date the notice is passed over, and the first reminder may well be possible.
        kind = case.facts.kind
        after = find_next_rung(policy, item, own, kind=kind, rest=rest, today=item.due_on)
        later_on = after.from_on if after else None
    if channel is None:
        because = explanations.explain_no_address(step, case.facts)
        return case.nothing("no_address", because, next_look_on=later_on, carrying=item)
    because = explanations.explain_below_minimum(total_cents, policy.min_amount_cents)
    if step.phase == "veertiendagenbrief":
        growth_on = find_next_default(case.owed, case.facts, policy, today=today)
    else:
        growth_on = find_next_growth(case.owed, step=step, policy=policy, today=today)
    later_on = _earliest(later_on, growth_on)
    return case.nothing("below_minimum", because, next_look_on=later_on, carrying=item)


def _find_held_back(case: Case, item: OpenItem, step: Step) -> Decision | None:
    """A stop that holds back this kind of step."""
    stops = case.facts.stops
    stop = find_blocking(stops, step.phase, today=case.today) if stops else None
    if stop is None:
        return None
    over_on = find_end(stop)
    return case.nothing(STOP_PREFIX + stop.kind, stop.because, next_look_on=over_on, carrying=item)


def _act(
    case: Case,
    item: OpenItem,
    step: Step,
    *,
    channel: Channel,
    owed: list[Owed],
    total_cents: int,
) -> Decision:
    today = case.today
    listed = list_with_credits(owed)
    because = explanations.explain_step(
        step, channel, item, total_cents=total_cents, rows=len(listed), today=today
    )
    if channel == "phone" and not case.facts.phone:
        because = explanations.add_unknown_phone(because)
    pay_by_on = add_days(today, step.term_days) if step.term_days > 0 else None
    costs_cents, vat_cents = 0, 0
    if step.phase == "veertiendagenbrief":
        pay_by_on = compute_days_of_letter(today, channel).printed_on
        costs = compute_new_costs(owed, case.facts, case.policy.rules, on=today)
        costs_cents, vat_cents = costs.total_cents, costs.vat_cents
        because = explanations.add_new_costs(because, costs_cents, pay_by_on)
    return Decision(
        debtor_id=case.facts.debtor_id,
        on=today,
        outcome="call" if step.phase == "call" else "message",
        reason=_REASON_OF[step.phase],
        because=because,
        facts_version=case.facts.facts_version,
        step=step,
        channel=channel,
        carrying=item,
        listed=listed,
        total_cents=total_cents,
        pay_by_on=pay_by_on,
        next_look_on=find_next_run(today),
        costs_cents=costs_cents,
        vat_cents=vat_cents,
        copy_by=choose_copy(step, channel, case.facts),
    )


def _earliest(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other
