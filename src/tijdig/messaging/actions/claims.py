"""Claim messages for sending, and settle what became of them: each a transaction of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tijdig.ledger.actions.debtors import mark_email_failed
from tijdig.ledger.actions.posting import touch_debtors
from tijdig.messaging.actions.envelopes import load_envelopes
from tijdig.messaging.channels.envelope import Envelope, Outcome
from tijdig.messaging.hours import BY_DAY, find_last_contact
from tijdig.messaging.models import Message
from tijdig.messaging.retries import find_delay
from tijdig.messaging.send_log import Fate, LoggedMessage
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

ACTOR = "tijdig"
STATES = {
    "accepted": Message.State.ACCEPTED,
    "retry": Message.State.RETRY,
    "failed": Message.State.FAILED,
    "in_doubt": Message.State.IN_DOUBT,
}
# What becomes of a message whose worker is gone, and why, by how far the log says that it got.
_ABANDONED: dict[Fate, tuple[Message.State, str]] = {
    "claimed": (Message.State.RETRY, "worker_gone"),
    "not_sent": (Message.State.RETRY, "worker_gone"),
    "begun": (Message.State.IN_DOUBT, "worker_gone"),
    "accepted": (Message.State.ACCEPTED, "accepted"),
}

# Only on the facts that it was decided on: a payment, a credit note or a stop moves the version.
# Only on the day that it was written for: a later start would shorten the term that it gives.
_CLAIMABLE = """
    FROM tijdig_message waiting
    JOIN tijdig_debtor debtor
      ON debtor.administration_id = waiting.administration_id AND debtor.id = waiting.debtor_id
    JOIN tijdig_administration administration ON administration.id = waiting.administration_id
    WHERE waiting.administration_id = %s AND waiting.state IN ('released', 'retry')
      AND waiting.channel = ANY(%s) AND administration.sending_on
      AND waiting.facts_version = debtor.facts_version AND waiting.planned_on = %s
      AND (waiting.not_before IS NULL OR waiting.not_before <= %s)
"""

_FIND = f"SELECT waiting.id {_CLAIMABLE} ORDER BY waiting.id LIMIT %s"

# The bounds, and nothing dearer, lead to the key: else the planner, which takes the messages of an
# administration for a handful, reads all that there ever were.
_CLAIM = f"""
UPDATE tijdig_message message
SET state = 'sending', attempt = message.attempt + 1, claimed_at = %s, claimed_by = %s
FROM (
    SELECT waiting.id {_CLAIMABLE} AND waiting.id BETWEEN %s AND %s
      AND waiting.id IN (SELECT unnest(%s::uuid[]))
    ORDER BY waiting.id FOR UPDATE OF waiting SKIP LOCKED
) claimed
WHERE message.administration_id = %s AND message.id = claimed.id
RETURNING message.id, message.debtor_id, message.channel, message.attempt, message.step_key,
          nextval('tijdig_send_number'), message.carrying_item_id, coalesce((
              SELECT number FROM tijdig_invoice invoice
              WHERE invoice.administration_id = message.administration_id
                AND invoice.open_item_id = message.carrying_item_id), ''),
          message.reopen_count, message.phase, message.tone, message.text, message.language,
          message.planned_on, message.pay_by_on, message.total_cents, message.payment_reference
"""

_DECIDE_AGAIN = """
UPDATE tijdig_message message SET state = 'planned', not_before = NULL
FROM tijdig_debtor debtor
WHERE message.administration_id = %s AND message.state IN ('released', 'retry')
  AND debtor.administration_id = message.administration_id AND debtor.id = message.debtor_id
  AND (debtor.facts_version <> message.facts_version OR message.planned_on <> %s)
"""

# A worker that was held up asks again before it talks: somebody may have swept its claim.
_RENEW = """
UPDATE tijdig_message SET claimed_at = %s
WHERE administration_id = %s AND state = 'sending' AND claimed_by = %s
  AND (id, attempt) IN (SELECT * FROM unnest(%s::uuid[], %s::int[]))
RETURNING id
"""

# Claimed and not talked about: the next would fare the same.
_PUT_BACK = """
UPDATE tijdig_message SET state = 'retry', not_before = %s, reason = %s
WHERE administration_id = %s AND state = 'sending' AND claimed_by = %s
  AND (id, attempt) IN (SELECT * FROM unnest(%s::uuid[], %s::int[]))
"""

_SETTLE = """
UPDATE tijdig_message message
SET state = told.state, settled_at = %s, not_before = told.not_before, receipt = told.receipt,
    reason = told.reason
FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::timestamptz[], %s::text[], %s::text[])
  AS told (id, attempt, state, not_before, receipt, reason)
WHERE message.administration_id = %s AND message.id BETWEEN %s AND %s
  AND message.id = told.id AND message.attempt = told.attempt
  AND message.state IN ('sending', 'retry', 'in_doubt')
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker, and nobody else, sends now; by mail before `until` only."""

    message_id: UUID
    debtor_id: UUID
    channel: str
    attempt: int
    step_key: str
    logged: LoggedMessage
    envelope: Envelope
    until: datetime


def find_claimable(*, channels: Sequence[str], most: int, today: date, now: datetime) -> list[UUID]:
    """Up to `most` messages that were written today, on the facts as they still are, by id.

    The others go back to be decided again.
    """
    administration_id = active_administration()
    execute(_DECIDE_AGAIN, [administration_id, today])
    allowed = _allow(channels, find_last_contact(now))
    return [row[0] for row in execute(_FIND, [administration_id, allowed, today, now, most])]


def claim(
    message_ids: Sequence[UUID],
    *,
    channels: Sequence[str],
    worker: str,
    today: date,
    now: datetime,
) -> tuple[Claimed, ...]:
    """Claim those of these messages that may still go and that nobody else claims."""
    if not message_ids:
        return ()
    administration_id = active_administration()
    until = find_last_contact(now)
    claimable = [administration_id, _allow(channels, until), today, now]
    wanted = [min(message_ids), max(message_ids), message_ids]
    rows = execute(_CLAIM, [now, worker, *claimable, *wanted, administration_id]).fetchall()
    if not rows:
        return ()
    envelopes = load_envelopes({row[0]: row[2] for row in rows}, now=now)
    return tuple(
        Claimed(
            message_id=row[0],
            debtor_id=row[1],
            channel=row[2],
            attempt=row[3],
            step_key=row[4],
            logged=_describe(row, administration_id),
            envelope=envelopes[row[0]],
            until=until or now,
        )
        for row in sorted(rows)
    )


def _allow(channels: Sequence[str], until: datetime | None) -> list[str]:
    """By which of these a debtor may hear from us now; None: not by what reaches him at once."""
    return [one for one in channels if one not in BY_DAY or until is not None]


def _describe(row: tuple[Any, ...], administration_id: UUID) -> LoggedMessage:
    """What the send log keeps of a message."""
    message_id, debtor_id, channel, _, step_key, number, item_id, invoice_number, *rest = row
    reopen_count, phase, tone, text, language, planned_on, pay_by_on, cents, reference = rest
    return LoggedMessage(
        message_id=message_id,
        number=number,
        administration_id=administration_id,
        debtor_id=debtor_id,
        item_id=item_id,
        invoice_number=invoice_number,
        reopen_count=reopen_count,
        step_key=step_key,
        phase=phase,
        tone=tone,
        text=text,
        channel=channel,
        language=language,
        planned_on=planned_on,
        pay_by_on=pay_by_on,
        total_cents=cents,
        payment_reference=reference,
    )


def renew(claimed: Sequence[Claimed], *, worker: str, now: datetime) -> set[UUID]:
    """Which of these are still this worker's to send; from now on for a while again."""
    rows = execute(_RENEW, [now, active_administration(), worker, *_attempts(claimed)]).fetchall()
    return {row[0] for row in rows}


def put_back(
    claimed: Sequence[Claimed], *, worker: str, not_before: datetime, reason: str = "retry"
) -> None:
    """What was claimed and not begun waits until the server, or the disk, may be well again."""
    told = [not_before, reason, active_administration(), worker, *_attempts(claimed)]
    execute(_PUT_BACK, told)


def _attempts(claimed: Sequence[Claimed]) -> tuple[list[UUID], list[int]]:
    return [one.message_id for one in claimed], [one.attempt for one in claimed]


def settle(
    attempts: Sequence[tuple[Claimed, Outcome]], *, today: date, now: datetime
) -> tuple[str, ...]:
    """Store what became of some attempts, all in one transaction; the state of each message now."""
    settled = [_judge(claimed, outcome, now=now) for claimed, outcome in attempts]
    ids = [claimed.message_id for claimed, _ in attempts]
    # Also where a sweep has judged this attempt meanwhile: who talked knows better.
    execute(
        _SETTLE,
        [
            now,
            ids,
            [claimed.attempt for claimed, _ in attempts],
            [state for state, _ in settled],
            [not_before for _, not_before in settled],
            [outcome.receipt[:500] for _, outcome in attempts],
            [
                _reason_of(outcome, state)
                for (_, outcome), (state, _) in zip(attempts, settled, strict=True)
            ],
            active_administration(),
            min(ids),
            max(ids),
        ],
    )
    happened = []
    for (claimed, outcome), (state, _) in zip(attempts, settled, strict=True):
        if outcome.suppress_address:
            mark_email_failed(claimed.debtor_id, address=claimed.envelope.recipient, today=today)
        elif state == Message.State.FAILED:
            touch_debtors([claimed.debtor_id])
        details = {
            "step": claimed.step_key,
            "channel": claimed.channel,
            "attempt": claimed.attempt,
            "nl": outcome.because.nl,
            "en": outcome.because.en,
        }
        kind = f"message_{state}"
        happened.append(Happened(kind, "message", claimed.message_id, claimed.debtor_id, details))
    record(happened, today=today, now=now, actor=ACTOR)
    return tuple(state for state, _ in settled)


def _judge(claimed: Claimed, outcome: Outcome, *, now: datetime) -> tuple[str, datetime | None]:
    """The state that an attempt leaves its message in, and when it may be tried again."""
    state = STATES[outcome.verdict]
    if state != Message.State.RETRY:
        return str(state), None
    minutes = find_delay(outcome, attempt=claimed.attempt)
    if minutes is None:
        return str(Message.State.FAILED), None
    return str(state), now + timedelta(minutes=minutes)


def _reason_of(outcome: Outcome, state: str) -> str:
    """Why the message is in this state: the kind of answer and its code."""
    kind = "address" if outcome.suppress_address else state
    return f"{kind}_{outcome.code}" if outcome.code else kind


@dataclass(frozen=True, slots=True)
class Abandoned:
    """A message that was claimed and never settled; `was_here`: by a worker on this host, while it
    wrote the log that is there now.
    """

    message_id: UUID
    debtor_id: UUID
    attempt: int
    step_key: str
    channel: str
    was_here: bool


def list_abandoned(*, worker_host: str, log_mark: str, before: datetime) -> tuple[Abandoned, ...]:
    """Messages claimed before a moment and never settled."""
    rows = Message.objects.filter(state=Message.State.SENDING, claimed_at__lt=before)
    return tuple(
        Abandoned(
            message_id=row.id,
            debtor_id=row.debtor_id,
            attempt=row.attempt,
            step_key=row.step_key,
            channel=row.channel,
            was_here=_find_origin(row.claimed_by) == (worker_host, log_mark),
        )
        for row in rows.order_by("id")
    )


def _find_origin(claimed_by: str) -> tuple[str, str]:
    """Host and mark of the log; an older worker named no log."""
    host, _, rest = claimed_by.partition(":")
    return host, rest.partition(":")[2]


def resolve_abandoned(
    one: Abandoned, *, fate: Fate, before: datetime, today: date, now: datetime
) -> None:
    """An abandoned message, by how far it got as far as this host's log tells.

    What was accepted counts as sent; what was not sent is tried again; of what began nobody can
    know.
    """
    state, reason = _ABANDONED[fate]
    still = Message.objects.filter(id=one.message_id, attempt=one.attempt, claimed_at__lt=before)
    resolved = still.filter(state=Message.State.SENDING).update(
        state=state, settled_at=now, reason=reason
    )
    details = {"step": one.step_key, "channel": one.channel, "attempt": one.attempt}
    happened = Happened(f"message_{state}", "message", one.message_id, one.debtor_id, details)
    record([happened] if resolved else [], today=today, now=now, actor=ACTOR)
