"""What messages have asked under their own payment reference."""

from collections import defaultdict
from uuid import UUID

from tijdig.core.matching import Asked
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

_ASKED = """
SELECT message.payment_reference, listed.open_item_id, listed.cents
FROM tijdig_message message
JOIN tijdig_messageitem listed
  ON listed.administration_id = message.administration_id AND listed.message_id = message.id
WHERE message.administration_id = %s
ORDER BY message.id, listed.id
"""


def load_asked() -> tuple[Asked, ...]:
    """Every message's reference with the items and cents that it lists."""
    found: defaultdict[str, list[tuple[UUID, int]]] = defaultdict(list)
    for reference, item_id, cents in execute(_ASKED, [active_administration()]).fetchall():
        found[reference].append((item_id, cents))
    return tuple(Asked(reference, tuple(parts)) for reference, parts in found.items())
