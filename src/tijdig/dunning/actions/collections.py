"""Collections beside the run: what may be collected is planned, what may not is taken back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from tijdig.banking.actions import debits
from tijdig.banking.actions.debits import NewCollection
from tijdig.banking.direct_debits.lines.queries import (
    BY_ITSELF,
    Candidate,
    LineRow,
    list_candidates,
    list_lines_of,
    list_waiting_lines,
)
from tijdig.banking.direct_debits.queries import (
    Collecting,
    MandateRow,
    find_collecting,
    list_collecting,
    list_usable_mandates,
    make_mandate,
)
from tijdig.core.calendar import add_days, next_banking_day, next_working_day
from tijdig.core.direct_debits.collecting import (
    Collectable,
    choose_collection_day,
    explain_not_due,
    find_collectable,
)
from tijdig.core.direct_debits.mandates import check_mandate
from tijdig.core.direct_debits.sequence import choose_sequence
from tijdig.core.facts import DebtorKind
from tijdig.core.problem import Sentence
from tijdig.dunning.actions.collection_checks import NOT_OPEN, judge
from tijdig.dunning.queries.announcements import list_announcements
from tijdig.dunning.queries.facts import load_facts
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.ledger.queries.kinds import load_kinds
from tijdig.tenants.queries import load_administration

# How long before the last day of announcing a collection is planned, so that a person can look.
AHEAD_DAYS = 7
ACTOR = BY_ITSELF


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An invoice that is not collected now, and why."""

    debtor_number: str
    debtor_name: str
    number: str
    because: Sentence


@dataclass(slots=True)
class Proposals:
    """What a run would plan, and what it leaves out."""

    planned: list[NewCollection] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def plan_collections(*, today: date, now: datetime) -> int:
    """Plan what may be collected, and take back what may not any more; how many are new.

    Not for a day that has not come yet: a rehearsal of next week plans nothing. Costs one statement
    where nothing is collected.
    """
    collecting = _find_locked()
    if collecting is None:
        return 0
    local = now.astimezone(ZoneInfo(load_administration().time_zone))
    return _plan(collecting, local, today=today) if today <= local.date() else 0


def foresee_collections(*, today: date) -> int:
    """Plan as the run of that day will, at its hour, inside a transaction that is undone."""
    collecting = _find_locked()
    if collecting is None:
        return 0
    administration = load_administration()
    zone = ZoneInfo(administration.time_zone)
    return _plan(collecting, datetime.combine(today, administration.run_at, zone), today=today)


def is_anything_to_collect(*, today: date) -> bool:
    """Whether a run on this day has invoices to propose for collection."""
    collecting = find_collecting()
    if collecting is None:
        return False
    return bool(list_candidates(due_until=_look_until(collecting, today), today=today))


def note_announcements() -> int:
    """Keep on which day collections were announced, by the messages that went out; how many.

    For the amount and the day that the message names; one that came back announced nothing.
    """
    return _note(list_waiting_lines())


def note_announcements_of(batch_id: UUID) -> int:
    """The same for the lines of one batch, also where its file is made already."""
    return _note(list_lines_of(batch_id))


def _note(waiting: Sequence[LineRow]) -> int:
    if not waiting:
        return 0
    sent = list_announcements({one.debtor_id for one in waiting})
    told = [
        (one.item_id, one.collect_on, one.cents, one.told_on)
        for one in sent
        if one.arrived and one.told_on is not None
    ]
    arrived = {(one.item_id, one.collect_on) for one in sent if one.arrived}
    came_back = {(one.item_id, one.collect_on) for one in sent} - arrived
    debits.forget_announced(sorted(came_back))
    return debits.note_announced(told)


def propose(collecting: Collecting, *, today: date, at: time) -> Proposals:
    """What may be collected now of debtors with a mandate, and why the rest may not."""
    candidates: defaultdict[UUID, list[Candidate]] = defaultdict(list)
    for one in list_candidates(due_until=_look_until(collecting, today), today=today):
        candidates[one.debtor_id].append(one)
    mandates = list_usable_mandates(list(candidates))
    kinds = load_kinds(list(candidates))
    found = Proposals()
    for facts in load_facts(list(candidates), today=today, rehearsal=False):
        may = find_collectable(facts, today=today)
        for one in candidates[facts.debtor_id]:
            row = _choose_mandate(mandates[facts.debtor_id], found.planned)
            if row is None:
                continue
            made = _plan_one(
                one, row, may, collecting, kind=kinds[facts.debtor_id], today=today, at=at
            )
            if isinstance(made, NewCollection):
                found.planned.append(made)
            else:
                found.left_out.append(LeftOut(facts.number, facts.name, one.number, made))
    return found


def list_left_out(*, today: date, now: datetime) -> tuple[LeftOut, ...]:
    """Open invoices of debtors with a mandate that are not collected now, and why."""
    collecting = find_collecting()
    if collecting is None:
        return ()
    local = now.astimezone(ZoneInfo(load_administration().time_zone))
    return tuple(propose(collecting, today=today, at=local.time()).left_out)


def _find_locked() -> Collecting | None:
    """The account that collects, with its batches to ourselves; None where none does."""
    if find_collecting() is None:
        return None
    debits.lock_collecting()
    return find_collecting()


def _plan(collecting: Collecting, now: datetime, *, today: date) -> int:
    # Everybody at once and in order: locks taken in parts could wait for each other.
    candidates = list_candidates(due_until=_look_until(collecting, today), today=today)
    waiting = list_waiting_lines()
    lock_debtors({one.debtor_id for one in candidates} | {one.debtor_id for one in waiting})
    note_announcements()
    _drop_what_may_not(today=today, at=now.time(), now=now)
    found = propose(collecting, today=today, at=now.time())
    return debits.plan(found.planned, collecting.account_id, today=today, now=now, actor=ACTOR)


def _look_until(collecting: Collecting, today: date) -> date:
    return add_days(today, max(collecting.notice_days, 14) + AHEAD_DAYS)


def _plan_one(
    one: Candidate,
    row: MandateRow,
    may: Collectable,
    collecting: Collecting,
    *,
    kind: DebtorKind,
    today: date,
    at: time,
) -> NewCollection | Sentence:
    """The collection of one invoice, or why there is none."""
    if one.item_id not in may.cents:
        return may.left_out.get(one.item_id, NOT_OPEN)
    due_on = may.due_on[one.item_id]
    if due_on > _look_until(collecting, today):
        return explain_not_due(due_on)
    day, told_on = _choose_day(one, row, collecting, due_on=due_on, today=today, at=at)
    mandate = make_mandate(row, creditor_id=collecting.creditor_id, kind=kind)
    objection = check_mandate(mandate, today=day)
    if objection is not None:
        return objection.because
    return NewCollection(
        debtor_id=one.debtor_id,
        item_id=one.item_id,
        number=one.number,
        mandate_id=row.id,
        cents=may.cents[one.item_id],
        collect_on=day,
        scheme=row.scheme,
        sequence=choose_sequence(mandate),
        attempt=one.attempts + 1,
        announced_on=told_on,
    )


def _choose_day(
    one: Candidate,
    row: MandateRow,
    collecting: Collecting,
    *,
    due_on: date,
    today: date,
    at: time,
) -> tuple[date, date | None]:
    """The day of a collection, and on which day the invoice itself announced it, if it did."""
    announces = collecting.invoices_announce and one.by_direct_debit and due_on == one.due_on
    told_on = one.issued_on if announces else None

    def choose(announced_on: date | None) -> date:
        return choose_collection_day(
            due_on=due_on,
            announced_on=announced_on,
            notice_days=row.notice_days or collecting.notice_days,
            bank=collecting.bank,
            today=today,
            at=at,
            not_before=one.retry_on,
        )

    # An invoice tells of its due date only: any other day has to be announced.
    if told_on is not None and choose(told_on) == next_banking_day(one.due_on):
        return choose(told_on), told_on
    return choose(None), None


def _choose_mandate(
    rows: Sequence[MandateRow], planned: Sequence[NewCollection]
) -> MandateRow | None:
    """The latest mandate that may still be used; a one-off mandate takes one invoice."""
    used = {one.mandate_id for one in planned}
    free = [one for one in rows if not (one.is_one_off and (one.id in used or one.collected_times))]
    return free[0] if free else None


def _drop_what_may_not(*, today: date, at: time, now: datetime) -> None:
    """Take back planned lines that may not be collected any more, or whose day cannot be made.

    Each by the rules of the account of its batch. Who was told of a day that passed without a file
    is not told of another one: a person says first whether to go on.
    """
    waiting = list_waiting_lines()
    # While nothing is sent a rehearsed announcement counts as one, or every day would move.
    told_on = next_working_day(today) if load_administration().sending_on else date.min
    for own in list_collecting() if waiting else ():
        lines = [one for one in waiting if one.account_id == own.account_id]
        judged = judge(lines, own, told_on=told_on, today=today, at=at)
        debits.miss(judged.missed, today=today, now=now, actor=ACTOR)
        debits.drop(judged.objections, today=today, now=now, actor=ACTOR)
        debits.lower(judged.lowered)
    debits.remove_empty()
