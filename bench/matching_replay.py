"""Play a generated book through the matcher, week by week, as it comes in at an office."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from bench.payment_parts import Book, BookInvoice, BookPayment
from tijdig.core.matching.book import MatchBook, make_known
from tijdig.core.matching.proposals import Judge, decide_payment
from tijdig.core.matching.records import Asked, KnownDebtor, OpenItem, Outcome, Payment, Proposal

_ITEM_IDS = 1 << 64


@dataclass(frozen=True, slots=True)
class Judged:
    """A payment with what the matcher made of it, and whether its first proposal is the truth."""

    line: BookPayment
    outcome: Outcome
    is_right: bool


Look = Callable[[BookPayment, Payment, MatchBook], None]


def replay(book: Book, judge: Judge, *, look: Look | None = None) -> list[Judged]:
    """Every payment once decided, in order of day.

    What is not sure a person decides right, a week later, and the account is remembered; what
    was booked wrong is found and put right then as well. `look` sees each payment before it is
    decided.
    """
    numbers = number_items(book)
    ids = {number: item_id for item_id, number in numbers.items()}
    matches = MatchBook((), _make_debtors(book))
    found: list[Judged] = []
    issued = iter(sorted(book.invoices, key=lambda one: one.issued_on))
    coming = next(issued, None)
    asked = sorted(book.asked.items(), key=lambda one: one[1][0])
    for until, lines in _weeks(book.payments):
        while coming is not None and coming.issued_on <= until:
            matches.add([_make_item(coming, ids)], ())
            coming = next(issued, None)
        while asked and asked[0][1][0] <= until:
            reference, (_, listed) = asked.pop(0)
            parts = tuple((ids[number], cents) for number, cents in listed.items())
            matches.asked.update(make_known({}, [Asked(reference, parts)], {}).asked)
        week = []
        for place, line in lines:
            payment = _make_payment(line, place)
            if look:
                look(line, payment, matches)
            outcome = decide_payment(payment, matches, judge)
            right = bool(outcome.proposals) and is_right(line, outcome.proposals[0], numbers)
            one = Judged(line, outcome, right)
            if outcome.is_sure:
                _book(matches, outcome.proposals[0], payment, learn=True)
            week.append(one)
        for one in week:
            _put_right(matches, one, ids)
        found += week
    return found


def number_items(book: Book) -> dict[UUID, str]:
    """The invoice number of every item, by the id that it gets here."""
    return {UUID(int=_ITEM_IDS + at): one.number for at, one in enumerate(book.invoices)}


def is_right(line: BookPayment, proposal: Proposal, numbers: dict[UUID, str]) -> bool:
    """Whether the proposal gives the money to the invoices that it is truly for."""
    given = {numbers[item_id]: cents for item_id, cents in proposal.parts}
    if set(given) != set(line.truth):
        return False
    return bool(proposal.conceded) or given == line.truth


def _book(matches: MatchBook, proposal: Proposal, payment: Payment, *, learn: bool) -> None:
    matches.settle(proposal.parts)
    matches.settle(tuple((item_id, cents) for item_id, _, cents in proposal.conceded))
    if learn:
        matches.learn(payment.counter_iban, proposal.debtor_id)


def _put_right(matches: MatchBook, one: Judged, ids: dict[str, UUID]) -> None:
    """As a person does: what was wrong undone, the truth booked, the account remembered."""
    proposals = one.outcome.proposals
    if one.outcome.is_sure:
        if one.is_right:
            return
        wrong = proposals[0]
        matches.settle(tuple((item_id, -cents) for item_id, cents in wrong.parts))
        matches.settle(tuple((item_id, -cents) for item_id, _, cents in wrong.conceded))
    if not one.line.truth or any(ids[n] not in matches.items for n in one.line.truth):
        return
    matches.settle(tuple((ids[number], cents) for number, cents in one.line.truth.items()))
    matches.settle(tuple((ids[number], cents) for number, cents in one.line.conceded.items()))
    owner = matches.items[ids[next(iter(one.line.truth))]].debtor_id
    matches.learn(one.outcome.payment.counter_iban, owner)


def _weeks(
    payments: list[BookPayment],
) -> Iterator[tuple[date, list[tuple[int, BookPayment]]]]:
    week: list[tuple[int, BookPayment]] = []
    until: date | None = None
    for place, line in enumerate(payments):
        if until is None:
            until = line.on + timedelta(days=6)
        if line.on > until:
            yield until, week
            week, until = [], line.on + timedelta(days=6)
        week.append((place, line))
    if until is not None:
        yield until, week


def _make_debtors(book: Book) -> list[KnownDebtor]:
    return [
        KnownDebtor(UUID(int=at + 1), one.number, one.name) for at, one in enumerate(book.debtors)
    ]


def _make_item(invoice: BookInvoice, ids: dict[str, UUID]) -> OpenItem:
    return OpenItem(
        ids[invoice.number],
        UUID(int=invoice.debtor + 1),
        invoice.number,
        invoice.cents,
        invoice.issued_on,
        invoice.due_on,
        invoice.order,
        invoice.discount_cents,
        invoice.discount_until,
    )


def _make_payment(line: BookPayment, place: int) -> Payment:
    return Payment(
        UUID(int=place + 1),
        line.on,
        f"{place:08d}",
        line.cents,
        line.reference,
        line.text,
        line.iban,
        line.name,
    )
