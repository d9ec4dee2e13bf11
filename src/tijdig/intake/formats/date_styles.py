"""How a list writes its dates: day and month told apart for a whole column together."""

import re
from collections import Counter
from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tijdig.core.problem import Sentence
from tijdig.intake.formats.styles import DateStyle, clip

FIRST_YEAR, LAST_YEAR = 1980, 2099
_EXCEL_ORIGIN = date(1899, 12, 30)
_TIME = (
    r"(?:[T ,]+(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)(?: ?[AP]M)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})" + _TIME, re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[-. ]*([a-z]{3,9})[-., ]*(\d{4}|\d{2})", re.ASCII)
_NAMED_FIRST = re.compile(r"([a-z]{3,9})[. ]+(\d{1,2})(?:,| ) *(\d{4})", re.ASCII)
_COMPACT = re.compile(r"\d{8}", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?", re.ASCII)
_WEEKDAY = re.compile(r"(?:ma|di|wo|do|vr|za|zo|[a-z]+dag|[a-z]+day)\.?,? +")
_MONTHS = (
    "januari january jan", "februari february feb", "maart march mrt mar maa", "april apr",
    "mei may", "juni june jun", "juli july jul", "augustus august aug",
    "september sept sep", "oktober october okt oct", "november nov", "december dec",
)  # fmt: skip
_MONTH = {name: at for at, names in enumerate(_MONTHS, start=1) for name in names.split()}


@dataclass(frozen=True, slots=True)
class Dates:
    """A column as dates: None where a cell is blank or refused (`refused` by row)."""

    days: list[date | None]
    refused: dict[int, Sentence]
    style: DateStyle | None
    note: Sentence | None = None


@dataclass(frozen=True, slots=True)
class _Pair:
    """A date of which the order of day and month is still open."""

    first: int
    second: int
    year: int
    slash: bool

    @property
    def proves(self) -> DateStyle | None:
        if self.first > 12 >= self.second:
            return "dmy"
        return "mdy" if self.second > 12 >= self.first else None

    def as_date(self, style: DateStyle) -> date | None:
        day, month = (self.first, self.second) if style == "dmy" else (self.second, self.first)
        return _make_date(self.year, month, day)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The distinct values of a column as read so far, and how many prove which order."""

    read: dict[object, date | _Pair | None]
    votes: dict[DateStyle, int]
    slashes: bool
    swapped: bool

    @property
    def mixed(self) -> bool:
        return len(self.votes) == 2

    @property
    def style(self) -> DateStyle | None:
        dmy, mdy = self.votes.get("dmy", 0), self.votes.get("mdy", 0)
        if dmy == mdy:
            return None
        return "dmy" if dmy > mdy else "mdy"


def read_dates(
    columns: Pairs[str, Sequence[object]], *, style: DateStyle | None
) -> dict[str, Dates]:
    """Each column as dates. Day and month may stand in two orders: a day over 12 proves which.

    A column in which nothing decides takes the order that all others agree on, else day first, as
    Dutch programs write; `style` is what a person confirmed. Refuses (per row) what contradicts
    the order, dates that do not exist and years outside 1980-2099.
    """
    weighed = {x: _weigh(cells) for x, cells in columns.items()}
    proven: set[DateStyle] = {x.style for x in weighed.values() if x.style and not x.mixed}
    shared: DateStyle | None = next(iter(proven)) if len(proven) == 1 else None
    if not proven:
        shared = "dmy"
    settled: dict[str, Dates] = {}
    for name, cells in columns.items():
        own = weighed[name]
        decided = style or own.style or (None if own.mixed else shared)
        assumed = style is None and own.style is None and not proven
        settled[name] = _settle(
            cells, own, style=decided, confirmed=style is not None, assumed=assumed
        )
    return settled


def _weigh(cells: Sequence[object]) -> _Weighed:
    counted = Counter(cells)
    read = {x: _read_cell(x) for x in counted if x != ""}
    votes: Counter[DateStyle] = Counter()
    unclear = slashes = False
    for cell, found in read.items():
        if isinstance(found, _Pair):
            if found.proves:
                votes[found.proves] += counted[cell]
            elif found.first != found.second:
                unclear = True
                slashes = slashes or found.slash
    cell_days = [x.day for x in read if isinstance(x, date)]
    swapped = bool(
        votes.get("dmy", 0) > 1
        and not unclear
        and len(votes) == 1
        and len(cell_days) > 1
        and max(cell_days) <= 12
    )
    return _Weighed(read, dict(votes), slashes, swapped)


def _settle(
    cells: Sequence[object],
    weighed: _Weighed,
    *,
    style: DateStyle | None,
    confirmed: bool,
    assumed: bool,
) -> Dates:
    outcomes: dict[object, date | Sentence | None] = {"": None}
    for cell, found in weighed.read.items():
        if isinstance(found, _Pair):
            strict = weighed.mixed and not confirmed
            outcomes[cell] = _by_order(cell, found, style, strict=strict)
        elif weighed.swapped and not confirmed and isinstance(cell, date):
            outcomes[cell] = _swapped(cell)
        else:
            outcomes[cell] = found or _no_date(cell)
    days = [x if isinstance(x := outcomes[cell], date) else None for cell in cells]
    refused: dict[int, Sentence] = {}
    if any(isinstance(x, Sentence) for x in outcomes.values()):
        refused = {
            at: x for at, cell in enumerate(cells) if isinstance(x := outcomes[cell], Sentence)
        }
    ordered = any(isinstance(x, _Pair) for x in weighed.read.values())
    return Dates(
        days,
        refused,
        style if ordered else None,
        _note(weighed, confirmed=confirmed, assumed=assumed),
    )


def _by_order(
    cell: object, pair: _Pair, style: DateStyle | None, *, strict: bool
) -> date | Sentence:
    """The date by the column's order, or why this one cannot be read."""
    if pair.first == pair.second:
        return pair.as_date("dmy") or _no_date(cell)
    if pair.first > 12 and pair.second > 12:
        return _no_date(cell)
    if style is None or (strict and not pair.proves):
        return _two_readings(cell)
    if pair.proves and pair.proves != style:
        return _contradicts(cell, style)
    return pair.as_date(style) or _no_date(cell)


def _read_cell(cell: object) -> date | _Pair | None:
    """A cell as a date as far as it goes by itself; None when it is no date at all."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell if FIRST_YEAR <= cell.year <= LAST_YEAR else None
    if isinstance(cell, str):
        return _read_text(cell.lower()) if len(cell) <= 40 else None
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if cell != cell or not 0 < cell < 10**8:
            return None
        return _read_compact(str(int(cell))) if cell >= 10**7 else _read_serial(int(cell))
    return None


def _read_text(text: str) -> date | _Pair | None:
    if match := _YEAR_FIRST.fullmatch(text.upper()):
        if _shifted(match):
            return None
        return _make_date(int(match[1]), int(match[3]), int(match[4]))
    if match := _YEAR_LAST.fullmatch(text.upper()):
        if _shifted(match):
            return None
        return _Pair(int(match[1]), int(match[3]), _full_year(match[4]), match[2] == "/")
    if _COMPACT.fullmatch(text):
        return _read_compact(text)
    if _SERIAL.fullmatch(text):
        return _read_serial(int(text[:5]))
    words = _WEEKDAY.sub("", text, count=1)
    if match := _NAMED.fullmatch(words):
        return _make_date(_full_year(match[3]), _MONTH.get(match[2], 0), int(match[1]))
    if match := _NAMED_FIRST.fullmatch(words):
        return _make_date(int(match[3]), _MONTH.get(match[1], 0), int(match[2]))
    return None


def _shifted(match: re.Match[str]) -> bool:
    """Whether a time zone makes the day itself uncertain (23:00Z is the next day here)."""
    return bool(match["zone"]) and match["time"].strip("0:.,") != ""


def _read_compact(text: str) -> date | None:
    return _make_date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _read_serial(days: int) -> date | None:
    if not 0 < days < 100_000:
        return None
    day = _EXCEL_ORIGIN + timedelta(days=days)
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else 2000 + year if year < 70 else 1900 + year


def _make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where it does not exist or lies outside what an invoice can have."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _note(weighed: _Weighed, *, confirmed: bool, assumed: bool) -> Sentence | None:
    if weighed.mixed and not confirmed:
        return Sentence(
            "De kolom mengt dag-maand-jaar en maand-dag-jaar. Regels die niet bij de meerderheid "
            "passen of twee kanten op kunnen zijn geweigerd.",
            "The column mixes day-month-year and month-day-year. Rows that do not fit the "
            "majority, or could be either, are refused.",
        )
    if weighed.slashes and assumed:
        return Sentence(
            "Niets in de kolom bewijst de volgorde; gelezen is dag/maand/jaar. Klopt dat niet, "
            "bevestig dan maand/dag/jaar en lees het bestand opnieuw in.",
            "Nothing in the column proves the order; it is read as day/month/year. If that is "
            "wrong, confirm month/day/year and import the file again.",
        )
    return None


def _no_date(cell: object) -> Sentence:
    year = re.search(r"(?<!\d)\d{4}(?!\d)", str(cell))
    if year and not FIRST_YEAR <= int(year[0]) <= LAST_YEAR:
        return Sentence(
            f"{clip(cell)} ligt buiten de jaren {FIRST_YEAR} tot en met {LAST_YEAR}. "
            "Verbeter de datum.",
            f"{clip(cell)} is outside the years {FIRST_YEAR} up to {LAST_YEAR}. Correct the date.",
        )
    return Sentence(
        f"{clip(cell)} is geen datum. Schrijf de datum als 14-03-2026.",
        f"{clip(cell)} is not a date. Write the date as 14-03-2026.",
    )


def _two_readings(cell: object) -> Sentence:
    return Sentence(
        f"Bij {clip(cell)} is niet zeker wat de dag is en wat de maand. Bevestig de volgorde.",
        f"In {clip(cell)} it is not certain which is the day and which the month. "
        "Confirm the order.",
    )


def _contradicts(cell: object, style: DateStyle) -> Sentence:
    nl, en = {
        "dmy": ("dag-maand-jaar", "day-month-year"),
        "mdy": ("maand-dag-jaar", "month-day-year"),
    }[style]
    return Sentence(
        f"{clip(cell)} past niet bij de rest van de kolom ({nl}). Verbeter de datum.",
        f"{clip(cell)} does not fit the rest of the column ({en}). Correct the date.",
    )


def _swapped(cell: date) -> Sentence:
    shown = f"{cell:%d-%m-%Y}"
    return Sentence(
        f"Excel heeft in {shown} waarschijnlijk dag en maand verwisseld: in deze kolom zijn alleen "
        "datums tot en met dag 12 echte datums. Lees de export zelf in, of bevestig de volgorde.",
        f"Excel has probably swapped day and month in {shown}: in this column only days up to 12 "
        "are true dates. Import the export itself, or confirm the order.",
    )
