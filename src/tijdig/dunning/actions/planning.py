"""Store what was decided: the decision itself, the message or the call, and the next look."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tijdig import __version__
from tijdig.core.calendar import add_days, next_working_day
from tijdig.core.decision import Decision, add_contact
from tijdig.core.dunning import decide
from tijdig.core.facts import DebtorFacts
from tijdig.core.policy import Policy, Step
from tijdig.core.references import make_rf_reference
from tijdig.dunning.models import Call
from tijdig.dunning.models import Decision as DecisionRow
from tijdig.dunning.record import describe_facts
from tijdig.ledger.actions.looks import set_next_looks
from tijdig.messaging.models import Message, MessageItem
from tijdig.tenants.bulk import execute, insert_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration

_DECISION_COLUMNS = (
    "id administration debtor run on outcome reason because_nl because_en step_key "
    "next_look_on facts facts_version policy_version code_version"
).split()
_MESSAGE_COLUMNS = (
    "id administration debtor carrying_item reopen_count step_key phase tone text channel "
    "language planned_on pay_by_on total_cents payment_reference facts_version state "
    "reason attempt claimed_by receipt"
).split()
_CALL_COLUMNS = (
    "id administration debtor carrying_item reopen_count step_key asked_on total_cents "
    "state outcome note"
).split()


def store_decisions(
    pairs: Sequence[tuple[DebtorFacts, Decision]],
    policy: Policy,
    *,
    run_id: UUID,
    rehearsal: bool,
) -> None:
    """Write a batch of decisions and what follows from them; debtors are locked by the caller."""
    administration_id = active_administration()
    insert_rows(
        DecisionRow,
        _DECISION_COLUMNS,
        [
            (
                new_id(),
                administration_id,
                one.debtor_id,
                run_id,
                one.on,
                one.outcome,
                one.reason,
                one.because.nl,
                one.because.en,
                one.step.key if one.step else "",
                one.next_look_on,
                describe_facts(facts, policy),
                one.facts_version,
                policy.version,
                __version__,
            )
            for facts, one in pairs
        ],
    )
    decisions = [decision for _, decision in pairs]
    _plan_messages([one for one in decisions if one.outcome == "message"], rehearsal=rehearsal)
    _plan_calls([one for one in decisions if one.outcome == "call"], rehearsal=rehearsal)
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


def _next_look_on(facts: DebtorFacts, decision: Decision, policy: Policy) -> date | None:
    """The first day on which anything could be due, once the step has been taken.

    After a message the gap between contacts tells; after a call that nobody makes, its lapse.
    """
    if decision.outcome == "nothing":
        return decision.next_look_on
    if decision.outcome == "message":
        return next_working_day(add_days(decision.on, max(policy.min_gap_days, 1)))
    taken = add_contact(facts, decision, state="call_open")
    return decide(taken, policy, today=decision.on).next_look_on


def _plan_messages(decisions: Sequence[Decision], *, rehearsal: bool) -> None:
    administration_id = active_administration()
    references = _take_references(len(decisions))
    ids = [new_id() for _ in decisions]
    languages = _load_languages([one.debtor_id for one in decisions])
    state, reason = ("held", "sending_off") if rehearsal else ("planned", "")
    rows = []
    for message_id, one, reference in zip(ids, decisions, references, strict=True):
        step, carrying = _taken(one)
        rows.append(
            (
                message_id,
                administration_id,
                one.debtor_id,
                carrying[0],
                carrying[1],
                step.key,
                step.phase,
                step.tone,
                step.text,
                one.channel,
                languages[one.debtor_id],
                one.on,
                one.pay_by_on,
                one.total_cents,
                reference,
                one.facts_version,
                state,
                reason,
                0,
                "",
                "",
            )
        )
    insert_rows(Message, _MESSAGE_COLUMNS, rows)
    insert_rows(
        MessageItem,
        ["id", "administration", "message", "open_item", "cents"],
        [
            (new_id(), administration_id, message_id, item_id, cents)
            for message_id, one in zip(ids, decisions, strict=True)
            for item_id, cents in one.listed
        ],
    )


def _plan_calls(decisions: Sequence[Decision], *, rehearsal: bool) -> None:
    administration_id = active_administration()
    rows = []
    for one in decisions:
        step, carrying = _taken(one)
        rows.append(
            (
                new_id(),
                administration_id,
                one.debtor_id,
                carrying[0],
                carrying[1],
                step.key,
                one.on,
                one.total_cents,
                "held" if rehearsal else "open",
                "",
                "",
            )
        )
    insert_rows(Call, _CALL_COLUMNS, rows)


def _taken(decision: Decision) -> tuple[Step, tuple[UUID, int]]:
    """The step that a message or call takes, and the invoice (id, reopen count) that carries it."""
    if decision.step is None or decision.carrying is None:
        raise ValueError("a message or call has a step and a carrying invoice")
    return decision.step, (decision.carrying.item_id, decision.carrying.reopen_count)


def _load_languages(debtor_ids: Sequence[UUID]) -> dict[UUID, str]:
    """In which language each of these debtors is written to: English, else Dutch."""
    rows = execute(
        "SELECT id, CASE WHEN language LIKE 'en%%' THEN 'en' ELSE 'nl' END FROM tijdig_debtor "
        "WHERE administration_id = %s AND id = ANY(%s)",
        [active_administration(), list(debtor_ids)],
    )
    return {row[0]: row[1] for row in rows.fetchall()}


def _take_references(count: int) -> list[str]:
    """As many payment references as there are messages, each used once and never again."""
    rows = execute(
        "SELECT nextval('tijdig_payment_reference') FROM generate_series(1, %s)", [count]
    )
    return [make_rf_reference(row[0]) for row in rows.fetchall()]
