"""Texts in the characters that every bank in SEPA can carry."""

import re
from typing import Final

from text_unidecode import unidecode

# The Latin set of the scheme (EPC217-08): anything else may be refused or changed on the way.
_FOREIGN: Final = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_WORDS: Final = {"&": "+", "@": "(at)", "_": "-", "*": ".", ";": ",", '"': "'"}
_KNOWN: Final = re.compile("|".join(map(re.escape, _WORDS)))


def clean_text(text: str, *, longest: int) -> str:
    """The text in the characters of SEPA, at most so many, without blanks around it.

    Accents go, other scripts are written in Latin letters, what is left becomes a blank. A text
    does not begin or end with a slash, nor hold two in a row. May be empty.
    """
    latin = unidecode(text.replace("€", "EUR "))
    worded = _KNOWN.sub(lambda found: _WORDS[found[0]], latin)
    plain = " ".join(_FOREIGN.sub(" ", worded).split())
    plain = re.sub("/{2,}", "/", plain)[:longest]
    return plain.strip(" /")
