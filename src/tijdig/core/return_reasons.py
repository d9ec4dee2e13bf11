"""Why a payment came back, in words: the reason codes of SEPA that people meet."""

from datetime import date
from typing import Final

from tijdig.core.calendar import format_day
from tijdig.core.problem import Sentence

# ISO 20022 external codes (ExternalReturnReason1Code), the ones of Dutch banks.
_REASONS: Final = {
    "AC01": Sentence("het rekeningnummer klopt niet", "the account number is wrong"),
    "AC04": Sentence("de rekening is opgeheven", "the account is closed"),
    "AC06": Sentence("de rekening is geblokkeerd", "the account is blocked"),
    "AG01": Sentence(
        "van deze rekening mag niet worden geïncasseerd", "this account allows no collections"
    ),
    "AG02": Sentence("de soort transactie klopt niet", "the kind of transaction is wrong"),
    "AM04": Sentence("er stond te weinig geld op de rekening", "the balance was too low"),
    "AM05": Sentence("de bank zag haar dubbel", "the bank saw it twice"),
    "BE05": Sentence("de incassant is niet bekend", "the creditor is not known"),
    "FF01": Sentence("het bestand was niet goed", "the file was not right"),
    "MD01": Sentence("er is geen machtiging", "there is no mandate"),
    "MD06": Sentence("de betaler heeft haar laten terugboeken", "the payer had it reversed"),
    "MD07": Sentence("de betaler is overleden", "the payer has died"),
    "MS02": Sentence("de betaler heeft haar geweigerd", "the payer refused it"),
    "MS03": Sentence("de bank noemt geen reden", "the bank gives no reason"),
    "RC01": Sentence("de bankcode klopt niet", "the bank code is wrong"),
    "SL01": Sentence(
        "de betaler heeft incasso's laten blokkeren", "the payer had collections blocked"
    ),
}


def describe_return(code: str, paid_on: date) -> Sentence:
    """One sentence: the payment of that day came back, and why as far as the bank says."""
    nl, en = format_day(paid_on, "nl"), format_day(paid_on, "en")
    reason = _REASONS.get(code)
    if reason is None:
        told = f" ({code})" if code else ""
        return Sentence(
            f"De betaling van {nl} is teruggeboekt{told}.",
            f"The payment of {en} came back{told}.",
        )
    return Sentence(
        f"De betaling van {nl} is teruggeboekt: {reason.nl} ({code}).",
        f"The payment of {en} came back: {reason.en} ({code}).",
    )
