"""Mandates that are there are known under the identifier that collects now."""

from django.db import migrations

KNOWN = """
UPDATE tijdig_sepamandate mandate SET creditor_identifier = creditor.creditor_identifier
FROM (
    SELECT DISTINCT ON (administration_id) administration_id, creditor_identifier
    FROM tijdig_collectingaccount ORDER BY administration_id, is_on DESC, set_at
) creditor
WHERE creditor.administration_id = mandate.administration_id;
UPDATE tijdig_debitbatch batch SET creditor_identifier = creditor.creditor_identifier
FROM tijdig_collectingaccount creditor
WHERE creditor.administration_id = batch.administration_id
  AND creditor.account_id = batch.account_id AND batch.content IS NOT NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tijdig', '0026_collecting_terms'),
    ]

    operations = [migrations.RunSQL(KNOWN, migrations.RunSQL.noop)]
