"""When debtors are looked at, what was agreed with them, their accounts, and invoices as files."""

from django.db import models
from django.db.models import F, Q

from tijdig.ledger.models import Debtor, Invoice
from tijdig.tenants.models import Scoped
from tijdig.tenants.references import Reference


class Look(Scoped):
    """When a debtor is looked at next, and why nothing happens until then; its id is his.

    The database makes it with the debtor. It stands apart because every run writes it for
    everybody on whom something was due: in a narrow row, of which no index knows what changes, with
    room on its page for the next one.
    """

    next_look_on = models.DateField(null=True, blank=True)
    standing_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        app_label = "tijdig"

    def __str__(self) -> str:
        return f"look at {self.id}"


class OpenChange(Scoped):
    """How much came to be open, or went, per due date of an invoice: the totals are their sum.

    In euros; no due date for what is not an invoice, nor for one that is due before it was issued:
    it is not late. The database writes them with entries and with changed due dates; a run adds up
    those of each date.
    """

    due_on = models.DateField(null=True, blank=True)
    cents = models.BigIntegerField()
    invoices = models.IntegerField()

    class Meta:
        app_label = "tijdig"

    def __str__(self) -> str:
        return f"{self.cents} of {self.invoices} due on {self.due_on}"


class DebtorIban(Scoped):
    """An account that this debtor pays from; where we learned it, and from which bank line."""

    debtor = Reference(Debtor)
    iban = models.CharField(max_length=34)
    learned_from = models.CharField(max_length=20)
    line_id = models.UUIDField(null=True, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "iban", "debtor"), name="debtoriban_once"
            ),
        )

    def __str__(self) -> str:
        return f"iban of {self.debtor_id}"


class CostAgreement(Scoped):
    """Collection costs that a business agreed, in place of the scale: how much, and where it says.

    One stands at a time; another one ends it. Who set it and who ended it, on which days.
    """

    debtor = Reference(Debtor)
    rate_percent = models.DecimalField(max_digits=5, decimal_places=2)
    minimum_cents = models.BigIntegerField(default=0)
    ground = models.CharField(max_length=100)
    set_on = models.DateField()
    set_by = models.CharField(max_length=100)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "debtor"),
                name="costagreement_standing_once",
                condition=Q(ended_on=None),
            ),
            models.CheckConstraint(
                condition=Q(rate_percent__gte=0, rate_percent__lte=100, minimum_cents__gte=0),
                name="costagreement_bounds",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by="")
                | (Q(ended_on__gte=F("set_on")) & ~Q(ended_by="")),
                name="costagreement_ended_by_someone",
            ),
        )

    def __str__(self) -> str:
        return f"costs agreed with {self.debtor_id}"


class InterestAgreement(Scoped):
    """Interest that was agreed with a debtor, or in the creditor's terms where there is none.

    It holds for invoices of `from_on` and later, before `until_on`. Another one ends it; of two
    that cover a day the later one counts.
    """

    class Per(models.TextChoices):
        YEAR = "year"
        MONTH = "month"

    class DayCount(models.TextChoices):
        ACT_365 = "act/365"
        ACT_ACT = "act/act"

    debtor = Reference(Debtor, null=True, blank=True)
    rate_percent = models.DecimalField(max_digits=6, decimal_places=3)
    per = models.CharField(max_length=5, choices=Per.choices)
    is_simple = models.BooleanField()
    day_count = models.CharField(max_length=7, choices=DayCount.choices)
    is_reviewed = models.BooleanField(default=False)
    ground = models.CharField(max_length=100)
    from_on = models.DateField()
    set_on = models.DateField()
    set_by = models.CharField(max_length=100)
    until_on = models.DateField(null=True, blank=True)
    ended_by = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "debtor"),
                name="interestagreement_standing_once",
                condition=Q(until_on=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(rate_percent__gte=0, rate_percent__lte=100) & ~Q(ground=""),
                name="interestagreement_bounds",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None, ended_by="")
                | (Q(until_on__gte=F("from_on")) & ~Q(ended_by="")),
                name="interestagreement_ended_by_someone",
            ),
        )

    def __str__(self) -> str:
        return f"interest agreed with {self.debtor_id}"


class DebtorTerm(Scoped):
    """The lasting payment term of a debtor, for invoices to come; who set it, and when."""

    class How(models.TextChoices):
        CONTRACT = "contract"
        GENERAL_TERMS = "general_terms"
        INVOICE = "invoice"

    debtor = Reference(Debtor)
    days = models.PositiveSmallIntegerField()
    how = models.CharField(max_length=15, choices=How.choices)
    is_large_to_small = models.BooleanField(default=False)
    set_by = models.CharField(max_length=100)
    set_on = models.DateField()

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(fields=("administration", "debtor"), name="debtorterm_once"),
            models.CheckConstraint(
                condition=models.Q(days__lte=365, how__in=["contract", "general_terms", "invoice"]),
                name="debtorterm_is_a_term",
            ),
        )

    def __str__(self) -> str:
        return f"term of {self.debtor_id}"


class InvoiceDocument(Scoped):
    """The invoice itself, as the file brought it."""

    invoice = Reference(Invoice)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content_hash = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "invoice", "content_hash"), name="invoicedocument_once"
            ),
        )

    def __str__(self) -> str:
        return self.name
