"""Turn sending on and off: the one switch between rehearsing and reality."""

from datetime import date, datetime

from tijdig.core.problem import Refusal
from tijdig.dunning.actions.halts import drop_halt
from tijdig.dunning.models import Call
from tijdig.ledger.actions.looks import look_at_everybody
from tijdig.messaging.actions.clock import CLOCK
from tijdig.messaging.actions.reconciling import reconcile
from tijdig.messaging.actions.states import cancel_held, hold_all
from tijdig.messaging.delivering import accept_clock, open_log
from tijdig.tenants.actions import switch_sending
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record


def turn_on(*, today: date, now: datetime, actor: str) -> None:
    """From now on messages go out. What was rehearsed goes no more: everybody is decided anew.

    Refuses: an administration that cannot say where to pay or where to reply.
    """
    administration = load_administration()
    missing = [
        word
        for word, value in (
            ("IBAN", administration.iban),
            ("e-mail", administration.email),
        )
        if not value
    ]
    if missing:
        raise Refusal(
            f"Vul eerst in bij Instellingen: {', '.join(missing)}. Zonder die gegevens kan een "
            "klant niet betalen of antwoorden.",
            f"Fill in first under Settings: {', '.join(missing)}. Without them a customer cannot "
            "pay or reply.",
        )
    if administration.silenced_because == CLOCK:
        accept_clock()
    elif administration.silenced_because:
        # What went out before the restore must not go out again.
        reconcile(open_log(), today=today, now=now)
    if not switch_sending(on=True):
        return
    cancel_held(reason="rehearsal_over")
    drop_halt(now=now, actor=actor)
    Call.objects.filter(state=Call.State.HELD).update(state=Call.State.CANCELLED)
    look_at_everybody()
    _remember("sending_turned_on", today=today, now=now, actor=actor)


def turn_off(*, today: date, now: datetime, actor: str) -> None:
    """From now on nothing goes out: what has not left yet is held."""
    if not switch_sending(on=False):
        return
    hold_all(reason="sending_off")
    _remember("sending_turned_off", today=today, now=now, actor=actor)


def _remember(kind: str, *, today: date, now: datetime, actor: str) -> None:
    happened = Happened(kind, "administration", active_administration())
    record([happened], today=today, now=now, actor=actor)
