"""The preview of a list: which column is what, what its first rows become, and correcting it."""

from collections.abc import Mapping as Told
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tijdig.core.problem import Sentence
from tijdig.intake.formats import open_items
from tijdig.intake.formats.column_words import LABELS
from tijdig.intake.formats.columns import Mapping, source_key
from tijdig.intake.formats.styles import DATE_STYLES, DECIMAL_STYLES
from tijdig.intake.mappings import find_mapping
from tijdig.intake.queries import find_returned_list
from tijdig.web.offered_files import Offer

# What a claim needs comes first; the rest only helps.
FIRST = ("number", "issued_on", "due_on", "total", "open", "debtor_number", "debtor_name", "email")


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A field and the column that it is read from; empty for none."""

    field: str
    name: Sentence
    chosen: str
    is_first: bool


def make_preview_page(request: HttpRequest, offered: Offer, at: int) -> HttpResponse:
    """The preview of one list of the call: with the columns that a person chose, else those that
    are remembered, else the headers."""
    file = offered.waiting[at].file
    mapping = file.mapping
    remembered = False
    source = source_key(open_items.parse_headers(file.content))
    if mapping is None:
        stored = find_mapping(source)
        mapping = Mapping.from_dict(stored) if stored else None
        remembered = mapping is not None
    preview = open_items.preview(file.content, name=file.name, mapping=mapping)
    chosen = dict(preview.mapping.columns)
    refused = [one for one in preview.file.problems if one.severity == "refused"]
    context = {
        "section": "imports",
        "file": file,
        "at": at,
        "number": offered.lists.index(at) + 1,
        "lists": len(offered.lists),
        "is_last": all(offered.waiting[one].is_decided for one in offered.lists if one != at),
        "others": len(offered.waiting) - len(offered.lists),
        "ticket": offered.ticket,
        "preview": preview,
        "remembered": remembered,
        "returned": find_returned_list(file.content, source=source),
        "choices": _list_choices(chosen),
        "decimal_styles": [("comma", "1.234,56"), ("point", "1,234.56")],
        "date_styles": [("dmy", "14-03-2026"), ("mdy", "03-14-2026")],
        "is_usable": bool(preview.file.records),
        "open_cents": sum(one.open_cents for one in preview.file.records),
        "refused": refused[:50],
        "warnings": [one for one in preview.file.problems if one.severity != "refused"][:50],
    }
    return render(request, "desk/import/preview.html", context)


def read_mapping(told: Told[str, str], headers: Sequence[str]) -> Mapping:
    """What the person chose; only columns that the file has and styles that exist."""
    columns = tuple(
        (field, told[f"column-{field}"])
        for field in LABELS
        if told.get(f"column-{field}") in headers and told.get(f"column-{field}")
    )
    decimal, day = told.get("decimal_style", ""), told.get("date_style", "")
    return Mapping(
        columns,
        decimal if decimal in DECIMAL_STYLES else None,
        day if day in DATE_STYLES else None,
    )


def _list_choices(chosen: dict[str, str]) -> list[ColumnChoice]:
    fields = [*FIRST, *(field for field in LABELS if field not in FIRST)]
    return [
        ColumnChoice(
            field,
            Sentence(*LABELS[field]),
            chosen.get(field, ""),
            field in FIRST or field in chosen,
        )
        for field in fields
    ]
