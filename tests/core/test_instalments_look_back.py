"""What was asked for paid instalments counts for six months; of what is still open it does not."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.core.debtor_facts import make_invoice

from tijdig.core.instalment_costs import compute_asked_before, is_in_look_back, take_off_asked
from tijdig.core.law.collection_costs import compute_collection_costs
from tijdig.core.notices import PaperItem, PastNotice

MARCH = make_invoice("1", due_on=date(2026, 3, 2), cents=10_000)
APRIL = make_invoice("2", due_on=date(2026, 4, 2), cents=10_000)


def make_letter(*, item_id: UUID = MARCH.item_id, due_on: date = MARCH.due_on) -> PastNotice:
    return PastNotice(
        "veertiendagenbrief",
        item_id,
        UUID(int=5),
        10_000,
        date(2026, 3, 24),
        costs_cents=4_000,
        claimed_cents=4_000,
        paper=PaperItem(due_on, due_on),
    )


@pytest.mark.parametrize(
    ("newest_on", "asked"),
    [
        (date(2026, 4, 2), 4_000),
        (date(2026, 9, 1), 4_000),
        (date(2026, 9, 2), 0),
        # The older one may be asked after the newer one.
        (date(2026, 2, 2), 4_000),
        # There was no such rule yet.
        (date(2024, 9, 30), 0),
    ],
)
def test_it_looks_six_months_back(newest_on: date, asked: int) -> None:
    assert compute_asked_before([make_letter()], [APRIL], newest_on=newest_on) == asked
    assert is_in_look_back(MARCH.due_on, newest_on=newest_on) == bool(asked)


def test_a_letter_counts_once_and_not_while_anything_of_it_is_open() -> None:
    letters = [make_letter(), make_letter(item_id=UUID(int=77))]
    assert compute_asked_before(letters, [APRIL], newest_on=APRIL.due_on) == 4_000
    assert compute_asked_before(letters, [MARCH, APRIL], newest_on=APRIL.due_on) == 0


def test_a_letter_counts_where_costs_followed_for_some_of_it_only() -> None:
    in_time = replace(make_letter(item_id=UUID(int=77)), claimed_cents=0)
    for letters in ([make_letter(), in_time], [in_time, make_letter()]):
        assert compute_asked_before(letters, [APRIL], newest_on=APRIL.due_on) == 4_000


@pytest.mark.parametrize(
    ("asked", "total", "vat"), [(0, 4_840, 840), (2_420, 2_420, 420), (5_000, 0, 0)]
)
def test_what_was_asked_goes_off_with_its_vat_and_is_marked_for_review(
    asked: int, total: int, vat: int
) -> None:
    costs = compute_collection_costs([10_000], on=date(2026, 4, 24), adds_vat=True)
    less = take_off_asked(costs, asked)
    assert (less.total_cents, less.vat_cents, less.needs_review) == (total, vat, asked > 0)
    assert less.costs_cents + less.vat_cents == less.total_cents
