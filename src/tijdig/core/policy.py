"""The dunning policy: which steps, when, in which tone, over which channels."""

from dataclasses import dataclass
from typing import Literal

from tijdig.core.creditor_rules import NOTHING_DECLARED, CreditorRules, is_consumer

Phase = Literal[
    "before_due",
    "reminder",
    "call",
    "veertiendagenbrief",
    "last_demand",
    "plan",
    "debit",
    "case",
]
Audience = Literal["", "consumer", "business"]
Tone = Literal["friendly", "plain", "firm"]
Channel = Literal["email", "letter", "phone"]


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: `offset_days` counts from the due date, negative before it.

    `channels` in order of preference; `text` names the text that is sent. `term_days` is the
    number of days that the message gives to pay; the next step never comes before that day. The
    law gives a veertiendagenbrief its days. `audience` empty is everybody.
    """

    key: str
    phase: Phase
    tone: Tone
    offset_days: int
    channels: tuple[Channel, ...]
    text: str
    term_days: int = 0
    audience: Audience = ""

    def is_for(self, kind: str) -> bool:
        """Whether debtors of this kind get the step; who may be a consumer is one."""
        return not self.audience or (self.audience == "consumer") == is_consumer(kind)


@dataclass(frozen=True, slots=True)
class Policy:
    """The steps in order of their offset, and the limits that hold for all of them.

    `rules` is what the creditor declared; like the agency, it is that of today.
    """

    name: str
    version: int
    steps: tuple[Step, ...]
    min_gap_days: int = 7
    min_amount_cents: int = 500
    call_lapse_working_days: int = 5
    direct_debit_rest_days: int = 14
    hand_over_to: str = ""
    rules: CreditorRules = NOTHING_DECLARED


DEFAULT_POLICY = Policy(
    name="Standaard",
    version=1,
    steps=(
        Step("notice", "before_due", "friendly", -3, ("email",), "notice"),
        Step("reminder", "reminder", "friendly", 5, ("email", "letter"), "reminder", term_days=7),
        Step("call", "call", "friendly", 14, ("phone",), "call"),
        Step(
            "veertiendagenbrief",
            "veertiendagenbrief",
            "plain",
            21,
            ("letter", "email"),
            "veertiendagenbrief",
            audience="consumer",
        ),
        Step(
            "last_demand",
            "last_demand",
            "firm",
            30,
            ("email", "letter"),
            "last_demand",
            term_days=14,
        ),
    ),
)
