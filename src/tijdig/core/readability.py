"""How easy a text reads: words per sentence, and words that many readers find hard."""

import re
from dataclasses import dataclass

from tijdig.core.hard_words import HARD_WORDS_NL

_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(€]*[A-ZÀ-Þ0-9€])")
_WORD = re.compile(r"[^\W_][\w.,'’@/-]*")
_LETTERS = re.compile(r"[^\W\d_]+")
# A dot after these does not end a sentence; neither does a dot after one capital ("B.V.").
_SHORT_FORMS = frozenset(
    ("bijv", "bv", "nr", "nrs", "tel", "dhr", "mevr", "mw", "art", "incl", "excl", "no", "mr", "ms")
)


@dataclass(frozen=True, slots=True)
class Readability:
    """What a text asks of its reader; `hard_words` maps each hard word found to an easier one."""

    sentence_count: int
    mean_words: float
    longest_words: int
    hard_words: dict[str, str]


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text in order; the end of a line ends a sentence too.

    Abbreviations ("nr.", "B.V.") and the dots inside amounts and dates do not end one.
    """
    sentences: list[str] = []
    for line in text.splitlines():
        pending = ""
        for part in _END.split(line.strip()):
            pending = f"{pending} {part}".strip()
            if not _ends_with_short_form(pending):
                sentences.append(pending)
                pending = ""
        if pending:
            sentences.append(pending)
    return tuple(sentence for sentence in sentences if count_words(sentence))


def count_words(sentence: str) -> int:
    """The number of words; an amount, a date part or an e-mail address counts as one."""
    return len(_WORD.findall(sentence))


def find_hard_words(text: str) -> dict[str, str]:
    """Each word of the Dutch list that stands in the text, with an easier one."""
    spaced = f" {' '.join(_LETTERS.findall(text.lower()))} "
    return {
        hard: easy
        for hard, easy in HARD_WORDS_NL.items()
        if any(f" {hard}{ending} " in spaced for ending in ("", "e", "en", "s"))
    }


def measure_readability(text: str, *, language: str) -> Readability:
    """The reading figures of a text; only Dutch ("nl") has a list of hard words."""
    counts = [count_words(sentence) for sentence in split_sentences(text)]
    return Readability(
        sentence_count=len(counts),
        mean_words=sum(counts) / len(counts) if counts else 0.0,
        longest_words=max(counts, default=0),
        hard_words=find_hard_words(text) if language == "nl" else {},
    )


def _ends_with_short_form(sentence: str) -> bool:
    if not sentence.endswith("."):
        return False
    last = sentence[:-1].rsplit(maxsplit=1)[-1] if sentence[:-1].split() else ""
    tail = last.rsplit(".", maxsplit=1)[-1]
    return (len(tail) == 1 and tail.isupper()) or last.lower() in _SHORT_FORMS
