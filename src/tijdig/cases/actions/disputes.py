"""Disputes: open one, and answer it."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from tijdig.cases.actions.recording import LockedInvoice, Told, finish, lock_invoice, refuse_over
from tijdig.cases.actions.replacing import bring_back
from tijdig.cases.models import Dispute, Reason
from tijdig.cases.queries.credits import load_uncredited
from tijdig.core.calendar import format_day
from tijdig.core.case_messages import make_case_key
from tijdig.core.disputes import CATEGORIES, ROOT_CAUSES, compute_deadline
from tijdig.core.money import format_euros
from tijdig.core.problem import Refusal, Sentence
from tijdig.core.stops import refuse_beyond_a_year
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.ledger.models import Invoice
from tijdig.messaging.actions.states import cancel
from tijdig.messaging.models import NOT_GONE, WAITING, Message
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

_ANSWERED = (Dispute.State.ACCEPTED, Dispute.State.SETTLED, Dispute.State.DECLINED)


def open(  # noqa: A001 - the field's word
    *,
    invoice_id: UUID,
    cents: int,
    category: str,
    note: str = "",
    owner: str = "",
    deadline_on: date | None = None,
    today: date,
    now: datetime,
    actor: str,
) -> UUID:
    """The id of a new dispute about a part of an invoice, or all of it.

    Who owns it answers by the deadline of its category, unless another is given. Refuses: a
    category that is not there, more than is open and not disputed yet, a deadline that is
    over or more than a year off.
    """
    if category not in CATEGORIES:
        raise Refusal("Kies waar het bezwaar over gaat.", "Choose what the objection is about.")
    invoice = lock_invoice(invoice_id)
    _check_part(invoice, cents)
    answer_by = deadline_on or compute_deadline(category, today=today)
    if answer_by < today:
        raise Refusal(
            "De uiterste dag voor een antwoord is al voorbij.",
            "The last day for an answer has passed already.",
        )
    refuse_beyond_a_year(answer_by, since=today)
    made = Dispute.objects.create(
        administration_id=active_administration(),
        debtor_id=invoice.debtor_id,
        item_id=invoice.item_id,
        cents=cents,
        category=category,
        note=note,
        owner=owner or actor,
        opened_on=today,
        opened_by=actor,
        deadline_on=answer_by,
    )
    said = _describe(made, invoice.number)
    _finish("dispute_opened", made, said, today=today, now=now, actor=actor)
    return made.id


def accept(
    dispute_id: UUID, *, answer: str, root_cause: str, today: date, now: datetime, actor: str
) -> None:
    """The debtor is right: his part stays out until the credit note is there, and he is told.

    Refuses: no reason, a root cause that is not there, a dispute that was answered already.
    """
    said = Sentence(
        "Wij crediteren dit deel. De debiteur krijgt dit antwoord met de volgende run.",
        "We credit this part. The debtor gets this answer with the next run.",
    )
    _answer(
        dispute_id,
        "accepted",
        said,
        answer=answer,
        root_cause=root_cause,
        today=today,
        now=now,
        actor=actor,
    )
    debtor_id = Dispute.objects.values_list("debtor_id", flat=True).get(id=dispute_id)
    settle_credited(debtor_id, today=today, now=now, actor=actor)


def decline(
    dispute_id: UUID, *, answer: str, root_cause: str, today: date, now: datetime, actor: str
) -> None:
    """The debtor is not right: he is told why, and his part counts again from where it stood.

    Refuses: what `accept` refuses.
    """
    said = Sentence(
        "Het deel telt weer mee. De debiteur krijgt dit antwoord met de volgende run.",
        "The part counts again. The debtor gets this answer with the next run.",
    )
    _answer(
        dispute_id,
        "declined",
        said,
        answer=answer,
        root_cause=root_cause,
        today=today,
        now=now,
        actor=actor,
    )


def withdraw(dispute_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """The debtor takes it back, or it was a mistake.

    What the reason that it came of replaced stands again. Refuses: one that was answered already.
    """
    said = Sentence("De betwisting is ingetrokken.", "The dispute was withdrawn.")
    _close(dispute_id, "open", "withdrawn", said, {}, today=today, now=now, actor=actor)
    of_it = Reason.objects.filter(dispute_id=dispute_id).values_list("id", flat=True)
    bring_back(list(of_it), today=today, now=now, actor=actor)


def take_back(dispute_id: UUID, *, because: str, today: date, now: datetime, actor: str) -> None:
    """The answer was a mistake and has not gone out: the dispute stands again, and none goes.

    Refuses: no reason, a dispute that has no answer, one of which the answer may have reached the
    debtor, an invoice that is paid, a part that was disputed anew since.
    """
    if not because.strip():
        raise Refusal(
            "Schrijf op waarom u het antwoord terugneemt.", "Write down why you take it back."
        )
    one = Dispute.objects.get(id=dispute_id)
    lock_debtors([one.debtor_id])
    one.refresh_from_db()
    if not one.tells_debtor or one.state not in _ANSWERED:
        raise Refusal(
            "Deze betwisting heeft geen antwoord dat terug kan.",
            "This dispute has no answer that can be taken back.",
        )
    invoice = lock_invoice(Invoice.objects.get(open_item_id=one.item_id).id)
    if one.state == Dispute.State.DECLINED:
        _check_part(invoice, one.cents)
    _cancel_answer(one, today=today, now=now, actor=actor)
    Dispute.objects.filter(id=one.id).update(
        state=Dispute.State.OPEN,
        closed_on=None,
        closed_by="",
        answer="",
        root_cause="",
        tells_debtor=False,
    )
    said = Sentence(
        f"Factuur {invoice.number}: het antwoord is teruggenomen. {because.strip()}",
        f"Invoice {invoice.number}: the answer was taken back. {because.strip()}",
    )
    _finish("dispute_taken_back", one, said, today=today, now=now, actor=actor)


def _cancel_answer(one: Dispute, *, today: date, now: datetime, actor: str) -> None:
    """The answer does not go. Refuses: one that a worker has, or that went.

    What waits is cancelled first: a worker that claims it meanwhile has it, or finds it gone.
    """
    key = make_case_key(one.id, "dispute_declined").rpartition("-")[0]
    messages = Message.objects.filter(debtor_id=one.debtor_id, step_key__startswith=f"{key}-")
    waiting = list(messages.filter(state__in=WAITING).values_list("id", "step_key"))
    cancel([(message_id, "answer_taken_back") for message_id, _ in waiting])
    if messages.exclude(state__in=NOT_GONE).exists():
        raise Refusal(
            "Het antwoord is al verstuurd. Laat de debiteur zelf weten dat het anders is.",
            "The answer has been sent already. Tell the debtor yourself that it is otherwise.",
        )
    details = {"reason": "answer_taken_back"}
    happened = [
        Happened(
            "message_cancelled", "message", message_id, one.debtor_id, {"step": key, **details}
        )
        for message_id, key in waiting
    ]
    record(happened, today=today, now=now, actor=actor)


def mark_credited(dispute_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """The credit note of an accepted dispute is in the books; what is left is asked for again."""
    said = Sentence("De creditnota is gemaakt.", "The credit note was made.")
    _close(dispute_id, "accepted", "credited", said, {}, today=today, now=now, actor=actor)


def settle_credited(
    debtor_id: UUID | None = None, *, today: date, now: datetime, actor: str
) -> None:
    """What was accepted and is credited by the books is settled; accepted again where it no longer
    is. Of one debtor, or of all: after a file of the books came in.

    What is decided about a debtor goes by the books themselves, and does not wait for this.
    """
    known = Dispute.objects.filter(state__in=["accepted", "settled"])
    if debtor_id is not None:
        known = known.filter(debtor_id=debtor_id)
    rows = {row[0]: row[1:] for row in known.values_list("id", "state", "debtor_id", "cents")}
    left = load_uncredited({owner for _, owner, _ in rows.values()}) if rows else {}
    happened = []
    for dispute_id, (state, owner, cents) in rows.items():
        became = "accepted" if left.get(dispute_id, cents) else "settled"
        if became != state:
            Dispute.objects.filter(id=dispute_id, state=state).update(state=became)
            kind = "dispute_settled" if became == "settled" else "dispute_unsettled"
            amount = {"nl": format_euros(cents), "en": format_euros(cents)}
            happened.append(Happened(kind, "dispute", dispute_id, owner, amount))
    record(happened, today=today, now=now, actor=actor)


def _check_part(invoice: LockedInvoice, cents: int) -> None:
    standing = Dispute.objects.filter(item_id=invoice.item_id, state__in=["open", "accepted"])
    left = max(invoice.open_cents - sum(standing.values_list("cents", flat=True)), 0)
    if not 0 < cents <= left:
        raise Refusal(
            f"Van factuur {invoice.number} is hoogstens {format_euros(left)} te betwisten. "
            "Vul een bedrag tot daar in.",
            f"At most {format_euros(left)} of invoice {invoice.number} can be disputed. "
            "Fill in an amount up to that.",
        )


def _describe(one: Dispute, number: str) -> Sentence:
    name = CATEGORIES[one.category].name
    amount = format_euros(one.cents)
    return Sentence(
        f"Factuur {number}: {amount} betwist ({name.nl}). Antwoord uiterlijk op "
        f"{format_day(one.deadline_on, 'nl')} door {one.owner}.",
        f"Invoice {number}: {amount} disputed ({name.en}). Answer by "
        f"{format_day(one.deadline_on, 'en')}, by {one.owner}.",
    )


def _answer(
    dispute_id: UUID,
    state: str,
    said: Sentence,
    *,
    answer: str,
    root_cause: str,
    today: date,
    now: datetime,
    actor: str,
) -> None:
    if not answer.strip():
        raise Refusal(
            "Schrijf op waarom: de debiteur krijgt dit te horen.",
            "Write down why: the debtor will be told.",
        )
    if root_cause not in ROOT_CAUSES:
        raise Refusal("Kies waar het door kwam.", "Choose what caused it.")
    told: dict[str, str | bool] = {
        "answer": answer,
        "root_cause": root_cause,
        "tells_debtor": True,
    }
    _close(dispute_id, "open", state, said, told, today=today, now=now, actor=actor)


def _close(
    dispute_id: UUID,
    before: str,
    state: str,
    said: Sentence,
    told: Mapping[str, str | bool],
    *,
    today: date,
    now: datetime,
    actor: str,
) -> None:
    """From one state to the next, once; who comes second is told who was first."""
    one = Dispute.objects.get(id=dispute_id)
    lock_debtors([one.debtor_id])
    closed = Dispute.objects.filter(id=dispute_id, state=before).update(
        state=state, closed_on=today, closed_by=actor, **told
    )
    if not closed:
        one.refresh_from_db()
        raise refuse_over("betwisting", "dispute", by=one.closed_by, on=one.closed_on)
    amount = format_euros(one.cents)
    sentence = Sentence(f"{amount}: {said.nl}", f"{amount}: {said.en}")
    _finish(f"dispute_{state}", one, sentence, today=today, now=now, actor=actor)


def _finish(
    kind: str, one: Dispute, said: Sentence, *, today: date, now: datetime, actor: str
) -> None:
    told = Told(kind, "dispute", one.id, one.debtor_id, said)
    finish(told, today=today, now=now, actor=actor)
