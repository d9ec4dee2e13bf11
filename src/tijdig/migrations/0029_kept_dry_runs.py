"""The last dry run of each day, kept for a while to hold the run of that day against it."""

import django.db.models.deletion
from django.db import migrations, models

import tijdig.tenants.ids
from tijdig.migrations._guards import administration_first, administration_key, row_security

_TABLE = "tijdig_keptdryrun"


class Migration(migrations.Migration):

    dependencies = [
        ('tijdig', '0028_cost_agreements'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptDryRun',
            fields=[
                ('id', models.UUIDField(default=tijdig.tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('looked_at', models.DateTimeField()),
                ('steps', models.JSONField()),
                ('administration', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.administration')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('administration', 'on'), name='keptdryrun_once')],
            },
        ),
        row_security(_TABLE),
        administration_first(_TABLE),
        administration_key(_TABLE),
    ]
