"""What nobody knows the fate of: after a day harmless messages count as sent, others wait."""

from datetime import date, datetime, timedelta

from django.db.models import Q

from tijdig.messaging.models import Message
from tijdig.timeline.actions import Happened, record

DOUBT_HOURS = 24
ACTOR = "tijdig"
COUNTED = "counted_as_sent"
# Twice is annoying and never is a few days lost; anything else may have a term that counts.
HARMLESS_PHASES = ("before_due", "reminder", "copy", "case")
# Who said that he did not get the invoice must surely get the copy, or be asked again.
ASKED = "invoice_again"


def settle_old_doubts(*, today: date, now: datetime) -> int:
    """Notices and reminders that are in doubt for a day count as sent, and are not repeated.

    It stands in the timeline; in law they prove nothing. A message with legal effect goes on
    holding the next step until a person says what happened. How many were settled.
    """
    old = Message.objects.filter(
        state=Message.State.IN_DOUBT,
        phase__in=HARMLESS_PHASES,
        channel="email",
        settled_at__lte=now - timedelta(hours=DOUBT_HOURS),
    ).exclude(Q(reason__in=[COUNTED, "left"]) | Q(text=ASKED))
    rows = list(old.select_for_update().values_list("id", "debtor_id", "step_key", "channel"))
    Message.objects.filter(id__in=[row[0] for row in rows]).update(reason=COUNTED)
    record(
        [
            Happened(
                "message_counted_as_sent",
                "message",
                row[0],
                row[1],
                {"step": row[2], "channel": row[3]},
            )
            for row in rows
        ],
        today=today,
        now=now,
        actor=ACTOR,
    )
    return len(rows)
