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
    hear_from,
    is_overtaken,
    remember_source,
)
from tijdig.intake.queries import find_returned
from tijdig.intake.records import InvoiceFile
from tijdig.ledger.actions.invoices import StatedBalance, hold_for_difference, state_balances
from tijdig.ledger.queries.known import (
    find_latest_list,
    list_gone_from_list,
    list_unlike,
    list_without_balance,
)


@dataclass(frozen=True, slots=True)
class ListSaid:
    """A list with the open cents of each item that it names, and what became of its file.

    Of what is `unchanged` it says nothing new but, perhaps, how much of it is open.
    """

    outcome: Outcome
    file: InvoiceFile
    open_cents: Mapping[UUID, int]
    unchanged: frozenset[UUID]
    as_of: date
    content_hash: str
    is_current: bool = False

    @property
    def tells_what_left(self) -> bool:
        """Whether it is whole and new: what came before said already what had left by then."""
        return self.file.full_list and self.outcome.already_on is None


def state_lists(lists: Sequence[ListSaid], *, today: date, now: datetime) -> None:
    """Keep what lists of one source say is open, brought in one call.

    What is on none of them is settled in the books when one is full; where rows were refused nobody
    can tell what left it, and those debtors are held. Lists that share no item are parts of one
    list. Of others nobody can tell which is the newest: where they differ, the debtors are held.
    So are they where an older list came back: it may be an old file, or that of today.
    """
    file = lists[-1].file
    source_id = remember_source(file.source_key, file_format=file.format, full_list=file.full_list)
    came_back = _hold_returned(lists, source_id)
    hear_from(source_id, asked=lists[-1].outcome.import_id if came_back else None)
    if came_back:
        return
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


def _hold_returned(lists: Sequence[ListSaid], source_id: UUID) -> bool:
    """Whether all of these came before, and another list of the source since: they say nothing.

    What they would change, were they of today, is held until the next list.
    """
    latest = find_latest_list(source_id)
    if latest is None or any(one.is_current for one in lists):
        return False
    days = [find_returned(one.content_hash, after=latest[1]) for one in lists]
    if None in days:
        return False
    stated = {item_id: cents for one in lists for item_id, cents in one.open_cents.items()}
    unlike = list_unlike(source_id, stated, is_full=gives_full_lists(source_id))
    hold_for_difference(unlike)
    for one, on in zip(lists, days, strict=True):
        one.outcome.problems.append(_returned(on or one.as_of, len(unlike)))
    return True


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
    was_overtaken = (
        not said.is_current
        and latest_on >= as_of
        and is_overtaken(said.content_hash, by=latest_import)
    )
    unknown = list_without_balance(stated) if was_overtaken or latest_on > as_of else ()
    if was_overtaken:
        stated = {item_id: stated[item_id] for item_id in unknown}
    if said.file.full_list:
        for item_id in unknown:
            stated[item_id] = _settled(item_id, latest_on, outcome, source_id)
            outcome.settled += 1
    moved = state_balances([*stated.values()], today=today, now=now) & said.unchanged
    outcome.changed += len(moved)
    outcome.unchanged -= len(moved)
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


def _returned(on: date, count: int) -> Problem:
    held = format_count(count, "factuur", "facturen")
    held_en = format_count(count, "invoice", "invoices")
    return Problem(
        "",
        Sentence(
            f"Dit is precies de lijst van {on:%d-%m-%Y}, en daarna kwam een andere lijst binnen. "
            "Is dit een oud bestand, of de lijst van vandaag? Er verandert nog niets, en voor "
            f"{held} waarover zij verschillen sturen wij niets. Is hij van vandaag: breng hem dan "
            "opnieuw binnen en kies Ja bij die vraag (of --current). Is het een oud bestand: breng "
            "dan uw nieuwste lijst nog een keer binnen.",
            f"This is exactly the list of {on:%d-%m-%Y}, and another list came in since. Is it an "
            "old file, or the list of today? Nothing changes yet, and we send nothing for "
            f"{held_en} on which they differ. If it is of today, bring it in again and choose Yes "
            "at that question (or --current). If it is an old file, bring in your newest list "
            "once more.",
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
