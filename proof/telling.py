"""What debtors say when they are asked, and what the office does with it: reasons and answers."""

from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

from proof.acts import Talk
from proof.reasons import (
    MESSAGES,
    KnownAnswer,
    KnownReason,
    ReasonKind,
    bring_back,
    replace_earlier,
)
from proof.world import LIST_DAYS, Invoice
from tijdig.cases.actions import disputes, reasons
from tijdig.core.problem import Refusal
from tijdig.ledger.models import Invoice as Booked
from tijdig.tenants.scope import administration_scope

KINDS: tuple[ReasonKind, ...] = tuple(MESSAGES)
CHANNELS = ("phone", "email", "letter", "portal", "visit")
ABOUT_ONE_PERCENT, CONFIRMS_PERCENT, NEW_ADDRESS_PERCENT, ENDED_PERCENT = 30, 80, 40, 40
ANSWERED_PERCENT, PART_PERCENT, ACCEPTED_PERCENT = 70, 50, 50


def tell(talk: Talk, kind: ReasonKind, heard: frozenset[str]) -> KnownReason | None:
    """He says why he did not pay, of all or of one of them; None where the product refuses."""
    chance, person = talk.chance, talk.person
    number = min(heard) if chance.randrange(100) < ABOUT_ONE_PERCENT else ""
    with administration_scope(talk.stage.administration):
        try:
            key = reasons.tell(
                debtor_id=talk.debtor_id,
                kind=kind,
                channel=chance.choice(CHANNELS),
                invoice_id=_booked(number) if number else None,
                **talk.told(),  # type: ignore[arg-type]
            )
        except Refusal:
            return None
    known = KnownReason(kind, talk.today, heard, key, number)
    known.rests = known.make_rests()
    person.rests += known.rests
    person.reasons.append(known)
    replace_earlier(known, person.reasons)
    if kind == "not_received" and chance.randrange(100) < CONFIRMS_PERCENT:
        talk.world.later[talk.days(1, 6)].append(lambda today: _confirm(talk, known, today))
    if chance.randrange(100) < ENDED_PERCENT:
        talk.world.later[talk.days(3, 40)].append(lambda today: _end(talk, known, today))
    return known


def _confirm(talk: Talk, known: KnownReason, today: date) -> None:
    """He names the address to which a copy may go; now and then it is a new one."""
    person = talk.person
    is_new = talk.chance.randrange(100) < NEW_ADDRESS_PERCENT
    address = f"kopie-{person.address}" if is_new else person.address
    with administration_scope(talk.stage.administration), suppress(Refusal):
        reasons.confirm_address(known.key, address, **talk.told(today))  # type: ignore[arg-type]
        person.address = known.address = address
        known.confirmed_on = today


def _end(talk: Talk, known: KnownReason, today: date) -> None:
    """Somebody followed it up, or withdraws it: it asks for nothing any more."""
    act = talk.chance.choice((reasons.handle, reasons.withdraw))
    with administration_scope(talk.stage.administration), suppress(Refusal):
        act(known.key, **talk.told(today))  # type: ignore[arg-type]
        known.end(today)
        if act is reasons.withdraw:
            talk.person.rests += bring_back(known, talk.person.reasons, today)


def object_to(talk: Talk, invoice: Invoice) -> bool:
    """He objects to an invoice or to a part of it, and is answered, or not; whether he could."""
    is_part = talk.chance.randrange(100) < PART_PERCENT and invoice.open_cents > 1
    cents = talk.chance.randrange(1, invoice.open_cents) if is_part else invoice.open_cents
    with administration_scope(talk.stage.administration):
        try:
            key = disputes.open(
                invoice_id=_booked(invoice.number),
                cents=cents,
                category="price" if is_part else "not_delivered",
                **talk.told(),  # type: ignore[arg-type]
            )
        except Refusal:
            return False
    invoice.aside_cents, invoice.disputed = cents, not is_part
    if talk.chance.randrange(100) < ANSWERED_PERCENT:
        talk.world.later[talk.days(2, 12)].append(
            lambda today: _answer(talk, invoice, key, cents, today)
        )
    return True


def _answer(talk: Talk, invoice: Invoice, key: UUID, cents: int, today: date) -> None:
    """The office agrees, and credits it with a list to come; or it does not, with the reason."""
    accepts = talk.chance.randrange(100) < ACCEPTED_PERCENT
    told = {"answer": "Dit is nagekeken.", "root_cause": "price", **talk.told(today)}
    act = disputes.accept if accepts else disputes.decline
    with administration_scope(talk.stage.administration):
        try:
            act(key, **told)  # type: ignore[arg-type]
        except Refusal:
            return
    kind = "accepted" if accepts else "declined"
    talk.person.answers.append(KnownAnswer(invoice.number, kind, today, cents))  # type: ignore[arg-type]
    if not accepts:
        invoice.aside_cents, invoice.disputed = 0, False
        return
    on = today + timedelta(days=talk.chance.randint(2, 9))
    while on.weekday() not in LIST_DAYS:
        on += timedelta(days=1)
    # The list of that morning asks for less, and then somebody says that it is credited.
    talk.world.later[on - timedelta(days=1)].append(
        lambda _: talk.world.to_credit.append((invoice, min(cents, max(invoice.open_cents, 0))))
    )
    talk.world.later[on].append(lambda day: _credit(talk, invoice, key, day))


def _credit(talk: Talk, invoice: Invoice, key: UUID, today: date) -> None:
    with administration_scope(talk.stage.administration), suppress(Refusal):
        disputes.mark_credited(key, **talk.told(today))  # type: ignore[arg-type]
    invoice.aside_cents, invoice.disputed = 0, False


def _booked(number: str) -> UUID:
    return Booked.objects.get(number=number).id
