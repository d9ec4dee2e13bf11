"""The send log on a disk that is full, and after a line that was cut: whole lines or none (C4)."""

import logging
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from tests.faults.smtp_sink import SmtpSink
from tests.faults.test_concurrency import make_books, pointing_at, states
from tests.integration.books import run_on
from tests.integration.office import at
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.config.health import Finding, examine
from tijdig.config.tasks import send_waiting
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.days import send
from tijdig.messaging.delivering import open_log
from tijdig.messaging.queries import count_retrying
from tijdig.messaging.send_log import LoggedMessage, SendLog
from tijdig.messaging.whole_files import replace_file
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 19)
NOW = datetime(2026, 3, 19, 9, tzinfo=UTC)


def make_logged(number: int) -> LoggedMessage:
    return LoggedMessage(
        message_id=uuid4(),
        number=number,
        administration_id=uuid4(),
        debtor_id=uuid4(),
        item_id=uuid4(),
        invoice_number=f"2026-{number:05d}",
        reopen_count=0,
        step_key="reminder",
        phase="reminder",
        tone="friendly",
        text="reminder",
        channel="email",
        language="nl",
        planned_on=DAY,
        pay_by_on=None,
        total_cents=12_100,
        payment_reference="RF18000000000001",
    )


@contextmanager
def room_until(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def make_log(folder: Path) -> tuple[SendLog, Path]:
    log = SendLog(folder, host="hier")
    log.begin(now=NOW)
    return log, folder / "hier.log"


def test_lines_that_do_not_fit_are_not_written_at_all(tmp_path: Path) -> None:
    log, path = make_log(tmp_path)
    log.write_claimed([make_logged(1)], now=NOW)
    before = path.read_bytes()
    with room_until(len(before) + 700), pytest.raises(Refusal) as refused:
        log.write_claimed([make_logged(2), make_logged(3), make_logged(4)], now=NOW)
    assert str(path) in refused.value.because.nl
    assert path.read_bytes() == before
    log.write_claimed([make_logged(5)], now=NOW)
    assert [one.number for one in log.read_fates()[0].values()] == [1, 5]
    assert log.count_cut_lines() == 0


def test_a_line_after_a_cut_one_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    log, path = make_log(tmp_path)
    one, two = make_logged(1), make_logged(2)
    log.write_claimed([one], now=NOW)
    with path.open("ab") as file:  # the machine lost its power in the middle of a line
        file.write(b'["2026-03-19T09:00:00Z","settled","')
    log.write_claimed([two], now=NOW)
    log.write_begun(two.message_id, attempt=1, now=NOW)
    assert log.find_last_number() == 2
    assert log.read_attempts([(two.message_id, 1)]) == {(two.message_id, 1): "begun"}
    assert log.count_cut_lines() == 1


def test_what_an_older_log_wrote_behind_a_cut_line_is_read(tmp_path: Path) -> None:
    log, path = make_log(tmp_path)
    one = make_logged(1)
    log.write_claimed([one], now=NOW)
    with path.open("ab") as file:
        file.write(b'["2026-03-19T09:00:00Z","settled","0190')
        line = f'["2026-03-19T09:00:01Z","body","{one.message_id}",1]\n'
        file.write(line.encode())
    assert log.read_attempts([(one.message_id, 1)]) == {(one.message_id, 1): "begun"}
    assert log.read_fates()[1] == {one.message_id: "begun"}
    assert log.count_cut_lines() == 1


def test_a_small_file_that_does_not_fit_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "instance.seen"
    replace_file(path, "41\n")
    with room_until(1), pytest.raises(Refusal):
        replace_file(path, "42\n")
    assert [one.name for one in tmp_path.iterdir()] == ["instance.seen"]
    assert path.read_text() == "41\n"


@pytest.fixture(scope="module")
def lengths(database: None) -> tuple[int, int, int]:
    """How long the lines about one message are: claimed, begun, settled."""
    administration = make_books(1, sending_on=True)
    run_on(administration, DAY)
    with SmtpSink() as server, pointing_at(server):
        assert send_now(administration)["accepted"] == 1
    lines = find_log().read_bytes().splitlines(keepends=True)[-3:]
    claimed, begun, settled = (len(line) for line in lines)
    return claimed, begun, settled


def find_log() -> Path:
    (path,) = (settings.HOME / "send-log").glob("*.log")
    return path


def send_now(administration: UUID, *, minutes: int = 0) -> dict[str, int]:
    return send(administration, today=DAY, clock=lambda: at(DAY) + timedelta(minutes=minutes))


@pytest.mark.parametrize("what", ["claimed", "begun"])
def test_what_cannot_be_written_down_first_waits_and_goes_out_once(
    lengths: tuple[int, int, int], what: str
) -> None:
    administration = make_books(3, sending_on=True)
    run_on(administration, DAY)
    claimed, begun, _ = lengths
    fits = {"claimed": 2 * claimed + 9, "begun": 3 * claimed + begun // 2}[what]
    with SmtpSink() as server, pointing_at(server):
        with room_until(find_log().stat().st_size + fits), pytest.raises(Refusal) as refused:
            send_now(administration)
        assert "niet verstuurd" in refused.value.because.nl
        assert server.stored == []
        assert states(administration) == {"retry": 3}
        assert send_now(administration, minutes=6)["accepted"] == 3
        assert len({one.recipient for one in server.stored}) == len(server.stored) == 3
    assert states(administration) == {"accepted": 3}


def test_what_was_taken_counts_as_sent_also_where_the_log_cannot_say_so(
    lengths: tuple[int, int, int],
) -> None:
    administration = make_books(3, sending_on=True)
    run_on(administration, DAY)
    claimed, begun, settled = lengths
    fits = 3 * claimed + begun + settled // 2
    with SmtpSink() as server, pointing_at(server):
        with room_until(find_log().stat().st_size + fits), pytest.raises(Refusal):
            send_now(administration)
        assert len(server.stored) == 1
        assert states(administration) == {"accepted": 1, "retry": 2}
        assert send_now(administration, minutes=6)["accepted"] == 2
        assert len({one.recipient for one in server.stored}) == len(server.stored) == 3


def test_the_worker_says_it_in_a_sentence(
    lengths: tuple[int, int, int], caplog: pytest.LogCaptureFixture
) -> None:
    administration = make_books(1, sending_on=True)
    with caplog.at_level(logging.WARNING), room_until(1):
        send_waiting(f"{administration}")
    (told,) = caplog.records
    assert told.exc_info is None
    assert "kan niet worden" in told.getMessage()


def test_the_pages_and_the_doctor_say_that_the_disk_is_full(
    lengths: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    administration = make_books(1)
    client, address = sign_in(make_person(administration)), f"/{slug_of(administration)}/vandaag/"
    full = "De schijf van Tijdig is vol"
    assert full not in client.get(address).content.decode()
    assert find_finding("verzendlogboek").is_well
    monkeypatch.setattr("tijdig.messaging.delivering.LEAST_FREE_BYTES", 10**18)
    assert full in client.get(address).content.decode()
    assert not find_finding("verzendlogboek").is_well


def find_finding(what: str) -> Finding:
    (found,) = [one for one in examine() if one.what.nl == what]
    return found


def test_mail_that_waits_for_room_is_not_blamed_on_the_mail_server(
    lengths: tuple[int, int, int],
) -> None:
    administration = make_books(1, sending_on=True)
    run_on(administration, DAY)
    full = room_until(find_log().stat().st_size)
    with SmtpSink() as server, pointing_at(server), full, pytest.raises(Refusal):
        send_now(administration)
    with administration_scope(administration):
        assert count_retrying() == {}
    page = sign_in(make_person(administration)).get(f"/{slug_of(administration)}/berichten/")
    assert "het verzendlogboek kon niet worden geschreven" in page.content.decode()


def test_a_log_of_this_machine_has_no_cut_lines(lengths: tuple[int, int, int]) -> None:
    assert open_log().count_cut_lines() == 0


def test_the_last_number_is_that_of_all_lines_however_they_came(tmp_path: Path) -> None:
    log, path = make_log(tmp_path)
    log.write_claimed([make_logged(7)], now=NOW)
    assert log.find_last_number() == 7
    log.write_claimed([make_logged(3)], now=NOW)
    assert log.find_last_number() == 7
    log.write_claimed([make_logged(9)], now=NOW)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert log.find_last_number() == 7
    path.write_bytes(whole)
    assert log.find_last_number() == 9


def test_a_log_in_the_place_of_another_tells_its_own_last_number(tmp_path: Path) -> None:
    log, path = make_log(tmp_path)
    log.write_claimed([make_logged(number) for number in (1, 2, 8)], now=NOW)
    assert log.find_last_number() == 8
    before = path.read_bytes()
    path.unlink()
    log.begin(now=NOW)
    log.write_claimed([make_logged(number) for number in (1, 2, 3, 4)], now=NOW)
    assert log.find_last_number() == 4
    path.write_bytes(before)
    assert log.find_last_number() == 8


def test_what_was_read_of_a_log_is_not_read_again(tmp_path: Path) -> None:
    log, path = make_log(tmp_path)
    log.write_claimed([make_logged(5)], now=NOW)
    assert log.find_last_number() == 5
    path.write_bytes(path.read_bytes().replace(b'"number":5', b'"number":6'))
    log.write_claimed([make_logged(2)], now=NOW)
    assert log.find_last_number() == 5


def test_a_log_whose_end_begins_within_a_line_tells_its_last_number(tmp_path: Path) -> None:
    """Only the end of a long log is read, wherever that begins."""
    log, path = make_log(tmp_path / "one")
    log.write_claimed([make_logged(number) for number in range(1, 1_600)], now=NOW)
    content = path.read_bytes()
    first = content.index(b"\n", len(content) - 256 * 1024) + 1
    for cut in (1, 5, 12, 30):
        other = tmp_path / f"cut-{cut}" / "hier.log"
        other.parent.mkdir()
        room = 256 * 1024 - (len(content) - first - cut)
        other.write_bytes(content + b" " * (room - 1) + b"\n")
        assert SendLog(other.parent, host="hier").find_last_number() == 1_599
