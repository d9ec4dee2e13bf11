"""Facts about a debtor for tests of the decision, made by hand."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from tijdig.core.dunning import Decision, add_contact, decide
from tijdig.core.facts import ContactState, DebtorFacts, OpenItem, PastContact
from tijdig.core.plans import RunningPlan, compute_instalments
from tijdig.core.policy import DEFAULT_POLICY, Policy
from tijdig.core.problem import Sentence

DEBTOR = UUID(int=9)
FRIDAY = date(2026, 3, 13)
"""The due date of most scenarios: an ordinary Friday."""

SAID = Sentence("De debiteur heeft gebeld.", "The debtor called.")


def make_invoice(number: str = "1", due_on: date = FRIDAY, cents: int = 12100, **more) -> OpenItem:
    """An open invoice with a term of 30 days; its id follows from its number."""
    return OpenItem(
        **{
            "item_id": UUID(int=100 + int(number)),
            "number": number,
            "kind": "invoice",
            "issued_on": due_on - timedelta(days=30),
            "due_on": due_on,
            "open_cents": cents,
            **more,
        }
    )


def make_credit(number: str = "50", cents: int = -2100, **more) -> OpenItem:
    """An open credit note of 1 March 2026."""
    day = date(2026, 3, 1)
    return make_invoice(number, day, cents, **{"kind": "credit_note", "issued_on": day, **more})


def make_contact(
    step_key: str, on: date, state: ContactState = "done", *, item: str = "1", **more
) -> PastContact:
    """A step taken for the invoice with this number."""
    return PastContact(
        **{
            "step_key": step_key,
            "item_id": UUID(int=100 + int(item)),
            "reopen_count": 0,
            "on": on,
            "state": state,
            "channel": "phone" if step_key == "call" else "email",
            **more,
        }
    )


def make_plan(
    *items: OpenItem, agreed_on: date, first_on: date, count: int = 2, covered_cents: int = 0
) -> RunningPlan:
    """A monthly plan over these items, without rounding."""
    total = sum(item.open_cents for item in items)
    return RunningPlan(
        plan_id=UUID(int=7),
        key="000000000007",
        agreed_on=agreed_on,
        item_ids=tuple(item.item_id for item in items),
        instalments=compute_instalments(
            total, count, first_on=first_on, interval="month", rounding="none"
        ),
        covered_cents=covered_cents,
    )


def make_facts(*items: OpenItem, **more) -> DebtorFacts:
    """A debtor with an e-mail address, a postal address and a phone number."""
    return DebtorFacts(
        **{
            "debtor_id": DEBTOR,
            "number": "D1",
            "name": "Bakkerij De Korenaar",
            "kind": "business",
            "items": items,
            "email": "administratie@example.test",
            "phone": "+31201234567",
            "has_postal_address": True,
            **more,
        }
    )


def run_daily(
    facts: DebtorFacts, start: date, days: int, *, policy: Policy = DEFAULT_POLICY
) -> list[Decision]:
    """All messages and calls when the run comes by every day; each is carried out that day."""
    return run_on(facts, (start + timedelta(days=n) for n in range(days)), policy=policy)


def run_on(
    facts: DebtorFacts, days: Iterable[date], *, policy: Policy = DEFAULT_POLICY
) -> list[Decision]:
    """All messages and calls when the run comes by on these days."""
    taken = []
    for day in days:
        decision = decide(facts, policy, today=day)
        if decision.outcome != "nothing":
            taken.append(decision)
            facts = add_contact(facts, decision)
    return taken


def days_of(decisions: Iterable[Decision]) -> list[tuple[date, str]]:
    """The day and the reason of each."""
    return [(decision.on, decision.reason) for decision in decisions]
