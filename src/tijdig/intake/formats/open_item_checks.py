"""What a list says about its own rows: totals, instalments, one number for two debtors."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence
from tijdig.intake.formats.open_item_amounts import AMOUNT_FIELDS, Cents
from tijdig.intake.formats.row_log import RowLog
from tijdig.intake.formats.styles import clip
from tijdig.intake.records import InvoiceRecord

_TOTAL_WORDS = re.compile(
    r"(sub|eind|grand |algemeen |generaal )?(totaal|totalen|total)\b.{0,60}", re.IGNORECASE
)


def find_total_rows(
    rows: Sequence[Sequence[object]], numbers: Sequence[str], positions: dict[str, int]
) -> list[int]:
    """The rows that add up others: no invoice number, no date, and a total's word or only amounts.

    A row of bare amounts counts only below the last row with an invoice number.
    """
    dated = [positions[x] for x in ("issued_on", "due_on") if x in positions]
    amounts = {positions[x] for x in AMOUNT_FIELDS if x in positions}
    last = len(numbers) - 1
    while last >= 0 and (not numbers[last] or _is_total(numbers[last])):
        last -= 1
    found: list[int] = []
    for at, number in enumerate(numbers):
        if number and not (number[0] in "tTsSeEgGaA" and _is_total(number)):
            continue
        cells = rows[at]
        if any(cells[x] != "" and not _is_total(cells[x]) for x in dated):
            continue
        filled = [x for x, cell in enumerate(cells) if cell != ""]
        bare = at > last and amounts.issuperset(filled)
        if bare or any(_is_total(cells[x]) for x in filled):
            found.append(at)
    return found


def settle_numbers(
    records: dict[int, InvoiceRecord], numbers: Sequence[str], log: RowLog
) -> dict[int, InvoiceRecord]:
    """One record per invoice number, by row: instalments of one debtor become one, with a warning.

    `numbers` are those of all rows. Refuses a number that stands with two debtors or currencies,
    and the rows of an invoice of which another row was refused.
    """
    again = {x for x, count in Counter(numbers).items() if count > 1}
    groups: dict[str, list[int]] = {}
    for row, record in records.items() if again else ():
        if record.number in again:
            groups.setdefault(record.number, []).append(row)
    lost = {numbers[x]: x for x in sorted(log.refused, reverse=True)}
    for number, rows in groups.items():
        group = [records[x] for x in rows]
        if number in lost:
            _refuse_all(records, rows, log, _part_refused(number, log.line(lost[number])))
        elif len({_debtor_key(x) for x in group}) > 1:
            _refuse_all(records, rows, log, _two_debtors(number, [log.line(x) for x in rows]))
        elif len({x.currency for x in group}) > 1:
            _refuse_all(records, rows, log, _two_currencies(number, [log.line(x) for x in rows]))
        elif len(rows) > 1:
            records[rows[0]] = _add_up(group, rows, log)
            for row in rows[1:]:
                del records[row]
    return records


def check_total(opens: Cents, row: int, records: Iterable[InvoiceRecord], log: RowLog) -> None:
    """A note when the list's own last total differs from what its rows add up to."""
    stated, summed = opens[row], sum(x.open_cents for x in records)
    if stated is not None and stated != summed:
        log.note(_total_differs(log.line(row), stated, summed))


def total_skipped() -> Sentence:
    """The note for a row that adds up others."""
    return Sentence(
        "Dit is een totaalregel. De regel is overgeslagen.",
        "This row adds up other rows. It was left out.",
    )


def _is_total(cell: object) -> bool:
    return type(cell) is str and _TOTAL_WORDS.fullmatch(cell) is not None


def _debtor_key(record: InvoiceRecord) -> str:
    return record.debtor.number or "".join(record.debtor.name.casefold().split())


def _add_up(records: list[InvoiceRecord], rows: list[int], log: RowLog) -> InvoiceRecord:
    """The instalments of one invoice as one record: sums, the first date, the first due date.

    Where each row repeats the whole invoice's amount, that amount is taken once. Only rows on the
    side of the sum say when it is due: a paid instalment makes nothing overdue.
    """
    open_cents = sum(x.open_cents for x in records)
    totals = {x.total_cents for x in records}
    repeated = (
        len(totals) == 1
        and any(x.open_cents != x.total_cents for x in records)
        and abs(open_cents) <= abs(records[0].total_cents)
    )
    total_cents = records[0].total_cents if repeated else sum(x.total_cents for x in records)
    leading = [x for x in records if x.open_cents * open_cents > 0] or records
    due = [x.due_on for x in leading if x.due_on is not None]
    first = records[0]
    log.warn(rows[0], _instalments(first.number, [log.line(x) for x in rows], open_cents))
    return replace(
        first,
        kind="credit_note" if total_cents < 0 else "invoice",
        issued_on=min(x.issued_on for x in leading),
        due_on=min(due, default=None),
        total_cents=total_cents,
        open_cents=open_cents,
    )


def _refuse_all(
    records: dict[int, InvoiceRecord], rows: list[int], log: RowLog, because: Sentence
) -> None:
    for row in rows:
        log.refuse(row, because)
        del records[row]


def _shown(lines: list[str]) -> str:
    return ", ".join(lines[:10]) + (" …" if len(lines) > 10 else "")


def _two_debtors(number: str, lines: list[str]) -> Sentence:
    return Sentence(
        f"Factuurnummer {clip(number)} staat bij verschillende debiteuren ({_shown(lines)}). "
        "Verbeter het nummer of de debiteur.",
        f"Invoice number {clip(number)} stands with different debtors ({_shown(lines)}). "
        "Correct the number or the debtor.",
    )


def _two_currencies(number: str, lines: list[str]) -> Sentence:
    return Sentence(
        f"Factuurnummer {clip(number)} staat er in verschillende valuta ({_shown(lines)}). "
        "Verbeter de valuta.",
        f"Invoice number {clip(number)} stands in different currencies ({_shown(lines)}). "
        "Correct the currency.",
    )


def _part_refused(number: str, line: str) -> Sentence:
    return Sentence(
        f"Een andere regel van factuur {clip(number)} is geweigerd ({line}), dus het bedrag zou "
        "niet kloppen. Verbeter eerst die regel.",
        f"Another row of invoice {clip(number)} was refused ({line}), so the amount would be "
        "wrong. Correct that row first.",
    )


def _instalments(number: str, lines: list[str], open_cents: int) -> Sentence:
    amount = format_euros(open_cents).replace("€ ", "")
    return Sentence(
        f"Factuur {clip(number)} staat op {len(lines)} regels ({_shown(lines)}). De open bedragen "
        f"zijn opgeteld tot {amount}; de vroegste vervaldatum geldt.",
        f"Invoice {clip(number)} stands on {len(lines)} rows ({_shown(lines)}). The open amounts "
        f"are added up to {amount}; the earliest due date counts.",
    )


def _total_differs(line: str, stated: int, summed: int) -> Sentence:
    first = format_euros(stated).replace("€ ", "")
    second = format_euros(summed).replace("€ ", "")
    return Sentence(
        f"Het totaal op {line} is {first}, maar de regels tellen op tot {second}. "
        "Controleer of de lijst volledig is.",
        f"The total on {line} is {first}, but the rows add up to {second}. "
        "Check whether the list is complete.",
    )
