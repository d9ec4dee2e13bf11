"""Register debtors from what files say, and change how they are reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from tijdig.core.creditor_rules import is_consumer
from tijdig.core.email_addresses import is_email_address
from tijdig.core.problem import Refusal, Sentence
from tijdig.ledger.actions.claims import withdraw_business_costs
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.belongings.models import DebtorIban
from tijdig.ledger.models import Contact, Debtor, DebtorFlag
from tijdig.ledger.queries.kinds import load_kinds
from tijdig.tenants.bulk import insert_rows, update_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

_NO_BUSINESS = Sentence(
    "De klant is geen bedrijf of overheid: zonder veertiendagenbrief zijn er geen kosten.",
    "The customer is no business or public body: without a fourteen-day letter there are no costs.",
)
CONTACT_FIELDS = ("name", "email", "phone", "street", "postal_code", "city", "country")
ADDRESS_FIELDS = frozenset(("street", "postal_code", "city", "country"))


@dataclass(frozen=True, slots=True)
class StatedDebtor:
    """A debtor as a file states him; empty strings where it says nothing.

    `invoice_numbers` are those of the invoices that the file says are his.
    """

    name: str
    number: str = ""
    kind: str = "unknown"
    kvk_number: str = ""
    vat_number: str = ""
    contact_name: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    ibans: tuple[str, ...] = ()
    invoice_numbers: tuple[str, ...] = ()

    def contact(self) -> dict[str, str]:
        """The stated ways to reach him, by contact field; what is not stated is left out."""
        stated = {"name": self.contact_name}
        stated |= {field: getattr(self, field) for field in CONTACT_FIELDS[1:]}
        return {field: value for field, value in stated.items() if value}


@dataclass(slots=True)
class _Known:
    """Debtors and their contacts, by each of the marks that a file may know them by."""

    contacts: dict[UUID, Contact]
    by_number: dict[str, Debtor]
    by_mark: dict[tuple[str, str], Debtor]
    by_invoice: dict[str, Debtor]

    def find(self, stated: StatedDebtor) -> Debtor | None:
        """The debtor meant: by number, else by KvK or VAT number, else by name and postal code.

        Where none of these is stated alike, one of the same name who owes the same invoice. One
        that the bookkeeping numbers otherwise is somebody else.
        """
        if stated.number and stated.number in self.by_number:
            return self.by_number[stated.number]
        marks = _marks(stated.kvk_number, stated.vat_number, stated.name, stated.postal_code)
        found = next((self.by_mark[mark] for mark in marks if mark in self.by_mark), None)
        found = found or self._find_by_invoice(stated)
        if found is None or (stated.number and not found.number_is_ours):
            return None
        return found

    def _find_by_invoice(self, stated: StatedDebtor) -> Debtor | None:
        owners = (self.by_invoice.get(number) for number in stated.invoice_numbers)
        name = _plain_name(stated.name)
        return next((one for one in owners if one and _plain_name(one.name) == name), None)

    def add(self, debtor: Debtor, contact: Contact) -> None:
        self.contacts[debtor.id] = contact
        self.by_number[debtor.number] = debtor
        for mark in _marks(debtor.kvk_number, debtor.vat_number, debtor.name, contact.postal_code):
            self.by_mark.setdefault(mark, debtor)


def register_debtors(
    stated: Sequence[StatedDebtor],
    *,
    owners: Mapping[str, UUID],
    today: date,
    now: datetime,
    actor: str,
) -> tuple[UUID, ...]:
    """The id of the debtor that each entry of `stated` means, in order.

    Who is not known yet is made. What a person typed in is never overwritten by a file. `owners`
    says by number who owes the invoices that are known already. Costs that only a business owes are
    taken back from who is none by this file.
    """
    known = _load_known(stated, owners)
    next_number = _next_own_number()
    made: list[Debtor] = []
    changed: dict[UUID, dict[str, tuple[str, str]]] = {}
    found = []
    for one in stated:
        debtor = known.find(one)
        if debtor is None:
            debtor = _new_debtor(one, next_number)
            next_number += debtor.number_is_ours
            made.append(debtor)
            known.add(debtor, _new_contact(debtor, one))
        elif what := _complete(debtor, known.contacts[debtor.id], one):
            changed[debtor.id] = changed.get(debtor.id, {}) | what
            known.add(debtor, known.contacts[debtor.id])
        for number in one.invoice_numbers:
            known.by_invoice.setdefault(number, debtor)
        found.append(debtor)
    for debtor in made:
        changed.pop(debtor.id, None)
    _store(made, known)
    _store_changes([one for one in {d.id: d for d in found}.values() if one.id in changed], known)
    _learn_ibans(stated, found)
    touch_debtors(changed)
    who = [debtor_id for debtor_id, what in changed.items() if "kind" in what]
    _take_back_from_consumers(who, today=today, now=now, actor=actor)
    record(
        [
            Happened("debtor_changed", "debtor", debtor_id, debtor_id, {"changes": what})
            for debtor_id, what in changed.items()
        ],
        today=today,
        now=now,
        actor=actor,
    )
    return tuple(one.id for one in found)


def change_contact(
    debtor_id: UUID, changes: Mapping[str, str], *, today: date, now: datetime, actor: str
) -> None:
    """A person says how to reach this debtor; files will not overwrite it.

    An e-mail address that he confirms although mail came back from it is tried again. Refuses
    fields that a contact does not have.
    """
    unknown = set(changes) - set(CONTACT_FIELDS)
    if unknown:
        raise Refusal(
            f"Dit kunt u hier niet wijzigen: {', '.join(sorted(unknown))}.",
            f"You cannot change this here: {', '.join(sorted(unknown))}.",
        )
    lock_debtors([debtor_id])
    contact = _load_contacts([debtor_id])[debtor_id]
    what = {
        field: (getattr(contact, field), value)
        for field, value in changes.items()
        if getattr(contact, field) != value
    }
    is_tried_again = "email" in changes and contact.email_failed_on is not None
    if not what and not is_tried_again:
        return
    for field, (_, value) in what.items():
        setattr(contact, field, value)
    if "email" in what or is_tried_again:
        contact.email_failed_on = None
    if what.keys() & ADDRESS_FIELDS:
        contact.address_failed_on = None
    contact.set_by_person = True
    contact.save()
    touch_debtors([debtor_id])
    happened = Happened("debtor_changed", "debtor", debtor_id, debtor_id, {"changes": what})
    record([happened] if what else [], today=today, now=now, actor=actor)


def mark_email_failed(debtor_id: UUID, *, address: str | None, today: date) -> None:
    """Mail about this debtor came back for good from an address: it is not used again.

    It is his own, or that of who represents him; where it is not known any more (None), his own.
    """
    lock_debtors([debtor_id])
    own = Contact.objects.filter(debtor_id=debtor_id, email_failed_on=None)
    if address is not None:
        own = own.filter(email__iexact=address)
        flags = DebtorFlag.objects.filter(debtor_id=debtor_id, lifted_on=None, email_failed_on=None)
        flags.filter(email__iexact=address).update(email_failed_on=today)
    own.update(email_failed_on=today)
    touch_debtors([debtor_id])


def mark_address_failed(debtor_id: UUID, *, today: date) -> None:
    """Post to this debtor's address came back: no letters go there until it is changed."""
    lock_debtors([debtor_id])
    contact = Contact.objects.filter(debtor_id=debtor_id, address_failed_on=None)
    contact.update(address_failed_on=today)
    touch_debtors([debtor_id])


def confirm_kind(debtor_id: UUID, kind: str, *, today: date, now: datetime, actor: str) -> None:
    """A person says who this debtor is in law; from now on that counts.

    Costs that only a business owes are taken back from who turns out to be a consumer, or may well
    be one: he owes them after a letter only (BW 6:96 lid 5-6). Refuses an unknown kind.
    """
    if kind not in Debtor.Kind.values:
        raise Refusal(
            "Kies wie deze klant is: consument, bedrijf, overheid of onbekend.",
            "Choose who this customer is: consumer, business, public body or unknown.",
        )
    lock_debtors([debtor_id])
    debtor = Debtor.objects.get(id=debtor_id)
    before = debtor.kind
    debtor.kind = kind
    debtor.kind_confirmed_by, debtor.kind_confirmed_on = actor[:100], today
    debtor.save(update_fields=["kind", "kind_confirmed_by", "kind_confirmed_on"])
    touch_debtors([debtor_id])
    details = {"changes": {"kind": (before, kind)}}
    happened = Happened("debtor_changed", "debtor", debtor_id, debtor_id, details)
    record([happened], today=today, now=now, actor=actor)
    _take_back_from_consumers([debtor_id], today=today, now=now, actor=actor)


def _take_back_from_consumers(
    debtor_ids: Sequence[UUID], *, today: date, now: datetime, actor: str
) -> None:
    """Who is no business, or may be none, owes no costs without a letter (BW 6:96 lid 5-6)."""
    kinds = load_kinds(debtor_ids) if debtor_ids else {}
    for debtor_id in sorted(kinds):
        if is_consumer(kinds[debtor_id]):
            withdraw_business_costs(
                debtor_id, because=_NO_BUSINESS, today=today, now=now, actor=actor
            )


def _marks(kvk_number: str, vat_number: str, name: str, postal_code: str) -> list[tuple[str, str]]:
    """What tells a debtor apart besides his number, the surest first."""
    marks = [("kvk", kvk_number)] if kvk_number else []
    marks += [("vat", vat_number)] if vat_number else []
    where = postal_code.replace(" ", "").upper()
    return [*marks, ("name", f"{_plain_name(name)} {where}")]


def _plain_name(name: str) -> str:
    return " ".join(name.lower().split())


def _load_known(stated: Sequence[StatedDebtor], owners: Mapping[str, UUID]) -> _Known:
    """Every debtor that any of these entries could mean, locked: nobody edits him meanwhile."""
    debtors = Debtor.objects.annotate(name_key=Lower("name")).filter(
        Q(number__in={one.number for one in stated if one.number})
        | Q(kvk_number__in={one.kvk_number for one in stated if one.kvk_number})
        | Q(vat_number__in={one.vat_number for one in stated if one.vat_number})
        | Q(name_key__in={one.name.lower() for one in stated})
        | Q(id__in=set(owners.values()))
    )
    found = sorted(
        debtors.order_by("id").select_for_update(no_key=True), key=lambda one: one.number
    )
    contacts = _load_contacts([one.id for one in found])
    known = _Known({}, {}, {}, {})
    for debtor in found:
        known.add(debtor, contacts[debtor.id])
    by_id = {debtor.id: debtor for debtor in found}
    known.by_invoice.update({number: by_id[owner] for number, owner in owners.items()})
    return known


def _load_contacts(debtor_ids: Sequence[UUID]) -> dict[UUID, Contact]:
    """The contact of each of these debtors; an empty one is made for who has none."""
    found = {one.debtor_id: one for one in Contact.objects.filter(debtor_id__in=debtor_ids)}
    for debtor_id in debtor_ids:
        if debtor_id not in found:
            found[debtor_id] = Contact.objects.create(
                administration_id=active_administration(), debtor_id=debtor_id
            )
    return found


def _next_own_number() -> int:
    """The next of the numbers `D00001`, `D00002` … for debtors whom the books give none."""
    last = (
        Debtor.objects.filter(number_is_ours=True)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return int(last[1:]) + 1 if last else 1


def _new_debtor(stated: StatedDebtor, next_number: int) -> Debtor:
    return Debtor(
        administration_id=active_administration(),
        number=stated.number or f"D{next_number:05d}",
        number_is_ours=not stated.number,
        name=stated.name,
        kind=stated.kind,
        kvk_number=stated.kvk_number,
        vat_number=stated.vat_number,
    )


def _new_contact(debtor: Debtor, stated: StatedDebtor) -> Contact:
    return Contact(
        administration_id=active_administration(), debtor_id=debtor.id, **stated.contact()
    )


def _complete(debtor: Debtor, contact: Contact, stated: StatedDebtor) -> dict[str, tuple[str, str]]:
    """Take over what the file states otherwise; what changed, from and to."""
    what = {}
    marks = {"name": stated.name, "kvk_number": stated.kvk_number, "vat_number": stated.vat_number}
    if debtor.number_is_ours and stated.number:
        what["number"] = (debtor.number, stated.number)
        debtor.number, debtor.number_is_ours = stated.number, False
    # Two files that do not agree make him a consumer, in whatever order; a person's word stays.
    is_doubted = stated.kind == "consumer" and debtor.kind_confirmed_on is None
    if stated.kind != "unknown" and (debtor.kind == "unknown" or is_doubted):
        marks["kind"] = stated.kind
    for field, value in marks.items():
        if value and value != getattr(debtor, field):
            what[field] = (getattr(debtor, field), value)
            setattr(debtor, field, value)
    for field, value in stated.contact().items():
        before = getattr(contact, field)
        # Also what a person left empty was left empty on purpose: an address taken out stays out.
        if value == before or contact.set_by_person:
            continue
        if field == "email" and is_email_address(before) and not is_email_address(value):
            continue
        what[f"contact_{field}"] = (before, value)
        setattr(contact, field, value)
        if field == "email":
            contact.email_failed_on = None
        if field in ADDRESS_FIELDS:
            contact.address_failed_on = None
    return what


def _store(made: Sequence[Debtor], known: _Known) -> None:
    columns = "id administration number number_is_ours name kind language kvk_number vat_number"
    columns += " preferred_channel facts_version"
    _insert(Debtor, columns.split(), made)
    contacts = [known.contacts[one.id] for one in made]
    columns = "id administration debtor email_failed_on set_by_person"
    _insert(Contact, [*columns.split(), *CONTACT_FIELDS], contacts)


def _insert(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[models.Model]
) -> None:
    names = [field.attname for field in model._meta.concrete_fields if field.name in columns]
    insert_rows(model, names, [tuple(getattr(row, name) for name in names) for row in rows])


def _store_changes(changed: Sequence[Debtor], known: _Known) -> None:
    columns = ("number", "number_is_ours", "name", "kind", "kvk_number", "vat_number")
    update_rows(
        Debtor,
        columns,
        [(one.id, *(getattr(one, column) for column in columns)) for one in changed],
    )
    contacts = [known.contacts[one.id] for one in changed]
    ways = (*CONTACT_FIELDS, "email_failed_on", "address_failed_on")
    update_rows(
        Contact,
        ways,
        [(one.id, *(getattr(one, column) for column in ways)) for one in contacts],
    )


def _learn_ibans(stated: Sequence[StatedDebtor], found: Sequence[Debtor]) -> None:
    administration_id = active_administration()
    pairs = {
        (iban, debtor.id) for one, debtor in zip(stated, found, strict=True) for iban in one.ibans
    }
    insert_rows(
        DebtorIban,
        ("id", "administration", "debtor", "iban", "learned_from"),
        [(new_id(), administration_id, debtor_id, iban, "books") for iban, debtor_id in pairs],
        unless_there=True,
    )
