"""What each row of a list says was invoiced and is open, from whichever columns it has."""

from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import dataclass

from tijdig.core.problem import Sentence
from tijdig.intake.formats.row_log import RowLog
from tijdig.intake.formats.styles import Amounts, DecimalStyle, clip, read_amounts

AMOUNT_FIELDS = ("open", "total", "paid", "debit", "credit")
_DEBIT = frozenset({"d", "debet", "debit", "bij", "+"})
_CREDIT = frozenset({"c", "credit", "cr", "af", "-"})
_CREDIT_NOTES = ("credit", "cn")

Cents = list[int | None]


@dataclass(frozen=True, slots=True)
class Sums:
    """Signed whole cents per row; None where the row was refused (or left out).

    `total_is_stated` is False where the open amount stands in for the invoice's. `styles` says per
    field how amounts are written; `states_open` whether the list itself says what is open, instead
    of only what was invoiced.
    """

    totals: Cents
    opens: Cents
    total_is_stated: list[bool]
    styles: dict[str, str]
    states_open: bool


def read_sums(
    cells: Pairs[str, Sequence[object]], *, style: DecimalStyle | None, log: RowLog
) -> Sums:
    """Open: its own column, or amount less paid, or debit less credit, or else the amount.

    Refuses rows without the amount that counts, and amounts that contradict a word for debit,
    credit or credit note beside them.
    """
    read = read_amounts({x: cells[x] for x in AMOUNT_FIELDS if x in cells}, style=style)
    for field, amounts in read.items():
        if amounts.note:
            log.note(amounts.note, about=field)
        for row, because in amounts.refused.items():
            log.refuse(row, because, about=field)
    columns = {x: _signed(y, cells.get("sign"), x, log) for x, y in read.items()}
    opens, states_open = _choose_open(columns, log)
    totals = _choose_total(columns, opens, log)
    if "kind" in cells:
        _check_credit_notes(cells["kind"], totals, log)
    _check_sizes(totals, opens, log)
    _check_paid(columns, log)
    styles: dict[str, str] = {x: y.style or "" for x, y in read.items()}
    stated = [x is not None for x in columns.get("total", [None] * len(opens))]
    return Sums(totals, opens, stated, styles, states_open)


def _signed(amounts: Amounts, signs: Sequence[object] | None, field: str, log: RowLog) -> Cents:
    """The amounts with the sign that a column of D and C gives them."""
    if signs is None or field in ("debit", "credit"):
        return amounts.cents
    cents: Cents = []
    for row, (value, cell) in enumerate(zip(amounts.cents, signs, strict=True)):
        word = str(cell).casefold()
        if value is None or value == 0 or word in _DEBIT:
            cents.append(value)
        elif word in _CREDIT and value > 0:
            cents.append(-value)
        else:
            log.refuse(row, _sign_unclear(cell), about="sign")
            cents.append(None)
    return cents


def _choose_open(columns: dict[str, Cents], log: RowLog) -> tuple[Cents, bool]:
    """(what is open per row, whether the list states it)."""
    if "open" in columns:
        return _demand(columns["open"], "open", log), True
    if "total" in columns and "paid" in columns:
        totals = _demand(columns["total"], "total", log)
        pairs = zip(totals, columns["paid"], strict=True)
        return [None if x is None else x - (y or 0) for x, y in pairs], True
    if "debit" in columns or "credit" in columns:
        blank: Cents = [None] * len(next(iter(columns.values())))
        debits, credits = columns.get("debit", blank), columns.get("credit", blank)  # noqa: A001
        sums: Cents = [
            None if x is None and y is None else (x or 0) - (y or 0)
            for x, y in zip(debits, credits, strict=True)
        ]
        return _demand(sums, "debit" if "debit" in columns else "credit", log), False
    return _demand(columns["total"], "total", log), False


def _demand(cents: Cents, field: str, log: RowLog) -> Cents:
    """The same amounts; a row without one is refused."""
    if None in cents:
        for row, value in enumerate(cents):
            if value is None and row not in log.refused:
                log.refuse(row, _NO_AMOUNT, about=field)
    return cents


def _choose_total(columns: dict[str, Cents], opens: Cents, log: RowLog) -> Cents:
    if "total" not in columns:
        return opens
    totals = columns["total"]
    if None not in totals:
        return totals
    for row, (value, open_cents) in enumerate(zip(totals, opens, strict=True)):
        if value is None and open_cents is not None and row not in log.refused:
            log.warn(row, _NO_TOTAL, about="total")
    return [y if x is None else x for x, y in zip(totals, opens, strict=True)]


def _check_credit_notes(kinds: Sequence[object], totals: Cents, log: RowLog) -> None:
    for row, (kind, cents) in enumerate(zip(kinds, totals, strict=True)):
        if kind and cents and cents > 0 and str(kind).casefold().startswith(_CREDIT_NOTES):
            log.refuse(row, _POSITIVE_CREDIT, about="kind")


def _check_sizes(totals: Cents, opens: Cents, log: RowLog) -> None:
    """A warning where more is open than was invoiced, or more was paid."""
    if totals is opens:
        return
    for row, (total, left) in enumerate(zip(totals, opens, strict=True)):
        if total == left or total is None or left is None:
            continue
        if total * left < 0:
            log.warn(row, _OVERPAID)
        elif abs(left) > abs(total):
            log.warn(row, _MORE_OPEN)


def _check_paid(columns: dict[str, Cents], log: RowLog) -> None:
    """A note where open, amount and paid are all stated and do not agree: open is what counts."""
    if not {"open", "total", "paid"} <= set(columns):
        return
    rows = zip(columns["open"], columns["total"], columns["paid"], strict=True)
    odd = [
        row
        for row, (left, total, paid) in enumerate(rows)
        if left is not None and total is not None and paid is not None
        and abs(paid) != abs(total - left)
    ]  # fmt: skip
    odd = [x for x in odd if x not in log.left_out]
    if odd:
        log.note(_paid_differs(len(odd), log.line(odd[0])), about="open")


def _paid_differs(rows: int, line: str) -> Sentence:
    return Sentence(
        f"Op {rows} regels (de eerste: {line}) is bedrag min voldaan niet gelijk aan openstaand. "
        "Gebruikt is openstaand.",
        f"On {rows} rows (the first: {line}) amount less paid is not equal to open. "
        "The open amount is used.",
    )


def _sign_unclear(cell: object) -> Sentence:
    return Sentence(
        f"{clip(cell)} zegt niet duidelijk of het bedrag debet of credit is. Gebruik D of C bij "
        "een bedrag zonder minteken.",
        f"{clip(cell)} does not clearly say whether the amount is debit or credit. Use D or C "
        "beside an amount without a minus sign.",
    )


_NO_AMOUNT = Sentence(
    "Het bedrag ontbreekt. Vul het bedrag in.", "The amount is missing. Fill in the amount."
)
_NO_TOTAL = Sentence(
    "Het factuurbedrag ontbreekt. Het openstaande bedrag is gebruikt.",
    "The invoice amount is missing. The open amount is used.",
)
_POSITIVE_CREDIT = Sentence(
    "Dit is volgens het bestand een creditnota, maar het bedrag is positief. Zet een minteken "
    "voor het bedrag.",
    "By the file's word this is a credit note, but the amount is positive. Put a minus sign "
    "before the amount.",
)
_OVERPAID = Sentence(
    "Er is meer betaald dan gefactureerd. Controleer het openstaande bedrag.",
    "More was paid than invoiced. Check the open amount.",
)
_MORE_OPEN = Sentence(
    "Er staat meer open dan gefactureerd. Controleer het openstaande bedrag.",
    "More is open than was invoiced. Check the open amount.",
)
