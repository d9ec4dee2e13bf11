"""What is in the audit trail, who seals it, and what the page says of it."""

from uuid import UUID

from django.urls import reverse
from proof.tampering import as_owner
from tests.integration.books import Listed, make_list, take
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.tenants.queries import list_administrations_to_seal
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event


def events_of(administration: UUID) -> list[tuple[str, object]]:
    with administration_scope(administration):
        return list(Event.objects.order_by("id").values_list("kind", "data"))


def test_a_file_leaves_its_content_and_its_counts(administration: UUID) -> None:
    content = make_list(Listed("2026-0001", 12_100))
    take(administration, content)
    (event,) = [data for kind, data in events_of(administration) if kind == "file_imported"]
    assert isinstance(event, dict)
    assert (event["format"], event["new"], len(str(event["content"]))) == ("csv", 1, 64)


def test_another_account_of_the_creditor_is_kept_before_and_after(administration: UUID) -> None:
    client = sign_in(make_person(administration, role="owner"))
    address = reverse("creditor", kwargs={"slug": slug_of(administration)})
    told = {"name": "Bakkerij Anders", "iban": "NL20 INGB 0001 2345 67"}
    assert client.post(address, told).status_code == 302
    ((kind, data),) = events_of(administration)
    assert kind == "creditor_changed"
    assert isinstance(data, dict)
    assert data["changes"]["iban"] == ["NL91ABNA0417164300", "NL20INGB0001234567"]


def test_the_page_tells_the_latest_check_and_where_it_is_wrong(administration: UUID) -> None:
    client = sign_in(make_person(administration, role="owner"))
    page = reverse("settings", kwargs={"slug": slug_of(administration)})
    button = reverse("audit-check", kwargs={"slug": slug_of(administration)})
    assert "Controle: nog niet gedaan" in client.get(page).content.decode()
    take(administration, make_list(Listed("2026-0001", 12_100)))
    seal_now(administration)
    assert "regel in orde t/m" in client.get(page).content.decode()
    with as_owner() as ask:
        ask("UPDATE tijdig_event SET actor = 'x' WHERE administration_id = %s", [administration])
    client.post(button)
    assert "niet in orde bij zegel 1, regel 1" in client.get(page).content.decode()


def test_who_may_only_read_cannot_start_a_check(administration: UUID) -> None:
    client = sign_in(make_person(administration, role="reader"))
    button = reverse("audit-check", kwargs={"slug": slug_of(administration)})
    assert client.post(button).status_code == 403
    assert events_of(administration) == []


def test_only_administrations_in_which_something_happened_are_sealed(administration: UUID) -> None:
    assert administration not in list_administrations_to_seal()
    take(administration, make_list(Listed("2026-0001", 12_100)))
    assert administration in list_administrations_to_seal()
    seal_now(administration)
    # The check of the day is an event too.
    assert administration in list_administrations_to_seal()
    seal_now(administration)
    assert administration not in list_administrations_to_seal()


def seal_now(administration: UUID) -> None:
    """As the worker does, a minute later."""
    from tijdig.config.tasks import seal_events

    seal_events(administration_id=str(administration))
