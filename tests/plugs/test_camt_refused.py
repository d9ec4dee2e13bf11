"""camt files that are refused: half a statement, another message, or meant to harm."""

import pytest
from tests.plugs.camt_samples import OWN_IBAN, Entry, Statement, make_camt

from tijdig.banking.formats.camt import parse, recognise


def refusal(content: bytes) -> tuple[str, str, str]:
    """Place, Dutch sentence and file of the one reason why nothing came in."""
    result = parse(content, name="proef.xml")
    assert result.statements == ()
    (problem,) = result.problems
    assert problem.severity == "refused"
    return problem.place, problem.because.nl, problem.file


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        (Entry(amount=""), "ontbreekt"),
        (Entry(amount="12..34"), "niet te lezen"),
        (Entry(amount="12,34"), "niet te lezen"),
        (Entry(amount="-12.34"), "niet te lezen"),
        (Entry(amount="1e3"), "niet te lezen"),
        (Entry(amount="٣"), "niet te lezen"),
        (Entry(amount="9" * 5000), "niet te lezen"),
        (Entry(amount="12.345"), "meer dan twee decimalen"),
        (Entry(direction=""), "geld bij of af"),
        (Entry(direction="CREDIT"), "geld bij of af"),
        (Entry(booked_on=None, value_on=None), "geen leesbare datum"),
    ],
)
def test_an_entry_that_cannot_be_booked_refuses_the_whole_file(entry: Entry, word: str) -> None:
    content = make_camt(Statement(entries=[Entry()]), Statement(entries=[Entry(), entry]))
    place, because, file = refusal(content)
    assert (place, file) == ("Stmt[2]/Ntry[2]", "proef.xml")
    assert word in because


def test_a_file_that_breaks_off_is_refused_whole_with_its_line() -> None:
    content = make_camt(Statement(entries=[Entry()] * 300))
    for end in (len(content) - 1, len(content) - 200, len(content) // 2, 90):
        place, because, _ = refusal(content[:end])
        assert place == "regel " + str(content[:end].count(b"\n") + 1)
        assert "beschadigd of breekt af" in because


@pytest.mark.parametrize(
    ("old", "new", "place", "word"),
    [
        ("camt.053.001.02", "camt.052.001.02", "/Document/BkToCstmrStmt", "camt.052"),
        ("camt.053.001.02", "camt.054.001.08", "/Document/BkToCstmrStmt", "camt.054"),
        ("camt.053.001.02", "camt.055.001.09", "/Document/BkToCstmrStmt", "Vraag uw bank"),
        ("camt.053.001.02", "pain.001.001.03", "/Document/BkToCstmrStmt", "Vraag uw bank"),
        ("BkToCstmrStmt", "BkToCstmrStmtV01", "/Document/BkToCstmrStmtV01", "Vraag uw bank"),
        ("Document", "document", "/document/BkToCstmrStmt", "Vraag uw bank"),
        ("Stmt>", "Rpt>", "/Document/BkToCstmrRpt", "Vraag uw bank"),
        (f"<IBAN>{OWN_IBAN}</IBAN>", "", "Stmt[1]", "geen bruikbaar rekeningnummer"),
    ],
)
def test_another_message_is_refused_with_what_to_do(
    old: str, new: str, place: str, word: str
) -> None:
    content = make_camt(Statement(entries=[Entry()])).decode().replace(old, new).encode()
    found, because, _ = refusal(content)
    assert found == place
    assert word in because


def test_refused_kinds_are_named() -> None:
    for number, kind in (("052", "intraday"), ("054", "details")):
        namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.{number}.001.08"
        result = parse(f'<Document xmlns="{namespace}"/>'.encode(), name="x.xml")
        assert (result.format, result.kind) == (f"camt{number}", kind)


def test_a_file_without_statement_is_refused() -> None:
    assert refusal(make_camt())[1].startswith("In dit bestand staat geen afschrift")
    namespace = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
    empty = f'<Document xmlns="{namespace}"/>'.encode()
    assert refusal(empty)[1].startswith("In dit bestand staat geen afschrift")


HEAD = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>'
HOSTILE = {
    "doctype": '<!DOCTYPE d [<!ENTITY a "b">]>' + HEAD + "<Id>&a;</Id>",
    "external": '<!DOCTYPE d SYSTEM "file:///etc/hostname">' + HEAD,
    "unknown entity": HEAD + "<Id>&a;</Id></Stmt></BkToCstmrStmt></Document>",
    "attribute": HEAD + '<Id a="' + "x" * 30_000_000 + '"/>',
    "text": HEAD + "<Id>" + "x" * 30_000_000 + "</Id>",
    "comment": HEAD + "<!--" + "x" * 30_000_000 + "-->",
    "nesting": HEAD + "<a>" * 100_000 + "</a>" * 100_000,
    "elements": HEAD + "<Ntry>" + "<a/>" * 2_000_000 + "</Ntry></Stmt></BkToCstmrStmt></Document>",
    "utf-7": '<?xml version="1.0" encoding="utf-7"?>' + HEAD,
    "nul": HEAD + "\0",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name: str) -> None:
    place, because, _ = refusal(HOSTILE[name].encode())
    assert place
    assert because


def test_only_camt_is_recognised() -> None:
    assert recognise(
        b'\xef\xbb\xbf\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.02">'
    )
    assert recognise(b"<Document><BkToCstmrStmt>")
    assert recognise(b"<a:Document><a:BkToCstmrDbtCdtNtfctn>")
    assert not recognise(b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.02">')
    assert not recognise(b"<Invoice/>")
    assert not recognise(b"Naam;BkToCstmrStmt\n")
    assert not recognise(b"")
