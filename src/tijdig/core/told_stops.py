"""What a case holds back is over once its message has gone, or what it is about was paid."""

from collections.abc import Sequence
from dataclasses import replace

from tijdig.core.case_messages import CASE_STEP_PREFIX, CaseMessage, Meant, is_meant
from tijdig.core.facts import DebtorFacts, OpenItem, Stop


def end_told_stops(facts: DebtorFacts) -> DebtorFacts:
    """The facts without the stops that are over: their message has gone, or what was meant is paid.

    What waits to be sent, is in doubt, or came back, ends nothing. What came back is told again, as
    soon as there is another way to him.
    """
    gone = {
        contact.step_key
        for contact in facts.contacts
        if contact.step_key.startswith(CASE_STEP_PREFIX)
        and contact.state == "done"
        and not contact.came_back
    }
    invoices = [item for item in facts.items if item.kind == "invoice"]

    def stands(stop: Stop) -> bool:
        return stop.ends_with not in gone and (
            stop.meant is None or _is_any_meant(stop.meant, invoices)
        )

    return replace(
        facts,
        stops=tuple([stop for stop in facts.stops if stands(stop)]),
        items=tuple(
            [
                replace(
                    item,
                    set_asides=tuple([one for one in item.set_asides if stands(one.stop)]),
                )
                if item.set_asides
                else item
                for item in facts.items
            ]
        ),
        case_messages=tuple(
            [
                _tell_again(one, facts)
                for one in facts.case_messages
                if _is_any_meant(one.meant, invoices)
            ]
        ),
    )


def _tell_again(one: CaseMessage, facts: DebtorFacts) -> CaseMessage:
    """The message under a key of its own where it came back; a copy waits for an address first."""
    if one.text == "invoice_again":
        return one
    back = [
        contact
        for contact in facts.contacts
        if contact.came_back and contact.step_key.startswith(one.key)
    ]
    return replace(one, key=f"{one.key}-{len(back) + 1}") if back else one


def _is_any_meant(meant: Meant, invoices: Sequence[OpenItem]) -> bool:
    return any(is_meant(meant, one.item_id, one.issued_on) for one in invoices)
