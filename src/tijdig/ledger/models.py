"""Debtors, open items and their entries. Entries never change; balances are sums of entries."""

from django.db import models
from django.db.models import Func, Q

from tijdig.tenants.models import Scoped
from tijdig.tenants.references import Reference

_OWES_MORE = ["invoiced", "reversed", "refunded", "costs", "interest"]
_OWES_LESS = ["credited", "paid", "waived", "withdrawn", "discount"]


def _make_key(column: str, function: str, length: int) -> models.GeneratedField:
    key = models.CharField(max_length=length)
    return models.GeneratedField(
        expression=Func(column, function=function), output_field=key, db_persist=True
    )


class Debtor(Scoped):
    """Who owes. `facts_version` rises with every change; the keys are those of core/matching."""

    class Kind(models.TextChoices):
        CONSUMER = "consumer"
        BUSINESS = "business"
        PUBLIC_BODY = "public_body"
        UNKNOWN = "unknown"

    number = models.CharField(max_length=60)
    number_is_ours = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.UNKNOWN)
    kind_confirmed_by = models.CharField(max_length=100, blank=True, db_default="")
    kind_confirmed_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=5, default="nl")
    kvk_number = models.CharField(max_length=8, blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    preferred_channel = models.CharField(max_length=10, blank=True)
    facts_version = models.PositiveBigIntegerField(default=0)
    number_key = _make_key("number", "tijdig_number_key", 60)
    name_words = _make_key("name", "tijdig_name_key", 200)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(fields=("administration", "number"), name="debtor_number_once"),
            models.CheckConstraint(
                condition=Q(kind_confirmed_by="", kind_confirmed_on=None)
                | (~Q(kind_confirmed_by="") & Q(kind_confirmed_on__isnull=False)),
                name="debtor_kind_confirmed_by_someone",
            ),
        )
        indexes = (
            models.Index(fields=("administration", "name", "id"), name="debtor_by_name"),
            *(
                models.Index(
                    fields=("administration", key), name=f"debtor_by_{key}", condition=~Q((key, ""))
                )
                for key in ("number_key", "name_words")
            ),
        )

    def __str__(self) -> str:
        return self.number


class Contact(Scoped):
    """How to reach a debtor. Empty means unknown; a `…_failed_on` that something came back."""

    debtor = Reference(Debtor)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    email_failed_on = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, default="NL", blank=True)
    address_failed_on = models.DateField(null=True, blank=True)
    set_by_person = models.BooleanField(default=False)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(fields=("administration", "debtor"), name="contact_once"),
        )

    def __str__(self) -> str:
        return f"contact of {self.debtor_id}"


class DebtorFlag(Scoped):
    """A special situation of a debtor, dated, and whom to write to instead where that is known."""

    debtor = Reference(Debtor)
    kind = models.CharField(max_length=20)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    marked_by = models.CharField(max_length=100)
    lifted_on = models.DateField(null=True, blank=True)
    lifted_by = models.CharField(max_length=100, blank=True)
    representative = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    email_failed_on = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "debtor", "kind"),
                name="debtorflag_standing_once",
                condition=Q(lifted_on=None),
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")),
                name="debtorflag_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} from {self.from_on}"


class OpenItem(Scoped):
    """Something with a balance: an invoice, a credit note, costs or interest, unapplied money.

    `closed_on` says since when the sum of its entries is nil; it is set and cleared by the same
    action that writes the entry, and a deferred check in the database compares the two.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice"
        CREDIT_NOTE = "credit_note"
        CLAIM = "claim"
        UNAPPLIED = "unapplied"

    debtor = Reference(Debtor)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    currency = models.CharField(max_length=3, default="EUR")
    closed_on = models.DateField(null=True, blank=True)
    reopen_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "debtor", "id"), name="openitem_by_debtor"
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "debtor"),
                name="openitem_open",
                condition=Q(closed_on=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Invoice(Scoped):
    """What the creditor asked, as the paper says it; also for a credit note."""

    class Term(models.TextChoices):
        AGREED = "agreed"
        STATED = "stated"
        ASSUMED = "assumed"

    open_item = Reference(OpenItem)
    number = models.CharField(max_length=100)
    issued_on = models.DateField()
    due_on = models.DateField()
    term = models.CharField(max_length=10, choices=Term.choices, default=Term.STATED)
    invoiced_cents = models.BigIntegerField()
    order_reference = models.CharField(max_length=200, blank=True)
    customer_reference = models.CharField(max_length=200, blank=True)
    payment_reference = models.CharField(max_length=140, blank=True)
    credited_number = models.CharField(max_length=100, blank=True)
    by_direct_debit = models.BooleanField(default=False)
    discount_cents = models.BigIntegerField(default=0, db_default=0)
    discount_until = models.DateField(null=True, blank=True)
    g_account_iban = models.CharField(max_length=34, blank=True)
    g_account_cents = models.BigIntegerField(null=True, blank=True)
    vat_cents = models.BigIntegerField(null=True, blank=True)
    terms_note = models.TextField(blank=True)
    imported_on = models.DateField()
    number_key = _make_key("number", "tijdig_number_key", 100)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "number"), name="invoice_number_once"
            ),
            models.UniqueConstraint(
                fields=("administration", "open_item"), name="invoice_per_item_once"
            ),
            models.CheckConstraint(
                condition=Q(g_account_iban="", g_account_cents=None)
                | (~Q(g_account_iban="") & Q(g_account_cents__isnull=False)),
                name="invoice_g_account_paired",
            ),
            models.CheckConstraint(
                condition=Q(discount_cents=0) ^ Q(discount_until__isnull=False),
                name="invoice_discount_has_a_term",
            ),
        )
        indexes = (
            models.Index(fields=("administration", "-due_on", "id"), name="invoice_by_due"),
            models.Index(
                fields=("administration", "number_key"),
                name="invoice_by_number_key",
                condition=~Q(number_key=""),
            ),
            models.Index(
                fields=("administration", "invoiced_cents", "-due_on"),
                name="invoice_by_amount",
                condition=Q(invoiced_cents__gt=0),
            ),
        )

    def __str__(self) -> str:
        return self.number


class ClaimLine(Scoped):
    """Costs or interest that a debtor owes beside his invoices: how much, why, how worked out.

    The amount is in the entries of its open item. `calculation` holds steps as {"nl", "en",
    "cents"}. Interest has a period; costs are owed from a day, and may follow from a message.
    """

    class Kind(models.TextChoices):
        COSTS = "costs"
        INTEREST = "interest"

    open_item = Reference(OpenItem)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    claimed_on = models.DateField()
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    vat_cents = models.BigIntegerField(default=0)
    article = models.CharField(max_length=100)
    calculation = models.JSONField()
    message_id = models.UUIDField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "open_item"), name="claimline_per_item_once"
            ),
            models.UniqueConstraint(
                fields=("administration", "message_id"),
                name="claimline_costs_per_letter_once",
                condition=Q(kind="costs", withdrawn_on=None),
            ),
            models.CheckConstraint(
                condition=Q(kind="costs", until_on=None)
                | Q(kind="interest", from_on__isnull=False, until_on__isnull=False),
                name="claimline_interest_has_period",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.claimed_on}"


class ClaimPart(Scoped):
    """An invoice that a claim line was worked out over, and how much of it was open then."""

    line = Reference(ClaimLine)
    open_item = Reference(OpenItem)
    principal_cents = models.BigIntegerField()

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "line", "open_item"), name="claimpart_once"
            ),
            models.CheckConstraint(
                condition=Q(principal_cents__gt=0), name="claimpart_over_something_open"
            ),
        )
        indexes = (models.Index(fields=("administration", "open_item"), name="claimpart_by_item"),)

    def __str__(self) -> str:
        return f"{self.principal_cents}"


class Entry(Scoped):
    """One signed, unchangeable amount on an open item. What is owed is positive."""

    class Kind(models.TextChoices):
        INVOICED = "invoiced"
        CREDITED = "credited"
        PAID = "paid"
        REVERSED = "reversed"
        REFUNDED = "refunded"
        SET_OFF = "set_off"
        DISCOUNT = "discount"
        ROUNDING = "rounding"
        COSTS = "costs"
        INTEREST = "interest"
        WAIVED = "waived"
        WITHDRAWN = "withdrawn"
        SETTLED_IN_BOOKS = "settled_in_books"

    open_item = Reference(OpenItem)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    cents = models.BigIntegerField()
    on = models.DateField()
    source_kind = models.CharField(max_length=20)
    source_id = models.UUIDField()
    source_round = models.PositiveSmallIntegerField(default=0, db_default=0)
    recorded_at = models.DateTimeField()

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields="administration source_kind source_id open_item kind source_round".split(),
                name="entry_once_per_source",
            ),
            models.CheckConstraint(
                name="entry_sign",
                condition=(
                    Q(kind__in=_OWES_MORE, cents__gte=0)
                    | Q(kind__in=_OWES_LESS, cents__lte=0)
                    | Q(kind__in=["set_off", "settled_in_books", "rounding"])
                )
                & (~Q(cents=0) | Q(kind__in=["invoiced", "credited"])),
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "open_item"),
                name="entry_by_item",
                include=("cents", "kind"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.cents}"


class BookBalance(Scoped):
    """What the books said was open on an invoice, as of a day; never a payment."""

    open_item = Reference(OpenItem)
    as_of = models.DateField()
    open_cents = models.BigIntegerField()
    import_id = models.UUIDField()
    source_id = models.UUIDField(null=True, blank=True)
    gone = models.BooleanField(default=False)
    differs = models.BooleanField(default=False)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "open_item"), name="bookbalance_latest"
            ),
            models.CheckConstraint(
                condition=Q(gone=False) | Q(open_cents=0), name="bookbalance_gone_is_nil"
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "open_item"), name="differing", condition=Q(differs=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.open_cents} as of {self.as_of}"
