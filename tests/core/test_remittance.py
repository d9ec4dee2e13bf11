"""Known numbers in what a payer wrote: on their own, however they are separated."""

import pytest

from tijdig.core.remittance import Token, find_known, tokenise

KNOWN = {"20260412", "20260413", "F1042", "1042", "0412", "RF54000000001234", "2026V7"}


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
        ("2026-0412/2026-0413", ["20260412", "20260413"]),
        ("20260412-20260413", ["20260412", "20260413"]),
        ("20260412,20260413", ["20260412", "20260413"]),
        ("20260413 en 20260412", ["20260413", "20260412"]),
        ("20260412 20260412", ["20260412", "20260412"]),
        ("klant 10023 factuur 0412", ["0412"]),
        ("0412/10023", ["0412"]),
        ("f 1042", ["F1042"]),
        ("F-1042", ["F1042"]),
        ("1042", ["1042"]),
        ("2026-v7", ["2026V7"]),
        ("rf54 0000 0000 1234", ["RF54000000001234"]),
        ("kenmerk:RF54000000001234", ["RF54000000001234"]),
        ("(1042)", ["1042"]),
        # Not on their own.
        ("202604120", []),
        ("120260412", []),
        ("10421042", []),
        ("1042A", []),
        ("1042a 0412", ["0412"]),
        ("020-1042", []),
        ("1042-020", []),
        ("EUR 1042,00", []),
        ("1042.00", []),
        ("12.1042", []),
        ("2026--0412", ["20260412"]),
        ("2026 - - 0412", ["0412"]),
        ("2026V70", []),
        ("X2026V7", ["2026V7"]),
        ("9RF54000000001234", []),
        ("", []),
        ("geen nummer", []),
    ],
)
def test_numbers_are_found_only_on_their_own(text: str, found: list[str]) -> None:
    assert find_known(tokenise(text), KNOWN, longest=16) == found


def test_the_longest_reading_wins() -> None:
    assert find_known(tokenise("2026-0412"), {"0412", "20260412"}, longest=8) == ["20260412"]
    assert find_known(tokenise("2026-0412"), {"0412"}, longest=4) == []


def test_tokens_keep_what_stands_between_them() -> None:
    assert tokenise("  fact.  2026-04a ") == (
        Token("FACT", ""),
        Token("2026", ". "),
        Token("04", "-"),
        Token("A", ""),
    )
