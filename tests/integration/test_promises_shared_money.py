"""No payment keeps two promises, and money of before a promise neither keeps nor breaks it."""

from datetime import date
from uuid import UUID

from tests.integration.books import make_payment, make_statement, take
from tests.integration.case_office import DUE_ON, find_ids, make_office, told
from tests.integration.office import at, make_record, take_in
from tests.integration.test_case_messages import live

from tijdig.banking.actions import keeping
from tijdig.banking.models import BankLine
from tijdig.cases.actions import promises
from tijdig.cases.models import Promise
from tijdig.ledger.actions import kept_money
from tijdig.ledger.models import OpenItem
from tijdig.tenants.scope import administration_scope

MADE_ON, PAID_ON = date(2026, 3, 19), date(2026, 3, 24)
SOON, LATER, LAST = date(2026, 3, 25), date(2026, 4, 20), date(2026, 5, 18)
JUDGED_ON = date(2026, 3, 30)


def make_two() -> UUID:
    administration = make_office(sending=False)
    take_in(administration, make_record("2026-0413", due_on=DUE_ON))
    return administration


def promise(administration: UUID, cents: int, on: date, number: str = "") -> None:
    with administration_scope(administration):
        debtor_id, invoice_id = find_ids(number or "2026-0412")
        about = invoice_id if number else None
        promises.make(
            debtor_id=debtor_id, invoice_id=about, cents=cents, on=on, **told(MADE_ON)
        )  # fmt: skip


def pay(administration: UUID, cents: int, text: str, day: date = PAID_ON) -> None:
    take(administration, make_statement(make_payment(cents, text, on=day)), day=day)


def keep(administration: UUID, cents: int, day: date) -> UUID:
    """Money of the debtor that pays no invoice yet."""
    pay(administration, cents, "zonder nummer", day)
    with administration_scope(administration):
        line = BankLine.objects.get(state="unmatched")
        keeping.keep(line.id, find_ids()[0], remember=False, today=day, now=at(day), actor="Sanne")
        return OpenItem.objects.filter(kind="unapplied").latest("id").id


def states(administration: UUID, day: date) -> list[str]:
    """What each promise is called, by its day."""
    with administration_scope(administration):
        promises.settle(today=day, now=at(day))
        return list(Promise.objects.order_by("on").values_list("state", flat=True))


def test_what_was_paid_on_one_invoice_is_not_for_the_promise_about_all(database: None) -> None:
    administration = make_two()
    promise(administration, 12_100, SOON, "2026-0412")
    promise(administration, 12_100, LATER)
    pay(administration, 12_100, "2026-0412")
    assert states(administration, PAID_ON) == ["kept", "open"]
    assert states(administration, JUDGED_ON) == ["kept", "open"]
    assert states(administration, date(2026, 4, 23)) == ["kept", "broken"]


def test_a_promise_that_was_kept_long_ago_keeps_its_money(database: None) -> None:
    administration = make_two()
    promise(administration, 12_100, SOON, "2026-0412")
    promise(administration, 12_100, LAST)
    pay(administration, 12_100, "2026-0412")
    assert states(administration, PAID_ON) == ["kept", "open"]
    assert states(administration, date(2026, 5, 15)) == ["kept", "open"]


def test_both_are_kept_by_what_both_ask_for(database: None) -> None:
    administration = make_two()
    promise(administration, 12_100, SOON)
    promise(administration, 12_100, LATER, "2026-0412")
    pay(administration, 12_100, "2026-0412")
    pay(administration, 12_100, "2026-0413")
    assert states(administration, PAID_ON) == ["kept", "kept"]


def test_of_two_about_all_the_second_has_its_own_money(database: None) -> None:
    """The first was kept in the morning; what is promised after that is to be paid after that."""
    administration = make_two()
    promise(administration, 5_000, SOON)
    keep(administration, 5_000, date(2026, 3, 20))
    assert states(administration, date(2026, 3, 20)) == ["kept"]
    with administration_scope(administration):
        day = date(2026, 3, 23)
        promises.make(debtor_id=find_ids()[0], cents=5_000, on=LATER, **told(day))
    assert states(administration, PAID_ON) == ["kept", "open"]
    keep(administration, 5_000, PAID_ON)
    assert states(administration, PAID_ON) == ["kept", "kept"]


def test_older_money_that_is_paid_back_breaks_no_promise(database: None) -> None:
    for number in ("2026-0412", ""):
        administration = make_two()
        old = keep(administration, 5_000, date(2026, 3, 10))
        promise(administration, 5_000, SOON, number)
        with administration_scope(administration):
            day = date(2026, 3, 20)
            kept_money.end(old, way="refunded", cents=5_000, on=day, **told(day))
        keep(administration, 5_000, PAID_ON)
        assert states(administration, JUDGED_ON) == ["kept"]


def test_money_that_came_since_and_was_paid_back_keeps_none(database: None) -> None:
    administration = make_two()
    promise(administration, 5_000, SOON, "2026-0412")
    new = keep(administration, 5_000, date(2026, 3, 23))
    with administration_scope(administration):
        kept_money.end(new, way="refunded", cents=5_000, on=PAID_ON, **told(PAID_ON))
    assert states(administration, JUDGED_ON) == ["broken"]


def test_who_paid_in_one_invoice_is_left_alone_until_his_second_day(database: None) -> None:
    administration = make_office()
    take_in(administration, make_record("2026-0413", due_on=DUE_ON))
    promise(administration, 12_100, SOON, "2026-0412")
    promise(administration, 12_100, LATER)
    live(administration, date(2026, 3, 23))
    pay(administration, 12_100, "2026-0412")
    days = [SOON, date(2026, 3, 26), JUDGED_ON, date(2026, 4, 9), date(2026, 4, 17)]
    assert live(administration, *days) == []
