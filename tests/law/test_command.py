"""`tijdig law`: every vector through the command line, and what it refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.law.conftest import Law
from tests.law.vectors import Vector, day, load

from tijdig.core.calendar import add_days
from tijdig.core.law.tables import RATES
from tijdig.web.clock import demo_today


@pytest.mark.parametrize("vector", load("costs"))
def test_costs(law: Law, vector: Vector) -> None:
    flags = ["--vat"] if vector["vat"] else []
    status, told = law("costs", *vector["principals"], *flags)
    assert (status, set(told)) == (0, {"costs", "vat", "total", "because"})
    assert told["total"] == vector["total"]


@pytest.mark.parametrize("vector", load("interest"))
def test_interest(law: Law, vector: Vector) -> None:
    words = ["--principal", vector["principal"], "--kind", vector["kind"]]
    words += ["--rate", vector["rate"]] if vector.get("rate") else []
    words += ["--simple"] if vector["simple"] else []
    words += ["--day-count", vector.get("day_count", "act/365")]
    due, paid = (add_days(day(vector[key]), -1) for key in ("owed_from", "until"))
    status, told = law("interest", *words, "--due", due, "--paid", paid)
    assert (status, told["interest"], told["days"]) == (0, vector["interest"], (paid - due).days)
    assert ["BW 6:1" in sentence for sentence in told["because"]] == [True, True, True, False]
    assert {key for line in told["lines"] for key in line} <= {
        "from", "until", "days", "rate", "base", "interest"
    }  # fmt: skip


@pytest.mark.parametrize("vector", load("allocation"))
def test_allocate(law: Law, vector: Vector, tmp_path: Path) -> None:
    path = tmp_path / "claims.json"
    path.write_text(json.dumps({key: vector[key] for key in ("claims", "payments", "end")}))
    status, told = law("allocate", path)
    shown = [{key: one[key] for key in vector["steps"][0]} for one in told["steps"]]
    assert (status, shown, told["over"]) == (0, vector["steps"], vector["over"])
    assert all("BW 6:4" in " ".join(one["because"]) for one in told["steps"])
    left = sum(_cents(one["open"]) for one in told["claims"].values())
    assert _cents(told["open"]) == left


@pytest.mark.parametrize("vector", load("veertiendagenbrief"))
def test_veertiendagenbrief(law: Law, vector: Vector) -> None:
    received = ["--received", vector["received"]] if "received" in vector else []
    sent = ["--sent", vector["sent"], "--by", vector["by"]]
    status, told = law("veertiendagenbrief", *sent, *received)
    assert "BW 6:96 lid 6" in " ".join(told.pop("because"))
    assert told.pop("margin_days") == 3
    assert day(told.pop("printed_on")) >= add_days(day(vector["last_day"]), 3)
    expected = {key: vector[key] for key in ("received_on", "last_day", "costs_from")}
    assert (status, told) == (0, expected)


@pytest.mark.parametrize("vector", load("limitation"))
def test_limitation(law: Law, vector: Vector) -> None:
    acts = [word for act in vector["interrupted"] for word in ("--interrupted", act)]
    acts += [word for act in vector.get("acknowledged", ()) for word in ("--acknowledged", act)]
    for key in ("principal_due", "principal_kind"):
        acts += [f"--{key.replace('_', '-')}", vector[key]] if key in vector else []
    status, told = law("limitation", "--due", vector["due"], "--kind", vector["kind"], *acts)
    assert [told for told in told.pop("because") if "BW " not in told] == []
    assert (status, told) == (0, {"ends_on": vector["ends_on"]})


@pytest.mark.parametrize("vector", load("references"))
def test_reference(law: Law, vector: Vector) -> None:
    told = law("reference", vector["value"])
    assert told == (0, {"kind": vector["kind"], "valid": vector["valid"]})


@pytest.mark.parametrize("vector", load("vat_refund"))
def test_vat_refund(law: Law, vector: Vector) -> None:
    status, told = law("vat-refund", "--due", vector["due"], "--filing", vector["filing"])
    (because,) = told.pop("because")
    assert "Wet OB 1968 art. 29" in because
    assert (status, told) == (0, {"period": vector["period"]})


def _write_claim(principal: str) -> str:
    return (
        f'{{"claims": [{{"id": "A", "interest": "0", "principal": {principal}}}],'
        ' "payments": [], "end": "2026-01-01"}'
    )


ITSELF = "interest_accessory"
OF_INTEREST = "limitation --due 2021-11-30"
LATE = "--due 2025-01-01 --paid 2025-06-01"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("costs -5", "is negatief"),
        ("costs 100 -20.50", "is negatief"),
        ("costs abc", "'abc' klopt niet"),
        ("costs 1.000,50", "klopt niet"),
        ("costs 10.005", "klopt niet"),
        (f"interest --principal -1 --kind statutory {LATE}", "is negatief"),
        (f"interest --principal 1 --kind legal {LATE}", "'legal' is niet bekend"),
        (f"interest --principal 1 --kind contract {LATE}", "Noem het afgesproken percentage"),
        (f"interest --principal 1 --kind contract --rate 500 {LATE}", "kan niet kloppen"),
        (f"interest --principal 1 --kind contract --rate -1 {LATE}", "kan niet kloppen"),
        (f"interest --principal 1 --kind statutory --rate 5 {LATE}", "is deze rente 6%, niet 5%"),
        (f"interest --principal 1 --kind statutory --day-count 30/360 {LATE}", "niet bekend"),
        ("interest --principal 1 --kind statutory --due 2025-02-01 --paid 2025-01-31", "dus voor"),
        ("interest --principal 1 --kind statutory --due 1976-03-30 --paid 1977-01-01", "begint op"),
        ("interest --principal 1 --kind commercial --due 2002-11-29 --paid 2003-01-01", "begint"),
        ("interest --principal 1 --kind statutory --due 2026-11-01 --paid 2027-01-01", "nog niet"),
        ("veertiendagenbrief --sent 2026-11-02 --by fax", "'fax' is niet bekend"),
        ("veertiendagenbrief --sent 2026-11-02 --by email", "kunt bewijzen"),
        ("veertiendagenbrief --sent 2026-11-02 --by post --received 2026-11-01", "ligt voor"),
        ("veertiendagenbrief --sent 2012-06-30 --by post", "niet bekend"),
        ("limitation --due 9990-11-30 --kind residual", "te ver weg"),
        ("vat-refund --due 9999-12-31 --filing month", "te ver weg"),
        (
            "interest --principal 1 --kind contract --rate 5 --due 9999-12-30 --paid 9999-12-31",
            "te ver weg",
        ),
        ("limitation --due 2021-11-30 --kind invoice", "'invoice' is niet bekend"),
        ("limitation --due 2021-11-30 --kind periodic --interrupted 2021-11-29", "ligt voor"),
        ("limitation --due 1991-12-31 --kind residual", "de tabel begint op 1 januari 1992"),
        ("limitation --due 2021-11-30 --kind interest_accessory", "--principal-due en"),
        (f"{OF_INTEREST} --kind interest_accessory --principal-due 2021-01-01", "--principal-due"),
        (f"{OF_INTEREST} --kind periodic --principal-due 2021-01-01", "horen ze niet"),
        (
            f"{OF_INTEREST} --kind {ITSELF} --principal-due 2021-01-01 --principal-kind {ITSELF}",
            "'interest_accessory' is niet bekend",
        ),
        ("vat-refund --due 2020-09-15 --filing week", "'week' is niet bekend"),
        ("vat-refund --due 2016-12-31 --filing month", "niet bekend"),
        ("allocate /nowhere/claims.json", "is niet te lezen"),
        ("costs NaN", "klopt niet"),
        ("costs Infinity", "klopt niet"),
        ("costs 1e5", "klopt niet"),
        ("costs \u0661\u0662", "klopt niet"),
        ("costs 9999999999999", "klopt niet"),
        (f"interest --principal 1e5 --kind statutory {LATE}", "klopt niet"),
        (f"interest --principal 1 --kind contract --rate NaN {LATE}", "klopt niet"),
        ("limitation --due 0001-01-01 --kind periodic", "te ver weg"),
        ("limitation --due 2021-11-30 --kind periodic --acknowledged 9999-12-31", "te ver weg"),
        ("limitation --due 2021-11-30 --kind periodic --acknowledged 2021-11-29", "ligt voor"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_no_figure(
    law: Law, words: str, part: str
) -> None:
    status, told = law(*words.split())
    assert status == 1
    assert part in told.pop("refused")
    assert told.pop("refused_en")
    assert set(told.values()) <= {None}


@pytest.mark.parametrize("words", ["", "costs", "law", "interest --principal 1", "limitation"])
def test_wrong_use_is_status_two(law: Law, words: str) -> None:
    assert law(*words.split()) == (2, {})


@pytest.mark.parametrize("day", ["29-02-2023", "2023-02-29", "20250101", "2025-W01-1", ""])
@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("vat-refund --filing month", "--due"),
        ("interest --principal 1 --kind statutory --due 2024-02-01", "--paid"),
        ("veertiendagenbrief --by post --sent 2024-02-01", "--received"),
        ("limitation --kind periodic --due 2024-02-01", "--interrupted"),
        ("rate add --kind statutory --rate 5 --source x", "--from"),
    ],
)
def test_what_is_no_day_is_refused_as_any_other_word(
    law: Law, words: str, option: str, day: str
) -> None:
    status, told = law(*words.split(), option, day)
    assert (status, list(told)) == (1, ["refused", "refused_en"])
    assert option in told["refused"]
    assert "2026-03-14" in told["refused"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "geen JSON: kijk op regel 1, teken 1"),
        ('{"claims": [\n', "geen JSON: kijk op regel 2, teken 1"),
        ("[" * 100_000, "te diep genest"),
        ('{"claims": [{"id": "A", "interest": "0", "principal": 1e5}]', "geen JSON"),
        (_write_claim("NaN"), "claims[0].principal: nan klopt niet"),
        (_write_claim("1e5"), "claims[0].principal: '1E+5' klopt niet"),
        (_write_claim("9" * 5_000), "klopt niet"),
        (_write_claim('"29-02-2023"'), "klopt niet"),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_a_plain_sentence(
    law: Law, tmp_path: Path, text: str, part: str
) -> None:
    path = tmp_path / "claims.json"
    path.write_text(text)
    status, told = law("allocate", path)
    assert (status, set(told)) == (1, {"refused", "refused_en"})
    assert part in told["refused"]


def test_a_folder_is_no_file(law: Law, tmp_path: Path) -> None:
    status, told = law("allocate", tmp_path)
    assert (status, told["refused"].partition(" is niet te lezen. ")[2]) == (
        1,
        "Noem een bestand met JSON dat er staat.",
    )


def test_a_payment_on_the_last_day_bears_no_interest(law: Law) -> None:
    words = "interest --principal 9 --kind statutory --due 2025-01-01 --paid 2025-01-01"
    status, told = law(*words.split())
    assert len(told.pop("because")) == 4
    assert (status, told) == (0, {"interest": "0.00", "days": 0, "lines": []})


def test_the_calculation_is_shown_line_by_line(law: Law) -> None:
    words = "interest --principal 1000 --kind statutory --due 2024-12-15 --paid 2025-12-20"
    status, told = law(*words.split())
    assert told.pop("because") == [
        (
            "Rente loopt vanaf de dag na de laatste dag om te betalen, tot en met de dag waarop het"
            " geld is bijgeschreven (BW 6:119 lid 1, 6:114 lid 2)."
        ),
        "Het percentage is de wettelijke rente van die dag (BW 6:119, 6:120 lid 1).",
        "Na elk vol jaar telt de rente van dat jaar mee in het bedrag (BW 6:119 lid 2).",
        "Een jaar telt 365 dagen (de wet zegt hier niets over).",
    ]
    assert (status, told) == (
        0,
        {
            "interest": "61.31",
            "days": 370,
            "lines": [
                _line("2024-12-16", "2025-01-01", 16, "7.00", "1000.00", "3.07"),
                _line("2025-01-01", "2025-12-16", 349, "6.00", "1000.00", "57.37"),
                _line("2025-12-16", "2025-12-21", 5, "6.00", "1060.44", "0.87"),
            ],
        },
    )


BROKEN = {"claims": [], "payments": [], "end": "2026-01-01"}
CLAIM = {"id": "A", "principal": "100", "interest": "0"}
PAID = {"date": "2026-01-01", "amount": "10"}


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ([], "het bestand: hier hoort een object"),
        ({"claims": [], "payments": []}, "end: `end` ontbreekt"),
        ({**BROKEN, "claims": {}}, "claims: hier hoort een lijst"),
        ({**BROKEN, "betalingen": []}, "betalingen is niet bekend"),
        ({**BROKEN, "end": "01-01-2026"}, "end: '01-01-2026' klopt niet"),
        ({**BROKEN, "order": "random"}, "order: 'random' is niet bekend"),
        ({**BROKEN, "claims": [{"id": "A", "principle": 1}]}, "claims[0]: principle is niet"),
        ({**BROKEN, "claims": [{"id": "A", "principal": 1}]}, "precies één van beide"),
        ({**BROKEN, "claims": [{**CLAIM, "start": "2026-01-01"}]}, "precies één van beide"),
        ({**BROKEN, "claims": [{**CLAIM, "principal": 1.005}]}, "claims[0].principal"),
        ({**BROKEN, "claims": [{**CLAIM, "principal": True}]}, "claims[0].principal"),
        ({**BROKEN, "claims": [{**CLAIM, "principal": -1}]}, "negatief bedrag: -€ 1,00"),
        ({**BROKEN, "claims": [CLAIM, CLAIM]}, "staat er twee keer in"),
        ({**BROKEN, "payments": [{**PAID, "amount": 0}]}, "een betaling is meer dan nul"),
        ({**BROKEN, "payments": [{**PAID, "date": "2026-01-02"}]}, "valt na de laatste dag"),
        ({**BROKEN, "payments": [{**PAID, "designated": ["A"]}]}, "noemt vordering A"),
        ({**BROKEN, "payments": [{**PAID, "designated": "A"}]}, "payments[0].designated"),
    ],
)
def test_a_file_of_claims_is_read_strictly(
    law: Law, tmp_path: Path, document: object, part: str
) -> None:
    path = tmp_path / "claims.json"
    path.write_text(json.dumps(document))
    status, told = law("allocate", path)
    assert (status, list(told)) == (1, ["refused", "refused_en"])
    assert part in told["refused"]


def test_a_rate_added_by_hand_counts_from_then_on(law: Law) -> None:
    late = "interest --principal 36500 --kind commercial --due 2026-12-30 --paid 2027-01-02".split()
    add = "rate add --kind commercial --rate 10.65 --from 2027-01-01 --source ECB".split()
    assert law(*late)[0] == 1
    assert law(*add, "--published", "2026-11-20")[1] == {
        "kind": "commercial",
        "from": "2027-01-01",
        "rate": "10.65",
        "source": "ECB",
        "published": "2026-11-20",
        "checked": f"{demo_today()}",
    }
    status, told = law(*late)
    assert (status, told["interest"]) == (0, "31.70")
    status, told = law(*add)
    assert (status, "staat er al een percentage" in told["refused"]) == (1, True)
    assert law(*late)[1]["interest"] == "31.70"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("--kind contract --from 2027-01-01 --rate 5 --source x", "'contract' is niet bekend"),
        ("--kind statutory --from 2026-01-01 --rate 5 --source x", "staat er al een percentage"),
        ("--kind statutory --from 2020-01-01 --rate 5 --source x", "staat er al een percentage"),
        ("--kind statutory --from 2099-01-01 --rate 5 --source x", "meer dan een jaar vooruit"),
        ("--kind statutory --from 2027-01-01 --rate 0 --source x", "kan niet kloppen"),
        ("--kind statutory --from 2027-01-01 --rate -4 --source x", "kan niet kloppen"),
        ("--kind statutory --from 2027-01-01 --rate 400 --source x", "kan niet kloppen"),
        ("--kind statutory --from 2027-01-01 --rate 4.005 --source x", "kan niet kloppen"),
        ("--kind statutory --from 2027-01-01 --rate 12 --source x", "Kijk het na"),
        ("--kind statutory --from 2027-01-01 --rate vijf --source x", "klopt niet"),
    ],
)
def test_a_rate_that_cannot_be_is_refused_and_not_kept(
    law: Law, tmp_path: Path, words: str, part: str
) -> None:
    status, told = law("rate", "add", *words.split())
    assert (status, list(told)) == (1, ["refused", "refused_en"])
    assert part in told["refused"]
    assert not (tmp_path / "law_rates.json").exists()


def test_a_rate_needs_its_source(law: Law) -> None:
    words = "rate add --kind statutory --from 2027-01-01 --rate 5 --source".split()
    assert "Noem de bron" in law(*words, "  ")[1]["refused"]


def test_a_broken_file_of_rates_is_named_and_nothing_is_computed(law: Law, tmp_path: Path) -> None:
    (tmp_path / "law_rates.json").write_text('{"rates": [{"kind": "statutory"}]}')
    status, told = law(*f"interest --principal 1 --kind statutory {LATE}".split())
    assert (status, list(told)) == (1, ["refused", "refused_en"])
    assert "law_rates.json" in told["refused"]


def test_no_database_is_started_and_none_is_needed(tmp_path: Path) -> None:
    unset = ("DATABASE_URL", "DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE")
    environment = {key: value for key, value in os.environ.items() if key not in unset}
    words = "law interest --principal 1000 --due 2024-12-15 --paid 2025-01-15 --kind statutory"
    done = subprocess.run(
        [sys.executable, "-m", "tijdig.config.command_line", *words.split(), "--json"],
        env={**environment, "TIJDIG_HOME": f"{tmp_path}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["interest"] == "5.53"
    assert [path.name for path in tmp_path.iterdir()] == []


def test_the_first_rows_are_the_first_days_that_are_answered(law: Law) -> None:
    first_on = RATES.commercial.rows[0].from_on
    words = "interest --principal 36500 --kind commercial".split()
    status, told = law(*words, "--due", add_days(first_on, -1), "--paid", first_on)
    assert (status, told["interest"]) == (0, "10.35")


def _cents(text: str) -> int:
    return int(text.replace(".", ""))


def _line(first: str, until: str, days: int, rate: str, base: str, interest: str) -> dict[str, Any]:
    return {
        "from": first,
        "until": until,
        "days": days,
        "rate": rate,
        "base": base,
        "interest": interest,
    }
