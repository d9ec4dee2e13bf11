"""A debtor without a contact, which no code makes: unknown how to reach him, and no run stops."""

from uuid import UUID

import pytest
from tests.integration.case_office import REMIND_ON, find_ids, make_office, told
from tests.integration.office import make_debtor, make_record, take_in
from tests.integration.test_case_messages import live

from tijdig.dunning.queries.why import explain_day
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import Contact
from tijdig.messaging.composing import load_statement
from tijdig.tenants.scope import administration_scope

OTHER = make_debtor("1002", email="b@cafe.example", name="Ander")


@pytest.fixture
def office(database: None) -> UUID:
    administration = make_office()
    take_in(administration, make_record("2026-0500", debtor=OTHER))
    with administration_scope(administration):
        Contact.objects.filter(debtor__number="1001").delete()
    return administration


def test_the_others_are_reminded_and_his_decision_says_what_is_missing(office: UUID) -> None:
    assert live(office, REMIND_ON) == ["Herinnering factuur 2026-0500"]
    with administration_scope(office):
        why = explain_day("1001", on=REMIND_ON)
        assert why is not None
        assert why.reason == "no_address"
        statement = load_statement(find_ids()[0], written_on=REMIND_ON)
        assert statement is not None
        assert statement.total_cents == 12_100


def test_a_person_and_a_file_can_tell_how_to_reach_him(office: UUID) -> None:
    with administration_scope(office):
        change_contact(find_ids()[0], {"email": "nieuw@cafe.example"}, **told(REMIND_ON))
        Contact.objects.filter(debtor__number="1001").delete()
    take_in(office, make_record("2026-0501"), today=REMIND_ON)
    with administration_scope(office):
        assert Contact.objects.get(debtor__number="1001").email == "inkoop@cafe.example.nl"
