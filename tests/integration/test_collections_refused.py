"""A batch whose lines the bank refused: it shows that it came back, and what is to be done."""

import re
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest
from tests.integration.books import make_statement, take
from tests.integration.debit_office import MESSAGE, book_one, make_collected, write_answer
from tests.integration.desk_day import desk_today
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_debits_read_back import BOOKED_ON, states

from tijdig.banking.direct_debits.lines.queries import count_to_correct, list_batches
from tijdig.banking.direct_debits.models import DebitBatch
from tijdig.tenants.scope import administration_scope

pytestmark = pytest.mark.usefixtures("database")

ALL_BACK = "De hele batch kwam terug: er is niets geïncasseerd."


def answer(*codes: str) -> bytes:
    """The bank refuses the first lines with these codes, and says nothing of the others."""
    lines = [(f"{MESSAGE}-{place}", "RJCT", code) for place, code in enumerate(codes)]
    return write_answer(block=("PART", ""), lines=lines)


def read(office: UUID, path: str) -> str:
    """The words of a page."""
    client = sign_in(make_person(office))
    content = client.get(f"/{slug_of(office)}/{path}").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", content).split())


def standing(office: UUID) -> str:
    with administration_scope(office):
        (batch,) = list_batches()
    return batch.standing


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([], "handed_over"),
        ([answer("AC01")], "partly_back"),
        ([answer("AC01", "AM04", "MS02")], "came_back"),
        ([write_answer(file=("RJCT", "FF01"))], "came_back"),
        ([make_statement(*(book_one(place) for place in range(3)))], "collected"),
        ([make_statement(book_one(0), book_one(1))], "handed_over"),
        ([answer("AC01"), make_statement(book_one(1), book_one(2))], "partly_back"),
    ],
)
def test_a_batch_shows_what_became_of_it(files: Sequence[bytes], expected: str) -> None:
    office = make_collected()
    for one in files:
        take(office, one, day=BOOKED_ON)
    assert standing(office) == expected


def test_a_file_that_the_bank_answered_before_we_said_that_it_has_it() -> None:
    office = make_collected()
    with administration_scope(office):
        DebitBatch.objects.update(state="made", handed_over_on=None, handed_over_by="")
    take(office, write_answer(file=("RJCT", "FF01")), day=BOOKED_ON)
    assert standing(office) == "came_back"


@pytest.mark.parametrize("refused", [False, True])
def test_the_page_of_a_batch_says_until_when_its_money_can_be_taken_back(refused: bool) -> None:
    """Collected on 17 March 2026 by Core: eight weeks and two banking days, or thirteen months."""
    office = make_collected()
    if refused:
        take(office, write_answer(file=("RJCT", "FF01")), day=BOOKED_ON)
    with administration_scope(office):
        batch_id = DebitBatch.objects.get(collect_on=date(2026, 3, 17)).id
    told = (
        "Vanaf 15 mei 2026 kan dit geld niet meer terug; van een machtiging die niet geldig was"
        " vanaf 18 april 2027."
    )
    assert (told in read(office, f"incasso/{batch_id}/")) is not refused


def test_the_page_of_a_refused_file_says_so_and_offers_all_of_it_again() -> None:
    office = make_collected()
    today = desk_today()
    take(office, write_answer(file=("RJCT", "FF01")), day=today)
    assert "teruggekomen" in read(office, "incasso/")
    assert "3 Incasso kwam terug" in read(office, "vandaag/")
    with administration_scope(office):
        batch_id = DebitBatch.objects.get().id
        assert count_to_correct(since=today) == 3
    page = read(office, f"incasso/{batch_id}/")
    assert ALL_BACK in page
    assert "Batch intrekken" not in page
    client = sign_in(make_person(office))
    step = f"/{slug_of(office)}/incasso/{batch_id}/stap/"
    asked = {"step": "again", "because": "Incassant-ID verbeterd."}
    said = client.post(step, asked, follow=True).content.decode()
    assert "De volgende run stelt 3 incasso&#x27;s opnieuw voor." in said
    assert "Alle opnieuw incasseren" not in said
    with administration_scope(office):
        assert count_to_correct(since=today) == 0


def test_what_the_bank_saw_twice_is_told_and_looked_at_one_by_one() -> None:
    office = make_collected()
    today = desk_today()
    take(office, answer("AM05"), day=today)
    with administration_scope(office):
        batch_id = DebitBatch.objects.get().id
        assert count_to_correct(since=today) == 1
    page = read(office, f"incasso/{batch_id}/")
    assert "Opnieuw incasseren" in page
    assert "Alle opnieuw incasseren" not in page


def test_what_the_payer_refused_is_not_asked_for_again_with_the_rest() -> None:
    office = make_collected()
    take(office, answer("MD02", "MS02"), day=BOOKED_ON)
    with administration_scope(office):
        batch_id = DebitBatch.objects.get().id
    assert "2 incasso's kwamen terug." in read(office, f"incasso/{batch_id}/").replace(
        "&#x27;", "'"
    )
    client = sign_in(make_person(office))
    step = f"/{slug_of(office)}/incasso/{batch_id}/stap/"
    said = client.post(step, {"step": "again", "because": "Datum verbeterd."}, follow=True)
    assert "De volgende run stelt 1 incasso opnieuw voor." in said.content.decode()
    assert [(row[0], row[3]) for row in states(office)] == [
        ("rejected", "MD02"),
        ("rejected", "MS02"),
        ("handed_over", ""),
    ]
