"""Printed letters of plans, cases and collections: each is held against what makes it true."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.core.debtor_facts import make_contact, make_facts, make_invoice, make_plan

from tijdig.core.case_messages import CaseMessage, CaseText, make_case_key
from tijdig.core.direct_debits.collecting import make_announcement_key, make_collection_aside
from tijdig.core.direct_debits.planned import PlannedCollection
from tijdig.core.disputes import make_dispute_stop
from tijdig.core.facts import DebtorFacts, OpenItem, SetAside, Stop
from tijdig.core.own_side import doubt_address, make_payment_doubt
from tijdig.core.policy import Phase
from tijdig.core.problem import Sentence
from tijdig.core.stops import make_hold_stop
from tijdig.core.tray import PrintedLetter, TrayReason, judge_printed
from tijdig.core.unpaid import ReasonTold, make_reason_message, make_reason_stops

TODAY = date(2026, 3, 12)  # a Thursday
LATE = make_invoice(due_on=date(2026, 2, 20))  # € 121,00
FIRST_ON = date(2026, 3, 16)
PLAN = make_plan(LATE, agreed_on=date(2026, 3, 2), first_on=FIRST_ON)
HOLD = make_hold_stop(
    scope="debtor",
    number="",
    depth="all",
    reason="overleg",
    author="Sanne",
    from_on=TODAY,
    until_on=date(2026, 4, 10),
)
NUDGED_ON = date(2026, 3, 19)


def plan_letter(kind: str, position: int) -> PrintedLetter:
    listed = 12_100 if kind == "confirmed" else 6_050
    key = f"plan-{PLAN.key}-{kind}-{position}"
    return PrintedLetter(key, "plan", ((LATE.item_id, listed),))


CONFIRMED, NOTICE, NUDGE = (
    plan_letter("confirmed", 0),
    plan_letter("notice", 1),
    plan_letter("nudge", 1),
)
NOTICED_ON = date(2026, 3, 13)
PRINTED_ON = {CONFIRMED.step_key: date(2026, 3, 2), NOTICE.step_key: NOTICED_ON}


def planned_facts(letter: PrintedLetter, **more: object) -> DebtorFacts:
    """What was printed of the plan up to this letter; nobody said yet that it was posted."""
    keys = [CONFIRMED.step_key, letter.step_key]
    contacts = [
        make_contact(
            key,
            PRINTED_ON.get(key, NUDGED_ON),
            channel="letter",
            is_unposted=key == letter.step_key,
        )
        for key in dict.fromkeys(keys)
    ]
    return make_facts(LATE, **{"email": "", "contacts": tuple(contacts), "plans": (PLAN,), **more})


def judge(
    letter: PrintedLetter, facts: DebtorFacts, *, today: date | None = None
) -> TrayReason | None:
    day = PRINTED_ON.get(letter.step_key, NUDGED_ON)
    return judge_printed(letter, facts, today=today or day)


ALL = pytest.mark.parametrize("letter", [CONFIRMED, NOTICE, NUDGE], ids=lambda one: one.step_key)


@ALL
def test_a_letter_of_a_plan_that_runs_may_be_posted(letter: PrintedLetter) -> None:
    assert judge(letter, planned_facts(letter)) is None


@ALL
def test_a_letter_of_a_plan_that_ended_or_rests_may_not(letter: PrintedLetter) -> None:
    facts = planned_facts(letter)
    assert judge(letter, replace(facts, plans=())) == "stopped"
    assert judge(letter, replace(facts, stops=(replace(HOLD, from_on=None),))) == "stopped"
    dispute = make_dispute_stop("1", 12_100, "price", owner="Sanne", deadline_on=TODAY)
    disputed = replace(LATE, set_asides=(SetAside(dispute),))
    assert judge(letter, replace(facts, items=(disputed,))) == "stopped"


@ALL
def test_a_term_that_was_paid_since_is_not_asked_by_letter(letter: PrintedLetter) -> None:
    paid = replace(LATE, open_cents=6_050)
    plan = replace(PLAN, covered_cents=6_050)
    facts = replace(planned_facts(letter), items=(paid,), plans=(plan,))
    assert judge(letter, facts) == "owed_less"


def test_a_part_of_a_term_that_was_paid_since_is_not_asked_by_letter() -> None:
    paid = replace(LATE, open_cents=12_000)
    facts = replace(planned_facts(NUDGE), items=(paid,), plans=(replace(PLAN, covered_cents=100),))
    assert judge(NUDGE, facts) == "owed_less"


def test_a_notice_of_a_term_that_is_behind_may_not_be_posted() -> None:
    facts = planned_facts(NOTICE)
    assert judge(NOTICE, facts, today=FIRST_ON) is None
    assert judge(NOTICE, facts, today=date(2026, 3, 17)) == "stopped"


def test_a_nudge_for_a_term_that_moved_since_may_not_be_posted() -> None:
    first, *others = PLAN.instalments
    moved = replace(PLAN, instalments=(replace(first, due_on=date(2026, 4, 10)), *others))
    facts = replace(planned_facts(NUDGE), plans=(moved,))
    assert judge(NUDGE, facts) == "stopped"


def reason_letter(kind: str, *, address: str = "") -> tuple[PrintedLetter, DebtorFacts]:
    """What a reason about this one invoice sends by letter."""
    text: CaseText = "plan_offer" if kind == "cannot_pay" else "invoice_again"
    key = make_case_key(UUID(int=5), text)
    told = ReasonTold(
        kind, TODAY, date(2026, 3, 26), "Sanne", address, key, LATE.item_id, confirmed=address
    )
    message = make_reason_message(told)
    assert message is not None
    own = [one for one in make_reason_stops(told) if one.depth == "own"]
    facts = make_facts(
        replace(LATE, set_asides=tuple([SetAside(one) for one in own])),
        stops=tuple([one for one in make_reason_stops(told) if one.depth != "own"]),
        case_messages=(message,),
        contacts=(make_contact(key, TODAY, channel="letter", is_unposted=True),),
        email="",
    )
    return PrintedLetter(key, "case", ((LATE.item_id, 12_100),)), facts


REASONS = pytest.mark.parametrize(
    ("kind", "address"), [("cannot_pay", ""), ("not_received", "letter")]
)


@REASONS
def test_what_a_reason_about_one_invoice_sends_may_be_posted(kind: str, address: str) -> None:
    letter, facts = reason_letter(kind, address=address)
    assert judge_printed(letter, facts, today=TODAY) is None


@REASONS
def test_what_a_reason_sends_stays_when_it_was_ended(kind: str, address: str) -> None:
    letter, facts = reason_letter(kind, address=address)
    assert judge_printed(letter, replace(facts, case_messages=()), today=TODAY) == "stopped"
    held = replace(facts.items[0], set_asides=(SetAside(HOLD),))
    assert judge_printed(letter, replace(facts, items=(held,)), today=TODAY) == "stopped"
    paid = replace(facts.items[0], open_cents=100)
    assert judge_printed(letter, replace(facts, items=(paid,)), today=TODAY) == "owed_less"


def test_an_offer_of_a_plan_is_overtaken_by_the_plan() -> None:
    letter, facts = reason_letter("cannot_pay")
    planned = replace(facts, plans=(PLAN,), items=(replace(LATE, set_asides=()),))
    assert judge_printed(letter, planned, today=TODAY) == "stopped"


def answer_letter(text: CaseText, item: OpenItem, cents: int) -> tuple[PrintedLetter, DebtorFacts]:
    key = make_case_key(UUID(int=6), text)
    message = CaseMessage(key, text, TODAY, TODAY, item.item_id, cents=4_000, answer="Klopt.")
    contact = make_contact(key, TODAY, channel="letter", is_unposted=True)
    facts = make_facts(item, case_messages=(message,), contacts=(contact,))
    return PrintedLetter(key, "case", ((item.item_id, cents),)), facts


def test_an_answer_about_what_a_plan_spreads_may_be_posted() -> None:
    letter, facts = answer_letter("dispute_declined", LATE, 12_100)
    assert judge_printed(letter, replace(facts, plans=(PLAN,)), today=TODAY) is None


def test_an_answer_that_asks_what_money_may_be_there_for_may_not() -> None:
    letter, facts = answer_letter("dispute_accepted", LATE, 8_100)
    assert judge_printed(letter, facts, today=TODAY) is None
    doubted = replace(LATE, doubts=(make_payment_doubt(8_100, TODAY),))
    assert judge_printed(letter, replace(facts, items=(doubted,)), today=TODAY) == "stopped"
    nothing, facts = answer_letter("dispute_accepted", doubted, 0)
    assert judge_printed(nothing, facts, today=TODAY) is None


def test_a_letter_of_a_case_to_who_mail_does_not_reach_may_be_posted() -> None:
    letter, facts = reason_letter("cannot_pay")
    dead = doubt_address(replace(facts, email="oud@example.test", email_failed=True))
    assert dead.items[0].doubts != ()
    assert judge_printed(letter, dead, today=TODAY) is None


def test_what_asks_once_more_is_judged_as_a_reminder() -> None:
    letter, facts = answer_letter("reminder_again", LATE, 12_100)
    assert judge_printed(letter, facts, today=TODAY) is None
    longer = replace(LATE, due_on=date(2026, 4, 1), extended_from_on=LATE.due_on)
    assert judge_printed(letter, replace(facts, items=(longer,)), today=TODAY) == "stopped"


@pytest.mark.parametrize("scope", ["debtor", "administration"])
def test_a_pause_of_reminders_holds_what_asks_once_more_but_no_answer(scope: str) -> None:
    pause = make_hold_stop(
        scope=scope,
        number="",
        depth="reminders",
        reason="overleg",
        author="Sanne",
        from_on=TODAY,
        until_on=date(2026, 4, 10),
    )
    texts: tuple[CaseText, ...] = ("reminder_again", "payment_missing", "dispute_declined")
    for text, judged in zip(texts, ("stopped", "stopped", None), strict=True):
        letter, facts = answer_letter(text, LATE, 12_100)
        assert judge_printed(letter, facts, today=TODAY) is None
        assert judge_printed(letter, replace(facts, stops=(pause,)), today=TODAY) == judged


COLLECT_ON = date(2026, 3, 30)


def debit_letter(**changed: object) -> tuple[PrintedLetter, DebtorFacts]:
    """The announcement by letter of € 121,00 on the thirtieth, and what is planned since."""
    planned = PlannedCollection(LATE.item_id, COLLECT_ON, 12_100, "core", "M-1", "NL00", "NL00")
    now = replace(planned, **changed)  # type: ignore[arg-type]
    key = make_announcement_key(COLLECT_ON)
    item = replace(LATE, due_on=COLLECT_ON, set_asides=(make_collection_aside("1", now),))
    contact = make_contact(key, TODAY, channel="letter", is_unposted=True)
    facts = make_facts(item, collections=(now,), contacts=(contact,), email="")
    return PrintedLetter(key, "debit", ((LATE.item_id, 12_100),)), facts


def test_an_announcement_of_a_collection_that_stands_may_be_posted() -> None:
    letter, facts = debit_letter()
    assert judge_printed(letter, facts, today=TODAY) is None


def test_an_announcement_of_a_collection_that_changed_may_not() -> None:
    letter, facts = debit_letter(collect_on=date(2026, 4, 1))
    assert judge_printed(letter, facts, today=TODAY) == "stopped"
    assert judge_printed(letter, replace(facts, collections=()), today=TODAY) == "stopped"
    letter, facts = debit_letter(cents=12_000)
    assert judge_printed(letter, facts, today=TODAY) == "owed_less"
    letter, facts = debit_letter()
    longer = replace(facts.items[0], due_on=date(2026, 5, 1), extended_from_on=COLLECT_ON)
    assert judge_printed(letter, replace(facts, items=(longer,)), today=TODAY) == "stopped"


PHASES: tuple[Phase, ...] = ("plan", "case", "debit")


@pytest.mark.parametrize("phase", PHASES)
def test_nothing_that_the_debtor_is_spared_is_posted(phase: Phase) -> None:
    stop = Stop("deceased", Sentence("Overleden.", "Deceased."))
    letter, facts = {
        "plan": (CONFIRMED, planned_facts(CONFIRMED)),
        "case": reason_letter("cannot_pay"),
        "debit": debit_letter(),
    }[phase]
    assert judge_printed(letter, facts, today=TODAY) is None
    stopped = replace(facts, stops=(*facts.stops, stop))
    assert judge_printed(letter, stopped, today=TODAY) == "stopped"
