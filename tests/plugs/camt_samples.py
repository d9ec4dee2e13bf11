"""Writes camt statements of our own making, in any version, for tests and demonstrations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from xml.sax.saxutils import escape

from tijdig.banking.formats.camt import parse
from tijdig.banking.records import BankLineRecord

OWN_IBAN = "NL91ABNA0417164300"
OTHER_IBAN = "NL20INGB0001234567"
A_DAY = date(2026, 3, 2)
_MESSAGES = {"052": ("BkToCstmrAcctRpt", "Rpt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}


@dataclass(frozen=True, slots=True)
class Detail:
    """One payment within an entry (`TxDtls`); "" leaves an element out."""

    amount: str = ""
    name: str = "Bakkerij De Korenaar"
    iban: str = OTHER_IBAN
    texts: Sequence[str] = ()
    references: Sequence[str] = ()
    documents: Sequence[str] = ()
    document_cents: Sequence[tuple[str, str]] = ()
    end_to_end_id: str = ""
    mandate_id: str = ""
    bank_reference: str = ""
    return_reason: str = ""
    ultimate_name: str = ""
    owner_iban: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking (`Ntry`); `direction` is CRDT or DBIT."""

    amount: str = "121.00"
    direction: str = "CRDT"
    booked_on: date | None = A_DAY
    value_on: date | None = A_DAY
    status: str = "BOOK"
    reversal: bool = False
    bank_reference: str = ""
    batch_id: str = ""
    note: str = ""
    currency: str = "EUR"
    charges: str = ""
    details: Sequence[Detail] = ()


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance (`Bal`); a negative amount becomes a debit balance."""

    code: str
    amount: str
    on: date = A_DAY
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement (`Stmt`) of one account on one or more days."""

    entries: Sequence[Entry] = ()
    balances: Sequence[Balance] = ()
    iban: str = OWN_IBAN
    currency: str = "EUR"
    identification: str = "AFSCHRIFT-1"
    sequence: str = "61"
    from_on: date | None = None
    until_on: date | None = None
    made_at: str = ""

    @property
    def made(self) -> str:
        """The morning after all that it tells of, unless its maker says otherwise."""
        told = [self.until_on, *(one.on for one in self.balances)]
        told += [one.booked_on for one in self.entries]
        last = max((on for on in told if on), default=A_DAY)
        return self.made_at or f"{last + timedelta(days=1)}T06:00:00"


def make_camt(
    *statements: Statement,
    version: str = "02",
    prefix: str = "",
    moments: bool = False,
    message: str = "053",
) -> bytes:
    """A camt.053 (or .052, .054) file; `moments` writes days as DtTm, `prefix` goes before names.

    From version .03 a BIC is a BICFI; from .04 the amount of a detail stands in the detail itself;
    from .08 a status is a choice and a party has a level more. A notification has no balances.
    """
    if message == "054":
        statements = tuple(replace(one, balances=()) for one in statements)
    writer = _Writer(version, moments)
    body = "".join(writer.statement(statement) for statement in statements)
    document = (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'
        "<BkToCstmrStmt><GrpHdr><MsgId>PROEF</MsgId><CreDtTm>2026-03-03T06:00:00</CreDtTm></GrpHdr>"
        f"{body}</BkToCstmrStmt></Document>"
    )
    if message != "053":
        name, statement = _MESSAGES[message]
        document = document.replace("camt.053", f"camt.{message}").replace("BkToCstmrStmt", name)
        document = document.replace("<Stmt>", f"<{statement}>").replace(
            "</Stmt>", f"</{statement}>"
        )
    if prefix:
        document = document.replace("</", "\0").replace("<", f"<{prefix}:")
        document = document.replace("\0", f"</{prefix}:").replace(" xmlns=", f" xmlns:{prefix}=")
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + document).encode()


def make_line(**changes: object) -> BankLineRecord:
    line = BankLineRecord(
        booked_on=A_DAY,
        value_on=A_DAY,
        amount_cents=12100,
        currency="EUR",
        counter_iban=OTHER_IBAN,
        counter_name="Bakkerij De Korenaar",
        text="",
        reference="",
        end_to_end_id="",
        bank_reference="",
        place="Stmt[1]/Ntry[1]",
    )
    return replace(line, **changes)  # type: ignore[arg-type]


def read(*entries: Entry, version: str = "02") -> tuple[BankLineRecord, ...]:
    """The lines of one statement that must come in without a word."""
    result = parse(make_camt(Statement(entries=entries), version=version), name="proef.xml")
    assert result.problems == ()
    return result.statements[0].lines


@dataclass(frozen=True, slots=True)
class _Writer:
    version: str
    moments: bool

    def statement(self, statement: Statement) -> str:
        period = ""
        if statement.from_on and statement.until_on:
            period = (
                f"<FrToDt><FrDtTm>{statement.from_on}T00:00:00</FrDtTm>"
                f"<ToDtTm>{statement.until_on}T23:59:59</ToDtTm></FrToDt>"
            )
        bic = _tag("BIC" if self.version == "02" else "BICFI", "ABNANL2A")
        balances = "".join(self.balance(balance) for balance in statement.balances)
        entries = "".join(self.entry(entry) for entry in statement.entries)
        return (
            f"<Stmt>{_tag('Id', statement.identification)}"
            f"{_tag('ElctrncSeqNb', statement.sequence)}"
            f"<CreDtTm>{statement.made}</CreDtTm>{period}"
            f"<Acct><Id><IBAN>{statement.iban}</IBAN></Id>{_tag('Ccy', statement.currency)}"
            f"<Svcr><FinInstnId>{bic}</FinInstnId></Svcr></Acct>{balances}{entries}</Stmt>\n"
        )

    def balance(self, balance: Balance) -> str:
        direction = "DBIT" if balance.amount.startswith("-") else "CRDT"
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{balance.code}</Cd></CdOrPrtry></Tp>"
            f'<Amt Ccy="{balance.currency}">{balance.amount.lstrip("-")}</Amt>'
            f"<CdtDbtInd>{direction}</CdtDbtInd><Dt>{self.day(balance.on)}</Dt></Bal>"
        )

    def entry(self, entry: Entry) -> str:
        status = entry.status if self.version < "08" else _tag("Cd", entry.status)
        batch = f"<Btch>{_tag('PmtInfId', entry.batch_id)}</Btch>" if entry.batch_id else ""
        details = "".join(self.detail(detail, entry) for detail in entry.details)
        return (
            "<Ntry>"
            + (f'<Amt Ccy="{entry.currency}">{entry.amount}</Amt>' if entry.amount else "")
            + _tag("CdtDbtInd", entry.direction)
            + ("<RvslInd>true</RvslInd>" if entry.reversal else "")
            + (f"<Sts>{status}</Sts>" if entry.status else "")
            + (f"<BookgDt>{self.day(entry.booked_on)}</BookgDt>" if entry.booked_on else "")
            + (f"<ValDt>{self.day(entry.value_on)}</ValDt>" if entry.value_on else "")
            + _tag("AcctSvcrRef", entry.bank_reference)
            + "<BkTxCd><Prtry><Cd>N944</Cd><Issr>PROEF</Issr></Prtry></BkTxCd>"
            + self.charges(entry)
            + (f"<NtryDtls>{batch}{details}</NtryDtls>" if batch or details else "")
            + _tag("AddtlNtryInf", entry.note)
            + "</Ntry>\n"
        )

    def charges(self, entry: Entry) -> str:
        if not entry.charges:
            return ""
        amount = f'<Amt Ccy="{entry.currency}">{entry.charges}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
        return f"<Chrgs>{amount if self.version < '04' else f'<Rcrd>{amount}</Rcrd>'}</Chrgs>"

    def documents(self, detail: Detail, entry: Entry) -> str:
        """The documents that are paid, with their kind and amount where those are given."""
        amounts = [*detail.document_cents, *[("", "")] * len(detail.documents)]
        found = ""
        for number, (kind, amount) in zip(detail.documents, amounts, strict=False):
            tag = "CdtNoteAmt" if kind == "CREN" else "RmtdAmt"
            found += (
                "<Strd><RfrdDocInf>"
                + (f"<Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>" if kind else "")
                + f"{_tag('Nb', number)}</RfrdDocInf>"
                + (
                    f'<RfrdDocAmt><{tag} Ccy="{entry.currency}">{amount}</{tag}></RfrdDocAmt>'
                    if amount
                    else ""
                )
                + "</Strd>"
            )
        return found

    def detail(self, detail: Detail, entry: Entry) -> str:
        references = (
            _tag("AcctSvcrRef", detail.bank_reference)
            + _tag("EndToEndId", detail.end_to_end_id)
            + _tag("MndtId", detail.mandate_id)
        )
        amount = f'<Amt Ccy="{entry.currency}">{detail.amount}</Amt>' if detail.amount else ""
        if "04" <= self.version < "08":
            stated = amount or f'<Amt Ccy="{entry.currency}">{entry.amount}</Amt>'
            amount = stated + _tag("CdtDbtInd", entry.direction)
        elif amount and self.version < "08":
            amount = f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"
        reason = f"<Rsn><Cd>{detail.return_reason}</Cd></Rsn>" if detail.return_reason else ""
        remittance = (
            "".join(_tag("Ustrd", text) for text in detail.texts)
            + self.documents(detail, entry)
            + "".join(
                "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>CUR</Issr></Tp>"
                f"{_tag('Ref', reference)}</CdtrRefInf></Strd>"
                for reference in detail.references
            )
        )
        return (
            "<TxDtls>"
            + (f"<Refs>{references}</Refs>" if references else "")
            + amount
            + f"<RltdPties>{self.parties(detail, entry)}</RltdPties>"
            + (f"<RmtInf>{remittance}</RmtInf>" if remittance else "")
            + (f"<RtrInf>{reason}</RtrInf>" if reason else "")
            + "</TxDtls>"
        )

    def parties(self, detail: Detail, entry: Entry) -> str:
        """The other party pays a credit and receives a debit; in a returned payment it is the
        other way round, as the parties are those of the payment that is returned."""
        pays = (entry.direction == "CRDT") != (entry.reversal or bool(detail.return_reason))
        other, own = ("Dbtr", "Cdtr") if pays else ("Cdtr", "Dbtr")
        theirs = (
            self.party(other, detail.name)
            + self.account(other, detail.iban)
            + self.party(f"Ultmt{other}", detail.ultimate_name)
        )
        ours = self.account(own, detail.owner_iban)
        # The debtor's side comes first in the standard.
        return theirs + ours if pays else ours + theirs

    def party(self, role: str, name: str) -> str:
        if not name:
            return ""
        inner = _tag("Nm", name)
        return f"<{role}>{inner if self.version < '08' else f'<Pty>{inner}</Pty>'}</{role}>"

    def account(self, role: str, iban: str) -> str:
        return f"<{role}Acct><Id>{_tag('IBAN', iban)}</Id></{role}Acct>" if iban else ""

    def day(self, on: date) -> str:
        return f"<DtTm>{on}T13:15:00+01:00</DtTm>" if self.moments else f"<Dt>{on}</Dt>"


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""
