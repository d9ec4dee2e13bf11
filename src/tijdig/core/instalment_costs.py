"""Which booked costs a person has to look at: invoices that may be instalments of one agreement.

No file says that invoices belong to one agreement, and the text of the article was not read.
"""

from collections.abc import Sequence
from fractions import Fraction

from tijdig.core.calendar import add_months
from tijdig.core.law.collection_costs import (
    Instalment,
    compute_collection_costs,
    compute_instalment_costs,
)
from tijdig.core.law.dated import get_value
from tijdig.core.law.tables import INSTALMENT_MONTHS
from tijdig.core.money import round_cents
from tijdig.core.problem import Refusal


def find_most_for_instalments(
    invoices: Sequence[Instalment], *, cents: int, vat_cents: int = 0
) -> int | None:
    """The most that these costs may be if their invoices are instalments of one agreement.

    `invoices` are what the costs of one letter go over, `cents` what is claimed of them with
    `vat_cents` of VAT. In cents, VAT included; None where that is no less, where no two fell due
    within six months, and before 1 October 2024. Invoices of before these six months are counted
    as claims of their own. Law: Besluit BIK art. 2a, with letters skipped.
    """
    newest_on = max(one.due_on for one in invoices)
    try:
        first_after = add_months(newest_on, -get_value(INSTALMENT_MONTHS, newest_on))
    except Refusal:
        return None
    window = [one for one in invoices if one.due_on > first_after]
    if len(window) < 2:
        return None
    most = compute_instalment_costs(window, letters_skipped=True).total_cents
    older = [one.open_cents for one in invoices if one.due_on <= first_after]
    if older:
        most = max(most, compute_collection_costs(older, on=newest_on).total_cents)
    costs = cents - vat_cents
    if costs <= most:
        return None
    return most + (round_cents(Fraction(most * vat_cents, costs)) if vat_cents else 0)
