"""Letters about invoices that are still open, and the costs that one more letter may name."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from fractions import Fraction
from uuid import UUID

from tijdig.core.calendar import add_days, next_working_day
from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.instalment_costs import (
    compute_asked_before,
    limit_for_instalments,
    take_off_asked,
)
from tijdig.core.law.collection_costs import (
    CollectionCosts,
    Instalment,
    compute_collection_costs,
)
from tijdig.core.money import round_cents
from tijdig.core.netting import Owed
from tijdig.core.notices import PastNotice
from tijdig.core.problem import Sentence


def find_valid_letter(item: OpenItem, notices: Iterable[PastNotice]) -> PastNotice | None:
    """The last veertiendagenbrief about this invoice, where it counts; None without one.

    A letter takes the place of the one before it, and says so: an earlier one never counts again,
    also where it proves right after all, and the last one void. One after which costs were claimed
    without this invoice, which was disputed or paid then, does not bring more of them: the invoice
    gets a letter of its own. Law: BW 6:96 lid 6.
    """
    known = tuple(notices)
    letters = list_letters(item, known)
    if not letters:
        return None
    # Of one day the last in order, which is that of their making.
    last = max(letters[::-1], key=lambda one: one.printed_on or one.sent_on)
    return last if is_letter_valid(item, last) and not _is_spent(last, known) else None


def _is_spent(letter: PastNotice, notices: Iterable[PastNotice]) -> bool:
    """Whether costs were claimed after this message, over other invoices than that of the letter.

    A letter brings costs once.
    """
    return letter.claimed_cents <= 0 and any(
        one.message_id == letter.message_id and one.claimed_cents > 0
        for one in notices
        if one.kind == "veertiendagenbrief"
    )


def is_letter_valid(item: OpenItem, letter: PastNotice) -> bool:
    """Whether a letter counts: it is not void, and the invoice was due when it was sent.

    Who was given a later day after the letter was not late yet by that day. Law: BW 6:96 lid 6.
    """
    return not letter.is_void and letter.sent_on > item.due_on


def list_letters(item: OpenItem, notices: Iterable[PastNotice]) -> list[PastNotice]:
    """Every veertiendagenbrief about this invoice, void ones too."""
    return [
        one for one in notices if one.kind == "veertiendagenbrief" and one.item_id == item.item_id
    ]


def compute_new_costs(
    owed: Sequence[Owed], facts: DebtorFacts, rules: CreditorRules, *, on: date
) -> CollectionCosts:
    """The costs that a letter about these claims names: what they add to those of earlier letters.

    The principals of one debtor are added up, so a second letter adds only the difference, also to
    what was claimed over an invoice of which a part was paid since; 0 where it adds nothing. Of
    several instalments only the highest counts, less what was asked for others of the same six
    months, paid ones too. Law: BW 6:96 lid 5 and 7, Besluit BIK art. 2a.
    """
    costs = _compute_added(owed, facts, rules, on=on)
    if not rules.sends_instalments or not owed:
        return costs
    own = [Instalment(one.item.due_on, one.net_cents) for one in owed]
    newest_on = max(one.due_on for one in own)
    asked = compute_asked_before(facts.notices, facts.items, newest_on=newest_on)
    return take_off_asked(limit_for_instalments(costs, own), asked)


def _compute_added(
    owed: Sequence[Owed], facts: DebtorFacts, rules: CreditorRules, *, on: date
) -> CollectionCosts:
    own = [one.net_cents for one in owed]
    earlier = _list_earlier(owed, facts)
    if not earlier:
        return compute_collection_costs(own, on=on, adds_vat=rules.adds_vat)
    before = compute_collection_costs(
        [cents for _, cents in earlier], on=on, adds_vat=rules.adds_vat
    )
    whole = compute_collection_costs(
        [*(cents for _, cents in earlier), *own], on=on, adds_vat=rules.adds_vat
    )
    # What was paid since brings no costs beside those that were, or may be, claimed over it.
    claimed = _sum_claimed(earlier, on=on, adds_vat=rules.adds_vat)
    total = max(0, whole.total_cents - max(before.total_cents, claimed))
    vat = round_cents(Fraction(total * whole.vat_cents, whole.total_cents))
    told = Sentence(
        "Min de kosten van eerdere brieven over facturen die nog openstaan (BW 6:96 lid 7).",
        "Less the costs of earlier letters about invoices that are still open (BW 6:96 lid 7).",
    )
    return CollectionCosts(sum(own), total - vat, vat, total, (*whole.because, told))


def _sum_claimed(earlier: Sequence[tuple[PastNotice, int]], *, on: date, adds_vat: bool) -> int:
    """What was claimed after earlier letters, or will be by what was paid after their terms."""
    own: dict[UUID, list[tuple[PastNotice, int]]] = {}
    for letter, cents in earlier:
        own.setdefault(letter.message_id, []).append((letter, cents))
    total = 0
    for parts in own.values():
        claimed = max(letter.claimed_cents for letter, _ in parts)
        if claimed <= 0 and any(letter.rest_cents is not None for letter, _ in parts):
            rests = [
                max(cents, min(letter.amount_cents, letter.rest_cents or 0))
                for letter, cents in parts
            ]
            due = compute_collection_costs(rests, on=on, adds_vat=adds_vat)
            claimed = min(due.total_cents, parts[0][0].costs_cents)
        total += claimed
    return total


def find_next_costs_day(owed: Iterable[Owed], facts: DebtorFacts, *, today: date) -> date | None:
    """The next day on which a letter may have made costs due: its term is over, the bank is read.

    None where no letter waits for that.
    """
    days = []
    for one in owed:
        letter = find_valid_letter(one.item, facts.notices)
        if letter is None or letter.received_on is None or letter.last_day is None:
            continue
        over_on = next_working_day(add_days(letter.last_day, 1))
        if over_on > today:
            days.append(over_on)
        elif not letter.is_bank_read:
            days.append(next_working_day(add_days(today, 1)))
    return min(days, default=None)


def _list_earlier(owed: Sequence[Owed], facts: DebtorFacts) -> list[tuple[PastNotice, int]]:
    """Earlier letters about other invoices, and what they named of these as far as it is open."""
    new = {one.item.item_id for one in owed}
    found = []
    for item in facts.items:
        if item.kind != "invoice" or item.open_cents <= 0 or item.item_id in new:
            continue
        letter = find_valid_letter(item, facts.notices)
        if letter is not None and letter.costs_cents > 0:
            # What was paid since brings no costs beside those of the rest.
            found.append((letter, min(letter.amount_cents, item.open_cents)))
    return found + _list_named_with(new, facts)


def _list_named_with(new: Collection[UUID], facts: DebtorFacts) -> list[tuple[PastNotice, int]]:
    """What a letter about these invoices claimed over others that were paid since.

    It named the costs over all of them together, and no more than that is asked in two turns.
    """
    opened = {item.item_id for item in facts.items if item.open_cents > 0}
    letters = [one for one in facts.notices if one.kind == "veertiendagenbrief"]
    again = {one.message_id for one in letters if one.item_id in new}
    return [
        (one, one.amount_cents)
        for one in letters
        if one.message_id in again
        and one.claimed_cents > 0
        and one.item_id not in opened
        and one.item_id not in new
    ]
