"""A run writes the next looks in place, and keeps the facts of a decision as they were written."""

from django.db import migrations, models
from django.db.migrations import RunSQL


class Migration(migrations.Migration):
    dependencies = (("tijdig", "0036_line_for_person"),)
    operations = (
        migrations.RemoveIndex(model_name="look", name="look_due"),
        # Room for one more of every row: then no index gets a new entry when a run renews it.
        RunSQL(
            "ALTER TABLE tijdig_look SET (fillfactor = 45)",
            "ALTER TABLE tijdig_look RESET (fillfactor)",
        ),
        RunSQL("CLUSTER tijdig_look USING tijdig_look_pkey", RunSQL.noop),
        migrations.AlterField(
            model_name="decision",
            name="facts",
            field=models.TextField(),
        ),
    )
