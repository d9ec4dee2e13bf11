"""What a fourteen-day letter does after the answer to an objection, as the answer says it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from tijdig.core import explanations
from tijdig.core.calendar import format_day
from tijdig.core.case_messages import LetterAfterAnswer
from tijdig.core.creditor_rules import CreditorRules, is_consumer
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.item_default import find_letters_before_default
from tijdig.core.letter_costs import compute_new_costs, find_valid_letter
from tijdig.core.netting import Owed
from tijdig.core.notices import MoreTime, PastNotice, is_overtaken
from tijdig.core.problem import Sentence
from tijdig.core.stops import find_blocking


def find_letter_after_answer(
    item: OpenItem,
    facts: DebtorFacts,
    rules: CreditorRules,
    *,
    owed: Mapping[UUID, Owed],
    pay_by_on: date,
    today: date,
) -> LetterAfterAnswer | None:
    """The letter about this invoice, and the costs after it if nothing is paid until `pay_by_on`.

    `owed` is what is asked once the answer is there, by item. None where no costs were to follow:
    no letter that counts and came, they were claimed already, or something without an end holds
    the last demand back. Law: BW 6:96 lid 6.
    """
    letter = find_valid_letter(item, facts.notices) if is_consumer(facts.kind) else None
    if letter is None or letter.claimed_cents > 0 or letter.is_unposted:
        return None
    stop = find_blocking(facts.stops, "last_demand", today=today)
    if stop is not None and stop.until_on is None:
        return None
    if is_overtaken(letter, [MoreTime(today, until_on=pay_by_on)]):
        return LetterAfterAnswer(letter.sent_on, costs_cents=0)
    if letter.received_on is None or letter.message_id in find_letters_before_default(facts, rules):
        return None
    return _name_costs(letter, facts, rules, owed=owed, today=today)


def add_letter(
    because: Sentence, letter: LetterAfterAnswer | None, *, pay_by_on: date | None
) -> Sentence:
    """The same, with what the letter does after the answer."""
    if letter is None or pay_by_on is None:
        return because
    if letter.costs_cents:
        return explanations.add_new_costs(because, letter.costs_cents, pay_by_on)
    nl, en = format_day(letter.sent_on, "nl"), format_day(letter.sent_on, "en")
    return Sentence(
        f"{because.nl} Zo krijgt hij meer tijd dan in de brief van {nl}: eerst volgt een nieuwe.",
        f"{because.en} So he gets more time than in the letter of {en}: a new one comes first.",
    )


def _name_costs(
    letter: PastNotice,
    facts: DebtorFacts,
    rules: CreditorRules,
    *,
    owed: Mapping[UUID, Owed],
    today: date,
) -> LetterAfterAnswer | None:
    """As they are claimed: over what the letter listed and was not paid within its term."""
    parts = [
        left
        for one in facts.notices
        if one.message_id == letter.message_id
        and one.kind == letter.kind
        and one.item_id in owed
        and find_valid_letter(owed[one.item_id].item, facts.notices) is one
        and (left := _leave(owed[one.item_id], one, facts)) is not None
    ]
    # What the letter named, as far as it may still be asked (Besluit BIK art. 2 lid 3).
    adds_vat = letter.vat_cents > 0 and rules.adds_vat
    costs = compute_new_costs(parts, facts, replace(rules, adds_vat=adds_vat), on=today)
    cents = min(costs.total_cents, letter.costs_cents - (0 if adds_vat else letter.vat_cents))
    if not parts or cents <= 0:
        return None
    vat_cents = min(costs.vat_cents, cents)
    return LetterAfterAnswer(letter.sent_on, cents, vat_cents, lists_more=len(parts) > 1)


def _leave(one: Owed, letter: PastNotice, facts: DebtorFacts) -> Owed | None:
    """What costs are over: what came after the term was over lowers it no more."""
    item = next(each for each in facts.items if each.item_id == one.item.item_id)
    rest_cents = item.open_cents if letter.rest_cents is None else letter.rest_cents
    cents = min(letter.amount_cents, rest_cents) - (item.open_cents - one.net_cents)
    return replace(one, item=item, net_cents=cents) if cents > 0 else None
