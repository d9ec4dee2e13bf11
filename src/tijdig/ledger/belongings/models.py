"""When debtors are looked at, the accounts they pay from, and invoices as files brought them."""

from django.db import models

from tijdig.ledger.models import Debtor, Invoice
from tijdig.tenants.models import Scoped


class Look(Scoped):
    """When a debtor is looked at next, and why nothing happens until then; its id is his.

    The database makes it with the debtor. It stands apart because every run writes it for
    everybody on whom something was due: in a narrow row with two indexes.
    """

    next_look_on = models.DateField(null=True, blank=True)
    standing_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        app_label = "tijdig"
        indexes = (models.Index(fields=("administration", "next_look_on"), name="look_due"),)

    def __str__(self) -> str:
        return f"look at {self.id}"


class OpenChange(Scoped):
    """How much came to be open, or went, per due date of an invoice: the totals are their sum.

    In euros; no due date for what is not an invoice. The database writes them with entries and
    with changed due dates; a run adds up those of each date.
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

    debtor = models.ForeignKey(
        Debtor, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
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


class InvoiceDocument(Scoped):
    """The invoice itself, as the file brought it."""

    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
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
