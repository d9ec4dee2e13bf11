"""Lists of mandates: told from lists of open items by their columns, read row by row."""

from datetime import date

import pytest
from tests.plugs.list_samples import write_csv

from tijdig.core.problem import Problem, Sentence
from tijdig.intake.formats import mandates
from tijdig.intake.records import MandateFile, MandateRecord

HEAD = ("Machtigingskenmerk", "Klantnummer", "IBAN", "Naam", "Getekend op", "Soort incasso")


def record(**changes: object) -> MandateRecord:
    usual: dict[str, object] = {
        "reference": "M-1001",
        "debtor_number": "1001",
        "iban": "NL20INGB0001234567",
        "holder": "Café Voorbeeld",
        "signed_on": date(2026, 1, 5),
        "scheme": "core",
        "is_one_off": False,
        "place": "regel 2",
    }
    return MandateRecord(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (HEAD, True),
        (("Mandate ID", "Customer number", "IBAN", "Signature date"), True),
        (("Factuurnummer", "Klantnummer", "Openstaand", "IBAN", "Machtigingskenmerk"), False),
        (("Factuurnummer", "Factuurdatum", "Openstaand", "Debiteurnaam"), False),
        ((*HEAD, "Openstaand"), False),
    ],
)
def test_a_list_of_mandates_is_known_by_its_columns(
    headers: tuple[str, ...], *, expected: bool
) -> None:
    assert mandates.recognise(headers) is expected


def test_rows_are_records_or_problems_with_their_place() -> None:
    content = write_csv(
        [
            HEAD,
            ("M-1001", "1001", "NL20 INGB 0001 2345 67", "Café Voorbeeld", "05-01-2026", "CORE"),
            ("M-1002", "1002", "NL20INGB0001234567", "Bedrijf", "05-01-2026", "zakelijk"),
            ("", "1003", "NL20INGB0001234567", "Niemand", "05-01-2026", "core"),
            ("M-1004", "1004", "NL20INGB0001234567", "Later", "31-02-2026", "core"),
            ("M-1005", "1005", "NL20INGB0001234567", "Anders", "05-01-2026", "maandelijks"),
        ]
    )
    found = mandates.parse(content, name="machtigingen.csv")
    assert found.records == (
        record(),
        record(
            reference="M-1002",
            debtor_number="1002",
            holder="Bedrijf",
            scheme="b2b",
            place="regel 3",
        ),
    )
    assert [one.place for one in found.problems] == ["regel 4", "regel 5", "regel 6"]
    assert found.problems[0] == Problem(
        "regel 4",
        Sentence(
            "Kolom ‘Machtigingskenmerk’: Hier ontbreekt: kenmerk van de machtiging. Vul het in.",
            "Column ‘Machtigingskenmerk’: Missing here: mandate reference. Fill it in.",
        ),
        "refused",
        "machtigingen.csv",
    )


def test_a_list_without_customer_numbers_says_so() -> None:
    content = write_csv([("Mandaatkenmerk", "IBAN", "Getekend op"), ("M-1", "NL1", "05-01-2026")])
    assert mandates.parse(content, name="x") == MandateFile(
        "mandates",
        (),
        (
            Problem(
                "regel 1",
                Sentence(
                    "In deze lijst van machtigingen ontbreekt een kolom: debiteurnummer. Voeg die"
                    " toe.",
                    "This list of mandates lacks a column: debtor number. Add it.",
                ),
                "refused",
                "x",
            ),
        ),
    )
