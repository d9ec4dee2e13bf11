"""Of a source of lists a person says that it ended; a list that came back is asked about."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tijdig', '0043_replaced_reasons'),
    ]

    operations = [
        migrations.AddField(
            model_name='source',
            name='ended_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='asked_import_id',
            field=models.UUIDField(blank=True, null=True),
        ),
    ]
