"""Collections: planned, announced, left out; and the batch that takes them to the bank."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from tijdig.banking.direct_debits.lines.queries import find_batch
from tijdig.banking.direct_debits.models import (
    CollectingAccount,
    DebitBatch,
    DebitLine,
    SepaMandate,
)
from tijdig.core.calendar import format_day
from tijdig.core.money import format_count, format_euros
from tijdig.core.problem import Refusal, Sentence
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.tenants.bulk import execute, insert_rows, update_rows
from tijdig.tenants.ids import new_id, new_ids
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

State = DebitBatch.State
MISSED = Sentence(
    "Het bestand ging niet op tijd naar de bank. Er komt geen nieuwe aankondiging, en de"
    " herinneringen gaan door. Wilt u toch incasseren? Kies Opnieuw incasseren.",
    "The file did not go to the bank in time. No other announcement is sent, and the reminders go"
    " on. Do you want to collect all the same? Choose Collect again.",
)


@dataclass(frozen=True, slots=True)
class NewCollection:
    """A collection to plan; `announced_on` where the debtor knows this amount and day already."""

    debtor_id: UUID
    item_id: UUID
    number: str
    mandate_id: UUID
    cents: int
    collect_on: date
    scheme: str
    sequence: str
    attempt: int
    announced_on: date | None = None


def plan(
    collections: Sequence[NewCollection],
    account_id: UUID,
    *,
    today: date,
    now: datetime,
    actor: str,
) -> int:
    """Put collections into the proposed batch of their day, scheme and sequence; how many.

    What stands in a living batch already is left alone, whoever was first. The caller holds
    `lock_collecting`.
    """
    if not collections:
        return 0
    lock_debtors({one.debtor_id for one in collections})
    grouped: defaultdict[tuple[date, str, str], list[NewCollection]] = defaultdict(list)
    for one in collections:
        grouped[one.collect_on, one.scheme, one.sequence].append(one)
    batches = {key: _open_batch(account_id, *key) for key in grouped}
    columns = "id batch mandate debtor item cents end_to_end_id attempt announced_on".split()
    empty = {"because_nl": "", "because_en": "", "decided_by": "", "reason_code": ""}
    ids = new_ids(len(collections))
    rows = [
        (
            line_id,
            batches[one.collect_on, one.scheme, one.sequence],
            one.mandate_id,
            one.debtor_id,
            one.item_id,
            one.cents,
            f"T{line_id.hex}",
            one.attempt,
            one.announced_on,
        )
        for line_id, one in zip(ids, collections, strict=True)
    ]
    same = {"administration": active_administration(), "state": "planned", **empty}
    planned = insert_rows(DebitLine, columns, rows, same=same, unless_there=True)
    touch_debtors({one.debtor_id for one in collections})
    written = set(DebitLine.objects.filter(id__in=ids).values_list("id", flat=True))
    happened = [
        _tell("collection_planned", line_id, one.debtor_id, _say_planned(one))
        for line_id, one in zip(ids, collections, strict=True)
        if line_id in written
    ]
    record(happened, today=today, now=now, actor=actor)
    return planned


def note_announced(announced: Sequence[tuple[UUID, date, int, date]]) -> int:
    """These items were announced: item, day and most cents of the collection, and when; how many.

    A line that asks more was not announced.
    """
    if not announced:
        return 0
    return execute(
        """
        UPDATE tijdig_debitline line SET announced_on = told.announced_on
        FROM unnest(%s::uuid[], %s::date[], %s::bigint[], %s::date[])
                 AS told (item_id, collect_on, cents, announced_on),
             tijdig_debitbatch batch
        WHERE line.administration_id = %s AND batch.administration_id = %s
          AND batch.id = line.batch_id AND line.item_id = told.item_id
          AND batch.collect_on = told.collect_on AND line.cents <= told.cents
          AND line.state = 'planned' AND line.announced_on IS NULL
        """,
        [
            *map(list, zip(*announced, strict=True)),
            active_administration(),
            active_administration(),
        ],
    ).rowcount


def forget_announced(came_back: Sequence[tuple[UUID, date]]) -> None:
    """The announcement of these items and days came back: they were not announced."""
    days: defaultdict[date, list[UUID]] = defaultdict(list)
    for item_id, collect_on in came_back:
        days[collect_on].append(item_id)
    for collect_on, item_ids in days.items():
        DebitLine.objects.filter(
            item_id__in=item_ids,
            state=DebitLine.State.PLANNED,
            batch__collect_on=collect_on,
            batch__state__in=(State.PROPOSED, State.APPROVED, State.MADE),
        ).update(announced_on=None)


def miss(line_ids: Sequence[UUID], *, today: date, now: datetime, actor: str) -> None:
    """The day of these lines passed without a file: nothing more until a person says so."""
    missed = dict.fromkeys(line_ids, MISSED)
    _end(missed, DebitLine.State.LEFT_OUT, today=today, now=now, actor=actor)


def drop(lines: Mapping[UUID, Sentence], *, today: date, now: datetime, actor: str) -> None:
    """These planned lines go no further for now: a later run may plan them anew.

    Those that got into a file meanwhile stay: what the bank reads is what we say of it.
    """
    _end(lines, DebitLine.State.WITHDRAWN, today=today, now=now, actor=actor)


def lower(amounts: Mapping[UUID, int]) -> None:
    """Less is owed than was planned: these lines ask so many cents, unless in a file already."""
    owners = _lock_changeable(amounts)
    update_rows(DebitLine, ("cents",), [(line_id, amounts[line_id]) for line_id in owners])


def remove_empty() -> None:
    """Proposed batches with nothing in them, and of which nothing is to be told, go."""
    lines = DebitLine.objects.filter(batch_id=OuterRef("id"))
    DebitBatch.objects.filter(~Exists(lines), state=State.PROPOSED).delete()


def leave_out(
    line_id: UUID, *, because: str, today: date, now: datetime, actor: str
) -> UUID | None:
    """A person leaves this collection out; its batch, None where there is no such collection.

    Refuses: no reason, one that is in a file already.
    """
    if not because.strip():
        raise Refusal("Schrijf op waarom u deze weglaat.", "Write down why you leave this one out.")
    line = DebitLine.objects.select_related("batch").filter(id=line_id).first()
    if line is None:
        return None
    lock_debtors([line.debtor_id])
    line.refresh_from_db()
    if line.state != DebitLine.State.PLANNED or line.batch.state not in (
        State.PROPOSED,
        State.APPROVED,
    ):
        raise Refusal(
            "Deze incasso staat al in een bestand. Trek eerst de hele batch in.",
            "This collection is in a file already. First withdraw the whole batch.",
        )
    said = because.strip()[:300]
    _end(
        {line_id: Sentence(said, said)},
        DebitLine.State.LEFT_OUT,
        today=today,
        now=now,
        actor=actor,
    )
    return line.batch_id


def approve(batch_id: UUID, *, seen: str, today: date, now: datetime, actor: str) -> None:
    """A person says that this batch, of which this mark was seen, may go.

    Refuses: another state, nothing in it, other lines or amounts than were seen.
    """
    batch = lock_batch(batch_id, (State.PROPOSED,))
    row = find_batch(batch_id)
    if row is None or row.mark is None:
        raise Refusal("In deze batch staat niets meer.", "Nothing is left in this batch.")
    if row.mark != seen:
        total = format_euros(row.cents)
        count_nl = format_count(row.count, "incasso", "incasso's")
        count_en = format_count(row.count, "collection", "collections")
        raise Refusal(
            f"Deze batch is veranderd terwijl u keek. Nu bevat hij {count_nl}, samen {total}."
            " Kijk hem nog eens na en keur hem dan goed.",
            f"This batch changed while you looked. Now it holds {count_en}, {total} in all."
            " Look at it again and then approve it.",
        )
    batch.state, batch.approved_at, batch.approved_by = State.APPROVED, now, actor
    batch.save(update_fields=["state", "approved_at", "approved_by"])
    _record_batch("batch_approved", batch, today=today, now=now, actor=actor)


def keep_file(
    batch_id: UUID, content: bytes, *, creditor_id: str, today: date, now: datetime, actor: str
) -> None:
    """The file of an approved batch: from now on its bytes are these, under this identifier."""
    batch = lock_batch(batch_id, (State.APPROVED,))
    batch.state, batch.made_at, batch.made_by = State.MADE, now, actor
    batch.content, batch.content_hash = content, hashlib.sha256(content).hexdigest()
    batch.creditor_identifier = creditor_id
    changed = ["state", "made_at", "made_by", "content", "content_hash", "creditor_identifier"]
    batch.save(update_fields=changed)
    _record_batch("batch_made", batch, today=today, now=now, actor=actor)


def hand_over(batch_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """The bank has the file: its mandates were used, and its collections are under way.

    Refuses: another state.
    """
    batch = lock_batch(batch_id, (State.MADE,))
    lines = DebitLine.objects.filter(batch_id=batch_id, state=DebitLine.State.PLANNED)
    debtor_ids = set(lines.values_list("debtor_id", flat=True))
    lock_debtors(debtor_ids)
    used: defaultdict[UUID, int] = defaultdict(int)
    for mandate_id in lines.values_list("mandate_id", flat=True):
        used[mandate_id] += 1
    for mandate in SepaMandate.objects.filter(id__in=used).order_by("id"):
        mandate.collected_times += used[mandate.id]
        mandate.last_collected_on = max(mandate.last_collected_on or date.min, batch.collect_on)
        mandate.save(update_fields=["collected_times", "last_collected_on"])
    lines.update(state=DebitLine.State.HANDED_OVER)
    batch.state, batch.handed_over_on, batch.handed_over_by = State.HANDED_OVER, today, actor
    batch.save(update_fields=["state", "handed_over_on", "handed_over_by"])
    touch_debtors(debtor_ids)
    _record_batch("batch_handed_over", batch, today=today, now=now, actor=actor)


def withdraw_batch(batch_id: UUID, *, because: str, today: date, now: datetime, actor: str) -> None:
    """The batch does not go to the bank, or the bank does not carry it out.

    Refuses: no reason, one that was withdrawn, one of which something was collected already.
    """
    if not because.strip():
        raise Refusal(
            "Schrijf op waarom u deze batch intrekt.", "Write down why you withdraw this."
        )
    batch = lock_batch(batch_id, tuple(state for state in State if state != State.WITHDRAWN))
    lines = DebitLine.objects.filter(batch_id=batch_id)
    if lines.filter(state__in=("collected", "returned", "rejected")).exists():
        raise Refusal(
            "De bank heeft deze batch al uitgevoerd. Intrekken kan niet meer.",
            "The bank has carried this batch out already. It cannot be withdrawn any more.",
        )
    living = lines.filter(state__in=("planned", "handed_over"))
    debtor_ids = set(living.values_list("debtor_id", flat=True))
    lock_debtors(debtor_ids)
    living.update(state=DebitLine.State.WITHDRAWN, decided_by=actor)
    batch.state, batch.withdrawn_on, batch.withdrawn_by = State.WITHDRAWN, today, actor
    batch.withdrawn_because = because.strip()[:300]
    batch.save(update_fields=["state", "withdrawn_on", "withdrawn_by", "withdrawn_because"])
    touch_debtors(debtor_ids)
    _record_batch("batch_withdrawn", batch, today=today, now=now, actor=actor)


def lock_collecting() -> None:
    """Until the end of the transaction: nobody else plans, approves, makes or withdraws a batch.

    Take this lock before those of debtors.
    """
    list(CollectingAccount.objects.select_for_update(no_key=True).order_by("id"))


def lock_batch(batch_id: UUID, states: Sequence[str]) -> DebitBatch:
    """The batch, with all batches locked. Refuses: one that is not there, or stands otherwise."""
    lock_collecting()
    batch = DebitBatch.objects.select_for_update().filter(id=batch_id).first()
    if batch is None:
        raise Refusal("Deze batch is er niet.", "This batch is not there.")
    if batch.state not in states:
        raise Refusal(
            "Iemand heeft deze batch al verder gebracht. Ververs de pagina.",
            "Somebody has taken this batch further already. Reload the page.",
        )
    return batch


def _open_batch(account_id: UUID, collect_on: date, scheme: str, sequence: str) -> UUID:
    made_id = new_id()
    batch, _ = DebitBatch.objects.get_or_create(
        administration_id=active_administration(),
        account_id=account_id,
        collect_on=collect_on,
        scheme=scheme,
        sequence=sequence,
        state=State.PROPOSED,
        defaults={
            "id": made_id,
            "message_id": f"TIJDIG-{collect_on:%Y%m%d}-{made_id.hex[-12:]}",
        },
    )
    return batch.id


def _end(
    lines: Mapping[UUID, Sentence],
    state: DebitLine.State,
    *,
    today: date,
    now: datetime,
    actor: str,
) -> None:
    if not lines:
        return
    owners = _lock_changeable(lines)
    rows = [
        (line_id, state, lines[line_id].nl[:500], lines[line_id].en[:500], actor)
        for line_id in owners
    ]
    update_rows(DebitLine, ("state", "because_nl", "because_en", "decided_by"), rows)
    touch_debtors(set(owners.values()))
    happened = [
        _tell("collection_left_out", line_id, debtor_id, lines[line_id])
        for line_id, debtor_id in owners.items()
    ]
    record(happened, today=today, now=now, actor=actor)


def _lock_changeable(line_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Of these lines the planned ones in no file yet, with their debtors, who are locked first."""
    lines = DebitLine.objects.filter(id__in=list(line_ids))
    lock_debtors(set(lines.values_list("debtor_id", flat=True)))
    changeable = lines.filter(
        state=DebitLine.State.PLANNED, batch__state__in=(State.PROPOSED, State.APPROVED)
    )
    return dict(changeable.values_list("id", "debtor_id"))


def _tell(kind: str, line_id: UUID, debtor_id: UUID, said: Sentence) -> Happened:
    return Happened(kind, "debit_line", line_id, debtor_id, {"nl": said.nl, "en": said.en})


def _say_planned(one: NewCollection) -> Sentence:
    amount = format_euros(one.cents)
    return Sentence(
        f"Factuur {one.number}: {amount} op {format_day(one.collect_on, 'nl')}.",
        f"Invoice {one.number}: {amount} on {format_day(one.collect_on, 'en')}.",
    )


def _record_batch(kind: str, batch: DebitBatch, *, today: date, now: datetime, actor: str) -> None:
    """The event of a batch, and of each debtor in it."""
    lines = DebitLine.objects.filter(batch_id=batch.id).exclude(state=DebitLine.State.LEFT_OUT)
    told = {"message_id": batch.message_id, "collect_on": batch.collect_on}
    events = [Happened(kind, "debit_batch", batch.id, None, told)]
    day = batch.collect_on
    said = Sentence(
        f"Incasso van {format_day(day, 'nl')}.", f"Collection of {format_day(day, 'en')}."
    )
    if kind in ("batch_handed_over", "batch_withdrawn"):
        events += [
            _tell(kind.replace("batch", "collection"), line_id, debtor_id, said)
            for line_id, debtor_id in lines.values_list("id", "debtor_id")
        ]
    record(events, today=today, now=now, actor=actor)
