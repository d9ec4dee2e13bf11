"""After the last demand: the list of those who still owe, and the four ways on."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from tijdig.core.calendar import add_working_days, format_day
from tijdig.core.decision import Decision
from tijdig.core.facts import DebtorFacts
from tijdig.core.problem import Refusal, Sentence
from tijdig.core.stops import refuse_beyond_a_year
from tijdig.dunning.models import Outcome
from tijdig.dunning.queries.outcomes import list_covered
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.tenants.bulk import execute, insert_rows
from tijdig.tenants.ids import new_ids
from tijdig.tenants.queries import find_responsible
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

ACTOR = "tijdig"
DECIDE_WORKING_DAYS = 5
_OWNER_LENGTH = 100
WAYS = ("suspend", "credit", "waive", "hand_over")
_SAID = {
    "suspend": ("Opgeschort tot en met {day}.", "Suspended up to and including {day}."),
    "credit": ("Wij crediteren wat openstaat.", "We credit what is open."),
    "waive": ("Wij boeken af wat openstaat.", "We write off what is open."),
    "hand_over": ("Overgedragen{to}.", "Handed over{to}."),
}

_END = """
UPDATE tijdig_outcome SET ended_on = %s, ended_by = 'tijdig'
WHERE administration_id = %s AND ended_on IS NULL
  AND (id = ANY(%s) OR (way = 'suspend' AND until_on < %s))
RETURNING id, debtor_id, id = ANY(%s)
"""
# Why somebody leaves the list: whether nothing is left to pay.
_ENDED = {
    True: Sentence("Er is niets meer te betalen.", "Nothing is left to pay."),
    False: Sentence("De opschorting is voorbij.", "The suspension is over."),
}


def open_expired(pairs: Iterable[tuple[DebtorFacts, Decision]], *, today: date) -> int:
    """Put on the list whoever let the last term pass; how many came on it.

    Nobody twice: who is on it stays as he is. Until somebody else is named an owner of the
    administration decides.
    """
    expired = [
        (one.debtor_id, one.carrying.item_id)
        for facts, one in pairs
        if one.reason == "after_last_demand" and one.carrying is not None and facts.contacts
        if not any(contact.pay_by_on and contact.pay_by_on >= today for contact in facts.contacts)
    ]
    if not expired:
        return 0
    same = {
        "administration": active_administration(),
        "opened_on": today,
        "owner": find_responsible()[:_OWNER_LENGTH],
        "deadline_on": add_working_days(today, DECIDE_WORKING_DAYS),
        "way": "",
        "handed_to": "",
        "note": "",
        "decided_by": "",
        "ended_by": "",
    }
    rows = [(key, *one) for key, one in zip(new_ids(len(expired)), expired, strict=True)]
    columns = ("id", "debtor", "carrying_item")
    return insert_rows(Outcome, columns, rows, same=same, unless_there=True)


def assign(
    outcome_id: UUID, *, owner: str, deadline_on: date, today: date, now: datetime, actor: str
) -> None:
    """Who decides, and by when. Refuses: nobody, a day that has passed, one that was decided."""
    if not owner.strip() or deadline_on < today:
        raise Refusal(
            "Vul in wie beslist, en een dag die nog komt.",
            "Fill in who decides, and a day that is still to come.",
        )
    undecided = Outcome.objects.filter(id=outcome_id, way="", ended_on=None)
    if not undecided.update(owner=owner.strip(), deadline_on=deadline_on):
        raise _refuse_decided(outcome_id)
    one = Outcome.objects.get(id=outcome_id)
    said = {
        "nl": f"{one.owner} beslist uiterlijk op {format_day(deadline_on, 'nl')}.",
        "en": f"{one.owner} decides by {format_day(deadline_on, 'en')}.",
    }
    happened = Happened("outcome_assigned", "outcome", one.id, one.debtor_id, said)
    record([happened], today=today, now=now, actor=actor)


def decide(
    outcome_id: UUID,
    *,
    way: str,
    until_on: date | None = None,
    handed_to: str = "",
    note: str = "",
    today: date,
    now: datetime,
    actor: str,
) -> None:
    """One of the four ways on; what was due by now leaves the cadence.

    Suspended, it comes back to the list after `until_on`; else when somebody ends the decision.
    The books show a credit or a write-off: until then it stays open here and is not asked for.
    Refuses: another way, a suspension without a day to come or of more than a year, a second
    decision.
    """
    if way not in WAYS:
        raise Refusal("Kies een van de vier wegen.", "Choose one of the four ways.")
    if way == "suspend" and (until_on is None or until_on <= today):
        raise Refusal(
            "Kies tot en met welke dag u opschort.", "Choose the last day of the suspension."
        )
    if until_on is not None:
        refuse_beyond_a_year(until_on, since=today)
    one = Outcome.objects.get(id=outcome_id)
    lock_debtors([one.debtor_id])
    undecided = Outcome.objects.filter(id=outcome_id, way="", ended_on=None)
    decided = undecided.update(
        way=way,
        until_on=until_on if way == "suspend" else None,
        handed_to=handed_to.strip() if way == "hand_over" else "",
        note=note,
        decided_on=today,
        decided_by=actor,
    )
    if not decided:
        raise _refuse_decided(outcome_id)
    said_nl, said_en = _SAID[way]
    to_nl, to_en = (f" aan {handed_to}", f" to {handed_to}") if handed_to else ("", "")
    said = {
        "nl": said_nl.format(day=format_day(until_on, "nl") if until_on else "", to=to_nl),
        "en": said_en.format(day=format_day(until_on, "en") if until_on else "", to=to_en),
    }
    _finish("outcome_decided", one, said, today=today, now=now, actor=actor)


def end(outcome_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """The decision does not hold any more; whoever still owes comes back to the list."""
    one = Outcome.objects.get(id=outcome_id)
    lock_debtors([one.debtor_id])
    standing = Outcome.objects.filter(id=outcome_id, ended_on=None).exclude(way="")
    if not standing.update(ended_on=today, ended_by=actor):
        raise _refuse_decided(outcome_id)
    said = {"nl": "De beslissing is teruggenomen.", "en": "The decision was taken back."}
    _finish("outcome_ended", one, said, today=today, now=now, actor=actor)


def end_by_itself(*, today: date, now: datetime) -> None:
    """End what has run its course: a suspension that is over, and all who owe nothing any more."""
    covered = list_covered()
    asked = [today, active_administration(), covered, today, covered]
    ended = execute(_END, asked).fetchall()
    if not ended:
        return
    touch_debtors({debtor_id for _, debtor_id, _ in ended})
    said = {is_covered: {"nl": one.nl, "en": one.en} for is_covered, one in _ENDED.items()}
    happened = [
        Happened("outcome_over", "outcome", outcome_id, debtor_id, said[is_covered])
        for outcome_id, debtor_id, is_covered in ended
    ]
    record(happened, today=today, now=now, actor=ACTOR)


def _refuse_decided(outcome_id: UUID) -> Refusal:
    one = Outcome.objects.get(id=outcome_id)
    day = one.ended_on or one.decided_on
    by = one.ended_by or one.decided_by or "Tijdig"
    return Refusal(
        f"Hierover is al beslist door {by}{f' op {day:%d-%m-%Y}' if day else ''}. "
        "Ververs de pagina.",
        f"This was decided already by {by}{f' on {day:%d-%m-%Y}' if day else ''}. Reload the page.",
    )


def _finish(
    kind: str, one: Outcome, said: dict[str, str], *, today: date, now: datetime, actor: str
) -> None:
    touch_debtors([one.debtor_id])
    happened = Happened(kind, "outcome", one.id, one.debtor_id, said)
    record([happened], today=today, now=now, actor=actor)
