"""The hours in which a message may reach a debtor: those that were chosen, and those of the law."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tijdig.core.contact_hours import ContactHours, find_end_of_contact, is_contact_moment
from tijdig.core.law.contact_hours import (
    find_legal_hours,
    find_sender,
    is_bound_to_hours,
    is_contact_allowed,
)
from tijdig.tenants.queries import load_administration

# What reaches a debtor the moment it goes; a letter is read when the post brings it.
BY_DAY = frozenset({"email"})


def may_contact(now: datetime) -> bool:
    """Whether a debtor may hear from us at this moment."""
    local, hours, is_bound = _read_hours(now)
    return is_contact_moment(local, hours) and (not is_bound or is_contact_allowed(local))


def find_last_contact(now: datetime) -> datetime:
    """When the hours end in which what was claimed now may reach a debtor (excluded)."""
    local, hours, is_bound = _read_hours(now)
    ends = [find_end_of_contact(local, hours)]
    if is_bound:
        ends.append(find_end_of_contact(local, find_legal_hours(local.date())))
    return min(ends)


def _read_hours(now: datetime) -> tuple[datetime, ContactHours, bool]:
    """The moment on the administration's clock, its hours, and whether the law sets hours too."""
    administration = load_administration()
    local = now.astimezone(ZoneInfo(administration.time_zone))
    # The law binds who acts for another, whatever hours he chose; any debtor may be a person.
    sender = find_sender(administration.organisation.kind)
    is_bound = is_bound_to_hours(sender, is_natural_person=True)
    hours = ContactHours(administration.contact_from, administration.contact_until)
    return local, hours, is_bound
