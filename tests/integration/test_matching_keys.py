"""The database makes the same keys as the rules, so that what is looked up is found."""

from uuid import UUID

from bench.payment_book import make_book
from tests.integration.office import make_debtor, make_record, take_in

from tijdig.core.matching.names import make_name_key
from tijdig.core.matching.spelling import make_number_key
from tijdig.ledger.models import Debtor, Invoice
from tijdig.tenants.scope import administration_scope

NAMES = (
    "Café Zürich B.V.", "J. de Vries", "Özdemir & Zn. V.O.F.", "Straße Groß", "Ærø Łódź", "B.V.",
    "Stichting Het Groene Hart", "Bakker-Visser, M.", "ÉÉN TWEE DRIE", "O'Brien Holding Nederland",
)  # fmt: skip
NUMBERS = ("2026-0412", "F2026-00012", "1000", "VF-000671", "ABC", "100", "0", "12 / 34")


def test_names_and_numbers_have_one_key(administration: UUID) -> None:
    names = [*NAMES, *(one.name for one in make_book(2, debtors=60).debtors)]
    records = [
        make_record(
            NUMBERS[at] if at < len(NUMBERS) else f"X-{at}",
            debtor=make_debtor(f"D{at}", name=name, email=f"d{at}@example.nl"),
        )
        for at, name in enumerate(names)
    ]
    take_in(administration, *records)
    with administration_scope(administration):
        debtors = dict(Debtor.objects.values_list("name", "name_words"))
        invoices = dict(Invoice.objects.values_list("number", "number_key"))
    assert debtors == {name: make_name_key(name) for name in debtors}
    assert len(debtors) > 60
    assert invoices == {number: make_number_key(number) for number in invoices}
