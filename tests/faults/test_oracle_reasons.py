"""The oracle of the simulated year knows what debtors said, and what is to be told them for it."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from proof.oracle import Oracle
from proof.reasons import KnownAnswer, KnownReason, ReasonKind, bring_back, replace_earlier
from proof.world import World
from tests.faults.test_oracle import DAY, make_mail, make_world, tell

# A Wednesday; three working days of rest are over after the Monday.
REST_OVER = DAY + timedelta(days=6)
ADDRESS = "klant10000@example.nl"
HEARD = frozenset({"F000001"})
BEGINS = {
    "reminder": "Herinnering",
    "letter": "Betalen zonder kosten:",
    "last_demand": "Laatste herinnering:",
    "copy": "Kopie:",
    "again": "Nog niet ontvangen:",
    "offer": "Betalen in delen:",
    "missing": "Uw betaling van",
    "accepted": "U heeft gelijk over",
    "declined": "Ons antwoord over",
}


def give(world: World, kind: ReasonKind, **more: object) -> KnownReason:
    """A reason of the day before, as the simulator writes it down."""
    told = {"told_on": DAY - timedelta(days=1), "heard": HEARD, "key": UUID(int=9), **more}
    reason = KnownReason(kind, **told)  # type: ignore[arg-type]
    reason.rests = reason.make_rests()
    world.people[0].rests += reason.rests
    world.people[0].reasons.append(reason)
    return reason


def hear(oracle: Oracle, on: date, *kinds: str, euros: str = "100,00") -> list[str]:
    """What is blamed when these mails about the first invoice come in, a month apart."""
    for serial, kind in enumerate(kinds, start=1):
        mail = make_mail("F000001", euros, serial=serial, begins=BEGINS[kind])
        tell(oracle, on + timedelta(days=30 * (serial - 1)), mail)
    return [one.partition(": ")[2] for one in oracle.wrong]


@pytest.mark.parametrize(
    ("kind", "mail", "on", "told"),
    [
        ("forgot", "reminder", DAY, ["reminder, and there was the reason forgot"]),
        ("forgot", "letter", DAY + timedelta(days=2), ["letter, and there was the reason forgot"]),
        ("forgot", "again", REST_OVER, []),
        ("forgot", "again", DAY, [f"again, and he has until {DAY + timedelta(days=2)}"]),
        ("says_paid", "missing", REST_OVER, []),
        ("says_paid", "again", REST_OVER, ["again, and he gave no reason for it"]),
        ("cannot_pay", "offer", DAY, []),
        ("cannot_pay", "reminder", DAY + timedelta(days=20), []),
        (
            "cannot_pay",
            "letter",
            DAY + timedelta(days=20),
            ["letter, and there was the reason cannot_pay"],
        ),
        (
            "not_received",
            "reminder",
            DAY + timedelta(days=60),
            ["reminder, and there was the reason not_received"],
        ),
        ("not_received", "copy", DAY, ["a copy to an address that he did not confirm"]),
    ],
)
def test_a_reason_says_what_may_be_sent_and_when(
    kind: ReasonKind, mail: str, on: date, told: list[str]
) -> None:
    world, oracle = make_world(10_000)
    give(world, kind)
    assert hear(oracle, on, mail) == told


def test_what_a_reason_asks_for_comes_once_and_for_what_he_spoke_of() -> None:
    world, oracle = make_world(10_000)
    give(world, "says_paid")
    assert hear(oracle, REST_OVER, "missing", "missing") == ["missing twice for one reason"]
    world, oracle = make_world(10_000, 20_000)
    world.invoices["F000001"].due_on = DAY
    give(world, "forgot", heard=frozenset({"F000002"}))
    assert hear(oracle, REST_OVER, "again") == ["again about F000001, of which he did not speak"]


@pytest.mark.parametrize(
    ("days", "told"),
    [(14, ["reminder, and there was a copy with days of its own"]), (15, [])],
)
def test_a_copy_gives_the_days_of_the_invoice(days: int, told: list[str]) -> None:
    world, oracle = make_world(10_000)
    give(world, "not_received", address=ADDRESS)
    assert hear(oracle, DAY, "copy") == []
    tell(oracle, DAY + timedelta(days=days), make_mail("F000001", "100,00", serial=2))
    assert [one.partition(": ")[2] for one in oracle.wrong] == told


@pytest.mark.parametrize(("days", "told"), [(4, []), (22, ["the step letter for F000001 twice"])])
def test_a_copy_while_a_letter_runs_has_it_written_anew(days: int, told: list[str]) -> None:
    world, oracle = make_world(10_000)
    assert hear(oracle, DAY, "letter") == []
    copied_on = DAY + timedelta(days=days)
    give(world, "not_received", address=ADDRESS, told_on=DAY)
    for serial, (on, kind) in enumerate(
        [(copied_on, "copy"), (copied_on + timedelta(days=17), "letter")], start=2
    ):
        mail = make_mail("F000001", "100,00", serial=serial, begins=BEGINS[kind])
        tell(oracle, on, mail)
    assert [one.partition(": ")[2] for one in oracle.wrong] == told


def test_what_was_followed_up_holds_nothing_back_and_asks_for_nothing() -> None:
    world, oracle = make_world(10_000)
    give(world, "says_paid").end(DAY)
    assert hear(oracle, REST_OVER, "missing") == ["missing, and he gave no reason for it"]
    oracle.wrong.clear()
    oracle.last_on.clear()
    assert hear(oracle, DAY, "reminder") == ["the same message twice"]


def test_who_should_have_been_told_first_shows_at_the_end() -> None:
    world, oracle = make_world(10_000)
    give(world, "forgot")
    assert hear(oracle, REST_OVER, "letter") == []
    end = REST_OVER + timedelta(days=60)
    told = f"10000: {REST_OVER} letter, and no again came before it"
    assert oracle.find_missed(end, unknown=set()) == [told]
    assert oracle.find_missed(end, unknown={"10000"}) == []


def test_a_reason_about_one_invoice_asks_for_nothing_before_a_step_about_another() -> None:
    world, oracle = make_world(10_000, 5_000)
    give(world, "says_paid", number="F000002", heard=frozenset(("F000001", "F000002")))
    assert hear(oracle, REST_OVER, "reminder") == []
    assert oracle.skipped == []
    tell(oracle, REST_OVER + timedelta(days=9), make_mail("F000002", "50,00", serial=2))
    assert [told.partition(" ")[2] for _, told in oracle.skipped] == [
        "reminder, and no missing came before it"
    ]


def test_a_later_word_takes_the_place_of_an_earlier_one_until_it_was_a_mistake() -> None:
    world, oracle = make_world(10_000)
    person = world.people[0]
    first = give(world, "says_paid", told_on=DAY - timedelta(days=9))
    second = give(world, "cannot_pay")
    replace_earlier(second, person.reasons)
    assert (first.over_on, first.stands(REST_OVER)) == (second.told_on, False)
    second.end(DAY)
    person.rests += bring_back(second, person.reasons, DAY)
    assert hear(oracle, REST_OVER, "letter") == []
    assert [told.partition(" ")[2] for _, told in oracle.skipped] == [
        "letter, and no missing came before it"
    ]
    third = give(world, "forgot", told_on=REST_OVER)
    replace_earlier(third, person.reasons)
    assert first.replaced_by is third


@pytest.mark.parametrize(
    ("earlier", "later", "is_over"),
    [
        (("not_received", "F000001"), ("forgot", ""), False),
        (("not_received", "F000001"), ("not_received", ""), True),
        (("not_received", "F000001"), ("forgot", "F000001"), True),
        (("cannot_pay", "F000001"), ("says_paid", ""), False),
        (("forgot", "F000001"), ("says_paid", ""), True),
        (("forgot", "F000001"), ("says_paid", "F000002"), False),
        (("forgot", ""), ("says_paid", "F000001"), False),
        (("cannot_pay", ""), ("says_paid", ""), True),
    ],
)
def test_what_waits_for_our_part_of_one_invoice_is_not_over_by_a_word_about_all(
    earlier: tuple[ReasonKind, str], later: tuple[ReasonKind, str], is_over: bool
) -> None:
    world, _ = make_world(10_000, 5_000)
    first = give(world, earlier[0], number=earlier[1], told_on=DAY - timedelta(days=9))
    second = give(world, later[0], number=later[1])
    replace_earlier(second, world.people[0].reasons)
    assert (first.over_on < date.max) == is_over


def test_a_step_about_what_he_spoke_of_since_waits_for_no_earlier_question() -> None:
    world, oracle = make_world(10_000, 5_000)
    give(world, "forgot", told_on=DAY - timedelta(days=9))
    give(world, "says_paid", number="F000001").end(DAY)
    assert hear(oracle, REST_OVER, "reminder") == []
    assert oracle.skipped == []


def test_a_reason_or_an_answer_that_nobody_acted_on_shows_at_the_end() -> None:
    world, oracle = make_world(10_000)
    reason = give(world, "says_paid")
    world.people[0].answers.append(KnownAnswer("F000001", "declined", DAY, 5_000))
    assert oracle.find_missed(DAY + timedelta(days=30), unknown=set()) == []
    end = DAY + timedelta(days=60)
    assert oracle.find_missed(end, unknown=set()) == [
        f"10000: no missing, of {reason.told_on}",
        f"10000: no answer about F000001, of {DAY}",
    ]
    assert hear(oracle, REST_OVER, "missing", "declined") == []
    assert oracle.find_missed(end, unknown=set()) == []


@pytest.mark.parametrize(
    ("mail", "euros", "told"),
    [
        ("declined", "100,00", []),
        ("accepted", "100,00", ["accepted, and there is no such answer to tell"]),
        ("declined", "100,01", ["asked 10001 cents, open are 10000"]),
    ],
)
def test_an_answer_is_the_one_that_was_given(mail: str, euros: str, told: list[str]) -> None:
    world, oracle = make_world(10_000)
    world.people[0].answers.append(KnownAnswer("F000001", "declined", DAY, 5_000))
    assert hear(oracle, DAY, mail, euros=euros) == told


def test_a_disputed_part_is_not_asked_and_an_answer_is_told_once() -> None:
    world, oracle = make_world(10_000)
    world.invoices["F000001"].aside_cents = 4_000
    assert hear(oracle, DAY, "reminder") == ["asked 10000 cents, open are 6000"]
    oracle.wrong.clear()
    world.people[0].answers.append(KnownAnswer("F000001", "accepted", DAY, 4_000))
    later = DAY + timedelta(days=40)
    for serial in (7, 8):
        tell(oracle, later, make_mail("F000001", "60,00", serial=serial, begins=BEGINS["accepted"]))
    assert [one.partition(": ")[2] for one in oracle.wrong] == [
        "accepted, and there is no such answer to tell"
    ]
