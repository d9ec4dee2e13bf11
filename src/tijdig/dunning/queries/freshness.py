"""How fresh bank and books are, and which file the run waits for."""

from collections.abc import Sequence
from datetime import date

from tijdig.banking.queries import (
    AccountRow,
    list_accounts,
    list_bank_gaps,
    list_last_booked,
    list_unplaced,
)
from tijdig.core.calendar import add_working_days
from tijdig.core.freshness import (
    FreshnessLimits,
    KnownAccount,
    MissingFile,
    describe_missing_file,
    find_missing_files,
    name_account,
)
from tijdig.intake.queries import SourceRow, find_awaited_books, list_sources
from tijdig.tenants.queries import load_administration

EURO = "EUR"


def list_missing_files(*, today: date) -> tuple[MissingFile, ...]:
    """Every file that is older than the active administration allows on this day.

    Accounts that a person confirmed are judged; as long as none was, all that a statement showed.
    A statement that leaves a gap counts too, until somebody accepts it, and one of which nobody
    said of which account it is.
    """
    administration = load_administration()
    limits = FreshnessLimits(administration.bank_fresh_days, administration.books_fresh_days)
    all_gaps = list_bank_gaps()
    judged = _list_judged() if limits.bank_days is not None or all_gaps else ()
    booked = {} if all(one.until_on for one in judged) else list_last_booked()
    books_on = find_awaited_books() if limits.books_days is not None else None
    missing = find_missing_files(
        limits,
        [KnownAccount(one.iban, one.until_on or booked.get(one.id)) for one in judged],
        books_on,
        today=today,
    )
    gaps = {one.account_id: one for one in reversed(all_gaps)}
    return (
        *missing,
        *(
            MissingFile("gap", one.iban, gaps[one.id].from_on or today, None)
            for one in judged
            if one.id in gaps
        ),
        *(
            MissingFile("account", one.number, one.from_on or today, None)
            for one in list_unplaced(all_gaps, judged)
        ),
    )


def list_silent_sources(*, today: date) -> tuple[SourceRow, ...]:
    """Sources of lists that the run waits for: none came in time, and nobody said that it ended."""
    days = load_administration().books_fresh_days
    if days is None:
        return ()
    needed_on = add_working_days(today, -days)
    return tuple(
        one
        for one in list_sources()
        if one.open_count and one.ended_on is None and one.as_of < needed_on
    )


def _list_judged() -> tuple[AccountRow, ...]:
    in_euros = tuple(one for one in list_accounts() if one.currency == EURO)
    confirmed = tuple(one for one in in_euros if one.confirmed_at is not None)
    return confirmed or in_euros


def describe_files(missing: Sequence[MissingFile]) -> list[dict[str, str | None]]:
    """The missing files as a run keeps them and a command tells them."""
    return [
        {
            "kind": one.kind,
            "account": name_account(one.iban) if one.iban else None,
            "needed_on": f"{one.needed_on}",
            "known_on": f"{one.known_on}" if one.known_on else None,
            "file": describe_missing_file(one).nl,
            "file_en": describe_missing_file(one).en,
        }
        for one in missing
    ]


def may_release(*, today: date) -> bool:
    """Whether a message may be released now: sending is on, and the facts are fresh enough."""
    return load_administration().sending_on and not list_missing_files(today=today)
