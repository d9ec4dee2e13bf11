"""Row-level security, composite keys, append-only tables, and the look-ups before a scope."""

from django.db.migrations import Migration as DjangoMigration
from django.db.migrations import RunSQL

from tijdig.migrations._guards import (
    ADMINISTRATION,
    administration_first,
    administration_key,
    append_only,
    composite_key,
    row_security,
)

SCOPED = (
    "membership debtor contact debtoriban openitem invoice invoicedocument entry bookbalance "
    "source import importproblem account statement bankline message messageitem messagebody "
    "policyversion policystep run decision call event"
).split()

KEYS = (
    ("contact", "debtor_id", "debtor"),
    ("debtoriban", "debtor_id", "debtor"),
    ("openitem", "debtor_id", "debtor"),
    ("invoice", "open_item_id", "openitem"),
    ("invoicedocument", "invoice_id", "invoice"),
    ("entry", "open_item_id", "openitem"),
    ("bookbalance", "open_item_id", "openitem"),
    ("importproblem", "of_import_id", "import"),
    ("statement", "account_id", "account"),
    ("bankline", "account_id", "account"),
    ("bankline", "statement_id", "statement"),
    ("messageitem", "message_id", "message"),
    ("messageitem", "open_item_id", "openitem"),
    ("messagebody", "message_id", "message"),
    ("policystep", "policy_id", "policyversion"),
    ("decision", "debtor_id", "debtor"),
    ("decision", "run_id", "run"),
)

# The invoice that carries a step is one of the debtor who gets it.
OF_THE_DEBTOR = ("message", "call")

ROOTS = "membership debtor source import account policyversion run event".split()

REFUSE_CHANGE = """
CREATE FUNCTION tijdig_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: write a new row that corrects the old one', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

# An item is closed exactly when its entries sum to nil. Checked once per statement over the
# items that it touched, so that an import of many thousands of rows stays one set.
CLOSED_WHEN_NIL = """
CREATE FUNCTION tijdig_closed_when_nil() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong uuid;
BEGIN
    SELECT item.id INTO wrong
    FROM (SELECT DISTINCT administration_id, open_item_id FROM written) touched
    JOIN tijdig_openitem item
      ON item.administration_id = touched.administration_id AND item.id = touched.open_item_id
    JOIN LATERAL (
        SELECT sum(entry.cents) AS balance FROM tijdig_entry entry
        WHERE entry.administration_id = item.administration_id AND entry.open_item_id = item.id
    ) total ON true
    WHERE (total.balance = 0) <> (item.closed_on IS NOT NULL)
    LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'open item % : closed_on does not agree with the sum of its entries', wrong
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

CLOSED_TRIGGER = """
CREATE TRIGGER closed_when_nil AFTER INSERT ON tijdig_entry
REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION tijdig_closed_when_nil()
"""

# The few look-ups that come before the administration is known. They return ids only.
LOOK_UPS = """
CREATE FUNCTION tijdig_administrations_of(person uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT administration_id FROM tijdig_membership WHERE user_id = person
$$;
CREATE FUNCTION tijdig_administration_by_slug(told text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT id FROM tijdig_administration WHERE slug = told
$$;
CREATE FUNCTION tijdig_administrations() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT id FROM tijdig_administration ORDER BY slug
$$;
CREATE FUNCTION tijdig_administrations_to_run(moment timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT administration.id FROM tijdig_administration administration
    WHERE (moment AT TIME ZONE administration.time_zone)::time >= administration.run_at
      AND NOT EXISTS (
        SELECT FROM tijdig_run run
        WHERE run.administration_id = administration.id AND run.kind = 'daily'
          AND run.ended_at IS NOT NULL
          AND run."on" >= (moment AT TIME ZONE administration.time_zone)::date)
$$;
CREATE FUNCTION tijdig_administrations_to_send() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT DISTINCT administration_id FROM tijdig_message
    WHERE state IN ('planned', 'released', 'sending', 'retry')
$$;
"""

LOOK_UPS_AWAY = """
DROP FUNCTION tijdig_administrations_of(uuid);
DROP FUNCTION tijdig_administration_by_slug(text);
DROP FUNCTION tijdig_administrations();
DROP FUNCTION tijdig_administrations_to_run(timestamptz);
DROP FUNCTION tijdig_administrations_to_send();
"""


# PostgreSQL keeps the plan of a foreign key's check, made on a table that was still empty, for the
# whole session: on a first import or run that plan reads every row for every check. Only an owner
# may ANALYZE; this function does, for tables that grew since they were last looked at.
ANALYSE = """
CREATE FUNCTION tijdig_analyse_grown() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE grown regclass;
BEGIN
    FOR grown IN
        SELECT oid FROM pg_class
        WHERE relname LIKE 'tijdig\\_%' AND relkind = 'r' AND reltuples < 1000
          AND pg_relation_size(oid) > greatest(relpages, 4) * 8192::bigint * 2
    LOOP
        EXECUTE 'ANALYZE ' || grown;
    END LOOP;
END $$
"""


class Migration(DjangoMigration):
    dependencies = (("tijdig", "0001_initial"),)
    operations = [
        RunSQL(ADMINISTRATION, "DROP FUNCTION tijdig_administration()"),
        RunSQL(REFUSE_CHANGE, "DROP FUNCTION tijdig_refuse_change()"),
        RunSQL(CLOSED_WHEN_NIL, "DROP FUNCTION tijdig_closed_when_nil()"),
        RunSQL(CLOSED_TRIGGER, "DROP TRIGGER closed_when_nil ON tijdig_entry"),
        RunSQL(
            "CREATE SEQUENCE tijdig_payment_reference START 1000",
            "DROP SEQUENCE tijdig_payment_reference",
        ),
        row_security("tijdig_administration", column="id"),
        *(row_security(f"tijdig_{table}") for table in SCOPED),
        *(administration_first(f"tijdig_{table}") for table in SCOPED),
        *(administration_key(f"tijdig_{table}") for table in ROOTS),
        *(
            composite_key(f"tijdig_{table}", column, f"tijdig_{target}")
            for table, column, target in KEYS
        ),
        *(
            composite_key(
                f"tijdig_{table}", "carrying_item_id", "tijdig_openitem", within="debtor_id"
            )
            for table in OF_THE_DEBTOR
        ),
        append_only("tijdig_entry"),
        append_only("tijdig_event"),
        RunSQL(LOOK_UPS, LOOK_UPS_AWAY),
        RunSQL(ANALYSE, "DROP FUNCTION tijdig_analyse_grown()"),
    ]
