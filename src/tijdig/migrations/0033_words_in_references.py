"""The order and customer references of invoices, where there are any, can be searched as they are.

The index holds the whole texts, so that words anywhere in them are found without reading a million
invoices. The rows without references, most of them, are not in it.
"""

from django.db.migrations import Migration as DjangoMigration
from django.db.migrations import RunSQL


class Migration(DjangoMigration):
    dependencies = (("tijdig", "0032_plan_rests"),)
    operations = (
        RunSQL(
            "CREATE INDEX invoice_with_reference ON tijdig_invoice"
            " (administration_id, order_reference, customer_reference, id)"
            " WHERE order_reference <> '' OR customer_reference <> ''",
            "DROP INDEX invoice_with_reference",
        ),
    )
