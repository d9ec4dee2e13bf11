"""Several statements of one account in one file: every line once, however they overlap."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.integration.office import make_administration
from tests.integration.test_bank_once import booked, bring, day, gaps, pay, state
from tests.plugs.camt_samples import Statement, make_camt

pytestmark = pytest.mark.usefixtures("database")

PAID = pay(5_000, "abonnement", day(0))
RETURN = pay(-5_000, "retour", day(0))
PARTS = [state(10_000 + at * 5_000, [PAID], identification=f"DEEL-{at}") for at in range(3)]
WHOLE = state(10_000, [PAID] * 3, identification="GEHEEL")
THREE = Counter({(day(0), 5_000, "abonnement"): 3})

FILES: dict[str, list[Sequence[Statement]]] = {
    "parts in one file": [PARTS],
    "the latest part first": [PARTS[::-1]],
    "parts in one file, then the day": [PARTS, [WHOLE]],
    "the day, then parts in one file": [[WHOLE], PARTS],
    "parts in one file, then one by one": [PARTS, *([one] for one in PARTS)],
    "parts one by one, then in one file": [*([one] for one in PARTS), PARTS],
    "the day and its parts in one file": [[WHOLE, *PARTS]],
    "parts and their day in one file": [[*PARTS, WHOLE]],
}


@pytest.mark.parametrize("way", FILES)
def test_parts_of_a_day_in_one_file_count_as_they_do_alone(way: str) -> None:
    administration_id = make_administration()
    bring(administration_id, *(make_camt(*statements) for statements in FILES[way]))
    assert booked(administration_id) == THREE
    assert gaps(administration_id) == []


@pytest.mark.parametrize("is_turned", [False, True])
def test_statements_in_one_file_that_overlap_by_a_day_count_that_day_once(is_turned: bool) -> None:
    days = [pay(12_100 + at, f"factuur {at}", day(at)) for at in range(3)]
    first = state(10_000, days[:2], identification="EEN")
    second = state(10_000 + 12_100, days[1:], identification="TWEE")
    statements = (second, first) if is_turned else (first, second)
    administration_id = make_administration()
    bring(administration_id, make_camt(*statements))
    assert booked(administration_id) == Counter(
        {(day(at), 12_100 + at, f"factuur {at}"): 1 for at in range(3)}
    )
    assert gaps(administration_id) == []


def test_a_statement_that_stands_twice_in_an_mt940_file_counts_once() -> None:
    on = day(0)
    statement = (
        f":20:P1\n:25:NL91ABNA0417164300EUR\n:28C:61\n:60F:C{on:%y%m%d}EUR100,00\n"
        f":61:{on:%y%m%d%m%d}C121,00NTRFNONREF\n:86:factuur 1\n:62F:C{on:%y%m%d}EUR221,00\n-\n"
    )
    administration_id = make_administration()
    bring(administration_id, (statement * 2).encode())
    assert booked(administration_id) == Counter({(on, 12_100, "factuur 1"): 1})


@pytest.mark.parametrize("is_turned", [False, True])
def test_of_parts_in_one_file_the_one_that_sums_to_nil_is_a_part_too(is_turned: bool) -> None:
    """Its return is in no other part: then its payment is not either."""
    nil = state(10_000, [PAID, RETURN], identification="NIHIL")
    more = state(10_000, [PAID], identification="MEER")
    statements = (more, nil) if is_turned else (nil, more)
    administration_id = make_administration()
    whole = Counter({(day(0), 5_000, "abonnement"): 2, (day(0), -5_000, "retour"): 1})
    for _ in range(2):
        bring(administration_id, make_camt(*statements))
        assert booked(administration_id) == whole
        assert gaps(administration_id) == []


def test_a_whole_day_in_one_file_with_its_part_that_sums_to_nil_counts_once() -> None:
    nil = state(10_000, [PAID, RETURN], identification="NIHIL")
    whole = state(10_000, [PAID, RETURN, PAID], identification="GEHEEL")
    after = state(15_000, [pay(700, "later", day(1))], identification="LATER")
    for statements in ((nil, whole, after), (whole, nil, after)):
        administration_id = make_administration()
        bring(administration_id, make_camt(*statements))
        assert booked(administration_id)[(day(0), 5_000, "abonnement")] == 2
        assert booked(administration_id)[(day(0) + timedelta(days=1), 700, "later")] == 1
        assert gaps(administration_id) == []
