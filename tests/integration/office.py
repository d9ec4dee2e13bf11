"""Plain functions that fill an administration through the same actions as everybody uses."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from uuid import UUID

from tijdig.core.policy import DEFAULT_POLICY, Policy
from tijdig.dunning.actions import policies
from tijdig.intake.actions.imports import Offered, Outcome
from tijdig.intake.actions.invoices import receive_invoices
from tijdig.intake.records import InvoiceFile, InvoiceRecord, Party
from tijdig.tenants.actions import make_administration as make_books
from tijdig.tenants.scope import administration_scope

_numbers = count(1)
IBAN = "NL91ABNA0417164300"


def at(day: date) -> datetime:
    """Eight in the morning, UTC, of a day."""
    return datetime.combine(day, time(8), UTC)


# Nothing is waited for: most tests are about something else than the guards around sending.
UNGUARDED: Mapping[str, object] = {
    "bank_fresh_days": None,
    "books_fresh_days": None,
    "asks_first": False,
    "undo_minutes": 0,
    "contact_from": time(0),
    "contact_until": time(0),
}


def make_administration(
    *,
    policy: Policy = DEFAULT_POLICY,
    sending: bool = False,
    guards: Mapping[str, object] | None = None,
) -> UUID:
    """An invented bakery with the default policy; `guards` are those that differ from none."""
    number = next(_numbers)
    administration_id = make_books(
        f"proef-{number}",
        f"Bakkerij Voorbeeld {number}",
        told={
            "iban": IBAN,
            "account_name": "Bakkerij Voorbeeld",
            "email": "administratie@bakkerij.example.nl",
            "phone": "0101234567",
            "street": "Voorbeeldstraat 1",
            "postal_code": "1234 AB",
            "city": "Voorbeeldstad",
            **UNGUARDED,
            **(guards or {}),
        },
    )
    with administration_scope(administration_id):
        policies.adopt(policy, now=at(date(2026, 1, 1)), actor="test")
        if sending:
            from tijdig.tenants.actions import switch_sending

            switch_sending(on=True)
    return administration_id


def make_debtor(
    number: str = "1001", *, email: str = "inkoop@cafe.example.nl", name: str = "Café Voorbeeld"
) -> Party:
    return Party(
        name=name,
        number=number,
        email=email,
        phone="0107654321",
        street="Dorpsweg 2",
        postal_code="4321 BA",
        city="Voorbeelddam",
        country="NL",
    )


def make_record(
    number: str = "2026-0412",
    *,
    due_on: date | None = date(2026, 3, 14),
    issued_on: date | None = None,
    cents: int = 12_100,
    open_cents: int | None = None,
    debtor: Party | None = None,
) -> InvoiceRecord:
    """An invoice as a file states it; written thirty days before it is due, if not said."""
    if issued_on is None:
        issued_on = (due_on or date(2026, 3, 14)) - timedelta(days=30)
    return InvoiceRecord(
        number=number,
        kind="invoice" if cents >= 0 else "credit_note",
        issued_on=issued_on,
        due_on=due_on,
        currency="EUR",
        total_cents=cents,
        open_cents=cents if open_cents is None else open_cents,
        debtor=debtor or make_debtor(),
        place=f"regel {number}",
    )


def take_in(
    administration_id: UUID,
    *records: InvoiceRecord,
    today: date = date(2026, 3, 1),
    full_list: bool = False,
    source_key: str = "",
    content_hash: str | None = None,
) -> Outcome:
    """Bring records in as one file."""
    file = InvoiceFile("ubl", records, (), full_list=full_list, source_key=source_key)
    return take_in_files(administration_id, [file], today=today, content_hash=content_hash)[0]


def take_in_files(
    administration_id: UUID,
    files: Sequence[InvoiceFile],
    *,
    today: date,
    content_hash: str | None = None,
) -> tuple[Outcome, ...]:
    offered = [
        (Offered(f"bestand-{n}.xml", content_hash or f"hash-{next(_numbers)}"), file)
        for n, file in enumerate(files)
    ]
    with administration_scope(administration_id):
        return receive_invoices(offered, today=today, now=at(today), actor="test")
