"""The QR code from which a bank app fills in a payment (EPC069-12, "SEPA credit transfer")."""

import re
from functools import lru_cache

import segno
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from tijdig.core.money import format_plain
from tijdig.core.problem import Refusal
from tijdig.core.references import is_valid_rf, normalise_reference

LONGEST_NAME = 70
_LONGEST_TEXT = 140
_LARGEST_CENTS = 99_999_999_999
# The standard stops at version 13; one fixed mask is four times as fast and scans as well.
_LARGEST_VERSION = 13
_MASK = 2
_QUIET_ZONE = 4
_DARK = re.compile(rb"\x01+")


def write_epc_contents(
    *, account_name: str, iban: str, amount_cents: int, reference: str, text: str = ""
) -> str:
    """What the code says, line by line.

    An ISO 11649 `reference` goes in as such; without one, `text` describes the payment.
    Refuses: an invalid IBAN or reference, no name or one over 70 characters, an amount below
    0,01 or above 999.999.999,99 euro, a text over 140 characters.
    """
    if not account_name or len(account_name) > LONGEST_NAME:
        raise Refusal(
            f"De naam bij het rekeningnummer moet 1 tot {LONGEST_NAME} tekens hebben.",
            f"The name with the account number must have 1 to {LONGEST_NAME} characters.",
        )
    if not is_valid_iban(iban):
        raise Refusal(
            f"Het rekeningnummer '{iban}' klopt niet. Verbeter het bij de instellingen.",
            f"The account number '{iban}' is not valid. Mend it at the settings.",
        )
    if not 1 <= amount_cents <= _LARGEST_CENTS:
        raise Refusal(
            "Een QR-code kan bedragen van 0,01 tot 999.999.999,99 euro bevatten.",
            "A QR code can hold amounts from 0.01 to 999,999,999.99 euro.",
        )
    if reference and not is_valid_rf(reference):
        raise Refusal(
            f"Het betalingskenmerk '{reference}' klopt niet. Maak het bericht opnieuw.",
            f"The payment reference '{reference}' is not valid. Make the message again.",
        )
    if len(text) > _LONGEST_TEXT or any("\n" in value for value in (account_name, text)):
        raise Refusal(
            f"De omschrijving in een QR-code is één regel van {_LONGEST_TEXT} tekens.",
            f"The description in a QR code is one line of {_LONGEST_TEXT} characters.",
        )
    how_to_read = ("BCD", "002", "1", "SCT", "")
    payee = (account_name, normalise_reference(iban), f"EUR{format_plain(amount_cents)}", "")
    what_for = (normalise_reference(reference),) if reference else ("", text)
    return "\n".join((*how_to_read, *payee, *what_for)).rstrip("\n")


def draw_qr(contents: str) -> str:
    """The code as SVG of one unit per module, with the quiet zone of four modules around it."""
    rows = [bytes(row) for row in make_qr(contents).matrix]
    size = len(rows) + 2 * _QUIET_ZONE
    path = "".join(
        f"M{x + _QUIET_ZONE} {y}h{length}v1h-{length}z"
        for y, row in enumerate(rows, start=_QUIET_ZONE)
        for x, length in ((dark.start(), len(dark.group())) for dark in _DARK.finditer(row))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path d="{path}"/></svg>'
    )


def make_qr(contents: str) -> segno.QRCode:
    """The code itself: error correction M, at most version 13, as the standard says."""
    code = segno.make(
        contents, error="m", mask=_MASK, encoding="utf-8", boost_error=False, micro=False
    )
    if int(code.version) > _LARGEST_VERSION:
        raise Refusal(
            "De gegevens passen niet in een QR-code. Maak de naam bij het rekeningnummer korter.",
            "The details do not fit a QR code. Shorten the name with the account number.",
        )
    return code


@lru_cache(maxsize=4096)
def is_valid_iban(iban: str) -> bool:
    """Whether country, length, structure and check digits are right; spaces are no matter."""
    try:
        return bool(IBAN(iban).validate())
    except SchwiftyException:
        return False
