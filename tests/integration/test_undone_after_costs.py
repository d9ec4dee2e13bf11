"""A payment on costs is undone after these were taken back: each cent is where it belongs."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import (
    balances,
    check_book,
    check_totals,
    entries_of,
    make_statement,
    take,
)
from tests.integration.office import at, make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LAST_DAY,
    lines,
    live,
    make_pupil,
    make_school,
    tell_it_came_back,
)
from tests.integration.test_costs_taken_back import (
    IN_TIME,
    NEXT,
    REMINDER_ON,
    make_owing,
    match,
    put_on_invoice,
)
from tests.plugs.camt_samples import Detail, Entry

from tijdig.banking.actions.deciding import undo
from tijdig.banking.models import BankLine
from tijdig.dunning.queries.interest import load_interest_accounts
from tijdig.ledger.models import Debtor, Invoice
from tijdig.ledger.queries.claims import list_claim_lines
from tijdig.tenants.scope import administration_scope

PAYER = "NL20INGB0001234567"
LATER = NEXT + timedelta(days=1)


def undo_match(office: UUID, cents: int, *, on: date) -> None:
    with administration_scope(office):
        line = BankLine.objects.get(cents=cents)
        undo(line.id, asked=(), today=on, now=at(on), actor="test")


def return_payment(office: UUID, cents: int, *, on: date) -> None:
    """The bank took the payment back."""
    back = Entry(
        f"{cents // 100}.{cents % 100:02}",
        "DBIT",
        booked_on=on,
        value_on=on,
        reversal=True,
        details=[Detail(iban=PAYER, texts=["terug"])],
    )
    take(office, make_statement(back, name=f"T{cents}"), day=on)


def show_claims(office: UUID) -> list[tuple[int, int, int]]:
    """What the claim statement says: claimed, taken back and open of each line."""
    with administration_scope(office):
        rows = list_claim_lines(Debtor.objects.get().id)
    return [(one.claimed_cents, one.withdrawn_cents, one.open_cents) for one in rows]


def paid_by_day(office: UUID) -> list[tuple[date, int]]:
    """The money on the invoice that stops its interest."""
    with administration_scope(office):
        debtor_id, item_id = Debtor.objects.get().id, Invoice.objects.get().open_item_id
        account = load_interest_accounts([debtor_id])[debtor_id][item_id]
    return sorted((one.on, one.cents) for one in account.movements)


@pytest.fixture
def school(database: None) -> UUID:
    """€ 500,00 with costs of € 75,00: paid € 100,00, and € 200,00 in time that showed later."""
    office = make_owing(50_000)
    match(office, 10_000, on=NEXT, shown_on=NEXT)
    match(office, 20_000, on=IN_TIME, shown_on=LATER)
    live(office, LATER, LATER)
    assert show_claims(office) == [(7_500, 3_000, 0)]
    assert balances(office) == {"2026-0412": 24_500}
    return office


@pytest.mark.parametrize("take_off", [undo_match, return_payment], ids=["undone", "returned"])
def test_costs_are_owed_again_for_what_is_still_claimed_and_no_more(
    school: UUID, take_off: Callable[..., None]
) -> None:
    take_off(school, 10_000, on=LATER)
    assert show_claims(school) == [(7_500, 3_000, 4_500)]
    assert balances(school) == {"2026-0412": 30_000}
    assert [one for one in paid_by_day(school) if one[0] == IN_TIME] == [(IN_TIME, -20_000)]
    assert sum(cents for _, cents in paid_by_day(school)) == -20_000
    live(school, LATER + timedelta(days=1), LATER + timedelta(days=1))
    assert show_claims(school) == [(7_500, 3_000, 4_500)]
    with administration_scope(school):
        check_totals(school)


def test_what_is_matched_anew_pays_the_costs_that_are_left_first(school: UUID) -> None:
    undo_match(school, 10_000, on=LATER)
    put_on_invoice(school, 10_000, today=LATER)
    assert show_claims(school) == [(7_500, 3_000, 0)]
    assert balances(school) == {"2026-0412": 24_500}
    assert paid_by_day(school) == [(IN_TIME, -20_000), (NEXT, -5_500)]
    undo_match(school, 10_000, on=LATER)
    assert (show_claims(school), balances(school)) == (
        [(7_500, 3_000, 4_500)],
        {"2026-0412": 30_000},
    )
    check_book(school)


@pytest.mark.parametrize(
    ("undone", "costs", "owed", "left"),
    [
        (4_000, 1_000, 30_000, []),
        (3_500, 500, 30_000, []),
        (6_000, 0, 30_000, [(NEXT + timedelta(days=1), -3_000)]),
    ],
)
def test_of_several_payments_the_others_pay_the_costs_first(
    database: None, undone: int, costs: int, owed: int, left: list[tuple[date, int]]
) -> None:
    office, day = make_owing(50_000), NEXT + timedelta(days=2)
    match(office, 4_000, on=NEXT, shown_on=NEXT)
    match(office, 3_500, on=NEXT + timedelta(days=1), shown_on=day)
    match(office, 6_000, on=day, shown_on=day)
    match(office, 20_000, on=IN_TIME, shown_on=day)
    live(office, day, day)
    # Costs of € 45,00 were all that was owed: € 40,00 and € 5,00 paid them.
    second = NEXT + timedelta(days=1)
    assert paid_by_day(office) == [(IN_TIME, -20_000), (second, -3_000), (day, -6_000)]
    undo_match(office, undone, on=day)
    assert show_claims(office) == [(7_500, 3_000, costs)]
    paid = [(day, -6_000)] if undone != 6_000 else []
    assert [one for one in paid_by_day(office) if one[1]] == [(IN_TIME, -20_000), *left, *paid]
    assert balances(office) == {"2026-0412": owed + sum(cents for _, cents in [*left, *paid])}
    check_book(office)


def test_what_was_matched_by_its_booking_day_goes_back_by_that_day(database: None) -> None:
    """Its entries are of before value days counted; the line names one that comes earlier."""
    office, day = make_owing(50_000), NEXT + timedelta(days=2)
    second = NEXT + timedelta(days=1)
    match(office, 4_000, on=NEXT, shown_on=NEXT)
    match(office, 2_000, on=second, shown_on=day)
    match(office, 6_000, on=day, shown_on=day)
    match(office, 20_000, on=IN_TIME, shown_on=day)
    live(office, day, day)
    moved = [(second, -1_500), (day, -4_500), (day, -1_500)]
    assert paid_by_day(office) == [(IN_TIME, -20_000), *moved]
    with administration_scope(office):
        BankLine.objects.filter(cents=6_000).update(value_on=NEXT)
    undo_match(office, 6_000, on=day)
    assert show_claims(office) == [(7_500, 3_000, 0)]
    left = [(IN_TIME, -20_000), (second, -1_500)]
    assert [one for one in paid_by_day(office) if one[1]] == left
    check_book(office)


def test_costs_that_fell_away_altogether_are_not_owed_again(database: None) -> None:
    office = make_owing(50_000)
    match(office, 10_000, on=NEXT, shown_on=NEXT)
    with administration_scope(office):
        tell_it_came_back(office, LATER)
    assert (show_claims(office), balances(office)) == ([(7_500, 7_500, 0)], {"2026-0412": 40_000})
    undo_match(office, 10_000, on=LATER)
    assert (show_claims(office), balances(office)) == ([(7_500, 7_500, 0)], {"2026-0412": 50_000})
    check_book(office)


def test_a_match_that_was_undone_before_the_run_lowers_no_costs(database: None) -> None:
    office = make_owing(50_000)
    match(office, 20_000, on=IN_TIME, shown_on=NEXT)
    undo_match(office, 20_000, on=NEXT)
    live(office, NEXT, NEXT)
    assert lines(office) == [("costs", 7_500, DEMAND_ON)]
    assert entries_of(office, "2026-0412")[-1] == ("reversed", 20_000)


def test_a_match_that_was_undone_after_the_term_is_no_payment_within_it(database: None) -> None:
    office = make_school()
    take_in(office, make_record(due_on=DUE_ON, debtor=make_pupil(), cents=50_000))
    live(office, REMINDER_ON, LAST_DAY)
    match(office, 20_000, on=IN_TIME, shown_on=LAST_DAY)
    undo_match(office, 20_000, on=DEMAND_ON)
    live(office, DEMAND_ON, DEMAND_ON)
    assert lines(office) == [("costs", 7_500, DEMAND_ON)]
