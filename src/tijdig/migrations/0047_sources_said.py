"""A source of lists that ended, a list that came back, and a dispute that the books settled."""

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
        migrations.AlterField(
            model_name='dispute',
            name='state',
            field=models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('credited', 'Credited'), ('settled', 'Settled')], default='open', max_length=10),
        ),
        migrations.RemoveIndex(
            model_name='dispute',
            name='dispute_standing',
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(condition=models.Q(('state__in', ['open', 'accepted', 'settled'])), fields=['administration', 'debtor'], name='dispute_standing'),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(condition=models.Q(('state', 'accepted')), fields=['administration', 'debtor'], name='dispute_accepted'),
        ),
    ]
