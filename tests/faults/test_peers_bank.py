"""What went wrong with statements of others, by name, and what we do instead: X11 to X14."""

from datetime import date
from itertools import permutations
from uuid import UUID

import pytest
from tests.integration.books import take
from tests.plugs.camt_samples import Detail, Entry, Statement, make_camt

MONDAY = date(2026, 3, 2)
PAYER = "NL20INGB0001234567"


def make_line(text: str, *, on: date, reference: str = "") -> Entry:
    detail = Detail(texts=(text,), iban=PAYER)
    return Entry("10.00", booked_on=on, value_on=on, bank_reference=reference, details=(detail,))


def count_lines(administration: UUID, *files: bytes) -> list[int]:
    """How many lines were new in each of these files, in order."""
    return [sum(one.new_lines for one in take(administration, file).files) for file in files]


def test_x11_a_statement_number_that_comes_back_in_another_year_is_read(
    administration: UUID,
) -> None:
    found = count_lines(
        administration,
        *(
            make_camt(Statement(entries=[make_line("betaling", on=day)], identification="61"))
            for day in (date(2025, 3, 2), date(2026, 3, 2))
        ),
    )
    assert found == [1, 1]


@pytest.mark.parametrize("order", [*permutations(("ab", "bc", "abc"))])
@pytest.mark.parametrize("has_reference", [True, False])
def test_x12_statements_that_overlap_count_every_line_once(
    administration: UUID, order: tuple[str, ...], has_reference: bool
) -> None:
    lines = {
        name: make_line(f"nota {name}", on=MONDAY, reference=f"R{name}" if has_reference else "")
        for name in "abc"
    }
    files = [
        make_camt(Statement(entries=[lines[name] for name in names], identification=names))
        for names in order
    ]
    found = count_lines(administration, *files)
    known: set[str] = set()
    for names, count in zip(order, found, strict=True):
        assert count == len(set(names) - known)
        known |= set(names)
    # The same files once more, as other bytes: nothing is new.
    assert count_lines(administration, *(file + b"\n" for file in files)) == [0, 0, 0]


def test_x13_one_reference_for_several_bookings_is_no_reason_to_refuse(
    administration: UUID,
) -> None:
    lines = [make_line(f"nota {n}", on=MONDAY, reference="ZELFDE") for n in range(3)]
    assert count_lines(administration, make_camt(Statement(entries=lines))) == [3]


def test_x14_two_equal_payments_on_one_day_are_two(administration: UUID) -> None:
    twice = make_camt(Statement(entries=[make_line("contributie", on=MONDAY)] * 2))
    assert count_lines(administration, twice, twice + b"\n") == [2, 0]
