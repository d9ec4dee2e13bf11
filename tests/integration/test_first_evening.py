"""What an owner meets on the first evening: settings that are checked, and pages without rows."""

from datetime import date, time
from uuid import UUID

import pytest
from django.urls import reverse
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.core.policy import DEFAULT_POLICY
from tijdig.dunning.actions import policies
from tijdig.dunning.actions.run import run
from tijdig.tenants.actions import make_administration as make_books
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import administration_scope

RIGHT = {
    "name": "Bakkerij Anders",
    "iban": "NL20 INGB 0001 2345 67",
    "kvk_number": "12 34 56 78",
    "vat_number": "nl 0044.95.445.b01",
    "website": "www.bakkerij.example.nl/contact",
}


@pytest.mark.parametrize(
    ("field", "told", "because"),
    [
        ("iban", "NL91ABNA0417164301", "Dit IBAN klopt niet"),
        ("iban", "NL00 0000", "Dit IBAN klopt niet"),
        ("kvk_number", "12", "Een KvK-nummer heeft acht cijfers"),
        ("kvk_number", "00000000", "Een KvK-nummer heeft acht cijfers"),
        ("vat_number", "NL1", "Dit btw-nummer klopt niet"),
        ("website", "javascript:alert(1)", "Vul een adres in"),
        ("website", "onze site", "Vul een adres in"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_changes(
    administration: UUID, field: str, told: str, because: str
) -> None:
    client = sign_in(make_person(administration))
    address = reverse("creditor", kwargs={"slug": slug_of(administration)})
    response = client.post(address, {**RIGHT, field: told})
    with administration_scope(administration):
        kept = load_administration()
    assert (response.status_code, because in response.content.decode()) == (422, True)
    assert (kept.iban, kept.name != RIGHT["name"]) == ("NL91ABNA0417164300", True)


def test_what_people_write_with_spaces_is_kept_as_it_is_meant(administration: UUID) -> None:
    client = sign_in(make_person(administration))
    address = reverse("creditor", kwargs={"slug": slug_of(administration)})
    assert client.post(address, RIGHT).status_code == 302
    with administration_scope(administration):
        kept = load_administration()
    assert {name: getattr(kept, name) for name in RIGHT} == {
        "name": "Bakkerij Anders",
        "iban": "NL20INGB0001234567",
        "kvk_number": "12345678",
        "vat_number": "NL004495445B01",
        "website": "www.bakkerij.example.nl/contact",
    }


def test_an_amount_in_the_limits_has_two_decimals(administration: UUID) -> None:
    client = sign_in(make_person(administration))
    page = client.get(reverse("settings", kwargs={"slug": slug_of(administration)}))
    assert 'value="5,00"' in page.content.decode()


def test_a_missing_account_number_is_asked_for_before_a_message_is_refused(
    database: None,
) -> None:
    administration = make_books("zonder-iban", "Klusbedrijf Voorbeeld", told={"run_at": time(8)})
    with administration_scope(administration):
        policies.adopt(DEFAULT_POLICY, now=at(date(2026, 1, 1)), actor="test")
    take_in(administration, make_record(due_on=date(2026, 2, 2)))
    client = sign_in(make_person(administration))
    kwargs = {"slug": "zonder-iban"}
    today = client.get(reverse("today", kwargs=kwargs)).content.decode()
    assert "Uw rekeningnummer ontbreekt" in today
    start = reverse("dry-run", kwargs=kwargs) + "?tab=all"
    address = reverse("dry-message", kwargs={**kwargs, "number": "1001"}) + "?dag=2026-02-09"
    refused = client.get(address, headers={"Referer": f"http://localhost{start}"})
    words = refused.content.decode()
    assert (refused.status_code, f'href="{start}">Terug' in words) == (409, True)
    away = client.get(address, headers={"Referer": "http://elders.example//kwaad"})
    assert "Terug" not in away.content.decode()


def test_an_empty_tab_does_not_send_an_office_with_invoices_to_the_import(
    administration: UUID,
) -> None:
    take_in(administration, make_record())
    client = sign_in(make_person(administration))
    kwargs = {"slug": slug_of(administration)}
    found = {}
    for page in ("debtors", "invoices"):
        for tab in ("attention", "all"):
            words = client.get(reverse(page, kwargs=kwargs), {"tab": tab}).content.decode()
            found[page, tab] = ("Bij Alles staan ook de andere" in words, "Naar Import" in words)
    assert found == {
        ("debtors", "attention"): (True, False),
        ("debtors", "all"): (False, False),
        ("invoices", "attention"): (True, False),
        ("invoices", "all"): (False, False),
    }


def test_a_run_of_nobody_has_no_list_of_reasons(administration: UUID) -> None:
    run(administration, today=date(2026, 3, 19), now=at(date(2026, 3, 19)))
    client = sign_in(make_person(administration))
    page = client.get(reverse("today", kwargs={"slug": slug_of(administration)}))
    assert "Waarom, per reden" not in page.content.decode()
