"""The order of the flow, the purity of the rules and the doors, as import-linter checks them."""

import re
import subprocess
import sys

from tests.architecture.source_tree import PACKAGE, ROOT

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def test_every_import_keeps_the_contracts() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    kept = re.search(r"Contracts: (\d+) kept, 0 broken", done.stdout)
    assert kept is not None, done.stdout
    assert int(kept.group(1)) == (ROOT / "pyproject.toml").read_text().count(
        "[[tool.importlinter.contracts]]"
    )


def test_every_package_has_a_place_in_the_order() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    order = text.partition("layers = [")[2].partition("]\n")[0]
    named = set(re.findall(r"\w+", order))
    packages = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert packages - named == set()
