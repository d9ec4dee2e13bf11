"""MT940 and MT942: the older statement of every Dutch bank, each in a dialect of its own.

Read line by line: memory does not grow with the file. A movement that cannot be read refuses the
whole file; everything else that is odd is read as far as it goes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from tijdig.banking.formats.mt940_dialects import (
    SUB_FIELDED,
    Dialect,
    Message,
    Told,
    find_dialect,
    read_sub_fields,
)
from tijdig.banking.formats.mt940_fields import (
    BalanceField,
    LineField,
    is_reference,
    read_account,
    read_balance,
    read_line,
)
from tijdig.banking.formats.remittance import is_iban_shaped
from tijdig.banking.formats.text_lines import read_text_lines
from tijdig.banking.formats.xml_stream import UnreadableFile
from tijdig.banking.records import (
    BankLineRecord,
    FileKind,
    Lines,
    LinesInMemory,
    StatementFile,
    StatementRecord,
)
from tijdig.core.problem import Problem, Sentence

Item = BankLineRecord | StatementRecord | Problem

# Every field of MT940 and MT942; a text may begin a line with others (`:30: factuur 5`).
_TAG: Final = re.compile(
    r":(13D?|20|21|25P?|28C?|34F|60[FM]|61|62[FM]|64|65|86|90[CD]|NS):(.*)", re.DOTALL
)
_MARK: Final = re.compile(rb"(?:[\r\n\x1a]|@@)[ \t]*:(?:\d\d[A-Z]?|NS):")
# How many lines there are of one side, before their currency and sum.
_SAID: Final = re.compile(r"\d{1,5}(?=[A-Z]{3})")
_END: Final = re.compile(r"-(?:XXX|\}.{0,40})?\s*")
_MOST_TEXT_LINES: Final = 1_000
_ACCOUNT_AT_MOST: Final = 34


def recognise(head: bytes) -> bool:
    """Whether the first bytes of a file are those of an MT940 or MT942."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return not start.startswith((b"<", b"PK", b"[")) and _MARK.search(b"\n" + start) is not None


def iterate(pieces: Iterable[bytes]) -> Iterator[Item]:
    """The lines of a file as they are read, each statement (without lines) after its own.

    Lines of an MT942 are pending. Refuses: UnreadableFile, for the whole file.
    """
    reader = _Reader()
    for number, line in enumerate(read_text_lines(pieces, other_end=b"@@"), start=1):
        yield from reader.take(line, number)
    yield from reader.end()
    if not reader.statements:
        raise UnreadableFile(Problem("bestand", _NO_STATEMENT))


def parse(content: bytes, *, name: str) -> StatementFile:
    """The statements of a file that is held in memory, as `read` gives them."""
    return read((content,), name=name, lines=LinesInMemory())


def read(pieces: Iterable[bytes], *, name: str, lines: Lines) -> StatementFile:
    """The statements of the file, or the one reason why it does not come in."""
    statements: list[StatementRecord] = []
    problems: list[Problem] = []
    try:
        for item in iterate(pieces):
            if isinstance(item, BankLineRecord):
                lines.append(item)
            elif isinstance(item, Problem):
                problems.append(replace(item, file=name))
            else:
                statements.append(replace(item, lines=lines.take()))
    except UnreadableFile as error:
        refusal = replace(error.problem, severity="refused", file=name)
        return StatementFile("mt940", "booked", (), (refusal,))
    kind: FileKind = "booked"
    is_booked = any(not line.is_pending for one in statements for line in one.lines)
    if not is_booked and (not statements or any(one.lines for one in statements)):
        kind = "intraday"
    return StatementFile(
        "mt942" if kind == "intraday" else "mt940", kind, tuple(statements), tuple(problems)
    )


@dataclass(slots=True)
class _Open:
    """A statement of which not all has been read."""

    place: str
    transaction: str = ""
    account: str = ""
    currency: str = ""
    own_account: str = ""
    sequence: str = ""
    opening: BalanceField | None = None
    closing: BalanceField | None = None
    unreadable: tuple[str, str] | None = None
    is_intraday: bool = False
    said: int = 0
    lines: int = 0
    days: list[date] = field(default_factory=list)


class _Reader:
    def __init__(self) -> None:
        self.statements = 0
        self._header: list[str] = []
        self._open: _Open | None = None
        self._tag = ""
        self._value: list[str] = []
        self._tag_at = 0
        self._movement: tuple[LineField, str] | None = None
        self._texts: list[str] = []

    def take(self, line: str, number: int) -> Iterator[Item]:
        """What is known to be whole once this line has come."""
        found = _TAG.fullmatch(line)
        if found:
            yield from self._end_field()
            yield from self._begin_field(found.group(1), found.group(2), number)
        elif self._ends(line):
            yield from self.end()
        elif self._tag:
            if self._tag in {"61", "86", "28C"} and len(self._value) < _MOST_TEXT_LINES:
                self._value.append(line)
        elif line.strip():
            self._header = [*self._header[-9:], line]

    def end(self) -> Iterator[Item]:
        """The statement that was open, if any."""
        yield from self._end_field()
        yield from self._end_movement()
        if self._open is not None:
            found = self._make_statement(self._open)
            if found is not None:
                yield found
            if found is not None and found.lacks_balance:
                yield _say_lacking(self._open)
            elif found is None or self._open.lines < self._open.said:
                yield _say_short(self._open)
            self.statements += 1
        self._open = None

    def _ends(self, line: str) -> bool:
        """Whether this line ends the message; within a text a dash is only a dash."""
        if self._open is None or not _END.fullmatch(line):
            return False
        return self._tag != "86" or self._closed()

    def _closed(self) -> bool:
        return self._open is not None and self._open.closing is not None

    def _begin_field(self, tag: str, value: str, number: int) -> Iterator[Item]:
        begun = self._open
        again = begun is not None and (
            tag == "20"
            or (tag == "25" and bool(begun.account))
            or (tag == "60F" and self._closed())
        )
        if again:
            yield from self.end()
        if self._open is None:
            self._open = _Open(place=f"regel {number}")
        self._tag, self._value, self._tag_at = tag, [value], number

    def _end_field(self) -> Iterator[Item]:
        tag, value, statement = self._tag, self._value, self._open
        self._tag = ""
        if not tag or statement is None:
            return
        if tag in {"61", "62F", "62M", "90C", "90D"}:
            yield from self._end_movement()
        if tag == "61":
            self._begin_movement("\n".join(value))
        elif tag == "86":
            if self._movement is not None and statement.closing is None:
                self._texts += value
        elif tag == "20":
            statement.transaction = value[0].strip()
        elif tag == "25":
            statement.account = value[0].strip()
            statement.own_account, statement.currency = read_account(value[0])
        elif tag in {"28", "28C"}:
            statement.sequence = "".join(value).strip()
        elif tag in {"60F", "60M"}:
            statement.opening = self._read_balance(statement, value[0])
        elif tag in {"62F", "62M"}:
            statement.closing = self._read_balance(statement, value[0])
        elif tag in {"34F", "13", "13D", "90C", "90D"}:
            statement.is_intraday = True
            statement.said += _count_said(tag, value[0])

    def _read_balance(self, statement: _Open, value: str) -> BalanceField | None:
        balance = read_balance(value)
        if balance is None and statement.unreadable is None:
            statement.unreadable = (f"regel {self._tag_at}", value)
        return balance

    def _begin_movement(self, value: str) -> None:
        line = read_line(value)
        place = f"regel {self._tag_at}"
        if isinstance(line, Sentence):
            raise UnreadableFile(Problem(place, line))
        self._movement, self._texts = (line, place), []

    def _end_movement(self) -> Iterator[Item]:
        if self._movement is None or self._open is None:
            return
        line, place = self._movement
        self._movement = None
        statement = self._open
        statement.lines += 1
        has_sub_fields = bool(self._texts) and SUB_FIELDED.match(self._texts[0]) is not None
        read_texts = read_sub_fields if has_sub_fields else self._find_dialect(statement).read
        told = read_texts(line, self._texts)
        statement.days.append(line.booked_on)
        del statement.days[:-2]
        yield _make_line(line, told, statement, place)

    def _find_dialect(self, told: _Open) -> Dialect:
        return find_dialect(Message("\n".join(self._header), told.transaction, told.account))

    def _make_statement(self, told: _Open) -> StatementRecord | None:
        """The statement; None for a report in the course of a day with nothing in it."""
        opening, closing = told.opening, told.closing
        if not 0 < len(told.own_account) <= _ACCOUNT_AT_MOST:
            raise UnreadableFile(Problem(told.place, _NO_ACCOUNT))
        currency = _currency_of(told)
        if opening is None and closing is None and not told.lines:
            if told.is_intraday:
                return None
            raise UnreadableFile(Problem(told.place, _NOTHING_IN_IT))
        return StatementRecord(
            iban=told.own_account,
            currency=currency,
            identification=told.transaction,
            sequence=told.sequence,
            opening_cents=opening.cents if opening and opening.currency == currency else None,
            closing_cents=closing.cents if closing and closing.currency == currency else None,
            from_on=None,
            until_on=closing.on if closing else None,
            lines=(),
            place=told.place,
            lacks_balance=not told.is_intraday
            and ((opening is None) != (closing is None) or told.unreadable is not None),
            banks=self._find_dialect(told).banks,
        )


def _say_lacking(told: _Open) -> Problem:
    """Which balance is not there, or cannot be read, and where."""
    if told.unreadable is not None:
        place, value = told.unreadable
        shown = value.strip()[:40]
        return Problem(
            place,
            Sentence(
                f"Dit saldo is niet te lezen: “{shown}”. De regels zijn ingelezen, maar niet te"
                " controleren. Vraag het afschrift opnieuw op bij uw bank.",
                f"This balance cannot be read: “{shown}”. The lines came in, but cannot be checked."
                " Ask your bank for the statement again.",
            ),
            "warning",
        )
    name, nl, en = (
        (":62F:", "eindsaldo", "closing balance")
        if told.closing is None
        else (":60F:", "beginsaldo", "opening balance")
    )
    return Problem(
        told.place,
        Sentence(
            f"Dit afschrift heeft geen {nl} ({name}): misschien is het bestand afgebroken en"
            " ontbreken er regels. Vraag het opnieuw op bij uw bank.",
            f"This statement has no {en} ({name}): perhaps the file breaks off and lines are"
            " missing. Ask your bank for it again.",
        ),
        "warning",
    )


def _count_said(tag: str, value: str) -> int:
    """How many lines a sum (:90D:, :90C:) is of; 0 of what is none."""
    said = _SAID.match(value) if tag in {"90C", "90D"} else None
    return int(said.group()) if said else 0


def _say_short(told: _Open) -> Problem:
    """That a report in the course of a day has no lines, or fewer than it says (:90D:, :90C:)."""
    if told.lines >= told.said:
        return Problem(
            told.place,
            Sentence(
                "In dit overzicht van de dag staan nog geen regels (:61:).",
                "This report of the day has no lines yet (:61:).",
            ),
            "warning",
        )
    return Problem(
        told.place,
        Sentence(
            f"Volgens dit overzicht (:90D:, :90C:) is het aantal regels {told.said}, maar er staan"
            f" er {told.lines} in. Vraag het opnieuw op bij uw bank.",
            f"By its own count (:90D:, :90C:) this report has {told.said} lines, but there are"
            f" {told.lines}. Ask your bank for it again.",
        ),
        "warning",
    )


def _currency_of(told: _Open) -> str:
    balance = told.opening or told.closing
    return balance.currency if balance else (told.currency or "EUR")


def _make_line(line: LineField, told: Told, statement: _Open, place: str) -> BankLineRecord:
    bank_reference = line.bank_reference
    own = line.reference.strip()
    if not bank_reference and own.isalnum() and is_reference(own) and not is_iban_shaped(own):
        bank_reference = own
    iban = "" if told.iban == statement.own_account else told.iban
    return BankLineRecord(
        booked_on=line.booked_on,
        value_on=line.value_on,
        amount_cents=line.cents,
        currency=_currency_of(statement),
        counter_iban=iban,
        counter_name=told.name,
        text=told.text,
        reference=told.reference,
        end_to_end_id=told.end_to_end_id,
        bank_reference=bank_reference,
        place=place,
        is_reversal=line.is_reversal or told.is_return,
        return_reason=told.return_reason,
        mandate_id=told.mandate_id,
        batch_id=told.batch_id,
        batch_count=told.batch_count,
        is_pending=statement.is_intraday,
    )


_NO_STATEMENT: Final = Sentence(
    "In dit bestand staat geen afschrift. Vraag het opnieuw op bij uw bank.",
    "This file holds no statement. Ask your bank for it again.",
)
_NO_ACCOUNT: Final = Sentence(
    "Dit afschrift noemt geen rekeningnummer (:25:). Vraag het opnieuw op bij uw bank.",
    "This statement names no account number (:25:). Ask your bank for it again.",
)
_NOTHING_IN_IT: Final = Sentence(
    "Dit afschrift heeft geen saldo (:60F:, :62F:) en geen regels (:61:). Vraag het opnieuw op bij"
    " uw bank.",
    "This statement has no balance (:60F:, :62F:) and no lines (:61:). Ask your bank for it again.",
)
