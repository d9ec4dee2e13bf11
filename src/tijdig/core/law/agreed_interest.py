"""Interest that a creditor and a debtor agreed, in place of the rates of the law."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tijdig.core.calendar import add_months
from tijdig.core.law.interest import DayCount, InterestTerms
from tijdig.core.money import format_percent
from tijdig.core.problem import Refusal, Sentence

# Our own bounds against a slip of the pen.
MOST_YEARLY_PERCENT = 100
MOST_GROUND_LETTERS = 100
_DECIMALS = 3
_MONTHS_IN_A_YEAR = 12
_MOST_YEARS_AHEAD = 1


@dataclass(frozen=True, slots=True)
class AgreedInterest:
    """Interest that was agreed: how much, how it counts, where it stands, and for which invoices.

    `rate_percent` is a year, or a month where `per` says so; twelve months make the rate a year.
    It holds for invoices of `from_on` and later, before `until_on`. `is_own` when it was agreed
    with this debtor himself, and not in the creditor's terms. `is_reviewed`: somebody checked that
    it may be asked of a consumer.
    """

    rate_percent: Decimal
    per: Literal["year", "month"]
    is_simple: bool
    ground: str
    from_on: date
    until_on: date | None = None
    day_count: DayCount = "act/365"
    is_own: bool = True
    is_reviewed: bool = False


def compute_yearly_percent(agreed: AgreedInterest) -> Decimal:
    """The rate a year: twelve times that of a month."""
    return agreed.rate_percent * (_MONTHS_IN_A_YEAR if agreed.per == "month" else 1)


def find_agreed_interest(
    agreements: Iterable[AgreedInterest], *, kind: str, issued_on: date
) -> AgreedInterest | None:
    """What holds for an invoice of this day to such a debtor; None where the law's own rate does.

    His own agreement comes before the creditor's terms, of several the first that is given. Of a
    consumer, or who may well be one, only his own, and only where it was reviewed.
    Law: BW 6:119 lid 3, 6:231-233.
    """
    protected = kind not in {"business", "public_body"}
    found = [
        one
        for one in agreements
        if one.from_on <= issued_on
        and (one.until_on is None or issued_on < one.until_on)
        and (not protected or (one.is_own and one.is_reviewed))
    ]
    return min(found, key=lambda one: not one.is_own, default=None)


def make_interest_terms(agreed: AgreedInterest) -> InterestTerms:
    """How the interest is computed."""
    return InterestTerms(
        "contract",
        compute_yearly_percent(agreed),
        is_simple=agreed.is_simple,
        day_count=agreed.day_count,
    )


def describe_agreed_interest(agreed: AgreedInterest) -> Sentence:
    """The agreement in one sentence, with the rate a year and where it stands."""
    rate, yearly = format_percent(agreed.rate_percent), compute_yearly_percent(agreed)
    nl, en = f"{rate} per jaar", f"{rate} a year"
    if agreed.per == "month":
        year = format_percent(yearly)
        nl, en = f"{rate} per maand, dat is {year} per jaar", f"{rate} a month, so {year} a year"
    way_nl, way_en = (
        ("zonder rente over rente", "without interest on interest")
        if agreed.is_simple
        else ("met elk jaar rente over rente", "with interest on interest each year")
    )
    return Sentence(
        f"Afgesproken rente ({agreed.ground}): {nl}, {way_nl}.",
        f"Agreed interest ({agreed.ground}): {en}, {way_en}.",
    )


def refuse_bad_interest(agreed: AgreedInterest, *, today: date) -> None:
    """Refuses: a rate out of bounds, no word about where it stands, a first day far ahead."""
    rate = agreed.rate_percent
    if not rate.is_finite() or rate < 0 or rate != round(rate, _DECIMALS):
        raise Refusal(
            "Vul voor de rente een percentage in van 0 of meer, met hoogstens drie cijfers na de"
            " komma.",
            "For the interest fill in a percentage of 0 or more, with at most three decimals.",
        )
    yearly = compute_yearly_percent(agreed)
    if yearly > MOST_YEARLY_PERCENT:
        raise Refusal(
            f"Een rente van {format_percent(yearly)} per jaar kan niet kloppen: hoogstens"
            f" {MOST_YEARLY_PERCENT}%.",
            f"Interest of {format_percent(yearly)} a year cannot be right: at most"
            f" {MOST_YEARLY_PERCENT}%.",
        )
    if not agreed.ground.strip() or len(agreed.ground) > MOST_GROUND_LETTERS:
        raise Refusal(
            "Schrijf erbij waar de rente is afgesproken, in hoogstens 100 letters. Bijvoorbeeld:"
            " artikel 8 van onze voorwaarden.",
            "Write where the interest was agreed, in at most 100 letters. For example: article 8"
            " of our terms.",
        )
    if agreed.from_on > add_months(today, _MOST_YEARS_AHEAD * _MONTHS_IN_A_YEAR):
        raise Refusal(
            "De eerste dag ligt meer dan een jaar vooruit. Kies een eerdere dag.",
            "The first day lies more than a year ahead. Choose an earlier day.",
        )


def refuse_unreviewed(agreed: AgreedInterest, *, kind: str) -> None:
    """Refuses: interest agreed with a consumer, or who may well be one, that nobody reviewed.

    Law: BW 6:231-233; a term that is unfair costs the creditor the interest of the law too.
    """
    if kind in {"business", "public_body"} or agreed.is_reviewed:
        return
    raise Refusal(
        "Met een consument, of iemand die dat kan zijn, geldt een afgesproken rente alleen als"
        " hij de voorwaarden kreeg en iemand nakeek of de rente eerlijk is. Vink dat aan, of vraag"
        " de wettelijke rente.",
        "With a consumer, or who may well be one, agreed interest holds only where he got the terms"
        " and somebody reviewed that the interest is fair. Tick that, or ask the interest of the"
        " law.",
    )
