"""Collections that went to the bank, and what the bank answers: rows and files for tests."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tests.integration.books import PAYER, Listed, make_list, take
from tests.integration.office import at, make_administration
from tests.plugs.camt_samples import OWN_IBAN, Detail, Entry

from tijdig.banking.debit_records import CreditorRecord, DebitFileRecord, DebitRecord
from tijdig.banking.direct_debits.models import (
    CollectingAccount,
    DebitBatch,
    DebitLine,
    SepaMandate,
)
from tijdig.banking.formats.pain008 import list_blocks, write_pain008
from tijdig.banking.models import Account
from tijdig.core.direct_debits.banks import find_bank
from tijdig.core.direct_debits.mandates import Mandate
from tijdig.ledger.models import Debtor, Invoice
from tijdig.tenants.scope import administration_scope

CREDITOR_ID = "NL69ZZZ123456780000"
MESSAGE = "TIJDIG-1"
BLOCK = f"{MESSAGE}-1"
MADE_ON = date(2026, 3, 2)
COLLECT_ON = date(2026, 3, 17)
NUMBERS = ("2026-0412", "2026-0413", "2026-0414")
CENTS = (12_100, 24_200, 36_300)


def make_collected(*, attempt: int = 1, message: str = MESSAGE) -> UUID:
    """Three debtors with an invoice each; one file of collections for them is with the bank."""
    administration_id = make_administration()
    rows = [
        Listed(number, cents, total_cents=cents, debtor=f"100{place}")
        for place, (number, cents) in enumerate(zip(NUMBERS, CENTS, strict=True), 1)
    ]
    take(administration_id, make_list(*rows), day=MADE_ON)
    with administration_scope(administration_id):
        _hand_over(administration_id, attempt=attempt, message=message)
    return administration_id


def _hand_over(administration_id: UUID, *, attempt: int, message: str) -> None:
    scope = {"administration_id": administration_id}
    account, _ = Account.objects.get_or_create(**scope, iban=OWN_IBAN, currency="EUR")
    CollectingAccount.objects.create(
        **scope,
        account=account,
        creditor_identifier=CREDITOR_ID,
        is_on=True,
        notice_days=5,
        set_by="test",
        set_at=at(MADE_ON),
    )
    mandates = [_sign(debtor) for debtor in Debtor.objects.order_by("number")]
    content = write_file(mandates, message=message)
    batch = DebitBatch.objects.create(
        **scope,
        account=account,
        collect_on=COLLECT_ON,
        scheme="core",
        sequence="RCUR",
        state="handed_over",
        message_id=message,
        content=content,
        content_hash="x" * 64,
        approved_at=at(MADE_ON),
        approved_by="test",
        made_at=at(MADE_ON),
        made_by="test",
        handed_over_on=MADE_ON,
        handed_over_by="test",
    )
    for place, mandate in enumerate(mandates):
        DebitLine.objects.create(
            **scope,
            batch=batch,
            mandate=mandate,
            debtor=mandate.debtor,
            item_id=Invoice.objects.get(number=NUMBERS[place]).open_item_id,
            cents=CENTS[place],
            end_to_end_id=f"{message}-{place}",
            attempt=attempt,
            state="handed_over",
            announced_on=MADE_ON,
        )


def _sign(debtor: Debtor) -> SepaMandate:
    return SepaMandate.objects.create(
        administration_id=debtor.administration_id,
        debtor=debtor,
        reference=f"M-{debtor.number}",
        scheme="core",
        iban=PAYER,
        holder=debtor.name,
        signed_on=date(2026, 1, 5),
        signed_how="paper",
        recorded_by="test",
        recorded_at=at(MADE_ON),
    )


def write_file(mandates: Sequence[SepaMandate], *, message: str) -> bytes:
    """The file as the bank got it."""
    debits = tuple(
        DebitRecord(
            f"{message}-{place}",
            CENTS[place],
            COLLECT_ON,
            Mandate(
                one.reference, CREDITOR_ID, "core", one.signed_on, one.iban, one.holder, "business"
            ),
            "RCUR",
        )
        for place, one in enumerate(mandates)
    )
    creditor = CreditorRecord("Bakkerij De Vroege Vogel", OWN_IBAN, CREDITOR_ID)
    file = DebitFileRecord(message, at(MADE_ON), creditor, debits)
    bank = find_bank(OWN_IBAN)
    assert [one.block_id for one in list_blocks(file)] == [f"{message}-1"]
    return write_pain008(file, bank=bank)


def book_one(place: int, *, on: date = COLLECT_ON, message: str = MESSAGE, **told: str) -> Entry:
    """The bank books one collection by itself; `return_reason` books its return."""
    back = "return_reason" in told
    usual = {"end_to_end_id": f"{message}-{place}", "name": "Een ander", **told}
    return Entry(
        f"{CENTS[place] / 100:.2f}",
        "DBIT" if back else "CRDT",
        booked_on=on,
        value_on=on,
        reversal=back,
        details=(Detail(iban=PAYER, **usual),),  # type: ignore[arg-type]
    )


def book_batch(cents: int, *, batch_id: str = BLOCK) -> Entry:
    """The bank books a batch as one sum, and names no payments."""
    return Entry(
        f"{cents / 100:.2f}", "CRDT", booked_on=COLLECT_ON, value_on=COLLECT_ON, batch_id=batch_id
    )


def write_answer(
    *,
    message: str = MESSAGE,
    name: str = "pain.008.001.08",
    file: tuple[str, str] | None = None,
    block: tuple[str, str] | None = None,
    lines: Sequence[tuple[str, str, str]] = (),
) -> bytes:
    """A pain.002: (status, reason) of file and block, (end-to-end id, status, reason) of lines."""
    told = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{key}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        f"{_reason(code)}</TxInfAndSts>"
        for key, status, code in lines
    )
    of_file = f"<GrpSts>{file[0]}</GrpSts>{_reason(file[1])}" if file else ""
    of_block = f"<PmtInfSts>{block[0]}</PmtInfSts>{_reason(block[1])}" if block else ""
    blocks = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message}-1</OrgnlPmtInfId>{of_block}{told}"
        "</OrgnlPmtInfAndSts>"
        if block or lines
        else ""
    )
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>B</MsgId><CreDtTm>2026-03-16T11:02:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>{name}</OrgnlMsgNmId>"
        f"{of_file}</OrgnlGrpInfAndSts>{blocks}</CstmrPmtStsRpt></Document>"
    ).encode()


def _reason(code: str) -> str:
    return f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>" if code else ""
