"""Cases: each with who recorded it, when, and how it ended. Nothing here changes money."""

from django.db import models
from django.db.models import Q

from tijdig.ledger.models import Debtor, OpenItem
from tijdig.tenants.models import Scoped
from tijdig.tenants.references import Reference

_DEBTOR = ("administration", "debtor")


class Dispute(Scoped):
    """A debtor contests a part of an invoice. It stops that part until somebody has answered."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"
        CREDITED = "credited"
        # Accepted, and credited by the books: accepted again where they take that back.
        SETTLED = "settled"

    debtor = Reference(Debtor)
    item = Reference(OpenItem)
    cents = models.BigIntegerField()
    category = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    owner = models.CharField(max_length=100)
    opened_on = models.DateField()
    opened_by = models.CharField(max_length=100)
    deadline_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.CharField(max_length=100, blank=True)
    answer = models.TextField(blank=True)
    root_cause = models.CharField(max_length=20, blank=True)
    # Whether the debtor is to be told; what was answered before that was so, is not told now.
    tells_debtor = models.BooleanField(default=False, db_default=False)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.CheckConstraint(condition=Q(cents__gt=0), name="dispute_has_cents"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None) | ~Q(state="open", closed_on=None),
                name="dispute_closed_has_day",
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "debtor"),
                name="dispute_standing",
                condition=Q(state__in=["open", "accepted", "settled"]),
            ),
            models.Index(fields=_DEBTOR, name="dispute_accepted", condition=Q(state="accepted")),
            models.Index(
                fields=("administration", "deadline_on"),
                name="dispute_open",
                condition=Q(state="open"),
            ),
            models.Index(fields=_DEBTOR, name="dispute_told", condition=Q(tells_debtor=True)),
        )

    def __str__(self) -> str:
        return f"{self.category} {self.state}"


class Reason(Scoped):
    """Why somebody has not paid, as he said himself, whatever the channel."""

    debtor = Reference(Debtor)
    item = Reference(OpenItem, null=True, blank=True)
    kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=10)
    said_on = models.DateField()
    note = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=100)
    owner = models.CharField(max_length=100, blank=True, db_default="")
    # None: told before reasons had an owner and a message of their own.
    deadline_on = models.DateField(null=True, blank=True)
    # Where a copy of the invoice goes, as the debtor confirmed it: an e-mail address or "letter".
    address = models.CharField(max_length=254, blank=True, db_default="")
    # How often he confirmed one after the first: each time asks for a copy of its own.
    address_round = models.PositiveSmallIntegerField(default=0, db_default=0)
    handled_on = models.DateField(null=True, blank=True)
    handled_by = models.CharField(max_length=100, blank=True)
    # It was never said: it ends, and does not count.
    is_withdrawn = models.BooleanField(default=False, db_default=False)
    # The later one that took its place: it stands again where that one was a mistake.
    replaced_by = Reference("self", null=True, blank=True)
    # The dispute that came of it.
    dispute = Reference(Dispute, null=True, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.CheckConstraint(
                condition=Q(handled_on=None, handled_by="")
                | (Q(handled_on__isnull=False) & ~Q(handled_by="")),
                name="reason_handled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(handled_on__isnull=False),
                name="reason_replaced_is_over",
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "debtor"),
                name="reason_standing",
                condition=Q(handled_on=None),
            ),
            models.Index(
                fields=("administration", "replaced_by"),
                name="reason_replaced",
                condition=Q(replaced_by__isnull=False),
            ),
            models.Index(
                fields=("administration", "dispute"),
                name="reason_disputed",
                condition=Q(dispute__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.said_on}"


class Promise(Scoped):
    """The debtor says how much he pays and when; on one invoice, or on all that is open."""

    class State(models.TextChoices):
        OPEN = "open"
        KEPT = "kept"
        BROKEN = "broken"
        WITHDRAWN = "withdrawn"

    debtor = Reference(Debtor)
    item = Reference(OpenItem, null=True, blank=True)
    cents = models.BigIntegerField()
    on = models.DateField()
    note = models.TextField(blank=True)
    made_on = models.DateField()
    made_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    judged_on = models.DateField(null=True, blank=True)
    handled_on = models.DateField(null=True, blank=True)
    handled_by = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.CheckConstraint(condition=Q(cents__gt=0), name="promise_has_cents"),
            models.CheckConstraint(
                condition=Q(state="open", judged_on=None) | ~Q(state="open", judged_on=None),
                name="promise_judged_has_day",
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "debtor"),
                name="promise_open",
                condition=Q(state="open"),
            ),
            models.Index(
                fields=("administration", "on"),
                name="promise_broken",
                condition=Q(state="broken", handled_on=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.cents} on {self.on}"


class Plan(Scoped):
    """What is open on some invoices, to be paid in instalments. It adds nothing to the debt."""

    class State(models.TextChoices):
        RUNNING = "running"
        KEPT = "kept"
        BROKEN = "broken"
        ENDED = "ended"

    debtor = Reference(Debtor)
    total_cents = models.BigIntegerField()
    interval = models.CharField(max_length=10)
    rounding = models.CharField(max_length=12)
    grace_working_days = models.PositiveSmallIntegerField()
    agreed_on = models.DateField()
    agreed_by = models.CharField(max_length=100)
    note = models.TextField(blank=True)
    shifted_position = models.PositiveSmallIntegerField(null=True, blank=True)
    rested_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.CharField(max_length=100, blank=True)
    ended_because = models.TextField(blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.CheckConstraint(condition=Q(total_cents__gt=0), name="plan_has_cents"),
            models.CheckConstraint(
                condition=Q(state="running", ended_on=None) | ~Q(state="running", ended_on=None),
                name="plan_ended_has_day",
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "debtor"),
                name="plan_running",
                condition=Q(state="running"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.total_cents} {self.state}"


class PlanItem(Scoped):
    """An invoice that a plan spreads, with what was open on it when the plan was agreed."""

    plan = Reference(Plan)
    item = Reference(OpenItem)
    cents = models.BigIntegerField()

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "plan", "item"), name="planitem_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.cents}"


class Instalment(Scoped):
    """One term of a plan; `agreed_due_on` is its day before it was shifted."""

    plan = Reference(Plan)
    position = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    agreed_due_on = models.DateField()
    cents = models.BigIntegerField()

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "plan", "position"), name="instalment_once"
            ),
            models.CheckConstraint(condition=Q(cents__gt=0), name="instalment_has_cents"),
        )

    def __str__(self) -> str:
        return f"{self.position}: {self.cents}"


class Hold(Scoped):
    """A pause that a person set: on an invoice, a debtor, or (without either) on everybody."""

    class Depth(models.TextChoices):
        ALL = "all"
        REMINDERS = "reminders"

    debtor = Reference(Debtor, null=True, blank=True)
    item = Reference(OpenItem, null=True, blank=True)
    depth = models.CharField(max_length=10, choices=Depth.choices)
    reason = models.CharField(max_length=200)
    from_on = models.DateField()
    until_on = models.DateField()
    set_on = models.DateField()
    set_by = models.CharField(max_length=100)
    lifted_on = models.DateField(null=True, blank=True)
    lifted_by = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.CheckConstraint(
                condition=Q(item=None) | Q(debtor__isnull=False), name="hold_item_has_debtor"
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=models.F("from_on")), name="hold_ends_after_start"
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "debtor", "until_on"),
                name="hold_standing",
                condition=Q(lifted_on=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.depth} until {self.until_on}"


class Extension(Scoped):
    """A later due date that was agreed; the paper keeps its own."""

    debtor = Reference(Debtor)
    item = Reference(OpenItem)
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=200)
    given_on = models.DateField()
    given_by = models.CharField(max_length=100)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "item"),
                name="extension_one_at_a_time",
                condition=Q(withdrawn_on=None),
            ),
            models.CheckConstraint(
                condition=Q(until_on__gt=models.F("from_on")), name="extension_is_later"
            ),
        )

    def __str__(self) -> str:
        return f"until {self.until_on}"
