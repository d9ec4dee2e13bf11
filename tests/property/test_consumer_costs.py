"""P6: no settings and no order of events make a consumer owe costs without a right letter."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from tijdig.core.claims import Claimed, compute_due_claims
from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.interest_claims import InterestAccount
from tijdig.core.law.collection_costs import compute_collection_costs
from tijdig.core.notices import PastNotice

TODAY = date(2026, 6, 1)
ITEMS = 3
days = st.integers(-120, 40).map(lambda n: TODAY + timedelta(days=n))
rules = st.builds(
    CreditorRules,
    business_terms_agreed=st.booleans(),
    consumer_terms_agreed=st.booleans(),
    adds_vat=st.booleans(),
    business_costs=st.sampled_from(("none", "minimum", "decree")),
    interest_from=st.sampled_from(("nobody", "businesses", "everybody")),
)


@st.composite
def notices(draw: st.DrawFn) -> PastNotice:
    sent_on = draw(days)
    return PastNotice(
        kind=draw(st.sampled_from(("veertiendagenbrief", "ingebrekestelling"))),
        item_id=UUID(int=draw(st.integers(0, ITEMS))),
        message_id=UUID(int=draw(st.integers(10, 12))),
        amount_cents=draw(st.integers(1, 3_000_000)),
        sent_on=sent_on,
        received_on=draw(st.sampled_from((None, sent_on + timedelta(days=2)))),
        last_day=draw(st.sampled_from((None, sent_on + timedelta(days=18)))),
        costs_cents=draw(st.sampled_from((0, 4_000, 700_000))),
        vat_cents=draw(st.sampled_from((0, 694))),
        is_void=draw(st.booleans()),
        is_bank_read=draw(st.booleans()),
    )


@st.composite
def consumers(draw: st.DrawFn) -> DebtorFacts:
    items = tuple(
        OpenItem(
            UUID(int=n),
            str(n),
            draw(st.sampled_from(("invoice", "invoice", "credit_note"))),
            TODAY - timedelta(days=200),
            draw(days),
            draw(st.integers(-50_000, 3_000_000)),
            term=draw(st.sampled_from(("agreed", "stated", "assumed"))),
        )
        for n in range(draw(st.integers(0, ITEMS)))
    )
    return DebtorFacts(
        debtor_id=UUID(int=99),
        number="D1",
        name="Proef",
        kind=draw(st.sampled_from(("consumer", "unknown"))),
        items=items,
        notices=tuple(draw(st.lists(notices(), max_size=5))),
    )


def is_right(notice: PastNotice) -> bool:
    """Proven, correct, expired, and the bank has told of its last day."""
    return (
        notice.kind == "veertiendagenbrief"
        and not notice.is_void
        and notice.received_on is not None
        and notice.last_day is not None
        and notice.last_day < TODAY
        and notice.is_bank_read
    )


@given(consumers(), rules, st.dictionaries(st.integers(0, ITEMS), st.integers(0, 3_000_000)))
@settings(max_examples=400)
def test_a_consumer_owes_no_costs_without_a_right_letter(facts, creditor, open_then) -> None:
    balances = {UUID(int=n): cents for n, cents in open_then.items()}
    claims = compute_due_claims(facts, creditor, balances=balances, today=TODAY)
    for claim in claims:
        if claim.kind != "costs":
            continue
        right = {
            notice.item_id
            for notice in facts.notices
            if notice.message_id == claim.message_id and is_right(notice)
        }
        assert {item_id for item_id, _ in claim.parts} <= right
        named = max(n.costs_cents for n in facts.notices if n.message_id == claim.message_id)
        assert 0 < claim.cents <= named


@given(consumers(), rules, st.dictionaries(st.integers(0, ITEMS), st.integers(1, 3_000_000)))
@settings(max_examples=200)
def test_all_costs_together_are_never_more_than_those_over_the_whole(
    facts, creditor, open_then
) -> None:
    balances = {UUID(int=n): cents for n, cents in open_then.items()}
    claims = compute_due_claims(facts, creditor, balances=balances, today=TODAY)
    costs = [claim for claim in claims if claim.kind == "costs"]
    if costs:
        principals = [cents for claim in costs for _, cents in claim.parts]
        whole = compute_collection_costs(principals, on=TODAY, adds_vat=True)
        assert sum(claim.cents for claim in costs) <= whole.total_cents


@given(consumers(), rules)
@settings(max_examples=200)
def test_the_same_claim_has_costs_only_once(facts, creditor) -> None:
    balances = {item.item_id: item.open_cents for item in facts.items}
    first = compute_due_claims(facts, creditor, balances=balances, today=TODAY)
    costs = [claim for claim in first if claim.kind == "costs"]
    open_cents = {item.item_id: item.open_cents for item in facts.items}
    claimed = Claimed(
        principals={item_id: cents for claim in costs for item_id, cents in claim.parts},
        costs_cents=sum(claim.cents for claim in costs),
        accounts={
            item_id: InterestAccount(open_cents[item_id], asked=((item_id, claim.cents),))
            for claim in first
            if claim.kind == "interest"
            for item_id, _ in claim.parts
        },
    )
    again = compute_due_claims(facts, creditor, claimed=claimed, balances=balances, today=TODAY)
    assert not {item for claim in again if claim.kind == "costs" for item, _ in claim.parts} & {
        item for claim in costs for item, _ in claim.parts
    }
    assert [claim for claim in again if claim.kind == "interest"] == []
