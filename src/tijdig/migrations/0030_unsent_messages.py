"""A message that is planned enters no index by day yet; books that differ are few, and found."""

from django.db.migrations import AddIndex, RemoveIndex
from django.db.migrations import Migration as DjangoMigration
from django.db.models import Index, Q

_LEGAL = ["reminder", "veertiendagenbrief", "last_demand"]
_GONE = ["accepted", "delivered", "bounced_hard", "failed"]


class Migration(DjangoMigration):
    dependencies = (("tijdig", "0029_kept_dry_runs"),)
    operations = (
        RemoveIndex("message", "message_legal_by_day"),
        AddIndex(
            "message",
            Index(
                fields=("administration", "planned_on"),
                name="message_legal_gone_by_day",
                condition=Q(phase__in=_LEGAL, state__in=_GONE),
            ),
        ),
        AddIndex(
            "bookbalance",
            Index(
                fields=("administration", "open_item"),
                name="differing",
                condition=Q(differs=True),
            ),
        ),
    )
