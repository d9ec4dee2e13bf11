"""Costs and interest beside the invoices: how much, over what, and how it was worked out."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.core.problem import Sentence

ClaimKind = Literal["costs", "interest"]


@dataclass(frozen=True, slots=True)
class CalculationLine:
    """One step of a calculation in words, and the cents that it gives."""

    said: Sentence
    cents: int


@dataclass(frozen=True, slots=True)
class NewClaim:
    """Costs or interest of one debtor, before they are booked.

    `cents` includes `vat_cents` and is what the lines of `calculation` add up to. `parts` names
    the open items that it was worked out over, with the principal of each. Interest has a period
    (`until_on` excluded), costs the first day on which they were owed (`from_on`), a consumer's
    costs the message that made them due.
    """

    debtor_id: UUID
    kind: ClaimKind
    cents: int
    article: str
    calculation: tuple[CalculationLine, ...]
    parts: tuple[tuple[UUID, int], ...]
    claimed_on: date
    vat_cents: int = 0
    message_id: UUID | None = None
    from_on: date | None = None
    until_on: date | None = None
