"""`make proof SEED=n SET=short|long`: break everything on purpose, and print what held.

    python -m proof --seed 7 --set short [--rows A1,D2] [--no-page] [--times]

Exit status 1 when a case fails, with what failed and how to see it again.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from proof.cases import SIZES, Verdict

DEFAULT_SEED = 20_260_319
SLOWEST = 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m proof", description=__doc__)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--set", dest="size", choices=SIZES, default="short")
    parser.add_argument("--rows", default="", help="only these, with commas")
    parser.add_argument("--no-page", action="store_true", help="leave docs/proof.md as it is")
    parser.add_argument("--times", action="store_true", help="the slowest cases too")
    parser.add_argument("--json", type=Path, help="write every verdict to this file")
    options = parser.parse_args()
    from proof.proving import prove

    began = time.monotonic()
    only = [row for row in options.rows.split(",") if row]
    found = prove(seed=options.seed, size=options.size, only=only, tell=_tell)
    seconds = time.monotonic() - began
    from proof.rows import list_later
    from proof.table import make_lines, show, write_page

    lines = make_lines(found, seed=options.seed)
    print(show(lines))
    if not only and not options.no_page:
        write_page(lines, list_later(), seed=options.seed, size=options.size, seconds=seconds)
    if options.json:
        verdicts = [asdict(one) for one in found]
        options.json.write_text(json.dumps(verdicts, indent=1), encoding="utf-8")
    if options.times:
        for one in sorted(found, key=lambda one: -one.seconds)[:SLOWEST]:
            own = f"{one.processor_seconds:.1f} s of it at work"
            print(f"{one.seconds:6.1f} s, {own}: {one.row} {one.name}")
    wrong = [one for one in found if one.wrong]
    print(f"{len(found) - len(wrong)} of {len(found)} cases passed in {seconds:.0f} s.")
    for one in wrong:
        again = f"make proof SEED={options.seed} SET={options.size} ROWS={one.row}"
        print(f"FAILED {one.row} {one.name}: {one.wrong}  (again: {again})")
    return 1 if wrong else 0


def _tell(verdict: Verdict) -> None:
    if verdict.wrong:
        print(f"! {verdict.row} {verdict.name}: {verdict.wrong}", file=sys.stderr, flush=True)
        print(verdict.trace, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
