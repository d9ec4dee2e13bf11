"""How late something is, and when a step comes, in words."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tijdig.web.labels import Label

LONG_LATE_DAYS = 30


def label_lateness(due_on: date, *, issued_on: date, today: date) -> Label | None:
    """`12 dagen te laat` as a tag; None up to and including the last day to pay.

    An invoice that is due before it was written is not asked for, nor called late: its date is
    wrong.
    """
    if due_on < issued_on:
        return Label(_("vervaldatum klopt niet"), "warn")
    days = (today - due_on).days
    if days <= 0:
        return None
    text = _("1 dag te laat") if days == 1 else _("%(days)s dagen te laat") % {"days": days}
    return Label(text, "bad" if days > LONG_LATE_DAYS else "warn")


def describe_offset(days: int) -> str:
    """`3 dagen voor de vervaldatum` for -3, `5 dagen na de vervaldatum` for 5."""
    if days < 0:
        words = ngettext("%(n)s dag voor de vervaldatum", "%(n)s dagen voor de vervaldatum", -days)
    else:
        words = ngettext("%(n)s dag na de vervaldatum", "%(n)s dagen na de vervaldatum", days)
    return words % {"n": abs(days)}
