"""Row E4, the letter of the law: whatever day off its term ends on, nobody gets less than the law.

What the debtor reads is held against a calendar that is written out here, not Tijdig's own.
"""

import re
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from random import Random
from uuid import UUID

from tests.faults.smtp_sink import Stored
from tests.integration.books import Listed, make_list

from proof.arrears import CENTS
from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all
from proof.ground import Ground
from proof.stage import Stage, set_stage
from tijdig.core.dunning import forecast
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.dunning.actions.days import is_anybody_due

# Days on which no term ends: Algemene termijnenwet art. 3, with the decrees that name bridge days.
NO_END = frozenset(
    "2026-01-01 2026-04-03 2026-04-05 2026-04-06 2026-04-27 2026-05-05 2026-05-14 2026-05-24 "
    "2026-05-25 2026-12-25 2026-12-26 2027-01-01 2027-03-26 2027-03-28 2027-03-29 2027-04-27 "
    "2027-05-05 2027-05-06 2027-05-16 2027-05-17 2027-12-25 2027-12-26 2028-01-01 2028-04-14 "
    "2028-04-16 2028-04-17 2028-04-27 2028-05-05 2028-05-25 2028-06-04 2028-06-05 2028-12-25 "
    "2028-12-26".split()
)
TERM_DAYS = 14
_SATURDAY = 5
_MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december"
).split()
_UNTIL = re.compile(r"tijd tot en met\s+\**(\d{1,2})\s+([a-z]+)\s+(\d{4})")
_LOOKS = 45


def end_term_on(ground: Ground, _: Random, name: str) -> None:
    """The fourteenth day after the letter is this day off: the letter names a later one."""
    day_off = date.fromisoformat(name.rpartition(" ")[2])
    due_on = _find_due_day(day_off)
    with set_stage(ground, count=0) as stage:
        stage.count = 1
        row = Listed("2026-00000", CENTS, debtor="10000", issued_on=due_on, due_on=due_on)
        stage.take(make_list(row), day=due_on)
        sent_on, letter = _live_until_letter(stage, due_on)
        until_on = _read_last_day(letter)
        least_on = sent_on + timedelta(days=TERM_DAYS)
        while _is_no_end(least_on):
            least_on += timedelta(days=1)
        assert until_on >= least_on, f"sent on {sent_on}, the term ended on {until_on}"
        assert not _is_no_end(until_on), f"the term ends on a day off, {until_on}"
        seen = len(stage.received())
        day = sent_on
        while day <= until_on:
            _live(stage, day, minutes=30)
            day += timedelta(days=1)
        assert len(stage.received()) == seen, "something firmer went out within the term"
        check_all(stage, Expected(several=True), day=until_on, minutes=90)


def _find_due_day(day_off: date) -> date:
    """A due date whose letter has its fourteenth day on this day off, or as near as can be."""
    by_distance: dict[int, date] = {}
    for days in range(25, 65):
        due_on = day_off - timedelta(days=days)
        item = OpenItem(UUID(int=1), "2026-00000", "invoice", due_on, due_on, CENTS)
        facts = DebtorFacts(UUID(int=2), "1", "Klant", "unknown", (item,), email="k@example.nl")
        for step in forecast(facts, DEFAULT_POLICY, today=due_on):
            if step.step is not None and step.step.phase == "veertiendagenbrief":
                fourteenth = step.on + timedelta(days=TERM_DAYS)
                by_distance.setdefault(abs((fourteenth - day_off).days), due_on)
    return by_distance[min(by_distance)]


def _live_until_letter(stage: Stage, since: date) -> tuple[date, Stored]:
    for days in range(_LOOKS):
        day = since + timedelta(days=days)
        seen = len(stage.sink.stored)
        _live(stage, day)
        for stored in stage.sink.stored[seen:]:
            if "zonder kosten" in _subject(stored):
                return day, stored
    raise AssertionError(f"no letter of the law within {_LOOKS} days")


def _live(stage: Stage, day: date, *, minutes: int = 0) -> None:
    """As an office lives it: on a day on which nobody is due and nothing waits, nothing is done."""
    if is_anybody_due(stage.administration, today=day):
        stage.go("day", day=day, minutes=minutes)


def _subject(stored: Stored) -> str:
    return str(message_from_bytes(stored.content, policy=default)["Subject"])


def _read_last_day(stored: Stored) -> date:
    body = message_from_bytes(stored.content, policy=default).get_body(("plain",))
    text = body.get_content().replace("\N{NO-BREAK SPACE}", " ") if body is not None else ""
    found = _UNTIL.search(text)
    assert found is not None, "the letter names no last day"
    day, month, year = found.groups()
    return date(int(year), _MONTHS.index(month) + 1, int(day))


def _is_no_end(day: date) -> bool:
    return day.weekday() >= _SATURDAY or day.isoformat() in NO_END


def list_cases() -> list[Case]:
    """A term of the law that ends on each day off of three years."""
    named = sorted(NO_END - {"2026-01-01"})
    names = [f"the term of a letter ends on {day}" for day in named]
    return spread("E4", names, end_term_on, fixed=5)


LATER: tuple[Later, ...] = ()
