"""Imports, what was wrong in them, and how fresh the books are."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from tijdig.intake.models import Import, ImportProblem, Source
from tijdig.ledger.queries.book_lists import find_lists_as_of, list_spoken
from tijdig.ledger.queries.known import find_latest_list
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# What comes from the books; a statement, a bank's answer or a list of mandates does not.
INVOICE_FORMATS = ("ubl",)
BOOK_FORMATS = (*INVOICE_FORMATS, "csv", "xlsx")
Severity = Literal["refused", "warning"]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One file that was offered, with what became of its rows."""

    id: UUID
    file_name: str
    format: str
    as_of: date
    at: datetime
    actor: str
    new_count: int
    changed_count: int
    unchanged_count: int
    rejected_count: int
    settled_count: int
    statement_count: int
    line_count: int
    new_line_count: int


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One thing that was wrong, with its place in the file."""

    place: str
    because_nl: str
    because_en: str
    severity: str


_IMPORT_FIELDS = (
    "id",
    "file_name",
    "format",
    "as_of",
    "at",
    "actor",
    "new_count",
    "changed_count",
    "unchanged_count",
    "rejected_count",
    "settled_count",
    "statement_count",
    "line_count",
    "new_line_count",
)


def list_imports(*, after: tuple[str, str] | None, limit: int) -> tuple[ImportRow, ...]:
    """Imports, latest first; `after` is the moment and id of the last one seen."""
    imports = Import.objects.all()
    if after is not None:
        at, last_id = datetime.fromisoformat(after[0]), UUID(after[1])
        imports = imports.filter(Q(at__lt=at) | Q(at=at, id__lt=last_id))
    rows = imports.order_by("-at", "-id")[:limit].values_list(*_IMPORT_FIELDS)
    return tuple(ImportRow(*row) for row in rows)


def find_import(import_id: UUID) -> ImportRow | None:
    """One import."""
    row = Import.objects.filter(id=import_id).values_list(*_IMPORT_FIELDS).first()
    return None if row is None else ImportRow(*row)


def list_problems_of(import_id: UUID, *, limit: int) -> tuple[ProblemRow, ...]:
    """What was wrong in an import, in the order of the file."""
    rows = ImportProblem.objects.filter(of_import_id=import_id).order_by("position", "id")[:limit]
    return tuple(
        ProblemRow(*row)
        for row in rows.values_list("place", "because_nl", "because_en", "severity")
    )


@dataclass(frozen=True, slots=True)
class TogetherRow:
    """One file of a call, when it came in whole before, if ever, and its first problems."""

    row: ImportRow
    already_on: date | None
    problem_count: int
    problems: tuple[ProblemRow, ...]


def list_came_together(import_id: UUID, *, problems: int) -> tuple[TogetherRow, ...]:
    """The files that came in by one call, this one among them, by name; empty where it is not.

    Each with at most so many of its problems.
    """
    found = Import.objects.filter(id=import_id).values_list("at", "actor").first()
    if found is None:
        return ()
    together = Import.objects.filter(at=found[0], actor=found[1])
    rows = [ImportRow(*row) for row in together.values_list(*_IMPORT_FIELDS)]
    before = _list_came_before(together, at=found[0])
    first: dict[UUID, list[ProblemRow]] = {}
    told = ImportProblem.objects.filter(of_import_id__in=[one.id for one in rows])
    counts = Counter(dict(told.values_list("of_import").annotate(Count("id"))))
    shown = told.filter(position__lt=problems).order_by("of_import", "position")
    fields = ("of_import", "place", "because_nl", "because_en", "severity")
    for of_import, *problem in shown.values_list(*fields):
        first.setdefault(of_import, []).append(ProblemRow(*problem))
    return tuple(
        TogetherRow(one, before.get(one.id), counts[one.id], tuple(first.get(one.id, ())))
        for one in sorted(rows, key=lambda one: (one.file_name, one.id))
    )


def _list_came_before(together: QuerySet[Import], *, at: datetime) -> dict[UUID, date]:
    """The first day on which each of these files came in whole, where that was before."""
    same = Import.objects.filter(
        # A list that somebody called current speaks of another day, and is new.
        Q(as_of=OuterRef("as_of")) | ~Q(format__in=BOOK_FORMATS),
        content_hash=OuterRef("content_hash"),
        at__lt=at,
        rejected_count=0,
    ).order_by("at")
    rows = together.annotate(first_at=Subquery(same.values("at")[:1]))
    return {
        one: first_at.date()
        for one, first_at in rows.values_list("id", "first_at")
        if first_at is not None
    }


def find_returned(content_hash: str, *, after: UUID) -> date | None:
    """The day of an earlier list with this content, where the call of `after` brought others.

    None for content that is new, and for what that call brought itself.
    """
    offered = Import.objects.filter(content_hash=content_hash).order_by("-as_of")
    as_of = offered.values_list("as_of", flat=True).first()
    latest = Import.objects.filter(id=after).values_list("at", "actor").first()
    if as_of is None or latest is None:
        return None
    at, actor = latest
    return None if offered.filter(at=at, actor=actor).exists() else as_of


def find_returned_list(content: bytes, *, source: str) -> date | None:
    """The same for a list as it is offered, by the key of its source."""
    source_id = Source.objects.filter(key=source).values_list("id", flat=True).first()
    latest = find_latest_list(source_id) if source_id else None
    if latest is None:
        return None
    return find_returned(hashlib.sha256(content).hexdigest(), after=latest[1])


def count_imports_with_rejections(*, since: datetime) -> int:
    """Imports since a moment in which something did not come in."""
    return Import.objects.filter(at__gte=since, rejected_count__gt=0).count()


def list_source_names() -> set[str]:
    """Where invoices come from: every list by its shape, and every other format by its name."""
    rows = execute(
        "SELECT key FROM tijdig_source WHERE administration_id = %s UNION "
        "SELECT format FROM tijdig_import WHERE administration_id = %s AND format = ANY(%s)",
        [*[active_administration()] * 2, list(BOOK_FORMATS)],
    )
    return {row[0] for row in rows.fetchall()}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Where lists of open items come from, by the name of its last file.

    `as_of` is the day of that list, `open_count` how many of its items are open still, `ended_on`
    when a person said that no more come; `asked_import_id` is a list that came back, of which
    nobody said whether it is of today.
    """

    id: UUID
    file_name: str
    import_id: UUID
    as_of: date
    open_count: int
    ended_on: date | None
    asked_import_id: UUID | None


def list_sources() -> tuple[SourceRow, ...]:
    """The sources of lists that have a say: something of theirs is open, or is asked. The one
    behind first.
    """
    known = Source.objects.values_list("id", "ended_on", "asked_import_id")
    told = {row[0]: row[1:] for row in known}
    spoken = [one for one in list_spoken() if one.open_count or told[one.source_id][1]]
    imports = Import.objects.filter(id__in=[one.import_id for one in spoken])
    names = dict(imports.values_list("id", "file_name"))
    return tuple(
        SourceRow(
            one.source_id,
            names.get(one.import_id, ""),
            one.import_id,
            one.as_of,
            one.open_count,
            *told[one.source_id],
        )
        for one in spoken
    )


def count_asked_lists() -> int:
    """How many lists came back, of which nobody said yet whether they are of today."""
    return Source.objects.filter(asked_import_id__isnull=False).count()


@dataclass(frozen=True, slots=True)
class BooksRow:
    """How fresh the books are: their day, when a file last came in, and the day waited from."""

    as_of: date
    came_at: datetime
    awaited: date | None


def find_books_as_of() -> BooksRow | None:
    """The day that the books speak of, and when one of their files last came in.

    Where lists of open items come in, they alone count: an invoice says nothing of who paid. Of
    several lists the one that is behind. Without a list, the latest day of any file.
    """
    latest = _find_latest(BOOK_FORMATS)
    if latest is None:
        return None
    listed_on = find_lists_as_of()
    return BooksRow(listed_on or latest[0], latest[1], listed_on or _find_unlisted())


def find_awaited_books() -> date | None:
    """The same day, as far as anybody waits for a later one; None where nobody does.

    A list of which a person said that no more come is not waited for. Where none other has a say,
    what invoices by themselves say counts.
    """
    return find_lists_as_of() or _find_unlisted()


def _find_unlisted() -> date | None:
    """The day that is waited from where no list has a say."""
    has_ended = Source.objects.filter(ended_on__isnull=False).exists()
    latest = _find_latest(INVOICE_FORMATS if has_ended else BOOK_FORMATS)
    return latest[0] if latest else None


def _find_latest(formats: tuple[str, ...]) -> tuple[date, datetime] | None:
    found = Import.objects.filter(format__in=formats).aggregate(on=Max("as_of"), at=Max("at"))
    return (found["on"], found["at"]) if found["on"] is not None else None
