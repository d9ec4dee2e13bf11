"""The interest that can be asked for today, and what was asked for too much.

What was asked, on however many days, is measured against all interest to date.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from tijdig.core.calendar import add_days, format_day
from tijdig.core.claim_lines import CalculationLine, NewClaim
from tijdig.core.creditor_rules import CreditorRules, is_consumer
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.item_default import compute_default_on_paper
from tijdig.core.law.agreed_interest import (
    AgreedInterest,
    describe_agreed_interest,
    find_agreed_interest,
    make_interest_terms,
)
from tijdig.core.law.interest import InterestKind, InterestLine, InterestTerms
from tijdig.core.law.paid_interest import (
    FreeDays,
    Movement,
    PaidInterest,
    SplitMovement,
    compute_paid_interest,
)
from tijdig.core.money import format_count, format_euros, format_percent
from tijdig.core.netting import Owed, list_set_off
from tijdig.core.problem import Refusal, Sentence
from tijdig.core.protection import find_insolvency_start, list_interest_rests

_KINDS: dict[str, tuple[InterestKind, str]] = {
    "business": ("commercial", "BW 6:119a"),
    "public_body": ("government", "BW 6:119b"),
}


# Of a consumer this article alone; a business or public body has its own one behind it.
AGREED_ARTICLE = "BW 6:119 lid 3"


@dataclass(frozen=True, slots=True)
class InterestAccount:
    """What an invoice was, what was paid on it, and which interest was asked for over it.

    `principal_cents` is the invoice less what never was owed: credit notes, and what the books
    settled on a day that nobody knows. `movements` are on the invoice and its interest. `asked` are
    the open items of the interest lines with their cents, the newest first, and `asked_from` the
    first day that they count from. `invoice` is the invoice on paper, where interest was asked
    over it; `is_commercial` when it was asked as of a business or a public body. `agreements` are
    those with the debtor and those of the creditor's terms, the last one first. `planned` are the
    days on which it was in a payment plan, after the day of agreeing; `promised` those of plans of
    before he was known to be a business.
    """

    principal_cents: int
    movements: tuple[Movement, ...] = ()
    asked: tuple[tuple[UUID, int], ...] = ()
    asked_from: date | None = None
    invoice: OpenItem | None = None
    is_commercial: bool = False
    agreements: tuple[AgreedInterest, ...] = ()
    planned: tuple[FreeDays, ...] = ()
    promised: tuple[FreeDays, ...] = ()


def claim_interest(
    facts: DebtorFacts,
    late: Sequence[tuple[Owed, date]],
    rules: CreditorRules,
    accounts: Mapping[UUID, InterestAccount],
    *,
    today: date,
) -> list[NewClaim]:
    """Per invoice in default, the interest up to and including today that was not asked for yet.

    `late` are these invoices with their first day of default. Payments count on their own days and
    years from the first day of default, so the sum does not depend on when it was asked for. A
    rate that is not known is not guessed: nothing is asked. Nothing runs from the first day of an
    insolvency that goes on, nor over the days of a WSNP that is over, nor for a consumer while a
    payment plan runs: he was told that it costs him nothing extra.
    Law: BW 6:119-119b; Fw 128, 303.
    """
    if not _is_asked(facts, rules):
        return []
    claims, until = [], _find_end(facts, today=today)
    rests = list_interest_rests(facts.protections, today=today)
    for one, from_on in late:
        account = accounts.get(one.item.item_id) or InterestAccount(one.item.open_cents)
        set_off = one.item.open_cents - one.net_cents
        agreed = _find_agreed(account, facts, one.item)
        terms = _make_terms(facts.kind, agreed)
        interest = _compute(
            account, terms, rules, facts, less=set_off, owed_from=from_on, until=until, rests=rests
        )
        asked = sum(cents for _, cents in account.asked)
        if interest is not None and interest.interest_cents > asked:
            claim = _make_claim(
                facts, one, interest, asked, from_on=from_on, until=until, rests=rests, today=today
            )
            claims.append(claim if agreed is None else _name_agreement(claim, facts, agreed))
    return claims


def find_excess_interest(
    facts: DebtorFacts,
    rules: CreditorRules,
    accounts: Mapping[UUID, InterestAccount],
    *,
    today: date,
) -> dict[UUID, int]:
    """Per interest line (its open item) what was asked for more than all interest to date.

    So it is when a payment turns out to have come earlier, when the default began later than was
    thought, when who pays as a business is none, when an insolvency began before, or when a credit
    note takes off what was never owed, whether or not the books have set it off. The newest
    line gives back first. Law: BW 6:82-83, 6:119-119b; Fw 128.
    """
    excess: dict[UUID, int] = {}
    credited = list_set_off(facts.items, kept_until=date.min)
    for invoice_id, account in accounts.items():
        over = sum(cents for _, cents in account.asked)
        if over <= 0 or account.asked_from is None:
            continue
        less = credited.get(invoice_id, 0)
        over -= min(over, _compute_owed(account, facts, rules, over, less=less, today=today))
        for item_id, cents in account.asked:
            back = min(over, cents)
            over -= back
            if back > 0:
                excess[item_id] = excess.get(item_id, 0) + back
    return excess


def _compute_owed(
    account: InterestAccount,
    facts: DebtorFacts,
    rules: CreditorRules,
    asked: int,
    *,
    less: int,
    today: date,
) -> int:
    """All interest to date by what is known now; what was asked where the law has no figure."""
    if account.is_commercial and is_consumer(facts.kind) and rules.interest_from != "everybody":
        return 0
    owed_from = account.asked_from or today
    if account.invoice is not None:
        try:
            default_from = compute_default_on_paper(account.invoice, facts, rules).in_default_from
        except Refusal:
            return asked
        if default_from is None or default_from > today:
            return 0
        owed_from = max(owed_from, default_from)
    terms = _make_terms(facts.kind, _find_agreed(account, facts, account.invoice))
    until = _find_end(facts, today=today)
    rests = list_interest_rests(facts.protections, today=today)
    interest = _compute(
        account, terms, rules, facts, less=less, owed_from=owed_from, until=until, rests=rests
    )
    return asked if interest is None else interest.interest_cents


def _find_end(facts: DebtorFacts, *, today: date) -> date:
    """The first day that bears no interest: tomorrow, or the first one of an insolvency."""
    tomorrow = add_days(today, 1)
    insolvent_from = find_insolvency_start(facts.protections, today=today)
    return tomorrow if insolvent_from is None else min(insolvent_from, tomorrow)


def _is_asked(facts: DebtorFacts, rules: CreditorRules) -> bool:
    if rules.interest_from == "businesses":
        return not is_consumer(facts.kind)
    return rules.interest_from == "everybody"


def find_interest_terms(
    agreements: Sequence[AgreedInterest], *, kind: str, issued_on: date
) -> InterestTerms:
    """The interest that an invoice of this day to such a debtor bears: as agreed, else the law's.

    Law: BW 6:119-119b.
    """
    agreed = find_agreed_interest(agreements, kind=kind, issued_on=issued_on)
    return _make_terms(kind, agreed)


def _find_agreed(
    account: InterestAccount, facts: DebtorFacts, item: OpenItem | None
) -> AgreedInterest | None:
    if item is None or item.issued_on is None:
        return None
    return find_agreed_interest(account.agreements, kind=facts.kind, issued_on=item.issued_on)


def _make_terms(debtor_kind: str, agreed: AgreedInterest | None) -> InterestTerms:
    if agreed is not None:
        return make_interest_terms(agreed)
    kind, _ = _KINDS.get(debtor_kind, ("statutory", ""))
    return InterestTerms(kind)


def _name_agreement(claim: NewClaim, facts: DebtorFacts, agreed: AgreedInterest) -> NewClaim:
    """The claim with the agreement as its ground, before its calculation."""
    _, article = _KINDS.get(facts.kind, ("", ""))
    ground = ", ".join(one for one in (AGREED_ARTICLE, article.removeprefix("BW ")) if one)
    said = CalculationLine(describe_agreed_interest(agreed), 0)
    return replace(claim, article=ground, calculation=(said, *claim.calculation))


def _compute(
    account: InterestAccount,
    terms: InterestTerms,
    rules: CreditorRules,
    facts: DebtorFacts,
    *,
    less: int,
    owed_from: date,
    until: date,
    rests: Sequence[FreeDays],
) -> PaidInterest | None:
    """All interest up to a day (excluded); None by a rate that is not known."""
    planned = account.planned if is_consumer(facts.kind) else account.promised
    try:
        return compute_paid_interest(
            account.principal_cents - less,
            account.movements,
            owed_from=owed_from,
            until=max(until, owed_from),
            terms=terms,
            rates=rules.rates,
            free=(*planned, *rests),
        )
    except Refusal:
        return None


def _make_claim(
    facts: DebtorFacts,
    one: Owed,
    interest: PaidInterest,
    asked: int,
    *,
    from_on: date,
    until: date,
    rests: Sequence[FreeDays],
    today: date,
) -> NewClaim:
    _, article = _KINDS.get(facts.kind, ("", "BW 6:119"))
    return NewClaim(
        debtor_id=facts.debtor_id,
        kind="interest",
        cents=interest.interest_cents - asked,
        article=article,
        calculation=_explain(one.item, interest, asked, rests),
        parts=((one.item.item_id, one.net_cents),),
        claimed_on=today,
        from_on=from_on,
        until_on=until,
    )


def _explain(
    item: OpenItem, interest: PaidInterest, asked: int, rests: Sequence[FreeDays]
) -> tuple[CalculationLine, ...]:
    """The periods and payments in order of day, less what was asked before."""
    steps = [(line.from_on, 1, _explain_period(item, line)) for line in interest.lines]
    for from_on, until in interest.free:
        is_wsnp = any(first <= from_on < after for first, after in rests)
        why = _WSNP if is_wsnp else _PLANNED
        steps.append((from_on, 1, _explain_free(from_on, until, why)))
    steps += [
        (add_days(split.movement.on, 1), 0, _explain_payment(split))
        for split in interest.splits
        if split.movement.to == "claim"
    ]
    lines = [line for _, _, line in sorted(steps, key=lambda step: step[:2])]
    if asked:
        before = Sentence(
            f"Eerder gevraagd: {format_euros(asked)}.", f"Asked before: {format_euros(asked)}."
        )
        lines.append(CalculationLine(before, -asked))
    return tuple(lines)


def _explain_period(item: OpenItem, line: InterestLine) -> CalculationLine:
    last = add_days(line.until, -1)
    return CalculationLine(
        Sentence(
            f"Factuur {item.number}: {format_euros(line.base_cents)},"
            f" {format_day(line.from_on, 'nl')} tot en met {format_day(last, 'nl')},"
            f" {format_count(line.days, 'dag', 'dagen')},"
            f" {format_percent(line.rate_percent)} per jaar:"
            f" {format_euros(line.interest_cents)}.",
            f"Invoice {item.number}: {format_euros(line.base_cents)},"
            f" {format_day(line.from_on, 'en')} up to and including {format_day(last, 'en')},"
            f" {format_count(line.days, 'day', 'days')}, {line.rate_percent}% a year:"
            f" {format_euros(line.interest_cents)}.",
        ),
        line.interest_cents,
    )


def _explain_free(from_on: date, until: date, why: Sentence) -> CalculationLine:
    last = add_days(until, -1)
    said = Sentence(
        f"{format_day(from_on, 'nl')} tot en met {format_day(last, 'nl')}: {why.nl}.",
        f"{format_day(from_on, 'en')} up to and including {format_day(last, 'en')}: {why.en}.",
    )
    return CalculationLine(said, 0)


_PLANNED = Sentence("betalingsregeling, geen rente", "payment plan, no interest")
_WSNP = Sentence(
    "schuldsanering (WSNP), geen rente (Fw 303 lid 1)",
    "debt restructuring (WSNP), no interest (Fw 303 lid 1)",
)


def _explain_payment(split: SplitMovement) -> CalculationLine:
    day_nl, day_en = format_day(split.movement.on, "nl"), format_day(split.movement.on, "en")
    paid = split.to_interest_cents + split.to_principal_cents
    interest = format_euros(abs(split.to_interest_cents))
    principal = format_euros(abs(split.to_principal_cents))
    amount = format_euros(abs(paid))
    if split.movement.cents > 0:
        said = Sentence(
            f"Teruggegaan op {day_nl}: {amount}, waarvan {interest} rente en {principal} hoofdsom.",
            f"Went back on {day_en}: {amount}, of which {interest} interest and {principal}"
            " principal.",
        )
    else:
        order_nl, order_en = _ORDERS[split.movement.order]
        if split.movement.is_named:
            order_nl += "; de klant wees deze factuur aan, BW 6:43 lid 1"
            order_en += "; the customer named this invoice, BW 6:43 lid 1"
        said = Sentence(
            f"Betaald op {day_nl}: {amount}, waarvan {interest} rente en {principal} hoofdsom"
            f" ({order_nl}).",
            f"Paid on {day_en}: {amount}, of which {interest} interest and {principal} principal"
            f" ({order_en}).",
        )
    return CalculationLine(said, 0)


_ORDERS = {
    "law": ("BW 6:44 lid 1", "BW 6:44 lid 1"),
    "principal_first": (
        "hoofdsom eerst, zo gekozen of in een regeling afgesproken",
        "principal first, by choice or as a plan agrees",
    ),
}
