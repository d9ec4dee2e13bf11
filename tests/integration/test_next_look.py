"""The run reads only who is due: a whole book, decided for every day, misses nobody."""

from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction
from hypothesis import given, settings
from tests.integration.books import (
    Listed,
    make_list,
    make_payment,
    make_statement,
    run_on,
    take,
)
from tests.integration.events import EVENTS, MONDAY, Event, play
from tests.integration.office import at, make_administration

from tijdig.core.dunning import decide
from tijdig.dunning.actions import calls, policies
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.models import Call
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.policies import load_policy
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.actions.looks import look_at_everybody, set_next_looks, touch_everybody
from tijdig.ledger.actions.posting import LOOK_NOW
from tijdig.ledger.belongings.models import Look
from tijdig.ledger.models import Debtor
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import administration_scope

DAYS_AHEAD = 100


def find_missed(administration: UUID, *, since: date) -> list[tuple[str, date, str]]:
    """Debtors with a message or a call due on a day on which no run would look at them."""
    missed = []
    with administration_scope(administration):
        policy = load_policy()
        rehearsal = not load_administration().sending_on
        looks = {one.id: one.next_look_on for one in Look.objects.all()}
        for facts in load_facts(list(looks), today=since, rehearsal=rehearsal):
            look_on = looks[facts.debtor_id]
            for offset in range(DAYS_AHEAD):
                today = since + timedelta(days=offset)
                decision = decide(facts, policy, today=today)
                if decision.outcome != "nothing" and (look_on is None or look_on > today):
                    missed.append((facts.number, today, decision.reason))
    return missed


@settings(max_examples=20)
@given(events=EVENTS)
def test_nobody_is_missed_after_any_sequence(database: None, events: list[Event]) -> None:
    administration = make_administration()
    since = play(administration, events)
    assert find_missed(administration, since=since) == []
    run_on(administration, since)
    assert find_missed(administration, since=since + timedelta(days=1)) == []


def test_nobody_is_missed_day_after_day(administration: UUID) -> None:
    rows = [Listed(f"2026-{n:04d}", 300 + 900 * n, 30_000, f"{1001 + n % 4}") for n in range(9)]
    take(administration, make_list(*rows), day=MONDAY)
    for offset in range(0, 60, 4):
        today = MONDAY + timedelta(days=offset)
        run_on(administration, today)
        assert find_missed(administration, since=today + timedelta(days=1)) == []


def test_nobody_is_missed_after_what_people_do(administration: UUID) -> None:
    take(administration, make_list(Listed("2026-0001", 12_100)), day=MONDAY)
    day = date(2026, 3, 30)
    run_on(administration, date(2026, 3, 19))
    run_on(administration, day)
    with administration_scope(administration):
        Call.objects.update(state="open")
        calls.record(
            Call.objects.get().id, outcome="reached", note="", today=day, now=at(day), actor="ik"
        )
        policies.change({"min_amount_cents": 20_000}, today=day, now=at(day), actor="ik")
    assert find_missed(administration, since=day) == []
    run_on(administration, date(2026, 4, 20))
    with administration_scope(administration):
        assert Look.objects.get().standing_reason == "below_minimum"
        policies.change({"min_amount_cents": 500}, today=day, now=at(day), actor="ik")
        debtor_id = Look.objects.get().id
        change_contact(debtor_id, {"email": "x@example.nl"}, today=day, now=at(day), actor="ik")
    assert find_missed(administration, since=date(2026, 4, 21)) == []


def test_nobody_is_missed_while_sending_is_on(database: None) -> None:
    administration = make_administration(sending=True)
    rows = [Listed("2026-0001", 12_100), Listed("2026-0002", 9_000, 9_000, "1002")]
    take(administration, make_list(*rows), day=MONDAY)
    for offset in range(14, 60, 3):
        today = MONDAY + timedelta(days=offset)
        # No mail server: what is released waits, and is decided again every day.
        live_one_day(administration, today=today, now=at(today))
        if offset == 29:
            line = make_payment(9_000, "2026-0002", on=today)
            take(administration, make_statement(line), day=today)
        assert find_missed(administration, since=today + timedelta(days=1)) == []


def test_a_debtor_is_due_from_the_start_and_stays_so_on_other_facts(administration: UUID) -> None:
    take(administration, make_list(Listed("2026-0001", 12_100)), day=MONDAY)
    with administration_scope(administration):
        debtor = Debtor.objects.get()
        at_first = Look.objects.get(id=debtor.id)
        assert (at_first.next_look_on, at_first.standing_reason) == (LOOK_NOW, "")
        later = MONDAY + timedelta(days=7)
        stale, fresh = debtor.facts_version - 1, debtor.facts_version
        assert set_next_looks([(debtor.id, later, "nothing_open", stale)]) == 0
        assert Look.objects.get(id=debtor.id).next_look_on == LOOK_NOW
        assert set_next_looks([(debtor.id, later, "nothing_open", fresh)]) == 1
        look = Look.objects.get(id=debtor.id)
        assert (look.next_look_on, look.standing_reason) == (later, "nothing_open")
        look_at_everybody()
        assert Look.objects.get(id=debtor.id).next_look_on == LOOK_NOW
        assert Debtor.objects.get().facts_version == fresh
        set_next_looks([(debtor.id, later, "nothing_open", fresh)])
        touch_everybody()
        assert Look.objects.get(id=debtor.id).next_look_on == LOOK_NOW
        assert Debtor.objects.get().facts_version == fresh + 1


def test_a_look_is_renewed_in_place(administration: UUID) -> None:
    rows = [Listed(f"2026-{n:04d}", 300 + n, 30_000, f"{1001 + n}") for n in range(40)]
    take(administration, make_list(*rows), day=MONDAY)
    with administration_scope(administration), transaction.atomic():
        versions = Debtor.objects.order_by("id").values_list("id", "facts_version")
        looks = [(one, MONDAY, "not_due", version) for one, version in versions]
        before = _count_updates()
        assert set_next_looks(looks) == 40
        updated, in_place = _count_updates()
    # In place means: no index got a new entry for it.
    assert (updated - before[0], in_place - before[1]) == (40, 40)


def _count_updates() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_get_xact_tuples_updated('tijdig_look'::regclass),"
            " pg_stat_get_xact_tuples_hot_updated('tijdig_look'::regclass)"
        )
        updated, in_place = cursor.fetchone()
    return updated, in_place
