"""Each place that tells which files are taken in names every kind; the list is in the code once."""

import re
from pathlib import Path

import pytest
from django.core.management import load_command_class

from tijdig.web.accepted_files import FILE_KINDS, FileKind, say_accepted
from tijdig.web.labels import FILE_FORMATS

ROOT = Path(__file__).parents[2]
SHORT_NAME = re.compile(r"[a-z]+\.\d{3}|MT\d{3}|UBL|CSV|XLSX")


def test_every_format_that_an_import_may_have_is_of_one_kind() -> None:
    told = [name for kind in FILE_KINDS for name in kind.formats]
    assert sorted(told) == sorted(set(FILE_FORMATS) - {"unknown"})


def test_the_help_of_import_names_every_kind() -> None:
    words = load_command_class("tijdig", "import").create_parser("tijdig", "import").format_help()
    assert say_accepted().en in " ".join(words.split())


def test_the_page_about_operating_names_every_kind() -> None:
    words = " ".join((ROOT / "docs" / "operate.md").read_text(encoding="utf-8").split())
    assert say_accepted().en in words


@pytest.mark.parametrize("kind", FILE_KINDS, ids=lambda kind: kind.formats[0])
def test_the_readme_names_every_kind(kind: FileKind) -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    told = page.partition("### Which files does it read?")[2].partition("###")[0]
    names = set(SHORT_NAME.findall(kind.words.en))
    assert names
    assert names - set(SHORT_NAME.findall(told)) == set()
