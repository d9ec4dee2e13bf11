"""A plan keeps the last day on which something held it back."""

from django.db.migrations import AddField
from django.db.migrations import Migration as DjangoMigration
from django.db.models import DateField


class Migration(DjangoMigration):
    dependencies = (("tijdig", "0031_standing_terms"),)
    operations = (AddField("plan", "rested_on", DateField(null=True, blank=True)),)
