"""What an import says about an invoice's own date and about its last day to pay."""

from collections.abc import Iterator
from datetime import date

from tijdig.core.facts import DebtorKind
from tijdig.core.law.default import PaymentTerm, check_term
from tijdig.core.law.tables import (
    LONGEST_BUSINESS_TERM_DAYS,
    LONGEST_PUBLIC_TERM_DAYS,
    LONGEST_TERM_TO_SMALL_DAYS,
)
from tijdig.core.money import format_count
from tijdig.core.problem import Problem, Refusal, Sentence
from tijdig.core.standing_terms import AppliedTerm, StandingTerm
from tijdig.intake.records import InvoiceRecord

_LIMITS = (LONGEST_BUSINESS_TERM_DAYS, LONGEST_PUBLIC_TERM_DAYS, LONGEST_TERM_TO_SMALL_DAYS)
# Two months ahead is how early subscriptions are invoiced; beyond it a date is likely mistyped.
_MOST_DAYS_AHEAD = 62
_SHORTEST_LIMIT_DAYS = min(row.value for table in _LIMITS for row in table.rows)


def check_terms(
    record: InvoiceRecord,
    applied: AppliedTerm,
    standing: StandingTerm | None,
    usual_days: int,
    *,
    kind: DebtorKind,
    is_new: bool,
) -> Iterator[Problem]:
    """Warnings about the last day to pay: none named, an earlier one than agreed, too much time.

    `kind` is what the debtor is known as, by this file or by what was there. That the agreed term
    holds instead is told once, when the invoice is new.
    """
    if record.due_on is None and standing is None:
        yield Problem(record.place, _say_assumed(record, applied.due_on, usual_days), "warning")
    elif record.due_on is None and standing is not None and is_new:
        yield Problem(record.place, _say_by_term(record, applied.due_on, standing), "warning")
    elif record.due_on is not None and applied.overrules and is_new:
        yield Problem(record.place, _say_overruled(record, record.due_on, applied), "warning")
    if record.due_on is None and standing is None:
        return
    too_long = _check_term(record, applied.due_on, standing, kind)
    if too_long is not None:
        yield Problem(record.place, too_long, "warning")


def check_issue_day(record: InvoiceRecord, *, today: date) -> Iterator[Problem]:
    """A warning where an invoice is dated so far ahead that its date is likely mistyped."""
    if (record.issued_on - today).days > _MOST_DAYS_AHEAD:
        yield Problem(record.place, _say_ahead(record), "warning")


def may_be_too_long(record: InvoiceRecord, due_on: date) -> bool:
    """Whether the term is longer than the law allows anybody at all: then his kind matters."""
    return record.kind == "invoice" and (due_on - record.issued_on).days > _SHORTEST_LIMIT_DAYS


def _check_term(
    record: InvoiceRecord, due_on: date, standing: StandingTerm | None, kind: DebtorKind
) -> Sentence | None:
    """Why the term is longer than the law allows, for who is known to be a business."""
    if record.kind != "invoice" or due_on < record.issued_on:
        return None
    large = standing is not None and standing.is_large_to_small
    term = PaymentTerm(record.issued_on, due_on, "stated", is_large_to_small=large)
    try:
        said = check_term(term, kind=kind)
    except Refusal:
        return None  # From before the law that we know.
    if said is None:
        return None
    return Sentence(f"Factuur {record.number}: {said.nl}", f"Invoice {record.number}: {said.en}")


def _say_ahead(record: InvoiceRecord) -> Sentence:
    return Sentence(
        f"Factuur {record.number} heeft een datum die nog lang moet komen: "
        f"{record.issued_on:%d-%m-%Y}. Controleer de datum.",
        f"Invoice {record.number} has a date that is still far off: {record.issued_on:%d-%m-%Y}. "
        "Check the date.",
    )


def _say_assumed(record: InvoiceRecord, due_on: date, usual_days: int) -> Sentence:
    return Sentence(
        f"Factuur {record.number} heeft geen vervaldatum. Wij rekenen met uw gewone termijn "
        f"van {format_count(usual_days, 'dag', 'dagen')}: {due_on:%d-%m-%Y}.",
        f"Invoice {record.number} has no due date. We use your usual term of "
        f"{format_count(usual_days, 'day', 'days')}: {due_on:%d-%m-%Y}.",
    )


def _say_by_term(record: InvoiceRecord, due_on: date, term: StandingTerm) -> Sentence:
    return Sentence(
        f"Factuur {record.number} heeft geen vervaldatum. Wij rekenen met de termijn van deze "
        f"klant, {format_count(term.days, 'dag', 'dagen')}: {due_on:%d-%m-%Y}.",
        f"Invoice {record.number} has no due date. We use the term of this customer, "
        f"{format_count(term.days, 'day', 'days')}: {due_on:%d-%m-%Y}.",
    )


def _say_overruled(record: InvoiceRecord, stated_on: date, applied: AppliedTerm) -> Sentence:
    return Sentence(
        f"Factuur {record.number} noemt {stated_on:%d-%m-%Y} als vervaldatum, eerder dan met deze "
        f"klant is afgesproken. Wij houden de afgesproken dag aan: {applied.due_on:%d-%m-%Y}.",
        f"Invoice {record.number} names {stated_on:%d-%m-%Y} as due date, earlier than agreed with "
        f"this customer. We keep the agreed day: {applied.due_on:%d-%m-%Y}.",
    )
