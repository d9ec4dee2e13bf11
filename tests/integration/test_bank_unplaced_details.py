"""Details by bare number are held, or read onto the account that has their batch: counted once."""

from collections.abc import Sequence
from itertools import permutations
from uuid import UUID

import pytest
from tests.integration.books import PAYER, Listed, make_list
from tests.integration.office import make_administration
from tests.integration.test_bank_accounts import (
    AT_ANOTHER_BANK,
    IBAN,
    NUMBER,
    by_iban,
    make_both,
)
from tests.integration.test_bank_once import bring, day, state
from tests.integration.test_bank_unplaced import place
from tests.plugs.camt_samples import Detail, Entry, Statement, make_camt

from tijdig.banking.models import Account, BankLine
from tijdig.banking.models import Statement as Stored
from tijdig.banking.queries import find_fresh_until, list_accounts, list_bank_gaps, list_unplaced
from tijdig.tenants.scope import administration_scope

pytestmark = pytest.mark.usefixtures("database")

PAYMENTS = [
    Detail(amount="121.00", texts=["factuur 2026-0412"], iban=PAYER, end_to_end_id="E-1"),
    Detail(amount="50.00", texts=["abonnement"], iban=PAYER, end_to_end_id="E-2"),
]


@pytest.fixture
def both() -> UUID:
    """An office with two accounts of the same number, at two banks."""
    return make_both()


def of_batch(details: Sequence[Detail] = (), *, name: str = "BATCH-2") -> Entry:
    return Entry(amount="171.00", booked_on=day(1), value_on=day(1), batch_id=name, details=details)


def without_iban(content: bytes) -> bytes:
    """The same file, in which the account is named by its number alone."""
    found = f"<Acct><Id><IBAN>{NUMBER}</IBAN></Id>".encode()
    assert found in content
    told = f"<Acct><Id><Othr><Id>{NUMBER}</Id></Othr></Id>".encode()
    return content.replace(found, told)


def details(iban: str = NUMBER, *, name: str = "BATCH-2") -> bytes:
    """A notification with the payments of the batch."""
    entry = of_batch(PAYMENTS, name=name)
    content = make_camt(Statement(entries=[entry], iban=iban), message="054")
    return without_iban(content) if iban == NUMBER else content


def batch(iban: str) -> bytes:
    """A statement that books the batch as one sum."""
    content = make_camt(state(0, [of_batch()], iban=iban))
    return without_iban(content) if iban == NUMBER else content


def counted(administration_id: UUID) -> list[tuple[str, int, str]]:
    """What is booked and counts, apart from what the two accounts began with."""
    with administration_scope(administration_id):
        lines = BankLine.objects.exclude(state__in=("detail", "split", "unplaced", "pending"))
        found = lines.exclude(cents=300).values_list("account__iban", "cents", "state")
        return sorted(found)


def split_on(iban: str, *, first: str = "unmatched") -> list[tuple[str, int, str]]:
    return [(iban, 5_000, "unmatched"), (iban, 12_100, first)]


def asked(administration_id: UUID) -> list[tuple[str, int]]:
    """The numbers that the page asks about, each with how many statements wait of it."""
    with administration_scope(administration_id):
        found = list_unplaced(list_bank_gaps(), list_accounts())
        return [(one.number, one.statements) for one in found]


def test_details_of_a_number_that_nobody_knows_wait_and_are_asked_about_once(both: UUID) -> None:
    bring(both, make_list(Listed("2026-0412", 12_100)))
    for new in (2, 0):
        (file,) = bring(both, details()).files
        assert (file.statements, file.lines, file.new_lines) == (1, 2, new)
        (told,) = file.problems
        assert told.because.nl.startswith(f"Dit afschrift noemt alleen het nummer {NUMBER}.")
    assert (counted(both), asked(both)) == ([], [(NUMBER, 1)])
    with administration_scope(both):
        assert [one.iban for one in list_accounts()] == [AT_ANOTHER_BANK, IBAN]
    place(both, IBAN)
    assert (counted(both), asked(both)) == ([], [])
    # They are details still: the sum that the bank books makes them count.
    bring(both, batch(IBAN), details())
    assert counted(both) == split_on(IBAN, first="matched")
    with administration_scope(both):
        assert find_fresh_until() == day(10)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_account_that_has_the_batch_has_its_details(both: UUID, order: Sequence[int]) -> None:
    """Also where they come twice, by number and by IBAN, and in whatever order."""
    files = [batch(AT_ANOTHER_BANK), details(), details(AT_ANOTHER_BANK)]
    bring(both, *(files[number] for number in order))
    bring(both, *files)
    assert counted(both) == split_on(AT_ANOTHER_BANK)
    assert asked(both) == []
    with administration_scope(both):
        assert BankLine.objects.filter(state="detail").count() == 0
        assert not Account.objects.filter(iban=NUMBER).exists()


def test_a_batch_that_came_before_asks_nothing(both: UUID) -> None:
    (file,) = bring(both, batch(IBAN), details()).files
    assert (file.new_lines, file.problems) == (2, [])
    assert counted(both) == split_on(IBAN)


def test_the_same_batch_on_both_accounts_is_for_a_person(both: UUID) -> None:
    bring(both, batch(IBAN), batch(AT_ANOTHER_BANK), details())
    assert asked(both) == [(NUMBER, 1)]
    place(both, AT_ANOTHER_BANK)
    assert counted(both) == sorted([(IBAN, 17_100, "unmatched"), *split_on(AT_ANOTHER_BANK)])


@pytest.mark.parametrize("details_first", [False, True])
def test_one_answer_places_a_batch_and_its_details(both: UUID, details_first: bool) -> None:
    files = [details(), batch(NUMBER)] if details_first else [batch(NUMBER), details()]
    bring(both, *files)
    assert (counted(both), asked(both)) == ([], [(NUMBER, 2)])
    place(both, AT_ANOTHER_BANK)
    assert counted(both) == split_on(AT_ANOTHER_BANK)
    bring(both, *files)
    assert (counted(both), asked(both)) == (split_on(AT_ANOTHER_BANK), [])


def test_an_account_of_its_own_has_both(both: UUID) -> None:
    bring(both, batch(NUMBER), details())
    place(both, None)
    assert (counted(both), asked(both)) == (split_on(NUMBER), [])


@pytest.mark.parametrize("wrong", [IBAN, None])
def test_details_on_another_account_go_to_their_batch(both: UUID, wrong: str | None) -> None:
    """A wrong answer, or an answer that another file makes wrong, loses nothing."""
    bring(both, details())
    place(both, wrong)
    bring(both, batch(AT_ANOTHER_BANK))
    assert counted(both) == split_on(AT_ANOTHER_BANK)


def test_details_that_were_taken_for_the_only_account_go_to_their_batch() -> None:
    administration_id = make_administration()
    bring(administration_id, by_iban(IBAN), details())
    bring(administration_id, by_iban(AT_ANOTHER_BANK), batch(AT_ANOTHER_BANK))
    assert counted(administration_id) == split_on(AT_ANOTHER_BANK)


def test_a_report_of_the_day_stays_a_report_once_its_account_is_known(both: UUID) -> None:
    """A camt.052 may call a movement booked; it counts once a statement books it."""
    entry = Entry(amount="121.00", booked_on=day(20), value_on=day(20), details=PAYMENTS[:1])
    report = make_camt(Statement(entries=[entry], iban=NUMBER), message="052")
    bring(both, without_iban(report))
    place(both, IBAN)
    with administration_scope(both):
        line = BankLine.objects.get(cents=12_100)
        assert (line.state, line.account.iban) == ("pending", IBAN)
        assert Stored.objects.get(id=line.statement_id).kind == "intraday"
        assert find_fresh_until() == day(10)
