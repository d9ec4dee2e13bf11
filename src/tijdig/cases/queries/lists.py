"""Cases as lists show them, and how many wait for somebody."""

from uuid import UUID

from tijdig.cases.models import Plan


def list_debtors_with_plan() -> list[UUID]:
    """Debtors with a running plan, in order of id."""
    rows = Plan.objects.filter(state=Plan.State.RUNNING).order_by("debtor_id")
    return list(rows.values_list("debtor_id", flat=True).distinct())
