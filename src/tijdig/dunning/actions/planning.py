"""Store what was decided: the decision itself, the message or the call, and the next look."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from tijdig import __version__
from tijdig.core.calendar import add_days, next_working_day
from tijdig.core.decision import COPY, Decision, add_contact
from tijdig.core.dunning import decide
from tijdig.core.facts import ContactState, DebtorFacts, OpenItem
from tijdig.core.policy import Policy, Step
from tijdig.core.references import make_rf_reference
from tijdig.core.stops import find_next_start
from tijdig.core.told_stops import end_told_stops
from tijdig.dunning.models import Call
from tijdig.dunning.models import Decision as DecisionRow
from tijdig.dunning.record import describe_facts
from tijdig.ledger.actions.looks import set_next_looks
from tijdig.ledger.queries.item_owners import load_item_owners
from tijdig.messaging.actions.held import JUDGING
from tijdig.messaging.models import Message
from tijdig.tenants.bulk import execute, insert_rows
from tijdig.tenants.ids import new_ids
from tijdig.tenants.scope import active_administration

_DECISION_COLUMNS = (
    "id debtor outcome reason because_nl because_en step_key next_look_on facts facts_version"
).split()
_MESSAGE_COLUMNS = (
    "id debtor carrying_item reopen_count step_key phase tone text channel language pay_by_on "
    "listed_items listed_cents total_cents costs_cents vat_cents payment_reference facts_version"
).split()
_CALL_COLUMNS = "id debtor carrying_item reopen_count step_key total_cents".split()


def store_decisions(
    pairs: Sequence[tuple[DebtorFacts, Decision]],
    policy: Policy,
    *,
    run_id: UUID,
    rehearsal: bool,
) -> None:
    """Write a batch of decisions and what follows from them; debtors are locked by the caller."""
    if not pairs:
        return
    planned_on = pairs[0][1].on
    _store_reasons(pairs, policy, run_id=run_id, decided_on=planned_on)
    messages = [pair for pair in pairs if pair[1].outcome == "message"]
    plan_messages(messages, planned_on=planned_on, rehearsal=rehearsal)
    calls = [decision for _, decision in pairs if decision.outcome == "call"]
    _plan_calls(calls, asked_on=planned_on)
    set_next_looks(
        [
            (
                one.debtor_id,
                _next_look_on(facts, one, policy),
                one.reason if one.outcome == "nothing" else "step_taken",
                one.facts_version,
            )
            for facts, one in pairs
        ]
    )


def _store_reasons(
    pairs: Sequence[tuple[DebtorFacts, Decision]],
    policy: Policy,
    *,
    run_id: UUID,
    decided_on: date,
) -> None:
    insert_rows(
        DecisionRow,
        _DECISION_COLUMNS,
        [
            (
                decision_id,
                one.debtor_id,
                one.outcome,
                one.reason,
                one.because.nl,
                one.because.en,
                one.step.key if one.step else "",
                one.next_look_on,
                describe_facts(facts, policy),
                one.facts_version,
            )
            for decision_id, (facts, one) in zip(new_ids(len(pairs)), pairs, strict=True)
        ],
        same={
            "administration": active_administration(),
            "run_id": run_id,
            "on": decided_on,
            "policy_version": policy.version,
            "code_version": __version__,
        },
    )


def _next_look_on(facts: DebtorFacts, decision: Decision, policy: Policy) -> date | None:
    """The first day on which anything could be due, once the step has been taken.

    After a message the gap between contacts tells (no plan or case waits for it), or a pause that
    begins before it is over; after a call that nobody makes, its lapse.
    """
    if decision.outcome == "nothing":
        return decision.next_look_on
    if decision.outcome == "message" and not facts.plans and not facts.case_messages:
        after_gap_on = next_working_day(add_days(decision.on, max(policy.min_gap_days, 1)))
        return min(after_gap_on, find_next_start(facts, today=decision.on) or after_gap_on)
    state: ContactState = "call_open" if decision.outcome == "call" else "done"
    taken = end_told_stops(add_contact(facts, decision, state=state))
    return decide(taken, policy, today=decision.on).next_look_on


def plan_messages(
    pairs: Sequence[tuple[DebtorFacts, Decision]],
    *,
    planned_on: date,
    rehearsal: bool,
    is_dry: bool = False,
) -> list[tuple[UUID, DebtorFacts, Decision]]:
    """Store these messages and copies of them, held until the run was judged; each with its id.

    A dry run takes no payment references, and undoes it all. Costs and interest that only a
    rehearsal knows count in the total, and stand in no list.
    """
    with_copies = [*pairs, *((facts, _copy_of(one)) for facts, one in pairs if one.copy_by)]
    ids = new_ids(len(with_copies))
    take = foresee_references if is_dry else take_references
    references = take(len(with_copies))
    reason = "sending_off" if rehearsal else JUDGING
    foreseen = _find_foreseen(with_copies) if rehearsal else frozenset()
    rows = []
    for message_id, (facts, one), reference in zip(ids, with_copies, references, strict=True):
        step, carrying = _taken(one)
        listed = _leave_out(foreseen, one.listed) if foreseen else one.listed
        rows.append(
            (
                message_id,
                one.debtor_id,
                carrying.item_id,
                carrying.reopen_count,
                step.key,
                "copy" if step.key.endswith(COPY) else step.phase,
                step.tone,
                step.text,
                one.channel,
                facts.language,
                one.pay_by_on,
                [item_id for item_id, _ in listed],
                [cents for _, cents in listed],
                one.total_cents,
                one.costs_cents,
                one.vat_cents,
                reference,
                one.facts_version,
            )
        )
    same = {"administration": active_administration()}
    no_attempt = {"attempt": 0, "claimed_by": "", "receipt": ""}
    told = {"planned_on": planned_on, "state": "held", "reason": reason}
    insert_rows(Message, _MESSAGE_COLUMNS, rows, same=same | told | no_attempt)
    return [(message_id, *pair) for message_id, pair in zip(ids, with_copies, strict=True)]


def _find_foreseen(pairs: Sequence[tuple[DebtorFacts, Decision]]) -> frozenset[UUID]:
    """The claims among the items of these debtors that only a rehearsal knows."""
    claims = {item.item_id for facts, _ in pairs for item in facts.items if item.kind == "claim"}
    return frozenset(claims - {one.item_id for one in load_item_owners(claims)})


def _leave_out(
    foreseen: frozenset[UUID], listed: Sequence[tuple[UUID, int]]
) -> Sequence[tuple[UUID, int]]:
    return [(item_id, cents) for item_id, cents in listed if item_id not in foreseen]


def _copy_of(decision: Decision) -> Decision:
    """The copy of a letter: it helps to pay, gives no term of its own and names no costs."""
    step, _ = _taken(decision)
    return replace(
        decision,
        step=replace(step, key=step.key + COPY, text=step.text + COPY),
        channel=decision.copy_by,
        pay_by_on=None,
        costs_cents=0,
        vat_cents=0,
        copy_by=None,
    )


def _plan_calls(decisions: Sequence[Decision], *, asked_on: date) -> None:
    """Held, as messages are, until the run was judged; in a rehearsal for good."""
    rows = []
    for call_id, one in zip(new_ids(len(decisions)), decisions, strict=True):
        step, carrying = _taken(one)
        rows.append(
            (
                call_id,
                one.debtor_id,
                carrying.item_id,
                carrying.reopen_count,
                step.key,
                one.total_cents,
            )
        )
    same = {
        "administration": active_administration(),
        "asked_on": asked_on,
        "state": "held",
        "outcome": "",
        "note": "",
    }
    insert_rows(Call, _CALL_COLUMNS, rows, same=same)


def _taken(decision: Decision) -> tuple[Step, OpenItem]:
    """The step that a message or call takes, and the invoice that carries it."""
    if decision.step is None or decision.carrying is None:
        raise ValueError("a message or call has a step and a carrying invoice")
    return decision.step, decision.carrying


def foresee_references(count: int) -> list[str]:
    """The references that a run would take now; nothing is taken."""
    rows = execute(
        "SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END "
        "FROM tijdig_payment_reference",
        [],
    )
    first = int(rows.fetchall()[0][0])
    return [make_rf_reference(number) for number in range(first, first + count)]


def take_references(count: int) -> list[str]:
    """As many payment references as there are messages, each used once and never again."""
    rows = execute(
        "SELECT nextval('tijdig_payment_reference') FROM generate_series(1, %s)", [count]
    )
    return [make_rf_reference(row[0]) for row in rows.fetchall()]
