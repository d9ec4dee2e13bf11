"""Until when a claim can be enforced, and what letters and payments do to that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tijdig.core.calendar import add_days, add_months, format_day
from tijdig.core.facts import DebtorKind
from tijdig.core.law.dated import LawTable, get_value, refuse_far_days
from tijdig.core.law.tables import (
    LIMITATION_TERMS,
    LIMITATION_WARNING_DAYS,
    LONGEST_RENEWED_YEARS,
)
from tijdig.core.problem import Refusal, Sentence

ConsumerClaims = Literal["unknown", "goods", "services", "periodic"]

INTEREST_KIND = "interest_accessory"

_MONTHS_IN_A_YEAR = 12
_INTERRUPTED = ("Gestuit", "Interrupted", "BW 3:319")
_ACKNOWLEDGED = ("Erkend", "Acknowledged", "BW 3:318-319")
_CONSUMER_KINDS = {
    "unknown": "consumer_sale",
    "goods": "consumer_sale",
    "services": "consumer_services",
    "periodic": "periodic",
}


@dataclass(frozen=True, slots=True)
class Limitation:
    """The last day on which a claim can be enforced, and how it came about."""

    kind: str
    ends_on: date
    because: tuple[Sentence, ...]


def compute_limitation(
    due_on: date,
    *,
    kind: str,
    interrupted_on: Sequence[date] = (),
    acknowledged_on: Sequence[date] = (),
) -> Limitation:
    """The last day of the term, with every act that interrupted it, in whatever order given.

    `due_on` is the day on which the claim became due. The term begins the day after, and ends on
    the same date so many years later. An act renews it by the same years, at most five, and never
    shortens it; an act after the end changes nothing. To acknowledge (pay a part) is an act.
    Refuses: an unknown kind, a claim of before 1992, an act before the claim was due.
    Law: BW 3:306-308, 3:316-319, 3:324, 7:28. Vectors: tests/law/limitation.toml
    """
    term = get_limitation_term(kind)
    refuse_far_days(due_on, *interrupted_on, *acknowledged_on)
    years = get_value(term, due_on)
    ends_on = _add_years(due_on, years)
    because = [_explain_term(term, years, due_on, ends_on)]
    acts = [(on, _INTERRUPTED) for on in interrupted_on]
    acts += [(on, _ACKNOWLEDGED) for on in acknowledged_on]
    for act_on, (did_nl, did_en, article) in sorted(acts):
        if act_on < due_on:
            raise Refusal(
                f"De handeling van {format_day(act_on, 'nl')} ligt voor de dag waarop moest worden"
                f" betaald, {format_day(due_on, 'nl')}.",
                f"The act of {format_day(act_on, 'en')} lies before the day on which"
                f" payment was due, {format_day(due_on, 'en')}.",
            )
        if act_on > ends_on:
            because.append(_explain_too_late(act_on))
            continue
        renewed_years = min(years, get_value(LONGEST_RENEWED_YEARS, act_on))
        ends_on = max(ends_on, _add_years(act_on, renewed_years))
        because.append(
            Sentence(
                f"{did_nl} op {format_day(act_on, 'nl')}: tot en met {format_day(ends_on, 'nl')}"
                f" ({article}).",
                f"{did_en} on {format_day(act_on, 'en')}: up to and including"
                f" {format_day(ends_on, 'en')} ({article}).",
            )
        )
    return Limitation(kind, ends_on, tuple(because))


def compute_interest_limitation(
    due_on: date,
    *,
    principal: Limitation,
    interrupted_on: Sequence[date] = (),
    acknowledged_on: Sequence[date] = (),
) -> Limitation:
    """The last day for interest that became due on a day: its own term, never beyond its principal.

    Interest is a periodic sum, and it ends with the claim that bears it. An act of before it was
    due renews the principal only. Refuses as `compute_limitation` does. Law: BW 3:308, 3:312.
    """
    own = compute_limitation(
        due_on,
        kind="periodic",
        interrupted_on=[on for on in interrupted_on if on >= due_on],
        acknowledged_on=[on for on in acknowledged_on if on >= due_on],
    )
    ends_on = min(own.ends_on, principal.ends_on)
    told = Sentence(
        f"De hoofdsom verjaart na {format_day(principal.ends_on, 'nl')}, en de rente nooit later:"
        f" tot en met {format_day(ends_on, 'nl')} (BW 3:312).",
        f"The principal expires after {format_day(principal.ends_on, 'en')}, and its interest never"
        f" later: up to and including {format_day(ends_on, 'en')} (BW 3:312).",
    )
    return Limitation(INTEREST_KIND, ends_on, (*own.because, told))


def compute_claim_line_limitation(
    kind: Literal["costs", "interest"],
    owed_from: date,
    *,
    principal_ends_on: date,
    interrupted_on: Sequence[date] = (),
    acknowledged_on: Sequence[date] = (),
) -> Limitation:
    """The last day for costs or interest over an invoice: five years, and never beyond the invoice.

    `owed_from` is the first day on which they were owed. Acts renew their five years as those of
    any claim; one of before that day was not about them. Refuses as `compute_limitation` does.
    Law: BW 3:308 and 3:310 lid 1, 3:312, 3:316-319.
    """
    own = compute_limitation(
        owed_from,
        kind="damages" if kind == "costs" else "periodic",
        interrupted_on=[on for on in interrupted_on if on >= owed_from],
        acknowledged_on=[on for on in acknowledged_on if on >= owed_from],
    )
    ends_on = min(own.ends_on, principal_ends_on)
    told = _explain_within(own.ends_on, principal_ends_on)
    return Limitation(own.kind, ends_on, (*own.because, told))


def get_limitation_term(kind: str) -> LawTable[int]:
    """The years of a kind of claim, by date. Refuses an unknown kind."""
    term = LIMITATION_TERMS.get(kind)
    if term is None:
        known = ", ".join((*LIMITATION_TERMS, INTEREST_KIND))
        raise Refusal(
            f"De soort vordering {kind!r} is niet bekend. Kies uit: {known}.",
            f"The kind of claim {kind!r} is not known. Choose one of: {known}.",
        )
    return term


def choose_limitation_kind(kind: DebtorKind, *, sells: ConsumerClaims = "unknown") -> str:
    """The kind of claim with the shortest term that an invoice to this debtor can have.

    `sells` is what the creditor declared of his invoices to consumers. Where he did not, they count
    as the price of goods: that has the shortest term. Law: BW 3:307, 3:308, 7:28.
    """
    if kind in {"business", "public_body"}:
        return "contract_general"
    return _CONSUMER_KINDS[sells]


def compute_limitation_warning(ends_on: date, today: date) -> int | None:
    """How many days before the end the strictest warning that is due was set: 180, 60, or None.

    0 means that the last day is over.
    """
    if today > ends_on:
        return 0
    left = (ends_on - today).days
    due = [days for days in LIMITATION_WARNING_DAYS if left <= days]
    return min(due, default=None)


def find_next_limitation_day(ends_on: date, today: date) -> date | None:
    """The next day after `today` on which a warning becomes due or the term is over."""
    days = [add_days(ends_on, -days) for days in LIMITATION_WARNING_DAYS]
    days.append(add_days(ends_on, 1))
    return min((day for day in days if day > today), default=None)


def _add_years(day: date, years: int) -> date:
    return add_months(day, years * _MONTHS_IN_A_YEAR)


def _explain_term(term: LawTable[int], years: int, due_on: date, ends_on: date) -> Sentence:
    return Sentence(
        f"{_capital(term.name.nl)}: {years} jaar vanaf {format_day(due_on, 'nl')}, dus tot en met"
        f" {format_day(ends_on, 'nl')} ({term.article}).",
        f"{_capital(term.name.en)}: {years} years from {format_day(due_on, 'en')}, so up to and"
        f" including {format_day(ends_on, 'en')} ({term.article}).",
    )


def _explain_within(own_ends_on: date, principal_ends_on: date) -> Sentence:
    """Which of the two ends costs or interest: their own term, or that of the invoice."""
    principal_nl = format_day(principal_ends_on, "nl")
    principal_en = format_day(principal_ends_on, "en")
    if principal_ends_on < own_ends_on:
        return Sentence(
            f"De factuur verjaart al na {principal_nl}, en wat erbij komt nooit later: tot en met"
            f" {principal_nl} (BW 3:312).",
            f"The invoice expires already after {principal_en}, and what is added to it never"
            f" later: up to and including {principal_en} (BW 3:312).",
        )
    return Sentence(
        f"De factuur verjaart niet eerder: na {principal_nl}. Zo geldt de eigen termijn, tot en met"
        f" {format_day(own_ends_on, 'nl')} (BW 3:312).",
        f"The invoice expires no earlier: after {principal_en}. So their own term holds, up to and"
        f" including {format_day(own_ends_on, 'en')} (BW 3:312).",
    )


def _explain_too_late(act_on: date) -> Sentence:
    return Sentence(
        f"De handeling van {format_day(act_on, 'nl')} kwam na het einde en verandert niets (BW"
        " 3:319).",
        f"The act of {format_day(act_on, 'en')} came after the end and changes nothing (BW 3:319).",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
