"""A copy of an invoice can be asked for again, at another address."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tijdig', '0040_case_messages'),
    ]

    operations = [
        migrations.AddField(
            model_name='reason',
            name='address_round',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
