"""What was decided for one debtor on one day, and the facts once it has been carried out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.core.cadence import compute_call_lapse
from tijdig.core.case_messages import COPY_TEXT, CaseMessage
from tijdig.core.construction import quick_to_make
from tijdig.core.direct_debits.planned import PlannedCollection
from tijdig.core.facts import ContactState, DebtorFacts, OpenItem, PastContact
from tijdig.core.letter_steps import make_notice
from tijdig.core.notices import PastNotice
from tijdig.core.plan_steps import PlanDue
from tijdig.core.policy import Channel, Policy, Step
from tijdig.core.posting import presume_posted
from tijdig.core.problem import Sentence

Outcome = Literal["message", "call", "nothing"]
# The step of a copy is that of its letter with this behind it.
COPY = "_copy"


@quick_to_make
@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to a debtor on a day, with the reason; also when nothing happens.

    `reason` is a code of `core/reasons.py`. `listed` names the items in the message and their
    cents, credits negative, and adds up to `total_cents`. `next_look_on` is the first day on which
    anything could be due on unchanged facts; None means never. `plan_due` is what a plan says,
    where the message is one of a plan, `case_message` what a case tells, `collections` what is
    announced. `costs_cents` (with
    `vat_cents` in it) is what a veertiendagenbrief says will be added; `copy_by` how a copy of it
    goes out too.
    """

    debtor_id: UUID
    on: date
    outcome: Outcome
    reason: str
    because: Sentence
    facts_version: int
    step: Step | None = None
    channel: Channel | None = None
    carrying: OpenItem | None = None
    listed: tuple[tuple[UUID, int], ...] = ()
    total_cents: int = 0
    pay_by_on: date | None = None
    next_look_on: date | None = None
    plan_due: PlanDue | None = None
    case_message: CaseMessage | None = None
    collections: tuple[PlannedCollection, ...] = ()
    costs_cents: int = 0
    vat_cents: int = 0
    copy_by: Channel | None = None


def add_contact(
    facts: DebtorFacts, decision: Decision, *, state: ContactState | None = None
) -> DebtorFacts:
    """The facts as they are once a decision has been carried out.

    Without a `state` the message was sent or the call made; a decision to do nothing adds nothing.
    """
    if decision.step is None or decision.carrying is None or decision.channel is None:
        return facts
    contact = PastContact(
        step_key=decision.step.key,
        item_id=decision.carrying.item_id,
        reopen_count=decision.carrying.reopen_count,
        on=decision.on,
        state=state or ("call_done" if decision.outcome == "call" else "done"),
        channel=decision.channel,
        pay_by_on=decision.pay_by_on,
        gives_time_for=_list_given_time(decision),
    )
    return replace(
        facts,
        contacts=(*facts.contacts, contact),
        notices=(*facts.notices, *_list_notices(facts, decision)),
    )


def settle_contacts(facts: DebtorFacts, policy: Policy, *, today: date) -> DebtorFacts:
    """The facts as if what waits has gone out, was posted too, and every open call was made.

    Not a call that nobody made in time: the cadence goes on without it.
    """
    facts = presume_posted(facts)
    settled = tuple(_settle(contact, policy, today) for contact in facts.contacts)
    return replace(facts, contacts=settled)


def _list_given_time(decision: Decision) -> tuple[UUID, ...]:
    """The invoices that a message sends again, with a new term, or that it says we collect."""
    told = decision.case_message
    if not decision.collections and (told is None or told.text != COPY_TEXT):
        return ()
    return tuple(item_id for item_id, cents in decision.listed if cents > 0)


def _list_notices(facts: DebtorFacts, decision: Decision) -> Iterator[PastNotice]:
    """What the message is in law for each invoice that it lists, once it has gone out."""
    if decision.outcome != "message" or decision.pay_by_on is None or decision.channel is None:
        return
    if decision.case_message is not None:
        return
    invoices = {item.item_id for item in facts.items if item.kind == "invoice"}
    is_letter = decision.step is not None and decision.step.phase == "veertiendagenbrief"
    for item_id, cents in decision.listed:
        if item_id in invoices and cents > 0:
            notice = make_notice(
                "veertiendagenbrief" if is_letter else "ingebrekestelling",
                item_id,
                amount_cents=cents,
                sent_on=decision.on,
                channel=decision.channel,
                pay_by_on=decision.pay_by_on,
            )
            is_unproven = facts.is_abroad and decision.channel == "letter"
            yield replace(notice, received_on=None) if is_unproven else notice


def _settle(contact: PastContact, policy: Policy, today: date) -> PastContact:
    if contact.state == "waiting":
        return replace(contact, state="done")
    if contact.state == "call_open" and compute_call_lapse(contact, policy) > today:
        return replace(contact, state="call_done")
    return contact
