"""Costs that were taken back before say so: they may be asked anew."""

from django.db import migrations

WITHDRAWN = """
UPDATE tijdig_claimline line SET withdrawn_on = taken.back_on
FROM (
    SELECT asked.id, max(entry."on") FILTER (WHERE entry.kind = 'withdrawn') AS back_on
    FROM tijdig_claimline asked
    JOIN tijdig_entry entry
      ON entry.administration_id = asked.administration_id
     AND entry.open_item_id = asked.open_item_id
    WHERE asked.kind = 'costs' AND entry.kind IN ('costs', 'withdrawn')
    GROUP BY asked.id HAVING sum(entry.cents) = 0
) taken
WHERE taken.id = line.id AND line.withdrawn_on IS NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tijdig', '0034_costs_taken_back'),
    ]

    operations = [migrations.RunSQL(WITHDRAWN, migrations.RunSQL.noop)]
