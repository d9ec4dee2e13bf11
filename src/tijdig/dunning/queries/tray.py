"""Letters that were printed and wait for the post: do they still say what is true?"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import cast
from uuid import UUID

from tijdig.core.facts import OpenItem
from tijdig.core.notices import MoreTime, PastNotice, is_overtaken
from tijdig.core.policy import Phase
from tijdig.core.tray import TrayReason, asked_too_much, judge_printed
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.notices import MORE_TIME_SQL
from tijdig.messaging.models import Message
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# Invoices and credits as they were at the end of a day. Money of one source counts once, on its
# first day: a match that was undone is no payment.
_ITEMS_ON = """
SELECT item.debtor_id, item.id, coalesce(invoice.number, ''), item.kind,
       coalesce(invoice.issued_on, asked.day), coalesce(invoice.due_on, asked.day), balance.cents,
       item.reopen_count, coalesce(invoice.credited_number, '')
FROM (SELECT %s::date AS day, %s::uuid[] AS listed) asked
CROSS JOIN tijdig_openitem item
LEFT JOIN tijdig_invoice invoice
  ON invoice.administration_id = item.administration_id AND invoice.open_item_id = item.id
JOIN LATERAL (
    SELECT coalesce(sum(one.cents) FILTER (WHERE one.on <= asked.day), 0)::bigint AS cents
    FROM (
        SELECT min(entry.on) AS on, sum(entry.cents) AS cents
        FROM tijdig_entry entry
        WHERE entry.administration_id = item.administration_id AND entry.open_item_id = item.id
        GROUP BY CASE WHEN entry.kind IN ('paid', 'reversed', 'set_off') THEN 'money'
                      ELSE entry.kind END, entry.source_kind, entry.source_id) one
) balance ON true
WHERE item.administration_id = %s AND item.debtor_id = ANY(%s) AND item.currency = 'EUR'
  AND item.kind <> 'claim'
  AND (item.closed_on IS NULL OR item.closed_on >= asked.day OR item.id = ANY(asked.listed))
"""

# When more time was given for what these letters list.
_GIVEN = f"""
SELECT message.id, listed.item_id, more.given, more.withdrawn
FROM tijdig_message message
CROSS JOIN unnest(message.listed_items) AS listed (item_id)
CROSS JOIN LATERAL (
    SELECT message.administration_id, message.debtor_id, listed.item_id, true AS is_letter) about
{MORE_TIME_SQL}
WHERE message.administration_id = %s AND message.id = ANY(%s) AND more.given IS NOT NULL
"""


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


def find_asking_too_much(letters: Collection[Message], *, posted_on: date) -> set[UUID]:
    """Those of these letters that asked more than was owed at the end of the day before posting."""
    listed = {item_id for letter in letters for item_id in letter.listed_items}
    debtor_ids = {letter.debtor_id for letter in letters}
    asked = [posted_on - timedelta(days=1), list(listed), active_administration()]
    items: defaultdict[UUID, list[OpenItem]] = defaultdict(list)
    for debtor_id, *row in execute(_ITEMS_ON, [*asked, list(debtor_ids)]).fetchall():
        items[debtor_id].append(OpenItem(*row))
    return {
        letter.id
        for letter in letters
        if asked_too_much(
            tuple(zip(letter.listed_items, letter.listed_cents, strict=True)),
            items[letter.debtor_id],
        )
    }


def find_overtaken(letters: Collection[Message], *, posted_on: date) -> set[UUID]:
    """Those of these letters for which more time was given from their printing to their posting."""
    own = {letter.id: letter for letter in letters}
    rows = execute(_GIVEN, [active_administration(), list(own)]).fetchall()
    found = set()
    for message_id, item_id, given, withdrawn in rows:
        letter = PastNotice(
            "veertiendagenbrief",
            item_id,
            message_id,
            amount_cents=0,
            sent_on=own[message_id].planned_on,
            last_day=posted_on,
        )
        if is_overtaken(letter, map(MoreTime, given, withdrawn)):
            found.add(message_id)
    return found
