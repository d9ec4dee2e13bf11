"""Numbers as people write them: split, cut, swapped, without their prefix or zeros."""

import re
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, TypeVar

_T = TypeVar("_T")
Spelling = Literal["exact", "digits", "loose", "range", "cut", "swapped"]

_TOKEN = re.compile(r"[A-Za-z]+|[0-9]+")
_GAP_AND_TOKEN = re.compile(r"([^A-Za-z0-9]*)([A-Za-z]+|[0-9]+)")
_ONE_RUN = re.compile(r"([A-Za-z]*)([0-9]+)")
# What people and banks put inside a number: 2026-0412, 2026/0412, 2026 0412, F2026.0412.
_WITHIN = re.compile(r"[-/._ ]{0,3}")
# What ties digits to a longer number: 020-1234567, 1042,00, 12.03.2026.
_TIE = re.compile(r"[-._,]")
_SPACES = re.compile(r"\s+")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_NO_DIGIT = {ord(c): None for c in "0ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-/._ "}
_NUMBER_AT_LEAST = 4
_CUT_AT_LEAST = 3
_SWAPPED_AT_LEAST = 5
_LONGEST = 28
_UP_TO = (("T", "M"), ("TM",), ("T", "E", "M"), ("TEM",), ("TOT", "EN", "MET"))
_TOKENS_AT_MOST = 7
_ZEROS_BEFORE = re.compile("(?<![0-9])0+(?=[0-9])")
TEXTS_KEPT = 16_384
"""As many texts as are read before the first of them has its turn, and some thousands more."""
# Past the lambda that a named tuple is made by: hundreds of thousands are made.
_make = tuple.__new__


class Token(NamedTuple):
    """A run of letters or of digits; `gap` is what stands between it and the token before."""

    text: str
    gap: str
    start: int

    @property
    def is_digits(self) -> bool:
        """Whether this is a run of digits; else it is one of letters."""
        return self.text.isdigit()

    @property
    def end(self) -> int:
        """Where it ends in the text, excluded."""
        return self.start + len(self.text)


class Reading(NamedTuple):
    """Neighbouring tokens read as one number: `first` and `last` are their places."""

    joined: str
    first: int
    last: int


class ReadText(NamedTuple):
    """The words of a payer, read once: every reading, with the key of its number and its digits.

    The digits are those in a row, without the zeros before them.
    """

    tokens: tuple[Token, ...]
    readings: tuple[Reading, ...]
    keys: tuple[str, ...]
    digits: tuple[str, ...]


class Number(NamedTuple):
    """A number of the book in the forms in which it is compared, and the key where it is found."""

    plain: str
    digits: str
    loose: str
    lettered: str
    key: str


_PROVES_NOTHING = Number("", "", "", "", "")


def tokenise(text: str) -> tuple[Token, ...]:
    """The runs of letters and of digits, in upper case; white space counts as one space."""
    tokens: list[Token] = []
    end = 0
    # Most texts are in one alphabet, and on one line.
    is_plain = text.isascii() and text.isprintable()
    for gap, run in _GAP_AND_TOKEN.findall(text.upper() if is_plain else text):
        start = end + len(gap)
        end = start + len(run)
        if is_plain:
            told = run, gap if len(gap) < 2 else _SPACES.sub(" ", gap), start
        else:
            told = run.upper(), _SPACES.sub(" ", gap), start
        tokens.append(_make(Token, told))
    if tokens and tokens[0].gap:
        tokens[0] = tokens[0]._replace(gap=tokens[0].gap.lstrip())
    return tuple(tokens)


@lru_cache(maxsize=TEXTS_KEPT)
def read_text(text: str) -> ReadText:
    """The tokens, the readings and their keys; kept, as a payment is looked at more than once.

    A reading is every row of neighbouring tokens that can be one number, from each place the
    longest last.
    """
    tokens = tokenise(text)
    readings: list[Reading] = []
    keys: list[str] = []
    rows: list[str] = []
    runs = [(one.text, one.text if one.text.isdigit() else "") for one in tokens]
    within = [not gap or gap == " " or _WITHIN.fullmatch(gap) is not None for _, gap, _ in tokens]
    count = len(runs)
    # Of each row of digits the key, and what is left without the zeros before it.
    known: dict[str, tuple[str, str]] = {}
    for first in range(count):
        joined = digits = ""
        for last in range(first, min(count, first + _TOKENS_AT_MOST)):
            if last > first and not within[last]:
                break
            run, own = runs[last]
            joined += run
            length = len(joined)
            if length > _LONGEST:
                break
            digits += own
            if digits and length >= _NUMBER_AT_LEAST:
                readings.append(_make(Reading, (joined, first, last)))
                told = known.get(digits)
                if told is None:
                    bare = digits.replace("0", "")
                    told = bare if len(bare) > 1 else digits, digits.lstrip("0")
                    known[digits] = told
                keys.append(told[0])
                rows.append(told[1])
    return ReadText(tokens, tuple(readings), tuple(keys), tuple(rows))


@lru_cache(maxsize=65_536)
def parse_number(number: str) -> Number:
    """The number without separators; its digits only; both without zeros before each run.

    All are empty for a number that proves nothing when found in a text: a year, a word, or one
    of fewer than four characters.
    """
    found = _ONE_RUN.fullmatch(number)
    if found is not None:
        # Most numbers are one row of digits, with or without letters before it.
        letters, row = found.groups()
        letters = letters.upper()
        plain = letters + row
        if len(plain) < _NUMBER_AT_LEAST or _YEAR.fullmatch(plain):
            return _PROVES_NOTHING
        bare, left = row.replace("0", ""), row.lstrip("0")
        loose = left or "0"
        return Number(plain, left, loose, letters + loose, bare if len(bare) > 1 else row)
    runs = _TOKEN.findall(number)
    plain = "".join(runs).upper()
    digits = [run for run in runs if run.isdigit()]
    if len(plain) < _NUMBER_AT_LEAST or not digits or _YEAR.fullmatch(plain):
        return _PROVES_NOTHING
    row = "".join(digits)
    bare = row.replace("0", "")
    return Number(
        plain,
        row.lstrip("0"),
        "".join([run.lstrip("0") or "0" for run in digits]),
        _strip_zeros(plain),
        bare if len(bare) > 1 else row,
    )


def make_number_key(text: str) -> str:
    """The key under which every spelling of a number with all its digits is found.

    Its digits without any zero; where fewer than two are left, all its digits. The function
    `tijdig_number_key` in the database does the same.
    """
    bare = text.translate(_NO_DIGIT)
    if not (bare.isascii() and bare.isdigit()):
        bare = "".join([c for c in bare if c in "123456789"])
    return bare if len(bare) > 1 else "".join([c for c in text if c in "0123456789"])


def is_year(text: str) -> bool:
    """Whether four digits are a year of this century or the last."""
    return _YEAR.fullmatch(text) is not None


def list_digits(text: str) -> str:
    """Its digits in a row, without the zeros before them."""
    return "".join([c for c in text if c in "0123456789"]).lstrip("0")


def compare_number(joined: str, number: Number) -> Spelling | None:
    """How this reading spells the number with all its digits that count, if it does."""
    found = list_spelled(joined, ((None, number),))
    return found[0][1] if found else None


def list_spelled(joined: str, numbers: Iterable[tuple[_T, Number]]) -> list[tuple[_T, Spelling]]:
    """Those whose numbers this reading spells with all the digits that count, and how."""
    found: list[tuple[_T, Spelling]] = []
    if joined.isdigit():
        digits = joined.lstrip("0")
        # A year, and what is shorter than a number, proves nothing but where it is written so.
        proves = (
            len(joined) >= _NUMBER_AT_LEAST
            and len(digits) >= _NUMBER_AT_LEAST - 1
            and _YEAR.fullmatch(joined) is None
        )
        for owner, (plain, own_digits, loose, _, _) in numbers:
            if joined == plain:
                found.append((owner, "exact"))
            elif proves and plain and digits == own_digits:
                found.append((owner, "digits"))
            elif proves and plain and digits == loose:
                found.append((owner, "loose"))
        return found
    end, length = joined[-1:], len(joined)
    for owner, (plain, _, _, lettered, _) in numbers:
        if joined == plain:
            found.append((owner, "exact"))
        # What is left of both without zeros ends as they do, and is no longer.
        elif (
            plain
            and end == plain[-1]
            and length >= len(lettered)
            and _strip_zeros(joined) == lettered
        ):
            found.append((owner, "loose"))
    return found


@lru_cache(maxsize=65_536)
def _strip_zeros(plain: str) -> str:
    return _ZEROS_BEFORE.sub("", plain)


def compare_part(joined: str, number: Number) -> Spelling | None:
    """How this row of digits spells a part of the number, or the number with a slip, if it does."""
    digits, plain = number.digits, joined
    if not plain.isdigit() or not digits:
        return None
    if len(plain) >= _CUT_AT_LEAST and len(plain) < len(digits):
        bare = plain.lstrip("0")
        if len(bare) >= _CUT_AT_LEAST - 1 and digits.endswith(plain):
            return "cut"
        if (
            len(bare) >= _CUT_AT_LEAST
            and digits.endswith(bare)
            and set(digits[: -len(bare)]) <= set("0")
        ):
            return "cut"
        if len(plain) >= _SWAPPED_AT_LEAST and len(digits) - len(plain) == 1:
            return "cut" if digits.startswith(plain) else None
        return None
    if len(plain) == len(digits) >= _SWAPPED_AT_LEAST and _is_slip(plain, digits):
        return "swapped"
    return None


def split_serial(number: str) -> tuple[str, str]:
    """What stands before the last row of digits, letters and digits only, and that row."""
    runs = _TOKEN.findall(number.upper())
    if not runs or not runs[-1].isdigit():
        return "".join(runs), ""
    return "".join(runs[:-1]), runs[-1]


def find_range_end(tokens: Sequence[Token], after: int) -> Token | None:
    """The last row of digits of the number behind "t/m" or "tot en met", where that is here."""
    for words in _UP_TO:
        behind = after + len(words)
        if tuple(one.text for one in tokens[after:behind]) != words:
            continue
        end: Token | None = None
        for token in tokens[behind : behind + _TOKENS_AT_MOST]:
            if token.is_digits:
                end = token
                if not is_year(token.text):
                    break
            elif end:
                break
        return end
    return None


def choose_spans(
    tokens: Sequence[Token], readings: Iterable[Reading], known: set[str]
) -> list[Reading]:
    """The known readings that stand in the text on their own, from the left, the longest first.

    The longest reading wins: where 20260412 is known, 0412 is not found in "2026-0412". A number
    does not stand on its own inside a longer run of digits, tied to digits that are no known
    number ("020-1042", "1042,00"), or with a letter behind it ("1042A").
    """
    best: dict[int, Reading] = {}
    for reading in readings:
        if reading.joined in known:
            best[reading.first] = reading
    chosen: list[Reading] = []
    place = 0
    for first in sorted(best):
        if first >= place:
            chosen.append(best[first])
            place = best[first].last + 1
    if not chosen:
        return chosen
    if len(chosen) == 1:
        return chosen if stands_alone(tokens, chosen[0]) else []
    covered = {place for one in chosen for place in range(one.first, one.last + 1)}
    return [one for one in chosen if not _has_ties(tokens, one, covered)]


def stands_alone(tokens: Sequence[Token], reading: Reading) -> bool:
    """Whether this reading, the only one that is known, is not a part of something longer."""
    return not _has_ties(tokens, reading, range(reading[1], reading[2] + 1))


def _has_ties(tokens: Sequence[Token], reading: Reading, covered: Container[int]) -> bool:
    _, first, last = reading
    return _is_tied(tokens, first - 1, first, covered) or _is_tied(tokens, last, last + 1, covered)


def _is_tied(tokens: Sequence[Token], left: int, right: int, covered: Container[int]) -> bool:
    """Whether two neighbours, one inside a number and one outside, belong to one longer number."""
    if left < 0 or right >= len(tokens):
        return False
    gap = tokens[right].gap
    if gap == "":
        # Letters before a number may be a word ("factuur1042"); behind it they are part of it.
        return not (right in covered and not tokens[left].is_digits)
    if _TIE.fullmatch(gap) is None or (left in covered and right in covered):
        return False
    return tokens[left].is_digits and tokens[right].is_digits


def _is_slip(one: str, other: str) -> bool:
    """Whether two rows of digits of one length differ by two neighbours swapped or one digit."""
    places = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 1:
        return True
    if len(places) != 2 or places[1] != places[0] + 1:
        return False
    at = places[0]
    return one[at] == other[at + 1] and one[at + 1] == other[at]
