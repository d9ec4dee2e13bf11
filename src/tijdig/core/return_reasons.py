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
    "AC13": Sentence("het is de rekening van een consument", "it is a consumer's account"),
    "AG01": Sentence(
        "van deze rekening mag niet worden geïncasseerd", "this account allows no collections"
    ),
    "AG02": Sentence("de soort transactie klopt niet", "the kind of transaction is wrong"),
    "AM04": Sentence("er stond te weinig geld op de rekening", "the balance was too low"),
    "AM05": Sentence("de bank zag haar dubbel", "the bank saw it twice"),
    "BE05": Sentence("de incassant is niet bekend", "the creditor is not known"),
    "CNOR": Sentence("onze bank doet niet mee", "our bank takes no part"),
    "DNOR": Sentence("de bank van de betaler doet niet mee", "the payer's bank takes no part"),
    "DT01": Sentence("de dag klopt niet", "the day is wrong"),
    "ED05": Sentence("de banken konden haar niet verrekenen", "the banks could not settle it"),
    "FF01": Sentence("het bestand was niet goed", "the file was not right"),
    "FF05": Sentence("de soort incasso klopt niet", "the kind of collection is wrong"),
    "MD01": Sentence("er is geen machtiging", "there is no mandate"),
    "MD02": Sentence("de machtiging klopt niet", "the mandate is not right"),
    "MD06": Sentence("de betaler heeft haar laten terugboeken", "the payer had it reversed"),
    "MD07": Sentence("de betaler is overleden", "the payer has died"),
    "MS02": Sentence("de betaler heeft haar geweigerd", "the payer refused it"),
    "MS03": Sentence("de bank noemt geen reden", "the bank gives no reason"),
    "RC01": Sentence("de bankcode klopt niet", "the bank code is wrong"),
    "RR01": Sentence("gegevens van de rekening ontbreken", "data of the account are missing"),
    "RR02": Sentence("gegevens van de betaler ontbreken", "data of the payer are missing"),
    "RR03": Sentence("gegevens van de ontvanger ontbreken", "data of the creditor are missing"),
    "RR04": Sentence("een wettelijke regel houdt haar tegen", "a legal rule stops it"),
    "SL01": Sentence(
        "de betaler heeft incasso's laten blokkeren", "the payer had collections blocked"
    ),
    "TM01": Sentence("het bestand kwam te laat", "the file came too late"),
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


def describe_own_return(paid_on: date) -> Sentence:
    """One sentence: what we paid ourselves on that day came back, so nobody paid us with it."""
    nl, en = format_day(paid_on, "nl"), format_day(paid_on, "en")
    return Sentence(
        f"De bank boekte onze eigen betaling van {nl} terug. Er is niets mee betaald.",
        f"The bank booked back our own payment of {en}. It pays nothing.",
    )
