"""Wordings that nobody knows to be right make a letter void, beside the right ones too."""

from dataclasses import replace
from datetime import date

import pytest

from tijdig.core.law.letter_check import LetterFacts, check_letter

RIGHT = (
    "Geachte heer De Wit,\n\n"
    "Wij vragen u om € 121,00 te betalen. Doe dat binnen veertien dagen vanaf de dag nadat deze"
    " brief bij u is bezorgd. U heeft in elk geval tijd tot en met 13 april 2026.{more}\n\n"
    "Betaalt u niet binnen die tijd? Dan moet u ook incassokosten betalen. Die kosten zijn"
    " € 40,00.{costs}\n\n"
    "Factuurnummer:  {number}\n"
    "Uw kenmerk:     {reference}\n"
    "Nog te betalen: € 121,00\n"
)
FACTS = LetterFacts((12_100,), date(2026, 3, 24), date(2026, 3, 17), date(2026, 4, 9))


def write(more: str = "", costs: str = "", number: str = "2026-0118", reference: str = "A") -> str:
    return RIGHT.format(more=more, costs=costs, number=number, reference=reference)


def codes(text: str, facts: LetterFacts = FACTS) -> list[str]:
    return [ground.code for ground in check_letter(text, facts)]


def test_the_right_letter_passes() -> None:
    assert codes(write()) == []
    assert codes(write(more=" Zo staat het in de wet.")) == []


@pytest.mark.parametrize(
    "more",
    [
        "Betaal dus uiterlijk 30 maart.",
        "Betaal dus voor 30-03.",
        "Betaal binnen een week.",
        "U heeft vijf werkdagen.",
        "Betaal binnen 48 uur.",
        "De termijn loopt vanaf de briefdatum.",
        "De veertien dagen tellen vanaf 24 maart 2026.",
        "De termijn begint op de dag van verzending.",
        "Betaal vandaag nog.",
        "Betaal nu.",
        "Betaal zo spoedig mogelijk, maar in elk geval deze week.",
        "Betaal liefst voor het einde van de maand.",
        "Doe dat binnen veertien dagen vanaf de dag waarop deze brief is bezorgd.",
        "U heeft in elk geval tijd tot en met 30 maart.",
        "Op 30 april 2026 belden wij u hierover.",
        "Please pay by Friday.",
        # Nothing in these is a word of time, and each sets a term.
        "Betaal z.s.m.",
        "Betaal overmorgen.",
        "Wij rekenen op betaling per ommegaande.",
        "Pay ASAP.",
        "You have until the end of March.",
    ],
)
def test_another_term_or_start_makes_it_void(more: str) -> None:
    assert codes(write(more=f" {more}")) != []


@pytest.mark.parametrize(
    "costs",
    [
        "Daar komen administratiekosten van 15 euro bij.",
        "Ook rekenen wij 10% rente per maand.",
        "Daarnaast betaalt u € 15,00 aanmaningskosten.",
        "Daarnaast betaalt u € 40,00 aanmaningskosten.",
        "Die kosten zijn € 15,00.",
        "Dat kan oplopen tot veel meer.",
        "Dat is exclusief btw.",
        "Daarna volgt de deurwaarder.",
        "Anders gaan wij naar de rechtbank.",
        "Anders leggen wij beslag.",
        "Wij melden dit bij het BKR.",
        "Dat wordt u niet kwijtgescholden.",
        "There is a fee for each reminder.",
    ],
)
def test_other_costs_make_it_void(costs: str) -> None:
    assert codes(write(costs=f" {costs}")) != []


@pytest.mark.parametrize("number", ["1", "12", "121", "2026", "40", "0", "13 april", "F-2026/1"])
def test_a_number_may_be_anything_that_is_no_demand(number: str) -> None:
    assert codes(write(number=number, reference=number)) == []


@pytest.mark.parametrize(
    ("hidden", "ground"),
    [
        ("NL20 INGB 0001 2345 67", "unknown_words"),
        ("betaal € 15,00 extra", "two_amounts"),
        ("binnen 5 dagen", "term_too_short"),
        ("per omgaande", "start_unclear"),
    ],
)
def test_a_reference_hides_nothing(hidden: str, ground: str) -> None:
    assert ground in codes(write(reference=hidden))


def test_a_number_that_looks_like_an_account_is_none() -> None:
    assert codes(write(number="FA202600012345")) == []
    accounts = " Maak het geld over op NL91 ABNA 0417 1643 00."
    assert codes(write(more=accounts)) == []
    two = accounts + " Maak het geld over op NL20 INGB 0001 2345 67."
    assert codes(write(more=two)) == ["two_accounts"]


def test_names_that_speak_of_time_are_names_where_a_name_stands() -> None:
    name = "Sportschool 24 Uur B.V. De Week"
    said = f" U moet nog een factuur van {name} betalen."
    assert codes(write(more=said), replace(FACTS, names=(name,))) == []
    assert codes(write(more=f" Betaal binnen 24 Uur aan {name}."), replace(FACTS, names=(name,)))


def test_the_ground_names_the_sentence_in_both_languages() -> None:
    (ground,) = check_letter(write(more=" Betaal vandaag nog."), FACTS)
    assert ground.code == "unknown_words"
    assert "“Betaal vandaag nog.”" in ground.because.nl
    assert "“Betaal vandaag nog.”" in ground.because.en


def test_vat_in_less_than_the_decree_is_no_second_amount() -> None:
    facts = replace(FACTS, adds_vat=True)
    vat = (
        " Voor het innen gebruiken wij een dienst waarover wij btw betalen. Die btw kunnen wij niet"
        " terugvragen. Daarom zit er € 4,20 btw in de kosten."
    )
    text = write(costs=vat).replace("€ 40,00", "€ 24,20")
    assert codes(text, facts) == []
