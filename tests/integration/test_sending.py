"""From an invoice to a mailbox: a real SMTP server holds exactly what the run announced."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in

from tijdig.dunning.actions import sending
from tijdig.dunning.actions.days import live_one_day, send
from tijdig.dunning.actions.run import run
from tijdig.dunning.queries.pages import list_runs
from tijdig.dunning.queries.why import explain_day
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 19)


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    from django.test import override_settings

    with (
        SmtpSink() as server,
        override_settings(
            SMTP_HOST="127.0.0.1", SMTP_PORT=server.port, SMTP_SECURITY="none", SMTP_USERNAME=""
        ),
    ):
        yield server


def states(administration: UUID) -> list[tuple[str, str]]:
    with administration_scope(administration):
        return list(Message.objects.order_by("id").values_list("step_key", "state"))


def test_the_mail_server_holds_what_the_run_announced(database: None, sink: SmtpSink) -> None:
    administration = make_administration(sending=True)
    for number in range(3):
        debtor = make_debtor(f"100{number}", email=f"klant{number}@example.nl", name=f"K{number}")
        take_in(administration, make_record(f"2026-10{number}", debtor=debtor))
    result = run(administration, today=DAY, now=at(DAY))
    assert (result.planned, result.released, result.held) == (3, 3, 0)
    counts = send(administration, today=DAY, clock=lambda: at(DAY))
    assert counts["accepted"] == 3
    assert sorted(recipient for _, recipient, _ in sink.stored) == [
        "klant0@example.nl",
        "klant1@example.nl",
        "klant2@example.nl",
    ]
    mail = message_from_bytes(sink.stored[0][2], policy=default)
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    for wanted in ("2026-10", "€ 121,00", "14 maart 2026", "NL91 ABNA 0417 1643 00", "RF"):
        assert wanted in text
    live_one_day(administration, today=DAY, now=at(DAY))
    assert len(sink.stored) == 3


def test_who_pays_between_plan_and_claim_gets_nothing(database: None, sink: SmtpSink) -> None:
    administration = make_administration(sending=True)
    take_in(administration, make_record(), full_list=True, source_key="lijst")
    run(administration, today=DAY, now=at(DAY))
    assert states(administration) == [("reminder", "released")]
    other = make_record("2026-0999", due_on=date(2026, 9, 1), debtor=make_debtor("2000"))
    take_in(administration, other, today=DAY, full_list=True, source_key="lijst")
    send(administration, today=DAY, clock=lambda: at(DAY))
    assert sink.stored == []
    assert states(administration) == [("reminder", "cancelled")]


def test_turning_sending_on_decides_anew_on_what_truly_went_out(
    database: None, sink: SmtpSink
) -> None:
    administration = make_administration()
    take_in(administration, make_record(due_on=date(2026, 2, 2)))
    for day in (date(2026, 3, 2), date(2026, 3, 20)):
        run(administration, today=day, now=at(day))
    with administration_scope(administration):
        sending.turn_on(today=DAY, now=at(DAY), actor="test")
    later = date(2026, 3, 23)
    live_one_day(administration, today=later, now=at(later))
    assert states(administration) == [("reminder", "cancelled"), ("reminder", "accepted")]
    assert len(sink.stored) == 1


def test_what_was_rehearsed_of_a_later_day_stands_in_nobodys_way(
    database: None, sink: SmtpSink
) -> None:
    administration = make_administration()
    take_in(administration, make_record(due_on=date(2026, 2, 2)))
    run(administration, today=date(2031, 1, 2), now=at(DAY))
    with administration_scope(administration):
        sending.turn_on(today=DAY, now=at(DAY), actor="test")
    later = date(2026, 3, 23)
    live_one_day(administration, today=later, now=at(later))
    assert len(sink.stored) == 1
    with administration_scope(administration):
        assert [one.on for one in list_runs(limit=5)] == [later]
        why = explain_day("1001", on=later)
        assert why is not None
        assert (why.decided_on, why.outcome) == (later, "message")


def test_nothing_goes_out_while_sending_is_off(administration: UUID, sink: SmtpSink) -> None:
    take_in(administration, make_record())
    run(administration, today=DAY, now=at(DAY))
    counts = send(administration, today=DAY, clock=lambda: at(DAY))
    assert (counts["accepted"], counts["held"], sink.stored) == (0, 1, [])


@pytest.mark.parametrize("is_late", [False, True], ids=["in time", "after its term"])
def test_the_notice_names_a_discount_within_its_term(
    database: None, sink: SmtpSink, *, is_late: bool
) -> None:
    """Three days before the due date; after its term the discount is not spoken of."""
    administration = make_administration(sending=True)
    until = date(2026, 3, 10) if is_late else date(2026, 3, 13)
    record = replace(make_record(), discount_cents=242, discount_until=until)
    take_in(administration, record, make_record("2026-0413"))
    day = date(2026, 3, 11)
    run(administration, today=day, now=at(day))
    send(administration, today=day, clock=lambda: at(day))
    ((_, _, stored),) = sink.stored
    body = message_from_bytes(stored, policy=default).get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().split())
    told = (
        "Betaalt u factuur 2026-0412 uiterlijk op 13 maart 2026? Dan mag u € 2,42 korting "
        "aftrekken. U betaalt dan € 118,58."
    )
    assert (told in text, "korting" in text) == (not is_late, not is_late)
    assert "€ 242,00" in text
