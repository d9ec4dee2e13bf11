"""camt files that are refused: half a statement, another message, or meant to harm."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.plugs.camt_samples import OWN_IBAN, Entry, Statement, make_camt
from tests.yardstick import count_million_turns

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
    assert (place, file) == ("regel 5, Stmt[2]/Ntry[2]", "proef.xml")
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
        ("Document", "document", "/document/BkToCstmrStmt", "<document> waar camt <Document>"),
        ("BkToCstmrStmt", "bktocstmrstmt", "/Document/bktocstmrstmt", "camt <BkToCstmrStmt> sch"),
        ("Stmt>", "Rpt>", "/Document/BkToCstmrRpt", "Vraag uw bank"),
        (f"<IBAN>{OWN_IBAN}</IBAN>", "", "regel 3, Stmt[1]", "geen bruikbaar rekeningnummer"),
    ],
)
def test_another_message_is_refused_with_what_to_do(
    old: str, new: str, place: str, word: str
) -> None:
    content = make_camt(Statement(entries=[Entry()])).decode().replace(old, new).encode()
    found, because, _ = refusal(content)
    assert found == place
    assert word in because


def test_a_file_without_statement_is_refused() -> None:
    assert refusal(make_camt())[1].startswith("In dit bestand staat geen afschrift")
    namespace = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
    empty = f'<Document xmlns="{namespace}"/>'.encode()
    assert refusal(empty)[1].startswith("In dit bestand staat geen afschrift")


HEAD = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>'
TAIL = "</Stmt></BkToCstmrStmt></Document>"
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
WIDE = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d [<!ENTITY a "b">]>' + HEAD + TAIL
HOSTILE = {
    "billion laughs": f'<!DOCTYPE d [<!ENTITY a0 "ha">{LAUGHS}]>{HEAD}<Id>&a9;</Id>{TAIL}'.encode(),
    "quadratic": (
        f'<!DOCTYPE d [<!ENTITY a "{"x" * 100_000}">]>{HEAD}<Id>{"&a;" * 10_000}</Id>{TAIL}'
    ).encode(),
    "external entity": (
        f'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]>{HEAD}<Id>&a;</Id>{TAIL}'
    ).encode(),
    "external DTD": f'<!DOCTYPE d SYSTEM "file:///etc/hostname">{HEAD}{TAIL}'.encode(),
    "parameter entity": (
        f'<!DOCTYPE d [<!ENTITY % p SYSTEM "http://127.0.0.1/p"> %p;]>{HEAD}{TAIL}'
    ).encode(),
    "unknown entity": f"{HEAD}<Id>&a;</Id>{TAIL}".encode(),
    "attribute": f'{HEAD}<Id a="{"x" * 30_000_000}"/>{TAIL}'.encode(),
    "text": f"{HEAD}<Id>{'x' * 30_000_000}</Id>{TAIL}".encode(),
    "lines": (HEAD + "<Id>" + "x\n" * 15_000_000 + "</Id>" + TAIL).encode(),
    "comment": f"{HEAD}<!--{'x' * 30_000_000}-->{TAIL}".encode(),
    "comments": f"{HEAD}{'<!--x-->' * 3_000_000}{TAIL}".encode(),
    "instruction": f"{HEAD}<?x {'x' * 30_000_000}?>{TAIL}".encode(),
    "instructions": f"{HEAD}{'<?x y?>' * 3_000_000}{TAIL}".encode(),
    "nesting": f"{HEAD}{'<a>' * 100_000}{'</a>' * 100_000}{TAIL}".encode(),
    "elements": f"{HEAD}<Ntry>{'<a/>' * 2_000_000}</Ntry>{TAIL}".encode(),
    "details": f"{HEAD}<Ntry><NtryDtls>{'<TxDtls/>' * 500_000}</NtryDtls></Ntry>{TAIL}".encode(),
    "names": (HEAD + "".join(f"<a{n}/>" for n in range(1_000_000)) + TAIL).encode(),
    "attributes": (HEAD + "<a " + "".join(f'b{n}="" ' for n in range(60_000)) + "/>").encode(),
    "utf-16": WIDE.encode("utf-16"),
    "utf-16 unmarked": b"<\0?\0" + WIDE.encode("utf-16-le")[4:],
    "utf-7": ('<?xml version="1.0" encoding="utf-7"?>' + HEAD + TAIL).encode(),
    "utf-32": WIDE.encode("utf-32"),
    "nul": (HEAD + "\0" + TAIL).encode(),
    "truncated": HEAD.encode(),
    "wrong namespace": (HEAD + TAIL).replace("camt.053", "pain.001").encode(),
}
PLACES = {"wrong namespace": "/Document/BkToCstmrStmt"}
CHILD = """
import resource, sys, time
from pathlib import Path
from tijdig.banking.formats.camt import parse
content = Path(sys.argv[1]).read_bytes()
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
base, started = peak(), time.process_time()
result = parse(content, name="x")
seconds = time.process_time() - started
assert result.statements == ()
(problem,) = result.problems
print(problem.place, problem.because.nl, seconds, peak() - base, sep="|")
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_quickly_and_in_little_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "bestand.xml"
    path.write_bytes(HOSTILE[name])
    told = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, check=True
    )
    place, because, seconds, mebibytes = told.stdout.strip().split("|")
    assert place.startswith(PLACES.get(name, "regel "))
    assert because.endswith((".", "uw bank om camt.053."))
    assert count_million_turns(float(seconds)) <= 60
    assert float(mebibytes) <= 200


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
