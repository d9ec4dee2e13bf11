"""When a debtor is looked at next stands apart from him: every run writes it, for everybody due."""

from django.db import migrations, models
from django.db.migrations import RunSQL

from tijdig.migrations._guards import administration_first, administration_key, row_security
from tijdig.tenants.ids import new_id

# Every debtor has one from the start, and is due in the next run. A debtor is never removed, and
# an id never changes: that a look has its debtor follows from where it comes from.
MADE_WITH_DEBTOR = """
CREATE FUNCTION tijdig_make_looks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tijdig_look (administration_id, id, next_look_on, standing_reason)
    SELECT administration_id, id, DATE '0001-01-01', '' FROM written;
    RETURN NULL;
END $$;
CREATE TRIGGER makes_looks AFTER INSERT ON tijdig_debtor
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tijdig_make_looks();
"""

MADE_BY_HAND = """
DROP TRIGGER makes_looks ON tijdig_debtor;
DROP FUNCTION tijdig_make_looks();
"""

TAKE_OVER = """
INSERT INTO tijdig_look (administration_id, id, next_look_on, standing_reason)
SELECT administration_id, id, next_look_on, standing_reason FROM tijdig_debtor
"""

GIVE_BACK = """
UPDATE tijdig_debtor debtor
SET next_look_on = look.next_look_on, standing_reason = look.standing_reason
FROM tijdig_look look
WHERE look.administration_id = debtor.administration_id AND look.id = debtor.id
"""


class Migration(migrations.Migration):
    dependencies = (("tijdig", "0018_invoice_vat"),)
    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("next_look_on", models.DateField(blank=True, null=True)),
                ("standing_reason", models.CharField(blank=True, max_length=40)),
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
            options={
                "indexes": [
                    models.Index(fields=["administration", "next_look_on"], name="look_due")
                ],
            },
        ),
        administration_first("tijdig_look"),
        RunSQL(TAKE_OVER, GIVE_BACK),
        row_security("tijdig_look"),
        administration_key("tijdig_look"),
        RunSQL(MADE_WITH_DEBTOR, MADE_BY_HAND),
        migrations.RemoveIndex("debtor", "debtor_due"),
        migrations.RemoveField("debtor", "next_look_on"),
        migrations.RemoveField("debtor", "standing_reason"),
    ]
