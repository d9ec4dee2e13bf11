"""The text of a veertiendagenbrief: right letters pass, and each defect is found by its name."""

from dataclasses import replace
from datetime import date

import pytest

from tijdig.core.law.letter_check import LetterFacts, check_letter
from tijdig.core.law.letter_language import list_amounts

LETTER = """Beste mevrouw De Wit,

U hebt factuur 2026-0118 van € 1.200,00 nog niet betaald. De vervaldatum was 1 oktober 2026.

Betaal € 1.200,00 binnen veertien dagen vanaf de dag nadat deze brief bij u is bezorgd. Maak het
geld over op NL91 ABNA 0417 1643 00, met kenmerk RF18 5390 0754 7034.

Betaalt u niet op tijd? Dan moet u ook incassokosten betalen. Die kosten zijn € 180,00. Samen is dat
€ 1.380,00.

Hebt u al betaald? Dan kunt u deze brief weggooien.
"""
ENGLISH = """Dear Ms De Wit,

You have not paid invoice 2026-0118 of € 1,200.00 yet.

Please pay € 1,200.00 within 14 days from the day after this letter was delivered to you, to account
NL91 ABNA 0417 1643 00.

If you do not pay in time, you must also pay collection costs of € 180.00. Together that is
€ 1,380.00.
"""
FACTS = LetterFacts(
    claims_cents=(1_200_00,),
    sent_on=date(2026, 11, 2),
    in_default_from=date(2026, 10, 2),
    last_day_on=date(2026, 11, 18),
)
TERM = "binnen veertien dagen vanaf de dag nadat deze brief bij u is bezorgd"
COSTS = "Die kosten zijn € 180,00. Samen is dat\n€ 1.380,00."
WARNING = f"Betaalt u niet op tijd? Dan moet u ook incassokosten betalen. {COSTS}"
ACCOUNT = "NL91 ABNA 0417 1643 00"


def codes(text: str, facts: LetterFacts = FACTS) -> list[str]:
    """The names of the grounds on which a letter is void."""
    return [ground.code for ground in check_letter(text, facts)]


def changed(old: str, new: str) -> str:
    """The right letter with something else in it."""
    assert old in LETTER
    return LETTER.replace(old, new)


@pytest.mark.parametrize(
    "text",
    [
        LETTER,
        ENGLISH,
        changed("veertien dagen", "14 dagen"),
        changed("veertien dagen", "21 dagen"),
        changed("nadat deze brief bij u is bezorgd", "nadat u deze brief hebt ontvangen"),
        changed("vanaf de dag nadat deze brief bij u is bezorgd", "vanaf de dag na ontvangst"),
        changed("bezorgd.", "bezorgd. Dat is in elk geval tot en met 18 november 2026."),
        changed("€ 180,00", "€ 100,00").replace("€ 1.380,00", "€ 1.300,00"),
    ],
)
def test_a_right_letter_has_no_defect(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (changed(TERM, "snel"), ["no_term", "start_unclear"]),
        (changed("veertien dagen", "tien dagen"), ["no_term", "term_too_short"]),
        (changed("veertien dagen", "13 dagen"), ["no_term", "term_too_short"]),
        (changed(TERM, "binnen 14 dagen na heden"), ["start_unclear"]),
        (changed(TERM, "binnen 14 dagen na dagtekening"), ["start_unclear"]),
        (changed(TERM, "binnen 14 dagen na de dagtekening van deze brief"), ["start_unclear"]),
        (changed(TERM, "binnen 14 dagen na verzending van deze brief"), ["start_unclear"]),
        (changed(TERM, "binnen 14 dagen na de datum van deze brief"), ["start_unclear"]),
        (changed(TERM, "binnen 14 dagen"), ["start_unclear"]),
        (changed(TERM, f"per omgaande, maar {TERM}"), ["start_unclear"]),
        (changed("bezorgd.", "bezorgd, uiterlijk 16 november 2026."), ["date_too_early"]),
        (changed("bezorgd.", "bezorgd, dus voor 17-11-2026."), ["date_too_early"]),
        (changed(WARNING, ""), ["no_warning", "no_exact_amount"]),
        (changed("zijn € 180,00", "staan in de wet"), ["no_exact_amount"]),
        (changed("zijn € 180,00", "zijn tot een maximum van € 180,00"), ["no_exact_amount"]),
        (changed("zijn € 180,00", "zijn minimaal € 40,00"), ["no_exact_amount"]),
        (changed("zijn € 180,00", "zijn € 180,01"), ["amount_too_high"]),
        (changed("€ 1.380,00.", "€ 1.400,00."), ["amount_too_high"]),
        (changed("Betaal € 1.200,00", "Betaal € 1.380,00"), ["two_amounts"]),
        (changed("Betaal € 1.200,00", "Betaal het bedrag"), []),
        (changed("Maak het", "Of betaal € 1.380,00. Maak het"), ["two_amounts"]),
        (changed("€ 1.200,00", "het bedrag"), ["two_amounts"]),
        (changed(ACCOUNT, f"{ACCOUNT} of NL20 INGB 0001 2345 67"), ["two_accounts"]),
        (changed("Samen is dat", "Met € 37,80 btw is dat € 217,80. Samen is dat"),
         ["no_exact_amount", "amount_too_high", "vat_not_explained"]),
    ],
)  # fmt: skip
def test_each_defect_makes_a_letter_void(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_a_letter_before_default_is_void() -> None:
    assert codes(LETTER, replace(FACTS, in_default_from=date(2026, 11, 3))) == ["before_default"]
    assert codes(LETTER, replace(FACTS, in_default_from=None)) == ["before_default"]
    assert codes(LETTER, replace(FACTS, in_default_from=date(2026, 11, 2))) == []


def test_costs_over_the_interest_make_a_letter_void() -> None:
    with_interest = replace(FACTS, interest_cents=20_00)
    asked = changed("Betaal € 1.200,00", "Betaal € 1.220,00 (met € 20,00 rente)")
    right = asked.replace("€ 1.380,00", "€ 1.400,00")
    assert codes(right, with_interest) == []
    wrong = asked.replace("zijn € 180,00", "zijn € 183,00").replace("€ 1.380,00", "€ 1.403,00")
    assert codes(wrong, with_interest) == ["over_interest"]


def test_several_invoices_are_one_amount_and_one_fee() -> None:
    facts = replace(FACTS, claims_cents=(100_00, 100_00, 100_00), shown_cents=(150_00, 50_00))
    text = (
        LETTER.replace("€ 1.200,00", "€ 300,00")
        .replace("€ 180,00", "€ 45,00")
        .replace("€ 1.380,00", "€ 345,00")
        .replace("De vervaldatum", "Dat zijn € 100,00, € 100,00 en € 100,00. De vervaldatum")
        .replace("nog niet betaald.", "nog niet betaald. Van € 150,00 is € 50,00 betaald.")
    )
    assert codes(text, facts) == []
    assert codes(text.replace("€ 45,00", "€ 120,00"), facts) == ["amount_too_high"]


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        (
            "01-04-2026  01-05-2026    € 584,80\n02-05-2026  16-05-2026    € 303,25",
            [58_480, 30_325],
        ),
        ("op 16/05/2026 € 10,00 en 5 euro", [1_000, 500]),
        ("1.200,00 € of 12,50 EUR", [120_000, 1_250]),
        ("EUR 40 en EUR 41", [4_000, 4_100]),
    ],
)
def test_an_amount_in_a_table_is_no_other_for_the_day_before_it(
    text: str, cents: list[int]
) -> None:
    assert list_amounts(" ".join(text.split())) == cents


def test_vat_on_the_costs_is_told_with_its_reason() -> None:
    facts = replace(FACTS, adds_vat=True)
    told = changed(
        COSTS,
        "Die kosten zijn € 180,00. Omdat wij de btw niet kunnen verrekenen, komt daar € 37,80 btw"
        " bij. De kosten zijn dan € 217,80. Samen is dat € 1.417,80.",
    )
    assert codes(told, facts) == []
    without = told.replace("Omdat wij de btw niet kunnen verrekenen, komt", "Er komt")
    assert codes(without, facts) == ["vat_not_explained"]
    assert codes(told) == ["no_exact_amount", "amount_too_high", "vat_not_explained"]


def test_every_ground_says_what_is_wrong_in_both_languages() -> None:
    (ground,) = check_letter(changed("zijn € 180,00", "zijn € 181,00"), FACTS)
    assert ground.because.nl == (
        "De kosten van € 181,00 zijn te hoog: het mag hoogstens € 180,00 zijn"
        " (Besluit BIK art. 2; ECLI:NL:RBROT:2020:9162)."
    )
    assert ground.because.en.startswith("The costs of € 181,00 are too high")
