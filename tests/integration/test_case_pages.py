"""What the pages of cases say when something is over, nothing is open, or somebody was first."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from tests.integration.case_office import told
from tests.integration.desk_day import desk_today
from tests.integration.office import make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.cases.actions import plans, promises, reasons
from tijdig.dunning.models import Outcome
from tijdig.ledger.models import Debtor, Invoice, OpenItem
from tijdig.tenants.scope import administration_scope

TODAY = desk_today()
PAST = TODAY - timedelta(days=30)


@pytest.fixture
def office(administration: UUID) -> tuple[UUID, Client, str]:
    take_in(administration, make_record(due_on=TODAY - timedelta(days=40)))
    return administration, sign_in(make_person(administration)), f"/{slug_of(administration)}"


def make_outcome(administration: UUID) -> str:
    """A debtor after his last demand, on whom somebody had to decide a month ago."""
    with administration_scope(administration):
        one = Outcome.objects.create(
            administration_id=administration,
            debtor_id=Debtor.objects.get().id,
            carrying_item_id=Invoice.objects.get().open_item_id,
            opened_on=PAST - timedelta(days=7),
            deadline_on=PAST,
        )
    return f"na-de-laatste-aanmaning/{one.id}/"


def test_a_deadline_that_passed_is_refused_beside_its_field_and_not_offered(
    office: tuple[UUID, Client, str],
) -> None:
    administration, client, start = office
    address = f"{start}/{make_outcome(administration)}"
    assert f'value="{TODAY}"' in client.get(address).content.decode()
    answer = client.post(address, {"do": "assign", "owner": "Sanne", "deadline_on": f"{PAST}"})
    assert answer.status_code == 422
    assert "een dag die nog komt" in answer.content.decode()


def test_taking_back_what_nobody_decided_is_refused_with_the_reason(
    office: tuple[UUID, Client, str],
) -> None:
    administration, client, start = office
    address = f"{start}/{make_outcome(administration)}"
    assert client.post(address, {"do": "end"}, HTTP_REFERER=address).status_code == 302
    assert "notice" in client.get(address).content.decode()


def test_a_promise_that_is_over_is_told_as_past(office: tuple[UUID, Client, str]) -> None:
    administration, client, start = office
    with administration_scope(administration):
        debtor_id = Debtor.objects.get().id
        promises.make(
            debtor_id=debtor_id, cents=12_100, on=PAST, **told(PAST - timedelta(days=5))
        )  # fmt: skip
        promises.settle(today=TODAY, now=told(TODAY)["now"])  # type: ignore[arg-type]
    page = client.get(f"{start}/bijzonderheden/?tab=promise").content.decode()
    assert "gebroken" in page
    assert "wij wachtten tot en met" in page


def test_a_reason_about_an_invoice_is_one_sentence_and_its_next_step(
    office: tuple[UUID, Client, str],
) -> None:
    administration, client, start = office
    with administration_scope(administration):
        one = Invoice.objects.get()
        debtor_id = Debtor.objects.get().id
        reasons.tell(debtor_id=debtor_id, invoice_id=one.id, kind="cannot_pay", **told(TODAY))
    page = client.get(f"{start}/bijzonderheden/?tab=reason").content.decode()
    assert "kan niet betalen, factuur 2026-0412. Hij krijgt een aanbod" in page


@pytest.mark.parametrize("kind", ["betwisting", "regeling", "uitstel"])
def test_where_nothing_is_open_there_is_nothing_to_choose(
    office: tuple[UUID, Client, str], kind: str
) -> None:
    administration, client, start = office
    with administration_scope(administration):
        OpenItem.objects.update(closed_on=TODAY)
    page = client.get(f"{start}/debiteuren/1001/bijzonderheden/{kind}/").content.decode()
    assert "staat geen factuur open" in page
    assert "<form" not in page.split("<main", 1)[1].split("</main>")[0]


def test_a_plan_names_its_invoices(office: tuple[UUID, Client, str]) -> None:
    administration, client, start = office
    take_in(administration, make_record("2026-0413", due_on=TODAY - timedelta(days=50)))
    with administration_scope(administration):
        plan_id = plans.agree(
            debtor_id=Debtor.objects.get().id,
            invoice_ids=list(Invoice.objects.values_list("id", flat=True)),
            count=3,
            first_on=TODAY + timedelta(days=10),
            **told(TODAY),
        )
    page = client.get(f"{start}/bijzonderheden/plan/{plan_id}/").content.decode()
    places = [page.find(f"/facturen/{number}/") for number in ("2026-0413", "2026-0412")]
    assert 0 < places[0] < places[1]
