"""What the pages say, and how many statements they need for it."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.integration.desk_day import desk_today
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.core.calendar import next_working_day
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.dunning.actions import policies
from tijdig.dunning.actions.run import run
from tijdig.dunning.models import Call, Decision
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.queries.cards import find_debtor
from tijdig.tenants.scope import administration_scope

DUE_ON = date(2026, 3, 14)
RUN_ON = date(2026, 3, 19)
LATER = date(2026, 4, 2)


def count_statements(administration_id: UUID, address: str) -> int:
    """The SQL statements of one page; the person is new each time, so nothing is kept."""
    client = sign_in(make_person(administration_id))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "page", ["today", "debtors", "invoices", "messages", "imports", "payments"]
)
def test_a_list_needs_as_many_statements_for_three_rows_as_for_one(
    administration: UUID, page: str
) -> None:
    address = reverse(page, kwargs={"slug": slug_of(administration)}) + "?tab=all"
    take_in(administration, make_record("2026-1", due_on=DUE_ON))
    run(administration, today=RUN_ON, now=at(RUN_ON))
    one = count_statements(administration, address)
    for number in ("1002", "1003"):
        debtor = make_debtor(number, name=f"Debiteur {number}")
        take_in(administration, make_record(f"2026-{number}", due_on=DUE_ON, debtor=debtor))
    run(administration, today=RUN_ON, now=at(RUN_ON))
    assert count_statements(administration, address) == one


def test_the_list_says_in_one_sentence_what_was_decided(administration: UUID) -> None:
    address = reverse("debtors", kwargs={"slug": slug_of(administration)})
    take_in(administration, make_record("2026-1", due_on=DUE_ON))
    client = sign_in(make_person(administration))
    assert "Nog niet bekeken." in client.get(address).content.decode()
    run(administration, today=RUN_ON, now=at(RUN_ON))
    with administration_scope(administration):
        said = Decision.objects.get().because_nl.replace("€ ", "€\N{NO-BREAK SPACE}")
    assert "factuur 2026-1" in said
    page = client.get(address).content.decode()
    assert said in page
    assert f"<small>{RUN_ON:%d-%m-%Y}</small>" in page


def test_the_debtor_page_needs_as_many_statements_for_three_invoices(administration: UUID) -> None:
    address = reverse("debtor", kwargs={"slug": slug_of(administration), "number": "1001"})
    take_in(administration, make_record("2026-1", due_on=DUE_ON))
    run(administration, today=RUN_ON, now=at(RUN_ON))
    one = count_statements(administration, address)
    take_in(administration, make_record("2026-2"), make_record("2026-3"))
    assert count_statements(administration, address) == one


def test_waarom_says_what_held_then_after_everything_has_changed(administration: UUID) -> None:
    take_in(administration, make_record("2026-0412", due_on=DUE_ON))
    run(administration, today=RUN_ON, now=at(RUN_ON))
    with administration_scope(administration):
        card = find_debtor("1001")
        assert card is not None
        changes = {"email": "nieuw@cafe.example.nl"}
        change_contact(card.id, changes, today=LATER, now=at(LATER), actor="Sanne")
        limits = {"min_gap_days": 21}
        policies.change(limits, today=LATER, now=at(LATER), actor="Sanne")
    run(administration, today=LATER, now=at(LATER))
    address = reverse("why", kwargs={"slug": slug_of(administration), "number": "1001"})
    client = sign_in(make_person(administration))
    then = client.get(address, {"dag": "2026-03-19"}).content.decode()
    now = client.get(address, {"dag": "2026-04-02"}).content.decode()
    assert "Herinnering per e-mail: factuur 2026-0412" in then
    assert "inkoop@cafe.example.nl" in then
    assert "nieuw@cafe.example.nl" not in then
    assert "nieuw@cafe.example.nl" in now
    assert ">Dagen tussen twee contacten</th><td>7</td>" in then
    assert ">Dagen tussen twee contacten</th><td>21</td>" in now


def test_waarom_says_that_what_was_only_rehearsed_did_not_go_out(database: None) -> None:
    notes = []
    for sending in (False, True):
        administration = make_administration(sending=sending)
        take_in(administration, make_record("2026-0412", due_on=DUE_ON))
        for day in (RUN_ON, LATER):
            run(administration, today=day, now=at(day))
        address = reverse("why", kwargs={"slug": slug_of(administration), "number": "1001"})
        page = sign_in(make_person(administration)).get(address, {"dag": f"{LATER}"})
        notes.append("is alleen bedacht en niet de deur uitgegaan" in page.content.decode())
    assert notes == [True, False]


def test_vandaag_tells_of_the_run_of_today_after_a_rehearsal_of_a_later_day(
    administration: UUID,
) -> None:
    today = desk_today()
    take_in(administration, make_record("2026-0412", due_on=today - timedelta(days=9)))
    for day in (today + timedelta(days=20), today):
        run(administration, today=day, now=at(today))
    address = reverse("today", kwargs={"slug": slug_of(administration)})
    page = sign_in(make_person(administration)).get(address).content.decode()
    assert "Vandaag om " in page
    assert "De run van vandaag begint" not in page


def test_vandaag_says_when_what_is_foretold_goes_out(administration: UUID) -> None:
    today = desk_today()
    next_on = next_working_day(today + timedelta(days=1))
    take_in(administration, make_record("2026-0412", due_on=next_on - timedelta(days=5)))
    address = reverse("today", kwargs={"slug": slug_of(administration)})
    page = sign_in(make_person(administration)).get(address).content.decode()
    is_tomorrow = today + timedelta(days=1) == next_on
    assert ("Morgen gaan deze berichten uit</h2>" in page) is is_tomorrow
    assert ("gaat dit uit</h2>" in page) is not is_tomorrow


def test_vandaag_says_that_nothing_goes_out_where_nothing_is_foretold(administration: UUID) -> None:
    today = desk_today()
    take_in(administration, make_record("2026-0412", due_on=today + timedelta(days=60)))
    address = reverse("today", kwargs={"slug": slug_of(administration)})
    page = sign_in(make_person(administration)).get(address).content.decode()
    assert "gaat er niets uit</h2>" in page
    assert "gaat dit uit" not in page


def test_waarom_before_the_first_look_says_that_there_is_none(administration: UUID) -> None:
    take_in(administration, make_record("2026-0412", due_on=DUE_ON))
    address = reverse("why", kwargs={"slug": slug_of(administration), "number": "1001"})
    page = sign_in(make_person(administration)).get(address, {"dag": "2020-01-01"})
    assert "Voor deze dag is er geen besluit" in page.content.decode()


def test_the_debtor_page_shows_the_past_and_what_is_to_come(administration: UUID) -> None:
    take_in(administration, make_record("2026-0412", due_on=DUE_ON))
    run(administration, today=RUN_ON, now=at(RUN_ON))
    address = reverse("debtor", kwargs={"slug": slug_of(administration), "number": "1001"})
    page = sign_in(make_person(administration)).get(address).content.decode()
    assert "Herinnering per e-mail" in page
    assert "in de wacht" in page
    assert "Komt nog, als er niets verandert" in page
    assert "Laatste aanmaning per e-mail" in page


def test_a_debtor_number_with_a_slash_has_a_page(administration: UUID) -> None:
    debtor = make_debtor("NL/07~x")
    take_in(administration, make_record("F/2026.1", debtor=debtor))
    client = sign_in(make_person(administration))
    slug = slug_of(administration)
    for address in (
        reverse("debtor", kwargs={"slug": slug, "number": "NL/07~x"}),
        reverse("invoice", kwargs={"slug": slug, "number": "F/2026.1"}),
    ):
        assert client.get(address).status_code == 200


def test_a_name_like_markup_stays_text(administration: UUID) -> None:
    debtor = make_debtor(name="<script>alert(1)</script> & Zn.")
    take_in(administration, make_record(debtor=debtor))
    address = reverse("debtors", kwargs={"slug": slug_of(administration)})
    page = sign_in(make_person(administration)).get(address).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Zn." in page
    assert "<script>alert" not in page


def test_search_and_pages_find_every_debtor_once(administration: UUID) -> None:
    records = [
        make_record(f"2026-{n}", debtor=make_debtor(f"{n}", name=f"Debiteur {n % 7} 100%"))
        for n in range(120)
    ]
    take_in(administration, *records)
    client = sign_in(make_person(administration))
    address = reverse("debtors", kwargs={"slug": slug_of(administration)}) + "?tab=all&q=100%25"
    seen: list[str] = []
    start = address.partition("?")[0]
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(rf'href="{start}(\d+)/"', page)
        onward = re.search(r'href="([^"]+)" rel="next"', page)
        address = start + unescape(onward[1]) if onward else ""
    assert sorted(seen, key=int) == [f"{n}" for n in range(120)]


def test_the_outcome_of_a_call_is_kept(administration: UUID) -> None:
    take_in(administration, make_record("2026-0412", due_on=date(2026, 2, 1)))
    policy = replace(DEFAULT_POLICY, version=2, steps=DEFAULT_POLICY.steps[2:3])
    with administration_scope(administration):
        policies.adopt(policy, now=at(RUN_ON), actor="test")
        from tijdig.tenants.actions import switch_sending

        switch_sending(on=True)
    run(administration, today=RUN_ON, now=at(RUN_ON))
    client = sign_in(make_person(administration))
    slug = slug_of(administration)
    with administration_scope(administration):
        call_id = Call.objects.values_list("id", flat=True).get()
    address = reverse("call-outcome", kwargs={"slug": slug, "call_id": call_id})
    page = client.post(address, {"outcome": "reached", "note": "Betaalt vrijdag"}, follow=True)
    assert "Het telefoontje is vastgelegd." in page.content.decode()
    with administration_scope(administration):
        made = Call.objects.get()
    assert (made.state, made.outcome, made.note) == ("done", "reached", "Betaalt vrijdag")


def test_sending_says_how_many_wait_and_then_is_on(administration: UUID) -> None:
    take_in(administration, make_record("2026-0412", due_on=DUE_ON))
    run(administration, today=RUN_ON, now=at(RUN_ON))
    client = sign_in(make_person(administration))
    address = reverse("sending", kwargs={"slug": slug_of(administration)})
    assert "Er staat nu 1 bericht klaar of in de wacht." in client.get(address).content.decode()
    page = client.post(address, {"to": "on"}, follow=True)
    assert "Versturen staat aan" in page.content.decode()


def test_a_refusal_comes_back_as_a_sentence(administration: UUID) -> None:
    client = sign_in(make_person(administration))
    address = reverse("imports", kwargs={"slug": slug_of(administration)})
    page = client.post(address, {}, headers={"Referer": f"http://localhost{address}"}, follow=True)
    assert page.redirect_chain == [(address, 302)]
    assert "Kies eerst een bestand." in page.content.decode()


def test_english_stands_beside_dutch(administration: UUID) -> None:
    from tijdig.config.translations import compile_translations

    compile_translations()
    take_in(administration, make_record("2026-0412", due_on=DUE_ON))
    client = sign_in(make_person(administration))
    address = reverse("debtors", kwargs={"slug": slug_of(administration)})
    assert "Hoe het staat" in client.get(address).content.decode()
    client.post("/taal/", {"language": "en", "next": address})
    page = client.get(address)
    assert "How it stands" in page.content.decode()
    assert page["Content-Language"] == "en"


def test_a_missing_page_speaks_the_language_of_the_person_too(administration: UUID) -> None:
    from tijdig.config.translations import compile_translations

    compile_translations()
    client = sign_in(make_person(administration))
    english = {"Accept-Language": "en-US,en;q=0.9"}
    assert "Deze pagina is er niet" in client.get("/nergens/", headers=english).content.decode()
    client.post("/taal/", {"language": "en", "next": "/"})
    assert "This page is not here" in client.get("/nergens/").content.decode()


def test_search_finds_a_number_first_and_else_anywhere(administration: UUID) -> None:
    named = make_debtor("1002", name="Garage 2026-1")
    take_in(administration, make_record("2026-17"), make_record("X-1", debtor=named))
    client = sign_in(make_person(administration))
    address = reverse("invoices", kwargs={"slug": slug_of(administration)})
    found = {}
    for words in ("2026-1", "garage", "26-17", "niets"):
        page = client.get(address, {"tab": "all", "q": words}).content.decode()
        found[words] = re.findall(rf'href="{address}([^"/]+)/"', page)
    assert found == {"2026-1": ["2026-17"], "garage": ["X-1"], "26-17": ["2026-17"], "niets": []}


def test_sums_never_mix_currencies(administration: UUID) -> None:
    foreign = replace(make_record("S-1", cents=70_000), currency="SEK")
    take_in(administration, make_record("E-1", cents=12_100), foreign)
    client = sign_in(make_person(administration))
    slug = slug_of(administration)
    page = client.get(reverse("invoices", kwargs={"slug": slug})).content.decode()
    assert "SEK\N{NO-BREAK SPACE}700,00" in page
    for name in ("invoices", "debtors", "figures"):
        page = client.get(reverse(name, kwargs={"slug": slug})).content.decode()
        assert "€\N{NO-BREAK SPACE}121,00" in page, name
        assert "821,00" not in page, name


@pytest.mark.parametrize(("page", "asked"), [("invoices", "2026-1"), ("debtors", "1001")])
def test_a_search_without_result_leads_to_all_there_is(
    administration: UUID, page: str, asked: str
) -> None:
    take_in(administration, make_record("2026-1", due_on=DUE_ON))
    address = reverse(page, kwargs={"slug": slug_of(administration)})
    client = sign_in(make_person(administration))
    shown = client.get(address, {"tab": "attention", "q": asked}).content.decode()
    assert f'<a href="?tab=all&amp;q={asked}">zoek bij Alles</a>' in shown
    found = client.get(address, {"tab": "all", "q": asked}).content.decode()
    assert "1 gevonden" in found
    nothing = client.get(f"{address}?tab=all&q=bestaatniet").content.decode()
    assert "Probeer andere woorden." in nothing
    assert "zoek bij Alles" not in nothing
