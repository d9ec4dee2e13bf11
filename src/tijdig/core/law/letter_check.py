"""What makes a veertiendagenbrief void: its text and day held against the law and the courts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tijdig.core.calendar import format_day
from tijdig.core.law import letter_language as language
from tijdig.core.law.collection_costs import compute_collection_costs
from tijdig.core.law.dated import get_value
from tijdig.core.law.letter_sentences import KnownFacts, ReadSentence, read_letter
from tijdig.core.law.tables import LETTER_DAYS
from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence

GroundCode = Literal[
    "before_default",
    "no_term",
    "term_too_short",
    "start_unclear",
    "date_too_early",
    "no_warning",
    "no_exact_amount",
    "amount_too_high",
    "over_interest",
    "vat_not_explained",
    "two_amounts",
    "two_accounts",
    "unknown_words",
]

_LONGEST_QUOTE = 120


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What the text must agree with.

    `claims_cents` are the open principals that the letter asks, `interest_cents` the interest
    asked beside them. `in_default_from` is the latest of the claims, None while one is not in
    default. `last_day_on` is the last day to pay without costs. `shown_cents` are other amounts
    that the letter may show (invoiced, paid before). `adds_vat` by `may_add_vat`. `names` are those
    of who writes and of who is written to.
    """

    claims_cents: tuple[int, ...]
    sent_on: date
    in_default_from: date | None
    last_day_on: date
    interest_cents: int = 0
    shown_cents: tuple[int, ...] = ()
    adds_vat: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VoidGround:
    """One reason why a veertiendagenbrief brings no costs."""

    code: GroundCode
    because: Sentence


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence of the letter; `if_unpaid` when it tells what follows where nobody pays."""

    text: str
    if_unpaid: bool
    amounts: frozenset[int]


def check_letter(text: str, facts: LetterFacts) -> tuple[VoidGround, ...]:
    """Every reason why this letter is void, in a fixed order; none when it is right.

    A sentence with a day, a term, a rate or an amount that is not known to be right is wrong.
    A void letter brings no costs at all; only a new and correct letter does.
    Law: BW 6:96 lid 6-7, ECLI:NL:HR:2016:2704 rov. 3.4-3.6.
    Letters: tests/law/test_letter_check.py, tests/law/test_letter_words.py
    """
    known = KnownFacts(
        sent_on=facts.sent_on,
        last_day_on=facts.last_day_on,
        asked_cents=_asked(facts),
        shown_cents=frozenset(_list_known(facts)),
        names=facts.names,
    )
    paragraphs = read_letter(text, known)
    said = list(_read(paragraphs))
    # Without the names and the numbers: those say nothing in law.
    plain = "\n\n".join(" ".join(one.text for one in paragraph) for paragraph in paragraphs)
    grounds = (
        *_check_default(facts),
        *_check_term(plain, facts),
        *_check_warning(said),
        *_check_costs(said, plain, facts),
        *_check_asked(said, plain, facts),
    )
    return grounds or tuple(_check_words(paragraphs))


def _read(paragraphs: Iterable[Iterable[ReadSentence]]) -> Iterator[_Said]:
    for paragraph in paragraphs:
        if_unpaid = False
        for sentence in paragraph:
            if_unpaid = if_unpaid or language.is_conditional(sentence.text)
            amounts = frozenset(language.list_amounts(sentence.text))
            yield _Said(sentence.text, if_unpaid, amounts)


def _check_default(facts: LetterFacts) -> Iterator[VoidGround]:
    if facts.in_default_from is None or facts.sent_on < facts.in_default_from:
        yield VoidGround(
            "before_default",
            Sentence(
                "De brief is verstuurd voordat het verzuim begon (BW 6:96 lid 6).",
                "The letter was sent before default began (BW 6:96 lid 6).",
            ),
        )


def _check_term(text: str, facts: LetterFacts) -> Iterator[VoidGround]:
    needed = get_value(LETTER_DAYS, facts.sent_on)
    terms = language.list_terms(text)
    if not any(days >= needed for days in terms):
        yield VoidGround(
            "no_term",
            Sentence(
                f"De brief geeft geen termijn van {needed} dagen vanaf de dag na de ontvangst.",
                f"The letter gives no term of {needed} days from the day after receipt.",
            ),
        )
    if any(days < needed for days in terms):
        yield VoidGround(
            "term_too_short",
            Sentence(
                f"De brief noemt een termijn van {min(terms)} dagen; het moeten er minstens"
                f" {needed} zijn.",
                f"The letter names a term of {min(terms)} days; it must be {needed} at least.",
            ),
        )
    if not language.has_right_start(text):
        yield VoidGround(
            "start_unclear",
            Sentence(
                "De brief zegt niet duidelijk dat de termijn begint op de dag nadat de brief is"
                " bezorgd.",
                "The letter does not clearly say that the term begins on the day after the letter"
                " was delivered.",
            ),
        )
    early = [day for day in language.list_days(text) if facts.sent_on < day < facts.last_day_on]
    if early:
        yield VoidGround(
            "date_too_early",
            Sentence(
                f"De brief noemt {format_day(min(early), 'nl')}, maar de termijn loopt tot en met"
                f" {format_day(facts.last_day_on, 'nl')}.",
                f"The letter names {format_day(min(early), 'en')}, but the term runs up to and"
                f" including {format_day(facts.last_day_on, 'en')}.",
            ),
        )


def _check_warning(said: list[_Said]) -> Iterator[VoidGround]:
    if not any(one.if_unpaid and language.mentions_costs(one.text) for one in said):
        yield VoidGround(
            "no_warning",
            Sentence(
                "De brief waarschuwt niet dat er kosten bij komen als de klant niet op tijd"
                " betaalt.",
                "The letter does not warn that costs follow when the customer does not pay in"
                " time.",
            ),
        )


def _check_costs(said: list[_Said], text: str, facts: LetterFacts) -> Iterator[VoidGround]:
    asked, claims = _asked(facts), list(facts.claims_cents)
    right = compute_collection_costs(claims, on=facts.sent_on, adds_vat=facts.adds_vat)
    allowed = {right.costs_cents, right.total_cents, right.vat_cents}
    with_costs = [one for one in said if language.mentions_costs(one.text)]
    known = _list_known(facts)
    after = [one for one in said if one.if_unpaid]
    named = set().union(*(one.amounts for one in after))
    # What is asked and the costs together are a total, not costs.
    named = {cents for cents in named if cents - asked not in named | allowed}
    stated = {cents for cents in named if cents in allowed or cents not in known} - {0}
    vague = any(language.is_vague(one.text) for one in with_costs)
    # Less than the decree may be named, but then once; the VAT in it is no second amount.
    other = stated - allowed
    if facts.adds_vat and other:
        other -= _list_vat(after, max(stated))
    less = any(cents < right.total_cents for cents in other)
    if vague or not stated or len(other) > 1 or (less and stated & allowed):
        yield VoidGround(
            "no_exact_amount",
            Sentence(
                "De brief noemt niet één vast bedrag aan incassokosten (dus geen “tot een"
                " maximum van”).",
                "The letter does not name one fixed amount of collection costs (so no “up to”).",
            ),
        )
    if stated and max(stated) > right.total_cents:
        yield _explain_too_high(max(stated), right.total_cents, facts)
    has_vat = facts.adds_vat or any(language.mentions_vat(one.text) for one in after)
    if has_vat and not (facts.adds_vat and language.explains_vat(text)):
        yield VoidGround(
            "vat_not_explained",
            Sentence(
                "De brief rekent btw over de kosten zonder te zeggen dat u die niet kunt"
                " verrekenen, of zonder dat dat zo is (Besluit BIK art. 2 lid 3).",
                "The letter adds VAT to the costs without saying that you cannot reclaim it, or"
                " although you can (Besluit BIK art. 2 lid 3).",
            ),
        )


def _list_vat(after: Sequence[_Said], costs_cents: int) -> set[int]:
    """The amounts that stand there as VAT in these costs."""
    told = set().union(*(one.amounts for one in after if language.mentions_vat(one.text)))
    return {cents for cents in told if cents < costs_cents}


def _explain_too_high(stated: int, right: int, facts: LetterFacts) -> VoidGround:
    over_interest = compute_collection_costs([_asked(facts)], on=facts.sent_on).costs_cents
    if facts.interest_cents and stated == over_interest:
        return VoidGround(
            "over_interest",
            Sentence(
                f"De kosten van {format_euros(stated)} zijn ook over de rente berekend; het mag"
                f" {format_euros(right)} zijn (ECLI:NL:RBAMS:2020:3212).",
                f"The costs of {format_euros(stated)} were computed over the interest too; they may"
                f" be {format_euros(right)} (ECLI:NL:RBAMS:2020:3212).",
            ),
        )
    return VoidGround(
        "amount_too_high",
        Sentence(
            f"De kosten van {format_euros(stated)} zijn te hoog: het mag hoogstens"
            f" {format_euros(right)} zijn (Besluit BIK art. 2; ECLI:NL:RBROT:2020:9162).",
            f"The costs of {format_euros(stated)} are too high: they may be"
            f" {format_euros(right)} at most (Besluit BIK art. 2; ECLI:NL:RBROT:2020:9162).",
        ),
    )


def _check_asked(said: list[_Said], text: str, facts: LetterFacts) -> Iterator[VoidGround]:
    asked = _asked(facts)
    outright = set().union(*(one.amounts for one in said if not one.if_unpaid))
    if asked not in outright or outright - _list_known(facts):
        yield VoidGround(
            "two_amounts",
            Sentence(
                f"De brief vraagt niet één bedrag. Zonder kosten is dat {format_euros(asked)}"
                " (ECLI:NL:RBROT:2020:5202).",
                f"The letter does not ask for one amount. Without costs that is"
                f" {format_euros(asked)} (ECLI:NL:RBROT:2020:5202).",
            ),
        )
    if len(language.list_ibans(text)) > 1:
        yield VoidGround(
            "two_accounts",
            Sentence(
                "De brief noemt meer dan één rekening om op te betalen (ECLI:NL:RBROT:2020:5202).",
                "The letter names more than one account to pay to (ECLI:NL:RBROT:2020:5202).",
            ),
        )


def _check_words(paragraphs: Iterable[Iterable[ReadSentence]]) -> Iterator[VoidGround]:
    """The first sentence of which nobody knows that it is right, where nothing else is wrong."""
    unknown = [one.text for paragraph in paragraphs for one in paragraph if not one.is_known]
    if unknown:
        quote = unknown[0][:_LONGEST_QUOTE]
        yield VoidGround(
            "unknown_words",
            Sentence(
                f"Van deze zin is niet bekend dat hij klopt: “{quote}”.",
                f"This sentence is not known to be right: “{quote}”.",
            ),
        )


def _list_known(facts: LetterFacts) -> set[int]:
    claims, shown = facts.claims_cents, facts.shown_cents
    return {_asked(facts), sum(claims), *claims, *shown, facts.interest_cents}


def _asked(facts: LetterFacts) -> int:
    return sum(facts.claims_cents) + facts.interest_cents
