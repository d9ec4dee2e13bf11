"""Keys of bank lines: the union of overlapping files holds every line exactly once."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tijdig.banking.keys import line_keys, statement_keys
from tijdig.banking.records import BankLineRecord, StatementRecord

IBAN = "NL91ABNA0417164300"
FIRST_DAY = date(2026, 3, 2)


def make_line(**changes: object) -> BankLineRecord:
    line = BankLineRecord(
        booked_on=FIRST_DAY,
        value_on=FIRST_DAY,
        amount_cents=12100,
        currency="EUR",
        counter_iban="NL20INGB0001234567",
        counter_name="Bakkerij De Korenaar",
        text="factuur 2026-0412",
        reference="",
        end_to_end_id="",
        bank_reference="",
        place="Stmt[1]/Ntry[1]",
    )
    return replace(line, **changes)  # type: ignore[arg-type]


# Few different contents over few days, so that equal lines on one day are common.
lines_of_an_account = st.lists(
    st.builds(
        lambda day, cents, text: make_line(
            booked_on=FIRST_DAY + timedelta(days=day), amount_cents=cents, text=text
        ),
        st.integers(min_value=0, max_value=5),
        st.sampled_from([2500, 12100, -2500]),
        st.sampled_from(["factuur 1042", "factuur 1043", ""]),
    ),
    max_size=30,
).map(lambda lines: sorted(lines, key=lambda line: line.booked_on))

spans = st.lists(
    st.tuples(st.integers(min_value=0, max_value=5), st.integers(min_value=0, max_value=5)),
    max_size=6,
)


def make_file(lines: list[BankLineRecord], first: int, last: int) -> list[BankLineRecord]:
    """The lines of whole days, as a bank exports them."""
    from_on, until_on = FIRST_DAY + timedelta(days=first), FIRST_DAY + timedelta(days=last)
    return [line for line in lines if from_on <= line.booked_on <= until_on]


@given(lines_of_an_account, spans)
def test_overlapping_files_of_whole_days_hold_every_line_once(
    lines: list[BankLineRecord], cuts: list[tuple[int, int]]
) -> None:
    whole = dict(zip(line_keys(lines, iban=IBAN), lines, strict=True))
    assert len(whole) == len(lines)
    stored: dict[str, BankLineRecord] = {}
    for first, last in [*cuts, (0, 2), (1, 4), (3, 5)]:
        part = make_file(lines, first, last)
        for key, line in zip(line_keys(part, iban=IBAN), part, strict=True):
            stored.setdefault(key, line)
    assert stored == whole


@given(lines_of_an_account, st.randoms(use_true_random=False))
def test_order_does_not_matter(lines: list[BankLineRecord], chance: Random) -> None:
    shuffled = list(lines)
    chance.shuffle(shuffled)
    keys, other = line_keys(lines, iban=IBAN), line_keys(shuffled, iban=IBAN)
    assert Counter(keys) == Counter(other)
    assert dict(zip(keys, lines, strict=True)) == dict(zip(other, shuffled, strict=True))


@given(lines_of_an_account)
def test_another_export_of_the_same_day_gives_the_same_keys(lines: list[BankLineRecord]) -> None:
    exported_again = [
        replace(
            line,
            text=line.text.replace(" ", "\n  ").upper(),
            end_to_end_id="NOTPROVIDED",
            bank_reference="20260302-1",
            counter_name="BAKKERIJ DE KORENAAR BV",
            place="Stmt[9]/Ntry[9]",
            value_on=line.value_on + timedelta(days=1),
        )
        for line in lines
    ]
    assert line_keys(exported_again, iban=IBAN) == line_keys(lines, iban=IBAN)


def make_statement(lines: list[BankLineRecord], iban: str = IBAN) -> StatementRecord:
    return StatementRecord(iban, "EUR", "", "", None, None, None, None, tuple(lines), "Stmt[1]")


@given(lines_of_an_account, st.integers(min_value=0, max_value=30))
def test_a_day_spread_over_two_statements_of_a_file_keeps_every_line(
    lines: list[BankLineRecord], cut: int
) -> None:
    other = make_statement([make_line()], iban="NL20INGB0001234567")
    first, alone, second = statement_keys(
        [make_statement(lines[:cut]), other, make_statement(lines[cut:])]
    )
    assert first + second == line_keys(lines, iban=IBAN)
    assert alone == line_keys(other.lines, iban=other.iban)


def test_a_change_in_what_was_booked_gives_another_key() -> None:
    variants = [
        make_line(),
        make_line(booked_on=date(2027, 3, 2)),
        make_line(amount_cents=-12100),
        make_line(currency="SEK"),
        make_line(counter_iban=""),
        make_line(text="factuur 2026-0413"),
        make_line(text="", reference="factuur2026-0412"),
        make_line(text="", end_to_end_id="factuur2026-0412"),
    ]
    keys = {line_keys([line], iban=IBAN)[0] for line in variants}
    other_account = line_keys([make_line()], iban="NL20INGB0001234567")[0]
    assert len(keys | {other_account}) == len(variants) + 1


def test_keys_stay_the_same_between_versions() -> None:
    """These stand in databases: another outcome would book every line a second time."""
    assert line_keys([make_line(), make_line()], iban="NL91 ABNA 0417 1643 00") == (
        "d05bba8b8dc14db381bfe0e0f27ef4c4-1",
        "d05bba8b8dc14db381bfe0e0f27ef4c4-2",
    )
