"""Every number that comes from the law, by date: the only place where such numbers stand.

Each row says from when it holds, its value, where that was read, when it was published (as far as
the source tells) and when it was last checked. A change of the law is a new row, never an edit.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tijdig.core.law.dated import Confidence, Dated, LawTable, RateTables, Value
from tijdig.core.problem import Sentence

CHECKED_ON = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class CostScale:
    """The scale of the decree: percentages per part of the principal, and the bounds of the sum.

    `brackets` holds (upper end in cents, percent), the last with None as its end.
    """

    brackets: tuple[tuple[int | None, Decimal], ...]
    minimum_cents: int
    maximum_cents: int


@dataclass(frozen=True, slots=True)
class ContactWindow:
    """Hours of the day between which a debtor may be approached: from (in) to (out)."""

    from_hour: int
    until_hour: int


def _rate(from_on: str, percent: str, source: str, *, published: str = "") -> Dated[Decimal]:
    published_on = date.fromisoformat(published) if published else None
    return Dated(date.fromisoformat(from_on), Decimal(percent), source, published_on, CHECKED_ON)


def _row(from_on: date, value: Value, source: str) -> Dated[Value]:
    return Dated(from_on, value, source, None, CHECKED_ON)


_STATUTORY_ROWS = (
    _rate("1976-04-01", "8", "raadvanarbitrage.nl/woordenlijst-detail/269"),
    _rate("1979-01-01", "10", "raadvanarbitrage.nl"),
    _rate("1980-04-01", "12", "raadvanarbitrage.nl"),
    _rate("1983-01-01", "9", "raadvanarbitrage.nl"),
    _rate("1987-04-01", "8", "raadvanarbitrage.nl"),
    _rate("1990-01-01", "10", "raadvanarbitrage.nl"),
    _rate("1990-07-01", "11", "raadvanarbitrage.nl"),
    _rate("1992-01-01", "12", "raadvanarbitrage.nl"),
    _rate("1993-07-01", "10", "raadvanarbitrage.nl"),
    _rate("1994-01-01", "9", "raadvanarbitrage.nl"),
    _rate("1995-01-01", "8", "raadvanarbitrage.nl"),
    _rate("1996-01-01", "7", "raadvanarbitrage.nl"),
    _rate("1996-07-01", "5", "raadvanarbitrage.nl"),
    _rate("1998-01-01", "6", "raadvanarbitrage.nl; rentetool"),
    _rate("2001-01-01", "8", "raadvanarbitrage.nl; rentetool"),
    _rate("2002-01-01", "7", "raadvanarbitrage.nl; rentetool; luxis"),
    _rate("2003-08-01", "5", "raadvanarbitrage.nl; rentetool; luxis"),
    _rate("2004-02-01", "4", "raadvanarbitrage.nl; rentetool; luxis"),
    _rate("2007-01-01", "6", "raadvanarbitrage.nl; rentetool; luxis; vdkraan.nl"),
    _rate("2009-07-01", "4", "raadvanarbitrage.nl; rentetool; luxis; schrijftolk.org"),
    _rate("2010-01-01", "3", "raadvanarbitrage.nl; schrijftolk.org; rentetool; luxis"),
    _rate("2011-07-01", "4", "iqount.nl; rentetool; luxis"),
    _rate("2012-07-01", "3", "rentetool; luxis"),
    _rate("2015-01-01", "2", "inkoopgilde.nl; rentetool; luxis"),
    _rate("2023-01-01", "4", "abenslag.nl; rentetool; luxis", published="2022-12-15"),
    _rate("2023-07-01", "6", "watsonlaw.nl; rentetool; luxis"),
    _rate("2024-01-01", "7", "smkaccountants.nl; rentetool; luxis"),
    _rate("2025-01-01", "6", "rentetool; luxis"),
    _rate("2026-01-01", "4", "luxis; rijksoverheid.nl; rentetool", published="2025-12-10"),
)

_COMMERCIAL_ROWS = (
    _rate("2002-12-01", "10.35", "raadvanarbitrage.nl; luxis; rentetool"),
    _rate("2003-01-01", "9.85", "raadvanarbitrage.nl; luxis; rentetool"),
    _rate("2003-07-01", "9.10", "raadvanarbitrage.nl; luxis; rentetool"),
    _rate("2004-01-01", "9.02", "luxis; rentetool; raadvanarbitrage.nl: 9.01"),
    _rate("2004-07-01", "9.01", "luxis; rentetool"),
    _rate("2005-01-01", "9.09", "raadvanarbitrage.nl; luxis; rentetool"),
    _rate("2005-07-01", "9.05", "raadvanarbitrage.nl; luxis; rentetool"),
    _rate("2006-01-01", "9.25", "raadvanarbitrage.nl; luxis; rentetool"),
    _rate("2006-07-01", "9.83", "raadvanarbitrage.nl; luxis; rentetool"),
    _rate("2007-01-01", "10.58", "raadvanarbitrage.nl; luxis; rentetool; vdkraan.nl"),
    _rate("2007-07-01", "11.07", "raadvanarbitrage.nl; luxis; rentetool; vdkraan.nl"),
    _rate("2008-01-01", "11.20", "raadvanarbitrage.nl; luxis; rentetool; vdkraan.nl"),
    _rate("2008-07-01", "11.07", "raadvanarbitrage.nl; luxis; rentetool; vdkraan.nl"),
    _rate("2009-01-01", "9.50", "raadvanarbitrage.nl; luxis; rentetool; vdkraan.nl"),
    _rate("2009-07-01", "8.00", "raadvanarbitrage.nl; luxis; rentetool; vdkraan.nl"),
    _rate("2010-01-01", "8.00", "raadvanarbitrage.nl; luxis; rentetool"),
    _rate("2010-07-01", "8.00", "raadvanarbitrage.nl; luxis; rentetool"),
    _rate("2011-01-01", "8.00", "luxis; rentetool; vdkraan.nl"),
    _rate("2011-07-01", "8.25", "luxis; rentetool"),
    _rate("2012-01-01", "8.00", "luxis; rentetool"),
    _rate("2012-07-01", "8.00", "luxis; rentetool"),
    _rate("2013-01-01", "7.75", "luxis; rentetool; vdkraan.nl"),
    _rate("2013-03-16", "8.75", "luxis; rentetool"),
    _rate("2013-07-01", "8.50", "luxis; rentetool"),
    _rate("2014-01-01", "8.25", "luxis; rentetool"),
    _rate("2014-07-01", "8.15", "luxis; rentetool"),
    _rate("2015-01-01", "8.05", "bierensgroup.com; luxis; rentetool"),
    _rate("2015-07-01", "8.05", "luxis; rentetool"),
    _rate("2016-01-01", "8.05", "luxis; rentetool"),
    _rate("2016-07-01", "8.00", "luxis; rentetool"),
    _rate("2023-01-01", "10.50", "abenslag.nl; luxis; rentetool"),
    _rate("2023-07-01", "12.00", "watsonlaw.nl; luxis; rentetool"),
    _rate("2024-01-01", "12.50", "nl.wikipedia; luxis; rentetool"),
    _rate("2024-07-01", "12.25", "mijn.metaalunie.nl; luxis; rentetool"),
    _rate("2025-01-01", "11.15", "luxis; rentetool"),
    _rate("2025-07-01", "10.15", "luxis; rentetool"),
    _rate("2026-01-01", "10.15", "luxis; rentetool"),
    _rate("2026-07-01", "10.40", "rijksoverheid.nl; ECB", published="2026-07-20"),
)

RATES = RateTables(
    LawTable(
        "statutory",
        Sentence("de wettelijke rente", "the statutory interest rate"),
        "BW 6:119, 6:120 lid 1",
        "high",
        _STATUTORY_ROWS,
    ),
    LawTable(
        "commercial",
        Sentence("de wettelijke handelsrente", "the commercial interest rate"),
        "BW 6:119a, 6:119b, 6:120 lid 2",
        "high",
        _COMMERCIAL_ROWS,
    ),
)

COST_SCALE = LawTable(
    "cost_scale",
    Sentence("de staffel van de incassokosten", "the scale of collection costs"),
    "Besluit BIK art. 2; BW 6:96 lid 5",
    "high",
    (
        _row(
            date(2012, 7, 1),
            CostScale(
                brackets=(
                    (2_500_00, Decimal(15)),
                    (5_000_00, Decimal(10)),
                    (10_000_00, Decimal(5)),
                    (200_000_00, Decimal(1)),
                    (None, Decimal("0.5")),
                ),
                minimum_cents=40_00,
                maximum_cents=6_775_00,
            ),
            "Stb. 2012, 141; BWBR0031432",
        ),
    ),
)

COST_VAT_PERCENT = LawTable(
    "cost_vat",
    Sentence("de btw op incassokosten", "VAT on collection costs"),
    "Besluit BIK art. 2 lid 3; Wet OB 1968 art. 9 lid 1",
    "high",
    (_row(date(2012, 10, 1), Decimal(21), "BWBR0031432; Wet OB 1968 art. 9 lid 1"),),
)

INSTALMENT_MONTHS = LawTable(
    "instalment_months",
    Sentence("de terugblik bij termijnen", "the look-back for instalments"),
    "Besluit BIK art. 2a",
    "low",
    (_row(date(2024, 10, 1), 6, "Bki art. 9 lid 1 en 11 lid 1; kantoorabri.nl"),),
)

LETTER_DAYS = LawTable(
    "letter_days",
    Sentence("de termijn van de veertiendagenbrief", "the term of the fourteen-day letter"),
    "BW 6:96 lid 6",
    "high",
    (_row(date(2012, 7, 1), 14, "BW 6:96 lid 6; ECLI:NL:HR:2016:2704"),),
)

POSTAL_DAYS = LawTable(
    "postal_days",
    Sentence("de bezorgtijd van een brief", "the delivery time of a letter"),
    "ECLI:NL:HR:2016:2704 rov. 3.5",
    "medium",
    (
        _row(date(2012, 7, 1), 2, "ECLI:NL:HR:2016:2704 rov. 3.5"),
        _row(date(2027, 7, 1), 3, "kabinetsbesluit; nog te vergelijken met het Staatsblad"),
    ),
)

# Days of the week count from 0 (Monday) to 6 (Sunday).
POSTAL_WEEKDAYS_WITHOUT_DELIVERY = LawTable(
    "postal_delivery",
    Sentence("de dagen zonder bezorging van brieven", "the days without delivery of letters"),
    "Postwet 2009 art. 16",
    "medium",
    (
        _row(date(2012, 7, 1), frozenset({6}), "twinklemagazine.nl, januari 2014"),
        _row(date(2014, 1, 1), frozenset({6, 0}), "twinklemagazine.nl, januari 2014; oogtv.nl"),
    ),
)

POSTAL_WEEKDAYS_WITHOUT_COLLECTION = LawTable(
    "postal_collection",
    Sentence("de dagen waarop brieven niet worden opgehaald", "the days without collection"),
    "Postwet 2009 art. 16",
    "medium",
    (_row(date(2012, 7, 1), frozenset({5, 6}), "oogtv.nl, december 2013"),),
)

NOTICE_TERM_DAYS = LawTable(
    "notice_term",
    Sentence("de kortste termijn tot verzuim", "the shortest term before default"),
    "BW 6:82 lid 1 (redelijke termijn); de dagen zijn een keuze van Tijdig",
    "low",
    (_row(date(1992, 1, 1), 3, "keuze van Tijdig"),),
)

LETTER_MARGIN_DAYS = LawTable(
    "letter_margin",
    Sentence("de ruimte voor late post", "the margin for late mail"),
    "keuze van Tijdig, geen wet",
    "medium",
    (_row(date(2012, 7, 1), 3, "ECLI:NL:HR:2016:2704 rov. 3.6"),),
)

DEFAULT_TERM_DAYS = LawTable(
    "default_term",
    Sentence("de termijn zonder afspraak", "the term where none was agreed"),
    "BW 6:119a lid 2, 6:119b lid 2",
    "high",
    (_row(date(2002, 12, 1), 30, "BW 6:119a lid 2"),),
)

LONGEST_BUSINESS_TERM_DAYS = LawTable(
    "longest_business_term",
    Sentence("de langste termijn tussen bedrijven", "the longest term between businesses"),
    "BW 6:119a lid 5",
    "medium",
    (_row(date(2013, 3, 16), 60, "BW 6:119a lid 5 (tekst deels gelezen)"),),
)

LONGEST_TERM_TO_SMALL_DAYS = LawTable(
    "longest_term_to_small",
    Sentence(
        "de langste termijn van een groot bedrijf aan een mkb-bedrijf",
        "the longest term of a large company towards a small one",
    ),
    "BW 6:119a lid 6",
    "high",
    (
        # Contracts made before 1 July 2022 got a year more: see `core/law/default.py`.
        _row(date(2022, 7, 1), 30, "asselt.nl; wiggersross.nl; loyr.nl"),
    ),
)
OLD_CONTRACTS_TO_SMALL_FROM_ON = date(2023, 7, 1)

LONGEST_PUBLIC_TERM_DAYS = LawTable(
    "longest_public_term",
    Sentence("de langste termijn van een overheid", "the longest term of a public body"),
    "BW 6:119b",
    "medium",
    (_row(date(2013, 3, 16), 30, "BW 6:119b (60 dagen alleen met een objectieve reden)"),),
)

CONTACT_HOURS = LawTable(
    "contact_hours",
    Sentence("de uren van contact", "the hours of contact"),
    "Bki art. 4.2",
    "high",
    (_row(date(2024, 4, 1), ContactWindow(7, 20), "BWBR0049422"),),
)

VAT_REFUND_YEARS = LawTable(
    "vat_refund",
    Sentence("btw terug op oninbare vorderingen", "VAT back on bad debts"),
    "Wet OB 1968 art. 29",
    "medium",
    (_row(date(2017, 1, 1), 1, "drv.nl; confianza.nl; abab.nl; meierijaccountancy.nl"),),
)


def _limitation(
    key: str, name: Sentence, years: int, article: str, confidence: Confidence, source: str
) -> tuple[str, LawTable[int]]:
    """The years of a kind of claim, since the present code of civil law."""
    rows = (_row(_PRESENT_CODE_ON, years, source),)
    return key, LawTable(f"limitation_{key}", name, article, confidence, rows)


_PRESENT_CODE_ON = date(1992, 1, 1)

# By kind of claim, how many years it can be enforced.
LIMITATION_TERMS: dict[str, LawTable[int]] = dict(
    (
        _limitation(
            "contract_general",
            Sentence("vordering uit een overeenkomst", "claim from a contract"),
            5,
            "BW 3:307 lid 1",
            "high",
            "BW 3:307",
        ),
        _limitation(
            "periodic",
            Sentence(
                "huur, rente en andere periodieke betalingen", "rent, interest, periodic sums"
            ),
            5,
            "BW 3:308",
            "high",
            "BW 3:308",
        ),
        _limitation(
            "consumer_sale",
            Sentence("koopprijs van een consument", "price in a consumer sale"),
            2,
            "BW 7:28 jo. 7:5",
            "high",
            "dirkzwager.nl; Geschillencommissie 8098/12858",
        ),
        _limitation(
            "energy_grid",
            Sentence("transport en aansluiting van een netbeheerder", "grid operator's charges"),
            2,
            "BW 7:28",
            "medium",
            "inigo.nl",
        ),
        _limitation(
            "consumer_services",
            Sentence("diensten aan een consument", "services to a consumer"),
            5,
            "BW 3:307 lid 1",
            "high",
            "BW 3:307",
        ),
        _limitation(
            "current_account",
            Sentence("saldo van een rekening-courant", "balance of a current account"),
            5,
            "BW 6:140 lid 4",
            "high",
            "BW 6:140",
        ),
        _limitation(
            "damages",
            Sentence("vergoeding van schade, ook incassokosten", "damages, collection costs too"),
            5,
            "BW 3:310 lid 1",
            "medium",
            "BW 3:310 (niet nagelezen)",
        ),
        _limitation(
            "residual",
            Sentence("geen bijzondere termijn", "no special term"),
            20,
            "BW 3:306",
            "high",
            "BW 3:306",
        ),
        _limitation(
            "judgment",
            Sentence("een vonnis uitvoeren", "enforcing a judgment"),
            20,
            "BW 3:324 lid 1",
            "high",
            "BW 3:324",
        ),
        _limitation(
            "judgment_periodic",
            Sentence("rente en termijnen onder een vonnis", "periodic sums under a judgment"),
            5,
            "BW 3:324 lid 3",
            "medium",
            "BW 3:324",
        ),
        _limitation(
            "road_transport",
            Sentence("vervoer over de weg", "carriage by road"),
            1,
            "BW 8:1711",
            "medium",
            "BW 8:1711; CMR art. 32",
        ),
    )
)

LONGEST_RENEWED_YEARS = LawTable(
    "renewed_term",
    Sentence("de langste nieuwe termijn na stuiting", "the longest term after an interruption"),
    "BW 3:319 lid 2",
    "medium",
    (_row(_PRESENT_CODE_ON, 5, "BW 3:319 (niet nagelezen)"),),
)
LIMITATION_WARNING_DAYS = (180, 60)
