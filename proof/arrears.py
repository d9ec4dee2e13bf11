"""The usual arrears of a case: who owes what since when, and the day a reminder is due."""

from datetime import date

from tests.integration.books import Listed

MONDAY = date(2026, 3, 2)
DAY = date(2026, 3, 19)
CENTS = 12_100


def make_rows(count: int) -> list[Listed]:
    """Rows of a list of open items: so many debtors, each with one invoice that is late."""
    return [
        Listed(f"2026-{n:05d}", CENTS, debtor=f"{10_000 + n}", iban=iban_of(n))
        for n in range(count)
    ]


def iban_of(number: int) -> str:
    """A test account of the n-th debtor, with the right check digits."""
    bank = f"INGB{number:010d}"
    digits = "".join(str(int(sign, 36)) for sign in f"{bank}NL00")
    return f"NL{98 - int(digits) % 97:02d}{bank}"
