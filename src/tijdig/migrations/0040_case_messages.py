"""Cases have messages of their own; a reason has an owner, a deadline and an address."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tijdig', '0039_interest_agreements'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='message',
            name='message_asks_money',
        ),
        migrations.AddField(
            model_name='dispute',
            name='tells_debtor',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='reason',
            name='address',
            field=models.CharField(blank=True, db_default='', max_length=254),
        ),
        migrations.AddField(
            model_name='reason',
            name='deadline_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='reason',
            name='is_withdrawn',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='reason',
            name='owner',
            field=models.CharField(blank=True, db_default='', max_length=100),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(condition=models.Q(('tells_debtor', True)), fields=['administration', 'debtor'], name='dispute_told'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('total_cents__gt', 0), models.Q(('phase', 'case'), ('total_cents', 0)), _connector='OR'), name='message_asks_money'),
        ),
    ]
