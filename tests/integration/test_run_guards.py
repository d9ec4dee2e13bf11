"""The run waits for fresh facts, and asks first where it is out of the ordinary (P3, P13)."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import Listed, make_list, make_payment, run_on, take
from tests.integration.office import at, make_administration
from tests.integration.people import make_person, sign_in, slug_of
from tests.plugs.camt_samples import Statement, make_camt

from tijdig.core.problem import Refusal
from tijdig.dunning.actions import sending
from tijdig.dunning.actions.days import live_one_day, send
from tijdig.dunning.actions.halts import answer_halt
from tijdig.dunning.actions.run import preview, run
from tijdig.dunning.models import Call, Decision, Halt, Run
from tijdig.dunning.queries.alarms import find_open_halt
from tijdig.dunning.queries.freshness import describe_files
from tijdig.ledger.models import Debtor
from tijdig.messaging.models import Message
from tijdig.tenants.queries import list_administrations_to_run, load_administration
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

MONDAY = date(2026, 3, 2)
WEDNESDAY, DAY = date(2026, 3, 18), date(2026, 3, 19)
FRESH = {"bank_fresh_days": 1, "books_fresh_days": 5}
ASKS = {"asks_first": True}


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


def make_books(count: int = 1, *, sending_on: bool = True, **guards: object) -> UUID:
    """So many debtors with an invoice that is five days late on the day."""
    administration = make_administration(sending=sending_on, guards=guards)
    rows = [Listed(f"2026-{n:04d}", 12_100, debtor=f"{1001 + n}") for n in range(count)]
    take(administration, make_list(*rows), day=WEDNESDAY)
    return administration


def bring_statement(administration: UUID, *, until: date, day: date, text: str = "") -> None:
    payment = make_payment(12_100 if text else -7, text, on=until)
    statement = Statement(
        entries=(payment,), identification=f"{until}", from_on=until, until_on=until
    )
    take(administration, make_camt(statement), day=day)


def live(administration: UUID, day: date = DAY, *, minutes: int = 0) -> None:
    now = at(day) + timedelta(minutes=minutes)
    live_one_day(administration, today=day, now=now)


def states(administration: UUID) -> list[tuple[str, str]]:
    with administration_scope(administration):
        return list(Message.objects.order_by("id").values_list("state", "reason"))


def test_a_stale_bank_holds_the_run_and_the_file_lets_it_go_on(
    database: None, sink: SmtpSink
) -> None:
    administration = make_books(2, **FRESH)
    bring_statement(administration, until=date(2026, 3, 17), day=WEDNESDAY)
    for minutes in (0, 1, 2):
        live(administration, minutes=minutes)
    with administration_scope(administration):
        waiting = Run.objects.get()
        decisions = list(Decision.objects.values_list("reason", "because_nl", "next_look_on"))
    assert (waiting.ended_at, waiting.planned_count, waiting.held_count) == (None, 2, 2)
    assert [one["file"] for one in waiting.waits_for] == [
        "het bankafschrift van ABN AMRO NL..00 tot en met 18 maart 2026"
    ]
    assert len(decisions) == 2
    for reason, because, next_look_on in decisions:
        assert (reason, next_look_on) == ("waits_for_facts", DAY)
        assert "wacht op het bankafschrift van ABN AMRO NL..00 tot en met 18 maart" in because
    assert states(administration) == []
    assert administration in list_administrations_to_run(now=at(DAY))
    # It comes, and one of both has paid.
    bring_statement(administration, until=WEDNESDAY, day=DAY, text="2026-0001")
    live(administration, minutes=30)
    assert [one.recipient for one in sink.stored] == ["klant1001@example.nl"]
    with administration_scope(administration):
        done = Run.objects.get()
        assert (done.planned_count, done.held_count, done.released_count) == (1, 0, 1)
        assert (done.waits_for, done.ended_at is not None) == ([], True)


def test_a_run_that_waited_till_the_next_day_takes_one_step(database: None, sink: SmtpSink) -> None:
    administration = make_books(1, **FRESH)
    bring_statement(administration, until=date(2026, 3, 16), day=WEDNESDAY)
    live(administration)
    friday = DAY + timedelta(days=1)
    bring_statement(administration, until=DAY, day=friday)
    live(administration, friday)
    assert len(sink.stored) == 1
    with administration_scope(administration):
        assert Run.objects.filter(ended_at=None).count() == 0
        assert Run.objects.count() == 2


def test_without_a_bank_the_books_alone_are_judged(database: None, sink: SmtpSink) -> None:
    administration = make_books(1, **FRESH)
    live(administration)
    assert len(sink.stored) == 1
    later = date(2026, 4, 2)
    result = live_one_day(administration, today=later, now=at(later))
    assert result is not None
    assert [one.kind for one in result.missing] == ["books"]
    assert (result.planned, result.held, len(sink.stored)) == (1, 1, 1)


def test_stale_facts_do_not_release_what_waited(database: None, sink: SmtpSink) -> None:
    administration = make_books(1, **FRESH, undo_minutes=5)
    live(administration)
    bring_statement(administration, until=MONDAY, day=DAY)
    with administration_scope(administration):
        Debtor.objects.update(facts_version=99)
    send(administration, today=DAY, clock=lambda: at(DAY) + timedelta(minutes=6))
    assert sink.stored == []
    assert states(administration) == [("planned", "")]


def test_a_rehearsal_goes_on_and_shows_what_is_missing(database: None) -> None:
    administration = make_books(1, sending_on=False, **FRESH)
    bring_statement(administration, until=MONDAY, day=MONDAY)
    before = preview(administration, today=DAY)
    result = run_on(administration, DAY)
    assert before == result
    assert (result.planned, result.held) == (1, 1)
    assert [one["kind"] for one in describe_files(result.missing)] == ["bank"]
    assert states(administration) == [("held", "sending_off")]


def test_a_preview_says_that_the_run_would_ask_first(database: None) -> None:
    administration = make_books(3, **ASKS)
    before = preview(administration, today=DAY)
    assert before == run_on(administration, DAY)
    assert [one.code for one in before.alarms] == ["new_first"]
    assert (before.planned, before.held, before.released) == (3, 3, 0)
    again = preview(administration, today=DAY)
    assert again == run_on(administration, DAY)
    assert [one.code for one in again.alarms] == ["new_first"]


def test_the_first_run_asks_and_nothing_goes_before_the_answer(
    database: None, sink: SmtpSink
) -> None:
    administration = make_books(3, **ASKS)
    result = live_one_day(administration, today=DAY, now=at(DAY))
    assert result is not None
    assert [one.code for one in result.alarms] == ["new_first"]
    assert (result.planned, result.held, result.released) == (3, 3, 0)
    for minutes in (1, 2):
        send(administration, today=DAY, clock=lambda m=minutes: at(DAY) + timedelta(minutes=m))
    assert sink.stored == []
    assert states(administration) == [("held", "halted")] * 3
    with administration_scope(administration):
        halt = find_open_halt()
        assert halt is not None
        assert (halt.message_count, halt.reasons[0].nl) == (
            3,
            "Dit is de eerste run die echt verstuurt.",
        )
        answer_halt(send=True, today=DAY, now=at(DAY), actor="Sanne")
        with pytest.raises(Refusal, match="al beantwoord"):
            answer_halt(send=False, today=DAY, now=at(DAY), actor="Piet")
    send(administration, today=DAY, clock=lambda: at(DAY))
    assert len(sink.stored) == 3
    with administration_scope(administration):
        told = set(Event.objects.filter(subject_kind="halt").values_list("kind", "actor"))
        assert Halt.objects.values_list("answer", "answered_by").get() == ("send", "Sanne")
    assert told == {("run_halted", "tijdig"), ("run_sent_anyway", "Sanne")}
    # The same sources and texts: the next run is like any other.
    later = date(2026, 3, 30)
    again = live_one_day(administration, today=later, now=at(later))
    assert again is not None
    assert (again.because["call_due"], again.alarms) == (3, ())
    with administration_scope(administration):
        assert Call.objects.filter(state="open").count() == 3


def test_what_is_held_back_is_decided_anew_and_asked_again(database: None, sink: SmtpSink) -> None:
    administration = make_books(2, **ASKS)
    live(administration)
    with administration_scope(administration):
        answer_halt(send=False, today=DAY, now=at(DAY), actor="Sanne")
    assert states(administration) == [("cancelled", "held_back")] * 2
    friday = DAY + timedelta(days=1)
    result = live_one_day(administration, today=friday, now=at(friday))
    assert result is not None
    assert (result.held, [one.code for one in result.alarms]) == (2, ["new_first"])
    assert sink.stored == []


def test_who_pays_while_the_question_stands_gets_nothing(database: None, sink: SmtpSink) -> None:
    administration = make_books(2, **ASKS)
    live(administration)
    bring_statement(administration, until=DAY, day=DAY, text="2026-0000")
    with administration_scope(administration):
        answer_halt(send=True, today=DAY, now=at(DAY), actor="Sanne")
    send(administration, today=DAY, clock=lambda: at(DAY))
    assert [one.recipient for one in sink.stored] == ["klant1002@example.nl"]


def test_a_second_run_joins_the_question(database: None, sink: SmtpSink) -> None:
    administration = make_books(1, **ASKS)
    live(administration)
    more = Listed("2026-9999", 3_000_000, 3_000_000, debtor="2000")
    take(administration, make_list(Listed("2026-0000", 12_100), more), day=DAY)
    result = run(administration, today=DAY, now=at(DAY))
    assert (result.planned, result.held) == (1, 1)
    with administration_scope(administration):
        halt = find_open_halt()
        assert halt is not None
        assert halt.message_count == 2
        assert [one.nl for one in halt.reasons][-1] == (
            "Een bericht vraagt € 30.000,00. Uw grens is € 25.000,00."
        )
    assert sink.stored == []


def test_a_run_that_was_killed_before_it_was_judged_sends_nothing(
    database: None, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    administration = make_books(2, **ASKS)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tijdig.dunning.actions.run._finish", die)
        with pytest.raises(KeyboardInterrupt):
            live(administration)
    send(administration, today=DAY, clock=lambda: at(DAY))
    assert (sink.stored, states(administration)) == ([], [("held", "judging")] * 2)
    live(administration, minutes=1)
    assert (sink.stored, states(administration)) == ([], [("held", "halted")] * 2)


def test_turning_sending_off_and_on_drops_the_question(database: None, sink: SmtpSink) -> None:
    administration = make_books(1, **ASKS)
    live(administration)
    with administration_scope(administration):
        sending.turn_off(today=DAY, now=at(DAY), actor="Sanne")
        sending.turn_on(today=DAY, now=at(DAY), actor="Sanne")
        assert find_open_halt() is None
    assert states(administration) == [("cancelled", "rehearsal_over")]


def test_the_limits_are_set_on_a_page_of_their_own(database: None) -> None:
    administration = make_books(1)
    page = f"/{slug_of(administration)}/instellingen/bewaking/"
    owner = sign_in(make_person(administration))
    told = {
        "bank_fresh_days": "2",
        "books_fresh_days": "",
        "amount_limit": "1000,50",
        "undo_minutes": "10",
        "contact_from": "08:00",
        "contact_until": "18:30",
    }
    assert owner.post(page, told).status_code == 302
    with administration_scope(administration):
        kept = load_administration()
        assert (kept.bank_fresh_days, kept.books_fresh_days, kept.amount_limit_cents) == (
            2,
            None,
            100_050,
        )
        assert Event.objects.filter(kind="guards_changed").count() == 1
    wrong = owner.post(page, {**told, "contact_until": "07:00"})
    assert (wrong.status_code, "Kies een tijd na" in wrong.content.decode()) == (422, True)
    clerk = sign_in(make_person(administration, role="controller"))
    assert clerk.post(page, told).status_code == 403


def test_vandaag_says_what_the_run_waits_for_and_asks(database: None) -> None:
    administration = make_books(2, **ASKS)
    live(administration)
    client = sign_in(make_person(administration))
    page = client.get(f"/{slug_of(administration)}/vandaag/").content.decode()
    for words in ("Deze run is anders dan anders", "eerste run die echt verstuurt", "Klant 1001"):
        assert words in page
    with administration_scope(administration):
        halt = find_open_halt()
    assert halt is not None
    address = f"/{slug_of(administration)}/vandaag/vragen/{halt.id}/antwoord/"
    done = client.post(address, {"answer": "hold_back"}, follow=True).content.decode()
    assert "2 berichten zijn tegengehouden." in done
    assert "Deze vraag is al beantwoord" in (
        client.post(address, {"answer": "send"}, follow=True).content.decode()
    )
    assert states(administration) == [("cancelled", "held_back")] * 2
