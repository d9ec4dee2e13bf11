"""A person says what becomes of one message: it goes, it stays, it arrived, it goes once more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from tijdig.core.calendar import is_working_day
from tijdig.core.facts import FOR_CREDITOR
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.notices import void_notices
from tijdig.dunning.actions.planning import take_references
from tijdig.ledger.actions.debtors import mark_address_failed, mark_email_failed
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.queries.cards import has_postal_address
from tijdig.messaging.actions.held import HELD_ONE_BY_ONE
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.ids import new_id
from tijdig.timeline.actions import Happened, record

State = Message.State
Answer = Literal[
    "take_back", "send", "drop", "arrived", "came_back", "copy", "letter", "leave", "again"
]
CAN_BE_TAKEN_BACK = (State.PLANNED, State.RELEASED, State.RETRY)
COPY_OF_DOUBT = "replaced_by_copy"


@dataclass(frozen=True, slots=True)
class _Move:
    """Where an answer leads: from these states to that one, with the event that tells it."""

    states: tuple[str, ...]
    to: str
    reason: str
    event: str


_MOVES: Mapping[str, _Move] = {
    "take_back": _Move(CAN_BE_TAKEN_BACK, State.HELD, "taken_back", "message_taken_back"),
    "send": _Move((State.HELD,), State.PLANNED, "", "message_let_go"),
    "drop": _Move((State.HELD,), State.CANCELLED, "dropped", "message_dropped"),
    "arrived": _Move((State.IN_DOUBT,), State.ACCEPTED, "confirmed", "message_confirmed"),
    "came_back": _Move(
        (State.IN_DOUBT, State.ACCEPTED, State.DELIVERED),
        State.BOUNCED_HARD,
        "came_back",
        "message_came_back",
    ),
    "copy": _Move((State.IN_DOUBT,), State.CANCELLED, COPY_OF_DOUBT, "message_replaced"),
    "letter": _Move(
        (State.IN_DOUBT, State.FAILED), State.CANCELLED, "sent_by_letter", "message_replaced"
    ),
    "leave": _Move((State.IN_DOUBT,), State.IN_DOUBT, "left", "message_left"),
    "again": _Move((State.FAILED,), State.CANCELLED, "tried_again", "message_tried_again"),
}


def answer_message(
    message_id: UUID,
    *,
    told: Answer,
    today: date,
    now: datetime,
    actor: str,
    for_creditor: bool = False,
) -> None:
    """Do what a person said about a message; `for_creditor`: he is of the creditor's own staff.

    Refuses: a message that is on its way or was answered meanwhile, an answer that does not fit
    it, a copy on a day off, a letter without an address, what only the creditor's staff releases.
    """
    move = _MOVES[told]
    debtor_id = Message.objects.values_list("debtor_id", flat=True).get(id=message_id)
    lock_debtors([debtor_id])
    message = Message.objects.get(id=message_id)
    _check(message, told, move, today=today)
    releases = told == "send" and message.reason == FOR_CREDITOR
    if releases and not for_creditor:
        raise refuse_release()
    released_by = actor if releases else "" if told == "take_back" else message.released_by
    is_copy = told == "copy" or (told == "letter" and message.state == State.IN_DOUBT)
    reason = COPY_OF_DOUBT if is_copy else move.reason
    # Whoever claims it meanwhile does not wait for the debtor: the state decides who was first.
    moved = Message.objects.filter(id=message_id, state=message.state).update(
        state=move.to, reason=reason, not_before=None, released_by=released_by
    )
    if not moved:
        raise _too_late()
    if told in ("copy", "letter"):
        _plan_again(message, channel="letter" if told == "letter" else message.channel, today=today)
    if told == "came_back":
        if message.channel == "email":
            body = MessageBody.objects.filter(message_id=message_id).first()
            address = body.recipient if body else None
            mark_email_failed(debtor_id, address=address, today=today)
        else:
            mark_address_failed(debtor_id, today=today)
        void_notices(message_id, because="returned", today=today, now=now, actor=actor)
    else:
        touch_debtors([debtor_id])
    details = {"step": message.step_key, "channel": message.channel}
    happened = Happened(move.event, "message", message_id, debtor_id, details)
    record([happened], today=today, now=now, actor=actor)


def take_back_all(*, today: date, now: datetime, actor: str) -> int:
    """Everything that waits and has not left yet is held for a person; how many."""
    waiting = Message.objects.filter(state__in=CAN_BE_TAKEN_BACK)
    lock_debtors(set(waiting.values_list("debtor_id", flat=True)))
    rows = list(
        waiting.select_for_update(skip_locked=True).values_list(
            "id", "debtor_id", "step_key", "channel"
        )
    )
    Message.objects.filter(id__in=[row[0] for row in rows]).update(
        state=State.HELD, reason="taken_back", not_before=None, released_by=""
    )
    touch_debtors({row[1] for row in rows})
    record(
        [
            Happened("message_taken_back", "message", row[0], row[1], _details(row[2:]))
            for row in rows
        ],
        today=today,
        now=now,
        actor=actor,
    )
    return len(rows)


def release_all(*, today: date, now: datetime, actor: str, for_creditor: bool) -> int:
    """All that waits for the creditor's own staff goes out, decided again; how many.

    Refuses: somebody who is not of that staff. Law: Wki art. 4 and 11.
    """
    if not for_creditor:
        raise refuse_release()
    waiting = Message.objects.filter(state=State.HELD, reason=FOR_CREDITOR)
    lock_debtors(set(waiting.values_list("debtor_id", flat=True)))
    rows = list(waiting.values_list("id", "debtor_id", "step_key", "channel"))
    Message.objects.filter(id__in=[row[0] for row in rows], state=State.HELD).update(
        state=State.PLANNED, reason="", released_by=actor
    )
    touch_debtors({row[1] for row in rows})
    record(
        [Happened("message_let_go", "message", row[0], row[1], _details(row[2:])) for row in rows],
        today=today,
        now=now,
        actor=actor,
    )
    return len(rows)


def refuse_release() -> Refusal:
    """Why somebody who acts for the creditor does not release this message."""
    return Refusal(
        "Dit bericht gaat naar iemand die een natuurlijk persoon kan zijn. Zonder Wki-registratie"
        " geeft alleen een medewerker van de schuldeiser zelf het vrij (Wki art. 4, 11). Wie dat"
        " zijn, staat bij Instellingen, onder Wie int er.",
        "This message goes to somebody who may be a natural person. Without a Wki registration"
        " only the creditor's own staff release it (Wki art. 4, 11). Settings, under Who"
        " collects, says who they are.",
    )


def _details(row: Sequence[str]) -> dict[str, str]:
    return {"step": row[0], "channel": row[1]}


def _check(message: Message, told: Answer, move: _Move, *, today: date) -> None:
    one_by_one = message.state != State.HELD or message.reason in HELD_ONE_BY_ONE
    if message.state not in move.states or not one_by_one:
        raise _too_late()
    if told in ("copy", "letter") and not is_working_day(today):
        raise Refusal(
            "Vandaag is geen werkdag. Kies dit op de eerstvolgende werkdag.",
            "Today is not a working day. Choose this on the next one.",
        )
    if told == "letter" and not has_postal_address(message.debtor_id):
        raise Refusal(
            "Er is geen postadres bekend. Vul dat eerst in bij de debiteur.",
            "No postal address is known. Fill it in first at the debtor.",
        )


def _too_late() -> Refusal:
    return Refusal(
        "Dit kan niet meer: het bericht is al onderweg of iemand was u voor.",
        "This is no longer possible: the message is on its way or somebody was before you.",
    )


def _plan_again(message: Message, *, channel: str, today: date) -> None:
    """The same step once more, to be decided again and with words and a term of its own."""
    message.copy_of = message.id
    message.id = new_id()
    message.state = State.PLANNED
    message.reason = message.receipt = message.claimed_by = message.released_by = ""
    message.attempt = 0
    message.channel = channel
    message.planned_on = today
    message.not_before = message.claimed_at = message.settled_at = None
    (message.payment_reference,) = take_references(1)
    message.save(force_insert=True)
