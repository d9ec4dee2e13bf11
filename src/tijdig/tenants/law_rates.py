"""Interest rates added by hand: a file in the data folder, so that the law needs no database."""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, cast, get_args

from django.conf import settings

from tijdig.core.calendar import format_day
from tijdig.core.law.dated import (
    Dated,
    RateKind,
    RateTables,
    is_possible_rate,
    refuse_bad_rate,
    with_added_rates,
)
from tijdig.core.law.tables import RATES
from tijdig.core.money import format_percent
from tijdig.core.problem import Refusal, Sentence

FILE_NAME = "law_rates.json"
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class AddedRate:
    """A rate that somebody looked up: from when, how much, and where it was published."""

    kind: RateKind
    from_on: date
    percent: Decimal
    source: str
    published_on: date | None


@dataclass(frozen=True, slots=True)
class RateChange:
    """A rate that was added wrongly by hand: what it was and is now, None for none, and why.

    Without `was` it came in the place of one of another day that was taken out.
    """

    kind: RateKind
    from_on: date
    was: Decimal | None
    now: Decimal | None
    because: str
    on: date


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the file holds."""

    rates: list[tuple[RateKind, Dated[Decimal]]]
    changes: list[RateChange]


def load_rates() -> RateTables:
    """The rates in force: those of this release and those added by hand.

    Refuses: a file that cannot be read, by its name.
    """
    return with_added_rates(RATES, _read().rates)


def load_known_rates() -> RateTables:
    """The rates in force for the daily work, which a broken file must not stop.

    Without it no rate is known for the half-years that it tells of, so no interest is claimed for
    them; Vandaag and the doctor say that the file is broken.
    """
    try:
        return load_rates()
    except Refusal:
        return RATES


def load_rate_changes() -> tuple[RateChange, ...]:
    """What was put right or taken out of the rates added by hand, oldest first.

    Refuses: a file that cannot be read, by its name.
    """
    return tuple(_read().changes)


def describe_rate_change(change: RateChange) -> Sentence:
    """What was put right, on which day and why."""
    now = change.now
    if change.was is None and now is not None:
        return Sentence(
            f"Vanaf {format_day(change.from_on, 'nl')} geldt {format_percent(now)}, in plaats van"
            f" wat is weggehaald ({format_day(change.on, 'nl')}: {change.because}).",
            f"From {format_day(change.from_on, 'en')} it is {format_percent(now)}, in place of"
            f" what was taken out ({format_day(change.on, 'en')}: {change.because}).",
        )
    was = "" if change.was is None else format_percent(change.was)
    nl = "weggehaald" if now is None else f"nu {format_percent(now)}"
    en = "taken out" if now is None else f"now {format_percent(now)}"
    return Sentence(
        f"Vanaf {format_day(change.from_on, 'nl')} stond er {was}, {nl}"
        f" ({format_day(change.on, 'nl')}: {change.because}).",
        f"From {format_day(change.from_on, 'en')} it said {was}, {en}"
        f" ({format_day(change.on, 'en')}: {change.because}).",
    )


def load_known_rate_changes() -> tuple[RateChange, ...]:
    """The same for the daily work, which a broken file must not stop: none by it."""
    try:
        return load_rate_changes()
    except Refusal:
        return ()


def find_changed_from(changes: Sequence[RateChange], *, since: date | None) -> date | None:
    """The first day from which what was changed on this day or later can count; None for nothing.

    One that came after others were taken out can make a period known again that began with those.
    """
    days = [
        min(one.from_on, *[gone.from_on for gone in _list_gone(changes[:at], one.kind)], date.max)
        for at, one in enumerate(changes)
        if since is None or one.on >= since
    ]
    return min(days, default=None)


def add_rate(rate: AddedRate, *, today: date) -> RateTables:
    """Store a published rate for all to use; the rates in force after it.

    Refuses: a kind without a table, a day that is not later than the last row, skips a half-year or
    is more than a year away, a percentage that cannot be, a rate without its source, a folder that
    takes nothing.
    """
    row = Dated(rate.from_on, rate.percent, rate.source.strip(), rate.published_on, today)

    def add(kept: _Kept) -> _Kept:
        refuse_bad_rate(getattr(with_added_rates(RATES, kept.rates), rate.kind), row, today=today)
        changes = kept.changes
        if gone := _list_gone(changes, rate.kind):
            # It takes the place of one that was taken out.
            was = next((one.was for one in gone if one.from_on == rate.from_on), None)
            again = RateChange(rate.kind, rate.from_on, was, row.value, row.source, today)
            changes = [*changes, again]
        return _Kept([*kept.rates, (rate.kind, row)], changes)

    return _change(add)


def correct_rate(rate: AddedRate, *, because: str, today: date) -> RateTables:
    """Put a rate that was added by hand right, with the reason; the rates in force after it.

    Refuses: a day of which no rate was added by hand, no reason, and what `add_rate` refuses of a
    source and a percentage, also of the rows after it.
    """
    row = Dated(rate.from_on, rate.percent, rate.source.strip(), rate.published_on, today)

    def correct(kept: _Kept) -> _Kept:
        at, was = _find(kept, rate.kind, rate.from_on)
        _refuse_overtaken(rate.kind, rate.from_on)
        earlier = [one for one in kept.rates if one[1].from_on < rate.from_on]
        later = [one for one in kept.rates if one[0] == rate.kind and one[1].from_on > was.from_on]
        for kind, one in [(rate.kind, row), *sorted(later, key=lambda told: told[1].from_on)]:
            refuse_bad_rate(getattr(with_added_rates(RATES, earlier), kind), one, today=today)
            earlier.append((kind, one))
        rates = [*kept.rates[:at], (rate.kind, row), *kept.rates[at + 1 :]]
        change = RateChange(rate.kind, rate.from_on, was.value, row.value, _say(because), today)
        return _Kept(rates, [*kept.changes, change])

    return _change(correct)


def remove_rate(kind: RateKind, from_on: date, *, because: str, today: date) -> RateTables:
    """Take a rate that was added by hand out again, with the reason; the rates in force after it.

    From its day on no rate is known, also where one of a later half-year was added: that counts
    again once this one is there. Where another of the same half-year was added, the one before it
    holds.
    Refuses: a day of which no rate was added by hand, and no reason.
    """

    def remove(kept: _Kept) -> _Kept:
        at, was = _find(kept, kind, from_on)
        change = RateChange(kind, from_on, was.value, None, _say(because), today)
        return _Kept([*kept.rates[:at], *kept.rates[at + 1 :]], [*kept.changes, change])

    return _change(remove)


def _list_gone(changes: Iterable[RateChange], kind: RateKind) -> list[RateChange]:
    """What was taken out of a kind and has nothing in its place yet, by its first day.

    One of the same day takes that place, else one of another day that of the earliest.
    """
    gone: list[RateChange] = []
    for one in changes:
        if one.kind != kind:
            continue
        if one.now is None:
            gone.append(one)
        elif same := [other for other in gone if other.from_on == one.from_on]:
            gone.remove(same[0])
        elif one.was is None and gone:
            gone.remove(gone[0])
        gone.sort(key=lambda other: other.from_on)
    return gone


def _find(kept: _Kept, kind: RateKind, from_on: date) -> tuple[int, Dated[Decimal]]:
    for at, (own, row) in enumerate(kept.rates):
        if (own, row.from_on) == (kind, from_on):
            return at, row
    day_nl, day_en = format_day(from_on, "nl"), format_day(from_on, "en")
    raise Refusal(
        f"Vanaf {day_nl} is er met de hand geen percentage toegevoegd. Wat bij deze versie van"
        " Tijdig hoort, verandert alleen met een nieuwe versie.",
        f"No rate was added by hand from {day_en} on. What comes with this version of Tijdig only"
        " changes with a new version.",
    )


def _refuse_overtaken(kind: RateKind, from_on: date) -> None:
    last_on = getattr(RATES, kind).rows[-1].from_on
    if from_on <= last_on:
        raise Refusal(
            f"Deze versie van Tijdig kent zelf een percentage vanaf {format_day(last_on, 'nl')}:"
            " wat met de hand is toegevoegd, telt daarvoor niet meer. Haal het weg.",
            f"This version of Tijdig knows a rate of its own from {format_day(last_on, 'en')} on:"
            " what was added by hand does not count for that any more. Remove it.",
        )


def _say(because: str) -> str:
    said = " ".join(because.split())
    if not said:
        raise Refusal("Zeg waarom dit percentage niet klopt.", "Say why this rate is not right.")
    return said[:_LONGEST_REASON]


def _change(make: Callable[[_Kept], _Kept]) -> RateTables:
    """What the file holds, changed in one step that nobody sees half."""
    path = _path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            kept = make(_read())
            _write(path, kept)
    except OSError as error:
        raise Refusal(
            f"In de gegevensmap {path.parent} kan niets worden bewaard ({error.strerror}). Kies met"
            " TIJDIG_HOME een map die van u is.",
            f"Nothing can be stored in the data folder {path.parent} ({error.strerror}). Choose a"
            " folder of yours with TIJDIG_HOME.",
        ) from error
    return with_added_rates(RATES, kept.rates)


def _path() -> Path:
    return Path(settings.HOME) / FILE_NAME


def _read() -> _Kept:
    path = _path()
    try:
        told = json.loads(path.read_text("utf-8"), parse_float=str)
        rates = [_parse(one) for one in told["rates"]]
        return _Kept(rates, [_parse_change(one) for one in told.get("changes", [])])
    except FileNotFoundError:
        return _Kept([], [])
    except (OSError, ValueError, KeyError, TypeError, InvalidOperation) as error:
        raise Refusal(
            f"Het bestand met toegevoegde rente ({path}) is niet te lezen. Herstel het of haal het"
            " weg, en voeg de percentages opnieuw toe.",
            f"The file with added rates ({path}) cannot be read. Mend it or remove it, and add the"
            " rates again.",
        ) from error


def _parse_kind(told: str) -> RateKind:
    if told not in get_args(RateKind):
        raise ValueError(told)
    return cast("RateKind", told)


def _parse_change(told: dict[str, Any]) -> RateChange:
    return RateChange(
        _parse_kind(told["kind"]),
        date.fromisoformat(told["from"]),
        None if told["was"] is None else Decimal(told["was"]),
        None if told["now"] is None else Decimal(told["now"]),
        str(told["because"]),
        date.fromisoformat(told["on"]),
    )


def _parse(told: dict[str, Any]) -> tuple[RateKind, Dated[Decimal]]:
    published, percent = told.get("published"), Decimal(told["percent"])
    if not is_possible_rate(percent):
        raise ValueError(percent)
    row = Dated(
        date.fromisoformat(told["from"]),
        percent,
        str(told["source"]),
        date.fromisoformat(published) if published else None,
        date.fromisoformat(told["checked"]),
    )
    return _parse_kind(told["kind"]), row


def _write(path: Path, kept: _Kept) -> None:
    """Put the file in place in one step: a reader sees the old one or the new one."""
    rates = [
        {
            "kind": kind,
            "from": f"{row.from_on}",
            "percent": f"{row.value}",
            "source": row.source,
            "published": f"{row.published_on}" if row.published_on else None,
            "checked": f"{row.checked_on}",
        }
        for kind, row in kept.rates
    ]
    changes = [
        {
            "kind": one.kind,
            "from": f"{one.from_on}",
            "was": None if one.was is None else f"{one.was}",
            "now": None if one.now is None else f"{one.now}",
            "because": one.because,
            "on": f"{one.on}",
        }
        for one in kept.changes
    ]
    told = {"rates": rates, "changes": changes} if changes else {"rates": rates}
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(told, file, indent=1, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
