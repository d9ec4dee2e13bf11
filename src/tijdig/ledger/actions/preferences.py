"""How a debtor wants to be written to: his language, and by e-mail or by letter."""

from datetime import date, datetime
from uuid import UUID

from tijdig.core.problem import Refusal
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.models import Debtor
from tijdig.timeline.actions import Happened, record

LANGUAGES = ("nl", "en")
CHANNELS = ("", "email", "letter")


def prefer(
    debtor_id: UUID,
    *,
    language: str,
    preferred_channel: str,
    today: date,
    now: datetime,
    actor: str,
) -> bool:
    """Write to this debtor in this language, and by this channel where a step allows it.

    An empty channel means no preference. Whether that changed anything. Refuses a language or a
    channel that there is not.
    """
    if language not in LANGUAGES or preferred_channel not in CHANNELS:
        raise Refusal(
            "Kies Nederlands of Engels, en e-mail, brief of geen voorkeur.",
            "Choose Dutch or English, and e-mail, letter or no preference.",
        )
    lock_debtors([debtor_id])
    debtor = Debtor.objects.get(id=debtor_id)
    told = {"language": language, "preferred_channel": preferred_channel}
    what = {
        field: (getattr(debtor, field), value)
        for field, value in told.items()
        if getattr(debtor, field) != value
    }
    if not what:
        return False
    Debtor.objects.filter(id=debtor_id).update(**told)
    touch_debtors([debtor_id])
    record(
        [Happened("debtor_changed", "debtor", debtor_id, debtor_id, {"changes": what})],
        today=today,
        now=now,
        actor=actor,
    )
    return True
