"""BW 6:96 lid 7: letters together never ask more than the costs over what is owed together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.core.debtor_facts import make_facts, make_invoice

from tijdig.core.claims import Claimed, compute_due_claims
from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.excess_costs import BookedCosts, CostsPart, find_excess_costs
from tijdig.core.facts import OpenItem
from tijdig.core.letter_costs import compute_new_costs
from tijdig.core.netting import Owed
from tijdig.core.notices import PastNotice

FIRST, SECOND = UUID(int=71), UUID(int=72)
FIRST_LINE, SECOND_LINE = UUID(int=801), UUID(int=802)
TODAY = date(2026, 4, 20)
# Of the first invoice € 200,00 was paid within the term of its letter: € 100,00 is left.
A = make_invoice("1", due_on=date(2026, 1, 2), cents=10_000, term="agreed")
B = make_invoice("2", due_on=date(2026, 3, 2), cents=30_000, term="agreed")


def make_letter(item: OpenItem, message_id: UUID, on: date, until: date, **more) -> PastNotice:
    return PastNotice(
        "veertiendagenbrief",
        item.item_id,
        message_id,
        amount_cents=30_000,
        sent_on=on,
        received_on=on,
        last_day=until,
        **{"costs_cents": 4_500, **more},
    )


LETTER_A = make_letter(A, FIRST, date(2026, 1, 13), date(2026, 1, 29))
LETTER_B = make_letter(B, SECOND, date(2026, 3, 24), date(2026, 4, 13))


def find_left(
    paid: Sequence[tuple[date, int]], *, booked_on: date = date(2026, 4, 14)
) -> dict[UUID, int]:
    facts = make_facts(A, B, kind="consumer", notices=(LETTER_A, LETTER_B))
    part = CostsPart(A, 30_000, 30_000, tuple(paid))
    booked = [
        BookedCosts(FIRST_LINE, date(2026, 2, 1), 4_500, False, (part,), message_id=FIRST),
        BookedCosts(
            SECOND_LINE, booked_on, 4_500, False, (CostsPart(B, 30_000, 30_000),), message_id=SECOND
        ),
    ]
    over = find_excess_costs(facts, CreditorRules(), booked, agreed=None, today=TODAY)
    return {line: 4_500 - over.get(line, 0) for line in (FIRST_LINE, SECOND_LINE)}


@pytest.mark.parametrize(
    ("paid", "left"),
    [
        # € 60,00 over € 400,00, of which € 40,00 over the first.
        ([(date(2026, 1, 20), -20_000)], (4_000, 2_000)),
        # After its term: the costs of the first stay, and so do those of the second.
        ([(date(2026, 2, 20), -20_000)], (4_500, 4_500)),
        # The first was paid before the second was booked: it does not count any more.
        ([(date(2026, 2, 20), -30_000)], (4_500, 4_500)),
        ([], (4_500, 4_500)),
    ],
)
def test_what_shows_later_lowers_both_lines_together(
    paid: Sequence[tuple[date, int]], left: tuple[int, int]
) -> None:
    assert tuple(find_left(paid).values()) == left


@pytest.mark.parametrize(
    ("paid_on", "left"),
    [
        # Before the second letter: each is a claim of its own.
        (date(2026, 3, 23), (42_500, 42_500)),
        # Since: both could be demanded, and together they are € 675,00 over € 6.000,00.
        (date(2026, 3, 24), (42_500, 25_000)),
        (date(2026, 4, 10), (42_500, 25_000)),
    ],
)
def test_what_was_open_when_the_second_letter_was_written_counts_with_it(
    paid_on: date, left: tuple[int, int]
) -> None:
    facts = make_facts(B, kind="consumer", notices=(LETTER_A, LETTER_B))
    parts = (
        CostsPart(A, 300_000, 300_000, ((paid_on, -300_000),)),
        CostsPart(B, 300_000, 300_000),
    )
    booked = [
        BookedCosts(FIRST_LINE, date(2026, 2, 1), 42_500, False, parts[:1], message_id=FIRST),
        BookedCosts(SECOND_LINE, date(2026, 4, 14), 42_500, False, parts[1:], message_id=SECOND),
    ]
    over = find_excess_costs(facts, CreditorRules(), booked, agreed=None, today=TODAY)
    assert tuple(42_500 - over.get(line, 0) for line in (FIRST_LINE, SECOND_LINE)) == left


def test_two_lines_over_one_invoice_are_one() -> None:
    letters = (LETTER_A, make_letter(A, SECOND, date(2026, 3, 24), date(2026, 4, 13)))
    facts = make_facts(A, kind="consumer", notices=letters)
    part = (CostsPart(A, 30_000, 30_000),)
    booked = [
        BookedCosts(FIRST_LINE, date(2026, 2, 1), 4_500, False, part, message_id=FIRST),
        BookedCosts(SECOND_LINE, date(2026, 4, 14), 4_500, False, part, message_id=SECOND),
    ]
    over = find_excess_costs(facts, CreditorRules(), booked, agreed=None, today=TODAY)
    assert over == {SECOND_LINE: 4_500}


def test_a_second_letter_names_what_it_adds_to_what_is_left_of_the_first() -> None:
    facts = make_facts(A, B, kind="consumer", notices=(LETTER_A,))
    named = compute_new_costs(
        [Owed(B, 30_000)], facts, CreditorRules(), on=date(2026, 3, 24)
    ).total_cents
    assert named == 2_000


@pytest.mark.parametrize(
    ("claimed_cents", "named_cents"),
    # € 375,00 was claimed over € 2.500,00, of which € 100,00 is open: € 385,00 over € 2.600,00.
    [(37_500, 1_000), (38_500, 0), (0, 34_500)],
)
def test_a_second_letter_names_no_more_than_may_be_claimed_beside_the_first(
    claimed_cents: int, named_cents: int
) -> None:
    letter = make_letter(
        A, FIRST, date(2026, 1, 13), date(2026, 1, 29), claimed_cents=claimed_cents
    )
    letter = replace(letter, amount_cents=250_000, costs_cents=37_500)
    own, on = [Owed(replace(B, open_cents=250_000), 250_000)], date(2026, 3, 24)
    facts = make_facts(A, own[0].item, kind="consumer", notices=(letter,))
    named = compute_new_costs(own, facts, CreditorRules(), on=on)
    assert (named.total_cents, named.vat_cents) == (named_cents, 0)
    with_vat = compute_new_costs(own, facts, CreditorRules(adds_vat=True), on=on)
    assert with_vat.total_cents == with_vat.costs_cents + with_vat.vat_cents
    assert abs(with_vat.vat_cents * 121 - with_vat.total_cents * 21) <= 121
    if claimed_cents:
        # Who paid the rest of the first since owes no more either.
        second = make_letter(B, SECOND, on, date(2026, 4, 13), costs_cents=named_cents)
        second = replace(second, amount_cents=250_000)
        later = make_facts(own[0].item, kind="consumer", notices=(letter, second))
        claims = compute_due_claims(
            later, CreditorRules(), balances={B.item_id: 250_000}, today=TODAY
        )
        assert [one.cents for one in claims if one.kind == "costs"] == [named_cents] * bool(
            named_cents
        )


@pytest.mark.parametrize(("rest_cents", "named_cents"), [(250_000, 1_000), (10_000, 34_500)])
def test_costs_that_still_wait_count_by_what_was_left_on_the_last_day(
    rest_cents: int, named_cents: int
) -> None:
    """Paid after the term: € 375,00 will be claimed over the first. Paid within it: € 40,00."""
    letter = make_letter(A, FIRST, date(2026, 1, 13), date(2026, 1, 29), costs_cents=37_500)
    letter = replace(letter, amount_cents=250_000, rest_cents=rest_cents)
    newer = replace(B, open_cents=250_000)
    facts = make_facts(A, newer, kind="consumer", notices=(letter,))
    own, on = [Owed(newer, 250_000)], date(2026, 3, 24)
    assert compute_new_costs(own, facts, CreditorRules(), on=on).total_cents == named_cents


def claim(letter: PastNotice, rules: CreditorRules, claimed: Claimed) -> list[int]:
    claims = compute_due_claims(
        make_facts(A, B, kind="consumer", notices=(letter,)),
        rules,
        claimed=claimed,
        balances={B.item_id: 30_000},
        today=TODAY,
    )
    return [one.cents for one in claims if one.kind == "costs"]


def test_costs_of_a_second_letter_are_what_they_add() -> None:
    # Booked over € 300,00, and taken back to € 40,00 since.
    claimed = Claimed(principals={A.item_id: 30_000}, costs_cents=4_000)
    assert claim(LETTER_B, CreditorRules(), claimed) == [2_000]


@pytest.mark.parametrize(("adds_vat", "cents"), [(True, 5_445), (False, 4_500)])
def test_vat_that_may_not_be_added_any_more_is_not_added(adds_vat: bool, cents: int) -> None:
    letter = make_letter(
        B, SECOND, date(2026, 3, 24), date(2026, 4, 13), costs_cents=5_445, vat_cents=945
    )
    assert claim(letter, CreditorRules(adds_vat=adds_vat), Claimed()) == [cents]


@pytest.mark.parametrize(
    ("adds_vat", "is_open", "over"),
    [(True, True, {}), (False, True, {SECOND_LINE: 945}), (False, False, {})],
)
def test_vat_is_taken_back_from_what_is_still_asked(
    adds_vat: bool, is_open: bool, over: dict[UUID, int]
) -> None:
    line = make_invoice("9", cents=5_445, kind="claim", item_id=SECOND_LINE)
    facts = make_facts(B, *([line] if is_open else []), kind="consumer", notices=(LETTER_B,))
    booked = BookedCosts(
        SECOND_LINE,
        date(2026, 4, 14),
        5_445,
        True,
        (CostsPart(B, 30_000, 30_000),),
        message_id=SECOND,
    )
    rules = CreditorRules(adds_vat=adds_vat)
    assert find_excess_costs(facts, rules, [booked], agreed=None, today=TODAY) == over
