"""Claims and payments as a machine hands them over: read strictly, so that nothing is guessed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast, get_args

from tijdig.core.calendar import format_day, read_iso_day
from tijdig.core.law.articles import explain_over, explain_part
from tijdig.core.law.dated import RateTables, get_value
from tijdig.core.law.imputation import Claim, Imputation, Order, PaymentOnClaims
from tijdig.core.law.interest import DayCount, InterestKind, InterestTerms, get_rate_table
from tijdig.core.law.tables import RATES
from tijdig.core.money import format_plain
from tijdig.core.problem import Refusal

_AMOUNT = re.compile(r"-?\d{1,12}(?:[.,]\d{1,2})?", re.ASCII)
_RATE = re.compile(r"-?\d{1,4}(?:[.,]\d{1,6})?", re.ASCII)
# A sentence repeats what was written as far as a person reads it.
_MOST_SHOWN = 60
_CLAIM_KEYS = frozenset("id principal costs interest due start kind rate simple day_count".split())
_PAYMENT_KEYS = frozenset("date amount designated".split())
_FILE_KEYS = frozenset("claims payments end order".split())


@dataclass(frozen=True, slots=True)
class ClaimsFile:
    """The claims and payments of one debtor, and the day up to which to reckon."""

    claims: tuple[Claim, ...]
    payments: tuple[PaymentOnClaims, ...]
    end_on: date
    order: Order


def parse_claims_file(told: object, *, rates: RateTables = RATES) -> ClaimsFile:
    """What a JSON document says about claims and payments.

    Refuses, with its place: a missing or unknown name, an amount, day or kind that is not one, an
    amount of interest beside interest that runs.
    """
    document = _mapping(told, "het bestand", "the file", _FILE_KEYS)
    claims = _sequence(document, "claims")
    payments = _sequence(document, "payments")
    order = document.get("order", "law")
    if order not in get_args(Order):
        raise refuse_choice("order", order, get_args(Order))
    return ClaimsFile(
        tuple(_parse_claim(one, f"claims[{at}]", rates) for at, one in enumerate(claims)),
        tuple(_parse_payment(one, f"payments[{at}]") for at, one in enumerate(payments)),
        parse_day(_need(document, "end", "end"), "end"),
        cast("Order", order),
    )


def write_imputation(result: Imputation) -> dict[str, Any]:
    """The result for a machine: amounts in euros with two decimals, days as 2026-03-14.

    Every step says why, with its article (in Dutch), and all that was said stands once at the end.
    """
    steps: list[dict[str, Any]] = []
    for number, (payment, over) in enumerate(zip(result.payments, result.over, strict=True)):
        head = {"date": f"{payment.on}", "amount": format_plain(payment.cents)}
        parts: list[dict[str, Any]] = [
            {
                **head,
                "claim": part.claim_id,
                "to_costs": format_plain(part.to_costs_cents),
                "to_interest": format_plain(part.to_interest_cents),
                "to_principal": format_plain(part.to_principal_cents),
                "over": format_plain(0),
                "because": [one.nl for one in explain_part(part, payment, result.order)],
            }
            for part in result.parts
            if part.payment == number
        ]
        nothing = dict.fromkeys(("to_costs", "to_interest", "to_principal"), format_plain(0))
        if not parts:
            parts.append({**head, "claim": None, **nothing, "because": []})
        parts[-1]["over"] = format_plain(over)
        if over:
            parts[-1]["because"].append(explain_over().nl)
        steps += parts
    return {
        "claims": {
            one.claim_id: {
                "costs": format_plain(one.costs_cents),
                "interest": format_plain(one.interest_cents),
                "principal": format_plain(one.principal_cents),
                "open": format_plain(one.open_cents),
            }
            for one in result.balances
        },
        "open": format_plain(sum(one.open_cents for one in result.balances)),
        "over": format_plain(sum(result.over)),
        "steps": steps,
        "because": list(dict.fromkeys(told for step in steps for told in step["because"])),
    }


def parse_amount(told: object, place: str) -> int:
    """Whole cents of `1000`, `1000.5` or `1000,50`. Refuses thousands marks and third decimals."""
    if isinstance(told, bool) or not isinstance(told, int | str | Decimal):
        raise _wrong(place, told, "1000.50")
    text = f"{told}".strip()
    if not _AMOUNT.fullmatch(text):
        raise _wrong(place, told, "1000.50")
    return int(Decimal(text.replace(",", ".")) * 100)


def parse_rate(told: object, place: str) -> Decimal:
    """A percentage a year of `8`, `10.4` or `10,4`."""
    if isinstance(told, bool) or not isinstance(told, int | str | Decimal):
        raise _wrong(place, told, "8.5")
    text = f"{told}".strip().removesuffix("%")
    if not _RATE.fullmatch(text):
        raise _wrong(place, told, "8.5")
    return Decimal(text.replace(",", "."))


def parse_day(told: object, place: str) -> date:
    """A day of `2026-03-14`."""
    try:
        return read_iso_day(told if isinstance(told, str) else "")
    except ValueError:
        raise _wrong(place, told, "2026-03-14") from None


def make_terms(
    kind: str,
    rate_percent: Decimal | None,
    *,
    is_simple: bool,
    day_count: str = "act/365",
    place: str = "kind",
) -> InterestTerms:
    """What kind of interest runs, from words. Refuses a kind or a day count that is not known."""
    if kind not in get_args(InterestKind):
        raise refuse_choice(place, kind, get_args(InterestKind))
    if day_count not in get_args(DayCount):
        raise refuse_choice("day_count", day_count, get_args(DayCount))
    return InterestTerms(
        cast("InterestKind", kind), rate_percent, is_simple, cast("DayCount", day_count)
    )


def drop_known_rate(terms: InterestTerms, owed_from: date, rates: RateTables) -> InterestTerms:
    """The terms without a rate that only repeats the table. Refuses any other rate of the law."""
    if terms.kind == "contract" or terms.rate_percent is None:
        return terms
    known = get_value(get_rate_table(terms.kind, rates), owed_from)
    if terms.rate_percent != known:
        raise Refusal(
            f"Op {format_day(owed_from, 'nl')} is deze rente {known}%, niet {terms.rate_percent}%."
            " Laat het percentage weg: het komt uit de tabel. Een eigen percentage hoort bij"
            " contract.",
            f"On {format_day(owed_from, 'en')} this rate is {known}%, not {terms.rate_percent}%."
            " Leave the rate out: it comes from the table. A rate of your own belongs to contract.",
        )
    return InterestTerms(terms.kind, None, terms.is_simple, terms.day_count)


def refuse_choice(place: str, told: object, known: tuple[str, ...]) -> Refusal:
    """The refusal of a word that is none of the known ones."""
    names = ", ".join(known)
    return Refusal(
        f"{place}: {told!r} is niet bekend. Kies uit: {names}.",
        f"{place}: {told!r} is not known. Choose one of: {names}.",
    )


def refuse_doubles(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """The names and values of an object. Refuses a name that stands there twice."""
    told = dict(pairs)
    if len(told) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refusal(
            f"{twice} staat er twee keer in: laat één ervan weg.",
            f"{twice} is there twice: leave one of them out.",
        )
    return told


def _parse_claim(told: object, place: str, rates: RateTables) -> Claim:
    claim = _mapping(told, place, place, _CLAIM_KEYS)
    claim_id = _need(claim, "id", place)
    if not _is_name(claim_id) or not f"{claim_id}".isprintable() or not f"{claim_id}".strip():
        raise _wrong(f"{place}.id", claim_id, "F-2026-001")
    running = {"start", "kind", "rate", "simple", "day_count"} & {
        key for key, value in claim.items() if value is not None
    }
    fixed = claim.get("interest") is not None
    if fixed == bool(running):
        raise Refusal(
            f"{place}: noem `interest` als vast bedrag, of `start`, `kind` en `rate` om de rente te"
            " laten lopen; precies één van beide.",
            f"{place}: name `interest` as a fixed amount, or `start`, `kind` and `rate` to let it"
            " run; exactly one of the two.",
        )
    due = claim.get("due")
    due_on = None if due is None else parse_day(due, f"{place}.due")
    principal = parse_amount(_need(claim, "principal", place), f"{place}.principal")
    costs = parse_amount(claim.get("costs", 0), f"{place}.costs")
    if fixed:
        interest = parse_amount(claim["interest"], f"{place}.interest")
        return Claim(f"{claim_id}", principal, costs, interest_cents=interest, due_on=due_on)
    owed_from = parse_day(_need(claim, "start", place), f"{place}.start")
    terms = drop_known_rate(_parse_terms(claim, place), owed_from, rates)
    return Claim(f"{claim_id}", principal, costs, terms=terms, owed_from=owed_from, due_on=due_on)


def _parse_terms(claim: Mapping[str, Any], place: str) -> InterestTerms:
    rate, simple = claim.get("rate"), claim.get("simple", False)
    if not isinstance(simple, bool):
        raise _wrong(f"{place}.simple", simple, "true, false")
    return make_terms(
        f"{_need(claim, 'kind', place)}",
        None if rate is None else parse_rate(rate, f"{place}.rate"),
        is_simple=simple,
        day_count=f"{claim.get('day_count', 'act/365')}",
        place=f"{place}.kind",
    )


def _parse_payment(told: object, place: str) -> PaymentOnClaims:
    payment = _mapping(told, place, place, _PAYMENT_KEYS)
    told_named = payment.get("designated")
    named = [] if told_named is None else told_named
    if not isinstance(named, list) or not all(map(_is_name, named)):
        raise _wrong(f"{place}.designated", named, '["A", "B"]')
    return PaymentOnClaims(
        parse_day(_need(payment, "date", place), f"{place}.date"),
        parse_amount(_need(payment, "amount", place), f"{place}.amount"),
        tuple(f"{one}" for one in named),
    )


def _is_name(told: object) -> bool:
    """Whether this can be the id of a claim: a text or a number."""
    return isinstance(told, str | int | Decimal) and not isinstance(told, bool)


def _mapping(
    told: object, place_nl: str, place_en: str, known: frozenset[str]
) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise Refusal(
            f"{place_nl}: hier hoort een object met namen en waarden.",
            f"{place_en}: an object with names and values belongs here.",
        )
    strange = ", ".join(sorted(set(told) - known))
    if strange:
        names = ", ".join(sorted(known))
        raise Refusal(
            f"{place_nl}: {strange} is niet bekend. Bekend zijn: {names}.",
            f"{place_en}: {strange} is not known. Known are: {names}.",
        )
    return told


def _sequence(document: Mapping[str, Any], key: str) -> Sequence[object]:
    found = _need(document, key, key)
    if not isinstance(found, list):
        raise Refusal(f"{key}: hier hoort een lijst.", f"{key}: a list belongs here.")
    return found


def _need(told: Mapping[str, Any], key: str, place: str) -> object:
    if told.get(key) is None:
        raise Refusal(f"{place}: `{key}` ontbreekt.", f"{place}: `{key}` is missing.")
    return cast("object", told[key])


def _wrong(place: str, told: object, example: str) -> Refusal:
    shown = _show(told)
    if len(shown) > _MOST_SHOWN:
        shown = f"{shown[:_MOST_SHOWN]}…"
    return Refusal(
        f"{place}: {shown} klopt niet. Zo hoort het: {example}.",
        f"{place}: {shown} is not right. Write: {example}.",
    )


def _show(told: object) -> str:
    """What was written, as a person reads it: a number with its digits."""
    if isinstance(told, list):
        return f"[{', '.join(map(_show, told))}]"
    return f"'{told}'" if isinstance(told, Decimal) else repr(told)
