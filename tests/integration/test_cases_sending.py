"""A stop between plan and claim: the real mail server gets nothing, whatever the kind of stop."""

from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from tests.integration.case_office import CASES, REMIND_ON, make_office, open_plan
from tests.integration.mail import mail_sink
from tests.integration.office import at

from tijdig.dunning.actions.days import live_one_day, send
from tijdig.dunning.actions.run import run
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope


def states(administration: UUID) -> list[tuple[str, str]]:
    with administration_scope(administration):
        return list(Message.objects.order_by("id").values_list("step_key", "state"))


@pytest.mark.parametrize("kind", sorted(CASES))
def test_a_stop_between_plan_and_claim_keeps_the_mail_in(database: None, kind: str) -> None:
    administration = make_office()
    run(administration, today=REMIND_ON, now=at(REMIND_ON))
    assert states(administration) == [("reminder", "released")]
    with administration_scope(administration):
        one = CASES[kind].open(REMIND_ON)
    with mail_sink() as sink:
        send(administration, today=REMIND_ON, clock=lambda: at(REMIND_ON))
        assert (sink.stored, states(administration)) == ([], [("reminder", "cancelled")])
        with administration_scope(administration):
            CASES[kind].close(one, date(2026, 3, 20))
        live_one_day(administration, today=date(2026, 3, 20), now=at(date(2026, 3, 20)))
        assert len(sink.stored) == 1
    assert states(administration) == [("reminder", "cancelled"), ("reminder", "accepted")]


def test_a_plan_between_plan_and_claim_sends_its_confirmation_instead(database: None) -> None:
    administration = make_office()
    run(administration, today=REMIND_ON, now=at(REMIND_ON))
    with administration_scope(administration):
        open_plan(REMIND_ON)
    with mail_sink() as sink:
        for n in range(2):
            day = REMIND_ON + timedelta(days=n)
            live_one_day(administration, today=day, now=at(day))
        (stored,) = sink.stored
    mail = message_from_bytes(stored[2], policy=default)
    body = mail.get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().split())
    assert "betalingsregeling" in mail["Subject"]
    for term in ("1 mei 2026: € 40,33", "1 juni 2026: € 40,33", "1 juli 2026: € 40,34"):
        assert term in text
    assert "Het kost u niets extra." in text
