"""Letters of a plan, a case and a collection wait for the post as letters that may be posted."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.case_office import REMIND_ON, find_ids, make_office, open_plan, told
from tests.integration.collecting_office import DUE, START, make_collecting, sign
from tests.integration.collecting_office import live as live_collecting
from tests.integration.office import make_debtor, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_case_messages import live
from tests.integration.test_plans_at_rest import AGREED, NOTICE_ON

from tijdig.banking.direct_debits.models import DebitBatch
from tijdig.cases.actions import plans, reasons
from tijdig.cases.models import Plan
from tijdig.core.tray import TrayReason
from tijdig.dunning.actions import creditor
from tijdig.dunning.queries.tray import find_outdated
from tijdig.ledger.models import Contact, Debtor
from tijdig.messaging.models import Message
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import administration_scope

APART = "niet posten"
NEW_IBAN = "NL44RABO0123456789"


@pytest.fixture
def office(database: None) -> UUID:
    """An office whose customer has no e-mail address."""
    administration = make_office()
    with administration_scope(administration):
        Contact.objects.update(email="")
    return administration


def judge_last(office: UUID, step: str, day: date) -> TrayReason | None:
    """Why the letter that was printed last should not be posted on this day."""
    with administration_scope(office):
        letter = Message.objects.latest("id")
        assert (letter.channel, letter.state) == ("letter", "accepted")
        assert step in letter.step_key
        return find_outdated([letter.id], today=day).get(letter.id)


def read_tray(office: UUID) -> str:
    client = sign_in(make_person(office))
    return client.get(f"/{slug_of(office)}/berichten/post/").content.decode()


def change_account(office: UUID, iban: str, day: date) -> None:
    with administration_scope(office):
        creditor.change({"iban": iban}, **told(day))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_letter_with_an_account_that_was_changed_since_is_set_apart(
    office: UUID, language: str
) -> None:
    with administration_scope(office):
        Debtor.objects.update(language=language)
        old_iban = load_administration().iban
    live(office, REMIND_ON)
    assert judge_last(office, "reminder", REMIND_ON) is None
    change_account(office, NEW_IBAN, REMIND_ON)
    assert judge_last(office, "reminder", REMIND_ON) == "other_account"
    assert "er staat een oud rekeningnummer in: niet posten" in read_tray(office)
    change_account(office, old_iban, REMIND_ON)
    assert judge_last(office, "reminder", REMIND_ON) is None


def test_the_letters_of_a_plan_are_not_set_apart_while_it_runs(office: UUID) -> None:
    with administration_scope(office):
        open_plan(AGREED)
    live(office, AGREED)
    assert judge_last(office, "confirmed", AGREED) is None
    assert APART not in read_tray(office)
    live(office, NOTICE_ON)
    assert judge_last(office, "notice", NOTICE_ON) is None
    with administration_scope(office):
        plans.end(Plan.objects.get().id, because="afgesproken", **told(NOTICE_ON))
    assert judge_last(office, "notice", NOTICE_ON) == "stopped"
    assert APART in read_tray(office)


def test_an_offer_by_letter_about_one_invoice_is_not_set_apart_until_it_is_dealt_with(
    office: UUID,
) -> None:
    with administration_scope(office):
        debtor_id, invoice_id = find_ids()
        one = reasons.tell(
            debtor_id=debtor_id, kind="cannot_pay", invoice_id=invoice_id, **told(REMIND_ON)
        )
    live(office, REMIND_ON)
    assert judge_last(office, "case", REMIND_ON) is None
    with administration_scope(office):
        reasons.withdraw(one, **told(REMIND_ON))
    assert judge_last(office, "case", REMIND_ON) == "stopped"


def test_an_announcement_by_letter_is_not_set_apart_while_the_collection_stands(
    sink: SmtpSink,
) -> None:
    office = make_collecting()
    take_in(office, make_record(due_on=DUE, debtor=replace(make_debtor(), email="")))
    sign(office, today=START)
    live_collecting(office, START)
    assert judge_last(office, "debit", START) is None
    # It names the account of the customer, and none of ours.
    change_account(office, NEW_IBAN, START)
    assert judge_last(office, "debit", START) is None
    with administration_scope(office):
        DebitBatch.objects.update(collect_on=date(2026, 4, 1))
    assert judge_last(office, "debit", START) == "stopped"
