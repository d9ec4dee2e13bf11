"""camt.053: the bank statement in XML that every Dutch bank delivers, versions .02 to .14.

Read in pieces: each entry leaves memory once its lines are made. A schema error never gates: most
banks break their own schema somewhere. What would leave a hole (an entry without amount, direction
or date, a file that breaks off) refuses the whole file, for half a statement is worse than none.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from lxml import etree

from tijdig.banking.formats.camt_entries import (
    UnreadableEntry,
    read_account,
    read_lines,
    read_status,
)
from tijdig.banking.formats.iso20022 import (
    Parts,
    children_of,
    local_name,
    read_cents,
    read_date,
    read_indicated_date,
    text_at,
    text_of,
)
from tijdig.banking.records import BankLineRecord, StatementFile, StatementRecord
from tijdig.core.problem import Problem, Sentence
from tijdig.core.safe_xml import refuse_hostile

_CHUNK: Final = 64 * 1024
_HEAD: Final = 4 * 1024
# What may stand in memory at once: enough for a batch of some 20,000 payments in one entry.
_MARKS_AT_MOST: Final = 1_500_000
_MARK: Final = re.compile(rb"iso:20022:tech:xsd:camt\.|<(?:[\w.-]+:)?BkToCstmr[A-Z]")
_MESSAGE: Final = re.compile(r"camt\.(\d{3})\.\d{3}\.\d{2}$")
_MESSAGE_BY_NAME: Final = {
    "BkToCstmrAcctRpt": "052",
    "BkToCstmrStmt": "053",
    "BkToCstmrDbtCdtNtfctn": "054",
}
# The longest IBAN; no bank gives a longer number of its own.
_ACCOUNT_AT_MOST: Final = 34
_NOT_BOOKED: Final = frozenset({"PDNG", "INFO", "FUTR"})
_FORMATS: Final = {"booked": "camt053", "intraday": "camt052", "details": "camt054"}


def recognise(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a camt message, of any kind and version."""
    # UTF-16 is plain text with NUL bytes between: enough to recognise it.
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<") and _MARK.search(start) is not None


def parse(content: bytes, *, name: str) -> StatementFile:
    """The statements of a camt.053 file, or the one reason why it does not come in.

    Entries that are not booked (PDNG, INFO, FUTR) are left out and counted in a warning.
    Refuses, whole: XML that is malformed or could do harm, another message than camt.053, a
    statement without account, an entry without readable amount, direction or date, more than two
    decimals.
    """
    hostile = refuse_hostile(content)
    if hostile:
        return _refused("booked", hostile, name)
    try:
        namespace, root, message = _read_root(content)
        refusal, kind = _judge_message(namespace, root, message)
        if refusal:
            return _refused(kind, Problem(f"/{root}/{message}".rstrip("/"), refusal), name)
        entry, statement = _qualify(namespace, "Ntry"), _qualify(namespace, "Stmt")
        reader = _Reader(entry)
        parser = _make_parser("end", (entry, statement))
        for at in range(0, len(content), _CHUNK):
            chunk = content[at : at + _CHUNK]
            parser.feed(chunk)
            reader.take_all(parser, marks=chunk.count(b"<"))
        parser.close()
        reader.take_all(parser, marks=0)
    except etree.XMLSyntaxError as error:
        return _refused("booked", Problem(f"regel {error.lineno or 1}", _BROKEN), name)
    except UnreadableEntry as error:
        return _refused("booked", error.problem, name)
    if not reader.statements:
        return _refused("booked", Problem(f"/{root}/{message}", _NO_STATEMENT), name)
    problems = tuple(replace(problem, file=name) for problem in reader.problems)
    return StatementFile(_FORMATS["booked"], "booked", tuple(reader.statements), problems)


class _Reader:
    """Makes statements of elements as they end, and drops each element after use."""

    def __init__(self, entry_tag: str) -> None:
        self.statements: list[StatementRecord] = []
        self.problems: list[Problem] = []
        self._entry_tag = entry_tag
        self._marks = 0
        self._number = 0
        self._lines_of: dict[StatementRecord, tuple[BankLineRecord, ...]] = {}
        self._used: etree._Element | None = None
        self._begin_statement()

    def take_all(self, parser: etree.XMLPullParser, *, marks: int) -> None:
        """Takes what ended within a piece of the file that holds so many marks ("<")."""
        self._marks += marks
        for element in _read_elements(parser):
            self._marks = 0
            if element.tag == self._entry_tag:
                self._take_entry(element)
            else:
                self._take_statement(element)
            self._drop(element)
        if self._marks > _MARKS_AT_MOST:
            raise UnreadableEntry(f"{self._place}/Ntry[{self._entries + 1}]", _TOO_LARGE)

    def _begin_statement(self) -> None:
        self._number += 1
        self._place = f"Stmt[{self._number}]"
        self._own_iban: str | None = None
        self._lines: list[BankLineRecord] = []
        self._entries = 0
        self._not_booked = 0

    def _take_entry(self, entry: etree._Element) -> None:
        self._entries += 1
        if self._own_iban is None:
            self._own_iban = read_account(children_of(entry.getparent()).get("Acct"))
        parts = children_of(entry)
        if read_status(parts) in _NOT_BOOKED:
            self._not_booked += 1
            return
        place = f"{self._place}/Ntry[{self._entries}]"
        lines, warnings = read_lines(parts, place=place, own_iban=self._own_iban)
        self._lines.extend(lines)
        self.problems.extend(warnings)

    def _take_statement(self, element: etree._Element) -> None:
        lines = tuple(self._lines)
        statement, warnings = _read_statement(element, lines, place=self._place)
        if self._not_booked:
            warnings.append(Problem(self._place, _say_not_booked(self._not_booked), "warning"))
        head = replace(statement, lines=(), place="")
        if statement.identification and _same_lines(lines, self._lines_of.get(head, ())):
            self.problems.append(Problem(self._place, _REPEATED, "warning"))
        else:
            self.statements.append(statement)
            self.problems.extend(warnings)
            self._lines_of[head] = lines
        self._begin_statement()

    def _drop(self, element: etree._Element) -> None:
        """Empties this element and removes the one before it.

        The element itself must stay until the next: the parser may still write behind it.
        """
        del element[:]
        parent = None if self._used is None else self._used.getparent()
        if parent is not None and self._used is not None:
            parent.remove(self._used)
        self._used = element


def _same_lines(lines: tuple[BankLineRecord, ...], earlier: tuple[BankLineRecord, ...]) -> bool:
    """Whether a statement with the same head is the same one again, as joined exports hold it."""
    return len(lines) == len(earlier) > 0 and all(
        replace(line, place=other.place) == other
        for line, other in zip(lines, earlier, strict=True)
    )


def _read_statement(
    element: etree._Element, lines: tuple[BankLineRecord, ...], *, place: str
) -> tuple[StatementRecord, list[Problem]]:
    parts = children_of(element)
    account = parts.get("Acct")
    iban = read_account(account)
    if not 0 < len(iban) <= _ACCOUNT_AT_MOST:
        raise UnreadableEntry(place, _NO_ACCOUNT)
    balances = _read_balances(element)
    opening = balances.get("OPBD", balances.get("PRCD", {}))
    closing = balances.get("CLBD", {})
    currency = text_at(account, "Ccy") or _guess_currency(opening, closing, lines)
    opening_cents, opening_warnings = _read_balance(opening, currency, place)
    closing_cents, closing_warnings = _read_balance(closing, currency, place)
    warnings = [*opening_warnings, *closing_warnings]
    if any(line.currency != currency for line in lines):
        warnings.append(Problem(place, _say_currency(currency), "warning"))
    period = children_of(parts.get("FrToDt"))
    from_text = text_of(period.get("FrDtTm")) or text_of(period.get("FrDt"))
    until_text = text_of(period.get("ToDtTm")) or text_of(period.get("ToDt"))
    first_day = balances.get("OPBD", {}).get("Dt")
    statement = StatementRecord(
        iban=iban,
        currency=currency,
        identification=text_of(parts.get("Id")),
        sequence=text_of(parts.get("ElctrncSeqNb")) or text_of(parts.get("LglSeqNb")),
        opening_cents=opening_cents,
        closing_cents=closing_cents,
        from_on=read_date(from_text) or read_indicated_date(first_day),
        until_on=read_date(until_text) or read_indicated_date(closing.get("Dt")),
        lines=lines,
        place=place,
    )
    return statement, warnings


def _read_balances(statement: etree._Element) -> dict[str, Parts]:
    """The parts of each balance by code; of one stated twice, the first opens, the last closes."""
    found: dict[str, Parts] = {}
    for child in statement:
        if local_name(child) == "Bal":
            code = text_at(child, "Tp", "CdOrPrtry", "Cd") or text_at(child, "Tp", "Cd")
            if code not in found or code == "CLBD":
                found[code] = children_of(child)
    return found


def _guess_currency(
    opening: Parts,
    closing: Parts,
    lines: tuple[BankLineRecord, ...],
) -> str:
    """The currency of the balances, else of the lines, where the account names none."""
    for balance in (opening, closing):
        amount = balance.get("Amt")
        if amount is not None and amount.get("Ccy"):
            return amount.get("Ccy", "")
    return lines[0].currency if lines else ""


def _read_balance(balance: Parts, currency: str, place: str) -> tuple[int | None, list[Problem]]:
    """The signed balance; None with a warning where it is unreadable or in another currency."""
    if not balance:
        return None, []
    amount = balance.get("Amt")
    cents = read_cents(text_of(amount))
    if isinstance(cents, Sentence):
        return None, [Problem(f"{place}/Bal", cents, "warning")]
    if amount is None or amount.get("Ccy", currency) != currency:
        return None, [Problem(f"{place}/Bal", _say_currency(currency), "warning")]
    return (-cents if text_of(balance.get("CdtDbtInd")) == "DBIT" else cents), []


def _read_root(content: bytes) -> tuple[str, str, str]:
    """The namespace, the name of the root and of the message within it."""
    parser = _make_parser("start", None)
    started: list[etree._Element] = []
    for at in range(0, len(content), _HEAD):
        parser.feed(content[at : at + _HEAD])
        started.extend(_read_elements(parser))
        if len(started) > 1:
            root, message = started[:2]
            return etree.QName(root).namespace or "", local_name(root), local_name(message)
    root = parser.close()
    return etree.QName(root).namespace or "", local_name(root), ""


def _judge_message(
    namespace: str, root: str, message: str
) -> tuple[Sentence | None, Literal["booked", "intraday", "details"]]:
    """Why this message is not read, or None for a camt.053."""
    found = _MESSAGE.search(namespace)
    number = found.group(1) if found else _MESSAGE_BY_NAME.get(message, "")
    if number == "052":
        return _INTRADAY, "intraday"
    if number == "054":
        return _DETAILS, "details"
    foreign = number != "053" or root != "Document" or (namespace and not found)
    if foreign or message not in {"BkToCstmrStmt", ""}:
        return _say_other_message(message or root, namespace), "booked"
    return (None if message else _NO_STATEMENT), "booked"


def _qualify(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}" if namespace else name


def _read_elements(parser: etree.XMLPullParser) -> Iterator[etree._Element]:
    for _, element in parser.read_events():
        if element is not None and not isinstance(element, tuple):
            yield element


def _make_parser(
    event: Literal["start", "end"], tags: tuple[str, ...] | None
) -> etree.XMLPullParser:
    return etree.XMLPullParser(
        (event,),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
        collect_ids=False,
    )


def _refused(
    kind: Literal["booked", "intraday", "details"], problem: Problem, name: str
) -> StatementFile:
    refusal = replace(problem, severity="refused", file=name)
    return StatementFile(_FORMATS[kind], kind, (), (refusal,))


def _say_other_message(name: str, namespace: str) -> Sentence:
    found = f"{name[:60]} ({namespace[:80]})" if namespace else name[:60]
    return Sentence(
        f"Dit is geen bankafschrift in camt.053, maar {found}. Vraag uw bank om camt.053.",
        f"This is not a camt.053 bank statement, but {found}. Ask your bank for camt.053.",
    )


def _say_not_booked(number: int) -> Sentence:
    if number == 1:
        return Sentence(
            "1 boeking is nog niet definitief. Zij telt nog niet als betaling.",
            "1 entry is not booked yet. It does not count as a payment.",
        )
    return Sentence(
        f"{number} boekingen zijn nog niet definitief. Zij tellen nog niet als betaling.",
        f"{number} entries are not booked yet. They do not count as payments.",
    )


def _say_currency(currency: str) -> Sentence:
    return Sentence(
        f"Hier staat een bedrag in een andere munt dan die van de rekening ({currency})."
        " Daarom zijn begin- en eindsaldo niet te controleren.",
        f"Here stands an amount in another currency than the account's ({currency}). So opening"
        " and closing balance cannot be checked.",
    )


_INTRADAY: Final = Sentence(
    "Dit is een overzicht van boekingen in de loop van de dag (camt.052). Dat lezen wij nog"
    " niet; het komt later. Lever het afschrift als camt.053 aan.",
    "This is a report of entries during the day (camt.052). We do not read it yet; it comes"
    " later. Deliver the statement as camt.053.",
)
_DETAILS: Final = Sentence(
    "Dit is een melding met details van boekingen (camt.054). Die lezen wij nog niet; het komt"
    " later. Lever het afschrift als camt.053 aan.",
    "This is a notification with details of entries (camt.054). We do not read it yet; it comes"
    " later. Deliver the statement as camt.053.",
)
_NO_STATEMENT: Final = Sentence(
    "In dit bestand staat geen afschrift. Vraag het opnieuw op bij uw bank.",
    "This file holds no statement. Ask your bank for it again.",
)
_NO_ACCOUNT: Final = Sentence(
    "Dit afschrift noemt geen bruikbaar rekeningnummer. Vraag het opnieuw op bij uw bank.",
    "This statement names no usable account number. Ask your bank for it again.",
)
_REPEATED: Final = Sentence(
    "Dit afschrift staat twee keer in het bestand. Wij tellen het één keer.",
    "This statement stands in the file twice. We count it once.",
)
_TOO_LARGE: Final = Sentence(
    "Dit deel van het afschrift heeft meer dan 1.500.000 velden. Wij lezen dit niet. Vraag uw bank"
    " om een bestand met minder details per boeking.",
    "This part of the statement has more than 1,500,000 fields. We do not read this. Ask your bank"
    " for a file with fewer details per entry.",
)
_BROKEN: Final = Sentence(
    "De XML is hier beschadigd of breekt af, of een veld is langer dan 10 MB of te diep genest."
    " Er is niets ingelezen. Vraag het afschrift opnieuw op bij uw bank.",
    "The XML is damaged or breaks off here, or a field is longer than 10 MB or nested too deeply."
    " Nothing was read. Ask your bank for the statement again.",
)
