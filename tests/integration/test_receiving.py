"""Files come in by what they hold: invoices, lists, statements; again they change nothing."""

from datetime import date
from uuid import UUID

from tests.integration.office import at

from tijdig.ledger.models import BookBalance, Entry, OpenItem
from tijdig.tenants.scope import administration_scope
from tijdig.web.receiving import Receipt, Received, receive

LIST = """Debiteurnr;Naam;Factuurnr;Factuurdatum;Vervaldatum;Factuurbedrag;Openstaand;E-mail
1001;Café Voorbeeld;2026-001;01-03-2026;15-03-2026;121,00;121,00;cafe@example.nl
1002;Bakker Proef;2026-002;02-03-2026;16-03-2026;1.210,00;605,00;
"""
OTHER = "1003;Derde;2026-003;02-03-2026;16-03-2026;10,00;10,00;"
SHORTER = "\n".join(LIST.splitlines()[:2]) + "\n"


def take(administration: UUID, text: str, day: date = date(2026, 3, 20)) -> Receipt:
    with administration_scope(administration):
        return receive([Received("lijst.csv", text.encode())], today=day, now=at(day), actor="test")


def balances(administration: UUID) -> dict[str, int]:
    with administration_scope(administration):
        totals: dict[str, int] = {}
        for item in OpenItem.objects.select_related("debtor"):
            entries = Entry.objects.filter(open_item_id=item.id)
            totals[item.debtor.number] = sum(entry.cents for entry in entries)
        return totals


def test_a_list_comes_in_once_and_what_leaves_it_is_settled(administration: UUID) -> None:
    first = take(administration, LIST).files[0]
    assert (first.new, first.rejected, first.settled) == (2, 0, 0)
    assert balances(administration) == {"1001": 12_100, "1002": 60_500}
    again = take(administration, LIST).files[0]
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert again.already_on == date(2026, 3, 20)
    shorter = take(administration, SHORTER, date(2026, 3, 27)).files[0]
    assert (shorter.unchanged, shorter.settled) == (1, 1)
    assert balances(administration) == {"1001": 12_100, "1002": 0}


def test_a_list_that_comes_again_after_a_newer_one_of_that_day_says_nothing(
    administration: UUID,
) -> None:
    settled = []
    for text in (LIST, SHORTER, LIST, SHORTER):
        settled.append(take(administration, text).files[0].settled)
        assert balances(administration)["1002"] == (60_500 if len(settled) == 1 else 0)
    assert settled == [0, 1, 0, 0]
    # Together, and on a later day, they say what they said before.
    take_together(administration, SHORTER, LIST, day=date(2026, 3, 20))
    take(administration, LIST, date(2026, 3, 23))
    assert balances(administration) == {"1001": 12_100, "1002": 0}
    # A newer list with other contents brings it back.
    take(administration, LIST + "\n", date(2026, 3, 23))
    assert balances(administration) == {"1001": 12_100, "1002": 60_500}


def test_a_list_with_a_refused_row_that_comes_again_after_a_newer_one_holds_nobody(
    administration: UUID,
) -> None:
    spoiled = make_part(CAFE, BAKER.replace("605,00", "zes"))
    assert take(administration, spoiled).files[0].rejected == 1
    take(administration, make_part(CAFE, OTHER))
    assert take(administration, spoiled).files[0].rejected == 1
    assert find_held(administration) == []
    assert balances(administration) == {"1001": 12_100, "1003": 1_000}


def test_a_file_that_nobody_knows_is_refused(administration: UUID) -> None:
    receipt = take(administration, "%PDF-1.7")
    assert not receipt.is_clean
    assert [problem.file for problem in receipt.problems] == ["lijst.csv"]


HEADER, CAFE, BAKER = LIST.splitlines()


def make_part(*rows: str) -> str:
    return "\n".join((HEADER, *rows)) + "\n"


def take_together(administration: UUID, *texts: str, day: date) -> Receipt:
    files = [Received(f"lijst-{n}.csv", text.encode()) for n, text in enumerate(texts)]
    with administration_scope(administration):
        return receive(files, today=day, now=at(day), actor="test")


def find_held(administration: UUID) -> list[str]:
    with administration_scope(administration):
        held = BookBalance.objects.filter(differs=True)
        return sorted(held.values_list("open_item__debtor__number", flat=True))


def test_lists_that_share_nothing_are_parts_of_one_list(administration: UUID) -> None:
    day = date(2026, 3, 20)
    receipt = take_together(administration, make_part(CAFE), make_part(BAKER), day=day)
    assert [(one.new, one.settled, one.problems) for one in receipt.files] == [(1, 0, [])] * 2
    assert balances(administration) == {"1001": 12_100, "1002": 60_500}
    # What is in none of the parts has left the books.
    later = date(2026, 3, 27)
    gone = take_together(administration, make_part(CAFE), make_part(OTHER), day=later)
    assert sorted(one.settled for one in gone.files) == [0, 1]
    assert balances(administration) == {"1001": 12_100, "1002": 0, "1003": 1_000}


def test_lists_of_several_days_hold_what_they_differ_on(administration: UUID) -> None:
    day = date(2026, 3, 20)
    both = take_together(administration, make_part(CAFE, BAKER), make_part(CAFE), day=day)
    assert [one.settled for one in both.files] == [0, 0]
    assert all("meer dan één lijst" in one.problems[-1].because.nl for one in both.files)
    assert find_held(administration) == ["1002"]
    # The same file again tells nothing new; the next list does.
    take(administration, make_part(CAFE), date(2026, 3, 21))
    assert find_held(administration) == ["1002"]
    take(administration, make_part(CAFE) + "\n", date(2026, 3, 21))
    assert find_held(administration) == []
    assert balances(administration) == {"1001": 12_100, "1002": 0}


def test_a_refused_row_in_one_part_settles_nothing_by_another(administration: UUID) -> None:
    take(administration, LIST)
    spoiled = BAKER.replace("605,00", "zes")
    day = date(2026, 3, 27)
    receipt = take_together(administration, make_part(CAFE), make_part(OTHER, spoiled), day=day)
    assert [one.settled for one in receipt.files] == [0, 0]
    assert balances(administration) == {"1001": 12_100, "1002": 60_500, "1003": 1_000}
    assert find_held(administration) == ["1002"]
