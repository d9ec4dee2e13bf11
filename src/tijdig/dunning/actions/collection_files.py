"""The file of a batch: made after a last look at every line, and handed over after another."""

from datetime import date, datetime, time
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from tijdig.banking.actions import debits
from tijdig.banking.debit_records import CreditorRecord, DebitFileRecord, DebitRecord
from tijdig.banking.direct_debits.lines.queries import LineRow, list_lines_of
from tijdig.banking.direct_debits.queries import Collecting, find_amendment, list_collecting
from tijdig.banking.formats.pain008 import write_pain008
from tijdig.core.direct_debits.banks import Version
from tijdig.core.direct_debits.sequence import Sequence as SequenceType
from tijdig.core.problem import Refusal, Sentence
from tijdig.dunning.actions.collection_checks import Judged, judge
from tijdig.dunning.actions.collections import note_announcements, note_announcements_of
from tijdig.dunning.queries.freshness import list_missing_files
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.tenants.queries import load_administration


def make_file(batch_id: UUID, *, today: date, now: datetime, actor: str) -> int:
    """Make the file of an approved batch, after a last look at the facts; lines left out.

    Who paid, objected or withdrew meanwhile is not in it. Refuses: facts that are too old, another
    state, an account that does not collect any more.
    """
    _refuse_old_facts(today)
    batch = debits.lock_batch(batch_id, ("approved",))
    note_announcements()
    lines = _lock_lines(batch_id)
    local = now.astimezone(ZoneInfo(load_administration().time_zone))
    collecting = _find_account(batch.account_id)
    if not collecting.is_on:
        raise Refusal(
            "Incasseren staat uit voor deze rekening. Zet het aan bij Instellingen, Incasso.",
            "Direct debit is off for this account. Turn it on at Settings, Direct debit.",
        )
    judged = judge(lines, collecting, told_on=None, today=today, at=local.time())
    left_out, sequence = judged.objections, cast("SequenceType", batch.sequence)
    debits.drop(left_out, today=today, now=now, actor=actor)
    debits.lower(judged.lowered)
    records = [_make_record(one, judged, sequence) for one in lines if one.id not in left_out]
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
    content = write_pain008(file, bank=collecting.bank, version=version)
    creditor_id = collecting.creditor_id
    debits.keep_file(batch_id, content, creditor_id=creditor_id, today=today, now=now, actor=actor)
    return len(left_out)


def hand_over(batch_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """A person gave the file to the bank.

    Looks once more at everything that the file rests on: the debtor's side, the mandate, the
    announcement, the day (not the hour: the file may well have gone before the person says so), and
    how fresh the facts are. Refuses: another state, facts that are too old, anybody in it who may
    not be collected from any more, or for less.
    """
    _refuse_old_facts(today)
    debits.lock_batch(batch_id, ("made",))
    note_announcements_of(batch_id)
    objection = _object(_lock_lines(batch_id), today=today)
    if objection is not None:
        raise Refusal(objection.nl, objection.en)
    debits.hand_over(batch_id, today=today, now=now, actor=actor)


def explain_stale_file(batch_id: UUID, *, today: date) -> Sentence | None:
    """Why this file, made and not given to the bank yet, should not go there; None where it may.

    What `hand_over` would refuse, told before somebody takes the file to the bank. Changes nothing.
    """
    if list_missing_files(today=today):
        return _OLD_FACTS
    planned = [one for one in list_lines_of(batch_id) if one.state == "planned"]
    return _object(planned, today=today)


def _object(lines: list[LineRow], *, today: date) -> Sentence | None:
    """Who in a file may not be collected from any more, or for less."""
    if not lines:
        return None
    collecting = _find_account(lines[0].account_id)
    judged = judge(lines, collecting, told_on=None, today=today, at=time.min)
    gone = [
        one.invoice_number
        for one in lines
        if one.id in judged.objections or one.id in judged.lowered
    ]
    if not gone:
        return None
    names = ", ".join(sorted(gone)[:10])
    return Sentence(
        f"Geef dit bestand niet aan de bank: intussen mag dit niet meer worden geïncasseerd:"
        f" {names}. Trek de batch in; de volgende run stelt de rest opnieuw voor.",
        f"Do not give this file to the bank: meanwhile this may not be collected any more:"
        f" {names}. Withdraw the batch; the next run proposes the rest again.",
    )


def _refuse_old_facts(today: date) -> None:
    if list_missing_files(today=today):
        raise Refusal(_OLD_FACTS.nl, _OLD_FACTS.en)


def _lock_lines(batch_id: UUID) -> list[LineRow]:
    """The planned lines of a locked batch, read again once their debtors are locked.

    Whoever leaves a line out, pays or objects holds the debtor meanwhile.
    """
    lock_debtors({one.debtor_id for one in list_lines_of(batch_id)})
    return [one for one in list_lines_of(batch_id) if one.state == "planned"]


def _make_record(one: LineRow, judged: Judged, sequence: SequenceType) -> DebitRecord:
    """A line as the file has it."""
    row, mandate = judged.mandates[one.mandate_id], judged.as_rules[one.mandate_id]
    return DebitRecord(
        end_to_end_id=one.end_to_end_id,
        cents=judged.lowered.get(one.id, one.cents),
        collect_on=one.collect_on,
        mandate=mandate,
        sequence=sequence,
        text=f"Factuur {one.invoice_number} klantnummer {one.debtor_number}",
        address=row.address,
        amendment=find_amendment(row, creditor_id=mandate.creditor_id),
    )


def _find_account(account_id: UUID) -> Collecting:
    return next(one for one in list_collecting() if one.account_id == account_id)


_OLD_FACTS = Sentence(
    "De bank of de boekhouding is niet bij. Lees eerst de nieuwste bestanden in; anders"
    " incasseert u misschien wat al betaald is.",
    "The bank or the books are not up to date. First import the latest files; you might"
    " collect what was paid already.",
)
