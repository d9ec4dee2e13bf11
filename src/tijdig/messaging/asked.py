"""What messages have asked under their own payment reference."""

from collections.abc import Collection

from tijdig.core.matching.records import Asked
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

_ASKED = """
SELECT payment_reference, listed_items, listed_cents FROM tijdig_message
WHERE administration_id = %s AND payment_reference = ANY(%s) ORDER BY id
"""


def load_asked(references: Collection[str]) -> tuple[Asked, ...]:
    """These references, as far as they are ours, with the items and cents that each lists."""
    rows = execute(_ASKED, [active_administration(), list(references)]).fetchall()
    return tuple(
        Asked(reference, tuple(zip(items, cents, strict=True))) for reference, items, cents in rows
    )
