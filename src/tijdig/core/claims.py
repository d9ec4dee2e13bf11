"""Which costs and interest a debtor owes on a day, beside his invoices.

A consumer owes costs only after a correct, proven and expired veertiendagenbrief, whatever the
creditor set. Where two readings are possible, the one that costs the debtor less counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from tijdig.core.askable import find_askable
from tijdig.core.calendar import add_days, format_day
from tijdig.core.claim_lines import CalculationLine, NewClaim
from tijdig.core.creditor_rules import CreditorRules, find_agreed_costs, is_consumer
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.instalment_costs import (
    compute_asked_before,
    limit_for_instalments,
    take_off_asked,
)
from tijdig.core.interest_claims import InterestAccount, claim_interest
from tijdig.core.item_default import compute_item_default, find_letters_before_default
from tijdig.core.law.agreed_costs import AgreedCosts
from tijdig.core.law.collection_costs import (
    CollectionCosts,
    DefaultedClaim,
    Instalment,
    compute_agreed_costs,
    compute_business_costs,
    compute_collection_costs,
    compute_costs_after_letter,
)
from tijdig.core.law.dated import get_value
from tijdig.core.law.tables import COST_SCALE
from tijdig.core.law.veertiendagenbrief import LetterDays, explain_no_costs
from tijdig.core.letter_costs import find_valid_letter
from tijdig.core.money import format_euros
from tijdig.core.netting import Owed
from tijdig.core.notices import PastNotice
from tijdig.core.problem import Refusal, Sentence


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was claimed before, as far as its invoices are still open.

    `principals` are the invoices with costs, and over how much; `accounts` tell per invoice what
    was paid on it and which interest was asked for, also of closed ones that have such interest.
    """

    principals: Mapping[UUID, int] = field(default_factory=dict)
    costs_cents: int = 0
    accounts: Mapping[UUID, InterestAccount] = field(default_factory=dict)


NOTHING_CLAIMED = Claimed()


def compute_due_claims(
    facts: DebtorFacts,
    rules: CreditorRules,
    *,
    claimed: Claimed = NOTHING_CLAIMED,
    balances: Mapping[UUID, int],
    agreed: AgreedCosts | None = None,
    today: date,
) -> tuple[NewClaim, ...]:
    """The costs and interest that can be claimed today and were not claimed yet.

    `balances` is what was open on each invoice at the end of the last day of its letter. `agreed`
    was agreed with this debtor; of a consumer it changes nothing. What the law has no figure for is
    left out, and so is what may not be asked today: a dispute, a plan, a doubt on our own side.
    Nobody is in default yet with what the creditor still collects himself.
    Law: BW 6:96 lid 4-7, 6:119-119b.
    """
    owed = _list_askable(facts, today=today)
    if is_consumer(facts.kind):
        costs = _claim_after_letters(facts, owed, rules, claimed, balances, today=today)
    else:
        terms = find_agreed_costs(rules, agreed)
        costs = _claim_from_business(facts, owed, rules, claimed, agreed=terms, today=today)
    late = _list_late(facts, owed, rules, today=today)
    interest = claim_interest(facts, late, rules, claimed.accounts, today=today)
    return tuple(one for one in (*costs, *interest) if one.cents > 0)


def _list_askable(facts: DebtorFacts, *, today: date) -> list[Owed]:
    """The invoices of which anything may be asked, each as it stands with what may not."""
    whole = {item.item_id: item for item in facts.items}
    owed, _ = find_askable(facts, today=today)
    return [
        replace(one, item=whole[one.item.item_id]) for one in owed if one.item.kind == "invoice"
    ]


def add_claims(
    facts: DebtorFacts, claims: Sequence[NewClaim], item_ids: Sequence[UUID]
) -> DebtorFacts:
    """The facts as they are once these claims have been booked under these ids."""
    items = tuple(
        OpenItem(item_id, "", "claim", claim.claimed_on, claim.claimed_on, claim.cents)
        for item_id, claim in zip(item_ids, claims, strict=True)
    )
    return replace(facts, items=(*facts.items, *items))


def take_back(facts: DebtorFacts, excess: Mapping[UUID, int]) -> DebtorFacts:
    """The facts as they are once this much of these claim lines has been taken back."""
    items = tuple(
        replace(item, open_cents=item.open_cents - excess[item.item_id])
        if item.item_id in excess
        else item
        for item in facts.items
    )
    return replace(facts, items=items)


def find_letters_to_claim(
    facts: DebtorFacts, rules: CreditorRules, claimed: Claimed, *, today: date
) -> dict[UUID, list[PastNotice]]:
    """Per letter, its notices after which costs are due for an invoice that is still open.

    A letter about anything that was not in default yet is none. Law: BW 6:96 lid 6.
    """
    early = find_letters_before_default(facts, rules)
    opened = {item.item_id: item for item in facts.items if item.open_cents > 0}
    found: dict[UUID, list[PastNotice]] = {}
    for notice in facts.notices:
        if (
            notice.kind == "veertiendagenbrief"
            and notice.item_id in opened
            and find_valid_letter(opened[notice.item_id], facts.notices) is notice
            and notice.item_id not in claimed.principals
            and notice.costs_cents > 0
            and notice.message_id not in early
            and _why_not(notice, today=today) is None
        ):
            found.setdefault(notice.message_id, []).append(notice)
    return found


def _why_not(notice: PastNotice, *, today: date) -> Sentence | None:
    """Why no costs follow from this letter today: the one gate for a consumer's costs."""
    if notice.is_unposted:
        return Sentence(
            f"De brief van {format_day(notice.sent_on, 'nl')} is geprint, maar nog niet als gepost"
            " gemeld: geen kosten.",
            f"The letter of {format_day(notice.sent_on, 'en')} was printed, but nobody said yet"
            " that it was posted: no costs.",
        )
    if notice.received_on is None or notice.last_day is None:
        return Sentence(
            "De ontvangst van de brief is niet bewezen: geen kosten.",
            "The receipt of the letter is not proven: no costs.",
        )
    after = add_days(notice.last_day, 1)
    days = LetterDays(
        received_on=notice.received_on,
        last_day_on=notice.last_day,
        costs_from_on=after,
        margin_days=0,
        printed_on=notice.last_day,
        is_proven=True,
        because=(),
    )
    return explain_no_costs(
        today=today,
        days=days,
        void_grounds=("void",) if notice.is_void else (),
        bank_read_until=notice.last_day if notice.is_bank_read else None,
        is_returned=False,
    )


def _claim_after_letters(
    facts: DebtorFacts,
    owed: Sequence[Owed],
    rules: CreditorRules,
    claimed: Claimed,
    balances: Mapping[UUID, int],
    *,
    today: date,
) -> list[NewClaim]:
    set_off = {one.item.item_id: one.item.open_cents - one.net_cents for one in owed}
    claims: list[NewClaim] = []
    for message_id, notices in find_letters_to_claim(facts, rules, claimed, today=today).items():
        parts = [
            (notice, min(notice.amount_cents, balances.get(notice.item_id, 0)))
            for notice in notices
            if notice.item_id in set_off
        ]
        parts = [
            (notice, cents - set_off[notice.item_id])
            for notice, cents in parts
            if cents > set_off[notice.item_id]
        ]
        if not parts:
            continue
        claim = _claim_after_letter(
            facts, parts, rules, claimed, message_id=message_id, today=today
        )
        claims.append(claim)
        claimed = replace(
            claimed,
            principals={**claimed.principals, **dict(claim.parts)},
            costs_cents=claimed.costs_cents + claim.cents,
        )
    return claims


def _claim_after_letter(
    facts: DebtorFacts,
    parts: Sequence[tuple[PastNotice, int]],
    rules: CreditorRules,
    claimed: Claimed,
    *,
    message_id: UUID,
    today: date,
) -> NewClaim:
    notice = parts[0][0]
    last_day = notice.last_day or today
    # What the letter named, as far as it may still be asked (Besluit BIK art. 2 lid 3).
    adds_vat = notice.vat_cents > 0 and rules.adds_vat
    asked = [one.amount_cents for one, _ in parts]
    rest, asked_before = sum(cents for _, cents in parts), 0
    costs = compute_costs_after_letter(
        asked,
        [(last_day, sum(asked) - rest)] if sum(asked) > rest else [],
        last_day_on=last_day,
        costs_from_on=add_days(last_day, 1),
        adds_vat=adds_vat,
    )
    if rules.sends_instalments:
        due_on = {item.item_id: item.due_on for item in facts.items}
        own = [Instalment(due_on[one.item_id], cents) for one, cents in parts]
        newest_on = max(one.due_on for one in own)
        asked_before = compute_asked_before(facts.notices, facts.items, newest_on=newest_on)
        costs = take_off_asked(limit_for_instalments(costs, own), asked_before)
    lines = [_explain_letter(notice.sent_on, last_day), *costs.because]
    before = _leave_open(claimed, facts, asked_before)
    allowed = _limit(costs, before, on=today, adds_vat=adds_vat)
    named = notice.costs_cents - (0 if adds_vat else notice.vat_cents)
    cents = min(allowed, named)
    if cents < costs.total_cents:
        lines.append(_explain_limit(cents))
    return _make_costs(
        facts,
        cents,
        vat_cents=min(costs.vat_cents, cents),
        lines=lines,
        parts=tuple((one.item_id, part) for one, part in parts),
        article="BW 6:96 lid 5-6, Besluit BIK art. 2",
        today=today,
        from_on=add_days(last_day, 1),
        message_id=message_id,
    )


def _leave_open(claimed: Claimed, facts: DebtorFacts, asked_before: int) -> Claimed:
    """What was claimed, over no more of each invoice than is open of it now.

    What was paid since brings no costs beside those of the rest: the reading that costs a consumer
    the least. `asked_before` are the costs of paid instalments. Law: BW 6:96 lid 7.
    """
    opened = {item.item_id: max(0, item.open_cents) for item in facts.items}
    principals = {
        item_id: min(cents, opened.get(item_id, 0)) for item_id, cents in claimed.principals.items()
    }
    costs_cents = claimed.costs_cents + asked_before
    return replace(claimed, principals=principals, costs_cents=costs_cents)


def _claim_from_business(
    facts: DebtorFacts,
    owed: Sequence[Owed],
    rules: CreditorRules,
    claimed: Claimed,
    *,
    agreed: AgreedCosts | None,
    today: date,
) -> list[NewClaim]:
    if rules.business_costs == "none":
        return []
    late = _list_late(facts, owed, rules, today=today)
    late = [(one, from_on) for one, from_on in late if one.item.item_id not in claimed.principals]
    if not late:
        return []
    costs = compute_business_costs(
        [DefaultedClaim(one.net_cents, from_on) for one, from_on in late],
        kind=facts.kind,
        on=today,
        agreed=agreed,
        adds_vat=rules.adds_vat,
    )
    cents = _limit(costs, claimed, on=today, adds_vat=rules.adds_vat, agreed=agreed)
    vat_cents, lines = costs.vat_cents, list(costs.because)
    if rules.business_costs == "minimum" and agreed is None:
        minimum = get_value(COST_SCALE, today).minimum_cents
        cents, vat_cents = max(0, min(cents, minimum - claimed.costs_cents)), 0
        lines = [
            Sentence(
                f"Het bedrag dat een bedrijf altijd verschuldigd is: {format_euros(minimum)}.",
                f"The amount that a business owes in any case: {format_euros(minimum)}.",
            )
        ]
    elif cents < costs.total_cents:
        lines.append(_explain_limit(cents))
    return [
        _make_costs(
            facts,
            cents,
            vat_cents=min(vat_cents, cents),
            lines=lines,
            parts=tuple((one.item.item_id, one.net_cents) for one, _ in late),
            article="BW 6:96 lid 4",
            today=today,
            from_on=max(from_on for _, from_on in late),
        )
    ]


def _list_late(
    facts: DebtorFacts, owed: Sequence[Owed], rules: CreditorRules, *, today: date
) -> list[tuple[Owed, date]]:
    """The invoices in default on this day, each with its first day of default."""
    late = []
    for one in owed:
        try:
            from_on = compute_item_default(one.item, facts, rules).in_default_from
        except Refusal:
            continue  # From before the law that we know: nothing is claimed.
        if from_on is not None and from_on <= today:
            late.append((one, from_on))
    return late


def _limit(
    costs: CollectionCosts,
    claimed: Claimed,
    *,
    on: date,
    adds_vat: bool,
    agreed: AgreedCosts | None = None,
) -> int:
    """These costs, and never more than those over everything together, less what was claimed.

    Law: BW 6:96 lid 7.
    """
    if not claimed.principals:
        return costs.total_cents
    together = [*claimed.principals.values(), costs.principal_cents]
    if agreed is None:
        whole = compute_collection_costs(together, on=on, adds_vat=adds_vat)
    else:
        whole = compute_agreed_costs(together, agreed, on=on, adds_vat=adds_vat)
    return max(0, min(costs.total_cents, whole.total_cents - claimed.costs_cents))


def _make_costs(
    facts: DebtorFacts,
    cents: int,
    *,
    vat_cents: int,
    lines: Sequence[Sentence],
    parts: tuple[tuple[UUID, int], ...],
    article: str,
    today: date,
    from_on: date,
    message_id: UUID | None = None,
) -> NewClaim:
    steps = [CalculationLine(said, 0) for said in lines[:-1]]
    return NewClaim(
        debtor_id=facts.debtor_id,
        kind="costs",
        cents=cents,
        vat_cents=vat_cents,
        article=article,
        calculation=(*steps, CalculationLine(lines[-1], cents)),
        parts=parts,
        claimed_on=today,
        message_id=message_id,
        from_on=from_on,
    )


def _explain_limit(cents: int) -> Sentence:
    return Sentence(
        f"Samen met eerdere kosten en wat de brief noemde, blijft dit over: {format_euros(cents)}.",
        f"With earlier costs and what the letter named, this remains: {format_euros(cents)}.",
    )


def _explain_letter(sent_on: date, last_day: date) -> Sentence:
    return Sentence(
        f"Veertiendagenbrief van {format_day(sent_on, 'nl')}, niet betaald tot en met"
        f" {format_day(last_day, 'nl')}.",
        f"Fourteen-day letter of {format_day(sent_on, 'en')}, not paid up to and including"
        f" {format_day(last_day, 'en')}.",
    )
