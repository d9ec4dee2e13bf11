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
from tijdig.core.problem import Sentence
from tijdig.tenants.queries import load_administration

# What reaches a debtor the moment it goes; a letter is read when the post brings it.
BY_DAY = frozenset({"email"})


def find_last_contact(now: datetime) -> datetime | None:
    """When the hours end (excluded) in which a debtor may hear from us; None where not now."""
    local, hours, is_bound = _read_hours(now)
    if not is_contact_moment(local, hours) or (is_bound and not is_contact_allowed(local)):
        return None
    ends = [find_end_of_contact(local, hours)]
    if is_bound:
        ends.append(find_end_of_contact(local, find_legal_hours(local.date())))
    return min(ends)


def explain_no_call(now: datetime) -> Sentence | None:
    """Why nobody is called at this moment; None where that may be. Law: Bki art. 4.2."""
    if find_last_contact(now) is not None:
        return None
    local, _, is_bound = _read_hours(now)
    law = ("", "")
    if is_bound:
        legal = find_legal_hours(local.date())
        begins, ends = f"{legal.from_at:%H:%M}", f"{legal.until_at:%H:%M}"
        law = (
            f" Wie voor een ander int, belt alleen van {begins} tot {ends} (Bki art. 4.2).",
            f" Who collects for another calls from {begins} until {ends} only (Bki art. 4.2).",
        )
    return Sentence(
        "Bel nu niet: dit is buiten de tijden om contact op te nemen, of een zondag of feestdag."
        f"{law[0]}",
        f"Do not call now: these are not the hours to contact, or a Sunday or a holiday.{law[1]}",
    )


def _read_hours(now: datetime) -> tuple[datetime, ContactHours, bool]:
    """The moment on the administration's clock, its hours, and whether the law sets hours too."""
    administration = load_administration()
    local = now.astimezone(ZoneInfo(administration.time_zone))
    # The law binds who acts for another, whatever hours he chose; any debtor may be a person.
    sender = find_sender(administration.organisation.kind)
    is_bound = is_bound_to_hours(sender, is_natural_person=True)
    hours = ContactHours(administration.contact_from, administration.contact_until)
    return local, hours, is_bound
