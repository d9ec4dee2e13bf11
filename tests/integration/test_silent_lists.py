"""A source of lists that stopped is named and can be ended; a list that came back is a task."""

from datetime import date
from uuid import UUID

import pytest
from django.urls import reverse
from tests.integration.books import Listed, make_list, take
from tests.integration.desk_day import desk_today
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_books_fresh import (
    DAY,
    FIRST,
    LATE,
    NEEDED,
    STALE,
    guarded,
    missing,
    other_list,
)
from tests.integration.test_case_messages import live
from tests.integration.test_returned_lists import NEWEST, OLD, office
from tests.integration.test_returned_lists import take as bring_in
from tests.plugs.ubl_samples import make_ubl

from tijdig.config.health import Finding, examine
from tijdig.core.freshness import MissingFile
from tijdig.dunning.queries.freshness import list_silent_sources
from tijdig.intake.queries import find_books_as_of, list_sources
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

__all__ = ["guarded", "office"]
LONG_AGO = date(2026, 3, 2)


def silent(administration: UUID, day: date = DAY) -> list[tuple[date, int]]:
    with administration_scope(administration):
        return [(one.as_of, one.open_count) for one in list_silent_sources(today=day)]


def read(administration: UUID, name: str) -> str:
    client = sign_in(make_person(administration))
    page = client.get(reverse(name, kwargs={"slug": slug_of(administration)}))
    return page.content.decode()


def answer(administration: UUID, said: str, *, role: str = "owner") -> int:
    with administration_scope(administration):
        source = list_sources()[0]
    where = {"slug": slug_of(administration), "source_id": source.id}
    client = sign_in(make_person(administration, role=role))
    return client.post(reverse("list-source", kwargs=where), {"answer": said}).status_code


@pytest.fixture
def stopped(guarded: UUID) -> UUID:
    """Two sources; of one no list comes any more."""
    take(guarded, make_list(LATE), other_list("A-1"), day=FIRST)
    take(guarded, other_list("A-1", "A-2"), day=DAY)
    return guarded


def test_the_source_that_stopped_is_named_on_vandaag_and_by_the_doctor(stopped: UUID) -> None:
    assert silent(stopped) == [(FIRST, 1)]
    page = read(stopped, "today")
    assert "Lijst van open posten komt niet meer" in page
    assert "(02-03-2026)" in page
    (found,) = [one for one in examine() if one.what.nl == "lijsten"]
    assert isinstance(found, Finding)
    assert (found.is_well, f"{slug_of(stopped)}: " in found.found.nl) == (False, True)


def test_a_source_that_comes_in_time_is_not_named(guarded: UUID) -> None:
    take(guarded, make_list(LATE), day=DAY)
    assert silent(guarded) == []


def test_the_page_says_of_a_list_of_today_that_it_is_on_time(guarded: UUID) -> None:
    take(guarded, make_list(LATE), day=desk_today())
    assert "Op tijd" in read(guarded, "imports")


def test_who_says_that_it_ended_is_not_asked_for_it_any_more(stopped: UUID) -> None:
    assert missing(stopped) == STALE
    assert answer(stopped, "ended", role="reader") == 403
    assert missing(stopped) == STALE
    assert answer(stopped, "ended") == 302
    assert (missing(stopped), silent(stopped)) == ((), [])
    assert "Komt niet meer, gezegd op" in read(stopped, "imports")
    with administration_scope(stopped):
        assert Event.objects.filter(kind="source_ended").count() == 1


def test_the_only_source_that_ended_is_not_waited_for(guarded: UUID) -> None:
    """Nothing came after it: the run goes by the bank alone, and the reminder that was due goes."""
    take(guarded, make_list(LATE), day=FIRST)
    assert (missing(guarded), silent(guarded)) == (STALE, [(FIRST, 1)])
    assert live(guarded, DAY) == []
    assert answer(guarded, "ended") == 302
    assert (missing(guarded), silent(guarded)) == ((), [])
    assert "Boekhouding van 2 maart 2026: verouderd" not in read(guarded, "today")
    assert live(guarded, date(2026, 3, 25)) == ["Herinnering factuur 2026-0003"]
    # A list after all is waited for again, and so is one that goes on.
    answer(guarded, "on")
    assert missing(guarded) == STALE


def test_where_every_list_ended_the_invoices_say_how_fresh_the_books_are(guarded: UUID) -> None:
    """A file of invoices after it is waited for as where no list ever came."""
    take(guarded, make_list(LATE), day=LONG_AGO)
    take(guarded, make_ubl(), day=date(2026, 3, 10))
    answer(guarded, "ended")
    assert missing(guarded) == (MissingFile("books", "", NEEDED, date(2026, 3, 10)),)
    with administration_scope(guarded):
        books = find_books_as_of()
    assert books is not None
    assert books.awaited == date(2026, 3, 10)
    take(guarded, make_ubl(number="2026-0777"), day=DAY)
    assert missing(guarded) == ()


def test_a_list_that_comes_after_all_counts_again(stopped: UUID) -> None:
    answer(stopped, "ended")
    assert answer(stopped, "on") == 302
    assert missing(stopped) == STALE
    answer(stopped, "ended")
    take(stopped, make_list(LATE, Listed("2026-0009", 1_000, debtor="1010")), day=FIRST)
    with administration_scope(stopped):
        assert [one.ended_on for one in list_sources()] == [None, None]


def test_a_list_that_came_back_is_a_task_until_it_is_answered(office: UUID) -> None:
    task = "Lijst kwam terug: oud, of van vandaag?"
    assert task not in read(office, "today")
    bring_in(office, OLD)
    assert task in read(office, "today")
    assert "Een lijst kwam terug" in read(office, "imports")
    assert live(office, date(2026, 3, 12)) == []
    bring_in(office, OLD, current=True, day=date(2026, 3, 12))
    assert task not in read(office, "today")


def test_the_newest_list_once_more_answers_it_too(office: UUID) -> None:
    bring_in(office, OLD)
    bring_in(office, NEWEST)
    assert "Lijst kwam terug" not in read(office, "today")
