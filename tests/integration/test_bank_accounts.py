"""Which own account a statement is of, where it names a number that ends more than one IBAN.

What waits for a person is in test_bank_unplaced.py.
"""

from uuid import UUID

import pytest
from tests.integration.office import make_administration
from tests.integration.test_bank_once import TODAY, bring, day, pay, state
from tests.plugs.camt_samples import make_camt
from tests.plugs.mt940_samples import SHAPES, Paid, write_mt940, write_mt942

from tijdig.banking.models import Account, BankLine
from tijdig.tenants.scope import administration_scope

pytestmark = pytest.mark.usefixtures("database")

# ABN AMRO names the account by its number alone, and so does the intraday report here.
NUMBER, IBAN, AT_ANOTHER_BANK = "417164300", "NL91ABNA0417164300", "NL44RABO0417164300"
WEEK = [Paid(day(number), 1_000 + number, f"FACTUUR {number}") for number in range(4)]
BY_NUMBER = write_mt940(SHAPES["ABN AMRO"], 10_000, WEEK[:2])
LONGER = write_mt940(SHAPES["ABN AMRO"], 10_000, WEEK)
LATER = write_mt940(SHAPES["ABN AMRO"], 90_000, [Paid(day(20), 700, "FACTUUR 20")])
WITHOUT_LINES = (
    f"ABNANL2A\n940\nABNANL2A\n:20:ABN AMRO BANK NV\n:25:{NUMBER}\n:28:06201/1\n"
    ":60F:C260310EUR100,00\n:62F:C260310EUR100,00\n-\n"
).encode()
ANNOUNCED = write_mt942(WEEK[:1], account=NUMBER, payer="NL20INGB0001234567")


def by_iban(iban: str) -> bytes:
    return make_camt(state(500_000, [pay(300, "rente", day(10))], iban=iban))


def make_both() -> UUID:
    """An office with two accounts of the same number, at two banks."""
    administration_id = make_administration()
    bring(administration_id, by_iban(IBAN), by_iban(AT_ANOTHER_BANK))
    return administration_id


def accounts(administration_id: UUID) -> list[str]:
    with administration_scope(administration_id):
        return list(Account.objects.order_by("iban").values_list("iban", flat=True))


@pytest.mark.parametrize(
    "content", [BY_NUMBER, WITHOUT_LINES, ANNOUNCED], ids=["lines", "no lines", "announced"]
)
def test_a_file_again_is_of_the_account_that_it_was_of(content: bytes) -> None:
    administration_id = make_administration()
    bring(administration_id, content, by_iban(IBAN), by_iban(AT_ANOTHER_BANK))
    with administration_scope(administration_id):
        known = sorted(BankLine.objects.values_list("account__iban", "cents"))
    (again,) = bring(administration_id, content).files
    assert (again.new_lines, again.already_on) == (0, TODAY)
    assert [one.because.nl for one in again.problems] == []
    assert accounts(administration_id) == [AT_ANOTHER_BANK, IBAN]
    with administration_scope(administration_id):
        assert sorted(BankLine.objects.values_list("account__iban", "cents")) == known


def test_a_longer_statement_is_of_the_account_that_has_its_first_days() -> None:
    administration_id = make_administration()
    bring(administration_id, BY_NUMBER, by_iban(IBAN), by_iban(AT_ANOTHER_BANK))
    (longer,) = bring(administration_id, LONGER).files
    assert longer.new_lines == 2
    with administration_scope(administration_id):
        found = BankLine.objects.filter(account__iban=IBAN).order_by("cents")
        assert list(found.values_list("cents", flat=True)) == [300, 1_000, 1_001, 1_002, 1_003]


def test_the_bank_that_wrote_it_tells_which_account_it_is() -> None:
    administration_id = make_administration()
    bring(administration_id, by_iban(IBAN), by_iban(AT_ANOTHER_BANK))
    (later,) = bring(administration_id, LATER).files
    assert (later.new_lines, later.problems) == (1, [])
    with administration_scope(administration_id):
        assert BankLine.objects.get(cents=700).account.iban == IBAN
