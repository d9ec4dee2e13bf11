"""The true day on which printed letters were posted, as a person says it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from tijdig.core.calendar import format_day
from tijdig.core.decision import COPY
from tijdig.core.posting import compute_posting
from tijdig.core.problem import Refusal, Sentence
from tijdig.dunning.actions.notices import void_notices, write_notices
from tijdig.dunning.actions.voiding import NO_COSTS, POSTED_LATE
from tijdig.dunning.models import Notice
from tijdig.dunning.queries.void_letters import find_untrue
from tijdig.ledger.actions.claims import withdraw_costs
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.messaging.models import Message
from tijdig.timeline.actions import Happened, record

POSTED_LATER = Sentence(
    "De brief ging later op de post dan gedacht; de termijn liep nog.",
    "The letter was posted later than thought; its term was still running.",
)
NOT_POSTED = Sentence(
    "De brief bleek niet op de post te zijn gedaan: geen incassokosten.",
    "The letter turned out not to have been posted: no collection costs.",
)

DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class _When:
    """The day, moment and person of one confirmation."""

    today: date
    now: datetime
    actor: str


def note_posting(
    *,
    printed_on: date,
    posted_on: date,
    only: Collection[UUID] | None = None,
    but_not: Collection[UUID] = (),
    today: date,
    now: datetime,
    actor: str,
) -> int:
    """The letters that were printed on a day went into the post on that one; how many.

    Of those that a person saw (`only`; None for all), save what he left out. From then on they
    count: received as the post delivers, with a term that runs from there. A receipt that a person
    proved stays. A veertiendagenbrief that asked more than was owed at the end of the day before,
    or about which more time was given since it was printed, is void. Law: BW 6:96 lid 6.
    Refuses: a day before the printing or ahead, and a day on which no letter waits for it.
    """
    waiting = _select(_list_waiting().filter(planned_on=printed_on), only, but_not)
    _check_day(printed_on, posted_on, today)
    return _post(waiting, posted_on, _When(today, now, actor))


def note_posting_of_all(
    *,
    posted_on: date,
    only: Collection[UUID] | None = None,
    but_not: Collection[UUID] = (),
    today: date,
    now: datetime,
    actor: str,
) -> int:
    """Every printed letter that waits for it went into the post on this day; how many.

    Of those that a person saw (`only`; None for all), save what he left out.
    Refuses: a day before the last printing or ahead, and nothing that waits.
    """
    unproven = _list_waiting().exclude(state=Message.State.DELIVERED)
    waiting = _select(unproven, only, but_not)
    printed_on = waiting.aggregate(Max("planned_on"))["planned_on__max"] or posted_on
    _check_day(printed_on, posted_on, today)
    return _post(waiting, posted_on, _When(today, now, actor))


def discard(message_id: UUID, *, today: date, now: datetime, actor: str) -> bool:
    """A printed letter was not posted and thrown away: it brings nothing, and asks for no day.

    What is owed by then is decided again, with the same step. True where a mail announced it to the
    customer: he waits for a letter that does not come.
    Refuses: what is no printed letter that waits for the post.
    """
    waiting = _list_waiting().filter(id=message_id, state=Message.State.ACCEPTED)
    debtor_id = waiting.values_list("debtor_id", flat=True).first()
    if debtor_id is not None:
        lock_debtors([debtor_id])
    # Who tells its posting meanwhile was first.
    if not waiting.update(state=Message.State.CANCELLED, reason=DISCARDED) or debtor_id is None:
        raise Refusal(
            "Deze brief ligt niet meer te wachten op de post.",
            "This letter does not wait for the post any more.",
        )
    void_notices(message_id, because=DISCARDED, today=today, now=now, actor=actor)
    touch_debtors([debtor_id])
    was_announced = _was_announced(Message.objects.get(id=message_id))
    details = {"announced": was_announced}
    happened = Happened("letter_discarded", "message", message_id, debtor_id, details)
    record([happened], today=today, now=now, actor=actor)
    return was_announced


def _was_announced(letter: Message) -> bool:
    """Whether a mail of the same step told the customer that the letter comes."""
    return Message.objects.filter(
        debtor_id=letter.debtor_id,
        carrying_item_id=letter.carrying_item_id,
        reopen_count=letter.reopen_count,
        step_key=letter.step_key + COPY,
        planned_on=letter.planned_on,
        state__in=(Message.State.ACCEPTED, Message.State.DELIVERED),
    ).exists()


def correct_posting(
    message_id: UUID, *, posted_on: date | None, today: date, now: datetime, actor: str
) -> None:
    """One letter was posted on another day than somebody said, or not at all: None.

    What it means in law moves with it; costs that were claimed within its term, or after a letter
    that was not posted, are taken back. A receipt that a person proved stays.
    Refuses: a day before the printing or ahead, and what is no letter that went out.
    """
    gone = (Message.State.ACCEPTED, Message.State.DELIVERED)
    letter = Message.objects.filter(id=message_id, channel="letter", state__in=gone).first()
    if letter is None:
        raise Refusal(
            "Dit is geen brief die geprint is en niet terugkwam.",
            "This is no letter that was printed and did not come back.",
        )
    _check_day(letter.planned_on, posted_on or today, today)
    lock_debtors([letter.debtor_id])
    when = _When(today, now, actor)
    write_notices(today=today, since=letter.planned_on)
    Message.objects.filter(id=letter.id).update(posted_on=posted_on)
    if posted_on is None:
        _unprove(letter, when)
    else:
        _prove(letter, posted_on, find_untrue([letter.id]), when)
    touch_debtors([letter.debtor_id])
    told = Happened(
        "letter_posted" if posted_on else "letter_not_posted",
        "message",
        letter.id,
        letter.debtor_id,
        {"posted_on": posted_on} if posted_on else {},
    )
    record([told], today=today, now=now, actor=actor)


def _list_waiting() -> QuerySet[Message]:
    gone = [Message.State.ACCEPTED, Message.State.DELIVERED]
    return Message.objects.filter(channel="letter", posted_on=None, state__in=gone)


def _select(
    waiting: QuerySet[Message], only: Collection[UUID] | None, but_not: Collection[UUID]
) -> QuerySet[Message]:
    """What was printed after a person looked is still in the printer: he said nothing of it."""
    if only is not None:
        waiting = waiting.filter(id__in=list(only))
    return waiting.exclude(id__in=list(but_not))


def _check_day(printed_on: date, posted_on: date, today: date) -> None:
    if not printed_on <= posted_on <= today:
        raise Refusal(
            f"De brieven zijn geprint op {format_day(printed_on, 'nl')}. Kies een dag vanaf dan, en"
            " niet in de toekomst.",
            f"The letters were printed on {format_day(printed_on, 'en')}. Choose a day from then"
            " on, and not ahead.",
        )


def _post(waiting: QuerySet[Message], posted_on: date, when: _When) -> int:
    lock_debtors(set(waiting.values_list("debtor_id", flat=True)))
    letters = list(waiting.order_by("id"))
    if not letters:
        raise Refusal(
            "Van die dag wachten geen brieven meer op een postdag.",
            "No letters of that day wait for a day of posting any more.",
        )
    write_notices(today=when.today, since=min(one.planned_on for one in letters))
    Message.objects.filter(id__in=[one.id for one in letters]).update(posted_on=posted_on)
    untrue = find_untrue([one.id for one in letters])
    for letter in letters:
        _prove(letter, posted_on, untrue, when)
    touch_debtors({one.debtor_id for one in letters})
    record(_describe(letters, posted_on), today=when.today, now=when.now, actor=when.actor)
    return len(letters)


def _prove(letter: Message, posted_on: date, untrue: Mapping[UUID, str], when: _When) -> None:
    """What a letter means in law begins with its posting, which is its proof."""
    for notice in _list_notices(letter):
        posting = compute_posting(
            notice.kind,  # type: ignore[arg-type]
            printed_on=letter.planned_on,
            posted_on=posted_on,
            last_day=letter.pay_by_on,
        )
        is_letter = notice.kind == Notice.Kind.VEERTIENDAGENBRIEF
        because = untrue.get(letter.id, "") if is_letter else ""
        if posting.is_too_late:
            because = POSTED_LATE
        Notice.objects.filter(id=notice.id).update(
            sent_on=posted_on,
            received_on=posting.received_on,
            last_day=posting.last_day,
            proof=Notice.Proof.POST,
            **_void(notice, because, today=when.today),
        )
        if because:
            _withdraw(letter.id, NO_COSTS[because], date.max, when)
        elif is_letter and posting.last_day is not None:
            _withdraw(letter.id, POSTED_LATER, posting.last_day, when)


def _void(notice: Notice, because: str, *, today: date) -> dict[str, object]:
    """Void by its posting, and no more once that is put right; other grounds stay."""
    if notice.void_because not in ("", *NO_COSTS):
        return {}
    return {"void_because": because, "voided_on": today if because else None}


def _unprove(letter: Message, when: _When) -> None:
    """A letter that lies there still has no effect in law."""
    notices = _list_notices(letter)
    if not notices:
        return
    for notice in notices:
        Notice.objects.filter(id=notice.id).update(
            sent_on=letter.planned_on,
            received_on=None,
            last_day=letter.pay_by_on,
            proof=Notice.Proof.PRINTED,
            **_void(notice, "", today=when.today),
        )
    _withdraw(letter.id, NOT_POSTED, date.max, when)


def _list_notices(letter: Message) -> list[Notice]:
    """What a letter means by its posting alone: a receipt that a person proved stays."""
    by_post = [Notice.Proof.PRINTED, Notice.Proof.POST]
    return list(Notice.objects.filter(message_id=letter.id, proof__in=by_post))


def _withdraw(message_id: UUID, because: Sentence, last_day: date, when: _When) -> None:
    withdraw_costs(
        [message_id],
        because=because,
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
