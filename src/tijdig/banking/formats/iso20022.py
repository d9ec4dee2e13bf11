"""What every ISO 20022 message shares: elements by local name, amounts and dates."""

from datetime import date
from functools import lru_cache
from typing import TypeAlias

from lxml import etree

from tijdig.core.problem import Sentence

# Sixteen digits before the point: the cents still fit a 64-bit column.
_WHOLE_DIGITS_AT_MOST = 16

Parts: TypeAlias = "dict[str, etree._Element]"  # noqa: SLF001 - the only name lxml has for it


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace, which differs per version."""
    return element.tag.rpartition("}")[2]


def children_of(element: etree._Element | None) -> Parts:
    """The first child of each local name."""
    found: Parts = {}
    if element is not None:
        for child in element:
            found.setdefault(child.tag.rpartition("}")[2], child)
    return found


def text_at(element: etree._Element | None, *path: str) -> str:
    """The stripped text at the end of a path of local names; "" where the path breaks off."""
    for name in path:
        element = _child(element, name)
    return "" if element is None else text_of(element)


def text_of(element: etree._Element | None) -> str:
    """The stripped text of an element; "" without one."""
    return "" if element is None else (element.text or "").strip()


def is_iban_shaped(number: str) -> bool:
    """Whether a number looks like an IBAN: two letters, two digits and 10 to 30 more characters."""
    return (
        14 <= len(number) <= 34
        and number.isascii()
        and number.isalnum()
        and number[:2].isalpha()
        and number[2:4].isdigit()
    )


def read_cents(text: str) -> int | Sentence:
    """Whole cents of an amount without sign, or why it is none; never rounded.

    Leading zeros and zeros after the second decimal are no matter.
    """
    whole, _, decimals = text.removeprefix("+").partition(".")
    whole = whole.lstrip("0")
    digits = whole + decimals
    readable = text.isascii() and (digits.isdigit() or (not digits and "0" in text))
    if not readable or len(whole) > _WHOLE_DIGITS_AT_MOST:
        return _not_an_amount(text)
    if decimals[2:].strip("0"):
        return Sentence(
            f"Het bedrag {text[:40]} heeft meer dan twee decimalen. Wij ronden geen bankbedragen"
            " af.",
            f"The amount {text[:40]} has more than two decimals. We do not round bank amounts.",
        )
    return int(whole + (decimals + "00")[:2])


@lru_cache(maxsize=4096)
def read_date(text: str) -> date | None:
    """The day of a date or of a moment, as written: a bank's booking day is in its own zone."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def read_indicated_date(element: etree._Element | None) -> date | None:
    """The day of an element that holds either `Dt` or `DtTm`."""
    return read_date(text_at(element, "Dt") or text_at(element, "DtTm"))


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    if element is not None:
        for child in element:
            if child.tag.rpartition("}")[2] == name:
                return child
    return None


def _not_an_amount(text: str) -> Sentence:
    if not text:
        return Sentence("Het bedrag ontbreekt.", "The amount is missing.")
    return Sentence(
        f"Het bedrag “{text[:40]}” is niet te lezen. Een bedrag staat er als 1234.56, zonder"
        " minteken.",
        f"The amount “{text[:40]}” cannot be read. An amount is written as 1234.56, without a"
        " minus sign.",
    )
