"""What differs from bank to bank when a collection is handed in, as far as a source says so."""

from dataclasses import dataclass
from datetime import time
from typing import Final, Literal

Version = Literal["001.02", "001.08"]


@dataclass(frozen=True, slots=True)
class BankProfile:
    """How a creditor's bank takes collections.

    `lead_days` counts the banking days between handing in and collecting; a file handed in after
    `cut_off` counts as the next banking day's. `most_lines` is None where no source names a limit.
    """

    key: str
    name: str
    version: Version = "001.08"
    first_as_recurrent: bool = True
    lead_days: int = 1
    cut_off: time = time(12, 0)
    most_lines: int | None = None
    source: str = ""


DEFAULT_BANK: Final = BankProfile(
    "default", "", lead_days=2, source="one banking day (EPC016-06), and one to spare"
)
_RABO_SOURCE: Final = (
    "rabobank.nl, Veelgestelde vragen over (Bedrijven) Euro-incasso: files received by 07:00"
)
_BANKS: Final[dict[str, BankProfile]] = {
    "ABNA": BankProfile(
        "abn",
        "ABN AMRO",
        cut_off=time(12, 30),
        source="abnamro.nl, Submitting direct debit instructions: before 12:30",
    ),
    "RABO": BankProfile("rabo", "Rabobank", cut_off=time(7, 0), source=_RABO_SOURCE),
}


def find_bank(iban: str) -> BankProfile:
    """The profile of the bank that keeps this account; the default, which is safe, for others."""
    return _BANKS.get(iban[4:8].upper(), DEFAULT_BANK) if iban[:2] == "NL" else DEFAULT_BANK
