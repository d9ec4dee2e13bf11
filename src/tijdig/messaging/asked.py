"""What messages have asked under their own payment reference."""

from tijdig.core.matching.records import Asked
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

_ASKED = """
SELECT payment_reference, listed_items, listed_cents FROM tijdig_message
WHERE administration_id = %s ORDER BY id
"""


def load_asked() -> tuple[Asked, ...]:
    """Every message's reference with the items and cents that it lists."""
    return tuple(
        Asked(reference, tuple(zip(items, cents, strict=True)))
        for reference, items, cents in execute(_ASKED, [active_administration()]).fetchall()
    )
