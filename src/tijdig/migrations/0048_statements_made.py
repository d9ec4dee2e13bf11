"""When the bank made a statement."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tijdig', '0047_sources_said'),
    ]

    operations = [
        migrations.AddField(
            model_name='statement',
            name='made_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
