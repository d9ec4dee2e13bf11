"""Payment references: made, checked and written as banks and people do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tijdig.core.references import (
    format_reference,
    is_valid_betalingskenmerk,
    is_valid_rf,
    make_rf_reference,
    normalise_reference,
)


def test_a_reference_is_rf_check_and_twelve_digits() -> None:
    assert make_rf_reference(1234) == "RF54000000001234"
    assert make_rf_reference(0) == "RF04000000000000"
    assert make_rf_reference(999_999_999_999_999_999_999) == "RF12999999999999999999999"


@pytest.mark.parametrize("number", [-1, 10**21])
def test_a_number_that_does_not_fit_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no RF reference can hold"):
        make_rf_reference(number)


@given(st.integers(min_value=0, max_value=10**21 - 1))
def test_every_made_reference_is_valid_also_in_groups_and_lower_case(number: int) -> None:
    reference = make_rf_reference(number)
    assert is_valid_rf(reference)
    assert is_valid_rf(format_reference(reference).lower())
    assert normalise_reference(format_reference(reference)) == reference


@given(
    st.integers(min_value=0, max_value=10**12 - 1),
    st.integers(min_value=2, max_value=15),
    st.integers(min_value=1, max_value=9),
)
def test_one_wrong_digit_shows(number: int, place: int, by: int) -> None:
    reference = make_rf_reference(number)
    wrong = str((int(reference[place]) + by) % 10)
    assert not is_valid_rf(reference[:place] + wrong + reference[place + 1 :])


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("RF18539007547034", True),
        ("rf18 5390 0754 7034", True),
        ("RF74INV2026001234", True),
        ("RF19539007547034", False),
        ("RF18", False),
        ("RF185390075470341234567890", False),
        ("18539007547034", False),
        ("", False),
    ],
)
def test_known_rf_references(text: str, valid: bool) -> None:
    assert is_valid_rf(text) is valid


def test_check_digits_out_of_range_are_wrong_although_they_leave_one() -> None:
    number = next(n for n in range(1000) if make_rf_reference(n)[2:4] == "02")
    right = make_rf_reference(number)
    assert is_valid_rf(right)
    assert not is_valid_rf(f"RF99{right[4:]}")


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("5010002167010010", True),
        ("0001041146910100", True),
        ("2017166777600001", True),
        ("8049244482480005", True),
        ("3961 3079 9841 0020", True),
        ("6010002167010010", False),
        ("5010002167010011", False),
        ("5010002167010", False),
        ("501000216701001A", False),
    ],
)
def test_known_betalingskenmerken(text: str, valid: bool) -> None:
    assert is_valid_betalingskenmerk(text) is valid


def test_references_are_shown_in_groups_of_four() -> None:
    assert format_reference("RF18539007547034") == "RF18 5390 0754 7034"
    assert format_reference("5010.0021.6701.0010") == "5010 0021 6701 0010"
    assert format_reference("") == ""
