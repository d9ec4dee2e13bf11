"""The command line refuses what it cannot use: a sentence, and nothing made or half done."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import find_commands
from django.test import Client
from tests.integration.books import Listed, make_list, make_payment, make_statement
from tests.integration.office import at
from tests.plugs.ubl_samples import make_ubl

from tijdig import management
from tijdig.config.command_line import COMMANDS, main
from tijdig.tenants.queries import find_administration, load_administration
from tijdig.tenants.scope import administration_scope
from tijdig.web.receiving import Received, receive

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(database: None, capsys: pytest.CaptureFixture[str]) -> Said:
    """Run a command in this process; its exit status, and what it said on stdout and stderr."""

    def call(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = 0
        try:
            main(list(words))
        except SystemExit as end:
            status = int(end.code or 0)
        told = capsys.readouterr()
        return status, told.out, told.err

    return call


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ("run --administration x --today 0001-01-01", "kies een jaar van 1990 tot en met 2199"),
        ("run --administration x --today 2200-01-01", "choose a year from 1990 up to 2199"),
        ("simulate --days 3 --today 9999-12-30", "kies een jaar van 1990 tot en met 2199"),
        ("serve --port 99999", "kies een getal van 1 tot en met 65535"),
        ("serve --port 0", "choose a number from 1 up to 65535"),
        ("serve --port http", "kies een getal"),
        ("demo --no-serve --weeks -1", "kies een getal van 1 tot en met 520"),
        ("demo --no-serve --port 99999", "kies een getal van 1 tot en met 65535"),
        (f"init --administration {'a' * 300}", "dit zijn 300 tekens; gebruik er hoogstens 60"),
        (f"init --administration a --name {'a' * 3000}", "gebruik er hoogstens 200"),
        (f"init --administration a --organisation {'a' * 201}", "gebruik er hoogstens 200"),
        (
            f"init --administration a --wki {'1' * 41}",
            "dit zijn 41 tekens; gebruik er hoogstens 40",
        ),
        ("init --administration a --email geen-email", "is geen e-mailadres"),
        ("init --administration  --name Bakkerij", "hier staat niets"),
        ("simulate --days 3 --administration ", "there is nothing here"),
    ],
)
def test_what_cannot_be_used_is_wrong_use(
    say: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: str, because: str
) -> None:
    # The demo sets these two for itself; the tests after this one get back what they had.
    monkeypatch.setenv("TIJDIG_HOME", str(tmp_path))
    monkeypatch.setenv("TIJDIG_DEMO", "0")
    status, out, err = say(*words.split(" "))
    assert (status, out) == (2, "")
    assert because in err
    assert "Traceback" not in err


@pytest.mark.parametrize("words", [(), ("help",), ("--help",)])
def test_the_list_of_commands_is_ours_with_a_word_for_each(
    say: Said, words: tuple[str, ...]
) -> None:
    status, out, err = say(*words)
    assert (status, err) == (0, "")
    assert set(find_commands(management.__path__[0])) == set(COMMANDS)
    for name, does in COMMANDS.items():
        assert f"  tijdig {name} " in out
        assert does.nl in out
        assert does.en in out
    assert "dumpdata" not in out


def test_a_short_name_is_in_lower_case(say: Said) -> None:
    status, out, _ = say("init", "--administration", "woorden-proef")
    assert (status, "--administration woorden-proef --email" in out) == (0, True)
    status, out, _ = say("init", "--administration", "Woorden-Proef", "--json")
    assert (status, json.loads(out)) == (
        1,
        {
            "refused": "Een korte naam heeft alleen kleine letters: gebruik woorden-proef.",
            "refused_en": "A short name is in lower case only: use woorden-proef.",
        },
    )
    assert find_administration("Woorden-Proef") is None


def test_a_name_or_an_owner_of_nothing_is_refused(say: Said) -> None:
    for words in (("--name", "Bakkerij"), ("--email", "wij@example.nl")):
        status, _, err = say("init", *words)
        assert (status, "Noem met --administration" in err) == (1, True)


def test_init_says_that_another_name_is_not_taken_over(say: Said) -> None:
    slug = "woorden-naam"
    assert "niet gewijzigd" not in say("init", "--administration", slug, "--name", "Eerst")[1]
    assert "niet gewijzigd" not in say("init", "--administration", slug, "--name", "Eerst")[1]
    status, out, _ = say("init", "--administration", slug, "--name", "Anders")
    assert (status, "De naam (--name) is niet gewijzigd" in out) == (0, True)
    administration_id = find_administration(slug)
    assert administration_id is not None
    with administration_scope(administration_id):
        assert load_administration().name == "Eerst"


def test_the_link_says_where_it_works(say: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("init", "--administration", "woorden-link", "--email", "wij@example.nl")
    monkeypatch.delenv("TIJDIG_URL", raising=False)
    assert "Deze link is voor poort 8000" in say(*words)[1]
    monkeypatch.setenv("TIJDIG_URL", "https://tijdig.example.nl")
    assert "poort 8000" not in say(*words)[1]


@pytest.fixture
def slug(say: Said) -> str:
    assert say("init", "--administration", "woorden-in")[0] == 0
    return "woorden-in"


def take_in(say: Said, slug: str, *paths: object) -> tuple[int, dict[str, Any]]:
    words = [f"{path}" for path in paths]
    status, out, _ = say("import", *words, "--administration", slug, "--json")
    return status, json.loads(out)


def test_an_empty_path_is_not_the_folder_one_is_in(say: Said, slug: str) -> None:
    for path in ("", " "):
        status, told = take_in(say, slug, path)
        assert (status, list(told)) == (1, ["refused", "refused_en"])
        assert "Een pad is leeg" in told["refused"]
    status, told = take_in(say, slug, "x" * 5000)
    assert (status, "is er niet" in told["refused"]) == (1, True)


def test_an_empty_folder_is_named(say: Said, slug: str, tmp_path: Path) -> None:
    (tmp_path / ".verborgen").write_bytes(b"x")
    status, told = take_in(say, slug, tmp_path)
    assert (status, told["files"]) == (0, [])
    assert told["problems"] == [
        {
            "file": str(tmp_path),
            "place": "",
            "because": "In deze map is niets gevonden om in te lezen.",
            "because_en": "Nothing to read was found in this folder.",
            "severity": "warning",
        }
    ]
    assert "niets gevonden" in say("import", str(tmp_path), "--administration", slug)[1]


def test_a_file_that_is_gone_by_now_is_told_and_the_rest_goes_on(
    say: Said, slug: str, tmp_path: Path
) -> None:
    (tmp_path / "een").write_bytes(make_list(Listed("2026-0301", 100)))
    (tmp_path / "weg").symlink_to(tmp_path / "nergens")
    status, told = take_in(say, slug, tmp_path)
    (problem,) = [one for one in told["problems"] if one["severity"] == "refused"]
    assert (status, told["invoices"]["new"], problem["file"]) == (1, 1, f"{tmp_path / 'weg'}")
    assert "niet te lezen (No such file or directory)" in problem["because"]


def test_a_file_that_goes_while_it_is_read_is_told(say: Said, slug: str, tmp_path: Path) -> None:
    administration_id = find_administration(slug)
    assert administration_id is not None
    today = date(2026, 3, 2)
    gone = Received("weg", b"", path=tmp_path / "weg")
    here = Received("hier", make_list(Listed("2026-0302", 100)))
    with administration_scope(administration_id):
        receipt = receive([gone, here], today=today, now=at(today), actor="ik")
    assert [(one.new, one.rejected) for one in receipt.files] == [(0, 1), (1, 0)]
    assert "niet te lezen" in receipt.files[0].problems[0].because.nl


def test_refusals_are_said_before_warnings_and_all_of_them(
    say: Said, slug: str, tmp_path: Path
) -> None:
    folders = [tmp_path / f"leeg-{number}" for number in range(45)]
    for folder in folders:
        folder.mkdir()
    broken = tmp_path / "kapot"
    broken.write_bytes(b"%PDF-1.7")
    status, out, _ = say("import", *map(str, folders), str(broken), "--administration", slug)
    lines = out.splitlines()
    assert (status, lines[0].startswith(f"{broken}: Dit bestand kennen wij niet")) == (1, True)
    assert sum("niets gevonden" in line for line in lines) == 40
    assert "... en nog 5 waarschuwingen (zie --json)." in lines


def test_what_is_rejected_counts_invoices_and_not_reasons(
    say: Said, slug: str, tmp_path: Path
) -> None:
    rows = (Listed("2026-0303", 12_100), Listed("2026-0304", 99_900, total_cents=99_900))
    twice = make_list(*rows).replace(b"999,00;999,00", b"1.2.3;1.2.3")
    files = {
        "rij": (twice, 1),
        "ubl": (make_ubl(number="", issued_on="", currency=""), 1),
        "bank": (make_statement(make_payment(100, on=date(2026, 3, 2)))[:-40], 0),
    }
    for name, (content, rejected) in files.items():
        (tmp_path / name).write_bytes(content)
        status, told = take_in(say, slug, tmp_path / name)
        assert (name, status, told["invoices"]["rejected"]) == (name, 1, rejected)
        refused = [one for one in told["problems"] if one["severity"] == "refused"]
        assert len(refused) > rejected


def test_a_monitor_may_ask_for_the_head_of_a_page(database: None) -> None:
    client = Client(SERVER_NAME="localhost")
    asked = ("/", "/aanmelden/", "/aanmelden/nep/", "/wet/")
    assert [client.head(page).status_code for page in asked] == [302, 200, 200, 200]
