"""A date or an amount in a list that is out of bounds is said to be so, not to be none."""

import pytest

from tijdig.intake.formats import open_items


@pytest.mark.parametrize(
    ("due", "amount", "because"),
    [
        ("31-10-1826", "10,00", "‘31-10-1826’ ligt buiten de jaren 1980 tot en met 2099."),
        ("31-10-2126", "10,00", "‘31-10-2126’ ligt buiten de jaren 1980 tot en met 2099."),
        ("31-02-2026", "10,00", "‘31-02-2026’ is geen datum."),
        ("31-10-2026", "999999999999999999,00", "is te groot voor een bedrag."),
        ("31-10-2026", "tien euro", "‘tien euro’ is geen bedrag."),
    ],
)
def test_what_is_out_of_bounds_is_said(due: str, amount: str, because: str) -> None:
    content = (
        f"Factuurnr;Factuurdatum;Vervaldatum;Naam;Openstaand\nG1;01-10-2026;{due};A;{amount}\n"
    )
    problems = open_items.parse(content.encode(), name="lijst.csv").problems
    assert any(because in one.because.nl for one in problems)
