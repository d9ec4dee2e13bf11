"""Collections out, and what the bank says of them: booked, refused, taken back, tried again."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import (
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
from tests.integration.office import at, make_administration
from tests.integration.test_statement_counts import counting

from tijdig.banking.actions.debit_settling import settle_collections
from tijdig.banking.actions.statements import take_in
from tijdig.banking.direct_debits.models import DebitLine, SepaMandate
from tijdig.banking.formats import camt
from tijdig.banking.models import BankLine
from tijdig.cases.models import Dispute
from tijdig.core.problem import Problem, Sentence
from tijdig.ledger.models import Debtor
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


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        (write_answer(file=("RJCT", "FF01")), ["FF01", "FF01", "FF01"]),
        (write_answer(block=("RJCT", "CNOR")), ["CNOR", "CNOR", "CNOR"]),
        (
            write_answer(
                file=("PART", ""), block=("PART", ""), lines=[(f"{MESSAGE}-1", "RJCT", "AM04")]
            ),
            ["", "AM04", ""],
        ),
        # A line with an answer of its own is not swept along.
        (
            write_answer(
                block=("RJCT", "CNOR"),
                lines=[(f"{MESSAGE}-0", "ACSP", ""), (f"{MESSAGE}-1", "RJCT", "AC01")],
            ),
            ["", "AC01", "CNOR"],
        ),
        (write_answer(file=("ACCP", ""), block=("ACSC", "")), ["", "", ""]),
        (write_answer(file=("RJCT", "")), ["?", "?", "?"]),
    ],
)
def test_what_the_bank_refuses_is_rejected(answer: bytes, codes: list[str]) -> None:
    administration_id = make_collected()
    for _ in range(2):  # the same answer a second time changes nothing
        receipt = take(administration_id, answer, day=BOOKED_ON)
        assert [one.format for one in receipt.files] == ["pain002"]
        assert receipt.problems == ()
    found = [(one[0], one[3]) for one in states(administration_id)]
    assert found == [
        ("rejected", code.replace("?", "")) if code else ("handed_over", "") for code in codes
    ]
    assert balances(administration_id) == OPEN
    with administration_scope(administration_id):
        rejected = Event.objects.filter(kind="collection_rejected").count()
        assert rejected == sum(map(bool, codes))


def test_a_rejection_is_told_with_its_day_and_raises_the_facts_version() -> None:
    administration_id = make_collected()
    with administration_scope(administration_id):
        before = dict(Debtor.objects.values_list("number", "facts_version"))
    take(
        administration_id,
        write_answer(lines=[(f"{MESSAGE}-1", "RJCT", "AM04")]),
        day=date(2026, 3, 16),
    )
    with administration_scope(administration_id):
        after = dict(Debtor.objects.values_list("number", "facts_version"))
        assert {key for key, version in after.items() if version != before[key]} == {"1002"}
        event = Event.objects.get(kind="collection_rejected")
        assert event.data["en"] == (
            "The bank did not carry out the collection of 17 March 2026 (AM04). The balance was too"
            " low. We collect again on 23 March 2026 and announce that."
        )


def test_an_answer_after_the_money_came_in_waits_for_the_statement() -> None:
    administration_id = make_collected()
    take(administration_id, make_statement(*ALL), day=BOOKED_ON)
    answer = write_answer(lines=[(f"{MESSAGE}-0", "RJCT", "MD06"), ("X-9", "RJCT", "AC01")])
    receipt = take(administration_id, answer, day=RETURNED_ON)
    assert [one.severity for one in receipt.problems] == ["warning", "warning"]
    assert " ".join(one.because.en for one in receipt.problems) == (
        "The bank refuses collection TIJDIG-1-0, but its money has come in. We wait for the"
        " statement. The bank refuses a collection that is not in our file. Check whether this"
        " answer is yours."
    )
    assert states(administration_id) == [COLLECTED] * 3
    assert balances(administration_id) == PAID


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "pain.008.001.08",
            Sentence(
                "Dit antwoord gaat over een incassobestand dat wij niet hebben gemaakt (VREEMD-1)."
                " Er verandert niets.",
                "This answers a file of collections that we did not make (VREEMD-1). Nothing"
                " changes.",
            ),
        ),
        (
            "pain.001.001.03",
            Sentence(
                "Dit is een antwoord op betaalopdrachten (pain.001.001.03), niet op incasso's. Er"
                " verandert niets.",
                "This answers payment orders (pain.001.001.03), not collections. Nothing changes.",
            ),
        ),
    ],
)
def test_an_answer_to_what_is_not_ours_changes_nothing(name: str, said: Sentence) -> None:
    administration_id = make_collected()
    answer = write_answer(message="VREEMD-1", name=name, file=("RJCT", "FF01"))
    receipt = take(administration_id, answer, day=BOOKED_ON)
    assert receipt.problems == (
        Problem("regel 1, OrgnlGrpInfAndSts", said, "refused", "bestand-0"),
    )
    assert states(administration_id) == [UNDER_WAY] * 3


def test_an_answer_for_one_administration_is_nothing_to_another() -> None:
    ours, other = make_collected(), make_administration()
    receipt = take(other, write_answer(file=("RJCT", "FF01")), day=BOOKED_ON)
    assert not receipt.is_clean
    assert states(ours) == [UNDER_WAY] * 3


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
            settle_collections(statement_ids, today=RETURNED_ON, now=at(RETURNED_ON), actor="test")
        sent += told
        assert [one[0] for one in states(administration_id)].count("returned") == count
    assert sent[0] == sent[1]


def store(administration_id: UUID, content: bytes) -> tuple[UUID, ...]:
    """Statements as they stand before anything is found in them."""
    with administration_scope(administration_id):
        return take_in(camt.parse(content, name="x"), import_id=administration_id).statement_ids
