"""Wet: open to everybody, with every number and its source, and a calculator that refuses."""

import json
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from tests.integration.people import make_person, sign_in, slug_of, visit

from tijdig.config.health import Finding, examine
from tijdig.core.law.catalogue import TABLES
from tijdig.core.law.tables import RATES
from tijdig.dunning.queries.policies import load_policy
from tijdig.tenants.scope import administration_scope
from tijdig.web.clock import write_demo_day

COSTS = {"reken": "kosten", "vat": "no"}
INTEREST = {
    "reken": "rente",
    "principal": "1.000",
    "kind": "statutory",
    "due_on": "2024-12-15",
    "paid_on": "2025-01-15",
    "rate": "",
    "compound": "yes",
}
LETTER = {"reken": "brief", "sent_on": "2026-10-29", "by": "post", "received_on": ""}


@pytest.fixture
def visitor(database: None) -> Client:
    """Somebody who has not signed in."""
    return visit()


def read(visitor: Client, **told: str) -> str:
    """The page as a visitor reads it, with single spaces."""
    answer = visitor.get(reverse("law"), told)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_every_rate_and_every_limitation_is_on_the_page_with_its_source(visitor: Client) -> None:
    page = read(visitor)
    for table in (RATES.statutory, RATES.commercial):
        for row in table.rows:
            assert f'<th scope="row" class="date">{row.from_on:%d-%m-%Y}</th>' in page
            assert f">{row.source}<" in page.replace(" <small>", "<small>")
    for table in TABLES:
        assert table.article in page
        assert [row.source for row in table.rows if row.source not in page] == []
        assert f"{table.rows[-1].from_on:%d-%m-%Y}" in page
    for value in ("zondag", "maandag, zondag", "zaterdag, zondag", "3 dagen", "20 jaar"):
        assert f">{value}</td>" in page
    assert "gecontroleerd op 22-11-2026" in page
    assert "gepubliceerd op 20-07-2026" in page


@pytest.mark.parametrize(
    ("amounts", "vat", "parts"),
    [
        ("100 100 100", "no", ["€ 45,00", "€ 100,00 + € 100,00 + € 100,00 = € 300,00"]),
        ("€ 1.000,50", "no", ["€ 150,08"]),
        ("1000.50; 19,95", "no", ["€ 153,07"]),
        ("1.000", "yes", ["€ 150,00", "€ 31,50", "€ 181,50", "<small>BW 6:96 lid 2 onder c<"]),
        ("0", "no", ["€ 0,00", "Er staat niets open"]),
    ],
)
def test_costs_are_computed(visitor: Client, amounts: str, vat: str, parts: list[str]) -> None:
    page = read(visitor, **{**COSTS, "amounts": amounts, "vat": vat})
    assert [part for part in parts if part not in page] == []


def test_interest_is_shown_line_by_line(visitor: Client) -> None:
    page = read(visitor, **INTEREST)
    for part in ("€ 5,53", "16-12-2024", "€ 3,07", "01-01-2025", "€ 2,46", "Berekening"):
        assert part in page
    for part in ("</strong> <small>BW 6:119 lid 1<", "(BW 6:119, 6:120 lid 1)", "6:119 lid 2"):
        assert part in page


def test_the_days_of_a_letter_are_told(visitor: Client) -> None:
    page = read(visitor, **LETTER)
    for part in ("zaterdag 31 oktober 2026", "maandag 16 november 2026", "dinsdag 17 november"):
        assert part in page
    for article in ("ECLI:NL:HR:2016:2704 rov. 3.5", "BW 6:96 lid 6", "BW 6:96 lid 6, 6:114 lid 2"):
        assert f"</strong> <small>{article}</small>" in page
    for part in ("donderdag 19 november 2026", "<dt>Ruimte voor late post</dt><dd><strong>3 dagen"):
        assert part in page


@pytest.mark.parametrize(
    ("told", "part"),
    [
        ({**COSTS, "amounts": ""}, "Dit veld is verplicht"),
        ({**COSTS, "amounts": "-5"}, "is geen bedrag"),
        ({**COSTS, "amounts": "veel"}, "“veel” is geen bedrag"),
        ({**COSTS, "amounts": "<b>5"}, "“&lt;b&gt;5” is geen bedrag"),
        ({**COSTS, "amounts": "1,000"}, "is geen bedrag"),
        ({**COSTS, "amounts": "1 " * 101}, "Noem 1 tot 100 bedragen"),
        ({**INTEREST, "principal": "1 2"}, "Noem één bedrag"),
        ({**INTEREST, "paid_on": "2024-12-01"}, "dus voor de vervaldatum"),
        ({**INTEREST, "kind": "contract"}, "Noem het afgesproken percentage"),
        ({**INTEREST, "kind": "magic"}, "magic"),
        ({**INTEREST, "rate": "8"}, "hoort bij een afgesproken rente"),
        ({**INTEREST, "due_on": "1970-01-01"}, "de tabel begint op"),
        ({**INTEREST, "paid_on": "2099-01-01"}, "nog niet bekend"),
        ({**LETTER, "by": "email"}, "zonder bewijs geen kosten"),
        ({**LETTER, "received_on": "2026-10-01"}, "ligt voor de verzending"),
        ({**LETTER, "sent_on": "9999-12-31"}, "te ver weg"),
    ],
)
def test_what_cannot_be_is_refused_without_a_figure(
    visitor: Client, told: dict[str, str], part: str
) -> None:
    page = read(visitor, **told)
    assert part in page
    assert "law-result" not in page


def test_the_page_is_there_in_english(visitor: Client) -> None:
    visitor.cookies["django_language"] = "en"
    page = read(visitor, **{**COSTS, "amounts": "100"})
    for part in ("Law and calculator", "The costs are at least € 40,00", "checked on 22-11-2026"):
        assert part in page


def test_a_rate_that_was_put_right_shows_with_its_reason(visitor: Client, tmp_path: Path) -> None:
    told = {"kind": "commercial", "from": "2027-01-01", "was": "15", "now": "10.4"}
    change = {**told, "because": "Verkeerd <overgenomen>", "on": "2027-01-07"}
    rates = {"rates": [_added("commercial", 10.4)], "changes": [change]}
    (tmp_path / "law_rates.json").write_text(json.dumps(rates))
    with override_settings(HOME=tmp_path):
        page = read(visitor)
    assert "Rechtgezet" in page
    assert (
        "Vanaf 1 januari 2027 stond er 15%, nu 10,4%"
        " (7 januari 2027: Verkeerd &lt;overgenomen&gt;)." in page
    )


def test_a_broken_file_of_rates_is_said(visitor: Client, tmp_path: Path) -> None:
    (tmp_path / "law_rates.json").write_text("{")
    with override_settings(HOME=tmp_path):
        answer = visitor.get(reverse("law"))
    assert (answer.status_code, b"law_rates.json" in answer.content) == (409, True)


def test_a_stale_table_is_a_cause_on_vandaag_and_a_finding_of_the_doctor(
    administration: UUID, tmp_path: Path
) -> None:
    client = sign_in(make_person(administration))
    today = reverse("today", kwargs={"slug": slug_of(administration)})
    words = b"Rentetabel nakijken"
    demo = {"DEMO": True, "DEMO_FOLDER": tmp_path, "ROOT_URLCONF": "tests.integration.demo_urls"}
    with override_settings(HOME=tmp_path, **demo):
        write_demo_day(date(2026, 12, 31))
        assert words not in client.get(today).content
        assert _finding().is_well
        write_demo_day(date(2027, 1, 1))
        assert words in client.get(today).content
        found = _finding()
        assert (found.is_well, "tijdig law rate add" in found.mend.nl) == (False, True)
        assert "Vanaf 1 januari 2027 is de wettelijke rente niet bekend" in found.found.nl
        rates = [_added("statutory", 4), _added("commercial", 10.65)]
        (tmp_path / "law_rates.json").write_text(json.dumps({"rates": rates}))
        assert words not in client.get(today).content
        assert _finding().found.nl == "gecontroleerd op 02-01-2027"
        (tmp_path / "law_rates.json").write_text("{")
        assert words in client.get(today).content
        assert not _finding().is_well


def test_any_table_that_was_not_checked_for_seven_months_warns(
    administration: UUID, tmp_path: Path
) -> None:
    client = sign_in(make_person(administration))
    today = reverse("today", kwargs={"slug": slug_of(administration)})
    words, told = b"Wettabel nakijken", "Sinds 22 november 2026 niet met de wet vergeleken"
    demo = {"DEMO": True, "DEMO_FOLDER": tmp_path, "ROOT_URLCONF": "tests.integration.demo_urls"}
    with override_settings(HOME=tmp_path, **demo):
        write_demo_day(date(2027, 6, 21))
        assert words not in client.get(today).content
        assert _finding("wettabellen").found.nl == "gecontroleerd op 22-11-2026"
        assert told not in read(client)
        write_demo_day(date(2027, 6, 22))
        assert words in client.get(today).content
        found = _finding("wettabellen")
        assert (found.is_well, found.mend.nl) == (False, "Werk Tijdig bij.")
        assert told in found.found.nl
        assert told in read(client)


def test_the_daily_work_knows_added_rates_and_goes_on_without_a_broken_file(
    administration: UUID, tmp_path: Path
) -> None:
    file = tmp_path / "law_rates.json"
    with override_settings(HOME=tmp_path), administration_scope(administration):
        assert load_policy().rules.rates == RATES
        file.write_text(json.dumps({"rates": [_added("commercial", 10.65)]}))
        assert f"{load_policy().rules.rates.commercial.rows[-1].value}" == "10.65"
        file.write_text("{")
        assert load_policy().rules.rates == RATES


def _finding(what: str = "rentetabellen") -> Finding:
    (found,) = [one for one in examine() if one.what.nl == what]
    return found


def _added(kind: str, percent: float) -> dict[str, object]:
    return {
        "kind": kind,
        "from": "2027-01-01",
        "percent": percent,
        "source": "Staatscourant",
        "published": "2026-12-10",
        "checked": "2027-01-02",
    }
