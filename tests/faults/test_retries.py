"""Retries by the class of the answer, servers in trouble, and mail that waits for days (B1-B3)."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import Mode, SmtpSink
from tests.faults.test_concurrency import make_books, pointing_at, states
from tests.integration.books import make_payment, make_statement, run_on, take
from tests.integration.office import at

from tijdig.core.problem import Sentence
from tijdig.dunning.actions.days import live_one_day, send
from tijdig.messaging.channels.envelope import Outcome
from tijdig.messaging.models import Message
from tijdig.messaging.retries import find_delay, is_server_trouble
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 19)
NOT_NOW = Sentence("Nu niet.", "Not now.")


def outcome(code: int | None, *, about_us: bool = False) -> Outcome:
    return Outcome("retry", NOT_NOW, code, is_about_us=about_us)


def delays(told: Outcome, attempts: Sequence[int]) -> list[int | None]:
    return [find_delay(told, attempt=attempt) for attempt in attempts]


@pytest.mark.parametrize("code", [450, 451, 452])
def test_what_is_about_a_message_is_given_up_in_the_end(code: int) -> None:
    assert delays(outcome(code), range(1, 9)) == [5, 15, 60, 240, 480, 720, 1440, None]


@pytest.mark.parametrize("code", [None, 421, 432, 454, 530, 535])
def test_what_is_about_the_server_is_never_given_up(code: int | None) -> None:
    assert delays(outcome(code), [1, 2, 3, 4, 5, 50]) == [5, 10, 20, 40, 60, 60]
    assert is_server_trouble(outcome(code))


def test_an_answer_that_is_no_retry_is_no_trouble() -> None:
    assert not is_server_trouble(Outcome("failed", NOT_NOW, 554))
    assert not is_server_trouble(Outcome("in_doubt", NOT_NOW))
    assert is_server_trouble(outcome(550, about_us=True))


def send_at(administration: UUID, day: date, *, minutes: int = 0) -> dict[str, int]:
    return send(administration, today=day, clock=lambda: at(day) + timedelta(minutes=minutes))


@pytest.mark.parametrize("mode", ["banner_421", "banner_554", "mail_550", "mail_530"])
def test_a_server_in_trouble_is_asked_once_and_all_wait(database: None, mode: Mode) -> None:
    administration = make_books(6, sending_on=True)
    run_on(administration, DAY)
    with SmtpSink(mode) as server, pointing_at(server):
        assert send_at(administration, DAY)["retry"] == 6
        assert server.connections == 1
    assert states(administration) == {"retry": 6}
    with SmtpSink() as server, pointing_at(server):
        assert send_at(administration, DAY, minutes=4)["accepted"] == 0
        assert send_at(administration, DAY, minutes=6)["accepted"] == 6
        assert len({one.recipient for one in server.stored}) == len(server.stored) == 6


def test_greylisting_of_one_does_not_hold_up_the_others(database: None) -> None:
    administration = make_books(3, sending_on=True)
    run_on(administration, DAY)
    with SmtpSink("rcpt_450", "normal") as server, pointing_at(server):
        counts = send_at(administration, DAY)
        assert (counts["accepted"], counts["retry"]) == (2, 1)
        assert send_at(administration, DAY, minutes=6)["accepted"] == 1


def test_every_third_mail_421_and_all_arrive_once(database: None) -> None:
    administration = make_books(7, sending_on=True)
    run_on(administration, DAY)
    modes: list[Mode] = ["normal", "normal", "dot_421"] * 3 + ["normal"]
    with SmtpSink(*modes) as server, pointing_at(server):
        for minutes in range(0, 60, 12):
            send_at(administration, DAY, minutes=minutes)
        assert len({one.recipient for one in server.stored}) == len(server.stored) == 7
    assert states(administration) == {"accepted": 7}


def test_down_for_three_days_the_paid_get_nothing_and_terms_are_whole(database: None) -> None:
    administration = make_books(3, sending_on=True)
    with SmtpSink("banner_421") as server, pointing_at(server):
        for days in (0, 1):
            live_one_day(
                administration, today=DAY + timedelta(days=days), now=at(DAY + timedelta(days=days))
            )
    monday = date(2026, 3, 23)
    take(administration, make_statement(make_payment(12_100, "2026-00000", on=DAY)), day=monday)
    with SmtpSink() as server, pointing_at(server):
        live_one_day(administration, today=monday, now=at(monday))
        send_at(administration, monday, minutes=10)
        got = sorted(one.recipient for one in server.stored)
    assert got == ["klant10001@example.nl", "klant10002@example.nl"]
    with administration_scope(administration):
        terms = set(Message.objects.filter(state="accepted").values_list("pay_by_on", flat=True))
    assert terms == {monday + timedelta(days=7)}
