"""The command line: one JSON object on stdout, a telling exit status, and what it promises."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.faults.child import make_environment
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import Listed, make_list, make_payment, make_statement
from tests.integration.office import at
from tests.plugs.ubl_samples import make_ubl

from tijdig.config.command_line import main
from tijdig.dunning.actions import sending
from tijdig.dunning.models import Decision
from tijdig.ledger.models import Invoice, OpenItem
from tijdig.messaging.models import Message
from tijdig.tenants.actions import change_creditor
from tijdig.tenants.queries import find_administration
from tijdig.tenants.scope import administration_scope
from tijdig.web.clock import moment_now

_slugs = (f"opdracht-{number}" for number in count(1))
Tijdig = Callable[..., tuple[int, dict[str, Any]]]
DUE = "2026-03-19"


@pytest.fixture
def tijdig(database: None, capsys: pytest.CaptureFixture[str]) -> Tijdig:
    """Run a command with --json in this process; its exit status and its JSON."""

    def call(*words: object) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        status = 0
        try:
            main([f"{word}" for word in (*words, "--json")])
        except SystemExit as end:
            status = int(end.code or 0)
        out = capsys.readouterr().out
        if status == 2:
            assert out == ""
            return status, {}
        found = json.loads(out)
        assert out.count("\n") == 1
        assert isinstance(found, dict)
        return status, found

    return call


@pytest.fixture
def slug(tijdig: Tijdig) -> str:
    name = next(_slugs)
    assert tijdig("init", "--administration", name)[0] == 0
    return name


def write(folder: Path, **contents: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


def make_files(folder: Path) -> Path:
    """A list with two debtors, an invoice, a statement that pays one, and a letter."""
    rows = (Listed("2026-0001", 12_100), Listed("2026-0002", 5_000, 5_000, "1002"))
    return write(
        folder,
        lijst=make_list(*rows),
        factuur=make_ubl(number="2026-0117", issued_on="2026-02-12", due_on="2026-03-14"),
        bank=make_statement(make_payment(5_000, "2026-0002", on=date(2026, 3, 2))),
        brief=b"%PDF-1.7",
    )


def counts(figures: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(figures[name] for name in names)


def test_init_may_be_repeated(tijdig: Tijdig) -> None:
    slug = next(_slugs)
    status, first = tijdig("init", "--administration", slug, "--name", "Bakkerij De Korenbloem")
    assert (status, set(first)) == (0, {"home", "administration", "created"})
    assert counts(first, "administration", "created") == (slug, True)
    status, again = tijdig("init", "--administration", slug)
    assert (status, again["created"]) == (0, False)
    status, without = tijdig("init")
    assert (status, without["administration"]) == (0, None)
    assert tijdig("init", "--administration", "geen naam!")[0] == 1


def test_import_tells_every_file_and_every_problem(
    tijdig: Tijdig, slug: str, tmp_path: Path
) -> None:
    folder = make_files(tmp_path / "binnen")
    status, told = tijdig("import", folder, "--administration", slug, "--today", "2026-03-02")
    assert status == 1
    assert {Path(one["file"]).name: one["format"] for one in told["files"]} == {
        "bank": "camt053",
        "brief": "unknown",
        "factuur": "ubl",
        "lijst": "csv",
    }
    came = ("new", "changed", "unchanged", "rejected")
    assert (*counts(told["invoices"], *came), told["files_unknown"]) == (3, 0, 0, 0, 1)
    stood = ("statements", "lines", "matched", "proposed", "unmatched", "balances_ok")
    bank = next(one for one in told["files"] if one["format"] == "camt053")
    assert counts(told, *stood) == counts(bank, *stood) == (1, 1, 1, 0, 0, None)
    refused = [one for one in told["problems"] if one["severity"] == "refused"]
    assert [Path(one["file"]).name for one in refused] == ["brief"]
    assert all({"file", "place", "because"} <= set(one) for one in told["problems"])
    (folder / "brief").unlink()
    status, again = tijdig("import", folder, "--administration", slug, "--today", "2026-03-02")
    assert status == 0
    assert again["invoices"].items() >= {"new": 0, "changed": 0, "unchanged": 3}.items()
    assert again["new_lines"] == 0
    assert all(one["already_on"] for one in again["files"])


def test_a_file_that_is_too_large_does_not_stop_the_rest(
    tijdig: Tijdig, slug: str, tmp_path: Path
) -> None:
    folder = write(tmp_path / "binnen", een=make_list(Listed("1001-1", 100)), twee=b"x")
    # Takes no room on the disk, and is not read.
    os.truncate(folder / "twee", 301 * 1024**2)
    status, told = tijdig("import", folder, "--administration", slug)
    assert (status, told["invoices"]["new"], told["files_unknown"]) == (1, 1, 1)
    assert "groter dan" in told["problems"][-1]["because"]
    assert tijdig("import", tmp_path / "weg", "--administration", slug)[0] == 1


def test_no_name_decides_either_when_there_are_more_files_than_fit_at_once(
    tijdig: Tijdig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two invoices under one number, and a payment that comes before what it pays."""
    monkeypatch.setattr(import_module("tijdig.management.commands.import"), "BATCH_FILES", 2)
    contents = [
        make_statement(make_payment(12_100, "2026-0001", on=date(2026, 3, 2))),
        make_list(Listed("2026-0001", 12_100)),
        make_ubl(number="2026-0117", issued_on="2026-02-12", due_on="2026-03-14"),
        make_ubl(number="2026-0117", issued_on="2026-02-13", due_on="2026-03-15"),
        make_ubl(number="2026-0118", issued_on="2026-02-13", due_on="2026-03-15"),
    ]
    seen = []
    for names in ("abcde", "edcba", "cabed"):
        slug, folder = next(_slugs), tmp_path / names
        tijdig("init", "--administration", slug)
        write(folder, **dict(zip(names, contents, strict=True)))
        status, told = tijdig("import", folder, "--administration", slug)
        assert [Path(one["file"]).name for one in told["files"]] == sorted(names)
        by_content = {
            contents[names.index(Path(one.pop("file")).name)]: one for one in told["files"]
        }
        problems = sorted((one["place"], one["because"]) for one in told["problems"])
        seen.append((status, by_content, told["invoices"], told["matched"], problems))
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][3] == 1


def test_an_invoice_file_that_came_in_before_changes_nothing_whatever_came_since(
    tijdig: Tijdig, slug: str, tmp_path: Path
) -> None:
    """Else the old due date would come back with the old file, and go again with the new one."""
    first = make_ubl(number="2026-0117", issued_on="2026-02-12", due_on="2026-03-14")
    later = make_ubl(number="2026-0117", issued_on="2026-02-12", due_on="2026-03-28")
    folder = write(tmp_path / "in", first=first, later=later)
    found = []
    for name in ("first", "later", "first", "later", "."):
        told = tijdig("import", folder / name, "--administration", slug)[1]
        found.append([told["invoices"][what] for what in ("new", "changed", "unchanged")])
    assert found == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 2]]
    administration_id = find_administration(slug)
    assert administration_id
    with administration_scope(administration_id):
        assert Invoice.objects.get().due_on == date(2026, 3, 28)


def test_the_result_is_the_same_with_the_files_renamed(tijdig: Tijdig, tmp_path: Path) -> None:
    folder = make_files(tmp_path / "binnen")
    other = tmp_path / "anders"
    other.mkdir()
    for number, path in enumerate(sorted(folder.iterdir(), reverse=True)):
        (other / f"{number}.dat").write_bytes(path.read_bytes())
    found = []
    for one in (folder, other):
        slug = next(_slugs)
        tijdig("init", "--administration", slug)
        told = tijdig("import", one, "--administration", slug, "--today", "2026-03-02")[1]
        ran = tijdig("run", "--administration", slug, "--today", DUE)[1]
        files = sorted(
            (f["format"], f["new"], f["unchanged"], f["rejected"], f["new_lines"])
            for f in told["files"]
        )
        said = sorted((p["place"], p["because"]) for p in told["problems"])
        found.append((files, told["invoices"], told["matched"], said, ran))
    assert found[0] == found[1]


def test_run_twice_and_dry(tijdig: Tijdig, slug: str, tmp_path: Path) -> None:
    tijdig("import", make_files(tmp_path / "in"), "--administration", slug, "--today", "2026-03-02")
    expected = {
        "today": DUE,
        "planned": 2,
        "released": 0,
        "held": 2,
        "nothing": 1,
        "because": {"nothing_open": 1, "reminder_due": 2},
        "alarms": [],
    }
    asked = ("run", "--administration", slug, "--today", DUE)
    for words in (("--dry-run",), ("--dry-run",), ()):
        status, told = tijdig(*asked, *words)
        missing = [(one["kind"], one["needed_on"]) for one in told.pop("missing")]
        assert (status, told) == (0, {**expected, "dry_run": bool(words)})
        assert missing == [("bank", "2026-03-18"), ("books", "2026-03-12")]
    status, second = tijdig(*asked)
    assert (status, *counts(second, "planned", "held", "nothing")) == (0, 0, 0, 3)
    assert sum(second["because"].values()) == 3


def test_why_for_a_day_a_past_day_and_a_stranger(tijdig: Tijdig, slug: str, tmp_path: Path) -> None:
    tijdig("import", make_files(tmp_path / "in"), "--administration", slug, "--today", "2026-03-02")
    asked = ("why", "1001", "--administration", slug, "--today")
    _, foreseen = tijdig(*asked, DUE)
    assert counts(foreseen, "decided_on", "outcome", "reason") == (None, "message", "reminder_due")
    tijdig("run", "--administration", slug, "--today", DUE)
    status, decided = tijdig(*asked, DUE)
    assert status == 0
    assert set(decided) == {
        "debtor",
        "today",
        "decided_on",
        "outcome",
        "reason",
        "because",
        "because_en",
        "step",
        "next_look_on",
        "facts",
    }
    assert counts(decided, "debtor", "decided_on", "step") == ("1001", DUE, "reminder")
    assert "2026-0001" in decided["because"]
    _, later = tijdig(*asked, "2026-06-01")
    assert counts(later, "decided_on", "reason") == (None, "call_due")
    _, past = tijdig(*asked, "2026-03-04")
    assert past["reason"] == "not_due_yet"
    status, stranger = tijdig("why", "9999", "--administration", slug)
    assert (status, list(stranger)) == (1, ["refused", "refused_en"])


def test_why_says_in_words_that_nobody_decided_that_day(
    tijdig: Tijdig, slug: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tijdig("import", make_files(tmp_path / "in"), "--administration", slug, "--today", "2026-03-02")
    tijdig("run", "--administration", slug, "--today", DUE)
    said = {}
    for day in ("2026-03-04", DUE, f"{moment_now().year + 1}-12-31"):
        capsys.readouterr()
        main(["why", "1001", "--administration", slug, "--today", day])
        said[day] = capsys.readouterr().out.splitlines()[0]
    first, decided, later = said.values()
    assert first.startswith(
        "Voor deze dag is er geen besluit: deze debiteur was toen niet bekeken."
    )
    assert "2026-0001" in decided
    assert later == "Nog niet besloten. Met de feiten van nu zou het zijn:"


def test_send_sends_what_was_released(
    tijdig: Tijdig, slug: str, settings_of_mail: SmtpSink
) -> None:
    status, told = tijdig("send", "--administration", slug)
    assert status == 0
    assert counts(told, "accepted", "retry", "failed", "in_doubt", "held", "mail_server") == (
        0,
        0,
        0,
        0,
        0,
        True,
    )
    assert tijdig("send")[0] == 0


@pytest.fixture
def settings_of_mail() -> Any:
    from django.test import override_settings

    with (
        SmtpSink() as sink,
        override_settings(
            SMTP_HOST="127.0.0.1", SMTP_PORT=sink.port, SMTP_SECURITY="none", SMTP_USERNAME=""
        ),
    ):
        yield sink


def test_a_later_day_is_refused_once_sending_is_on(tijdig: Tijdig, slug: str) -> None:
    administration = find_administration(slug)
    assert administration is not None
    assert tijdig("run", "--administration", slug, "--today", "2031-01-02")[0] == 0
    with administration_scope(administration):
        change_creditor({"iban": "NL91ABNA0417164300", "email": "wij@example.nl"})
        sending.turn_on(today=date(2026, 3, 2), now=at(date(2026, 3, 2)), actor="ik")
    other = f"{moment_now().year + 1}-01-04"
    status, told = tijdig("run", "--administration", slug, "--today", other)
    assert (status, list(told)) == (1, ["refused", "refused_en"])


def test_a_list_is_not_of_a_day_to_come(tijdig: Tijdig, slug: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "binnen", een=make_list(Listed("1001-1", 100)))
    later = f"{moment_now().year + 1}-12-31"
    status, told = tijdig("import", folder, "--administration", slug, "--today", later)
    assert (status, list(told)) == (1, ["refused", "refused_en"])


def test_doctor_tells_what_to_mend(tijdig: Tijdig) -> None:
    status, told = tijdig("doctor")
    checks = {one["what"]: one for one in told["checks"]}
    assert {"database", "databaserol", "tabellen", "klok", "schijf", "mail"} <= set(checks)
    assert all(one["found"] and one["found_en"] and one["what_en"] for one in told["checks"])
    assert all((one["mend"] == one["mend_en"] == "") == one["ok"] for one in told["checks"])
    assert checks["tabellen"]["ok"]
    assert status == (0 if all(one["ok"] for one in told["checks"]) else 1)


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "--administration", "x", "--today", "morgen"),
        ("run", "--administration", "x", "--nonsens"),
        ("import",),
        ("import", "x"),
        ("why", "--administration", "x"),
        ("bestaatniet",),
    ],
)
def test_wrong_use_is_two(tijdig: Tijdig, words: tuple[str, ...]) -> None:
    assert tijdig(*words) == (2, {})


@pytest.mark.parametrize("words", [("run",), ("import", __file__), ("why", "1001"), ("send",)])
def test_an_unknown_administration_is_one(tijdig: Tijdig, words: tuple[str, ...]) -> None:
    status, told = tijdig(*words, "--administration", "bestaat-niet")
    assert (status, list(told)) == (1, ["refused", "refused_en"])
    assert "bestaat-niet" in told["refused"]


def test_a_dry_run_writes_nothing(tijdig: Tijdig, slug: str, tmp_path: Path) -> None:
    tijdig("import", make_files(tmp_path / "in"), "--administration", slug, "--today", "2026-03-02")
    assert tijdig("run", "--administration", slug, "--today", DUE, "--dry-run")[0] == 0
    administration = find_administration(slug)
    assert administration is not None
    with administration_scope(administration):
        assert (Decision.objects.count(), Message.objects.count()) == (0, 0)
        assert OpenItem.objects.count() == 3


def as_process(*words: str, **told: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tijdig.config.command_line", *words, "--json"],
        env=make_environment(**told),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout


def test_a_process_of_its_own_answers_alike(tijdig: Tijdig, tmp_path: Path) -> None:
    slug = next(_slugs)
    status, out = as_process("init", "--administration", slug)
    assert (status, json.loads(out)["created"]) == (0, True)
    assert tijdig("init", "--administration", slug)[1]["created"] is False
    status, out = as_process("run", "--administration", "bestaat-niet")
    assert (status, list(json.loads(out))) == (1, ["refused", "refused_en"])
    assert as_process("run") == (2, "")


def test_without_its_database_a_command_says_so(tmp_path: Path) -> None:
    nowhere = "postgresql://x:y@127.0.0.1:1/niets"
    told = {("run", "--administration", "x"): ["refused", "refused_en"], ("doctor",): ["checks"]}
    for words, names in told.items():
        status, out = as_process(*words, DATABASE_URL=nowhere, TIJDIG_HOME=str(tmp_path))
        assert (status, list(json.loads(out))) == (1, names)
    status, out = as_process("doctor", DATABASE_URL="mysql://x", TIJDIG_HOME=str(tmp_path))
    refused = json.loads(out)
    assert (status, "geen PostgreSQL-adres" in refused["refused"]) == (1, True)
