"""Text files of banks: what can stand in them and must harm nothing."""

from datetime import date

import pytest

from tijdig.banking.formats import camt, mt940
from tijdig.banking.formats.iso20022 import read_date


def test_a_nul_byte_in_a_text_is_left_out() -> None:
    content = (
        b":20:P\x001\n:25:NL91ABNA0417164300EUR\n:28C:61\n:60F:C260302EUR100,00\n"
        b":61:2603020302C121,00NTRFNONREF\n:86:/NAME/KOREN\0AAR/REMI/fac\0tuur 1\n"
        b":62F:C260302EUR221,00\n-\n"
    )
    (statement,) = mt940.parse(content, name="proef.sta").statements
    (line,) = statement.lines
    assert (statement.identification, line.counter_name, line.text) == (
        "P1",
        "KORENAAR",
        "factuur 1",
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026-03-02T23:59:59+01:00", date(2026, 3, 2)),
        ("0001-01-01", None),
        ("1969-12-31", None),
        ("9999-12-31", None),
        ("2026-02-30", None),
    ],
)
def test_a_day_is_one_on_which_a_bank_can_book(text: str, day: date | None) -> None:
    assert read_date(text) == day


def test_a_booking_in_the_year_one_refuses_its_file() -> None:
    content = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>'
        "<Id>1</Id><Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></Acct><Ntry>"
        '<Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>0001-01-01</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>"
    )
    (problem,) = camt.parse(content.encode(), name="proef.xml").problems
    assert (problem.severity, "Ntry[1]" in problem.place) == ("refused", True)
