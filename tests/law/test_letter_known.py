"""A sentence that nobody read is wrong, whatever it speaks of; names are free in their place."""

from dataclasses import replace

import pytest
from tests.law.test_letter_words import FACTS, codes, write


@pytest.mark.parametrize(
    "more",
    ["U bent een fijne klant.", "Veel plezier met uw aankoop.", "Have a nice day.", "Groeten"],
)
def test_even_a_kind_sentence_that_is_not_known_holds_the_letter(more: str) -> None:
    assert codes(write(more=f" {more}")) == ["unknown_words"]
    assert codes(f"{write()}\n{more}\n") == ["unknown_words"]


def test_who_signs_stands_below_with_his_own_lines() -> None:
    lines = ("Jansen Schilders", "Jan Jansen", "Dorpsstraat 5a")
    signed = f"{write()}\nMet vriendelijke groet,\n\n" + "\n".join(lines) + "\n"
    assert codes(signed, replace(FACTS, names=lines)) == []
    assert codes(signed) == ["unknown_words"]
