"""Keep what was offered, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from tijdig.core.problem import Problem
from tijdig.intake.models import Import, ImportProblem, Source
from tijdig.tenants.bulk import insert_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

# A file with more problems than this keeps the first ones; the count tells the rest.
MOST_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class Offered:
    """A file at the door, before anything is known of it but its content's hash.

    Of a list that `is_current` a person said that it is of today, also where it came before.
    """

    name: str
    content_hash: str
    is_current: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of one file. `already_on` is the day on which the same file came in before."""

    name: str
    format: str
    import_id: UUID
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    settled: int = 0
    statements: int = 0
    lines: int = 0
    new_lines: int = 0
    answers: int = 0
    already_on: date | None = None
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same file before: the last day it spoke of, and when it first came in whole, if ever."""

    as_of: date
    already_on: date | None


def find_earlier(offered: Sequence[Offered]) -> dict[str, Earlier]:
    """By content hash, of files that were offered before.

    Also a file with rejections speaks of the day on which it first came in: offered again, it
    must not pass for news. What a person called current is new.
    """
    found: dict[str, Earlier] = {}
    hashes = {one.content_hash for one in offered if not one.is_current}
    imports = Import.objects.filter(content_hash__in=hashes)
    rows = imports.order_by("at", "id").values_list("content_hash", "as_of", "at", "rejected_count")
    for content_hash, as_of, at, rejected in rows:
        before = found.get(content_hash)
        already_on = before.already_on if before else None
        if already_on is None and not rejected:
            already_on = at.date()
        found[content_hash] = Earlier(max(before.as_of, as_of) if before else as_of, already_on)
    return found


def is_overtaken(content_hash: str, *, by: UUID) -> bool:
    """Whether a file was offered before, and the import `by` has brought another one since."""
    offered = Import.objects.filter(content_hash=content_hash)
    return offered.exists() and not offered.filter(id=by).exists()


def keep(
    outcomes: Mapping[Offered, Outcome] | Sequence[tuple[Offered, Outcome]],
    *,
    as_of: Mapping[str, date],
    today: date,
    now: datetime,
    actor: str,
) -> None:
    """Store the imports and their problems; `as_of` by content hash, else today."""
    pairs = list(outcomes.items()) if isinstance(outcomes, Mapping) else list(outcomes)
    administration_id = active_administration()
    insert_rows(
        Import,
        (
            "id administration file_name content_hash format as_of at actor new_count "
            "changed_count unchanged_count rejected_count settled_count statement_count "
            "line_count new_line_count"
        ).split(),
        [
            (
                one.import_id,
                administration_id,
                offered.name[-255:],
                offered.content_hash,
                one.format,
                as_of.get(offered.content_hash, today),
                now,
                actor,
                one.new,
                one.changed,
                one.unchanged,
                one.rejected,
                one.settled,
                one.statements,
                one.lines + one.answers,
                one.new_lines,
            )
            for offered, one in pairs
        ],
    )
    _keep_problems(pairs)
    record(
        [
            Happened("file_imported", "import", one.import_id, None, _tell(offered, one))
            for offered, one in pairs
        ],
        today=today,
        now=now,
        actor=actor,
    )


def _tell(offered: Offered, outcome: Outcome) -> dict[str, object]:
    """What the audit trail keeps of a file: which content it was, and what it changed."""
    counts = ("new", "changed", "unchanged", "rejected", "settled", "lines", "new_lines")
    told = {name: getattr(outcome, name) for name in counts}
    return {"format": outcome.format, "content": offered.content_hash, **told}


def remember_source(
    key: str, *, file_format: str, full_list: bool, mapping: Mapping[str, object] | None = None
) -> UUID:
    """The source of files of this shape; its mapping is kept for the next file.

    One full list makes it a source of full lists.
    """
    source, made = Source.objects.get_or_create(
        administration_id=active_administration(),
        key=key,
        defaults={"format": file_format, "full_list": full_list, "mapping": mapping or {}},
    )
    if not made and mapping is not None and source.mapping != mapping:
        source.mapping = dict(mapping)
        source.save(update_fields=["mapping"])
    if not made and full_list and not source.full_list:
        source.full_list = True
        source.save(update_fields=["full_list"])
    return source.id


def hear_from(source_id: UUID, *, asked: UUID | None) -> None:
    """A list of this source came: it has not ended. `asked` is an import of which it is asked
    whether it is of today; None answers what was asked before.
    """
    said = Q(ended_on__isnull=False) | ~Q(asked_import_id=asked)
    Source.objects.filter(said, id=source_id).update(ended_on=None, asked_import_id=asked)


def gives_full_lists(source_id: UUID) -> bool:
    """Whether a file of this source has been a full list before."""
    return Source.objects.filter(id=source_id, full_list=True).exists()


def _keep_problems(pairs: Sequence[tuple[Offered, Outcome]]) -> None:
    administration_id = active_administration()
    insert_rows(
        ImportProblem,
        "id administration of_import place because_nl because_en severity position".split(),
        [
            (
                new_id(),
                administration_id,
                one.import_id,
                problem.place[:300],
                problem.because.nl,
                problem.because.en,
                problem.severity,
                position,
            )
            for _, one in pairs
            for position, problem in enumerate(one.problems[:MOST_PROBLEMS])
        ],
    )
