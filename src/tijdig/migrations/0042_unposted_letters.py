"""A printed letter proves nothing until somebody says that it was posted, also one of before."""

from django.db import migrations, models

UNPROVEN = """
WITH unproven AS (
    UPDATE tijdig_notice notice SET proof = 'printed', received_on = NULL
    FROM tijdig_message message
    WHERE message.administration_id = notice.administration_id AND message.id = notice.message_id
      AND message.channel = 'letter' AND message.posted_on IS NULL AND notice.proof = 'post'
    RETURNING notice.administration_id, notice.debtor_id
), raised AS (
    UPDATE tijdig_debtor debtor SET facts_version = debtor.facts_version + 1
    FROM (SELECT DISTINCT administration_id, debtor_id FROM unproven) own
    WHERE debtor.administration_id = own.administration_id AND debtor.id = own.debtor_id
)
UPDATE tijdig_look look SET next_look_on = DATE '0001-01-01'
FROM (SELECT DISTINCT administration_id, debtor_id FROM unproven) own
WHERE look.administration_id = own.administration_id AND look.id = own.debtor_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tijdig', '0041_copies_again'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_receipt_has_proof',
        ),
        migrations.AlterField(
            model_name='notice',
            name='proof',
            field=models.CharField(choices=[('none', 'None'), ('printed', 'Printed'), ('post', 'Post'), ('accepted', 'Accepted'), ('person', 'Person')], default='none', max_length=10),
        ),
        # What was taken for posted before cannot be told from what was: nothing is put back.
        migrations.RunSQL(UNPROVEN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proof__in', ['none', 'printed']), ('received_on', None)), models.Q(('received_on__isnull', False), models.Q(('proof__in', ['none', 'printed']), _negated=True)), _connector='OR'), name='notice_receipt_has_proof'),
        ),
    ]
