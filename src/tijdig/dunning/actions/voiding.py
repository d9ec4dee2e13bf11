"""Letters that prove void after they went: no costs follow, and what was booked is taken back."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.facts import DebtorFacts
from tijdig.core.item_default import find_letters_before_default
from tijdig.core.posting import presume_posted
from tijdig.core.problem import Sentence
from tijdig.dunning.models import Notice
from tijdig.dunning.queries.void_letters import (
    MORE_TIME,
    OWED_LESS,
    find_untrue,
    list_proven_letters,
)
from tijdig.ledger.actions.claims import withdraw_costs
from tijdig.ledger.actions.posting import touch_debtors

# So late that the day that the letter names comes before its fourteen days are over.
POSTED_LATE, ARRIVED_LATE = "posted_late", "arrived_late"

NAMED_TOO_EARLY = Sentence(
    "De brief ging zo laat op de post dat de dag die hij noemt te vroeg is: geen incassokosten.",
    "The letter was posted so late that the day it names is too early: no collection costs.",
)
ASKED_TOO_MUCH = Sentence(
    "Toen de brief op de post ging, was er minder te betalen dan erin staat: geen incassokosten.",
    "When the letter was posted, less was owed than it asks: no collection costs.",
)
GIVEN_MORE_TIME = Sentence(
    "Voordat de brief op de post ging, kreeg de klant meer tijd: geen incassokosten.",
    "Before the letter was posted, the customer got more time: no collection costs.",
)
TOO_EARLY = Sentence(
    "De klant was nog niet in verzuim toen de brief ging: geen incassokosten.",
    "The customer was not in default yet when the letter went out: no collection costs.",
)
# What the day on which it went makes of a letter; a day that is put right makes it valid again.
NO_COSTS = {
    POSTED_LATE: NAMED_TOO_EARLY,
    OWED_LESS: ASKED_TOO_MUCH,
    MORE_TIME: GIVEN_MORE_TIME,
}


def void_untrue_letters(
    everybody: Iterable[DebtorFacts], *, today: date, now: datetime, actor: str
) -> set[UUID]:
    """Letters that asked what could not be asked bring no costs; the debtors concerned.

    A payment or a credit note of before the posting may be read after the posting was told. Costs
    after such a letter are taken back. The caller locks the debtors. Law: BW 6:96 lid 6.
    """
    letters = list_proven_letters(everybody)
    untrue = find_untrue(letters) if letters else {}
    for because in sorted(set(untrue.values())):
        own = [message_id for message_id, why in untrue.items() if why == because]
        _void(own, because, today=today)
        withdraw_costs(own, because=NO_COSTS[because], today=today, now=now, actor=actor)
    changed = {letters[message_id] for message_id in untrue}
    touch_debtors(changed)
    return changed


def void_early_letters(
    everybody: Iterable[DebtorFacts],
    rules: CreditorRules,
    *,
    today: date,
    now: datetime,
    actor: str,
) -> set[UUID]:
    """Letters that went out before the default began bring no costs; the debtors concerned.

    So it is when a notice of default came back, or went later than was thought. Costs after such a
    letter are taken back. One that nobody said was posted yet may still prove right: nothing is
    void for it, and nothing is claimed. The caller locks the debtors.
    """
    early = {
        message_id: facts.debtor_id
        for facts in everybody
        if facts.notices
        for message_id in find_letters_before_default(presume_posted(facts), rules)
    }
    if not early or not _void(list(early), "before_default", today=today):
        return set()
    withdraw_costs(list(early), because=TOO_EARLY, today=today, now=now, actor=actor)
    touch_debtors(set(early.values()))
    return set(early.values())


def _void(message_ids: list[UUID], because: str, *, today: date) -> int:
    """How many notices were valid until now."""
    letters = Notice.objects.filter(
        message_id__in=message_ids, kind=Notice.Kind.VEERTIENDAGENBRIEF, void_because=""
    )
    return letters.update(void_because=because, voided_on=today)
