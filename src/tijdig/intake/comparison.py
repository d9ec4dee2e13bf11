"""Whether a record says something new about an invoice that we know; pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence
from tijdig.core.standing_terms import StandingTerm
from tijdig.intake.records import InvoiceRecord


@dataclass(frozen=True, slots=True)
class KnownInvoice:
    """An invoice in the ledger, as far as a file can contradict it."""

    invoice_id: UUID
    open_item_id: UUID
    debtor_id: UUID
    kind: str
    number: str
    issued_on: date
    due_on: date
    currency: str
    invoiced_cents: int
    order_reference: str = ""
    customer_reference: str = ""
    payment_reference: str = ""
    credited_number: str = ""
    by_direct_debit: bool = False
    g_account_iban: str = ""
    g_account_cents: int | None = None
    vat_cents: int | None = None
    term: str = "stated"


def state_terms(record: InvoiceRecord) -> dict[str, object]:
    """Everything that may rightly change on an invoice later, as far as the record states it."""
    stated: dict[str, object] = {
        field: getattr(record, field)
        for field in (
            "due_on",
            "order_reference",
            "customer_reference",
            "payment_reference",
            "credited_number",
        )
        if getattr(record, field)
    }
    if record.due_on:
        stated["term"] = "stated"
    if record.direct_debit_mandate:
        stated["by_direct_debit"] = True
    if record.vat_cents is not None:
        stated["vat_cents"] = record.vat_cents
    if record.g_account:
        stated["g_account_iban"] = record.g_account.iban
        stated["g_account_cents"] = record.g_account.amount_cents
    return stated


def find_changes(
    record: InvoiceRecord, known: KnownInvoice, *, standing: StandingTerm | None
) -> dict[str, object]:
    """The fields in which a record says something else than we know, with their new values.

    How a due date came to be goes with the day: the same day leaves what a person said of it, but
    a day that we had to assume and that a file now states is stated from then on. A file shortens
    no agreed term; a later day is agreed too where the debtor's `standing` term is.
    """
    stated = state_terms(record)
    if record.due_on and known.term == "agreed":
        if record.due_on < known.due_on:
            del stated["due_on"], stated["term"]
        elif standing is not None and standing.is_agreed:
            stated["term"] = "agreed"
    changes = {field: value for field, value in stated.items() if value != getattr(known, field)}
    if "due_on" not in changes and known.term != "assumed":
        changes.pop("term", None)
    return changes


def find_contradiction(
    record: InvoiceRecord, known: KnownInvoice, *, debtor_id: UUID
) -> Sentence | None:
    """Why this record cannot be the invoice that we know under its number; None when it can."""
    number = record.number
    if debtor_id != known.debtor_id:
        return Sentence(
            f"Factuur {number} bestaat al voor een andere debiteur. Controleer het nummer.",
            f"Invoice {number} exists already for another debtor. Check the number.",
        )
    if record.kind != known.kind or record.currency != known.currency:
        return Sentence(
            f"Nummer {number} bestaat al als ander soort stuk of in een andere munt. "
            "Controleer het nummer.",
            f"Number {number} exists already as another kind of document or in another "
            "currency. Check the number.",
        )
    if record.total_is_stated and record.total_cents != known.invoiced_cents:
        return Sentence(
            f"Factuur {number} bestaat al met een ander bedrag: "
            f"{format_euros(known.invoiced_cents)}, en hier {format_euros(record.total_cents)}. "
            "Controleer het nummer, of maak een creditnota.",
            f"Invoice {number} exists already with another amount: "
            f"{format_euros(known.invoiced_cents)}, and here {format_euros(record.total_cents)}. "
            "Check the number, or make a credit note.",
        )
    if abs(record.open_cents) > abs(known.invoiced_cents):
        return Sentence(
            f"Van factuur {number} staat hier meer open ({format_euros(record.open_cents)}) dan "
            f"er is gefactureerd ({format_euros(known.invoiced_cents)}). Controleer het bedrag.",
            f"More is open on invoice {number} here ({format_euros(record.open_cents)}) than was "
            f"invoiced ({format_euros(known.invoiced_cents)}). Check the amount.",
        )
    if record.issue_day_is_stated and record.issued_on != known.issued_on:
        return Sentence(
            f"Factuur {number} bestaat al met een andere factuurdatum "
            f"({known.issued_on:%d-%m-%Y}, en hier {record.issued_on:%d-%m-%Y}). "
            "Controleer het nummer.",
            f"Invoice {number} exists already with another date "
            f"({known.issued_on:%d-%m-%Y}, and here {record.issued_on:%d-%m-%Y}). "
            "Check the number.",
        )
    return None
