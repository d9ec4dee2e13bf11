"""A second letter while the costs of the first wait: it names no more than they leave."""

from datetime import date, timedelta
from uuid import UUID

from tests.integration.case_office import find_ids, told
from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LAST_DAY,
    LETTER_ON,
    lines,
    live,
    make_pupil,
    make_school,
    read_bank,
)

from tijdig.banking.actions.deciding import split
from tijdig.banking.models import BankLine
from tijdig.cases.actions import disputes
from tijdig.dunning.models import Notice
from tijdig.ledger.models import Invoice
from tijdig.tenants.scope import administration_scope

DAY = timedelta(days=1)
FIRST, SECOND = "2026-0412", "2026-0413"


def pay_after_the_term(school: UUID, cents: int) -> None:
    """On the day after the last one; the statement of both days comes in together."""
    read_bank(school, DEMAND_ON, (cents, "betaling"))
    with administration_scope(school):
        item_id = Invoice.objects.get(number=FIRST).open_item_id
        more = {"round_off": False, "remember": False, "asked": (), **told(DEMAND_ON + DAY)}
        split(BankLine.objects.get(cents=cents).id, ((item_id, cents),), **more)  # type: ignore[arg-type]


def test_what_was_paid_after_the_first_term_counts_with_the_first(database: None) -> None:
    """€ 100,00 is disputed and € 2.400,00 paid too late: € 375,00 of costs are owed over it."""
    school = make_school()
    take_in(school, make_record(FIRST, due_on=DUE_ON, debtor=make_pupil(), cents=250_000))
    live(school, date(2026, 3, 9), LETTER_ON)
    with administration_scope(school):
        given = {"invoice_id": find_ids(FIRST)[1], "cents": 10_000, "category": "price"}
        one = disputes.open(**given, **told(date(2026, 4, 1)))  # type: ignore[arg-type]
    newer = make_record(
        SECOND,
        due_on=date(2026, 3, 31),
        issued_on=date(2026, 3, 1),
        debtor=make_pupil(),
        cents=250_000,
    )
    take_in(school, newer, today=date(2026, 4, 1))
    live(school, LETTER_ON + DAY, LAST_DAY)
    pay_after_the_term(school, 240_000)
    day = DEMAND_ON + DAY
    second = None
    while second is None and day < date(2026, 7, 1):
        live(school, day, day)
        day += DAY
        with administration_scope(school):
            item_id = Invoice.objects.get(number=SECOND).open_item_id
            letters = Notice.objects.filter(kind="veertiendagenbrief", open_item_id=item_id)
            second = letters.first()
    assert lines(school) == []
    assert second is not None
    # € 385,00 over € 2.600,00 together.
    assert second.costs_cents == 1_000
    with administration_scope(school):
        disputes.withdraw(one, **told(day))  # type: ignore[arg-type]
    live(school, day, date(2026, 9, 30))
    assert [cents for kind, cents, _ in lines(school)] == [37_500, 1_000]
