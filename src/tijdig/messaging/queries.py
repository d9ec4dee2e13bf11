"""Messages as pages show them: the outbox, a debtor's messages, and exactly what went out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from tijdig.core.facts import FOR_CREDITOR
from tijdig.core.references import format_reference
from tijdig.ledger.models import Contact, Debtor, DebtorFlag
from tijdig.messaging.actions.held import HALTED, HELD_ONE_BY_ONE
from tijdig.messaging.composition import Addressee
from tijdig.messaging.labels import LABELS
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

DAYS_SHOWN = 30
LETTERS_SHOWN = 500
OutboxTab = Literal["waiting", "gone", "attention", "stopped", "all"]
_STATES_OF: dict[OutboxTab, tuple[str, ...]] = {
    "waiting": ("planned", "held", "released", "sending", "retry"),
    "gone": ("accepted", "delivered"),
    "attention": ("in_doubt", "failed", "bounced_hard", "bounced_soft", "complained"),
    "stopped": ("cancelled", "suppressed"),
    "all": tuple(Message.State.values),
}


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message in a list; `subject` and `recipient` are empty until its words were frozen.

    `posted_on` is the day on which somebody said that a letter was posted.
    """

    id: UUID
    debtor_id: UUID
    debtor_number: str
    debtor_name: str
    step_key: str
    phase: str
    channel: str
    language: str
    planned_on: date
    pay_by_on: date | None
    total_cents: int
    payment_reference: str
    state: str
    reason: str
    settled_at: datetime | None
    posted_on: date | None
    subject: str
    recipient: str

    @property
    def is_unposted(self) -> bool:
        """Whether it is a letter that was printed, and nobody said yet that it was posted."""
        return self.channel == "letter" and self.state == "accepted" and self.posted_on is None


@dataclass(frozen=True, slots=True)
class Body:
    """Exactly what went out."""

    recipient: str
    subject: str
    text: str
    html: str
    pdf: bytes | None


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item that a message asks for; negative cents are deducted."""

    item_id: UUID
    cents: int


_FIELDS = (
    "id",
    "debtor_id",
    "debtor__number",
    "debtor__name",
    "step_key",
    "phase",
    "channel",
    "language",
    "planned_on",
    "pay_by_on",
    "total_cents",
    "payment_reference",
    "state",
    "reason",
    "settled_at",
    "posted_on",
)


def list_messages(
    *, tab: OutboxTab, search: str, after: tuple[str, str] | None, limit: int
) -> tuple[MessageRow, ...]:
    """Messages, latest first; `after` is the planned day and id of the last one seen."""
    messages = Message.objects.filter(state__in=_STATES_OF[tab])
    return _page(messages, search=search, after=after, limit=limit)


def list_stored_mail(
    *, search: str, after: tuple[str, str] | None, limit: int
) -> tuple[MessageRow, ...]:
    """Mail that landed in a folder of this machine instead of going out: the demo's mailbox."""
    stored = Message.objects.filter(channel="email", receipt__endswith=".eml")
    return _page(stored, search=search, after=after, limit=limit)


def find_stored_name(message_id: UUID) -> str | None:
    """The name of the file in which a mail of this administration landed."""
    stored = Message.objects.filter(id=message_id, channel="email", receipt__endswith=".eml")
    return stored.values_list("receipt", flat=True).first()


def list_messages_of(debtor_id: UUID, *, limit: int) -> tuple[MessageRow, ...]:
    """A debtor's latest messages, latest first."""
    messages = Message.objects.filter(debtor_id=debtor_id).order_by("-planned_on", "-id")
    return _with_subjects(messages[:limit].values_list(*_FIELDS))


def find_message(message_id: UUID) -> MessageRow | None:
    """One message."""
    found = _with_subjects(Message.objects.filter(id=message_id).values_list(*_FIELDS))
    return found[0] if found else None


def find_body(message_id: UUID) -> Body | None:
    """The words of a message; None as long as they were not frozen."""
    body = MessageBody.objects.filter(message_id=message_id).first()
    if body is None:
        return None
    pdf = None if body.pdf is None else bytes(body.pdf)
    return Body(body.recipient, body.subject, body.text, body.html, pdf)


def list_items_of(message_id: UUID) -> tuple[ListedItem, ...]:
    """What a message asks for."""
    message = Message.objects.filter(id=message_id)
    row = message.values_list("listed_items", "listed_cents").first()
    listed = zip(*row, strict=True) if row else ()
    return tuple(ListedItem(*one) for one in sorted(listed, key=lambda one: -one[1]))


def count_by_state(*, planned_on: date | None = None) -> dict[str, int]:
    """How many messages are in each state; of one day when given."""
    messages = Message.objects.order_by()
    if planned_on is not None:
        messages = messages.filter(planned_on=planned_on)
    return dict(messages.values_list("state").annotate(Count("id")))


def list_halted(*, limit: int) -> tuple[MessageRow, ...]:
    """A sample of what a halted run holds, the largest amounts first."""
    held = Message.objects.filter(state=Message.State.HELD, reason=HALTED)
    return _rows(held.order_by("-total_cents", "id")[:limit])


def list_going(*, now: datetime, limit: int) -> tuple[MessageRow, ...]:
    """Mail that a person can still take back, the first to go first."""
    return _rows(_going(now).order_by("not_before", "id")[:limit])


def count_going(*, now: datetime) -> int:
    """How many messages can still be taken back."""
    return _going(now).count()


def find_next_going(*, now: datetime) -> datetime | None:
    """When the first of them goes."""
    return _going(now).order_by("not_before").values_list("not_before", flat=True).first()


def list_questions(*, limit: int) -> tuple[MessageRow, ...]:
    """Messages about which a person has to say what becomes of them, the oldest first."""
    return _rows(_questions().order_by("planned_on", "id")[:limit])


def count_doubts() -> int:
    """How many messages may have arrived, and nobody said so yet."""
    return _questions().filter(state="in_doubt").count()


def count_for_creditor() -> int:
    """How many messages wait for the creditor's own staff."""
    return _questions().filter(state="held", reason=FOR_CREDITOR).count()


def list_unposted() -> tuple[tuple[date, int], ...]:
    """The days of printed letters of which nobody said yet when they were posted; how many each."""
    rows = execute(
        "SELECT planned_on, count(*) FROM tijdig_message WHERE administration_id = %s "
        "AND channel = 'letter' AND posted_on IS NULL AND state = 'accepted' "
        "GROUP BY planned_on ORDER BY planned_on DESC LIMIT %s",
        [active_administration(), DAYS_SHOWN],
    )
    return tuple((planned_on, count) for planned_on, count in rows.fetchall())


def list_unposted_letters(printed_on: Iterable[date]) -> dict[date, tuple[MessageRow, ...]]:
    """Per day the letters that wait for their day of posting, by name; at most 500 in all."""
    waiting = _unposted().filter(planned_on__in=list(printed_on))
    found: dict[date, list[MessageRow]] = {}
    for row in _rows(waiting.order_by("-planned_on", "debtor__name", "id")[:LETTERS_SHOWN]):
        found.setdefault(row.planned_on, []).append(row)
    return {day: tuple(rows) for day, rows in found.items()}


def count_unposted() -> int:
    """How many printed letters nobody said yet of when they were posted."""
    return _unposted().count()


def count_retrying() -> dict[str, int]:
    """How many messages the other side did not take, and wait for a next try, by channel."""
    own = ("log_unwritable", "after_hours")
    waits = Message.objects.filter(state="retry").exclude(reason__in=own).order_by()
    return dict(waits.values_list("channel").annotate(Count("id")))


def list_of_other_account(message_ids: Collection[UUID], *, iban: str) -> frozenset[UUID]:
    """Those of these messages whose words name an account to pay to, and not this one."""
    if not message_ids:
        return frozenset()
    rows = execute(
        "SELECT message_id FROM tijdig_messagebody "
        "WHERE administration_id = %s AND message_id = ANY(%s) "
        "AND EXISTS (SELECT FROM unnest(%s::text[]) label WHERE position(label IN text) > 0) "
        "AND position(%s IN translate(text, chr(160), ' ')) = 0",
        [
            active_administration(),
            list(message_ids),
            [labels.iban for labels in LABELS.values()],
            format_reference(iban),
        ],
    ).fetchall()
    return frozenset(row[0] for row in rows)


def count_questions() -> int:
    """How many messages wait for what a person says."""
    return _questions().count()


def count_waiting() -> int:
    """How many messages go out as soon as sending is on."""
    return Message.objects.filter(state__in=_STATES_OF["waiting"]).count()


def _page(
    messages: QuerySet[Message], *, search: str, after: tuple[str, str] | None, limit: int
) -> tuple[MessageRow, ...]:
    if search:
        messages = messages.filter(
            Q(debtor__name__icontains=search)
            | Q(debtor__number__icontains=search)
            | Q(payment_reference__icontains=search.replace(" ", ""))
        )
    if after is not None:
        day, last_id = date.fromisoformat(after[0]), UUID(after[1])
        messages = messages.filter(Q(planned_on__lt=day) | Q(planned_on=day, id__lt=last_id))
    return _with_subjects(messages.order_by("-planned_on", "-id")[:limit].values_list(*_FIELDS))


def _questions() -> QuerySet[Message]:
    return Message.objects.filter(
        Q(state="held", reason__in=HELD_ONE_BY_ONE)
        | (Q(state="in_doubt") & ~Q(reason__in=["counted_as_sent", "left"]))
        | (Q(state="failed") & ~Q(reason__startswith="address"))
    )


def _unposted() -> QuerySet[Message]:
    """A letter whose receipt a person proved was delivered, whenever it was posted."""
    return Message.objects.filter(channel="letter", posted_on=None, state="accepted")


def _going(now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(state=Message.State.RELEASED, not_before__gt=now)


def _rows(messages: QuerySet[Message]) -> tuple[MessageRow, ...]:
    return _with_subjects(messages.values_list(*_FIELDS))


def _with_subjects(rows: Iterable[tuple[Any, ...]]) -> tuple[MessageRow, ...]:
    found = list(rows)
    frozen = MessageBody.objects.filter(message_id__in=[row[0] for row in found])
    words = {
        message_id: (subject, recipient)
        for message_id, subject, recipient in frozen.values_list(
            "message_id", "subject", "recipient"
        )
    }
    return tuple(MessageRow(*(*row, *words.get(row[0], ("", "")))) for row in found)


def find_addressee(debtor: Debtor, *, on: date) -> Addressee:
    """The debtor at his own address, or who acts for him on that day, as messages go."""
    contact = Contact.objects.filter(debtor=debtor).first() or Contact(country="NL")
    flags = DebtorFlag.objects.filter(
        debtor=debtor, kind__in=("bewind", "curatele"), lifted_on=None
    )
    holds = (Q(until_on=None) | Q(until_on__gte=on)) & Q(from_on__lte=on)
    known = ~Q(email="") | (~Q(street="") & ~Q(city=""))
    # A curator first: an administration order ends by guardianship (BW 1:449).
    acting = flags.filter(holds & known).order_by("-kind", "from_on", "id").first()
    reached = acting or contact
    place = {name: getattr(reached, name) for name in ("email", "street", "postal_code", "city")}
    return Addressee(
        name=debtor.name,
        number=debtor.number,
        contact_name=acting.representative if acting else contact.name,
        country="NL" if acting else contact.country or "NL",
        language=debtor.language,
        **place,
    )
