"""Acts that a person recorded as interrupting limitation, the claims, and the proof."""

from django.db import models
from django.db.models import F, Q

from tijdig.ledger.models import Debtor, OpenItem
from tijdig.tenants.models import Scoped
from tijdig.tenants.references import Reference


class InterruptingAct(Scoped):
    """An act that interrupts limitation, with a file as proof or words on where the proof is.

    `on` is the day on which it worked: a demand on the day that it reached the debtor. One that
    turned out wrong is withdrawn with its reason, and counts no more.
    """

    class Kind(models.TextChoices):
        DEMAND = "demand"
        ACKNOWLEDGEMENT = "acknowledgement"
        ACTION = "action"

    debtor = Reference(Debtor)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    on = models.DateField()
    proof_note = models.CharField(max_length=300, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)
    file_content = models.BinaryField(null=True, blank=True)
    recorded_on = models.DateField()
    recorded_by = models.CharField(max_length=100)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=100, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.CheckConstraint(
                condition=~Q(proof_note="") | ~Q(file_hash=""), name="interruptingact_has_proof"
            ),
            models.CheckConstraint(
                condition=Q(file_hash="", file_content=None)
                | (~Q(file_hash="") & Q(file_content__isnull=False)),
                name="interruptingact_file_whole",
            ),
            models.CheckConstraint(
                condition=Q(on__lte=F("recorded_on")), name="interruptingact_not_ahead"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_by="", withdrawn_because="")
                | (Q(withdrawn_on__gte=F("recorded_on")) & ~Q(withdrawn_because="")),
                name="interruptingact_withdrawn_because",
            ),
        )
        indexes = (
            models.Index(fields=("administration", "debtor"), name="interruptingact_by_debtor"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class InterruptedClaim(Scoped):
    """A claim that an act is about."""

    act = Reference(InterruptingAct)
    open_item = Reference(OpenItem)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "open_item", "act"), name="interruptedclaim_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.act_id} {self.open_item_id}"
