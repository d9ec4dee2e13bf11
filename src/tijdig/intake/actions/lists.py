"""Keep what a list of open items says, and conclude what left it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from uuid import UUID

from tijdig.core.money import format_count
from tijdig.core.problem import Problem, Sentence
from tijdig.intake.actions.imports import (
    Outcome,
    gives_full_lists,
    is_overtaken,
    remember_source,
)
from tijdig.intake.records import InvoiceFile
from tijdig.ledger.actions.invoices import StatedBalance, hold_for_difference, state_balances
from tijdig.ledger.queries.known import (
    find_latest_list,
    list_gone_from_list,
    list_without_balance,
)


@dataclass(frozen=True, slots=True)
class ListSaid:
    """A list with the open cents of each item that it names, and what became of its file."""

    outcome: Outcome
    file: InvoiceFile
    open_cents: Mapping[UUID, int]
    as_of: date
    content_hash: str

    @property
    def tells_what_left(self) -> bool:
        """Whether it is whole and new: what came before said already what had left by then."""
        return self.file.full_list and self.outcome.already_on is None


def state_lists(lists: Sequence[ListSaid], *, today: date, now: datetime) -> None:
    """Keep what lists of one source say is open, brought in one call.

    What is on none of them is settled in the books when one is full; where rows were refused nobody
    can tell what left it, and those debtors are held. Lists that share no item are parts of one
    list. Of others nobody can tell which is the newest: where they differ, the debtors are held.
    """
    file = lists[-1].file
    source_id = remember_source(file.source_key, file_format=file.format, full_list=file.full_list)
    current = [one for one in lists if _state_open(one, source_id, today=today, now=now)]
    if not current:
        return
    named = {item_id for one in lists for item_id in one.open_cents}
    is_whole = not any(one.outcome.rejected for one in lists)
    if any(one.tells_what_left for one in current) or (
        not is_whole and gives_full_lists(source_id)
    ):
        last = max(lists, key=lambda one: one.as_of)
        gone = list_gone_from_list(source_id, as_of=last.as_of, still_there=named)
        if is_whole:
            left = [_settled(item_id, last.as_of, last.outcome, source_id) for item_id in gone]
            state_balances(left, today=today, now=now)
            last.outcome.settled += len(gone)
        elif gone:
            hold_for_difference(gone)
            last.outcome.problems.append(_not_settled(len(gone)))
    _hold_contradictions([one for one in lists if one.as_of == today], named)


def _hold_contradictions(lists: Sequence[ListSaid], named: Collection[UUID]) -> None:
    if any(
        one.open_cents.keys() & other.open_cents.keys() for one, other in combinations(lists, 2)
    ):
        differing = _find_differing(lists, named)
        if differing:
            hold_for_difference(differing)
            for one in lists:
                one.outcome.problems.append(_several_days(len(differing)))


def _find_differing(lists: Sequence[ListSaid], named: Collection[UUID]) -> list[UUID]:
    """The items of which not every list says the same; None stands for a list without it."""
    return [item_id for item_id in named if len({one.open_cents.get(item_id) for one in lists}) > 1]


def _state_open(said: ListSaid, source_id: UUID, *, today: date, now: datetime) -> bool:
    """Keep the open cents per item of one list; False where a newer one of that day came since.

    Of such a list, and of one that comes late, only what no list has spoken of yet is kept: it had
    left the books by the newer one.
    """
    outcome, as_of = said.outcome, said.as_of
    stated = {
        item_id: StatedBalance(item_id, as_of, cents, outcome.import_id, source_id)
        for item_id, cents in said.open_cents.items()
    }
    latest = find_latest_list(source_id)
    latest_on, latest_import = latest or (as_of, outcome.import_id)
    was_overtaken = latest_on >= as_of and is_overtaken(said.content_hash, by=latest_import)
    unknown = list_without_balance(stated) if was_overtaken or latest_on > as_of else ()
    if was_overtaken:
        stated = {item_id: stated[item_id] for item_id in unknown}
    if said.file.full_list:
        for item_id in unknown:
            stated[item_id] = _settled(item_id, latest_on, outcome, source_id)
            outcome.settled += 1
    state_balances([*stated.values()], today=today, now=now)
    return not was_overtaken


def _settled(item_id: UUID, on: date, outcome: Outcome, source_id: UUID) -> StatedBalance:
    return StatedBalance(item_id, on, 0, outcome.import_id, source_id, gone=True)


def _not_settled(count: int) -> Problem:
    return Problem(
        "",
        Sentence(
            f"{format_count(count, 'factuur staat', 'facturen staan')} niet meer op de lijst, maar "
            "er zijn ook regels geweigerd. Wij sturen daarvoor niets, tot een lijst zonder fouten "
            "zegt of er betaald is.",
            f"{format_count(count, 'invoice is', 'invoices are')} no longer on the list, but rows "
            "were rejected too. We send nothing for that until a list without errors says whether "
            "it was paid.",
        ),
        "warning",
    )


def _several_days(count: int) -> Problem:
    return Problem(
        "",
        Sentence(
            "U bracht meer dan één lijst van deze bron tegelijk binnen. Over "
            f"{format_count(count, 'factuur', 'facturen')} zeggen zij niet hetzelfde. Wij sturen "
            "daarvoor niets, tot de volgende lijst binnenkomt.",
            "You brought in more than one list of this source at once. They differ on "
            f"{format_count(count, 'invoice', 'invoices')}. We send nothing for that until the "
            "next list comes in.",
        ),
        "warning",
    )
