"""The facts of a decision as compact JSON: what "Waarom?" shows, on any later day."""

import json
from typing import Any

from tijdig.core.facts import DebtorFacts
from tijdig.core.policy import Policy

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def describe_facts(facts: DebtorFacts, policy: Policy) -> str:
    """Every fact that the decision could look at, as JSON text; the keys are stable.

    `items`: number, kind, issued, due, open cents. `contacts`: step, day, state, channel.
    `notices`: kind, sent, received, last day, void; only where there are any. `policy` is
    the version, whose steps are kept as they were.
    """
    described: dict[str, Any] = {
        "items": [
            (item.number, item.kind, str(item.issued_on), str(item.due_on), item.open_cents)
            for item in facts.items
        ],
        "contacts": [
            (contact.step_key, str(contact.on), contact.state, contact.channel)
            for contact in facts.contacts
        ],
        "stops": [stop.kind for stop in facts.stops],
        **_describe_cases(facts),
        "kind": facts.kind,
        "email": facts.email,
        "email_failed": facts.email_failed,
        "phone": facts.phone,
        "has_postal_address": facts.has_postal_address,
        "preferred_channel": facts.preferred_channel,
        "policy": policy.version,
    }
    if facts.notices:
        described["notices"] = [
            (one.kind, str(one.sent_on), str(one.received_on), str(one.last_day), one.is_void)
            for one in facts.notices
        ]
    return _write(described)


def _describe_cases(facts: DebtorFacts) -> dict[str, Any]:
    """What is set aside, extended or in a plan; nothing where nothing is."""
    bent = [item for item in facts.items if item.set_asides or item.extended_from_on]
    if not bent and not facts.plans:
        return {}
    aside = [
        (item.number, one.stop.kind, one.cents if one.cents is not None else item.open_cents)
        for item in bent
        for one in item.set_asides
    ]
    extended = [
        (item.number, str(item.extended_from_on), str(item.due_on))
        for item in bent
        if item.extended_from_on
    ]
    plans = [
        (str(one.due_on), one.cents, plan.covered_cents)
        for plan in facts.plans
        for one in plan.instalments
    ]
    collections = [
        (str(one.collect_on), one.cents, str(one.announced_on or ""), one.mandate_reference)
        for one in facts.collections
    ]
    found = {
        "set_asides": aside,
        "extensions": extended,
        "plans": plans,
        "collections": collections,
    }
    return {name: rows for name, rows in found.items() if rows}
