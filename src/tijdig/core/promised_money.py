"""Which money counts for which promise to pay: no cent for two, and none of before it was made."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MoneyMoved:
    """What one source brought to one item of a debtor, since when; below nil it took money away.

    `on` is the day of the bank, and `came_at` when we saw it.
    `is_kept`: the item is money of the debtor that pays no invoice yet; `beside` are the
    invoices that it is costs or interest over, if it is.
    """

    item_id: UUID
    is_kept: bool
    source: tuple[str, UUID]
    came_at: datetime
    cents: int
    beside: frozenset[UUID] = frozenset()
    on: date = date.min


@dataclass(frozen=True, slots=True)
class PromiseAsked:
    """What a promise asks for, of one item or (None) of all; `until_on` is the last day of its
    money, where it was kept and is history, and `paid_by_on` that of the bank, where it is broken.
    """

    item_id: UUID | None
    cents: int
    made_at: datetime
    until_on: date | None = None
    paid_by_on: date = date.max


@dataclass(frozen=True, slots=True)
class PromiseShare:
    """What counts for a promise; `kept_cents` of it is money that pays no invoice yet."""

    cents: int = 0
    kept_cents: int = 0


@dataclass(slots=True)
class _Lot:
    """Money that came in at once on one item, and what is left of it to count.

    `is_set_off`: it came off another item of his, so that only this item saw a payment. It counts
    for its own item, and for those `beside` it.
    """

    item_id: UUID
    is_kept: bool
    source: tuple[str, UUID]
    came_at: datetime
    cents: int
    is_set_off: bool = False
    beside: frozenset[UUID] = frozenset()
    on: date = date.min


def share_promised_money(
    asked: Iterable[PromiseAsked], moved: Iterable[MoneyMoved]
) -> list[PromiseShare]:
    """What counts for each promise of one debtor, in this order: never more than it asks.

    Only what came after it was made counts. A promise about one item takes what was paid on that,
    then what of it, or of a payment on no other, the law put on costs and interest over that item
    (BW 6:44), then money that is kept; one about all takes first what no other can use.
    """
    wanted = list(asked)
    lots = _list_lots(moved)
    claimed = {one.item_id for one in wanted}
    return [_take(one, lots, claimed) for one in wanted]


def _take(one: PromiseAsked, lots: Sequence[_Lot], claimed: set[UUID | None]) -> PromiseShare:
    usable = [
        lot
        for lot in lots
        if lot.came_at > one.made_at
        and (one.until_on is None or lot.came_at.date() <= one.until_on)
        and lot.on <= one.paid_by_on
        and (one.item_id is None or _is_for(lot, one.item_id))
        and not (lot.is_set_off and one.item_id is None)
    ]
    left, kept = one.cents, 0
    for lot in sorted(usable, key=lambda lot: (_rank(lot, one, claimed), lot.came_at)):
        used = min(left, lot.cents)
        lot.cents -= used
        left -= used
        kept += used if lot.is_kept else 0
    return PromiseShare(one.cents - left, kept)


def _rank(lot: _Lot, one: PromiseAsked, claimed: set[UUID | None]) -> int:
    if one.item_id is not None:
        return 2 if lot.is_kept else int(lot.item_id != one.item_id)
    if lot.item_id in claimed or not claimed.isdisjoint(lot.beside):
        return 2
    return int(lot.is_kept)


def _is_for(lot: _Lot, item_id: UUID) -> bool:
    """Whether a promise about this item may count it."""
    return lot.is_kept or lot.item_id == item_id or item_id in lot.beside


def _list_lots(moved: Iterable[MoneyMoved]) -> list[_Lot]:
    """What came in, less what went out of it again, the oldest first.

    Kept money that a payment used goes off that payment: it came with another. What went out
    otherwise goes off what came last on its item, so that older money which is given back leaves
    what came since as it is; what nothing came on (a credit note) was set off by its source.
    """
    sources: defaultdict[tuple[str, UUID], list[MoneyMoved]] = defaultdict(list)
    for one in moved:
        sources[one.source].append(one)
    lots: list[_Lot] = []
    gone: list[MoneyMoved] = []
    for source, own in sources.items():
        came_at = min(one.came_at for one in own)
        paid = {one.item_id for one in own if one.cents > 0 and not (one.beside or one.is_kept)}
        brought = [
            _Lot(
                one.item_id,
                one.is_kept,
                source,
                came_at,
                max(one.cents, 0),
                beside=one.beside & paid if paid else one.beside,
                on=one.on,
            )
            for one in own
        ]
        lots += brought
        for one in own:
            if one.cents < 0:
                used = _take_off(-one.cents, brought) if one.is_kept else 0
                gone.append(replace(one, cents=one.cents + used))
    lots.sort(key=lambda lot: lot.came_at)
    for one in gone:
        before = [lot for lot in lots if lot.item_id == one.item_id and lot.came_at <= one.came_at]
        used = _take_off(-one.cents, before[::-1])
        lots += _set_off(-one.cents - used, [lot for lot in lots if lot.source == one.source])
    return lots


def _set_off(cents: int, lots: Iterable[_Lot]) -> list[_Lot]:
    """The part of these that no money was paid for, apart."""
    apart = []
    for lot in lots:
        if used := _take_off(cents, [lot]):
            cents -= used
            apart.append(replace(lot, cents=used, is_set_off=True))
    return apart


def _take_off(cents: int, lots: Iterable[_Lot]) -> int:
    """The cents that could be taken off these, one after the other."""
    left = cents
    for lot in lots:
        used = min(left, lot.cents)
        lot.cents -= used
        left -= used
    return cents - left
