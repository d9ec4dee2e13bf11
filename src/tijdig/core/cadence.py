"""The rhythm of one debtor: which step is next, and the first day on which it can go out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from tijdig.core.calendar import (
    add_days,
    add_working_days,
    next_working_day,
    previous_working_day,
)
from tijdig.core.construction import quick_to_make
from tijdig.core.facts import DebtorKind, OpenItem, PastContact
from tijdig.core.policy import Policy, Step

# Money paid on the last day is on the statement that we read the next working morning.
_BANK_WORKING_DAYS = 1
# What is said once more where it came back; the notice is only friendly, and a letter about costs
# has rules of its own.
_SAID_ANEW = frozenset({"reminder", "last_demand"})
_ANEW = "_anew"


@quick_to_make
@dataclass(frozen=True, slots=True)
class Rung:
    """A step that comes next: its own day, and the first working day on which it can go out."""

    step: Step
    day: date
    from_on: date


@dataclass(frozen=True, slots=True)
class Rest:
    """The days before which the debtor is left alone; None where nothing holds.

    `gap_on` follows the last contact, `term_on` follows `pay_by_on`: the last day to pay that a
    message gave.
    """

    gap_on: date | None = None
    pay_by_on: date | None = None
    term_on: date | None = None

    def latest_on(self, today: date) -> date:
        """The first day that both allow, from `today` on."""
        latest = today
        if self.gap_on is not None and self.gap_on > latest:
            latest = self.gap_on
        if self.term_on is not None and self.term_on > latest:
            latest = self.term_on
        return latest


_NO_REST = Rest()


def compute_step_day(step: Step, due_on: date) -> date:
    """The working day that a step is meant for.

    A notice moves back and falls before the due date; every other step moves forward and falls
    after it: a debtor has the whole due date to pay.
    """
    return _move(due_on, step.offset_days, step.phase == "before_due")


@lru_cache(maxsize=4096)
def _move(due_on: date, offset_days: int, before: bool) -> date:
    if before:
        return previous_working_day(add_days(due_on, min(offset_days, -1)))
    return next_working_day(add_days(due_on, max(offset_days, 1)))


def compute_rest(contacts: Iterable[PastContact], policy: Policy) -> Rest:
    """How long the debtor is left alone after what he already got.

    A call that nobody made is no contact; a letter is one on the day of its posting. A term holds
    for the whole debtor: a message lists more than the invoice that carried it, and its term must
    not be cut short by another of them.
    """
    made = [contact for contact in contacts if contact.state != "call_open"]
    if not made:
        return _NO_REST
    last_on = max(contact.posted_on or contact.on for contact in made)
    gap_on = add_days(last_on, max(policy.min_gap_days, 1))
    # What came back gave nobody a term.
    terms = [one.pay_by_on for one in made if one.pay_by_on is not None and not one.came_back]
    if not terms:
        return Rest(gap_on)
    pay_by_on = max(terms)
    return Rest(gap_on, pay_by_on, add_working_days(pay_by_on, _BANK_WORKING_DAYS))


def list_contacts_for(item: OpenItem, contacts: Iterable[PastContact]) -> tuple[PastContact, ...]:
    """The contacts that this invoice carried since it was last opened, oldest first."""
    own = [
        contact
        for contact in contacts
        if contact.item_id == item.item_id and contact.reopen_count == item.reopen_count
    ]
    return tuple(sorted(own, key=_when)) if own else ()


def find_next_rung(
    policy: Policy,
    item: OpenItem,
    own_contacts: Iterable[PastContact],
    *,
    kind: DebtorKind,
    rest: Rest,
    today: date,
) -> Rung | None:
    """The step after the furthest one taken that is for this kind of debtor; None after the last.

    A notice that can no longer go out before the due date is passed over. With no step taken, old
    arrears thus enter at the first reminder, however long ago that day was. A reminder or last
    demand that came back is no step taken: it goes anew, before anything firmer, unless a later
    step reached him.
    """
    steps, own = policy.steps, tuple(own_contacts)
    if taken := {contact.step_key for contact in own}:
        furthest = max([n for n, step in enumerate(steps) if step.key in taken], default=-1)
        steps = _list_anew(steps[: furthest + 1], own) + steps[furthest + 1 :]
    earliest_on = rest.latest_on(today)
    for step in steps:
        if not step.is_for(kind):
            continue
        day = compute_step_day(step, item.due_on)
        from_on = next_working_day(max(day, earliest_on))
        if step.phase != "before_due" or from_on < item.due_on:
            return Rung(step, day, from_on)
    return None


def say_anew(step: Step, said: Sequence[PastContact]) -> Step:
    """The step once more, under a key of its own: `said` is each time that it was said."""
    turn = len(said) if len(said) > 1 else ""
    return replace(step, key=f"{step.key}{_ANEW}{turn}")


def take_off_anew(step_key: str) -> str:
    """The key of the policy's step, also where it went anew because it came back."""
    return step_key.partition(_ANEW)[0]


def find_back(own: Sequence[PastContact], policy: Policy) -> PastContact | None:
    """The last contact where it is a step that is said anew and did not reach him.

    A call that nobody made does not count as a contact after it.
    """
    last = next((one for one in reversed(own) if one.state != "call_open"), None)
    if last is None or not last.came_back:
        return None
    key = take_off_anew(last.step_key)
    phases = [step.phase for step in policy.steps if step.key == key]
    return last if _SAID_ANEW.intersection(phases) else None


def is_anew(step: Step, contact: PastContact) -> bool:
    """Whether this step says once more what the contact said."""
    return _ANEW in step.key and take_off_anew(step.key) == take_off_anew(contact.step_key)


def _list_anew(steps: tuple[Step, ...], own: tuple[PastContact, ...]) -> tuple[Step, ...]:
    """What came back of these steps, once more, in their order: down to the last that reached him.

    A call that nobody made reached nobody.
    """
    anew: list[Step] = []
    for step in reversed(steps):
        said = [
            one
            for one in own
            if one.step_key == step.key or one.step_key.startswith(f"{step.key}_")
        ]
        if not all(one.came_back or one.state == "call_open" for one in said):
            break
        if said and step.phase in _SAID_ANEW:
            anew.insert(0, say_anew(step, said))
    return tuple(anew)


def compute_debit_rest(item: OpenItem, policy: Policy) -> date:
    """The first day on which an unpaid direct-debit item counts: its rest days have passed."""
    return add_days(item.due_on, max(policy.direct_debit_rest_days, 0) + 1)


def compute_call_lapse(call: PastContact, policy: Policy) -> date:
    """The day on which the cadence goes on without a call that nobody made."""
    return add_working_days(call.on, max(policy.call_lapse_working_days, 1))


def _when(contact: PastContact) -> tuple[date, str, str, date]:
    """By day; the rest only makes the order the same for every caller."""
    return (contact.on, contact.step_key, contact.state, contact.pay_by_on or date.min)
