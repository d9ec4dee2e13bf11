"""ING's own list of movements as CSV: the old one (31-12-2009, comma) and the new one (20260302).

One statement per account; balances only where the list has a column with the balance after each
movement. The other party's number and the payer's references stand in the text, behind words.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from tijdig.banking.formats.iso20022 import read_date
from tijdig.banking.formats.mt940_fields import read_amount
from tijdig.banking.formats.remittance import (
    clean_end_to_end_id,
    find_betalingskenmerk,
    find_iban,
    is_iban_shaped,
)
from tijdig.banking.formats.text_lines import read_text_lines
from tijdig.banking.formats.xml_stream import UnreadableFile
from tijdig.banking.records import (
    BankLineRecord,
    Lines,
    LinesInMemory,
    StatementFile,
    StatementRecord,
)
from tijdig.core.problem import Problem, Sentence

Item = BankLineRecord | StatementRecord

# By field: what the header calls it, in Dutch and in English, small letters.
_COLUMNS: Final = {
    "on": ("datum", "date"),
    "name": ("naam / omschrijving", "name / description"),
    "account": ("rekening", "account"),
    "counter": ("tegenrekening", "counterparty"),
    "direction": ("af bij", "debit/credit"),
    "amount": ("bedrag (eur)", "amount (eur)"),
    "text": ("mededelingen", "notifications"),
    "balance": ("saldo na mutatie", "resulting balance"),
}
_OPTIONAL: Final = frozenset({"balance"})
# 1.234,56 as the bank writes it, and 1234.56 as a spreadsheet may keep it.
_AMOUNT: Final = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d{0,2})?|\d+\.\d{1,2}")
_INCOMING: Final = {"bij": 1, "credit": 1, "af": -1, "debit": -1}
_WORDS: Final = re.compile(
    r"\b(Naam|Name|Omschrijving|Description|IBAN|Kenmerk|Reference|Machtiging ID|Mandate ID"
    r"|Incassant ID|Creditor ID|Valutadatum|Value date|Datum/Tijd|Date/time|Pasvolgnr"
    r"|Card sequence no\.|Transactie|Transaction|Term|Doorlopende incasso|Recurrent SEPA direct"
    r" debit|Overige partij|Other party): ?"
)
_DAYS: Final = (
    (re.compile(r"(\d{4})-?(\d{2})-?(\d{2})"), (1, 2, 3)),
    (re.compile(r"(\d{2})[-/](\d{2})[-/](\d{4})"), (3, 2, 1)),
)
_MOST_CELL: Final = 100_000


@dataclass(frozen=True, slots=True)
class _Row:
    on: date
    cents: int
    balance_cents: int | None
    account: str
    line: BankLineRecord


def recognise(head: bytes) -> bool:
    """Whether the first line names the columns of ING's list."""
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip().splitlines()[:1]
    if not first:
        return False
    header = first[0].decode("cp1252", "replace")
    return _find_columns(_split(header, _find_delimiter(header))) is not None


def iterate(pieces: Iterable[bytes]) -> Iterator[Item]:
    """The lines of the list, each account's statement (without lines) after them.

    Refuses: UnreadableFile, for the whole file, where a row has no readable day or amount.
    """
    columns: dict[str, int] | None = None
    delimiter = ","
    run: list[_Row] = []
    for number, text in enumerate(read_text_lines(pieces), start=1):
        if not text.strip():
            continue
        if columns is None:
            delimiter = _find_delimiter(text)
        cells = _split(text, delimiter)
        if columns is None:
            columns = _find_columns(cells)
            if columns is None:
                raise UnreadableFile(Problem("regel 1", _NO_COLUMNS))
            continue
        row = _read_row(cells, columns, number)
        if run and run[0].account != row.account:
            yield _make_statement(run)
            run = []
        # Only the ends of a run are needed for its statement.
        run = [*run[:1], row]
        yield row.line
    if run:
        yield _make_statement(run)


def parse(content: bytes, *, name: str) -> StatementFile:
    """The statements of a list that is held in memory, as `read` gives them."""
    return read((content,), name=name, lines=LinesInMemory())


def read(pieces: Iterable[bytes], *, name: str, lines: Lines) -> StatementFile:
    """The statements of the list, or the one reason why it does not come in."""
    statements: list[StatementRecord] = []
    try:
        days: set[date] = set()
        for item in iterate(pieces):
            if isinstance(item, BankLineRecord):
                lines.append(item)
                days.add(item.booked_on)
            else:
                statements.append(
                    replace(item, lines=lines.take(), from_on=min(days), until_on=max(days))
                )
                days.clear()
    except UnreadableFile as error:
        refusal = replace(error.problem, severity="refused", file=name)
        return StatementFile("ing_csv", "booked", (), (refusal,))
    if not statements:
        empty = Problem("bestand", _EMPTY, "refused", name)
        return StatementFile("ing_csv", "booked", (), (empty,))
    return StatementFile("ing_csv", "booked", tuple(statements), ())


def _find_delimiter(header: str) -> str:
    return ";" if header.count(";") > header.count(",") else ","


def _split(text: str, delimiter: str) -> list[str]:
    # A carriage return within the line is damage; the reader takes it for a second line.
    return next(csv.reader([text.replace("\r", " ")], delimiter=delimiter), [])


def _find_columns(cells: Sequence[str]) -> dict[str, int] | None:
    names = [cell.strip().lower() for cell in cells]
    found = {
        field: names.index(name)
        for field, known in _COLUMNS.items()
        for name in known
        if name in names
    }
    return found if found.keys() >= _COLUMNS.keys() - _OPTIONAL else None


def _read_row(cells: Sequence[str], columns: dict[str, int], number: int) -> _Row:
    place = f"regel {number}"
    told = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
    on = _read_day(told["on"])
    amount = _read_cents(told["amount"])
    sign = _INCOMING.get(told["direction"].lower())
    if on is None or amount is None or sign is None or not told["account"]:
        raise UnreadableFile(Problem(place, _NOT_A_ROW))
    pieces = _WORDS.split(told["text"])
    words = dict(zip(pieces[-2::-2], pieces[:0:-2], strict=True))
    words = {name.lower(): value.strip() for name, value in words.items()}
    text = words.get("omschrijving") or words.get("description") or told["text"]
    text = " ".join(text.split())
    account = "".join(told["account"].split()).upper()
    counter = "".join(told["counter"].split()).upper()
    balance = told.get("balance", "")
    return _Row(
        on=on,
        cents=sign * amount,
        balance_cents=_read_balance(balance),
        account=account,
        line=BankLineRecord(
            booked_on=on,
            value_on=_read_day(words.get("valutadatum") or words.get("value date") or "") or on,
            amount_cents=sign * amount,
            currency="EUR",
            counter_iban=counter if is_iban_shaped(counter) else find_iban(words.get("iban", "")),
            counter_name=" ".join((words.get("naam") or words.get("name") or told["name"]).split()),
            text=text,
            reference=find_betalingskenmerk(told["text"]),
            end_to_end_id=clean_end_to_end_id(words.get("kenmerk") or words.get("reference") or ""),
            bank_reference="",
            place=place,
            mandate_id=words.get("machtiging id") or words.get("mandate id") or "",
        ),
    )


def _read_balance(text: str) -> int | None:
    cents = _read_cents(text.removeprefix("-"))
    return -cents if cents is not None and text.startswith("-") else cents


def _read_cents(text: str) -> int | None:
    """Whole cents of an amount without sign; a point before three digits is between thousands."""
    if not _AMOUNT.fullmatch(text):
        return None
    has_cents = "," in text or len(text.rpartition(".")[2]) < 3
    return read_amount(text.replace(".", "") if "," in text or not has_cents else text)


def _read_day(text: str) -> date | None:
    for pattern, (year, month, day) in _DAYS:
        found = pattern.fullmatch(text.strip())
        if found:
            return read_date(f"{found[year]}-{found[month]}-{found[day]}")
    return None


def _make_statement(run: Sequence[_Row]) -> StatementRecord:
    """The statement of a run of rows, of which the first and the last are given."""
    newest, oldest = run[0], run[-1]
    if newest.on < oldest.on:
        newest, oldest = oldest, newest
    opening, closing = None, None
    if newest.balance_cents is not None and oldest.balance_cents is not None:
        opening, closing = oldest.balance_cents - oldest.cents, newest.balance_cents
    return StatementRecord(
        iban=newest.account,
        currency="EUR",
        identification="",
        sequence="",
        opening_cents=opening,
        closing_cents=closing,
        from_on=oldest.on,
        until_on=newest.on,
        lines=(),
        place=run[0].line.place,
    )


_NO_COLUMNS: Final = Sentence(
    "De eerste regel noemt niet de kolommen van een ING-lijst. Download de lijst opnieuw.",
    "The first line does not name the columns of an ING list. Download the list again.",
)
_NOT_A_ROW: Final = Sentence(
    "Deze regel heeft geen leesbare datum, rekening, richting of bedrag. Er is niets ingelezen."
    " Download de lijst opnieuw.",
    "This row has no readable date, account, direction or amount. Nothing was read. Download the"
    " list again.",
)
_EMPTY: Final = Sentence(
    "Deze lijst heeft geen regels. Kies bij ING een periode waarin iets is gebeurd.",
    "This list has no rows. Choose a period at ING in which something happened.",
)
