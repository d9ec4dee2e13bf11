"""What whoever decides after a last demand has to know of the letter and the default behind it."""

from collections.abc import Iterator
from datetime import date

from tijdig.core.creditor_rules import CreditorRules, is_consumer
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.item_default import compute_item_default, is_before_default
from tijdig.core.letter_costs import list_letters
from tijdig.core.problem import Sentence

_LONGEST_LIST = 5


def explain_no_effect(
    facts: DebtorFacts, rules: CreditorRules, *, before: date
) -> tuple[Sentence, ...]:
    """Why no costs follow from what was sent about the open invoices that were due before a day.

    A letter that proved void brings none, and of who is not in default none can be asked: after the
    last demand the cadence says nothing of that any more by itself. Empty for who is no consumer.
    Law: BW 6:82, 6:96 lid 6.
    """
    if not is_consumer(facts.kind):
        return ()
    own = [
        item
        for item in facts.items
        if item.kind == "invoice" and item.open_cents > 0 and item.due_on < before
    ]
    void = [item for item in own if _has_only_void_letters(item, facts, rules)]
    unwarned = [item for item in own if compute_item_default(item, facts, rules).needs_notice]
    return (*_explain_void(void), *_explain_unwarned(unwarned))


def _has_only_void_letters(item: OpenItem, facts: DebtorFacts, rules: CreditorRules) -> bool:
    letters = list_letters(item, facts.notices)
    return bool(letters) and all(
        one.is_void or is_before_default(one, item, facts, rules) for one in letters
    )


def _explain_void(items: list[OpenItem]) -> Iterator[Sentence]:
    if items:
        yield Sentence(
            f"De veertiendagenbrief telt niet voor {_name(items)}: daarover zijn geen incassokosten"
            " verschuldigd (BW 6:96 lid 6). Vroeg de laatste aanmaning ze wel? Laat de klant weten"
            " dat hij ze niet hoeft te betalen.",
            f"The fourteen-day letter does not count for {_name(items)}: no collection costs are"
            " owed over that (BW 6:96 lid 6). Did the last demand ask them? Tell the customer that"
            " he need not pay them.",
        )


def _explain_unwarned(items: list[OpenItem]) -> Iterator[Sentence]:
    if items:
        yield Sentence(
            f"De klant is niet in verzuim met {_name(items)}: geen herinnering daarover telt als"
            " ingebrekestelling (BW 6:82). Tijdig stuurt die na de laatste aanmaning niet vanzelf"
            " opnieuw, en dus ook geen nieuwe brief over kosten.",
            f"The customer is not in default with {_name(items)}: no reminder about that counts as"
            " a notice of default (BW 6:82). After the last demand Tijdig does not send it again by"
            " itself, and so no new letter about costs either.",
        )


def _name(items: list[OpenItem]) -> str:
    numbers = sorted(item.number for item in items)
    more = " …" if len(numbers) > _LONGEST_LIST else ""
    return ", ".join(numbers[:_LONGEST_LIST]) + more
