"""XML that is broken or meant to harm: refused in words, soon, and without filling memory."""

import subprocess
import sys

import pytest
from tests.yardstick import count_million_turns

from tijdig.core.problem import Problem
from tijdig.core.safe_xml import parse_xml, refuse_hostile

DECLARATION = b"<?xml version='1.0' encoding='%s'?>"
LAUGHS = (
    "<!DOCTYPE a [<!ENTITY l0 'lol'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><a>&l9;</a>"
)
QUADRATIC = f"<!DOCTYPE a [<!ENTITY x '{'x' * 50_000}'>]><a>{'&x;' * 50_000}</a>"
FETCHING = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"

SMALL = {
    "empty": (b"", "bestand", "is leeg"),
    "blank": (b" \n\t", "bestand", "is leeg"),
    "not XML": (b"number;amount", "regel 1, teken 1", "geen XML-bestand"),
    "truncated": (b"<a>\n<b>text", "regel 2, teken 8", "midden in de tekst"),
    "truncated in a tag": (b"<a><b c='", "regel 1, teken 10", "midden in de tekst"),
    "truncated in a comment": (b"<!-- <a/>", "regel 1", "midden in de tekst"),
    "crossed tags": (b"<a>\n<b></a></b>", "regel 2, teken 8", "niet goed opgebouwd"),
    "two roots": (b"<a/>\n<a/>", "regel 2, teken 1", "niet goed opgebouwd"),
    "unknown entity": (b"<a>&x;</a>", "regel 1, teken 7", "niet goed opgebouwd"),
    "NUL": (b"<a>\n\0</a>", "regel 2", "teken dat niet"),
    "wrong bytes": (b"<a>\xff</a>", "regel 1, teken 4", "teken dat niet"),
    "billion laughs": (LAUGHS.encode(), "regel 1", "DOCTYPE"),
    "quadratic": (QUADRATIC.encode(), "regel 1", "DOCTYPE"),
    "external entity": (b"<!-- a\n-->\n" + FETCHING.encode(), "regel 3", "DOCTYPE"),
    "external DTD": (b"<?x y?><!DOCTYPE a SYSTEM 'http://127.0.0.1/x'><a/>", "regel 1", "DOCTYPE"),
    "parameter entity": (b"<!DOCTYPE a [<!ENTITY % p SYSTEM 'x'> %p;]><a/>", "regel 1", "DOCTYPE"),
    "lower case": (b"\xef\xbb\xbf <!doctype html><html/>", "regel 1", "DOCTYPE"),
    "UTF-16 with BOM": (FETCHING.encode("utf-16"), "regel 1", "DOCTYPE"),
    "UTF-16 without": (
        ("<?xml version='1.0' encoding='UTF-16'?>\n" + FETCHING).encode("utf-16-be"),
        "regel 2",
        "DOCTYPE",
    ),
    "UTF-7": (DECLARATION % b"UTF-7" + b"+ADwAIQ-DOCTYPE a+AD4-", "regel 1", "tekenset UTF-7"),
    "UTF-7 in UTF-16": (
        (DECLARATION % b"UTF-7").decode().encode("utf-16"),
        "regel 1",
        "tekenset UTF-7",
    ),
    "UTF-32": ("<a/>".encode("utf-32"), "regel 1", "UTF-32"),
    "EBCDIC": ("<?xml version='1.0'?><a/>".encode("cp037"), "regel 1", "EBCDIC"),
    "unknown set": (DECLARATION % b"klingon" + b"<a/>", "regel 1", "tekenset klingon"),
    "comments in front": (b"<!---->\n" * 2_000 + b"<a/>", "regel 1000", "1.000 opmerkingen"),
}

# Sizes in words that the child process evaluates, so that no test holds them all at once.
LARGE = {
    "attribute of 15 MB": "b'<a x=\"' + b'A' * 15_000_000 + b'\"/>'",
    "attribute of 30 MB": "b'<a x=\"' + b'A' * 30_000_000 + b'\"/>'",
    "text of 15 MB": "b'<a>' + b'A' * 15_000_000 + b'</a>'",
    "name of 15 MB": "b'<' + b'a' * 15_000_000 + b'/>'",
    "100,000 levels": "b'<a>' * 100_000 + b'</a>' * 100_000",
    "5 million elements": "b'<a>' + b'<a/>' * 4_900_000 + b'</a>'",
    "2 million comments": "b'<a>' + b'<!---->' * 2_000_000 + b'</a>'",
    "2 million instructions": "b'<a>' + b'<?a?>' * 2_000_000 + b'</a>'",
    "2 million attributes": "b'<a ' + b' '.join(b'a%d=\"\"' % i for i in range(1_500_000)) + b'/>'",
    "300 MB": "b'<a>' + b'A' * 300_000_000 + b'</a>'",
}

# VmHWM and not ru_maxrss: a child process inherits the latter from the test runner.
MEASURE = """
import re, sys, time
from tijdig.core.safe_xml import parse_xml

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])

content = eval(sys.argv[1])
open("/proc/self/clear_refs", "w").write("5")  # forgets the peak of making the content
before = peak()
started = time.process_time()
problem = parse_xml(content)
seconds = time.process_time() - started
print(problem.severity, seconds, (peak() - before) // 1024)
"""


@pytest.mark.parametrize("name", SMALL)
def test_what_is_wrong_is_said_with_its_place(name: str) -> None:
    content, place, words = SMALL[name]
    problem = parse_xml(content)
    assert isinstance(problem, Problem)
    assert (problem.place, problem.severity) == (place, "refused")
    assert words in problem.because.nl
    assert problem.because.en


@pytest.mark.parametrize("name", LARGE)
def test_what_is_meant_to_harm_costs_little(name: str) -> None:
    run = [sys.executable, "-c", MEASURE, LARGE[name]]
    done = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60)
    severity, seconds, grown = done.stdout.split()
    assert severity == "refused"
    assert count_million_turns(float(seconds)) < 60
    assert int(grown) < 200


@pytest.mark.parametrize(
    "content",
    [
        b"<a>\xc3\xa9</a>",
        b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?><!-- c --><?p i?><a>\xc3\xa9</a>",
        DECLARATION % b"ISO-8859-1" + b"<a>\xe9</a>",
        DECLARATION % b"windows-1252" + b"<a>\xe9</a>",
        "<?xml version='1.0' encoding='UTF-16'?><a>é</a>".encode("utf-16"),
        "<?xml version='1.0' encoding='UTF-16'?><a>é</a>".encode("utf-16-le"),
        "<?xml version='1.0' encoding='UTF-16'?><a>é</a>".encode("utf-16-be"),
        b"<a><!-- c -->&#233;<?p i?></a>",
        b"<a><![CDATA[\xc3\xa9]]></a>",
    ],
)
def test_honest_files_are_read(content: bytes) -> None:
    root = parse_xml(content)
    assert not isinstance(root, Problem)
    assert (root.tag, root.text, len(root)) == ("a", "é", 0)


def test_a_stream_may_be_larger_than_a_tree() -> None:
    content = b"<a>" + b"<b/>" * 6_000_000 + b"</a>"
    assert refuse_hostile(content) is None
    assert isinstance(refuse_hostile(content, max_bytes=20_000_000), Problem)
