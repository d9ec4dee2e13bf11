"""Which last day a case may give: never one before what the debtor had already."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.core.debtor_facts import make_facts, make_invoice

from tijdig.core.case_messages import make_case_key
from tijdig.core.decision import Decision
from tijdig.core.dunning import decide
from tijdig.core.facts import OpenItem
from tijdig.core.notices import PastNotice
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.unpaid import (
    UNPAID_REASONS,
    ReasonTold,
    compute_reason_deadline,
    make_reason_message,
    make_reason_stops,
)

TODAY = date(2026, 3, 12)  # a Thursday
MAIL = "administratie@example.test"


def tell(kind: str, *items: OpenItem, notices: tuple[PastNotice, ...] = ()) -> Decision:
    """What goes out on the day on which he gives this reason."""
    key = make_case_key(UUID(int=5), UNPAID_REASONS[kind].text or "invoice_again")
    deadline_on = compute_reason_deadline(kind, said_on=TODAY)
    reason = ReasonTold(kind, TODAY, deadline_on, "Sanne", MAIL, key)
    message = make_reason_message(reason)
    assert message is not None
    facts = replace(
        make_facts(*items, notices=notices),
        stops=make_reason_stops(reason),
        case_messages=(message,),
    )
    return decide(facts, DEFAULT_POLICY, today=TODAY)


# Sixty days were agreed; or more time was given; or another invoice has the longest term.
LONG = make_invoice(issued_on=date(2026, 3, 2), due_on=date(2026, 5, 1))
EXTENDED = make_invoice(
    issued_on=date(2026, 2, 1), due_on=date(2026, 7, 1), extended_from_on=date(2026, 3, 3)
)
LATE = make_invoice("2", issued_on=date(2026, 2, 2), due_on=date(2026, 3, 4))


@pytest.mark.parametrize(
    ("items", "last_day"),
    [
        ((LONG,), date(2026, 5, 1)),
        ((EXTENDED,), date(2026, 7, 1)),
        ((LATE, LONG), date(2026, 5, 1)),
        ((LATE,), TODAY + timedelta(days=30)),
    ],
)
def test_a_copy_never_takes_days_away(items: tuple[OpenItem, ...], last_day: date) -> None:
    decision = tell("not_received", *items)
    assert decision.step is not None
    assert (decision.step.text, decision.pay_by_on) == ("invoice_again", last_day)


def test_a_copy_names_no_day_before_that_of_a_letter_that_runs() -> None:
    short = replace(LATE, issued_on=date(2026, 3, 1))
    letter = PastNotice(
        "veertiendagenbrief",
        short.item_id,
        UUID(int=8),
        12_100,
        sent_on=TODAY,
        last_day=date(2026, 3, 31),
    )
    assert tell("not_received", short).pay_by_on == TODAY + timedelta(days=14)
    assert tell("not_received", short, notices=(letter,)).pay_by_on == date(2026, 3, 31)


def test_an_offer_names_no_day_before_the_due_date() -> None:
    decision = tell("cannot_pay", LONG)
    assert decision.step is not None
    assert (decision.step.text, decision.pay_by_on) == ("plan_offer", date(2026, 5, 1))
