"""Replies of debtors: one that nobody has handled stops the cadence."""

from datetime import date, datetime
from uuid import UUID

from tijdig.core.calendar import add_working_days, format_day
from tijdig.core.problem import Refusal
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.models import Debtor
from tijdig.messaging.models import Reply
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

CHANNELS = ("email", "letter", "phone", "portal", "visit")
ANSWER_WORKING_DAYS = 2


def receive(
    *,
    debtor_id: UUID,
    channel: str,
    text: str = "",
    received_on: date | None = None,
    owner: str = "",
    deadline_on: date | None = None,
    message_id: UUID | None = None,
    today: date,
    now: datetime,
    actor: str,
) -> UUID:
    """The id of a reply; the debtor gets nothing until somebody has handled it.

    Whoever recorded it owns it, for two working days, unless told otherwise. Refuses: a channel
    that is not there, a day that has not come yet.
    """
    came_on = received_on or today
    if channel not in CHANNELS or came_on > today:
        raise Refusal(
            "Kies hoe en wanneer de reactie binnenkwam; dat kan niet in de toekomst zijn.",
            "Choose how and when the reply came in; that cannot be in the future.",
        )
    lock_debtors([debtor_id])
    if not Debtor.objects.filter(id=debtor_id).exists():
        raise Refusal("Deze debiteur is er niet.", "This debtor is not there.")
    made = Reply.objects.create(
        administration_id=active_administration(),
        debtor_id=debtor_id,
        message_id=message_id,
        channel=channel,
        received_on=came_on,
        text=text,
        recorded_by=actor,
        owner=owner or actor,
        deadline_on=deadline_on or add_working_days(today, ANSWER_WORKING_DAYS),
    )
    said = {
        "nl": f"{made.owner} handelt dit af uiterlijk op {format_day(made.deadline_on, 'nl')}.",
        "en": f"{made.owner} handles this by {format_day(made.deadline_on, 'en')}.",
    }
    _finish("reply_received", made, said, today=today, now=now, actor=actor)
    return made.id


def handle(reply_id: UUID, *, outcome: str = "", today: date, now: datetime, actor: str) -> None:
    """Somebody dealt with the reply; the cadence goes on. Refuses: one that was dealt with."""
    one = Reply.objects.get(id=reply_id)
    lock_debtors([one.debtor_id])
    waiting = Reply.objects.filter(id=reply_id, handled_on=None)
    if not waiting.update(handled_on=today, handled_by=actor, outcome=outcome):
        one.refresh_from_db()
        raise Refusal(
            f"Deze reactie is al afgehandeld door {one.handled_by} op {one.handled_on:%d-%m-%Y}.",
            f"This reply was handled already by {one.handled_by} on {one.handled_on:%d-%m-%Y}.",
        )
    said = {"nl": "De reactie is afgehandeld.", "en": "The reply was handled."}
    _finish("reply_handled", one, said, today=today, now=now, actor=actor)


def _finish(
    kind: str, one: Reply, said: dict[str, str], *, today: date, now: datetime, actor: str
) -> None:
    touch_debtors([one.debtor_id])
    happened = Happened(kind, "reply", one.id, one.debtor_id, said)
    record([happened], today=today, now=now, actor=actor)
