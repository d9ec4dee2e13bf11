"""A dry run that is kept, so that the run of its day can be held against it afterwards."""

from datetime import date, datetime, timedelta

from tijdig.dunning.actions.dry_runs import DryRun, Pair, look
from tijdig.dunning.models import KeptDryRun
from tijdig.dunning.queries.dry_runs import RunComparison, compare_dry_run
from tijdig.dunning.queries.runs import list_real_runs
from tijdig.tenants.scope import active_administration

KEPT_DAYS = 30


def look_and_compare(*, day: date, now: datetime) -> tuple[DryRun, RunComparison | None]:
    """The dry run of a day, and once its run has been: how that compares with the last one before.

    What a dry run foresees is kept until its day is long over. One that is made after a run has
    looked at that day is not kept: it would have foreseen nothing.
    """
    looked = look(today=day)
    if not list_real_runs().filter(on__gte=day).exists():
        KeptDryRun.objects.update_or_create(
            administration_id=active_administration(),
            on=day,
            defaults={"looked_at": now, "steps": [_write_step(pair) for pair in looked.steps]},
        )
        KeptDryRun.objects.filter(on__lt=now.date() - timedelta(days=KEPT_DAYS)).delete()
    return looked, compare_dry_run(on=day)


def _write_step(pair: Pair) -> list[str | int]:
    facts, decision = pair
    key, phase = (decision.step.key, decision.step.phase) if decision.step else ("", "")
    return [str(facts.debtor_id), key, phase, decision.channel or "", decision.total_cents]
