"""No default before the day after a collection that the debtor was told of in time (BW 6:58-61)."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.core.debtor_facts import make_contact, make_facts, make_invoice

from tijdig.core.claims import compute_due_claims
from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.facts import PastContact
from tijdig.core.item_default import compute_item_default, is_before_default
from tijdig.core.notices import PastNotice
from tijdig.core.told_collections import judge_by_collections, list_told_collections

# A Saturday: it can be collected on Monday the 16th at the earliest.
DUE_ON = date(2026, 3, 14)
ITEM = make_invoice("1", due_on=DUE_ON, cents=100_000, term="agreed")
RULES = CreditorRules(interest_from="everybody")


def announce(told_on: date, collect_on: date, **more: Any) -> PastContact:
    given = {"gives_time_for": (ITEM.item_id,), **more}
    return make_contact(f"debit-{collect_on:%Y%m%d}", told_on, **given)


def default_from(*contacts: PastContact, kind: str = "business") -> date | None:
    facts = make_facts(ITEM, kind=kind, contacts=contacts)
    return compute_item_default(ITEM, facts, RULES).in_default_from


@pytest.mark.parametrize("kind", ["business", "consumer", "public_body"])
def test_who_was_told_before_the_due_date_is_not_in_default_before(kind: str) -> None:
    assert default_from(kind=kind) == date(2026, 3, 15)
    told = announce(date(2026, 3, 2), date(2026, 3, 16))
    assert default_from(told, kind=kind) == date(2026, 3, 17)
    # A second one that was told in time moves it on, one that was told too late does not.
    again = announce(date(2026, 3, 16), date(2026, 3, 31))
    assert default_from(told, again, kind=kind) == date(2026, 4, 1)
    late = announce(date(2026, 3, 17), date(2026, 3, 31))
    assert default_from(late, told, kind=kind) == date(2026, 3, 17)


@pytest.mark.parametrize(
    "more",
    [
        {"came_back": True},
        {"is_unposted": True, "channel": "letter"},
        {"posted_on": date(2026, 3, 15), "channel": "letter"},
        {"gives_time_for": (UUID(int=1),)},
        {"state": "waiting"},
    ],
)
def test_what_did_not_reach_him_in_time_gives_no_time(more: dict[str, Any]) -> None:
    assert default_from(announce(date(2026, 3, 2), date(2026, 3, 16), **more)) == date(2026, 3, 15)


def test_interest_and_a_letter_go_by_the_day_after_it() -> None:
    told = announce(date(2026, 3, 2), date(2026, 3, 16))
    facts = make_facts(ITEM, kind="business", contacts=(told,))
    today = date(2026, 3, 16)
    assert compute_due_claims(facts, RULES, balances={}, today=today) == ()
    claims = compute_due_claims(facts, RULES, balances={}, today=date(2026, 3, 17))
    assert {one.from_on for one in claims} == {date(2026, 3, 17)}
    letter = PastNotice("veertiendagenbrief", ITEM.item_id, UUID(int=5), 100_000, sent_on=today)
    consumer = replace(facts, kind="consumer")
    assert is_before_default(letter, ITEM, consumer, RULES)
    assert not is_before_default(letter, ITEM, replace(consumer, contacts=()), RULES)


@pytest.mark.parametrize(
    ("told_on", "is_void"),
    [
        (date(2026, 3, 18), False),
        (date(2026, 3, 19), True),
        (date(2026, 4, 2), True),
        (date(2026, 4, 3), False),
    ],
)
def test_a_reminder_is_overtaken_within_its_term(told_on: date, is_void: bool) -> None:
    notice = PastNotice(
        "ingebrekestelling",
        ITEM.item_id,
        UUID(int=5),
        100_000,
        sent_on=date(2026, 3, 20),
        received_on=date(2026, 3, 24),
        last_day=date(2026, 4, 2),
        printed_on=date(2026, 3, 19),
    )
    letter = replace(notice, kind="veertiendagenbrief")
    told = list_told_collections([announce(told_on, date(2026, 4, 20))])
    judged = judge_by_collections((notice, letter), told)
    assert [one.is_void for one in judged] == [is_void, False]
    assert judged[0].void_cause == ("collected" if is_void else "")
