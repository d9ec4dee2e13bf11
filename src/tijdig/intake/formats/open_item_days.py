"""When each row of a list was invoiced and falls due."""

import re
from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tijdig.core.problem import Sentence
from tijdig.intake.formats.date_styles import read_dates
from tijdig.intake.formats.row_log import RowLog
from tijdig.intake.formats.styles import DateStyle, clip

DATE_FIELDS = ("issued_on", "due_on")
_DAYS = re.compile(r"(\d{1,4})(?:[.,]0+)? *(?:d|dg|dgn|dag|dagen|days?)?\.?(?: netto)?", re.ASCII)
_MOST_DAYS = 730

Column = list[date | None]


@dataclass(frozen=True, slots=True)
class Days:
    """The dates per row: `issued` is None only where the row is refused or left out.

    `issue_day_is_stated` is False where the due date stands in for it.
    """

    issued: Column
    due: Column
    issue_day_is_stated: list[bool]
    styles: dict[str, str]


def read_days(
    cells: Pairs[str, Sequence[object]],
    terms: Sequence[str] | None,
    *,
    style: DateStyle | None,
    log: RowLog,
) -> Days:
    """Invoice date and due date; a missing due date follows from the payment term in days.

    Where only the due date is known it stands for the invoice date as well, with a warning: an
    invoice is never younger than that. Refuses rows without any date, and unreadable dates.
    """
    read = read_dates({x: cells[x] for x in DATE_FIELDS if x in cells}, style=style)
    for field, column in read.items():
        if column.note:
            log.note(column.note, about=field)
        for row, because in column.refused.items():
            log.refuse(row, because, about=field)
    rows = len(next(iter(read.values())).days)
    blank: Column = [None] * rows
    issued = read["issued_on"].days if "issued_on" in read else blank
    due = read["due_on"].days if "due_on" in read else blank
    stated = [x is not None for x in issued]
    if terms is not None and None in due:
        due = _add_terms(issued, due, terms, log)
    if None in issued:
        issued = _fill_issued(issued, due, log, has_column="issued_on" in read)
    for row, (first, last) in enumerate(zip(issued, due, strict=True)):
        if first is not None and last is not None and last < first:
            log.warn(row, _due_before_issued(first, last), about="due_on")
    return Days(issued, due, stated, {x: y.style or "" for x, y in read.items()})


def _add_terms(issued: Column, due: Column, terms: Sequence[str], log: RowLog) -> Column:
    """The due dates, the missing ones as invoice date and term."""
    days = {x: _read_term(x) for x in set(terms)}
    filled: Column = []
    for row, (first, last, term) in enumerate(zip(issued, due, terms, strict=True)):
        count = days[term]
        if last is None and first is not None and count is not None:
            filled.append(first + timedelta(days=count))
            continue
        if last is None and term and count is None:
            log.warn(row, _no_term(term), about="term_days")
        filled.append(last)
    return filled


def _read_term(text: str) -> int | None:
    match = _DAYS.fullmatch(text.casefold())
    if not match or int(match[1]) > _MOST_DAYS:
        return None
    return int(match[1])


def _fill_issued(issued: Column, due: Column, log: RowLog, *, has_column: bool) -> Column:
    """The invoice dates; a missing one is the due date. A row without either is refused."""
    if not has_column:
        log.note(_DUE_FOR_ISSUED, about="due_on")
    for row, (first, last) in enumerate(zip(issued, due, strict=True)):
        if first is None and last is None:
            if row not in log.refused:
                log.refuse(row, _NO_DATE)
        elif first is None and has_column and row not in log.refused:
            log.warn(row, _DUE_FOR_ISSUED, about="issued_on")
    return [last if first is None else first for first, last in zip(issued, due, strict=True)]


def _due_before_issued(first: date, last: date) -> Sentence:
    return Sentence(
        f"De vervaldatum ({last:%d-%m-%Y}) ligt voor de factuurdatum ({first:%d-%m-%Y}). "
        "Controleer de datums.",
        f"The due date ({last:%d-%m-%Y}) is before the invoice date ({first:%d-%m-%Y}). "
        "Check the dates.",
    )


def _no_term(term: str) -> Sentence:
    return Sentence(
        f"{clip(term)} is geen aantal dagen. De vervaldatum is niet bekend.",
        f"{clip(term)} is not a number of days. The due date is not known.",
    )


_NO_DATE = Sentence(
    "De factuurdatum en de vervaldatum ontbreken. Vul een datum in.",
    "The invoice date and the due date are missing. Fill in a date.",
)
_DUE_FOR_ISSUED = Sentence(
    "De factuurdatum ontbreekt. De vervaldatum is ook als factuurdatum gebruikt.",
    "The invoice date is missing. The due date is used as the invoice date as well.",
)
