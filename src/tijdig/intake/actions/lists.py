"""Keep what a list of open items says, and conclude what left it."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from tijdig.core.problem import Problem, Sentence
from tijdig.intake.actions.imports import Outcome, gives_full_lists, remember_source
from tijdig.intake.records import InvoiceFile
from tijdig.ledger.actions.invoices import StatedBalance, hold_for_difference, state_balances
from tijdig.ledger.queries.known import (
    find_latest_list,
    list_gone_from_list,
    list_without_balance,
)


def state_list(
    outcome: Outcome,
    file: InvoiceFile,
    open_cents: Mapping[UUID, int],
    *,
    as_of: date,
    today: date,
    now: datetime,
) -> None:
    """Keep the open cents per item; what is not on a full list is settled in the books.

    Where rows of such a list were refused nobody can tell what left it: those debtors are held.
    """
    source_id = remember_source(file.source_key, file_format=file.format, full_list=file.full_list)

    def settled(item_id: UUID, on: date) -> StatedBalance:
        return StatedBalance(item_id, on, 0, outcome.import_id, source_id, gone=True)

    stated = {
        item_id: StatedBalance(item_id, as_of, cents, outcome.import_id, source_id)
        for item_id, cents in open_cents.items()
    }
    balances: list[StatedBalance] = []
    if file.full_list:
        latest_on = find_latest_list(source_id)
        if latest_on and latest_on > as_of:
            # A list that comes late: what only it names had left the books by the newer one.
            for item_id in list_without_balance(stated):
                stated[item_id] = settled(item_id, latest_on)
                outcome.settled += 1
    if file.full_list or (outcome.rejected and gives_full_lists(source_id)):
        gone = list_gone_from_list(source_id, as_of=as_of, still_there=frozenset(stated))
        if outcome.rejected and gone:
            hold_for_difference(gone)
            outcome.problems.append(_not_settled(len(gone)))
        else:
            balances = [settled(item_id, as_of) for item_id in gone]
            outcome.settled += len(gone)
    state_balances([*stated.values(), *balances], today=today, now=now)


def _not_settled(count: int) -> Problem:
    return Problem(
        "",
        Sentence(
            f"{count} facturen staan niet meer op de lijst, maar er zijn ook regels geweigerd. "
            "Wij sturen daarvoor niets, tot een lijst zonder fouten zegt of zij betaald zijn.",
            f"{count} invoices are no longer on the list, but rows were rejected too. We send "
            "nothing for them until a list without errors says whether they are paid.",
        ),
        "warning",
    )
