"""`tijdig law` as a test calls it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from tijdig.config.command_line import main

Law = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def law(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Law:
    """Run `tijdig law` with --json on an empty data folder; its exit status and its JSON."""

    def call(*words: object) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        status = 0
        with override_settings(HOME=tmp_path):
            try:
                main(["law", *(f"{word}" for word in words), "--json"])
            except SystemExit as end:
                status = int(end.code or 0)
        out = capsys.readouterr().out
        assert out.count("\n") == (0 if status == 2 else 1)
        return status, json.loads(out) if out else {}

    return call
