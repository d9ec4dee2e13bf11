"""A small demo world: its files come in whole, its mail is what runs announced, twice the same."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from tests.integration.people import make_person, sign_in

from tijdig.banking.formats import camt
from tijdig.banking.queries import list_lines
from tijdig.banking.records import StatementRecord
from tijdig.core.calendar import is_working_day
from tijdig.core.problem import Refusal
from tijdig.core.references import format_reference
from tijdig.demo.future import advance, advance_to_next_run
from tijdig.demo.history import build, choose_anchor, live_in, remake_world
from tijdig.demo.living import Books
from tijdig.demo.past import Past, open_books
from tijdig.demo.rehearsal import rehearse_books, rehearse_office
from tijdig.demo.state import Origin, read_life
from tijdig.intake.formats import open_items, ubl
from tijdig.intake.records import InvoiceFile
from tijdig.messaging.delivering import check_here
from tijdig.messaging.home_mark import write_mark
from tijdig.messaging.queries import find_stored_name, list_stored_mail
from tijdig.tenants.actions import let_in
from tijdig.tenants.models import Instance
from tijdig.tenants.queries import find_administration
from tijdig.tenants.scope import administration_scope
from tijdig.web.clock import demo_today

FRIDAY = date(2026, 11, 20)
ORIGIN = Origin(seed=7, anchor_on=FRIDAY, weeks=8, slugs=("draadwerk",))


@dataclass(frozen=True, slots=True)
class Built:
    """A world that was lived in, and where its files are."""

    past: Past
    books: Books
    folder: Path

    def files(self) -> dict[str, bytes]:
        """Every file that was imported, by day and name."""
        root = self.folder / "files" / self.books.creditor.slug
        return {f"{path.parent.name}/{path.name}": path.read_bytes() for path in root.glob("*/*")}

    def statements(self) -> list[StatementRecord]:
        """Every bank statement, oldest first."""
        contents = [content for name, content in sorted(self.files().items()) if "afsch" in name]
        return [one for c in contents for one in camt.parse(c, name="").statements]


@pytest.fixture(scope="module")
def first(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """The world of ORIGIN; the settings are those of the demo as long as this module runs."""
    home = tmp_path_factory.mktemp("first")
    with in_demo(home):
        folder = home / "world"
        (past,) = build(ORIGIN, folder=folder, workers=1, tell=ignore)
        world = remake_world(ORIGIN)
        yield Built(past, open_books(world, world.creditors[0], folder), folder)


@pytest.fixture(scope="module")
def second(first: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The same world lived in once more, in other books and another folder."""
    home = tmp_path_factory.mktemp("second")
    world = remake_world(ORIGIN)
    creditor = replace(world.creditors[0], slug="draadwerk-2")
    world = replace(world, creditors=(creditor,))
    with in_demo(home):
        folder = home / "world"
        (past,) = live_in(world, folder=folder, workers=1, tell=ignore)
        return Built(past, open_books(world, creditor, folder), folder)


def know_as_ours(home: Path) -> None:
    """This folder belongs to the tests' database too: otherwise it would be silenced as a copy."""
    check_here(today=FRIDAY, now=datetime.combine(FRIDAY, time(8), UTC))
    write_mark(home, Instance.objects.get().epoch)


def in_demo(home: Path) -> override_settings:
    """Demo mode, with everything that lands in a folder in this one."""
    know_as_ours(home)
    return override_settings(
        DEMO=True, HOME=home, DEMO_FOLDER=home / "world", PRINT_FOLDER=home / "letters"
    )


def ignore(_days: int) -> None:
    """Nobody waits for the progress."""


def test_every_file_is_read_without_a_complaint(first: Built) -> None:
    formats = {"factuur": ubl.parse, "openstaande": open_items.parse, "afschrift": camt.parse}
    kinds = {name: name.partition("/")[2].partition("-")[0] for name in first.files()}
    complaints = {
        name: formats[kinds[name]](content, name=name).problems
        for name, content in first.files().items()
    }
    assert {name: said for name, said in complaints.items() if said} == {}
    assert set(kinds.values()) == set(formats)
    assert first.past.refused == []


def test_some_invoices_carry_their_own_pdf(first: Built) -> None:
    parsed: list[InvoiceFile] = [
        ubl.parse(content, name=name) for name, content in first.files().items() if "fact" in name
    ]
    attached = [len(one.records[0].attachments) for one in parsed]
    assert set(attached) == {0, 1}


def test_every_statement_begins_where_the_last_one_ended(first: Built) -> None:
    statements = first.statements()
    assert len(statements) == 9
    assert all(one.balances_ok for one in statements)
    ends = [one.closing_cents for one in statements]
    assert [one.opening_cents for one in statements[1:]] == ends[:-1]
    days = [one.until_on + timedelta(days=1) for one in statements if one.until_on]
    assert [one.from_on for one in statements[1:]] == days[:-1]


def test_the_mailbox_holds_exactly_what_the_runs_announced(first: Built) -> None:
    in_folder = {path.name for path in (first.folder / "mailbox").glob("*.eml")}
    with administration_scope(first.books.administration_id):
        rows = list_stored_mail(search="", after=None, limit=1000)
        sent = {find_stored_name(row.id) for row in rows}
    letters = list((first.folder.parent / "letters").glob("*.pdf"))
    announced = first.past.steps.total() - first.past.steps["call_due"]
    assert in_folder == sent
    assert len(in_folder) + len(letters) == announced > 0
    assert first.past.planned == first.past.steps.total()


def test_somebody_pays_with_the_reference_of_the_mail_that_he_got(first: Built) -> None:
    with administration_scope(first.books.administration_id):
        lines = list_lines(tab="matched", search="", after=None, limit=1000)
    references = [format_reference(one.reference) for one in lines if one.reference]
    mails = [path.read_text() for path in (first.folder / "mailbox").glob("*.eml")]
    assert references
    assert all(any(one in mail for mail in mails) for one in references)


def test_the_same_seed_gives_the_same_past(first: Built, second: Built) -> None:
    assert figures_of(second.past) == figures_of(first.past)
    assert [amounts_of(one) for one in second.statements()] == [
        amounts_of(one) for one in first.statements()
    ]
    assert without_statements(second.files()) == without_statements(first.files())


def figures_of(past: Past) -> tuple[object, ...]:
    """What a past comes down to, whatever the books are called."""
    counts = (past.days, past.runs, past.files, past.planned, past.mails, past.calls_made)
    return (*counts, past.because, past.steps)


def amounts_of(statement: StatementRecord) -> list[tuple[date, int, str]]:
    """The lines without references: those are Tijdig's, new in every build."""
    return [(one.booked_on, one.amount_cents, one.counter_name) for one in statement.lines]


def without_statements(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files of the books, which must be the same to the byte."""
    return {name: content for name, content in files.items() if "afschrift" not in name}


def test_the_time_machine_goes_on_from_there(first: Built) -> None:
    before = len(first.files())
    assert advance(7) == FRIDAY + timedelta(days=7) == demo_today()
    assert len(first.files()) > before
    statements = first.statements()
    ends = [one.closing_cents for one in statements]
    assert [one.opening_cents for one in statements[1:]] == ends[:-1]
    life = read_life(first.folder, "draadwerk")
    assert life is not None
    assert life.lived_on == FRIDAY + timedelta(days=7)


def test_the_time_machine_stops_at_the_next_run_that_plans_something(first: Built) -> None:
    before = {path.name for path in (first.folder / "mailbox").glob("*.eml")}
    today = demo_today()
    assert advance_to_next_run("draadwerk") == demo_today() > today
    after = {path.name for path in (first.folder / "mailbox").glob("*.eml")}
    assert after >= before


@pytest.mark.parametrize(
    ("role", "status", "days"), [("owner", 302, 1), ("reader", 403, 0), (None, 404, 0)]
)
def test_only_who_may_change_something_travels_in_time(
    first: Built, role: str | None, status: int, days: int
) -> None:
    person = make_person(None)
    if role:
        with administration_scope(first.books.administration_id):
            let_in(person.id, role=role)
    today = demo_today()
    with override_settings(ROOT_URLCONF="tests.integration.demo_urls"):
        response = sign_in(person).post("/draadwerk/tijdmachine/", {"to": "day"})
    assert response.status_code == status
    assert demo_today() == today + timedelta(days=days)


@pytest.mark.parametrize("days", [0, 32])
def test_a_journey_is_a_month_at_most(first: Built, days: int) -> None:
    with pytest.raises(Refusal):
        advance(days)


def test_without_a_world_there_is_no_time_machine(first: Built, tmp_path: Path) -> None:
    with in_demo(tmp_path), pytest.raises(Refusal):
        advance(1)


def test_a_simulated_office_leaves_nothing_behind(database: None) -> None:
    lived = rehearse_office(3, first_on=date(2026, 3, 2), days=45, tell=ignore)
    again = rehearse_office(3, first_on=date(2026, 3, 2), days=45, tell=ignore)
    assert lived == again
    assert sum(day.planned for day in lived) > 0
    assert find_administration("simulatie-3") is None


def test_simulating_real_books_changes_nothing_in_them(first: Built) -> None:
    administration_id = first.books.administration_id
    begins_on = demo_today() + timedelta(days=1)
    lived = rehearse_books(administration_id, first_on=begins_on, days=30, tell=ignore)
    again = rehearse_books(administration_id, first_on=begins_on, days=30, tell=ignore)
    assert lived == again
    assert sum(day.planned for day in lived) > 0


def test_a_visitor_never_comes_in_on_a_day_off() -> None:
    sunday = date(2026, 11, 22)
    assert choose_anchor(sunday) == FRIDAY
    assert is_working_day(choose_anchor(date(2026, 12, 26)))
