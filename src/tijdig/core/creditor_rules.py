"""What a creditor declared about his terms, and what he claims when a payment is late."""

from dataclasses import dataclass
from typing import Literal

from tijdig.core.law.agreed_costs import AgreedCosts
from tijdig.core.law.dated import RateTables
from tijdig.core.law.tables import RATES

BusinessCosts = Literal["none", "minimum", "decree", "agreed"]
InterestFrom = Literal["nobody", "businesses", "everybody"]


@dataclass(frozen=True, slots=True)
class CreditorRules:
    """The declarations of one creditor; what he does not declare is not so.

    `adds_vat`: he has a taxed service collect for him and cannot reclaim its VAT, both declared.
    `rates` are the interest rates in force, with those added by hand. `acts_unregistered`: an
    organisation acts for the creditor, and has no Wki registration. `agreed_costs` stand in his
    terms for businesses, where `business_costs` says that they hold. `sends_instalments`: what he
    asks of consumers are instalments of agreements, and nothing else. `debit_rest_days`: how long
    after the due date he may still be collecting by direct debit.
    """

    business_terms_agreed: bool = False
    consumer_terms_agreed: bool = False
    adds_vat: bool = False
    business_costs: BusinessCosts = "decree"
    interest_from: InterestFrom = "businesses"
    rates: RateTables = RATES
    acts_unregistered: bool = False
    agreed_costs: AgreedCosts | None = None
    sends_instalments: bool = False
    debit_rest_days: int = 14


NOTHING_DECLARED = CreditorRules()


def is_consumer(kind: str) -> bool:
    """Whether the law's protection of consumers holds: also for who may well be one."""
    return kind not in ("business", "public_body")


def is_term_agreed(rules: CreditorRules, kind: str, term: str) -> bool:
    """Whether the last day to pay was agreed, and not just printed on the invoice.

    `term` is how the invoice came by its due date: "agreed", "stated" or "assumed". A day that
    was assumed, because the invoice names none, was never agreed. Law: BW 6:83 sub a.
    """
    if term == "assumed":
        return False
    if is_consumer(kind):
        return term == "agreed" or rules.consumer_terms_agreed
    return term == "agreed" or rules.business_terms_agreed


def find_agreed_costs(rules: CreditorRules, own: AgreedCosts | None) -> AgreedCosts | None:
    """What was agreed with a business about costs: with himself, else in the creditor's terms.

    A creditor who asks no costs of businesses asks none by agreement either.
    """
    if rules.business_costs == "none":
        return None
    if own is not None:
        return own
    return rules.agreed_costs if rules.business_costs == "agreed" else None
