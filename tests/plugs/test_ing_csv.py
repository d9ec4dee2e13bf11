"""ING's own list: amounts as a bank and as a spreadsheet write them, and texts with delimiters."""

import pytest

from tijdig.banking.formats.ing_csv import parse

HEADER = (
    '"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)",'
    '"Mutatiesoort","Mededelingen"\n'
)


def write_row(amount: str, text: str = "factuur 1", on: str = "20260302") -> str:
    return (
        f'"{on}","KORENAAR","NL91ABNA0417164300","NL20INGB0001234567","GT","Bij","{amount}",'
        f'"Overschrijving","{text}"\n'
    )


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        ("121,00", 12_100),
        ("121,5", 12_150),
        ("1.234,56", 123_456),
        ("1.234", 123_400),
        ("1.234.567", 123_456_700),
        ("121.00", 12_100),
        ("12.5", 1_250),
        ("1234.56", 123_456),
    ],
)
def test_an_amount_is_what_it_says_with_a_comma_or_a_point(amount: str, cents: int) -> None:
    (statement,) = parse((HEADER + write_row(amount)).encode(), name="lijst.csv").statements
    assert [one.amount_cents for one in statement.lines] == [cents]


@pytest.mark.parametrize("amount", ["1,234.56", "1,234", "12.34.56", "1.23,45", "-121,00", ""])
def test_an_amount_that_may_be_another_is_refused_with_its_row(amount: str) -> None:
    file = parse((HEADER + write_row(amount)).encode(), name="lijst.csv")
    assert file.statements == ()
    assert [(one.severity, one.place) for one in file.problems] == [("refused", "regel 2")]


def test_the_header_says_which_delimiter_stands_in_all_rows() -> None:
    text = "a;b;c;d;e;f;g;h;i;j;k;l"
    content = HEADER + write_row("121,00", text) + write_row("5,00", 'x "";"" y')
    (statement,) = parse(content.encode(), name="lijst.csv").statements
    assert [one.text for one in statement.lines] == [text, 'x ";" y']


def test_a_day_that_no_bank_can_mean_is_refused() -> None:
    file = parse((HEADER + write_row("121,00", on="00010101")).encode(), name="lijst.csv")
    assert [one.place for one in file.problems] == ["regel 2"]
