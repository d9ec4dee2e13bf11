"""What debtors tell the office in the last weeks before the visitor comes: a case of every kind.

Recorded by the same calls as the pages make. Where nobody fits on the day, nothing is told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict
from uuid import UUID

from tijdig.cases.actions import disputes, extensions, holds, plans, promises, reasons
from tijdig.cases.queries.lists import CaseKind, list_cases
from tijdig.demo.world import Creditor, Habit
from tijdig.ledger.queries.cards import find_debtor
from tijdig.ledger.queries.lists import InvoiceRow, list_invoices_of
from tijdig.messaging.actions import replies

_LATE: tuple[Habit, ...] = ("late", "slow", "forgetful")
_STUCK: tuple[Habit, ...] = ("never", "quiet")
_ANYBODY: tuple[Habit, ...] = (*_STUCK, "part_payer", *_LATE, "on_time", "by_reference", "wordless")


class Told(TypedDict):
    """The day, the moment and who records it."""

    today: date
    now: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Owing:
    """A debtor who owes something and brought no case yet, and his oldest invoice."""

    debtor_id: UUID
    invoice: InvoiceRow


Record = Callable[[Owing, Told], object]


@dataclass(frozen=True, slots=True)
class Casework:
    """A case that a debtor of one of these habits brings, so many days before the visitor.

    Where a case of the kind `unless` stands, nobody brings it.
    """

    days_ago: int
    habits: tuple[Habit, ...]
    record: Record
    needs_late: bool = True
    unless: CaseKind | None = None

    def run(self, creditor: Creditor, told: Told) -> None:
        """Record it for the first whom it fits; nobody where it fits nobody."""
        today = told["today"]
        if self.unless and list_cases((self.unless,), today=today, limit=1):
            return
        due_before = today if self.needs_late else date.max
        for one in _list_owing(creditor, self.habits, today=today, due_before=due_before):
            self.record(one, told)
            return


def _promise(in_days: int) -> Record:
    def record(one: Owing, told: Told) -> UUID:
        on = told["today"] + timedelta(days=in_days)
        cents = one.invoice.open_cents
        return promises.make(
            debtor_id=one.debtor_id, invoice_id=one.invoice.id, cents=cents, on=on, **told
        )

    return record


def _dispute(category: str, note: str) -> Callable[[Owing, Told], UUID]:
    def record(one: Owing, told: Told) -> UUID:
        cents = one.invoice.open_cents
        cents = cents if category in {"not_delivered", "not_ordered"} else max(cents // 4, 1)
        return disputes.open(
            invoice_id=one.invoice.id, cents=cents, category=category, note=note, **told
        )

    return record


def _decline(one: Owing, told: Told) -> None:
    """A dispute that the office looked into the same day."""
    dispute_id = _dispute("price", "De prijs is hoger dan vorige keer.")(one, told)
    answer = "De nieuwe prijs stond in onze offerte van dit jaar."
    disputes.decline(dispute_id, answer=answer, root_cause="price", **told)


def _plan(one: Owing, told: Told) -> UUID:
    first_on = told["today"] + timedelta(days=14)
    return plans.agree(
        debtor_id=one.debtor_id, invoice_ids=[one.invoice.id], count=3, first_on=first_on, **told
    )


def _extension(one: Owing, told: Told) -> UUID:
    until_on = told["today"] + timedelta(days=14)
    reason = "De verbouwing loopt uit; afgesproken met de eigenaar."
    return extensions.give(invoice_id=one.invoice.id, until_on=until_on, reason=reason, **told)


def _hold(one: Owing, told: Told) -> UUID:
    until_on = told["today"] + timedelta(days=10)
    reason = "De eigenaar spreekt de klant op de beurs."
    return holds.place(debtor_id=one.debtor_id, until_on=until_on, reason=reason, **told)


def _reply(one: Owing, told: Told) -> UUID:
    text = f"Over factuur {one.invoice.number} heb ik vorige week al gebeld. Belt u mij terug?"
    return replies.receive(debtor_id=one.debtor_id, channel="email", text=text, **told)


def _reason(kind: str, note: str) -> Record:
    def record(one: Owing, told: Told) -> UUID:
        return reasons.tell(
            debtor_id=one.debtor_id, invoice_id=one.invoice.id, kind=kind, note=note, **told
        )

    return record


_DAMAGED = _dispute("defective", "Een kwart van de taarten kwam beschadigd aan.")

CASEWORK: tuple[Casework, ...] = (
    Casework(60, _LATE, _promise(12)),
    Casework(45, _ANYBODY, _decline),
    Casework(32, _LATE, _promise(10)),
    Casework(20, _STUCK, _promise(6)),
    # On some days nobody new is late, or he who was has paid: then somebody else brings it later.
    *(Casework(days_ago, _ANYBODY, _plan, unless="plan") for days_ago in range(12, 1, -1)),
    Casework(1, _ANYBODY, _plan, needs_late=False, unless="plan"),
    Casework(7, _ANYBODY, _reason("cannot_pay", "Wacht zelf op een grote betaling.")),
    Casework(6, _ANYBODY, _DAMAGED),
    Casework(5, (*_LATE, "on_time"), _DAMAGED, needs_late=False, unless="dispute"),
    Casework(4, _ANYBODY, _promise(9)),
    Casework(3, _ANYBODY, _extension, needs_late=False),
    Casework(2, _ANYBODY, _hold, needs_late=False),
    Casework(1, _ANYBODY, _reply, needs_late=False),
)


def _list_owing(
    creditor: Creditor, habits: tuple[Habit, ...], *, today: date, due_before: date
) -> Iterator[Owing]:
    """Who owes something due by then and brought no case, in the order of the habits."""
    debtors = [one for habit in habits for one in creditor.debtors if one.habit == habit]
    known = {row.debtor_number for row in list_cases(today=today)} | creditor.left_alone
    for one in debtors:
        card = find_debtor(one.number) if one.number not in known else None
        if card is None:
            continue
        for row in list_invoices_of(card.id, closed_limit=0):
            is_due = row.due_on is not None and row.due_on < due_before
            if row.kind == "invoice" and is_due and row.open_cents > 0:
                yield Owing(card.id, row)
                break
