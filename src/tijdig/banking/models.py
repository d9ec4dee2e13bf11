"""Own accounts, their statements, and the lines on them."""

from django.db import models
from django.db.models import Q

from tijdig.tenants.models import Scoped


class Account(Scoped):
    """An own bank account; made when a statement shows it, confirmed by a person."""

    iban = models.CharField(max_length=34)
    currency = models.CharField(max_length=3)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "iban", "currency"), name="account_once"
            ),
        )

    def __str__(self) -> str:
        return self.iban[-4:]


class Statement(Scoped):
    """One statement as it came in; its lines may already have come with another one."""

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    identification = models.CharField(max_length=100)
    sequence = models.CharField(max_length=40, blank=True)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    opening_cents = models.BigIntegerField(null=True, blank=True)
    closing_cents = models.BigIntegerField(null=True, blank=True)
    content_hash = models.CharField(max_length=64)
    import_id = models.UUIDField()

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "account", "content_hash"), name="statement_once"
            ),
        )
        indexes = (models.Index(fields=("administration", "-until_on"), name="statement_by_day"),)

    def __str__(self) -> str:
        return self.identification


class BankLine(Scoped):
    """One booked movement. `key` tells occurrences of equal lines apart; see banking/keys.py."""

    class State(models.TextChoices):
        UNMATCHED = "unmatched"
        MATCHED = "matched"
        OUTGOING = "outgoing"

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    key = models.CharField(max_length=64)
    booked_on = models.DateField()
    value_on = models.DateField()
    cents = models.BigIntegerField()
    counter_iban = models.CharField(max_length=34, blank=True)
    counter_name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    reference = models.CharField(max_length=140, blank=True)
    end_to_end_id = models.CharField(max_length=140, blank=True)
    is_reversal = models.BooleanField(default=False)
    return_reason = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=12, choices=State.choices)
    match_kind = models.CharField(max_length=20, blank=True)
    because_nl = models.TextField(blank=True)
    because_en = models.TextField(blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "account", "key"), name="bankline_once"
            ),
            models.CheckConstraint(condition=~Q(cents=0), name="bankline_not_nil"),
        )
        indexes = (
            models.Index(
                fields=("administration", "booked_on"),
                name="bankline_unmatched",
                condition=Q(state="unmatched"),
            ),
            models.Index(fields=("administration", "-booked_on", "-id"), name="bankline_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.booked_on} {self.cents}"
