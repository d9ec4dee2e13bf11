"""What a collection that was announced does to a default: who waits for it has nothing to do.

Law: BW 6:58-61, 6:82.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from tijdig.core.calendar import add_days
from tijdig.core.direct_debits.planned import read_announced_day
from tijdig.core.facts import PastContact
from tijdig.core.notices import PastNotice

# The cause of a notice of default that such an announcement overtook.
OVERTAKEN = "collected"


@dataclass(frozen=True, slots=True)
class ToldCollection:
    """That a debtor was told of a collection of an item: on which day, and for which day."""

    item_id: UUID
    told_on: date
    collect_on: date


def list_told_collections(contacts: Iterable[PastContact]) -> tuple[ToldCollection, ...]:
    """The collections that reached the debtor as announced, the first told first.

    A letter tells on the day of its posting, and nothing before that was said.
    """
    found = [
        ToldCollection(item_id, one.posted_on or one.on, collect_on)
        for one in contacts
        if one.gives_time_for
        and one.state in ("done", "in_doubt")
        and not one.came_back
        and not one.is_unposted
        and (collect_on := read_announced_day(one.step_key)) is not None
        for item_id in one.gives_time_for
    ]
    return tuple(sorted(found, key=lambda one: one.told_on)) if found else ()


def judge_by_contacts(
    notices: tuple[PastNotice, ...], contacts: Sequence[PastContact]
) -> tuple[PastNotice, ...]:
    """The notices as they count beside the collections that these contacts announced."""
    if not notices or not contacts:
        return notices
    return judge_by_collections(notices, list_told_collections(contacts))


def judge_by_collections(
    notices: tuple[PastNotice, ...], told: Iterable[ToldCollection]
) -> tuple[PastNotice, ...]:
    """The notices as they count: one of default is none where a collection was told in its term.

    He had nothing to do but wait, for whatever day it was, so he did not let that term pass.
    """
    known = tuple(told)
    if not known:
        return notices
    return tuple(
        replace(one, is_void=True, void_cause=OVERTAKEN)
        if not one.is_void and _is_overtaken(one, known)
        else one
        for one in notices
    )


def wait_for_collections(from_on: date, item_id: UUID, told: Iterable[ToldCollection]) -> date:
    """The first day of default, never before the day after a collection that was told before it."""
    for one in told:
        if one.item_id == item_id and one.told_on < from_on <= one.collect_on:
            from_on = add_days(one.collect_on, 1)
    return from_on


def _is_overtaken(notice: PastNotice, told: Iterable[ToldCollection]) -> bool:
    if notice.kind != "ingebrekestelling" or notice.last_day is None:
        return False
    written_on = notice.printed_on or notice.sent_on
    return any(
        one.item_id == notice.item_id and written_on <= one.told_on <= notice.last_day
        for one in told
    )
