"""What a proof has found so far, kept as it goes: a proof that is broken off can go on later.

The file holds lines of JSON: what was asked, then one verdict per line.
"""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from proof.cases import Size, Verdict

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a proof was asked, and of which source."""

    seed: int
    size: Size
    rows: tuple[str, ...]
    commit: str


class Kept:
    """Verdicts in a file. To `go_on` takes over what stands there of the same question; a last
    line that was cut short is left out. `before` counts what was taken over.
    """

    def __init__(self, path: Path, asked: Asked, *, go_on: bool) -> None:
        self.path, self.asked = path, asked
        path.parent.mkdir(parents=True, exist_ok=True)
        self.found = _read(path, asked) if go_on else []
        self.before = len(self.found)
        lines = [json.dumps(asdict(asked)), *(json.dumps(asdict(one)) for one in self.found)]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        self._file: IO[str] = path.open("a", encoding="utf-8")

    def add(self, verdict: Verdict) -> None:
        """One more, in the file before anything else happens."""
        self.found.append(verdict)
        self._file.write(json.dumps(asdict(verdict)) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Nothing more comes."""
        self._file.close()


def _read(path: Path, asked: Asked) -> list[Verdict]:
    if not path.exists():
        return []
    head, *rest = path.read_text(encoding="utf-8").splitlines() or [""]
    if _parse(head) != json.loads(json.dumps(asdict(asked))):
        return []
    return [Verdict(**one) for one in map(_parse, rest) if one is not None]


def _parse(line: str) -> dict[str, object] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def find_commit() -> str:
    """The commit of the source, and whether something was changed since."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    changed = subprocess.run(
        ["git", "-C", str(ROOT), "status", "--porcelain", "src", "proof"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() + (" with changes" if changed.stdout.strip() else "")


class Progress:
    """Says on a line when a row is done, and every minute how far it all is."""

    def __init__(self, cases: dict[str, int], found: Sequence[Verdict]) -> None:
        self._cases, self._found = cases, found
        self._said_at = 0.0

    def tell(self, verdict: Verdict, *, seconds: float) -> str:
        """What is to be said after this verdict, `seconds` after the beginning; often nothing."""
        own = [one for one in self._found if one.row == verdict.row]
        if len(own) == self._cases[verdict.row]:
            self._said_at = seconds
            passed = sum(one.passed for one in own)
            spent = sum(one.seconds for one in own)
            return f"{verdict.row}: {passed} of {len(own)} passed, {spent:.0f} s  {self._whole()}"
        if seconds - self._said_at < 60:
            return ""
        self._said_at = seconds
        at = f"at {verdict.row}: {len(own)} of {self._cases[verdict.row]}"
        return f"{at}, {seconds:.0f} s since the beginning  {self._whole()}"

    def _whole(self) -> str:
        return f"({len(self._found)} of {sum(self._cases.values())} cases)"
