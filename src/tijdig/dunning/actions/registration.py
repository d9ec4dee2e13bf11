"""What only the creditor's own staff may do, and what no longer waits for them."""

from datetime import date, datetime

from tijdig.core.facts import FOR_CREDITOR
from tijdig.core.problem import Refusal
from tijdig.dunning.queries.policies import load_policy
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.messaging.models import Message
from tijdig.timeline.actions import Happened, record

HELD, PLANNED = Message.State.HELD, Message.State.PLANNED


def resume_registered(*, today: date, now: datetime, actor: str) -> int:
    """Messages that waited for the creditor's own staff go on, once nobody has to; how many.

    That is so when a Wki registration was filled in, or the creditor collects himself. Each is
    decided again before it goes. Law: Wki art. 4 and 11.
    """
    waiting = Message.objects.filter(state=HELD, reason=FOR_CREDITOR)
    debtor_ids = set(waiting.values_list("debtor_id", flat=True))
    if not debtor_ids or load_policy().rules.acts_unregistered:
        return 0
    lock_debtors(debtor_ids)
    rows = list(waiting.values_list("id", "debtor_id", "step_key", "channel"))
    Message.objects.filter(id__in=[row[0] for row in rows], state=HELD).update(
        state=PLANNED, reason=""
    )
    touch_debtors({row[1] for row in rows})
    happened = [
        Happened("message_let_go", "message", row[0], row[1], {"step": row[2], "channel": row[3]})
        for row in rows
    ]
    record(happened, today=today, now=now, actor=actor)
    return len(rows)


def refuse_call() -> Refusal:
    """Why somebody who acts for the creditor does not make this call."""
    return Refusal(
        "Deze klant kan een natuurlijk persoon zijn. Zonder Wki-registratie belt alleen een"
        " medewerker van de schuldeiser zelf (Wki art. 4, 11). Vul bij Instellingen, onder Wie int"
        " er, het kenmerk in, of zeg daar wie dat zijn.",
        "This customer may be a natural person. Without a Wki registration only the creditor's own"
        " staff call (Wki art. 4, 11). Fill in the mark at Settings, under Who collects, or say"
        " there who they are.",
    )
