"""A collection is on a mandate of its own debtor, by a key."""

from django.db import migrations, models
from django.db.migrations import RunSQL

from tijdig.migrations._guards import composite_key

_ANY_MANDATE = composite_key("tijdig_debitline", "mandate_id", "tijdig_sepamandate")


class Migration(migrations.Migration):

    dependencies = [
        ('tijdig', '0022_imputation_kept'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='sepamandate',
            constraint=models.UniqueConstraint(fields=('administration', 'id', 'debtor'), name='sepamandate_of_debtor'),
        ),
        RunSQL(_ANY_MANDATE.reverse_sql, _ANY_MANDATE.sql),
        composite_key("tijdig_debitline", "mandate_id", "tijdig_sepamandate", within="debtor_id"),
    ]
