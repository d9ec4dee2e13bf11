"""What an invoice file says, before anything is stored: the parsers' common output."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tijdig.core.problem import Problem

DebtorKind = Literal["consumer", "business", "public_body", "unknown"]
RecordKind = Literal["invoice", "credit_note"]


@dataclass(frozen=True, slots=True)
class Party:
    """The debtor as a file names him; empty strings where the file says nothing.

    `number` is the debtor number in the bookkeeping. `country` is ISO 3166 alpha-2.
    `kind` is "unknown" unless the file proves it (a KvK or VAT number: business; an OIN: public).
    """

    name: str
    number: str = ""
    kind: DebtorKind = "unknown"
    kvk_number: str = ""
    vat_number: str = ""
    oin: str = ""
    email: str = ""
    phone: str = ""
    contact_name: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    ibans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that came inside the file (most often the invoice as PDF)."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class GAccount:
    """The part of an invoice that is due on a blocked account (g-rekening)."""

    iban: str
    amount_cents: int
    payment_reference: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceRecord:
    """One invoice or credit note as the file states it.

    All amounts are signed whole cents in `currency`: a claim is positive, a credit note negative.
    `total_cents` is what was invoiced including VAT; `open_cents` what is still to be paid
    (UBL: PayableAmount; a list of open items: the open column). `due_on` is None where the file
    gives no date; `place` says where in the file the record stands. `total_is_stated` and
    `issue_day_is_stated` are False where the file gave no such figure and another stands in for it.
    `discount_cents` may be kept by who pays on `discount_until` or before. `vat_cents` is the VAT
    in `total_cents`, signed alike; None where the file does not say it.
    """

    number: str
    kind: RecordKind
    issued_on: date
    due_on: date | None
    currency: str
    total_cents: int
    open_cents: int
    debtor: Party
    place: str
    creditor_name: str = ""
    creditor_iban: str = ""
    creditor_kvk_number: str = ""
    creditor_vat_number: str = ""
    order_reference: str = ""
    customer_reference: str = ""
    payment_reference: str = ""
    credited_number: str = ""
    terms_note: str = ""
    discount_cents: int = 0
    discount_until: date | None = None
    g_account: GAccount | None = None
    direct_debit_mandate: str = ""
    attachments: tuple[Attachment, ...] = ()
    vat_cents: int | None = None
    total_is_stated: bool = True
    issue_day_is_stated: bool = True


@dataclass(frozen=True, slots=True)
class MandateRecord:
    """A SEPA mandate as a list states it; `place` says where the row stands."""

    reference: str
    debtor_number: str
    iban: str
    holder: str
    signed_on: date
    scheme: Literal["core", "b2b"]
    is_one_off: bool
    place: str


@dataclass(frozen=True, slots=True)
class MandateFile:
    """The mandates of a list, and what is wrong with the rest."""

    format: str
    records: tuple[MandateRecord, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class InvoiceFile:
    """Everything one file yields: records that can come in, and what is wrong with the rest.

    `format` is the parser's name ("ubl", "csv", "xlsx"). `full_list` is True when the file states
    every open item of its source, so that what is missing from it has been settled in the books.
    `source_key` is the same for every file of one shape ("" where each file stands alone).
    `refused_rows` counts the rows of a list that do not come in, whatever number of reasons.
    """

    format: str
    records: tuple[InvoiceRecord, ...]
    problems: tuple[Problem, ...]
    full_list: bool = False
    source_key: str = ""
    refused_rows: int = 0
