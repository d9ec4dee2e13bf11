"""`tijdig law` where no figure can come: a sentence, status 1 or 2, one JSON object."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.law.conftest import Law

from tijdig.config.environment import WrongSetting
from tijdig.config.secret_key import load_secret_key

EMPTY = '{"claims": [], "payments": [], "end": "2026-01-01"}'


def _write(claim: bytes) -> bytes:
    return b'{"claims": [' + claim + b'], "payments": [], "end": "2026-01-01"}'


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"\xff\xfe\x00{", "is niet te lezen"),
        (b"", "geen JSON: kijk op regel 1"),
        (b'claims = [\n  {id = "A"}\n]\n', "geen JSON: kijk op regel 1, teken 1"),
        (b"null", "hier hoort een object"),
        (b'{"claims": [], "payments": [], "end": null}', "`end` ontbreekt"),
        (b'{"claims": [], "claims": [], "payments": [], "end": "2026-01-01"}', "claims staat er"),
        (b'{"claims": [null], "payments": [], "end": "2026-01-01"}', "claims[0]: hier hoort"),
        (_write(b'{"id": "\\ud800", "principal": 1, "interest": "0"}'), "claims[0].id"),
        (
            _write(b'{"id": "A", "principal": 1, "start": "1950-01-01", "kind": "statutory"}'),
            "de tabel begint op 1 april 1976",
        ),
        (b'{"claims": [{"id": "A", "principal": ' + b"9" * 6000 + b"}]", "geen JSON"),
    ],
)
def test_a_file_that_cannot_be_is_refused(
    law: Law, tmp_path: Path, content: bytes, part: str
) -> None:
    path = tmp_path / "claims.json"
    path.write_bytes(content)
    status, told = law("allocate", path)
    assert (status, list(told)) == (1, ["refused", "refused_en"])
    assert part in told["refused"]


def test_claims_that_are_numbered_can_be_named(law: Law, tmp_path: Path) -> None:
    path = tmp_path / "claims.json"
    claims = [{"id": n, "principal": 100, "costs": 0, "interest": 0} for n in (1, 2)]
    paid = {"date": "2026-01-01", "amount": 50, "designated": [2]}
    path.write_text(json.dumps({"claims": claims, "payments": [paid], "end": "2026-01-01"}))
    status, told = law("allocate", path)
    assert (status, [one["claim"] for one in told["steps"]]) == (0, ["2"])


@pytest.mark.parametrize("named", ["false", '""', "0", "{}", "[true]", "[1.5, null]"])
def test_what_names_no_claims_is_refused(law: Law, tmp_path: Path, named: str) -> None:
    path = tmp_path / "claims.json"
    paid = f'{{"date": "2026-01-01", "amount": 50, "designated": {named}}}'
    path.write_text(f'{{"claims": [], "payments": [{paid}], "end": "2026-01-01"}}')
    status, told = law("allocate", path)
    assert (status, list(told)) == (1, ["refused", "refused_en"])
    assert "payments[0].designated" in told["refused"]
    assert "Decimal" not in told["refused"]


@pytest.mark.parametrize("percent", ["NaN", "Infinity", "-3", "0", "500", "4.005", "1e9"])
def test_a_file_of_rates_with_what_is_no_rate_is_named(
    law: Law, tmp_path: Path, percent: str
) -> None:
    row = {"kind": "statutory", "from": "2027-01-01", "percent": percent, "source": "Stb."}
    rates = [{**row, "published": None, "checked": "2026-11-27"}]
    (tmp_path / "law_rates.json").write_text(json.dumps({"rates": rates}))
    words = "interest --principal 1 --kind statutory --due 2026-12-31 --paid 2027-01-02".split()
    status, told = law(*words)
    assert (status, list(told)) == (1, ["refused", "refused_en"])
    assert "law_rates.json" in told["refused"]


def test_a_file_of_windows_is_read(law: Law, tmp_path: Path) -> None:
    path = tmp_path / "claims.json"
    path.write_text(EMPTY, "utf-8-sig")
    assert law("allocate", path)[1]["open"] == "0.00"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["costs", "\u20ac 100"], 1),
        (["costs", "1\u202f000"], 1),
        (["costs", "\uff19\uff19"], 1),
        (["costs", ""], 1),
        (["costs", "100", "--vat=1"], 2),
        (["allocate", ""], 1),
        (["allocate", "a\0b"], 1),
        (["allocate", "/dev/null"], 1),
        (["reference", " "], 1),
        (["veertiendagenbrief", "--sent", "2026-02-30", "--by", "post"], 1),
        (["rate", "remove", "--kind", "statutory"], 2),
        (["wat"], 2),
    ],
)
def test_odd_words_end_with_a_status(law: Law, words: list[str], status: int) -> None:
    found, told = law(*words)
    assert found == status
    assert ("refused" in told) is (status == 1)


@pytest.mark.parametrize("words", [[b"allocate", b"\xff.json"], [b"costs", b"\xff"]])
def test_bytes_that_are_no_text_are_refused_with_a_sentence(
    tmp_path: Path, words: list[bytes]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tijdig.config.command_line", "law", *words, "--json"],
        env={**os.environ, "TIJDIG_HOME": f"{tmp_path}"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert set(json.loads(done.stdout)) == {"refused", "refused_en"}


@pytest.mark.parametrize("folder", ["/dev/null", "/dev/null/under", "/proc/nowhere"])
@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["costs", "100"], 0),
        (["reference", "NL91ABNA0417164300"], 0),
        ("rate add --kind statutory --from 2027-01-01 --rate 4 --source Stb.".split(), 1),
    ],
)
def test_without_a_folder_it_computes_and_stores_nothing(
    folder: str, words: list[str], status: int
) -> None:
    environment = {**os.environ, "TIJDIG_HOME": folder}
    environment.pop("TIJDIG_SECRET_KEY", None)
    done = subprocess.run(
        [sys.executable, "-m", "tijdig.config.command_line", "law", *words, "--json"],
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert (set(json.loads(done.stdout)) == {"refused", "refused_en"}) is (status == 1)


def test_a_folder_in_which_no_key_can_be_made_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIJDIG_SECRET_KEY", raising=False)
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongSetting, match="Kies met TIJDIG_HOME een map die van u is"):
        load_secret_key(tmp_path / "file")
    assert load_secret_key(tmp_path / "made") == load_secret_key(tmp_path / "made")
