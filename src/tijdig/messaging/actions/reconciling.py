"""Take over from the send log what the database does not know: what went out, and what may have."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from tijdig.core.references import make_rf_reference
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.messaging.models import Message
from tijdig.messaging.send_log import Fate, LoggedMessage, SendLog
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

ACTOR = "tijdig"
FOUND = "found_in_log"
_NOT_GONE = ("planned", "held", "released", "sending", "retry", "in_doubt")
_OVER = ("cancelled", "failed", "suppressed")

# By the id of the item, else by the number of the invoice: it may have come in anew.
_ITEMS = """
SELECT told.message_id, item.id, item.debtor_id
FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS told (message_id, item_id, number)
LEFT JOIN tijdig_invoice invoice
  ON invoice.administration_id = %s AND invoice.number = told.number
JOIN tijdig_openitem item
  ON item.administration_id = %s AND item.id = coalesce((
        SELECT known.id FROM tijdig_openitem known
        WHERE known.administration_id = %s AND known.id = told.item_id), invoice.open_item_id)
"""

_ADVANCE = """
SELECT count(nextval('tijdig_payment_reference')) FROM generate_series(1, %s - (
    SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END
    FROM tijdig_payment_reference))
"""


Changed = list[tuple[UUID, str, UUID]]


def reconcile(log: SendLog, *, today: date, now: datetime) -> Counter[str]:
    """In the active administration: how many became "accepted" or "in_doubt", or are "unknown".

    Unknown are messages about invoices that are not in the database: import those, then once
    more. Twice is once.
    """
    messages, fates = log.read_fates()
    _advance_references(messages.values())
    ours = {
        message_id: one
        for message_id, one in messages.items()
        if one.administration_id == active_administration()
        and fates[message_id] in ("accepted", "begun")
    }
    known = Message.objects.filter(id__in=list(ours)).values_list("id", "state", "debtor_id")
    rows = list(known)
    changed = _settle_known(rows, fates, now=now)
    there = {row[0] for row in rows}
    missing = [one for message_id, one in ours.items() if message_id not in there]
    restored = _restore(missing, fates, now=now)
    changed += restored
    touch_debtors({debtor_id for _, _, debtor_id in changed})
    record(
        [
            Happened(f"message_{state}_by_log", "message", message_id, debtor_id)
            for message_id, state, debtor_id in changed
        ],
        today=today,
        now=now,
        actor=ACTOR,
    )
    counts = Counter(state for _, state, _ in changed)
    counts["unknown"] = len(missing) - len(restored)
    return counts


def _settle_known(
    rows: Sequence[tuple[UUID, str, UUID]], fates: Mapping[UUID, Fate], *, now: datetime
) -> Changed:
    """Messages that the database knows as not gone yet, while the log knows better."""
    changed: Changed = []
    for message_id, state, debtor_id in rows:
        became = _state_of(fates[message_id])
        if state in _NOT_GONE and state != became:
            changed.append((message_id, became, debtor_id))
    for became in ("accepted", "in_doubt"):
        ids = [message_id for message_id, state, _ in changed if state == became]
        Message.objects.filter(id__in=ids).update(
            state=became, reason=FOUND, settled_at=now, not_before=None
        )
    return changed


def _restore(
    missing: Sequence[LoggedMessage], fates: Mapping[UUID, Fate], *, now: datetime
) -> Changed:
    """Messages that the database has forgotten: their step was taken, whatever it thinks."""
    administration_id = active_administration()
    told = [one.message_id for one in missing], [one.item_id for one in missing]
    numbers = [one.invoice_number for one in missing]
    found = execute(_ITEMS, [*told, numbers, *[administration_id] * 3]).fetchall()
    items = {row[0]: (row[1], row[2]) for row in found}
    changed: Changed = []
    for one in missing:
        if one.message_id not in items:
            continue
        item_id, debtor_id = items[one.message_id]
        lock_debtors([debtor_id])
        same = Message.objects.filter(
            debtor_id=debtor_id,
            carrying_item_id=item_id,
            reopen_count=one.reopen_count,
            step_key=one.step_key,
        ).exclude(state__in=_OVER)
        same.filter(state__in=_NOT_GONE).update(state="cancelled", reason=FOUND)
        _free_reference(one.payment_reference)
        became = _state_of(fates[one.message_id])
        state = "cancelled" if same.exists() else became
        _store(one, item_id=item_id, debtor_id=debtor_id, state=state, now=now)
        changed.append((one.message_id, became, debtor_id))
    return changed


def _free_reference(reference: str) -> None:
    """Another message that got this reference since the restore never went out: a new one."""
    taken = Message.objects.filter(payment_reference=reference).values_list("id", flat=True).first()
    if taken is not None:
        number = execute("SELECT nextval('tijdig_payment_reference')", []).fetchall()[0][0]
        Message.objects.filter(id=taken).update(payment_reference=make_rf_reference(number))


def _store(
    one: LoggedMessage, *, item_id: UUID, debtor_id: UUID, state: str, now: datetime
) -> None:
    Message.objects.create(
        id=one.message_id,
        administration_id=active_administration(),
        debtor_id=debtor_id,
        carrying_item_id=item_id,
        reopen_count=one.reopen_count,
        step_key=one.step_key,
        phase=one.phase,
        tone=one.tone,
        text=one.text,
        channel=one.channel,
        language=one.language,
        planned_on=one.planned_on,
        pay_by_on=one.pay_by_on,
        listed_items=[item_id],
        listed_cents=[one.total_cents],
        total_cents=one.total_cents,
        payment_reference=one.payment_reference,
        facts_version=0,
        state=state,
        reason=FOUND,
        settled_at=now,
    )


def _state_of(fate: Fate) -> str:
    return "accepted" if fate == "accepted" else "in_doubt"


def _advance_references(messages: Iterable[LoggedMessage]) -> None:
    """No payment reference is given out twice, also those that only the log remembers."""
    highest = max((int(one.payment_reference[4:]) for one in messages), default=0)
    execute(_ADVANCE, [highest])
