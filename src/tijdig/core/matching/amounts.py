"""How an amount fits a set of items: to the cent, less a discount, a part, or too much."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from tijdig.core.matching.book import MatchBook
from tijdig.core.matching.records import Concession, OpenItem, Parts, Payment
from tijdig.core.plans import pays_terms, split_over_items

Relation = Literal["exact", "listed", "term", "discount", "rounding", "part", "over"]
Shape = Literal["listed", "named", "all", "single", "alike", "oldest", "overdue", "picked"]

ROUNDING_CENTS = 5
"""A difference up to this many cents is rounding: the item is closed, the cents given up."""
_SUBSET_ITEMS = 24
_SUBSET_STEPS = 3_000


class Fit(NamedTuple):
    """How the money goes over the items, and what is left of it or given up besides.

    `terms` are the first and the last term of a plan that it pays, and how many the plan has.
    """

    relation: Relation
    parts: Parts
    rest_cents: int = 0
    conceded: tuple[tuple[UUID, Concession, int], ...] = ()
    terms: tuple[int, int, int] = (0, 0, 0)


def fit_amount(
    amount_cents: int, item_ids: Sequence[UUID], book: MatchBook, *, on: date
) -> Fit | None:
    """How this amount, paid on a day, fits these items together; None where nothing is open.

    Of a part, the items get theirs in the order given. Credit notes count down, so that a part
    is never spread over a set with one in it.
    """
    open_cents = book.open_cents
    parts = tuple([(one, cents) for one in item_ids if (cents := open_cents[one])])
    total = sum([cents for _, cents in parts])
    if total <= 0:
        return None
    if total == amount_cents:
        return Fit("exact", parts)
    discounts = _list_discounts(parts, book, on) if book.discounted else {}
    given = sum(discounts.values())
    if given and total - given == amount_cents:
        return Fit(
            "discount",
            tuple((one, cents - discounts.get(one, 0)) for one, cents in parts),
            conceded=tuple((one, "discount", cents) for one, cents in discounts.items() if cents),
        )
    difference = amount_cents - total
    if abs(difference) <= ROUNDING_CENTS and total > ROUNDING_CENTS * 20:
        return _round(parts, difference)
    if difference > 0:
        return Fit("over", parts, rest_cents=difference)
    if any(cents < 0 for _, cents in parts):
        return None
    return Fit("part", _spread(amount_cents, parts))


def fit_stated(payment: Payment, named: Iterable[UUID], book: MatchBook) -> Fit | None:
    """What the payer says himself that he pays of each of the items named, where he does.

    Together that is all that he paid, and no more than is open of any of them; None otherwise, and
    where it is just what is open.
    """
    if not payment.documents:
        return None
    by_number: defaultdict[str, list[UUID]] = defaultdict(list)
    for item_id in named:
        by_number[book.items[item_id].number.casefold()].append(item_id)
    parts = tuple(
        (found[0], cents)
        for number, cents in payment.documents
        if cents and len(found := by_number.get(number.strip().casefold(), [])) == 1
    )
    is_whole = len(dict(parts)) == len(payment.documents)
    if not is_whole or sum(cents for _, cents in parts) != payment.amount_cents:
        return None
    if all(book.open_cents[one] == cents for one, cents in parts) or not covers(parts, book):
        return None
    return Fit("listed", parts)


def fit_terms(payment: Payment, named: Sequence[UUID], book: MatchBook) -> Fit | None:
    """The next term of a plan that is not paid, or the next few at once, to the cent.

    None of money from before the agreement. What is left of a term counts, not what it was. All
    that is named is of one plan, and paid first; all items of the plan of which anything is open
    are in the book.
    """
    plans = {book.plans.get(one) for one in named}
    plan = plans.pop() if len(plans) == 1 else None
    if plan is None or not pays_terms(payment.credited_on, agreed_on=plan.agreed_on, ended_on=None):
        return None
    amount_cents = payment.amount_cents
    ids = dict.fromkeys([*named, *(one for one, _ in plan.items)])
    pairs = [(one, book.open_cents.get(one, 0)) for one in ids]
    left, after, first = sum(cents for _, cents in pairs), sum(plan.terms), 0
    for position, cents in enumerate(plan.terms, start=1):
        # What stays open once this term is paid: where no more is open now, it was.
        after -= cents
        if after >= left:
            continue
        first = first or position
        if left - after == amount_cents:
            terms = (first, position, len(plan.terms))
            return Fit("term", split_over_items(amount_cents, pairs), terms=terms)
    return None


def covers(parts: Parts, book: MatchBook) -> bool:
    """Whether of every item at least this much is still open, on the same side of nought."""
    return all(
        abs(book.open_cents[one]) >= abs(cents) and book.open_cents[one] * cents > 0
        for one, cents in parts
    )


def list_sets(
    payment: Payment, open_ids: Sequence[UUID], book: MatchBook
) -> Iterable[tuple[Shape, list[UUID]]]:
    """Single items near the amount, all, what is overdue, and the oldest together."""
    amount_cents, discounted = payment.amount_cents, book.discounted
    pairs = [(one, book.open_cents[one]) for one in open_ids]
    alike = [one for one, cents in pairs if cents == amount_cents]
    if alike:
        yield ("single" if len(alike) == 1 else "alike"), alike[:1]
    for one, cents in pairs:
        gap = cents - amount_cents
        if gap and (
            abs(gap) <= ROUNDING_CENTS or (discounted and gap == book.items[one].discount_cents)
        ):
            yield "single", [one]
    if len(pairs) > 1:
        if may_be_whole([cents for _, cents in pairs], amount_cents, book):
            yield "all", list(open_ids)
        day, items = payment.booked_on, book.items
        overdue = [pair for pair in pairs if (due := items[pair[0]].due_on) and due < day]
        is_some = 1 < len(overdue) < len(pairs)
        if is_some and may_be_whole([cents for _, cents in overdue], amount_cents, book):
            yield "overdue", [one for one, _ in overdue]
        total = 0
        for place, (_, cents) in enumerate(pairs):
            total += cents
            if place and total == amount_cents and place + 1 < len(open_ids):
                yield "oldest", list(open_ids[: place + 1])


def find_subset(amount_cents: int, item_ids: Sequence[UUID], book: MatchBook) -> list[UUID] | None:
    """The only set of two or more items whose open cents are this amount; None for none or two."""
    ids = list(item_ids[:_SUBSET_ITEMS])
    cents = [book.open_cents[one] for one in ids]
    most = [0] * (len(ids) + 1)
    least = [0] * (len(ids) + 1)
    for at in range(len(ids) - 1, -1, -1):
        most[at] = most[at + 1] + max(cents[at], 0)
        least[at] = least[at + 1] + min(cents[at], 0)
    found: list[list[int]] = []
    stack: list[tuple[int, int, list[int]]] = [(0, amount_cents, [])]
    steps = 0
    while stack:
        at, left, chosen = stack.pop()
        steps += 1
        if steps > _SUBSET_STEPS or len(found) > 1:
            return None
        if at == len(ids):
            if left == 0 and len(chosen) > 1:
                found.append(chosen)
            continue
        if not least[at] <= left <= most[at]:
            continue
        stack.append((at + 1, left, chosen))
        stack.append((at + 1, left - cents[at], [*chosen, at]))
    return [ids[at] for at in found[0]] if len(found) == 1 else None


def may_be_whole(open_cents: Iterable[int], amount_cents: int, book: MatchBook) -> bool:
    """Whether this amount may pay all of this: to the cent, rounded or less a discount.

    Where it may not, `fit_amount` gives a part, or more than is open.
    """
    return bool(book.discounted) or abs(sum(open_cents) - amount_cents) <= ROUNDING_CENTS


def _list_discounts(parts: Parts, book: MatchBook, on: date) -> dict[UUID, int]:
    """What may be kept of each of these items on a day; of most of them nothing."""
    return {
        one: _discount(book.items[one], cents, on) for one, cents in parts if one in book.discounted
    }


def _discount(item: OpenItem, open_cents: int, on: date) -> int:
    """The discount that whoever pays this item on a day may keep."""
    if not item.discount_cents or item.discount_until is None or on > item.discount_until:
        return 0
    return item.discount_cents if 0 < item.discount_cents < open_cents else 0


def _round(parts: Parts, difference: int) -> Fit:
    """The last claim takes the difference, and is closed all the same."""
    at = max(place for place, (_, cents) in enumerate(parts) if cents > 0)
    item_id, cents = parts[at]
    changed = (*parts[:at], (item_id, cents + difference), *parts[at + 1 :])
    return Fit("rounding", changed, conceded=((item_id, "rounding", -difference),))


def _spread(amount_cents: int, parts: Parts) -> Parts:
    found = []
    for item_id, cents in parts:
        share = min(cents, amount_cents)
        if share:
            found.append((item_id, share))
        amount_cents -= share
    return tuple(found)
