"""Load what messages are made of: a fixed number of statements for any messages."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tijdig.messaging.composition import (
    Addressee,
    Composition,
    Creditor,
    Earlier,
    ListedItem,
)
from tijdig.tenants.bulk import execute
from tijdig.tenants.models import Administration
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration

_MESSAGES = """
SELECT message.id, message.text, message.tone, message.total_cents, message.payment_reference,
       message.pay_by_on, message.language, debtor.name, debtor.number, contact.name,
       contact.email, contact.street, contact.postal_code, contact.city, contact.country
FROM tijdig_message message
JOIN tijdig_debtor debtor
  ON debtor.administration_id = message.administration_id AND debtor.id = message.debtor_id
JOIN tijdig_contact contact
  ON contact.administration_id = debtor.administration_id AND contact.debtor_id = debtor.id
WHERE message.administration_id = %s AND message.id = ANY(%s)
"""

_ITEMS = """
SELECT listed.message_id, invoice.number, listed.cents, invoice.issued_on, invoice.due_on,
       invoice.invoiced_cents, invoice.order_reference, invoice.customer_reference
FROM tijdig_messageitem listed
JOIN tijdig_invoice invoice
  ON invoice.administration_id = listed.administration_id
 AND invoice.open_item_id = listed.open_item_id
WHERE listed.administration_id = %s AND listed.message_id = ANY(%s)
ORDER BY listed.message_id, invoice.due_on, invoice.number
"""

_EARLIER = """
SELECT message.id, before.step_key, before.planned_on, before.channel
FROM tijdig_message message
JOIN tijdig_message before
  ON before.administration_id = message.administration_id
 AND before.debtor_id = message.debtor_id AND before.id <> message.id
 AND before.carrying_item_id = message.carrying_item_id
 AND before.reopen_count = message.reopen_count
 AND before.state IN ('accepted', 'delivered')
WHERE message.administration_id = %s AND message.id = ANY(%s)
ORDER BY message.id, before.planned_on, before.id
"""


def load_compositions(message_ids: Sequence[UUID], *, written_on: date) -> dict[UUID, Composition]:
    """Each message's composition by its id, with the amounts that it lists."""
    administration_id = active_administration()
    parameters = [administration_id, list(message_ids)]
    creditor = describe_creditor(load_administration())
    hand_over_to = load_administration().hand_over_to
    items: defaultdict[UUID, list[ListedItem]] = defaultdict(list)
    for message_id, number, cents, *rest in execute(_ITEMS, parameters).fetchall():
        issued_on, due_on, invoiced_cents, order_reference, customer_reference = rest
        items[message_id].append(
            ListedItem(
                number=number,
                is_credit_note=cents < 0,
                issued_on=issued_on,
                due_on=due_on,
                invoiced_cents=invoiced_cents,
                open_cents=cents,
                order_reference=order_reference,
                customer_reference=customer_reference,
            )
        )
    earlier: defaultdict[UUID, list[Earlier]] = defaultdict(list)
    for message_id, step_key, on, channel in execute(_EARLIER, parameters).fetchall():
        earlier[message_id].append(Earlier(step_key, on, channel))
    return {
        row[0]: Composition(
            text=row[1],
            tone=row[2],
            written_on=written_on,
            creditor=creditor,
            addressee=Addressee(
                name=row[7],
                number=row[8],
                contact_name=row[9],
                email=row[10],
                street=row[11],
                postal_code=row[12],
                city=row[13],
                country=row[14] or "NL",
                language=row[6],
            ),
            items=tuple(items[row[0]]),
            total_cents=row[3],
            payment_reference=row[4],
            pay_by_on=row[5],
            earlier=tuple(earlier[row[0]]),
            hand_over_to=hand_over_to,
        )
        for row in execute(_MESSAGES, parameters).fetchall()
    }


def describe_creditor(administration: Administration) -> Creditor:
    """The administration as it signs its messages."""
    return Creditor(
        name=administration.name,
        iban=administration.iban,
        account_name=administration.account_name or administration.name,
        email=administration.email,
        phone=administration.phone,
        website=administration.website,
        street=administration.street,
        postal_code=administration.postal_code,
        city=administration.city,
        country=administration.country,
        kvk_number=administration.kvk_number,
        vat_number=administration.vat_number,
    )
