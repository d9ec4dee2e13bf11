"""A file that is made waits for a person: whoever pays meanwhile keeps it from the bank."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import make_statement, take
from tests.integration.collecting_office import (
    HAND_IN,
    PAYER_IBAN,
    START,
    approve,
    hand_over,
    live,
    make,
    make_one_due,
)
from tests.integration.people import make_person, sign_in, slug_of
from tests.plugs.camt_samples import Detail, Entry

from tijdig.banking.direct_debits.models import DebitBatch
from tijdig.core.problem import Sentence
from tijdig.dunning.actions.collection_files import explain_stale_file
from tijdig.tenants.scope import administration_scope

FETCH = "Haal het bestand op"


@pytest.fixture
def office(sink: SmtpSink) -> UUID:
    """One invoice due on the nineteenth, and the file that collects it."""
    made = make_one_due()
    live(made, START, START + timedelta(days=1))
    approve(made)
    make(made)
    return made


def stale(office: UUID) -> Sentence | None:
    with administration_scope(office):
        return explain_stale_file(DebitBatch.objects.get().id, today=HAND_IN)


def read(office: UUID, page: str = "") -> tuple[int, str]:
    with administration_scope(office):
        batch_id = DebitBatch.objects.get().id
    client = sign_in(make_person(office))
    answer = client.get(f"/{slug_of(office)}/incasso/{batch_id}/{page}")
    return answer.status_code, answer.content.decode()


def test_who_pays_after_the_file_was_made_is_told_before_it_is_fetched(office: UUID) -> None:
    assert stale(office) is None
    detail = Detail(texts=("factuur 2026-0412",), iban=PAYER_IBAN)
    paid = Entry("121.00", "CRDT", booked_on=HAND_IN, value_on=HAND_IN, details=(detail,))
    take(office, make_statement(paid), day=HAND_IN)
    told = stale(office)
    assert told is not None
    assert told.nl == (
        "Geef dit bestand niet aan de bank: intussen mag dit niet meer worden geïncasseerd:"
        " 2026-0412. Trek de batch in; de volgende run stelt de rest opnieuw voor."
    )
    status, page = read(office)
    assert (status, told.nl in page, FETCH in page) == (200, True, False)
    status, page = read(office, "bestand/")
    assert (status, told.nl in page, "pain.008" in page) == (409, True, False)


def test_a_file_whose_day_has_passed_is_not_fetched_to_be_given_to_the_bank(office: UUID) -> None:
    """The desk's own day is long after it."""
    assert (read(office)[1].count(FETCH), read(office, "bestand/")[0]) == (0, 409)


def test_what_the_bank_has_can_always_be_fetched(office: UUID) -> None:
    hand_over(office)
    status, content = read(office, "bestand/")
    assert (status, "pain.008" in content) == (200, True)
