"""Every number of the direct-debit schemes, by date, with where it was read.

The rulebooks of the European Payments Council bind by contract; what the law says of refunds stands
here too, because nothing else in the program needs it. A change is a new row, never an edit.
"""

from datetime import date
from typing import Final, Literal

from tijdig.core.law.dated import Confidence, Dated, LawTable
from tijdig.core.problem import Sentence

Scheme = Literal["core", "b2b"]

_CHECKED_ON: Final = date(2026, 11, 25)
_SCHEME_BEGAN_ON: Final = date(2009, 11, 2)
_OPEN_PAYMENT_LAW_ON: Final = date(2019, 2, 19)


def _table(
    name: Sentence, article: str, confidence: Confidence, from_on: date, value: int, source: str
) -> LawTable[int]:
    rows = (Dated(from_on, value, source, None, _CHECKED_ON),)
    return LawTable(f"direct_debit_{name.en.replace(' ', '_')}", name, article, confidence, rows)


MANDATE_LAPSES_AFTER_MONTHS: Final = _table(
    Sentence("een machtiging die niet wordt gebruikt", "an unused mandate"),
    "SDD Rulebook (EPC016-06, EPC222-07), dormant mandates",
    "high",
    _SCHEME_BEGAN_ON,
    36,
    "rabobank.nl; docs.mambu.com",
)

ANNOUNCE_DAYS: Final = _table(
    Sentence("de aankondiging van een incasso", "the announcement of a collection"),
    "SDD Rulebook, pre-notification: 14 calendar days unless agreed otherwise",
    "high",
    _SCHEME_BEGAN_ON,
    14,
    "rabobank.nl; docs.mambu.com",
)

REFUND_WEEKS: Final = _table(
    Sentence("een incasso terugboeken zonder reden", "refund of a collection without a reason"),
    "BW 7:531; SDD Core Rulebook; richtlijn (EU) 2015/2366 art. 77",
    "high",
    _OPEN_PAYMENT_LAW_ON,
    8,
    "abnamro.nl; rabobank.nl; docs.adyen.com",
)

UNAUTHORISED_MONTHS: Final = _table(
    Sentence("een incasso terugboeken zonder machtiging", "refund without a mandate"),
    "BW 7:526; SDD Rulebook; richtlijn (EU) 2015/2366 art. 71",
    "high",
    _OPEN_PAYMENT_LAW_ON,
    13,
    "rabobank.nl; docs.adyen.com",
)

RETURN_BANKING_DAYS_CORE: Final = _table(
    Sentence("teruggave door de bank (Core)", "return by the bank, core"),
    "SDD Core Rulebook, returns",
    "medium",
    _SCHEME_BEGAN_ON,
    5,
    "rabobank.nl",
)

RETURN_BANKING_DAYS_B2B: Final = _table(
    Sentence("teruggave door de bank (B2B)", "return by the bank, b2b"),
    "SDD B2B Rulebook, returns",
    "medium",
    _SCHEME_BEGAN_ON,
    3,
    "rulebook, not read; rabobank.nl says two",
)

REFUND_SETTLED_BANKING_DAYS: Final = _table(
    Sentence("de verwerking van een terugboeking", "settlement of a refund"),
    "SDD Core Rulebook, refunds",
    "medium",
    _SCHEME_BEGAN_ON,
    2,
    "EPC016-06, time cycle of refunds",
)
