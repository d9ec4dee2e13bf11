"""What a payer lists in his payment (RfrdDocInf), and payouts less a fee: each invoice its part."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from tests.integration.books import Listed, balances, make_list, make_statement, take
from tests.plugs.camt_samples import Detail, Entry

from tijdig.banking.models import BankLine
from tijdig.banking.proposals.queries import list_waiting, load_line
from tijdig.tenants.scope import administration_scope

FORTY = [f"2026-{n:04d}" for n in range(401, 441)]


def make_books(administration: UUID, numbers: Sequence[str]) -> None:
    take(administration, make_list(*(Listed(one, 12_100, debtor="1001") for one in numbers)))


def pay(cents: int, *listed: tuple[str, str, int], texts: Sequence[str] = ()) -> bytes:
    """One payment that lists documents: the kind, the number and the cents of each."""
    detail = Detail(
        texts=texts,
        documents=[number for _, number, _ in listed],
        document_cents=[(kind, f"{amount / 100:.2f}") for kind, _, amount in listed],
    )
    return make_statement(Entry(f"{cents / 100:.2f}", details=[detail]))


def test_forty_invoices_that_are_listed_are_paid_by_one_payment(administration: UUID) -> None:
    make_books(administration, FORTY)
    take(administration, pay(40 * 12_100, *(("CINV", one, 12_100) for one in FORTY)))
    assert balances(administration) == dict.fromkeys(FORTY, 0)


def test_a_listed_part_of_an_invoice_pays_that_part(administration: UUID) -> None:
    """Two invoices named together for less than both: the list says which of them stays open."""
    make_books(administration, FORTY[:2])
    take(administration, pay(20_100, ("CINV", FORTY[0], 8_000), ("CINV", FORTY[1], 12_100)))
    assert balances(administration) == {FORTY[0]: 4_100, FORTY[1]: 0}


def test_a_payout_less_its_fee_closes_its_invoices_and_leaves_nothing(administration: UUID) -> None:
    make_books(administration, FORTY[:2])
    details = [Detail(amount="121.00", texts=[f"factuur {one}"], iban="") for one in FORTY[:2]]
    take(administration, make_statement(Entry("241.30", charges="0.70", details=details)))
    assert balances(administration) == {FORTY[0]: 0, FORTY[1]: 0}
    with administration_scope(administration):
        rows = BankLine.objects.order_by("cents").values_list("cents", "state", "text")
        assert next(iter(rows)) == (-70, "outgoing", "Ingehouden kosten")


@pytest.mark.parametrize("listed", [8_000, 12_101])
def test_a_list_that_does_not_add_up_is_for_a_person(administration: UUID, listed: int) -> None:
    make_books(administration, FORTY[:2])
    take(administration, pay(20_100, ("CINV", FORTY[0], listed), ("CINV", FORTY[1], 3_000)))
    assert balances(administration) == {FORTY[0]: 12_100, FORTY[1]: 12_100}


def test_a_line_says_what_its_payer_wrote_and_nothing_else(administration: UUID) -> None:
    """What a line keeps besides its text is no text: the list of documents is not spelled out."""
    make_books(administration, FORTY[:1])
    take(administration, pay(5_000, ("CINV", "X-1", 5_000), texts=["dank"]))
    with administration_scope(administration):
        line_id = BankLine.objects.get().id
        (waiting,) = list_waiting([line_id])
        shown = load_line(line_id)
    assert waiting.payment.words == "dank X-1"
    assert waiting.payment.documents == (("X-1", 5_000),)
    assert shown is not None
    assert shown.words == "dank X-1"
