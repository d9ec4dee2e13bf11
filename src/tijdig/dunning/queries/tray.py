"""Letters that were printed and wait for the post: do they still say what is true?"""

from datetime import date
from typing import cast
from uuid import UUID

from tijdig.core.policy import Phase
from tijdig.core.tray import TrayReason, judge_printed
from tijdig.dunning.queries.facts import load_facts
from tijdig.messaging.models import Message


def find_outdated(*, today: date) -> dict[UUID, TrayReason]:
    """The printed letters that nobody posted yet and that should not be posted today, with why."""
    letters = list(
        Message.objects.filter(channel="letter", posted_on=None, state="accepted").values_list(
            "id", "debtor_id", "phase", "listed_items", "listed_cents"
        )
    )
    debtor_ids = sorted({letter[1] for letter in letters})
    facts = {one.debtor_id: one for one in load_facts(debtor_ids, today=today, rehearsal=False)}
    found: dict[UUID, TrayReason] = {}
    for message_id, debtor_id, phase, items, cents in letters:
        listed = tuple(zip(items, cents, strict=True))
        reason = judge_printed(listed, cast("Phase", phase), facts[debtor_id], today=today)
        if reason is not None:
            found[message_id] = reason
    return found
