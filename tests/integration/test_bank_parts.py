"""Parts of a day that do not touch, or sum to nil: every line of them once, in any order."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import permutations
from uuid import UUID

import pytest
from tests.integration.office import make_administration
from tests.integration.test_bank_once import booked, bring, day, gaps, pay, state
from tests.plugs.camt_samples import Entry, make_camt

pytestmark = pytest.mark.usefixtures("database")

EQUAL = [pay(5_000, "abonnement", day(0)) for _ in range(3)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_equal_payments_of_one_day_in_parts_that_come_in_any_order(order: Sequence[int]) -> None:
    """The first and the last part do not touch before the middle one is there."""
    administration_id = make_administration()
    parts = [make_camt(state(10_000 + at * 5_000, [one])) for at, one in enumerate(EQUAL)]
    bring(administration_id, *(parts[at] for at in order))
    whole = Counter({(day(0), 5_000, "abonnement"): 3})
    assert booked(administration_id) == whole
    bring(administration_id, make_camt(state(10_000, EQUAL)), *parts)
    assert booked(administration_id) == whole


def test_a_part_that_sums_to_nil_is_known_once_the_whole_day_is() -> None:
    entries = [pay(5_000, "betaling", day(0)), pay(-5_000, "retour", day(0)), EQUAL[0]]
    for order in ([entries, entries[:2]], [entries[:2], entries]):
        administration_id = make_administration()
        bring(administration_id, *(make_camt(state(10_000, one)) for one in order))
        assert sum(booked(administration_id).values()) == 3


def test_the_parts_of_a_day_that_is_known_whole_bring_nothing() -> None:
    """Whatever order its lines are kept in, the part in the middle is one of them."""
    cents = (-700, 5_000, 1_200, 5_000, 5_000)
    entries = [pay(one, "x" if one > 0 else "kosten", day(0)) for one in cents]
    cuts = [(0, 5), (3, 5), (1, 2), (2, 3), (0, 1)]
    for _ in range(4):
        administration_id = make_administration()
        for first, last in cuts:
            opening = 10_000 + sum(cents[:first])
            bring(administration_id, make_camt(state(opening, entries[first:last])))
        assert sum(booked(administration_id).values()) == 5


@pytest.mark.parametrize("is_first", [True, False])
def test_the_whole_day_mends_what_its_parts_could_not_tell(is_first: bool) -> None:
    """A payment and its return sum to nil; then the same payment comes again, in a part alone."""
    entries = [pay(5_000, "abonnement", day(0)), pay(-5_000, "retour", day(0)), EQUAL[0]]
    parts = [make_camt(state(10_000, entries[:2])), make_camt(state(10_000, entries[2:]))]
    administration_id = make_administration()
    bring(administration_id, *(parts if is_first else reversed(parts)))
    bring(administration_id, make_camt(state(10_000, entries)))
    assert booked(administration_id) == Counter(
        {(day(0), 5_000, "abonnement"): 2, (day(0), -5_000, "retour"): 1}
    )


def numbered(opening: int, entries: Sequence[Entry], sequence: str) -> bytes:
    """A part of the day with the running number that the bank gave it."""
    return make_camt(state(opening, entries, sequence=sequence, identification=f"A-{sequence}"))


RETURN = pay(-5_000, "retour", day(0))


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0, 1), (1, 0, 1)])
@pytest.mark.parametrize(
    "parts",
    [
        # A payment and its return; then the same payment again.
        [numbered(10_000, [EQUAL[0], RETURN], "61"), numbered(10_000, EQUAL[:1], "62")],
        [numbered(10_000, [EQUAL[0], RETURN], "61/1"), numbered(10_000, EQUAL[:1], "61/2")],
        # A payment; then its return and the same payment again.
        [numbered(10_000, EQUAL[:1], "61"), numbered(15_000, [RETURN, EQUAL[0]], "62")],
    ],
)
def test_the_running_number_tells_a_part_that_sums_to_nil(
    parts: Sequence[bytes], order: Sequence[int]
) -> None:
    administration_id = make_administration()
    bring(administration_id, *(parts[at] for at in order))
    assert booked(administration_id) == Counter(
        {(day(0), 5_000, "abonnement"): 2, (day(0), -5_000, "retour"): 1}
    )


@pytest.mark.parametrize(
    "files",
    [
        # The morning, and then the whole day, from a bank that counts its files.
        [numbered(10_000, EQUAL[:1], "61"), numbered(10_000, [EQUAL[0], RETURN], "62")],
        # The same day twice; a day that goes on after it summed to nil.
        [numbered(10_000, [EQUAL[0], RETURN], one) for one in ("61", "62")],
        [
            numbered(10_000, [EQUAL[0], RETURN], "61"),
            numbered(10_000, [EQUAL[0], RETURN, pay(700, "nieuw", day(0))], "62"),
        ],
    ],
)
def test_a_higher_number_alone_makes_no_further_payment(files: Sequence[bytes]) -> None:
    for order in (files, files[::-1]):
        administration_id = make_administration()
        bring(administration_id, *order)
        assert booked(administration_id)[day(0), 5_000, "abonnement"] == 1


NIL_FIRST = [
    make_camt(state(10_000, [EQUAL[0], RETURN])),
    make_camt(state(10_000, EQUAL[:1], identification="B")),
]
NIL_LAST = [
    make_camt(state(10_000, EQUAL[:1])),
    make_camt(state(15_000, [RETURN, EQUAL[0]], identification="B")),
]


def beside(number: int, opening: int) -> bytes:
    """The statement of another day, which says how the day in question began or ended."""
    entries = [pay(100, "een andere dag", day(number))]
    return make_camt(state(opening, entries, identification=f"dag {number}"))


ONCE = Counter({(day(0), 5_000, "abonnement"): 1, (day(0), -5_000, "retour"): 1})
TWICE = ONCE + Counter({(day(0), 5_000, "abonnement"): 1})


def booked_that_day(administration_id: UUID) -> Counter[tuple[date, int, str]]:
    return Counter({one: n for one, n in booked(administration_id).items() if one[0] == day(0)})


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize(
    ("parts", "telling", "whole"),
    [
        (NIL_FIRST, beside(1, 15_000), TWICE),
        (NIL_FIRST, beside(1, 10_000), ONCE),
        (NIL_LAST, beside(-1, 9_900), TWICE),
    ],
)
def test_the_day_beside_it_tells_of_parts_without_numbers(
    parts: Sequence[bytes], telling: bytes, whole: Counter[object], is_turned: bool
) -> None:
    """Known before, it decides; known only later, the account waits, and reading again mends it."""
    parts = parts[::-1] if is_turned else parts
    known_before = make_administration()
    bring(known_before, telling, *parts, *parts)
    assert booked_that_day(known_before) == whole
    assert gaps(known_before) == []
    known_later = make_administration()
    bring(known_later, *parts)
    assert gaps(known_later) == ["opening"]
    bring(known_later, telling)
    assert gaps(known_later) == ([] if whole == ONCE else ["balance"])
    bring(known_later, *parts)
    assert booked_that_day(known_later) == whole
    assert gaps(known_later) == []


@pytest.mark.parametrize("is_turned", [False, True])
def test_the_end_of_a_part_that_sums_to_nil_is_no_further_payment(is_turned: bool) -> None:
    """The day began with the balance of the nil part: what begins below it is a piece of that."""
    administration_id = make_administration()
    bring(administration_id, beside(-1, 14_900), *(NIL_LAST[::-1] if is_turned else NIL_LAST))
    assert booked_that_day(administration_id) == ONCE


def test_the_statement_of_the_whole_day_ends_the_doubt() -> None:
    administration_id = make_administration()
    bring(administration_id, *NIL_FIRST)
    assert gaps(administration_id) == ["opening"]
    bring(administration_id, make_camt(state(10_000, [EQUAL[0], RETURN, EQUAL[0]])))
    assert booked_that_day(administration_id) == TWICE
    assert gaps(administration_id) == []
