"""One letter about two invoices, of which one could not be asked when its costs were claimed."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import balances, check_book
from tests.integration.case_office import find_ids, told
from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LETTER_ON,
    lines,
    live,
    make_pupil,
    make_school,
    read_bank,
    sent,
)

from tijdig.banking.actions.deciding import ignore, split
from tijdig.banking.models import BankLine
from tijdig.cases.actions import disputes
from tijdig.dunning.actions.unmatching import unmatch
from tijdig.dunning.models import Notice
from tijdig.ledger.models import ClaimLine, Invoice
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

DAY = timedelta(days=1)
FIRST, SECOND = "2026-0412", "2026-0413"


def make_with_letter(cents: int) -> UUID:
    """A school whose pupil has two invoices in one letter."""
    school = make_school()
    both = [
        make_record(number, due_on=DUE_ON, debtor=make_pupil(), cents=cents)
        for number in (FIRST, SECOND)
    ]
    take_in(school, *both)
    live(school, date(2026, 3, 9), LETTER_ON)
    return school


def pay(school: UUID, cents: int, on: date, *parts: tuple[str, int]) -> UUID:
    """A payment that a person puts on invoices and, under "costs", on the costs; the bank line."""
    read_bank(school, on, (cents, "betaling"))
    with administration_scope(school):
        line = BankLine.objects.get(cents=cents)
        chosen = tuple((item_of(name), part) for name, part in parts)
        more = {"round_off": False, "remember": False, "asked": (), **told(on + DAY)}
        split(line.id, chosen, **more)  # type: ignore[arg-type]
        return line.id


def item_of(name: str) -> UUID:
    if name == "costs":
        return ClaimLine.objects.get(kind="costs").open_item_id
    return Invoice.objects.get(number=name).open_item_id


def open_dispute(school: UUID, cents: int = 250_000) -> Callable[[date], None]:
    with administration_scope(school):
        given = {"invoice_id": find_ids(SECOND)[1], "cents": cents, "category": "price"}
        one = disputes.open(**given, **told(date(2026, 4, 1)))  # type: ignore[arg-type]
    live(school, LETTER_ON + DAY, DEMAND_ON)
    return lambda day: disputes.withdraw(one, **told(day))  # type: ignore[arg-type]


def match_within_the_term(school: UUID) -> Callable[[date], None]:
    live(school, LETTER_ON + DAY, date(2026, 4, 2))
    line = pay(school, 250_000, date(2026, 4, 2), (SECOND, 250_000))
    live(school, date(2026, 4, 4), DEMAND_ON)

    def undo(day: date) -> None:
        unmatch(line, **told(day))  # type: ignore[arg-type]
        ignore(line, because="Van een ander", **told(day))  # type: ignore[arg-type]

    return undo


@pytest.mark.parametrize("is_first_paid", [True, False])
@pytest.mark.parametrize("keep_out", [open_dispute, match_within_the_term])
def test_it_gets_a_letter_of_its_own_and_both_ask_what_one_would(
    database: None, keep_out: Callable[[UUID], Callable[[date], None]], is_first_paid: bool
) -> None:
    """The run booked costs after the first letter twice, which the database refused, every day."""
    school = make_with_letter(250_000)
    bring_in = keep_out(school)
    assert lines(school) == [("costs", 37_500, DEMAND_ON)]
    day = DEMAND_ON + 5 * DAY
    if is_first_paid:
        pay(school, 287_500, day, (FIRST, 250_000), ("costs", 37_500))
    with administration_scope(school):
        bring_in(day + DAY)
    live(school, day + DAY, date(2026, 7, 31))
    assert balances(school) == {FIRST: 0 if is_first_paid else 250_000, SECOND: 250_000}
    with administration_scope(school):
        letters = Notice.objects.filter(kind="veertiendagenbrief", open_item_id=item_of(SECOND))
        first, second = letters.order_by("id")
        # € 625,00 over both together, which the first letter named.
        assert (first.costs_cents, second.costs_cents) == (62_500, 25_000)
        assert Message.objects.get(id=second.message_id).listed_items == [item_of(SECOND)]
        claims = ClaimLine.objects.order_by("id")
        assert [one.message_id for one in claims] == [first.message_id, second.message_id]
    paid = 37_500 if is_first_paid else 0
    assert [cents for _, cents, _ in lines(school)] == [37_500 - paid, 25_000]
    check_book(school)


def test_where_a_letter_of_its_own_would_add_nothing_none_goes(database: None) -> None:
    """The minimum was asked over the first: the second is demanded without a letter."""
    school = make_with_letter(10_000)
    bring_in = open_dispute(school, cents=10_000)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]
    day = DEMAND_ON + 5 * DAY
    pay(school, 14_000, day, (FIRST, 10_000), ("costs", 4_000))
    with administration_scope(school):
        bring_in(day + DAY)
    live(school, day + DAY, date(2026, 7, 31))
    assert [step for day, step, _ in sent(school) if day > DEMAND_ON] == ["reminder", "last_demand"]
    assert lines(school) == [("costs", 0, DEMAND_ON)]
