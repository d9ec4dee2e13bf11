"""Where the law comes between a consumer and the next step: default first, then the letter.

Who is not known to be a business is treated as a consumer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from uuid import UUID

from tijdig.core import explanations
from tijdig.core.cadence import Rest, Rung, compute_step_day, list_contacts_for, say_anew
from tijdig.core.calendar import add_days, add_working_days, next_working_day
from tijdig.core.creditor_rules import CreditorRules, is_consumer
from tijdig.core.facts import DebtorFacts, OpenItem, PastContact
from tijdig.core.item_default import compute_item_default, is_in_default
from tijdig.core.law.veertiendagenbrief import LetterDays, compute_letter_days
from tijdig.core.letter_costs import (
    compute_new_costs,
    find_next_costs_day,
    find_valid_letter,
    list_letters,
)
from tijdig.core.netting import Owed
from tijdig.core.notices import NoticeKind, PastNotice
from tijdig.core.policy import Channel, Policy, Step
from tijdig.core.problem import Refusal, Sentence
from tijdig.core.stops import find_blocking, find_end

_AGAIN = "_again"
# A run asks the same of its own day for every debtor.
_DAYS_KEPT = 64


@dataclass(frozen=True, slots=True)
class LegalHold:
    """Why the law lets the next step wait, and the next day on which to look; None for never."""

    reason: str
    because: Sentence
    next_look_on: date | None


def select_for_letter(
    owed: Iterable[Owed], facts: DebtorFacts, rules: CreditorRules, *, today: date
) -> list[Owed]:
    """What a veertiendagenbrief may list: invoices in default that have no valid one yet.

    Law: BW 6:96 lid 6 (after default began) and lid 7 (all claims in one letter).
    """
    return [
        one
        for one in owed
        if one.item.kind == "invoice"
        and find_valid_letter(one.item, facts.notices) is None
        and is_in_default(one.item, facts, rules, today=today)
    ]


def apply_law(
    rung: Rung | None,
    item: OpenItem,
    facts: DebtorFacts,
    policy: Policy,
    *,
    owed: Sequence[Owed],
    own: tuple[PastContact, ...],
    rest: Rest,
    today: date,
) -> Rung | LegalHold | None:
    """The next step as the law allows it: the same, a later one, the letter again, or a hold.

    A letter needs default, a last demand a letter whose term is over and whose last day the bank
    statements cover. Where a letter came back it is sent again, and where it would add no costs to
    those that were claimed before the last demand follows without it.
    """
    if rung is None or rung.step.phase not in ("veertiendagenbrief", "last_demand"):
        return rung
    letter = find_letter_step(policy, facts.kind)
    if letter is None or not _is_law_known(today):
        return rung if rung.step.phase == "last_demand" else None
    if rung.step.phase == "veertiendagenbrief":
        return _before_letter(rung, item, facts, policy, owed=owed, own=own, rest=rest, today=today)
    notice = find_valid_letter(item, facts.notices)
    if notice is None:
        once_more = _number_letter(letter, item, facts.notices)
        if once_more is letter:
            return rung
        again = Rung(once_more, rung.day, rung.from_on)
        return _before_letter(
            again, item, facts, policy, owed=owed, own=own, rest=rest, today=today
        )
    return _after_letter(rung, notice, today=today)


def find_newer_for_letter(
    owed: Iterable[Owed], facts: DebtorFacts, policy: Policy, *, today: date
) -> tuple[Owed, Step] | None:
    """An invoice that came into default after the letter about an older one, and the letter step.

    Also one of which the letter proved void after the last demand: it gets a right one. Not before
    the step's own day for that invoice, and only once all steps of the older one have been taken.
    None where there is no such invoice, and where it would add no costs.
    """
    letter = find_letter_step(policy, facts.kind)
    if letter is None or not _is_law_known(today):
        return None
    had = {(contact.item_id, contact.step_key) for contact in facts.contacts}
    new = select_for_letter(owed, facts, policy.rules, today=today)
    if not new or not compute_new_costs(new, facts, policy.rules, on=today).total_cents:
        return None
    for one in new:
        step = _number_letter(letter, one.item, facts.notices)
        is_had = (one.item.item_id, step.key) in had
        if not is_had and compute_step_day(letter, one.item.due_on) <= today:
            return one, step
    return None


def find_newer_for_reminder(
    owed: Iterable[Owed], facts: DebtorFacts, policy: Policy
) -> tuple[Owed, Step, date] | None:
    """The first newer invoice that nothing put in default yet, the reminder that does, and its day.

    Default is per claim: an invoice that was due after the last message about an older one needs a
    notice of its own (BW 6:82), and does not wait until the older one is paid. Each invoice
    carries it once, and once more where it came back or is void; never after a later step that
    reached him. None for who is no consumer, and where no invoice needs it.
    """
    reminder = find_reminder_step(policy, facts.kind)
    if reminder is None or find_letter_step(policy, facts.kind) is None:
        return None
    keys = [step.key for step in policy.steps]
    or_later = tuple(keys[keys.index(reminder.key) :])
    found: list[tuple[Owed, Step, date]] = []
    for one in select_unwarned(owed, facts, policy.rules):
        had = [
            contact
            for contact in list_contacts_for(one.item, facts.contacts)
            if contact.step_key.startswith(or_later)
        ]
        if all(_told_nothing(contact, facts.notices) for contact in had):
            step = _say_reminder(reminder, tuple(had))
            found.append((one, step, compute_step_day(step, one.item.due_on)))
    return min(found, key=lambda one: one[2], default=None)


def select_unwarned(
    owed: Iterable[Owed], facts: DebtorFacts, rules: CreditorRules
) -> tuple[Owed, ...]:
    """The invoices that nothing put in default yet, and that need a notice for it (BW 6:82)."""
    return tuple(
        one
        for one in owed
        if one.item.kind == "invoice"
        and not one.item.by_direct_debit
        and compute_item_default(one.item, facts, rules).needs_notice
    )


def find_reminder_step(policy: Policy, kind: str) -> Step | None:
    """The policy's first reminder that gives a day to pay by; None without one."""
    return next(
        (
            step
            for step in policy.steps
            if step.phase == "reminder" and step.is_for(kind) and step.term_days > 0
        ),
        None,
    )


def find_letter_step(policy: Policy, kind: str) -> Step | None:
    """The policy's veertiendagenbrief; None for a business, or where the policy has none."""
    if not is_consumer(kind):
        return None
    return next((step for step in policy.steps if step.phase == "veertiendagenbrief"), None)


@lru_cache(maxsize=_DAYS_KEPT)
def compute_days_of_letter(sent_on: date, channel: Channel) -> LetterDays:
    """The days of a letter that goes out today; an e-mail is taken to arrive today.

    The date that it names then includes the margin, and is never too early.
    """
    if channel == "letter":
        return compute_letter_days(sent_on, by="post")
    return compute_letter_days(sent_on, by="email", received_on=sent_on)


def make_notice(
    kind: NoticeKind,
    item_id: UUID,
    *,
    amount_cents: int,
    sent_on: date,
    channel: Channel,
    pay_by_on: date,
) -> PastNotice:
    """A notice as it stands once its message has gone out, with the receipt that law presumes.

    Mail that a server took proves nothing about a veertiendagenbrief.
    """
    received_on: date | None = sent_on
    if channel == "letter" and _is_law_known(sent_on):
        received_on = compute_letter_days(sent_on, by="post").received_on
    elif kind == "veertiendagenbrief":
        received_on = None
    return PastNotice(
        kind=kind,
        item_id=item_id,
        message_id=UUID(int=0),
        amount_cents=amount_cents,
        sent_on=sent_on,
        received_on=received_on,
        last_day=pay_by_on,
    )


def find_next_default(
    owed: Iterable[Owed], facts: DebtorFacts, policy: Policy, *, today: date
) -> date | None:
    """The first day ahead on which one more invoice is in default; None where there is none."""
    if find_letter_step(policy, facts.kind) is None:
        return None
    days = [
        day
        for one in owed
        if one.item.kind == "invoice"
        and find_valid_letter(one.item, facts.notices) is None
        and (day := compute_item_default(one.item, facts, policy.rules).in_default_from) is not None
    ]
    return min((day for day in days if day > today), default=None)


def find_next_letter_day(
    owed: Sequence[Owed], facts: DebtorFacts, policy: Policy, *, today: date
) -> date | None:
    """The first day ahead on which one more invoice may get its letter, or costs after one are due.

    What a stop of firm steps holds comes on the day after it. None where nothing lies ahead.
    """
    letter = find_letter_step(policy, facts.kind)
    if letter is None:
        return None
    days = [
        max(default_from, compute_step_day(letter, one.item.due_on))
        for one in owed
        if one.item.kind == "invoice"
        and find_valid_letter(one.item, facts.notices) is None
        and (default_from := compute_item_default(one.item, facts, policy.rules).in_default_from)
        is not None
    ]
    costs_on = find_next_costs_day(owed, facts, today=today)
    days += [costs_on] if costs_on is not None else []
    stop = find_blocking(facts.stops, "last_demand", today=today) if facts.stops else None
    free_on = find_end(stop) if stop else None
    days += [free_on] if free_on is not None else []
    return min((day for day in days if day > today), default=None)


def _before_letter(
    rung: Rung,
    item: OpenItem,
    facts: DebtorFacts,
    policy: Policy,
    *,
    owed: Sequence[Owed],
    own: tuple[PastContact, ...],
    rest: Rest,
    today: date,
) -> Rung | LegalHold | None:
    if find_valid_letter(item, facts.notices) is not None:
        following = _step_after(rung.step, policy, facts.kind)
        if following is None:
            return None
        later = Rung(following, rung.day, rung.from_on)
        return apply_law(later, item, facts, policy, owed=owed, own=own, rest=rest, today=today)
    state = compute_item_default(item, facts, policy.rules)
    if state.in_default_from is not None:
        day, step = max(rung.day, state.in_default_from), rung.step
        if _adds_nothing(owed, facts, policy, today=today):
            following = _step_after(
                find_letter_step(policy, facts.kind) or step, policy, facts.kind
            )
            if following is None:
                return None
            day, step = max(day, compute_step_day(following, item.due_on)), following
        from_on = next_working_day(max(day, rest.latest_on(today)))
        return Rung(step, day, from_on)
    unposted = _find_unposted(item, facts.notices)
    if unposted is not None:
        return _hold_unposted(unposted)
    again = _reminder_again(policy, facts, own)
    if again is not None:
        return Rung(again, rung.day, rung.from_on)
    return LegalHold(
        "not_in_default", explanations.explain_not_in_default(item, state.because), None
    )


def _number_letter(letter: Step, item: OpenItem, notices: Iterable[PastNotice]) -> Step:
    """The letter step; under a key with a number where letters about this invoice came before."""
    before = len(list_letters(item, notices))
    return replace(letter, key=f"{letter.key}_{before + 1}") if before else letter


def _adds_nothing(owed: Sequence[Owed], facts: DebtorFacts, policy: Policy, *, today: date) -> bool:
    """Whether a letter of today would add no costs to those that were claimed before."""
    if not any(one.claimed_cents for one in facts.notices):
        return False
    new = select_for_letter(owed, facts, policy.rules, today=today)
    return bool(new) and not compute_new_costs(new, facts, policy.rules, on=today).total_cents


def _after_letter(rung: Rung, notice: PastNotice, *, today: date) -> Rung | LegalHold:
    """The last demand once the letter has expired; without proof of receipt it names no costs."""
    if notice.is_unposted:
        return _hold_unposted(notice)
    if notice.last_day is None:
        return rung
    over_on = add_working_days(notice.last_day, 1)
    if over_on > max(rung.day, today):
        return Rung(rung.step, over_on, max(over_on, rung.from_on))
    if notice.received_on is not None and not notice.is_bank_read:
        because = explanations.explain_bank_not_read(notice.last_day)
        return LegalHold("bank_not_read", because, next_working_day(add_days(today, 1)))
    return rung


def _find_unposted(item: OpenItem, notices: Iterable[PastNotice]) -> PastNotice | None:
    """A printed notice of default about this invoice that nobody said was posted; the last."""
    found = [
        one
        for one in notices
        if one.kind == "ingebrekestelling"
        and one.item_id == item.item_id
        and one.is_unposted
        and not one.is_void
    ]
    return max(found, key=lambda one: one.sent_on, default=None)


def _hold_unposted(notice: PastNotice) -> LegalHold:
    return LegalHold("not_posted", explanations.explain_not_posted(notice.sent_on), None)


def _reminder_again(
    policy: Policy, facts: DebtorFacts, own: tuple[PastContact, ...]
) -> Step | None:
    """Once more the reminder with a date, where the first did not put the debtor in default.

    None once such a reminder reached him and still did not: a person looks at what is wrong.
    """
    reminder = find_reminder_step(policy, facts.kind)
    if reminder is None:
        return None
    said = [one for one in own if one.step_key.startswith(reminder.key + _AGAIN)]
    is_vain = all(_told_nothing(one, facts.notices) for one in said)
    return _number_again(reminder, said) if is_vain else None


def _say_reminder(reminder: Step, had: tuple[PastContact, ...]) -> Step:
    """The reminder itself; where it was sent before in vain, under the next free key."""
    said = [one for one in had if one.step_key.startswith(reminder.key)]
    if all(one.came_back for one in said):
        return say_anew(reminder, said) if said else reminder
    return _number_again(reminder, [one for one in said if _AGAIN in one.step_key])


def _number_again(reminder: Step, said: Sequence[PastContact]) -> Step:
    turn = len(said) + 1 if said else ""
    return replace(reminder, key=f"{reminder.key}{_AGAIN}{turn}")


def _told_nothing(contact: PastContact, notices: Iterable[PastNotice]) -> bool:
    """Whether it did not reach him, or has no effect in law: he moved, or others act for him."""
    return contact.came_back or any(
        one.is_void
        and one.kind == "ingebrekestelling"
        and one.item_id == contact.item_id
        and (one.printed_on or one.sent_on) == contact.on
        for one in notices
    )


def _step_after(step: Step, policy: Policy, kind: str) -> Step | None:
    at = policy.steps.index(step)
    return next((one for one in policy.steps[at + 1 :] if one.is_for(kind)), None)


@lru_cache(maxsize=_DAYS_KEPT)
def _is_law_known(today: date) -> bool:
    """Whether there is law for a letter of this day: not before 2012, nor in a far future."""
    try:
        compute_letter_days(today, by="post")
    except Refusal:
        return False
    return True
