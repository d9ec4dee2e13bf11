"""Every table of the law in one list: what the page Wet shows, and what must be kept up to date."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tijdig.core.calendar import format_day
from tijdig.core.direct_debits import scheme
from tijdig.core.law import tables
from tijdig.core.law.dated import LawTable, compute_checked_on, is_unchecked
from tijdig.core.problem import Sentence

_MOST_NAMED = 3

# All but the interest rates: to those a rate can be added by hand, and they have a guard of their
# own (`explain_stale`).
TABLES: tuple[LawTable[Any], ...] = (
    tables.COST_SCALE,
    tables.COST_VAT_PERCENT,
    tables.INSTALMENT_MONTHS,
    tables.LETTER_DAYS,
    tables.LETTER_MARGIN_DAYS,
    tables.NOTICE_TERM_DAYS,
    tables.POSTAL_DAYS,
    tables.POSTAL_WEEKDAYS_WITHOUT_DELIVERY,
    tables.POSTAL_WEEKDAYS_WITHOUT_COLLECTION,
    tables.DEFAULT_TERM_DAYS,
    tables.LONGEST_BUSINESS_TERM_DAYS,
    tables.LONGEST_TERM_TO_SMALL_DAYS,
    tables.LONGEST_PUBLIC_TERM_DAYS,
    tables.CONTACT_HOURS,
    tables.VAT_REFUND_YEARS,
    *tables.LIMITATION_TERMS.values(),
    tables.LONGEST_RENEWED_YEARS,
    scheme.MANDATE_LAPSES_AFTER_MONTHS,
    scheme.ANNOUNCE_DAYS,
    scheme.REFUND_WEEKS,
    scheme.UNAUTHORISED_MONTHS,
)


def list_unchecked(today: date) -> tuple[LawTable[Any], ...]:
    """The tables that nobody compared with their source for seven months."""
    return tuple(table for table in TABLES if is_unchecked(table, today))


def explain_unchecked(found: Sequence[LawTable[Any]]) -> Sentence | None:
    """Which tables must be compared with their source, and how; None where there are none."""
    if not found:
        return None
    since = min(compute_checked_on(table) for table in found)
    named, more = found[:_MOST_NAMED], len(found) - _MOST_NAMED
    names_nl = ", ".join(table.name.nl for table in named) + (f" en {more} andere" * (more > 0))
    names_en = ", ".join(table.name.en for table in named) + (f" and {more} more" * (more > 0))
    return Sentence(
        f"Sinds {format_day(since, 'nl')} niet met de wet vergeleken: {names_nl}. Kijk op de pagina"
        " Wet of de getallen nog kloppen, en installeer een nieuwe versie van Tijdig.",
        f"Not compared with the law since {format_day(since, 'en')}: {names_en}. See on the page"
        " Law whether the numbers still hold, and install a new version of Tijdig.",
    )
