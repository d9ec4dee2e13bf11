"""Row-level security and composite keys for claim lines and legal notices."""

from django.db.migrations import Migration as DjangoMigration

from tijdig.migrations._guards import administration_first, composite_key, row_security

SCOPED = ("claimline", "claimpart", "notice")
KEYS = (
    ("claimline", "open_item_id", "openitem"),
    ("claimpart", "line_id", "claimline"),
    ("claimpart", "open_item_id", "openitem"),
    ("notice", "debtor_id", "debtor"),
    ("notice", "open_item_id", "openitem"),
    ("notice", "message_id", "message"),
    ("notice", "replaced_by_id", "notice"),
)


class Migration(DjangoMigration):
    dependencies = (("tijdig", "0004_claims"),)
    operations = [
        *(row_security(f"tijdig_{table}") for table in SCOPED),
        *(administration_first(f"tijdig_{table}") for table in SCOPED),
        *(
            composite_key(f"tijdig_{table}", column, f"tijdig_{target}")
            for table, column, target in KEYS
        ),
    ]
