"""All fourteen books of the demo write files that our own readers take without a complaint."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import pytest
from stdnum import iban
from stdnum.nl import btw

from tijdig.banking.formats import camt
from tijdig.banking.records import StatementFile
from tijdig.core.law.vat_refund import compute_period, compute_vat_refund
from tijdig.core.problem import Problem
from tijdig.demo.behaviour import (
    Intent,
    ReadMail,
    compute_payment,
    decide_on_call,
    decide_on_invoice,
    decide_on_mail,
    read_mail,
)
from tijdig.demo.chance import draw
from tijdig.demo.deliveries import deliver, is_delivery_day
from tijdig.demo.making import make_world
from tijdig.demo.state import Life
from tijdig.demo.world import Creditor, Debtor, Habit, Invoice, World
from tijdig.intake.formats import mandates, open_items, ubl
from tijdig.intake.records import InvoiceFile, MandateFile

FRIDAY = date(2026, 11, 20)
WEEKS = 20


@cache
def the_world() -> World:
    return make_world(11, anchor_on=FRIDAY, weeks=WEEKS)


def deliveries_of(creditor: Creditor) -> Iterator[tuple[date, str, bytes, Life]]:
    """Every file up to a month after the visitor's day, with the world's books beside it."""
    world = the_world()
    before = world.begins_on - timedelta(days=1)
    life = Life(creditor.slug, before, before, before, 100_000)
    for offset in range(1, 7 * WEEKS + 30):
        day = before + timedelta(days=offset)
        if is_delivery_day(world, creditor, life, day):
            for name, content in deliver(world, creditor, life, today=day):
                yield day, name, content, life


def parse(name: str, content: bytes) -> InvoiceFile | StatementFile | MandateFile:
    if name.startswith("factuur"):
        return ubl.parse(content, name=name)
    if name.startswith("afschrift"):
        return camt.parse(content, name=name)
    if name.startswith("machtigingen"):
        return mandates.parse(content, name=name)
    return open_items.parse(content, name=name)


@pytest.mark.parametrize("creditor", the_world().creditors, ids=lambda one: one.slug)
def test_our_readers_have_nothing_to_complain_about(creditor: Creditor) -> None:
    said: list[Problem] = []
    closing_cents = None
    for _, name, content, life in deliveries_of(creditor):
        file = parse(name, content)
        said += file.problems
        if isinstance(file, StatementFile):
            (statement,) = file.statements
            assert statement.balances_ok
            assert closing_cents in (None, statement.opening_cents)
            closing_cents = statement.closing_cents
        elif isinstance(file, MandateFile):
            assert len(file.records) > 5
        elif file.source_key:
            assert file.full_list
            stated = {one.number: one.open_cents for one in file.records}
            assert stated == {number: cents for number, cents in life.open_cents.items() if cents}
    assert said == []


def test_a_list_says_who_is_who() -> None:
    school = the_world().creditors[1]
    _, name, content, _ = next(one for one in deliveries_of(school) if one[1].startswith("open"))
    records = parse(name, content)
    assert isinstance(records, InvoiceFile)
    assert {one.debtor.kind for one in records.records} == {"consumer"}
    assert all(one.debtor.email.endswith(".example.nl") for one in records.records)


def test_the_same_seed_makes_the_same_world_and_another_seed_another() -> None:
    assert make_world(11, anchor_on=FRIDAY, weeks=WEEKS) == the_world()
    assert make_world(12, anchor_on=FRIDAY, weeks=WEEKS) != the_world()


def test_everything_is_recognisably_invented() -> None:
    world = make_world(11, anchor_on=FRIDAY)
    debtors = [one for creditor in world.creditors for one in creditor.debtors]
    accounts = [one.iban for one in (*world.creditors, *debtors)]
    assert len(world.creditors) == 14
    assert len(set(accounts)) == len(accounts)
    assert all(iban.is_valid(one) and one[4:8] == "TEST" for one in accounts)
    assert all(btw.is_valid(one.vat_number) for one in world.creditors)
    assert all(one.kvk_number.startswith("9999") for one in debtors if one.kvk_number)
    assert all(one.email.endswith(".example.nl") for one in debtors if one.email)
    assert {one.name for one in debtors} >= {"O'Neill & Zn. <script>", "Harbour Tea Rooms Ltd"}
    assert [one for one in debtors if not one.email]
    assert [one for one in debtors if not one.phone]
    bakery = [one for one in world.creditors[0].invoices if one.issued_on <= FRIDAY]
    assert 130 <= len(bakery) <= 160


def make_debtor(habit: Habit) -> Debtor:
    debtor = the_world().creditors[0].debtors[0]
    return Debtor("1", "Café", "business", habit, debtor.iban, "a@cafe.example.nl", "", "", "", "",
                  "")  # fmt: skip


def make_invoice(habit: Habit, *, due_on: date = date(2026, 3, 16)) -> Invoice:
    issued_on = due_on - timedelta(days=14)
    return Invoice("2026-0412", make_debtor(habit), issued_on, due_on, (), 9)


MAIL = """Bedrag: € 1.234,56
Rekening (IBAN): NL13 TEST 0123 4567 89
Betalingskenmerk: RF59 0000 0000 0077
Factuur 2026-0412. Open € 99,00."""


def test_a_debtor_reads_what_a_mail_asks_of_him() -> None:
    said = read_mail("Herinnering factuur", MAIL, own_numbers=["2026-0411", "2026-0412"])
    assert said == ReadMail("reminder", ("2026-0412",), "RF59000000000077", 123_456)
    assert read_mail("Herinnering factuur", MAIL, own_numbers=["2026-0999"]) is None
    assert read_mail("Reclame", MAIL, own_numbers=["2026-0412"]) is None


@pytest.mark.parametrize(
    ("habit", "moved_by"),
    [
        ("by_reference", {"notice", "reminder", "last_demand"}),
        ("forgetful", {"reminder", "last_demand"}),
        ("part_payer", {"reminder", "last_demand"}),
        ("slow", {"last_demand"}),
        ("never", set()),
        ("quiet", set()),
        ("prompt", set()),
    ],
)
def test_what_moves_whom(habit: Habit, moved_by: set[str]) -> None:
    moved = {
        kind
        for kind in ("notice", "reminder", "last_demand")
        if decide_on_mail(
            make_debtor(habit),
            ReadMail(kind, ("2026-0412",), "RF59000000000077", 12_100),
            draw("what moves", habit),
            today=FRIDAY,
        )
    }
    assert moved == moved_by


@pytest.mark.parametrize(
    ("habit", "first_day", "last_day"),
    [("prompt", -9, -4), ("on_time", -1, 2), ("late", 6, 14), ("bundler", 0, 4)],
)
def test_who_pays_when(habit: Habit, first_day: int, last_day: int) -> None:
    invoice = make_invoice(habit)
    for turn in range(40):
        chance = draw("when", turn)
        intent = decide_on_invoice(invoice, chance, anchor_on=FRIDAY, has_paid_before=True)
        assert intent is not None
        assert intent.on.weekday() < 5
        # A day in the weekend becomes the Monday after it.
        assert first_day <= (intent.on - invoice.due_on).days <= last_day + 2


def test_a_call_moves_the_slow_and_not_those_who_never_pay() -> None:
    slow, never = (
        decide_on_call(make_debtor(habit), ("2026-0412",), draw("call"), today=FRIDAY)
        for habit in ("slow", "never")
    )
    assert never is None
    assert slow is not None
    assert slow.on > FRIDAY


def test_a_payment_takes_off_the_credit_note_and_is_never_made_twice() -> None:
    intent = Intent(FRIDAY, "1", ("A-1",))
    credits_on = {"A-1": ("C-1",)}
    assert compute_payment(intent, {"A-1": 100, "C-1": -30}, credits_on) == (
        ("A-1", 100),
        ("C-1", -30),
    )
    assert compute_payment(intent, {"A-1": 30, "C-1": -30}, credits_on) == ()
    assert compute_payment(intent, {"A-1": 0}, {}) == ()


def test_who_pays_by_reference_pays_what_was_asked_or_nothing() -> None:
    intent = Intent(FRIDAY, "1", ("A-1", "A-2"), "reference", "RF", 150)
    assert compute_payment(intent, {"A-1": 100, "A-2": 50}, {}) == (("A-1", 100), ("A-2", 50))
    assert compute_payment(intent, {"A-1": 0, "A-2": 50}, {}) == ()


@pytest.mark.parametrize("anchor_on", [date(2026, 11, 27), date(2027, 1, 4), date(2028, 2, 29)])
def test_two_old_debts_of_the_bakery_turn_a_year_old_in_the_quarter(anchor_on: date) -> None:
    """So that the list of VAT to ask back has something to show, with VAT that the books know."""
    bakery = make_world(7, anchor_on=anchor_on).creditors[0]
    quarter = compute_period(anchor_on, filing="quarter")
    old = [one for one in bakery.invoices if one.number[5:] in {"0901", "0902"}]
    assert [
        quarter.from_on
        <= compute_vat_refund(one.due_on, filing="quarter").year_over_on
        < quarter.until
        for one in old
    ] == [True, True]
    assert {(one.debtor.habit, one.vat_percent, bakery.feed) for one in old} == {
        ("never", 9, "both")
    }
    assert len({one.number for one in bakery.invoices}) == len(bakery.invoices)
