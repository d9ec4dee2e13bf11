"""Mandates, and what is collected on them: batches as they go to the bank, a line per invoice."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from tijdig.banking.models import Account
from tijdig.ledger.models import Debtor, OpenItem
from tijdig.tenants.models import Scoped
from tijdig.tenants.references import Reference

LIVING = ["planned", "handed_over"]
CAME_BACK = ["rejected", "returned"]


class CollectingAccount(Scoped):
    """How an own account collects; at most one account of an administration does.

    `notice_days` is how long before the day a debtor is told, where his mandate agrees no other
    term. `invoices_announce`: the invoices themselves name the mandate, the amount and the day.
    `cut_off` and `lead_days` are the hour and the banking days that the contract with the bank
    names; None is what is known of that bank.
    """

    account = Reference(Account)
    creditor_identifier = models.CharField(max_length=35)
    is_on = models.BooleanField(default=False)
    version = models.CharField(max_length=10, blank=True)
    notice_days = models.PositiveSmallIntegerField(default=14)
    invoices_announce = models.BooleanField(default=False)
    cut_off = models.TimeField(null=True, blank=True)
    lead_days = models.PositiveSmallIntegerField(null=True, blank=True)
    set_by = models.CharField(max_length=100)
    set_at = models.DateTimeField()

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "account"), name="collectingaccount_once"
            ),
            models.UniqueConstraint(
                fields=("administration",),
                name="collectingaccount_one_is_on",
                condition=Q(is_on=True),
            ),
            models.CheckConstraint(
                condition=Q(notice_days__gte=1, notice_days__lte=90),
                name="collectingaccount_notice_term",
            ),
            models.CheckConstraint(
                condition=Q(lead_days=None) | Q(lead_days__gte=1, lead_days__lte=10),
                name="collectingaccount_lead_days",
            ),
        )

    def __str__(self) -> str:
        return self.creditor_identifier


class SepaMandate(Scoped):
    """A debtor's authority to collect from his account.

    `former_iban` was the account before a change of which no collection has come in yet: until then
    every file tells the bank. `creditor_identifier` is the one under which the payer's bank knows
    it: that of the signature, or of the last collection that came in under another. A mandate is
    withdrawn by somebody, for a reason; one that is held waits for a person, since a bank gave the
    code `held_code`. `notice_days` None is the term of the account.
    """

    class Signed(models.TextChoices):
        PAPER = "paper"
        IMPORT = "import"
        PORTAL = "portal"

    debtor = Reference(Debtor)
    reference = models.CharField(max_length=35)
    creditor_identifier = models.CharField(max_length=35, db_default="")
    scheme = models.CharField(max_length=4)
    iban = models.CharField(max_length=34)
    holder = models.CharField(max_length=70)
    signed_on = models.DateField()
    signed_how = models.CharField(max_length=10, choices=Signed.choices)
    is_one_off = models.BooleanField(default=False)
    notice_days = models.PositiveSmallIntegerField(null=True, blank=True)
    former_iban = models.CharField(max_length=34, blank=True)
    last_collected_on = models.DateField(null=True, blank=True)
    collected_times = models.PositiveIntegerField(default=0)
    held_on = models.DateField(null=True, blank=True)
    held_code = models.CharField(max_length=20, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=100, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)
    recorded_by = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()

    class Meta:
        app_label = "tijdig"
        constraints = (
            # The scheme takes a reference in capitals and in small letters for the same one.
            models.UniqueConstraint(
                F("administration"), Upper("reference"), name="sepamandate_reference_once"
            ),
            # What a line's key names: its mandate is one of its own debtor.
            models.UniqueConstraint(
                fields=("administration", "id", "debtor"), name="sepamandate_of_debtor"
            ),
            models.CheckConstraint(
                condition=Q(scheme__in=["core", "b2b"]) & ~Q(reference="") & ~Q(iban=""),
                name="sepamandate_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(notice_days=None) | Q(notice_days__gte=1, notice_days__lte=90),
                name="sepamandate_notice_term",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_because="", withdrawn_by="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_because="") & ~Q(withdrawn_by="")),
                name="sepamandate_withdrawn_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(held_on=None, held_code="") | Q(held_on__isnull=False),
                name="sepamandate_held_has_day",
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "debtor"),
                name="sepamandate_standing",
                condition=Q(withdrawn_on=None),
            ),
        )

    def __str__(self) -> str:
        return self.reference


class DebitBatch(Scoped):
    """Collections of one day, scheme and sequence, as one file to the bank.

    Proposed by the run, approved by a person, made as a file whose bytes never change, handed over
    to the bank. `message_id` and `creditor_identifier` are those in the file.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        APPROVED = "approved"
        MADE = "made"
        HANDED_OVER = "handed_over"
        WITHDRAWN = "withdrawn"

    account = Reference(Account)
    collect_on = models.DateField()
    scheme = models.CharField(max_length=4)
    sequence = models.CharField(max_length=4)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    message_id = models.CharField(max_length=35)
    creditor_identifier = models.CharField(max_length=35, blank=True, db_default="")
    content = models.BinaryField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=100, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    made_by = models.CharField(max_length=100, blank=True)
    handed_over_on = models.DateField(null=True, blank=True)
    handed_over_by = models.CharField(max_length=100, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=100, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "message_id"), name="debitbatch_message_once"
            ),
            models.UniqueConstraint(
                fields=("administration", "account", "collect_on", "scheme", "sequence"),
                name="debitbatch_proposed_once",
                condition=Q(state="proposed"),
            ),
            models.CheckConstraint(
                condition=Q(content=None, content_hash="", made_at=None)
                | (
                    Q(content__isnull=False, made_at__isnull=False, approved_at__isnull=False)
                    & ~Q(content_hash="")
                ),
                name="debitbatch_made_with_bytes",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn")
                | Q(state__in=["made", "handed_over"], content__isnull=False)
                | Q(state="approved", approved_at__isnull=False, content=None)
                | Q(state="proposed", approved_at=None),
                name="debitbatch_state_fits",
            ),
            models.CheckConstraint(
                condition=Q(state="handed_over", handed_over_on__isnull=False)
                | (~Q(state__in=["handed_over", "withdrawn"]) & Q(handed_over_on=None))
                | Q(state="withdrawn"),
                name="debitbatch_handed_over_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_on__isnull=False)
                & ~Q(withdrawn_because="")
                | (~Q(state="withdrawn") & Q(withdrawn_on=None, withdrawn_because="")),
                name="debitbatch_withdrawn_for_a_reason",
            ),
        )
        indexes = (
            models.Index(fields=("administration", "-collect_on"), name="debitbatch_by_day"),
        )

    def __str__(self) -> str:
        return self.message_id


class DebitLine(Scoped):
    """One collection: an invoice, the amount that is still owed on it, and how it went.

    `announced_on` is the day on which the debtor was told this amount and day. A line that came
    back has the bank's code; `retry_on` is the first day on which it may be tried again, None where
    it may not. `attempt` counts the collections of this invoice that went to the bank, with this.
    """

    class State(models.TextChoices):
        PLANNED = "planned"
        HANDED_OVER = "handed_over"
        COLLECTED = "collected"
        REJECTED = "rejected"
        RETURNED = "returned"
        LEFT_OUT = "left_out"
        WITHDRAWN = "withdrawn"

    batch = Reference(DebitBatch)
    mandate = Reference(SepaMandate)
    debtor = Reference(Debtor)
    item = Reference(OpenItem)
    cents = models.BigIntegerField()
    end_to_end_id = models.CharField(max_length=35)
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    announced_on = models.DateField(null=True, blank=True)
    collected_on = models.DateField(null=True, blank=True)
    came_back_on = models.DateField(null=True, blank=True)
    reason_code = models.CharField(max_length=20, blank=True)
    retry_on = models.DateField(null=True, blank=True)
    because_nl = models.CharField(max_length=500, blank=True)
    because_en = models.CharField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "end_to_end_id"), name="debitline_end_to_end_once"
            ),
            models.UniqueConstraint(
                fields=("administration", "item"),
                name="debitline_living_once",
                condition=Q(state__in=LIVING),
            ),
            models.CheckConstraint(
                condition=Q(cents__gt=0, attempt__gte=1), name="debitline_asks_money"
            ),
            models.CheckConstraint(
                condition=Q(state__in=CAME_BACK, came_back_on__isnull=False)
                | (~Q(state__in=CAME_BACK) & Q(came_back_on=None, reason_code="", retry_on=None)),
                name="debitline_came_back_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="left_out") | (~Q(because_nl="") & ~Q(because_en="")),
                name="debitline_left_out_for_a_reason",
            ),
        )
        indexes = (
            models.Index(fields=("administration", "batch"), name="debitline_by_batch"),
            models.Index(fields=("administration", "item"), name="debitline_by_item"),
            models.Index(
                fields=("administration", "debtor"),
                name="debitline_living",
                condition=Q(state__in=LIVING),
            ),
            models.Index(fields=("administration", "mandate"), name="debitline_by_mandate"),
        )

    def __str__(self) -> str:
        return self.end_to_end_id
