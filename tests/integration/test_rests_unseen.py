"""A plan rested, and ended its rest, while no run looked: its days of grace begin after that."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from tests.integration.books import make_payment, make_statement, take
from tests.integration.case_office import CASES, find_ids, told
from tests.integration.office import make_debtor, make_record, take_in
from tests.integration.test_plans_at_rest import live, make_planned

from tijdig.banking.actions import deciding
from tijdig.banking.models import BankLine, Suggestion
from tijdig.cases.actions import reasons
from tijdig.dunning.actions.waiting_payments import rest_until_decided
from tijdig.ledger.actions import flags
from tijdig.ledger.belongings.models import DebtorIban
from tijdig.ledger.models import Debtor
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import administration_scope

# The nudge for the term of 1 May would go on Thursday the 7th; no run looks from the 6th on.
RESTS_FROM = date(2026, 5, 6)
# Ends its rest on the 12th: the days of grace are the 12th and the 13th; the 14th is Ascension Day.
ENDS_ON = date(2026, 5, 12)
NUDGE_ON = date(2026, 5, 15)

Close = Callable[[UUID], None]


def by_case(what: str) -> Close:
    def rest(administration: UUID) -> None:
        with administration_scope(administration):
            CASES[what].close(CASES[what].open(RESTS_FROM), ENDS_ON)

    return rest


def by_representative_without_address(administration: UUID) -> None:
    """Nobody can be written to for a debtor under an administration order until it is lifted."""
    with administration_scope(administration):
        one = flags.mark(debtor_id=find_ids()[0], kind="bewind", source="CCBR", **told(RESTS_FROM))
        flags.lift(one, **told(ENDS_ON))


def by_insolvency_that_was_over(administration: UUID) -> None:
    """Its last day is the 8th, but nothing goes out until a person says that it is no longer so."""
    with administration_scope(administration):
        over_on, debtor_id = date(2026, 5, 8), find_ids()[0]
        one = flags.mark(debtor_id=debtor_id, kind="wsnp", until_on=over_on, **told(RESTS_FROM))
        flags.lift(one, **told(ENDS_ON))


def by_payment(administration: UUID) -> None:
    """Money that names the invoice is there on the 6th, and somebody matches it on the 12th."""
    paid = make_payment(1_000, "2026-0412", on=date(2026, 5, 5))
    take(administration, make_statement(paid), day=RESTS_FROM)
    with administration_scope(administration):
        offered = Suggestion.objects.get(rank=1)
        deciding.accept(offered.line_id, offered.id, remember=False, asked=(), **told(ENDS_ON))


@pytest.mark.parametrize(
    ("rest", "cents"),
    [
        (by_case("flag"), 4_033),
        (by_case("reason"), 4_033),
        (by_representative_without_address, 4_033),
        (by_insolvency_that_was_over, 4_033),
        (by_payment, 3_033),
    ],
)
def test_days_of_a_rest_that_nobody_looked_at_are_no_days_of_grace(
    database: None, rest: Close, cents: int
) -> None:
    administration = make_planned(RESTS_FROM)
    rest(administration)
    found = live(administration, ENDS_ON, date(2026, 5, 16))
    assert [row for row in found if row[1].startswith("nudge")] == [(NUDGE_ON, "nudge-1", cents)]


def test_the_days_of_a_reason_that_passed_by_themselves_are_no_days_of_grace(
    database: None,
) -> None:
    """He told one on 4 May that gives days up to the 12th; the next run is that of the 13th."""
    told_on = date(2026, 5, 4)
    administration = make_planned(told_on)
    with administration_scope(administration):
        reasons.tell(debtor_id=find_ids()[0], kind="other", **told(told_on))
    found = live(administration, date(2026, 5, 13), date(2026, 5, 19))
    assert [row for row in found if row[1].startswith("nudge")] == [
        (date(2026, 5, 18), "nudge-1", 4_033)
    ]


def set_aside(administration: UUID, on: date) -> None:
    """Money of a stranger, as much as a term, came in on the 6th; it is for nothing of ours."""
    paid = make_payment(4_033, "bedankt", on=date(2026, 5, 5), iban="NL02ABNA0123456789")
    take(administration, make_statement(paid), day=RESTS_FROM)
    with administration_scope(administration):
        line_id = BankLine.objects.get(state="unmatched").id
        rest_until_decided(line_id, today=on)
        deciding.ignore(line_id, because="van een ander", **told(on))
        # Of what was decided on nothing waits any more.
        rest_until_decided(line_id, today=date(2026, 5, 30))


@pytest.mark.parametrize(
    ("decided_on", "nudge_on"), [(ENDS_ON, NUDGE_ON), (RESTS_FROM, date(2026, 5, 7))]
)
def test_a_payment_that_was_for_something_else_held_it_back_as_long_as_it_waited(
    database: None, decided_on: date, nudge_on: date
) -> None:
    administration = make_planned(RESTS_FROM)
    set_aside(administration, decided_on)
    found = live(administration, decided_on, date(2026, 5, 16))
    assert [row for row in found if row[1].startswith("nudge")] == [(nudge_on, "nudge-1", 4_033)]


def test_a_payment_that_is_matched_to_another_by_itself_held_it_back_until_then(
    database: None,
) -> None:
    """As much as a term; on the 12th the invoice that it names comes in, of somebody else."""
    administration = make_planned(RESTS_FROM)
    paid = make_payment(4_033, "2026-0777", on=date(2026, 5, 5), iban="NL02ABNA0123456789")
    take(administration, make_statement(paid), day=RESTS_FROM)
    other = make_record("2026-0777", due_on=ENDS_ON, cents=4_033, debtor=make_debtor("2002"))
    take_in(administration, other)
    nothing = make_payment(1, "rente", on=date(2026, 5, 11), iban="NL02ABNA0123456700")
    take(administration, make_statement(nothing, name="later"), day=ENDS_ON)
    with administration_scope(administration):
        assert BankLine.objects.get(cents=4_033).state == "matched"
    found = live(administration, ENDS_ON, date(2026, 5, 16))
    assert [row for row in found if row[1].startswith("nudge")] == [(NUDGE_ON, "nudge-1", 4_033)]


def test_what_comes_from_the_account_of_another_holds_no_plan_back(database: None) -> None:
    """The run asks the same: an account that is known says whose money it is."""
    administration = make_planned(RESTS_FROM)
    take_in(administration, make_record("2026-0777", due_on=ENDS_ON, debtor=make_debtor("2002")))
    with administration_scope(administration):
        debtor = Debtor.objects.get(number="2002")
        iban = "NL02ABNA0123456789"
        DebtorIban.objects.create(
            id=new_id(), administration_id=administration, debtor=debtor, iban=iban
        )
    set_aside(administration, ENDS_ON)
    found = live(administration, ENDS_ON, date(2026, 5, 16))
    assert [row for row in found if row[1].startswith("nudge")] == [(ENDS_ON, "nudge-1", 4_033)]


def test_a_payment_that_was_matched_at_once_held_nothing_back(database: None) -> None:
    administration = make_planned(RESTS_FROM)
    paid = make_payment(1_000, "2026-0412", on=date(2026, 5, 5))
    take(administration, make_statement(paid), day=RESTS_FROM)
    with administration_scope(administration):
        offered = Suggestion.objects.get(rank=1)
        deciding.accept(offered.line_id, offered.id, remember=False, asked=(), **told(RESTS_FROM))
    found = live(administration, RESTS_FROM, date(2026, 5, 9))
    assert [row for row in found if row[1].startswith("nudge")] == [
        (date(2026, 5, 7), "nudge-1", 3_033)
    ]
