"""A text is read in one pass: its readings, keys and digits are those of the plain rules."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tijdig.core.matching.spelling import (
    compare_number,
    list_digits,
    make_number_key,
    parse_number,
    read_text,
)

PIECES = st.sampled_from(
    ["F", "f2026", "0412", "00412", "2026", "1", "000", "klantnr", "t/m", "²", "é", "", "|"]
)
GAPS = st.sampled_from(["", " ", "-", "/", ".", "  ", "\t", "\xa0", ", ", " - ", "----"])
TEXTS = st.lists(st.tuples(PIECES, GAPS), max_size=9).map(
    lambda told: "".join(piece + gap for piece, gap in told)
)


@given(TEXTS)
def test_the_words_are_where_they_are_said_to_be(text: str) -> None:
    tokens = read_text(text).tokens
    assert [one.text for one in tokens] == [
        run.upper() for run in re.findall("[A-Za-z]+|[0-9]+", text)
    ]
    assert [text[one.start : one.end].upper() for one in tokens] == [one.text for one in tokens]
    ends = [0, *(one.end for one in tokens)]
    between = [text[end : one.start] for end, one in zip(ends, tokens, strict=False)]
    plain = [re.sub(r"\s+", " ", gap) for gap in between]
    assert [one.gap for one in tokens] == [
        gap if at else gap.lstrip() for at, gap in enumerate(plain)
    ]


@given(TEXTS)
def test_every_row_of_words_that_can_be_a_number_is_read(text: str) -> None:
    read = read_text(text)
    count = len(read.tokens)
    rows = [(first, last) for first in range(count) for last in range(first, count)]
    expected = []
    for first, last in rows:
        some = read.tokens[first : last + 1]
        joined = "".join(one.text for one in some)
        is_tied = all(re.fullmatch(r"[-/._ ]{0,3}", one.gap) for one in some[1:])
        fits = last < first + 7 and 4 <= len(joined) <= 28
        if is_tied and fits and re.search("[0-9]", joined):
            expected.append((joined, first, last))
    assert [tuple(one) for one in read.readings] == expected
    assert list(read.keys) == [make_number_key(joined) for joined, _, _ in expected]
    assert list(read.digits) == [list_digits(joined) for joined, _, _ in expected]


@given(TEXTS, TEXTS)
def test_a_number_and_its_spelling_share_their_key(text: str, written: str) -> None:
    number = parse_number(written)
    for reading in read_text(text).readings:
        if compare_number(reading.joined, number):
            assert make_number_key(reading.joined) == number.key
