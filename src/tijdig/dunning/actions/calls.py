"""Write down what came of a call."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tijdig.cases.actions import promises, reasons
from tijdig.core.decision import Decision
from tijdig.core.problem import Refusal
from tijdig.core.reasons import STOP_PREFIX
from tijdig.dunning.actions.registration import refuse_call
from tijdig.dunning.models import Call
from tijdig.dunning.queries.pages import is_call_for_creditor
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.models import Invoice
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened
from tijdig.timeline.actions import record as remember

KEEPS_CALL = frozenset({"call_open", "message_waiting", "in_doubt_waits"})
OUTCOMES = ("reached", "voicemail", "no_answer", "wrong_number")


def lapse_overtaken(decisions: Iterable[Decision]) -> None:
    """Calls that need not be made any more: the debtor paid, or the cadence goes on without them.

    Before the decisions are carried out. A stop keeps the call for when it is over.
    """
    gone_on = [
        one.debtor_id
        for one in decisions
        if one.reason not in KEEPS_CALL and not one.reason.startswith(STOP_PREFIX)
    ]
    execute(
        "UPDATE tijdig_call SET state = 'lapsed' WHERE administration_id = %s "
        "AND debtor_id = ANY(%s) AND state = 'open'",
        [active_administration(), gone_on],
    )


def record(
    call_id: UUID,
    *,
    outcome: str,
    note: str,
    promised: tuple[int, date] | None = None,
    reason: str = "",
    address: str = "",
    today: date,
    now: datetime,
    actor: str,
    for_creditor: bool = False,
) -> None:
    """The call was made, with this outcome, and what the debtor said in it: all or nothing.

    `promised` is how many cents he pays and when; `reason` why he has not paid; `address` where a
    copy of the invoice may go, for who did not get it; `for_creditor`: who called is of the
    creditor's own staff. Refuses: an unknown outcome, a call made already, one that only that staff
    makes, and what a promise or a reason refuses.
    """
    if outcome not in OUTCOMES:
        raise Refusal(
            "Kies hoe het gesprek ging: bereikt, voicemail, niet bereikt of verkeerd nummer.",
            "Choose how the call went: reached, voicemail, no answer or wrong number.",
        )
    call = Call.objects.get(id=call_id)
    lock_debtors([call.debtor_id])
    if not for_creditor and is_call_for_creditor(call_id, today=today):
        raise refuse_call()
    made = Call.objects.filter(id=call_id, state=Call.State.OPEN).update(
        state=Call.State.DONE, done_on=today, outcome=outcome, note=note
    )
    if not made:
        raise Refusal(
            "Dit telefoontje is al afgehandeld.", "This call has been dealt with already."
        )
    touch_debtors([call.debtor_id])
    details = {"outcome": outcome, "has_note": bool(note)}
    happened = Happened("call_made", "call", call_id, call.debtor_id, details)
    remember([happened], today=today, now=now, actor=actor)
    same: dict[str, Any] = {"debtor_id": call.debtor_id, "today": today, "now": now, "actor": actor}
    if reason:
        # An objection is about an invoice: the one that the call was about.
        about = _find_invoice(call.carrying_item_id) if reason == "disputes" else None
        reasons.tell(kind=reason, invoice_id=about, address=address, **same)
    if promised is not None:
        cents, on = promised
        promises.make(cents=cents, on=on, **same)


def _find_invoice(item_id: UUID) -> UUID | None:
    """The invoice of an open item."""
    return Invoice.objects.filter(open_item_id=item_id).values_list("id", flat=True).first()
