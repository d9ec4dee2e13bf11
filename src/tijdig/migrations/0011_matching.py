"""Proposals for bank lines, keys to find what they mean, discounts."""

import django.db.models.deletion
import tijdig.tenants.ids
from django.db import migrations, models


from tijdig.migrations._guards import (
    administration_first,
    administration_key,
    composite_key,
    row_security,
)
from tijdig.migrations._keys import NAME_KEY, NUMBER_KEY


class Migration(migrations.Migration):

    dependencies = [
        ('tijdig', '0010_cases'),
    ]

    operations = [
        migrations.RunSQL(NUMBER_KEY, "DROP FUNCTION tijdig_number_key(text)"),
        migrations.RunSQL(NAME_KEY, "DROP FUNCTION tijdig_name_key(text)"),
        migrations.CreateModel(
            name='MatchLimit',
            fields=[
                ('id', models.UUIDField(default=tijdig.tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('limit', models.PositiveIntegerField()),
                ('set_by', models.CharField(max_length=100)),
                ('set_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.UUIDField(default=tijdig.tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('rank', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('certainty', models.PositiveIntegerField()),
                ('parts', models.JSONField()),
                ('rest_cents', models.BigIntegerField(default=0)),
                ('conceded', models.JSONField(default=list)),
                ('evidence', models.JSONField(default=list)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='entry',
            name='entry_once_per_source',
        ),
        migrations.RemoveConstraint(
            model_name='entry',
            name='entry_sign',
        ),
        migrations.AddField(
            model_name='bankline',
            name='decided_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='bankline',
            name='decided_by',
            field=models.CharField(blank=True, db_default='', max_length=100),
        ),
        migrations.AddField(
            model_name='bankline',
            name='match_agreed',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='bankline',
            name='match_certainty',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='bankline',
            name='match_round',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='bankline',
            name='note',
            field=models.TextField(blank=True, db_default=''),
        ),
        migrations.AddField(
            model_name='debtor',
            name='name_words',
            field=models.GeneratedField(db_persist=True, expression=models.Func('name', function='tijdig_name_key'), output_field=models.CharField(max_length=200)),
        ),
        migrations.AddField(
            model_name='debtor',
            name='number_key',
            field=models.GeneratedField(db_persist=True, expression=models.Func('number', function='tijdig_number_key'), output_field=models.CharField(max_length=60)),
        ),
        migrations.AddField(
            model_name='debtoriban',
            name='line_id',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='entry',
            name='source_round',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='invoice',
            name='discount_cents',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='invoice',
            name='discount_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='invoice',
            name='number_key',
            field=models.GeneratedField(db_persist=True, expression=models.Func('number', function='tijdig_number_key'), output_field=models.CharField(max_length=100)),
        ),
        migrations.AlterField(
            model_name='bankline',
            name='state',
            field=models.CharField(choices=[('unmatched', 'Unmatched'), ('matched', 'Matched'), ('ignored', 'Ignored'), ('outgoing', 'Outgoing'), ('pending', 'Pending'), ('detail', 'Detail'), ('split', 'Split'), ('waiting', 'Waiting')], max_length=12),
        ),
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.CharField(choices=[('invoiced', 'Invoiced'), ('credited', 'Credited'), ('paid', 'Paid'), ('reversed', 'Reversed'), ('refunded', 'Refunded'), ('set_off', 'Set Off'), ('discount', 'Discount'), ('rounding', 'Rounding'), ('costs', 'Costs'), ('interest', 'Interest'), ('waived', 'Waived'), ('withdrawn', 'Withdrawn'), ('settled_in_books', 'Settled In Books')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='debtor',
            index=models.Index(condition=models.Q(('number_key', ''), _negated=True), fields=['administration', 'number_key'], name='debtor_by_number_key'),
        ),
        migrations.AddIndex(
            model_name='debtor',
            index=models.Index(condition=models.Q(('name_words', ''), _negated=True), fields=['administration', 'name_words'], name='debtor_by_name_words'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(condition=models.Q(('number_key', ''), _negated=True), fields=['administration', 'number_key'], name='invoice_by_number_key'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(condition=models.Q(('invoiced_cents__gt', 0)), fields=['administration', 'invoiced_cents', '-due_on'], name='invoice_by_amount'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('administration', 'source_kind', 'source_id', 'open_item', 'kind', 'source_round'), name='entry_once_per_source'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('cents__gte', 0), ('kind__in', ['invoiced', 'reversed', 'refunded', 'costs', 'interest'])), models.Q(('cents__lte', 0), ('kind__in', ['credited', 'paid', 'waived', 'withdrawn', 'discount'])), ('kind__in', ['set_off', 'settled_in_books', 'rounding']), _connector='OR'), models.Q(models.Q(('cents', 0), _negated=True), ('kind__in', ['invoiced', 'credited']), _connector='OR')), name='entry_sign'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('discount_cents', 0), ('discount_until__isnull', False), _connector='XOR'), name='invoice_discount_has_a_term'),
        ),
        migrations.AddField(
            model_name='matchlimit',
            name='administration',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.administration'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='administration',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.administration'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='debtor',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.debtor'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='line',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tijdig.bankline'),
        ),
        migrations.AddConstraint(
            model_name='matchlimit',
            constraint=models.UniqueConstraint(fields=('administration',), name='matchlimit_once'),
        ),
        migrations.AddConstraint(
            model_name='matchlimit',
            constraint=models.CheckConstraint(condition=models.Q(('limit__gte', 900000), ('limit__lte', 1000001)), name='matchlimit_is_high'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.UniqueConstraint(fields=('administration', 'line', 'rank'), name='suggestion_once'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('rank__gte', 1), ('rank__lte', 5)), name='suggestion_five_at_most'),
        ),
        *(row_security(f"tijdig_{table}") for table in ("suggestion", "matchlimit")),
        *(administration_first(f"tijdig_{table}") for table in ("suggestion", "matchlimit")),
        administration_key("tijdig_matchlimit"),
        composite_key("tijdig_suggestion", "line_id", "tijdig_bankline"),
        composite_key("tijdig_suggestion", "debtor_id", "tijdig_debtor"),
    ]
