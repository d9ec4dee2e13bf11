"""Mandates: recorded from paper or from a list, changed, withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models.functions import Upper

from tijdig.banking.direct_debits.models import DebitLine, SepaMandate
from tijdig.banking.direct_debits.queries import require_creditor_id
from tijdig.core.calendar import format_day
from tijdig.core.direct_debits.mandates import Mandate, check_mandate
from tijdig.core.direct_debits.scheme import Scheme
from tijdig.core.facts import DebtorKind
from tijdig.core.problem import Problem, Refusal, Sentence
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.queries.kinds import load_kinds
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record


@dataclass(frozen=True, slots=True)
class StatedMandate:
    """A mandate as a person or a list states it; `place` says where in a list."""

    reference: str
    iban: str
    holder: str
    signed_on: date
    scheme: Scheme = "core"
    is_one_off: bool = False
    notice_days: int | None = None
    debtor_number: str = ""
    place: str = ""


@dataclass(slots=True)
class TakenIn:
    """What became of the mandates of a list."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


def sign(debtor_id: UUID, stated: StatedMandate, *, today: date, now: datetime, actor: str) -> UUID:
    """The id of a mandate that this debtor signed on paper.

    Refuses: what `check_mandate` objects to, a reference that is there already.
    """
    creditor_id = require_creditor_id()
    lock_debtors([debtor_id])
    if _find_known([stated]):
        raise Refusal(
            f"Er is al een machtiging met kenmerk {stated.reference}. Kies een ander kenmerk.",
            f"There is a mandate with reference {stated.reference} already. Choose another one.",
        )
    kind = load_kinds([debtor_id])[debtor_id]
    because = _object(stated, creditor_id, kind, today=today)
    if because is not None:
        raise Refusal(because.nl, because.en)
    how = SepaMandate.Signed.PAPER
    made = _make(stated, debtor_id, creditor_id=creditor_id, how=how, now=now, actor=actor)
    made.save(force_insert=True)
    _finish([_tell_recorded(made)], [debtor_id], today=today, now=now, actor=actor)
    return made.id


def take_in(
    stated: Sequence[StatedMandate],
    debtors: Mapping[str, UUID],
    *,
    today: date,
    now: datetime,
    actor: str,
) -> TakenIn:
    """The mandates of a list: recorded, changed, or refused with a reason per row.

    `debtors` gives the debtor of each number. The same list a second time changes nothing.
    """
    creditor_id = require_creditor_id()
    lock_debtors(set(debtors.values()))
    kinds = load_kinds(list(debtors.values()))
    known, result = _find_known(stated), TakenIn()
    made: list[SepaMandate] = []
    happened: list[Happened] = []
    for one in stated:
        debtor_id = debtors.get(one.debtor_number)
        if debtor_id is None:
            result.problems.append(Problem(one.place, _say_no_debtor(one.debtor_number)))
            continue
        there = known.get(one.reference.upper())
        because = _object(one, creditor_id, kinds[debtor_id], today=today)
        if because is None and there is not None:
            because = _object_to_change(there, one, debtor_id)
        if because is not None:
            result.problems.append(Problem(one.place, because))
        elif there is None:
            how = SepaMandate.Signed.IMPORT
            fresh = _make(one, debtor_id, creditor_id=creditor_id, how=how, now=now, actor=actor)
            known[one.reference.upper()] = fresh
            made.append(fresh)
            happened.append(_tell_recorded(fresh))
        elif changes := _change(there, one):
            if there not in made:
                there.save(update_fields=_CHANGEABLE)
                result.changed += 1
                happened.append(_tell_changed(there, changes))
        else:
            result.unchanged += 1
    SepaMandate.objects.bulk_create(made)
    result.new = len(made)
    touched = {one.debtor_id for one in happened if one.debtor_id}
    _finish(happened, list(touched), today=today, now=now, actor=actor)
    return result


def amend(
    mandate_id: UUID, *, iban: str, holder: str, today: date, now: datetime, actor: str
) -> bool:
    """Another account on the same mandate; whether that changed anything.

    The bank is told with the next collection, and nothing more is held. Refuses: what
    `check_mandate` objects to, a mandate that was withdrawn.
    """
    mandate = _lock(mandate_id)
    stated = StatedMandate(
        mandate.reference, iban, holder, mandate.signed_on, scheme=_scheme_of(mandate)
    )
    kind = load_kinds([mandate.debtor_id])[mandate.debtor_id]
    because = _object(stated, require_creditor_id(), kind, today=today)
    if because is not None:
        raise Refusal(because.nl, because.en)
    changes = _change(mandate, stated)
    if not changes:
        return False
    mandate.held_on, mandate.held_code = None, ""
    mandate.save(update_fields=[*_CHANGEABLE, "held_on", "held_code"])
    told = [_tell_changed(mandate, changes)]
    _finish(told, [mandate.debtor_id], today=today, now=now, actor=actor)
    return True


def release(mandate_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """A person looked at a mandate that a bank's answer holds: it may be collected on again."""
    mandate = _lock(mandate_id)
    mandate.held_on, mandate.held_code = None, ""
    mandate.save(update_fields=["held_on", "held_code"])
    said = Sentence(
        f"Machtiging {mandate.reference} mag weer worden gebruikt.",
        f"Mandate {mandate.reference} may be used again.",
    )
    told = [_tell("mandate_released", mandate, said)]
    _finish(told, [mandate.debtor_id], today=today, now=now, actor=actor)


def withdraw(mandate_id: UUID, *, because: str, today: date, now: datetime, actor: str) -> None:
    """Nothing more is collected on this mandate; what is planned on it is left out.

    Refuses: no reason, one that was withdrawn already.
    """
    if not because.strip():
        raise Refusal("Schrijf op waarom de machtiging stopt.", "Write down why the mandate ends.")
    mandate = _lock(mandate_id)
    mandate.withdrawn_on, mandate.withdrawn_by = today, actor
    mandate.withdrawn_because = because.strip()[:300]
    mandate.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_because"])
    said = Sentence(
        f"Machtiging {mandate.reference} is ingetrokken.",
        f"Mandate {mandate.reference} was withdrawn.",
    )
    DebitLine.objects.filter(
        mandate_id=mandate_id, state=DebitLine.State.PLANNED, batch__state__in=_NOT_IN_A_FILE
    ).update(
        state=DebitLine.State.LEFT_OUT, because_nl=said.nl, because_en=said.en, decided_by=actor
    )
    told = [_tell("mandate_withdrawn", mandate, said)]
    _finish(told, [mandate.debtor_id], today=today, now=now, actor=actor)


_CHANGEABLE = ["iban", "holder", "former_iban", "notice_days"]
_NOT_IN_A_FILE = ["proposed", "approved"]


def _lock(mandate_id: UUID) -> SepaMandate:
    """The mandate, its debtor locked. Refuses: one that was withdrawn."""
    lock_debtors([SepaMandate.objects.get(id=mandate_id).debtor_id])
    mandate = SepaMandate.objects.get(id=mandate_id)
    if mandate.withdrawn_on is not None:
        raise Refusal(
            f"Machtiging {mandate.reference} is al ingetrokken.",
            f"Mandate {mandate.reference} was withdrawn already.",
        )
    return mandate


def _find_known(stated: Sequence[StatedMandate]) -> dict[str, SepaMandate]:
    """Mandates that are there under these references, by reference in capitals."""
    wanted = {one.reference.upper() for one in stated}
    found = SepaMandate.objects.annotate(plain=Upper("reference")).filter(plain__in=wanted)
    return {one.reference.upper(): one for one in found}


def _object(
    stated: StatedMandate, creditor_id: str, kind: DebtorKind, *, today: date
) -> Sentence | None:
    found = check_mandate(
        Mandate(
            stated.reference,
            creditor_id,
            stated.scheme,
            stated.signed_on,
            stated.iban,
            stated.holder,
            kind,
            stated.is_one_off,
        ),
        today=today,
    )
    return found.because if found else None


def _object_to_change(
    there: SepaMandate, stated: StatedMandate, debtor_id: UUID
) -> Sentence | None:
    """Why a known mandate cannot become what a list says: that would be another mandate."""
    if there.debtor_id != debtor_id:
        return Sentence(
            f"Kenmerk {there.reference} is van een andere debiteur.",
            f"Reference {there.reference} belongs to another debtor.",
        )
    if (there.signed_on, there.scheme, there.is_one_off) != (
        stated.signed_on,
        stated.scheme,
        stated.is_one_off,
    ):
        day = there.signed_on
        return Sentence(
            f"Machtiging {there.reference} is bekend als {_SCHEMES[there.scheme][0]}, getekend op "
            f"{format_day(day, 'nl')}. Een nieuwe machtiging krijgt een eigen kenmerk.",
            f"Mandate {there.reference} is known as {_SCHEMES[there.scheme][1]}, signed on "
            f"{format_day(day, 'en')}. A new mandate gets a reference of its own.",
        )
    return None


def _make(
    stated: StatedMandate,
    debtor_id: UUID,
    *,
    creditor_id: str,
    how: str,
    now: datetime,
    actor: str,
) -> SepaMandate:
    return SepaMandate(
        id=new_id(),
        administration_id=active_administration(),
        debtor_id=debtor_id,
        reference=stated.reference,
        creditor_identifier=creditor_id,
        scheme=stated.scheme,
        iban=stated.iban.replace(" ", "").upper(),
        holder=stated.holder,
        signed_on=stated.signed_on,
        signed_how=how,
        is_one_off=stated.is_one_off,
        notice_days=stated.notice_days,
        recorded_by=actor,
        recorded_at=now,
    )


def _change(mandate: SepaMandate, stated: StatedMandate) -> dict[str, tuple[object, object]]:
    """Take over what changed, by field: what it was and is."""
    if mandate.withdrawn_on is not None:
        return {}
    told = {"iban": stated.iban.replace(" ", "").upper(), "holder": stated.holder}
    changes: dict[str, tuple[object, object]] = {
        name: (getattr(mandate, name), value)
        for name, value in told.items()
        if getattr(mandate, name) != value
    }
    if "iban" in changes and mandate.collected_times and not mandate.former_iban:
        mandate.former_iban = mandate.iban
    if stated.notice_days is not None and stated.notice_days != mandate.notice_days:
        changes["notice_days"] = (mandate.notice_days, stated.notice_days)
        mandate.notice_days = stated.notice_days
    mandate.iban, mandate.holder = told["iban"], told["holder"]
    return changes


def _tell_recorded(mandate: SepaMandate) -> Happened:
    scheme, day = _SCHEMES[mandate.scheme], mandate.signed_on
    said = Sentence(
        f"Machtiging {mandate.reference} ({scheme[0]}), getekend op {format_day(day, 'nl')}.",
        f"Mandate {mandate.reference} ({scheme[1]}), signed on {format_day(day, 'en')}.",
    )
    return _tell("mandate_recorded", mandate, said)


def _tell_changed(mandate: SepaMandate, changes: Mapping[str, tuple[object, object]]) -> Happened:
    what = Sentence(
        " De bank hoort van de nieuwe rekening bij de volgende incasso."
        if "iban" in changes and mandate.former_iban
        else "",
        " The bank is told of the new account with the next collection."
        if "iban" in changes and mandate.former_iban
        else "",
    )
    said = Sentence(
        f"Machtiging {mandate.reference} is gewijzigd.{what.nl}",
        f"Mandate {mandate.reference} was changed.{what.en}",
    )
    return _tell("mandate_changed", mandate, said, changes=changes)


def _tell(kind: str, mandate: SepaMandate, said: Sentence, **details: object) -> Happened:
    told = {"nl": said.nl, "en": said.en, **details}
    return Happened(kind, "mandate", mandate.id, mandate.debtor_id, told)


def _finish(
    happened: Sequence[Happened],
    debtor_ids: Sequence[UUID],
    *,
    today: date,
    now: datetime,
    actor: str,
) -> None:
    touch_debtors(debtor_ids)
    record(happened, today=today, now=now, actor=actor)


def _scheme_of(mandate: SepaMandate) -> Scheme:
    return "b2b" if mandate.scheme == "b2b" else "core"


def _say_no_debtor(number: str) -> Sentence:
    return Sentence(
        f"Debiteur {number} is niet bekend. Lees eerst zijn facturen in.",
        f"Debtor {number} is not known. Import his invoices first.",
    )


_SCHEMES = {"core": ("gewone incasso", "core"), "b2b": ("zakelijke incasso", "B2B")}
