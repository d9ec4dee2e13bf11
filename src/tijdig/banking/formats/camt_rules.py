"""What the standard says of the texts in a camt message, in a table of our own; it never gates.

Of every element that we read: how long it may be, or which values it may have, the same in all
versions of camt.052, .053 and .054 (ISO 20022; a test compares with its schemas, where they are).
What breaks a rule is noted with the first line where it does, and how often.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tijdig.banking.formats.camt_sentences import say_rule
from tijdig.core.problem import Problem

# The most characters, or what says whether a value is one of those allowed.
Rule = int | Callable[[str], object]

# With the zone that an XML date or moment may have behind it.
_ZONE: Final = r"(?:Z|[+-]\d\d:\d\d)?"
_DAY: Final = lru_cache(1_024)(re.compile(rf"\d{{4}}-\d\d-\d\d{_ZONE}").fullmatch)
_MOMENT: Final = lru_cache(1_024)(
    re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?{_ZONE}").fullmatch
)
_IBAN: Final = re.compile(r"[A-Z]{2}\d\d[A-Za-z0-9]{1,30}").fullmatch
_CURRENCY: Final = lru_cache(256)(re.compile(r"[A-Z]{3}").fullmatch)
_NUMBER: Final = re.compile(r"\d{1,18}").fullmatch
_COUNT: Final = re.compile(r"\d{1,15}").fullmatch
_DIRECTION: Final = frozenset({"CRDT", "DBIT"}).__contains__
_TRUTH: Final = frozenset({"true", "false", "1", "0"}).__contains__

_SHOWN: Final = 40
_NAME, _REFERENCE, _CODE, _NOTE, _ACCOUNT, _TEXT = 140, 35, 4, 500, 34, 140
_NAMES: Final = ("Nm", "Pty/Nm", "Agt/FinInstnId/Nm")
STATUSES: Final = frozenset({"BOOK", "PDNG", "INFO", "FUTR"})
_PARTIES: Final = ("Dbtr", "Cdtr", "UltmtDbtr", "UltmtCdtr")

STATEMENT: Final[Mapping[str, Rule]] = {
    "Id": _REFERENCE,
    "ElctrncSeqNb": _NUMBER,
    "LglSeqNb": _NUMBER,
    "CreDtTm": _MOMENT,
    "FrToDt/FrDtTm": _MOMENT,
    "FrToDt/ToDtTm": _MOMENT,
    "Acct/Id/IBAN": _IBAN,
    "Acct/Id/Othr/Id": _ACCOUNT,
    "Acct/Ccy": _CURRENCY,
}
BALANCE: Final[Mapping[str, Rule]] = {
    "Tp/CdOrPrtry/Cd": _CODE,
    "Amt@Ccy": _CURRENCY,
    "CdtDbtInd": _DIRECTION,
    "Dt/Dt": _DAY,
    "Dt/DtTm": _MOMENT,
}
ENTRY: Final[Mapping[str, Rule]] = {
    "NtryRef": _REFERENCE,
    "Amt@Ccy": _CURRENCY,
    "CdtDbtInd": _DIRECTION,
    "RvslInd": _TRUTH,
    "Sts/Cd": _CODE,
    "BookgDt/Dt": _DAY,
    "BookgDt/DtTm": _MOMENT,
    "ValDt/Dt": _DAY,
    "ValDt/DtTm": _MOMENT,
    "AcctSvcrRef": _REFERENCE,
    "AddtlNtryInf": _NOTE,
}
BATCH: Final[Mapping[str, Rule]] = {
    "MsgId": _REFERENCE,
    "PmtInfId": _REFERENCE,
    "NbOfTxs": _COUNT,
}
DETAIL: Final[Mapping[str, Rule]] = {
    **{f"Refs/{name}": _REFERENCE for name in ("AcctSvcrRef", "PmtInfId", "EndToEndId", "MndtId")},
    "Refs/MsgId": _REFERENCE,
    **{f"{name}@Ccy": _CURRENCY for name in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")},
    **{f"RltdPties/{one}/{name}": _NAME for one in _PARTIES for name in _NAMES},
    **{f"RltdPties/{one}Acct/Id/IBAN": _IBAN for one in ("Dbtr", "Cdtr")},
    **{f"RltdPties/{one}Acct/Id/Othr/Id": _ACCOUNT for one in ("Dbtr", "Cdtr")},
    "RtrInf/Rsn/Cd": _CODE,
    "RtrInf/Rsn/Prtry": _REFERENCE,
    "AddtlTxInf": _NOTE,
}
STRUCTURED: Final[Mapping[str, Rule]] = {
    "CdtrRefInf/Ref": _REFERENCE,
    "RfrdDocInf/Nb": _REFERENCE,
    "AddtlRmtInf": _TEXT,
}


@dataclass(slots=True)
class _Broken:
    """A rule that was broken: where first, with what, and how often; `longest` if it is that."""

    place: str
    text: str
    longest: int
    times: int = 1


class BrokenRules:
    """Counts what breaks the rules; `place` tells the line that is being read."""

    def __init__(self, place: Callable[[], str]) -> None:
        self._place = place
        self._found: dict[str, _Broken] = {}

    def check(self, part: str, fields: Mapping[str, str], rules: Mapping[str, Rule]) -> None:
        """Look at the texts of one element (`part`), by their paths."""
        rule_of = rules.get
        for name, text in fields.items():
            rule = rule_of(name)
            if rule is None:
                continue
            if isinstance(rule, int):
                if not text or len(text) > rule:
                    self.note(f"{part}/{name}", text, longest=rule if text else 0)
            # Around a day or a number white space is no matter.
            elif not rule(text) and not rule(text.strip()):
                self.note(f"{part}/{name}", text)

    def take(self) -> Iterator[Problem]:
        """A warning for each rule that was broken, in the order in which it was first."""
        for name, one in self._found.items():
            because = say_rule(name, one.text, longest=one.longest, times=one.times)
            yield Problem(one.place, because, "warning")

    def note(self, name: str, text: str, *, longest: int = 0) -> None:
        """This element breaks its rule here."""
        known = self._found.get(name)
        if known is None:
            self._found[name] = _Broken(self._place(), text[:_SHOWN], longest)
        else:
            known.times += 1
