"""The day that the desk has, for tests that go through its pages."""

from datetime import date
from zoneinfo import ZoneInfo

from tijdig.web.clock import moment_now


def desk_today() -> date:
    """The Dutch day, also in the hours in which UTC is still at the day before."""
    return moment_now().astimezone(ZoneInfo("Europe/Amsterdam")).date()
