"""What was decided for one debtor on one day."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.core.facts import OpenItem
from tijdig.core.policy import Channel, Step
from tijdig.core.problem import Sentence

Outcome = Literal["message", "call", "nothing"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to a debtor on a day, with the reason; also when nothing happens.

    `reason` is a code of `core/reasons.py`. `listed` names the items in the message and their
    cents, credits negative, and adds up to `total_cents`. `next_look_on` is the first day on which
    anything could be due on unchanged facts; None means never.
    """

    debtor_id: UUID
    on: date
    outcome: Outcome
    reason: str
    because: Sentence
    facts_version: int
    step: Step | None = None
    channel: Channel | None = None
    carrying: OpenItem | None = None
    listed: tuple[tuple[UUID, int], ...] = ()
    total_cents: int = 0
    pay_by_on: date | None = None
    next_look_on: date | None = None
