"""The tabs of Bijzonderheden: what an empty one says, what each costs, and late kept money."""

from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.integration.books import make_payment, make_statement, take
from tests.integration.case_office import find_ids, make_office, told
from tests.integration.desk_day import desk_today
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.banking.actions import keeping
from tijdig.banking.models import BankLine
from tijdig.cases.actions import disputes
from tijdig.core.calendar import add_working_days
from tijdig.core.kept_money import KEPT_MONEY_WORKING_DAYS, compute_kept_money_deadline
from tijdig.tenants.scope import administration_scope

FRIDAY = date(2026, 3, 20)


@pytest.fixture
def office(database: None) -> UUID:
    return make_office()


def read(administration: UUID, path: str) -> str:
    client = sign_in(make_person(administration))
    return client.get(f"/{slug_of(administration)}/{path}").content.decode()


@pytest.mark.parametrize(
    ("tab", "says"),
    [
        ("money", "Een tegoed komt hier vanzelf, als een klant te veel of dubbel betaalt."),
        ("outcome", "Wie na de laatste aanmaning niet betaalt, komt hier vanzelf."),
        (
            "credit",
            "Wat u een klant bij een betwisting toezegt, staat hier tot de creditnota er is.",
        ),
        ("answer", "Een antwoord op een betwisting staat hier tot de klant het krijgt."),
        ("dispute", "Leg een bijzonderheid vast op de pagina van de debiteur."),
    ],
)
def test_an_empty_tab_says_where_it_comes_from(office: UUID, tab: str, says: str) -> None:
    page = read(office, f"bijzonderheden/?tab={tab}")
    assert "Hier staat niets" in page
    assert says in page
    assert ("op de pagina van de debiteur" in page) == (tab == "dispute")


def test_the_cases_are_loaded_once_for_the_tab_and_its_counts(office: UUID) -> None:
    with administration_scope(office):
        _, invoice_id = find_ids()
        disputes.open(invoice_id=invoice_id, cents=2_100, category="price", **told(FRIDAY))
    client, slug = sign_in(make_person(office)), slug_of(office)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/{slug}/bijzonderheden/?tab=dispute").content.decode()
    assert "factuur 2026-0412" in page
    loads = [one for one in asked.captured_queries if "FROM tijdig_dispute c" in one["sql"]]
    assert len(loads) == 1


def test_kept_money_is_dealt_with_within_ten_working_days() -> None:
    assert KEPT_MONEY_WORKING_DAYS == 10
    # Good Friday and Easter Monday are no working days.
    assert compute_kept_money_deadline(FRIDAY) == date(2026, 4, 7)


def keep(administration: UUID, on: date) -> None:
    line = make_payment(5_000, "dank", on=on, iban="NL20INGB0001234567")
    take(administration, make_statement(line), day=on)
    with administration_scope(administration):
        line_id = BankLine.objects.get(state="unmatched").id
        keeping.keep(line_id, find_ids()[0], remember=False, **told(on))


def test_kept_money_has_a_deadline_and_is_late_after_it(office: UUID) -> None:
    today = desk_today()
    keep(office, add_working_days(today, -(KEPT_MONEY_WORKING_DAYS + 2)))
    deadline = compute_kept_money_deadline(add_working_days(today, -(KEPT_MONEY_WORKING_DAYS + 2)))
    page = read(office, "bijzonderheden/?tab=money")
    assert f'<span class="late">verreken of betaal terug uiterlijk op {deadline:%d-%m-%Y}' in page
    assert "1 is te laat." in read(office, "vandaag/")


def test_kept_money_of_today_is_not_late(office: UUID) -> None:
    today = desk_today()
    keep(office, today)
    page = read(office, "bijzonderheden/?tab=money")
    assert (
        f"verreken of betaal terug uiterlijk op {compute_kept_money_deadline(today):%d-%m-%Y}"
        in page
    )
    assert '<span class="late">verreken' not in page
    vandaag = read(office, "vandaag/")
    assert "Tegoed van een klant" in vandaag
    assert "te laat." not in vandaag
