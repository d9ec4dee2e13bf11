"""What changed about messages since the creditor's own staff released them."""

from collections.abc import Collection
from uuid import UUID

from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# To whom and where a message goes, and as what he is written to; a file's change names the fields
# of the contact by their prefix.
_ADDRESSEE = ", ".join(
    f"'{prefix}{field}'"
    for prefix in ("", "contact_")
    for field in ("name", "kind", "email", "street", "postal_code", "city", "country")
)
_OTHERS = f"""
SELECT let_go.subject_id
FROM (
    SELECT DISTINCT ON (event.subject_id) event.subject_id, event.debtor_id, event.id
    FROM tijdig_event event
    JOIN tijdig_message message
      ON message.administration_id = event.administration_id AND message.id = event.subject_id
    WHERE event.administration_id = %s AND event.debtor_id = message.debtor_id
      AND event.kind = 'message_let_go' AND message.id = ANY(%s)
    ORDER BY event.subject_id, event.id DESC) let_go
WHERE EXISTS (
    SELECT FROM tijdig_event event
    WHERE event.administration_id = %s AND event.debtor_id = let_go.debtor_id
      AND event.id > let_go.id
      AND (event.kind LIKE 'flag_%%'
           OR (event.kind = 'debtor_changed'
               AND jsonb_exists_any(event.data->'changes', ARRAY[{_ADDRESSEE}]))))
"""
_INTEREST = """
SELECT line.open_item_id FROM tijdig_claimline line
WHERE line.administration_id = %s AND line.open_item_id = ANY(%s) AND line.kind = 'interest'
"""


def find_sent_elsewhere(message_ids: Collection[UUID]) -> set[UUID]:
    """The released messages whose addressee, or who acts for him, was changed since."""
    if not message_ids:
        return set()
    own = active_administration()
    return {row[0] for row in execute(_OTHERS, [own, list(message_ids), own]).fetchall()}


def list_interest_lines(item_ids: Collection[UUID]) -> set[UUID]:
    """Which of these open items are interest that was claimed."""
    if not item_ids:
        return set()
    return {
        row[0] for row in execute(_INTEREST, [active_administration(), list(item_ids)]).fetchall()
    }
