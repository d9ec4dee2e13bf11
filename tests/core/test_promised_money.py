"""Which money counts for a promise: worked out by hand."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from tijdig.core.promised_money import (
    MoneyMoved,
    PromiseAsked,
    PromiseShare,
    share_promised_money,
)

A, B, KEPT, OLD, COSTS = (UUID(int=n) for n in range(1, 6))


def moment(day: int) -> datetime:
    return datetime(2026, 3, day, 9, tzinfo=UTC)


def move(item_id: UUID, cents: int, day: int, source: int = 0) -> MoneyMoved:
    kept = item_id in (KEPT, OLD)
    return MoneyMoved(item_id, kept, ("bank_line", UUID(int=source or day)), moment(day), cents)


def test_a_promise_about_all_takes_first_what_no_other_can_use() -> None:
    asked = [PromiseAsked(None, 100, moment(1)), PromiseAsked(A, 100, moment(1))]
    paid = [move(A, 100, 2), move(B, 60, 3), move(KEPT, 40, 4)]
    assert share_promised_money(asked, paid) == [PromiseShare(100, 40), PromiseShare(100, 0)]


def test_older_money_that_was_used_with_a_payment_is_no_payment() -> None:
    """Of the 121 on the invoice 71 came with the payment; 50 was there before the promise."""
    asked = [PromiseAsked(A, 121, moment(5))]
    paid = [move(OLD, 50, 1), move(A, 121, 6), move(OLD, -50, 6)]
    assert share_promised_money(asked, paid) == [PromiseShare(71, 0)]


def test_what_moved_from_costs_to_the_invoice_is_still_paid() -> None:
    asked = [PromiseAsked(A, 121, moment(1))]
    paid = [move(A, 81, 2), move(B, 40, 2), move(A, 40, 3), move(B, -40, 3)]
    assert share_promised_money(asked, paid) == [PromiseShare(121, 0)]


def test_a_credit_note_that_a_payment_deducts_is_paid_on_the_invoice_alone() -> None:
    """EUR 1.00 came; with a credit note of EUR 0.21 it paid EUR 1.21 of the invoice."""
    paid = [move(A, 121, 2), move(B, -21, 2)]
    for item_id, cents in ((A, 121), (None, 100)):
        asked = [PromiseAsked(item_id, 121, moment(1))]
        assert share_promised_money(asked, paid) == [PromiseShare(cents, 0)]


def test_a_payment_that_the_bank_took_back_is_none() -> None:
    asked = [PromiseAsked(A, 100, moment(2))]
    paid = [move(A, 100, 1), move(A, 100, 3), move(A, -100, 4)]
    assert share_promised_money(asked, paid) == [PromiseShare(0, 0)]


def test_what_was_kept_by_an_earlier_promise_takes_nothing_of_later() -> None:
    kept = PromiseAsked(None, 100, moment(1), moment(3).date())
    asked = [kept, PromiseAsked(None, 100, moment(2))]
    paid = [move(A, 30, 3), move(A, 100, 4)]
    assert share_promised_money(asked, paid) == [PromiseShare(30, 0), PromiseShare(100, 0)]


def over(invoice: UUID, cents: int, day: int, source: int = 0) -> MoneyMoved:
    """What went to the costs over this invoice."""
    return replace(move(COSTS, cents, day, source), beside=frozenset({invoice}))


def test_what_the_law_puts_on_costs_first_was_paid_for_the_invoice() -> None:
    asked = [PromiseAsked(A, 121, moment(1))]
    paid = [move(A, 81, 2), over(A, 40, 2)]
    assert share_promised_money(asked, paid) == [PromiseShare(121, 0)]
    assert share_promised_money(asked, [over(A, 40, 2)]) == [PromiseShare(40, 0)]


def test_costs_over_another_invoice_are_not_for_this_one() -> None:
    asked = [PromiseAsked(A, 121, moment(1))]
    paid = [move(B, 81, 2), over(B, 40, 2), over(A, 10, 2)]
    assert share_promised_money(asked, paid) == [PromiseShare(0, 0)]


def test_a_promise_about_all_leaves_the_costs_of_an_invoice_to_that_about_it() -> None:
    asked = [PromiseAsked(None, 40, moment(1)), PromiseAsked(A, 121, moment(1))]
    paid = [move(A, 81, 2), over(A, 40, 2), move(B, 40, 3)]
    assert share_promised_money(asked, paid) == [PromiseShare(40, 0), PromiseShare(121, 0)]
