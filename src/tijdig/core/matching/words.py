"""The evidence for a proposal in words, with the places in the payer's text that it rests on."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from tijdig.core.matching.book import MatchBook
from tijdig.core.matching.hypotheses import Hypothesis
from tijdig.core.matching.mentions import Mention
from tijdig.core.matching.plain import Plain
from tijdig.core.matching.records import Evidence, Payment, Span, Wording
from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence
from tijdig.core.references import format_reference

_NAMED_AT_MOST = 5
# Past the lambda that a named tuple is made by.
_make = tuple.__new__
# Asked for each proposal of a payment.
_write_amount = lru_cache(maxsize=256)(format_euros)
# What is named goes into places 0 and 1 of a wording, what else is told behind it.
_SPELLED = {
    "exact": ("De omschrijving noemt {named}.", "The text names {named}."),
    "digits": (
        "De omschrijving noemt {2}: {named} zonder de letters of nullen ervoor.",
        "The text names {2}: {named} without the letters or zeros before it.",
    ),
    "loose": (
        "De omschrijving noemt {2}: {named} zonder nullen.",
        "The text names {2}: {named} without zeros.",
    ),
    "range": (
        "De omschrijving noemt {2}: daarin valt {named}.",
        "The text names {2}: that takes in {named}.",
    ),
    "ranges": (
        "De omschrijving noemt {2}: daarin vallen {named}.",
        "The text names {2}: that takes in {named}.",
    ),
    "cut": (
        "De omschrijving noemt {2}: een deel van {named}.",
        "The text names {2}: a part of {named}.",
    ),
    "swapped": (
        "De omschrijving noemt {2}: dat lijkt op {named}.",
        "The text names {2}: that looks like {named}.",
    ),
}
_AMOUNTS = {
    "exact": (
        "{2} is precies wat openstaat op {named}.",
        "{2} is exactly what is open on {named}.",
    ),
    "listed": (
        "De betaler somt zelf op hoeveel hij van {named} betaalt: samen {2}.",
        "The payer lists himself how much he pays of {named}: {2} in all.",
    ),
    "term": (
        "{2} is termijn {3} van de {5} van de betalingsregeling voor {named}.",
        "{2} is term {3} of the {5} of the payment plan for {named}.",
    ),
    "terms": (
        "{2} is samen termijn {3} tot en met {4} van de {5} van de betalingsregeling voor {named}.",
        "{2} is terms {3} to {4} together of the {5} of the payment plan for {named}.",
    ),
    "discount": (
        "{2} is wat openstaat op {named}, min {3} korting voor snel betalen.",
        "{2} is what is open on {named}, less {3} discount for early payment.",
    ),
    "rounding": (
        "{2} scheelt {3} cent met wat openstaat op {named}.",
        "{2} differs by {3} cents from what is open on {named}.",
    ),
    "part": (
        "{2} is een deel van de {3} die openstaat op {named}.",
        "{2} is a part of the {3} open on {named}.",
    ),
    "over": (
        "{2} is {3} meer dan openstaat op {named}.",
        "{2} is {3} more than is open on {named}.",
    ),
}
_REQUEST = (
    "Deze betaling hoort bij ons eigen betaalverzoek voor {named}.",
    "This payment belongs to our own request for {named}.",
)
_ORDER = (
    "De omschrijving noemt {2}: uw kenmerk op {named}.",
    "The text names {2}: the order on {named}.",
)
_REFERENCE = (
    "Betalingskenmerk {2} is van het bericht over {named}.",
    "Payment reference {2} is of the message about {named}.",
)
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
        "De betaler heet {0}, zoals de debiteur.",
        "The payer is called {0}, as the debtor.",
    ),
    "close": (
        "De betaler heet {0}; dat lijkt op {1}.",
        "The payer is called {0}; that looks like {1}.",
    ),
    "family": (
        "De betaler heet {0}; {1} heeft dezelfde achternaam.",
        "The payer is called {0}; {1} has the same surname.",
    ),
    "other": (
        "De betaler heet {0}, een andere naam dan {1}.",
        "The payer is called {0}, another name than {1}.",
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
    named = _name_some([one.item.number])
    found = [
        _tell_written(payment.words, one.spelling, named, (one.span,)),
        _tell_exact(payment.amount_cents, named),
        *_tell_payer(one.account, one.likeness, payment.counter_name, one.name),
    ]
    if one.is_early:
        found.append(_EARLY)
    return tuple(found)


class _Named(NamedTuple):
    """Items by number, as they go into a wording: with places for `first` and `last`."""

    dutch: str
    english: str
    first: str
    last: str | int


def _name_some(numbers: Sequence[str], *, with_credit: bool = False) -> _Named:
    """`factuur 2026-0412`, `facturen A, B en C`, and no more than five by name."""
    shown = [number or "?" for number in numbers]
    if len(shown) == 1:
        return _make(_Named, ("factuur {0}", "invoice {0}", shown[0], ""))
    nl, en = ("facturen", "invoices")
    if with_credit:
        nl, en = ("facturen en creditnota's", "invoices and credit notes")
    if len(shown) > _NAMED_AT_MOST:
        named, more = ", ".join(shown[:_NAMED_AT_MOST]), len(shown) - _NAMED_AT_MOST
        return _Named(f"{nl} {{0}} en {{1}} andere", f"{en} {{0}} and {{1}} more", named, more)
    return _Named(f"{nl} {{0}} en {{1}}", f"{en} {{0}} and {{1}}", ", ".join(shown[:-1]), shown[-1])


# Of patterns and kinds of items there are some dozens.
@lru_cache(maxsize=256)
def _place(pattern: tuple[str, str], dutch: str, english: str) -> tuple[str, str]:
    """The pattern with the places for what is named."""
    return pattern[0].replace("{named}", dutch), pattern[1].replace("{named}", english)


def _word(pattern: tuple[str, str], named: _Named, *told: object) -> Wording:
    dutch, english, first, last = named
    nl, en = _place(pattern, dutch, english)
    return _make(Wording, (nl, en, (first, last, *told)))


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
        named = _name_some([book.items[item_id].number for item_id in one.orders])
        spans = tuple(dict.fromkeys(one.orders.values()))
        found.append(Evidence("order", _word(_ORDER, named, orders), spans))
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
        return Evidence("request", _word(_REQUEST, named))
    shown = format_reference(one.reference)
    start = len(payment.text) + 3 if payment.reference else 0
    spans: tuple[Span, ...] = ((start, len(payment.words)),) if payment.reference else ()
    return Evidence("reference", _word(_REFERENCE, named, shown), spans)


def _tell_spelled(payment: Payment, told: Sequence[Mention], book: MatchBook) -> Evidence:
    spelling = told[0].spelling
    named = _name([one.item_id for one in told], book)
    spans = (told[0].span,) if len(told) == 1 else tuple(dict.fromkeys(one.span for one in told))
    are_several = spelling == "range" and len(told) > 1
    return _tell_written(payment.words, spelling, named, spans, are_several=are_several)


def _tell_written(
    words: str,
    spelling: str,
    named: _Named,
    spans: tuple[Span, ...],
    *,
    are_several: bool = False,
) -> Evidence:
    """What is named, and how it is written in the words where that is not in full."""
    if spelling == "exact":
        because = _word(_SPELLED[spelling], named)
    else:
        written = ", ".join([f"“{words[start:end]}”" for start, end in spans])
        because = _word(_SPELLED["ranges" if are_several else spelling], named, written)
    return _make(Evidence, (spelling, because, spans, False))


def _tell_amount(payment: Payment, one: Hypothesis, book: MatchBook) -> Evidence:
    relation = one.fit.relation
    named = _name([item_id for item_id, _ in one.fit.parts], book)
    if relation == "exact":
        return _tell_exact(payment.amount_cents, named)
    told: tuple[object, ...] = ()
    pattern = _AMOUNTS[relation]
    if relation in {"discount", "rounding"}:
        conceded = sum([cents for _, _, cents in one.fit.conceded])
        told = (_write_amount(conceded) if relation == "discount" else abs(conceded),)
    elif relation == "part":
        open_cents = sum([book.open_cents[item_id] for item_id, _ in one.fit.parts])
        told = (_write_amount(open_cents),)
    elif relation == "over":
        told = (_write_amount(one.fit.rest_cents),)
    elif relation == "term":
        told = one.fit.terms
        pattern = _AMOUNTS["terms" if told[0] != told[1] else "term"]
    because = _word(pattern, named, _write_amount(payment.amount_cents), *told)
    against = relation in {"part", "over"}
    return _make(Evidence, (f"amount_{relation}", because, (), against))


def _tell_exact(cents: int, named: _Named) -> Evidence:
    because = _word(_AMOUNTS["exact"], named, _write_amount(cents))
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


def _tell_name(likeness: str, name: str, theirs: str) -> Evidence:
    because = _make(Wording, (*_NAMES[likeness], (name, theirs)))
    return _make(Evidence, (f"name_{likeness}", because, (), likeness == "other"))


def _name(item_ids: Iterable[UUID], book: MatchBook) -> _Named:
    items = [book.items[item_id] for item_id in item_ids]
    if len(items) == 1:
        return _name_some([items[0].number])
    items.sort(key=lambda item: (item.number, item.item_id))
    credit = any(item.open_cents < 0 for item in items)
    return _name_some([item.number for item in items], with_credit=credit)
