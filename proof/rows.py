"""All rows of the table: what can be run today, and what is still to come."""

from proof import (
    backups,
    calendar_rows,
    collected,
    crash,
    database,
    doubts,
    edit_rows,
    full_disk,
    guards,
    half_done,
    left_behind,
    legal_days,
    matching_rows,
    pressing,
    sample,
    together,
    trail,
    transport,
    year,
)
from proof.cases import Case, Later

_PARTS = (
    crash,
    half_done,
    transport,
    doubts,
    collected,
    database,
    together,
    pressing,
    edit_rows,
    full_disk,
    matching_rows,
    calendar_rows,
    legal_days,
    year,
    guards,
    left_behind,
    backups,
    trail,
)

# What each row breaks, as people read it.
TITLES = {
    "A1": "worker killed at each boundary, mail",
    "A2": "worker killed at each boundary, letters",
    "A3": "idem, SMS and WhatsApp",
    "A4": "database stopped at each boundary",
    "A5": "killed at random moments",
    "A6": "killed at the n-th side effect",
    "A7": "restart storm",
    "A8": "killed during import, matching, bulk acts, exports and migration",
    "A9": "dry run killed, dry run against real run",
    "B1": "behaviours of the mail server",
    "B2": "TLS, sign-in, names, sizes",
    "B3": "mail server down for days",
    "B4": "bounces and complaints",
    "B5": "doubt resolved",
    "B6": "answers of a print service",
    "C1": "connection dropped at each boundary",
    "C2": "conflict at each write",
    "C3": "locks and time limits",
    "C4": "disk full",
    "D1": "runs, schedulers and senders at once",
    "D2": "a stop races the release",
    "D3": "send pressed twice",
    "D4": "two people edit the same",
    "D5": "all held or taken back, or an address changed, during a run",
    "D6": "one payment matched twice",
    "D7": "text edited between preview and release",
    "E1": "nights of summer time",
    "E2": "midnight",
    "E3": "awkward dates",
    "E4": "days off",
    "E5": "clock jumps",
    "E6": "machine off",
    "E7": "simulated year",
    "J2": "breaker",
    "J3": "restored or copied",
    "K1": "audit trail tampered with",
}


def list_cases() -> list[Case]:
    """Every case that can be run today, in the order of the table."""
    return sample.choose([case for part in _PARTS for case in part.list_cases()])


def list_later() -> list[Later]:
    """What the table promises and cannot show yet."""
    return [one for part in _PARTS for one in part.LATER]
