"""The keys of what a run writes are looked up once per statement; what they name is kept."""

from django.db.migrations import Migration as DjangoMigration
from django.db.migrations import RunSQL

from tijdig.migrations._guards import composite_key, is_kept

# The item that carries the step is one of those listed, or is looked up beside them.
ITEMS = """
CREATE OR REPLACE FUNCTION tijdig_lists_own_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM written message
        CROSS JOIN LATERAL unnest(
            CASE WHEN message.carrying_item_id = ANY (message.listed_items)
                 THEN message.listed_items
                 ELSE message.listed_items || message.carrying_item_id END) AS named (id)
        WHERE (SELECT true FROM tijdig_openitem item
               WHERE item.administration_id = message.administration_id
                 AND item.debtor_id = message.debtor_id AND item.id = named.id) IS NULL
    ) THEN
        RAISE EXCEPTION 'a message names an item that is not its debtor''s'
        USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION tijdig_lists_own_items_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(NEW.listed_items || NEW.carrying_item_id) AS named (id)
        WHERE (SELECT true FROM tijdig_openitem item
               WHERE item.administration_id = NEW.administration_id
                 AND item.debtor_id = NEW.debtor_id AND item.id = named.id) IS NULL
    ) THEN
        RAISE EXCEPTION 'a message names an item that is not its debtor''s'
        USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER lists_own_items_still ON tijdig_message;
CREATE TRIGGER lists_own_items_still
BEFORE UPDATE OF listed_items, carrying_item_id, debtor_id, administration_id ON tijdig_message
FOR EACH ROW EXECUTE FUNCTION tijdig_lists_own_items_still();
"""

DEBTORS = """
CREATE FUNCTION tijdig_decides_on_debtors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM written decided
        WHERE (SELECT true FROM tijdig_debtor debtor
               WHERE debtor.administration_id = decided.administration_id
                 AND debtor.id = decided.debtor_id) IS NULL
    ) THEN
        RAISE EXCEPTION 'a decision names a debtor that does not exist'
        USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER decides_on_debtors AFTER INSERT ON tijdig_decision
REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION tijdig_decides_on_debtors();
CREATE TRIGGER stays_as_decided
BEFORE UPDATE OF administration_id, debtor_id, run_id ON tijdig_decision
FOR EACH ROW WHEN (
    (OLD.administration_id, OLD.debtor_id, OLD.run_id)
    IS DISTINCT FROM (NEW.administration_id, NEW.debtor_id, NEW.run_id))
EXECUTE FUNCTION tijdig_refuse_change();
"""

DEBTORS_AWAY = """
DROP TRIGGER stays_as_decided ON tijdig_decision;
DROP TRIGGER decides_on_debtors ON tijdig_decision;
DROP FUNCTION tijdig_decides_on_debtors();
"""

_CARRYING = composite_key(
    "tijdig_message", "carrying_item_id", "tijdig_openitem", within="debtor_id"
)
_DEBTOR = composite_key("tijdig_decision", "debtor_id", "tijdig_debtor")


class Migration(DjangoMigration):
    dependencies = (("tijdig", "0008_sending_guards"),)
    operations = [
        RunSQL(ITEMS, RunSQL.noop),
        RunSQL(DEBTORS, DEBTORS_AWAY),
        is_kept("tijdig_debtor"),
        is_kept("tijdig_openitem"),
        RunSQL(_CARRYING.reverse_sql, _CARRYING.sql),
        RunSQL(_DEBTOR.reverse_sql, _DEBTOR.sql),
    ]
