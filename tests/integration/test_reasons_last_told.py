"""What a debtor said last steers the next step; what he said before stays in the history."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from tests.integration.books import make_payment, make_statement, take
from tests.integration.case_office import DUE_ON, REMIND_ON, find_ids, make_office, told
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in
from tests.integration.test_case_messages import CALL_ON, live

from tijdig.cases.actions import reasons
from tijdig.cases.models import Reason
from tijdig.cases.queries.lists import count_reasons, count_waiting, list_cases
from tijdig.dunning.queries.facts import load_facts
from tijdig.ledger.actions.posting import NewEntry, post
from tijdig.ledger.models import Invoice, OpenItem
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

OTHER = "2026-0413"


def tell(kind: str, day: date, *, about: str = "") -> UUID:
    debtor_id, _ = find_ids()
    invoice_id = find_ids(about)[1] if about else None
    return reasons.tell(debtor_id=debtor_id, kind=kind, invoice_id=invoice_id, **told(day))


def list_standing() -> list[tuple[str, str]]:
    """Every reason that stands, with its invoice."""
    rows = list_cases(("reason",), today=REMIND_ON)
    return sorted((row.code, row.invoice_number) for row in rows)


def test_who_forgot_and_later_cannot_pay_gets_the_offer_alone(database: None) -> None:
    administration = make_office()
    live(administration, REMIND_ON)
    with administration_scope(administration):
        tell("forgot", date(2026, 3, 20))
        tell("cannot_pay", date(2026, 3, 23))
        assert list_standing() == [("cannot_pay", "")]
        counted = count_reasons(since=date(2026, 1, 1), until=date(2027, 1, 1))
        assert {(one.kind, one.count) for one in counted} == {("forgot", 1), ("cannot_pay", 1)}
        (event,) = Event.objects.filter(kind="reason_replaced")
        assert event.data["nl"] == (
            "De debiteur gaf later een andere reden: kan niet betalen. Die telt nu."
        )
    days = [date(2026, 3, 23), date(2026, 3, 24), date(2026, 3, 26), CALL_ON]
    assert live(administration, *days) == ["Betalen in delen: factuur 2026-0412"]


def test_who_did_not_get_it_and_later_paid_is_asked_about_the_payment(database: None) -> None:
    """Without the later word nothing would go out until somebody confirmed an address."""
    administration = make_office()
    live(administration, REMIND_ON)
    with administration_scope(administration):
        tell("not_received", date(2026, 3, 20))
        tell("says_paid", date(2026, 3, 20))
    assert live(administration, date(2026, 3, 25), date(2026, 3, 26), CALL_ON) == [
        "Uw betaling van factuur 2026-0412"
    ]


@pytest.mark.parametrize(
    ("first", "second", "standing"),
    [
        ("", "", [("other", "")]),
        (OTHER, OTHER, [("other", OTHER)]),
        (OTHER, "", [("not_received", OTHER), ("other", "")]),
        ("", OTHER, [("not_received", ""), ("other", OTHER)]),
        ("2026-0412", OTHER, [("not_received", "2026-0412"), ("other", OTHER)]),
    ],
)
def test_a_later_word_takes_the_place_of_what_he_said_of_the_same(
    database: None, first: str, second: str, standing: list[tuple[str, str]]
) -> None:
    administration = make_office()
    take_in(administration, make_record(OTHER, due_on=DUE_ON))
    with administration_scope(administration):
        tell("not_received", REMIND_ON, about=first)
        tell("other", REMIND_ON, about=second)
        assert list_standing() == standing


def test_what_he_said_of_one_invoice_goes_before_what_he_said_of_all(database: None) -> None:
    """He cannot pay the one: it gets the offer, and no copy though he missed the others."""
    administration = make_office()
    take_in(administration, make_record(OTHER, due_on=DUE_ON))
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        one = tell("not_received", REMIND_ON)
        tell("cannot_pay", REMIND_ON, about="2026-0412")
        reasons.confirm_address(one, "inkoop@cafe.example", **told(REMIND_ON))
        (facts,) = load_facts([debtor_id], today=REMIND_ON, rehearsal=False)
        apart = {one.text: (one.item_id, one.but_not) for one in facts.case_messages}
        item_id = Invoice.objects.get(number="2026-0412").open_item_id
        assert apart == {"invoice_again": (None, (item_id,)), "plan_offer": (item_id, ())}
    days = [REMIND_ON, date(2026, 3, 20)]
    assert sorted(live(administration, *days)) == [
        "Betalen in delen: factuur 2026-0412",
        "Kopie: factuur 2026-0413",
    ]


def test_what_he_forgot_of_all_is_not_what_he_never_got_of_one(database: None) -> None:
    """He answers a reminder of the one; the other still waits for the address of its copy."""
    administration = make_office()
    take_in(administration, make_record(OTHER, due_on=DUE_ON))
    with administration_scope(administration):
        one = tell("not_received", REMIND_ON, about=OTHER)
        tell("forgot", REMIND_ON)
    assert live(administration, date(2026, 3, 25)) == ["Herinnering factuur 2026-0412"]
    with administration_scope(administration):
        reasons.confirm_address(one, "inkoop@cafe.example", **told(date(2026, 3, 26)))
    assert live(administration, date(2026, 3, 27)) == ["Kopie: factuur 2026-0413"]


def test_what_he_paid_of_all_gives_days_to_what_he_cannot_pay(database: None) -> None:
    """What he says of all later is about the one too: nobody asks before its days are over."""
    administration = make_office()
    with administration_scope(administration):
        tell("cannot_pay", REMIND_ON, about="2026-0412")
        tell("says_paid", date(2026, 4, 1))
        debtor_id, _ = find_ids()
        (facts,) = load_facts([debtor_id], today=date(2026, 4, 2), rehearsal=False)
        rests = [one for one in facts.stops if one.kind == "reason_says_paid"]
        assert [(one.meant.item_id, one.meant.but_not) for one in rests if one.meant] == [
            (None, ())
        ]
        assert list_standing() == [("cannot_pay", "2026-0412"), ("says_paid", "")]


def test_a_copy_that_has_gone_lets_a_later_word_about_all_end_it(database: None) -> None:
    administration = make_office()
    take_in(administration, make_record(OTHER, due_on=DUE_ON))
    with administration_scope(administration):
        one = tell("not_received", REMIND_ON, about=OTHER)
        reasons.confirm_address(one, "inkoop@cafe.example", **told(REMIND_ON))
    assert live(administration, REMIND_ON) == ["Kopie: factuur 2026-0413"]
    with administration_scope(administration):
        tell("says_paid", date(2026, 3, 23))
        assert list_standing() == [("says_paid", "")]


def test_a_firm_hold_ends_with_the_invoice_that_it_was_about(database: None) -> None:
    administration = make_office()
    take_in(administration, make_record(OTHER, due_on=DUE_ON))
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        tell("cannot_pay", REMIND_ON, about="2026-0412")
        (facts,) = load_facts([debtor_id], today=REMIND_ON, rehearsal=False)
        assert [stop.depth for stop in facts.stops] == ["firm"]
        assert count_waiting()["reasons"] == 1
    take(
        administration,
        make_statement(make_payment(12_100, "2026-0412", on=REMIND_ON)),
        day=REMIND_ON,
    )
    with administration_scope(administration):
        (facts,) = load_facts([debtor_id], today=REMIND_ON, rehearsal=False)
        assert [item.number for item in facts.items] == [OTHER]
        assert (facts.stops, facts.case_messages) == ((), ())
        assert count_waiting()["reasons"] == 0
        assert list_standing() == []
        assert Reason.objects.get().handled_on is None


def make_crowd(seed: int) -> UUID:
    """Forty debtors with some invoices, open or paid, and up to four reasons each."""
    by_chance = Random(seed)
    administration = make_administration()
    days = [REMIND_ON - timedelta(days=n) for n in range(12)]
    records = [
        make_record(
            f"{debtor}-{n}",
            issued_on=by_chance.choice(days),
            due_on=REMIND_ON + timedelta(days=30),
            debtor=make_debtor(str(debtor), email=f"d{debtor}@example.nl", name=f"Klant {debtor}"),
        )
        for debtor in range(1001, 1041)
        for n in range(by_chance.randint(1, 4))
    ]
    take_in(administration, *records)
    with administration_scope(administration):
        items = list(OpenItem.objects.order_by("id").values_list("id", "debtor_id"))
        for item_id, debtor_id in items:
            for _ in range(by_chance.randint(0, 1)):
                Reason.objects.create(
                    administration_id=administration,
                    debtor_id=debtor_id,
                    item_id=by_chance.choice([None, item_id]),
                    kind=by_chance.choice(["other", "cannot_pay", "forgot", "not_received"]),
                    channel="phone",
                    said_on=by_chance.choice(days),
                    recorded_by="Sanne",
                    deadline_on=REMIND_ON + timedelta(days=30),
                )
        paid = [
            NewEntry(item_id, "waived", -12_100, REMIND_ON, "correction", new_id())
            for item_id, _ in items
            if by_chance.random() < 0.5
        ]
        post(paid, today=REMIND_ON, now=at(REMIND_ON))
    return administration


@pytest.mark.parametrize("seed", range(3))
def test_the_lists_and_the_decision_see_the_same_reasons_standing(
    database: None, seed: int
) -> None:
    """The SQL leaves out what cannot stand; the rule itself is core's, for the lists too."""
    administration = make_crowd(seed)
    with administration_scope(administration):
        told_of = {one.id: one for one in Reason.objects.all()}
        debtor_ids = sorted({one.debtor_id for one in told_of.values()})
        seen = {
            (facts.debtor_id, stop.meant.told_on, stop.meant.item_id, stop.kind)
            for facts in load_facts(debtor_ids, today=REMIND_ON, rehearsal=False)
            for stop in (*facts.stops, *(a.stop for i in facts.items for a in i.set_asides))
            if stop.meant is not None
        }
        rows = list_cases(("reason",), today=REMIND_ON, limit=1000)
        listed = {
            (one.debtor_id, one.said_on, one.item_id, f"reason_{one.kind}")
            for one in (told_of[row.id] for row in rows)
        }
        assert 10 < len(rows) < len(told_of) - 10
        assert seen == listed
        assert count_waiting()["reasons"] == sum(row.code != "forgot" for row in rows)
