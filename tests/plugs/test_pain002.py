"""What a bank answers to a file of ours: whole values, hostile files, real samples."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from tijdig.banking.debit_records import StatusFile, StatusRecord
from tijdig.banking.formats import pain002, pain_orders
from tijdig.banking.formats.table import find_format

FOLDER = Path(__file__).parent / "statuses"
MESSAGE = "TIJDIG-20261126-1"
BLOCK = f"{MESSAGE}-3"


def read(name: str) -> StatusFile:
    content = (FOLDER / name).read_bytes()
    assert pain002.recognise(content[:4096])
    return pain002.parse(content, name=name)


def test_a_file_that_was_rejected_with_two_reasons_and_words() -> None:
    assert read("file_rejected.xml") == StatusFile(
        "pain002",
        (
            StatusRecord(
                "file",
                MESSAGE,
                "RJCT",
                ("FF01", "DUPL"),
                "regel 20, OrgnlGrpInfAndSts",
                words="Bestand is al eerder aangeleverd",
                message_name="pain.008.001.02",
            ),
        ),
        (),
    )


NAME = "pain.008.001.08"


def make_line(place: str, status: str, *reasons: str, **told: object) -> StatusRecord:
    line = StatusRecord("order", MESSAGE, status, reasons, place, BLOCK, message_name=NAME)
    return replace(line, **told)  # type: ignore[arg-type]


def test_file_block_and_lines_in_the_order_of_the_file() -> None:
    first, second = "regel 19, OrgnlPmtInfAndSts[1]", "regel 36, OrgnlPmtInfAndSts[2]"
    assert read("part_rejected.xml").statuses == (
        StatusRecord("file", MESSAGE, "PART", (), "regel 12, OrgnlGrpInfAndSts", message_name=NAME),
        make_line(first, "RJCT", "CNOR", level="block", block_id=f"{MESSAGE}-1"),
        make_line(second, "ACCP", level="block"),
        make_line(
            "regel 36, TxInfAndSts[1]",
            "RJCT",
            "AM04",
            end_to_end_id="TD-0001",
            mandate_id="M-2026-0001",
            cents=12345,
            collect_on=date(2026, 12, 14),
        ),
        # No status of its own: that of its block holds.
        make_line(
            "regel 40, TxInfAndSts[2]", "ACCP", end_to_end_id="TD-0002", instruction_id="I-2"
        ),
        make_line("regel 44, TxInfAndSts[3]", "PDNG"),
    )


def test_what_counts_as_rejected_and_as_accepted() -> None:
    (told,) = read("accepted.xml").statuses
    assert (told.status, told.is_accepted, told.is_rejected) == ("ACCP", True, False)
    found = {
        status: (one.is_accepted, one.is_rejected)
        for status in ("ACTC", "ACSP", "ACSC", "ACCC", "ACWC", "PART", "PDNG", "RCVD", "RJCT", "")
        for one in [StatusRecord("file", MESSAGE, status, (), "")]
    }
    assert found == {
        **dict.fromkeys(("ACTC", "ACSP", "ACSC", "ACCC", "ACWC"), (True, False)),
        **dict.fromkeys(("PART", "PDNG", "RCVD", ""), (False, False)),
        "RJCT": (False, True),
    }


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_reading_in_pieces_gives_the_same(path: Path) -> None:
    content = path.read_bytes()
    pieces = (content[at : at + 7] for at in range(0, len(content), 7))
    assert tuple(pain002.iterate(pieces)) == pain002.parse(content, name="").statuses


@pytest.mark.parametrize(
    ("name", "version"), [("file_rejected.xml", "001.03"), ("part_rejected.xml", "001.10")]
)
def test_our_samples_hold_by_the_schema_of_iso(name: str, version: str, samples: Path) -> None:
    path = samples / "xsd_iso20022" / "pain" / f"pain.002.{version}.xsd"
    schema = etree.XMLSchema(etree.parse(path))
    schema.assertValid(etree.fromstring((FOLDER / name).read_bytes()))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("pain002__valid_example.xml", ("order", "RJCT", ("AC01",), "Source1234", 654314)),
        ("pain002__valid_example_001.03.xml", ("file", "ACTC", (), "", None)),
        (
            "pain002__valid_example_001.10.xml",
            ("order", "RJCT", ("AC01",), "OriginatorID1234", 654314),
        ),
    ],
)
def test_public_samples(name: str, told: tuple[object, ...], samples: Path) -> None:
    content = (samples / "pain" / "viafintech__sepa_file_parser" / name).read_bytes()
    assert pain002.recognise(content[:4096])
    file = pain002.parse(content, name=name)
    (one,) = file.statuses
    assert (one.level, one.status, one.reasons, one.end_to_end_id, one.cents) == told
    assert file.problems == ()


def test_no_other_file_is_taken_for_an_answer(samples: Path) -> None:
    answers = set()
    for path in sorted((samples / "pain").rglob("*.xml")):
        head = path.read_bytes()[:4096]
        if pain002.recognise(head):
            answers.add(path.name)
        assert pain002.recognise(head) != pain_orders.recognise(head), path
        assert (find_format(head) is None) == pain002.recognise(head), path
    assert answers == {
        "pain002__valid_example.xml",
        "pain002__valid_example_001.03.xml",
        "pain002__valid_example_001.10.xml",
    }


WHOLE = (FOLDER / "file_rejected.xml").read_bytes()
OLD = b"<Document><pain.002.001.02/></Document>"


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        (b"", "bestand", "The file is empty."),
        (WHOLE.partition(b"</GrpSts>")[0], "regel 11", "The XML is damaged or breaks off here."),
        (
            WHOLE.replace(b"<Document", b"<!DOCTYPE Document [<!ENTITY a 'b'>]><Document"),
            "regel 2",
            "Here stands a DOCTYPE.",
        ),
        (WHOLE.replace(b"UTF-8", b"UTF-7"), "regel 1", "The file uses a character set"),
        (
            WHOLE.partition(b"<AddtlInf>")[0] + b"<x>" * 40_000,
            "regel 14",
            "A field is longer than 1 MB here, nested too deeply",
        ),
        (
            WHOLE.replace(b"TIJDIG-20261126-1", b" "),
            "regel 20",
            "This answer of the bank does not name the file that it answers.",
        ),
        (
            OLD,
            "/Document/pain.002.001.02",
            "This answer of the bank has an old version (pain.002.001.02).",
        ),
        (
            b"<Document><CstmrPmtStsRpt/></Document>",
            "/Document/CstmrPmtStsRpt",
            "This is no answer of a bank to a file (pain.002).",
        ),
        (b"<Document><Invoice/></Document>", "/Document/Invoice", "This is no answer of a bank"),
    ],
)
def test_a_broken_or_hostile_file_is_refused_with_its_place(
    content: bytes, place: str, said: str
) -> None:
    file = pain002.parse(content, name="antwoord.xml")
    (problem,) = file.problems
    assert (file.statuses, problem.place, problem.severity, problem.file) == (
        (),
        place,
        "refused",
        "antwoord.xml",
    )
    assert problem.because.en.startswith(said)


def test_what_a_bank_says_at_length_is_cut() -> None:
    long = WHOLE.replace(b"FF01", b"X" * 5000).replace(b"aangeleverd", b"y" * 5000)
    (told,) = pain002.parse(long, name="").statuses
    assert told.reasons == ("X" * 35, "DUPL")
    assert len(told.words) == 500


def test_memory_does_not_grow_with_the_file() -> None:
    """Three million bytes are read with each answer taken out as it comes."""
    head, middle, tail = WHOLE.partition(b"    <OrgnlGrpInfAndSts>")
    group, _, end = tail.partition(b"  </CstmrPmtStsRpt>")
    line = b"<TxInfAndSts><OrgnlEndToEndId>TD</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>"
    pieces = [head + middle + group + b"<OrgnlPmtInfAndSts>"]
    pieces += [line * 100] * 350
    pieces += [b"</OrgnlPmtInfAndSts></CstmrPmtStsRpt>" + end]
    reader = pain002._Reader()
    most = count = 0
    for _ in reader.read(pieces):
        count += 1
        most = max(most, len(reader._items))
    assert count == 35_001
    assert most < 1000
