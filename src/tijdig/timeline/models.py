"""Events: what happened, to whom, by whom; append-only, without keys to other tables.

Seals link them to a chain, so that a change made behind Tijdig's back shows.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tijdig.tenants.models import Scoped


class Event(Scoped):
    """One thing that happened. `debtor_id` is empty for what concerns the administration itself."""

    debtor_id = models.UUIDField(null=True, blank=True)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    on = models.DateField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    data = models.JSONField(default=dict)

    class Meta:
        app_label = "tijdig"
        indexes = (
            models.Index(fields=("administration", "debtor_id", "-at"), name="event_by_debtor"),
            models.Index(fields=("administration", "-at"), name="event_by_moment"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class Seal(Scoped):
    """A batch of events, in order, linked to the seal before it by that one's hash.

    `marks` holds 64 bytes per event: the commitment to its content, then the mark of its row.
    """

    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64, blank=True)
    event_ids = ArrayField(models.UUIDField())
    marks = models.BinaryField()
    last_id = models.UUIDField()
    total = models.PositiveBigIntegerField()
    key_mark = models.CharField(max_length=16)
    hash = models.CharField(max_length=64)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(fields=("administration", "number"), name="seal_number_once"),
        )

    def __str__(self) -> str:
        return f"seal {self.number}"


class Salt(Scoped):
    """Chance that goes into the commitments about one person; without it they tell nothing.

    `owner_id` is a debtor, or the administration for events about itself.
    """

    owner_id = models.UUIDField()
    salt = models.BinaryField()

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(fields=("administration", "owner_id"), name="salt_once"),
        )

    def __str__(self) -> str:
        return f"salt of {self.owner_id}"
