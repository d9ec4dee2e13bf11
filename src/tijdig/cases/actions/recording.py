"""What every case does: lock its debtor, raise his facts, and leave an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tijdig.core.problem import Refusal, Sentence
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.models import Debtor
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

_INVOICES = """
SELECT invoice.id, invoice.open_item_id, item.debtor_id, item.kind, invoice.number,
       invoice.due_on, item.currency, item.closed_on IS NULL, (
            SELECT coalesce(sum(entry.cents), 0)::bigint FROM tijdig_entry entry
            WHERE entry.administration_id = item.administration_id
              AND entry.open_item_id = item.id)
FROM tijdig_invoice invoice
JOIN tijdig_openitem item
  ON item.administration_id = invoice.administration_id AND item.id = invoice.open_item_id
WHERE invoice.administration_id = %s AND invoice.id = ANY(%s)
ORDER BY invoice.due_on, invoice.number
"""

_UNDISPUTED = """
SELECT id, cents FROM (
    SELECT invoice.id, invoice.due_on, invoice.number, (
            SELECT coalesce(sum(entry.cents), 0)::bigint FROM tijdig_entry entry
            WHERE entry.administration_id = item.administration_id
              AND entry.open_item_id = item.id) - (
            SELECT coalesce(sum(one.cents), 0)::bigint FROM tijdig_dispute one
            WHERE one.administration_id = item.administration_id AND one.item_id = item.id
              AND one.state IN ('open', 'accepted')) AS cents
    FROM tijdig_openitem item
    JOIN tijdig_invoice invoice ON invoice.administration_id = item.administration_id
     AND invoice.open_item_id = item.id
    WHERE item.administration_id = %s AND item.debtor_id = %s AND item.kind = 'invoice'
      AND item.closed_on IS NULL AND item.currency = 'EUR'
      AND (%s::uuid IS NULL OR invoice.id = %s::uuid)
) one
WHERE cents > 0
ORDER BY due_on, number
"""


@dataclass(frozen=True, slots=True)
class LockedInvoice:
    """An open invoice whose debtor is locked, so that nothing about it moves."""

    invoice_id: UUID
    item_id: UUID
    debtor_id: UUID
    number: str
    due_on: date
    open_cents: int


def lock_invoice(invoice_id: UUID) -> LockedInvoice:
    """The invoice, its debtor locked. Refuses: what `lock_invoices` refuses."""
    return lock_invoices([invoice_id])[0]


def lock_invoices(invoice_ids: Sequence[UUID]) -> tuple[LockedInvoice, ...]:
    """The invoices, oldest first, their debtors locked.

    Refuses: one that is not there, is no invoice, is paid, or is not in euros.
    """
    wanted = [active_administration(), list(invoice_ids)]
    lock_debtors({row[2] for row in execute(_INVOICES, wanted).fetchall()})
    rows = execute(_INVOICES, wanted).fetchall()
    if not rows or len(rows) != len(set(invoice_ids)):
        raise Refusal(
            "Deze factuur is er niet. Kies een factuur van deze debiteur.",
            "This invoice is not there. Choose an invoice of this debtor.",
        )
    for row in rows:
        _check(kind=row[3], number=row[4], currency=row[6], is_open=row[7])
    return tuple(LockedInvoice(row[0], row[1], row[2], row[4], row[5], row[8]) for row in rows)


def lock_debtor(debtor_id: UUID) -> None:
    """Lock one debtor. Refuses: one that is not there."""
    lock_debtors([debtor_id])
    if not Debtor.objects.filter(id=debtor_id).exists():
        raise Refusal("Deze debiteur is er niet.", "This debtor is not there.")


def lock_part(debtor_id: UUID, invoice_id: UUID | None) -> tuple[UUID | None, int]:
    """What a case is about and the cents open on it: one item, or (None) all of the debtor.

    Refuses: what `lock_invoices` refuses, an invoice of somebody else.
    """
    if invoice_id is None:
        lock_debtor(debtor_id)
        return None, compute_open_cents(debtor_id)
    invoice = lock_invoice(invoice_id)
    if invoice.debtor_id != debtor_id:
        raise Refusal(
            f"Factuur {invoice.number} is niet van deze debiteur.",
            f"Invoice {invoice.number} is not of this debtor.",
        )
    return invoice.item_id, invoice.open_cents


def compute_open_cents(debtor_id: UUID) -> int:
    """What the debtor owes in euros on all that is open, credits taken off."""
    row = execute(
        """
        SELECT coalesce(sum(entry.cents), 0)::bigint FROM tijdig_openitem item
        JOIN tijdig_entry entry
          ON entry.administration_id = item.administration_id AND entry.open_item_id = item.id
        WHERE item.administration_id = %s AND item.debtor_id = %s AND item.closed_on IS NULL
          AND item.currency = 'EUR'
        """,
        [active_administration(), debtor_id],
    ).fetchone()
    return int(row[0]) if row else 0


def list_undisputed(debtor_id: UUID, invoice_id: UUID | None) -> tuple[tuple[UUID, int], ...]:
    """His open invoices in euros, or that one, each with the cents that nobody disputes yet."""
    rows = execute(_UNDISPUTED, [active_administration(), debtor_id, invoice_id, invoice_id])
    return tuple((row[0], row[1]) for row in rows.fetchall())


@dataclass(frozen=True, slots=True)
class Told:
    """A case's event in words for people; free text of people stays in the case itself."""

    kind: str
    case_kind: str
    case_id: UUID
    debtor_id: UUID
    sentence: Sentence
    details: Mapping[str, object] | None = None


def finish(told: Told, *, today: date, now: datetime, actor: str) -> None:
    """The facts of the debtor changed: raise their version, look at him, remember who did what."""
    touch_debtors([told.debtor_id])
    details = {"nl": told.sentence.nl, "en": told.sentence.en, **(told.details or {})}
    happened = Happened(told.kind, told.case_kind, told.case_id, told.debtor_id, details)
    record([happened], today=today, now=now, actor=actor)


def refuse_over(what_nl: str, what_en: str, *, by: str, on: date | None) -> Refusal:
    """The refusal for who comes second: the case was ended by somebody else meanwhile."""
    day = f"{on:%d-%m-%Y}" if on else ""
    return Refusal(
        f"Deze {what_nl} is al afgehandeld door {by or 'Tijdig'} op {day}. "
        "Ververs de pagina om te zien hoe.",
        f"This {what_en} was dealt with already by {by or 'Tijdig'} on {day}. "
        "Reload the page to see how.",
    )


def _check(*, kind: str, number: str, currency: str, is_open: bool) -> None:
    if kind != "invoice":
        raise Refusal(f"{number} is geen factuur.", f"{number} is not an invoice.")
    if not is_open:
        raise Refusal(
            f"Factuur {number} is al voldaan. Er is niets meer te regelen.",
            f"Invoice {number} has been settled. Nothing is left to arrange.",
        )
    if currency != "EUR":
        raise Refusal(
            f"Factuur {number} is niet in euro. Tijdig maant daar niet voor aan.",
            f"Invoice {number} is not in euros. Tijdig does not remind about it.",
        )
