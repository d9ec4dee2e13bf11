"""Bring invoices in: new ones are opened, changed ones changed, the rest confirmed or refused."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from tijdig.core.problem import Problem, Sentence
from tijdig.intake.actions.imports import (
    Offered,
    Outcome,
    find_earlier,
    keep,
    remember_source,
)
from tijdig.intake.comparison import (
    KnownInvoice,
    assume_due_on,
    find_changes,
    find_contradiction,
    state_terms,
)
from tijdig.intake.records import InvoiceFile, InvoiceRecord, Party
from tijdig.ledger.actions.debtors import (
    StatedDebtor,
    forget_debtors_without_items,
    register_debtors,
)
from tijdig.ledger.actions.invoices import (
    NewInvoice,
    StatedBalance,
    change_invoices,
    hold_for_difference,
    keep_documents,
    open_invoices,
    state_balances,
)
from tijdig.ledger.queries.known import list_gone_from_list, load_known_invoices
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.bulk import analyse_grown_tables
from tijdig.tenants.ids import new_id
from tijdig.tenants.queries import load_administration


@dataclass(slots=True)
class _Row:
    """A record with the file it came from and the debtor it means."""

    outcome: Outcome
    record: InvoiceRecord
    debtor_id: UUID
    due_on: date
    is_list: bool
    is_refused: bool = False


def receive_invoices(
    files: Sequence[tuple[Offered, InvoiceFile]], *, today: date, now: datetime, actor: str
) -> tuple[Outcome, ...]:
    """Bring parsed invoice files in, in order, all in the caller's transaction.

    The same file again changes nothing: it counts as the day on which it first came in.
    """
    if not files:
        return ()
    lock_administration()
    earlier = find_earlier([offered for offered, _ in files])
    as_of = {key: one.as_of for key, one in earlier.items()}
    outcomes = []
    for offered, file in files:
        before = earlier.get(offered.content_hash)
        outcome = Outcome(offered.name, file.format, new_id())
        outcome.already_on = before.at.date() if before else None
        outcome.problems.extend(file.problems)
        outcome.rejected = sum(problem.severity == "refused" for problem in file.problems)
        outcomes.append(outcome)
    rows, made = _register(
        list(zip(outcomes, files, strict=True)), today=today, now=now, actor=actor
    )
    known = {
        str(one["number"]): KnownInvoice(**one)  # type: ignore[arg-type]
        for one in load_known_invoices({row.record.number for row in rows})
    }
    items = _take_in(rows, known, today=today, now=now)
    if any(row.is_refused for row in rows):
        forget_debtors_without_items(made)
    for outcome, (offered, file) in zip(outcomes, files, strict=True):
        if file.source_key:
            day = as_of.get(offered.content_hash, today)
            _state(outcome, file, rows, items, as_of=day, today=today, now=now)
    keep(
        [(offered, one) for (offered, _), one in zip(files, outcomes, strict=True)],
        as_of=as_of,
        today=today,
        now=now,
        actor=actor,
    )
    analyse_grown_tables()
    return tuple(outcomes)


def _register(
    offered: Sequence[tuple[Outcome, tuple[Offered, InvoiceFile]]],
    *,
    today: date,
    now: datetime,
    actor: str,
) -> tuple[list[_Row], frozenset[UUID]]:
    """Every record beside its debtor; debtors that are new are made.

    Invoices come by date, then contents, before lists: the order of their names says nothing.
    """
    records = [
        (one, of.content_hash, file, record)
        for one, (of, file) in offered
        for record in file.records
    ]
    records.sort(key=lambda row: _rank(row[2], row[3], row[1]))
    parties = list(dict.fromkeys(record.debtor for *_, record in records))
    if not parties:
        return [], frozenset()
    ids, made = register_debtors(
        [_stated(one) for one in parties], today=today, now=now, actor=actor
    )
    by_party = dict(zip(parties, ids, strict=True))
    term_days = load_administration().default_term_days
    rows = []
    for outcome, _, file, record in records:
        due_on = assume_due_on(record, term_days=term_days)
        if record.due_on is None:
            outcome.problems.append(_assumed_term(record, due_on, term_days))
        rows.append(_Row(outcome, record, by_party[record.debtor], due_on, bool(file.source_key)))
    return rows, made


def _rank(file: InvoiceFile, record: InvoiceRecord, content_hash: str) -> tuple[bool, date, str]:
    if file.source_key:
        return True, date.min, ""
    return False, record.issued_on, content_hash


def _take_in(
    rows: Sequence[_Row], known: dict[str, KnownInvoice], *, today: date, now: datetime
) -> dict[str, UUID]:
    """Open what is new, change what changed, refuse what contradicts; item ids by number."""
    fresh: dict[str, _Row] = {}
    changes: dict[UUID, dict[str, object]] = {}
    for row in rows:
        number = row.record.number
        if number not in known:
            known[number] = _as_known(row)
            fresh[number] = row
            row.outcome.new += 1
            continue
        contradiction = find_contradiction(row.record, known[number], debtor_id=row.debtor_id)
        if contradiction:
            row.outcome.rejected += 1
            row.outcome.problems.append(Problem(row.record.place, contradiction))
            row.is_refused = True
            continue
        changed = find_changes(row.record, known[number])
        row.outcome.changed += bool(changed)
        row.outcome.unchanged += not changed
        if changed and number in fresh:
            fresh[number] = row
        elif changed:
            changes.setdefault(known[number].invoice_id, {}).update(changed)
    change_invoices(changes)
    opened = open_invoices([_new_invoice(row) for row in fresh.values()], today=today, now=now)
    items = {number: one.open_item_id for number, one in known.items()}
    for row, (item_id, invoice_id) in zip(fresh.values(), opened, strict=True):
        items[row.record.number] = item_id
        keep_documents(
            (invoice_id, a.name, a.media_type, hashlib.sha256(a.content).hexdigest(), a.content)
            for a in row.record.attachments
        )
    return items


def _state(
    outcome: Outcome,
    file: InvoiceFile,
    rows: Sequence[_Row],
    items: dict[str, UUID],
    *,
    as_of: date,
    today: date,
    now: datetime,
) -> None:
    """Keep what a list says is open; what left a full list is settled in the books."""
    source_id = remember_source(file.source_key, file_format=file.format, full_list=file.full_list)
    own = [row for row in rows if row.outcome is outcome and not row.is_refused]
    stated = {
        items[row.record.number]: StatedBalance(
            items[row.record.number], as_of, row.record.open_cents, outcome.import_id, source_id
        )
        for row in own
    }
    balances = list(stated.values())
    if file.full_list:
        gone = list_gone_from_list(source_id, as_of=as_of, still_there=frozenset(stated))
        if outcome.rejected and gone:
            hold_for_difference(gone)
            outcome.problems.append(_not_settled(len(gone)))
        else:
            balances += [
                StatedBalance(one, as_of, 0, outcome.import_id, source_id, gone=True)
                for one in gone
            ]
            outcome.settled = len(gone)
    state_balances(balances, today=today, now=now)


def _stated(party: Party) -> StatedDebtor:
    return StatedDebtor(
        name=party.name[:200],
        number=party.number[:60],
        kind=party.kind,
        kvk_number=party.kvk_number,
        vat_number=party.vat_number,
        contact_name=party.contact_name[:200],
        email=party.email,
        phone=party.phone[:30],
        street=party.street[:200],
        postal_code=party.postal_code[:12],
        city=party.city[:100],
        country=party.country,
        ibans=party.ibans,
    )


def _as_known(row: _Row) -> KnownInvoice:
    """A record of this import, so that a later one with the same number meets it."""
    record = row.record
    known = KnownInvoice(
        invoice_id=new_id(),
        open_item_id=new_id(),
        debtor_id=row.debtor_id,
        kind=record.kind,
        number=record.number,
        issued_on=record.issued_on,
        due_on=row.due_on,
        currency=record.currency,
        invoiced_cents=record.total_cents,
    )
    return replace(known, **state_terms(record))  # type: ignore[arg-type]


def _new_invoice(row: _Row) -> NewInvoice:
    """Lists state a balance beside the claim; an invoice file states what is to be paid."""
    record = row.record
    claim_cents = record.total_cents if row.is_list else record.open_cents
    stated = {key: value for key, value in state_terms(record).items() if key != "due_on"}
    return NewInvoice(
        debtor_id=row.debtor_id,
        kind="credit_note" if claim_cents < 0 else "invoice",
        number=record.number,
        issued_on=record.issued_on,
        due_on=row.due_on,
        term="stated" if record.due_on else "assumed",
        currency=record.currency,
        invoiced_cents=record.total_cents,
        claim_cents=claim_cents,
        import_id=row.outcome.import_id,
        terms_note=record.terms_note,
        **stated,  # type: ignore[arg-type]
    )


def _assumed_term(record: InvoiceRecord, due_on: date, term_days: int) -> Problem:
    return Problem(
        record.place,
        Sentence(
            f"Factuur {record.number} heeft geen vervaldatum. Wij rekenen met uw gewone termijn "
            f"van {term_days} dagen: {due_on:%d-%m-%Y}.",
            f"Invoice {record.number} has no due date. We use your usual term of {term_days} "
            f"days: {due_on:%d-%m-%Y}.",
        ),
        "warning",
    )


def _not_settled(count: int) -> Problem:
    return Problem(
        "",
        Sentence(
            f"{count} facturen staan niet meer op de lijst, maar er zijn ook regels geweigerd. "
            "Wij sturen daarvoor niets, tot een lijst zonder fouten zegt of zij betaald zijn.",
            f"{count} invoices are no longer on the list, but rows were rejected too. We send "
            "nothing for them until a list without errors says whether they are paid.",
        ),
        "warning",
    )
