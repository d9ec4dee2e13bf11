"""Keep what a message that went out means in law, claim by claim, with its proof."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tijdig.core.notices import NoticeKind, find_legal_effects
from tijdig.dunning.models import Notice
from tijdig.tenants.bulk import execute, insert_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration

# A message goes out on the day that it was planned for, or is planned anew; a doubt about it may
# take a person some days to settle.
LOOK_BACK_DAYS = 30
_SENT = """
SELECT message.id, message.debtor_id, message.phase, message.channel, message.planned_on,
       message.pay_by_on, message.costs_cents, message.vat_cents, body.text,
       listed.item_id, listed.cents
FROM tijdig_message message
JOIN tijdig_messagebody body
  ON body.administration_id = message.administration_id AND body.message_id = message.id
CROSS JOIN unnest(message.listed_items, message.listed_cents) WITH ORDINALITY
  AS listed (item_id, cents, place)
JOIN tijdig_openitem item
  ON item.administration_id = message.administration_id AND item.id = listed.item_id
WHERE message.administration_id = %s AND message.planned_on BETWEEN %s AND %s
  AND message.phase IN ('reminder', 'veertiendagenbrief', 'last_demand')
  AND message.state IN ('accepted', 'delivered') AND item.kind = 'invoice' AND listed.cents > 0
  AND NOT EXISTS (
    SELECT FROM tijdig_notice notice
    WHERE notice.administration_id = message.administration_id
      AND notice.message_id = message.id)
ORDER BY message.id, listed.place
"""
_COLUMNS = (
    "debtor open_item message kind amount_cents costs_cents vat_cents sent_on received_on proof "
    "proof_note last_day void_because voided_on replaced_by"
).split()


def write_notices(*, today: date) -> int:
    """Write down the notices of messages that went out in the last weeks; how many.

    Twice is once.
    """
    since = today - timedelta(days=LOOK_BACK_DAYS)
    sent = execute(_SENT, [active_administration(), since, today]).fetchall()
    rows = [row for message in sent for row in _describe(message)]
    insert_rows(
        Notice,
        ["id", *_COLUMNS],
        [(new_id(), *row) for row in rows],
        same={"administration": active_administration()},
        unless_there=True,
    )
    return len(rows)


def _describe(message: Sequence[Any]) -> list[tuple[Any, ...]]:
    """A row for each effect that the message has for this claim."""
    message_id, debtor_id, phase, channel, sent_on, pay_by_on = message[:6]
    costs_cents, vat_cents, text, item_id, cents = message[6:]
    rows = []
    for kind in find_legal_effects(phase, text, pay_by_on=pay_by_on):
        letter = kind == "veertiendagenbrief"
        rows.append(
            (
                debtor_id,
                item_id,
                message_id,
                kind,
                cents,
                costs_cents if letter else 0,
                vat_cents if letter else 0,
                sent_on,
                *_prove(kind, channel, sent_on),
                "",
                pay_by_on,
                "",
                None,
                None,
            )
        )
    return rows


def _prove(kind: NoticeKind, channel: str, sent_on: date) -> tuple[date | None, str]:
    """When a notice counts as received, and by what: mail that was accepted proves no costs."""
    if channel == "email" and kind != "veertiendagenbrief":
        return sent_on, Notice.Proof.ACCEPTED
    return None, Notice.Proof.NONE
