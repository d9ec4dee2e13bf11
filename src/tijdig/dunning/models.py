"""Policies, runs, decisions with their reason, calls, and legal notices."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tijdig.ledger.models import Debtor, OpenItem
from tijdig.messaging.models import Message
from tijdig.tenants.models import Scoped
from tijdig.tenants.references import Reference


class PolicyVersion(Scoped):
    """A version of the administration's policy; the one with the highest version is in force."""

    version = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    min_gap_days = models.PositiveSmallIntegerField()
    min_amount_cents = models.PositiveIntegerField()
    call_lapse_working_days = models.PositiveSmallIntegerField()
    direct_debit_rest_days = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "version"), name="policyversion_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class PolicyStep(Scoped):
    """One rung of a policy version."""

    policy = Reference(PolicyVersion)
    key = models.CharField(max_length=30)
    phase = models.CharField(max_length=20)
    tone = models.CharField(max_length=10)
    offset_days = models.SmallIntegerField()
    channels = ArrayField(models.CharField(max_length=10))
    text = models.CharField(max_length=60)
    term_days = models.PositiveSmallIntegerField(default=0)
    audience = models.CharField(max_length=10, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "policy", "key"), name="policystep_once"
            ),
        )

    def __str__(self) -> str:
        return self.key


class Run(Scoped):
    """One look at everybody who is due. The daily run happens once per day."""

    class Kind(models.TextChoices):
        DAILY = "daily"
        BY_HAND = "by_hand"

    on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    sending_was_on = models.BooleanField()
    looked_at_count = models.PositiveIntegerField(default=0)
    planned_count = models.PositiveIntegerField(default=0)
    released_count = models.PositiveIntegerField(default=0)
    held_count = models.PositiveIntegerField(default=0)
    nothing_count = models.PositiveIntegerField(default=0)
    message_count = models.PositiveIntegerField(default=0)
    because = models.JSONField(default=dict)
    waits_for = models.JSONField(default=list)
    versions = models.JSONField(default=dict)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "on"), name="run_daily_once", condition=Q(kind="daily")
            ),
        )
        indexes = (
            models.Index(fields=("administration", "-on", "-started_at"), name="run_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class KeptDryRun(Scoped):
    """The last dry run of a day, as long as its day may be looked back on.

    `steps` has a row per debtor with a step: his id, the step's key and phase, channel and cents.
    """

    on = models.DateField()
    looked_at = models.DateTimeField()
    steps = models.JSONField()

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(fields=("administration", "on"), name="keptdryrun_once"),
        )

    def __str__(self) -> str:
        return f"{self.on}"


class Halt(Scoped):
    """A run that stopped itself and asks a person; at most one is open."""

    class Answer(models.TextChoices):
        SEND = "send"
        HOLD_BACK = "hold_back"

    run = Reference(Run)
    asked_at = models.DateTimeField()
    reasons = models.JSONField()
    message_count = models.PositiveIntegerField()
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration",), name="halt_one_open", condition=Q(answer="")
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="halt_answer_has_moment",
            ),
        )

    def __str__(self) -> str:
        return self.answer or "open"


class Decision(Scoped):
    """What was decided about a debtor on a day, and why; holds until the next one.

    The database looks once per statement, not per row, whether the run of `run_id` exists. `facts`
    is JSON as text: nothing but a page ever looks into it.
    """

    debtor = Reference(Debtor)
    run_id = models.UUIDField()
    on = models.DateField()
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=40)
    because_nl = models.TextField()
    because_en = models.TextField()
    step_key = models.CharField(max_length=30, blank=True)
    next_look_on = models.DateField(null=True, blank=True)
    facts = models.TextField()
    facts_version = models.PositiveBigIntegerField()
    policy_version = models.PositiveIntegerField()
    code_version = models.CharField(max_length=20)

    class Meta:
        app_label = "tijdig"
        indexes = (
            models.Index(
                fields=("administration", "debtor", "-on", "-id"), name="decision_by_debtor"
            ),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.reason}"


class Call(Scoped):
    """A call that should be made; `held` while sending is off (a rehearsal)."""

    class State(models.TextChoices):
        OPEN = "open"
        HELD = "held"
        DONE = "done"
        LAPSED = "lapsed"
        CANCELLED = "cancelled"

    debtor = Reference(Debtor)
    carrying_item = Reference(OpenItem)
    reopen_count = models.PositiveSmallIntegerField()
    step_key = models.CharField(max_length=30)
    asked_on = models.DateField()
    total_cents = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    done_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "debtor", "carrying_item", "reopen_count", "step_key"),
                name="call_step_once",
                condition=~Q(state="cancelled"),
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False)
                | (~Q(state="done") & Q(done_on=None)),
                name="call_done_has_day",
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "asked_on"), name="call_open", condition=Q(state="open")
            ),
        )

    def __str__(self) -> str:
        return f"{self.step_key} {self.state}"


class Notice(Scoped):
    """What a message meant in law for one claim, with its proof.

    `amount_cents` is the principal that it names, `costs_cents` what it says will be added.
    `received_on` stands with its proof; `last_day` is the last day that it gave. A letter is
    `printed`, and proves nothing, until a person says that it was posted. A notice that turned
    out wrong, or came back, says why in `void_because`.
    """

    class Kind(models.TextChoices):
        INGEBREKESTELLING = "ingebrekestelling"
        VEERTIENDAGENBRIEF = "veertiendagenbrief"
        INTERRUPTION = "interruption"

    class Proof(models.TextChoices):
        NONE = "none"
        PRINTED = "printed"
        POST = "post"
        ACCEPTED = "accepted"
        PERSON = "person"

    debtor = Reference(Debtor)
    open_item = Reference(OpenItem)
    message = Reference(Message)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    amount_cents = models.BigIntegerField()
    costs_cents = models.BigIntegerField(default=0)
    vat_cents = models.BigIntegerField(default=0)
    sent_on = models.DateField()
    received_on = models.DateField(null=True, blank=True)
    proof = models.CharField(max_length=10, choices=Proof.choices, default=Proof.NONE)
    proof_note = models.CharField(max_length=300, blank=True)
    last_day = models.DateField(null=True, blank=True)
    void_because = models.CharField(max_length=40, blank=True)
    voided_on = models.DateField(null=True, blank=True)
    replaced_by = Reference("self", null=True, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "message", "open_item", "kind"), name="notice_once"
            ),
            models.CheckConstraint(
                condition=Q(received_on=None, proof__in=["none", "printed"])
                | (Q(received_on__isnull=False) & ~Q(proof__in=["none", "printed"])),
                name="notice_receipt_has_proof",
            ),
            models.CheckConstraint(
                condition=Q(void_because="", voided_on=None)
                | (~Q(void_because="") & Q(voided_on__isnull=False)),
                name="notice_void_has_reason",
            ),
        )
        indexes = (models.Index(fields=("administration", "debtor"), name="notice_by_debtor"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.sent_on}"


class Outcome(Scoped):
    """A debtor after his last demand: who decides by when, and what was decided.

    It is about what he owed that was due before `opened_on`; newer invoices have a cadence of
    their own.
    """

    class Way(models.TextChoices):
        NONE = ""
        SUSPEND = "suspend"
        CREDIT = "credit"
        WAIVE = "waive"
        HAND_OVER = "hand_over"

    debtor = Reference(Debtor)
    carrying_item = Reference(OpenItem)
    opened_on = models.DateField()
    owner = models.CharField(max_length=100, blank=True)
    deadline_on = models.DateField()
    way = models.CharField(max_length=10, choices=Way.choices, blank=True)
    until_on = models.DateField(null=True, blank=True)
    handed_to = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=100, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "debtor"),
                name="outcome_undecided_once",
                condition=Q(way="", ended_on=None),
            ),
            models.CheckConstraint(
                condition=Q(way="", decided_on=None) | (~Q(way="") & Q(decided_on__isnull=False)),
                name="outcome_decided_has_day",
            ),
            models.CheckConstraint(
                condition=Q(way="suspend", until_on__isnull=False)
                | (~Q(way="suspend") & Q(until_on=None)),
                name="outcome_suspended_until",
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "debtor"),
                name="outcome_standing",
                condition=Q(ended_on=None),
            ),
        )

    def __str__(self) -> str:
        return self.way or "undecided"
