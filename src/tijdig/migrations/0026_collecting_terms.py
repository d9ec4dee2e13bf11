"""Under which identifier a mandate is known to the bank, and the hour of a bank."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tijdig', '0025_entries_per_statement'),
    ]

    operations = [
        migrations.AddField(
            model_name='collectingaccount',
            name='cut_off',
            field=models.TimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='collectingaccount',
            name='lead_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='debitbatch',
            name='creditor_identifier',
            field=models.CharField(blank=True, db_default='', max_length=35),
        ),
        migrations.AddField(
            model_name='sepamandate',
            name='creditor_identifier',
            field=models.CharField(db_default='', max_length=35),
        ),
        migrations.AddConstraint(
            model_name='collectingaccount',
            constraint=models.CheckConstraint(condition=models.Q(('lead_days', None), models.Q(('lead_days__gte', 1), ('lead_days__lte', 10)), _connector='OR'), name='collectingaccount_lead_days'),
        ),
    ]
