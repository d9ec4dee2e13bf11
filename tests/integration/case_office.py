"""An office with one late invoice, and a case of every kind to record on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from tests.integration.office import at, make_administration, make_record, take_in

from tijdig.cases.actions import disputes, extensions, holds, plans, promises, reasons
from tijdig.dunning.models import Decision
from tijdig.ledger.actions import flags
from tijdig.ledger.models import Debtor, Invoice
from tijdig.messaging.actions import replies
from tijdig.tenants.scope import administration_scope

# The invoice of the office is due on Saturday 14 March; its reminder comes on this Thursday.
DUE_ON = date(2026, 3, 14)
REMIND_ON = date(2026, 3, 19)


@dataclass(frozen=True, slots=True)
class Case:
    """How a case is recorded on a day and ended, and the stop that it is meanwhile.

    `until_on` is the last day of the stop when nobody ends it; None where somebody must.
    """

    open: Callable[..., UUID]
    close: Callable[..., None]
    reason: str
    until_on: date | None


def make_office(*, sending: bool = True) -> UUID:
    administration_id = make_administration(sending=sending)
    take_in(administration_id, make_record(due_on=DUE_ON))
    return administration_id


def told(day: date) -> dict[str, object]:
    return {"today": day, "now": at(day), "actor": "Sanne de Vries"}


def find_ids(number: str = "2026-0412") -> tuple[UUID, UUID]:
    """The debtor and the invoice, within the scope of their administration."""
    invoice = Invoice.objects.select_related("open_item").get(number=number)
    return invoice.open_item.debtor_id, invoice.id


def version_of(administration_id: UUID) -> int:
    with administration_scope(administration_id):
        return Debtor.objects.get(number="1001").facts_version


def list_because(administration_id: UUID) -> list[tuple[date, str]]:
    """Every decision, its day and its Dutch sentence."""
    with administration_scope(administration_id):
        return list(Decision.objects.order_by("on", "id").values_list("on", "because_nl"))


def open_dispute(day: date) -> UUID:
    _, invoice_id = find_ids()
    return disputes.open(invoice_id=invoice_id, cents=12_100, category="not_ordered", **told(day))


def close_dispute(one: UUID, day: date) -> None:
    disputes.withdraw(one, **told(day))


def open_promise(day: date) -> UUID:
    debtor_id, _ = find_ids()
    on = day + timedelta(days=5)
    return promises.make(debtor_id=debtor_id, cents=12_100, on=on, **told(day))


def open_plan(day: date) -> UUID:
    debtor_id, invoice_id = find_ids()
    return plans.agree(
        debtor_id=debtor_id,
        invoice_ids=[invoice_id],
        count=3,
        first_on=date(2026, 5, 1),
        **told(day),
    )


def open_extension(day: date) -> UUID:
    return extensions.give(invoice_id=find_ids()[1], until_on=date(2026, 4, 20), **told(day))


def open_hold(day: date) -> UUID:
    until_on = day + timedelta(days=10)
    return holds.place(debtor_id=find_ids()[0], until_on=until_on, reason="overleg", **told(day))


def open_hold_of_invoice(day: date) -> UUID:
    until_on = day + timedelta(days=10)
    return holds.place(invoice_id=find_ids()[1], until_on=until_on, reason="overleg", **told(day))


def open_hold_of_everybody(day: date) -> UUID:
    return holds.place(until_on=day + timedelta(days=10), reason="vakantie", **told(day))


def open_reason(day: date) -> UUID:
    return reasons.tell(debtor_id=find_ids()[0], kind="other", **told(day))


def open_reply(day: date) -> UUID:
    return replies.receive(debtor_id=find_ids()[0], channel="email", text="Klopt niet", **told(day))


def open_flag(day: date) -> UUID:
    return flags.mark(debtor_id=find_ids()[0], kind="faillissement", source="CIR", **told(day))


def _ends(action: Callable[..., None]) -> Callable[[UUID, date], None]:
    return lambda one, day: action(one, **told(day))


CASES: Mapping[str, Case] = {
    "dispute": Case(open_dispute, close_dispute, "stop_dispute", None),
    "promise": Case(
        open_promise, _ends(promises.withdraw), "stop_promise", REMIND_ON + timedelta(days=7)
    ),
    "extension": Case(open_extension, _ends(extensions.withdraw), "not_due_yet", date(2026, 4, 24)),
    "hold": Case(open_hold, _ends(holds.lift), "stop_hold", REMIND_ON + timedelta(days=10)),
    "hold_of_invoice": Case(
        open_hold_of_invoice, _ends(holds.lift), "stop_hold", REMIND_ON + timedelta(days=10)
    ),
    "hold_of_everybody": Case(
        open_hold_of_everybody, _ends(holds.lift), "stop_hold", REMIND_ON + timedelta(days=10)
    ),
    "reason": Case(open_reason, _ends(reasons.handle), "stop_reason_other", date(2026, 3, 26)),
    "reply": Case(open_reply, _ends(replies.handle), "stop_reply", None),
    "flag": Case(open_flag, _ends(flags.lift), "stop_faillissement", None),
}
