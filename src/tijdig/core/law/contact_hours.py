"""When a debtor may be approached, and who needs a registration to do so."""

import re
from datetime import date, datetime, time, timedelta
from typing import Literal

from tijdig.core.calendar import list_holidays
from tijdig.core.contact_hours import ContactHours
from tijdig.core.facts import DebtorKind
from tijdig.core.law.dated import get_value
from tijdig.core.law.tables import CONTACT_HOURS
from tijdig.core.problem import Sentence

Sender = Literal["creditor", "agency", "claim_buyer", "bailiff", "lawyer"]

_SUNDAY = 6
# The law binds who collects for another, or a claim that it bought.
_BOUND: frozenset[Sender] = frozenset({"agency", "claim_buyer", "bailiff", "lawyer"})
# How a name shows a legal person; a business without it may be a sole trader or a partnership.
# Letters with points can be the initials of a person (W.A., S.A.), B.V. and N.V. too: those count
# behind a word without a comma, and before nothing with a capital. In doubt he is a person.
_LEGAL_PERSON = re.compile(
    r"(?<!\w)(?i:stichting|vereniging|co[oö]peratie|co[oö]peratieve|naamloze vennootschap"
    r"|besloten vennootschap|ltd|inc|llc|plc|gmbh)\.?(?!\w)"
    r"|[^\s,.] (?i:bv|nv)(?![\w.])"
    r"|[^\s,] (?i:bv|nv|b\. ?v|n\. ?v)\.?(?=$|[^\w.]+(?:[^\w]|$|[a-z]))"
)
# Partners of such a firm are liable themselves, also where another partner is a legal person.
_PARTNERSHIP = re.compile(
    r"(?<!\w)(v\.?o\.?f|maatschap|vennootschap onder( een)? firma|commanditaire vennootschap"
    r"|eenmanszaak|c\.v|cv$)\.?(?!\w)",
    re.IGNORECASE,
)
# Bailiffs and lawyers are bound, but have a register of their own.
_REGISTERED: frozenset[Sender] = frozenset({"agency", "claim_buyer"})


def is_contact_allowed(at: datetime) -> bool:
    """Whether a debtor may be approached at this local moment, by e-mail and letterbox too.

    From 07:00 to 20:00, not on a Sunday or a generally recognised holiday. Tijdig keeps this for
    every sender and every debtor. Law: Bki art. 4.2 (see `is_bound_to_hours`).
    """
    hours = find_legal_hours(at.date())
    is_day_off = at.weekday() == _SUNDAY or at.date() in list_holidays(at.year)
    return not is_day_off and hours.from_at <= at.time() < hours.until_at


def find_legal_hours(day: date) -> ContactHours:
    """The hours within which a debtor may be approached on a day on which he may.

    Before the table begins its first row counts. Law: Bki art. 4.2.
    """
    window = get_value(CONTACT_HOURS, max(day, CONTACT_HOURS.rows[0].from_on))
    return ContactHours(time(window.from_hour), time(window.until_hour))


def find_next_contact(at: datetime) -> datetime:
    """The first local moment from `at` on at which a debtor may be approached."""
    while not is_contact_allowed(at):
        opens_at = find_legal_hours(at.date()).from_at
        opening = at.replace(hour=opens_at.hour, minute=0, second=0, microsecond=0)
        at = opening if at < opening else opening + timedelta(days=1)
    return at


def is_bound_to_hours(sender: Sender, *, is_natural_person: bool) -> bool:
    """Whether the law itself sets the hours: who collects for others, towards a natural person.

    Also a sole trader and a partner are natural persons. Law: Wki art. 2, Bki art. 4.2.
    """
    return is_natural_person and sender in _BOUND


def find_sender(organisation_kind: str) -> Sender:
    """Who sends, by the kind of organisation: a business for itself, any other for another."""
    return "creditor" if organisation_kind == "business" else "agency"


def acts_for_another(organisation_kind: str) -> bool:
    """Whether an organisation of this kind collects what is owed to somebody else."""
    return find_sender(organisation_kind) != "creditor"


def may_be_natural_person(kind: DebtorKind, name: str) -> bool:
    """Whether the debtor may be a natural person; a business is, unless its name shows otherwise.

    A sole trader and a partner in a firm are natural persons too. Law: Wki art. 2.
    """
    if kind == "public_body":
        return False
    told = " ".join(name.split())
    is_legal_person = _LEGAL_PERSON.search(told) and not _PARTNERSHIP.search(told)
    return kind != "business" or not is_legal_person


def explain_registration(
    sender: Sender, *, is_natural_person: bool, registration: str
) -> Sentence | None:
    """Why this sender may not approach this debtor without a registration, or None.

    Law: Wki art. 4 and 11.
    """
    if not is_natural_person or sender not in _REGISTERED or registration:
        return None
    return Sentence(
        "Wie voor een ander int bij een natuurlijk persoon, heeft een Wki-registratie nodig. Vul"
        " het kenmerk in, of laat de schuldeiser zelf de berichten vrijgeven (Wki art. 4, 11).",
        "Who collects for another from a natural person needs a Wki registration. Fill in its"
        " mark, or let the creditor's own staff release the messages (Wki art. 4, 11).",
    )
