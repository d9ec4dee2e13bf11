"""The short words above a column: known, or said to be unknown where a term hangs on them."""

from datetime import date

import pytest

from tijdig.intake.formats import open_items

ROW = "7;Jansen;F1;01-10-2026;30-11-2026;121,00"


def read(head: str, row: str = ROW) -> open_items.InvoiceFile:
    return open_items.parse(f"{head}\n{row}\n".encode(), name="lijst.csv")


@pytest.mark.parametrize("due", ["Verv.datum", "Verv. dat.", "Vervaldat.", "Verval", "Verval dt"])
def test_a_short_word_for_the_due_date_is_known(due: str) -> None:
    file = read(f"Debnr;Naam;Factuurnr;Factuurdatum;{due};Openstaand")
    assert [one.due_on for one in file.records] == [date(2026, 11, 30)]
    assert file.problems == ()


@pytest.mark.parametrize(
    "head",
    [
        "Deb.nr.;Deb.naam;Fact.nr.;Fact.dat.;Vervaldatum;Openst. bedrag",
        "Rel.nr.;Rel.naam;Fact.nummer;Factuurdat.;Vervaldatum;Openst.",
        "Klant;Klant naam;Fact.;Fact.datum;Vervaldatum;Nog openstaand",
        "Debnr;Naam;Factuur-ID;Datum;Vervaldatum;Totaal openstaand",
        "Debnr;Naam;Factuurnr;Datum;Vervaldatum;Nog te ontvangen",
        "Debnr;Naam;Factuurnr;Datum;Vervaldatum;Openst. saldo",
    ],
)
def test_the_short_words_of_the_other_columns_are_known(head: str) -> None:
    file = read(head)
    found = [
        (one.debtor.number, one.debtor.name, one.number, one.issued_on, one.open_cents)
        for one in file.records
    ]
    assert found == [("7", "Jansen", "F1", date(2026, 10, 1), 12_100)]


def test_a_column_of_dates_that_nobody_knows_is_named_where_the_due_date_is_missing() -> None:
    file = read("Debnr;Naam;Factuurnr;Factuurdatum;Laatste dag;Openstaand")
    assert [(one.place, one.severity) for one in file.problems] == [("regel 1", "warning")]
    assert "‘Laatste dag’" in file.problems[0].because.nl


@pytest.mark.parametrize(
    ("more", "cells"),
    [
        ("Vervaldatum;Betaald op", "30-11-2026;02-12-2026"),
        ("Termijn;Geprint", "9;02-12-2026"),
        ("Opmerking", "belt terug"),
        ("Volgnr", "46000"),
    ],
)
def test_nothing_is_said_where_the_term_is_told_or_no_column_holds_dates(
    more: str, cells: str
) -> None:
    head = f"Debnr;Naam;Factuurnr;Factuurdatum;Openstaand;{more}"
    assert read(head, f"7;Jansen;F1;01-10-2026;121,00;{cells}").problems == ()


def test_a_list_that_is_refused_for_other_columns_hears_only_of_those() -> None:
    problems = read("Debnr;Naam;Volgnr;Factuurdatum;Laatste dag;Openstaand").problems
    assert [one.severity for one in problems] == ["refused"]
