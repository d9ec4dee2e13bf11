"""When a debtor may hear from us: by day, and never on a Sunday or a holiday."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tijdig.core.calendar import list_holidays

_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class ContactHours:
    """From (included) until (excluded) on the clock of the administration; equal: all day."""

    from_at: time
    until_at: time

    def holds(self, from_at: time, until_at: time) -> bool:
        """Whether hours from the one to the other lie within these; equal ones are all day."""
        return self.from_at <= from_at < until_at <= self.until_at


def is_contact_moment(moment: datetime, hours: ContactHours) -> bool:
    """Whether a mail may go out at this moment, told in the administration's own zone."""
    if moment.weekday() == _SUNDAY or moment.date() in list_holidays(moment.year):
        return False
    if hours.from_at == hours.until_at:
        return True
    return hours.from_at <= moment.time() < hours.until_at


def find_end_of_contact(moment: datetime, hours: ContactHours) -> datetime:
    """The end (excluded) of the hours in which a moment lies: on that day, at midnight at most."""
    midnight = (moment + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    if hours.from_at == hours.until_at:
        return midnight
    until = hours.until_at
    return moment.replace(
        hour=until.hour, minute=until.minute, second=until.second, microsecond=until.microsecond
    )
