"""What every ISO 20022 message shares: amounts and dates as they are written."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from tijdig.core.problem import Sentence

# Sixteen digits before the point: the cents still fit a 64-bit column.
_WHOLE_DIGITS_AT_MOST = 16
# In which a bank can have booked something, or made a message.
_YEARS = range(1970, 2100)
# Of a moment that names no zone.
_ZONE = ZoneInfo("Europe/Amsterdam")


def read_cents(text: str) -> int | Sentence:
    """Whole cents of an amount without sign, or why it is none; never rounded.

    Leading zeros and zeros after the second decimal are no matter.
    """
    whole, _, decimals = text.partition(".")
    digits = whole + decimals
    usual = len(decimals) == 2 and len(whole) <= _WHOLE_DIGITS_AT_MOST
    if usual and digits.isdigit() and digits.isascii():
        return int(digits)
    whole = whole.removeprefix("+").lstrip("0")
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
    """The day of a date or of a moment, as written: a bank's booking day is in its own zone.

    None where there is none, or where no bank can mean it (year 1, or 9999 for "without end").
    """
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def read_moment(text: str) -> datetime | None:
    """A moment with its zone, the Dutch one where it names none; None for a day or no moment."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if "T" not in text or moment.year not in _YEARS:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=_ZONE)


def _not_an_amount(text: str) -> Sentence:
    if not text:
        return Sentence("Het bedrag ontbreekt.", "The amount is missing.")
    return Sentence(
        f"Het bedrag “{text[:40]}” is niet te lezen. Een bedrag staat er als 1234.56, zonder"
        " minteken.",
        f"The amount “{text[:40]}” cannot be read. An amount is written as 1234.56, without a"
        " minus sign.",
    )
