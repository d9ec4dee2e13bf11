"""The page of a mandate that stops: which files still hold it, and what to do about those."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.collecting_office import (
    HAND_IN,
    START,
    approve,
    collected,
    hand_over,
    live,
    make,
    make_one_due,
    told,
)
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.banking.actions import debits, mandates
from tijdig.banking.direct_debits.models import DebitBatch, SepaMandate
from tijdig.tenants.scope import administration_scope

IN_A_FILE = "Factuur 2026-0412 staat nog in het bestand voor 19 maart 2026."
WITH_THE_BANK = "De bank heeft de incasso van factuur 2026-0412 voor 19 maart 2026 al."


@pytest.fixture
def office(sink: SmtpSink) -> UUID:
    """One invoice due on the nineteenth, of a debtor with a mandate; its file is made."""
    administration_id = make_one_due()
    live(administration_id, START, START + timedelta(days=1))
    approve(administration_id)
    make(administration_id)
    return administration_id


def read_page(office: UUID) -> str:
    client = sign_in(make_person(office))
    page = client.get(f"/{slug_of(office)}/debiteuren/1001/machtigingen/").content.decode()
    return " ".join(page.split())


def withdraw(office: UUID) -> None:
    with administration_scope(office):
        mandate_id = SepaMandate.objects.get().id
        mandates.withdraw(mandate_id, because="opgezegd", **told(HAND_IN))


def test_a_withdrawn_mandate_names_the_file_that_waits(office: UUID) -> None:
    assert IN_A_FILE not in read_page(office)
    withdraw(office)
    page = read_page(office)
    assert IN_A_FILE in page
    assert "Geef dat bestand niet aan uw bank: trek die batch in." in page
    with administration_scope(office):
        batch_id = DebitBatch.objects.get().id
        assert f"/incasso/{batch_id}/" in page
        debits.withdraw_batch(batch_id, because="machtiging weg", **told(HAND_IN))
    assert IN_A_FILE not in read_page(office)


def test_what_the_bank_has_is_asked_back_there(office: UUID) -> None:
    hand_over(office)
    assert WITH_THE_BANK not in read_page(office)
    withdraw(office)
    assert WITH_THE_BANK in read_page(office)
    collected(office)
    assert WITH_THE_BANK not in read_page(office)
