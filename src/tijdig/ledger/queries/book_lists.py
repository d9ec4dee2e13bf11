"""How far the lists of open items speak, over all sources that still have a say."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# A source whose items were all paid, or taken over by another list, has nothing left to say: so a
# list that changed its columns ends by itself. What is held for a difference waits anyhow. One of
# which a person said that it ended is not waited for.
_SPOKEN = """
    SELECT books.source_id, max(books.as_of) AS as_of,
           count(*) FILTER (
               WHERE NOT books.gone AND NOT books.differs AND item.closed_on IS NULL) AS open_count,
           (array_agg(books.import_id ORDER BY books.as_of DESC, books.import_id DESC))[1] AS latest
    FROM tijdig_bookbalance books
    JOIN tijdig_openitem item
      ON item.administration_id = books.administration_id AND item.id = books.open_item_id
    WHERE books.administration_id = %s AND books.source_id IS NOT NULL
    GROUP BY books.source_id
"""
_AS_OF = f"""
WITH spoken AS ({_SPOKEN})
SELECT coalesce(min(as_of) FILTER (WHERE open_count > 0), max(as_of)) FROM spoken
WHERE NOT EXISTS (SELECT FROM tijdig_source source
                  WHERE source.administration_id = %s AND source.id = spoken.source_id
                    AND source.ended_on IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The last list of a source: its day, its import, and how many of its items are open still."""

    source_id: UUID
    as_of: date
    open_count: int
    import_id: UUID


def list_spoken() -> tuple[Spoken, ...]:
    """The last list of every source, the one that is behind first."""
    rows = execute(f"{_SPOKEN} ORDER BY as_of, source_id", [active_administration()]).fetchall()
    return tuple(Spoken(*row) for row in rows)


def find_lists_as_of() -> date | None:
    """The day up to which lists of open items speak of all that is open; None without a list.

    Of several sources the one that is behind counts, as long as something of it is open.
    """
    as_of: date | None = execute(
        _AS_OF, [active_administration(), active_administration()]
    ).fetchall()[0][0]
    return as_of
