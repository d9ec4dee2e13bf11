"""Promises to pay: record one, judge those whose day has come, deal with a broken one."""

from datetime import date, datetime
from uuid import UUID

from tijdig.cases.actions.recording import (
    Told,
    finish,
    lock_part,
    refuse_over,
)
from tijdig.cases.models import Promise
from tijdig.cases.queries.received import StandingPromise, load_standing_promises
from tijdig.core.calendar import format_day
from tijdig.core.money import format_euros
from tijdig.core.problem import Refusal, Sentence
from tijdig.core.promises import check_promise, find_last_day
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.tenants.bulk import update_rows
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

ACTOR = "tijdig"


def make(
    *,
    debtor_id: UUID,
    cents: int,
    on: date,
    invoice_id: UUID | None = None,
    note: str = "",
    today: date,
    now: datetime,
    actor: str,
) -> UUID:
    """The id of a new promise, for one invoice or for all that is open.

    Refuses: what `check_promise` refuses, an invoice of somebody else, a second open promise about
    the same.
    """
    item_id, open_cents = lock_part(debtor_id, invoice_id)
    check_promise(cents, on, open_cents=open_cents, today=today)
    if Promise.objects.filter(debtor_id=debtor_id, item_id=item_id, state="open").exists():
        raise Refusal(
            "Er loopt al een toezegging. Trek die eerst in.",
            "A promise is open already. Withdraw that one first.",
        )
    made = Promise.objects.create(
        administration_id=active_administration(),
        debtor_id=debtor_id,
        item_id=item_id,
        cents=cents,
        on=on,
        note=note,
        made_on=today,
        made_at=now,
        recorded_by=actor,
    )
    said = Sentence(
        f"{format_euros(cents)} op {format_day(on, 'nl')}. Wij wachten tot en met "
        f"{format_day(find_last_day(on), 'nl')}.",
        f"{format_euros(cents)} on {format_day(on, 'en')}. We wait up to and including "
        f"{format_day(find_last_day(on), 'en')}.",
    )
    told = Told("promise_made", "promise", made.id, debtor_id, said)
    finish(told, today=today, now=now, actor=actor)
    return made.id


def withdraw(promise_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """The promise does not count any more. Refuses: one that is over already."""
    one = Promise.objects.get(id=promise_id)
    lock_debtors([one.debtor_id])
    changed = Promise.objects.filter(id=promise_id, state="open").update(
        state="withdrawn", judged_on=today, handled_on=today, handled_by=actor
    )
    if not changed:
        one.refresh_from_db()
        raise refuse_over("toezegging", "promise", by=one.handled_by, on=one.judged_on)
    said = Sentence("De toezegging telt niet meer.", "The promise does not count any more.")
    told = Told("promise_withdrawn", "promise", one.id, one.debtor_id, said)
    finish(told, today=today, now=now, actor=actor)


def handle_broken(promise_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """Somebody has dealt with a broken promise. Refuses: one that was dealt with already."""
    one = Promise.objects.get(id=promise_id)
    lock_debtors([one.debtor_id])
    broken = Promise.objects.filter(id=promise_id, state="broken", handled_on=None)
    if not broken.update(handled_on=today, handled_by=actor):
        one.refresh_from_db()
        raise refuse_over("toezegging", "promise", by=one.handled_by, on=one.handled_on)
    said = Sentence("De gebroken toezegging is opgevolgd.", "The broken promise was followed up.")
    told = Told("promise_handled", "promise", one.id, one.debtor_id, said)
    finish(told, today=today, now=now, actor=actor)


def settle(*, today: date, now: datetime) -> int:
    """Call every open promise kept or broken whose money came or whose day has passed; how many.

    One that was kept is open again when its money was taken back before its last day. In a fixed
    number of statements. Their debtors are looked at in the next run.
    """
    if not (found := _list_changed(today)):
        return 0
    lock_debtors({row.debtor_id for row, _ in found})
    # Only now, locked, it counts: a payment may have come or gone meanwhile.
    ids = {row.promise_id for row, _ in found}
    over = [(row, state) for row, state in _list_changed(today) if row.promise_id in ids]
    rows = [(row.promise_id, state, None if state == "open" else today) for row, state in over]
    update_rows(Promise, ("state", "judged_on"), rows)
    touch_debtors({row.debtor_id for row, _ in over})
    record(
        [
            Happened(
                "promise_open_again" if state == "open" else f"promise_{state}",
                "promise",
                row.promise_id,
                row.debtor_id,
                {
                    "nl": f"{format_euros(row.cents)} op {format_day(row.on, 'nl')}.",
                    "en": f"{format_euros(row.cents)} on {format_day(row.on, 'en')}.",
                },
            )
            for row, state in over
        ],
        today=today,
        now=now,
        actor=ACTOR,
    )
    return len(over)


def _list_changed(today: date) -> list[tuple[StandingPromise, str]]:
    """The promises that the money of now calls something else than what they are."""
    judged = [(row, row.judge(today=today)) for row in load_standing_promises(today=today)]
    return [(row, state) for row, state in judged if state != row.state]
