"""camt.052, .053 and .054: fees, documents, envelopes and texts of every kind."""

import os
from pathlib import Path

import pytest
from lxml import etree
from tests.plugs.camt_samples import (
    Balance,
    Detail,
    Entry,
    Statement,
    make_camt,
    make_line,
    read,
)

from tijdig.banking.formats.camt import parse
from tijdig.banking.records import DocumentRecord

VERSIONS = [f"{number:02d}" for number in range(2, 15)]
FOLDER = Path(os.environ.get("TIJDIG_SAMPLES", "../shared/data")) / "xsd_iso20022" / "camt"
SCHEMAS = sorted(FOLDER.glob("camt.05?.001.*.xsd"))
TEXT = "factuur 2026-0412"
KINDS = {"052": "intraday", "053": "booked", "054": "details"}


@pytest.mark.parametrize("number", KINDS)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_message_is_read_in_every_version(number: str, version: str) -> None:
    content = make_camt(
        Statement(
            entries=[Entry(details=[Detail(texts=["factuur", "2026-0412"])])],
            balances=[Balance("OPBD", "1.00"), Balance("CLBD", "122.00")],
        ),
        version=version,
        message=number,
    )
    result = parse(content, name="proef.xml")
    name = {"052": "Rpt", "053": "Stmt", "054": "Ntfctn"}[number]
    assert (result.format, result.kind, result.problems) == (f"camt{number}", KINDS[number], ())
    assert result.statements[0].lines == (make_line(text=TEXT, place=f"{name}[1]/Ntry[1]"),)


@pytest.mark.skipif(not SCHEMAS, reason=f"no schemas in {FOLDER}")
@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_what_these_tests_write_is_what_the_schema_says(path: Path) -> None:
    _, number, _, version = path.stem.split(".")
    content = make_camt(
        Statement(
            entries=[Entry(details=[Detail(texts=["factuur"])]), Entry(status="PDNG")],
            balances=[Balance("OPBD", "1.00"), Balance("CLBD", "122.00")],
        ),
        version=version,
        message=number,
    )
    schema = etree.XMLSchema(etree.parse(path))
    schema.assertValid(etree.fromstring(content))


@pytest.mark.parametrize("number", KINDS)
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("is_choice", [False, True])
def test_an_announcement_is_one_in_either_way_of_saying_so(
    number: str, version: str, is_choice: bool
) -> None:
    """A status stands bare up to .06 or so, and as a choice after it; banks mix the two up."""
    content = make_camt(
        Statement(entries=[Entry(status="PDNG")]), version=version, message=number
    ).replace(b"<Sts><Cd>PDNG</Cd></Sts>", b"<Sts>PDNG</Sts>")
    if is_choice:
        content = content.replace(b"<Sts>PDNG</Sts>", b"<Sts><Cd>PDNG</Cd></Sts>")
    (line,) = parse(content, name="proef.xml").statements[0].lines
    assert line.is_pending


def test_a_message_in_an_envelope_is_read() -> None:
    inner = make_camt(Statement(entries=[Entry()]), version="08").decode().partition("?>")[2]
    content = (
        "<BizMsgEnvlp><Hdr><AppHdr xmlns='urn:iso:std:iso:20022:tech:xsd:head.001.001.01'>"
        f"<Fr>BANK</Fr></AppHdr></Hdr><Body>{inner}</Body></BizMsgEnvlp>"
    ).encode()
    result = parse(content, name="proef.xml")
    assert result.problems == ()
    assert result.statements[0].lines == (make_line(counter_iban="", counter_name=""),)


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_payout_less_its_fee_becomes_its_payments_and_the_fee(version: str) -> None:
    lines = read(
        Entry(
            amount="29.30",
            charges="0.70",
            details=[Detail(amount="10.00", texts=["een"]), Detail(amount="20.00")],
        ),
        version=version,
    )
    assert lines == (
        make_line(amount_cents=1000, text="een", place="Stmt[1]/Ntry[1]/TxDtls[1]"),
        make_line(amount_cents=2000, place="Stmt[1]/Ntry[1]/TxDtls[2]"),
        make_line(
            amount_cents=-70,
            counter_iban="",
            counter_name="",
            text="Ingehouden kosten",
            place="Stmt[1]/Ntry[1]/Chrgs",
        ),
    )


@pytest.mark.parametrize("version", ["02", "08"])
def test_charges_withheld_from_one_payment_are_told(version: str) -> None:
    (line,) = read(
        Entry(amount="99.50", charges="0.50", details=[Detail(amount="100.00")]), version=version
    )
    assert line == make_line(amount_cents=9950, charges_cents=50)


def test_invoices_and_credit_notes_in_one_payment_keep_their_amounts() -> None:
    (line,) = read(
        Entry(
            details=[
                Detail(
                    documents=["2026-1", "2026-2"],
                    document_cents=[("CINV", "150.00"), ("CREN", "29.00")],
                )
            ]
        )
    )
    assert line == make_line(
        text="2026-1 2026-2",
        documents=(DocumentRecord("2026-1", 15000), DocumentRecord("2026-2", -2900)),
    )


def test_what_the_schema_demands_and_is_not_there_is_noted_once() -> None:
    entries = [Entry(status=""), Entry(status=""), Entry()]
    content = make_camt(Statement(entries=entries, identification=""), Statement(entries=entries))
    moment = b"<CreDtTm>2026-03-03T06:00:00</CreDtTm><Acct>"
    assert content.count(moment) == 2
    result = parse(content.replace(moment, b"<Acct>", 1), name="proef.xml")
    (told,) = result.problems
    assert (told.place, told.severity) == ("bestand", "warning")
    assert told.because.en == (
        "This file does not quite follow the standard: Ntry/Sts (4x), Id (1x), CreDtTm (1x) is"
        " missing. What is there came in."
    )
    assert [len(one.lines) for one in result.statements] == [3, 3]


def test_a_text_over_the_norm_comes_in_whole_with_a_warning() -> None:
    result = parse(
        make_camt(Statement(entries=[Entry(details=[Detail(texts=["x" * 204])])])), name="p.xml"
    )
    assert result.statements[0].lines == (make_line(text="x" * 204),)
    assert [(p.place, p.severity) for p in result.problems] == [("bestand", "warning")]


def test_text_in_parts_entities_and_cdata_come_out_whole() -> None:
    content = make_camt(Statement(entries=[Entry(details=[Detail(texts=["MERK"])])])).replace(
        b"MERK", "R&amp;D <!-- niet -->&#8364; <![CDATA[<12> & meer]]> é".encode()
    )
    (line,) = parse(content, name="p.xml").statements[0].lines
    assert line.text == "R&D € <12> & meer é"
