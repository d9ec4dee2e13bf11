"""How far the lists of open items speak, over all sources that still have a say."""

from datetime import date

from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# A source whose items were all paid, or taken over by another list, has nothing left to say: so a
# list that changed its columns ends by itself. What is held for a difference waits anyhow.
_AS_OF = """
WITH spoken AS (
    SELECT books.source_id, max(books.as_of) AS as_of,
           bool_or(NOT books.gone AND NOT books.differs AND item.closed_on IS NULL) AS has_open
    FROM tijdig_bookbalance books
    JOIN tijdig_openitem item
      ON item.administration_id = books.administration_id AND item.id = books.open_item_id
    WHERE books.administration_id = %s AND books.source_id IS NOT NULL
    GROUP BY books.source_id
)
SELECT coalesce(min(as_of) FILTER (WHERE has_open), max(as_of)) FROM spoken
"""


def find_lists_as_of() -> date | None:
    """The day up to which lists of open items speak of all that is open; None without a list.

    Of several sources the one that is behind counts, as long as something of it is open.
    """
    as_of: date | None = execute(_AS_OF, [active_administration()]).fetchall()[0][0]
    return as_of
