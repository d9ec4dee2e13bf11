"""An administration that collects: an own account, a creditor identifier, and mandates."""

from datetime import date
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import UUID

from tests.integration.books import make_statement, take
from tests.integration.office import IBAN, at, make_administration, make_record, take_in
from tests.plugs.camt_samples import Detail, Entry

from tijdig.banking.actions import debits, mandates
from tijdig.banking.actions.collecting import set_collecting
from tijdig.banking.actions.mandates import StatedMandate
from tijdig.banking.direct_debits.lines.queries import list_batches, load_file
from tijdig.banking.direct_debits.models import DebitBatch, DebitLine
from tijdig.banking.models import Account
from tijdig.dunning.actions import collection_files
from tijdig.dunning.actions.days import is_anybody_due, live_one_day
from tijdig.ledger.models import Debtor
from tijdig.tenants.scope import administration_scope

# Both invented, with right check digits.
CREDITOR_ID = "NL69ZZZ123456780000"
PAYER_IBAN = "NL20INGB0001234567"
SIGNED_ON = date(2026, 1, 5)
# A day on which a collection of the due date can still be announced, and one to hand its file in.
START = date(2026, 3, 2)
DUE = date(2026, 3, 19)
HAND_IN = date(2026, 3, 16)


def make_collecting(*, sending: bool = True, **told: object) -> UUID:
    """An administration whose account collects."""
    administration_id = make_administration(sending=sending)
    with administration_scope(administration_id):
        account = Account.objects.create(
            administration_id=administration_id,
            iban=IBAN,
            currency="EUR",
            confirmed_at=at(SIGNED_ON),
            confirmed_by="test",
        )
        asked: dict[str, object] = {"creditor_id": CREDITOR_ID, "is_on": True, **told}
        set_collecting(account.id, **asked, today=SIGNED_ON, now=at(SIGNED_ON), actor="test")  # type: ignore[arg-type]
    return administration_id


def make_stated(reference: str = "M-1001", **told: object) -> StatedMandate:
    """A mandate on paper."""
    usual: dict[str, object] = {
        "iban": PAYER_IBAN,
        "holder": "Café Voorbeeld",
        "signed_on": SIGNED_ON,
    }
    return StatedMandate(**{"reference": reference, **usual, **told})  # type: ignore[arg-type]


def sign(administration_id: UUID, number: str = "1001", *, today: date, **told: object) -> UUID:
    """The id of a mandate that the debtor of this number signed."""
    stated = make_stated(**{"reference": f"M-{number}", **told})  # type: ignore[arg-type]
    with administration_scope(administration_id):
        debtor_id = Debtor.objects.get(number=number).id
        return mandates.sign(debtor_id, stated, today=today, now=at(today), actor="test")


def make_one_due() -> UUID:
    """An administration with one invoice due on `DUE`, of a debtor with a mandate."""
    administration_id = make_collecting()
    take_in(administration_id, make_record(due_on=DUE))
    sign(administration_id, today=START)
    return administration_id


def told(day: date) -> dict[str, Any]:
    """Who says something on this day, and when."""
    return {"today": day, "now": at(day), "actor": "Sanne"}


def live(office: UUID, *days: date) -> None:
    """The run and the sending of each of these days on which anybody is due, and of the last."""
    for day in days:
        if day == days[-1] or is_anybody_due(office, today=day):
            live_one_day(office, today=day, now=at(day))


def lines(office: UUID) -> list[tuple[str, date, int, date | None]]:
    with administration_scope(office):
        rows = DebitLine.objects.order_by("id").values_list(
            "state", "batch__collect_on", "cents", "announced_on"
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]


def approve(office: UUID, day: date = HAND_IN) -> UUID:
    with administration_scope(office):
        shown = list_batches()[0]
        seen = shown.mark or ""
        debits.approve(shown.id, seen=seen, today=day, now=at(day), actor="Sanne")
    return shown.id


def make(office: UUID, day: date = HAND_IN) -> int:
    with administration_scope(office):
        found = list_batches()[0].id
        return collection_files.make_file(found, today=day, now=at(day), actor="Sanne")


def file_of(office: UUID) -> bytes:
    with administration_scope(office):
        kept = load_file(list_batches()[0].id)
        assert kept is not None
        return kept[1]


def hand_over(office: UUID, day: date = HAND_IN) -> None:
    with administration_scope(office):
        found = DebitBatch.objects.get(state="made").id
        collection_files.hand_over(found, today=day, now=at(day), actor="Sanne")


def end_to_end_id(office: UUID) -> str:
    with administration_scope(office):
        return DebitLine.objects.order_by("-id")[0].end_to_end_id


def collected(office: UUID, day: date = DUE, *, name: str = "INCASSO") -> None:
    detail = Detail(end_to_end_id=end_to_end_id(office), iban=PAYER_IBAN, mandate_id="M-1001")
    entry = Entry("121.00", "CRDT", booked_on=day, value_on=day, details=(detail,))
    take(office, make_statement(entry, name=name), day=day)


def sent_back(office: UUID, day: date, code: str) -> None:
    detail = Detail(
        end_to_end_id=end_to_end_id(office),
        iban=PAYER_IBAN,
        mandate_id="M-1001",
        return_reason=code,
    )
    entry = Entry("121.00", "DBIT", booked_on=day, value_on=day, details=(detail,))
    take(office, make_statement(entry, name="STORNO"), day=day)


def words(stored: tuple[object, ...]) -> tuple[str, str]:
    mail = message_from_bytes(stored[2], policy=default)  # type: ignore[arg-type]
    body = mail.get_body(("plain",))
    assert body is not None
    # A long subject begins on a line of its own.
    return str(mail["Subject"]).strip(), " ".join(body.get_content().split())
