"""Tables of before an upgrade: every command says what to do, and touches nothing."""

import json
from collections.abc import Iterator

import pytest
from django.db import connections

from tijdig.config.command_line import main

LAST = "SELECT max(name) FROM django_migrations WHERE app = 'tijdig'"


def rename(sql: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql)
    connections["owner"].close()


@pytest.fixture
def older_tables(database: None) -> Iterator[None]:
    """A database that does not know the last change of the tables."""
    rename(f"UPDATE django_migrations SET app = 'waits' WHERE app = 'tijdig' AND name = ({LAST})")
    yield
    rename("UPDATE django_migrations SET app = 'tijdig' WHERE app = 'waits'")


@pytest.mark.parametrize(
    "words",
    [
        ("import", ".", "--administration", "bakkerij"),
        ("run", "--administration", "bakkerij"),
        ("why", "1001", "--administration", "bakkerij"),
        ("send",),
    ],
    ids=lambda words: words[0],
)
def test_a_command_refuses_tables_of_before_an_upgrade(
    older_tables: None, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([*words, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert end.value.code == 1
    assert told["refused"] == (
        "De tabellen horen bij een oudere versie van Tijdig. Voer eerst uit: tijdig init"
    )
    assert told["refused_en"].endswith("First run: tijdig init")


def test_tables_of_this_version_are_taken(
    database: None, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["send", "--json"])
    assert "refused" not in json.loads(capsys.readouterr().out)
