"""Entries that look alike are read without Expat, and give what Expat would have given."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.yardstick import count_million_turns

from tijdig.banking.formats.camt_reader import Reader
from tijdig.banking.formats.xml_stream import UnreadableFile

HEAD = """<?xml version="1.0" encoding="{encoding}"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<Stmt><Id>A</Id><CreDtTm>2026-10-01T06:00:00</CreDtTm>
<Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id><Ccy>EUR</Ccy></Acct>
"""
TAIL = "</Stmt></BkToCstmrStmt></Document>"

TIGHT = (
    '<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{status}</Sts>'
    "<BookgDt><Dt>{day}</Dt></BookgDt><BkTxCd><Prtry><Cd>{word}</Cd></Prtry></BkTxCd>"
    "<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>{word}</Nm></Dbtr></RltdPties>"
    "<RmtInf><Ustrd>{word}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
)
TEXT = "<Ustrd>{word}</Ustrd>"
IBAN = "<Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></Acct>"
PLAIN = (
    TIGHT,
    TIGHT.replace("<Sts>{status}</Sts>", "<Sts>\n<Cd>{status}</Cd>\n</Sts>"),
    TIGHT.replace(TEXT, f"{TEXT}<Ustrd/><Ustrd></Ustrd>"),
    TIGHT.replace(TEXT, "<Strd><CdtrRefInf><Ref>{word}</Ref></CdtrRefInf></Strd>"),
    # Twice, in the wrong order, without a currency, with one that is none, of another kind.
    TIGHT.replace("</BookgDt>", "</BookgDt><BookgDt><Dt>{day}</Dt></BookgDt>"),
    TIGHT.replace("<CdtDbtInd>CRDT</CdtDbtInd>", "").replace(
        "</Ntry>", "<CdtDbtInd>DBIT</CdtDbtInd></Ntry>"
    ),
    TIGHT.replace(' Ccy="EUR"', ""),
    TIGHT.replace("<Sts>", '<Amt Ccy="EUR">{amount}</Amt><Sts>'),
    TIGHT.replace('Ccy="EUR"', 'Ccy="E>R" x="1"'),
    TIGHT.replace("<Amt ", "<Chrgs><Amt>{amount}</Amt></Chrgs><Amt "),
    TIGHT.replace(TEXT, "<Ustrd>{word}<b/></Ustrd><Ustrd>{word}<b>{word}</b>{word}</Ustrd>"),
    # An entry within an entry, and what is none.
    TIGHT.replace("<NtryDtls>", f"{TIGHT}<NtryDtls>"),
    TIGHT.replace("<Ntry>", "<TxsSummry><A>{word}</A></TxsSummry><Ntry>"),
    f"</Stmt><Stmt><Id>B</Id>{IBAN}{TIGHT}",
)
SHAPES = (
    *PLAIN,
    *(one.replace("><", ">\n  <") + "\n" for one in PLAIN),
    # Marks that are not what they look like.
    TIGHT.replace("<Ntry>", "<!-- <Ntry></Ntry> --><Ntry>"),
    TIGHT.replace("<Ntry>", "<![CDATA[</Ntry>]]><Ntry>"),
    TIGHT.replace("</Ntry>", "</Ntry ><!-- </Ntry> -->"),
    f"<!-- </Ntry>{TIGHT}{TIGHT} -->{TIGHT}",
    f"<![CDATA[</Ntry>{TIGHT}{TIGHT}]]>{TIGHT}",
    TIGHT.replace("<Ustrd>{word}", "<Ustrd><![CDATA[{word}]]>"),
    TIGHT.replace("<Ustrd>{word}", "<Ustrd>{word}<!-- x -->{word}"),
)
WORDS = (
    *("Bakker", "Bakker &amp; Zonen", "caf\xe9", "2026-001", " ervoor", "erna ", "a > b"),
    *("&lt;b&gt; &quot;&apos;", "&#65;", "twee\nregels", "tab\tje", "[1]", "na\r\nelkaar"),
    *("na\relkaar", " ", "", "<i>x</i>", "x" * 200),
)  # fmt: skip
HARMFUL = ("&", "& ", "&unknown;", "&amp", "]]>", "\x01", "</Ntry>", "<Ntry>", "<", "&#0;", "\x7f")
AMOUNTS, DAYS, STATUSES = (
    ("12.34", "1.5", " 7.00"),
    ("2026-10-01", "20261001"),
    ("BOOK", "PDNG", "ODD"),
)


@st.composite
def entries(draw: st.DrawFn, words: tuple[str, ...] = WORDS) -> str:
    shape = draw(st.sampled_from(SHAPES))
    return shape.format(
        amount=draw(st.sampled_from(AMOUNTS)),
        day=draw(st.sampled_from(DAYS)),
        status=draw(st.sampled_from(STATUSES)),
        word=draw(st.sampled_from(words)),
    )


def pieces_of(content: bytes, head: int, size: int) -> Iterator[bytes]:
    yield content[:head]
    for at in range(head, len(content), size):
        yield content[at : at + size]


def read(text: str, encoding: str, size: int) -> tuple[list[str], int]:
    """All that comes out, and how many bytes Expat did not get."""
    head = HEAD.format(encoding=encoding)
    content = (head + text).encode(encoding)
    reader = Reader()
    items: list[str] = []
    try:
        for item in reader.read(pieces_of(content, len(head), size)):
            items.append(repr(item))
    except UnreadableFile as error:
        # What came before is forgotten.
        items = [repr(error.problem)]
    return items, reader._stream.passed_bytes


@settings(max_examples=150, deadline=None)
@given(st.lists(entries(), max_size=40), st.sampled_from([100_000, 3_000, 700]))
def test_what_is_passed_by_is_read_the_same(made: list[str], size: int) -> None:
    text = "".join(made * 3) + TAIL
    by_expat, passed = read(text, "iso-8859-1", size)
    assert passed == 0
    # A letter that is two bytes elsewhere moves what comes out with which piece, never what.
    assert read(text, "utf-8", size)[0] == by_expat


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SHAPES), st.sampled_from(HARMFUL), st.integers(0, 3), st.booleans())
def test_what_expat_refuses_is_refused_at_the_same_line(
    shape: str, harm: str, at: int, is_last: bool
) -> None:
    told = {"amount": "1.00", "day": "2026-10-01", "status": "BOOK"}
    good = [shape.format(word="Bakker", **told)] * 6
    bad = shape.format(word=f"Bakker {harm}", **told)
    made = [*good[:at], bad, *([] if is_last else good)]
    text = "".join([*good, *made]) + TAIL
    by_expat, passed = read(text, "iso-8859-1", 100_000)
    assert passed == 0
    assert read(text, "utf-8", 100_000)[0] == by_expat


def test_most_of_a_statement_is_passed_by_and_comes_out_whole() -> None:
    words = ["Bakker", "caf\xe9", "Bakker &amp; Zonen"] * 100
    made = [
        SHAPES[n % 2 * len(PLAIN)].format(
            amount=f"{n}.01", day="2026-10-01", status="BOOK", word=word
        )
        for n, word in enumerate(words)
    ]
    text = "".join(made) + TAIL
    items, passed = read(text, "utf-8", 100_000)
    assert passed > len(text) * 9 // 10
    assert len(items) == len(words) + 1
    assert items == read(text, "iso-8859-1", 100_000)[0]


@pytest.mark.parametrize("wrong", ["\ufffe", "\uffff"])
def test_characters_that_xml_does_not_know_are_refused(wrong: str) -> None:
    told = {"amount": "1.00", "day": "2026-10-01", "status": "BOOK"}
    good = TIGHT.format(word="Bakker", **told)
    items, passed = read(good * 6 + TIGHT.format(word=f"a{wrong}b", **told) + TAIL, "utf-8", 9_000)
    assert passed > 0
    assert "beschadigd" in items[-1]


@pytest.mark.parametrize("size", [100_000, 1_700])
@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_between_entries_that_are_passed_by(shape: str, size: int) -> None:
    told = {"amount": "1.00", "day": "2026-10-01", "status": "BOOK", "word": "Bakker"}
    between = "".join(f"{TIGHT}{TIGHT}{shape}" for _ in range(6))
    text = f"{TIGHT * 6}{between}".format(**told) + TAIL
    items, passed = read(text, "utf-8", size)
    assert passed > 0
    assert items == read(text, "iso-8859-1", size)[0]


@pytest.mark.parametrize(
    ("begins", "ends"), [("<!-- ", " -->"), ("<?a ", "?>"), ("<![CDATA[", "]]>")]
)
def test_ends_that_are_none_do_not_cost_more_than_other_text(begins: str, ends: str) -> None:
    good = TIGHT.format(word="Bakker", amount="1.00", day="2026-10-01", status="BOOK") * 6
    text = f"{good}{begins}{'</Ntry>' * 100_000}{ends}{good}{TAIL}"
    began = time.process_time()
    items, passed = read(text, "utf-8", 64 * 1024)
    # About one; reading it again for each end takes over a thousand.
    assert count_million_turns(time.process_time() - began) < 100
    assert passed > 0
    assert len(items) == 13


def test_nothing_but_utf_8_is_passed_by() -> None:
    text = TIGHT.format(word="Bakker", amount="1.00", day="2026-10-01", status="BOOK") * 9 + TAIL
    for encoding in ("utf-8", "us-ascii", "iso-8859-1", "windows-1252"):
        items, passed = read(text, encoding, 100_000)
        assert (passed > 0) == (encoding == "utf-8")
        assert len(items) == 10
