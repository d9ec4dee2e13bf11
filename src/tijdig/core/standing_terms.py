"""The lasting payment term of a debtor: what it makes of an invoice that comes in."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tijdig.core.facts import DebtorKind
from tijdig.core.law.default import PaymentTerm, TermBasis, check_term
from tijdig.core.problem import Refusal, Sentence

HowAgreed = Literal["contract", "general_terms", "invoice"]

LONGEST_STANDING_TERM_DAYS = 365
HOW_AGREED: dict[HowAgreed, Sentence] = {
    "contract": Sentence("in een contract of offerte", "in a contract or quotation"),
    "general_terms": Sentence(
        "in algemene voorwaarden die de klant heeft aanvaard",
        "in general terms that the customer accepted",
    ),
    "invoice": Sentence("alleen op de factuur", "on the invoice only"),
}


@dataclass(frozen=True, slots=True)
class StandingTerm:
    """So many days from the day of the invoice, and how that was agreed.

    `is_large_to_small`: the debtor is a large company and the creditor a small or medium one.
    """

    days: int
    how: HowAgreed
    is_large_to_small: bool = False

    @property
    def is_agreed(self) -> bool:
        """Whether it was agreed beforehand, and not just printed. Law: BW 6:83 under a."""
        return self.how != "invoice"


@dataclass(frozen=True, slots=True)
class AppliedTerm:
    """The last day to pay of an invoice and how it came about.

    `overrules`: the invoice names an earlier day than was agreed, which does not count.
    """

    due_on: date
    basis: TermBasis
    overrules: bool = False


def apply_standing_term(
    term: StandingTerm | None, *, issued_on: date, stated_on: date | None, usual_days: int
) -> AppliedTerm:
    """The last day to pay of an invoice, by the debtor's term and the day that a file states.

    An invoice without a day gets the debtor's term, else the creditor's usual one. An agreed term
    holds also where the invoice names an earlier day; a later day is more time, which the creditor
    may give. Law: BW 6:38-39, 6:83 under a.
    """
    days = usual_days if term is None else term.days
    by_term_on = issued_on + timedelta(days=days)
    if term is not None and term.is_agreed:
        overrules = stated_on is not None and stated_on < by_term_on
        return AppliedTerm(max(stated_on or by_term_on, by_term_on), "agreed", overrules)
    if stated_on is not None:
        return AppliedTerm(stated_on, "stated")
    return AppliedTerm(by_term_on, "assumed")


def check_standing_term(term: StandingTerm, *, kind: DebtorKind, today: date) -> Sentence | None:
    """Why the term is longer than the law allows for this kind of debtor, or None.

    Counted for an invoice received today under a contract of today. Law: BW 6:119a lid 5-6, 6:119b.
    """
    try:
        return check_term(
            PaymentTerm(
                issued_on=today,
                due_on=today + timedelta(days=term.days),
                basis="agreed",
                received_on=today,
                contract_on=today,
                is_large_to_small=term.is_large_to_small,
            ),
            kind=kind,
        )
    except Refusal:
        return None  # From before the law that we know.


def describe_standing_term(term: StandingTerm) -> Sentence:
    """The term in words, such as "30 dagen, in een contract of offerte".

    A large company at a small one is named, since the law bounds its term.
    """
    how = HOW_AGREED[term.how]
    if term.is_large_to_small:
        how = Sentence(
            f"{how.nl} (groot bedrijf bij mkb)", f"{how.en} (large company, small creditor)"
        )
    days_nl = "1 dag" if term.days == 1 else f"{term.days} dagen"
    days_en = "1 day" if term.days == 1 else f"{term.days} days"
    return Sentence(f"{days_nl}, {how.nl}", f"{days_en}, {how.en}")
