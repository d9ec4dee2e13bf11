"""An administration with a row of every kind, filled as everybody fills one."""

from datetime import date, timedelta
from uuid import UUID

from tests.integration.desk_day import desk_today
from tests.integration.office import (
    at,
    make_administration,
    make_debtor,
    make_record,
    take_in,
)

from tijdig.core.calendar import previous_working_day
from tijdig.dunning.actions.run import run
from tijdig.intake.queries import list_imports
from tijdig.messaging.queries import list_messages
from tijdig.tenants.actions import switch_sending
from tijdig.tenants.scope import administration_scope
from tijdig.web.clock import moment_now
from tijdig.web.receiving import Received, receive

DEBTORS = (
    "Café De Zwarte Ruiter",
    "<script>alert('debiteur')</script>",
    "J. O'Neill-van der Meer & Zn.",
    "Scheepvaartmaatschappij Rotterdam-Antwerpen-Duisburg Internationale Transporten B.V.",
    "Bistro Überraschung",
)
# The first debtor has nothing old: his reminder comes in the second run, and is held.
AGES = (-20, 6, 40)
BROKEN_LIST = (
    "Factuurnummer;Debiteurnaam;Factuurdatum;Vervaldatum;Openstaand\n"
    "L-1;Bloemist De Roos;01-03-2026;15-03-2026;1.250,00\n"
    ";Zonder Nummer;01-03-2026;15-03-2026;10,00\n"
)
STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>{day}T20:00:00</CreDtTm></GrpHdr><Stmt><Id>S1</Id>
<CreDtTm>{day}T20:00:00</CreDtTm><Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">233.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>{entries}</Stmt></BkToCstmrStmt></Document>
"""
ENTRY = """<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{text}</AcctSvcrRef>
<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Bistro Voorbeeld</Nm></Dbtr></RltdPties>
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""


def fill_office() -> UUID:
    """Invoices of every age, a payment that matches and one that does not, and two runs."""
    administration_id = make_administration()
    today = previous_working_day(desk_today())
    for place, name in enumerate(DEBTORS):
        debtor = make_debtor(f"{1001 + place}", name=name, email=f"inkoop{place}@example.nl")
        take_in(
            administration_id,
            *(
                make_record(
                    f"F-{place}-{age + place}",
                    issued_on=today - timedelta(days=age + place + 30),
                    due_on=today - timedelta(days=age + place),
                    debtor=debtor,
                )
                for age in AGES[: 3 if place else 2]
            ),
            today=today - timedelta(days=60),
        )
    _receive(administration_id, today)
    for day, is_on in ((previous_working_day(today - timedelta(days=20)), True), (today, False)):
        with administration_scope(administration_id):
            switch_sending(on=is_on)
        run(administration_id, today=day, now=at(day))
    return administration_id


def _receive(administration_id: UUID, today: date) -> None:
    day = f"{today - timedelta(days=1)}"
    entries = ENTRY.format(amount="121.00", day=day, text="factuur F-4-44") + ENTRY.format(
        amount="12.00", day=day, text="bedankt"
    )
    files = [
        Received("afschrift.xml", STATEMENT.format(day=day, entries=entries).encode()),
        Received("posten.csv", BROKEN_LIST.encode()),
        Received("vervolg.xml", _make_second_statement(day)),
    ]
    with administration_scope(administration_id):
        receive(files, today=today, now=moment_now(), actor="test")


def _make_second_statement(day: str) -> bytes:
    """Payments for which there is no more than a proposal: customer numbers, parts, too much."""
    told = (("50.00", "klantnummer 1004"), ("60.00", "klantnummer 1003"), ("70.00", "dank 1005"))
    entries = "".join(ENTRY.format(amount=one, day=day, text=text) for one, text in told)
    statement = STATEMENT.format(day=day, entries=entries).replace("S1", "S2")
    return statement.replace("233.00", "413.00").replace("100.00", "233.00").encode()


def find_message_id(administration_id: UUID, *, is_released: bool) -> UUID:
    """A message whose words are fixed, or one that still waits for that."""
    with administration_scope(administration_id):
        rows = list_messages(tab="all", search="", after=None, limit=100)
    return next(row.id for row in rows if bool(row.subject) == is_released)


def find_import_id(administration_id: UUID) -> UUID:
    """The latest import."""
    with administration_scope(administration_id):
        return list_imports(after=None, limit=1)[0].id
