"""Default (verzuim): from when a debtor is in default, and terms that the law does not allow."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tijdig.core.calendar import add_days, format_day
from tijdig.core.facts import DebtorKind
from tijdig.core.law.dated import LawTable, get_value
from tijdig.core.law.tables import (
    DEFAULT_TERM_DAYS,
    LONGEST_BUSINESS_TERM_DAYS,
    LONGEST_PUBLIC_TERM_DAYS,
    LONGEST_TERM_TO_SMALL_DAYS,
    OLD_CONTRACTS_TO_SMALL_FROM_ON,
)
from tijdig.core.law.veertiendagenbrief import compute_receipt_by_post
from tijdig.core.problem import Refusal, Sentence

TermBasis = Literal["agreed", "stated", "assumed"]


@dataclass(frozen=True, slots=True)
class PaymentTerm:
    """The last day to pay of an invoice, and how it came about.

    `agreed`: in the contract or accepted terms. `stated`: only printed on the invoice. `assumed`:
    filled in by the books. Without `received_on` the invoice counts as sent by post on `issued_on`.
    `contract_on` is the day of the contract, where known.
    """

    issued_on: date
    due_on: date
    basis: TermBasis
    received_on: date | None = None
    contract_on: date | None = None
    is_large_to_small: bool = False


@dataclass(frozen=True, slots=True)
class NoticeOfDefault:
    """A written demand with a reasonable term: when it was received, and the last day it gave."""

    received_on: date
    last_day_on: date


@dataclass(frozen=True, slots=True)
class DefaultState:
    """From when the debtor is in default, which is the first day of interest.

    None while a consumer still needs a notice of default (`needs_notice`).
    """

    in_default_from: date | None
    needs_notice: bool
    because: Sentence


def compute_default(
    term: PaymentTerm, *, kind: DebtorKind, notice: NoticeOfDefault | None = None
) -> DefaultState:
    """From when a debtor is in default, by the kind of debtor and how the term was agreed.

    Businesses and public bodies: the day after an agreed term, else 30 days after receipt, and
    never before a later day that the invoice gave. Consumers, and debtors of unknown kind: the day
    after an agreed term, else the day after the term of a notice of default.
    Refuses: a notice with a last day before its receipt.
    Law: BW 6:81-83, 6:119a lid 1-2 and 6, 6:119b. Vectors: tests/law/default.toml
    """
    if kind in {"business", "public_body"}:
        return _compute_business_default(
            term, "BW 6:119b" if kind == "public_body" else "BW 6:119a"
        )
    if term.basis == "agreed":
        return _state(
            add_days(term.due_on, 1),
            "de afgesproken termijn is voorbij (BW 6:83 onder a)",
            "the agreed term is over (BW 6:83 under a)",
        )
    if notice is None:
        return DefaultState(
            None,
            needs_notice=True,
            because=Sentence(
                "Nog geen verzuim: de termijn is niet afgesproken, alleen op de factuur gezet."
                " Stuur eerst een ingebrekestelling met een redelijke termijn (BW 6:82).",
                "Not in default yet: the term was not agreed, only put on the invoice. Send a"
                " notice of default with a reasonable term first (BW 6:82).",
            ),
        )
    if notice.last_day_on <= notice.received_on:
        raise Refusal(
            "De ingebrekestelling geeft geen termijn: de laatste dag moet na de ontvangst liggen.",
            "The notice of default gives no term: its last day must come after its receipt.",
        )
    return _state(
        add_days(max(notice.last_day_on, term.due_on), 1),
        "de termijn van de ingebrekestelling is voorbij (BW 6:82)",
        "the term of the notice of default is over (BW 6:82)",
    )


def check_term(term: PaymentTerm, *, kind: DebtorKind) -> Sentence | None:
    """Why a term of a business or public body is longer than the law allows, or None.

    Law: BW 6:119a lid 5-6, 6:119b.
    """
    days = (term.due_on - _received_on(term)).days
    if kind == "business" and _is_bound_to_small(term):
        longest = _longest(LONGEST_TERM_TO_SMALL_DAYS, term)
        told = Sentence(
            f"een groot bedrijf mag een mkb-bedrijf hoogstens {longest} dagen laten wachten. De"
            f" termijn telt niet, {longest} dagen gelden (BW 6:119a lid 6)",
            f"a large company may let a small one wait {longest} days at most. The term does not"
            f" count, {longest} days do (BW 6:119a lid 6)",
        )
    elif kind == "business":
        longest = _longest(LONGEST_BUSINESS_TERM_DAYS, term)
        told = Sentence(
            f"tussen bedrijven mag meer dan {longest} dagen alleen als dat uitdrukkelijk is"
            " afgesproken en niet kennelijk onredelijk is (BW 6:119a lid 5)",
            f"between businesses more than {longest} days is allowed only when expressly agreed and"
            " not manifestly unfair (BW 6:119a lid 5)",
        )
    elif kind == "public_body":
        longest = _longest(LONGEST_PUBLIC_TERM_DAYS, term)
        told = Sentence(
            f"een overheid mag meer dan {longest} dagen alleen met een objectieve reden (BW"
            " 6:119b)",
            f"a public body may take more than {longest} days only for an objective reason (BW"
            " 6:119b)",
        )
    else:
        return None
    if longest is None or days <= longest:
        return None
    return Sentence(
        f"De termijn is {days} dagen: {told.nl}.", f"The term is {days} days: {told.en}."
    )


def _compute_business_default(term: PaymentTerm, article: str) -> DefaultState:
    by_law_on = add_days(_received_on(term), get_value(DEFAULT_TERM_DAYS, term.issued_on))
    if term.basis != "agreed":
        return _state(
            add_days(max(by_law_on, term.due_on), 1),
            f"er is geen termijn afgesproken, dus telt 30 dagen na ontvangst ({article} lid 2)",
            f"no term was agreed, so 30 days after receipt counts ({article} lid 2)",
        )
    if _is_bound_to_small(term) and term.due_on > by_law_on:
        return _state(
            add_days(by_law_on, 1),
            "een groot bedrijf heeft hoogstens 30 dagen bij een mkb-bedrijf (BW 6:119a lid 6)",
            "a large company has 30 days at most with a small one (BW 6:119a lid 6)",
        )
    return _state(
        add_days(term.due_on, 1),
        f"de afgesproken termijn is voorbij (BW 6:83 onder a, {article.removeprefix('BW ')} lid 1)",
        f"the agreed term is over (BW 6:83 under a, {article.removeprefix('BW ')} lid 1)",
    )


def _received_on(term: PaymentTerm) -> date:
    return term.received_on or compute_receipt_by_post(term.issued_on)


def _is_bound_to_small(term: PaymentTerm) -> bool:
    """Whether the limit of 30 days binds: new contracts first, all others a year later."""
    if not term.is_large_to_small:
        return False
    new_from_on = LONGEST_TERM_TO_SMALL_DAYS.rows[0].from_on
    is_new = term.contract_on is not None and term.contract_on >= new_from_on
    return is_new or term.issued_on >= OLD_CONTRACTS_TO_SMALL_FROM_ON


def _longest(table: LawTable[int], term: PaymentTerm) -> int | None:
    """The longest term on the day of the invoice; None before there was one."""
    return get_value(table, term.issued_on) if term.issued_on >= table.rows[0].from_on else None


def _state(from_on: date, nl: str, en: str) -> DefaultState:
    because = Sentence(
        f"In verzuim vanaf {format_day(from_on, 'nl')}: {nl}.",
        f"In default from {format_day(from_on, 'en')}: {en}.",
    )
    return DefaultState(from_on, needs_notice=False, because=because)
