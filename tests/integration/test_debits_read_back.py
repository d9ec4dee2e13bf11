"""Collections out, and what the bank says of them: booked, refused, taken back, tried again."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import (
    PAYER,
    Listed,
    balances,
    make_list,
    make_payment,
    make_statement,
    reopened,
    take,
)
from tests.integration.debit_office import (
    BLOCK,
    CENTS,
    COLLECT_ON,
    MESSAGE,
    NUMBERS,
    book_batch,
    book_one,
    make_collected,
    write_answer,
)
from tests.integration.office import at
from tests.integration.test_statement_counts import counting
from tests.plugs.camt_samples import OWN_IBAN, Detail, Entry, Statement, make_camt

from tijdig.banking.actions.debit_settling import settle_collections
from tijdig.banking.actions.reversals import undo_reversed
from tijdig.banking.actions.statements import take_in
from tijdig.banking.direct_debits.models import DebitLine, SepaMandate
from tijdig.banking.formats import camt
from tijdig.banking.models import BankLine
from tijdig.cases.models import Dispute
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

pytestmark = pytest.mark.usefixtures("database")

BOOKED_ON = date(2026, 3, 18)
RETURNED_ON = date(2026, 3, 20)
# Announced on Monday 23 March, five days; five banking days of rest after Friday the 20th.
RETRY_ON = date(2026, 3, 30)
ALL = tuple(book_one(place) for place in range(3))


def states(administration_id: UUID) -> list[tuple[str, date | None, date | None, str, date | None]]:
    """Of every collection: state, when collected, when it came back, why, when tried again."""
    with administration_scope(administration_id):
        return list(
            DebitLine.objects.order_by("end_to_end_id").values_list(
                "state", "collected_on", "came_back_on", "reason_code", "retry_on"
            )
        )


UNDER_WAY = ("handed_over", None, None, "", None)
COLLECTED = ("collected", COLLECT_ON, None, "", None)
PAID = dict.fromkeys(NUMBERS, 0)
OPEN = dict(zip(NUMBERS, CENTS, strict=True))


def held(administration_id: UUID) -> list[tuple[date | None, str]]:
    with administration_scope(administration_id):
        mandates = SepaMandate.objects.order_by("reference")
        return list(mandates.values_list("held_on", "held_code"))


def test_a_collection_is_matched_by_the_id_that_we_gave_it() -> None:
    administration_id = make_collected()
    receipt = take(administration_id, make_statement(*ALL), day=BOOKED_ON)
    assert (receipt.matched, receipt.unmatched) == (3, 0)
    assert balances(administration_id) == PAID
    assert states(administration_id) == [COLLECTED] * 3
    with administration_scope(administration_id):
        line = BankLine.objects.get(end_to_end_id=f"{MESSAGE}-0")
        assert line.because_en.startswith("This payment belongs to our own request for invoice")
        told = Event.objects.filter(kind="collection_collected").order_by("debtor_id")
        assert {one.data["cents"] for one in told} == set(CENTS)


@pytest.mark.parametrize("batch_id", [BLOCK, MESSAGE])
def test_a_batch_booked_as_one_sum_is_filled_by_our_own_file(batch_id: str) -> None:
    administration_id = make_collected()
    receipt = take(
        administration_id,
        make_statement(book_batch(sum(CENTS), batch_id=batch_id)),
        day=BOOKED_ON,
    )
    assert (receipt.matched, receipt.unmatched) == (3, 0)
    assert balances(administration_id) == PAID
    assert states(administration_id) == [COLLECTED] * 3
    # The same statement again, and one with each payment by itself, bring nothing new.
    take(administration_id, make_statement(book_batch(sum(CENTS), batch_id=batch_id)))
    assert balances(administration_id) == PAID


def test_a_batch_whose_payments_the_bank_names_in_a_later_file() -> None:
    """The bank books it under a name of its own: only the notification tells what it was."""
    administration_id = make_collected()
    own_name = book_batch(sum(CENTS), batch_id="BANK-77")
    take(administration_id, make_statement(own_name), day=BOOKED_ON)
    assert states(administration_id) == [UNDER_WAY] * 3
    details = [replace(one.details[0], amount=one.amount) for one in ALL]
    told = Statement(entries=[replace(own_name, details=details)])
    take(administration_id, make_camt(told, message="054"), day=BOOKED_ON)
    assert balances(administration_id) == PAID
    assert states(administration_id) == [COLLECTED] * 3


def test_a_batch_booked_without_what_the_bank_refused() -> None:
    administration_id = make_collected()
    answer = write_answer(lines=[(f"{MESSAGE}-1", "RJCT", "AC04")])
    take(administration_id, answer, make_statement(book_batch(CENTS[0] + CENTS[2])), day=BOOKED_ON)
    assert balances(administration_id) == {**PAID, NUMBERS[1]: CENTS[1]}
    assert states(administration_id) == [
        COLLECTED,
        ("rejected", None, BOOKED_ON, "AC04", None),
        COLLECTED,
    ]


@pytest.mark.parametrize("order", ["together", "apart", "return first"])
def test_too_little_money_opens_the_invoice_and_is_tried_again_on_the_right_day(order: str) -> None:
    administration_id = make_collected()
    collected = make_statement(*ALL)
    back = make_statement(book_one(0, on=RETURNED_ON, return_reason="AM04"), name="AFSCHRIFT-2")
    files = (back, collected) if order == "return first" else (collected, back)
    if order == "together":
        take(administration_id, *files, day=RETURNED_ON)
    else:
        for file in files:
            take(administration_id, file, day=RETURNED_ON)
    assert balances(administration_id) == {**PAID, NUMBERS[0]: CENTS[0]}
    assert reopened(administration_id) == 1
    first, *others = states(administration_id)
    assert first[0] == "returned"
    assert first[2:] == (RETURNED_ON, "AM04", RETRY_ON)
    assert others == [COLLECTED] * 2
    assert held(administration_id) == [(None, "")] * 3
    with administration_scope(administration_id):
        line = DebitLine.objects.get(state="returned")
        assert line.because_en == (
            "The balance was too low. We collect again on 30 March 2026 and announce that."
        )
        assert Dispute.objects.count() == 0
        event = Event.objects.get(kind="collection_returned")
        assert event.data["nl"] == (
            "De incasso van 17 maart 2026 is teruggeboekt (AM04). Er stond te weinig geld op de"
            " rekening. Wij incasseren opnieuw op 30 maart 2026 en kondigen dat aan."
        )


@pytest.mark.parametrize("code", ["MD06", "MS02", "SL01", "MD01", "MD07", "AC04"])
def test_a_refusal_opens_the_invoice_and_is_not_tried_again(code: str) -> None:
    administration_id = make_collected()
    back = book_one(0, on=RETURNED_ON, return_reason=code)
    take(administration_id, make_statement(*ALL, back), day=RETURNED_ON)
    assert balances(administration_id) == {**PAID, NUMBERS[0]: CENTS[0]}
    assert states(administration_id)[0] == ("returned", COLLECT_ON, RETURNED_ON, code, None)
    assert held(administration_id) == [(RETURNED_ON, code), (None, ""), (None, "")]
    with administration_scope(administration_id):
        assert Dispute.objects.count() == 0


def test_a_second_attempt_without_money_is_the_last() -> None:
    administration_id = make_collected(attempt=2)
    back = book_one(0, on=RETURNED_ON, return_reason="AM04")
    take(administration_id, make_statement(*ALL, back), day=RETURNED_ON)
    assert states(administration_id)[0] == ("returned", COLLECT_ON, RETURNED_ON, "AM04", None)
    assert held(administration_id)[0] == (RETURNED_ON, "AM04")


def test_a_return_that_names_the_mandate_only_finds_its_collection() -> None:
    administration_id = make_collected()
    booked = [book_one(place, mandate_id=f"M-100{place + 1}") for place in range(3)]
    take(administration_id, make_statement(*booked), day=BOOKED_ON)
    back = book_one(1, on=RETURNED_ON, return_reason="AM04", end_to_end_id="", mandate_id="M-1002")
    take(administration_id, make_statement(back, name="AFSCHRIFT-2"), day=RETURNED_ON)
    assert states(administration_id) == [
        COLLECTED,
        ("returned", COLLECT_ON, RETURNED_ON, "AM04", RETRY_ON),
        COLLECTED,
    ]
    assert balances(administration_id) == {**PAID, NUMBERS[1]: CENTS[1]}


def test_the_day_of_a_second_attempt_suits_who_pays_on_a_fixed_day() -> None:
    """Who paid three invoices around the 25th by himself is tried on the day after."""
    administration_id = make_collected()
    paid = [
        (date(2025, 11, 25), "2025-1"),
        (date(2025, 12, 24), "2025-2"),
        (date(2026, 1, 26), "2026-3"),
    ]
    bills = [
        Listed(
            number,
            1_000 + place,
            total_cents=1_000 + place,
            issued_on=on - timedelta(days=20),
            due_on=on,
        )
        for place, (on, number) in enumerate(paid)
    ]
    standing = [
        Listed(number, cents, total_cents=cents, debtor=f"100{place}")
        for place, (number, cents) in enumerate(zip(NUMBERS, CENTS, strict=True), 1)
    ]
    take(administration_id, make_list(*bills, *standing), day=date(2026, 3, 2))
    payments = [
        make_payment(1_000 + place, number, on=on) for place, (on, number) in enumerate(paid)
    ]
    take(administration_id, make_statement(*payments, name="EERDER"), day=date(2026, 3, 2))
    back = book_one(0, on=RETURNED_ON, return_reason="AM04")
    take(administration_id, make_statement(*ALL, back), day=RETURNED_ON)
    assert states(administration_id)[0] == (
        "returned",
        COLLECT_ON,
        RETURNED_ON,
        "AM04",
        date(2026, 4, 27),  # the day after the 25th is a Sunday: the Monday after
    )


def test_the_number_of_statements_does_not_grow_with_the_returns() -> None:
    sent = []
    for count in (1, 3):
        administration_id = make_collected()
        take(administration_id, make_statement(*ALL), day=BOOKED_ON)
        back = [book_one(place, on=RETURNED_ON, return_reason="MD06") for place in range(count)]
        statement_ids = store(administration_id, make_statement(*back, name="AFSCHRIFT-2"))
        with administration_scope(administration_id), counting() as told:
            moment = {"today": RETURNED_ON, "now": at(RETURNED_ON)}
            undo_reversed(**moment, actor="test")  # type: ignore[arg-type]
            settle_collections(statement_ids, **moment, actor="test")  # type: ignore[arg-type]
        sent += told
        assert [one[0] for one in states(administration_id)].count("returned") == count
    assert sent[0] == sent[1]


def store(administration_id: UUID, content: bytes) -> tuple[UUID, ...]:
    """Statements as they stand before anything is found in them."""
    with administration_scope(administration_id):
        file, now = camt.parse(content, name="x"), at(date(2026, 6, 1))
        return take_in(file, import_id=administration_id, now=now).statement_ids


def test_a_one_off_mandate_whose_collection_came_back_may_be_used_after_all() -> None:
    administration_id = make_collected()
    with administration_scope(administration_id):
        SepaMandate.objects.update(collected_times=1)
        SepaMandate.objects.filter(reference="M-1001").update(is_one_off=True)
    back = [book_one(place, on=RETURNED_ON, return_reason="AM04") for place in range(2)]
    take(administration_id, make_statement(*ALL, *back), day=RETURNED_ON)
    with administration_scope(administration_id):
        mandates = SepaMandate.objects.order_by("reference")
        assert list(mandates.values_list("collected_times", flat=True)) == [0, 1, 1]


def test_returns_that_the_bank_books_as_one_sum() -> None:
    administration_id = make_collected()
    take(administration_id, make_statement(*ALL), day=BOOKED_ON)
    details = [
        Detail(
            f"{CENTS[place] / 100:.2f}",
            iban=PAYER,
            end_to_end_id=f"{MESSAGE}-{place}",
            return_reason=code,
        )
        for place, code in ((0, "AM04"), (2, "MD06"))
    ]
    total = f"{(CENTS[0] + CENTS[2]) / 100:.2f}"
    back = Entry(
        total, "DBIT", booked_on=RETURNED_ON, value_on=RETURNED_ON, reversal=True, details=details
    )
    take(administration_id, make_statement(back, name="AFSCHRIFT-2"), day=RETURNED_ON)
    assert states(administration_id) == [
        ("returned", COLLECT_ON, RETURNED_ON, "AM04", RETRY_ON),
        COLLECTED,
        ("returned", COLLECT_ON, RETURNED_ON, "MD06", None),
    ]
    assert balances(administration_id) == {**OPEN, NUMBERS[1]: 0}


MT940 = """:20:ABN AMRO BANK NV
:25:{own}
:28C:00{number}
:60F:C260316EUR{opening}
:61:2603{day}03{day}{sign}{amount}N24{sort}NONREF
:86:/TRTP/SEPA INCASSO ALGEMEEN/CSID/NL69ZZZ123456780000/NAME/KLANT 100
1/MARF/M-1001/EREF/TIJDIG-1-0/IBAN/{payer}{more}
:62F:C2603{day}EUR{closing}
-
"""


def test_a_collection_and_its_return_in_mt940() -> None:
    administration_id = make_collected()
    told = {"own": OWN_IBAN, "payer": PAYER}
    came = MT940.format(
        **told, number="1", opening="0,", day="17", sign="C", amount="121,", sort="7", more="",
        closing="121,",
    )  # fmt: skip
    back = MT940.format(
        **told, number="2", opening="121,", day="20", sign="D", amount="121,", sort="6",
        more="/RTRN/AM04", closing="0,",
    )  # fmt: skip
    take(administration_id, came.encode(), day=BOOKED_ON)
    assert states(administration_id) == [COLLECTED, UNDER_WAY, UNDER_WAY]
    take(administration_id, back.encode(), day=RETURNED_ON)
    assert states(administration_id) == [
        ("returned", COLLECT_ON, RETURNED_ON, "AM04", RETRY_ON),
        UNDER_WAY,
        UNDER_WAY,
    ]
    assert balances(administration_id) == OPEN


def test_a_changed_account_is_told_until_money_came_from_it() -> None:
    administration_id = make_collected()
    with administration_scope(administration_id):
        SepaMandate.objects.update(former_iban="NL02ABNA0123456789")
        # Changed once more after the file was made: the bank has not heard of that.
        SepaMandate.objects.filter(reference="M-1003").update(iban="NL02ABNA0123456789")
    answer = write_answer(lines=[(f"{MESSAGE}-1", "RJCT", "AC04")])
    take(administration_id, answer, make_statement(ALL[0], ALL[2]), day=BOOKED_ON)
    with administration_scope(administration_id):
        told = SepaMandate.objects.exclude(former_iban="").order_by("reference")
        assert list(told.values_list("reference", flat=True)) == ["M-1002", "M-1003"]
