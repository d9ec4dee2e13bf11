"""The last dry run of a day is kept, and the run of that day held against it."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from tests.integration.books import Listed, make_list, make_payment, make_statement
from tests.integration.office import at, make_administration
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.core.foreseen import ForeseenStep
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.actions.kept_dry_runs import KEPT_DAYS, look_and_compare
from tijdig.dunning.actions.run import run
from tijdig.dunning.models import KeptDryRun
from tijdig.dunning.queries.dry_runs import RunComparison
from tijdig.tenants.scope import administration_scope
from tijdig.web.receiving import Received, receive

DAY = date(2026, 3, 19)
MONDAY = date(2026, 3, 2)
CENTS = 12_100


def listed(number: int) -> Listed:
    return Listed(
        f"2026-{number}", CENTS, debtor=f"{number}", iban=f"NL{20 + number % 70}INGB000000{number}"
    )


def take(administration: UUID, content: bytes, day: date) -> None:
    with administration_scope(administration):
        receive([Received("bestand", content)], today=day, now=at(day), actor="Sanne")


def make_office() -> UUID:
    administration = make_administration(sending=True)
    take(administration, make_list(*(listed(number) for number in (1001, 1002, 1003))), MONDAY)
    return administration


def compare(administration: UUID, *, day: date = DAY) -> RunComparison | None:
    with administration_scope(administration):
        return look_and_compare(day=day, now=at(day))[1]


def pay(administration: UUID, number: int, cents: int) -> None:
    line = make_payment(cents, f"2026-{number}", on=DAY, iban=listed(number).iban)
    take(administration, make_statement(line), DAY)


def test_whoever_paid_after_the_dry_run_is_the_one_difference(database: None) -> None:
    administration = make_office()
    assert compare(administration) is None
    pay(administration, 1002, CENTS)
    run(administration, today=DAY, now=at(DAY))
    compared = compare(administration)
    assert compared is not None
    assert (compared.foreseen_count, compared.same_count) == (3, 2)
    (row,) = compared.rows
    step = ForeseenStep("reminder", "reminder", "email", CENTS)
    assert (row.number, row.kind, row.foreseen, row.done) == ("1002", "missing", step, None)
    assert row.because is not None
    assert "open" in row.because.nl
    client = sign_in(make_person(administration))
    page = f"/{slug_of(administration)}/proefdraaien/"
    told = client.get(page, {"dag": f"{DAY}"}).content.decode()
    assert "Vergeleken met de echte run" in told
    assert row.because.nl in told
    assert "stappen deed de run er 2 precies zo" in told


def test_a_payment_between_run_and_release_is_the_reason(database: None) -> None:
    administration = make_administration(sending=True, guards={"undo_minutes": 5})
    take(administration, make_list(listed(1001), listed(1002)), MONDAY)
    assert compare(administration) is None
    run(administration, today=DAY, now=at(DAY))
    pay(administration, 1001, CENTS)
    live_one_day(administration, today=DAY, now=at(DAY) + timedelta(minutes=30))
    compared = compare(administration)
    assert compared is not None
    assert [(one.number, one.kind, one.done) for one in compared.rows] == [
        ("1001", "missing", None)
    ]
    assert compared.rows[0].dropped_because


def test_another_amount_and_whoever_is_new_are_told_apart(database: None) -> None:
    administration = make_office()
    assert compare(administration) is None
    more = replace(listed(1001), number="2026-9001")
    rows = [listed(number) for number in (1001, 1002, 1003, 1004)]
    take(administration, make_list(*rows, more), DAY)
    run(administration, today=DAY, now=at(DAY))
    compared = compare(administration)
    assert compared is not None
    assert [(row.number, row.kind, row.done and row.done.cents) for row in compared.rows] == [
        ("1004", "extra", CENTS),
        ("1001", "other_amount", 2 * CENTS),
    ]
    assert (compared.foreseen_count, compared.same_count) == (3, 2)


def test_nothing_changed_is_no_difference_and_the_run_does_not_touch_it(database: None) -> None:
    administration = make_office()
    assert compare(administration) is None
    run(administration, today=DAY, now=at(DAY))
    with administration_scope(administration):
        kept = KeptDryRun.objects.get()
    compared = compare(administration)
    assert compared is not None
    assert (compared.same_count, compared.rows) == (3, ())
    with administration_scope(administration):
        assert KeptDryRun.objects.get().steps == kept.steps
        assert len(kept.steps) == 3


def test_only_the_last_of_a_day_is_kept_and_not_for_long(database: None) -> None:
    administration = make_office()
    compare(administration, day=DAY)
    compare(administration, day=DAY)
    later = DAY + timedelta(days=KEPT_DAYS)
    compare(administration, day=later)
    with administration_scope(administration):
        assert sorted(KeptDryRun.objects.values_list("on", flat=True)) == [DAY, later]
    compare(administration, day=later + timedelta(days=1))
    with administration_scope(administration):
        assert KeptDryRun.objects.filter(on=DAY).count() == 0
