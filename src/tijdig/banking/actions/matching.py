"""Match what came in with what is open: book what is sure, keep proposals for the rest."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import NamedTuple, cast
from uuid import UUID

from tijdig.banking.actions.ahead import Ahead, Booking
from tijdig.banking.actions.bookings import Bookings, ask_payers, lay_out, prepare, write
from tijdig.banking.actions.matcher import Matcher
from tijdig.banking.actions.reading import BATCH, Reading, Readings, make_batches
from tijdig.banking.actions.suggesting import Proposals, keep_suggestions, suggest
from tijdig.banking.actions.suggesting import lay_out as lay_out_proposals
from tijdig.banking.models import BankLine
from tijdig.banking.proposals.queries import (
    list_pending,
    list_waiting,
    load_judge,
    read_waiting,
)
from tijdig.core.matching.proposals import Judge
from tijdig.core.matching.records import Asked, Outcome, Payment
from tijdig.core.problem import Refusal
from tijdig.ledger.actions.posting import touch_debtors
from tijdig.ledger.queries.for_matching import has_changed
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.arrays import Seen, write_uuids
from tijdig.tenants.behind import writing_behind
from tijdig.tenants.bulk import Rows, read_ids_as_texts, update_rows
from tijdig.tenants.failpoints import fp
from tijdig.tenants.forks import can_fork, work_beside
from tijdig.tenants.ids import new_id
from tijdig.tenants.memory import without_collecting
from tijdig.tenants.scope import active_administration, administration_scope
from tijdig.tenants.spool import Spool

# From here on a second process is worth what starting it costs.
LARGE = 5_000

_STOPPED = Refusal(
    "Het verwerken van de betalingen is van buitenaf gestopt. Er is niets bewaard. Lees het bestand"
    " opnieuw in.",
    "Working through the payments was stopped from outside. Nothing was kept. Read the file in"
    " again.",
)


class MatchCounts(NamedTuple):
    """How many lines were matched, for how many there are proposals, how many wait in all."""

    matched: int
    proposed: int
    unmatched: int


def match_unmatched(
    *, asked: Sequence[Asked], today: date, now: datetime, actor: str
) -> MatchCounts:
    """Match every line that waits, book what is sure, and keep proposals for the others.

    `asked` is what messages with their own payment reference have asked. What names what it pays
    goes before all other money.
    """
    lock_administration()
    judge, raised, payers = load_judge(), Seen(), list[Rows]()

    def write_one(decided: _Decided) -> None:
        fp("match.write")
        write(decided.bookings, today=today, now=now, actor=actor, raised=raised)
        suggest(decided.proposals, raised)
        # Not before the accounts are known that these payments tell. Asked here, and not for all at
        # the end: a second process goes on deciding meanwhile.
        if decided.bookings.payers:
            payers.append(ask_payers((), decided.bookings.payers))

    with without_collecting():
        free, by_hand = _read_payments()
        if len(free) >= LARGE and can_fork() and not has_changed():
            # Nothing that it reads was changed here: it sees all that this process sees.
            found = work_beside(
                partial(_decide_beside, free, by_hand, asked, judge), write_one, stopped=_STOPPED
            )
        else:
            with writing_behind():
                found = _decide(free, by_hand, _Work(asked, judge, write_one))
        payers += [ask_payers(some, ()) for some in make_batches(found.waiting, size=BATCH)]
        looked_at = {debtor_id for answer in payers for (debtor_id,) in answer()}
        touch_debtors(raised.leave(write_uuids([*looked_at])))
    total = len(free) + len(by_hand)
    return MatchCounts(found.booked, found.proposed, total - found.booked)


def propose_again(line_ids: Collection[UUID], asked: Sequence[Asked]) -> None:
    """Fresh proposals for these lines, as far as they wait; nothing is booked."""
    payments = [one.payment for one in list_waiting(line_ids)]
    keep_suggestions(_weigh(payments, asked), ())


def point_pending(asked: Sequence[Asked]) -> None:
    """Say of announced money whose it seems to be: that debtor is left alone until it is booked."""
    payments = list_pending()
    if not payments:
        return
    outcomes = _weigh(payments, asked)
    pointed = {one.payment.line_id: one.proposals[0].debtor_id for one in outcomes if one.proposals}
    update_rows(BankLine, ("likely_debtor_id",), list(pointed.items()))
    touch_debtors(set(pointed.values()))


def _weigh(payments: Sequence[Payment], asked: Sequence[Asked]) -> list[Outcome]:
    matcher = Matcher(Reading(payments, asked), load_judge())
    matcher.load_around()
    return matcher.weigh()


def _read_payments() -> tuple[Sequence[Payment], Sequence[Payment]]:
    """What waits, the oldest first: what may be booked, and what only a person books."""
    free, by_hand = Spool(Payment), Spool(Payment)
    for one in read_waiting():
        (by_hand if one.by_hand else free).append(one.payment)
    return free.take(), by_hand.take()


class _Decided(NamedTuple):
    """What one batch comes to."""

    bookings: Bookings
    proposals: Proposals


class _Found(NamedTuple):
    """How many lines were booked and have a proposal; the accounts of those that wait."""

    booked: int
    proposed: int
    waiting: Sequence[str]


def _decide_beside(
    free: Sequence[Payment],
    by_hand: Sequence[Payment],
    asked: Sequence[Asked],
    judge: Judge,
    hand_over: Callable[[_Decided], None],
) -> _Found:
    """Decide on all of them in a second process, which reads for itself and writes nothing."""
    with administration_scope(active_administration()), writing_behind():
        read_ids_as_texts()
        told = [_write_ids(one) for one in asked]
        return _decide(free, by_hand, _Work(told, judge, hand_over, is_written=False))


def _write_ids(one: Asked) -> Asked:
    """The same with its ids as texts, as they are read."""
    items = tuple((cast("UUID", str(item_id)), cents) for item_id, cents in one.items)
    return replace(one, items=items)


def _make_text_id() -> UUID:
    return cast("UUID", str(new_id()))


def _decide(free: Sequence[Payment], by_hand: Sequence[Payment], work: "_Work") -> _Found:
    """Decide on all of them, batch by batch."""
    left = work.match_named(free)
    work.match_others(left)
    # An account learned from one payment may tell whose another one is.
    while again := work.leave_strangers(left):
        work.match_others(work.match_named(again))
    work.weigh(work.leave_stale(left))
    work.weigh(by_hand)
    work.write()
    return _Found(len(work.booked), len(work.proposed), sorted({*work.waiting.values()}))


def _keep(payments: Iterable[Payment]) -> Sequence[Payment]:
    return Spool(Payment).extend(payments).take()


class _Work:
    """What one matching has done so far: booked, proposed, and the accounts that it learned.

    Of every batch all is read before the batch before it is written: the server writes while the
    next payments are decided on. Unless `is_written`, what is read never tells of what this
    matching did: then all of it is put on top. `waiting` are the lines that were decided on and
    not booked, each with the payer's account.
    """

    def __init__(
        self,
        asked: Sequence[Asked],
        judge: Judge,
        write_one: Callable[[_Decided], None],
        *,
        is_written: bool = True,
    ) -> None:
        self._asked, self._judge = asked, judge
        self._write_one, self._is_written = write_one, is_written
        self._coming: _Decided | None = None
        self._ahead = Ahead() if is_written else Ahead(make_id=_make_text_id)
        self.booked: set[UUID] = set()
        self.proposed: set[UUID] = set()
        self.waiting: dict[UUID, str] = {}
        self.learned: set[str] = set()
        self._stale: set[UUID] = set()
        self._lines_of: defaultdict[UUID, set[UUID]] = defaultdict(set)

    def match_named(self, payments: Iterable[Payment]) -> Sequence[Payment]:
        """Book what these payments name in full; those that were not booked."""
        left = Spool(Payment)
        for matcher in self._iterate(payments, around=False):
            self._take(matcher, matcher.find_named(), ())
            left.extend(self.leave_booked(matcher.payments))
        return left.take()

    def match_others(self, payments: Iterable[Payment]) -> None:
        """Book what is sure of the others, and keep the proposals for the rest."""
        for matcher in self._iterate(payments, around=True):
            found = matcher.find_others()
            booked = {one.payment.line_id for one in found}
            left = [one.line_id for one in matcher.payments if one.line_id not in booked]
            self._take(matcher, found, [matcher.outcomes[one] for one in left])
            self._stale |= matcher.stale

    def weigh(self, payments: Iterable[Payment]) -> None:
        """Keep the proposals; only a person books these."""
        for matcher in self._iterate(payments, around=True):
            self._take(matcher, (), matcher.weigh())

    def write(self) -> None:
        """Write what was decided last."""
        if self._coming is not None:
            self._write_one(self._coming)
        self._coming = None
        if self._is_written:
            self._ahead = Ahead()

    def leave_booked(self, payments: Iterable[Payment]) -> Iterator[Payment]:
        """Those that still wait, as they are asked for."""
        return (one for one in payments if one.line_id not in self.booked)

    def leave_strangers(self, payments: Iterable[Payment]) -> Sequence[Payment]:
        """Those that wait, from accounts that were learned since the last time this was asked."""
        learned, self.learned = self.learned, set()
        # To read all that was left takes longer than to see that nobody pays from one of them.
        if learned.isdisjoint(self.waiting.values()):
            return ()
        waiting = self.leave_booked(payments)
        return _keep(one for one in waiting if one.counter_iban in learned)

    def leave_stale(self, payments: Iterable[Payment]) -> Sequence[Payment]:
        """Those that wait with a proposal for something that another paid after it was made."""
        stale = self._stale - self.booked
        return _keep(one for one in payments if one.line_id in stale) if stale else ()

    def _iterate(self, payments: Iterable[Payment], *, around: bool) -> Iterator[Matcher]:
        """A matcher per batch, with what it needs read; the batch before it is being written.

        `around`: with all that is open of the debtors whom its payments may mean.
        """
        is_still = around and not self._is_written
        readings = Readings(payments, self._asked, size=BATCH, is_still=is_still)
        for reading in readings:
            matcher = Matcher(reading, self._judge, self._ahead)
            if around:
                matcher.load_around()
            self.write()
            readings.go_on()
            yield matcher

    def _take(
        self, matcher: Matcher, found: Sequence[Booking], outcomes: Sequence[Outcome]
    ) -> None:
        """What was decided: it counts from now on, and is written later."""
        bookings = prepare(found, self._ahead, matcher.owners)
        booked = [one.payment.line_id for one in found]
        proposals = lay_out_proposals(outcomes, booked, self._ahead)
        self._coming = _Decided(lay_out(bookings), proposals)
        self._ahead.add(bookings)
        self.learned.update(iban for iban, _, _ in bookings.ibans)
        self.booked.update(booked)
        self.proposed.difference_update(booked)
        for line_id in booked:
            self.waiting.pop(line_id, None)
        for booking in found:
            for item_id, _ in booking.proposal.parts:
                self._stale |= self._lines_of.pop(item_id, set())
        for one in outcomes:
            self.waiting[one.payment.line_id] = one.payment.counter_iban
            for told in one.proposals:
                for item_id, _ in told.parts:
                    self._lines_of[item_id].add(one.payment.line_id)
            if one.proposals:
                self.proposed.add(one.payment.line_id)
            else:
                self.proposed.discard(one.payment.line_id)
