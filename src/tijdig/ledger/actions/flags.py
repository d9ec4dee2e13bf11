"""Special situations of a debtor: mark one, say who represents him, and end it."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from tijdig.core.calendar import format_day
from tijdig.core.flags import FLAGS, find_longest_day, is_overlong
from tijdig.core.problem import Refusal, Sentence
from tijdig.core.protection import REPRESENTED
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.models import Debtor, DebtorFlag
from tijdig.ledger.queries.protections import was_recorded_on
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record


@dataclass(frozen=True, slots=True)
class Representative:
    """Whom to write to instead of the debtor; what is empty is unknown."""

    representative: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""


def mark(
    *,
    debtor_id: UUID,
    kind: str,
    from_on: date | None = None,
    until_on: date | None = None,
    source: str = "",
    instead: Representative | None = None,
    today: date,
    now: datetime,
    actor: str,
) -> UUID:
    """The id of the situation; one that stands already is replaced by what is told now.

    One that is over by its own day keeps the days before the new one, also where both are told on
    one day, and a period from before it ends nothing. What is told of a last day that has passed
    holds for the one that stood, too. Without `from_on` it keeps the first day of the one that
    stands, else it begins today. Refuses: a kind that is not there, an end before its start or too
    late by law, the end of a death, a later first day than that of the one that stands, one that
    goes on now and ends before another that is still to begin.
    """
    if kind not in FLAGS:
        raise Refusal("Kies welke situatie er is.", "Choose which situation there is.")
    lock_debtors([debtor_id])
    if not Debtor.objects.filter(id=debtor_id).exists():
        raise Refusal("Deze debiteur is er niet.", "This debtor is not there.")
    standing = _find_standing(debtor_id, kind, today=today)
    start = from_on or min(today, standing.from_on if standing else today)
    if until_on is not None:
        _check_end(kind, start, until_on)
    if standing is not None and start > standing.from_on:
        raise _refuse_later(standing)
    over_on = _make_room(debtor_id, kind, start, until_on, today=today, actor=actor)
    told = instead or Representative()
    made = DebtorFlag.objects.create(
        administration_id=active_administration(),
        debtor_id=debtor_id,
        kind=kind,
        from_on=start,
        until_on=until_on,
        source=source.strip(),
        marked_by=actor,
        lifted_on=over_on,
        lifted_by=actor if over_on else "",
        **{field.name: getattr(told, field.name).strip() for field in fields(told)},
    )
    _finish(
        "flag_marked", made, _say_days(kind, start, until_on), today=today, now=now, actor=actor
    )
    return made.id


def _say_days(kind: str, start: date, until_on: date | None) -> dict[str, str]:
    name = FLAGS[kind].name
    until = ("", "")
    if until_on is not None:
        until = (
            f" tot en met {format_day(until_on, 'nl')}",
            f" up to and including {format_day(until_on, 'en')}",
        )
    return {
        "nl": f"{name.nl.capitalize()} sinds {format_day(start, 'nl')}{until[0]}.",
        "en": f"{name.en.capitalize()} since {format_day(start, 'en')}{until[1]}.",
    }


def _find_standing(debtor_id: UUID, kind: str, *, today: date) -> DebtorFlag | None:
    """The situation of this kind that holds, will hold, or waits for a person to end it."""
    one = DebtorFlag.objects.filter(debtor_id=debtor_id, kind=kind, lifted_on=None).first()
    if one is None or FLAGS[kind].may_discharge or one.until_on is None or one.until_on >= today:
        return one
    return one if is_overlong(kind, one.from_on, one.until_on) else None


def _make_room(
    debtor_id: UUID,
    kind: str,
    start: date,
    until_on: date | None,
    *,
    today: date,
    actor: str,
) -> date | None:
    """The last day of a period that was over before the one that is there; else that one ends."""
    if _is_before(debtor_id, kind, until_on, today=today):
        return until_on
    _end_earlier(debtor_id, kind, start, until_on, today=today, actor=actor)
    return None


def _is_before(debtor_id: UUID, kind: str, until_on: date | None, *, today: date) -> bool:
    """Whether this period was over before the one that is there began: it ends nothing of that.

    Refuses: one that goes on now, before another that is still to begin.
    """
    one = DebtorFlag.objects.filter(debtor_id=debtor_id, kind=kind, lifted_on=None).first()
    if one is None or until_on is None or until_on >= one.from_on:
        return False
    if until_on >= today:
        name, since = FLAGS[kind].name, one.from_on
        raise Refusal(
            f"Vanaf {format_day(since, 'nl')} staat dit er al: {name.nl}. Twee kan niet. Laat de"
            " laatste dag leeg, dan geldt het vanaf nu.",
            f"From {format_day(since, 'en')} this stands already: {name.en}. Two cannot be. Leave"
            " the last day empty, and it holds from now on.",
        )
    return True


def _end_earlier(
    debtor_id: UUID,
    kind: str,
    start: date,
    until_on: date | None,
    *,
    today: date,
    actor: str,
) -> None:
    """End what is told anew: its days stay, but none after the last day that is told now."""
    one = DebtorFlag.objects.filter(debtor_id=debtor_id, kind=kind, lifted_on=None).first()
    if one is None:
        return
    one.lifted_on, one.lifted_by = today, actor
    if one.from_on < start and one.until_on is not None and was_recorded_on(one.id, today):
        # Ended on the day that it was recorded it would be a mistake: this is one more period.
        one.lifted_on = one.until_on
    if until_on is not None and one.from_on <= until_on < (one.until_on or today):
        one.until_on = until_on
    one.save(update_fields=["lifted_on", "lifted_by", "until_on"])


def _check_end(kind: str, start: date, until_on: date) -> None:
    """Nothing. Refuses: an end before the start, of a death, or later than the law lets it be."""
    if until_on < start:
        raise Refusal("Het einde ligt vóór het begin.", "The end is before the start.")
    if kind == "deceased":
        raise Refusal(
            "Een overlijden heeft geen einde. Laat die dag leeg.",
            "A death has no end. Leave that day empty.",
        )
    longest_on = find_longest_day(kind, start)
    if longest_on is not None and is_overlong(kind, start, until_on):
        raise _refuse_longer(kind, longest_on)


def _refuse_longer(kind: str, longest_on: date) -> Refusal:
    rule = FLAGS[kind]
    law = rule.law or rule.name
    return Refusal(
        f"Dit duurt hoogstens {rule.longest_months} maanden ({law.nl}). Kies een laatste dag tot en"
        f" met {format_day(longest_on, 'nl')}.",
        f"This lasts {rule.longest_months} months at most ({law.en}). Choose a last day up to and"
        f" including {format_day(longest_on, 'en')}.",
    )


def _refuse_later(standing: DebtorFlag) -> Refusal:
    """Why one that stands does not begin later: nobody would be protected in between."""
    name, since = FLAGS[standing.kind].name, standing.from_on
    stands = Sentence(
        f"Dit staat er al sinds {format_day(since, 'nl')}: {name.nl}.",
        f"This stands since {format_day(since, 'en')}: {name.en}.",
    )
    if standing.kind in REPRESENTED:
        # Who ends it first, for another bewindvoerder from later on, has him written to himself.
        return Refusal(
            f"{stands.nl} Treedt er nu iemand anders op, laat dan de eerste dag leeg. Gebeurt dat"
            " later, leg het dan op die dag vast: tot dan gaat alles naar wie er nu optreedt. Kies"
            " “niet meer zo” alleen als het voorbij is: dan gaat alles naar de klant zelf.",
            f"{stands.en} If another acts now, leave the first day empty. If that is later, record"
            " it on that day: until then all goes to who acts now. Choose “no longer so” only if"
            " it is over: then all goes to the customer.",
        )
    return Refusal(
        f"{stands.nl} Laat de eerste dag leeg, dan blijft die dag staan. Klopt die dag niet, of is"
        " het voorbij, kies dan eerst bij die situatie: niet meer zo.",
        f"{stands.en} Leave the first day empty, and that day stays. If that day is wrong, or it is"
        " over, choose at that situation first: no longer so.",
    )


def lift(flag_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """The situation is over. Refuses: one that was ended already."""
    one = DebtorFlag.objects.get(id=flag_id)
    lock_debtors([one.debtor_id])
    standing = DebtorFlag.objects.filter(id=flag_id, lifted_on=None)
    if not standing.update(lifted_on=today, lifted_by=actor):
        one.refresh_from_db()
        raise Refusal(
            f"Dit is al beëindigd door {one.lifted_by} op {one.lifted_on:%d-%m-%Y}.",
            f"This was ended already by {one.lifted_by} on {one.lifted_on:%d-%m-%Y}.",
        )
    name = FLAGS[one.kind].name
    said = {"nl": f"Niet meer: {name.nl}.", "en": f"No longer: {name.en}."}
    _finish("flag_lifted", one, said, today=today, now=now, actor=actor)


def _finish(
    kind: str, one: DebtorFlag, said: dict[str, str], *, today: date, now: datetime, actor: str
) -> None:
    touch_debtors([one.debtor_id])
    happened = Happened(kind, "flag", one.id, one.debtor_id, said)
    record([happened], today=today, now=now, actor=actor)
