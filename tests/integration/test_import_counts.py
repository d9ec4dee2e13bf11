"""What an import says of the files that a bank gave: how many of them were refused."""

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from tests.integration.books import Listed, make_list, make_payment, make_statement
from tests.integration.debit_office import write_answer

from tijdig.config.command_line import main


def test_what_is_refused_of_the_bank_is_counted(
    database: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A statement without a readable amount, and an answer to a file that is not ours."""
    good = make_statement(make_payment(5_000, "2026-0002", on=date(2026, 3, 2)))
    (tmp_path / "goed").write_bytes(good)
    (tmp_path / "fout").write_bytes(good.replace(b">50.00<", b">veel<"))
    (tmp_path / "antwoord").write_bytes(write_answer(file=("ACCP", "")))
    main(["init", "--administration", "geweigerd", "--json"])
    capsys.readouterr()
    asked = ["import", str(tmp_path), "--administration", "geweigerd", "--today", "2026-03-02"]
    with pytest.raises(SystemExit):
        main([*asked, "--json"])
    told = json.loads(capsys.readouterr().out)
    names = ("statements", "lines", "bank_files_rejected", "answers_rejected")
    assert [told[name] for name in names] == [1, 1, 1, 1]
    assert told["invoices"]["rejected"] == told["mandates"]["rejected"] == 0
    with pytest.raises(SystemExit):
        main(asked)
    printed = capsys.readouterr()
    said = (printed.out + printed.err).splitlines()[-2:]
    assert said[0] == "1 antwoord van de bank op incasso's, 1 geweigerd."
    assert said[1].endswith("1 regel (0 nieuw, 0 gekoppeld), 1 bankbestand geweigerd.")


def test_a_file_that_is_not_known_counts_apart_and_each_refusal_names_a_place(
    database: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A note, an empty file and a zip in a zip, beside a list of which a row is no good."""
    (tmp_path / "brief").write_text("Beste mensen")
    (tmp_path / "leeg").touch()
    with zipfile.ZipFile(tmp_path / "pakket", "w") as archive:
        archive.writestr("in/elkaar.zip", b"x")
    listed = make_list(Listed("2026-0001", 12_100), Listed("2026-0002", 5_000))
    (tmp_path / "lijst").write_bytes(listed.replace(b"50,00", b"veel").replace(b"50.00", b"veel"))
    main(["init", "--administration", "apart", "--json"])
    capsys.readouterr()
    asked = ["import", str(tmp_path), "--administration", "apart", "--today", "2026-03-02"]
    with pytest.raises(SystemExit):
        main([*asked, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["files_unknown"], told["invoices"]["rejected"]) == (3, 1)
    refused = [one for one in told["problems"] if one["severity"] == "refused"]
    assert {Path(one["file"]).name: one["place"] for one in refused} == {
        "brief": "bestand",
        "leeg": "bestand",
        "pakket": "in/elkaar.zip",
        "lijst": "regel 3",
    }
    with pytest.raises(SystemExit):
        main(asked)
    printed = capsys.readouterr()
    said = (printed.out + printed.err).splitlines()[-1]
    assert " 1 geweigerd," in said
    assert said.endswith("0 bankbestanden geweigerd, 3 bestanden niet herkend.")
