"""A notice of default gives a term only where the day that it names lies after its receipt."""

from datetime import date

import pytest
from tests.core.debtor_facts import make_facts, make_invoice

from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.item_default import compute_item_default
from tijdig.core.notices import PastNotice

INVOICE = make_invoice(due_on=date(2026, 3, 2))
PRINTED_ON = date(2026, 3, 9)
NAMED_ON = date(2026, 3, 16)


def find_default(received_on: date, *, posted_on: date = PRINTED_ON) -> date | None:
    """From when a consumer is in default by a reminder that names the 16th of March."""
    notice = PastNotice(
        "ingebrekestelling",
        INVOICE.item_id,
        INVOICE.item_id,
        INVOICE.open_cents,
        sent_on=posted_on,
        received_on=received_on,
        last_day=NAMED_ON + (posted_on - PRINTED_ON),
        printed_on=PRINTED_ON,
    )
    facts = make_facts(INVOICE, kind="consumer", notices=(notice,))
    return compute_item_default(INVOICE, facts, CreditorRules()).in_default_from


@pytest.mark.parametrize(
    ("posted_on", "received_on", "expected"),
    [
        (PRINTED_ON, date(2026, 3, 11), date(2026, 3, 17)),
        # Two days more: the day that counts moves with the posting, and three are left.
        (date(2026, 3, 11), date(2026, 3, 13), date(2026, 3, 19)),
        # Delivered after the day that it names, or so late that no reasonable term is left.
        (date(2026, 3, 20), date(2026, 3, 24), None),
        (date(2026, 3, 12), date(2026, 3, 14), None),
        # Proven to be received a day before.
        (PRINTED_ON, date(2026, 3, 15), None),
    ],
)
def test_what_it_names_counts_and_not_what_the_posting_makes_of_it(
    posted_on: date, received_on: date, expected: date | None
) -> None:
    assert find_default(received_on, posted_on=posted_on) == expected
