"""What is said when something is refused or wrong: one Dutch and one English sentence."""

from dataclasses import dataclass
from typing import Literal

from tijdig.core.construction import quick_to_make

Severity = Literal["refused", "warning"]


@quick_to_make
@dataclass(frozen=True, slots=True)
class Sentence:
    """The same statement in Dutch and in English, each ready to show."""

    nl: str
    en: str

    def in_language(self, language: str) -> str:
        """The English text for `en…`, the Dutch text for every other language."""
        return self.en if language.startswith("en") else self.nl


def end_once(text: str) -> str:
    """A sentence that ends in one point, also where its last word ends in one (Jansen & Zn.)."""
    return text[:-1] if text.endswith("..") else text


@dataclass(frozen=True, slots=True)
class Problem:
    """Bad data as a value: where it stands and what is wrong; never raised.

    `place` is a line ("regel 12"), a cell ("B7") or an element ("/Invoice/cbc:ID").
    `refused` means that this record (or, without records, the file) does not come in;
    `warning` that it came in all the same.
    """

    place: str
    because: Sentence
    severity: Severity = "refused"
    file: str = ""


class Refusal(Exception):  # noqa: N818 - the field's word
    """The rules forbid it; the text is for people."""

    def __init__(self, nl: str, en: str) -> None:
        super().__init__(nl)
        self.because = Sentence(nl, en)

    def __reduce__(self) -> tuple[type["Refusal"], tuple[str, str]]:
        """As another process makes it again."""
        return type(self), (self.because.nl, self.because.en)
