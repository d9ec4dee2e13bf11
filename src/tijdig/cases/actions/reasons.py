"""Why somebody has not paid, as he told us through any channel, and what we do about it."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from tijdig.cases.actions import disputes
from tijdig.cases.actions.recording import (
    Told,
    finish,
    list_undisputed,
    lock_part,
    refuse_over,
)
from tijdig.cases.actions.replacing import bring_back, replace_earlier
from tijdig.cases.models import Reason
from tijdig.core.case_messages import BY_LETTER
from tijdig.core.problem import Refusal, Sentence
from tijdig.core.unpaid import UNPAID_REASONS, compute_reason_deadline
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.ledger.queries.cards import has_postal_address
from tijdig.tenants.ids import new_id_after
from tijdig.tenants.scope import active_administration

CHANNELS = ("phone", "email", "letter", "portal", "visit")


def tell(
    *,
    debtor_id: UUID,
    kind: str,
    channel: str = "phone",
    invoice_id: UUID | None = None,
    note: str = "",
    owner: str = "",
    address: str = "",
    today: date,
    now: datetime,
    actor: str,
) -> UUID:
    """The id of the reason; it gives some days of rest and bends the next step.

    What he said before of the same steers no longer: it was said, counts, and stays in the history.
    `address` is where the debtor wants a copy of the invoice: an e-mail address, or "letter".
    Who does not agree has a dispute from now on. Refuses: a reason or a channel that is not there,
    an invoice of somebody else, an address that mail cannot go to, an objection to no invoice.
    """
    if kind not in UNPAID_REASONS or channel not in CHANNELS:
        raise Refusal(
            "Kies de reden en hoe u die hoorde.", "Choose the reason and how you heard it."
        )
    item_id, _ = lock_part(debtor_id, invoice_id)
    made = Reason.objects.create(
        id=_make_id(debtor_id),
        administration_id=active_administration(),
        debtor_id=debtor_id,
        item_id=item_id,
        kind=kind,
        channel=channel,
        said_on=today,
        note=note,
        recorded_by=actor,
        owner=owner or actor,
        deadline_on=compute_reason_deadline(kind, said_on=today),
    )
    replace_earlier(made, today=today, now=now, actor=actor)
    said = _say_next(kind)
    told = Told("reason_told", "reason", made.id, debtor_id, said, {"channel": channel})
    finish(told, today=today, now=now, actor=actor)
    if kind == "not_received" and address:
        confirm_address(made.id, address, today=today, now=now, actor=actor)
    if kind == "disputes":
        _open_disputes(made, invoice_id, today=today, now=now, actor=actor)
    return made.id


def _make_id(debtor_id: UUID) -> UUID:
    """What was told last is found by its id: the clock alone does not tell which of two that was.

    The debtor is locked.
    """
    before = Reason.objects.filter(debtor_id=debtor_id).order_by("-id")
    return new_id_after(before.values_list("id", flat=True).first())


def _say_next(kind: str) -> Sentence:
    rule = UNPAID_REASONS[kind]
    return Sentence(
        f"{rule.name.nl.capitalize()}. {rule.next_step.nl}",
        f"{rule.name.en.capitalize()}. {rule.next_step.en}",
    )


def confirm_address(
    reason_id: UUID, address: str, *, today: date, now: datetime, actor: str
) -> None:
    """The debtor said where a copy of the invoice may go; it goes with the next run.

    An e-mail address that is new becomes that of the debtor, and one that came back is tried again.
    Every address after the first gets a copy of its own. Refuses: one that mail cannot go to,
    "letter" where post reaches no address, a reason that was handled or is another.
    """
    lock_debtors([Reason.objects.values_list("debtor_id", flat=True).get(id=reason_id)])
    one = Reason.objects.get(id=reason_id)
    wanted = address.strip()
    _check_address(one, wanted)
    waiting = Reason.objects.filter(id=reason_id, kind="not_received", handled_on=None)
    again = one.address_round + (1 if one.address else 0)
    if not waiting.update(address=wanted, address_round=again):
        one.refresh_from_db()
        raise refuse_over("reden", "reason", by=one.handled_by, on=one.handled_on)
    if wanted != BY_LETTER:
        change_contact(one.debtor_id, {"email": wanted}, today=today, now=now, actor=actor)
    said = Sentence(
        "Het adres voor de kopie van de factuur is bevestigd.",
        "The address for the copy of the invoice was confirmed.",
    )
    told = Told("reason_address", "reason", one.id, one.debtor_id, said)
    finish(told, today=today, now=now, actor=actor)


def handle(reason_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """We did what the reason asked; the cadence goes on. Refuses: one that was handled already."""
    said = Sentence("De reden is opgevolgd.", "The reason was followed up.")
    _end(reason_id, "reason_handled", said, today=today, now=now, actor=actor)


def withdraw(reason_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """It was a mistake: the next step is the old one, and nobody counts it.

    What it replaced stands again (`bring_back`). Refuses: one that was handled already.
    """
    said = Sentence("De reden is ingetrokken.", "The reason was withdrawn.")
    _end(reason_id, "reason_withdrawn", said, today=today, now=now, actor=actor, withdrawn=True)
    bring_back([reason_id], today=today, now=now, actor=actor)


def handle_who_cannot_pay(
    debtor_id: UUID, item_ids: Iterable[UUID], *, today: date, now: datetime, actor: str
) -> None:
    """A plan was agreed: that is what "cannot pay" asked, for these items or for all.

    One that a later reason replaced was answered with it, and does not come back.
    """
    about = Q(item_id=None) | Q(item_id__in=list(item_ids))
    told = Reason.objects.filter(about, debtor_id=debtor_id, kind="cannot_pay")
    told.exclude(replaced_by=None).update(replaced_by=None)
    waiting = told.filter(handled_on=None)
    for reason_id in waiting.order_by("id").values_list("id", flat=True):
        handle(reason_id, today=today, now=now, actor=actor)


def _end(
    reason_id: UUID,
    event: str,
    said: Sentence,
    *,
    today: date,
    now: datetime,
    actor: str,
    withdrawn: bool = False,
) -> None:
    one = Reason.objects.get(id=reason_id)
    lock_debtors([one.debtor_id])
    waiting = Reason.objects.filter(id=reason_id, handled_on=None)
    if not waiting.update(handled_on=today, handled_by=actor, is_withdrawn=withdrawn):
        one.refresh_from_db()
        raise refuse_over("reden", "reason", by=one.handled_by, on=one.handled_on)
    told = Told(event, "reason", one.id, one.debtor_id, said)
    finish(told, today=today, now=now, actor=actor)


def _open_disputes(
    one: Reason, invoice_id: UUID | None, *, today: date, now: datetime, actor: str
) -> None:
    """A dispute about what is open of his invoice, and the reason was followed up with it."""
    invoices = list_undisputed(one.debtor_id, invoice_id)
    if invoice_id is None and len(invoices) != 1:
        raise Refusal(
            "Kies de factuur waar de debiteur het niet mee eens is.",
            "Choose the invoice that the debtor does not agree with.",
        )
    for number_id, cents in invoices:
        opened = disputes.open(
            invoice_id=number_id,
            cents=cents,
            category="other",
            note=one.note,
            owner=one.owner,
            today=today,
            now=now,
            actor=actor,
        )
        Reason.objects.filter(id=one.id).update(dispute_id=opened)
    said = Sentence("Er loopt een betwisting.", "A dispute is open.")
    _end(one.id, "reason_handled", said, today=today, now=now, actor=actor)


def _check_address(one: Reason, wanted: str) -> None:
    if wanted == BY_LETTER:
        if not has_postal_address(one.debtor_id):
            raise Refusal(
                "Er is geen postadres bekend waar post aankomt. Vul dat eerst in bij de debiteur.",
                "No postal address is known where post arrives. Fill it in first at the debtor.",
            )
        return
    try:
        validate_email(wanted)
    except ValidationError as error:
        raise Refusal(
            "Dit is geen e-mailadres. Vraag de debiteur ernaar en vul het opnieuw in.",
            "This is no e-mail address. Ask the debtor and fill it in again.",
        ) from error
