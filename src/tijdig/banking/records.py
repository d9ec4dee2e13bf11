"""What a bank file says, before anything is stored: the parsers' common output."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from tijdig.core.construction import quick_to_make
from tijdig.core.problem import Problem

FileKind = Literal["booked", "intraday", "details"]


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document that the payer says he pays (RfrdDocInf); cents are negative for a credit note.

    `cents` is None where the file names no amount for it.
    """

    number: str
    cents: int | None = None


@quick_to_make
@dataclass(frozen=True, slots=True)
class BankLineRecord:
    """One booked movement: positive cents come in, negative cents go out.

    `counter_iban`/`counter_name` name the other party. `text` is the unstructured remittance
    information, its parts joined without loss; `reference` a structured creditor reference
    (betalingskenmerk or ISO 11649) as the bank gives it, `further_references` those after the
    first. `bank_reference` is the bank's own id of the entry (AcctSvcrRef), which may be missing or
    reused. `is_reversal` and `return_reason` (an ISO 20022 code such as MD06) say that an earlier
    booking is undone; the amount is already signed as booked. `batch_id` names the batch that a
    line belongs to, `batch_count` how many payments it holds where it is the batch itself.
    `charges_cents` is what was withheld before booking: what was paid is the amount plus this.
    `is_pending` marks a movement that the bank has announced and not booked.
    """

    booked_on: date
    value_on: date
    amount_cents: int
    currency: str
    counter_iban: str
    counter_name: str
    text: str
    reference: str
    end_to_end_id: str
    bank_reference: str
    place: str
    is_reversal: bool = False
    return_reason: str = ""
    mandate_id: str = ""
    batch_id: str = ""
    batch_count: int = 0
    charges_cents: int = 0
    further_references: tuple[str, ...] = ()
    documents: tuple[DocumentRecord, ...] = ()
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """One statement of one account; balances are None where the file does not state them.

    `balances_ok` is True when opening plus lines equals closing, False when it does not, or when
    the statement `lacks_balance`: one that its format demands is missing or unreadable, so that it
    may be broken off. None when it cannot be checked: nothing says what they should be, or what is
    booked is not all in the currency of the account (`has_other_currency`). `made_at` is when the
    bank made it, where the file says so. `banks` are the codes that an IBAN of the bank that wrote
    it may have (ABNA), where the way of writing tells which bank that is.
    """

    iban: str
    currency: str
    identification: str
    sequence: str
    opening_cents: int | None
    closing_cents: int | None
    from_on: date | None
    until_on: date | None
    lines: Sequence[BankLineRecord]
    place: str
    made_at: datetime | None = None
    lacks_balance: bool = False
    has_other_currency: bool = False
    banks: tuple[str, ...] = ()

    @property
    def balances_ok(self) -> bool | None:
        """Whether opening + lines = closing; None where that cannot be checked."""
        if self.lacks_balance:
            return False
        if self.opening_cents is None or self.closing_cents is None:
            return None
        booked = sum(x.amount_cents for x in self.lines if not x.is_pending)
        adds_up = self.opening_cents + booked == self.closing_cents
        return None if self.has_other_currency and not adds_up else adds_up


class Lines(Protocol):
    """Where a parser leaves the lines that it reads, until their statement ends."""

    def append(self, row: BankLineRecord, /) -> None:
        """Keep one line more."""

    def take(self) -> Sequence[BankLineRecord]:
        """Those that were kept since the last time."""


@dataclass(slots=True)
class LinesInMemory:
    """The plain way: a list."""

    rows: list[BankLineRecord] = field(default_factory=list)

    def append(self, row: BankLineRecord, /) -> None:
        """Keep one line more."""
        self.rows.append(row)

    def take(self) -> Sequence[BankLineRecord]:
        """Those that were kept since the last time."""
        found = tuple(self.rows)
        self.rows.clear()
        return found


@dataclass(frozen=True, slots=True)
class StatementFile:
    """Everything one bank file yields."""

    format: str
    kind: FileKind
    statements: tuple[StatementRecord, ...]
    problems: tuple[Problem, ...]
