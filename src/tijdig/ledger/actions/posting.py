"""Post entries: the one way in which money on an open item changes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from tijdig.ledger.models import Entry
from tijdig.ledger.queries.item_owners import load_item_owners
from tijdig.tenants.arrays import Uuids, holds_any, write_uuids
from tijdig.tenants.bulk import command, execute, insert_columns
from tijdig.tenants.ids import new_ids
from tijdig.tenants.scope import active_administration


class NewEntry(NamedTuple):
    """An entry before it is stored; `cents` is signed, what is owed is positive."""

    open_item_id: UUID
    kind: str
    cents: int
    on: date
    source_kind: str
    source_id: UUID
    source_round: int = 0


# In what follows lists of ids go in as `(SELECT …)`: then the planner does not see how many there
# are, and looks each up. Else, for some thousands, it reads all debtors or items there are.

# Closed exactly when the entries, those to come included, sum to nil: a trigger compares.
_CLOSE = """
UPDATE tijdig_openitem item
SET closed_on = CASE WHEN total.cents = 0 THEN coalesce(item.closed_on, %s) END,
    reopen_count = item.reopen_count
        + CASE WHEN item.closed_on IS NOT NULL AND total.cents <> 0 THEN 1 ELSE 0 END
FROM (
    SELECT coming.id, sum(coming.cents) + coalesce((
        SELECT sum(entry.cents) FROM tijdig_entry entry
        WHERE entry.administration_id = %s AND entry.open_item_id = coming.id), 0) AS cents
    FROM unnest((SELECT %s::uuid[]), (SELECT %s::bigint[])) AS coming (id, cents)
    GROUP BY coming.id
) total
WHERE item.administration_id = %s AND item.id = total.id
  AND ((total.cents = 0) <> (item.closed_on IS NOT NULL))
"""

# An item that opened by mistake was not reopened.
_COUNT_BACK = """
UPDATE tijdig_openitem item SET reopen_count = item.reopen_count - 1
FROM unnest((SELECT %s::uuid[])) AS told (id)
WHERE item.administration_id = %s AND item.id = told.id
  AND item.closed_on IS NULL AND item.reopen_count > 0
"""

_item_of = attrgetter("open_item_id")

# Due in the next run, whatever day that run is for: a rehearsal may look at any day.
LOOK_NOW = date.min

# What follows a list of `touched` debtors, locked by it: they are looked at again.
LOOK_AGAIN = """
UPDATE tijdig_look look SET next_look_on = %s
FROM touched WHERE look.administration_id = %s AND look.id = touched.id
  AND look.next_look_on IS DISTINCT FROM %s
"""
# The same where their facts changed.
RAISE = f"""
, raised AS (
    UPDATE tijdig_debtor debtor SET facts_version = facts_version + 1
    FROM touched WHERE debtor.administration_id = %s AND debtor.id = touched.id
)
{LOOK_AGAIN}
"""

# In order of id, as everybody locks debtors: two who touch the same ones wait for each other.
_TOUCH = (
    """
WITH touched AS MATERIALIZED (
    SELECT debtor.id FROM unnest((SELECT %s::uuid[])) AS told (id)
    JOIN tijdig_debtor debtor ON debtor.administration_id = %s AND debtor.id = told.id
    ORDER BY debtor.id FOR NO KEY UPDATE OF debtor
)
"""
    + RAISE
)

# The same for the debtors of these items.
_TOUCH_OF = (
    """
WITH touched AS MATERIALIZED (
    SELECT debtor.id FROM (
        SELECT DISTINCT item.debtor_id AS id FROM unnest((SELECT %s::uuid[])) AS told (id)
        CROSS JOIN LATERAL (
            SELECT debtor_id FROM tijdig_openitem item
            WHERE item.administration_id = %s AND item.id = told.id OFFSET 0
        ) item
    ) told
    JOIN tijdig_debtor debtor ON debtor.administration_id = %s AND debtor.id = told.id
    ORDER BY debtor.id FOR NO KEY UPDATE OF debtor
)
"""
    + RAISE
)


def lock_debtors(debtor_ids: Iterable[UUID]) -> None:
    """Lock debtors in order of id: whoever changes money or records a stop does this first."""
    told = list(debtor_ids)
    if not told:
        return
    execute(
        "SELECT debtor.id FROM unnest((SELECT %s::uuid[])) AS told (id) JOIN tijdig_debtor debtor "
        "ON debtor.administration_id = %s AND debtor.id = told.id "
        "ORDER BY debtor.id FOR NO KEY UPDATE OF debtor",
        [told, active_administration()],
    )


def touch_debtors(debtor_ids: Iterable[UUID] | Uuids) -> None:
    """Their facts changed: raise the version, and look at them in the next run."""
    told = debtor_ids if isinstance(debtor_ids, Uuids) else write_uuids(list(debtor_ids))
    if not holds_any(told):
        return
    asked = [told, active_administration(), *list_raise_parameters()]
    command(_TOUCH, asked)


def list_raise_parameters() -> list[object]:
    """What `RAISE` asks for, in the active administration."""
    return [active_administration(), *list_look_parameters()]


def list_look_parameters() -> list[object]:
    """What `LOOK_AGAIN` asks for, in the active administration."""
    return [LOOK_NOW, active_administration(), LOOK_NOW]


class EntryColumns(NamedTuple):
    """Entries before they are stored, in columns."""

    open_item_ids: Uuids
    kinds: Sequence[str]
    cents: Sequence[int]
    on: Sequence[date]
    source_kinds: Sequence[str]
    source_ids: Uuids
    source_rounds: Sequence[int]


def lay_out(entries: Sequence[NewEntry]) -> EntryColumns:
    """Entries in columns, in order of their items; those of one item in the order given."""
    entries = sorted(entries, key=_item_of)
    return EntryColumns(
        write_uuids([one.open_item_id for one in entries]),
        [one.kind for one in entries],
        [one.cents for one in entries],
        [one.on for one in entries],
        [one.source_kind for one in entries],
        write_uuids([one.source_id for one in entries]),
        [one.source_round for one in entries],
    )


def post(entries: Sequence[NewEntry], *, today: date, now: datetime) -> None:
    """Write entries, close and reopen their items, and raise their debtors' facts version.

    The debtors come first, so that they are locked before anything is read or written.
    """
    if not entries:
        return
    columns = lay_out(entries)
    told = [active_administration(), active_administration(), *list_raise_parameters()]
    command(_TOUCH_OF, [columns.open_item_ids, *told])
    write_columns(columns, today=today, now=now)


def write_columns(entries: EntryColumns, *, today: date, now: datetime) -> None:
    """Write entries of debtors who are locked and whose version is raised; close their items."""
    count = len(entries.cents)
    administration_id, item_ids = active_administration(), entries.open_item_ids
    closing = [today, administration_id, item_ids, entries.cents, administration_id]
    command(_CLOSE, closing)
    insert_columns(
        Entry,
        {
            "id": new_ids(count),
            "open_item": item_ids,
            "kind": entries.kinds,
            "cents": entries.cents,
            "on": entries.on,
            "source_kind": entries.source_kinds,
            "source_id": entries.source_ids,
            "source_round": entries.source_rounds,
        },
        count,
        same={"administration": administration_id, "recorded_at": now},
    )


def take_back(entries: Sequence[NewEntry], *, today: date, now: datetime) -> None:
    """Write entries that undo a mistake of ours: their items go on as if it had never been.

    An item that opens again keeps its count of times reopened, so that the debtor's rhythm goes on
    where it was; money that a bank took back starts it anew, by `post`.
    """
    owners = load_item_owners({entry.open_item_id for entry in entries})
    closed = [one.item_id for one in owners if not one.is_open]
    post(entries, today=today, now=now)
    if closed:
        execute(_COUNT_BACK, [closed, active_administration()])
