"""What differs from bank to bank when a collection is handed in, as far as a source says so."""

from dataclasses import dataclass, replace
from datetime import time
from typing import Final, Literal

Version = Literal["001.02", "001.08"]


@dataclass(frozen=True, slots=True)
class BankProfile:
    """How a creditor's bank takes collections.

    `lead_days` counts the banking days between handing in and collecting; a file handed in after
    `cut_off` counts as the next banking day's. `source` says where both were read.
    """

    key: str
    name: str
    version: Version = "001.08"
    lead_days: int = 1
    cut_off: time = time(12, 0)
    source: str = ""


DEFAULT_BANK: Final = BankProfile(
    "default", "", lead_days=2, source="one banking day (EPC016-06), and one to spare"
)
_RABO_SOURCE: Final = (
    "rabobank.nl, Veelgestelde vragen over (Bedrijven) Euro-incasso: files received by 07:00"
)
# Core collections may come an hour later there than B2B: the earlier hour is safe for both.
_DEUTSCHE_SOURCE: Final = (
    "deutsche-bank.nl, Cut-off times payments: SDD B2B D-1 at 12:00, SDD Core D-1 at 13:00"
)
_BANKS: Final[dict[str, BankProfile]] = {
    "ABNA": BankProfile(
        "abn",
        "ABN AMRO",
        cut_off=time(12, 30),
        source="abnamro.nl, Submitting direct debit instructions: before 12:30",
    ),
    "DEUT": BankProfile(
        "deutsche", "Deutsche Bank Nederland", cut_off=time(12, 0), source=_DEUTSCHE_SOURCE
    ),
    "RABO": BankProfile("rabo", "Rabobank", cut_off=time(7, 0), source=_RABO_SOURCE),
}


def find_bank(
    iban: str, *, cut_off: time | None = None, lead_days: int | None = None
) -> BankProfile:
    """The profile of the bank that keeps this account; the default, which is safe, for others.

    What a creditor's own contract says (`cut_off`, `lead_days`) goes before what is known.
    """
    known = _BANKS.get(iban[4:8].upper(), DEFAULT_BANK) if iban[:2] == "NL" else DEFAULT_BANK
    return replace(
        known,
        cut_off=known.cut_off if cut_off is None else cut_off,
        lead_days=known.lead_days if lead_days is None else lead_days,
    )


def list_known_banks() -> tuple[BankProfile, ...]:
    """The banks whose hour a source names, by name."""
    return tuple(sorted(_BANKS.values(), key=lambda one: one.name))
