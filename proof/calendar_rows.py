"""Rows E: midnight, summer time, days off, a clock that jumps, a machine that was off."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.integration.books import Listed, make_list

from proof.arrears import DAY, MONDAY, make_rows
from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all, check_audit, check_outside
from proof.ground import Ground
from proof.guards import own_database
from proof.hands import at
from proof.stage import Stage, set_stage
from tijdig.core.calendar import add_days, is_working_day
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.problem import Refusal
from tijdig.dunning.actions import sending
from tijdig.dunning.models import Run
from tijdig.messaging.actions.clock import check_clock
from tijdig.messaging.clock_mark import MachineClock
from tijdig.messaging.models import Message
from tijdig.tenants.models import Administration
from tijdig.tenants.queries import list_administrations_to_run
from tijdig.tenants.scope import administration_scope

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHTS = (date(2026, 3, 29), date(2026, 10, 25))
DAYS_OFF = (
    "2026-01-01 2026-04-03 2026-04-05 2026-04-06 2026-04-27 2026-05-05 2026-05-14 2026-05-24 "
    "2026-05-25 2026-12-25 2026-12-26 2027-01-01 2027-03-26 2027-03-28 2027-03-29 2027-04-27 "
    "2027-05-06 2027-05-16 2027-05-17 2027-12-25 2028-01-01 2028-04-14 2028-04-17 2028-04-27 "
    "2028-05-25 2028-06-05 2028-12-25 2028-12-26 2026-03-21 2026-03-22"
).split()


def night(ground: Ground, _: Random, name: str) -> None:
    """Asked every quarter in a night with 23 or 25 hours: one run per date, at its hour."""
    day, _, hour = name.partition(" at ")
    on = date.fromisoformat(day)
    with set_stage(ground, count=1) as stage:
        _set(stage, run_at=hour)
        runs: Counter[date] = Counter()
        moment = datetime(on.year, on.month, on.day, tzinfo=AMSTERDAM).astimezone(UTC)
        for quarter in range(27 * 4):
            now = moment + timedelta(minutes=15 * quarter)
            if stage.administration in list_administrations_to_run(now=now):
                today = now.astimezone(AMSTERDAM).date()
                _live(stage, now, today)
                runs[today] += 1
        assert runs[on] == 1, f"{runs[on]} runs on {on}"
        assert max(runs.values()) == 1


def midnight(ground: Ground, _: Random, name: str) -> None:
    """A second before midnight it is still that day, in the zone of the administration."""
    zone, _, when = name.partition(" ")
    with set_stage(ground, count=1) as stage:
        _set(stage, run_at="00:00", time_zone=zone)
        day = date(2026, 7, 1)
        local = datetime(2026, 7, 1, tzinfo=ZoneInfo(zone))
        now = (local + timedelta(seconds=1 if when == "after" else -1)).astimezone(UTC)
        expected = day if when == "after" else day - timedelta(days=1)
        assert stage.administration in list_administrations_to_run(now=now)
        _live(stage, now, expected)
        assert stage.administration not in list_administrations_to_run(now=now)
        with administration_scope(stage.administration):
            assert list(Run.objects.values_list("on", flat=True)) == [expected]


def awkward_date(ground: Ground, _: Random, name: str) -> None:
    """Leap day, the end of a month and of a year: the step is on the day that the policy says."""
    due_on = date.fromisoformat(name)
    with set_stage(ground, count=0) as stage:
        stage.count = 1
        row = Listed("2026-00000", 12_100, debtor="10000", issued_on=due_on, due_on=due_on)
        stage.take(make_list(row), day=due_on)
        reminded_on = _live_until_sent(stage, due_on)
        wanted = add_days(due_on, 5)
        while not is_working_day(wanted):
            wanted = add_days(wanted, 1)
        assert reminded_on == wanted, f"reminded on {reminded_on}, not {wanted}"
        with administration_scope(stage.administration):
            term = Message.objects.get().pay_by_on
        days = DEFAULT_POLICY.steps[1].term_days
        assert term == reminded_on + timedelta(days=days), "the term is not what the policy says"
        check_all(stage, Expected(exactly=True), day=reminded_on)


def day_off(ground: Ground, _: Random, name: str) -> None:
    """On a day off nobody hears from us, whatever is due."""
    on = date.fromisoformat(name)
    with set_stage(ground, count=0) as stage:
        stage.count = 1
        due_on = on - timedelta(days=5)
        row = Listed("2026-00000", 12_100, debtor="10000", issued_on=due_on, due_on=due_on)
        stage.take(make_list(row), day=due_on)
        stage.go("day", day=on)
        assert stage.received() == [], "somebody heard from us on a day off"
        reminded_on = _live_until_sent(stage, on)
        assert is_working_day(reminded_on)
        check_all(stage, Expected(exactly=True), day=reminded_on)


def clock_jump(ground: Ground, _: Random, name: str) -> None:
    """A run for a day before the last one is refused; a later one sends one step, not several."""
    days = int(name.split(maxsplit=1)[0])
    with set_stage(ground, count=3) as stage:
        stage.go("day")
        sent = len(stage.received())
        day = DAY + timedelta(days=days)
        if days < 0:
            try:
                stage.go("run", day=day)
            except Refusal:
                pass
            else:
                raise AssertionError("a run for an earlier day was not refused")
            stage.go("send", day=day)
        else:
            stage.go("day", day=day)
        more = Counter(one.debtor for one in stage.received()[sent:])
        assert max(more.values(), default=0) <= 1, "a jump of the clock sent several steps"
        assert days > 0 or not more, "a clock set back sent something"
        check_audit(stage, day=max(day, DAY), minutes=90)


def worker_sees_jump(ground: Ground, _: Random, name: str) -> None:
    """The worker holds the clock against the machine's count: far ahead, no day is lived."""
    later, _, when = name.partition(" ahead, ")
    jump = timedelta(hours=int(later.partition(" ")[0]))
    boot, ran = ("second", 5.0) if "after a start" in when else ("first", 2 * 3600.0)
    with own_database(ground) as (own, _), set_stage(own, count=3) as stage:
        assert _is_right(own, at(DAY, hour=7), "first", 3600.0)
        ahead = at(DAY, hour=8) + jump
        assert not _is_right(own, ahead, boot, ran), "the jump was not seen"
        # No run, as the worker does; and whatever asks for sending gets none.
        stage.go("send", day=ahead.date())
        assert stage.received() == [], "something went out on a day that had not come"
        if "a person says it is right" in when:
            _turn_on(stage, ahead)
            assert _is_right(own, ahead, boot, ran + 60)
            stage.go("day", day=_next_working_day(ahead.date()))
        else:
            assert _is_right(own, at(DAY), "first", 2 * 3600.0), "the clock is right again"
            stage.go("day")
            assert stage.received() == [], "it went on sending without a person"
            _turn_on(stage, at(DAY, minutes=30))
            stage.go("run", minutes=40)
            stage.go("send", minutes=50)
        got = Counter(one.debtor for one in stage.received())
        assert set(got.values()) == {1}, f"{got} messages after the clock was right"


def _is_right(ground: Ground, now: datetime, boot: str, ran: float) -> bool:
    return check_clock(ground.home, MachineClock(now, boot, ran), today=now.date())


def _turn_on(stage: Stage, now: datetime) -> None:
    with administration_scope(stage.administration):
        sending.turn_on(today=now.date(), now=now, actor="proof")


def _next_working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def was_off(ground: Ground, _: Random, name: str) -> None:
    """Off for days, then on: one look, at most one message per debtor, with the gap kept."""
    days = int(name.partition(" ")[0])
    with set_stage(ground, count=0) as stage:
        stage.count = 6
        rows = make_rows(6)
        stage.take(make_list(*rows), day=MONDAY)
        if "after a reminder" in name:
            stage.go("day")
        before = len(stage.received())
        on = DAY + timedelta(days=days)
        while not is_working_day(on):
            on += timedelta(days=1)
        stage.go("day", day=on)
        stage.go("day", day=on, minutes=30)
        fresh = Counter(one.debtor for one in stage.received()[before:])
        assert max(fresh.values(), default=0) <= 1, "a burst of steps after the machine was off"
        if days < 7 and before:
            assert not fresh, "the gap between contacts was not kept"
        if not before:
            check_outside(stage, Expected(exactly=True))


def _set(stage: Stage, **told: str) -> None:
    with administration_scope(stage.administration):
        Administration.objects.filter(id=stage.administration).update(**told)


def _live(stage: Stage, now: datetime, today: date) -> None:
    """As the worker does at this moment."""
    from tijdig.dunning.actions.days import live_one_day

    job = stage.job("day")
    with stage.aimed(job):
        live_one_day(stage.administration, today=today, now=now, clock=lambda: now)


def _live_until_sent(stage: Stage, since: date) -> date:
    for offset in range(20):
        day = since + timedelta(days=offset)
        stage.go("day", day=day)
        if stage.received():
            return day
    raise AssertionError("nobody was reminded within twenty days")


def list_cases() -> list[Case]:
    """Every case of rows E that can be run today, but for the simulated year."""
    nights = [f"{day} at {hour}" for day in NIGHTS for hour in ("01:30", "02:30", "03:30", "00:05")]
    zones = ("Europe/Amsterdam", "UTC", "America/Curacao", "Pacific/Auckland")
    edges = [f"{zone} {when}" for zone in zones for when in ("before", "after")]
    dates = (
        "2028-02-24 2028-02-29 2026-01-31 2026-12-26 2026-12-31 2027-01-03 2026-10-20 2026-03-24"
    )
    jumps = ["-1 day", "-30 days", "1 day", "36 days", "400 days"]
    seen = [
        "37 hours ahead, right again",
        "9600 hours ahead, a person says it is right",
        "864 hours ahead, after a start, a person says it is right",
    ]
    off = [f"{days} days{then}" for days in (1, 3, 30) for then in ("", " after a reminder")]
    return [
        *spread("E1", nights, night),
        *spread("E2", edges, midnight),
        *spread("E3", dates.split(), awkward_date),
        *spread("E4", DAYS_OFF, day_off, fixed=8),
        *spread("E5", jumps, clock_jump),
        *spread("E5", seen, worker_sees_jump),
        *spread("E6", off, was_off),
    ]


LATER: tuple[Later, ...] = ()
