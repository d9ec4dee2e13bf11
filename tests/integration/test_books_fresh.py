"""How fresh the books are: where lists of open items come in, nothing else makes them so."""

from datetime import date
from uuid import UUID

import pytest
from django.urls import reverse
from tests.integration.books import Listed, make_list, make_payment, make_statement, take
from tests.integration.office import make_administration
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_case_messages import live
from tests.plugs.list_samples import dutch, write_csv
from tests.plugs.ubl_samples import make_ubl

from tijdig.core.freshness import MissingFile
from tijdig.dunning.queries.freshness import list_missing_files
from tijdig.intake.queries import find_books_as_of
from tijdig.tenants.scope import administration_scope

FIRST, NEEDED, DAY = date(2026, 3, 2), date(2026, 3, 17), date(2026, 3, 24)
LATE = Listed("2026-0003", 12_100, issued_on=date(2026, 2, 2), due_on=date(2026, 3, 13))
STALE = (MissingFile("books", "", NEEDED, FIRST),)


@pytest.fixture
def guarded(database: None) -> UUID:
    return make_administration(
        sending=True, guards={"books_fresh_days": 5, "bank_fresh_days": None}
    )


def missing(administration: UUID, day: date = DAY) -> tuple[MissingFile, ...]:
    with administration_scope(administration):
        return list_missing_files(today=day)


def other_list(*numbers: str) -> bytes:
    """A list of another source: it has other columns."""
    head = ("Klant", "Relatienaam", "Factuur", "Datum", "Vervalt", "Totaal", "Saldo")
    rows = [
        ("2001", "Klant 2001", one, "02-02-2026", "01-12-2026", dutch(5_000), dutch(5_000))
        for one in numbers
    ]
    return write_csv([head, *rows])


def test_an_invoice_does_not_make_the_books_fresh(guarded: UUID) -> None:
    take(guarded, make_list(LATE), day=FIRST)
    assert missing(guarded) == STALE
    received = take(guarded, make_ubl(), day=DAY)
    assert [(one.format, one.new) for one in received.files] == [("ubl", 1)]
    assert missing(guarded) == STALE
    assert live(guarded, DAY) == []
    page = reverse("today", kwargs={"slug": slug_of(guarded)})
    said = sign_in(make_person(guarded)).get(page).content.decode()
    assert "Boekhouding van 2 maart 2026: verouderd" in said
    # The list opens it, and the reminder that was due goes.
    take(guarded, make_list(LATE, Listed("2026-0009", 1_000, debtor="1010")), day=DAY)
    assert missing(guarded) == ()
    assert live(guarded, date(2026, 3, 25)) != []


def test_without_lists_an_invoice_is_all_that_the_books_say(guarded: UUID) -> None:
    take(guarded, make_ubl(), day=FIRST)
    assert missing(guarded) == STALE
    with administration_scope(guarded):
        before = find_books_as_of()
    assert before is not None
    assert before.as_of == FIRST


def test_of_two_sources_the_one_that_is_behind_counts(guarded: UUID) -> None:
    take(guarded, make_list(LATE), other_list("A-1"), day=FIRST)
    take(guarded, other_list("A-1", "A-2"), day=DAY)
    assert missing(guarded) == STALE
    take(guarded, make_list(LATE, Listed("2026-0009", 1_000, debtor="1010")), day=DAY)
    assert missing(guarded) == ()


def test_a_source_of_which_nothing_is_open_has_ended(guarded: UUID) -> None:
    take(guarded, make_list(LATE), other_list("A-1"), day=FIRST)
    take(guarded, make_statement(make_payment(12_100, "factuur 2026-0003", on=FIRST)), day=FIRST)
    take(guarded, other_list("A-1", "A-2"), day=DAY)
    assert missing(guarded) == ()


def test_a_list_in_another_shape_takes_over_what_it_names(guarded: UUID) -> None:
    take(guarded, other_list("A-1"), day=FIRST)
    shape = ("Klant", "Relatienaam", "Factuur", "Datum", "Vervalt", "Totaal", "Saldo", "Valuta")
    row = ("2001", "Klant 2001", "A-1", "02-02-2026", "01-12-2026", "50,00", "50,00", "EUR")
    take(guarded, write_csv([shape, row]), day=DAY)
    assert missing(guarded) == ()
