"""Looking into a UBL tree: elements by short path, their text, and where they stand."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Final, TypeAlias

from lxml import etree

from tijdig.core.money import round_half_up
from tijdig.core.problem import Problem, Sentence, Severity

ROOT_NAMESPACES: Final = {
    "Invoice": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "CreditNote": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
}
_NAMESPACES: Final = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
_PREFIXES: Final = {uri: f"{prefix}:" for prefix, uri in _NAMESPACES.items()}
_MAX_TEXT: Final = 1_000
_MAX_FOUND: Final = 1_000
_MAX_COUNTED: Final = 10_000
_AMOUNT: Final = re.compile(r"[+-]?(?:[0-9]{1,13}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")
# xsd:date: a zone may follow and says nothing on the calendar day that the sender wrote.
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_EARLIEST_YEAR: Final = 1970

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for it


def find_text(parent: Element | None, path: str) -> str:
    """The first non-empty text at `path` ("cac:Party/cbc:Name"), blanks joined, or "".

    Bounds: at most 1,000 characters; what is longer is cut.
    """
    return next((text for text in map(text_of, find_all(parent, path)) if text), "")


def text_of(element: Element | None) -> str:
    """An element's own text with runs of blanks made one; "" where there is none."""
    raw = element.text if element is not None else None
    return " ".join(raw[: 4 * _MAX_TEXT].split())[:_MAX_TEXT] if raw else ""


def find(parent: Element | None, path: str) -> Element | None:
    """The first element at `path`, or None; None has no children."""
    return None if parent is None else parent.find(_expand(path))


def find_all(parent: Element | None, path: str) -> list[Element]:
    """The first 1,000 elements at `path`, in the order of the file."""
    return [] if parent is None else parent.findall(_expand(path))[:_MAX_FOUND]


def find_lines(root: Element) -> list[Element]:
    """Every line of the invoice or credit note, however many."""
    lines = (_expand(f"cac:{name}Line") for name in ROOT_NAMESPACES)
    return [line for path in lines for line in root.findall(path)]


def place_of(element: Element, missing: str = "") -> str:
    """`/Invoice/cac:InvoiceLine[2]/cbc:ID, regel 40`; `missing` names a child that is not there."""
    steps = [_step(element)]
    steps.extend(_step(parent) for parent in element.iterancestors())
    path = "/" + "/".join(reversed(steps)) + (f"/{missing}" if missing else "")
    return f"{path}, regel {element.sourceline}"


def refused(place: str, nl: str, en: str) -> Problem:
    """A problem that keeps this invoice out."""
    return _problem(place, nl, en, "refused")


def warning(place: str, nl: str, en: str) -> Problem:
    """A problem with which the invoice comes in all the same."""
    return _problem(place, nl, en, "warning")


def read_amount(element: Element) -> Decimal | None:
    """The number in an amount element, or None when it is not a plain decimal number."""
    text = text_of(element)
    return Decimal(text) if _AMOUNT.fullmatch(text) else None


def read_cents(element: Element) -> int | Problem:
    """Whole cents of an amount; a problem when it is no number or has parts of cents."""
    amount = read_amount(element)
    shown = text_of(element)[:40]
    if amount is None:
        return refused(
            place_of(element),
            f"Hier staat '{shown}'. Dat is geen bedrag. Schrijf een bedrag als 1234.56.",
            f"This says '{shown}'. That is not an amount. Write an amount as 1234.56.",
        )
    cents = round_half_up(amount)
    if cents != amount * 100:
        return refused(
            place_of(element),
            f"Het bedrag {shown} heeft delen van centen. Rond het af op twee decimalen.",
            f"The amount {shown} has parts of cents. Round it to two decimals.",
        )
    return cents


def read_date(element: Element) -> date | Problem:
    """The calendar day in a date element, or why it is none."""
    shown = text_of(element)[:40]
    match = _DATE.fullmatch(shown)
    if match:
        year, month, day = (int(part) for part in match.groups())
        try:
            if year >= _EARLIEST_YEAR:
                return date(year, month, day)
        except ValueError:
            # falls through to the refusal: 31 February looks like a date and is none
            match = None
    return refused(
        place_of(element),
        f"Hier staat '{shown}'. Dat is geen geldige datum. Schrijf een datum als 2026-03-14.",
        f"This says '{shown}'. That is not a valid date. Write a date as 2026-03-14.",
    )


def iterate(root: Element) -> Iterator[Element]:
    """Every element of the tree, in the order of the file."""
    return root.iter(etree.Element)


@lru_cache(maxsize=1024)
def _expand(path: str) -> str:
    """A short path with each prefix written out, as the tree's own search wants it."""
    steps = (step.split(":") for step in path.split("/"))
    return "/".join(f"{{{_NAMESPACES[prefix]}}}{name}" for prefix, name in steps)


def _step(element: Element) -> str:
    """`cac:InvoiceLine[3]`; the number only where there are more, and only up to 10,000."""
    name = etree.QName(element)
    step = _PREFIXES.get(name.namespace or "", "") + name.localname
    siblings = islice(element.itersiblings(element.tag, preceding=True), _MAX_COUNTED)
    before = sum(1 for _ in siblings)
    follows = next(element.itersiblings(element.tag), None) is not None
    return (
        f"{step}[{before + 1}]" if 0 < before < _MAX_COUNTED or (follows and not before) else step
    )


def _problem(place: str, nl: str, en: str, severity: Severity) -> Problem:
    return Problem(place, Sentence(nl, en), severity)
