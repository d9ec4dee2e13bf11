"""What goes out of a message: its frozen words, who sends it, and what goes along."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from tijdig.ledger.belongings.models import InvoiceDocument
from tijdig.messaging.channels.envelope import Attachment, Envelope
from tijdig.tenants.bulk import execute
from tijdig.tenants.models import Administration
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration

# Invoices go along up to this size; a larger mail is refused by many servers.
MOST_ATTACHED_BYTES = 5 * 1024 * 1024

# The bounds, and nothing dearer, lead to the key: see `claims`.
_BODIES = """
SELECT message_id, recipient, subject, text, html, pdf FROM tijdig_messagebody
WHERE administration_id = %s AND message_id BETWEEN %s AND %s
  AND message_id IN (SELECT unnest(%s::uuid[]))
"""


def load_envelopes(channels: Mapping[UUID, str], *, now: datetime) -> dict[UUID, Envelope]:
    """What goes out of messages, given with the channel by which each goes; at least one."""
    ids = list(channels)
    administration = load_administration()
    attachments = _load_attachments(ids)
    rows = execute(_BODIES, [active_administration(), min(ids), max(ids), ids]).fetchall()
    sender = sender_of(administration)
    domain = sender.rpartition("@")[2] or "tijdig.invalid"
    return {
        message_id: Envelope(
            message_id=f"<{message_id}.{channels[message_id]}@{domain}>",
            sender=sender,
            sender_name=administration.name,
            recipient=recipient,
            reply_to=administration.email,
            subject=subject,
            text=text,
            html=html,
            written_at=now,
            attachments=_attach_letter(message_id, pdf) or attachments.get(message_id, ()),
        )
        for message_id, recipient, subject, text, html, pdf in rows
    }


def _attach_letter(message_id: UUID, pdf: bytes | None) -> tuple[Attachment, ...]:
    return (Attachment(f"{message_id}.pdf", "application/pdf", pdf),) if pdf else ()


def sender_of(administration: Administration) -> str:
    """The address that mail comes from: the installation's, else the administration's own."""
    from django.conf import settings

    return settings.MAIL_FROM or administration.email


def _load_attachments(message_ids: list[UUID]) -> dict[UUID, tuple[Attachment, ...]]:
    """The invoices themselves, as far as we have them and they fit."""
    rows = execute(
        """
        SELECT message.id, document.id
        FROM tijdig_message message
        CROSS JOIN unnest(message.listed_items) AS listed (item_id)
        JOIN tijdig_invoice invoice
          ON invoice.administration_id = message.administration_id
         AND invoice.open_item_id = listed.item_id
        JOIN tijdig_invoicedocument document
          ON document.administration_id = invoice.administration_id
         AND document.invoice_id = invoice.id AND document.media_type = 'application/pdf'
        WHERE message.administration_id = %s AND message.id BETWEEN %s AND %s
          AND message.id IN (SELECT unnest(%s::uuid[]))
        ORDER BY message.id, document.id
        """,
        [active_administration(), min(message_ids), max(message_ids), message_ids],
    ).fetchall()
    documents = InvoiceDocument.objects.in_bulk([row[1] for row in rows])
    found: dict[UUID, tuple[Attachment, ...]] = {}
    for message_id, document_id in rows:
        one = documents[document_id]
        so_far = found.get(message_id, ())
        if sum(len(a.content) for a in so_far) + len(one.content) <= MOST_ATTACHED_BYTES:
            attachment = Attachment(one.name, one.media_type, bytes(one.content))
            found[message_id] = (*so_far, attachment)
    return found
