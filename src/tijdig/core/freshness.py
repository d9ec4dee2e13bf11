"""Whether bank and books are fresh enough to write to anybody, and which file is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from tijdig.core.calendar import add_working_days, format_day, previous_banking_day
from tijdig.core.decision import Decision
from tijdig.core.problem import Sentence

WAITS_FOR_FACTS = "waits_for_facts"

_BANKS = {
    "ABNA": "ABN AMRO",
    "ASNB": "ASN",
    "BUNQ": "bunq",
    "FVLB": "Van Lanschot Kempen",
    "INGB": "ING",
    "KNAB": "Knab",
    "RABO": "Rabobank",
    "RBRB": "RegioBank",
    "REVO": "Revolut",
    "SNSB": "SNS",
    "TRIO": "Triodos",
}


@dataclass(frozen=True, slots=True)
class FreshnessLimits:
    """How old facts may be. `bank_days` counts banking days, `books_days` working days, back.

    1 asks for the day before; None asks nothing.
    """

    bank_days: int | None = 1
    books_days: int | None = 5


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An own account, and the last day that its statements cover; None when none does."""

    iban: str
    until_on: date | None


@dataclass(frozen=True, slots=True)
class MissingFile:
    """A file without which nothing goes out: it has to cover `needed_on`.

    `iban` is empty for the books; `known_on` is the last day that was covered. A `gap` is a
    statement that does not follow on those before it, from `needed_on` on. An `account` is what
    nobody said of which account it is; `iban` is then the number that it names.
    """

    kind: Literal["bank", "books", "gap", "account"]
    iban: str
    needed_on: date
    known_on: date | None


def find_missing_files(
    limits: FreshnessLimits,
    accounts: Sequence[KnownAccount],
    books_on: date | None,
    *,
    today: date,
) -> tuple[MissingFile, ...]:
    """Every file that is too old on this day, the accounts first, in order of their number.

    Without an account the books alone are judged; without books there is nothing to wait for.
    """
    missing = []
    if limits.bank_days is not None:
        needed_on = previous_banking_day(today, limits.bank_days)
        missing = [
            MissingFile("bank", one.iban, needed_on, one.until_on)
            for one in sorted(accounts, key=lambda one: one.iban)
            if one.until_on is None or one.until_on < needed_on
        ]
    if limits.books_days is not None and books_on is not None:
        needed_on = add_working_days(today, -limits.books_days)
        if books_on < needed_on:
            missing.append(MissingFile("books", "", needed_on, books_on))
    return tuple(missing)


def name_account(iban: str) -> str:
    """The bank and the last two figures of an account: "ING NL..91" shows no whole number."""
    bank = _BANKS.get(iban[4:8], iban[4:8])
    return f"{bank} {iban[:2]}..{iban[-2:]}".strip()


def describe_missing_file(missing: MissingFile) -> Sentence:
    """The file in words, as it follows "waits for"."""
    nl, en = format_day(missing.needed_on, "nl"), format_day(missing.needed_on, "en")
    if missing.kind == "books":
        return Sentence(f"de boekhouding van {nl} of later", f"the books as of {en} or later")
    if missing.kind == "account":
        last = missing.iban[-2:]
        return Sentence(
            f"uw keuze van welke rekening de afschriften op nummer ..{last} zijn (zie Betalingen)",
            f"your choice of which account the statements by number ..{last} are (see Payments)",
        )
    account = name_account(missing.iban)
    if missing.kind == "gap":
        return Sentence(
            f"het bankafschrift van {account} dat op {nl} niet aansluit (zie Betalingen)",
            f"the bank statement of {account} that does not follow on {en} (see Payments)",
        )
    return Sentence(
        f"het bankafschrift van {account} tot en met {nl}",
        f"the bank statement of {account} up to {en}",
    )


def explain_missing_files(missing: Sequence[MissingFile]) -> Sentence:
    """What a run waits for, in one sentence."""
    described = [describe_missing_file(one) for one in missing]
    nl, en = (
        " en ".join(one.nl for one in described),
        " and ".join(one.en for one in described),
    )
    return Sentence(f"In de wacht: wacht op {nl}.", f"Held: waits for {en}.")


def hold_decision(decision: Decision, missing: Sequence[MissingFile]) -> Decision:
    """The decision while facts are stale: no step, looked at again the same day."""
    if decision.outcome == "nothing":
        return decision
    waits = explain_missing_files(missing)
    because = Sentence(f"{decision.because.nl} {waits.nl}", f"{decision.because.en} {waits.en}")
    return replace(
        decision,
        outcome="nothing",
        reason=WAITS_FOR_FACTS,
        because=because,
        next_look_on=decision.on,
    )
