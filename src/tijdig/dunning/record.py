"""The facts of a decision as compact JSON: what "Waarom?" shows, on any later day."""

import json
from json.encoder import encode_basestring
from typing import Any

from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.policy import Policy

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_TRUTH = ("false", "true")


def describe_facts(facts: DebtorFacts, policy: Policy) -> str:
    """Every fact that the decision could look at, as JSON text; the keys are stable.

    `items`: number, kind, issued, due, open cents. `contacts`: step, day, state
    (`unposted`: a letter that was only printed), channel.
    `notices`: kind, sent, received, last day, void; only where there are any. `policy` is
    the version, whose steps are kept as they were.
    """
    # What every debtor has is put in its place by hand: an encoder takes three times as long.
    items = ",".join([_describe_item(item) for item in facts.items])
    contacts = _describe_contacts(facts) if facts.contacts else "[]"
    stops = _write([stop.kind for stop in facts.stops]) if facts.stops else "[]"
    cases = "".join([f'"{name}":{_write(rows)},' for name, rows in _describe_cases(facts).items()])
    preferred = f'"{facts.preferred_channel}"' if facts.preferred_channel else "null"
    notices = f',"notices":{_describe_notices(facts)}' if facts.notices else ""
    return (
        f'{{"items":[{items}],"contacts":{contacts},"stops":{stops},{cases}"kind":"{facts.kind}",'
        f'"email":{encode_basestring(facts.email)},"email_failed":{_TRUTH[facts.email_failed]},'
        f'"phone":{encode_basestring(facts.phone)},'
        f'"has_postal_address":{_TRUTH[facts.has_postal_address]},'
        f'"preferred_channel":{preferred},"policy":{policy.version}{notices}}}'
    )


def _describe_item(item: OpenItem) -> str:
    number = encode_basestring(item.number)
    issued, due = item.issued_on.isoformat(), item.due_on.isoformat()
    return f'[{number},"{item.kind}","{issued}","{due}",{item.open_cents}]'


def _describe_contacts(facts: DebtorFacts) -> str:
    return _write(
        [
            (one.step_key, str(one.on), "unposted" if one.is_unposted else one.state, one.channel)
            for one in facts.contacts
        ]
    )


def _describe_notices(facts: DebtorFacts) -> str:
    return _write(
        [
            (one.kind, str(one.sent_on), str(one.received_on), str(one.last_day), one.is_void)
            for one in facts.notices
        ]
    )


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
