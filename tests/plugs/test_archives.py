"""Zip files with statements: unpacked, or refused before they do harm (row H2)."""

import io
import struct
import time
import zipfile

import pytest
from tests.plugs.camt_samples import Entry, Statement, make_camt
from tests.yardstick import count_million_turns

from tijdig.banking.formats.archives import is_workbook, recognise, unpack
from tijdig.core.problem import Problem


def make_zip(*files: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def make_link() -> zipfile.ZipInfo:
    link = zipfile.ZipInfo("afschrift.xml")
    link.external_attr = 0o120777 << 16
    return link


def make_overlap() -> bytes:
    """Two entries of the directory that point to the same bytes."""
    content = bytearray(make_zip(("a.xml", b"x" * 100), ("b.xml", b"x" * 100)))
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    content[second + 42 : second + 46] = struct.pack("<L", 0)
    return bytes(content)


def make_encrypted() -> bytes:
    content = bytearray(make_zip(("a.xml", b"x")))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def make_many() -> bytes:
    """A directory that says that it holds a million files."""
    content = bytearray(make_zip(("a.xml", b"x")))
    at = content.rindex(b"PK\x05\x06") + 8
    content[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(content)


# With a word of the reason, and which file in the zip it is about where it is about one.
HOSTILE = {
    "bomb": (make_zip(("b.xml", b"x"), ("a.xml", b"\0" * 200_000_000)), "gewone manier", "a.xml"),
    "nested": (
        make_zip(("b.zip", make_zip(("a.xml", b"x")))),
        "nog een ingepakt bestand: b.zip. Pak",
        "b.zip",
    ),
    "nested deeper": (
        make_zip(("a.xml", b"x"), ("map/B.GZ", b"y")),
        "bestand: map/B.GZ. Pak",
        "map/B.GZ",
    ),
    "nested with an odd name": (
        make_zip(("\x1b[2J\n.zip", b"x")),
        "bestand: [2J.zip. Pak",
        "[2J.zip",
    ),
    "million files": (make_many(), "gewone manier", "bestand"),
    "overlap": (make_overlap(), "gewone manier", "b.xml"),
    "dots": (make_zip(("../a.xml", b"x")), "gewone manier", "../a.xml"),
    "absolute": (make_zip(("/etc/passwd", b"x")), "gewone manier", "/etc/passwd"),
    "drive": (make_zip(("C:\\a.xml", b"x")), "gewone manier", "C:/a.xml"),
    "link": (make_zip((make_link(), b"/etc/passwd")), "gewone manier", "afschrift.xml"),
    "encrypted": (make_encrypted(), "wachtwoord", "a.xml"),
    "same name": (make_zip(("a.xml", b"x"), ("A.XML", b"y")), "gewone manier", "A.XML"),
    "cut off": (make_zip(("a.xml", b"x" * 1000))[:-30], "beschadigd", "bestand"),
    "empty": (make_zip(), "leeg", "bestand"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_zip_is_refused_before_it_is_unpacked(name: str) -> None:
    content, word, place = HOSTILE[name]
    started = time.process_time()
    found = unpack(content)
    assert isinstance(found, Problem)
    assert word in found.because.nl
    assert (found.place, found.severity) == (place, "refused")
    assert count_million_turns(time.process_time() - started) < 30


def test_the_files_of_a_zip_come_out() -> None:
    one, other = make_camt(Statement(entries=[Entry()])), b":20:x\n"
    content = make_zip(("map/een.xml", one), ("twee.sta", other))
    assert recognise(content[:4096])
    assert not is_workbook(content)
    assert unpack(content) == [("map/een.xml", one), ("twee.sta", other)]


def test_what_a_mac_adds_to_a_zip_is_left_out() -> None:
    content = make_zip(
        ("map/een.sta", b":20:x\n"), ("__MACOSX/map/._een.sta", b"\0\5"), ("map/.DS_Store", b"Bud1")
    )
    assert unpack(content) == [("map/een.sta", b":20:x\n")]
    assert isinstance(unpack(make_zip((".DS_Store", b"Bud1"))), Problem)


def test_a_workbook_is_no_archive() -> None:
    assert is_workbook(make_zip(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")))
