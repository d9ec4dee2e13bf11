"""Damaged bank files: read, or refused with one reason, whatever the damage (row H10)."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tijdig.banking.formats import ing_csv, pain002
from tijdig.banking.formats.table import find_format

FOLDER = Path(__file__).parents[1] / "plugs" / "statements"
SAMPLES = [path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix != ".json"]
ANSWERS = [path.read_bytes() for path in sorted((FOLDER.parent / "statuses").iterdir())]
PIECES = [
    *(b"\n", b":61:", b":86:", b":25:\n", b"<Ntry>", b"</Ntry>", b"</Stmt>", b"/REMI/", b"/IBAN/"),
    *(
        b"\0",
        b"\r",
        b"&#x0;",
        b"&amp;",
        b">",
        b'"',
        b"\xff",
        b"-",
        b"@@",
        b"<!--",
        b"<![CDATA[",
        b"9" * 40,
    ),
    b"<!DOCTYPE x>",
]
LARGEST = 2**63

damages = st.lists(
    st.tuples(
        st.floats(min_value=0, max_value=1),
        st.sampled_from(["put", "cut", "change"]),
        st.sampled_from(PIECES),
        st.integers(min_value=1, max_value=60),
    ),
    min_size=1,
    max_size=6,
)


def damage(content: bytes, hits: list[tuple[float, str, bytes, int]]) -> bytes:
    for where, how, piece, length in hits:
        at = int(where * len(content))
        if how == "put":
            content = content[:at] + piece + content[at:]
        elif how == "cut":
            content = content[:at] + content[at + length :]
        else:
            content = content[:at] + bytes([length]) + content[at + 1 :]
    return content


@given(st.sampled_from(SAMPLES), damages)
def test_a_damaged_file_is_read_or_refused_with_one_reason(
    sample: bytes, hits: list[tuple[float, str, bytes, int]]
) -> None:
    content = damage(sample, hits)
    bank_format = find_format(content[:4096])
    if bank_format is None:
        return
    file = bank_format.parse(content, name="proef")
    refused = [one for one in file.problems if one.severity == "refused"]
    assert len(refused) == (0 if file.statements else 1)
    assert all(one.place and one.because.nl and one.because.en for one in file.problems)
    for statement in file.statements:
        assert 0 < len(statement.iban) <= 34
        assert all(abs(line.amount_cents) < LARGEST and line.booked_on for line in statement.lines)


@given(st.sampled_from(ANSWERS), damages)
def test_a_damaged_answer_is_read_or_refused_with_one_reason(
    sample: bytes, hits: list[tuple[float, str, bytes, int]]
) -> None:
    file = pain002.parse(damage(sample, hits), name="proef")
    assert len(file.problems) == 0 or (len(file.problems) == 1 and not file.statuses)
    assert all(one.place and one.because.nl and one.because.en for one in file.problems)
    for status in file.statuses:
        assert status.message_id
        assert status.cents is None or 0 <= status.cents < LARGEST


def test_a_list_of_two_bytes_is_refused() -> None:
    """Found by fuzzing: too short for a byte order mark, and yet two lines."""
    (problem,) = ing_csv.parse(b"\n\xf3", name="proef").problems
    assert problem.severity == "refused"


@given(st.floats(min_value=0, max_value=1))
def test_a_return_within_a_row_breaks_no_list(where: float) -> None:
    """Found by fuzzing: one stray carriage return ended the import of the whole file."""
    header, *rows = (FOLDER / "ing_csv_new.csv").read_bytes().splitlines()
    body = b"\n".join(rows).replace(b'"', b"")
    at = int(where * len(body))
    file = ing_csv.parse(header + b"\n" + body[:at] + b"\r" + body[at:], name="proef")
    assert len(file.problems) == (0 if file.statements else 1)
