"""What is said of a camt file: why it does not come in, and what to know of one that does."""

from collections.abc import Mapping
from typing import Final

from tijdig.banking.records import StatementRecord
from tijdig.core.problem import Sentence


def say_other_message(name: str, namespace: str) -> Sentence:
    """It is a message of another kind."""
    found = f"{name[:60]} ({namespace[:80]})" if namespace else name[:60]
    return Sentence(
        f"Dit is geen bankafschrift in camt.052, camt.053 of camt.054, maar {found}. Vraag uw bank"
        " om camt.053.",
        f"This is not a bank statement in camt.052, camt.053 or camt.054, but {found}. Ask your"
        " bank for camt.053.",
    )


def say_spelled(found: str, right: str) -> Sentence:
    """An element has other capitals than the standard gives it."""
    return Sentence(
        f"Hier staat <{found}> waar camt <{right}> schrijft: in XML tellen hoofdletters mee. Een"
        " programma heeft dit bestand veranderd. Download het opnieuw bij uw bank en lever het"
        " aan zoals het is.",
        f"Here stands <{found}> where camt writes <{right}>: capitals count in XML. A program has"
        " changed this file. Download it from your bank again and deliver it as it is.",
    )


def say_left_out(number: int) -> Sentence:
    """So many entries that are no booking were left out."""
    if number == 1:
        return Sentence(
            "1 regel is alleen ter informatie of nog niet definitief. Zij telt niet als betaling.",
            "1 entry is for information only or not final yet. It does not count as a payment.",
        )
    return Sentence(
        f"{number} regels zijn alleen ter informatie of nog niet definitief. Zij tellen niet als"
        " betaling.",
        f"{number} entries are for information only or not final yet. They do not count as"
        " payments.",
    )


def say_long_texts(number: int) -> Sentence:
    """So many texts are longer than they may be."""
    return Sentence(
        f"{number} omschrijvingen zijn langer dan de norm van 140 tekens. Zij zijn heel ingelezen.",
        f"{number} texts are longer than the 140 characters of the standard. They came in whole.",
    )


def say_lacking(lacking: Mapping[str, int]) -> Sentence:
    """What the schema demands and the file does not have, with how often it is not there."""
    names = ", ".join(f"{name} ({times}x)" for name, times in lacking.items())
    return Sentence(
        f"Dit bestand volgt de norm niet helemaal: {names} ontbreekt. Wat er wel staat, is"
        " ingelezen.",
        f"This file does not quite follow the standard: {names} is missing. What is there came in.",
    )


def say_rule(name: str, text: str, *, longest: int, times: int) -> Sentence:
    """An element breaks a rule of the standard: it is empty, too long (`longest`), or wrong."""
    if not text.strip():
        nl, en = f"{name} staat hier zonder inhoud.", f"{name} stands here without contents."
    elif longest:
        nl = f"{name} is hier langer dan de {longest} tekens van de norm."
        en = f"{name} is longer here than the {longest} characters of the standard."
    else:
        nl = f"{name} is hier “{text}”. Dat past niet in de norm."
        en = f"{name} is “{text}” here. That does not fit the standard."
    return _say_read(nl, en, times=times)


def say_order(name: str, after: str, *, times: int) -> Sentence:
    """An element stands after one that the standard has behind it."""
    nl = f"{name} staat hier na {after}. In de norm staat het ervoor."
    en = f"{name} stands here after {after}. The standard has it before that."
    return _say_read(nl, en, times=times)


def say_repeated(name: str, *, times: int) -> Sentence:
    """An element stands more than once where the standard has it once."""
    nl = f"{name} staat hier vaker dan één keer. De norm staat er één toe. Wij lezen het laatste."
    en = f"{name} stands here more than once. The standard allows it once. We read the last."
    return _say_read(nl, en, times=times)


def _say_read(nl: str, en: str, *, times: int) -> Sentence:
    """A fault that kept nothing out, and how often it is there."""
    if times > 1:
        nl += f" Dat komt {times} keer voor; dit is de eerste."
        en += f" That occurs {times} times; this is the first."
    return Sentence(f"{nl} Het bestand is wel ingelezen.", f"{en} The file came in all the same.")


def say_currency(currency: str) -> Sentence:
    """A balance is in another currency than the account's."""
    return Sentence(
        f"Hier staat een saldo in een andere munt dan die van de rekening ({currency})."
        " Daarom is niet te controleren of het afschrift klopt.",
        f"Here stands a balance in another currency than the account's ({currency}). So it cannot"
        " be checked whether the statement adds up.",
    )


def say_other_currency(statement: StatementRecord, *, is_booked: bool) -> Sentence:
    """What is booked is not all in the currency of the account, and what that does."""
    name, own = statement.identification, statement.currency
    nl = f"Afschrift {name} bevat een bedrag in een andere munt dan die van de rekening ({own})."
    en = f"Statement {name} holds an amount in another currency than the account's ({own})."
    if statement.balances_ok:
        nl += " Het beginsaldo plus de regels is wel het eindsaldo."
        en += " The opening balance plus the lines is the closing balance all the same."
    elif is_booked and None not in (statement.opening_cents, statement.closing_cents):
        nl += " Daarom is niet te controleren of het klopt. Kijk het na en accepteer het bij"
        nl += " Betalingen."
        en += " So it cannot be checked whether it adds up. Look at it and accept it under"
        en += " Payments."
    return Sentence(nl, en)


NO_STATEMENT: Final = Sentence(
    "In dit bestand staat geen afschrift. Vraag het opnieuw op bij uw bank.",
    "This file holds no statement. Ask your bank for it again.",
)
NO_ACCOUNT: Final = Sentence(
    "Dit afschrift noemt geen bruikbaar rekeningnummer. Vraag het opnieuw op bij uw bank.",
    "This statement names no usable account number. Ask your bank for it again.",
)
NO_CURRENCY: Final = Sentence(
    "Dit afschrift noemt bij een bedrag geen munt, en bij de rekening ook niet. Vraag het opnieuw"
    " op bij uw bank.",
    "This statement names no currency at an amount, nor at the account. Ask your bank for it"
    " again.",
)
TOO_MANY_DETAILS: Final = Sentence(
    "Deze boeking heeft meer dan 50.000 losse betalingen. Wij lezen dit niet. Vraag uw bank om een"
    " bestand met minder details per boeking.",
    "This entry holds more than 50,000 payments. We do not read this. Ask your bank for a file with"
    " fewer details per entry.",
)
