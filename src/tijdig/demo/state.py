"""What the invented world remembers between two days: its own books, never Tijdig's tables."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tijdig.demo.behaviour import Intent


@dataclass(slots=True)
class Life:
    """One creditor's world: what is open in his books, and who has which payment in mind.

    `lived_on` is the last day that was lived, `banked_until` the last day of the last statement.
    `open_cents` holds invoices and credit notes (negative); `known` are debtors who have paid
    before, `collected` the files of collections that the bank took up, `read` the mails that have
    been read; on `ring_on` somebody of the office makes the calls that are asked.
    """

    slug: str
    lived_on: date
    delivered_on: date
    banked_until: date
    balance_cents: int
    statements: int = 0
    open_cents: dict[str, int] = field(default_factory=dict)
    intents: list[Intent] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    collected: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    ring_on: date | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """What the world was made from: enough to make it again."""

    seed: int
    anchor_on: date
    weeks: int
    slugs: tuple[str, ...]


def write_life(folder: Path, life: Life) -> None:
    """Keep it in `<folder>/world/<slug>.json`; readers see the old one or the new one."""
    _write(folder / "world" / f"{life.slug}.json", asdict(life))


def read_life(folder: Path, slug: str) -> Life | None:
    """The life of this creditor as it was kept; None when there is none."""
    told = _read(folder / "world" / f"{slug}.json")
    if told is None:
        return None
    for day in ("lived_on", "delivered_on", "banked_until", "ring_on"):
        told[day] = date.fromisoformat(told[day]) if told[day] else None
    told["intents"] = [
        Intent(**{**one, "on": date.fromisoformat(one["on"]), "numbers": tuple(one["numbers"])})
        for one in told["intents"]
    ]
    return Life(**told)


def write_origin(folder: Path, origin: Origin) -> None:
    """Keep what the world was made from; written last, so that it says: the world is whole."""
    _write(folder / "world.json", asdict(origin))


def read_origin(folder: Path) -> Origin | None:
    """What the world of this folder was made from; None when it was not, or not to the end."""
    told = _read(folder / "world.json")
    if told is None:
        return None
    told["anchor_on"] = date.fromisoformat(told["anchor_on"])
    told["slugs"] = tuple(told["slugs"])
    return Origin(**told)


def _write(path: Path, told: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(told, default=date.isoformat, indent=1), encoding="utf-8")
    fresh.replace(path)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return told
