"""Release: decide again on fresh facts, freeze the words, and let the message go."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from tijdig.banking.direct_debits.lines.queries import load_failed_debits
from tijdig.core.decision import COPY, Decision
from tijdig.core.dunning import decide, is_for_creditor
from tijdig.core.facts import FOR_CREDITOR, DebtorFacts
from tijdig.core.item_default import compute_letter_default, puts_in_default
from tijdig.core.law.contact_hours import explain_registration
from tijdig.core.policy import Policy
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.claims import settle_claims
from tijdig.dunning.actions.registration import resume_registered
from tijdig.dunning.letter_check import refuse_void_letter
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.freshness import may_release
from tijdig.dunning.queries.policies import load_policy
from tijdig.dunning.queries.released import find_sent_elsewhere, list_interest_lines
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.messaging.actions.states import Frozen, Redecided, cancel, freeze, hold, refresh
from tijdig.messaging.composing import load_compositions
from tijdig.messaging.composition import Agreed, CaseSheet, Composition, DebitSheet, PlanSheet
from tijdig.messaging.letters import render_letter
from tijdig.messaging.models import Message
from tijdig.messaging.texts import render_letter_text, render_mail
from tijdig.tenants.actions import share_administration
from tijdig.tenants.bulk import is_so
from tijdig.tenants.failpoints import fp
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration, administration_scope
from tijdig.timeline.actions import Happened, record

BATCH = 200
ACTOR = "tijdig"
_CHANGED = {
    "nl": "Dit bericht zegt iets anders dan toen iemand het vrijgaf, of gaat naar een ander: geef"
    " het opnieuw vrij.",
    "en": "This message says otherwise than when somebody released it, or goes to somebody else:"
    " release it again.",
}


def release_messages(administration_id: UUID, *, today: date, now: datetime) -> int:
    """Release every planned message that its debtor should still get; how many were.

    The others are cancelled with the reason, and their debtors are looked at in the next run.
    """
    released = 0
    with administration_scope(administration_id):
        if not _is_anything_waiting():
            return 0
        resume_registered(today=today, now=now, actor=ACTOR)
    while True:
        with administration_scope(administration_id):
            planned = Message.objects.filter(state="planned").order_by("id")
            batch = list(planned.values_list("id", "debtor_id")[:BATCH])
            if not batch or not may_release(today=today):
                return released
            released += _release_batch(batch, today=today, now=now)
        fp("release.committed")


def _is_anything_waiting() -> bool:
    """Whether a message is planned, or waits for the creditor's own staff."""
    return is_so(
        "SELECT EXISTS (SELECT FROM tijdig_message WHERE administration_id = %s "
        "AND (state = 'planned' OR (state = 'held' AND reason = %s)))",
        [active_administration(), FOR_CREDITOR],
    )


def _release_batch(batch: Sequence[tuple[UUID, UUID]], *, today: date, now: datetime) -> int:
    """Messages, each by its id with that of its debtor."""
    share_administration()
    lock_debtors(debtor_id for _, debtor_id in batch)
    ids = [message_id for message_id, _ in batch]
    still = list(Message.objects.filter(id__in=ids, state="planned"))
    policy = load_policy()
    facts, decisions = _decide_again(still, policy, today=today, now=now)
    wanted = [message for message in still if _is_same_step(message, decisions[message.id])]
    kept = {message.id for message in wanted}
    dropped = [message for message in still if message.id not in kept]
    cancel([(message.id, decisions[message.id].reason) for message in dropped])
    touch_debtors({message.debtor_id for message in dropped})
    record(
        [
            _event("message_cancelled", message, {"reason": decisions[message.id].reason})
            for message in dropped
        ],
        today=today,
        now=now,
        actor=ACTOR,
    )
    anew = {one.id: _redecide(one, decisions[one.id], facts[one.debtor_id]) for one in wanted}
    refresh([(one, anew[one.id]) for one in wanted])
    seen = _list_as_seen([one for one in wanted if one.released_by], anew)
    wanted = _hold_for_creditor(wanted, facts, policy, seen=seen, today=today, now=now)
    frozen, refused = write_messages(wanted, decisions, facts, policy, today=today)
    return _freeze(wanted, frozen, refused, today=today, now=now)


def _decide_again(
    messages: Sequence[Message], policy: Policy, *, today: date, now: datetime
) -> tuple[dict[UUID, DebtorFacts], dict[UUID, Decision]]:
    """Facts by debtor and decisions by message, on what is known and owed now.

    Where the same step is still due, costs and interest are booked anew for today: a payment that
    shows since may have come before the interest that was asked for.
    """
    facts = _load_without_waiting({message.debtor_id for message in messages}, today=today)
    decided = {one.debtor_id: decide(one, policy, today=today) for one in facts.values()}
    same = {one.debtor_id for one in messages if _is_same_step(one, decided[one.debtor_id])}
    pairs = [(facts[debtor_id], decided[debtor_id]) for debtor_id in sorted(same)]
    changed = settle_claims(pairs, policy, today=today, now=now)
    for debtor_id, one in _load_without_waiting(changed, today=today).items():
        facts[debtor_id], decided[debtor_id] = one, decide(one, policy, today=today)
    return facts, {message.id: decided[message.debtor_id] for message in messages}


def _load_without_waiting(debtor_ids: Collection[UUID], *, today: date) -> dict[UUID, DebtorFacts]:
    loaded = load_facts(sorted(debtor_ids), today=today, rehearsal=False)
    return {one.debtor_id: _without_waiting(one) for one in loaded}


def _hold_for_creditor(
    messages: Sequence[Message],
    facts: Mapping[UUID, DebtorFacts],
    policy: Policy,
    *,
    seen: Collection[UUID],
    today: date,
    now: datetime,
) -> list[Message]:
    """What may go now; the rest is held until the creditor's own staff release it.

    A release holds for what they saw: what asks otherwise by now is asked again.
    """
    waits = [
        one
        for one in messages
        if one.id not in seen and is_for_creditor(facts[one.debtor_id], policy)
    ]
    hold([one.id for one in waits], reason=FOR_CREDITOR)
    because = explain_registration("agency", is_natural_person=True, registration="")
    told = {"nl": because.nl, "en": because.en} if because else {}
    events = [_event("message_held", one, _CHANGED if one.released_by else told) for one in waits]
    record(events, today=today, now=now, actor=ACTOR)
    held = {one.id for one in waits}
    return [one for one in messages if one.id not in held]


def _without_waiting(facts: DebtorFacts) -> DebtorFacts:
    """The facts as if the message that waits had not been planned: is it still due?"""
    contacts = tuple(contact for contact in facts.contacts if contact.state != "waiting")
    return replace(facts, contacts=contacts)


def _is_same_step(message: Message, decision: Decision) -> bool:
    """Whether it is still due; how a copy goes was chosen by a person."""
    if decision.outcome != "message" or decision.step is None or decision.carrying is None:
        return False
    key, channel = decision.step.key, decision.channel
    if _is_copy(message):
        key, channel = key + COPY, decision.copy_by
    return (
        key == message.step_key
        and decision.carrying.item_id == message.carrying_item_id
        and decision.carrying.reopen_count == message.reopen_count
        and (channel == message.channel or message.copy_of is not None)
    )


def _is_copy(message: Message) -> bool:
    return message.phase == "copy"


def _list_as_seen(released: Sequence[Message], anew: Mapping[UUID, Redecided]) -> set[UUID]:
    """The messages that say what was released, to whom it was released."""
    items = {item_id for one in released for item_id, _ in anew[one.id].listed}
    interest = list_interest_lines(items.difference(*(one.listed_items for one in released)))
    seen = {one.id for one in released if _is_as_seen(one, anew[one.id], interest)}
    return seen - find_sent_elsewhere(seen)


def _is_as_seen(message: Message, anew: Redecided, interest: Collection[UUID]) -> bool:
    """Whether a message says what it said before, but for what waiting gives.

    That is a later day to pay by, and the interest of the days between. The day of a term of a plan
    or of a collection is agreed: another one is another message.
    """
    before, after = message.pay_by_on, anew.pay_by_on
    may_move = message.phase != "debit" and message.text != "plan_notice"
    is_later = before is not None and after is not None and before < after
    asked = dict(zip(message.listed_items, message.listed_cents, strict=True))
    grown = sum(one[1] for one in anew.listed if one[0] not in asked and one[0] in interest)
    same = [one for one in anew.listed if one[0] in asked or one[0] not in interest]
    return (
        (before == after or (may_move and is_later))
        and message.language == anew.language
        and (message.total_cents + grown, message.costs_cents, message.vat_cents)
        == (anew.total_cents, anew.costs_cents, anew.vat_cents)
        and sorted(asked.items()) == sorted(same)
    )


def _redecide(message: Message, decision: Decision, facts: DebtorFacts) -> Redecided:
    return Redecided(
        message_id=message.id,
        planned_on=decision.on,
        pay_by_on=None if _is_copy(message) else decision.pay_by_on,
        total_cents=decision.total_cents,
        facts_version=decision.facts_version,
        language=facts.language,
        listed=decision.listed,
        costs_cents=0 if _is_copy(message) else decision.costs_cents,
        vat_cents=0 if _is_copy(message) else decision.vat_cents,
    )


def _list_agreed(
    messages: Sequence[Message],
    decisions: Mapping[UUID, Decision],
    facts: Mapping[UUID, DebtorFacts],
    policy: Policy,
    *,
    today: date,
) -> Agreed:
    """What messages are about: plans, collections, cases, and what is known of their items."""
    plans = {
        message.id: PlanSheet(
            due.instalment.position,
            tuple((one.due_on, one.cents) for one in due.terms),
            can_move=not due.plan.is_shifted,
        )
        for message in messages
        if (due := decisions[message.id].plan_due)
    }
    due_on = {
        item.item_id: item.due_on
        for message in messages
        for item in facts[message.debtor_id].items
        if item.extended_from_on
    }
    debits = {
        message.id: DebitSheet(one.collect_on, one.creditor_id, one.mandate_reference, one.iban)
        for message in messages
        for one in decisions[message.id].collections[:1]
    }
    reminded = [
        item_id
        for message in messages
        if message.phase == "reminder"
        for item_id, _ in decisions[message.id].listed
    ]
    cases = {
        message.id: CaseSheet(told.told_on, told.cents, told.answer, told.leaves_rest, told.letter)
        for message in messages
        if (told := decisions[message.id].case_message)
    }
    failed = load_failed_debits(reminded, today=today) if reminded else {}
    late = _list_late(messages, decisions, facts, policy, today=today)
    return Agreed(plans, due_on, debits, failed, cases, late)


def _list_late(
    messages: Sequence[Message],
    decisions: Mapping[UUID, Decision],
    facts: Mapping[UUID, DebtorFacts],
    policy: Policy,
    *,
    today: date,
) -> frozenset[UUID]:
    """The reminders and last demands that may not say that default is still to come."""
    return frozenset(
        message.id
        for message in messages
        if message.phase in ("reminder", "last_demand")
        and not puts_in_default(
            decisions[message.id].listed,
            facts[message.debtor_id],
            policy.rules,
            phase=message.phase,
            today=today,
        )
    )


def write_messages(
    messages: Sequence[Message],
    decisions: Mapping[UUID, Decision],
    facts: Mapping[UUID, DebtorFacts],
    policy: Policy,
    *,
    today: date,
) -> tuple[list[Frozen], dict[UUID, Refusal]]:
    """The words of messages, and why one cannot be written; the same for a dry run."""
    defaults = {
        message.id: compute_letter_default(
            decisions[message.id].listed, facts[message.debtor_id], policy.rules
        )
        for message in messages
        if message.phase == "veertiendagenbrief"
    }
    agreed = _list_agreed(messages, decisions, facts, policy, today=today)
    ids = [message.id for message in messages]
    compositions = load_compositions(ids, written_on=today, agreed=agreed)
    frozen: list[Frozen] = []
    refused: dict[UUID, Refusal] = {}
    for message in messages:
        try:
            if message.id in defaults:
                refuse_void_letter(
                    compositions[message.id],
                    channel=message.channel,
                    in_default_from=defaults[message.id],
                )
            frozen.append(_write(message, compositions[message.id]))
        except Refusal as refusal:
            refused[message.id] = refusal
    return frozen, refused


def _freeze(
    messages: Sequence[Message],
    frozen: Sequence[Frozen],
    refused: Mapping[UUID, Refusal],
    *,
    today: date,
    now: datetime,
) -> int:
    """Keep the words; a message that cannot be written is held for a person."""
    hold(list(refused), reason="cannot_be_written")
    events = []
    for message in messages:
        refusal = refused.get(message.id)
        if refusal is None:
            events.append(_event("message_released", message, {}))
        else:
            because = {"nl": refusal.because.nl, "en": refusal.because.en}
            events.append(_event("message_held", message, because))
    fp("release.rendered")
    undo = timedelta(minutes=load_administration().undo_minutes)
    freeze(frozen, not_before=now + undo if undo else None)
    record(events, today=today, now=now, actor=ACTOR)
    return len(frozen)


def _write(message: Message, composition: Composition) -> Frozen:
    """The words of one message. Refuses what cannot be written, such as a missing account."""
    if message.channel == "letter":
        return _write_letter(message, composition)
    mail = render_mail(composition)
    content = f"{mail.subject}\n{mail.text}\n{mail.html}".encode()
    return Frozen(
        message_id=message.id,
        recipient=composition.addressee.email,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        pdf=None,
        content_hash=hashlib.sha256(content).hexdigest(),
    )


def _write_letter(message: Message, composition: Composition) -> Frozen:
    """What is printed, and the same words as text: they are shown, and held against the law."""
    subject, text = render_letter_text(composition)
    pdf = render_letter(composition)
    return Frozen(
        message_id=message.id,
        recipient="",
        subject=subject,
        text=text,
        html="",
        pdf=pdf,
        content_hash=hashlib.sha256(pdf).hexdigest(),
    )


def _event(kind: str, message: Message, details: dict[str, str]) -> Happened:
    return Happened(
        kind,
        "message",
        message.id,
        message.debtor_id,
        {"step": message.step_key, "channel": message.channel, **details},
    )
