"""In the shape of each bank: every booked line exactly once, whatever files bring it (F2, F3)."""

from collections import Counter
from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from tests.integration.office import make_administration
from tests.integration.test_bank_once import bring, gaps
from tests.plugs.camt_samples import Balance, Detail, Entry, Statement, make_camt
from tests.plugs.mt940_samples import NAME, SHAPES, Paid, Shape, write_mt940, write_mt942

from tijdig.banking.formats import mt940
from tijdig.banking.models import BankLine
from tijdig.tenants.scope import administration_scope

pytestmark = [
    pytest.mark.usefixtures("database"),
    pytest.mark.parametrize("bank", SHAPES),
]

MONDAY = date(2026, 3, 2)
OPENING = 100_000
# Equal payments of one day, of several days, and one that goes out.
WEEK = [
    Paid(MONDAY + timedelta(days=days), cents, text)
    for days, cents, text in (
        (0, 12_100, "FACTUUR 1"),
        (0, 5_000, "ABONNEMENT"),
        (0, 5_000, "ABONNEMENT"),
        (1, -700, "KOSTEN"),
        (1, 5_000, "ABONNEMENT"),
        (2, 3_000, "FACTUUR 2"),
        (2, 5_000, "ABONNEMENT"),
        (3, 900, "FACTUUR 3"),
    )
]


def cut(shape: Shape, first: int, last: int, *, number: int = 61) -> bytes:
    """The lines from one place up to another, with the balances that they truly had."""
    opening = OPENING + sum(one.cents for one in WEEK[:first])
    return write_mt940(shape, opening, WEEK[first:last], number=number)


def booked(administration_id: UUID) -> Counter[tuple[date, int]]:
    with administration_scope(administration_id):
        lines = BankLine.objects.exclude(state="pending")
        return Counter(lines.values_list("booked_on", "cents"))


def pending(administration_id: UUID) -> Counter[tuple[date, int]]:
    with administration_scope(administration_id):
        lines = BankLine.objects.filter(state="pending")
        return Counter(lines.values_list("booked_on", "cents"))


def truth(*lines: Paid) -> Counter[tuple[date, int]]:
    return Counter((one.on, one.cents) for one in lines)


def account_of(shape: Shape) -> str:
    """The account as this bank's own files name it."""
    (statement,) = mt940.parse(cut(shape, 0, 1), name="proef").statements
    return statement.iban


def test_a_line_says_who_paid_how_much_and_why(bank: str) -> None:
    shape = SHAPES[bank]
    (statement,) = mt940.parse(cut(shape, 0, 8), name="proef").statements
    assert statement.balances_ok
    assert [(one.booked_on, one.amount_cents) for one in statement.lines] == [
        (one.on, one.cents) for one in WEEK
    ]
    assert {one.counter_iban for one in statement.lines} == {shape.payer}
    for line, paid in zip(statement.lines, WEEK, strict=True):
        assert paid.text in line.text
        assert NAME in f"{line.counter_name} {line.text}".upper()


@pytest.mark.parametrize(
    "cuts",
    [
        [(0, 8), (0, 8)],
        [(0, 5), (3, 7), (5, 8)],
        [(0, 2), (2, 6), (6, 8)],
        [(0, 8), (0, 2), (2, 8)],
    ],
    ids=["the same twice", "overlapping", "split within a day", "whole and split"],
)
def test_the_union_holds_every_line_once(bank: str, cuts: list[tuple[int, int]]) -> None:
    files = [cut(SHAPES[bank], *ends, number=61 + at) for at, ends in enumerate(cuts)]
    # In order, out of order, and the last one first.
    for order in {tuple(files), tuple(files[::-1]), list(permutations(files))[1]}:
        administration_id = make_administration()
        bring(administration_id, *order)
        assert booked(administration_id) == truth(*WEEK)
        assert "balance" not in gaps(administration_id)


def write_camt(shape: Shape, first: int, last: int) -> bytes:
    """The same as `cut`, as the bank's camt.053 says it: the account by its IBAN."""
    number = account_of(shape)
    iban = number if number.startswith("NL") else f"NL91ABNA{number:0>10}"
    opening = OPENING + sum(one.cents for one in WEEK[:first])
    own = WEEK[first:last]
    closing = opening + sum(one.cents for one in own)
    return make_camt(
        Statement(
            [
                Entry(
                    f"{abs(one.cents) // 100}.{abs(one.cents) % 100:02d}",
                    "CRDT" if one.cents > 0 else "DBIT",
                    booked_on=one.on,
                    value_on=one.on,
                    details=[Detail(name=NAME, iban=shape.payer, texts=[f"Betaling: {one.text}"])],
                )
                for one in own
            ],
            balances=[
                Balance("OPBD", f"{opening / 100:.2f}", own[0].on),
                Balance("CLBD", f"{closing / 100:.2f}", own[-1].on),
            ],
            iban=iban,
            identification=f"CAMT-{first}",
            from_on=own[0].on,
            until_on=own[-1].on,
        )
    )


def test_the_days_of_other_files_bring_nothing_new_in_another_format(bank: str) -> None:
    """Daily statements beside one of the week, and a week that has one day more than is known."""
    shape = SHAPES[bank]
    days = [cut(shape, *ends, number=61 + at) for at, ends in enumerate([(0, 3), (3, 5), (5, 7)])]
    for order in ([*days, write_camt(shape, 0, 8)], [write_camt(shape, 0, 8), *days]):
        administration_id = make_administration()
        bring(administration_id, *order)
        assert booked(administration_id) == truth(*WEEK)
        assert gaps(administration_id) == []


def test_a_number_that_comes_back_next_year_is_another_statement(bank: str) -> None:
    shape, later = SHAPES[bank], timedelta(days=364)
    again = [Paid(one.on + later, one.cents, one.text) for one in WEEK]
    closing = OPENING + sum(one.cents for one in WEEK)
    files = [cut(shape, 0, 8), write_mt940(shape, closing, again)]
    for order in (files, files[::-1]):
        administration_id = make_administration()
        bring(administration_id, *order, on=date(2027, 3, 15))
        assert booked(administration_id) == truth(*WEEK, *again)


@pytest.mark.parametrize("announced_in", ["camt.052", "MT942"])
def test_what_is_announced_counts_once_it_is_booked(bank: str, announced_in: str) -> None:
    shape = SHAPES[bank]
    account = account_of(shape)
    if announced_in == "camt.052":
        entries = [
            Entry(
                f"{one.cents // 100}.{one.cents % 100:02d}",
                booked_on=one.on,
                value_on=one.on,
                details=[Detail(name=NAME, iban=shape.payer, texts=[one.text])],
            )
            for one in WEEK[:3]
        ]
        report = make_camt(Statement(entries, iban=account), message="052")
    else:
        report = write_mt942(WEEK[:3], account=account, payer=shape.payer)
    administration_id = make_administration()
    bring(administration_id, report, report, on=MONDAY)
    assert (booked(administration_id), pending(administration_id)) == (Counter(), truth(*WEEK[:3]))
    bring(administration_id, cut(shape, 0, 5), on=MONDAY)
    assert (booked(administration_id), pending(administration_id)) == (truth(*WEEK[:5]), Counter())
    # A report that comes late announces nothing any more.
    bring(administration_id, report, on=MONDAY)
    assert (booked(administration_id), pending(administration_id)) == (truth(*WEEK[:5]), Counter())
