"""The rows of a list of open items as invoice records: column by column, then row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tijdig.core.problem import Sentence
from tijdig.intake.formats.columns import Mapping, locate, states_euro
from tijdig.intake.formats.currencies import read_currency
from tijdig.intake.formats.open_item_amounts import AMOUNT_FIELDS, Sums, read_sums
from tijdig.intake.formats.open_item_checks import (
    check_total,
    find_total_rows,
    settle_numbers,
    total_skipped,
)
from tijdig.intake.formats.open_item_days import Days, read_days
from tijdig.intake.formats.open_item_parties import PARTY_FIELDS, read_parties
from tijdig.intake.formats.open_item_vat import read_vat
from tijdig.intake.formats.row_log import RowLog
from tijdig.intake.formats.styles import clip
from tijdig.intake.formats.tables import Table
from tijdig.intake.records import InvoiceRecord, Party

# What a spreadsheet shows where a formula failed, in English and in Dutch.
_FAULTS = frozenset({
    "#N/A", "#N/B", "#REF!", "#VERW!", "#VALUE!", "#WAARDE!", "#DIV/0!", "#DEEL/0!", "#NAME?",
    "#NAAM?", "#NUM!", "#GETAL!", "#NULL!", "#LEEG!",
})  # fmt: skip
# How much the ledger can hold: a longer key is refused, a longer text is cut, and that is said.
_KEYS = {"number": 100, "debtor_number": 60, "debtor_name": 200}
_REFERENCES = {
    "customer_reference": 200,
    "order_reference": 200,
    "payment_reference": 140,
    "credited_number": 100,
    "mandate": 35,
}
_TEXTS = ("number", "currency", "term_days", *_REFERENCES, *PARTY_FIELDS)


@dataclass(frozen=True, slots=True)
class ListRows:
    """The records of a list by the row on which each begins, and the styles it was read by.

    `styles` holds pairs (column header, style) for the amount and date columns; `states_open` is
    whether the list says what is open, not only what was invoiced.
    """

    records: dict[int, InvoiceRecord]
    styles: tuple[tuple[str, str], ...]
    states_open: bool


def read_rows(table: Table, mapping: Mapping, log: RowLog) -> ListRows:
    """Every row as a record, or refused in the log with all its reasons."""
    positions = locate(mapping, table.headers)
    columns: list[Sequence[object]] = (
        list(zip(*table.rows, strict=True)) if table.rows else [()] * len(table.headers)
    )
    cells = {field: columns[at] for field, at in positions.items()}
    texts = {x: read_texts(cells[x], x, log) for x in _TEXTS if x in cells}
    totals = find_total_rows(table.rows, texts["number"], positions)
    for row in totals:
        log.leave_out(row, total_skipped())
    amount_cells = {x: cells[x] for x in (*AMOUNT_FIELDS, "sign", "kind") if x in cells}
    sums = read_sums(amount_cells, style=mapping.decimal_style, log=log)
    days = read_days(cells, texts.get("term_days"), style=mapping.date_style, log=log)
    _check_keys(texts, log)
    currencies = _read_currencies(texts, table, positions, log)
    parties = read_parties({x: texts[x] for x in PARTY_FIELDS if x in texts}, log)
    vat: list[int | None] = [None] * len(table.rows)
    if "vat_amount" in cells and "total" in cells:
        vat = read_vat(cells["vat_amount"], sums.totals, style=mapping.decimal_style)
    records = _assemble(
        texts, sums=sums, days=days, currencies=currencies, parties=parties, vat=vat, log=log
    )
    records = settle_numbers(records, texts["number"], log)
    if len(totals) == 1 and not log.refused and len({x.currency for x in records.values()}) == 1:
        check_total(sums.opens, totals[0], records.values(), log)
    styles = {**sums.styles, **days.styles}
    return ListRows(
        records,
        tuple((table.headers[positions[x]], y) for x, y in styles.items()),
        sums.states_open,
    )


def read_texts(cells: Sequence[object], field: str, log: RowLog) -> list[str]:
    """A column as texts on one line each, none longer than the ledger can hold."""
    is_text = log.table.format == "csv"
    texts = list(map(str if is_text else _text_of, cells))
    together = "".join(texts)
    if not together.isprintable() or "#" in together or '="' in together:
        texts = [_one_line(x) if _is_odd(x) else x for x in texts]
        for row, text in enumerate(texts):
            if text[:1] == "#" and text.upper() in _FAULTS:
                log.refuse(row, _FAULTY, about=field)
    longest = _KEYS.get(field) or _REFERENCES.get(field)
    if longest and max(map(len, texts), default=0) > longest:
        for row, text in enumerate(texts):
            if len(text) > longest:
                texts[row] = text[:longest]
                tell = log.refuse if field in _KEYS else log.warn
                tell(row, _too_long(text, longest, cut=field not in _KEYS), about=field)
    return texts


def _text_of(cell: object) -> str:
    """A workbook's value as a person sees it: 20260012, not 20260012.0."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell == cell // 1 and abs(cell) < 10**15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def _is_odd(text: str) -> bool:
    """Whether a text needs a closer look: more than one line, or a spreadsheet's mark in front."""
    return text[:1] in _ODD_STARTS or not text.isprintable()


def _one_line(text: str) -> str:
    """Line ends and tabs as one blank; `="0012"` (a text, to Excel) as 0012."""
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        text = text[2:-1]
    plain = " ".join(text.split())
    return "".join(x for x in plain if x.isprintable())


def _check_keys(texts: dict[str, list[str]], log: RowLog) -> None:
    """Refuses rows without an invoice number or without a debtor."""
    for row, number in enumerate(texts["number"]):
        if not number.strip("0"):
            log.refuse(row, _NO_NUMBER if not number else _NUMBER_ZERO, about="number")
    keys = [texts[x] for x in ("debtor_number", "debtor_name") if x in texts]
    for row, cells in enumerate(zip(*keys, strict=True)):
        if not any(cells):
            log.refuse(row, _NO_DEBTOR)


def _read_currencies(
    texts: dict[str, list[str]], table: Table, positions: dict[str, int], log: RowLog
) -> list[str]:
    """The currency of each row's amounts: EUR where the file or the amount's header says so."""
    if "currency" not in texts:
        return ["EUR"] * len(table.rows)
    codes = {x: read_currency(x) if x else "EUR" for x in set(texts["currency"])}
    unknown = {x for x, code in codes.items() if not code}
    for row, text in enumerate(texts["currency"] if unknown else ()):
        if text in unknown:
            log.refuse(row, _unknown_currency(text), about="currency")
    amount = next(x for x in AMOUNT_FIELDS if x in positions)
    if states_euro(table.headers[positions[amount]]):
        if set(codes.values()) - {"EUR", ""}:
            log.note(_EUROS_ALL_THE_SAME, about=amount)
        return ["EUR"] * len(table.rows)
    return [codes[x] for x in texts["currency"]]


def _assemble(
    texts: dict[str, list[str]],
    *,
    sums: Sums,
    days: Days,
    currencies: list[str],
    parties: list[Party],
    vat: list[int | None],
    log: RowLog,
) -> dict[int, InvoiceRecord]:
    """A record for each row that nothing was said against."""
    blank = [""] * len(parties)
    records: dict[int, InvoiceRecord] = {}
    word = log.table.row_word
    without = log.left_out.union(log.refused)
    rows = zip(
        log.table.lines, texts["number"], days.issued, days.due, currencies,
        sums.totals, sums.opens, parties, sums.total_is_stated, days.issue_day_is_stated,
        *(texts.get(x, blank) for x in _REFERENCES), strict=True,
    )  # fmt: skip
    for row, (
        line, number, issued_on, due_on, currency, total_cents, open_cents, debtor,
        total_is_stated, issue_day_is_stated,
        customer_reference, order_reference, payment_reference, credited_number, mandate,
    ) in enumerate(rows):  # fmt: skip
        if row in without or issued_on is None or total_cents is None or open_cents is None:
            continue
        is_credit = total_cents < 0 or (total_cents == 0 and open_cents < 0)
        records[row] = InvoiceRecord(
            number=number,
            kind="credit_note" if is_credit else "invoice",
            issued_on=issued_on,
            due_on=due_on,
            currency=currency,
            total_cents=total_cents,
            open_cents=open_cents,
            debtor=debtor,
            place=f"{word} {line}",
            order_reference=order_reference,
            customer_reference=customer_reference,
            payment_reference=payment_reference,
            credited_number=credited_number,
            direct_debit_mandate=mandate,
            vat_cents=vat[row] if total_is_stated else None,
            total_is_stated=total_is_stated,
            issue_day_is_stated=issue_day_is_stated,
        )
    return records


def _too_long(text: str, longest: int, *, cut: bool) -> Sentence:
    nl = "De tekst is afgekapt." if cut else "Maak de tekst korter."
    en = "It was cut short." if cut else "Make it shorter."
    return Sentence(
        f"{clip(text)} is langer dan {longest} tekens. {nl}",
        f"{clip(text)} is longer than {longest} characters. {en}",
    )


def _unknown_currency(text: str) -> Sentence:
    return Sentence(
        f"De valuta {clip(text)} bestaat niet. Gebruik een code als EUR.",
        f"The currency {clip(text)} does not exist. Use a code such as EUR.",
    )


_ODD_STARTS = ("=", "#")
_FAULTY = Sentence(
    "In deze cel staat een fout van Excel. Herstel de formule en bewaar het bestand opnieuw.",
    "This cell holds an Excel error. Mend the formula and save the file again.",
)
_NO_NUMBER = Sentence(
    "Het factuurnummer ontbreekt. Vul het nummer in.",
    "The invoice number is missing. Fill in the number.",
)
_NUMBER_ZERO = Sentence(
    "Het factuurnummer is 0. Dat is geen factuur. Vul het echte nummer in.",
    "The invoice number is 0. That is no invoice. Fill in the true number.",
)
_NO_DEBTOR = Sentence(
    "De debiteur ontbreekt. Vul een naam of debiteurnummer in.",
    "The debtor is missing. Fill in a name or debtor number.",
)
_EUROS_ALL_THE_SAME = Sentence(
    "Deze kolom is volgens de kop in euro, terwijl sommige facturen een andere valuta hebben. "
    "Alle bedragen zijn als euro gelezen.",
    "By its header this column is in euros, while some invoices are in another currency. "
    "All amounts are read as euros.",
)
