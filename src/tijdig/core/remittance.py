"""Finding known numbers and references in what a payer wrote."""

import re
from collections.abc import Container
from dataclasses import dataclass

_TOKEN = re.compile(r"[A-Z]+|[0-9]+")
# What people and banks put inside a number: 2026-0412, 2026/0412, 2026 0412, F2026.0412.
_WITHIN = re.compile(r"[-/._ ]{0,3}")
# What ties digits to a longer number: 020-1234567, 1042,00, 12.03.2026.
_TIE = re.compile(r"[-._,]")


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters or of digits; `gap` is what stands between it and the token before."""

    text: str
    gap: str

    @property
    def is_digits(self) -> bool:
        """Whether this is a run of digits; else it is one of letters."""
        return self.text.isdigit()


def tokenise(text: str) -> tuple[Token, ...]:
    """The runs of letters and of digits, in upper case; white space counts as one space."""
    plain = " ".join(text.upper().split())
    tokens: list[Token] = []
    end = 0
    for found in _TOKEN.finditer(plain):
        tokens.append(Token(found.group(), plain[end : found.start()]))
        end = found.end()
    return tuple(tokens)


def find_known(tokens: tuple[Token, ...], known: Container[str], *, longest: int) -> list[str]:
    """The known numbers that stand in the text on their own, in order of appearance.

    `known` holds numbers in upper case without separators, none longer than `longest`. The
    longest reading wins: where 20260412 is known, 0412 is not found in "2026-0412". A number does
    not stand on its own inside a longer run of digits, tied to digits that are no known number
    ("020-1042", "1042,00"), or with a letter behind it ("1042A").
    """
    spans = _find_spans(tokens, known, longest)
    covered = {place for first, last, _ in spans for place in range(first, last + 1)}
    return [
        number
        for first, last, number in spans
        if not _is_tied(tokens, first - 1, first, covered)
        and not _is_tied(tokens, last, last + 1, covered)
    ]


def _find_spans(
    tokens: tuple[Token, ...], known: Container[str], longest: int
) -> list[tuple[int, int, str]]:
    """First token, last token and number, from the left, the longest first, without overlap."""
    spans: list[tuple[int, int, str]] = []
    first = 0
    while first < len(tokens):
        best: tuple[int, int, str] | None = None
        joined = ""
        for last in range(first, len(tokens)):
            if last > first and not _WITHIN.fullmatch(tokens[last].gap):
                break
            joined += tokens[last].text
            if len(joined) > longest:
                break
            if joined in known:
                best = (first, last, joined)
        if best:
            spans.append(best)
        first = best[1] + 1 if best else first + 1
    return spans


def _is_tied(tokens: tuple[Token, ...], left: int, right: int, covered: set[int]) -> bool:
    """Whether two neighbours, one inside a number and one outside, belong to one longer number."""
    if left < 0 or right >= len(tokens):
        return False
    gap = tokens[right].gap
    if gap == "":
        # Letters before a number may be a word ("factuur1042"); behind it they are part of it.
        return not (right in covered and not tokens[left].is_digits)
    both_digits = tokens[left].is_digits and tokens[right].is_digits
    return both_digits and _TIE.fullmatch(gap) is not None and not {left, right} <= covered
