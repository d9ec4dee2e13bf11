"""Bring invoices in: new ones are opened, changed ones changed, the rest confirmed or refused."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tijdig.core.problem import Problem
from tijdig.core.standing_terms import AppliedTerm, StandingTerm, apply_standing_term
from tijdig.intake.actions.imports import Earlier, Offered, Outcome, find_earlier, keep
from tijdig.intake.actions.lists import ListSaid, state_lists
from tijdig.intake.comparison import (
    KnownInvoice,
    find_changes,
    find_contradiction,
    state_terms,
)
from tijdig.intake.due_days import check_issue_day, check_terms, may_be_too_long
from tijdig.intake.records import InvoiceFile, InvoiceRecord, Party
from tijdig.ledger.actions.debtors import StatedDebtor, register_debtors
from tijdig.ledger.actions.invoices import (
    NewInvoice,
    change_invoices,
    keep_documents,
    open_invoices,
)
from tijdig.ledger.queries.kinds import load_kinds
from tijdig.ledger.queries.known import load_known_invoices
from tijdig.ledger.queries.terms import load_standing_terms
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.bulk import analyse_grown_tables
from tijdig.tenants.ids import new_id
from tijdig.tenants.queries import load_administration

_Files = Sequence[tuple[Offered, InvoiceFile]]
# A record by its place: which file, and which record of it.
_Place = tuple[int, int]


@dataclass(slots=True)
class _Row:
    """A record with the file it came from and the debtor it means."""

    place: _Place
    outcome: Outcome
    record: InvoiceRecord
    debtor_id: UUID
    applied: AppliedTerm
    standing: StandingTerm | None
    is_list: bool
    is_unchanged: bool = False


class _Contradicted(Exception):  # noqa: N818 - carries what was found, out of a transaction
    def __init__(self, refused: dict[_Place, Problem]) -> None:
        super().__init__()
        self.refused = refused


def receive_invoices(
    files: _Files, *, today: date, now: datetime, actor: str
) -> tuple[Outcome, ...]:
    """What became of each parsed file, in order; all in the caller's transaction.

    The order of the files does not matter. The same file again changes nothing: it counts as the
    day on which it first came in. A list after which another came is held for a person's word.
    """
    if not files:
        return ()
    lock_administration()
    earlier = find_earlier([offered for offered, _ in files])
    as_of = {key: one.as_of for key, one in earlier.items()}
    known = _load_known(files)
    refused: dict[_Place, Problem] = {}
    while True:
        outcomes = [_begin(offered, file, earlier) for offered, file in files]
        try:
            with transaction.atomic():
                rows = _register(files, outcomes, refused, known, today=today, now=now, actor=actor)
                items = _take_in(rows, dict(known), today=today, now=now)
                break
        except _Contradicted as found:
            # Nothing of a refused record stays, no debtor and no address: once more without it.
            refused |= found.refused
    for (file_at, _), problem in refused.items():
        outcomes[file_at].rejected += 1
        outcomes[file_at].problems.append(problem)
    _state_lists(files, outcomes, rows, items, as_of, today=today, now=now)
    keep(
        [(offered, one) for (offered, _), one in zip(files, outcomes, strict=True)],
        as_of=as_of,
        today=today,
        now=now,
        actor=actor,
    )
    analyse_grown_tables()
    return tuple(outcomes)


def _begin(offered: Offered, file: InvoiceFile, earlier: Mapping[str, Earlier]) -> Outcome:
    before = earlier.get(offered.content_hash)
    outcome = Outcome(offered.name, file.format, new_id())
    outcome.already_on = before.already_on if before else None
    outcome.problems.extend(file.problems)
    # Records and not reasons: of a file without rows it is the file, whatever is wrong with it.
    is_refused = any(problem.severity == "refused" for problem in file.problems)
    outcome.rejected = file.refused_rows or int(is_refused)
    return outcome


def _register(
    files: _Files,
    outcomes: Sequence[Outcome],
    refused: Mapping[_Place, Problem],
    known: Mapping[str, KnownInvoice],
    *,
    today: date,
    now: datetime,
    actor: str,
) -> list[_Row]:
    """Every record beside its debtor; debtors that are new are made."""
    records = [
        ((file_at, record_at), files[file_at][1].records[record_at])
        for file_at in _order(files)
        for record_at in range(len(files[file_at][1].records))
        if (file_at, record_at) not in refused
    ]
    numbers: dict[Party, list[str]] = {}
    for _, record in records:
        numbers.setdefault(record.debtor, []).append(record.number)
    if not numbers:
        return []
    ids = register_debtors(
        [_stated(party, named) for party, named in numbers.items()],
        owners={number: one.debtor_id for number, one in known.items()},
        today=today,
        now=now,
        actor=actor,
    )
    by_party = dict(zip(numbers, ids, strict=True))
    usual_days = load_administration().default_term_days
    terms = load_standing_terms(set(ids))
    rows = []
    for place, record in records:
        outcome, file = outcomes[place[0]], files[place[0]][1]
        debtor_id = by_party[record.debtor]
        standing = terms.get(debtor_id) if record.kind == "invoice" else None
        applied = apply_standing_term(
            standing, issued_on=record.issued_on, stated_on=record.due_on, usual_days=usual_days
        )
        rows.append(
            _Row(place, outcome, record, debtor_id, applied, standing, bool(file.source_key))
        )
    _check_days(rows, known, usual_days, today=today)
    return rows


def _check_days(
    rows: Sequence[_Row], known: Mapping[str, KnownInvoice], usual_days: int, *, today: date
) -> None:
    """What there is to say about the days of each; a debtor's kind is read where it matters."""
    long = {row.debtor_id for row in rows if may_be_too_long(row.record, row.applied.due_on)}
    kinds = load_kinds(long) if long else {}
    for row in rows:
        row.outcome.problems += check_issue_day(row.record, today=today)
        row.outcome.problems += check_terms(
            row.record,
            row.applied,
            row.standing,
            usual_days,
            kind=kinds.get(row.debtor_id, "unknown"),
            is_new=row.record.number not in known,
        )


def _order(files: _Files) -> list[int]:
    """Invoices by date, then lists by their newest invoice: what files are called says nothing."""

    def rank(file_at: int) -> tuple[bool, date, str]:
        offered, file = files[file_at]
        newest_on = max((record.issued_on for record in file.records), default=date.min)
        return bool(file.source_key), newest_on, offered.content_hash

    return sorted(range(len(files)), key=rank)


def _load_known(files: _Files) -> dict[str, KnownInvoice]:
    numbers = {record.number for _, file in files for record in file.records}
    return {one["number"]: KnownInvoice(**one) for one in load_known_invoices(numbers)}


def _take_in(
    rows: Sequence[_Row], known: dict[str, KnownInvoice], *, today: date, now: datetime
) -> dict[str, UUID]:
    """Open what is new, change what changed; item ids by number. Raises on what contradicts."""
    fresh: dict[str, _Row] = {}
    changes: dict[UUID, dict[str, object]] = {}
    refused: dict[_Place, Problem] = {}
    for row in rows:
        number = row.record.number
        if number not in known:
            known[number] = _as_known(row)
            fresh[number] = row
            row.outcome.new += 1
            continue
        contradiction = find_contradiction(row.record, known[number], debtor_id=row.debtor_id)
        if contradiction:
            refused[row.place] = Problem(row.record.place, contradiction)
            continue
        # An invoice file that came in before says nothing against what came since. A list may be
        # read anew with other columns.
        is_old = row.outcome.already_on is not None and not row.is_list
        changed = _find_changes(row, known[number], is_old=is_old)
        row.is_unchanged = not changed
        row.outcome.changed += bool(changed)
        row.outcome.unchanged += not changed
        known[number] = replace(known[number], **changed)  # type: ignore[arg-type]
        if changed and number not in fresh:
            changes.setdefault(known[number].invoice_id, {}).update(changed)
    if refused:
        raise _Contradicted(refused)
    change_invoices(changes)
    opened = open_invoices(
        [_new_invoice(row, known[number]) for number, row in fresh.items()], today=today, now=now
    )
    for number, (item_id, invoice_id) in zip(fresh, opened, strict=True):
        known[number] = replace(known[number], open_item_id=item_id, invoice_id=invoice_id)
    keep_documents(
        (known[row.record.number].invoice_id, a.name, a.media_type, _hash(a.content), a.content)
        for row in rows
        for a in row.record.attachments
    )
    return {number: one.open_item_id for number, one in known.items()}


def _state_lists(
    files: _Files,
    outcomes: Sequence[Outcome],
    rows: Sequence[_Row],
    items: Mapping[str, UUID],
    as_of: Mapping[str, date],
    *,
    today: date,
    now: datetime,
) -> None:
    """Keep what each list says is open; those of one source are taken together."""
    together: dict[str, list[ListSaid]] = {}
    for file_at in _order(files):
        offered, file = files[file_at]
        if file.source_key:
            outcome = outcomes[file_at]
            listed = [(items[row.record.number], row) for row in rows if row.outcome is outcome]
            own = {item_id: row.record.open_cents for item_id, row in listed}
            unchanged = frozenset(item_id for item_id, row in listed if row.is_unchanged)
            on = as_of.get(offered.content_hash, today)
            said = ListSaid(
                outcome, file, own, unchanged, on, offered.content_hash, offered.is_current
            )
            together.setdefault(file.source_key, []).append(said)
    for lists in together.values():
        state_lists(lists, today=today, now=now)


def _stated(party: Party, numbers: Sequence[str]) -> StatedDebtor:
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
        invoice_numbers=tuple(numbers),
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
        due_on=row.applied.due_on,
        currency=record.currency,
        invoiced_cents=record.total_cents,
    )
    told = state_terms(record) | {"due_on": row.applied.due_on, "term": row.applied.basis}
    return replace(known, **told)  # type: ignore[arg-type]


def _find_changes(row: _Row, known: KnownInvoice, *, is_old: bool) -> dict[str, object]:
    return {} if is_old else find_changes(row.record, known, standing=row.standing)


def _new_invoice(row: _Row, known: KnownInvoice) -> NewInvoice:
    """Lists state a balance beside the claim; an invoice file states what is to be paid."""
    record = row.record
    return NewInvoice(
        debtor_id=row.debtor_id,
        kind=record.kind,
        number=record.number,
        issued_on=record.issued_on,
        due_on=known.due_on,
        term=known.term,
        currency=record.currency,
        invoiced_cents=record.total_cents,
        claim_cents=record.total_cents if row.is_list else record.open_cents,
        import_id=row.outcome.import_id,
        order_reference=known.order_reference,
        customer_reference=known.customer_reference,
        payment_reference=known.payment_reference,
        credited_number=known.credited_number,
        by_direct_debit=known.by_direct_debit,
        g_account_iban=known.g_account_iban,
        g_account_cents=known.g_account_cents,
        vat_cents=known.vat_cents,
        terms_note=record.terms_note,
        discount_cents=record.discount_cents,
        discount_until=record.discount_until,
    )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
