"""Workbooks that are damaged or hostile: judged before they are unpacked, values only."""

import io
import re
import struct
import time
import tracemalloc
import zipfile

import pytest
import xlsxwriter
from tests.plugs.list_samples import replace_part, simple_rows, write_sheets, write_xlsx
from tests.plugs.test_open_items import reasons, said
from tests.yardstick import count_million_turns

from tijdig.intake.formats.open_items import parse

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def workbook() -> bytes:
    return write_xlsx(simple_rows(amount=lambda x: x / 100, day=lambda x: x))


def refused_workbook(content: bytes) -> str:
    """The reason, of a workbook that must be refused quickly and in little memory."""
    tracemalloc.start()
    start = time.process_time()
    file = parse(content, name="x")
    took, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (file.records, [x.severity for x in file.problems]) == ((), ["refused"])
    assert count_million_turns(took) < 60
    assert peak < 200_000_000
    return reasons(file)


def add_part(content: bytes, name: str, part: bytes) -> bytes:
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return target.getvalue()


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = add_part(workbook(), "xl/worksheets/sheet2.xml", b" " * 150_000_000)
    assert "ongewoon ingepakt" in refused_workbook(bomb)


def test_a_directory_that_lies_about_its_sizes_is_no_way_round():
    bomb = bytearray(add_part(workbook(), "xl/worksheets/sheet2.xml", b" " * 50_000_000))
    honest, lie = struct.pack("<L", 50_000_000), struct.pack("<L", 5_000)
    at = bomb.rfind(honest)
    bomb[at : at + 4] = lie
    assert "beschadigd" in refused_workbook(bytes(bomb))


def test_more_than_200_mb_is_refused_however_it_was_packed():
    target = io.BytesIO(workbook())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/media/a.bin", b"ab" * 50_500_000)
        archive.writestr("xl/media/b.bin", b"ab" * 50_500_000)
    content = target.getvalue()
    file = parse(content, name="x")
    assert (file.records, "200 MB" in reasons(file)) == ((), True)


@pytest.mark.parametrize("name", ["xl/embeddings/a.xlsx", "inner.zip"])
def test_files_in_files_are_refused(name):
    assert "ongewoon ingepakt" in refused_workbook(add_part(workbook(), name, b"PK\x03\x04"))


def test_very_many_parts_are_refused_without_reading_the_directory():
    target = io.BytesIO(workbook())
    with zipfile.ZipFile(target, "a") as archive:
        for at in range(6_000):
            archive.writestr(f"xl/p{at}.xml", b"")
    assert "ongewoon ingepakt" in refused_workbook(target.getvalue())


def test_an_encrypted_workbook_is_refused():
    content = bytearray(workbook())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            content[entry.header_offset + 6] |= 1
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    assert "wachtwoord" in refused_workbook(bytes(content))


@pytest.mark.parametrize("name", ["../../etc/x.xml", "/etc/x.xml", "xl/../../x.txt"])
def test_parts_with_strange_paths_are_written_nowhere(name):
    assert len(parse(add_part(workbook(), name, b"<a/>"), name="x").records) == 3


def test_old_and_foreign_workbooks_are_refused_with_what_to_do():
    assert "Bewaar het in Excel als .xlsx" in refused_workbook(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "geen Excel-map" in refused_workbook(target.getvalue())
    assert "beschadigd" in refused_workbook(workbook()[:2000])


@pytest.mark.parametrize("part", [STRINGS, SHEET])
def test_a_dtd_in_a_part_is_refused(part):
    bomb = b'?>\n<!DOCTYPE a [<!ENTITY b "' + b"x" * 1000 + b'">]>'
    assert "DOCTYPE" in refused_workbook(replace_part(workbook(), part, b"?>", bomb))


def test_a_sheet_that_claims_to_be_huge_is_measured_by_its_cells():
    claims = replace_part(workbook(), SHEET, b'ref="A1:G4"', b'ref="A1:XFD1048576"')
    assert len(parse(claims, name="x").records) == 3
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    truly = replace_part(workbook(), SHEET, b"</sheetData>", far)
    assert "tien miljoen cellen" in refused_workbook(truly)
    unnamed = b'<row r="1048576">' + b"<c><v>1</v></c>" * 500 + b"</row></sheetData>"
    hidden = replace_part(workbook(), SHEET, b"</sheetData>", unnamed)
    assert "tien miljoen cellen" in refused_workbook(hidden)


@pytest.mark.parametrize(("part", "word"), [(STRINGS, b"uniqueCount"), ("xl/styles.xml", b"count")])
def test_a_count_that_would_reserve_all_memory_is_refused(part, word):
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        old = re.search(rb"<(?:sst|cellXfs) [^>]*" + word + rb'="\d+"', archive.read(part))[0]
    new = re.sub(word + rb'="\d+"', word + b'="4294967296"', old)
    assert "beschadigd" in refused_workbook(replace_part(workbook(), part, old, new))


def test_formulas_give_their_value_and_macros_and_links_nothing():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for along, text in enumerate(["Factuurnr", "Datum", "Naam", "Openstaand"]):
        sheet.write(0, along, text)
    sheet.write_row(1, 0, ["F1", "14-03-2026", "Piet"])
    sheet.write_formula(1, 3, "='[elders.xlsx]Blad1'!A1", None, 12.5)
    sheet.write_row(2, 0, ["F2", "14-03-2026", "Piet"])
    sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")
    book.close()
    content = add_part(target.getvalue(), "xl/vbaProject.bin", b"macro")
    content = add_part(content, "xl/externalLinks/externalLink1.xml", b"<!DOCTYPE x>")
    file = parse(content, name="x")
    assert [x.open_cents for x in file.records] == [1_250]
    assert said(file)[0] == ("D3", "refused")


def test_another_sheet_that_looks_like_a_list_is_named():
    rows = simple_rows()
    file = parse(write_sheets({"Uitleg": [["Lees dit"]], "2026": rows, "2025": rows}), name="x")
    assert len(file.records) == 3
    assert said(file) == [("tabblad 2025", "warning")]
