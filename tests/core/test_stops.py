"""Stops and what is set aside, as stories: what stops, what goes on, and when it comes back."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from tests.core.debtor_facts import (
    FRIDAY,
    SAID,
    days_of,
    make_contact,
    make_facts,
    make_invoice,
    run_daily,
)

from tijdig.core.disputes import (
    CATEGORIES,
    compute_deadline,
    make_dispute_stop,
    set_aside_disputed,
)
from tijdig.core.dunning import decide, forecast
from tijdig.core.facts import SetAside, Stop
from tijdig.core.flags import FLAGS, make_flag_stop, make_over_stop
from tijdig.core.own_side import make_payment_doubt
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.problem import Refusal, Sentence
from tijdig.core.promises import (
    check_promise,
    compute_kept_percent,
    judge_promise,
    make_promise_stop,
)
from tijdig.core.protection import INSOLVENCY
from tijdig.core.stops import (
    make_hold_stop,
    make_outcome_stop,
    make_reply_stop,
    refuse_beyond_a_year,
)
from tijdig.core.unpaid import UNPAID_REASONS, ReasonTold, make_reason_stops

TODAY = date(2026, 3, 18)
INVOICE = make_invoice(due_on=FRIDAY)


def dispute(category: str, cents: int = 5_000) -> SetAside:
    stop = make_dispute_stop(
        "1", cents, category, owner="Sanne", deadline_on=compute_deadline(category, today=TODAY)
    )
    return set_aside_disputed(stop, category, cents)


def test_only_the_disputed_part_rests() -> None:
    facts = make_facts(replace(INVOICE, set_asides=(dispute("price"),)))
    decision = decide(facts, DEFAULT_POLICY, today=TODAY)
    assert (decision.reason, decision.total_cents) == ("reminder_due", 7_100)


def test_a_dispute_about_all_of_it_stops_until_somebody_answers() -> None:
    facts = make_facts(replace(INVOICE, set_asides=(dispute("not_ordered"),)))
    decision = decide(facts, DEFAULT_POLICY, today=TODAY)
    assert (decision.reason, decision.next_look_on) == ("stop_dispute", None)
    assert decision.because.nl == (
        "Niets gedaan: factuur 1 is betwist voor € 50,00 (niet besteld). "
        "Sanne antwoordt uiterlijk op 1 april 2026."
    )


def test_another_invoice_goes_on_beside_a_disputed_one() -> None:
    resting = replace(INVOICE, set_asides=(dispute("not_ordered"),))
    other = make_invoice("2", due_on=date(2026, 3, 14), cents=4_000)
    decision = decide(make_facts(resting, other), DEFAULT_POLICY, today=date(2026, 3, 19))
    assert decision.listed == ((other.item_id, 4_000),)


def test_every_category_says_what_it_pauses_and_how_long_an_answer_takes() -> None:
    assert {rule.pauses for rule in CATEGORIES.values()} == {"part", "invoice", "debtor"}
    assert compute_deadline("wrong_details", today=TODAY) == date(2026, 3, 25)


def test_an_invoice_that_was_set_aside_comes_back_on_the_day_after() -> None:
    stop = Stop("promise", SAID, until_on=date(2026, 3, 24))
    resting = replace(INVOICE, set_asides=(SetAside(stop),))
    other = make_invoice("2", due_on=date(2026, 6, 1))
    decision = decide(make_facts(resting, other), DEFAULT_POLICY, today=TODAY)
    assert (decision.outcome, decision.next_look_on) == ("nothing", date(2026, 3, 25))
    assert days_of(run_daily(make_facts(resting, other), TODAY, 10)) == [
        (date(2026, 3, 25), "reminder_due")
    ]


def test_a_promise_holds_until_the_second_working_day_after_it() -> None:
    facts = make_facts(INVOICE, stops=(make_promise_stop(12_100, date(2026, 3, 20)),))
    assert days_of(run_daily(facts, TODAY, 10)) == [(date(2026, 3, 25), "reminder_due")]


@pytest.mark.parametrize(
    ("received", "left", "waits", "today", "state"),
    [
        (0, 5_000, False, date(2026, 3, 24), "open"),
        (0, 5_000, False, date(2026, 3, 25), "broken"),
        (4_999, 1, False, date(2026, 3, 25), "broken"),
        (0, 5_000, True, date(2026, 3, 25), "open"),
        (5_000, 0, False, date(2026, 3, 19), "kept"),
        (6_000, 9_000, True, date(2026, 3, 30), "kept"),
        (4_000, 0, False, date(2026, 3, 25), "kept"),
        (4_000, -100, False, date(2026, 3, 19), "kept"),
    ],
)
def test_a_promise_is_kept_or_broken(
    received: int, left: int, waits: bool, today: date, state: str
) -> None:
    money = {"received_cents": received, "left_cents": left, "money_waits": waits}
    assert judge_promise(5_000, date(2026, 3, 20), **money, today=today) == state


@pytest.mark.parametrize(
    ("cents", "on"),
    [(0, TODAY), (12_101, TODAY), (100, TODAY - timedelta(1)), (100, TODAY + timedelta(63))],
)
def test_what_is_no_promise_is_refused(cents: int, on: date) -> None:
    with pytest.raises(Refusal):
        check_promise(cents, on, open_cents=12_100, today=TODAY)
    check_promise(12_100, TODAY, open_cents=12_100, today=TODAY)


@pytest.mark.parametrize(
    ("kept", "broken", "percent"), [(0, 0, None), (3, 1, 75), (1, 2, 33), (2, 1, 67)]
)
def test_how_often_promises_are_kept(kept: int, broken: int, percent: int | None) -> None:
    assert compute_kept_percent(kept, broken) == percent


def hold(depth: str) -> Stop:
    return make_hold_stop(
        scope="debtor",
        number="",
        depth=depth,
        reason="verhuizing",
        author="Sanne",
        from_on=date(2026, 3, 1),
        until_on=date(2026, 3, 31),
    )


def test_a_pause_of_reminders_lets_the_notice_go() -> None:
    coming = make_invoice(due_on=date(2026, 3, 27))
    for depth, outcome in (("all", "nothing"), ("reminders", "message")):
        facts = make_facts(coming, stops=(hold(depth),))
        assert decide(facts, DEFAULT_POLICY, today=date(2026, 3, 24)).outcome == outcome
    facts = make_facts(INVOICE, stops=(hold("reminders"),))
    decision = decide(facts, DEFAULT_POLICY, today=TODAY)
    assert (decision.reason, decision.next_look_on) == ("stop_hold", date(2026, 4, 1))
    assert decision.because.nl == (
        "Niets gedaan: Sanne heeft deze debiteur gepauzeerd voor herinneringen tot en met "
        "31 maart 2026 (verhuizing)."
    )


def test_a_pause_that_has_not_begun_stops_nothing() -> None:
    later = replace(hold("all"), from_on=date(2026, 3, 19))
    assert decide(make_facts(INVOICE, stops=(later,)), DEFAULT_POLICY, today=TODAY).outcome == (
        "message"
    )


def test_a_reply_stops_without_an_end() -> None:
    stop = make_reply_stop(received_on=TODAY, owner="Sanne", deadline_on=date(2026, 3, 20))
    decision = decide(make_facts(INVOICE, stops=(stop,)), DEFAULT_POLICY, today=TODAY)
    assert (decision.reason, decision.next_look_on) == ("stop_reply", None)


@pytest.mark.parametrize("kind", sorted(FLAGS))
def test_every_situation_stops_what_it_should(kind: str) -> None:
    stop = make_flag_stop(kind, from_on=TODAY, until_on=None, has_representative=True, source="CIR")
    if FLAGS[kind].depth is None:
        assert stop is None
        stop = make_flag_stop(
            kind, from_on=TODAY, until_on=None, has_representative=False, source=""
        )
    assert stop is not None
    before = (make_contact("reminder", date(2026, 3, 1)), make_contact("call", date(2026, 3, 10)))
    first = decide(make_facts(INVOICE, stops=(stop,)), DEFAULT_POLICY, today=TODAY)
    last = decide(
        make_facts(make_invoice(due_on=date(2026, 2, 2)), contacts=before, stops=(stop,)),
        DEFAULT_POLICY,
        today=TODAY,
    )
    is_firm = FLAGS[kind].depth == "firm"
    assert (first.outcome, last.reason) == ("message" if is_firm else "nothing", f"stop_{kind}")


@pytest.mark.parametrize(
    ("kind", "article"),
    [
        ("faillissement", "artikel 26 en 33 van de Faillissementswet"),
        ("surseance", "artikel 228 van de Faillissementswet"),
        ("wsnp", "artikel 296 van de Faillissementswet"),
        (
            "moratorium",
            (
                "artikel 5 van de Wet gemeentelijke schuldhulpverlening en artikel 287b van de"
                " Faillissementswet"
            ),
        ),
        ("bewind", "artikel 1:431 van het Burgerlijk Wetboek"),
        ("curatele", "artikel 1:378 van het Burgerlijk Wetboek"),
    ],
)
def test_a_situation_of_the_law_names_its_article(kind: str, article: str) -> None:
    stop = make_flag_stop(kind, from_on=TODAY, until_on=None, has_representative=False, source="")
    assert stop is not None
    assert f" Dat volgt uit {article}. " in stop.because.nl


@pytest.mark.parametrize("kind", ["debt_help", "deceased", "vulnerable", "key_account"])
def test_a_situation_without_an_article_names_none(kind: str) -> None:
    stop = make_flag_stop(kind, from_on=TODAY, until_on=None, has_representative=True, source="")
    assert stop is not None
    assert "artikel" not in stop.because.nl


@pytest.mark.parametrize("kind", sorted(FLAGS))
def test_after_an_insolvency_a_person_says_what_is_left(kind: str) -> None:
    over = make_over_stop(kind, TODAY, TODAY)
    assert (over is not None) is (kind in INSOLVENCY)
    if over is not None:
        facts = make_facts(INVOICE, stops=(over,))
        assert decide(facts, DEFAULT_POLICY, today=TODAY).outcome == "message"
        tomorrow = TODAY + timedelta(days=1)
        decision = decide(facts, DEFAULT_POLICY, today=tomorrow)
        assert (decision.reason, decision.next_look_on) == ("stop_insolvency_over", None)
        assert "Kijk na hoe dat eindigde" in decision.because.nl
        assert ("artikel 358" in decision.because.nl) is (kind == "wsnp")
        assert ("Rente over de dagen ervan vraagt Tijdig niet" in decision.because.nl) is (
            kind == "wsnp"
        )


BEGAN_ON, LONGEST_ON = date(2025, 9, 18), date(2026, 3, 18)


@pytest.mark.parametrize("until_on", [None, date(2026, 8, 1)])
def test_a_moratorium_longer_than_the_law_allows_is_for_a_person(until_on: date | None) -> None:
    stop = make_flag_stop(
        "moratorium", from_on=BEGAN_ON, until_on=until_on, has_representative=False, source=""
    )
    over = make_over_stop("moratorium", BEGAN_ON, until_on)
    assert stop is not None
    assert over is not None
    facts = make_facts(INVOICE, stops=(stop, over))
    decision = decide(facts, DEFAULT_POLICY, today=LONGEST_ON)
    assert decision.reason == "stop_moratorium"
    assert "wettelijk hoogstens tot en met 18 maart 2026" in decision.because.nl
    after = LONGEST_ON + timedelta(days=1)
    assert decision.next_look_on == after
    decision = decide(facts, DEFAULT_POLICY, today=after)
    assert (decision.reason, decision.next_look_on) == ("stop_rest_overlong", None)
    assert "hoogstens 6 maanden, tot en met 18 maart 2026" in decision.because.nl
    assert decide(facts, DEFAULT_POLICY, today=date(2027, 3, 18)).outcome == "nothing"


def test_a_moratorium_with_a_last_day_ends_by_it() -> None:
    last_on = date(2026, 3, 17)
    assert make_over_stop("moratorium", BEGAN_ON, last_on) is None
    stop = make_flag_stop(
        "moratorium", from_on=BEGAN_ON, until_on=last_on, has_representative=False, source=""
    )
    assert stop is not None
    assert "tot en met 17 maart 2026." in stop.because.nl
    facts = make_facts(INVOICE, stops=(stop,))
    assert decide(facts, DEFAULT_POLICY, today=TODAY).outcome == "message"


@pytest.mark.parametrize("kind", sorted(UNPAID_REASONS))
def test_every_reason_gives_rest_and_ends_by_itself(kind: str) -> None:
    (stop,) = make_reason_stops(ReasonTold(kind, TODAY))
    facts = make_facts(INVOICE, stops=(stop,))
    assert decide(facts, DEFAULT_POLICY, today=TODAY).reason == f"stop_reason_{kind}"
    (taken,) = run_daily(facts, TODAY, 20)[:1]
    assert stop.until_on is not None
    assert taken.on > stop.until_on


def test_a_later_due_date_moves_every_step() -> None:
    item = replace(INVOICE, due_on=date(2026, 4, 10), extended_from_on=FRIDAY)
    decision = decide(make_facts(item), DEFAULT_POLICY, today=TODAY)
    assert decision.reason == "not_due_yet"
    assert decision.because.nl.endswith(
        "Voor factuur 1 is uitstel gegeven: van 13 maart 2026 naar 10 april 2026."
    )
    assert days_of(run_daily(make_facts(item), TODAY, 35)) == [
        (date(2026, 4, 7), "notice_due"),
        (date(2026, 4, 15), "reminder_due"),
    ]


def test_our_own_side_is_checked_before_the_first_contact() -> None:
    doubt = Stop("own_side", SAID)
    item = replace(INVOICE, doubts=(doubt,))
    decision = decide(make_facts(item), DEFAULT_POLICY, today=TODAY)
    assert (decision.reason, decision.next_look_on) == ("stop_own_side", date(2026, 3, 19))
    reminded = (make_contact("reminder", TODAY),)
    later = decide(make_facts(item, contacts=reminded), DEFAULT_POLICY, today=date(2026, 3, 30))
    assert later.outcome == "call"


def test_money_that_may_be_for_an_invoice_holds_it_after_a_contact_too() -> None:
    item = replace(INVOICE, doubts=(make_payment_doubt(12_100, FRIDAY),))
    reminded = (make_contact("reminder", TODAY),)
    later = decide(make_facts(item, contacts=reminded), DEFAULT_POLICY, today=date(2026, 3, 30))
    assert (later.outcome, later.reason) == ("nothing", "stop_possible_payment")
    assert later.next_look_on == date(2026, 3, 31)


def test_what_is_doubted_is_not_asked_for_with_another_invoice() -> None:
    other = replace(INVOICE, item_id=uuid4(), number="2", due_on=date(2026, 3, 16))
    doubted = replace(other, doubts=(make_payment_doubt(7_777, FRIDAY),))
    both = decide(make_facts(INVOICE, doubted), DEFAULT_POLICY, today=TODAY)
    alone = decide(make_facts(INVOICE), DEFAULT_POLICY, today=TODAY)
    assert (both.reason, both.listed, both.total_cents) == (
        "reminder_due",
        alone.listed,
        alone.total_cents,
    )


def test_a_credit_that_is_doubted_still_counts() -> None:
    credit = replace(INVOICE, item_id=uuid4(), number="C-1", kind="credit_note", open_cents=-5_000)
    doubted = replace(credit, doubts=(make_payment_doubt(7_100, FRIDAY),))
    both = decide(make_facts(INVOICE, doubted), DEFAULT_POLICY, today=TODAY)
    assert (both.reason, both.total_cents) == ("reminder_due", INVOICE.open_cents - 5_000)


def test_a_forecast_does_not_wait_for_what_only_a_person_can_end() -> None:
    item = replace(INVOICE, doubts=(Stop("own_side", SAID),))
    assert forecast(make_facts(item), DEFAULT_POLICY, today=TODAY) == ()


@pytest.mark.parametrize("way", ["suspend", "credit", "waive", "hand_over"])
def test_after_the_last_demand_there_are_four_ways_on(way: str) -> None:
    until_on = date(2026, 4, 30) if way == "suspend" else None
    stop = make_outcome_stop(way, decided_by="Sanne", until_on=until_on, to="Bureau X")
    item = replace(INVOICE, set_asides=(SetAside(stop),))
    decision = decide(make_facts(item), DEFAULT_POLICY, today=TODAY)
    assert decision.reason == f"stop_after_{way}"
    assert decision.next_look_on == (date(2026, 5, 1) if until_on else None)


def test_costs_that_are_open_do_not_hide_why_the_invoice_waits() -> None:
    """What is asked for beside an invoice is asked for with it, or not at all."""
    claim = make_invoice("2", cents=4_000, kind="claim")
    alone = decide(make_facts(claim), DEFAULT_POLICY, today=TODAY)
    assert alone.reason == "no_invoice_open"
    held = replace(INVOICE, set_asides=(dispute("not_ordered"),))
    for facts in (make_facts(held), make_facts(held, claim)):
        decision = decide(facts, DEFAULT_POLICY, today=TODAY)
        assert (decision.reason, decision.because.nl[:33]) == (
            "stop_dispute",
            "Niets gedaan: factuur 1 is betwis",
        )


def test_nothing_stops_for_more_than_a_year() -> None:
    refuse_beyond_a_year(date(2027, 3, 20), since=date(2026, 3, 19))
    with pytest.raises(Refusal) as refused:
        refuse_beyond_a_year(date(2027, 3, 21), since=date(2026, 3, 19))
    assert refused.value.because == Sentence(
        "Dit kan hoogstens een jaar vooruit. Kies een dag tot en met 20 maart 2027.",
        "This can go a year ahead at most. Choose a day up to and including 20 March 2027.",
    )
    refuse_beyond_a_year(date.max, since=date(9999, 3, 1))
