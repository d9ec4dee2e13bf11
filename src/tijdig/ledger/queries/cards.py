"""One debtor or invoice in full, with its documents."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from tijdig.core.email_addresses import is_email_address
from tijdig.core.protection import ACTS_FIRST, REPRESENTED
from tijdig.ledger.belongings.models import DebtorIban, InvoiceDocument, Look
from tijdig.ledger.models import Contact, Debtor, DebtorFlag, OpenItem
from tijdig.ledger.queries.sql import INVOICES, balance_of, fetch
from tijdig.tenants.scope import active_administration


@dataclass(frozen=True, slots=True)
class DebtorCard:
    """One debtor with how to reach him; empty strings are unknown."""

    id: UUID
    number: str
    name: str
    kind: str
    language: str
    kvk_number: str
    vat_number: str
    preferred_channel: str
    next_look_on: date | None
    standing_reason: str
    contact_name: str
    email: str
    email_failed_on: date | None
    phone: str
    street: str
    postal_code: str
    city: str
    country: str
    set_by_person: bool
    ibans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvoiceCard:
    """One invoice as the paper and the ledger say it; the books' balance where they gave one."""

    id: UUID
    item_id: UUID
    number: str
    kind: str
    debtor_id: UUID
    debtor_number: str
    debtor_name: str
    issued_on: date
    due_on: date
    term: str
    invoiced_cents: int
    open_cents: int
    closed_on: date | None
    currency: str
    order_reference: str
    customer_reference: str
    payment_reference: str
    credited_number: str
    by_direct_debit: bool
    g_account_iban: str
    g_account_cents: int | None
    terms_note: str
    imported_on: date
    books_as_of: date | None
    books_open_cents: int | None
    books_differ: bool


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document that came with an invoice, without its content."""

    id: UUID
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A document with its content."""

    name: str
    media_type: str
    content: bytes


def find_debtor(number: str) -> DebtorCard | None:
    """The debtor with this number, with his contact and the accounts he pays from."""
    debtor = Debtor.objects.filter(number=number).first()
    if debtor is None:
        return None
    look = Look.objects.get(id=debtor.id)
    contact = Contact.objects.filter(debtor=debtor).first() or Contact(country="NL")
    ibans = DebtorIban.objects.filter(debtor=debtor).order_by("iban").values_list("iban", flat=True)
    return DebtorCard(
        id=debtor.id,
        number=debtor.number,
        name=debtor.name,
        kind=debtor.kind,
        language=debtor.language,
        kvk_number=debtor.kvk_number,
        vat_number=debtor.vat_number,
        preferred_channel=debtor.preferred_channel,
        next_look_on=look.next_look_on,
        standing_reason=look.standing_reason,
        contact_name=contact.name,
        email=contact.email,
        email_failed_on=contact.email_failed_on,
        phone=contact.phone,
        street=contact.street,
        postal_code=contact.postal_code,
        city=contact.city,
        country=contact.country,
        set_by_person=contact.set_by_person,
        ibans=tuple(ibans),
    )


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a debtor lives, as far as known; the country is a code of two letters."""

    street: str
    postal_code: str
    city: str
    country: str


def load_postal_addresses(debtor_ids: Collection[UUID]) -> dict[UUID, PostalAddress]:
    """The addresses of these debtors, of those that have one."""
    rows = Contact.objects.filter(debtor_id__in=debtor_ids).exclude(city="")
    fields = ("debtor_id", "street", "postal_code", "city", "country")
    return {row[0]: PostalAddress(*row[1:]) for row in rows.values_list(*fields)}


def has_postal_address(debtor_id: UUID) -> bool:
    """Whether a letter can reach this debtor."""
    known = Contact.objects.filter(debtor_id=debtor_id, address_failed_on=None)
    return known.exclude(street="").exclude(city="").exists()


@dataclass(frozen=True, slots=True)
class FailedAddress:
    """Mail about a debtor who owes something, and who is written to by mail, comes back since then.

    `since_on` None: it never went, for the address cannot be one. `representative` names whose
    address it is where somebody is written to in his place.
    """

    number: str
    name: str
    email: str
    since_on: date | None
    representative: str
    is_instead: bool


def list_failed_addresses(*, limit: int) -> tuple[FailedAddress, ...]:
    """Addresses of debtors who owe something that do not work, the latest first."""
    contacts = _failed_contacts().annotate(whose=Value(""), is_instead=Value(False))
    flags = _failed_flags().annotate(whose=F("representative"), is_instead=Value(True))
    columns = ("debtor__number", "debtor__name", "email", "email_failed_on", "whose", "is_instead")
    found = contacts.values_list(*columns).union(flags.values_list(*columns), all=True)
    failed = [FailedAddress(*row) for row in found.order_by("-email_failed_on", "whose")[:limit]]
    return (*_list_impossible(), *failed)[:limit]


def count_failed_addresses() -> int:
    """How many addresses of debtors who owe something do not work."""
    return len(_list_impossible()) + _failed_contacts().count() + _failed_flags().count()


def _list_impossible() -> tuple[FailedAddress, ...]:
    """The addresses that cannot be one, of those whom the last look held back for it."""
    held = Look.objects.filter(id=OuterRef("debtor_id"), standing_reason="stop_dead_address")
    waiting = _without_letters(Contact.objects.filter(Exists(held), email_failed_on=None))
    rows = waiting.order_by("debtor__number").values_list("debtor__number", "debtor__name", "email")
    return tuple(
        FailedAddress(number, name, email, None, "", False)
        for number, name, email in rows
        if not is_email_address(email)
    )


def _failed_contacts() -> QuerySet[Contact]:
    return _without_letters(Contact.objects.filter(_owing(), email_failed_on__isnull=False))


def _without_letters(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Where somebody chose letters, there is nothing left to do."""
    by_letter = ~Q(street="") & ~Q(city="") & Q(address_failed_on=None)
    return contacts.exclude(by_letter, debtor__preferred_channel="letter")


def _failed_flags() -> QuerySet[DebtorFlag]:
    standing = DebtorFlag.objects.filter(lifted_on=None, email_failed_on__isnull=False)
    return standing.filter(_owing())


def _owing() -> Exists:
    return Exists(OpenItem.objects.filter(debtor_id=OuterRef("debtor_id"), closed_on=None))


@dataclass(frozen=True, slots=True)
class Called:
    """Whom to call about a debtor: himself, or who acts for him; an empty number is unknown."""

    phone: str
    acts_for_him: bool = False
    name: str = ""


def list_called(debtor_ids: tuple[UUID, ...], *, on: date) -> dict[UUID, Called]:
    """Whom to call about each of these debtors on a day.

    Where a bewindvoerder or curator acts for him it is never the debtor himself, as with messages.
    """
    rows = Contact.objects.filter(debtor_id__in=debtor_ids)
    called = {
        debtor_id: Called(phone) for debtor_id, phone in rows.values_list("debtor_id", "phone")
    }
    flags = DebtorFlag.objects.filter(
        debtor_id__in=debtor_ids, kind__in=REPRESENTED, lifted_on=None
    )
    standing = flags.filter(Q(until_on=None) | Q(until_on__gte=on), from_on__lte=on)
    # The last one counts: who acts first, else who began first.
    latest_first = standing.order_by("-from_on", "-id")
    for one in sorted(latest_first, key=lambda flag: flag.kind == ACTS_FIRST):
        called[one.debtor_id] = Called(one.phone, True, one.representative)
    return called


def find_invoice(number: str) -> InvoiceCard | None:
    """The invoice with this number, and the balance that the books last gave."""
    sql = f"""
        SELECT v.id, i.id, v.number, i.kind, d.id, d.number, d.name, v.issued_on, v.due_on, v.term,
               v.invoiced_cents, {balance_of("v", "v.open_item_id")}, i.closed_on,
               i.currency, v.order_reference, v.customer_reference, v.payment_reference,
               v.credited_number, v.by_direct_debit, v.g_account_iban, v.g_account_cents,
               v.terms_note, v.imported_on, b.as_of, b.open_cents, coalesce(b.differs, false)
        {INVOICES}
        LEFT JOIN tijdig_bookbalance b
          ON b.administration_id = i.administration_id AND b.open_item_id = i.id
        WHERE v.administration_id = %(administration)s AND v.number = %(number)s
    """
    rows = fetch(sql, {"administration": active_administration(), "number": number})
    return InvoiceCard(*rows[0]) if rows else None


def list_documents_of(invoice_id: UUID) -> tuple[DocumentRow, ...]:
    """The documents that came with an invoice."""
    rows = InvoiceDocument.objects.filter(invoice_id=invoice_id).order_by("id")
    return tuple(DocumentRow(*row) for row in rows.values_list("id", "name", "media_type"))


def find_document(document_id: UUID) -> DocumentFile | None:
    """One document with its content."""
    found = InvoiceDocument.objects.filter(id=document_id).first()
    if found is None:
        return None
    return DocumentFile(found.name, found.media_type, bytes(found.content))
