"""A file of collections and the bank's answer to it, before anything is stored."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from tijdig.core.direct_debits.mandates import Mandate
from tijdig.core.direct_debits.scheme import Scheme
from tijdig.core.direct_debits.sequence import Sequence
from tijdig.core.problem import Problem

StatusLevel = Literal["file", "block", "order"]


@dataclass(frozen=True, slots=True)
class AddressRecord:
    """A structured address; a country of two letters is the least that a bank takes."""

    street: str = ""
    house_number: str = ""
    postcode: str = ""
    town: str = ""
    country: str = "NL"


@dataclass(frozen=True, slots=True)
class CreditorRecord:
    """Who collects, on which own account, under which creditor identifier."""

    name: str
    iban: str
    creditor_id: str
    address: AddressRecord | None = None


@dataclass(frozen=True, slots=True)
class AmendmentRecord:
    """What the mandate said at the collection before; empty where it did not change."""

    reference: str = ""
    iban: str = ""
    creditor_id: str = ""
    creditor_name: str = ""


@dataclass(frozen=True, slots=True)
class DebitRecord:
    """One collection: positive cents in EUR, on a banking day, from the account of its mandate.

    `end_to_end_id` is ours and unique: by it the payment and its return find their way back.
    `text` is what the payer reads, 140 characters at most.
    """

    end_to_end_id: str
    cents: int
    collect_on: date
    mandate: Mandate
    sequence: Sequence
    text: str = ""
    address: AddressRecord | None = None
    amendment: AmendmentRecord | None = None


@dataclass(frozen=True, slots=True)
class DebitFileRecord:
    """A whole file of collections for one account of ours; `message_id` is unique, 30 at most."""

    message_id: str
    made_at: datetime
    creditor: CreditorRecord
    debits: tuple[DebitRecord, ...]


@dataclass(frozen=True, slots=True)
class DebitBlock:
    """The collections that a bank books as one sum: same day, same scheme, same sequence."""

    block_id: str
    collect_on: date
    scheme: Scheme
    sequence: Sequence
    debits: tuple[DebitRecord, ...]

    @property
    def cents(self) -> int:
        """The sum of its collections."""
        return sum(one.cents for one in self.debits)


@dataclass(frozen=True, slots=True)
class StatusRecord:
    """What a bank says of a file, a block in it, or one collection.

    `status` is the bank's word (RJCT, ACCP, ...), `reasons` its codes, most telling first, and
    `words` what it adds in plain text. The ids are those that we gave; empty where not repeated.
    `message_name` is what the bank answers (`pain.008.001.08`).
    """

    level: StatusLevel
    message_id: str
    status: str
    reasons: tuple[str, ...]
    place: str
    block_id: str = ""
    end_to_end_id: str = ""
    instruction_id: str = ""
    mandate_id: str = ""
    cents: int | None = None
    collect_on: date | None = None
    words: str = ""
    message_name: str = ""

    @property
    def is_rejected(self) -> bool:
        """Whether this did not and will not lead to money."""
        return self.status in ("RJCT", "CANC")

    @property
    def is_accepted(self) -> bool:
        """Whether the bank took it, up to and including settled: no promise that money comes."""
        return self.status in ("ACTC", "ACCP", "ACSP", "ACSC", "ACCC", "ACWC")


@dataclass(frozen=True, slots=True)
class StatusFile:
    """Everything that one pain.002 says, in the order of the file."""

    format: str
    statuses: tuple[StatusRecord, ...]
    problems: tuple[Problem, ...]
