"""The true day on which printed letters were posted, as a person says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tijdig.core.calendar import format_day
from tijdig.core.posting import compute_posting
from tijdig.core.problem import Refusal, Sentence
from tijdig.dunning.actions.notices import write_notices
from tijdig.dunning.models import Notice
from tijdig.ledger.actions.claims import withdraw_costs
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.messaging.models import Message
from tijdig.timeline.actions import Happened, record

POSTED_LATER = Sentence(
    "De brief ging later op de post dan gedacht; de termijn liep nog.",
    "The letter was posted later than thought; its term was still running.",
)


@dataclass(frozen=True, slots=True)
class _When:
    """The day, moment and person of one confirmation."""

    today: date
    now: datetime
    actor: str


def note_posting(
    *, printed_on: date, posted_on: date, today: date, now: datetime, actor: str
) -> int:
    """All letters that were printed on a day went into the post on that one; how many.

    A later day moves the term of what they say, and takes back costs that were claimed within it.
    A receipt that a person proved stays. Refuses: a day before the printing or ahead, and a day on
    which no letter waits for it.
    """
    if not printed_on <= posted_on <= today:
        raise Refusal(
            f"De brieven zijn geprint op {format_day(printed_on, 'nl')}. Kies een dag vanaf dan, en"
            " niet in de toekomst.",
            f"The letters were printed on {format_day(printed_on, 'en')}. Choose a day from then"
            " on, and not ahead.",
        )
    waiting = Message.objects.filter(
        channel="letter",
        planned_on=printed_on,
        posted_on=None,
        state__in=[Message.State.ACCEPTED, Message.State.DELIVERED],
    )
    lock_debtors(set(waiting.values_list("debtor_id", flat=True)))
    letters = list(waiting.order_by("id"))
    if not letters:
        raise Refusal(
            "Van die dag wachten geen brieven meer op een postdag.",
            "No letters of that day wait for a day of posting any more.",
        )
    when = _When(today, now, actor)
    write_notices(today=today, since=printed_on)
    Message.objects.filter(id__in=[one.id for one in letters]).update(posted_on=posted_on)
    if posted_on > printed_on:
        for letter in letters:
            _move(letter, posted_on, when)
    touch_debtors({one.debtor_id for one in letters})
    record(_describe(letters, posted_on), today=today, now=now, actor=actor)
    return len(letters)


def _move(letter: Message, posted_on: date, when: _When) -> None:
    """What a letter means in law begins later."""
    for notice in Notice.objects.filter(message_id=letter.id, proof=Notice.Proof.POST):
        moved = compute_posting(
            notice.kind,  # type: ignore[arg-type]
            printed_on=letter.planned_on,
            posted_on=posted_on,
            last_day=notice.last_day,
        )
        Notice.objects.filter(id=notice.id).update(
            sent_on=posted_on, received_on=moved.received_on, last_day=moved.last_day
        )
        if notice.kind == Notice.Kind.VEERTIENDAGENBRIEF and moved.last_day is not None:
            _withdraw(letter.id, moved.last_day, when)


def _withdraw(message_id: UUID, last_day: date, when: _When) -> None:
    withdraw_costs(
        [message_id],
        because=POSTED_LATER,
        claimed_until=last_day,
        today=when.today,
        now=when.now,
        actor=when.actor,
    )


def _describe(letters: Sequence[Message], posted_on: date) -> list[Happened]:
    return [
        Happened("letter_posted", "message", one.id, one.debtor_id, {"posted_on": posted_on})
        for one in letters
    ]
