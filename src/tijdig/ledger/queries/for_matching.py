"""What the ledger holds of the items and debtors that payments may mean: read by key, in bulk.

The cost grows with the payments that are looked at, not with the book: every look-up goes by an
index that begins with the administration, one by one (`OFFSET 0`). Left to itself the planner,
which has no statistics of an administration, reads all of its rows for a few thousand look-ups.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import partial
from string import ascii_letters
from typing import Any, NamedTuple
from uuid import UUID

from tijdig.tenants.arrays import Uuids, holds_any, write_in_order
from tijdig.tenants.bulk import Rows, Run, ask, ask_together, execute
from tijdig.tenants.scope import active_administration

ALIKE_AT_MOST = 60
# All that matching reads of an administration, beside the lines that wait.
_READ = tuple(
    f"tijdig_{one}"
    for one in (
        "administration bookbalance claimline claimpart debitline debtor debtoriban entry "
        "interestagreement invoice openitem"
    ).split()
)
_LOOKED_AT = 200


class ItemForBank(NamedTuple):
    """An item that a payment may mean, as the two truths about it have it.

    `unseen_cents` is what the bank has not seen paid, `in_books_cents` the part of that which the
    books have settled (negative for a claim), on `books_as_of` or earlier.
    """

    item_id: UUID
    debtor_id: UUID
    number: str
    issued_on: date | None
    due_on: date | None
    order_reference: str
    discount_cents: int
    discount_until: date | None
    unseen_cents: int
    in_books_cents: int
    books_as_of: date | None


class Near(NamedTuple):
    """What was found by a name or an amount, and the ones that too many share to tell anything."""

    ids: set[UUID]
    crowded: list[Any]


def make_near(found: Iterable[tuple[Any, Sequence[UUID]]]) -> Near:
    """What was found under each name or amount, together."""
    ids: set[UUID] = set()
    crowded = []
    for key, some in found:
        if len(some) > ALIKE_AT_MOST:
            crowded.append(key)
        else:
            ids.update(some)
    return Near(ids, crowded)


_ITEMS = """
SELECT item.id, item.debtor_id, coalesce(invoice.number, ''), invoice.issued_on, invoice.due_on,
       coalesce(nullif(invoice.order_reference, ''), invoice.customer_reference, ''),
       coalesce(invoice.discount_cents, 0), invoice.discount_until,
       balance.unseen, balance.in_books,
       CASE WHEN balance.in_books <> 0 THEN (
            SELECT books.as_of FROM tijdig_bookbalance books
            WHERE books.administration_id = item.administration_id
              AND books.open_item_id = item.id) END
FROM unnest(%s::uuid[]) AS wanted (id)
CROSS JOIN LATERAL (
    SELECT * FROM tijdig_openitem item
    WHERE item.administration_id = %s AND item.{column} = wanted.id OFFSET 0
) item
LEFT JOIN LATERAL (
    SELECT * FROM tijdig_invoice invoice
    WHERE invoice.administration_id = item.administration_id
      AND invoice.open_item_id = item.id OFFSET 0
) invoice ON true
JOIN LATERAL (
    SELECT coalesce(sum(cents) FILTER (WHERE kind <> 'settled_in_books'), 0)::bigint AS unseen,
           coalesce(sum(cents) FILTER (WHERE kind = 'settled_in_books'), 0)::bigint AS in_books
    FROM tijdig_entry entry
    WHERE entry.administration_id = item.administration_id AND entry.open_item_id = item.id
) balance ON true
WHERE item.currency = 'EUR' {only}
"""

# What only the books have settled is closed, and is still to be confirmed by the bank.
_OPEN_OR_UNSEEN = """AND (item.closed_on IS NULL OR EXISTS (
    SELECT FROM tijdig_bookbalance books
    WHERE books.administration_id = item.administration_id AND books.open_item_id = item.id
      AND balance.unseen <> 0))"""

_OF_DEBTORS = _ITEMS.format(column="debtor_id", only=_OPEN_OR_UNSEEN)
_BY_ID = _ITEMS.format(column="id", only="")
_NAMES = (
    "SELECT debtor.id, debtor.number, debtor.name FROM unnest(%s::uuid[]) AS wanted (id) "
    "CROSS JOIN LATERAL (SELECT debtor.id, debtor.number, debtor.name "
    "  FROM tijdig_debtor debtor "
    "  WHERE debtor.administration_id = %s AND debtor.id = wanted.id OFFSET 0) debtor"
)
_NAMESAKES = (
    "SELECT wanted.key, few.ids "
    "FROM unnest(%s::text[]) AS wanted (key) CROSS JOIN LATERAL ("
    "  SELECT array_agg(near.id) AS ids FROM ("
    "    SELECT debtor.id FROM tijdig_debtor debtor"
    "    WHERE debtor.administration_id = %s AND debtor.name_words = wanted.key"
    "      AND debtor.name_words <> ''"
    f"    LIMIT {ALIKE_AT_MOST + 1}) near) few "
    "WHERE few.ids IS NOT NULL"
)
_ALIKE = (
    "SELECT wanted.cents, few.ids "
    "FROM unnest(%s::bigint[]) AS wanted (cents) CROSS JOIN LATERAL ("
    "  SELECT array_agg(item.id) AS ids FROM ("
    "      SELECT invoice.open_item_id FROM tijdig_invoice invoice"
    "      WHERE invoice.administration_id = %s AND invoice.invoiced_cents = wanted.cents"
    "        AND invoice.invoiced_cents > 0"
    f"     ORDER BY invoice.due_on DESC LIMIT {_LOOKED_AT}) invoice"
    "    JOIN tijdig_openitem item"
    "      ON item.administration_id = %s AND item.id = invoice.open_item_id"
    "    WHERE item.closed_on IS NULL) few "
    "WHERE few.ids IS NOT NULL"
)


class Surroundings(NamedTuple):
    """What the ledger holds around payments: by name key, by amount, by debtor, by id.

    What was asked for and is not there stands in it too, empty or None.
    """

    by_name: dict[str, Sequence[UUID]]
    by_amount: dict[int, list[UUID]]
    by_debtor: dict[UUID, list[ItemForBank]]
    items: dict[UUID, ItemForBank | None]
    names: dict[UUID, tuple[UUID, str, str]]


def ask_around(
    debtor_ids: Collection[UUID], names: Collection[str], amounts: Collection[int]
) -> Callable[[], Surroundings]:
    """What is open of these debtors and of who has such a name, and the items of these amounts.

    For later, with the names of all whose they are.
    """
    here = active_administration()
    return ask_together(partial(_read_around, here, debtor_ids, names, amounts))


def _read_around(
    here: UUID,
    debtor_ids: Collection[UUID],
    names: Collection[str],
    amounts: Collection[int],
    run: Run,
) -> Surroundings:
    by_name: dict[str, Sequence[UUID]] = dict.fromkeys(names, ())
    by_name.update(run(_NAMESAKES, [sorted(names), here]))
    by_amount: dict[int, list[UUID]] = {cents: [] for cents in amounts}
    by_amount.update(run(_ALIKE, [list(amounts), here, here]))
    wanted = {*debtor_ids, *make_near(by_name.items()).ids}
    by_debtor: dict[UUID, list[ItemForBank]] = {one: [] for one in wanted}
    for item in map(ItemForBank._make, run(_OF_DEBTORS, [write_in_order(wanted), here])):
        by_debtor[item.debtor_id].append(item)
    items: dict[UUID, ItemForBank | None]
    items = dict.fromkeys(make_near(by_amount.items()).ids)
    items.update(
        (row[0], ItemForBank._make(row)) for row in run(_BY_ID, [write_in_order(items), here])
    )
    owners = wanted.union(one.debtor_id for one in items.values() if one)
    told: list[tuple[UUID, str, str]] = run(_NAMES, [write_in_order(owners), here])
    return Surroundings(by_name, by_amount, by_debtor, items, {one[0]: one for one in told})


def ask_items(item_ids: Collection[UUID]) -> Rows:
    """The same items as `load_items`, as rows, for later."""
    return _ask(_BY_ID, item_ids)


def load_items(item_ids: Collection[UUID]) -> list[ItemForBank]:
    """These items, also where nothing is open of them any more."""
    return _load(_BY_ID, item_ids)


def has_changed() -> bool:
    """Whether this transaction may have changed what matching reads, so that only it knows.

    Where the database does not count what a transaction changes, it may.
    """
    rows = execute(
        "SELECT current_setting('track_counts') <> 'on' OR EXISTS ("
        "  SELECT FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)"
        "    AND n_tup_ins + n_tup_upd + n_tup_del > 0)",
        [list(_READ)],
    )
    return bool(rows.fetchall()[0][0])


def load_items_of(debtor_ids: Collection[UUID]) -> list[ItemForBank]:
    """All items of these debtors of which the bank has not seen everything paid."""
    return _load(_OF_DEBTORS, debtor_ids)


def list_debtors_of(item_ids: Uuids) -> list[UUID]:
    """The debtors of these items, each once."""
    rows = execute(
        "SELECT DISTINCT item.debtor_id FROM unnest(%s::uuid[]) AS wanted (id) "
        "CROSS JOIN LATERAL (SELECT item.debtor_id FROM tijdig_openitem item "
        "  WHERE item.administration_id = %s AND item.id = wanted.id OFFSET 0) item",
        [item_ids, active_administration()],
    )
    return [debtor_id for (debtor_id,) in rows.fetchall()]


def ask_items_by_number(digits: Sequence[tuple[str, str]]) -> Rows:
    """Items whose invoice number has one of these keys with these digits, with that number."""
    return _ask_numbered(
        "SELECT invoice.open_item_id AS id, invoice.number FROM tijdig_invoice invoice "
        "WHERE invoice.administration_id = %s AND invoice.number_key = wanted.key "
        "  AND invoice.number_key <> ''",
        digits,
    )


def ask_debtors_by_number(digits: Sequence[tuple[str, str]]) -> Rows:
    """Debtors whose number has one of these keys with these digits, with that number."""
    return _ask_numbered(
        "SELECT debtor.id, debtor.number FROM tijdig_debtor debtor "
        "WHERE debtor.administration_id = %s AND debtor.number_key = wanted.key "
        "  AND debtor.number_key <> ''",
        digits,
    )


def find_debtors_by_name(keys: Collection[str]) -> Near:
    """Debtors whose name has one of these keys."""
    rows = execute(_NAMESAKES, [list(keys), active_administration()])
    return make_near((key, ids) for key, ids in rows.fetchall())


def list_items_by_amount(amounts: Collection[int]) -> list[tuple[int, list[UUID]]]:
    """Open items invoiced at each of these amounts, the last due; no more than are looked at."""
    administration_id = active_administration()
    rows = execute(_ALIKE, [list(amounts), administration_id, administration_id])
    return [(cents, ids) for cents, ids in rows.fetchall()]


def load_owners(ibans: Collection[str]) -> list[tuple[str, UUID]]:
    """Each of these accounts with every debtor who is known to pay from it."""
    return [(iban, debtor_id) for iban, debtor_id in ask_owners(ibans)()]


def ask_owners(ibans: Collection[str]) -> Rows:
    """The same, as rows, for later."""
    return ask(
        "SELECT known.iban, known.debtor_id FROM unnest(%s::text[]) AS wanted (iban) "
        "CROSS JOIN LATERAL (SELECT known.iban, known.debtor_id FROM tijdig_debtoriban known "
        "  WHERE known.administration_id = %s AND known.iban = wanted.iban OFFSET 0) known",
        [sorted(ibans), active_administration()],
    )


def load_debtor_names(debtor_ids: Collection[UUID]) -> list[tuple[UUID, str, str]]:
    """Id, number and name of these debtors."""
    return execute(_NAMES, [write_in_order(debtor_ids), active_administration()]).fetchall()


def _load(sql: str, ids: Collection[UUID]) -> list[ItemForBank]:
    return [*map(ItemForBank._make, _ask(sql, ids)())]


def _ask(sql: str, ids: Collection[UUID]) -> Rows:
    wanted = write_in_order(ids)
    return ask(sql, [wanted, active_administration()]) if holds_any(wanted) else list


# A number with one row of digits is meant only by these very digits. Of one with several rows
# the zeros may be left out within too: that is for the caller to see. Most are told from each other
# by the cheapest test, which comes first.
_MEANT = f"""
SELECT found.id, found.number FROM unnest(%s::text[], %s::text[]) AS wanted (key, digits)
CROSS JOIN LATERAL ({{look_up}} OFFSET 0) found
WHERE CASE WHEN strpos(found.number, wanted.digits) > 0
    THEN ltrim(translate(found.number, '-/._ {ascii_letters}', ''), '0') = wanted.digits
    ELSE false END OR found.number ~ '[0-9][^0-9]+[0-9]'
"""


def _ask_numbered(look_up: str, digits: Sequence[tuple[str, str]]) -> Rows:
    keys, rows = zip(*digits, strict=True) if digits else ((), ())
    parameters = [list(keys), list(rows), active_administration()]
    return ask(_MEANT.format(look_up=look_up), parameters)
