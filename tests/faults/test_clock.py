"""A clock that jumps ahead is not believed before a person says so (E5)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from tests.integration.office import at, make_administration
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.dunning.actions import sending
from tijdig.messaging.actions.clock import check_clock
from tijdig.messaging.clock_mark import MachineClock, has_jumped, keep
from tijdig.messaging.home_mark import write_seen
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import administration_scope
from tijdig.web.clock import read_machine_clock

DAY = date(2026, 3, 19)
NOW = at(DAY)
HOUR = 3600.0


def clock(now: datetime, *, hours: float, boot: str = "first") -> MachineClock:
    return MachineClock(now, boot, hours * HOUR)


@pytest.mark.parametrize(
    ("later", "ran_hours", "boot", "jumped"),
    [
        (timedelta(hours=36), 0, "first", False),
        (timedelta(hours=36, seconds=1), 0, "first", True),
        (timedelta(days=30), 30 * 24, "first", False),
        (timedelta(days=400), 0, "first", True),
        (timedelta(days=-30), 0, "first", False),
        (timedelta(days=35), 0, "second", False),
        (timedelta(days=35, seconds=1), 0, "second", True),
        # No name of the start is known, but it runs for less than before: it was off.
        (timedelta(days=20), -1, "first", False),
    ],
)
def test_a_jump_is_what_the_machine_did_not_run(
    tmp_path: Path, later: timedelta, ran_hours: float, boot: str, jumped: bool
) -> None:
    keep(tmp_path, clock(NOW, hours=10))
    assert has_jumped(tmp_path, clock(NOW + later, hours=10 + ran_hours, boot=boot)) is jumped


def test_a_clock_set_back_and_right_again_did_not_jump(tmp_path: Path) -> None:
    keep(tmp_path, clock(NOW, hours=10))
    keep(tmp_path, clock(NOW - timedelta(days=30), hours=11))
    assert not has_jumped(tmp_path, clock(NOW + timedelta(hours=2), hours=12))


def test_a_mark_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "clock-mark.json").write_text("{", encoding="utf-8")
    assert not has_jumped(tmp_path, clock(NOW, hours=10))


@pytest.mark.parametrize("write", [lambda home, n: keep(home, clock(NOW, hours=n)), write_seen])
def test_workers_that_mark_at_once_do_not_take_each_others_file(
    tmp_path: Path, write: Callable[[Path, int], None]
) -> None:
    """Each is a thread or a process of its own; both stand in the same folder."""
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(lambda n: write(tmp_path, n), range(1, 801)))
    (only,) = tmp_path.iterdir()
    assert only.read_text(encoding="utf-8").endswith("\n")


def test_the_machine_counts_on() -> None:
    first, second = read_machine_clock(), read_machine_clock()
    assert first.boot == second.boot
    assert first.running_seconds <= second.running_seconds


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    return tmp_path


def is_right(now: datetime, *, hours: float) -> bool:
    return check_clock(Path(settings.HOME), clock(now, hours=hours), today=now.date())


def stands(administration: UUID) -> tuple[bool, str]:
    with administration_scope(administration):
        found = load_administration()
        return found.sending_on, found.silenced_because


def test_a_jump_silences_who_sends_until_a_person_turns_it_on(database: None, home: Path) -> None:
    sends, rests = make_administration(sending=True), make_administration(sending=False)
    ahead = NOW + timedelta(days=400)
    assert is_right(NOW, hours=1)
    assert not is_right(ahead, hours=1)
    assert (stands(sends), stands(rests)) == ((False, "clock"), (False, ""))
    told = sign_in(make_person(sends)).get(f"/{slug_of(sends)}/vandaag/").content.decode()
    assert "De klok van deze computer sprong ver vooruit." in told
    assert "teruggezet" not in told
    # It stays so, however often it is asked.
    assert not is_right(ahead, hours=2)
    with administration_scope(sends):
        sending.turn_on(today=ahead.date(), now=ahead, actor="Sanne")
    assert is_right(ahead, hours=2)
    assert stands(sends) == (True, "")


def test_once_the_clock_is_right_the_days_go_on(database: None, home: Path) -> None:
    sends = make_administration(sending=True)
    assert is_right(NOW, hours=1)
    assert not is_right(NOW + timedelta(days=400), hours=1)
    assert is_right(NOW + timedelta(hours=1), hours=2)
    assert stands(sends) == (False, "clock")
