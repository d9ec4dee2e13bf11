"""The lasting payment term of a debtor, as a person sets it."""

from datetime import date, datetime
from uuid import UUID

from tijdig.core.problem import Refusal, Sentence
from tijdig.core.standing_terms import (
    HOW_AGREED,
    LONGEST_STANDING_TERM_DAYS,
    StandingTerm,
    describe_standing_term,
)
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.belongings.models import DebtorTerm
from tijdig.ledger.queries.terms import find_standing_term
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

_NONE = Sentence("de gewone termijn van de administratie", "the usual term of the administration")


def set_standing_term(
    debtor_id: UUID, term: StandingTerm | None, *, today: date, now: datetime, actor: str
) -> bool:
    """From now on new invoices of this debtor have this term; whether that changed anything.

    None gives him the creditor's usual term. Invoices that are known already stay as they are, but
    the default with them begins anew where he turns out to be a large company, or none.
    Refuses: a number of days that is no term, and an agreement that is none of the three.
    """
    if term is not None:
        _check(term)
    lock_debtors([debtor_id])
    found = find_standing_term(debtor_id)
    before = found.term if found else None
    if term == before:
        return False
    mine = DebtorTerm.objects.filter(debtor_id=debtor_id)
    if term is None:
        mine.delete()
    else:
        told = {
            "days": term.days,
            "how": term.how,
            "is_large_to_small": term.is_large_to_small,
            "set_by": actor[:100],
            "set_on": today,
        }
        DebtorTerm.objects.update_or_create(
            administration_id=active_administration(), debtor_id=debtor_id, defaults=told
        )
    if _is_bounded(before) != _is_bounded(term):
        touch_debtors([debtor_id])
    details = _describe(before, term)
    happened = Happened("standing_term_set", "debtor", debtor_id, debtor_id, details)
    record([happened], today=today, now=now, actor=actor)
    return True


def _check(term: StandingTerm) -> None:
    if not 0 <= term.days <= LONGEST_STANDING_TERM_DAYS:
        raise Refusal(
            f"Vul een termijn van 0 tot en met {LONGEST_STANDING_TERM_DAYS} dagen in.",
            f"Fill in a term of 0 to {LONGEST_STANDING_TERM_DAYS} days.",
        )
    if term.how not in HOW_AGREED:
        raise Refusal("Kies hoe de termijn is afgesproken.", "Choose how the term was agreed.")


def _is_bounded(term: StandingTerm | None) -> bool:
    """Whether the law bounds the term, also of invoices that are open. Law: BW 6:119a lid 6."""
    return term is not None and term.is_large_to_small


def _describe(before: StandingTerm | None, after: StandingTerm | None) -> dict[str, str]:
    was = describe_standing_term(before) if before else _NONE
    now_is = describe_standing_term(after) if after else _NONE
    return {"nl": f"{was.nl} → {now_is.nl}", "en": f"{was.en} → {now_is.en}"}
