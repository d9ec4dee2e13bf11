"""What our own collections ask, as a payment names them."""

from collections.abc import Collection

from tijdig.core.matching.records import Parts
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

_REQUESTS = """
SELECT end_to_end_id, item_id, cents FROM tijdig_debitline
WHERE administration_id = %s AND end_to_end_id = ANY(%s)
"""


def load_requests(end_to_end_ids: Collection[str]) -> dict[str, Parts]:
    """The item and cents of our own collections, by the id that their payment carries."""
    if not end_to_end_ids:
        return {}
    rows = execute(_REQUESTS, [active_administration(), list(end_to_end_ids)]).fetchall()
    return {key: ((item_id, cents),) for key, item_id, cents in rows}
