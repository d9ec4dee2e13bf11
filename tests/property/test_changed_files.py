"""Whatever happens to the bytes of a bank file or a list, reading it yields rows or reasons."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integration.books import Listed, make_list

from tijdig.banking.formats import archives
from tijdig.banking.formats.table import find_format
from tijdig.core.problem import Problem
from tijdig.intake.formats import open_items

FOLDER = Path(__file__).parents[1] / "plugs" / "statements"
BANK_FILES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")
LIST = make_list(Listed("2026-0001", 12_100), Listed("2026-0002", 5_000, 5_000, "1002"))
# What files get wrong: amounts, days, signs and ends that are none.
TOKENS = [
    *(
        b"",
        b"\0",
        b"\r",
        b"\n",
        b"\n:61:",
        b"\n:86:",
        b"-}",
        b";",
        b'"',
        b"\xff\xfe",
        b"\xef\xbb\xbf",
    ),
    *(b"99999999999999999999", b"-0", b"1e9", b"NaN", b"1.234,5,6", b"20269999", b"9999-12-31"),
    *(
        "\N{ARABIC-INDIC DIGIT THREE}".encode(),
        b"0001-01-01",
        b"<!--",
        b"</Ntry>",
        b"<Amt>",
        b"&x;",
    ),
]
CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 80),
        st.one_of(st.sampled_from(TOKENS), st.binary(max_size=12)),
    ),
    min_size=1,
    max_size=6,
)
Changes = list[tuple[float, int, bytes]]


def change(content: bytes, changes: Changes) -> bytes:
    """The content with something put in the place of some of its bytes, a few times."""
    for part, length, put in changes:
        at = int(part * len(content))
        content = content[:at] + put + content[at + length :]
    return content


@pytest.mark.parametrize("path", BANK_FILES, ids=lambda path: path.name)
@settings(max_examples=60)
@given(CHANGES)
def test_a_changed_bank_file_gives_statements_or_reasons(path: Path, changes: Changes) -> None:
    content = change(path.read_bytes(), changes)
    known = find_format(content[:4096])
    if known is None:
        return
    file = known.parse(content, name="bank")
    assert file.statements or file.problems
    assert all(one.because.nl and one.because.en for one in file.problems)
    for statement in file.statements:
        assert all(type(line.amount_cents) is int for line in statement.lines)


@settings(max_examples=300)
@given(CHANGES)
def test_a_changed_list_gives_rows_or_reasons(changes: Changes) -> None:
    content = change(LIST, changes)
    if not open_items.recognise(content[:4096]):
        return
    open_items.parse_headers(content)
    file = open_items.parse(content, name="lijst")
    assert file.records or file.problems
    assert all(one.because.nl and one.because.en for one in file.problems)
    assert all(type(one.open_cents) is int for one in file.records)


@settings(max_examples=200)
@given(CHANGES)
def test_a_changed_zip_gives_files_or_a_reason(changes: Changes) -> None:
    content = change(ZIP, changes)
    if not archives.recognise(content[:4096]):
        return
    found = archives.unpack(content)
    assert isinstance(found, Problem) or all(isinstance(name, str) for name, _ in found)


def _zip() -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        file.writestr("bank.xml", BANK_FILES[0].read_bytes())
        file.writestr("map/lijst.csv", LIST)
    return buffer.getvalue()


ZIP = _zip()
