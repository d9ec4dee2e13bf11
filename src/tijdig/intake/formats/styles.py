"""How a list writes its amounts: decided for a whole column together, never per value by guess."""

import re
from collections import Counter
from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tijdig.core.problem import Sentence

DecimalStyle = Literal["comma", "point"]
DateStyle = Literal["dmy", "mdy"]
DECIMAL_STYLES: tuple[DecimalStyle, ...] = ("comma", "point")
DATE_STYLES: tuple[DateStyle, ...] = ("dmy", "mdy")

_SHOWN = {"comma": "1.234,56", "point": "1,234.56"}
_DIGITS = str.maketrans("012345678", "9" * 9)
_BLANKS = " \t\n\r\u00a0\u2007\u2009\u202f"
_NOT_DIGITS = str.maketrans("", "", _BLANKS + ".,'’-−–+()/€EURODCBeurodcb")
_MOST_DIGITS = 14
_READABLE = {
    "comma": re.compile(r"(?:9{1,3}(?:[. '’]9{3})+|9*)(?:,(9+))?"),
    "point": re.compile(r"(?:9{1,3}(?:[, '’]9{3})+|9*)(?:\.(9+))?"),
}


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column as whole cents: None where a cell is blank or refused (`refused` by row)."""

    cents: list[int | None]
    refused: dict[int, Sentence]
    style: DecimalStyle | None
    note: Sentence | None = None


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the writing of an amount allows, its digits left out.

    `decimals` per style: how many digits stand behind the decimal sign, or absent when this
    style cannot read it. `sign` is 1 or -1.
    """

    decimals: dict[DecimalStyle, int]
    sign: int

    @property
    def proves(self) -> DecimalStyle | None:
        """The only style that can read it."""
        return next(iter(self.decimals)) if len(self.decimals) == 1 else None

    @property
    def unclear(self) -> bool:
        """Whether the two styles read it as two different amounts (`1.234`)."""
        return len(set(self.decimals.values())) == 2


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A column's texts by shape, and how many texts prove which style."""

    shapes: list[str]
    read: dict[str, _Shape | None]
    votes: dict[DecimalStyle, int]
    unclear: int

    @property
    def mixed(self) -> bool:
        return len(self.votes) == 2

    @property
    def style(self) -> DecimalStyle | None:
        """The style of the majority; None when nothing decides."""
        comma, point = (self.votes.get(x, 0) for x in DECIMAL_STYLES)
        if comma == point:
            return None
        return "comma" if comma > point else "point"


def read_amounts(
    columns: Pairs[str, Sequence[object]], *, style: DecimalStyle | None
) -> dict[str, Amounts]:
    """Each column in whole cents; texts by one style per column, spreadsheet numbers as they are.

    A column in which nothing decides takes the style that all others agree on. `style` is what a
    person confirmed. Refuses (per row) what contradicts the style, what reads as two different
    amounts while nothing decides, more than two decimals, and what is no amount.
    """
    weighed = {x: _weigh(cells) for x, cells in columns.items()}
    proven: set[DecimalStyle] = {x.style for x in weighed.values() if x.style and not x.mixed}
    shared = next(iter(proven)) if len(proven) == 1 else None
    return {
        x: _settle(
            cells,
            weighed[x],
            style=style or weighed[x].style or (None if weighed[x].mixed else shared),
            confirmed=style is not None,
        )
        for x, cells in columns.items()
    }


def clip(value: object) -> str:
    """A value between quotes as a sentence can carry it."""
    text = " ".join(str(value).split())
    return f"‘{text[:40]}…’" if len(text) > 40 else f"‘{text}’"


def _weigh(cells: Sequence[object]) -> _Weighed:
    shapes = [x.translate(_DIGITS) if type(x) is str else "" for x in cells]
    counted = Counter(shapes)
    read = {x: _read_shape(x) for x in counted if x}
    votes: Counter[DecimalStyle] = Counter()
    unclear = 0
    for text, shape in read.items():
        if shape and shape.proves:
            votes[shape.proves] += counted[text]
        elif shape and shape.unclear:
            unclear += counted[text]
    return _Weighed(shapes, read, dict(votes), unclear)


def _settle(
    cells: Sequence[object], weighed: _Weighed, *, style: DecimalStyle | None, confirmed: bool
) -> Amounts:
    """Every cell of the column by the style that was decided for it."""
    strict = weighed.mixed and not confirmed
    factors = {
        text: shape.sign * 10 ** (2 - decimals)
        for text, shape in weighed.read.items()
        if shape and (decimals := _decimals(shape, style, strict=strict)) in (0, 1, 2)
    }
    cents: list[int | None] = []
    refused: dict[int, Sentence] = {}
    for at, (cell, text) in enumerate(zip(cells, weighed.shapes, strict=True)):
        factor = factors.get(text)
        if factor is not None:
            cents.append(int(str(cell).translate(_NOT_DIGITS)) * factor)
            continue
        if cell == "":
            cents.append(None)
            continue
        shape = weighed.read.get(text)
        outcome = _read_rest(cell, shape, style=style, strict=strict)
        cents.append(outcome if isinstance(outcome, int) else None)
        if isinstance(outcome, Sentence):
            refused[at] = outcome
    return Amounts(cents, refused, style, _note(weighed, style, confirmed=confirmed))


def _decimals(shape: _Shape, style: DecimalStyle | None, *, strict: bool) -> int | None:
    """The decimals of a shape by this style; None where the style cannot or may not read it."""
    if shape.unclear and (strict or style is None):
        return None
    if style is None:
        return None if shape.proves else next(iter(shape.decimals.values()))
    return shape.decimals.get(style)


def _read_rest(
    cell: object, shape: _Shape | None, *, style: DecimalStyle | None, strict: bool
) -> int | Sentence:
    """The cents of what needs a closer look: numbers of a spreadsheet, long decimals, refusals."""
    if type(cell) is int or type(cell) is float:
        return _read_number(cell)
    if shape is None:
        return _no_amount(cell)
    decimals = _decimals(shape, style, strict=strict)
    if decimals is None:
        return _contradicts(cell, style) if shape.proves else _two_readings(cell)
    digits = str(cell).translate(_NOT_DIGITS)
    if digits[2 - decimals :].strip("0"):
        return _too_fine(cell)
    return int(digits[: 2 - decimals]) * shape.sign


def _read_number(value: float) -> int | Sentence:
    """Whole cents of a spreadsheet's number; its binary noise (beyond 1/10000 cent) is dropped."""
    if not abs(value) < 10 ** (_MOST_DIGITS - 2):
        return _no_amount(value)
    scaled = round(value * 100, 4)
    return int(scaled) if scaled == int(scaled) else _too_fine(value)


def _read_shape(text: str) -> _Shape | None:
    """What a text such as `€ 9.999,99-` allows; None when it is no amount in any style."""
    if len(text) > 40 or not 0 < text.count("9") <= _MOST_DIGITS:
        return None
    plain = text.upper().translate(
        str.maketrans("−–\t\n\r\u00a0\u2007\u2009\u202f", "--" + " " * 7)
    )
    plain = plain.replace(",--", ",-")
    for currency in ("€", "EURO", "EUR"):
        plain = plain.replace(currency, "", 1)
    body, minuses = _without_sign(plain.strip())
    if minuses > 1:
        return None
    ends: tuple[DecimalStyle, ...] = DECIMAL_STYLES
    if body.endswith((",-", ".-")):  # € 12,- means 12 euros and no cents
        ends = ("comma",) if body.endswith(",-") else ("point",)
        body = body.rstrip("-")[:-1]
    decimals: dict[DecimalStyle, int] = {}
    for style in ends:
        match = _READABLE[style].fullmatch(body)
        if match:
            decimals[style] = len(match.group(1) or "")
    return _Shape(decimals, -1 if minuses else 1) if decimals else None


def _without_sign(plain: str) -> tuple[str, int]:
    """The text without its signs, and how many times it says minus."""
    minuses = 0
    if plain.startswith("(") and plain.endswith(")"):
        plain, minuses = plain[1:-1].strip(), 1
    for tail, minus in (("CR", 1), ("DR", 0), ("DB", 0), ("C", 1), ("D", 0)):
        if plain.endswith(tail):
            plain, minuses = plain.removesuffix(tail).strip(), minuses + minus
            break
    for mark in ("-/-", "-"):
        if plain.startswith(mark):
            plain, minuses = plain.removeprefix(mark).strip(), minuses + 1
            break
    for mark in ("-/-", "-"):
        if plain.endswith(mark) and plain[-2:] not in (",-", ".-", "--"):
            plain, minuses = plain.removesuffix(mark).strip(), minuses + 1
            break
    return plain.removeprefix("+").strip(), minuses


def _note(weighed: _Weighed, style: DecimalStyle | None, *, confirmed: bool) -> Sentence | None:
    """What a person should know about the column as a whole."""
    if weighed.mixed and not confirmed:
        comma, point = (weighed.votes[x] for x in DECIMAL_STYLES)
        return Sentence(
            f"De kolom mengt twee schrijfwijzen: {comma} keer 1.234,56 en {point} keer 1,234.56. "
            "Regels die niet bij de meerderheid passen zijn geweigerd.",
            f"The column mixes two styles: 1.234,56 {comma} times and 1,234.56 {point} times. "
            "Rows that do not fit the majority are refused.",
        )
    if weighed.unclear and style is None:
        return Sentence(
            "Niets in de kolom bewijst of 1.234 hier duizend of één komma is. Bevestig de "
            "schrijfwijze (1.234,56 of 1,234.56) en lees het bestand opnieuw in.",
            "Nothing in the column proves whether 1.234 means a thousand or one point something. "
            "Confirm the style (1.234,56 or 1,234.56) and import the file again.",
        )
    return None


def _no_amount(cell: object) -> Sentence:
    text = str(cell)
    if not re.search(r"[^\W\d_]", text) and len(re.findall(r"\d", text)) > _MOST_DIGITS:
        return Sentence(
            f"{clip(cell)} is te groot voor een bedrag. Verbeter het bedrag.",
            f"{clip(cell)} is too large for an amount. Correct the amount.",
        )
    return Sentence(
        f"{clip(cell)} is geen bedrag. Verbeter het bedrag.",
        f"{clip(cell)} is not an amount. Correct the amount.",
    )


def _too_fine(cell: object) -> Sentence:
    return Sentence(
        f"{clip(cell)} heeft meer dan twee decimalen. Een bedrag is in hele centen.",
        f"{clip(cell)} has more than two decimals. An amount is in whole cents.",
    )


def _two_readings(cell: object) -> Sentence:
    return Sentence(
        f"{clip(cell)} kan twee bedragen betekenen. Bevestig de schrijfwijze van de kolom.",
        f"{clip(cell)} can mean two amounts. Confirm the style of the column.",
    )


def _contradicts(cell: object, style: DecimalStyle | None) -> Sentence:
    if style is None:
        return _two_readings(cell)
    return Sentence(
        f"{clip(cell)} past niet bij de rest van de kolom ({_SHOWN[style]}). Verbeter het bedrag "
        "of bevestig de schrijfwijze.",
        f"{clip(cell)} does not fit the rest of the column ({_SHOWN[style]}). Correct the amount "
        "or confirm the style.",
    )
