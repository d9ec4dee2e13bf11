"""Whether a payer's name is that of the debtor."""

import pytest

from tijdig.core.matching.names import compare_names, make_name_key, make_name_keys


@pytest.mark.parametrize(
    ("payer", "debtor", "likeness"),
    [
        ("BAKKERIJ DE KORENBLOEM BV", "Bakkerij De Korenbloem B.V.", "same"),
        ("Hr J. de Vries", "J. de Vries", "same"),
        ("DE VRIES J", "Jan de Vries", "same"),
        ("Mw P. Jansen en/of K Bakker", "P. Jansen", "same"),
        ("Café Zürich", "cafe zurich", "same"),
        ("Loodgietersbedrijf Mulde", "Loodgietersbedrijf Mulder", "close"),
        ("Bakkerij Korenbloem Utrecht", "Bakkerij Korenbloem B.V.", "close"),
        ("M. Jansen", "P. Jansen", "family"),
        ("Maria Jansen", "Pieter Jansen", "family"),
        ("K. Bakker", "P. Jansen", "other"),
        ("", "P. Jansen", "unknown"),
        ("B.V.", "P. Jansen", "unknown"),
    ],
)
def test_likeness(payer: str, debtor: str, likeness: str) -> None:
    assert compare_names(payer, debtor) == likeness


@pytest.mark.parametrize(
    ("payer", "debtor"),
    [
        ("Mw P. Jansen-de Vries", "P. Jansen"),
        ("BAKKERIJ DE KORENBLOEM BV", "Bakkerij De Korenbloem B.V."),
        ("Timmerbedrijf Anker Breda VOF", "Timmerbedrijf Anker Breda"),
    ],
)
def test_a_debtor_is_found_by_a_key_of_the_payer(payer: str, debtor: str) -> None:
    assert make_name_key(debtor) in make_name_keys(payer)
