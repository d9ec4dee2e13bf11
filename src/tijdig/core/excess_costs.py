"""What was booked of collection costs and is not owed by what is known now.

A payment may turn out to have come in time, an invoice may be credited, and a letter may turn out
to have been no letter in law: costs never stay higher than the facts of today make them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.core.calendar import add_days
from tijdig.core.creditor_rules import CreditorRules, find_agreed_costs, is_consumer
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.instalment_costs import (
    is_in_look_back,
    limit_for_instalments,
    take_off_asked,
)
from tijdig.core.item_default import compute_default_on_paper, is_before_default
from tijdig.core.law.agreed_costs import AgreedCosts
from tijdig.core.law.collection_costs import (
    Instalment,
    compute_agreed_costs,
    compute_collection_costs,
)
from tijdig.core.netting import list_set_off
from tijdig.core.notices import PastNotice
from tijdig.core.problem import Refusal
from tijdig.core.protection import find_insolvency_start


@dataclass(frozen=True, slots=True)
class CostsPart:
    """An invoice under booked costs: what was counted of it then, and what it is now.

    `owed_cents` is the invoice less what was credited on it, on whatever day; `movements` are
    (day, cents) of all else, below zero for money that came.
    """

    item: OpenItem
    principal_cents: int
    owed_cents: int
    movements: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BookedCosts:
    """Costs as they were booked: their open item, and what is claimed after waivers."""

    item_id: UUID
    claimed_on: date
    cents: int
    has_vat: bool
    parts: tuple[CostsPart, ...]
    message_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Standing:
    """A line, what was left of its invoices, and what it still asks once its excess is back."""

    line: BookedCosts
    rests: Mapping[UUID, int]
    cents: int


def find_excess_costs(
    facts: DebtorFacts,
    rules: CreditorRules,
    booked: Sequence[BookedCosts],
    *,
    agreed: AgreedCosts | None,
    today: date,
) -> dict[UUID, int]:
    """Per line of costs (its open item) what is claimed more than the facts of today allow.

    A consumer owes them over what was not paid on the last day of a right letter, a business over
    what was not paid when its default began. What was credited was never owed; money that is kept
    for him counts from the day that it came. Costs of a business that were claimed since its
    insolvency began cannot be filed in it. Of several letters to a consumer the later line is
    lowered to what it adds: together they are never more than the costs over what is left of all.
    Law: BW 6:96 lid 4-7; ECLI:NL:HR:2016:2704 rov. 3.8.
    """
    excess = {}
    earlier: list[_Standing] = []
    for line in booked:
        if is_consumer(facts.kind):
            rests = _find_rests(facts, rules, line)
            owed = _owed_by_consumer(facts, rules, line, rests, earlier)
            earlier.append(_Standing(line, rests, min(owed, line.cents)))
        else:
            owed = _owed_by_business(facts, rules, line, agreed=agreed, today=today)
        if owed < line.cents:
            excess[line.item_id] = line.cents - owed
    return excess


def _find_rests(facts: DebtorFacts, rules: CreditorRules, line: BookedCosts) -> dict[UUID, int]:
    """What was left of each invoice on the last day of the letter; nothing where it is none."""
    letters = {
        one.item_id: one
        for one in facts.notices
        if one.kind == "veertiendagenbrief"
        and one.message_id == line.message_id
        and not one.is_void
    }
    rests = {}
    for part in line.parts:
        letter = letters.get(part.item.item_id)
        if letter is None or not _brings_costs(letter, part.item, facts, rules):
            return {}
        last_day = letter.last_day or line.claimed_on
        rests[part.item.item_id] = _rest_on(
            last_day, part, list_set_off(facts.items, kept_until=last_day)
        )
    return rests


def _owed_by_consumer(
    facts: DebtorFacts,
    rules: CreditorRules,
    line: BookedCosts,
    rests: Mapping[UUID, int],
    earlier: Sequence[_Standing],
) -> int:
    if not rests:
        return 0
    # Who may have VAT back adds none to what is still asked (Besluit BIK art. 2 lid 3).
    is_open = any(item.item_id == line.item_id for item in facts.items)
    adds_vat = line.has_vat and (rules.adds_vat or not is_open)
    counted = {item_id for one in earlier if one.cents for item_id in one.rests}
    own = {item_id: cents for item_id, cents in rests.items() if item_id not in counted}
    costs = compute_collection_costs([sum(own.values())], on=line.claimed_on, adds_vat=adds_vat)
    if rules.sends_instalments and own:
        due_on = {part.item.item_id: part.item.due_on for part in line.parts}
        costs = limit_for_instalments(
            costs, [Instalment(due_on[item_id], cents) for item_id, cents in own.items()]
        )
    before = _list_left(facts, earlier, line)
    asked = _sum_paid(earlier, before, line) if rules.sends_instalments else 0
    costs = take_off_asked(costs, asked)
    if not before:
        return costs.total_cents
    left = [cents for one in before for cents in one.rests.values()]
    whole = compute_collection_costs(
        [*left, *own.values()], on=line.claimed_on, adds_vat=adds_vat
    ).total_cents
    return max(0, min(costs.total_cents, whole - asked - sum(one.cents for one in before)))


def _sum_paid(earlier: Sequence[_Standing], left: Sequence[_Standing], line: BookedCosts) -> int:
    """The costs of paid instalments that count with this line: those of the same six months."""
    newest_on = max(part.item.due_on for part in line.parts)
    return sum(
        one.cents
        for one in earlier
        if one not in left
        and any(is_in_look_back(part.item.due_on, newest_on=newest_on) for part in one.line.parts)
    )


def _list_left(
    facts: DebtorFacts, earlier: Sequence[_Standing], line: BookedCosts
) -> list[_Standing]:
    """The lines of before this one of which an invoice was still open when its letter was written.

    What was paid in full before that could not be demanded with it any more.
    """
    written = [
        one.printed_on or one.sent_on
        for one in facts.notices
        if one.message_id == line.message_id and one.kind == "veertiendagenbrief"
    ]
    before = add_days(min(written, default=line.claimed_on), -1)
    return [
        one
        for one in earlier
        if one.cents and any(_rest_on(before, part, {}) > 0 for part in one.line.parts)
    ]


def _brings_costs(
    letter: PastNotice, item: OpenItem, facts: DebtorFacts, rules: CreditorRules
) -> bool:
    is_received = letter.received_on is not None and letter.last_day is not None
    return is_received and not is_before_default(letter, item, facts, rules)


def _owed_by_business(
    facts: DebtorFacts,
    rules: CreditorRules,
    line: BookedCosts,
    *,
    agreed: AgreedCosts | None,
    today: date,
) -> int:
    insolvent_from = find_insolvency_start(facts.protections, today=today)
    if insolvent_from is not None and line.claimed_on >= insolvent_from:
        return 0
    rests = []
    for part in line.parts:
        try:
            from_on = compute_default_on_paper(part.item, facts, rules).in_default_from
        except Refusal:
            return line.cents  # From before the law that we know: it stays as it is.
        if from_on is not None and from_on <= today:
            before = add_days(from_on, -1)
            rests.append(_rest_on(before, part, list_set_off(facts.items, kept_until=before)))
    rest = sum(rests)
    if rest >= sum(part.principal_cents for part in line.parts):
        return line.cents
    terms = find_agreed_costs(rules, agreed)
    on, adds_vat = line.claimed_on, line.has_vat
    if terms is None:
        return compute_collection_costs([rest], on=on, adds_vat=adds_vat).total_cents
    return compute_agreed_costs([rest], terms, on=on, adds_vat=adds_vat).total_cents


def _rest_on(day: date, part: CostsPart, credited: Mapping[UUID, int]) -> int:
    """What was open of the invoice at the end of a day, never more than was counted then."""
    moved = sum(cents for on, cents in part.movements if on <= day)
    owed = part.owed_cents + moved - credited.get(part.item.item_id, 0)
    return max(0, min(part.principal_cents, owed))
