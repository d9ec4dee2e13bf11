"""Why nothing happens: every reason reached once, with the sentence that people read."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.core.debtor_facts import (
    FRIDAY,
    SAID,
    make_contact,
    make_credit,
    make_facts,
    make_invoice,
    make_plan,
)

from tijdig.core.direct_debits.planned import PlannedCollection
from tijdig.core.dunning import decide
from tijdig.core.facts import DebtorFacts, Stop
from tijdig.core.freshness import WAITS_FOR_FACTS
from tijdig.core.notices import NoticeKind, PastNotice
from tijdig.core.policy import DEFAULT_POLICY, Policy
from tijdig.core.reasons import REASONS, STOP_PREFIX, describe_reason


def march(day: int) -> date:
    return date(2026, 3, day)


def april(day: int) -> date:
    return date(2026, 4, day)


INVOICE = make_invoice("20260412")
REMINDED = make_contact("reminder", march(18), item="20260412", pay_by_on=march(23))
CALLED = make_contact("call", march(27), "call_done", item="20260412")
DEMANDED = make_contact("last_demand", april(13), item="20260412", pay_by_on=april(27))

CONSUMER = {"kind": "consumer", "contacts": (REMINDED, CALLED)}
WARNED = make_contact("veertiendagenbrief", april(3), item="20260412", pay_by_on=april(24))


def make_notice(kind: NoticeKind, sent_on: date, last_day: date, **more: object) -> PastNotice:
    """A notice about the invoice, received two days after it was sent."""
    told = {
        "message_id": UUID(int=1),
        "amount_cents": 12_100,
        "sent_on": sent_on,
        "received_on": sent_on + timedelta(days=2),
        "last_day": last_day,
        **more,
    }
    return PastNotice(kind, INVOICE.item_id, **told)  # type: ignore[arg-type]


PUT_IN_DEFAULT = make_notice("ingebrekestelling", march(18), march(25))
LETTER = make_notice("veertiendagenbrief", april(3), april(24))

COLLECTION = PlannedCollection(
    INVOICE.item_id,
    march(19),
    12_100,
    "core",
    "M-1001",
    "NL79ZZZ999999990000",
    "NL91ABNA0417164300",
)

# reason, facts, today, next look, sentence
CASES: list[tuple[str, DebtorFacts, date, date | None, str]] = [
    (
        "notice_due",
        make_facts(INVOICE),
        march(10),
        march(11),
        "Bericht vooraf per e-mail: factuur 20260412 (€ 121,00) vervalt op 13 maart 2026.",
    ),
    (
        "reminder_due",
        make_facts(INVOICE, email=""),
        march(18),
        march(19),
        "Herinnering per brief: factuur 20260412 (€ 121,00) is 5 dagen te laat.",
    ),
    (
        "call_due",
        make_facts(INVOICE, contacts=(REMINDED,)),
        march(27),
        march(30),
        "Telefoontje: factuur 20260412 (€ 121,00) is 14 dagen te laat.",
    ),
    (
        "last_demand_due",
        make_facts(INVOICE, contacts=(REMINDED, CALLED)),
        april(13),
        april(14),
        "Laatste aanmaning per e-mail: factuur 20260412 (€ 121,00) is 31 dagen te laat.",
    ),
    (
        "veertiendagenbrief_due",
        make_facts(INVOICE, notices=(PUT_IN_DEFAULT,), **CONSUMER),
        # Day 21 is Good Friday.
        april(7),
        april(8),
        (
            "Veertiendagenbrief per brief: factuur 20260412 (€ 121,00) is 25 dagen te laat."
            " Na 28 april 2026 komt er € 40,00 aan incassokosten bij."
        ),
    ),
    (
        "not_in_default",
        make_facts(
            INVOICE,
            kind="consumer",
            contacts=(REMINDED, CALLED, make_contact("reminder_again", april(3), item="20260412")),
        ),
        april(20),
        None,
        (
            "Niets gedaan: de veertiendagenbrief voor factuur 20260412 kan nog niet. Nog geen"
            " verzuim: de termijn is niet afgesproken, alleen op de factuur gezet. Stuur eerst een"
            " ingebrekestelling met een redelijke termijn (BW 6:82)."
        ),
    ),
    (
        "bank_not_read",
        make_facts(
            INVOICE,
            kind="consumer",
            contacts=(REMINDED, CALLED, WARNED),
            notices=(PUT_IN_DEFAULT, replace(LETTER, is_bank_read=False)),
        ),
        april(28),
        april(29),
        (
            "Niets gedaan: de veertiendagenbrief liep tot en met 24 april 2026, en de betalingen"
            " tot en met die dag zijn nog niet allemaal binnen. Lees eerst de bankafschriften in,"
            " vanaf de dag na ontvangst, van de rekening in de brief."
        ),
    ),
    ("nothing_open", make_facts(), march(10), None, "Niets gedaan: er staat niets open."),
    (
        "net_nothing_open",
        make_facts(INVOICE, make_credit(cents=-15000)),
        march(18),
        None,
        (
            "Niets gedaan: er staat € 121,00 open en daar gaat € 150,00 aan creditnota's en"
            " ontvangen geld vanaf."
        ),
    ),
    (
        "no_invoice_open",
        make_facts(replace(INVOICE, kind="claim")),
        march(18),
        None,
        "Niets gedaan: er staat geen factuur open, alleen € 121,00 aan andere posten.",
    ),
    (
        "direct_debit",
        make_facts(replace(INVOICE, by_direct_debit=True)),
        march(27),
        march(28),
        (
            "Niets gedaan: factuur 20260412 wordt automatisch geïncasseerd; is hij op 28 maart 2026"
            " nog niet betaald, dan telt hij mee."
        ),
    ),
    (
        "stop_promise",
        make_facts(INVOICE, stops=(Stop("promise", SAID, until_on=march(20)),)),
        march(18),
        march(21),
        SAID.nl,
    ),
    (
        "in_doubt_waits",
        make_facts(INVOICE, contacts=(replace(DEMANDED, state="in_doubt"),)),
        april(29),
        None,
        (
            "Niets gedaan: het is niet zeker dat de laatste aanmaning van 13 april 2026 is"
            " verstuurd. Kijk dit eerst na."
        ),
    ),
    (
        "message_waiting",
        make_facts(INVOICE, contacts=(replace(REMINDED, state="waiting"),)),
        march(20),
        march(23),
        "Niets gedaan: er staat al een bericht van 18 maart 2026 klaar om te versturen.",
    ),
    (
        "call_open",
        make_facts(INVOICE, contacts=(replace(CALLED, state="call_open"),)),
        march(30),
        april(7),
        (
            "Niets gedaan: het telefoontje van 27 maart 2026 staat nog open; op 7 april 2026"
            " gaan we zonder verder."
        ),
    ),
    (
        "not_due_yet",
        make_facts(INVOICE),
        march(1),
        march(10),
        (
            "Niets gedaan: de oudste open factuur 20260412 vervalt op 13 maart 2026; de eerste stap"
            " is op 10 maart 2026."
        ),
    ),
    (
        "between_steps",
        make_facts(INVOICE, contacts=(REMINDED, CALLED)),
        april(6),
        april(13),
        (
            "Niets gedaan: factuur 20260412 is 24 dagen te laat; de volgende stap (laatste"
            " aanmaning) is op 13 april 2026."
        ),
    ),
    (
        "min_gap",
        make_facts(INVOICE, contacts=(REMINDED, replace(CALLED, on=april(9)))),
        april(10),
        april(16),
        (
            "Niets gedaan: het laatste contact is van 9 april 2026. Er zitten minstens 7 dagen"
            " tussen; de volgende stap is op 16 april 2026."
        ),
    ),
    (
        "term_running",
        # The term ends on the Saturday before Easter, so it outlasts the gap of a week.
        make_facts(INVOICE, contacts=(replace(REMINDED, on=march(30), pay_by_on=april(4)),)),
        april(2),
        april(7),
        (
            "Niets gedaan: de debiteur kreeg tijd tot en met 4 april 2026 en een betaling van die"
            " dag zien we op de eerste werkdag erna; de volgende stap is op 7 april 2026."
        ),
    ),
    (
        "not_a_working_day",
        make_facts(INVOICE),
        march(21),
        march(23),
        (
            "Niets gedaan: 21 maart 2026 is geen werkdag; de stap (herinnering) voor factuur"
            " 20260412 is op 23 maart 2026."
        ),
    ),
    (
        "no_address",
        make_facts(INVOICE, email_failed=True, has_postal_address=False),
        march(18),
        None,
        (
            "Niets gedaan: de stap (herinnering) kan niet, want e-mail naar het bekende adres kwam"
            " terug en er is geen postadres bekend."
        ),
    ),
    (
        "below_minimum",
        make_facts(make_invoice("1", cents=499), make_invoice("2", march(20), 100)),
        march(18),
        march(21),
        "Niets gedaan: het gaat om € 4,99, minder dan het minimum van € 5,00.",
    ),
    (
        "after_last_demand",
        make_facts(INVOICE, contacts=(DEMANDED,)),
        april(27),
        april(28),
        "Niets gedaan: de laatste termijn voor factuur 20260412 loopt tot en met 27 april 2026.",
    ),
    (
        "after_last_demand",
        make_facts(INVOICE, contacts=(DEMANDED,)),
        april(28),
        None,
        (
            "Niets gedaan: de laatste termijn voor factuur 20260412 is na 27 april 2026 verlopen."
            " Beslis wat er nu gebeurt."
        ),
    ),
    (
        "after_last_demand",
        make_facts(INVOICE, contacts=(replace(DEMANDED, pay_by_on=None),)),
        april(29),
        None,
        (
            "Niets gedaan: de laatste stap voor factuur 20260412 was op 13 april 2026."
            " Beslis wat er nu gebeurt."
        ),
    ),
    (
        "plan_due",
        make_facts(INVOICE, plans=(make_plan(INVOICE, agreed_on=april(1), first_on=april(30)),)),
        april(1),
        april(2),
        "Bevestiging van de regeling over € 121,00; de eerste termijn vervalt op 30 april 2026.",
    ),
    (
        "stop_plan",
        make_facts(INVOICE, plans=(make_plan(INVOICE, agreed_on=april(1), first_on=april(30)),)),
        april(4),
        april(7),
        "Niets gedaan: de regeling loopt. Termijn 1 van € 60,50 vervalt op 30 april 2026.",
    ),
    (
        "debit_due",
        replace(make_facts(INVOICE), collections=(COLLECTION,)),
        march(5),
        march(6),
        "Aankondiging: op 19 maart 2026 incasseren wij € 121,00.",
    ),
]


@pytest.mark.parametrize(
    ("reason", "facts", "today", "next_look_on", "nl"),
    CASES,
    ids=[f"{case[0]}-{case[2]}" for case in CASES],
)
def test_gives_the_reason_the_sentence_and_the_next_look(
    reason: str, facts: DebtorFacts, today: date, next_look_on: date | None, nl: str
) -> None:
    decision = decide(facts, DEFAULT_POLICY, today=today)
    assert (decision.reason, decision.next_look_on) == (reason, next_look_on)
    assert decision.because.nl == nl
    assert decision.because.en not in ("", nl)


def test_every_reason_is_listed_and_reached() -> None:
    reached = {STOP_PREFIX if case[0].startswith(STOP_PREFIX) else case[0] for case in CASES}
    # Some are reached elsewhere: see test_freshness, test_case_messages and test_unposted.
    assert reached | {WAITS_FOR_FACTS, "case_due", "not_posted"} == set(REASONS)


def test_a_reason_explains_itself() -> None:
    assert describe_reason("stop_dispute") == REASONS[STOP_PREFIX]
    assert describe_reason("min_gap") == REASONS["min_gap"]
    assert describe_reason("from_an_older_version").nl == "from_an_older_version"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        # The real reason is told on a Sunday too.
        (make_facts(INVOICE), "not_due_yet"),
        (make_facts(INVOICE, stops=(Stop("hold", SAID),)), "stop_hold"),
        (make_facts(make_invoice(due_on=march(1), cents=499)), "below_minimum"),
        (make_facts(make_invoice(due_on=march(1)), email_failed=True), "not_a_working_day"),
        (
            make_facts(make_invoice(due_on=march(1)), email="", has_postal_address=False),
            "no_address",
        ),
    ],
)
def test_a_sunday_is_the_reason_only_when_something_would_go_out(
    facts: DebtorFacts, reason: str
) -> None:
    assert decide(facts, DEFAULT_POLICY, today=march(8)).reason == reason


def test_a_message_in_doubt_holds_only_when_it_has_legal_effect() -> None:
    reminder = make_facts(INVOICE, contacts=(replace(REMINDED, state="in_doubt"),))
    assert decide(reminder, DEFAULT_POLICY, today=march(27)).reason == "call_due"
    unknown = make_facts(INVOICE, contacts=(replace(REMINDED, step_key="x", state="in_doubt"),))
    assert decide(unknown, DEFAULT_POLICY, today=march(27)).reason == "in_doubt_waits"


def test_a_policy_without_steps_does_nothing() -> None:
    decision = decide(make_facts(INVOICE), Policy("Leeg", 1, ()), today=march(18))
    assert decision.reason == "after_last_demand"
    assert decision.because.nl == "Niets gedaan: het beleid heeft geen stap voor factuur 20260412."


@pytest.mark.parametrize("late", [1, 2])
def test_one_day_is_one_day(late: int) -> None:
    first = replace(DEFAULT_POLICY.steps[1], offset_days=late)
    policy = replace(DEFAULT_POLICY, steps=(first,))
    decision = decide(make_facts(make_invoice(due_on=march(9))), policy, today=march(9 + late))
    said = {1: "is 1 dag te laat", 2: "is 2 dagen te laat"}[late]
    assert said in decision.because.nl


def test_a_step_without_a_usable_channel_says_so() -> None:
    silent = replace(DEFAULT_POLICY.steps[1], channels=("phone",))
    policy = replace(DEFAULT_POLICY, steps=(silent,))
    decision = decide(make_facts(INVOICE), policy, today=FRIDAY.replace(day=18))
    assert decision.reason == "no_address"
    assert decision.because.nl == (
        "Niets gedaan: de stap (herinnering) kan niet, want er is geen kanaal voor deze stap."
    )
