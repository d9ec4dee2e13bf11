"""Whether a mandate may be collected on: its form, its signature, its life and its scheme."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from stdnum.eu import at_02

from tijdig.core.calendar import add_months, format_day
from tijdig.core.direct_debits.scheme import MANDATE_LAPSES_AFTER_MONTHS, Scheme
from tijdig.core.facts import DebtorKind
from tijdig.core.identifiers import is_valid_iban
from tijdig.core.law.dated import get_value
from tijdig.core.problem import Sentence

ObjectionCode = Literal[
    "reference",
    "creditor_id",
    "iban",
    "holder",
    "no_address",
    "not_signed_yet",
    "b2b_consumer",
    "used_up",
    "withdrawn",
    "ended",
    "lapsed",
    "too_early",
    "not_a_banking_day",
    "not_announced",
    "announced_late",
]

LONGEST_REFERENCE: Final = 35
LONGEST_NAME: Final = 70
# The Latin set of the scheme. A slash may not begin or end a reference, nor stand twice.
_REFERENCE: Final = re.compile(r"[A-Za-z0-9+?/\-:().,' ]{1,35}")


@dataclass(frozen=True, slots=True)
class Mandate:
    """A debtor's authority to collect, with how often it was used.

    `reference` is our own (the scheme's "unique mandate reference"); `iban` is the debtor's,
    `holder` the name of its holder. `last_collected_on` is the day of the last collection that was
    handed in, also when it came back; `collected_times` counts them, of a one-off mandate without
    those that came back. `ends_on` is the last day on which it may be collected on; from
    `withdrawn_on` on it may not. `has_address`: town and country of the payer are known.
    """

    reference: str
    creditor_id: str
    scheme: Scheme
    signed_on: date
    iban: str
    holder: str
    debtor_kind: DebtorKind = "unknown"
    is_one_off: bool = False
    last_collected_on: date | None = None
    collected_times: int = 0
    withdrawn_on: date | None = None
    ends_on: date | None = None
    has_address: bool = True


@dataclass(frozen=True, slots=True)
class Objection:
    """Why nothing may be collected: a code to file it under, and what to do about it."""

    code: ObjectionCode
    because: Sentence


def check_mandate(mandate: Mandate, *, today: date) -> Objection | None:
    """The first reason why this mandate cannot be collected on, on this day; None when it can.

    Give the day of the collection as `today` to judge a collection that is planned. Source: SDD
    Core and B2B Rulebooks (EPC016-06, EPC222-07).
    """
    return _check_form(mandate) or _check_life(mandate, today)


def lapses_on(mandate: Mandate) -> date:
    """The first day on which an unused mandate is worth nothing any more.

    That is 36 months after its last collection, or after its signature where there was none.
    """
    used_on = mandate.last_collected_on or mandate.signed_on
    return add_months(used_on, get_value(MANDATE_LAPSES_AFTER_MONTHS, max(used_on, _FIRST_ON)))


def needs_payer_address(iban: str) -> bool:
    """Whether a collection from this account states where the payer lives: outside the EEA.

    Source: SDD Rulebooks (EPC016-06, EPC222-07), AT-09, and EPC409-09 for the countries.
    """
    return "".join(iban.split())[:2].upper() in _ADDRESS_COUNTRIES


def is_same_creditor(one: str, other: str) -> bool:
    """Whether two creditor identifiers are of the same creditor.

    Characters 5 to 7 are a code of the creditor's own and do not count (EPC262-08).
    """
    first, second = (at_02.compact(text).upper() for text in (one, other))
    return (first[:4], first[7:]) == (second[:4], second[7:])


def is_valid_creditor_id(text: str) -> bool:
    """Whether this is a creditor identifier with right check digits (mod 97-10, EPC262-08).

    A Dutch one has the letters ZZZ (or a code of the creditor's own) and twelve digits: the KvK
    number and four more.
    """
    if not text.isascii() or not at_02.is_valid(text):
        return False
    plain = at_02.compact(text)
    return plain[:2] != "NL" or bool(_DUTCH_CREDITOR.fullmatch(plain))


def is_valid_reference(text: str) -> bool:
    """Whether a bank takes this as a mandate or end-to-end reference: 35 characters at most."""
    fits = _REFERENCE.fullmatch(text) is not None and text == text.strip()
    return fits and not text.startswith("/") and not text.endswith("/") and "//" not in text


# SEPA countries outside the European Economic Area: there the payer's address must be given.
_ADDRESS_COUNTRIES: Final = frozenset("AD AL CH GB GG GI IM JE MC MD ME MK RS SM VA".split())
_FIRST_ON: Final = MANDATE_LAPSES_AFTER_MONTHS.rows[0].from_on
_DUTCH_CREDITOR: Final = re.compile(r"NL[0-9]{2}[A-Z0-9]{3}[0-9]{12}")


def _check_form(mandate: Mandate) -> Objection | None:
    if not is_valid_reference(mandate.reference):
        return Objection("reference", _BAD_REFERENCE)
    if not is_valid_creditor_id(mandate.creditor_id):
        return Objection("creditor_id", _BAD_CREDITOR_ID)
    if not is_valid_iban(mandate.iban):
        return Objection("iban", _BAD_IBAN)
    if not mandate.holder.strip():
        return Objection("holder", _NO_HOLDER)
    if mandate.scheme == "b2b" and mandate.debtor_kind not in ("business", "public_body"):
        return Objection("b2b_consumer", _B2B_CONSUMER)
    if needs_payer_address(mandate.iban) and not mandate.has_address:
        return Objection("no_address", _NO_ADDRESS)
    return None


def _check_life(mandate: Mandate, today: date) -> Objection | None:
    if mandate.signed_on > today:
        nl, en = format_day(mandate.signed_on, "nl"), format_day(mandate.signed_on, "en")
        return Objection(
            "not_signed_yet",
            Sentence(
                f"De machtiging is pas op {nl} getekend. Incasseer vanaf die dag.",
                f"The mandate was signed on {en}. Collect from that day on.",
            ),
        )
    if mandate.withdrawn_on is not None and mandate.withdrawn_on <= today:
        nl, en = format_day(mandate.withdrawn_on, "nl"), format_day(mandate.withdrawn_on, "en")
        return Objection(
            "withdrawn",
            Sentence(
                f"De machtiging is ingetrokken op {nl}. Vraag een nieuwe machtiging.",
                f"The mandate was withdrawn on {en}. Ask for a new mandate.",
            ),
        )
    if mandate.is_one_off and mandate.collected_times > 0:
        return Objection("used_up", _USED_UP)
    if mandate.ends_on is not None and mandate.ends_on < today:
        nl, en = format_day(mandate.ends_on, "nl"), format_day(mandate.ends_on, "en")
        return Objection(
            "ended",
            Sentence(
                f"De machtiging gold tot en met {nl}. Vraag een nieuwe machtiging.",
                f"The mandate held until {en} inclusive. Ask for a new mandate.",
            ),
        )
    lapsed_on = lapses_on(mandate)
    if lapsed_on <= today:
        nl, en = format_day(lapsed_on, "nl"), format_day(lapsed_on, "en")
        return Objection(
            "lapsed",
            Sentence(
                "De machtiging is 36 maanden niet gebruikt en is vervallen sinds"
                f" {nl}. Vraag een nieuwe machtiging.",
                f"The mandate was not used for 36 months and has lapsed since {en}. Ask for a new"
                " mandate.",
            ),
        )
    return None


_BAD_REFERENCE: Final = Sentence(
    "Het kenmerk van de machtiging past niet bij SEPA. Gebruik 1 tot 35 letters zonder accent,"
    " cijfers, spaties of / - ? : ( ) . , ' +, en geen / aan het begin of het eind.",
    "The mandate reference does not fit SEPA. Use 1 to 35 letters without accents, digits, spaces"
    " or / - ? : ( ) . , ' +, and no / at the beginning or the end.",
)
_BAD_CREDITOR_ID: Final = Sentence(
    "Het incassant-ID klopt niet. U vindt het in uw incassocontract; het begint met NL, twee"
    " cijfers en ZZZ.",
    "The creditor identifier is not right. It is in your contract with the bank; it begins with NL,"
    " two digits and ZZZ.",
)
_BAD_IBAN: Final = Sentence(
    "Het rekeningnummer van de machtiging klopt niet. Vraag de betaler om zijn IBAN.",
    "The account number of the mandate is not right. Ask the payer for his IBAN.",
)
_NO_HOLDER: Final = Sentence(
    "De naam van de rekeninghouder ontbreekt. Vul die in.",
    "The name of the account holder is missing. Fill it in.",
)
_NO_ADDRESS: Final = Sentence(
    "De rekening is van buiten de EER: dan moet het adres van de betaler in het bestand staan. Vul"
    " bij de debiteur ten minste plaats en land in.",
    "The account is outside the EEA: then the file must state the payer's address. Fill in at least"
    " town and country at the debtor.",
)
_B2B_CONSUMER: Final = Sentence(
    "Een zakelijke incasso (B2B) mag alleen bij een bedrijf of overheid. Leg vast dat deze debiteur"
    " een bedrijf is, of gebruik een gewone machtiging.",
    "A B2B collection is allowed from a business or a public body only. Record that this debtor is"
    " a business, or use a core mandate.",
)
_USED_UP: Final = Sentence(
    "Deze eenmalige machtiging is al gebruikt. Vraag een nieuwe machtiging.",
    "This one-off mandate has been used already. Ask for a new mandate.",
)
