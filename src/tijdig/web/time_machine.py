"""The demo's time machine: live a number of days, one after the other, in every administration."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from tijdig.core.problem import Refusal
from tijdig.dunning.actions.days import live_one_day
from tijdig.tenants.queries import list_administrations
from tijdig.tenants.scope import administration_scope
from tijdig.web.clock import DEMO_ZONE, moment_now, read_demo_day, write_demo_day

MOST_DAYS = 31


def advance(days: int) -> date:
    """Live this many days; the day it is then. Refuses: outside demo mode, or more than a month.

    The clock's file moves after a day has been lived everywhere, so that a stop halfway repeats
    a day; a day that was lived already changes nothing.
    """
    if not settings.DEMO:
        raise Refusal(
            "De tijdmachine is er alleen in de demo.", "The time machine is only in the demo."
        )
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(f"Kies 1 tot en met {MOST_DAYS} dagen.", f"Choose 1 up to {MOST_DAYS} days.")
    today = read_demo_day() or moment_now().astimezone(ZoneInfo(DEMO_ZONE)).date()
    for _ in range(days):
        today += timedelta(days=1)
        now = datetime.combine(today, time(8), ZoneInfo(DEMO_ZONE))
        for administration_id in list_administrations():
            with administration_scope(administration_id):
                live_one_day(today=today, now=now)
        write_demo_day(today)
    return today
