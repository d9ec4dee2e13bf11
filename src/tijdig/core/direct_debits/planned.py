"""A collection that is planned: what the debtor is told of it, and why he gets no reminder."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.core.direct_debits.scheme import Scheme

DEBIT_STEP_PREFIX = "debit-"
DEBIT_STOP = "direct_debit"
_DAY_LENGTH = len("20260415")


def read_announced_day(step_key: str) -> date | None:
    """The day of the collections that a step announces by its key; None for any other step."""
    day = step_key.removeprefix(DEBIT_STEP_PREFIX)
    return None if day == step_key else date.fromisoformat(day[:_DAY_LENGTH])


@dataclass(frozen=True, slots=True)
class PlannedCollection:
    """What will be collected for one open item, on which day and on which mandate.

    `announced_on` is the day on which the debtor was told this amount and day; None where he has to
    be told. `is_handed_over`: the bank has it.
    """

    item_id: UUID
    collect_on: date
    cents: int
    scheme: Scheme
    mandate_reference: str
    creditor_id: str
    iban: str
    announced_on: date | None = None
    is_handed_over: bool = False
