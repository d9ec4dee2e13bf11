"""What a bank answers to a file of collections: refused as a whole, in part, or not ours."""

from datetime import date

import pytest
from django.urls import reverse
from tests.integration.books import balances, make_statement, take
from tests.integration.debit_office import (
    COLLECT_ON,
    MESSAGE,
    NUMBERS,
    book_one,
    make_collected,
    write_answer,
)
from tests.integration.office import make_administration
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_debits_read_back import (
    ALL,
    BOOKED_ON,
    COLLECTED,
    OPEN,
    PAID,
    RETURNED_ON,
    UNDER_WAY,
    states,
)

from tijdig.core.problem import Problem, Sentence
from tijdig.ledger.models import Debtor
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

pytestmark = pytest.mark.usefixtures("database")


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
    said = []
    for _ in range(2):  # the same answer a second time changes nothing
        receipt = take(administration_id, answer, day=BOOKED_ON)
        assert [one.format for one in receipt.files] == ["pain002"]
        assert receipt.is_clean
        said += [one.because.nl for one in receipt.problems]
    refused = sum(bool(code) for code in codes)
    words = "1 incasso" if refused == 1 else f"{refused} incasso's"
    told = f"De bank weigert {words}. Kijk bij Incasso waarom, en wat u doet."
    assert said == ([told] if refused else [])
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
            " low. We collect again on 24 March 2026 and announce that."
        )


def test_the_page_of_the_invoice_says_what_the_bank_refused_and_why() -> None:
    administration_id = make_collected()
    answer = write_answer(lines=[(f"{MESSAGE}-1", "RJCT", "AM04")])
    take(administration_id, answer, day=date(2026, 3, 16))
    client = sign_in(make_person(administration_id))
    slug = slug_of(administration_id)
    refused, under_way = (
        client.get(reverse("invoice", kwargs={"slug": slug, "number": number})).content.decode()
        for number in (NUMBERS[1], NUMBERS[0])
    )
    said = (
        "geweigerd door de bank",
        "Er stond te weinig geld op de rekening.",
        "Wij incasseren opnieuw op 24 maart 2026",
    )
    assert [one in refused for one in said] == [True, True, True]
    assert [one in under_way for one in said] == [False, False, False]
    assert "bij de bank" in under_way
    assert "17 maart 2026" in under_way


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


def test_a_refusal_before_the_day_is_tried_again_after_it() -> None:
    """The bank may refuse on the second what it was to collect on the seventeenth."""
    administration_id = make_collected()
    answer = write_answer(lines=[(f"{MESSAGE}-1", "RJCT", "TM01")])
    take(administration_id, answer, day=date(2026, 3, 2))
    # Announced anew on the third, five days: the ninth would be before the invoice is due.
    assert states(administration_id)[1] == ("rejected", None, date(2026, 3, 2), "TM01", COLLECT_ON)


def test_the_page_of_what_came_in_says_what_came_back() -> None:
    """What the bank refuses stands there unfolded, and what it took back is counted."""
    administration_id = make_collected()
    client = sign_in(make_person(administration_id))

    def read(content: bytes, day: date) -> str:
        (file,) = take(administration_id, content, day=day).files
        page = f"/{slug_of(administration_id)}/import/{file.import_id}/samen/"
        return " ".join(client.get(page).content.decode().split())

    refused = read(write_answer(lines=[(f"{MESSAGE}-1", "RJCT", "AM04")]), BOOKED_ON)
    assert '<details class="space-above-small" open>' in refused
    assert "De bank weigert 1 incasso. Kijk bij Incasso waarom, en wat u doet." in refused
    booked = read(make_statement(book_one(0), book_one(2), name="in"), BOOKED_ON)
    back = [book_one(place, on=RETURNED_ON, return_reason="MD06") for place in (0, 2)]
    returned = read(make_statement(*back, name="terug"), RETURNED_ON)
    told = "Daarvan zijn 2 regels een terugboeking van een eerdere betaling of incasso."
    assert [told in one for one in (booked, returned)] == [False, True]
    assert "Bekijk de incasso" in returned
