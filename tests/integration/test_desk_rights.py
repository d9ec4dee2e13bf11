"""Who may open what: nobody without signing in, no stranger, and readers only read."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from django.urls import URLPattern, reverse
from tests.integration.office import make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of, visit

from tijdig.dunning.actions.run import run
from tijdig.dunning.models import Call
from tijdig.intake.queries import list_imports
from tijdig.messaging.queries import list_messages
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import administration_scope
from tijdig.web.clock import moment_now

DUE_ON = date(2026, 3, 14)
RUN_ON = date(2026, 3, 19)
HEADERS = {
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Office:
    """An administration with a row of every kind that a page shows."""

    administration_id: UUID
    slug: str
    addresses: dict[str, str]


DEBTOR_PAGES = (
    "debtor why contact cost-agreement debtor-kind claim-statement term standing-term"
    " dry-message dry-message-html dry-message-pdf mandates new-interruption"
    " interest-agreement"
).split()


@pytest.fixture
def office(administration: UUID) -> Office:
    """One overdue invoice, its reminder on hold, and the import that brought it."""
    take_in(administration, make_record("2026-0412", due_on=DUE_ON))
    run(administration, today=RUN_ON, now=moment_now())
    with administration_scope(administration):
        message = list_messages(tab="all", search="", after=None, limit=1)[0]
        imported = list_imports(after=None, limit=1)[0]
    slug = slug_of(administration)
    arguments: dict[str, dict[str, object]] = {
        **{name: {"number": "1001"} for name in DEBTOR_PAGES},
        "waive-claim": {"number": "1001", "line_id": new_id()},
        "lower-claim": {"number": "1001", "line_id": new_id()},
        "invoice": {"number": "2026-0412"},
        "document": {"document_id": new_id()},
        "interruption": {"act_id": new_id()},
        "interruption-file": {"act_id": new_id()},
        "account-confirmation": {"account_id": new_id()},
        "account-choice": {"account_id": new_id()},
        "gap-acceptance": {"statement_id": new_id()},
        "halt-answer": {"halt_id": new_id()},
        "message-answer": {"message_id": message.id},
        "message": {"message_id": message.id},
        "message-html": {"message_id": message.id},
        "receipt": {"message_id": message.id},
        "withdrawn-receipt": {"message_id": message.id},
        "corrected-posting": {"message_id": message.id},
        "discarded": {"message_id": message.id},
        "message-pdf": {"message_id": message.id},
        "mail": {"message_id": message.id},
        "mail-html": {"message_id": message.id},
        "import": {"import_id": imported.id},
        "import-receipt": {"import_id": imported.id},
        "call-outcome": {"call_id": new_id()},
        "list-source": {"source_id": new_id()},
        **{name: {"line_id": new_id()} for name in LINE_POSTS},
        "new-case": {"number": "1001", "kind": "betwisting"},
        "case": {"kind": "dispute", "case_id": new_id()},
        "outcome": {"outcome_id": new_id()},
        "kept-money": {"item_id": new_id()},
        "mandate-step": {"number": "1001", "mandate_id": new_id()},
        **{name: {"batch_id": new_id()} for name in BATCH_PAGES},
        "collecting-leave-out": {"line_id": new_id()},
        "collecting-again": {"line_id": new_id()},
    }
    names = [str(pattern.name) for pattern in list_patterns()]
    return Office(
        administration,
        slug,
        {name: reverse(name, kwargs={"slug": slug, **arguments.get(name, {})}) for name in names},
    )


def list_patterns() -> list[URLPattern]:
    """Every address of the desk, also one that is made after this test."""
    from tijdig.desk.urls import urlpatterns

    return list(urlpatterns)


BATCH_PAGES = ("collecting-batch", "collecting-step", "collecting-file")
LINE_POSTS = (
    "acceptance",
    "division",
    "keeping",
    "legal-division",
    "setting-aside",
    "line-note",
    "unmatching",
)
POSTS = frozenset(
    "call-outcome account-confirmation account-choice gap-acceptance halt-answer message-answer "
    "take-back audit-check acceptance division keeping legal-division setting-aside line-note "
    "unmatching debtor-kind waive-claim lower-claim term release receipt corrected-posting "
    "withdrawn-receipt "
    "discarded mandate-step collecting-step collecting-leave-out collecting-again "
    "list-source".split()
)
# Forms that stand on another page.
ELSEWHERE = frozenset("policy creditor run-hour".split())
# Nothing of this kind was made: the words are not frozen, no document came, it is no demo, and
# the next step is a call.
MISSING = frozenset(
    "document message-html message-pdf mailbox mail mail-html dry-message dry-message-html "
    "dry-message-pdf list-preview case outcome collecting-batch collecting-file interruption "
    "interruption-file kept-money".split()
)


def test_every_page_opens_for_a_member(office: Office) -> None:
    client = sign_in(make_person(office.administration_id))
    status = {name: client.get(address).status_code for name, address in office.addresses.items()}
    assert status == {name: find_status(name) for name in office.addresses}


def find_status(name: str) -> int:
    """What a page answers to a member who only looks."""
    if name in ELSEWHERE:
        return 302
    return 405 if name in POSTS else 404 if name in MISSING else 200


def test_what_is_sent_ends_on_another_page_or_did_nothing(office: Office) -> None:
    """Else loading the page again would send it once more."""
    client = sign_in(make_person(office.administration_id))
    sent = {name: client.post(address).status_code for name, address in office.addresses.items()}
    assert {name: one for name, one in sent.items() if one not in {302, 404, 405, 422}} == {}
    assert sum(one == 302 for one in sent.values()) >= 20


def test_what_answers_get_answers_head(office: Office) -> None:
    client = sign_in(make_person(office.administration_id))
    shown = {name: client.get(address) for name, address in office.addresses.items()}
    headed = {name: client.head(address) for name, address in office.addresses.items()}
    assert {name: (one.status_code, one.content) for name, one in headed.items()} == {
        name: (one.status_code, b"") for name, one in shown.items()
    }


def test_nobody_gets_in_without_signing_in(office: Office) -> None:
    client = visit()
    for name, address in office.addresses.items():
        for response in (client.get(address), client.post(address)):
            assert response.status_code in {302, 405}, name
            if response.status_code == 302:
                assert response["Location"].startswith("/aanmelden/?next="), name


def test_a_part_of_a_page_sends_the_whole_page_to_the_door(office: Office) -> None:
    """Else the door would stand in the middle of a list."""
    whole = f"http://localhost{office.addresses['debtors']}?tab=all"
    headers = {"HX-Request": "true", "HX-Current-URL": whole}
    response = visit().get(office.addresses["debtors"], {"q": "x"}, headers=headers)
    address = office.addresses["debtors"]
    assert (response.status_code, response["HX-Redirect"]) == (
        200,
        f"/aanmelden/?next={address}%3Ftab%3Dall",
    )


def test_a_stranger_sees_nothing(office: Office) -> None:
    client = sign_in(make_person(None))
    for name, address in office.addresses.items():
        assert client.get(address).status_code in {404, 405}, name
        assert client.post(address).status_code in {404, 405}, name


def test_a_member_of_another_administration_is_a_stranger(
    office: Office, administration: UUID
) -> None:
    from tests.integration.office import make_administration

    client = sign_in(make_person(make_administration()))
    assert client.get(office.addresses["debtor"]).status_code == 404
    assert administration == office.administration_id


def test_a_reader_changes_nothing(office: Office) -> None:
    client = sign_in(make_person(office.administration_id, role="reader"))
    for name, address in office.addresses.items():
        assert client.post(address).status_code in {403, 405}, name
    assert client.get(office.addresses["today"]).status_code == 200


def test_only_an_owner_changes_settings(office: Office) -> None:
    client = sign_in(make_person(office.administration_id, role="controller"))
    settings = "sending policy creditor run-hour match-limit acting policy-update interest-terms"
    for name in settings.split():
        assert client.post(office.addresses[name]).status_code == 403, name


def test_every_page_carries_the_guards(office: Office) -> None:
    client = sign_in(make_person(office.administration_id))
    for name, address in office.addresses.items():
        response = client.get(address)
        assert {header: response[header] for header in HEADERS} == HEADERS, name
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert "no-store" in response["Cache-Control"], name


def test_a_document_never_opens_in_our_own_pages(office: Office) -> None:
    from tijdig.web.downloads import make_download

    response = make_download(b"<script>", name="x.html", media_type="text/html")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="x.html"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_forged_form_is_refused(office: Office) -> None:
    user = make_person(office.administration_id)
    client = visit(checks_forgery=True)
    client.force_login(user)
    response = client.post(office.addresses["sending"], {"to": "on"})
    assert (response.status_code, "Deze pagina was verlopen" in response.content.decode()) == (
        403,
        True,
    )
    assert "CSRF" not in response.content.decode()


def test_a_call_of_another_administration_is_not_there(office: Office) -> None:
    from tests.integration.office import make_administration

    other = make_administration()
    take_in(other, make_record("2026-0500", due_on=date(2026, 2, 1)))
    for day in (date(2026, 2, 6), date(2026, 2, 17)):
        run(other, today=day, now=moment_now())
    with administration_scope(other):
        call_id = Call.objects.values_list("id", flat=True).get()
    client = sign_in(make_person(office.administration_id))
    address = reverse("call-outcome", kwargs={"slug": office.slug, "call_id": call_id})
    response = client.post(address, {"outcome": "reached", "note": ""})
    with administration_scope(other):
        assert Call.objects.get(id=call_id).outcome == ""
    assert response.status_code == 404
