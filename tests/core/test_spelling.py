"""Numbers in what a payer wrote: on their own, however they are spelled."""

import pytest

from tijdig.core.matching.spelling import (
    Token,
    choose_spans,
    compare_number,
    compare_part,
    make_number_key,
    parse_number,
    read_text,
    tokenise,
)

KNOWN = {"20260412", "20260413", "F1042", "1042", "0412", "RF54000000001234", "2026V7"}


def find(text: str, known: set[str]) -> list[str]:
    tokens = tokenise(text)
    return [one.joined for one in choose_spans(tokens, read_text(text).readings, known)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("20260412", ["20260412"]),
        ("factuur 2026-0412", ["20260412"]),
        ("FACTUUR 2026/0412.", ["20260412"]),
        ("fact.nr 2026.0412, dank", ["20260412"]),
        ("factuurnr20260412", ["20260412"]),
        ("2026 04 12", ["20260412"]),
        ("2026-\n0412", ["20260412"]),
        ("2026   0412", ["20260412"]),
        ("2026-0412/2026-0413", ["20260412", "20260413"]),
        ("20260412-20260413", ["20260412", "20260413"]),
        ("20260412,20260413", ["20260412", "20260413"]),
        ("20260413 en 20260412", ["20260413", "20260412"]),
        ("klant 10023 factuur 0412", ["0412"]),
        ("0412/10023", ["0412"]),
        ("f 1042", ["F1042"]),
        ("F-1042", ["F1042"]),
        ("2026-v7", ["2026V7"]),
        ("rf54 0000 0000 1234", ["RF54000000001234"]),
        ("kenmerk:RF54000000001234", ["RF54000000001234"]),
        ("(1042)", ["1042"]),
        ("1042a 0412", ["0412"]),
        ("2026--0412", ["20260412"]),
        ("X2026V7", ["2026V7"]),
        # Not on their own.
        ("202604120", []),
        ("120260412", []),
        ("1042A", []),
        ("020-1042", []),
        ("1042-020", []),
        ("EUR 1042,00", []),
        ("12.1042", []),
        ("2026V70", []),
        ("9RF54000000001234", []),
        ("", []),
        ("geen nummer", []),
    ],
)
def test_numbers_are_found_only_on_their_own(text: str, found: list[str]) -> None:
    assert find(text, KNOWN) == found


def test_the_longest_reading_wins() -> None:
    assert find("2026-0412", {"0412", "20260412"}) == ["20260412"]


def test_tokens_keep_what_stands_between_them_and_where_they_stand() -> None:
    assert tokenise("  fact.  2026-04a ") == (
        Token("FACT", "", 2),
        Token("2026", ". ", 9),
        Token("04", "-", 14),
        Token("A", "", 16),
    )


@pytest.mark.parametrize(
    ("written", "number", "spelling"),
    [
        ("F20260412", "F2026-0412", "exact"),
        ("20260412", "F2026-0412", "digits"),
        ("412", "VF-000412", None),
        ("2412", "VF-002412", "digits"),
        ("VF412", "VF-000412", "loose"),
        ("2026412", "2026-0412", "loose"),
        ("20260413", "2026-0412", None),
        ("2026", "2026", None),
        ("412", "412", None),
        ("KLANT", "KLANT", None),
    ],
)
def test_a_number_is_spelled_whole(written: str, number: str, spelling: str | None) -> None:
    assert compare_number(written, parse_number(number)) == spelling


@pytest.mark.parametrize(
    ("written", "number", "spelling"),
    [
        ("0412", "2026-0412", "cut"),
        ("412", "2026-0412", "cut"),
        ("2026041", "2026-0412", "cut"),
        ("20260421", "2026-0412", "swapped"),
        ("20260402", "2026-0412", "swapped"),
        ("20264012", "2026-0412", "swapped"),
        ("20260124", "2026-0412", None),
        ("12", "2026-0412", None),
        ("1412", "2026-0412", None),
        ("0421", "0412", None),
    ],
)
def test_a_number_is_spelled_in_part_or_with_a_slip(
    written: str, number: str, spelling: str | None
) -> None:
    assert compare_part(written, parse_number(number)) == spelling


def test_every_whole_spelling_has_the_key_of_the_number() -> None:
    spelled = ("2026-0412", "2026412", "F2026 0412", "20260412")
    assert {make_number_key(text) for text in spelled} == {"226412"}
    assert make_number_key("1000") == "1000"
