"""What is paid on a plan pays its terms, also where costs and interest are owed beside it."""

import re
from datetime import date
from uuid import UUID

import pytest
from tests.integration.books import entries_of, make_payment, make_statement, take
from tests.integration.case_office import find_ids, told
from tests.integration.mail import mail_sink
from tests.integration.office import make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_business_claims import live_to_demand, make_office
from tests.integration.test_imputation import make_owing, paid
from tests.integration.test_plans_at_rest import live, state_of

from tijdig.banking.actions import deciding
from tijdig.banking.models import BankLine, Suggestion
from tijdig.cases.actions import plans, promises
from tijdig.cases.models import Promise
from tijdig.dunning.actions.unmatching import unmatch
from tijdig.dunning.queries.interest import load_interest_accounts
from tijdig.ledger.models import Invoice
from tijdig.tenants.scope import administration_scope

# The last demand of a business goes on 1 April, with € 40,00 of costs and interest.
AGREED_ON, FIRST_ON, PAID_ON = date(2026, 4, 2), date(2026, 4, 10), date(2026, 4, 9)


def agree(administration: UUID, on: date, *, first_on: date) -> UUID:
    with administration_scope(administration):
        debtor_id, invoice_id = find_ids()
        return plans.agree(
            debtor_id=debtor_id, invoice_ids=[invoice_id], count=3, first_on=first_on, **told(on)
        )


def pay(administration: UUID, cents: int, on: date) -> None:
    """Money that names the invoice; somebody says that it is so where that is not sure."""
    entry = make_payment(cents, "2026-0412", on=on, iban="")
    take(administration, make_statement(entry, name=f"{on}"), day=on)
    with administration_scope(administration):
        for offered in Suggestion.objects.filter(rank=1):
            deciding.accept(offered.line_id, offered.id, remember=False, asked=(), **told(on))


@pytest.fixture
def business(database: None) -> UUID:
    """A business that owes € 121,00, and costs and interest that were asked."""
    administration = make_office(amount="121,00")
    with mail_sink():
        live_to_demand(administration)
    return administration


def test_who_pays_his_term_is_not_told_that_we_miss_it(business: UUID) -> None:
    agree(business, AGREED_ON, first_on=FIRST_ON)
    pay(business, 4_033, PAID_ON)
    found = live(business, AGREED_ON, date(2026, 5, 5))
    assert [name for _, name, _ in found] == ["confirmed-0"]
    assert paid_on_invoice(business) == 4_033
    assert state_of(business) == "running"


def paid_on_invoice(administration: UUID) -> int:
    return -sum(cents for kind, cents in entries_of(administration, "2026-0412") if kind == "paid")


def test_who_pays_all_terms_kept_his_plan_and_the_invoice_is_paid(business: UUID) -> None:
    agree(business, AGREED_ON, first_on=FIRST_ON)
    for cents, on in ((4_033, PAID_ON), (4_033, date(2026, 5, 8)), (4_034, date(2026, 6, 9))):
        pay(business, cents, on)
    found = live(business, date(2026, 6, 10), date(2026, 7, 20))
    assert (found, state_of(business), paid_on_invoice(business)) == ([], "kept", 12_100)


def test_what_came_before_the_agreement_goes_by_the_law(business: UUID) -> None:
    take(
        business,
        make_statement(make_payment(4_033, "2026-0412", on=AGREED_ON, iban=""), name="voor"),
        day=date(2026, 4, 3),
    )
    agree(business, date(2026, 4, 3), first_on=FIRST_ON)
    with administration_scope(business):
        one = Suggestion.objects.get(rank=1)
        deciding.accept(one.line_id, one.id, remember=False, asked=(), **told(date(2026, 4, 3)))
    assert paid_on_invoice(business) == 0


def test_after_a_plan_ended_the_law_has_its_order_again(business: UUID) -> None:
    plan_id = agree(business, AGREED_ON, first_on=FIRST_ON)
    with administration_scope(business):
        plans.end(plan_id, because="hij betaalt toch alles", **told(date(2026, 4, 7)))
    pay(business, 4_033, PAID_ON)
    assert paid_on_invoice(business) == 0


def test_a_term_of_before_the_end_that_is_read_after_it_pays_the_invoice(business: UUID) -> None:
    """The day of the bank counts: the interest is worked out by it too."""
    plan_id = agree(business, AGREED_ON, first_on=FIRST_ON)
    with administration_scope(business):
        plans.end(plan_id, because="er kwam niets", **told(date(2026, 4, 13)))
    pay(business, 4_033, PAID_ON)
    assert paid_on_invoice(business) == 4_033


def pay_by_law(administration: UUID, on: date, *, said_on: date) -> None:
    """Money without a word on it, that somebody books as the law divides it."""
    entry = make_payment(4_033, on=on, iban="NL02ABNA0123456789")
    take(administration, make_statement(entry, name=f"{on}"), day=on)
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        line_id = BankLine.objects.get(booked_on=on).id
        more = {"remember": False, "asked": (), **told(said_on)}
        deciding.split_by_law(line_id, debtor_id, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ended_on", "paid_on", "on_invoice"),
    [
        # It runs, and the money came before the agreement, or after it.
        (None, date(2026, 4, 1), 0),
        (None, PAID_ON, 4_033),
        # It ended, and the money came by then, or later.
        (PAID_ON, PAID_ON, 4_033),
        (date(2026, 4, 8), PAID_ON, 0),
    ],
)
def test_a_division_by_law_asks_the_day_of_the_bank_too(
    business: UUID, ended_on: date | None, paid_on: date, on_invoice: int
) -> None:
    plan_id = agree(business, AGREED_ON, first_on=FIRST_ON)
    if ended_on:
        with administration_scope(business):
            plans.end(plan_id, because="er kwam niets", **told(ended_on))
    pay_by_law(business, paid_on, said_on=date(2026, 4, 10))
    assert paid_on_invoice(business) == on_invoice


LEGAL = "Toerekening: kosten, rente, factuur (BW 6:44)"
AS_PLANNED = "Toerekening: alleen de factuur, zoals in de betalingsregeling staat"
PARTLY = f"{LEGAL}; van een betalingsregeling alleen de factuur"


def read_orders(administration: UUID) -> list[str]:
    """How each payment was divided, as the page says it, the latest first."""
    browser = sign_in(make_person(administration))
    page = browser.get(f"/{slug_of(administration)}/betalingen/?tab=matched").content.decode()
    return re.findall(r"(Toerekening: [^<]*?)(?:\. De klant[^<]*)?</small>", page)


def test_the_page_says_of_a_term_that_it_paid_the_invoice_alone(business: UUID) -> None:
    pay(business, 1_000, date(2026, 4, 1))
    agree(business, AGREED_ON, first_on=FIRST_ON)
    pay(business, 4_033, PAID_ON)
    assert read_orders(business) == [AS_PLANNED, LEGAL]


def test_the_page_says_so_of_a_part_that_is_a_term(business: UUID) -> None:
    agree(business, AGREED_ON, first_on=FIRST_ON)
    take_in(business, make_record("2026-0500", due_on=date(2026, 4, 1), cents=5_000))
    entry = make_payment(9_033, on=PAID_ON, iban="")
    take(business, make_statement(entry, name="samen"), day=PAID_ON)
    with administration_scope(business):
        line_id = BankLine.objects.get(booked_on=PAID_ON).id
        items = dict(Invoice.objects.values_list("number", "open_item_id"))
        parts = ((items["2026-0412"], 4_033), (items["2026-0500"], 5_000))
        more = {"round_off": False, "remember": False, "asked": (), **told(PAID_ON)}
        deciding.split(line_id, parts, **more)  # type: ignore[arg-type]
    assert read_orders(business) == [PARTLY]
    # Undone and matched to the other alone, it is no term any more.
    with administration_scope(business):
        unmatch(line_id, **told(PAID_ON))
        alone = ((items["2026-0500"], 5_000),)
        deciding.split(line_id, alone, **more)  # type: ignore[arg-type]
    assert read_orders(business) == [LEGAL]


def test_the_interest_is_worked_out_by_the_same_order(business: UUID) -> None:
    """A term is all principal: what comes later bears interest over € 80,67."""
    agree(business, AGREED_ON, first_on=FIRST_ON)
    pay(business, 4_033, PAID_ON)
    with administration_scope(business):
        debtor_id, _ = find_ids()
        (account,) = load_interest_accounts([debtor_id])[debtor_id].values()
    assert {one.order for one in account.movements if one.cents == -4_033} == {"principal_first"}


def test_a_consumer_who_pays_his_term_pays_no_costs_with_it(database: None) -> None:
    administration = make_owing()
    agree(administration, date(2026, 4, 15), first_on=date(2026, 5, 1))
    pay(administration, 4_033, date(2026, 4, 16))
    assert paid(administration) == {"costs": 0, "invoice": 4_033}


def test_who_promised_the_invoice_and_paid_it_kept_his_word(business: UUID) -> None:
    """Of the € 121,00 that he pays € 41,01 goes to costs and interest: that is no broken word."""
    with administration_scope(business):
        debtor_id, invoice_id = find_ids()
        promises.make(
            debtor_id=debtor_id, invoice_id=invoice_id, cents=12_100, on=PAID_ON, **told(AGREED_ON)
        )  # fmt: skip
    pay(business, 12_100, PAID_ON)
    live(business, PAID_ON, date(2026, 4, 15))
    with administration_scope(business):
        assert paid_on_invoice(business) == 7_999
        assert Promise.objects.get().state == "kept"
