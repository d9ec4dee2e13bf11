"""Collections beside the run: what may be collected is planned, and checked again for the file."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from tijdig.banking.actions import debits
from tijdig.banking.actions.debits import NewCollection
from tijdig.banking.debit_records import (
    AmendmentRecord,
    CreditorRecord,
    DebitFileRecord,
    DebitRecord,
)
from tijdig.banking.direct_debits.lines.queries import (
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
    load_mandates,
    make_mandate,
)
from tijdig.banking.formats.pain008 import write_pain008
from tijdig.core.calendar import add_days, next_banking_day, next_working_day
from tijdig.core.direct_debits.banks import Version, find_bank
from tijdig.core.direct_debits.collecting import (
    Collectable,
    choose_collection_day,
    find_collectable,
)
from tijdig.core.direct_debits.deadlines import may_collect
from tijdig.core.direct_debits.mandates import Mandate, check_mandate
from tijdig.core.direct_debits.sequence import Sequence as SequenceType
from tijdig.core.direct_debits.sequence import choose_sequence
from tijdig.core.facts import DebtorKind
from tijdig.core.problem import Refusal, Sentence
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.freshness import list_missing_files
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.ledger.queries.kinds import load_kinds
from tijdig.tenants.bulk import execute
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration

# How long before the last day of announcing a collection is planned, so that a person can look.
AHEAD_DAYS = 7
ACTOR = "tijdig"

_ANNOUNCED = """
SELECT listed.item_id, to_date(right(message.step_key, 8), 'YYYYMMDD'), message.planned_on
FROM tijdig_message message
CROSS JOIN unnest(message.listed_items) AS listed (item_id)
WHERE message.administration_id = %s AND message.phase = 'debit'
  AND message.state IN ('accepted', 'delivered') AND message.debtor_id = ANY(%s)
"""


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
    collecting = find_collecting()
    if collecting is None:
        return 0
    local = now.astimezone(ZoneInfo(load_administration().time_zone))
    return _plan(collecting, local, today=today) if today <= local.date() else 0


def foresee_collections(*, today: date) -> int:
    """Plan as the run of that day will, at its hour, inside a transaction that is undone."""
    collecting = find_collecting()
    if collecting is None:
        return 0
    administration = load_administration()
    zone = ZoneInfo(administration.time_zone)
    return _plan(collecting, datetime.combine(today, administration.run_at, zone), today=today)


def note_announcements() -> int:
    """Keep on which day collections were announced, by the messages that went out; how many."""
    waiting = [one for one in list_waiting_lines() if one.announced_on is None]
    if not waiting:
        return 0
    debtor_ids = list({one.debtor_id for one in waiting})
    rows = execute(_ANNOUNCED, [active_administration(), debtor_ids]).fetchall()
    return debits.note_announced([(row[0], row[1], row[2]) for row in rows])


def propose(collecting: Collecting, *, today: date, at: time) -> Proposals:
    """What may be collected now of debtors with a mandate, and why the rest may not."""
    ahead = max(collecting.notice_days, 14) + AHEAD_DAYS
    candidates: defaultdict[UUID, list[Candidate]] = defaultdict(list)
    for one in list_candidates(due_until=add_days(today, ahead), today=today):
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


def make_file(batch_id: UUID, *, today: date, now: datetime, actor: str) -> int:
    """Make the file of an approved batch, after a last look at the facts; lines left out.

    Who paid, objected or withdrew meanwhile is not in it. Refuses: facts that are too old, another
    state, nothing left to collect.
    """
    _refuse_old_facts(today)
    note_announcements()
    batch = debits.lock_batch(batch_id, ("approved",))
    lines = _lock_lines(batch_id)
    local = now.astimezone(ZoneInfo(load_administration().time_zone))
    collecting = _find_account(batch.account_id)
    judged = _judge(lines, collecting, told_on=None, today=today, at=local.time())
    left_out = judged.objections
    debits.drop(left_out, today=today, now=now, actor=actor)
    debits.lower(judged.lowered)
    records = [_make_record(one, judged, batch.sequence) for one in lines if one.id not in left_out]
    if not records:
        nobody = "Er is niets meer te incasseren."
        debits.withdraw_batch(batch_id, because=nobody, today=today, now=now, actor=actor)
        return len(left_out)
    administration = load_administration()
    file = DebitFileRecord(
        message_id=batch.message_id,
        made_at=local,
        creditor=CreditorRecord(
            administration.account_name or administration.name,
            collecting.iban,
            collecting.creditor_id,
        ),
        debits=tuple(records),
    )
    version = cast("Version", collecting.version) if collecting.version else None
    content = write_pain008(file, bank=find_bank(collecting.iban), version=version)
    debits.keep_file(batch_id, content, today=today, now=now, actor=actor)
    return len(left_out)


def hand_over(batch_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """A person gave the file to the bank.

    Looks once more at everything that the file rests on: the debtor's side, the mandate, the day
    (not the hour: the file may well have gone before the person says so), and how fresh the facts
    are. Refuses: another state, facts that are too old, anybody in it who may not be collected from
    any more, or for less.
    """
    _refuse_old_facts(today)
    batch = debits.lock_batch(batch_id, ("made",))
    lines = _lock_lines(batch_id)
    collecting = _find_account(batch.account_id)
    judged = _judge(lines, collecting, told_on=None, today=today, at=time.min)
    gone = [
        one.invoice_number
        for one in lines
        if one.id in judged.objections or one.id in judged.lowered
    ]
    if gone:
        names = ", ".join(sorted(gone)[:10])
        raise Refusal(
            f"Geef dit bestand niet aan de bank: intussen mag dit niet meer worden geïncasseerd:"
            f" {names}. Trek de batch in; de volgende run stelt de rest opnieuw voor.",
            f"Do not give this file to the bank: meanwhile this may not be collected any more:"
            f" {names}. Withdraw the batch; the next run proposes the rest again.",
        )
    debits.hand_over(batch_id, today=today, now=now, actor=actor)


def _refuse_old_facts(today: date) -> None:
    if list_missing_files(today=today):
        raise Refusal(
            "De bank of de boekhouding is niet bij. Lees eerst de nieuwste bestanden in; anders"
            " incasseert u misschien wat al betaald is.",
            "The bank or the books are not up to date. First import the latest files; you might"
            " collect what was paid already.",
        )


def _lock_lines(batch_id: UUID) -> list[LineRow]:
    """The planned lines of a locked batch, read again once their debtors are locked.

    Whoever leaves a line out, pays or objects holds the debtor meanwhile.
    """
    lock_debtors({one.debtor_id for one in list_lines_of(batch_id)})
    return [one for one in list_lines_of(batch_id) if one.state == "planned"]


def _plan(collecting: Collecting, now: datetime, *, today: date) -> int:
    note_announcements()
    _drop_what_may_not(collecting, today=today, at=now.time(), now=now)
    found = propose(collecting, today=today, at=now.time())
    return debits.plan(found.planned, collecting.account_id, today=today, now=now, actor=ACTOR)


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
        return may.left_out.get(one.item_id, _NOT_OPEN)
    bank = find_bank(collecting.iban)
    day, told_on = _choose_day(one, row, collecting, today=today, at=at)
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
        sequence=choose_sequence(mandate, first_as_recurrent=bank.first_as_recurrent),
        attempt=one.attempts + 1,
        announced_on=told_on,
    )


def _choose_day(
    one: Candidate, row: MandateRow, collecting: Collecting, *, today: date, at: time
) -> tuple[date, date | None]:
    """The day of a collection, and on which day the invoice itself announced it, if it did."""
    told_on = one.issued_on if collecting.invoices_announce and one.by_direct_debit else None

    def choose(announced_on: date | None) -> date:
        return choose_collection_day(
            due_on=one.due_on,
            announced_on=announced_on,
            notice_days=row.notice_days or collecting.notice_days,
            bank=find_bank(collecting.iban),
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


def _drop_what_may_not(collecting: Collecting, *, today: date, at: time, now: datetime) -> None:
    """Take back planned lines that may not be collected any more, or whose day cannot be made."""
    waiting = list_waiting_lines()
    if not waiting:
        return
    # While nothing is sent a rehearsed announcement counts as one, or every day would move.
    told_on = next_working_day(today) if load_administration().sending_on else date.min
    judged = _judge(waiting, collecting, told_on=told_on, today=today, at=at)
    debits.drop(judged.objections, today=today, now=now, actor=ACTOR)
    debits.lower(judged.lowered)
    debits.remove_empty()


@dataclass(slots=True)
class _Judged:
    """Lines that may not be collected with the reason, lines that ask less now, and mandates."""

    objections: dict[UUID, Sentence] = field(default_factory=dict)
    lowered: dict[UUID, int] = field(default_factory=dict)
    mandates: dict[UUID, MandateRow] = field(default_factory=dict)
    as_rules: dict[UUID, Mandate] = field(default_factory=dict)


def _judge(
    lines: Sequence[LineRow],
    collecting: Collecting,
    *,
    told_on: date | None,
    today: date,
    at: time,
) -> _Judged:
    """Look at every line again; `told_on` stands in for an announcement that is still to go."""
    judged = _Judged(mandates=load_mandates([one.mandate_id for one in lines]))
    debtor_ids = list({one.debtor_id for one in lines})
    kinds = load_kinds(debtor_ids)
    may = {
        facts.debtor_id: find_collectable(facts, today=today)
        for facts in load_facts(debtor_ids, today=today, rehearsal=False)
    }
    for one in lines:
        row, own = judged.mandates[one.mandate_id], may[one.debtor_id]
        mandate = make_mandate(row, creditor_id=collecting.creditor_id, kind=kinds[one.debtor_id])
        judged.as_rules[one.mandate_id] = mandate
        objection = may_collect(
            mandate,
            collect_on=one.collect_on,
            announced_on=one.announced_on or told_on,
            bank=find_bank(collecting.iban),
            today=today,
            at=at,
            days_agreed=row.notice_days or collecting.notice_days,
        )
        if one.item_id not in own.cents:
            judged.objections[one.id] = own.left_out.get(one.item_id, _NOT_OPEN)
        elif row.held_on is not None:
            judged.objections[one.id] = _HELD
        elif objection is not None:
            judged.objections[one.id] = objection.because
        elif own.cents[one.item_id] < one.cents:
            judged.lowered[one.id] = own.cents[one.item_id]
    return judged


def _make_record(one: LineRow, judged: _Judged, sequence: str) -> DebitRecord:
    """A line as the file has it."""
    former = judged.mandates[one.mandate_id].former_iban
    return DebitRecord(
        end_to_end_id=one.end_to_end_id,
        cents=judged.lowered.get(one.id, one.cents),
        collect_on=one.collect_on,
        mandate=judged.as_rules[one.mandate_id],
        sequence=cast("SequenceType", sequence),
        text=f"Factuur {one.invoice_number} klantnummer {one.debtor_number}",
        amendment=AmendmentRecord(iban=former) if former else None,
    )


def _find_account(account_id: UUID) -> Collecting:
    return next(one for one in list_collecting() if one.account_id == account_id)


_NOT_OPEN = Sentence("De factuur staat niet meer open.", "The invoice is not open any more.")
_HELD = Sentence(
    "De bank gaf een reden om op deze machtiging niets te incasseren. Kijk die eerst na.",
    "The bank gave a reason to collect nothing on this mandate. Look at it first.",
)
