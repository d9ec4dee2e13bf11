"""Mandates: signed on paper or in a list, changed, withdrawn, and never twice."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from tests.integration.books import Listed, make_list, take
from tests.integration.collecting_office import (
    PAYER_IBAN,
    SIGNED_ON,
    make_collecting,
    make_stated,
    sign,
)
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in
from tests.plugs.list_samples import write_csv

from tijdig.banking.actions import mandates
from tijdig.banking.actions.mandates import StatedMandate, TakenIn
from tijdig.banking.direct_debits.models import DebitBatch, DebitLine, SepaMandate
from tijdig.banking.direct_debits.queries import list_mandates_of
from tijdig.banking.models import Account
from tijdig.core.problem import Problem, Refusal, Sentence
from tijdig.intake.queries import find_books_as_of
from tijdig.ledger.models import Debtor, Invoice
from tijdig.ledger.queries.kinds import find_debtors
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

TODAY = date(2026, 3, 2)
OTHER_IBAN = "NL02ABNA0123456789"
STATEMENTS = Path(__file__).parent.parent / "plugs" / "statements"


@pytest.fixture
def office(database: None) -> UUID:
    administration_id = make_collecting()
    take_in(administration_id, make_record(), make_record("2026-0413", debtor=make_debtor("1002")))
    return administration_id


def take_list(office: UUID, *stated: StatedMandate) -> TakenIn:
    with administration_scope(office):
        debtors = find_debtors({one.debtor_number for one in stated})
        return mandates.take_in(stated, debtors, today=TODAY, now=at(TODAY), actor="test")


def stated_for(number: str, **told: object) -> StatedMandate:
    return replace(make_stated(f"M-{number}", **told), debtor_number=number, place="regel 2")


def test_a_signed_mandate_stands_in_the_timeline_and_the_debtor_is_looked_at(
    office: UUID,
) -> None:
    with administration_scope(office):
        before = Debtor.objects.get(number="1001").facts_version
    mandate_id = sign(office, today=TODAY)
    with administration_scope(office):
        debtor = Debtor.objects.get(number="1001")
        row = list_mandates_of(debtor.id)[0]
        assert (row.id, row.reference, row.scheme, row.iban, row.signed_how) == (
            mandate_id,
            "M-1001",
            "core",
            PAYER_IBAN,
            "paper",
        )
        assert debtor.facts_version == before + 1
        told = Event.objects.get(kind="mandate_recorded", subject_id=mandate_id)
        assert told.data["nl"] == "Machtiging M-1001 (gewone incasso), getekend op 5 januari 2026."


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"iban": "NL20INGB0001234568"}, "IBAN"),
        ({"signed_on": date(2026, 3, 3)}, "3 maart 2026"),
        ({"scheme": "b2b"}, "zakelijk"),
        ({"holder": " "}, "naam"),
    ],
)
def test_what_the_rules_object_to_is_refused(
    office: UUID, told: dict[str, object], words: str
) -> None:
    with pytest.raises(Refusal) as refused:
        sign(office, today=TODAY, **told)
    assert words in refused.value.because.nl
    with administration_scope(office):
        assert SepaMandate.objects.count() == 0


def test_a_reference_is_unique_whatever_its_capitals(office: UUID) -> None:
    sign(office, today=TODAY)
    with pytest.raises(Refusal, match="kenmerk m-1001"):
        sign(office, "1002", today=TODAY, reference="m-1001")


def test_without_a_creditor_identifier_there_is_nothing_to_sign(database: None) -> None:
    administration_id = make_administration()
    take_in(administration_id, make_record())
    with pytest.raises(Refusal, match="incassant-ID"):
        sign(administration_id, today=TODAY)


def test_a_list_comes_in_row_by_row_and_once(office: UUID) -> None:
    rows = (stated_for("1001"), stated_for("1002", iban="NL1"), stated_for("1003"))
    assert take_list(office, *rows) == TakenIn(
        new=1,
        problems=[
            Problem(
                "regel 2",
                Sentence(
                    "Het rekeningnummer van de machtiging klopt niet. Vraag de betaler om zijn"
                    " IBAN.",
                    "The account number of the mandate is not right. Ask the payer for his IBAN.",
                ),
            ),
            Problem(
                "regel 2",
                Sentence(
                    "Debiteur 1003 is niet bekend. Lees eerst zijn facturen in.",
                    "Debtor 1003 is not known. Import his invoices first.",
                ),
            ),
        ],
    )
    assert take_list(office, stated_for("1001")) == TakenIn(unchanged=1)


def test_another_account_on_a_used_mandate_is_an_amendment(office: UUID) -> None:
    mandate_id = sign(office, today=TODAY)
    with administration_scope(office):
        SepaMandate.objects.filter(id=mandate_id).update(collected_times=1)
    assert take_list(office, stated_for("1001", iban=OTHER_IBAN)) == TakenIn(changed=1)
    with administration_scope(office):
        one = SepaMandate.objects.get(id=mandate_id)
        assert (one.iban, one.former_iban) == (OTHER_IBAN, PAYER_IBAN)


def test_another_day_of_signing_is_another_mandate(office: UUID) -> None:
    sign(office, today=TODAY)
    result = take_list(office, stated_for("1001", signed_on=date(2026, 2, 1)))
    assert (result.changed, len(result.problems)) == (0, 1)
    assert "eigen kenmerk" in result.problems[0].because.nl


def test_a_withdrawn_mandate_says_who_and_why_and_ends_once(office: UUID) -> None:
    mandate_id = sign(office, today=TODAY)
    told = {"today": TODAY, "now": at(TODAY), "actor": "Sanne"}
    with administration_scope(office):
        with pytest.raises(Refusal, match="waarom"):
            mandates.withdraw(mandate_id, because=" ", **told)  # type: ignore[arg-type]
        mandates.withdraw(mandate_id, because="De klant vroeg erom.", **told)  # type: ignore[arg-type]
        one = SepaMandate.objects.get(id=mandate_id)
        assert (one.withdrawn_on, one.withdrawn_by, one.withdrawn_because) == (
            TODAY,
            "Sanne",
            "De klant vroeg erom.",
        )
        with pytest.raises(Refusal, match="al ingetrokken"):
            mandates.withdraw(mandate_id, because="Nog eens.", **told)  # type: ignore[arg-type]
    assert SIGNED_ON < TODAY


def mandate_list(*rows: tuple[str, ...]) -> bytes:
    return write_csv([("Mandaatkenmerk", "Klantnummer", "IBAN", "Datum getekend"), *rows])


def test_a_list_comes_in_through_the_door_and_the_same_again_changes_nothing(
    office: UUID,
) -> None:
    content = mandate_list(
        ("M-1001", "1001", PAYER_IBAN, "05-01-2026"), ("M-9", "9999", PAYER_IBAN, "05-01-2026")
    )
    (outcome,) = take(office, content, day=TODAY).files
    assert (outcome.format, outcome.new, outcome.unchanged, outcome.rejected) == (
        "mandates",
        1,
        0,
        1,
    )
    assert [(one.place, one.because.nl) for one in outcome.problems] == [
        ("regel 3", "Debiteur 9999 is niet bekend. Lees eerst zijn facturen in.")
    ]
    (again,) = take(office, content, day=TODAY).files
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    with administration_scope(office):
        one = SepaMandate.objects.get()
        assert (one.reference, one.holder, one.signed_how) == (
            "M-1001",
            "Café Voorbeeld",
            "import",
        )


def test_invoices_and_mandates_come_in_together_in_whatever_order(office: UUID) -> None:
    content = mandate_list(("M-1005", "1005", PAYER_IBAN, "05-01-2026"))
    invoices = make_list(Listed("2026-0500", 12_100, debtor="1005"))
    outcomes = take(office, content, invoices, day=TODAY).files
    assert [(one.format, one.new, one.rejected) for one in outcomes] == [
        ("mandates", 1, 0),
        ("csv", 1, 0),
    ]


def test_without_a_creditor_identifier_a_list_is_refused_whole(database: None) -> None:
    administration_id = make_administration()
    take_in(administration_id, make_record())
    content = mandate_list(("M-1001", "1001", PAYER_IBAN, "05-01-2026"))
    (outcome,) = take(administration_id, content, day=TODAY).files
    assert (outcome.new, outcome.rejected) == (0, 1)
    assert "incassant-ID" in outcome.problems[0].because.nl


def test_only_what_comes_from_the_books_makes_them_fresh(office: UUID) -> None:
    with administration_scope(office):
        before = find_books_as_of()
    content = mandate_list(("M-1001", "1001", PAYER_IBAN, "05-01-2026"))
    take(office, content, (STATEMENTS / "abn_amro.sta").read_bytes(), day=date(2026, 6, 1))
    with administration_scope(office):
        assert find_books_as_of() == before


def test_a_collection_on_the_mandate_of_somebody_else_cannot_even_be_stored(office: UUID) -> None:
    sign(office, today=TODAY)
    mandate_id = sign(office, "1002", today=TODAY)
    with administration_scope(office):
        invoice = Invoice.objects.get(number="2026-0412")
        batch = DebitBatch.objects.create(
            administration_id=office,
            account=Account.objects.get(),
            collect_on=TODAY,
            scheme="core",
            sequence="RCUR",
            message_id="B",
        )
        with pytest.raises(IntegrityError, match="tijdig_debitline_mandate_id_composite"):
            DebitLine.objects.create(
                administration_id=office,
                batch=batch,
                mandate_id=mandate_id,
                debtor=Debtor.objects.get(number="1001"),
                item_id=invoice.open_item_id,
                cents=100,
                end_to_end_id="E",
            )
        connection.set_rollback(True)
