"""What every migration uses to keep administrations apart in the database itself."""

from django.db.migrations import RunSQL

ADMINISTRATION = """
CREATE FUNCTION tijdig_administration() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE told text := current_setting('tijdig.administration', true);
BEGIN
    IF told IS NULL OR told = '' THEN
        RAISE EXCEPTION 'no administration is set in this transaction'
        USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN told::uuid;
END $$
"""


def row_security(table: str, column: str = "administration_id") -> RunSQL:
    """Only rows of the transaction's administration exist; without one, the query fails."""
    same = f"{column} = (SELECT tijdig_administration())"
    return RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY same_administration ON {table} USING ({same}) WITH CHECK ({same})",
            # Without statistics on this column the planner never takes a new administration, of
            # which it has seen no rows, for one that has none, and so never scans all its rows
            # where a key would find the one.
            f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0",
        ],
        [
            f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS DEFAULT",
            f"DROP POLICY same_administration ON {table}",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def administration_first(table: str) -> RunSQL:
    """The key of a row begins with its administration: one index where Django's own makes two."""
    name = f"{table}_pkey"
    drop = f"ALTER TABLE {table} DROP CONSTRAINT {name}, "
    return RunSQL(
        drop + f"ADD CONSTRAINT {name} PRIMARY KEY (administration_id, id)",
        drop + f"ADD CONSTRAINT {name} PRIMARY KEY (id)",
    )


def administration_key(table: str) -> RunSQL:
    """The administration exists: for tables that no composite key ties to one that says so."""
    name = f"{table}_administration"
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (administration_id) "
        "REFERENCES tijdig_administration (id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def composite_key(table: str, column: str, target: str, *, within: str = "") -> RunSQL:
    """A foreign key that cannot leave the administration: `(administration, column)`.

    With `within` it cannot leave the row that this column names either, and so needs no second
    key for that one: an item of a debtor is an item of this debtor.
    """
    name = f"{table}_{column}_composite"
    middle = f"{within}, " if within else ""
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} "
        f"FOREIGN KEY (administration_id, {middle}{column}) "
        f"REFERENCES {target} (administration_id, {middle}id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def append_only(table: str) -> RunSQL:
    """Rows are written once; a correction is a new row."""
    return RunSQL(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION tijdig_refuse_change()",
        f"DROP TRIGGER append_only ON {table}",
    )


def is_kept(table: str) -> RunSQL:
    """Rows may change but never go: what names them needs no look-up to know that they stand."""
    return RunSQL(
        f"CREATE TRIGGER is_kept BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION tijdig_refuse_change()",
        f"DROP TRIGGER is_kept ON {table}",
    )
