"""Messages, what they ask, and what became of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tijdig.ledger.models import Debtor, OpenItem
from tijdig.tenants.models import Scoped
from tijdig.tenants.references import Reference


class Message(Scoped):
    """One message to one debtor. Its step key is what makes a step happen once.

    `listed_items` are the open items that it lists, `listed_cents` what it asks for each (negative:
    deducted); the database checks that they are items of this debtor.
    `costs_cents` (with `vat_cents` in it) is what it says will be added when it is not paid.
    """

    class State(models.TextChoices):
        PLANNED = "planned"
        HELD = "held"
        RELEASED = "released"
        SENDING = "sending"
        RETRY = "retry"
        ACCEPTED = "accepted"
        DELIVERED = "delivered"
        BOUNCED_HARD = "bounced_hard"
        BOUNCED_SOFT = "bounced_soft"
        COMPLAINED = "complained"
        CANCELLED = "cancelled"
        FAILED = "failed"
        SUPPRESSED = "suppressed"
        IN_DOUBT = "in_doubt"

    debtor = Reference(Debtor)
    carrying_item = Reference(OpenItem)
    reopen_count = models.PositiveSmallIntegerField()
    step_key = models.CharField(max_length=30)
    phase = models.CharField(max_length=20)
    tone = models.CharField(max_length=10)
    text = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=5)
    planned_on = models.DateField()
    pay_by_on = models.DateField(null=True, blank=True)
    listed_items = ArrayField(models.UUIDField())
    listed_cents = ArrayField(models.BigIntegerField())
    total_cents = models.BigIntegerField()
    costs_cents = models.BigIntegerField(default=0, db_default=0)
    vat_cents = models.BigIntegerField(default=0, db_default=0)
    payment_reference = models.CharField(max_length=35)
    facts_version = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, choices=State.choices)
    reason = models.CharField(max_length=60, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=100, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    # The day on which a printed letter was posted, as a person says it.
    posted_on = models.DateField(null=True, blank=True)
    receipt = models.CharField(max_length=500, blank=True)
    # The message that nobody knows the fate of, which this one replaces.
    copy_of = models.UUIDField(null=True, blank=True)
    # Who of the creditor's own staff released it, where the law wants that.
    released_by = models.CharField(max_length=100, blank=True, db_default="")

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "debtor", "carrying_item", "reopen_count", "step_key"),
                name="message_step_once",
                condition=~Q(state__in=["cancelled", "failed", "suppressed"]),
            ),
            models.UniqueConstraint(
                fields=("administration", "payment_reference"), name="message_reference_once"
            ),
            # An answer may say that nothing is left to pay.
            models.CheckConstraint(
                condition=Q(total_cents__gt=0) | Q(total_cents=0, phase="case"),
                name="message_asks_money",
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "state", "id"),
                name="message_to_do",
                condition=Q(state__in=["planned", "held", "released", "sending", "retry"]),
            ),
            models.Index(
                fields=("administration", "debtor", "-planned_on"), name="message_by_debtor"
            ),
            models.Index(
                fields=("administration", "planned_on"),
                name="message_legal_gone_by_day",
                condition=Q(
                    phase__in=["reminder", "veertiendagenbrief", "last_demand"],
                    state__in=["accepted", "delivered", "bounced_hard", "failed"],
                ),
            ),
            models.Index(
                fields=("administration", "-planned_on"),
                name="message_unposted",
                condition=Q(channel="letter", posted_on=None, state__in=["accepted", "delivered"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.step_key} {self.state}"


# What has not left: nobody has it, and it can still be stopped.
WAITING = (
    Message.State.PLANNED,
    Message.State.HELD,
    Message.State.RELEASED,
    Message.State.RETRY,
)
# What has not left, and what never will.
NOT_GONE = (
    *WAITING,
    Message.State.CANCELLED,
    Message.State.FAILED,
    Message.State.SUPPRESSED,
)


class MessageBody(Scoped):
    """The words, frozen at release: exactly what went out."""

    message = Reference(Message)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    pdf = models.BinaryField(null=True, blank=True)
    content_hash = models.CharField(max_length=64)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(fields=("administration", "message"), name="messagebody_once"),
        )

    def __str__(self) -> str:
        return f"body of {self.message_id}"


class Reply(Scoped):
    """What a debtor let us know. As long as nobody has handled it, he gets nothing."""

    debtor = Reference(Debtor)
    message = Reference(Message, null=True, blank=True)
    channel = models.CharField(max_length=10)
    received_on = models.DateField()
    text = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=100)
    owner = models.CharField(max_length=100)
    deadline_on = models.DateField()
    handled_on = models.DateField(null=True, blank=True)
    handled_by = models.CharField(max_length=100, blank=True)
    outcome = models.TextField(blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.CheckConstraint(
                condition=Q(handled_on=None, handled_by="")
                | (Q(handled_on__isnull=False) & ~Q(handled_by="")),
                name="reply_handled_by_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "debtor"),
                name="reply_waiting",
                condition=Q(handled_on=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.received_on}"
