"""What a payment may pay: every set of items that something speaks for, with what speaks for it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from tijdig.core.matching.amounts import (
    Fit,
    Shape,
    covers,
    find_subset,
    fit_amount,
    fit_stated,
    fit_terms,
    list_sets,
)
from tijdig.core.matching.book import MatchBook, make_due_order
from tijdig.core.matching.mentions import (
    Mention,
    Mentions,
    find_mentions,
    find_orders,
    find_parts,
    find_ranges,
    is_own_request,
)
from tijdig.core.matching.names import Likeness, compare_names
from tijdig.core.matching.payers import Account, may_be_a_slip, weigh_payer
from tijdig.core.matching.records import Payment, Span
from tijdig.core.references import normalise_reference

How = Literal["request", "reference", "exact", "digits", "cut", "swapped", "some", "order", "none"]

_NAMED_WELL = frozenset({"request", "reference", "exact", "digits"})
_DEBTORS_AT_MOST = 24
_PART_ITEMS_AT_MOST = 60
_WORST_LAST: tuple[How, ...] = ("exact", "digits", "cut", "swapped")
SPELLED: dict[str, How] = {
    "exact": "exact", "digits": "digits", "loose": "digits", "range": "digits", "cut": "cut",
    "swapped": "swapped",
}  # fmt: skip
"""How an item is named by what is spelled of its number."""


@dataclass(slots=True)
class Hypothesis:
    """One thing that the payment may pay, and all that is known for and against it."""

    debtor_id: UUID
    fit: Fit
    how: How
    shape: Shape
    account: Account
    likeness: Likeness
    named: dict[UUID, Mention] = field(default_factory=dict)
    orders: dict[UUID, Span] = field(default_factory=dict)
    reference: str = ""
    names_another: bool = False
    debtor_span: Span | None = None
    is_early: bool = False
    debtors: int = 1
    is_doubtful: bool = False
    is_shared: bool = False

    @property
    def item_ids(self) -> frozenset[UUID]:
        """The items that it pays."""
        return frozenset(item_id for item_id, _ in self.fit.parts)


@dataclass(slots=True)
class _View:
    """A payment with what it names, as its hypotheses are made."""

    payment: Payment
    book: MatchBook
    mentions: Mentions
    iban: str
    owners: frozenset[UUID]
    found: dict[tuple[UUID, frozenset[UUID]], Hypothesis] = field(default_factory=dict)
    payers: dict[UUID, tuple[Account, Likeness]] = field(default_factory=dict)


def list_hypotheses(payment: Payment, book: MatchBook) -> tuple[list[Hypothesis], Mentions]:
    """Everything that this payment may pay, unweighed; and what it names."""
    view = _look(payment, book)
    if not view.found:
        _add_terms(view)
    if not view.found:
        for debtor_id, open_ids in _list_debtors(view):
            _add_of_debtor(view, debtor_id, open_ids)
    elif _is_for_another(view):
        for debtor_id in sorted(view.owners) or _list_namesakes(view):
            _add_slips(view, debtor_id)
    return list(view.found.values()), view.mentions


def list_named_hypotheses(payment: Payment, book: MatchBook) -> tuple[list[Hypothesis], Mentions]:
    """What a reference of ours lists, or the text names in full with its amount; no other.

    Who seems to pay for another may have slipped: that asks for all that he may mean.
    """
    view = _look(payment, book)
    found = [] if _is_for_another(view) else list(view.found.values())
    return found, view.mentions


def _look(payment: Payment, book: MatchBook) -> _View:
    """The payment with what it names, and what follows from that alone."""
    mentions = find_mentions(payment, book)
    iban = normalise_reference(payment.counter_iban)
    view = _View(payment, book, mentions, iban, book.ibans.get(iban, frozenset()))
    _add_listed(view)
    if not view.found:
        _add_named_exactly(view)
    return view


def _add_listed(view: _View) -> None:
    """What our own messages and requests under this reference listed."""
    book, payment = view.book, view.payment
    listed: list[tuple[How, str, tuple[tuple[UUID, int], ...]]] = []
    if is_own_request(payment, book):
        listed.append(("request", payment.end_to_end_id, book.requests[payment.end_to_end_id]))
    listed += [
        ("reference", reference, book.asked[reference].items)
        for reference in view.mentions.references
    ]
    for how, reference, items in listed:
        parts = tuple((one, cents) for one, cents in items if cents and one in book.items)
        if sum(cents for _, cents in parts) == payment.amount_cents and covers(parts, book):
            fit: Fit | None = Fit("exact", parts)
        else:
            ids = [one for one, _ in parts]
            fit = fit_amount(payment.amount_cents, ids, book, on=payment.booked_on)
        if fit:
            debtor_id = book.items[fit.parts[0][0]].debtor_id
            _add(view, debtor_id, fit, how, "listed", reference=reference)


def _add_named_exactly(view: _View) -> None:
    """All items named in full together, where the amount is what is open of them."""
    named, payment, book = view.mentions.items, view.payment, view.book
    if not named or view.mentions.rivals:
        return
    fit = fit_stated(payment, named, book) or fit_amount(
        payment.amount_cents, _in_order(book, named), book, on=payment.booked_on
    )
    if fit is None or fit.relation in {"part", "over"}:
        return
    debtors = {book.items[one].debtor_id for one, _ in fit.parts}
    if len(debtors) > 1 and fit.relation != "exact":
        return
    first = book.items[fit.parts[0][0]].debtor_id
    _add(view, first, fit, _worst(named.values()), "named", named=named, debtors=len(debtors))


def _add_terms(view: _View) -> None:
    """The terms of a plan that the amount is, where nothing but items of that plan is named."""
    named, book = view.mentions.items, view.book
    if not named or not book.plans or view.mentions.rivals:
        return
    fit = fit_terms(view.payment, _in_order(book, named), book)
    if fit:
        debtor_id = book.items[fit.parts[0][0]].debtor_id
        _add(view, debtor_id, fit, _worst(named.values()), "named", named=named)


def _is_for_another(view: _View) -> bool:
    """Whether the number of another's invoice is all that speaks for it, against account and name.

    Who makes a slip in his own number may hit upon that of another, of the same amount.
    """
    return bool(view.found) and all(
        one.how in SPELLED and may_be_a_slip(one.account, one.likeness)
        for one in view.found.values()
    )


def _list_namesakes(view: _View) -> list[UUID]:
    """The debtors who have the payer's name; nobody knows his account."""
    name, debtors = view.payment.counter_name, view.book.debtors
    return [
        one
        for one in view.book.find_named(name)
        if compare_names(name, debtors[one].name) in {"same", "close"}
    ]


def _add_slips(view: _View, debtor_id: UUID) -> None:
    """The payer's own items of this very amount, of which the number is nearly the one named."""
    book, amount_cents = view.book, view.payment.amount_cents
    alike = [one for one in book.list_open(debtor_id) if book.open_cents[one] == amount_cents]
    for item_id, mention in find_parts(view.mentions, alike, book).items():
        fit = Fit("exact", ((item_id, amount_cents),))
        how = SPELLED[mention.spelling]
        _add(view, debtor_id, fit, how, "named", named={item_id: mention})


def _list_debtors(view: _View) -> list[tuple[UUID, list[UUID]]]:
    """Debtors of whom something speaks, the strongest first, each with his open items.

    Of whom only the amount speaks, only the items of that amount.
    """
    book, payment, mentions = view.book, view.payment, view.mentions
    found: dict[UUID, None] = {}
    for item_id in (*mentions.items, *mentions.rivals):
        found.setdefault(book.items[item_id].debtor_id)
    for debtor_id in (*mentions.debtors, *sorted(view.owners)):
        found.setdefault(debtor_id)
    alike: defaultdict[UUID, list[UUID]] = defaultdict(list)
    if not view.owners or not found:
        for debtor_id in book.find_named(payment.counter_name):
            found.setdefault(debtor_id)
        for item_id in book.find_alike(payment.amount_cents):
            debtor_id = book.items[item_id].debtor_id
            if debtor_id not in found:
                alike[debtor_id].append(item_id)
        found |= dict.fromkeys(alike)
    known = [one for one in found if one in book.debtors]
    if len(known) > _DEBTORS_AT_MOST:
        known.sort(key=lambda one: (_distance(view, one), one))
    return [
        (one, _in_order(book, alike[one]) if one in alike else book.list_open(one))
        for one in known[:_DEBTORS_AT_MOST]
    ]


def _distance(view: _View, debtor_id: UUID) -> int:
    likeness = compare_names(view.payment.counter_name, view.book.debtors[debtor_id].name)
    near = {"same": 0, "close": 1, "family": 2}.get(likeness, 3)
    return near - (4 if debtor_id in view.owners or debtor_id in view.mentions.debtors else 0)


def _add_of_debtor(view: _View, debtor_id: UUID, open_ids: Sequence[UUID]) -> None:
    book, payment = view.book, view.payment
    if not open_ids:
        return
    mentioned = view.mentions.items | view.mentions.rivals
    own = {
        one: mention for one, mention in mentioned.items() if book.items[one].debtor_id == debtor_id
    }
    few = open_ids[:_PART_ITEMS_AT_MOST]
    has_ends = view.mentions.loose_ends or view.mentions.taken
    parts = find_parts(view.mentions, few, book) if has_ends else {}
    orders = find_orders(view.mentions, few, book) if view.mentions.loose_ends else {}
    named = own | {one: parts[one] for one in parts if one not in own}
    if named:
        named = named | find_ranges(view.mentions, named, open_ids, book) | own
    open_named = [one for one in _in_order(book, named) if book.open_cents[one]]
    if open_named:
        _add_named(view, debtor_id, open_ids, open_named, named)
    if orders and not open_named:
        fit = fit_amount(payment.amount_cents, list(orders), book, on=payment.booked_on)
        if fit:
            _add(view, debtor_id, fit, "order", "named", orders=orders)
    _add_unnamed(view, debtor_id, open_ids, named, orders)


def _add_named(
    view: _View,
    debtor_id: UUID,
    open_ids: Sequence[UUID],
    open_named: Sequence[UUID],
    named: dict[UUID, Mention],
) -> None:
    """The items named; where more was paid than those, the others that make up the amount."""
    amount_cents, on = view.payment.amount_cents, view.payment.booked_on
    fit = fit_amount(amount_cents, open_named, view.book, on=on)
    if fit is None:
        return
    # Of a part all that is named is told: which of them is left open the payer has not said.
    paid = open_named if fit.relation == "part" else [one for one, _ in fit.parts]
    used = {one: named[one] for one in paid}
    _add(view, debtor_id, fit, _worst(used.values()), "named", named=used)
    # A weak reading beside a sure one may be chance: the sure ones alone are likely too.
    sure = [one for one in open_named if SPELLED[named[one].spelling] in {"exact", "digits"}]
    if sure and len(sure) < len(open_named):
        alone = fit_amount(amount_cents, sure, view.book, on=on)
        if alone:
            kept = {one: named[one] for one in sure}
            _add(view, debtor_id, alone, _worst(kept.values()), "named", named=kept)
    if fit.relation != "over":
        return
    others = [one for one in open_ids if one not in named]
    left = amount_cents - sum(view.book.open_cents[one] for one in open_named)
    more = [one for one in others if view.book.open_cents[one] == left][:1] or find_subset(
        left, others, view.book
    )
    if more:
        together = _in_order(view.book, [*open_named, *more])
        whole = fit_amount(amount_cents, together, view.book, on=on)
        if whole:
            _add(view, debtor_id, whole, "some", "named", named=named)


def _add_unnamed(
    view: _View,
    debtor_id: UUID,
    open_ids: Sequence[UUID],
    named: dict[UUID, Mention],
    orders: dict[UUID, Span],
) -> None:
    """Sets of which only the amount tells."""
    payment, book = view.payment, view.book
    amount_cents, on = payment.amount_cents, payment.booked_on
    before = len(view.found)
    for shape, ids in list_sets(payment, open_ids, book):
        fit = fit_amount(amount_cents, ids, book, on=on)
        if fit and fit.relation not in {"part", "over"}:
            own = {one: named[one] for one in ids if one in named} if named else {}
            told = {one: orders[one] for one in ids if one in orders} if orders else {}
            how: How = "some" if own else "order" if told else "none"
            _add(view, debtor_id, fit, how, shape, named=own, orders=told)
    if len(view.found) == before and not named:
        subset = find_subset(amount_cents, open_ids, book) if len(open_ids) > 2 else None
        fit = fit_amount(amount_cents, subset or open_ids, book, on=on)
        if fit:
            shape = "picked" if subset else "oldest" if fit.relation == "part" else "all"
            _add(view, debtor_id, fit, "none", shape)


def _add(
    view: _View,
    debtor_id: UUID,
    fit: Fit,
    how: How,
    shape: Shape,
    *,
    named: dict[UUID, Mention] | None = None,
    orders: dict[UUID, Span] | None = None,
    reference: str = "",
    debtors: int = 1,
) -> None:
    """Keeps it, unless the same items of this debtor are there already."""
    item_ids = frozenset([one for one, _ in fit.parts])
    key = (debtor_id, item_ids)
    if key in view.found:
        return
    book, mentions, paid_on = view.book, view.mentions, view.payment.booked_on
    payer = view.payers.get(debtor_id)
    if payer is None:
        debtor, name = book.debtors.get(debtor_id), view.payment.counter_name
        payer = view.payers[debtor_id] = weigh_payer(
            view.iban, view.owners, name, debtor_id, debtor
        )
    is_loose = how not in _NAMED_WELL
    is_early = False
    for one in item_ids:
        issued_on = book.items[one].issued_on
        is_early = is_early or (issued_on is not None and paid_on < issued_on)
    view.found[key] = Hypothesis(
        debtor_id,
        fit,
        how,
        shape,
        *payer,
        named=named or {},
        orders=orders or {},
        reference=reference,
        names_another=is_loose and not mentions.items.keys() <= item_ids,
        debtor_span=mentions.debtors.get(debtor_id) if mentions.debtors else None,
        is_early=is_early,
        debtors=debtors,
        is_doubtful=bool(mentions.doubtful) and not mentions.doubtful.isdisjoint(item_ids),
        is_shared=bool(named and mentions.shared) and not mentions.shared.isdisjoint(item_ids),
    )


def _worst(mentions: Iterable[Mention]) -> How:
    found = [SPELLED[one.spelling] for one in mentions]
    return found[0] if len(found) == 1 else max(found, key=_WORST_LAST.index)


def _in_order(book: MatchBook, item_ids: Iterable[UUID]) -> list[UUID]:
    """The first due first, as money goes over them."""
    items, ids = book.items, list(item_ids)
    if len(ids) > 1:
        ids.sort(key=lambda one: make_due_order(items[one]))
    return ids
