"""Money that went back to a customer by the bank is proposed as paid back, and counts once."""

from datetime import date
from uuid import UUID

from django.test import Client
from tests.integration.books import make_payment, make_statement, take
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_keeping import MONDAY
from tests.integration.test_kept_money_ends import keep_one

from tijdig.banking.queries import Refund, list_refunds
from tijdig.ledger.belongings.models import DebtorIban
from tijdig.ledger.models import Debtor
from tijdig.ledger.queries.kept_money import list_ends, list_kept_money
from tijdig.tenants.scope import administration_scope

IBAN, BACK_ON = "NL20INGB0001234567", date(2026, 3, 6)


def pay_back(administration: UUID, *, cents: int = 12_100, iban: str = IBAN) -> None:
    line = make_payment(-cents, "terugbetaling", on=BACK_ON, iban=iban)
    take(administration, make_statement(line), day=BACK_ON)


def know_account(administration: UUID) -> UUID:
    with administration_scope(administration):
        debtor = Debtor.objects.get(number="1001")
        DebtorIban.objects.get_or_create(administration_id=administration, debtor=debtor, iban=IBAN)
        return debtor.id


def find(administration: UUID, debtor_id: UUID) -> list[tuple[date, str]]:
    with administration_scope(administration):
        rows: tuple[Refund, ...] = list_refunds(debtor_id, cents=12_100, since=MONDAY)
        return [(one.booked_on, one.counter_iban) for one in rows]


def open_page(administration: UUID, item_id: UUID) -> tuple[Client, str, str]:
    client = sign_in(make_person(administration))
    address = f"/{slug_of(administration)}/tegoeden/{item_id}/"
    return client, address, client.get(address).content.decode()


def test_the_same_amount_to_his_account_is_proposed_and_recorded_once(
    administration: UUID,
) -> None:
    item_id, _ = keep_one(administration)
    debtor_id = know_account(administration)
    pay_back(administration)
    client, address, page = open_page(administration, item_id)
    assert "Is dit terugbetaald?" in page
    with administration_scope(administration):
        (refund,) = list_refunds(debtor_id, cents=12_100, since=MONDAY)
    assert f'name="end_id" value="{refund.line_id}"' in page
    sent = {
        "do": "refunded", "amount": "121,00", "on": f"{BACK_ON}", "end_id": f"{refund.line_id}"
    }  # fmt: skip
    assert 'name="amount" value="121,00"' in page
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    with administration_scope(administration):
        ends = [(one.kind, one.cents, one.on) for one in list_ends(item_id)]
        assert (ends, list_kept_money()) == ([("refunded", 12_100, BACK_ON)], ())
    assert find(administration, debtor_id) == []


def test_another_amount_or_account_is_not_proposed(administration: UUID) -> None:
    item_id, _ = keep_one(administration)
    debtor_id = know_account(administration)
    pay_back(administration, cents=12_000)
    pay_back(administration, iban="NL91ABNA0417164300")
    assert find(administration, debtor_id) == []
    assert "Is dit terugbetaald?" not in open_page(administration, item_id)[2]
