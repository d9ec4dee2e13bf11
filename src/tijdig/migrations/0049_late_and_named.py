"""What is late by every list is late by the totals too; of whom a bare number is."""

from django.db import migrations, models
from django.db.migrations import RunSQL

# No invoice is late by a due date before itself: in the totals it has none.
_DAY = "CASE WHEN {0}.due_on >= {0}.issued_on THEN {0}.due_on END"
_AS_BEFORE = "{0}.due_on"

# As it was (0025), but for the day that an invoice counts from.
_ON_ENTRIES = """
CREATE OR REPLACE FUNCTION tijdig_adds_to_own_items() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    strange uuid;
    wrong uuid;
BEGIN
    WITH moved AS (
        SELECT administration_id, open_item_id, sum(cents)::bigint AS cents
        FROM written GROUP BY 1, 2
    ), looked AS MATERIALIZED (
        SELECT moved.*, item.id, item.kind, item.currency, item.closed_on, total.cents AS total
        FROM moved
        LEFT JOIN LATERAL (
            SELECT id, kind, currency, closed_on FROM tijdig_openitem one
            WHERE one.administration_id = moved.administration_id
              AND one.id = moved.open_item_id OFFSET 0
        ) item ON true
        CROSS JOIN LATERAL (
            SELECT sum(entry.cents)::bigint AS cents FROM tijdig_entry entry
            WHERE entry.administration_id = moved.administration_id
              AND entry.open_item_id = moved.open_item_id
        ) total
    ), kept AS (
        INSERT INTO tijdig_openchange (administration_id, id, due_on, cents, invoices)
        SELECT looked.administration_id, gen_random_uuid(), invoice.due_on, sum(looked.cents),
               sum(CASE WHEN looked.kind = 'invoice'
                   THEN (looked.total <> 0)::int - (looked.total <> looked.cents)::int ELSE 0 END)
        FROM looked
        LEFT JOIN LATERAL (
            SELECT {one} AS due_on FROM tijdig_invoice one
            WHERE looked.kind = 'invoice' AND one.administration_id = looked.administration_id
              AND one.open_item_id = looked.open_item_id OFFSET 0
        ) invoice ON true
        WHERE looked.currency = 'EUR'
        GROUP BY looked.administration_id, invoice.due_on
        HAVING sum(looked.cents) <> 0 OR sum(CASE WHEN looked.kind = 'invoice'
            THEN (looked.total <> 0)::int - (looked.total <> looked.cents)::int ELSE 0 END) <> 0
    )
    SELECT (array_agg(open_item_id) FILTER (WHERE id IS NULL))[1],
           (array_agg(open_item_id) FILTER (
               WHERE id IS NOT NULL AND (total = 0) <> (closed_on IS NOT NULL)))[1]
    INTO strange, wrong FROM looked;
    IF strange IS NOT NULL THEN
        RAISE EXCEPTION 'an entry names item %, which does not exist', strange
        USING ERRCODE = 'foreign_key_violation';
    ELSIF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'open item % : closed_on does not agree with the sum of its entries', wrong
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

# As it was (0020), but for the day that an invoice counts from.
_ON_DUE_DATES = """
CREATE OR REPLACE FUNCTION tijdig_move_open_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tijdig_openchange (administration_id, id, due_on, cents, invoices)
    SELECT moved.administration_id, gen_random_uuid(), side.due_on, sum(side.sign * total.cents),
           sum(side.sign)
    FROM were
    JOIN became moved
      ON moved.administration_id = were.administration_id AND moved.id = were.id
     AND {moved} IS DISTINCT FROM {were}
    CROSS JOIN LATERAL (
        SELECT kind, currency FROM tijdig_openitem one
        WHERE one.administration_id = moved.administration_id
          AND one.id = moved.open_item_id OFFSET 0
    ) item
    CROSS JOIN LATERAL (
        SELECT sum(entry.cents) AS cents FROM tijdig_entry entry
        WHERE entry.administration_id = moved.administration_id
          AND entry.open_item_id = moved.open_item_id
    ) total
    CROSS JOIN LATERAL (VALUES ({were}, -1), ({moved}, 1)) AS side (due_on, sign)
    WHERE item.kind = 'invoice' AND item.currency = 'EUR' AND total.cents <> 0
    GROUP BY moved.administration_id, side.due_on;
    RETURN NULL;
END $$;
"""

# What stands open of such an invoice goes from its due date to no date, or back.
_MOVE = """
INSERT INTO tijdig_openchange (administration_id, id, due_on, cents, invoices)
SELECT item.administration_id, gen_random_uuid(), side.due_on, sum(side.sign * total.cents),
       sum(side.sign)
FROM tijdig_openitem item
JOIN tijdig_invoice invoice
  ON invoice.administration_id = item.administration_id AND invoice.open_item_id = item.id
CROSS JOIN LATERAL (
    SELECT sum(entry.cents) AS cents FROM tijdig_entry entry
    WHERE entry.administration_id = item.administration_id AND entry.open_item_id = item.id
) total
CROSS JOIN LATERAL (VALUES ({left}, -1), ({to}, 1)) AS side (due_on, sign)
WHERE item.kind = 'invoice' AND item.currency = 'EUR' AND total.cents <> 0
  AND invoice.due_on < invoice.issued_on
GROUP BY item.administration_id, side.due_on
"""


def _keep(day: str) -> str:
    """Both triggers, for an invoice that counts from this day."""
    return _ON_ENTRIES.format(one=day.format("one")) + _ON_DUE_DATES.format(
        were=day.format("were"), moved=day.format("moved")
    )


class Migration(migrations.Migration):
    dependencies = (("tijdig", "0048_statements_made"),)
    operations = [
        RunSQL(_keep(_DAY), _keep(_AS_BEFORE)),
        RunSQL(
            _MOVE.format(left="invoice.due_on", to="NULL::date"),
            _MOVE.format(left="NULL::date", to="invoice.due_on"),
        ),
        migrations.AddField(
            model_name='account',
            name='stands_for_id',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='statement',
            name='named',
            field=models.CharField(blank=True, db_default='', default='', max_length=34),
        ),
        migrations.AlterField(
            model_name='bankline',
            name='state',
            field=models.CharField(choices=[('unmatched', 'Unmatched'), ('matched', 'Matched'), ('ignored', 'Ignored'), ('outgoing', 'Outgoing'), ('pending', 'Pending'), ('detail', 'Detail'), ('split', 'Split'), ('waiting', 'Waiting'), ('unplaced', 'Unplaced')], max_length=12),
        ),
        migrations.AlterField(
            model_name='statement',
            name='gap',
            field=models.CharField(blank=True, choices=[('', 'None'), ('balance', 'Balance'), ('opening', 'Opening'), ('sequence', 'Sequence'), ('account', 'Account')], default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='statement',
            name='kind',
            field=models.CharField(choices=[('booked', 'Booked'), ('intraday', 'Intraday'), ('details', 'Details'), ('unplaced', 'Unplaced')], default='booked', max_length=10),
        ),
    ]
