"""From when a debtor is in default, invoice by invoice, by its term and the notices about it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from tijdig.core.calendar import add_days, format_day
from tijdig.core.creditor_rules import CreditorRules, is_consumer, is_term_agreed
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.law.dated import get_value
from tijdig.core.law.default import DefaultState, NoticeOfDefault, PaymentTerm, compute_default
from tijdig.core.law.tables import NOTICE_TERM_DAYS
from tijdig.core.notices import PaperItem, PastNotice
from tijdig.core.problem import Sentence
from tijdig.core.told_collections import list_told_collections, wait_for_collections


def compute_item_default(item: OpenItem, facts: DebtorFacts, rules: CreditorRules) -> DefaultState:
    """From when the debtor is in default with this invoice, by its term and its notices.

    Who got the invoice again, with a new term, is not in default before that is over: no interest
    runs over days that the creditor gave.
    """
    state = compute_default_on_paper(item, facts, rules)
    until_on = _find_given_time(item, facts)
    if state.in_default_from is None or until_on is None or state.in_default_from > until_on:
        return state
    from_on = add_days(until_on, 1)
    because = Sentence(
        f"In verzuim vanaf {format_day(from_on, 'nl')}: hij kreeg de factuur opnieuw, met een"
        " nieuwe termijn, en die is voorbij.",
        f"In default from {format_day(from_on, 'en')}: he got the invoice again, with a new term,"
        " and that is over.",
    )
    return DefaultState(from_on, needs_notice=False, because=because)


def _find_given_time(item: OpenItem, facts: DebtorFacts) -> date | None:
    """The last day that a copy of this invoice gave; None without one that left the house."""
    days = [
        one.pay_by_on
        for one in facts.contacts
        if one.pay_by_on is not None
        and item.item_id in one.gives_time_for
        and one.state in ("done", "in_doubt")
    ]
    return max(days, default=None)


def compute_default_on_paper(
    item: OpenItem, facts: DebtorFacts, rules: CreditorRules
) -> DefaultState:
    """Default by the term and the notices alone: what was asked before a copy went stays asked.

    Never while the creditor himself may still be collecting it by direct debit, nor before the day
    after a collection that was announced in time: who waits for that is not late by it.
    Law: BW 6:58-61, 6:81-83.
    """
    state = _wait_for_rest(item, _compute_without_debit(item, facts, rules), rules)
    if state.in_default_from is None or not facts.contacts:
        return state
    told = list_told_collections(facts.contacts)
    from_on = wait_for_collections(state.in_default_from, item.item_id, told)
    if from_on == state.in_default_from:
        return state
    because = Sentence(
        f"In verzuim vanaf {format_day(from_on, 'nl')}: u kondigde aan dat u tot die dag zelf zou"
        " incasseren (BW 6:58-61).",
        f"In default from {format_day(from_on, 'en')}: you announced that you would collect it"
        " yourself before that day (BW 6:58-61).",
    )
    return replace(state, in_default_from=from_on, because=because)


def _wait_for_rest(item: OpenItem, state: DefaultState, rules: CreditorRules) -> DefaultState:
    if not item.by_direct_debit or state.in_default_from is None:
        return state
    rested_on = add_days(item.due_on, max(rules.debit_rest_days, 0) + 1)
    if state.in_default_from >= rested_on:
        return state
    because = Sentence(
        f"In verzuim vanaf {format_day(rested_on, 'nl')}: tot die dag kon u zelf nog incasseren"
        " (BW 6:58-61).",
        f"In default from {format_day(rested_on, 'en')}: until that day you could still collect it"
        " yourself (BW 6:58-61).",
    )
    return replace(state, in_default_from=rested_on, because=because)


def _compute_without_debit(
    item: OpenItem, facts: DebtorFacts, rules: CreditorRules
) -> DefaultState:
    agreed = is_term_agreed(rules, facts.kind, item.term)
    issued_on = min(item.issued_on, item.due_on)
    term = PaymentTerm(
        issued_on,
        item.due_on,
        "agreed" if agreed else "stated",
        is_large_to_small=facts.is_large_to_small and facts.kind == "business",
    )
    states = [
        compute_default(term, kind=facts.kind, notice=notice)
        for notice in _list_notices_of_default(item, facts.notices)
    ]
    if not states or agreed:
        return compute_default(term, kind=facts.kind)
    return min(states, key=lambda state: state.in_default_from or date.max)


def is_in_default(item: OpenItem, facts: DebtorFacts, rules: CreditorRules, *, today: date) -> bool:
    """Whether the debtor is in default with this invoice on a day."""
    from_on = compute_item_default(item, facts, rules).in_default_from
    return from_on is not None and from_on <= today


def puts_in_default(
    listed: Iterable[tuple[UUID, int]],
    facts: DebtorFacts,
    rules: CreditorRules,
    *,
    phase: str,
    today: date,
) -> bool:
    """Whether a message may say that he is in default once the term that it gives is over.

    Untrue of whoever is in default already: a reminder says it as long as it lists anything that he
    is not in default with, a last demand, which asks costs and interest, only where that holds for
    all. A debtor who needs no notice is never told so. Law: BW 6:82.
    """
    if not is_consumer(facts.kind):
        return False
    wanted = {item_id for item_id, cents in listed if cents > 0}
    late = [
        is_in_default(item, facts, rules, today=today)
        for item in facts.items
        if item.item_id in wanted and item.kind == "invoice"
    ]
    return not any(late) if phase == "last_demand" else not all(late)


def is_before_default(
    letter: PastNotice, item: OpenItem, facts: DebtorFacts, rules: CreditorRules
) -> bool:
    """Whether the debtor was not in default yet with this invoice when the letter was sent.

    By all that is known now: a notice of default may have come back, or gone later than thought.
    More time that was given since changes nothing. Law: BW 6:96 lid 6.
    """
    on_paper = replace(item, due_on=item.extended_from_on or item.due_on)
    from_on = compute_default_on_paper(on_paper, facts, rules).in_default_from
    return from_on is None or from_on > letter.sent_on


def find_letters_before_default(facts: DebtorFacts, rules: CreditorRules) -> set[UUID]:
    """The messages that count as a letter, about an invoice that was not in default then.

    Also where it has been paid since: its letter asked too early, for all that it lists.
    """
    if not is_consumer(facts.kind):
        return set()
    letters = [one for one in facts.notices if one.kind == "veertiendagenbrief" and not one.is_void]
    items = {
        one.item_id: _read_paper(one.item_id, one.paper) for one in letters if one.paper is not None
    } | {item.item_id: item for item in facts.items if item.kind == "invoice"}
    return {
        one.message_id
        for one in letters
        if one.item_id in items and is_before_default(one, items[one.item_id], facts, rules)
    }


def _read_paper(item_id: UUID, paper: PaperItem) -> OpenItem:
    """An invoice of which nothing is open any more."""
    return OpenItem(
        item_id,
        "",
        "invoice",
        paper.issued_on,
        paper.due_on,
        0,
        term=paper.term,
        by_direct_debit=paper.by_direct_debit,
    )


def compute_letter_default(
    listed: Iterable[tuple[UUID, int]], facts: DebtorFacts, rules: CreditorRules
) -> date | None:
    """From when the debtor is in default with all that a letter lists; None while one is not."""
    wanted = {item_id for item_id, _ in listed}
    days = [
        compute_item_default(item, facts, rules).in_default_from
        for item in facts.items
        if item.item_id in wanted and item.kind == "invoice"
    ]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _list_notices_of_default(
    item: OpenItem, notices: Iterable[PastNotice]
) -> list[NoticeOfDefault]:
    """The notices that can put in default: none of before the claim was due, by what is known now.

    The books may have moved its due date since. A later day that was agreed is no such change.
    """
    due_on = item.extended_from_on or item.due_on
    return [
        NoticeOfDefault(one.received_on, one.last_day)
        for one in notices
        if one.kind == "ingebrekestelling"
        and one.item_id == item.item_id
        and not one.is_void
        and (one.printed_on or one.sent_on) > due_on
        and one.received_on is not None
        and one.last_day is not None
        and _gives_reasonable_term(one.last_day, one.received_on, one)
    ]


def _gives_reasonable_term(last_day: date, received_on: date, notice: PastNotice) -> bool:
    """Whether the day that it names lies far enough after its receipt to count as a term.

    The debtor reads that day, however late the letter was posted. Law: BW 6:82 lid 1. Whatever the
    day: one of before the table has its first term, so that every day has a decision.
    """
    posted_after = notice.sent_on - (notice.printed_on or notice.sent_on)
    first_on = NOTICE_TERM_DAYS.rows[0].from_on
    shortest = get_value(NOTICE_TERM_DAYS, max(notice.sent_on, first_on))
    return last_day - posted_after >= add_days(received_on, shortest)
