"""A book of invoices with the payments on it and, of each, the truth; the same for the same seed.

Made apart from the matcher, of which nothing is imported here (a test looks): payers have habits,
the habits have shares, and whether a careful person could find what was paid follows from what
the payer left in the line, judged by plain search over the whole book.
"""

from datetime import date, timedelta
from random import Random

from bench import payment_words as words
from bench.payment_habits import make_payments
from bench.payment_parts import TEXT_SHARES, Book, BookDebtor, BookInvoice, make_iban, pick

FIRST_DAY = date(2025, 9, 1)
SCHEMES = (
    "{year}-{serial:04d}",
    "F{year}{serial:05d}",
    "{year}{serial:06d}",
    "VF-{serial:06d}",
    "{long}",
)
"""How an administration numbers its invoices."""


def make_book(seed: int, *, debtors: int = 600, weeks: int = 52, scheme: str = "") -> Book:
    """The book of this seed."""
    chance = Random(seed)
    scheme = scheme or SCHEMES[seed % len(SCHEMES)]
    people = [_make_debtor(chance, at) for at in range(debtors)]
    invoices = _make_invoices(chance, people, weeks, scheme)
    payments, asked = make_payments(chance, people, invoices)
    return Book(people, invoices, payments, asked)


def _make_debtor(chance: Random, at: int) -> BookDebtor:
    is_person = chance.random() < 0.6
    if is_person:
        first, last = words.person_name(chance)
        name = f"{first if chance.random() < 0.4 else first[0] + '.'} {last}"
    else:
        name = words.business_name(chance)
    fixed = chance.random() < (0.35 if is_person else 0.15)
    return BookDebtor(
        number=str(10_001 + at * 3),
        name=name,
        is_person=is_person,
        iban=make_iban(chance),
        second_iban=make_iban(chance),
        weekly=chance.choice((0.1, 0.15, 0.23) if is_person else (0.1, 0.25, 0.5, 1.0, 1.6)),
        fixed_cents=chance.choice((2500, 4950, 7500, 12100, 19900)) if fixed else 0,
        habit=pick(chance, TEXT_SHARES),
        keeper=chance.randrange(6),
    )


def _make_invoices(
    chance: Random, people: list[BookDebtor], weeks: int, scheme: str
) -> list[BookInvoice]:
    """In order of the day of issue, numbered without a gap."""
    drafts: list[tuple[date, int]] = []
    for at, debtor in enumerate(people):
        for week in range(weeks):
            count = int(debtor.weekly) + (chance.random() < debtor.weekly % 1)
            drafts += [(FIRST_DAY + timedelta(days=week * 7 + chance.randrange(5)), at)] * count
    drafts.sort()
    invoices = []
    for serial, (day, at) in enumerate(drafts, start=1):
        debtor = people[at]
        cents = debtor.fixed_cents or _amount(chance, is_person=debtor.is_person)
        long = 400_000 + serial * 3 + serial % 2
        number = scheme.format(year=day.year, serial=serial, long=long)
        due_on = day + timedelta(days=chance.choice((14, 14, 30, 30, 30, 8)))
        one = BookInvoice(number, at, day, due_on, cents, left_cents=cents)
        if chance.random() < 0.04 and serial > 20:
            one.cents = one.left_cents = -max(500, cents // chance.choice((2, 4, 10)))
        elif not debtor.is_person and chance.random() < 0.12:
            one.discount_cents = cents * 2 // 100
            one.discount_until = day + timedelta(days=8)
        if not debtor.is_person and chance.random() < 0.4:
            one.order = f"{chance.choice(('PO', '45', 'ORD-'))}{chance.randrange(10**5, 10**7)}"
        invoices.append(one)
    return invoices


def _amount(chance: Random, *, is_person: bool) -> int:
    cents = int(chance.lognormvariate(9.2 if is_person else 10.6, 1.0))
    if chance.random() < 0.25:
        cents = cents // 500 * 500
    return min(max(cents, 500), 9_000_000)
