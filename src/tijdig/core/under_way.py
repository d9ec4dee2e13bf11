"""The case of one decision, and what is under way in it: doubt, a message, a call."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tijdig.core import explanations
from tijdig.core.cadence import compute_call_lapse, take_off_anew
from tijdig.core.calendar import add_days, next_working_day
from tijdig.core.case_messages import CASE_STEP_PREFIX
from tijdig.core.construction import quick_to_make
from tijdig.core.decision import COPY, Decision
from tijdig.core.direct_debits.planned import DEBIT_STEP_PREFIX
from tijdig.core.facts import FOR_CREDITOR, DebtorFacts, OpenItem, PastContact, Stop
from tijdig.core.netting import Owed
from tijdig.core.plan_steps import PLAN_STEP_PREFIX
from tijdig.core.policy import Policy
from tijdig.core.problem import Sentence

# A run asks the same of its own day for every debtor.
_DAYS_KEPT = 64
# These are no steps of the cadence.
_OTHER_STEPS = (PLAN_STEP_PREFIX, DEBIT_STEP_PREFIX, CASE_STEP_PREFIX)


@quick_to_make
@dataclass(frozen=True, slots=True)
class Case:
    """The facts of one decision with what was worked out of them."""

    facts: DebtorFacts
    policy: Policy
    today: date
    owed: tuple[Owed, ...]
    aside: tuple[Stop, ...] = ()

    def nothing(
        self,
        reason: str,
        because: Sentence,
        *,
        next_look_on: date | None = None,
        carrying: OpenItem | None = None,
    ) -> Decision:
        """Nothing happens; a next look that is not ahead is none."""
        if next_look_on is not None and next_look_on <= self.today:
            next_look_on = None
        return Decision(
            debtor_id=self.facts.debtor_id,
            on=self.today,
            outcome="nothing",
            reason=reason,
            because=because,
            facts_version=self.facts.facts_version,
            carrying=carrying,
            next_look_on=next_look_on,
        )


def decide_on_work_under_way(case: Case) -> Decision | None:
    """Nothing more while something is under way; None where nothing is."""
    if not case.facts.contacts:
        return None
    doubts: list[PastContact] = []
    waiting: list[PastContact] = []
    calls: list[PastContact] = []
    for contact in case.facts.contacts:
        if contact.state == "in_doubt" and _has_legal_effect(contact, case.policy):
            doubts.append(contact)
        elif contact.state == "waiting":
            waiting.append(contact)
        elif contact.state == "call_open":
            calls.append(contact)
    if doubts:
        return case.nothing("in_doubt_waits", explanations.explain_in_doubt(_first(doubts)))
    if waiting:
        first = _first(waiting)
        explain = explanations.explain_waiting
        if first.held_for == FOR_CREDITOR:
            explain = explanations.explain_waiting_for_creditor
        because = explain(first)
        return case.nothing("message_waiting", because, next_look_on=find_next_run(case.today))
    # Nobody is called about what is set aside: its stop or its plan says what happens.
    if not calls or not case.owed:
        return None
    call = max(calls, key=lambda contact: contact.on)
    lapses_on = compute_call_lapse(call, case.policy)
    if lapses_on <= case.today:
        return None
    because = explanations.explain_open_call(call, lapses_on)
    return case.nothing("call_open", because, next_look_on=lapses_on)


def hold_unposted(case: Case) -> Decision | None:
    """No next step, a call neither, while a letter is not known to be posted.

    A letter of the cadence, or what a case tells (a copy, an answer). What a plan says holds the
    plan itself, and what announces a collection the collection.
    Whatever it was and whoever he is: nothing firmer follows what a debtor may never have had.
    """
    printed = [one for one in case.facts.contacts if one.is_unposted]
    if not printed:
        return None
    opened = {(one.item_id, one.reopen_count) for one in case.facts.items if one.open_cents > 0}
    unposted = [one for one in printed if (one.item_id, one.reopen_count) in opened and _holds(one)]
    if not unposted:
        return None
    return case.nothing("not_posted", explanations.explain_not_posted(_first(unposted).on))


@lru_cache(maxsize=_DAYS_KEPT)
def find_next_run(today: date) -> date | None:
    """The next day on which anything may go out; None after the last day a date can be."""
    day = next_working_day(add_days(today, 1))
    return day if day > today else None


def _first(contacts: list[PastContact]) -> PastContact:
    """The oldest; the rest only makes it the same for every caller."""
    return min(contacts, key=lambda one: (one.on, one.step_key, one.item_id, one.held_for))


def _has_legal_effect(contact: PastContact, policy: Policy) -> bool:
    """A step that the policy no longer has may have been a last demand: unknown is not harmless."""
    if not _is_of_cadence(contact):
        return False
    key = take_off_anew(contact.step_key)
    phases = [step.phase for step in policy.steps if step.key == key]
    return not phases or "last_demand" in phases or "veertiendagenbrief" in phases


def _holds(contact: PastContact) -> bool:
    return _is_of_cadence(contact) or contact.step_key.startswith(CASE_STEP_PREFIX)


def _is_of_cadence(contact: PastContact) -> bool:
    """A copy is none: what it copies went out beside it, and holds by itself where it must."""
    return not contact.step_key.startswith(_OTHER_STEPS) and not contact.step_key.endswith(COPY)
