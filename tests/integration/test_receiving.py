"""Files come in by what they hold: invoices, lists, statements; again they change nothing."""

from datetime import date
from uuid import UUID

from tests.integration.office import at

from tijdig.ledger.models import Entry, OpenItem
from tijdig.tenants.scope import administration_scope
from tijdig.web.receiving import Receipt, Received, receive

LIST = """Debiteurnr;Naam;Factuurnr;Factuurdatum;Vervaldatum;Factuurbedrag;Openstaand;E-mail
1001;Café Voorbeeld;2026-001;01-03-2026;15-03-2026;121,00;121,00;cafe@example.nl
1002;Bakker Proef;2026-002;02-03-2026;16-03-2026;1.210,00;605,00;
"""
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


def test_a_file_that_nobody_knows_is_refused(administration: UUID) -> None:
    receipt = take(administration, "%PDF-1.7")
    assert not receipt.is_clean
    assert [problem.file for problem in receipt.problems] == ["lijst.csv"]
