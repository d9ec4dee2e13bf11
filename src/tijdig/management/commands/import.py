"""`tijdig import`: files in, whatever they are; what is wrong is said per file and place."""

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from tijdig.banking.formats.table import find_format
from tijdig.banking.queries import LineCounts
from tijdig.core.money import format_count
from tijdig.core.problem import Problem, Refusal, Sentence
from tijdig.intake.actions.imports import Outcome
from tijdig.management.answer import (
    Answer,
    AnsweringCommand,
    add_administration,
    get_administration,
    tell_day,
)
from tijdig.management.arguments import day_of_work
from tijdig.management.progress import show_progress
from tijdig.tenants.scope import administration_scope
from tijdig.web.accepted_files import say_accepted
from tijdig.web.receiving import (
    HEAD_BYTES,
    WHOLE_FILE,
    Receipt,
    Received,
    receive,
    say_unreadable,
)

BATCH_FILES = 500
BATCH_BYTES = 50 * 1024 * 1024
MOST_FILE_BYTES = 300 * 1024 * 1024
# For people, who see every refusal; a machine gets them all.
MOST_WARNINGS_SHOWN = 40
UNKNOWN = "unknown"
INVOICE_FORMATS = frozenset(("ubl", "csv", "xlsx"))
ANSWER_FORMAT = "pain002"
OTHER_FORMATS = INVOICE_FORMATS | {"mandates", ANSWER_FORMAT, UNKNOWN}


class Command(AnsweringCommand):
    """Each file comes in whole, or not at all; the rest goes on."""

    help = f"Take in files, each known by its content: {say_accepted().en}."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="file or folder")
        add_administration(parser)
        parser.add_argument(
            "--today", type=day_of_work, help="the day that lists of open items speak of"
        )
        parser.add_argument(
            "--current",
            action="store_true",
            help="the lists are of today, also one that came in before",
        )

    def answer(self, **options: Any) -> Answer:
        administration_id = get_administration(options["administration"])
        paths, empty = _list_files(options["paths"])
        today, now = tell_day(administration_id, options["today"])
        _refuse_later_day(today, tell_day(administration_id, None)[0])
        receipts = []
        with show_progress("Bestanden", of=len(paths)) as advance:
            for batch in _batches(_order_by_content(paths)):
                files = [replace(_read(one), is_current=options["current"]) for one in batch]
                receipts.append(_receive(administration_id, files, today=today, now=now))
                advance(len(batch))
        return _answer(receipts, paths, empty)


def _refuse_later_day(told: date, today: date) -> None:
    """A list of a day to come would silence every list until that day."""
    if told > today:
        raise Refusal(
            f"{told:%d-%m-%Y} is nog niet aangebroken: een lijst kan niet van een latere dag zijn.",
            f"{told:%d-%m-%Y} has not come yet: a list cannot be of a later day.",
        )


def _list_files(told: Sequence[str]) -> tuple[list[Path], list[Problem]]:
    """Every file named and every file below a folder named, in order of name; and empty folders.

    What cannot be looked into is listed too: it is refused once it is read. Refuses a name of
    nothing.
    """
    files, empty = [], []
    for name in told:
        if not name.strip():
            raise Refusal(
                "Een pad is leeg. Noem een bestand of een map; waar u nu staat, is een punt (.).",
                "A path is empty. Name a file or a folder; the folder you are in is a dot (.).",
            )
        path = Path(name)
        mode = _mode_of(path)
        if stat.S_ISDIR(mode):
            found = sorted(_walk(path))
            files += found
            empty += [] if found else [Problem("", _NOTHING_TO_READ, "warning", name)]
        elif stat.S_ISREG(mode):
            files.append(path)
        else:
            raise Refusal(
                f"{name} is er niet. Controleer het pad.", f"{name} is not there. Check the path."
            )
    return files, empty


_NOTHING_TO_READ = Sentence(
    "In deze map is niets gevonden om in te lezen.", "Nothing to read was found in this folder."
)


def _walk(folder: Path) -> Iterator[Path]:
    """The files below a folder, and the folders that cannot be read; nothing that is hidden."""
    unreadable: list[Path] = []
    for at, folders, names in os.walk(
        folder, onerror=lambda error: unreadable.append(Path(str(error.filename)))
    ):
        folders[:] = [one for one in folders if not one.startswith(".")]
        for name in names:
            path = Path(at, name)
            # A pipe or a socket would never end; what is gone by now is refused when it is read.
            if not name.startswith(".") and _mode_of(path) in (0, stat.S_IFREG):
                yield path
    yield from unreadable


def _mode_of(path: Path) -> int:
    """What kind of thing stands there; nought where nothing can be seen."""
    try:
        return stat.S_IFMT(path.stat().st_mode)
    except OSError:
        return 0


def _order_by_content(paths: Sequence[Path]) -> Sequence[Path]:
    """An order for many files that no name has a part in: what the bank says comes last.

    Within a batch the order is no matter.
    """
    if len(list(_batches(paths))) <= 1:
        return paths
    return sorted(paths, key=_find_place)


def _find_place(path: Path) -> tuple[bool, str]:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            file.seek(0)
            return find_format(head) is not None, hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return False, ""


def _batches(paths: Sequence[Path]) -> Iterator[list[Path]]:
    batch: list[Path] = []
    size = 0
    for path in paths:
        own = _size_of(path)
        size += own
        if batch and (len(batch) >= BATCH_FILES or size > BATCH_BYTES):
            yield batch
            batch, size = [], own
        batch.append(path)
    if batch:
        yield batch


def _size_of(path: Path) -> int:
    """Nought for what is gone by now: reading it says so."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _receive(
    administration_id: UUID, files: Sequence[Received], *, today: date, now: datetime
) -> Receipt:
    with administration_scope(administration_id):
        return receive(files, today=today, now=now, actor="import")


def _read(path: Path) -> Received:
    """The file; one that cannot be read is refused like any other, and the rest goes on."""
    try:
        if path.is_dir():
            next(path.iterdir(), None)  # says why it could not be walked
        if path.stat().st_size <= MOST_FILE_BYTES:
            with path.open("rb"):
                return Received(str(path), b"", path=path)
    except OSError as error:
        return Received(str(path), b"", say_unreadable(error))
    most = MOST_FILE_BYTES // 1024**2
    too_large = Sentence(
        f"Dit bestand is groter dan {most} MB. Lever kleinere bestanden.",
        f"This file is larger than {most} MB. Deliver smaller files.",
    )
    return Received(str(path), b"", Problem(WHOLE_FILE, too_large))


def _answer(receipts: Sequence[Receipt], paths: Sequence[Path], empty: Sequence[Problem]) -> Answer:
    told = [
        one
        for receipt in receipts
        for one in zip(receipt.files, receipt.balances, receipt.line_counts, strict=True)
    ]
    places = {str(path): place for place, path in enumerate(paths)}
    told.sort(key=lambda one: _find_in_order(one[0].name, places))
    outcomes = [one for one, _, _ in told]
    problems = [*empty, *(one for receipt in receipts for one in receipt.problems)]
    invoices = {
        name: sum(getattr(one, name) for one in outcomes if one.format in INVOICE_FORMATS)
        for name in ("new", "changed", "unchanged", "rejected", "settled")
    }
    mandates = {
        name: sum(getattr(one, name) for one in outcomes if one.format == "mandates")
        for name in ("new", "changed", "unchanged", "rejected")
    }
    balances = [balance_ok for _, balance_ok, _ in told]
    figures = {
        "files": [_describe(*one) for one in told],
        "files_unknown": sum(one.format == UNKNOWN for one in outcomes),
        "invoices": invoices,
        "mandates": mandates,
        "statements": sum(one.statements for one in outcomes),
        "lines": sum(one.lines for one in outcomes),
        "new_lines": sum(one.new_lines for one in outcomes),
        "bank_files_rejected": sum(
            one.rejected for one in outcomes if one.format not in OTHER_FORMATS
        ),
        "answers": sum(one.answers for one in outcomes),
        "answers_rejected": sum(one.rejected for one in outcomes if one.format == ANSWER_FORMAT),
        "matched": sum(one.matched for one in receipts),
        "proposed": receipts[-1].proposed if receipts else 0,
        "unmatched": receipts[-1].unmatched - receipts[-1].proposed if receipts else 0,
        "balances_ok": False if False in balances else (True if True in balances else None),
        "problems": [_describe_problem(one) for one in problems],
    }
    return Answer(figures, _lines(outcomes, problems, figures), _is_good(receipts))


def _name_part(place: str) -> str:
    """The part of a file, in brackets; a sentence about all of it needs none."""
    return f" ({place})" if place not in ("", WHOLE_FILE) else ""


def _find_in_order(name: str, places: dict[str, int]) -> int:
    """Where a file was named; one in a zip has the place of its zip."""
    known = next((str(one) for one in (Path(name), *Path(name).parents) if str(one) in places), "")
    return places.get(name, places.get(known, len(places)))


def _is_good(receipts: Sequence[Receipt]) -> bool:
    return all(receipt.is_clean for receipt in receipts)


def _describe(one: Outcome, balances_ok: bool | None, counts: LineCounts | None) -> dict[str, Any]:
    stood = counts or LineCounts()
    return {
        "file": one.name,
        "format": one.format,
        "new": one.new,
        "changed": one.changed,
        "unchanged": one.unchanged,
        "rejected": one.rejected,
        "settled": one.settled,
        "statements": one.statements,
        "lines": one.lines,
        "new_lines": one.new_lines,
        "answers": one.answers,
        "matched": stood.matched,
        "proposed": stood.proposed,
        "unmatched": stood.unmatched,
        "balances_ok": balances_ok,
        "already_on": one.already_on,
    }


def _describe_problem(one: Problem) -> dict[str, str]:
    return {
        "file": one.file,
        "place": one.place,
        "because": one.because.nl,
        "because_en": one.because.en,
        "severity": one.severity,
    }


def _lines(
    outcomes: Sequence[Outcome], problems: Sequence[Problem], figures: dict[str, Any]
) -> tuple[str, ...]:
    refused = [one for one in problems if one.severity == "refused"]
    warnings = [one for one in problems if one.severity != "refused"]
    lines = [
        f"{one.file}{_name_part(one.place)}: {one.because.nl}"
        for one in (*refused, *warnings[:MOST_WARNINGS_SHOWN])
    ]
    if len(warnings) > MOST_WARNINGS_SHOWN:
        more = len(warnings) - MOST_WARNINGS_SHOWN
        words = format_count(more, "waarschuwing", "waarschuwingen")
        lines.append(f"... en nog {words} (zie --json).")
    lines += [
        f"{one.name}: dit bestand is al ingelezen op {one.already_on:%d-%m-%Y}; er verandert niets."
        for one in outcomes
        if one.already_on and not (one.new or one.changed or one.new_lines)
    ]
    if figures["answers"] or figures["answers_rejected"]:
        words = format_count(figures["answers"], "antwoord", "antwoorden")
        lines.append(f"{words} van de bank op incasso's, {figures['answers_rejected']} geweigerd.")
    signed = figures["mandates"]
    if any(signed.values()):
        lines.append(
            f"{format_count(signed['new'], 'machtiging', 'machtigingen')} nieuw, "
            f"{signed['changed']} gewijzigd, "
            f"{signed['unchanged']} ongewijzigd, {signed['rejected']} geweigerd."
        )
    counts, bank_refused = figures["invoices"], figures["bank_files_rejected"]
    unknown = figures["files_unknown"]
    lines.append(
        f"{format_count(len(outcomes), 'bestand', 'bestanden')}: "
        f"{format_count(counts['new'], 'factuur', 'facturen')} nieuw, {counts['changed']} "
        f"gewijzigd, {counts['unchanged']} ongewijzigd, {counts['rejected']} geweigerd, "
        f"{counts['settled']} voldaan in de boeken; "
        f"{format_count(figures['statements'], 'afschrift', 'afschriften')} met "
        f"{format_count(figures['lines'], 'regel', 'regels')} "
        f"({figures['new_lines']} nieuw, {figures['matched']} gekoppeld), "
        f"{format_count(bank_refused, 'bankbestand', 'bankbestanden')} geweigerd"
        + (f", {format_count(unknown, 'bestand', 'bestanden')} niet herkend." if unknown else ".")
    )
    return tuple(lines)
