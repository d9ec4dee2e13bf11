"""Bank statements as camt.053, in the old (.02) and the new (.08) version of Dutch banks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from xml.sax.saxutils import escape

from tijdig.core.money import format_plain

Version = Literal["02", "08"]


@dataclass(frozen=True, slots=True)
class Movement:
    """One booking: positive cents come in. `reversed` says why a payment came back."""

    on: date
    cents: int
    name: str
    iban: str
    text: str = ""
    reference: str = ""
    end_to_end_id: str = ""
    reversed: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """What one statement is about; the closing balance is the next one's opening balance."""

    iban: str
    number: int
    from_on: date
    until_on: date
    opening_cents: int

    def close(self, movements: Sequence[Movement]) -> int:
        """The balance after these movements."""
        return self.opening_cents + sum(one.cents for one in movements)


def write_camt(period: Period, movements: Sequence[Movement], version: Version) -> bytes:
    """The statement of this period; `movements` in order of day."""
    made_at = f"{period.until_on + timedelta(days=1)}T00:30:00"
    bank = _tag("BIC" if version == "02" else "BICFI", "TESTNL2A")
    balances = (
        ("OPBD", period.opening_cents, period.from_on),
        ("CLBD", period.close(movements), period.until_on),
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">\n'
        f"<BkToCstmrStmt><GrpHdr>{_tag('MsgId', f'{period.iban}-{period.number:05d}')}"
        f"{_tag('CreDtTm', made_at)}</GrpHdr>\n"
        f"<Stmt>{_tag('Id', f'{period.number:05d}')}{_tag('ElctrncSeqNb', str(period.number))}"
        f"{_tag('CreDtTm', made_at)}<FrToDt>{_tag('FrDtTm', f'{period.from_on}T00:00:00')}"
        f"{_tag('ToDtTm', f'{period.until_on}T23:59:59')}</FrToDt>"
        f"<Acct><Id>{_tag('IBAN', period.iban)}</Id>{_tag('Ccy', 'EUR')}"
        f"<Svcr><FinInstnId>{bank}</FinInstnId></Svcr></Acct>\n"
        + "".join(_balance(*balance) for balance in balances)
        + "".join(_entry(one, version) for one in movements)
        + "</Stmt></BkToCstmrStmt></Document>\n"
    ).encode()


def _balance(code: str, cents: int, on: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry>{_tag('Cd', code)}</CdOrPrtry></Tp>{_amount(cents)}"
        f"{_direction(cents)}<Dt>{_tag('Dt', f'{on}')}</Dt></Bal>\n"
    )


def _entry(movement: Movement, version: Version) -> str:
    status = "BOOK" if version == "02" else _tag("Cd", "BOOK")
    day = f"<Dt>{movement.on}</Dt>"
    return (
        f"<Ntry>{_amount(movement.cents)}{_direction(movement.cents)}"
        + (_tag("RvslInd", "true") if movement.reversed else "")
        + f"<Sts>{status}</Sts><BookgDt>{day}</BookgDt><ValDt>{day}</ValDt>"
        "<BkTxCd><Prtry><Cd>N196</Cd><Issr>DEMO</Issr></Prtry></BkTxCd>"
        f"<NtryDtls>{_details(movement, version)}</NtryDtls></Ntry>\n"
    )


def _details(movement: Movement, version: Version) -> str:
    amount = _amount(movement.cents)
    if version == "02":
        amount = f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"
    structured = (
        "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>ISO</Issr></Tp>"
        f"{_tag('Ref', movement.reference)}</CdtrRefInf></Strd>"
    )
    remittance = _tag("Ustrd", movement.text) + (structured if movement.reference else "")
    return (
        f"<TxDtls><Refs>{_tag('EndToEndId', movement.end_to_end_id or 'NOTPROVIDED')}</Refs>"
        f"{amount}<RltdPties>{_party(movement, version)}</RltdPties>"
        + (f"<RmtInf>{remittance}</RmtInf>" if remittance else "")
        + (f"<RtrInf><Rsn>{_tag('Cd', movement.reversed)}</Rsn></RtrInf>" * bool(movement.reversed))
        + "</TxDtls>"
    )


def _party(movement: Movement, version: Version) -> str:
    """The other party; in a payment that came back it stands where it stood the first time."""
    role = "Dbtr" if (movement.cents > 0) != bool(movement.reversed) else "Cdtr"
    name = _tag("Nm", movement.name)
    name = name if version == "02" else f"<Pty>{name}</Pty>"
    account = f"<{role}Acct><Id>{_tag('IBAN', movement.iban)}</Id></{role}Acct>"
    return f"<{role}>{name}</{role}>{account if movement.iban else ''}"


def _amount(cents: int) -> str:
    return f'<Amt Ccy="EUR">{format_plain(abs(cents))}</Amt>'


def _direction(cents: int) -> str:
    return _tag("CdtDbtInd", "DBIT" if cents < 0 else "CRDT")


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""
