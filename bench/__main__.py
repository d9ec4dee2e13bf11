"""Run the benches and print what they found: `python -m bench [NAME…] [--json FILE]`.

Exit status 1 when a figure misses its aim.
"""

import argparse
import json
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figure import Figure

BENCHES = {
    "dunning": "bench.dunning:measure",
    "sending": "bench.sending:measure",
    "growth": "bench.dunning:measure_growth",
    "ubl_import": "bench.parsing:measure_ubl",
    "csv_import": "bench.parsing:measure_csv",
    "importing": "bench.importing:measure",
    "pages": "bench.pages:measure",
    "letters": "bench.letters:measure",
    "camt": "bench.statements:measure",
    "import_memory": "bench.import_memory:measure",
    "matching": "bench.matching:measure",
    "matching_speed": "bench.matching_speed:measure",
}
"""By name: where the function stands that yields the figures; loaded when it runs."""


_WIDTH = 130


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in BENCHES]
    if unknown:
        parser.error(f"no bench is called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    figures: list[Figure] = []
    for name in options.names or BENCHES:
        print(f"{name} …", file=sys.stderr, flush=True)
        figures += _load(name)()
    console = Console()
    console.width = max(console.width, _WIDTH)  # a log has no width of its own
    console.print(_make_table(figures))
    if options.json:
        options.json.write_text(_to_json(figures), encoding="utf-8")
    return 1 if any(figure.ok is False for figure in figures) else 0


def _load(name: str) -> Callable[[], list[Figure]]:
    module, _, function = BENCHES[name].partition(":")
    found: Callable[[], list[Figure]] = getattr(import_module(module), function)
    return found


def _make_table(figures: Sequence[Figure]) -> Table:
    table = Table("bench", "what")
    for title in ("ours", "baseline", "ratio", "aim"):
        table.add_column(title, justify="right")
    table.add_column("ok")
    for figure in figures:
        table.add_row(
            figure.bench,
            figure.what,
            f"{_show(figure.ours)} {figure.unit}",
            "" if figure.baseline is None else f"{_show(figure.baseline)} {figure.unit}",
            "" if figure.ratio is None else f"{figure.ratio:,.2f} ×",
            figure.aim,
            {True: "yes", False: "NO", None: ""}[figure.ok],
        )
    return table


def _show(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def _to_json(figures: Sequence[Figure]) -> str:
    found = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "figures": [asdict(figure) for figure in figures],
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
