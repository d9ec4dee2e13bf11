"""What to do when a collection comes back: by the bank's reason, on a day that suits the debtor.

A collection that comes back is no dispute: the invoice is open again with its old due date, and
nothing more. A second attempt is a new collection, with its own announcement.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from tijdig.core.calendar import (
    add_banking_days,
    add_days,
    add_months,
    add_working_days,
    format_day,
    next_banking_day,
)
from tijdig.core.direct_debits.banks import DEFAULT_BANK, BankProfile
from tijdig.core.direct_debits.deadlines import USUAL_ANNOUNCE_DAYS
from tijdig.core.direct_debits.scheme import Scheme
from tijdig.core.problem import Sentence

AnswerKind = Literal["retry", "stop", "ask_new_mandate", "correct_data"]

# What the payer said no to, or cannot say any more: only a newer mandate opens it again.
REFUSED_BY_PAYER: Final = frozenset({"MD06", "MD07", "MS02", "SL01"})
# Perhaps collected already: nothing is wrong with the mandate, and a person looks.
SEEN_TWICE: Final = "AM05"
# The bank gave no reason: a person may try once more, and no more than once.
ONCE_MORE: Final = frozenset({"MS03"})


@dataclass(frozen=True, slots=True)
class RetryTerms:
    """How a creditor tries again.

    `pay_day` is the day of the month on which the debtor gets his money, None where unknown.
    `most_retries` counts attempts after the first; `wait_banking_days` lie at least between.
    """

    bank: BankProfile = DEFAULT_BANK
    announce_days: int = USUAL_ANNOUNCE_DAYS
    most_retries: int = 1
    wait_banking_days: int = 5
    pay_day: int | None = None


@dataclass(frozen=True, slots=True)
class ReturnAnswer:
    """What follows on a collection that came back, and why.

    `retry_on` is a banking day, for `retry` only. `holds_mandate` says that nothing more may be
    collected on this mandate until a person has looked at it. `flag` is the special situation of
    the payer that the reason tells of (a key of `core.flags.FLAGS`); empty for none.
    """

    kind: AnswerKind
    because: Sentence
    retry_on: date | None = None
    holds_mandate: bool = False
    flag: str = ""


def answer_return(
    code: str,
    *,
    attempts: int,
    collect_on: date,
    today: date,
    terms: RetryTerms | None = None,
    scheme: Scheme = "core",
) -> ReturnAnswer:
    """What to do with a collection that came back for this reason (an ISO 20022 code).

    `attempts` counts the collections of this claim, the returned one with them; `collect_on` was
    its day, `today` is the day on which the return is read. Tried again is only what lacked money
    or was nobody's will: AM04, ED05 and TM01. A reason that is unknown, missing or a refusal never
    is. In the B2B scheme a bank knows only mandates that the payer told it of, and money that was
    collected is not refunded. Source: the external codes of ISO 20022; docs/decisions/0025.
    """
    terms = terms or RetryTerms()
    if code in _RETRIED:
        if attempts > terms.most_retries:
            return _give_up(_RETRIED[code], attempts)
        wait = code == _TOO_LITTLE_MONEY
        on = choose_retry_day(collect_on=collect_on, today=today, terms=terms, wait=wait)
        return _retry(_RETRIED[code], on)
    known = (_ANSWERS_B2B.get(code) if scheme == "b2b" else None) or _ANSWERS.get(code)
    if known is not None:
        return known
    named = f" ({code})" if code else ""
    return ReturnAnswer(
        "stop",
        Sentence(
            f"De bank noemt geen reden die wij kennen{named}. Neem contact op met de debiteur"
            " voordat u opnieuw incasseert.",
            f"The bank gives no reason that we know{named}. Contact the debtor before you collect"
            " again.",
        ),
        holds_mandate=True,
    )


def describe_comeback(code: str, collect_on: date, *, was_collected: bool) -> Sentence:
    """One sentence: the collection of that day was taken back, or never happened."""
    nl, en = format_day(collect_on, "nl"), format_day(collect_on, "en")
    named = f" ({code})" if code else ""
    if was_collected:
        return Sentence(
            f"De incasso van {nl} is teruggeboekt{named}.",
            f"The collection of {en} was taken back{named}.",
        )
    return Sentence(
        f"De bank heeft de incasso van {nl} niet uitgevoerd{named}.",
        f"The bank did not carry out the collection of {en}{named}.",
    )


def choose_retry_day(
    *, collect_on: date, today: date, terms: RetryTerms, wait: bool = True
) -> date:
    """The banking day for a second attempt.

    Not before the day of the first, which a bank may refuse days ahead; not before a new
    announcement, sent on the next working day at the latest, has run; not before the bank can. With
    `wait` the banking days of rest come first too, and then the debtor's pay day.
    """
    announced_on = add_working_days(today, 1)
    day = max(collect_on, add_days(announced_on, terms.announce_days))
    day = max(day, add_banking_days(announced_on, terms.bank.lead_days + 1))
    if wait:
        rested_on = add_banking_days(max(today, collect_on), terms.wait_banking_days)
        day = max(day, rested_on)
        if terms.pay_day is not None:
            day = _after_pay_day(day, terms.pay_day)
    return next_banking_day(day)


def _give_up(reason: Sentence, attempts: int) -> ReturnAnswer:
    return ReturnAnswer(
        "stop",
        Sentence(
            f"{reason.nl} Wij hebben {attempts} keer geïncasseerd en doen dat niet nog eens."
            " Spreek met de debiteur een andere manier van betalen af.",
            f"{reason.en} We collected {attempts} times and do not do it again. Agree another"
            " way of paying with the debtor.",
        ),
        holds_mandate=True,
    )


def _retry(reason: Sentence, on: date) -> ReturnAnswer:
    return ReturnAnswer(
        "retry",
        Sentence(
            f"{reason.nl} Wij incasseren opnieuw op {format_day(on, 'nl')} en kondigen dat aan.",
            f"{reason.en} We collect again on {format_day(on, 'en')} and announce that.",
        ),
        on,
    )


def _after_pay_day(day: date, pay_day: int) -> date:
    """The first day from `day` on that is the day after a pay day."""
    month = day.replace(day=1)
    for count in range(-1, 3):
        first = add_months(month, count)
        last = monthrange(first.year, first.month)[1]
        found = add_days(first.replace(day=max(1, min(pay_day, last))), 1)
        if found >= day:
            return found
    return day


_TOO_LITTLE_MONEY: Final = "AM04"
_RETRIED: Final = {
    _TOO_LITTLE_MONEY: Sentence(
        "Er stond te weinig geld op de rekening.", "The balance was too low."
    ),
    "ED05": Sentence(
        "De banken konden de incasso niet verrekenen.", "The banks could not settle the collection."
    ),
    "TM01": Sentence(
        "Het bestand kwam na de sluitingstijd van de bank.",
        "The file came after the bank's cut-off time.",
    ),
}


def _stop(nl: str, en: str, *, holds: bool = True, flag: str = "") -> ReturnAnswer:
    return ReturnAnswer("stop", Sentence(nl, en), holds_mandate=holds, flag=flag)


def _ask(nl: str, en: str) -> ReturnAnswer:
    return ReturnAnswer("ask_new_mandate", Sentence(nl, en), holds_mandate=True)


def _correct(nl: str, en: str, *, holds: bool = False) -> ReturnAnswer:
    return ReturnAnswer("correct_data", Sentence(nl, en), holds_mandate=holds)


_OUR_DATA: Final = _correct(
    "Onze gegevens bij deze incasso kloppen niet. Verbeter ze en incasseer opnieuw.",
    "Our own data with this collection are not right. Correct them and collect again.",
)
_PAYERS_DATA: Final = _correct(
    "De naam of het adres van de betaler klopt niet of ontbreekt. Verbeter de machtiging en"
    " incasseer opnieuw.",
    "The name or address of the payer is wrong or missing. Correct the mandate and collect again.",
)
_ANSWERS: Final[dict[str, ReturnAnswer]] = {
    "AC01": _correct(
        "Het rekeningnummer klopt niet. Vraag de debiteur om zijn IBAN en pas de machtiging aan.",
        "The account number is wrong. Ask the debtor for his IBAN and change the mandate.",
        holds=True,
    ),
    "AC04": _ask(
        "De rekening is opgeheven. Vraag een nieuw rekeningnummer en een nieuwe machtiging.",
        "The account is closed. Ask for a new account number and a new mandate.",
    ),
    "AC06": _stop(
        "De rekening is geblokkeerd. Spreek een andere manier van betalen af.",
        "The account is blocked. Agree another way of paying.",
    ),
    "AC13": _ask(
        "Dit is de rekening van een consument; een zakelijke incasso mag daar niet. Vraag een"
        " gewone machtiging.",
        "This is a consumer's account, where no B2B collection is allowed. Ask for a core mandate.",
    ),
    "AG01": _stop(
        "Van deze rekening mag niet worden geïncasseerd. Spreek een andere manier van betalen af.",
        "This account allows no collections. Agree another way of paying.",
    ),
    "AG02": _correct(
        "De plaats in de reeks (eerste, vervolg, laatste, eenmalig) klopt niet. Verbeter die en"
        " incasseer opnieuw.",
        "The sequence (first, recurrent, final, one-off) is not right. Correct it and collect"
        " again.",
    ),
    SEEN_TWICE: _stop(
        "De bank zag deze incasso dubbel. Kijk eerst of het bedrag al is geïncasseerd.",
        "The bank saw this collection twice. Look first whether the amount was collected already.",
        holds=False,
    ),
    "BE01": _PAYERS_DATA,
    "BE04": _PAYERS_DATA,
    "BE05": _correct(
        "De bank kent ons incassant-ID niet. Verbeter het en incasseer opnieuw.",
        "The bank does not know our creditor identifier. Correct it and collect again.",
    ),
    "BE06": _PAYERS_DATA,
    "BE07": _PAYERS_DATA,
    "CNOR": _correct(
        "Onze bank doet niet mee met deze soort incasso. Vraag uw bank wat er nodig is.",
        "Our bank does not take part in this kind of collection. Ask your bank what is needed.",
    ),
    "DNOR": _stop(
        "De bank van de betaler doet niet mee met incasso. Spreek een andere manier van betalen"
        " af.",
        "The payer's bank takes no part in collections. Agree another way of paying.",
    ),
    "DT01": _correct(
        "De dag van de incasso klopt niet. Kies een andere dag en incasseer opnieuw.",
        "The day of the collection is not right. Choose another day and collect again.",
    ),
    "FF01": _OUR_DATA,
    "FF05": _correct(
        "De soort incasso (gewoon of zakelijk) klopt niet. Verbeter de machtiging en incasseer"
        " opnieuw.",
        "The kind of collection (core or B2B) is not right. Correct the mandate and collect again.",
    ),
    "MD01": _ask(
        "Volgens de bank is er geen machtiging. Incasseer niet meer; vraag een nieuwe machtiging.",
        "The bank says that there is no mandate. Collect no more; ask for a new mandate.",
    ),
    "MD02": _correct(
        "De gegevens van de machtiging kloppen niet of zijn niet volledig. Verbeter ze en incasseer"
        " opnieuw.",
        "The data of the mandate are wrong or incomplete. Correct them and collect again.",
    ),
    "MD06": _stop(
        "De betaler heeft het bedrag terug laten boeken. Neem eerst contact op; incasseer niet"
        " vanzelf opnieuw.",
        "The payer had the amount refunded. Contact him first; do not collect again by itself.",
    ),
    "MD07": _stop(
        "De betaler is overleden. Stop met aanmanen en schrijf de erven.",
        "The payer has died. Stop dunning and write to the heirs.",
        flag="deceased",
    ),
    "MS02": _stop(
        "De betaler heeft de incasso geweigerd. Neem contact op.",
        "The payer refused the collection. Contact him.",
    ),
    "MS03": _stop(
        "De bank noemt geen reden. Neem contact op; daarna kunt u één keer opnieuw incasseren.",
        "The bank gives no reason. Contact the debtor; after that you can collect once more.",
    ),
    "RC01": _OUR_DATA,
    "RR01": _PAYERS_DATA,
    "RR02": _PAYERS_DATA,
    "RR03": _OUR_DATA,
    "RR04": _stop(
        "Een wettelijke regel houdt deze incasso tegen. Vraag uw bank wat er nodig is.",
        "A legal rule stops this collection. Ask your bank what is needed.",
    ),
    "SL01": _stop(
        "De betaler heeft onze incasso's bij zijn bank geblokkeerd. Vraag hem die toe te staan, of"
        " spreek een andere manier van betalen af.",
        "The payer has blocked our collections at his bank. Ask him to allow them, or agree another"
        " way of paying.",
    ),
}
_ANSWERS_B2B: Final[dict[str, ReturnAnswer]] = {
    "MD01": _correct(
        "De bank van de betaler kent deze machtiging niet. Bij een zakelijke incasso meldt de"
        " betaler haar zelf aan bij zijn bank. Vraag hem dat, en incasseer daarna opnieuw.",
        "The payer's bank does not know this mandate. For a B2B collection the payer registers it"
        " with his bank himself. Ask him to, and then collect again.",
        holds=True,
    ),
    "MD02": _correct(
        "De machtiging is anders dan de betaler haar bij zijn bank heeft aangemeld. Leg beide naast"
        " elkaar, verbeter wat niet klopt en incasseer opnieuw.",
        "The mandate differs from what the payer registered with his bank. Compare the two, correct"
        " what is wrong and collect again.",
    ),
    "MD06": _stop(
        "Een zakelijke incasso kan de betaler niet terug laten boeken, en toch is dat gebeurd."
        " Vraag uw bank waarom, en neem contact op met de betaler.",
        "A payer cannot have a B2B collection refunded, and yet it was. Ask your bank why, and"
        " contact the payer.",
    ),
}

TO_CORRECT: Final = frozenset(
    code
    for code, answer in _ANSWERS.items()
    if answer.kind == "correct_data" and not answer.holds_mandate
)
"""What is wrong in our own data: once it is corrected, the same mandate serves."""
