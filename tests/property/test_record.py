"""The facts of a decision as they are kept: JSON that says all of them, whatever they are."""

import json
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from tests.property.test_dunning import debtor_facts, policies

from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.notices import PastNotice
from tijdig.core.policy import Policy
from tijdig.dunning.record import describe_facts

DAY = date(2026, 3, 2)
NOTICE = PastNotice("ingebrekestelling", UUID(int=1), UUID(int=2), 12_100, DAY, last_day=DAY)
# What a file may hold in a number or an address.
ODD = ('"', "\\", "\n\t\x00", "é €", "</script>", "\u2028")
texts = st.text(max_size=12) | st.sampled_from(ODD)


@given(debtor_facts(), texts, texts, policies(), st.booleans())
def test_the_facts_are_kept_whole_and_in_one_order(
    facts: DebtorFacts, number: str, email: str, policy: Policy, is_extended: bool
) -> None:
    odd = replace(
        facts,
        items=tuple(_bend(item, number, is_extended) for item in facts.items),
        email=email,
        phone=number,
        notices=(NOTICE,) if is_extended else (),
    )
    expected = json.dumps(_describe(odd, policy), ensure_ascii=False, separators=(",", ":"))
    assert describe_facts(odd, policy) == expected


def _bend(item: OpenItem, number: str, is_extended: bool) -> OpenItem:
    return replace(item, number=number, extended_from_on=DAY if is_extended else None)


def _describe(facts: DebtorFacts, policy: Policy) -> dict[str, Any]:
    """The same, put together plainly."""
    cases: dict[str, Any] = {}
    asides = [
        (item.number, one.stop.kind, item.open_cents if one.cents is None else one.cents)
        for item in facts.items
        for one in item.set_asides
    ]
    if asides:
        cases["set_asides"] = asides
    extensions = [
        (item.number, str(item.extended_from_on), str(item.due_on))
        for item in facts.items
        if item.extended_from_on
    ]
    if extensions:
        cases["extensions"] = extensions
    told = {
        "items": [
            (item.number, item.kind, str(item.issued_on), str(item.due_on), item.open_cents)
            for item in facts.items
        ],
        "contacts": [(one.step_key, str(one.on), one.state, one.channel) for one in facts.contacts],
        "stops": [stop.kind for stop in facts.stops],
        **cases,
        "kind": facts.kind,
        "email": facts.email,
        "email_failed": facts.email_failed,
        "phone": facts.phone,
        "has_postal_address": facts.has_postal_address,
        "preferred_channel": facts.preferred_channel,
        "policy": policy.version,
    }
    notices = [
        (one.kind, str(one.sent_on), str(one.received_on), str(one.last_day), one.is_void)
        for one in facts.notices
    ]
    return told | ({"notices": notices} if notices else {})
