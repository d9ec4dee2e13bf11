"""What a word on the command line may be; anything else is wrong use (status 2) and says why."""

import argparse
from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from tijdig.core.calendar import read_iso_day

FIRST_YEAR, LAST_YEAR = 1990, 2199
SLUG_LENGTH = 60
NAME_LENGTH = 200
EMAIL_LENGTH = 254
WKI_LENGTH = 40


def iso_day(told: str) -> date:
    """A day of any year, for rules that say themselves what is too far away."""
    try:
        return read_iso_day(told)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{told!r} is geen datum / is not a date: 2026-03-14"
        ) from None


def day_of_work(told: str) -> date:
    """A day to work for, with days before and after it in the calendar."""
    day = iso_day(told)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(
            f"{told!r}: kies een jaar van {FIRST_YEAR} tot en met {LAST_YEAR} / "
            f"choose a year from {FIRST_YEAR} up to {LAST_YEAR}"
        )
    return day


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    """A whole number from `lowest` up to and including `highest`."""

    def read(told: str) -> int:
        if told.isascii() and told.isdecimal() and len(told) < 10:
            number = int(told)
            if lowest <= number <= highest:
                return number
        raise argparse.ArgumentTypeError(
            f"{told!r}: kies een getal van {lowest} tot en met {highest} / "
            f"choose a number from {lowest} up to {highest}"
        )

    return read


port_number = whole_number(1, 65_535)


def filled(most: int) -> Callable[[str], str]:
    """Words without surrounding blanks: something, and at most `most` signs."""

    def read(told: str) -> str:
        words = told.strip()
        if not words:
            raise argparse.ArgumentTypeError(
                "hier staat niets; vul iets in of laat de optie weg / "
                "there is nothing here; fill it in or leave the option out"
            )
        if len(words) > most:
            raise argparse.ArgumentTypeError(
                f"dit zijn {len(words)} tekens; gebruik er hoogstens {most} / "
                f"these are {len(words)} signs; use {most} at most"
            )
        return words

    return read


def email_address(told: str) -> str:
    """An e-mail address as it could exist."""
    address = filled(EMAIL_LENGTH)(told)
    try:
        validate_email(address)
    except ValidationError:
        raise argparse.ArgumentTypeError(
            f"{told!r} is geen e-mailadres / is not an e-mail address: naam@example.nl"
        ) from None
    return address
