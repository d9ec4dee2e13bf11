"""Standing cases in words: what it is, until when, and who."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tijdig.cases.queries.lists import CaseRow, asks_address, is_late
from tijdig.core.disputes import CATEGORIES
from tijdig.core.flags import FLAGS, is_overlong
from tijdig.core.kept_money import compute_kept_money_deadline, is_kept_money_late
from tijdig.core.money import format_euros
from tijdig.core.promises import find_last_day
from tijdig.core.unpaid import UNPAID_REASONS, compute_reason_deadline
from tijdig.desk.case_forms import WAYS
from tijdig.desk.case_kinds import ENDS
from tijdig.dunning.queries.outcomes import OutcomeRow
from tijdig.ledger.queries.kept_money import KeptMoney
from tijdig.web.labels import CASE_KINDS, HEARD_BY, Label, label_of
from tijdig.web.language import say


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a row or a chip; `end` is the button that ends it, or empty."""

    kind: str
    label: Label
    debtor_number: str
    debtor_name: str
    text: str
    when: str
    is_late: bool
    who: str
    note: str
    address: str
    end: str | Promise


def describe_case(row: CaseRow, *, slug: str, today: date) -> CaseLine:
    """A standing case in words."""
    end = ENDS.get((row.kind, row.state)) or ENDS.get((row.kind, ""))
    return CaseLine(
        kind=row.kind,
        label=label_of(CASE_KINDS, row.kind),
        debtor_number=row.debtor_number,
        debtor_name=row.debtor_name or _("alle debiteuren"),
        text=_describe(row),
        when=_say_when(row, today=today),
        is_late=row.is_urgent or is_late(row, today=today),
        who=row.who,
        note=row.note,
        address=reverse("case", kwargs={"slug": slug, "kind": row.kind, "case_id": row.id}),
        end=end[0] if end else "",
    )


def describe_outcome(row: OutcomeRow, *, slug: str, today: date) -> CaseLine:
    """A debtor after his last demand, in words."""
    deadline = f"{row.deadline_on:%d-%m-%Y}"
    when = _("beslis uiterlijk op %(day)s") % {"day": deadline}
    if row.way:
        when = _("tot en met %(day)s") % {"day": f"{row.until_on:%d-%m-%Y}"} if row.until_on else ""
    way = str(dict(WAYS).get(row.way, _("nog niet beslist")))
    return CaseLine(
        kind="outcome",
        label=label_of(CASE_KINDS, "outcome"),
        debtor_number=row.debtor_number,
        debtor_name=row.debtor_name,
        text=f"{way}: {format_euros(row.cents)} {row.handed_to}".rstrip(),
        when=when,
        is_late=not row.way and row.deadline_on < today,
        who=row.decided_by or row.owner or _("nog niemand"),
        note=row.note,
        address=reverse("outcome", kwargs={"slug": slug, "outcome_id": row.id}),
        end="",
    )


def describe_kept_money(row: KeptMoney, *, slug: str, who: str, today: date) -> CaseLine:
    """Money kept for a debtor, in words."""
    day = {"day": f"{row.received_on:%d-%m-%Y}"}
    text = _("ontvangen op %(day)s") % day
    deadline = compute_kept_money_deadline(row.received_on)
    when = _("verreken of betaal terug uiterlijk op %(day)s") % {"day": f"{deadline:%d-%m-%Y}"}
    if row.left_cents < 0:
        when = _("de bank draaide de betaling terug: maak ongedaan wat ermee is gedaan")
    elif row.left_cents == 0:
        when = _("alles is verrekend of terugbetaald")
    return CaseLine(
        kind="money",
        label=label_of(CASE_KINDS, "money"),
        debtor_number=row.debtor_number,
        debtor_name=row.debtor_name,
        text=f"{format_euros(row.left_cents)}, {text}".replace("€ ", "€\N{NO-BREAK SPACE}"),
        when=when,
        is_late=is_kept_money_late(row.received_on, row.left_cents, today=today),
        who=who or _("nog niemand"),
        note="",
        address=reverse("kept-money", kwargs={"slug": slug, "item_id": row.item_id}),
        end="",
    )


def _describe(row: CaseRow) -> str:
    about = _("factuur %(number)s") % {"number": row.invoice_number} if row.invoice_number else ""
    amount = format_euros(row.cents) if row.cents else ""
    words = ", ".join(part for part in (_name(row), amount, about) if part)
    if row.kind == "reason":
        words = f"{words}. {say(UNPAID_REASONS[row.code].next_step)}"
    return words.replace("€ ", "€\N{NO-BREAK SPACE}")


def _name(row: CaseRow) -> str:
    if row.kind == "answer":
        what = _("afgewezen") if row.state == "declined" else _("de klant heeft gelijk")
        return f"{what}: {say(CATEGORIES[row.code].name)}"
    if row.kind in ("dispute", "credit"):
        return say(CATEGORIES[row.code].name)
    if row.kind == "reason":
        return say(UNPAID_REASONS[row.code].name)
    if row.kind == "flag":
        name = say(FLAGS[row.code].name)
        return f"{name}: {row.state}" if row.state else name
    if row.kind == "promise":
        return _("gebroken") if row.state == "broken" else ""
    if row.kind == "hold":
        return _("alleen herinneringen") if row.code == "reminders" else _("alles stopt")
    if row.kind == "reply":
        return str(dict(HEARD_BY).get(row.code, row.code))
    return ""


def _say_when(row: CaseRow, *, today: date) -> str:
    if row.kind == "reason":
        last_on = row.until_on or compute_reason_deadline(row.code, said_on=row.on)
        day = {"day": f"{last_on:%d-%m-%Y}"}
        if row.code == "not_received" and row.sent_on is not None:
            return _("kopie verstuurd op %(day)s") % {"day": f"{row.sent_on:%d-%m-%Y}"}
        if row.code == "not_received":
            waits = _("wacht op een kopie, uiterlijk op %(day)s")
            asks = _("bevestig het adres, uiterlijk op %(day)s")
            return (asks if asks_address(row) else waits) % day
        if row.code == "cannot_pay":
            return _("rust tot en met %(day)s, en geen brief tot iemand dit opvolgt") % day
        return _("rust tot en met %(day)s") % day
    if row.kind == "answer":
        return _("de debiteur krijgt dit met de volgende run")
    if row.kind == "flag":
        return _say_when_over(row)
    if row.until_on is None:
        return _("alles is voldaan") if row.kind == "plan" else _("tot iemand het beëindigt")
    day = {"day": f"{row.until_on:%d-%m-%Y}"}
    if row.kind == "promise":
        last_on = find_last_day(row.until_on)
        waits = _("op %(day)s, wij wachten tot en met %(last)s")
        waited = _("op %(day)s, wij wachtten tot en met %(last)s")
        words = waited if row.state == "broken" or last_on < today else waits
        return words % {**day, "last": f"{last_on:%d-%m-%Y}"}
    others = {
        "dispute": _("antwoord uiterlijk op %(day)s"),
        "reply": _("afhandelen uiterlijk op %(day)s"),
        "plan": _("volgende termijn op %(day)s"),
        "extension": _("vervalt nu op %(day)s"),
    }
    return others.get(row.kind, _("tot en met %(day)s")) % day


def _say_when_over(row: CaseRow) -> str:
    """Until when a situation holds; what is left after it is for a person to say."""
    if row.is_urgent and is_overlong(row.code, row.on, row.until_on):
        return _("langer dan de wet toestaat, zeg of het nog zo is")
    if row.until_on is None:
        return _("tot iemand het beëindigt")
    over = _("was tot en met %(day)s, zeg hoe het eindigde")
    day = {"day": f"{row.until_on:%d-%m-%Y}"}
    return (over if row.is_urgent else _("tot en met %(day)s")) % day
