"""Keep the totals of what is open quick to read."""

from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration


def add_up_open_changes() -> None:
    """One row per due date where there were many; what they add up to stays the same.

    Two at once take different rows: each puts back the sum of what it took.
    """
    execute(
        """
        WITH taken AS (
            DELETE FROM tijdig_openchange WHERE administration_id = %s
            RETURNING administration_id, due_on, cents, invoices
        )
        INSERT INTO tijdig_openchange (administration_id, id, due_on, cents, invoices)
        SELECT administration_id, gen_random_uuid(), due_on, sum(cents), sum(invoices)
        FROM taken GROUP BY administration_id, due_on
        HAVING sum(cents) <> 0 OR sum(invoices) <> 0
        """,
        [active_administration()],
    )
