"""What entries and events name is looked up once per statement, and so are totals and closing."""

from django.db import migrations, models
from django.db.migrations import RunSQL

from tijdig.migrations._guards import administration_key, composite_key, is_kept

# One look at each item that a statement wrote to tells three things: that it exists, that it is
# closed exactly when its entries sum to nil, and by how much the totals of what is open change.
# Each is looked up by its key: the planner takes a table that has just grown for a small one, and
# would read all of it.
ON_ENTRIES = """
CREATE FUNCTION tijdig_adds_to_own_items() RETURNS trigger
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
            SELECT due_on FROM tijdig_invoice one
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
CREATE TRIGGER adds_to_own_items AFTER INSERT ON tijdig_entry
REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION tijdig_adds_to_own_items();
DROP TRIGGER keeps_open_changes ON tijdig_entry;
DROP TRIGGER closed_when_nil ON tijdig_entry;
"""

ON_ENTRIES_AS_BEFORE = """
CREATE TRIGGER closed_when_nil AFTER INSERT ON tijdig_entry
REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION tijdig_closed_when_nil();
CREATE TRIGGER keeps_open_changes AFTER INSERT ON tijdig_entry
REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION tijdig_keep_open_changes();
DROP TRIGGER adds_to_own_items ON tijdig_entry;
DROP FUNCTION tijdig_adds_to_own_items();
"""

ON_EVENTS = """
CREATE FUNCTION tijdig_happens_in_administrations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT administration_id FROM written) told
        WHERE (SELECT true FROM tijdig_administration one
               WHERE one.id = told.administration_id) IS NULL
    ) THEN
        RAISE EXCEPTION 'an event names an administration that does not exist'
        USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER happens_in_administrations AFTER INSERT ON tijdig_event
REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION tijdig_happens_in_administrations();
"""

ON_EVENTS_AS_BEFORE = """
DROP TRIGGER happens_in_administrations ON tijdig_event;
DROP FUNCTION tijdig_happens_in_administrations();
"""

_ITEM = composite_key("tijdig_entry", "open_item_id", "tijdig_openitem")
_ADMINISTRATION = administration_key("tijdig_event")


class Migration(migrations.Migration):
    dependencies = (("tijdig", "0024_unposted_letters"),)
    operations = [
        RunSQL(ON_ENTRIES, ON_ENTRIES_AS_BEFORE),
        RunSQL(ON_EVENTS, ON_EVENTS_AS_BEFORE),
        is_kept("tijdig_administration"),
        RunSQL(_ITEM.reverse_sql, _ITEM.sql),
        RunSQL(_ADMINISTRATION.reverse_sql, _ADMINISTRATION.sql),
        # Its version goes up with every payment: with room on its page no index gets a new entry.
        RunSQL(
            "ALTER TABLE tijdig_debtor SET (fillfactor = 85)",
            "ALTER TABLE tijdig_debtor RESET (fillfactor)",
        ),
        # A balance is read from the index alone, its two truths apart.
        migrations.RemoveIndex(model_name="entry", name="entry_by_item"),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["administration", "open_item"],
                include=("cents", "kind"),
                name="entry_by_item",
            ),
        ),
    ]
