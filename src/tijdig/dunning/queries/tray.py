"""Letters that were printed and wait for the post: do they still say what is true?"""

from collections.abc import Collection
from datetime import date
from typing import cast
from uuid import UUID

from tijdig.core.policy import Phase
from tijdig.core.tray import PrintedLetter, TrayReason, judge_printed
from tijdig.dunning.queries.facts import load_facts
from tijdig.messaging.models import Message
from tijdig.messaging.queries import list_of_other_account
from tijdig.tenants.queries import load_administration


def find_outdated(message_ids: Collection[UUID], *, today: date) -> dict[UUID, TrayReason]:
    """Those of these printed letters that should not be posted today any more, with why.

    Of what nobody said yet that it was posted: the facts of their debtors are read once.
    """
    waiting = Message.objects.filter(channel="letter", posted_on=None, state="accepted")
    letters = list(
        waiting.filter(id__in=list(message_ids)).values_list(
            "id", "debtor_id", "step_key", "phase", "listed_items", "listed_cents"
        )
    )
    debtor_ids = sorted({letter[1] for letter in letters})
    facts = {one.debtor_id: one for one in load_facts(debtor_ids, today=today, rehearsal=False)}
    others = list_of_other_account([one[0] for one in letters], iban=load_administration().iban)
    found: dict[UUID, TrayReason] = {}
    for message_id, debtor_id, step_key, phase, items, cents in letters:
        listed = tuple(zip(items, cents, strict=True))
        letter = PrintedLetter(step_key, cast("Phase", phase), listed, message_id in others)
        reason = judge_printed(letter, facts[debtor_id], today=today)
        if reason is not None:
            found[message_id] = reason
    return found
