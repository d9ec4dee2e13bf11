"""What is open is kept as it changes, so that its totals need not read every item."""

from django.db import migrations, models
from django.db.migrations import RunSQL

from tijdig.migrations._guards import administration_first, administration_key, row_security
from tijdig.tenants.ids import new_id

# A row per statement and due date, so that writers never wait for each other. An item counts while
# its balance is not nil, which is when it is open (see closed_when_nil). No loops in loops: the
# planner takes a table that has just grown for a small one, and would read all of it for each row.
ON_ENTRIES = """
CREATE FUNCTION tijdig_keep_open_changes() RETURNS trigger
LANGUAGE plpgsql SET enable_nestloop = off AS $$
DECLARE items uuid[] := ARRAY(SELECT DISTINCT open_item_id FROM written);
BEGIN
    INSERT INTO tijdig_openchange (administration_id, id, due_on, cents, invoices)
    SELECT administration_id, gen_random_uuid(), due_on, sum(cents), sum(invoices)
    FROM (
        SELECT item.administration_id, invoice.due_on, moved.cents,
               CASE WHEN item.kind = 'invoice' THEN
                    (total.cents <> 0)::int - (total.cents <> moved.cents)::int ELSE 0 END
                    AS invoices
        FROM (SELECT open_item_id, sum(cents) AS cents FROM written GROUP BY 1) moved
        JOIN tijdig_openitem item ON item.id = moved.open_item_id AND item.id = ANY (items)
        JOIN (
            SELECT open_item_id, sum(cents) AS cents FROM tijdig_entry
            WHERE open_item_id = ANY (items) GROUP BY 1
        ) total ON total.open_item_id = moved.open_item_id
        LEFT JOIN tijdig_invoice invoice
          ON item.kind = 'invoice' AND invoice.open_item_id = item.id
         AND invoice.open_item_id = ANY (items)
        WHERE item.currency = 'EUR'
    ) changed
    GROUP BY administration_id, due_on HAVING sum(cents) <> 0 OR sum(invoices) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER keeps_open_changes AFTER INSERT ON tijdig_entry
REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION tijdig_keep_open_changes();
"""

ON_DUE_DATES = """
CREATE FUNCTION tijdig_move_open_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tijdig_openchange (administration_id, id, due_on, cents, invoices)
    SELECT moved.administration_id, gen_random_uuid(), side.due_on, sum(side.sign * total.cents),
           sum(side.sign)
    FROM were
    JOIN became moved
      ON moved.administration_id = were.administration_id AND moved.id = were.id
     AND moved.due_on <> were.due_on
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
    CROSS JOIN LATERAL (VALUES (were.due_on, -1), (moved.due_on, 1)) AS side (due_on, sign)
    WHERE item.kind = 'invoice' AND item.currency = 'EUR' AND total.cents <> 0
    GROUP BY moved.administration_id, side.due_on;
    RETURN NULL;
END $$;
CREATE TRIGGER moves_open_changes AFTER UPDATE ON tijdig_invoice
REFERENCING OLD TABLE AS were NEW TABLE AS became
FOR EACH STATEMENT EXECUTE FUNCTION tijdig_move_open_changes();
CREATE TRIGGER stays_of_its_kind
BEFORE UPDATE OF kind, currency ON tijdig_openitem
FOR EACH ROW WHEN ((OLD.kind, OLD.currency) IS DISTINCT FROM (NEW.kind, NEW.currency))
EXECUTE FUNCTION tijdig_refuse_change();
"""

ON_NOTHING = """
DROP TRIGGER stays_of_its_kind ON tijdig_openitem;
DROP TRIGGER moves_open_changes ON tijdig_invoice;
DROP FUNCTION tijdig_move_open_changes();
DROP TRIGGER keeps_open_changes ON tijdig_entry;
DROP FUNCTION tijdig_keep_open_changes();
"""

TAKE_OVER = """
INSERT INTO tijdig_openchange (administration_id, id, due_on, cents, invoices)
SELECT item.administration_id, gen_random_uuid(), invoice.due_on, sum(total.cents),
       count(*) FILTER (WHERE item.kind = 'invoice')
FROM tijdig_openitem item
LEFT JOIN tijdig_invoice invoice
  ON item.kind = 'invoice' AND invoice.administration_id = item.administration_id
 AND invoice.open_item_id = item.id
JOIN LATERAL (
    SELECT sum(entry.cents) AS cents FROM tijdig_entry entry
    WHERE entry.administration_id = item.administration_id AND entry.open_item_id = item.id
) total ON true
WHERE item.currency = 'EUR' AND total.cents <> 0
GROUP BY item.administration_id, invoice.due_on
"""


class Migration(migrations.Migration):
    dependencies = (("tijdig", "0019_looks"),)
    operations = [
        migrations.CreateModel(
            name="OpenChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("cents", models.BigIntegerField()),
                ("invoices", models.IntegerField()),
                (
                    "administration",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.deletion.PROTECT,
                        related_name="+",
                        to="tijdig.administration",
                    ),
                ),
            ],
        ),
        administration_first("tijdig_openchange"),
        RunSQL(TAKE_OVER, RunSQL.noop),
        row_security("tijdig_openchange"),
        administration_key("tijdig_openchange"),
        RunSQL(ON_ENTRIES + ON_DUE_DATES, ON_NOTHING),
    ]
