"""Record an act that interrupts limitation, with its proof, and withdraw one that did not."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from tijdig.core.calendar import format_day
from tijdig.core.interruptions import get_interruption_rule, refuse_bad_interruption
from tijdig.core.problem import Refusal, Sentence
from tijdig.dunning.interruptions.models import InterruptedClaim, InterruptingAct
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.ledger.models import ClaimPart, Invoice
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

MOST_FILE_BYTES = 10 * 1024 * 1024
_MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A file that proves an act, as it was handed over."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ToldAct:
    """An act as a person tells it: what, on which day, and the proof as a file or in words."""

    kind: str
    on: date
    proof_note: str = ""
    proof_file: ProofFile | None = None


def record_interruption(
    debtor_id: UUID,
    told: ToldAct,
    *,
    invoice_ids: Collection[UUID],
    today: date,
    now: datetime,
    actor: str,
) -> UUID:
    """The id of the act; from now on it counts for the term of each of these claims.

    Refuses: what `refuse_bad_interruption` refuses, invoices that are not of this debtor,
    or are paid with all that was added, an empty or too large file, and the same act a second time.
    """
    lock_debtors([debtor_id])
    numbers = _find_invoices(debtor_id, invoice_ids)
    _refuse_bad_file(told.proof_file)
    refuse_bad_interruption(
        told.kind,
        told.on,
        due_days={one.number: one.due_on for one in numbers.values()},
        has_proof=bool(told.proof_note.strip() or told.proof_file),
        today=today,
    )
    act = _make_act(debtor_id, told, today=today, actor=actor)
    _refuse_twice(act, set(numbers))
    act.save(force_insert=True)
    InterruptedClaim.objects.bulk_create(
        InterruptedClaim(administration_id=act.administration_id, act=act, open_item_id=item_id)
        for item_id in numbers
    )
    named = ", ".join(sorted(one.number for one in numbers.values()))
    _remember("interruption_recorded", act, _describe(act, named), today, now, actor)
    return act.id


def withdraw_interruption(
    act_id: UUID, *, because: str, today: date, now: datetime, actor: str
) -> None:
    """The act counts no more. Refuses: no reason, and an act that was withdrawn already."""
    reason = because.strip()[:_MOST_WORDS]
    if not reason:
        raise Refusal(
            "Schrijf op waarom deze handeling niet telt.", "Write why this act does not count."
        )
    act = InterruptingAct.objects.defer("file_content").get(id=act_id)
    lock_debtors([act.debtor_id])
    changed = InterruptingAct.objects.filter(id=act_id, withdrawn_on=None).update(
        withdrawn_on=today, withdrawn_by=actor[:100], withdrawn_because=reason
    )
    if not changed:
        raise Refusal("Deze handeling was al ingetrokken.", "This act was withdrawn already.")
    said = Sentence(f"{_name(act).nl}. {reason}", f"{_name(act).en}. {reason}")
    _remember("interruption_withdrawn", act, said, today, now, actor)


def _find_invoices(debtor_id: UUID, invoice_ids: Collection[UUID]) -> dict[UUID, Invoice]:
    """The invoices by their open items: open, or with costs or interest that are."""
    asked = ClaimPart.objects.filter(
        open_item__debtor_id=debtor_id, line__open_item__closed_on=None
    ).values("open_item_id")
    invoices = Invoice.objects.filter(
        Q(open_item__closed_on=None) | Q(open_item_id__in=asked),
        id__in=list(invoice_ids),
        open_item__debtor_id=debtor_id,
        open_item__kind="invoice",
    )
    if len(invoices) != len(set(invoice_ids)):
        raise Refusal(
            "Kies alleen facturen van deze klant die nog open zijn, of waarvan kosten of rente nog"
            " open zijn.",
            "Choose only invoices of this customer that are still open, or whose costs or interest"
            " are.",
        )
    return {one.open_item_id: one for one in invoices}


def _make_act(debtor_id: UUID, told: ToldAct, *, today: date, actor: str) -> InterruptingAct:
    file = told.proof_file
    return InterruptingAct(
        id=new_id(),
        administration_id=active_administration(),
        debtor_id=debtor_id,
        kind=told.kind,
        on=told.on,
        proof_note=told.proof_note.strip()[:_MOST_WORDS],
        file_name=file.name[-200:] if file else "",
        file_type=file.media_type[:100] if file else "",
        file_hash=hashlib.sha256(file.content).hexdigest() if file else "",
        file_content=file.content if file else None,
        recorded_on=today,
        recorded_by=actor[:100],
    )


def _refuse_bad_file(file: ProofFile | None) -> None:
    if file is None:
        return
    if not file.content:
        raise Refusal(
            f"Het bestand {file.name} is leeg. Kies het bewijs zelf.",
            f"The file {file.name} is empty. Choose the proof itself.",
        )
    if len(file.content) > MOST_FILE_BYTES:
        most = MOST_FILE_BYTES // 1024 // 1024
        raise Refusal(
            f"Het bestand {file.name} is groter dan {most} MB. Maak het kleiner, of schrijf op"
            " waar het bewijs ligt.",
            f"The file {file.name} is larger than {most} MB. Make it smaller, or write where the"
            " proof is.",
        )


def _refuse_twice(act: InterruptingAct, item_ids: set[UUID]) -> None:
    """The same act about the same claims was recorded already, and still stands."""
    same = InterruptingAct.objects.filter(
        debtor_id=act.debtor_id,
        kind=act.kind,
        on=act.on,
        proof_note=act.proof_note,
        file_hash=act.file_hash,
        withdrawn_on=None,
    ).values_list("id", flat=True)
    for act_id in same:
        claims = InterruptedClaim.objects.filter(act_id=act_id)
        if set(claims.values_list("open_item_id", flat=True)) == item_ids:
            raise Refusal("Deze handeling is al vastgelegd.", "This act was recorded already.")


def _describe(act: InterruptingAct, numbers: str) -> Sentence:
    proof = "; ".join(one for one in (act.proof_note, act.file_name) if one)
    return Sentence(
        f"{_name(act).nl}. Factuur: {numbers}. Bewijs: {proof}",
        f"{_name(act).en}. Invoice: {numbers}. Proof: {proof}",
    )


def _name(act: InterruptingAct) -> Sentence:
    rule = get_interruption_rule(act.kind)
    return Sentence(
        f"{format_day(act.on, 'nl')}: {rule.name.nl} ({rule.article})",
        f"{format_day(act.on, 'en')}: {rule.name.en} ({rule.article})",
    )


def _remember(
    kind: str, act: InterruptingAct, said: Sentence, today: date, now: datetime, actor: str
) -> None:
    details = {"nl": said.nl, "en": said.en}
    happened = Happened(kind, "interruption", act.id, act.debtor_id, details)
    record([happened], today=today, now=now, actor=actor)
