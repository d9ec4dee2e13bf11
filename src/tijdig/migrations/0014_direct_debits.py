"""Mandates and direct debits."""

import django.db.models.deletion
import django.db.models.functions.text
import tijdig.tenants.ids
from django.db import migrations, models

from tijdig.migrations._guards import administration_first, composite_key, row_security

TABLES = "collectingaccount sepamandate debitbatch debitline".split()

KEYS = (
    ("collectingaccount", "account_id", "account"),
    ("sepamandate", "debtor_id", "debtor"),
    ("debitbatch", "account_id", "account"),
    ("debitline", "batch_id", "debitbatch"),
    ("debitline", "mandate_id", "sepamandate"),
)


class Migration(migrations.Migration):

    dependencies = [
        ('tijdig', '0013_sign_in_failures'),
    ]

    operations = [
        migrations.CreateModel(
            name='DebitBatch',
            fields=[
                ('id', models.UUIDField(default=tijdig.tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('collect_on', models.DateField()),
                ('scheme', models.CharField(max_length=4)),
                ('sequence', models.CharField(max_length=4)),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('approved', 'Approved'), ('made', 'Made'), ('handed_over', 'Handed Over'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=12)),
                ('message_id', models.CharField(max_length=35)),
                ('content', models.BinaryField(blank=True, null=True)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('approved_by', models.CharField(blank=True, max_length=100)),
                ('made_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.CharField(blank=True, max_length=100)),
                ('handed_over_on', models.DateField(blank=True, null=True)),
                ('handed_over_by', models.CharField(blank=True, max_length=100)),
                ('withdrawn_on', models.DateField(blank=True, null=True)),
                ('withdrawn_by', models.CharField(blank=True, max_length=100)),
                ('withdrawn_because', models.CharField(blank=True, max_length=300)),
                ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.account')),
                ('administration', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.administration')),
            ],
        ),
        migrations.CreateModel(
            name='SepaMandate',
            fields=[
                ('id', models.UUIDField(default=tijdig.tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=35)),
                ('scheme', models.CharField(max_length=4)),
                ('iban', models.CharField(max_length=34)),
                ('holder', models.CharField(max_length=70)),
                ('signed_on', models.DateField()),
                ('signed_how', models.CharField(choices=[('paper', 'Paper'), ('import', 'Import'), ('portal', 'Portal')], max_length=10)),
                ('is_one_off', models.BooleanField(default=False)),
                ('notice_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('former_iban', models.CharField(blank=True, max_length=34)),
                ('last_collected_on', models.DateField(blank=True, null=True)),
                ('collected_times', models.PositiveIntegerField(default=0)),
                ('held_on', models.DateField(blank=True, null=True)),
                ('held_code', models.CharField(blank=True, max_length=20)),
                ('withdrawn_on', models.DateField(blank=True, null=True)),
                ('withdrawn_by', models.CharField(blank=True, max_length=100)),
                ('withdrawn_because', models.CharField(blank=True, max_length=300)),
                ('recorded_by', models.CharField(max_length=100)),
                ('recorded_at', models.DateTimeField()),
                ('administration', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.administration')),
                ('debtor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.debtor')),
            ],
        ),
        migrations.CreateModel(
            name='DebitLine',
            fields=[
                ('id', models.UUIDField(default=tijdig.tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('cents', models.BigIntegerField()),
                ('end_to_end_id', models.CharField(max_length=35)),
                ('attempt', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('handed_over', 'Handed Over'), ('collected', 'Collected'), ('rejected', 'Rejected'), ('returned', 'Returned'), ('left_out', 'Left Out'), ('withdrawn', 'Withdrawn')], default='planned', max_length=12)),
                ('announced_on', models.DateField(blank=True, null=True)),
                ('collected_on', models.DateField(blank=True, null=True)),
                ('came_back_on', models.DateField(blank=True, null=True)),
                ('reason_code', models.CharField(blank=True, max_length=20)),
                ('retry_on', models.DateField(blank=True, null=True)),
                ('because_nl', models.CharField(blank=True, max_length=500)),
                ('because_en', models.CharField(blank=True, max_length=500)),
                ('decided_by', models.CharField(blank=True, max_length=100)),
                ('administration', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.administration')),
                ('batch', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.debitbatch')),
                ('debtor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.debtor')),
                ('item', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.openitem')),
                ('mandate', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.sepamandate')),
            ],
        ),
        migrations.CreateModel(
            name='CollectingAccount',
            fields=[
                ('id', models.UUIDField(default=tijdig.tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('creditor_identifier', models.CharField(max_length=35)),
                ('is_on', models.BooleanField(default=False)),
                ('version', models.CharField(blank=True, max_length=10)),
                ('notice_days', models.PositiveSmallIntegerField(default=14)),
                ('invoices_announce', models.BooleanField(default=False)),
                ('set_by', models.CharField(max_length=100)),
                ('set_at', models.DateTimeField()),
                ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.account')),
                ('administration', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.administration')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('administration', 'account'), name='collectingaccount_once'), models.UniqueConstraint(condition=models.Q(('is_on', True)), fields=('administration',), name='collectingaccount_one_is_on'), models.CheckConstraint(condition=models.Q(('notice_days__gte', 1), ('notice_days__lte', 90)), name='collectingaccount_notice_term')],
            },
        ),
        migrations.AddIndex(
            model_name='debitbatch',
            index=models.Index(fields=['administration', '-collect_on'], name='debitbatch_by_day'),
        ),
        migrations.AddConstraint(
            model_name='debitbatch',
            constraint=models.UniqueConstraint(fields=('administration', 'message_id'), name='debitbatch_message_once'),
        ),
        migrations.AddConstraint(
            model_name='debitbatch',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('administration', 'account', 'collect_on', 'scheme', 'sequence'), name='debitbatch_proposed_once'),
        ),
        migrations.AddConstraint(
            model_name='debitbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content', None), ('content_hash', ''), ('made_at', None)), models.Q(('approved_at__isnull', False), ('content__isnull', False), ('made_at__isnull', False), models.Q(('content_hash', ''), _negated=True)), _connector='OR'), name='debitbatch_made_with_bytes'),
        ),
        migrations.AddConstraint(
            model_name='debitbatch',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'withdrawn'), models.Q(('content__isnull', False), ('state__in', ['made', 'handed_over'])), models.Q(('approved_at__isnull', False), ('content', None), ('state', 'approved')), models.Q(('approved_at', None), ('state', 'proposed')), _connector='OR'), name='debitbatch_state_fits'),
        ),
        migrations.AddConstraint(
            model_name='debitbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('handed_over_on__isnull', False), ('state', 'handed_over')), models.Q(models.Q(('state__in', ['handed_over', 'withdrawn']), _negated=True), ('handed_over_on', None)), ('state', 'withdrawn'), _connector='OR'), name='debitbatch_handed_over_has_day'),
        ),
        migrations.AddConstraint(
            model_name='debitbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_on__isnull', False), models.Q(('withdrawn_because', ''), _negated=True)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_because', ''), ('withdrawn_on', None)), _connector='OR'), name='debitbatch_withdrawn_for_a_reason'),
        ),
        migrations.AddIndex(
            model_name='sepamandate',
            index=models.Index(condition=models.Q(('withdrawn_on', None)), fields=['administration', 'debtor'], name='sepamandate_standing'),
        ),
        migrations.AddConstraint(
            model_name='sepamandate',
            constraint=models.UniqueConstraint(models.F('administration'), django.db.models.functions.text.Upper('reference'), name='sepamandate_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='sepamandate',
            constraint=models.CheckConstraint(condition=models.Q(('scheme__in', ['core', 'b2b']), models.Q(('reference', ''), _negated=True), models.Q(('iban', ''), _negated=True)), name='sepamandate_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='sepamandate',
            constraint=models.CheckConstraint(condition=models.Q(('notice_days', None), models.Q(('notice_days__gte', 1), ('notice_days__lte', 90)), _connector='OR'), name='sepamandate_notice_term'),
        ),
        migrations.AddConstraint(
            model_name='sepamandate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_because', ''), ('withdrawn_by', ''), ('withdrawn_on', None)), models.Q(('withdrawn_on__isnull', False), models.Q(('withdrawn_because', ''), _negated=True), models.Q(('withdrawn_by', ''), _negated=True)), _connector='OR'), name='sepamandate_withdrawn_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='sepamandate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('held_code', ''), ('held_on', None)), ('held_on__isnull', False), _connector='OR'), name='sepamandate_held_has_day'),
        ),
        migrations.AddIndex(
            model_name='debitline',
            index=models.Index(fields=['administration', 'batch'], name='debitline_by_batch'),
        ),
        migrations.AddIndex(
            model_name='debitline',
            index=models.Index(fields=['administration', 'item'], name='debitline_by_item'),
        ),
        migrations.AddIndex(
            model_name='debitline',
            index=models.Index(condition=models.Q(('state__in', ['planned', 'handed_over'])), fields=['administration', 'debtor'], name='debitline_living'),
        ),
        migrations.AddIndex(
            model_name='debitline',
            index=models.Index(fields=['administration', 'mandate'], name='debitline_by_mandate'),
        ),
        migrations.AddConstraint(
            model_name='debitline',
            constraint=models.UniqueConstraint(fields=('administration', 'end_to_end_id'), name='debitline_end_to_end_once'),
        ),
        migrations.AddConstraint(
            model_name='debitline',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['planned', 'handed_over'])), fields=('administration', 'item'), name='debitline_living_once'),
        ),
        migrations.AddConstraint(
            model_name='debitline',
            constraint=models.CheckConstraint(condition=models.Q(('attempt__gte', 1), ('cents__gt', 0)), name='debitline_asks_money'),
        ),
        migrations.AddConstraint(
            model_name='debitline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('came_back_on__isnull', False), ('state__in', ['rejected', 'returned'])), models.Q(models.Q(('state__in', ['rejected', 'returned']), _negated=True), ('came_back_on', None), ('reason_code', ''), ('retry_on', None)), _connector='OR'), name='debitline_came_back_has_day'),
        ),
        migrations.AddConstraint(
            model_name='debitline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'left_out'), _negated=True), models.Q(models.Q(('because_nl', ''), _negated=True), models.Q(('because_en', ''), _negated=True)), _connector='OR'), name='debitline_left_out_for_a_reason'),
        ),
        *(row_security(f"tijdig_{table}") for table in TABLES),
        *(administration_first(f"tijdig_{table}") for table in TABLES),
        *(
            composite_key(f"tijdig_{table}", column, f"tijdig_{target}")
            for table, column, target in KEYS
        ),
        composite_key("tijdig_debitline", "item_id", "tijdig_openitem", within="debtor_id"),
    ]
