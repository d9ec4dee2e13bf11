"""Every kind of case on the database: it stops what it should, ends, and the old step comes."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import make_payment, make_statement, take
from tests.integration.case_office import (
    CASES,
    REMIND_ON,
    find_ids,
    list_because,
    make_office,
    open_dispute,
    open_plan,
    open_promise,
    told,
    version_of,
)
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in

from tijdig.cases.actions import disputes, extensions, holds, plans, promises
from tijdig.cases.models import Dispute, Plan, Promise
from tijdig.core.calendar import next_working_day
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.days import is_anybody_due, live_one_day, send
from tijdig.dunning.actions.run import preview, run
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.why import explain_day
from tijdig.ledger.actions import flags
from tijdig.ledger.actions.flags import Representative
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

BEFORE = date(2026, 3, 18)


def run_days(administration: UUID, start: date, days: int) -> list[tuple[date, str]]:
    """The messages that leave, with their step; the run comes by on days that anybody is due."""
    with mail_sink():
        for n in range(days):
            day = start + timedelta(days=n)
            if is_anybody_due(administration, today=day):
                live_one_day(administration, today=day, now=at(day))
    with administration_scope(administration):
        return list(Message.objects.order_by("id").values_list("planned_on", "step_key"))


def reason_on(administration: UUID, day: date) -> str:
    because = preview(administration, today=day).because
    return next(iter(because))


@pytest.mark.parametrize("kind", sorted(CASES))
def test_a_case_stops_the_reminder_and_ended_by_a_person_it_comes(
    database: None, kind: str
) -> None:
    case = CASES[kind]
    administration = make_office()
    before = version_of(administration)
    with administration_scope(administration):
        one = case.open(BEFORE)
    assert version_of(administration) == before + 1
    assert reason_on(administration, REMIND_ON) == case.reason
    assert run_days(administration, REMIND_ON, 1) == []
    with administration_scope(administration):
        case.close(one, date(2026, 3, 20))
        events = list(Event.objects.filter(actor="Sanne de Vries").order_by("at", "id"))
    assert len(events) == 2
    assert all(one.data["nl"] and one.data["en"] for one in events)
    assert run_days(administration, date(2026, 3, 20), 1) == [(date(2026, 3, 20), "reminder")]


@pytest.mark.parametrize("kind", sorted(kind for kind, case in CASES.items() if case.until_on))
def test_a_case_with_an_end_lets_go_by_itself(database: None, kind: str) -> None:
    case = CASES[kind]
    administration = make_office()
    with administration_scope(administration):
        case.open(REMIND_ON)
    taken = [one for one in run_days(administration, REMIND_ON, 45) if one[1] == "reminder"]
    assert case.until_on is not None
    assert taken == [(next_working_day(case.until_on + timedelta(days=1)), "reminder")]


@pytest.mark.parametrize("kind", sorted(kind for kind, case in CASES.items() if not case.until_on))
def test_a_case_without_an_end_waits_for_a_person(database: None, kind: str) -> None:
    administration = make_office()
    with administration_scope(administration):
        CASES[kind].open(REMIND_ON)
    assert run_days(administration, REMIND_ON, 40) == []


def test_two_who_answer_the_same_dispute_answer_it_once(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = open_dispute(BEFORE)
        disputes.accept(one, answer="Dat klopt.", root_cause="price", **told(BEFORE))
        with pytest.raises(Refusal, match="al afgehandeld door Sanne de Vries op 18-03-2026"):
            disputes.decline(one, answer="Nee.", root_cause="none", **told(BEFORE))
        assert Dispute.objects.get(id=one).state == "accepted"


def test_a_dispute_is_answered_within_a_year(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        _, invoice_id = find_ids()
        asked = {"invoice_id": invoice_id, "cents": 2_100, "category": "price", **told(BEFORE)}
        with pytest.raises(Refusal, match="hoogstens een jaar vooruit"):
            disputes.open(**asked, deadline_on=date(9999, 12, 31))
        assert Dispute.objects.count() == 0


def test_an_accepted_part_stays_out_until_the_credit_note_is_there(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        _, invoice_id = find_ids()
        one = disputes.open(invoice_id=invoice_id, cents=2_100, category="price", **told(BEFORE))
        disputes.accept(one, answer="Dat klopt.", root_cause="price", **told(BEFORE))
    assert asked_on(administration, REMIND_ON) == 10_000
    credit = replace(make_record("C-1", cents=-2_100), credited_number="2026-0412")
    take_in(administration, credit, today=REMIND_ON)
    assert asked_on(administration, REMIND_ON) == 10_000
    with administration_scope(administration):
        disputes.mark_credited(one, **told(REMIND_ON))
    assert asked_on(administration, REMIND_ON) == 10_000


def asked_on(administration: UUID, day: date) -> int:
    """The cents that a message of this day would ask."""
    from tijdig.core.dunning import decide
    from tijdig.core.policy import DEFAULT_POLICY

    with administration_scope(administration):
        (facts,) = load_facts([find_ids()[0]], today=day, rehearsal=False)
    return decide(facts, DEFAULT_POLICY, today=day).total_cents


def test_what_cannot_be_disputed_is_refused(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        _, invoice_id = find_ids()
        disputes.open(invoice_id=invoice_id, cents=2_100, category="price", **told(BEFORE))
        for cents, category in ((10_001, "price"), (0, "price"), (100, "onzin")):
            with pytest.raises(Refusal):
                disputes.open(invoice_id=invoice_id, cents=cents, category=category, **told(BEFORE))
        one = Dispute.objects.get().id
        with pytest.raises(Refusal, match="Schrijf op waarom"):
            disputes.accept(one, answer=" ", root_cause="price", **told(BEFORE))


def test_a_promise_that_is_kept_and_one_that_is_broken(database: None) -> None:
    kept, broken = make_office(), make_office()
    for administration in (kept, broken):
        with administration_scope(administration):
            open_promise(REMIND_ON)
    payment = make_payment(12_100, "factuur 2026-0412", on=date(2026, 3, 23))
    take(kept, make_statement(payment), day=date(2026, 3, 24))
    for administration in (kept, broken):
        run_days(administration, date(2026, 3, 24), 4)
    assert state_of(kept) == ("kept", date(2026, 3, 24))
    assert state_of(broken) == ("broken", date(2026, 3, 27))
    with administration_scope(broken):
        promises.handle_broken(Promise.objects.get().id, **told(date(2026, 3, 27)))
        with pytest.raises(Refusal, match="al afgehandeld"):
            promises.handle_broken(Promise.objects.get().id, **told(date(2026, 3, 27)))
        assert [
            one.kind for one in Event.objects.filter(subject_kind="promise").order_by("id")
        ] == [
            "promise_made",
            "promise_broken",
            "promise_handled",
        ]


def state_of(administration: UUID) -> tuple[str, date | None]:
    with administration_scope(administration):
        one = Promise.objects.get()
    return one.state, one.judged_on


def test_a_rehearsal_of_a_day_to_come_breaks_no_promise(database: None) -> None:
    administration = make_office(sending=False)
    with administration_scope(administration):
        open_promise(REMIND_ON)
    run(administration, today=date(2026, 4, 30), now=at(REMIND_ON))
    assert state_of(administration) == ("open", None)


def test_a_step_cancelled_for_a_promise_comes_back_when_it_is_broken(database: None) -> None:
    administration = make_office()
    run(administration, today=REMIND_ON, now=at(REMIND_ON))
    with administration_scope(administration):
        open_promise(REMIND_ON)
    send(administration, today=date(2026, 3, 20), clock=lambda: at(date(2026, 3, 20)))
    run_days(administration, date(2026, 3, 20), 8)
    with administration_scope(administration):
        messages = Message.objects.order_by("id").values_list("step_key", "state", "reason")
        assert list(messages) == [
            ("reminder", "cancelled", "stop_promise"),
            ("reminder", "accepted", "accepted_250"),
        ]


def test_a_plan_spreads_what_is_open_and_nothing_more(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = open_plan(BEFORE)
        plan = Plan.objects.get(id=one)
        debtor_id, invoice_id = find_ids()
        for because in ("count", "twice"):
            with pytest.raises(Refusal):
                plans.agree(
                    debtor_id=debtor_id,
                    invoice_ids=[] if because == "count" else [invoice_id],
                    count=3,
                    first_on=date(2026, 5, 1),
                    **told(BEFORE),
                )
    assert plan.total_cents == 12_100
    taken = run_days(administration, REMIND_ON, 70)
    assert [key.partition("-")[0] for _, key in taken] == ["plan", "plan", "plan", "reminder"]
    with administration_scope(administration):
        plan.refresh_from_db()
        assert (plan.state, plan.ended_by) == ("broken", "tijdig")
        assert Message.objects.order_by("id").last().total_cents == 12_100


def test_a_plan_moves_one_term_once(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = open_plan(BEFORE)
        plans.shift(one, position=1, to_on=date(2026, 5, 15), **told(BEFORE))
        with pytest.raises(Refusal, match="Dat kan één keer"):
            plans.shift(one, position=2, to_on=date(2026, 6, 15), **told(BEFORE))
        plans.end(one, because="op verzoek", **told(BEFORE))
        with pytest.raises(Refusal, match="al afgehandeld"):
            plans.end(one, because="nog eens", **told(BEFORE))


def test_a_paid_plan_ends_by_itself(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        open_plan(BEFORE)
    payment = make_payment(12_100, "factuur 2026-0412", on=REMIND_ON)
    take(administration, make_statement(payment), day=date(2026, 3, 20))
    run_days(administration, date(2026, 3, 20), 1)
    with administration_scope(administration):
        assert Plan.objects.get().state == "kept"


def test_a_later_extension_takes_the_place_of_the_first(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        _, invoice_id = find_ids()
        extensions.give(invoice_id=invoice_id, until_on=date(2026, 4, 1), **told(BEFORE))
        extensions.give(invoice_id=invoice_id, until_on=date(2026, 4, 20), **told(BEFORE))
        (facts,) = load_facts([find_ids()[0]], today=BEFORE, rehearsal=False)
        item = facts.items[0]
        assert (item.due_on, item.extended_on) == (date(2026, 4, 20), BEFORE)
        with pytest.raises(Refusal, match="Uitstel gaat naar een dag na vandaag"):
            extensions.give(invoice_id=invoice_id, until_on=date(2026, 3, 14), **told(BEFORE))


def test_a_due_date_that_the_books_move_past_the_extension_counts(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        debtor_id, invoice_id = find_ids()
        extensions.give(invoice_id=invoice_id, until_on=date(2026, 4, 1), **told(BEFORE))
    moved = make_record(issued_on=date(2026, 2, 12), due_on=date(2026, 4, 30))
    assert take_in(administration, moved, today=BEFORE).changed == 1
    with administration_scope(administration):
        (facts,) = load_facts([debtor_id], today=BEFORE, rehearsal=False)
    item = facts.items[0]
    assert (item.due_on, item.extended_from_on) == (date(2026, 4, 30), None)


def test_who_is_represented_is_not_written_to_himself(database: None) -> None:
    administration = make_office()
    helper = Representative("Bewind B.V.", email="dossier@bewind.example.nl")
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        flags.mark(debtor_id=debtor_id, kind="bewind", **told(BEFORE))
    assert reason_on(administration, REMIND_ON) == "stop_bewind"
    with administration_scope(administration):
        flags.mark(debtor_id=debtor_id, kind="bewind", instead=helper, **told(BEFORE))
    run(administration, today=REMIND_ON, now=at(REMIND_ON))
    with administration_scope(administration):
        from tijdig.messaging.models import MessageBody

        body = MessageBody.objects.get()
    assert body.recipient == "dossier@bewind.example.nl"
    assert "Beste Bewind B.V.," in body.text


def test_a_pause_of_one_administration_stops_nobody_else(database: None) -> None:
    paused, other = make_office(), make_office()
    with administration_scope(paused):
        holds.place(until_on=date(2026, 4, 1), reason="vakantie", **told(BEFORE))
    assert reason_on(paused, REMIND_ON) == "stop_hold"
    assert reason_on(other, REMIND_ON) == "reminder_due"


def test_a_pause_that_begins_later_gives_the_reason_from_its_first_day_on(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        begins_on, until_on = date(2026, 3, 24), date(2026, 4, 1)
        holds.place(
            debtor_id=debtor_id, from_on=begins_on, until_on=until_on, reason="overleg",
            **told(BEFORE),
        )  # fmt: skip
    run_days(administration, REMIND_ON, 8)
    assert [on for on, because in list_because(administration) if "gepauzeerd" in because] == [
        begins_on
    ]
    with administration_scope(administration):
        why = explain_day("1001", on=date(2026, 3, 26))
    assert why is not None
    assert (why.decided_on, why.reason) == (begins_on, "stop_hold")


@pytest.mark.parametrize("scope", ["debtor", "invoice", "everybody"])
def test_the_same_pause_again_is_the_one_that_stands(database: None, scope: str) -> None:
    """As with Back in the browser and Save once more; another end is another pause."""
    administration = make_office()
    with administration_scope(administration):
        debtor_id, invoice_id = find_ids()
        about = {"debtor": {"debtor_id": debtor_id}, "invoice": {"invoice_id": invoice_id}}
        asked = {"reason": "overleg", "until_on": date(2026, 4, 1), **about.get(scope, {})}
        first = holds.place(**asked, **told(BEFORE))
        assert holds.place(**asked, **told(BEFORE)) == first
        assert Event.objects.filter(kind="hold_placed").count() == 1
        other = holds.place(**{**asked, "until_on": date(2026, 4, 2)}, **told(BEFORE))
        holds.lift(first, **told(BEFORE))
        assert holds.place(**asked, **told(BEFORE)) not in {first, other}


@pytest.mark.parametrize(
    ("told_more", "said"),
    [
        ({"reason": " "}, "Schrijf op waarom"),
        ({"depth": "half"}, "Kies wat er stopt"),
        ({"until_on": date(2026, 3, 1)}, "eindigt op een dag die nog komt"),
        ({"until_on": date(2028, 3, 1)}, "hoogstens een jaar"),
    ],
)
def test_a_pause_that_makes_no_sense_is_refused(
    administration: UUID, told_more: dict[str, object], said: str
) -> None:
    asked = {"until_on": date(2026, 4, 1), "reason": "overleg", **told_more}
    with administration_scope(administration), pytest.raises(Refusal, match=said):
        holds.place(**asked, **told(BEFORE))


def test_the_sentence_says_what_stops_and_until_when(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        open_promise(REMIND_ON)
    run_days(administration, REMIND_ON, 1)
    assert list_because(administration) == [
        (
            REMIND_ON,
            (
                "Niets gedaan: de debiteur zegde toe € 121,00 te betalen op 24 maart 2026 "
                "(vastgelegd door Sanne de Vries). Wij wachten tot en met 26 maart 2026."
            ),
        )
    ]


def test_a_reader_of_another_administration_finds_no_case(database: None) -> None:
    administration, other = make_office(), make_administration()
    take_in(other, make_record("2026-0999", debtor=make_debtor("2000")))
    with administration_scope(administration):
        one = open_dispute(BEFORE)
    with administration_scope(other):
        assert not Dispute.objects.filter(id=one).exists()
