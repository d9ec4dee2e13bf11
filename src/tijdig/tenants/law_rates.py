"""Interest rates added by hand: a file in the data folder, so that the law needs no database."""

import fcntl
import json
import os
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, cast, get_args

from django.conf import settings

from tijdig.core.law.dated import Dated, RateKind, RateTables, refuse_bad_rate, with_added_rates
from tijdig.core.law.tables import RATES
from tijdig.core.problem import Refusal

FILE_NAME = "law_rates.json"


@dataclass(frozen=True, slots=True)
class AddedRate:
    """A rate that somebody looked up: from when, how much, and where it was published."""

    kind: RateKind
    from_on: date
    percent: Decimal
    source: str
    published_on: date | None


def load_rates() -> RateTables:
    """The rates in force: those of this release and those added by hand.

    Refuses: a file that cannot be read, by its name.
    """
    return with_added_rates(RATES, _read())


def load_known_rates() -> RateTables:
    """The rates in force for the daily work, which a broken file must not stop.

    Without it no rate is known for the half-years that it tells of, so no interest is claimed for
    them; Vandaag and the doctor say that the file is broken.
    """
    try:
        return load_rates()
    except Refusal:
        return RATES


def add_rate(rate: AddedRate, *, today: date) -> RateTables:
    """Store a published rate for all to use; the rates in force after it.

    Refuses: a kind without a table, a day that is not later than the last row or more than a year
    away, a percentage that cannot be, a rate without its source, a folder that takes nothing.
    """
    row = Dated(rate.from_on, rate.percent, rate.source.strip(), rate.published_on, today)
    path = _path()
    try:
        return _add(path, rate.kind, row, today=today)
    except OSError as error:
        raise Refusal(
            f"In de gegevensmap {path.parent} kan niets worden bewaard ({error.strerror}). Kies met"
            " TIJDIG_HOME een map die van u is.",
            f"Nothing can be stored in the data folder {path.parent} ({error.strerror}). Choose a"
            " folder of yours with TIJDIG_HOME.",
        ) from error


def _add(path: Path, kind: RateKind, row: Dated[Decimal], *, today: date) -> RateTables:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        added = _read()
        refuse_bad_rate(getattr(with_added_rates(RATES, added), kind), row, today=today)
        added.append((kind, row))
        _write(path, added)
    return with_added_rates(RATES, added)


def _path() -> Path:
    return Path(settings.HOME) / FILE_NAME


def _read() -> list[tuple[RateKind, Dated[Decimal]]]:
    path = _path()
    try:
        told = json.loads(path.read_text("utf-8"), parse_float=str)
        return [_parse(one) for one in told["rates"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, InvalidOperation) as error:
        raise Refusal(
            f"Het bestand met toegevoegde rente ({path}) is niet te lezen. Herstel het of haal het"
            " weg, en voeg de percentages opnieuw toe.",
            f"The file with added rates ({path}) cannot be read. Mend it or remove it, and add the"
            " rates again.",
        ) from error


def _parse(told: dict[str, Any]) -> tuple[RateKind, Dated[Decimal]]:
    if told["kind"] not in get_args(RateKind):
        raise ValueError(told["kind"])
    published = told.get("published")
    row = Dated(
        date.fromisoformat(told["from"]),
        Decimal(told["percent"]),
        str(told["source"]),
        date.fromisoformat(published) if published else None,
        date.fromisoformat(told["checked"]),
    )
    return cast("RateKind", told["kind"]), row


def _write(path: Path, added: list[tuple[RateKind, Dated[Decimal]]]) -> None:
    """Put the file in place in one step: a reader sees the old one or the new one."""
    rates = [
        {
            "kind": kind,
            "from": f"{row.from_on}",
            "percent": f"{row.value}",
            "source": row.source,
            "published": f"{row.published_on}" if row.published_on else None,
            "checked": f"{row.checked_on}",
        }
        for kind, row in added
    ]
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump({"rates": rates}, file, indent=1, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
