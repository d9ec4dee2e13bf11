"""Which runs count now."""

from django.db.models import QuerySet

from tijdig.dunning.models import Run
from tijdig.tenants.queries import load_administration


def list_real_runs() -> QuerySet[Run]:
    """Every run that happened: once sending is on, what was rehearsed of a later day did not."""
    runs = Run.objects.all()
    return runs.filter(sending_was_on=True) if load_administration().sending_on else runs
