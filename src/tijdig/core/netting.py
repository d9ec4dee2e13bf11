"""What a debtor owes after his credit notes and unapplied money have been set off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.core.construction import quick_to_make
from tijdig.core.facts import OpenItem


@quick_to_make
@dataclass(frozen=True, slots=True)
class Owed:
    """An item with something left to pay, and the credits that were set off against it.

    `net_cents` is `item.open_cents` plus the (negative) cents of `set_off`, and above zero.
    """

    item: OpenItem
    net_cents: int
    set_off: tuple[tuple[UUID, int], ...] = ()


def net_items(items: Iterable[OpenItem]) -> tuple[Owed, ...]:
    """What is left to pay per item, oldest first; empty when the credits cover everything.

    Kept money of which too much went is for a person, and is asked of nobody. A credit goes to the
    invoice it names first and what remains of it to the oldest items. So
    nothing is set off twice, and any choice of these items adds up to at most the net total.
    """
    items = tuple(items)
    owed = [item for item in items if item.open_cents > 0 and item.kind != "unapplied"]
    if len(owed) > 1:
        owed.sort(key=_age)
    if len(owed) == len(items):
        return tuple([Owed(item, item.open_cents) for item in owed])
    credits_ = [item for item in items if item.open_cents < 0]
    credits_.sort(key=_age)
    net = [item.open_cents for item in owed]
    set_off: list[list[tuple[UUID, int]]] = [[] for _ in owed]
    left = {
        position: _use(credit, -credit.open_cents, owed, net=net, set_off=set_off, named=True)
        for position, credit in enumerate(credits_)
    }
    for position, credit in enumerate(credits_):
        _use(credit, left[position], owed, net=net, set_off=set_off, named=False)
    return tuple(
        Owed(item, cents, tuple(used))
        for item, cents, used in zip(owed, net, set_off, strict=True)
        if cents > 0
    )


def list_set_off(items: Iterable[OpenItem], *, kept_until: date) -> dict[UUID, int]:
    """Per open invoice the cents that are set off against it, and not in the books.

    Of credit notes whenever they were written: what was credited was never owed. Of kept money what
    had come by the end of a day.
    """
    items = [
        item
        for item in items
        if item.kind in ("invoice", "credit_note")
        or (item.kind == "unapplied" and item.issued_on <= kept_until)
    ]
    left = {one.item.item_id: one.net_cents for one in net_items(items)}
    return {
        item.item_id: item.open_cents - left.get(item.item_id, 0)
        for item in items
        if item.kind == "invoice" and item.open_cents > 0
    }


def list_with_credits(owed: Iterable[Owed]) -> tuple[tuple[UUID, int], ...]:
    """The rows of a message: each item with its own open cents, then the credits used for them.

    A credit counts only for the part that was set off against these items.
    """
    rows: list[tuple[UUID, int]] = []
    used: dict[UUID, int] = {}
    for one in owed:
        rows.append((one.item.item_id, one.item.open_cents))
        for credit_id, cents in one.set_off:
            used[credit_id] = used.get(credit_id, 0) + cents
    return (*rows, *used.items())


def _age(item: OpenItem) -> tuple[date, date, str, UUID]:
    return (item.due_on, item.issued_on, item.number, item.item_id)


def _use(
    credit: OpenItem,
    left: int,
    owed: list[OpenItem],
    *,
    net: list[int],
    set_off: list[list[tuple[UUID, int]]],
    named: bool,
) -> int:
    """Set off up to `left` cents, on the invoice that the credit names or on all; what remains."""
    for position, item in enumerate(owed):
        if left == 0:
            break
        if named and item.number != credit.credited_number:
            continue
        cents = min(left, net[position])
        if cents > 0:
            net[position] -= cents
            left -= cents
            set_off[position].append((credit.item_id, -cents))
    return left
