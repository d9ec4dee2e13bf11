"""Move messages from state to state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.bulk import execute, insert_rows, update_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration


@dataclass(frozen=True, slots=True)
class Redecided:
    """A planned message after it was decided again: what it asks now, on fresh facts."""

    message_id: UUID
    planned_on: date
    pay_by_on: date | None
    total_cents: int
    facts_version: int
    language: str
    listed: tuple[tuple[UUID, int], ...]
    costs_cents: int = 0
    vat_cents: int = 0


@dataclass(frozen=True, slots=True)
class Frozen:
    """The words of a message as they go out."""

    message_id: UUID
    recipient: str
    subject: str
    text: str
    html: str
    pdf: bytes | None
    content_hash: str


def refresh(messages: Sequence[tuple[Message, Redecided]]) -> None:
    """Take over amounts, terms and facts version from the second decision.

    Most messages stand as they were decided, released on the day of their run: they stay.
    """
    update_rows(
        Message,
        (
            "planned_on pay_by_on total_cents facts_version language listed_items listed_cents "
            "costs_cents vat_cents"
        ).split(),
        [
            (
                one.message_id,
                one.planned_on,
                one.pay_by_on,
                one.total_cents,
                one.facts_version,
                one.language,
                [item_id for item_id, _ in one.listed],
                [cents for _, cents in one.listed],
                one.costs_cents,
                one.vat_cents,
            )
            for message, one in messages
            if not _is_unchanged(message, one)
        ],
    )


def _is_unchanged(message: Message, anew: Redecided) -> bool:
    return (
        message.planned_on == anew.planned_on
        and message.pay_by_on == anew.pay_by_on
        and message.total_cents == anew.total_cents
        and message.facts_version == anew.facts_version
        and message.language == anew.language
        and (message.costs_cents, message.vat_cents) == (anew.costs_cents, anew.vat_cents)
        and tuple(zip(message.listed_items, message.listed_cents, strict=True)) == anew.listed
    )


def freeze(bodies: Sequence[Frozen], *, not_before: datetime | None = None) -> None:
    """Store the words, and let the messages go: planned becomes released.

    Mail waits until `not_before`, so that a person can take it back.
    """
    administration_id = active_administration()
    ids = [one.message_id for one in bodies]
    MessageBody.objects.filter(message_id__in=ids).delete()
    insert_rows(
        MessageBody,
        "id administration message recipient subject text html pdf content_hash".split(),
        [
            (
                new_id(),
                administration_id,
                one.message_id,
                one.recipient,
                one.subject,
                one.text,
                one.html,
                one.pdf,
                one.content_hash,
            )
            for one in bodies
        ],
    )
    planned = Message.objects.filter(id__in=ids, state=Message.State.PLANNED)
    planned.filter(channel="email").update(
        state=Message.State.RELEASED, reason="", not_before=not_before
    )
    planned.update(state=Message.State.RELEASED, reason="")


def decide_again() -> int:
    """What was written and has not left goes back, to be decided and written again; how many.

    For where something changed that all words come from: the account, the name, a rule. Who of the
    creditor's own staff released one saw other words: that is asked again.
    """
    waiting = Message.objects.filter(state__in=["released", "retry"])
    count = waiting.update(state=Message.State.PLANNED, not_before=None)
    planned = Message.objects.filter(state=Message.State.PLANNED)
    planned.exclude(released_by="").update(released_by="")
    return count


def cancel(messages: Sequence[tuple[UUID, str]]) -> None:
    """These messages do not go: each with its reason code. Only what has not left can be."""
    execute(
        """
        UPDATE tijdig_message message SET state = 'cancelled', reason = left_out.reason
        FROM unnest(%s::uuid[], %s::text[]) AS left_out (id, reason)
        WHERE message.administration_id = %s AND message.id = left_out.id
          AND message.state IN ('planned', 'held', 'released', 'retry')
        """,
        [
            [message_id for message_id, _ in messages],
            [reason for _, reason in messages],
            active_administration(),
        ],
    )


def hold(message_ids: Sequence[UUID], *, reason: str) -> None:
    """A person has to look at these first, also where somebody released them before."""
    Message.objects.filter(id__in=message_ids, state=Message.State.PLANNED).update(
        state=Message.State.HELD, reason=reason[:60], released_by=""
    )


def hold_all(*, reason: str) -> int:
    """Everything that has not left yet is held; how many."""
    waiting = Message.objects.filter(state__in=["planned", "released", "retry"])
    return waiting.update(state=Message.State.HELD, reason=reason)


def cancel_held(*, reason: str) -> int:
    """Everything that was held goes no more; how many. It may be decided anew."""
    held = Message.objects.filter(state=Message.State.HELD)
    return held.update(state=Message.State.CANCELLED, reason=reason)
