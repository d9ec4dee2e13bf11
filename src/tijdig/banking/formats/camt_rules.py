"""What the standard says of the texts in a camt message, in a table of our own; it never gates.

Of every element that we read: how long it may be, or which values it may have, before which others
it stands, and that it stands there once; the same in all versions of camt.052, .053 and .054 (ISO
20022; a test compares with its schemas, where they are).
What breaks a rule is noted with the first line where it does, and how often.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from tijdig.banking.formats.camt_sentences import say_order, say_repeated, say_rule
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


# What stands in each part, in the order of the standard; a step stands for all that is in it.
ORDERS: Final[Mapping[str, Sequence[str]]] = {
    "Stmt": (
        *("Id", "ElctrncSeqNb", "LglSeqNb", "CreDtTm", "FrToDt/FrDtTm", "FrToDt/ToDtTm"),
        *("Acct/Id", "Acct/Ccy", "Bal", "Ntry"),
    ),
    "Bal": ("Tp", "Amt", "CdtDbtInd", "Dt"),
    "Ntry": (
        *("NtryRef", "Amt", "CdtDbtInd", "RvslInd", "Sts", "BookgDt", "ValDt", "AcctSvcrRef"),
        *("Chrgs", "NtryDtls", "AddtlNtryInf"),
    ),
    "Btch": ("MsgId", "PmtInfId", "NbOfTxs"),
    "TxDtls": (
        *(f"Refs/{one}" for one in ("MsgId", "AcctSvcrRef", "PmtInfId", "EndToEndId", "MndtId")),
        *("Amt", "AmtDtls/InstdAmt", "AmtDtls/TxAmt", "Chrgs"),
        *(f"RltdPties/{one}" for one in ("Dbtr", "DbtrAcct", "UltmtDbtr")),
        *(f"RltdPties/{one}" for one in ("Cdtr", "CdtrAcct", "UltmtCdtr")),
        *("RmtInf", "RtrInf", "AddtlTxInf"),
    ),
    "Strd": ("RfrdDocInf", "RfrdDocAmt", "CdtrRefInf", "AddtlRmtInf"),
}
_PLANS_KEPT: Final = 1_000


class _Plan(NamedTuple):
    """What to look at in a part with these elements: the first that stands too late, with what it
    stands after, and the names with the most characters or the form of their texts."""

    late: tuple[str, str] | None
    lengths: tuple[tuple[str, int], ...]
    forms: tuple[tuple[str, Callable[[str], object]], ...]


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
        self._disordered: dict[str, _Broken] = {}
        self._repeated: dict[str, _Broken] = {}
        # How each order of elements is looked at; most entries of a file have the same few.
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def check(self, part: str, fields: Mapping[str, str], rules: Mapping[str, Rule]) -> None:
        """Look at the texts of one element (`part`), by their paths, and at their order."""
        plan = self._plans.get((part, *fields)) or self._make_plan(part, fields, rules)
        late, lengths, forms = plan
        for name, most in lengths:
            text = fields[name]
            if not 0 < len(text) <= most:
                self.note(f"{part}/{name}", text, longest=most if text else 0)
        for name, rule in forms:
            text = fields[name]
            # Around a day or a number white space is no matter.
            if not rule(text) and not rule(text.strip()):
                self.note(f"{part}/{name}", text)
        if late is not None:
            self.note_order(part, *late)

    def _make_plan(self, part: str, fields: Mapping[str, str], rules: Mapping[str, Rule]) -> _Plan:
        if len(self._plans) >= _PLANS_KEPT:
            self._plans.clear()
        told = [(name, rules[name]) for name in fields if name in rules]
        plan = _Plan(
            _find_disorder(part, tuple(fields)),
            tuple((name, rule) for name, rule in told if isinstance(rule, int)),
            tuple((name, rule) for name, rule in told if not isinstance(rule, int)),
        )
        self._plans[(part, *fields)] = plan
        return plan

    def take(self) -> Iterator[Problem]:
        """A warning for each rule that was broken, in the order in which it was first."""
        for name, one in self._found.items():
            because = say_rule(name, one.text, longest=one.longest, times=one.times)
            yield Problem(one.place, because, "warning")

        for name, one in self._disordered.items():
            yield Problem(one.place, say_order(name, one.text, times=one.times), "warning")

        for name, one in self._repeated.items():
            yield Problem(one.place, say_repeated(name, times=one.times), "warning")

    def note_order(self, part: str, name: str, after: str) -> None:
        """In this part an element stands after another that it should stand before."""
        self._count(self._disordered, f"{part}/{name}", f"{part}/{after}")

    def note_repeated(self, part: str, name: str) -> None:
        """In this part an element stands once more that may stand there once."""
        self._count(self._repeated, f"{part}/{name}", "")

    def note(self, name: str, text: str, *, longest: int = 0) -> None:
        """This element breaks its rule here."""
        self._count(self._found, name, text[:_SHOWN], longest)

    def _count(self, broken: dict[str, _Broken], name: str, text: str, longest: int = 0) -> None:
        known = broken.get(name)
        if known is None:
            broken[name] = _Broken(self._place(), text, longest)
        else:
            known.times += 1


def _find_disorder(part: str, names: Sequence[str]) -> tuple[str, str] | None:
    """The first element that stands after one that it should stand before, with that one."""
    order = ORDERS.get(part, ORDERS["Stmt"])
    latest, after = -1, ""
    for name in names:
        path = name.partition("@")[0]
        step = next((one for one in order if path == one or path.startswith(f"{one}/")), None)
        if step is None:
            continue
        place = order.index(step)
        if place < latest:
            return step, after
        latest, after = place, step
    return None
