"""The evidence for a proposal in words, with the places in the payer's text that it rests on."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import UUID

from tijdig.core.matching.book import MatchBook
from tijdig.core.matching.hypotheses import Hypothesis
from tijdig.core.matching.mentions import Mention
from tijdig.core.matching.plain import Plain
from tijdig.core.matching.records import Evidence, Payment, Span
from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence
from tijdig.core.references import format_reference

_NAMED_AT_MOST = 5
# Past the lambda that a named tuple is made by.
_make = tuple.__new__
# Asked for each proposal of a payment.
_write_amount = lru_cache(maxsize=256)(format_euros)
_SPELLED = {
    "digits": (
        "De omschrijving noemt {written}: {named} zonder de letters of nullen ervoor.",
        "The text names {written}: {named} without the letters or zeros before it.",
    ),
    "loose": (
        "De omschrijving noemt {written}: {named} zonder nullen.",
        "The text names {written}: {named} without zeros.",
    ),
    "range": (
        "De omschrijving noemt {written}: daarin valt {named}.",
        "The text names {written}: that takes in {named}.",
    ),
    "ranges": (
        "De omschrijving noemt {written}: daarin vallen {named}.",
        "The text names {written}: that takes in {named}.",
    ),
    "cut": (
        "De omschrijving noemt {written}: een deel van {named}.",
        "The text names {written}: a part of {named}.",
    ),
    "swapped": (
        "De omschrijving noemt {written}: dat lijkt op {named}.",
        "The text names {written}: that looks like {named}.",
    ),
}
_AMOUNTS = {
    "listed": (
        "De betaler somt zelf op hoeveel hij van {named} betaalt: samen {amount}.",
        "The payer lists himself how much he pays of {named}: {amount} in all.",
    ),
    "discount": (
        "{amount} is wat openstaat op {named}, min {conceded} korting voor snel betalen.",
        "{amount} is what is open on {named}, less {conceded} discount for early payment.",
    ),
    "rounding": (
        "{amount} scheelt {cents} cent met wat openstaat op {named}.",
        "{amount} differs by {cents} cents from what is open on {named}.",
    ),
    "part": (
        "{amount} is een deel van de {open} die openstaat op {named}.",
        "{amount} is a part of the {open} open on {named}.",
    ),
    "over": (
        "{amount} is {rest} meer dan openstaat op {named}.",
        "{amount} is {rest} more than is open on {named}.",
    ),
}
_ACCOUNTS = {
    "own": Sentence(
        "Van deze rekening betaalde deze debiteur eerder.",
        "This debtor paid from this account before.",
    ),
    "shared": Sentence(
        "Van deze rekening betaalde deze debiteur eerder, en ook een ander.",
        "This debtor paid from this account before, and so did another.",
    ),
    "another": Sentence(
        "Van deze rekening betaalde tot nu toe alleen een andere debiteur.",
        "From this account only another debtor has paid so far.",
    ),
}
_NAMES = {
    "same": (
        "De betaler heet {name}, zoals de debiteur.",
        "The payer is called {name}, as the debtor.",
    ),
    "close": (
        "De betaler heet {name}; dat lijkt op {theirs}.",
        "The payer is called {name}; that looks like {theirs}.",
    ),
    "family": (
        "De betaler heet {name}; {theirs} heeft dezelfde achternaam.",
        "The payer is called {name}; {theirs} has the same surname.",
    ),
    "other": (
        "De betaler heet {name}, een andere naam dan {theirs}.",
        "The payer is called {name}, another name than {theirs}.",
    ),
}


_SHARED = Evidence(
    "number_shared",
    Sentence(
        "Er staat nog een factuur open met dit nummer.",
        "Another invoice with this number is open too.",
    ),
    against=True,
)


_EARLY = Evidence(
    "early",
    Sentence(
        "Er is betaald vóór de dag van de factuur.",
        "It was paid before the day of the invoice.",
    ),
    against=True,
)


def describe(payment: Payment, one: Hypothesis, book: MatchBook) -> tuple[Evidence, ...]:
    """What was found, in the order in which a person looks: text, amount, payer, day."""
    found = [*_tell_named(payment, one, book), _tell_amount(payment, one, book)]
    theirs = book.debtors[one.debtor_id].name if one.likeness in _NAMES else ""
    found += _tell_payer(one.account, one.likeness, payment.counter_name, theirs)
    if one.names_another:
        found.append(
            Evidence(
                "names_another",
                Sentence(
                    "De omschrijving noemt ook een andere factuur.",
                    "The text names another invoice too.",
                ),
                against=True,
            )
        )
    if one.is_shared:
        found.append(_SHARED)
    if one.is_early:
        found.append(_EARLY)
    return tuple(found)


def describe_plain(payment: Payment, one: Plain) -> tuple[Evidence, ...]:
    """The same of one item that is named in full, with exactly what is open of it."""
    named = _name_one(one.item.number or "?")
    found = [
        _tell_written(payment.words, one.spelling, named, (one.span,)),
        _tell_exact(payment.amount_cents, named),
        *_tell_payer(one.account, one.likeness, payment.counter_name, one.name),
    ]
    if one.is_early:
        found.append(_EARLY)
    return tuple(found)


def name_items(numbers: Sequence[str], *, with_credit: bool = False) -> Sentence:
    """`factuur 2026-0412`, `facturen A, B en C`, and no more than five by name."""
    shown = [number or "?" for number in numbers]
    if len(shown) == 1:
        return _name_one(shown[0])
    nl, en = ("facturen", "invoices")
    if with_credit:
        nl, en = ("facturen en creditnota's", "invoices and credit notes")
    if len(shown) > _NAMED_AT_MOST:
        named, more = ", ".join(shown[:_NAMED_AT_MOST]), len(shown) - _NAMED_AT_MOST
        return Sentence(f"{nl} {named} en {more} andere", f"{en} {named} and {more} more")
    named, last = ", ".join(shown[:-1]), shown[-1]
    return Sentence(f"{nl} {named} en {last}", f"{en} {named} and {last}")


def _tell_named(payment: Payment, one: Hypothesis, book: MatchBook) -> list[Evidence]:
    if one.how in {"request", "reference"}:
        return [_tell_reference(payment, one, book)]
    if len(one.named) == 1:
        found = [_tell_spelled(payment, [*one.named.values()], book)]
    else:
        by_spelling: dict[str, list[Mention]] = {}
        for mention in one.named.values():
            by_spelling.setdefault(mention.spelling, []).append(mention)
        found = [_tell_spelled(payment, told, book) for told in by_spelling.values()]
    if one.orders:
        orders = ", ".join(
            dict.fromkeys(book.items[item_id].order_reference for item_id in one.orders)
        )
        named = name_items([book.items[item_id].number for item_id in one.orders])
        found.append(
            Evidence(
                "order",
                Sentence(
                    f"De omschrijving noemt {orders}: uw kenmerk op {named.nl}.",
                    f"The text names {orders}: the order on {named.en}.",
                ),
                tuple(dict.fromkeys(one.orders.values())),
            )
        )
    if one.debtor_span:
        number = book.debtors[one.debtor_id].number
        found.append(
            Evidence(
                "debtor_number",
                Sentence(
                    f"De omschrijving noemt klantnummer {number}.",
                    f"The text names customer number {number}.",
                ),
                (one.debtor_span,),
            )
        )
    return found


def _tell_reference(payment: Payment, one: Hypothesis, book: MatchBook) -> Evidence:
    named = _name(one.item_ids, book)
    if one.how == "request":
        return Evidence(
            "request",
            Sentence(
                f"Deze betaling hoort bij ons eigen betaalverzoek voor {named.nl}.",
                f"This payment belongs to our own request for {named.en}.",
            ),
        )
    shown = format_reference(one.reference)
    start = len(payment.text) + 3 if payment.reference else 0
    spans: tuple[Span, ...] = ((start, len(payment.words)),) if payment.reference else ()
    return Evidence(
        "reference",
        Sentence(
            f"Betalingskenmerk {shown} is van het bericht over {named.nl}.",
            f"Payment reference {shown} is of the message about {named.en}.",
        ),
        spans,
    )


def _tell_spelled(payment: Payment, told: Sequence[Mention], book: MatchBook) -> Evidence:
    spelling = told[0].spelling
    named = _name([one.item_id for one in told], book)
    spans = (told[0].span,) if len(told) == 1 else tuple(dict.fromkeys(one.span for one in told))
    are_several = spelling == "range" and len(told) > 1
    return _tell_written(payment.words, spelling, named, spans, are_several=are_several)


def _tell_written(
    words: str,
    spelling: str,
    named: Sentence,
    spans: tuple[Span, ...],
    *,
    are_several: bool = False,
) -> Evidence:
    """What is named, and how it is written in the words where that is not in full."""
    if spelling == "exact":
        sentence = Sentence(f"De omschrijving noemt {named.nl}.", f"The text names {named.en}.")
    else:
        written = ", ".join([f"“{words[start:end]}”" for start, end in spans])
        nl, en = _SPELLED["ranges" if are_several else spelling]
        sentence = Sentence(
            nl.format(named=named.nl, written=written), en.format(named=named.en, written=written)
        )
    return _make(Evidence, (spelling, sentence, spans, False))


def _tell_amount(payment: Payment, one: Hypothesis, book: MatchBook) -> Evidence:
    relation = one.fit.relation
    named = _name([item_id for item_id, _ in one.fit.parts], book)
    if relation == "exact":
        return _tell_exact(payment.amount_cents, named)
    amount = _write_amount(payment.amount_cents)
    told: dict[str, object] = {"amount": amount}
    if relation in {"discount", "rounding"}:
        conceded = sum([cents for _, _, cents in one.fit.conceded])
        told |= {"conceded": _write_amount(conceded), "cents": abs(conceded)}
    elif relation == "part":
        open_cents = sum([book.open_cents[item_id] for item_id, _ in one.fit.parts])
        told["open"] = _write_amount(open_cents)
    elif relation == "over":
        told["rest"] = _write_amount(one.fit.rest_cents)
    nl, en = _AMOUNTS[relation]
    sentence = Sentence(nl.format(named=named.nl, **told), en.format(named=named.en, **told))
    against = relation in {"part", "over"}
    return _make(Evidence, (f"amount_{relation}", sentence, (), against))


def _tell_exact(cents: int, named: Sentence) -> Evidence:
    amount = _write_amount(cents)
    because = Sentence(
        f"{amount} is precies wat openstaat op {named.nl}.",
        f"{amount} is exactly what is open on {named.en}.",
    )
    return _make(Evidence, ("amount_exact", because, (), False))


def _tell_payer(account: str, likeness: str, name: str, theirs: str) -> list[Evidence]:
    found = []
    if account in _ACCOUNTS:
        found.append(_tell_account(account))
    if likeness in _NAMES:
        found.append(_tell_name(likeness, name, theirs))
    return found


@lru_cache(maxsize=8)
def _tell_account(account: str) -> Evidence:
    return Evidence(f"account_{account}", _ACCOUNTS[account], against=account == "another")


# Of one payment as often as something of the same debtor is proposed.
@lru_cache(maxsize=256)
def _tell_name(likeness: str, name: str, theirs: str) -> Evidence:
    nl, en = _NAMES[likeness]
    sentence = Sentence(nl.format(name=name, theirs=theirs), en.format(name=name, theirs=theirs))
    return Evidence(f"name_{likeness}", sentence, against=likeness == "other")


def _name(item_ids: Iterable[UUID], book: MatchBook) -> Sentence:
    items = [book.items[item_id] for item_id in item_ids]
    if len(items) == 1:
        return _name_one(items[0].number or "?")
    items.sort(key=lambda item: (item.number, item.item_id))
    credit = any(item.open_cents < 0 for item in items)
    return name_items([item.number for item in items], with_credit=credit)


# Each is asked for at least twice: for what is named, and for the amount.
@lru_cache(maxsize=256)
def _name_one(number: str) -> Sentence:
    return Sentence(f"factuur {number}", f"invoice {number}")
