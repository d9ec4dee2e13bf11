"""A message carries what it lists; a decision's run is looked up once per statement."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.migrations import RunSQL, SeparateDatabaseAndState

from tijdig.migrations._guards import composite_key

TAKE_OVER = """
UPDATE tijdig_message message
SET listed_items = listed.items, listed_cents = listed.cents
FROM (
    SELECT administration_id, message_id, array_agg(open_item_id ORDER BY id) AS items,
           array_agg(cents ORDER BY id) AS cents
    FROM tijdig_messageitem GROUP BY 1, 2
) listed
WHERE listed.administration_id = message.administration_id AND listed.message_id = message.id
"""

PAIRED = """
ALTER TABLE tijdig_message ADD CONSTRAINT message_lists_pairs CHECK (
    cardinality(listed_items) > 0 AND cardinality(listed_items) = cardinality(listed_cents)
    AND array_position(listed_cents, NULL) IS NULL)
"""

# The key of a list: each item is one of this debtor, in this administration. Items are never
# removed (their entries are append-only and point to them), so that looking once is enough. The
# look-up is written as a subquery, which the planner does not turn into a scan of all items.
LISTS_OWN = """
CREATE FUNCTION tijdig_lists_own_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM written message CROSS JOIN LATERAL unnest(message.listed_items) AS listed (id)
        WHERE (SELECT true FROM tijdig_openitem item
               WHERE item.administration_id = message.administration_id
                 AND item.debtor_id = message.debtor_id AND item.id = listed.id) IS NULL
    ) THEN
        RAISE EXCEPTION 'a message lists an item that is not its debtor''s'
        USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lists_own_items AFTER INSERT ON tijdig_message
REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION tijdig_lists_own_items();
CREATE FUNCTION tijdig_lists_own_items_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(NEW.listed_items) AS listed (id)
        WHERE (SELECT true FROM tijdig_openitem item
               WHERE item.administration_id = NEW.administration_id
                 AND item.debtor_id = NEW.debtor_id AND item.id = listed.id) IS NULL
    ) THEN
        RAISE EXCEPTION 'a message lists an item that is not its debtor''s'
        USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lists_own_items_still
BEFORE UPDATE OF listed_items, debtor_id, administration_id ON tijdig_message
FOR EACH ROW EXECUTE FUNCTION tijdig_lists_own_items_still();
"""

LISTS_OWN_AWAY = """
DROP TRIGGER lists_own_items_still ON tijdig_message;
DROP FUNCTION tijdig_lists_own_items_still();
DROP TRIGGER lists_own_items ON tijdig_message;
DROP FUNCTION tijdig_lists_own_items();
"""

# All decisions of a statement have one run: one look-up, where a foreign key makes one per row.
RUN_EXISTS = """
CREATE FUNCTION tijdig_decided_in_a_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT administration_id, run_id FROM written) decided
        WHERE (SELECT true FROM tijdig_run run
               WHERE run.administration_id = decided.administration_id
                 AND run.id = decided.run_id) IS NULL
    ) THEN
        RAISE EXCEPTION 'a decision names a run that does not exist'
        USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER decided_in_a_run AFTER INSERT ON tijdig_decision
REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION tijdig_decided_in_a_run();
CREATE TRIGGER is_kept BEFORE DELETE ON tijdig_run
FOR EACH ROW EXECUTE FUNCTION tijdig_refuse_change();
"""

RUN_EXISTS_AWAY = """
DROP TRIGGER is_kept ON tijdig_run;
DROP TRIGGER decided_in_a_run ON tijdig_decision;
DROP FUNCTION tijdig_decided_in_a_run();
"""

_RUN_KEY = composite_key("tijdig_decision", "run_id", "tijdig_run")


class Migration(migrations.Migration):
    dependencies = (("tijdig", "0006_audit"),)
    operations = [
        migrations.AddField(
            "message",
            "listed_items",
            ArrayField(models.UUIDField(), default=list),
            preserve_default=False,
        ),
        migrations.AddField(
            "message",
            "listed_cents",
            ArrayField(models.BigIntegerField(), default=list),
            preserve_default=False,
        ),
        RunSQL(TAKE_OVER, RunSQL.noop),
        migrations.DeleteModel("MessageItem"),
        RunSQL(PAIRED, "ALTER TABLE tijdig_message DROP CONSTRAINT message_lists_pairs"),
        RunSQL(LISTS_OWN, LISTS_OWN_AWAY),
        SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("decision", "run"),
                migrations.AddField("decision", "run_id", models.UUIDField(default=None)),
                migrations.AlterField("decision", "run_id", models.UUIDField()),
            ],
        ),
        RunSQL(_RUN_KEY.reverse_sql, _RUN_KEY.sql),
        RunSQL(RUN_EXISTS, RUN_EXISTS_AWAY),
    ]
