"""Why somebody has not paid, as he told us through any channel."""

from datetime import date, datetime
from uuid import UUID

from tijdig.cases.actions.recording import Told, finish, lock_part, refuse_over
from tijdig.cases.models import Reason
from tijdig.core.problem import Refusal, Sentence
from tijdig.core.unpaid import UNPAID_REASONS
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.tenants.scope import active_administration

CHANNELS = ("phone", "email", "letter", "portal", "visit")


def tell(
    *,
    debtor_id: UUID,
    kind: str,
    channel: str = "phone",
    invoice_id: UUID | None = None,
    note: str = "",
    today: date,
    now: datetime,
    actor: str,
) -> UUID:
    """The id of the reason; it gives some days of rest and says what we do meanwhile.

    Refuses: a reason or a channel that is not there, an invoice of somebody else.
    """
    if kind not in UNPAID_REASONS or channel not in CHANNELS:
        raise Refusal(
            "Kies de reden en hoe u die hoorde.", "Choose the reason and how you heard it."
        )
    item_id, _ = lock_part(debtor_id, invoice_id)
    made = Reason.objects.create(
        administration_id=active_administration(),
        debtor_id=debtor_id,
        item_id=item_id,
        kind=kind,
        channel=channel,
        said_on=today,
        note=note,
        recorded_by=actor,
    )
    rule = UNPAID_REASONS[kind]
    said = Sentence(
        f"{rule.name.nl.capitalize()}. {rule.next_step.nl}",
        f"{rule.name.en.capitalize()}. {rule.next_step.en}",
    )
    told = Told("reason_told", "reason", made.id, debtor_id, said, {"channel": channel})
    finish(told, today=today, now=now, actor=actor)
    return made.id


def handle(reason_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """We did what the reason asked; the cadence goes on. Refuses: one that was handled already."""
    one = Reason.objects.get(id=reason_id)
    lock_debtors([one.debtor_id])
    waiting = Reason.objects.filter(id=reason_id, handled_on=None)
    if not waiting.update(handled_on=today, handled_by=actor):
        one.refresh_from_db()
        raise refuse_over("reden", "reason", by=one.handled_by, on=one.handled_on)
    said = Sentence("De reden is opgevolgd.", "The reason was followed up.")
    told = Told("reason_handled", "reason", one.id, one.debtor_id, said)
    finish(told, today=today, now=now, actor=actor)
