"""A reason keeps which one took its place, and the dispute that came of it."""

import django.db.models.deletion
from django.db import migrations, models

from tijdig.migrations._guards import composite_key


class Migration(migrations.Migration):

    dependencies = [
        ('tijdig', '0042_unposted_letters'),
    ]

    operations = [
        migrations.AddField(
            model_name='reason',
            name='dispute',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.dispute'),
        ),
        migrations.AddField(
            model_name='reason',
            name='replaced_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.reason'),
        ),
        migrations.AddIndex(
            model_name='reason',
            index=models.Index(condition=models.Q(('replaced_by__isnull', False)), fields=['administration', 'replaced_by'], name='reason_replaced'),
        ),
        migrations.AddIndex(
            model_name='reason',
            index=models.Index(condition=models.Q(('dispute__isnull', False)), fields=['administration', 'dispute'], name='reason_disputed'),
        ),
        migrations.AddConstraint(
            model_name='reason',
            constraint=models.CheckConstraint(condition=models.Q(('replaced_by', None), ('handled_on__isnull', False), _connector='OR'), name='reason_replaced_is_over'),
        ),
        composite_key("tijdig_reason", "replaced_by_id", "tijdig_reason"),
        composite_key("tijdig_reason", "dispute_id", "tijdig_dispute"),
    ]
