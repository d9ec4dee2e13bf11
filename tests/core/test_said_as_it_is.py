"""What a stop says of its deadline, and a message of why it waits, is so on the day itself."""

from datetime import date

import pytest
from tests.core.debtor_facts import FRIDAY, make_contact, make_facts, make_invoice

from tijdig.core.disputes import make_dispute_stop
from tijdig.core.dunning import decide
from tijdig.core.facts import FOR_CREDITOR
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.stops import make_outcome_stop, make_reply_stop
from tijdig.core.unpaid import ReasonTold, make_reason_stops

BY = date(2026, 3, 31)
AFTER = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (BY, "Sanne antwoordt uiterlijk op 31 maart 2026."),
        (AFTER, "Sanne had uiterlijk op 31 maart 2026 moeten antwoorden."),
    ],
)
def test_a_dispute_past_its_deadline_says_so(today: date, said: str) -> None:
    stop = make_dispute_stop("1", 12_100, "price", owner="Sanne", deadline_on=BY, today=today)
    assert stop.because.nl.endswith(said)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (BY, "Sanne doet dat uiterlijk op 31 maart 2026."),
        (AFTER, "Sanne had dat uiterlijk op 31 maart 2026 moeten doen."),
    ],
)
def test_a_reply_past_its_deadline_says_so(today: date, said: str) -> None:
    stop = make_reply_stop(received_on=FRIDAY, owner="Sanne", deadline_on=BY, today=today)
    assert stop.because.nl.endswith(said)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("not_received", "Sanne had daar uiterlijk op 31 maart 2026 voor moeten zorgen."),
        ("cannot_pay", "Sanne had dat uiterlijk op 31 maart 2026 moeten doen."),
    ],
)
def test_a_reason_past_its_deadline_says_so(kind: str, said: str) -> None:
    told = ReasonTold(kind, FRIDAY, deadline_on=BY, owner="Sanne", key="case-1")
    assert said not in make_reason_stops(told, today=BY)[-1].because.nl
    assert make_reason_stops(told, today=AFTER)[-1].because.nl.endswith(said)


@pytest.mark.parametrize(
    ("held_for", "said"),
    [
        ("", "er staat al een bericht van 18 maart 2026 klaar om te versturen."),
        ("taken_back", "iemand hield het bericht van 18 maart 2026 tegen."),
        ("cannot_be_written", "het bericht van 18 maart 2026 wacht op iemand."),
        (FOR_CREDITOR, "wacht tot iemand van de schuldeiser zelf"),
    ],
)
def test_a_message_that_is_held_is_not_ready_to_go(held_for: str, said: str) -> None:
    contact = make_contact("reminder", FRIDAY.replace(day=18), "waiting", held_for=held_for)
    facts = make_facts(make_invoice(), contacts=(contact,))
    decision = decide(facts, DEFAULT_POLICY, today=FRIDAY.replace(day=20))
    assert decision.reason == "message_waiting"
    assert said in decision.because.nl


def test_what_is_credited_after_the_last_demand_may_have_come_in_part() -> None:
    stop = make_outcome_stop("credit", decided_by="Sanne", until_on=None)
    assert stop.because.nl == (
        "Niets gedaan: Sanne crediteert dit; wat nog openstaat, is nog niet gecrediteerd."
    )
