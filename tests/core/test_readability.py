"""How easy a text reads: what is counted, and what is called hard."""

from tijdig.core.readability import (
    Readability,
    count_words,
    find_hard_words,
    measure_readability,
    split_sentences,
)


def test_sentences_end_at_a_mark_before_a_capital() -> None:
    text = "Heeft u al betaald? Dan hoeft u niets te doen. Dank u wel!"
    assert split_sentences(text) == (
        "Heeft u al betaald?",
        "Dan hoeft u niets te doen.",
        "Dank u wel!",
    )


def test_abbreviations_amounts_and_dates_do_not_end_a_sentence() -> None:
    text = "Jansen B.V. uit Ede vraagt € 1.234,56 voor nr. 2026.04 van 1 mei. Wilt u betalen?"
    assert split_sentences(text) == (
        "Jansen B.V. uit Ede vraagt € 1.234,56 voor nr. 2026.04 van 1 mei.",
        "Wilt u betalen?",
    )


def test_a_line_end_ends_a_sentence() -> None:
    assert split_sentences("Zo betaalt u\nBedrag\n\n---\n") == ("Zo betaalt u", "Bedrag")


def test_an_amount_and_an_address_count_as_one_word() -> None:
    assert count_words("Betaal € 1.234,56 of mail naar kas@bakkerij.test.") == 6


def test_hard_words_are_found_as_whole_words_with_an_easier_one() -> None:
    assert find_hard_words("Betaal uiterlijk morgen, ten behoeve van Jan.") == {
        "ten behoeve van": "voor",
        "uiterlijk": "niet later dan",
    }
    assert find_hard_words("De buitenkant ziet er goed uit, conformist.") == {}


def test_measure_gives_all_figures() -> None:
    assert measure_readability("Een twee drie. Indien vier.", language="nl") == Readability(
        sentence_count=2, mean_words=2.5, longest_words=3, hard_words={"indien": "als"}
    )
    assert measure_readability("", language="en") == Readability(0, 0.0, 0, {})
