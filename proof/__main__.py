"""`make proof SEED=n SET=short|long`: break everything on purpose, and print what held.

    python -m proof --seed 7 --set short [--rows A1,D2] [--no-page] [--times] [--go-on]

With --first-wrong it ends with the first case that fails: that is enough to know that it is red.
Every verdict is kept in a file as it comes. Broken off (Ctrl-C, or ended by somebody), it prints
the table of what it has; with --go-on, the same question goes on where it was.
Exit status 1 when a case fails or was not run, with what failed and how to see it again.
"""

import argparse
import json
import signal
import sys
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from proof.cases import SIZES, Verdict
from proof.kept import ROOT, Asked, Kept, Progress, find_commit

DEFAULT_SEED = 20_260_319
SLOWEST = 20


class _BrokenOffError(Exception):
    """Somebody ended the proof; what it has is still told."""


def main() -> int:
    options = _read_options()
    rows = tuple(row for row in options.rows.split(",") if row)
    asked = Asked(options.seed, options.size, rows, find_commit())
    place = options.kept or ROOT / "var" / "proof" / f"{asked.size}-{asked.seed}.jsonl"
    kept = Kept(place, asked, go_on=options.go_on)
    began = time.monotonic()
    cases = _run(asked, kept, began, first_wrong=options.first_wrong)
    seconds = time.monotonic() - began
    if cases:
        from proof.rows import list_later
        from proof.table import make_lines, show, write_page

        lines = make_lines(kept.found, cases, seed=asked.seed)
        print(show(lines))
        if not rows and not options.no_page:
            write_page(lines, list_later(), asked=asked, seconds=seconds, in_one_go=not kept.before)
    if options.json:
        verdicts = [asdict(one) for one in kept.found]
        options.json.write_text(json.dumps(verdicts, indent=1), encoding="utf-8")
    if options.times:
        _tell_times(kept.found)
    return _conclude(kept, sum(cases.values()), seconds)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m proof", description=__doc__)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--set", dest="size", choices=SIZES, default="short")
    parser.add_argument("--rows", default="", help="only these, with commas")
    parser.add_argument("--no-page", action="store_true", help="leave docs/proof.md as it is")
    parser.add_argument("--times", action="store_true", help="the slowest cases too")
    parser.add_argument("--json", type=Path, help="write every verdict to this file")
    parser.add_argument("--kept", type=Path, help="keep verdicts here as they come")
    parser.add_argument("--first-wrong", action="store_true", help="end with the first that fails")
    parser.add_argument("--go-on", action="store_true", help="take over what stands there")
    return parser.parse_args()


def _run(asked: Asked, kept: Kept, began: float, *, first_wrong: bool) -> dict[str, int]:
    """Run what is not known yet, until the end or until somebody ends it; cases per row.

    `first_wrong`: it ends with the first case that fails.
    """
    from proof.ground import scratch

    cases: dict[str, int] = {}
    signal.signal(signal.SIGTERM, _break_off)
    signal.signal(signal.SIGINT, _break_off)
    try:
        with scratch() as folder:
            from proof.proving import count_cases, list_chosen, prove

            chosen = list_chosen(size=asked.size, only=asked.rows)
            cases = count_cases(chosen)
            progress = Progress(cases, kept.found)
            done = {(one.row, one.name) for one in kept.found}
            with closing(prove(folder, chosen, seed=asked.seed, done=done)) as verdicts:
                for verdict in verdicts:
                    kept.add(verdict)
                    _tell(verdict, progress.tell(verdict, seconds=time.monotonic() - began))
                    if first_wrong and verdict.wrong:
                        break
    except _BrokenOffError:
        print("Broken off: this is what was found until now.", file=sys.stderr, flush=True)
    finally:
        kept.close()
    return cases


def _break_off(*_: object) -> None:
    # Once: whoever ends it twice ends the tidying up.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise _BrokenOffError


def _tell(verdict: Verdict, line: str) -> None:
    if verdict.wrong:
        print(f"! {verdict.row} {verdict.name}: {verdict.wrong}", file=sys.stderr, flush=True)
        print(verdict.trace, file=sys.stderr, flush=True)
    if line:
        print(line, file=sys.stderr, flush=True)


def _tell_times(found: list[Verdict]) -> None:
    for one in sorted(found, key=lambda one: -one.seconds)[:SLOWEST]:
        own = f"{one.processor_seconds:.1f} s of it at work"
        print(f"{one.seconds:6.1f} s, {own}: {one.row} {one.name}")


def _conclude(kept: Kept, asked_cases: int, seconds: float) -> int:
    found, asked = kept.found, kept.asked
    wrong = [one for one in found if one.wrong]
    passed = sum(one.passed for one in found)
    print(f"{passed} of {len(found)} cases passed in {seconds:.0f} s.")
    for one in found:
        if one.skipped:
            print(f"SKIPPED {one.row} {one.name}: {one.skipped}")
    for one in wrong:
        again = f"make proof SEED={asked.seed} SET={asked.size} ROWS={one.row}"
        print(f"FAILED {one.row} {one.name}: {one.wrong}  (again: {again})")
    left = asked_cases - len(found)
    if left or not asked_cases:
        print(f"{left} cases were not run. Go on with --go-on; the rest is kept in {kept.path}.")
    return 1 if wrong or left or not asked_cases else 0


if __name__ == "__main__":
    sys.exit(main())
