"""What is decided the short way, or with fewer numbers to look in, is what all the rules decide."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tijdig.core.matching.book import MatchBook, Spoken, make_known
from tijdig.core.matching.plain import find_plain
from tijdig.core.matching.proposals import (
    DEFAULT_LIMIT,
    Judge,
    decide_named,
    decide_payment,
    decide_thoroughly,
)
from tijdig.core.matching.records import Asked, KnownDebtor, OpenItem, Payment

DAY = date(2026, 11, 2)
JUDGE = Judge(DEFAULT_LIMIT)
OURS = "RF18539007547034"
NUMBERS = (
    "F0001234", "2026-0412", "20260413", "D0001", "1234", "F-0001235", "12", "F7", "2026",
    "A1B2C3", "0001234", "1042",
)  # fmt: skip
NAMES = ("Anne de Vries", "Bram Bakker B.V.", "Debiteur 3", "")
CENTS = (12_100, 12_100, 5_000, 700)
PIECES = (
    *NUMBERS, "factuur", "facturen", "F", "klantnr", "en", "t/m", "12-03-2026", "1234,00", "98765",
    "2026 0412", "2026/0412", "001235", "0412", "412", "35", "F 1234", OURS, "bedankt",
    "020-1234567",
)  # fmt: skip
PARTS = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from((" ", "", "-", ", "))), max_size=5
)


def make_items(told: list[tuple[str, int, int, int]]) -> list[OpenItem]:
    return [
        OpenItem(
            UUID(int=serial), UUID(int=90 + owner), number, cents,
            issued_on=DAY + timedelta(days=early), due_on=DAY + timedelta(days=early + 14),
        )
        for serial, (number, owner, cents, early) in enumerate(told, start=1)
    ]  # fmt: skip


ITEMS = st.lists(
    st.tuples(
        st.sampled_from(NUMBERS),
        st.integers(0, 2),
        st.sampled_from((*CENTS, 0, -700)),
        st.sampled_from((-30, -30, 3)),
    ),
    min_size=1,
    max_size=5,
).map(make_items)
DEBTORS = [
    KnownDebtor(UUID(int=90 + place), number, name)
    for place, (number, name) in enumerate(
        (("D0001", NAMES[0]), ("1042", NAMES[1]), ("3", NAMES[2]))
    )
]
OWNERS = {"NL01": [UUID(int=90)], "NL02": [UUID(int=90), UUID(int=91)], "NL03": [UUID(int=92)]}


@settings(max_examples=400)
@given(
    ITEMS,
    PARTS,
    st.sampled_from(CENTS),
    st.sampled_from(("", "NL01", "NL02", "NL03", "NL04")),
    st.sampled_from(NAMES),
    st.sampled_from(("", "", "", OURS, "F0001234")),
    st.sampled_from(("", "", "", "E2E")),
    st.sampled_from(((), (), (), (("F0001234", 700),))),
    st.booleans(),
)
def test_the_short_way_leads_where_all_the_rules_do(
    items: list[OpenItem],
    parts: list[tuple[str, str]],
    cents: int,
    iban: str,
    name: str,
    reference: str,
    end_to_end_id: str,
    documents: tuple[tuple[str, int | None], ...],
    is_asked: bool,
) -> None:
    first = ((items[0].item_id, 700),)
    asked = [Asked(OURS, first)] if is_asked else []
    known = make_known(OWNERS, asked, {"E2E": first} if is_asked else {})
    text = "".join(piece + gap for piece, gap in parts)
    payment = Payment(
        UUID(int=7), DAY, "1", cents, reference, text, iban, name, end_to_end_id, documents
    )
    book = MatchBook(items, DEBTORS, known)
    thorough = decide_thoroughly(payment, book, JUDGE)
    assert decide_payment(payment, book, JUDGE) == thorough
    spoken = Spoken([payment]).list_keys()
    narrow = MatchBook(items, DEBTORS, known, keys=spoken)
    assert decide_thoroughly(payment, narrow, JUDGE) == thorough
    if find_plain(payment, book):
        named = [thorough] if thorough.is_sure else []
        assert decide_named([payment], book, JUDGE) == named


@pytest.mark.parametrize(
    ("text", "number", "iban", "name", "documents"),
    [
        pytest.param("020-1042", "1042", "NL01", NAMES[0], (), id="a part of another number"),
        pytest.param("1042", "F1042", "NL02", NAMES[1], (), id="a customer number too"),
        pytest.param("F9001234", "F9001234", "NL03", NAMES[2], (), id="from somebody else"),
        pytest.param("F0001234, factuur 12", "F0001234", "NL01", NAMES[0], (), id="a short number"),
        pytest.param(
            "F0001234", "F0001234", "NL01", NAMES[0], (("F0001234", 700), ("12", None)), id="a list"
        ),
    ],
)
def test_what_is_not_as_plain_as_it_seems(
    text: str, number: str, iban: str, name: str, documents: tuple[tuple[str, int | None], ...]
) -> None:
    # The second is that of the payer who swapped two digits.
    told = [(number, 0, 12_100, -30), ("F9001243", 2, 12_100, -30), ("A1B2C3", 1, 12_100, -30)]
    items = make_items([*told, ("12", 0, 700, -30)])
    book = MatchBook(items, DEBTORS, make_known(OWNERS, [], {}))
    payment = Payment(UUID(int=7), DAY, "1", 12_100, "", text, iban, name, "", documents)
    assert decide_payment(payment, book, JUDGE) == decide_thoroughly(payment, book, JUDGE)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        pytest.param("factuur 12", 700, id="a short number"),
        pytest.param("facturen 11 t/m 13", 700, id="a range of short numbers"),
        pytest.param("f 1234", 12_100, id="without its zeros"),
        pytest.param("2026 0412 en 413", 17_100, id="one in full and a part"),
        pytest.param("klantnr d0001", 12_100, id="a customer number"),
        pytest.param("bedankt", 12_100, id="no number"),
    ],
)
def test_only_numbers_that_payments_spell_are_looked_up(text: str, cents: int) -> None:
    items = make_items([
        ("F0001234", 0, 12_100, -30), ("12", 1, 700, -30), ("2026-0412", 2, 12_100, -30),
        ("2026-0413", 2, 5_000, -30), ("F9001243", 0, 300, -30),
    ])  # fmt: skip
    known = make_known(OWNERS, [], {})
    payment = Payment(UUID(int=7), DAY, "1", cents, "", text, "NL04", "")
    narrow = MatchBook(items, DEBTORS, known, keys=Spoken([payment]).list_keys())
    expected = decide_thoroughly(payment, MatchBook(items, DEBTORS, known), JUDGE)
    assert expected.proposals
    assert decide_payment(payment, narrow, JUDGE) == expected
    found = [number for numbers in narrow.by_key.values() for _, number in numbers]
    assert "F9001243" not in {one.plain for one in found}


def test_who_names_and_pays_one_invoice_goes_the_short_way() -> None:
    items = make_items([("F0001234", 0, 12_100, -30), ("F0001235", 0, 12_100, -30)])
    book = MatchBook(items, DEBTORS, make_known(OWNERS, [], {}))
    plain = Payment(UUID(int=7), DAY, "1", 12_100, "", "factuur F0001234", "NL01", NAMES[0])
    assert find_plain(plain, book) is not None
    assert decide_payment(plain, book, JUDGE).is_sure
    for text, cents in (("F0001234 F0001235", 12_100), ("F0001234", 12_000), ("F000123", 12_100)):
        other = Payment(UUID(int=7), DAY, "1", cents, "", text, "NL01", NAMES[0])
        assert find_plain(other, book) is None
