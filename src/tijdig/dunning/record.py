"""The facts of a decision as compact JSON: what "Waarom?" shows, on any later day."""

import json
from typing import Any

from tijdig.core.facts import DebtorFacts
from tijdig.core.policy import Policy

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def describe_facts(facts: DebtorFacts, policy: Policy) -> str:
    """Every fact that the decision could look at, as JSON text; the keys are stable.

    `items`: number, kind, issued, due, open cents. `contacts`: step, day, state, channel.
    `policy` is the version, whose steps are kept as they were.
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
        "kind": facts.kind,
        "email": facts.email,
        "email_failed": facts.email_failed,
        "phone": facts.phone,
        "has_postal_address": facts.has_postal_address,
        "preferred_channel": facts.preferred_channel,
        "policy": policy.version,
    }
    return _write(described)
