"""How fast a bank statement is read, beside an XML parser that does nothing with what it finds."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.parsers import expat

from bench.figure import Figure, judge
from bench.timing import best_of_both
from tijdig.banking.formats import camt
from tijdig.banking.records import BankLineRecord, StatementRecord

ENTRIES = 100_000
AIM = 0.40
MEMORY_AIM_MB = 150
_ROUNDS = 5
_PIECE = 64 * 1024
_FIRST_DAY = date(2026, 1, 5)

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>PROEF</MsgId><CreDtTm>2026-10-01T06:00:00</CreDtTm></GrpHdr>
<Stmt><Id>AFSCHRIFT</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>2026-10-01T06:00:00</CreDtTm>
<Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0.00</Amt>\
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-05</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{total}</Amt>\
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-07-24</Dt></Dt></Bal>
"""
_ENTRY = """<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>\
<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>\
<AcctSvcrRef>{serial:016d}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>\
<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn><Prtry><Cd>N944</Cd><Issr>ABNAMRO</Issr></Prtry></BkTxCd>\
<NtryDtls><TxDtls><Refs><AcctSvcrRef>{serial:016d}</AcctSvcrRef>\
<EndToEndId>{end_to_end}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt>\
</AmtDtls><RltdPties><Dbtr><Nm>Debiteur {debtor} &amp; Zonen</Nm></Dbtr>\
<DbtrAcct><Id><IBAN>NL20INGB{debtor:010d}</IBAN></Id></DbtrAcct></RltdPties>\
<RltdAgts><DbtrAgt><FinInstnId><BIC>INGBNL2A</BIC></FinInstnId></DbtrAgt></RltdAgts>\
<RmtInf>{remittance}</RmtInf></TxDtls></NtryDtls></Ntry>
"""
_TEXT = "<Ustrd>Betaling factuur 2026-{serial:06d} klant {debtor} met dank</Ustrd>"
_STRUCTURED = (
    "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>CUR</Issr></Tp>"
    "<Ref>{serial:016d}</Ref></CdtrRefInf></Strd>"
)


def make_statement(entries: int) -> Iterator[str]:
    """A camt.053 file of so many entries, in pieces; one in three pays with a reference."""
    amounts = [1000 + serial * 37 % 90_000 for serial in range(entries)]
    yield _HEAD.format(total=_euros(sum(amounts)))
    for serial, cents in enumerate(amounts):
        words = _STRUCTURED if serial % 3 == 0 else _TEXT
        yield _ENTRY.format(
            amount=_euros(cents),
            on=_FIRST_DAY + timedelta(days=serial * 200 // entries),
            serial=serial,
            debtor=serial % 5000,
            end_to_end="NOTPROVIDED" if serial % 2 else f"E2E-{serial}",
            remittance=words.format(serial=serial, debtor=serial % 5000),
        )
    yield "</Stmt></BkToCstmrStmt></Document>"


def measure() -> list[Figure]:
    """Entries per second into bank lines against Expat with empty callbacks; memory at most."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "afschrift.xml"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(make_statement(ENTRIES))
        megabytes = path.stat().st_size / 1e6
        ours, floor = best_of_both(
            _ROUNDS, lambda _: read_lines(path), lambda _: read_nothing(path)
        )
        memory = _measure_memory(path)
    what = f"{ENTRIES:,} entries, {megabytes:.0f} MB"
    return [
        judge(
            "camt",
            f"{what}, into bank lines",
            ours=ENTRIES / ours,
            baseline=ENTRIES / floor,
            aim=AIM,
            unit="entries/s",
        ),
        judge(
            "camt",
            f"{what}, memory at most",
            ours=memory,
            aim=MEMORY_AIM_MB,
            bound="at most",
            unit="MB",
        ),
    ]


def read_lines(path: Path) -> None:
    """Every entry as a bank line; stops where one is missing or the balance does not hold."""
    lines = cents = 0
    closing_cents = None
    for item in camt.iterate(_pieces(path)):
        if isinstance(item, BankLineRecord):
            lines += 1
            cents += item.amount_cents
        elif isinstance(item, StatementRecord):
            closing_cents = item.closing_cents
    if lines != ENTRIES or cents != closing_cents:
        raise RuntimeError(f"{lines} lines, {cents} cents, closing balance {closing_cents}")


def read_nothing(path: Path) -> None:
    """The same file through Expat, with callbacks in Python that do nothing."""

    def start(name: str, attributes: dict[str, str]) -> None:
        pass

    def end(name: str) -> None:
        pass

    def text(data: str) -> None:
        pass

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    for piece in _pieces(path):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _measure_memory(path: Path) -> float:
    """The most memory, in MB, that a process of its own takes that only reads the file."""
    code = (
        "import resource, sys; from pathlib import Path; from bench.statements import read_lines;"
        "read_lines(Path(sys.argv[1]));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    return float(told.stdout)


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
