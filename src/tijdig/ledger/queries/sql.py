"""One way to run the SQL that the ORM cannot say: lateral sums and tuple comparisons."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

INVOICES = """
    FROM tijdig_invoice v
    JOIN tijdig_openitem i
      ON i.administration_id = v.administration_id AND i.id = v.open_item_id
    JOIN tijdig_debtor d ON d.administration_id = i.administration_id AND d.id = i.debtor_id
"""

# The day on which the first money of an item came in, for a query that calls it `item`.
RECEIVED_ON = """
    (SELECT min(entry."on") FROM tijdig_entry entry
     WHERE entry.administration_id = item.administration_id AND entry.open_item_id = item.id)
"""


def balance_of(row: str, item: str) -> str:
    """SQL for the sum of the entries on an item; `row` is in its administration."""
    return f"""
        (SELECT coalesce(sum(e.cents), 0)::bigint FROM tijdig_entry e
         WHERE e.administration_id = {row}.administration_id AND e.open_item_id = {item})
    """


def kind_of(debtor: str) -> str:
    """SQL for who the debtor is in law: business only with a number or a person's word for it."""
    return f"""
        CASE WHEN {debtor}.kind = 'business' AND {debtor}.kvk_number = ''
                  AND {debtor}.vat_number = '' AND {debtor}.kind_confirmed_on IS NULL
             THEN 'unknown'
             WHEN {debtor}.kind = 'unknown'
                  AND ({debtor}.kvk_number <> '' OR {debtor}.vat_number <> '')
             THEN 'business'
             ELSE {debtor}.kind END
    """


def fetch(sql: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Every row; `asked` holds the values that the SQL names."""
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return list(cursor.fetchall())
