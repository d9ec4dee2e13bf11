"""Numbers of fewer than four characters: read only where the payer says that he names one."""

import re
from collections.abc import Generator, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tijdig.core.matching.spelling import (
    TEXTS_KEPT,
    Reading,
    Spelling,
    Token,
    find_range_end,
    make_number_key,
    read_text,
)

_SHORTER_THAN = 4
_RANGE_AT_MOST = 60
_SHORT = re.compile(r"([A-Za-z]{0,2})[-/._ ]?([0-9]{1,3})")
_NOUNS = frozenset(
    "FACT FACTUUR FACTUREN FACTUURNR FACTUURNRS FACTUURNUMMER FACTUURNUMMERS FACTNR FACTNUMMER "
    "INVOICE INVOICES INV NOTA NOTAS NOTANR NOTANUMMER REKENING REKENINGEN".split()
)
_NUMBERS = frozenset("NR NRS NUMMER NUMMERS NUMBER NO".split())
# Of "kamer nr 101" and "klant nummer 12" the word before tells that it is no invoice.
_BEFORE_NUMBERS = frozenset(
    "BETALING BETALEN BETAALD BETREFT BETR INZAKE INZ OMSCHRIJVING KENMERK PAYMENT VOLDAAN "
    "VOLDOENING UW JULLIE ONZE MIJN HET".split()
)
# Behind it: a date or a quantity, as in "factuur 12 maart" and "nota 3 maanden".
_NOT_OF_A_NUMBER = frozenset(
    "JANUARI FEBRUARI MAART APRIL MEI JUNI JULI AUGUSTUS SEPTEMBER OKTOBER NOVEMBER DECEMBER "
    "JANUARY FEBRUARY MARCH MAY JUNE JULY AUGUST OCTOBER JAN FEB MRT MAR APR JUN JUL AUG SEP SEPT "
    "OKT OCT NOV DEC X STUKS STUK ST EUR EURO MAAND MAANDEN MONTHS DAG DAGEN DAYS WEEK WEKEN UUR "
    "UREN HOURS JAAR KEER MAAL PERSONEN TERMIJN TERMIJNEN KWARTAAL".split()
)
_ANNOUNCES = re.compile(r"[ :#.]{0,4}")
_WITHIN = re.compile(r"[-/._ ]?")
_TIGHT = re.compile(r"[-/._']{0,3}")
_TO_DIGITS = re.compile(r"[-/._': ]{0,4}")
_LISTS = re.compile(r" ?[,;+&] ?")
_AND = frozenset({"EN", "AND"})


class ShortReading(NamedTuple):
    """A short number as read: joined, and as written in upper case; `reading` is its place.

    `is_between`: it lies in a range ("7 t/m 9") and need not be there.
    """

    reading: Reading
    written: str
    is_announced: bool
    is_between: bool = False

    @property
    def key(self) -> str:
        """The key under which the number is found, as of every other number."""
        return make_number_key(self.reading.joined)


@lru_cache(maxsize=TEXTS_KEPT)
def read_shorts(text: str) -> tuple[ShortReading, ...]:
    """The short numbers in the words of a payer; kept, as they are looked at more than once."""
    return tuple(list_short_readings(text, read_text(text).tokens))


def is_short_number(number: str) -> bool:
    """Whether an invoice number is one to three digits, or letters and digits of that length."""
    found = _SHORT.fullmatch(number.strip())
    return found is not None and len("".join(found.groups())) < _SHORTER_THAN


def list_short_readings(text: str, tokens: Sequence[Token]) -> Iterator[ShortReading]:
    """The short numbers that a text names, from the left.

    Digits only directly behind a word that announces them ("factuur 101", "fact. nr: 7"), or
    further on in the list that begins there ("facturen 101, 102 en 103", "101/102") and all that
    lies in a range ("7 t/m 9"); letters with digits also on their own ("F-12"). Never a part of a
    date, an amount or a longer number.
    """
    listed = -1
    for place, token in enumerate(tokens):
        if len(token.text) >= _SHORTER_THAN or not token.text.isdigit():
            continue
        for first in (place - 1, place):
            reading = _read(tokens, first, place)
            if reading is None or not _is_whole(tokens, first, place):
                continue
            told = _is_announced(tokens, first) or _is_listed(tokens, first, listed)
            if told or first < place:
                written = text[tokens[first].start : token.end].upper()
                listed = place if told else listed
                yield ShortReading(reading, written, told)
                if told and first == place:
                    listed = yield from _read_range(tokens, place)
                break


def _read_range(tokens: Sequence[Token], first: int) -> Generator[ShortReading, None, int]:
    """The numbers behind the first of a range, up to its last; gives back where the list ends."""
    end = find_range_end(tokens, first + 1)
    last = tokens.index(end) if end else first
    if end is None or len(end.text) >= _SHORTER_THAN or not _is_whole(tokens, last, last):
        return first
    start, until = int(tokens[first].text), int(end.text)
    if not start < until <= start + _RANGE_AT_MOST:
        return first
    for number in range(start + 1, until + 1):
        text = str(number).zfill(len(tokens[first].text) if tokens[first].text[0] == "0" else 1)
        yield ShortReading(Reading(text, first, last), text, True, is_between=number < until)
    return last


def compare_short(short: ShortReading, number: str) -> Spelling | None:
    """How this reading spells a short number, if it does.

    Announced, its separators or letters may be left out; else it is as it is written.
    """
    found = _SHORT.fullmatch(number.strip())
    if found is None:
        return None
    if not short.is_announced:
        return "exact" if short.written == number.strip().upper() else None
    letters, digits = found.groups()
    if short.reading.joined == letters.upper() + digits:
        return "exact"
    return "digits" if short.reading.joined == digits else None


def _read(tokens: Sequence[Token], first: int, last: int) -> Reading | None:
    """The tokens as one short number: letters and digits, or digits alone."""
    if first == last:
        return Reading(tokens[last].text, last, last)
    if first < 0 or tokens[first].is_digits or tokens[first].text in _NUMBERS | _AND:
        return None
    joined = tokens[first].text + tokens[last].text
    is_one = len(joined) < _SHORTER_THAN and _WITHIN.fullmatch(tokens[last].gap)
    return Reading(joined, first, last) if is_one else None


def _is_whole(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether nothing before or behind it belongs to it: no date, amount, unit or longer number."""
    is_loose = _is_announced(tokens, first) or _is_slashed(tokens, first)
    if first and _TIGHT.fullmatch(tokens[first].gap) and not is_loose:
        # In a list a comma may stand tight; a point, a dash or nothing may not.
        return False
    if last + 1 == len(tokens):
        return True
    behind = tokens[last + 1]
    if _is_slashed(tokens, last + 1):
        return True
    if behind.is_digits:
        if behind.gap == " " and len(tokens[last].text) == 3 != len(behind.text):
            # No day of a date: "101 12-03-2026".
            return True
        is_cents = behind.gap == "," and len(behind.text) == 2
        return not is_cents and _TO_DIGITS.fullmatch(behind.gap) is None
    if behind.text in _NOT_OF_A_NUMBER and not behind.gap.strip(" -'"):
        return False
    return behind.gap == "." or _TIGHT.fullmatch(behind.gap) is None


def _is_announced(tokens: Sequence[Token], first: int) -> bool:
    """Whether the word before says that a number of an invoice follows."""
    if not first or not _ANNOUNCES.fullmatch(tokens[first].gap):
        return False
    word = tokens[first - 1]
    if word.text in _NOUNS:
        return True
    if word.text not in _NUMBERS:
        return False
    if first == 1 or "|" in word.gap:
        return True
    return tokens[first - 2].text in _NOUNS | _BEFORE_NUMBERS


def _is_listed(tokens: Sequence[Token], first: int, listed: int) -> bool:
    """Whether it goes on in a list of which the number before was announced or listed itself."""
    if listed < 0:
        return False
    between = tokens[listed + 1 : first]
    if not between:
        is_next = first == listed + 1
        return is_next and (
            _LISTS.fullmatch(tokens[first].gap) is not None or _is_slashed(tokens, first)
        )
    is_and = len(between) == 1 and between[0].text in _AND
    return is_and and between[0].gap in {" ", ", "} and tokens[first].gap == " "


def _is_slashed(tokens: Sequence[Token], place: int) -> bool:
    """Whether a number of three digits stands behind another and a slash, as in 101/102.

    Shorter ones may be a date, or the first of two parts.
    """
    if not place:
        return False
    pair = tokens[place - 1 : place + 1]
    return tokens[place].gap == "/" and all(one.is_digits and len(one.text) == 3 for one in pair)
