"""Events: what happened, to whom, by whom; append-only, without keys to other tables."""

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
