"""What the standard says of the texts in a camt message: noted where it is broken, never a gate."""

import os
import re
from pathlib import Path

import pytest
from lxml import etree
from tests.plugs.camt_samples import Balance, Detail, Entry, Statement, make_camt

from tijdig.banking.formats import camt_rules, camt_tree
from tijdig.banking.formats.camt import parse

FOLDER = Path(os.environ.get("TIJDIG_SAMPLES", "../shared/data")) / "xsd_iso20022" / "camt"
SCHEMAS = sorted(FOLDER.glob("camt.05?.001.*.xsd"))
TEXT = "factuur 2026-0412"
TOO_LONG = "R" * 36


def test_what_breaks_a_rule_of_the_standard_is_noted_by_line_and_comes_in() -> None:
    entries = [
        Entry(details=[Detail(texts=[TEXT], end_to_end_id=TOO_LONG)]),
        Entry(details=[Detail(texts=[TEXT], end_to_end_id=TOO_LONG, iban="nl20 inGB")]),
    ]
    content = make_camt(Statement(entries=entries)).replace(b"><", b">\n<")
    content = content.replace(b"<BookgDt>\n<Dt>2026-03-02", b"<BookgDt>\n<Dt>2026-03-02 09:00", 1)
    result = parse(content, name="proef.xml")
    (statement,) = result.statements
    assert [one.end_to_end_id for one in statement.lines] == [TOO_LONG, TOO_LONG]
    assert [str(one.booked_on) for one in statement.lines] == ["2026-03-02", "2026-03-02"]
    lines = content.decode().splitlines()
    told = {}
    for one in result.problems:
        assert (one.severity, one.place.partition(" ")[0]) == ("warning", "regel")
        # The first element is read to its end when it breaks a rule.
        told[one.because.en] = lines[int(one.place.split()[1]) - 1]
    assert told == {
        "TxDtls/Refs/EndToEndId is longer here than the 35 characters of the standard. That occurs"
        " 2 times; this is the first. The file came in all the same.": "</TxDtls>",
        "TxDtls/RltdPties/DbtrAcct/Id/IBAN is “nl20 inGB” here. That does not fit the standard. The"
        " file came in all the same.": "</TxDtls>",
        "Ntry/BookgDt/Dt is “2026-03-02 09:00” here. That does not fit the standard. The file came"
        " in all the same.": "</Ntry>",
    }


def test_an_element_without_contents_is_noted() -> None:
    content = make_camt(Statement(entries=[Entry()])).replace(
        b"</Ntry>", b"<AddtlNtryInf/></Ntry>", 1
    )
    (told,) = parse(content, name="proef.xml").problems
    assert told.because.en == (
        "Ntry/AddtlNtryInf stands here without contents. The file came in all the same."
    )


def told(content: bytes) -> list[str]:
    result = parse(content, name="proef.xml")
    assert all(one.severity == "warning" for one in result.problems)
    assert [len(one.lines) for one in result.statements] == [2]
    return [one.because.en for one in result.problems]


def test_elements_in_another_order_are_noted_and_read_as_they_are() -> None:
    content = make_camt(
        Statement(
            entries=[Entry(details=[Detail(texts=[TEXT], end_to_end_id="E1")]), Entry()],
            balances=[Balance("OPBD", "1.00"), Balance("CLBD", "243.00")],
        )
    )
    right = parse(content, name="proef.xml").statements
    assert told(content) == []
    status, booked = b"<Sts>BOOK</Sts>", b"<BookgDt><Dt>2026-03-02</Dt></BookgDt>"
    refs = b"<Refs><EndToEndId>E1</EndToEndId></Refs>"
    turned = content.replace(status + booked, booked + status)
    turned = turned.replace(refs, b"").replace(b"</RmtInf>", b"</RmtInf>" + refs)
    closing = turned[turned.rindex(b"<Bal>") : turned.rindex(b"</Bal>") + len(b"</Bal>")]
    turned = turned.replace(closing, b"").replace(b"</Stmt>", closing + b"</Stmt>")
    after = "The standard has it before that."
    often, came_in = "That occurs 2 times; this is the first.", "The file came in all the same."
    assert told(turned) == [
        f"TxDtls/Refs/EndToEndId stands here after TxDtls/RmtInf. {after} {came_in}",
        f"Ntry/Sts stands here after Ntry/BookgDt. {after} {often} {came_in}",
        f"Stmt/Bal stands here after Stmt/Ntry. {after} {came_in}",
    ]
    assert parse(turned, name="proef.xml").statements == right


def test_an_element_that_stands_twice_is_noted_and_the_last_counts() -> None:
    content = make_camt(
        Statement(entries=[Entry(details=[Detail(texts=[TEXT], end_to_end_id="E1")]), Entry()])
    )
    assert told(content) == []
    amount = b'<Amt Ccy="EUR">121.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>'
    assert content.count(amount) == 2
    doubled = content.replace(amount, b'<Amt Ccy="EUR">5.00</Amt>' + amount)
    doubled = doubled.replace(b"<EndToEndId>", b"<EndToEndId>E0</EndToEndId><EndToEndId>")
    once = "The standard allows it once. We read the last."
    often, came_in = "That occurs 2 times; this is the first.", "The file came in all the same."
    assert told(doubled) == [
        f"Ntry/Amt stands here more than once. {once} {often} {came_in}",
        f"TxDtls/Refs/EndToEndId stands here more than once. {once} {came_in}",
    ]
    assert parse(doubled, name="proef.xml").statements == parse(content, name="x").statements


def test_a_structured_text_may_stand_three_times_and_all_of_it_is_read() -> None:
    content = make_camt(
        Statement(entries=[Entry(details=[Detail(references=["RF18539007547034"])]), Entry()])
    )
    texts = b"<AddtlRmtInf>factuur 2026-0412</AddtlRmtInf><AddtlRmtInf>en 2026-0413</AddtlRmtInf>"
    longer = content.replace(b"</CdtrRefInf>", b"</CdtrRefInf>" + texts)
    assert longer.count(b"AddtlRmtInf") == 4
    assert told(longer) == []
    (statement,) = parse(longer, name="proef.xml").statements
    assert statement.lines[0].text == "factuur 2026-0412 en 2026-0413"


@pytest.mark.parametrize(("version", "is_demanded"), [("02", True), ("04", True), ("08", False)])
def test_the_moment_of_a_statement_is_demanded_up_to_version_04(
    version: str, is_demanded: bool
) -> None:
    content = make_camt(Statement(entries=[Entry()]), version=version)
    moment = b"<CreDtTm>2026-03-03T06:00:00</CreDtTm><Acct>"
    assert content.count(moment) == 1
    result = parse(content.replace(moment, b"<Acct>"), name="proef.xml")
    assert ["CreDtTm (1x)" in one.because.en for one in result.problems] == [True] * is_demanded
    assert len(result.statements[0].lines) == 1


_MESSAGES = {
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "053": ("BkToCstmrStmt", "Stmt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}
_X = "{http://www.w3.org/2001/XMLSchema}"
_PARTS = {
    "": camt_rules.STATEMENT,
    "Bal": camt_rules.BALANCE,
    "Ntry": camt_rules.ENTRY,
    "Ntry/NtryDtls/Btch": camt_rules.BATCH,
    "Ntry/NtryDtls/TxDtls": camt_rules.DETAIL,
    "Ntry/NtryDtls/TxDtls/RmtInf/Strd": camt_rules.STRUCTURED,
}


def find_type(schema: etree._Element, path: str) -> etree._Element | None:
    """The type of the element, or of the attribute behind an `@`, at this path of the document."""
    types = {one.get("name"): one for one in schema if one.tag.endswith("Type")}
    name, _, attribute = path.partition("@")
    at = types["Document"]
    for part in name.split("/"):
        found = [one for one in at.iter(f"{_X}element") if one.get("name") == part]
        if not found or found[0].get("type") not in types:
            return found[0] if found else None
        at = types[found[0].get("type")]
    if not attribute:
        return at
    (told,) = (one for one in at.iter(f"{_X}attribute") if one.get("name") == attribute)
    return types[told.get("type")]


@pytest.mark.skipif(not SCHEMAS, reason=f"no schemas in {FOLDER}")
@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_our_table_says_what_the_schema_says(path: Path) -> None:
    schema = etree.parse(path).getroot()
    number = path.stem.split(".")[1]
    message, statement = _MESSAGES[number]
    compared = 0
    for part, rules in _PARTS.items():
        for name, rule in rules.items():
            at = "/".join(filter(None, (message, statement, part, name)))
            found = find_type(schema, at)
            if found is None:
                continue  # a later version, or no balances in camt.054
            compared += 1
            facets = {one.tag.removeprefix(_X): one.get("value") for one in found.iter()}
            allowed = [one.get("value") for one in found.iter(f"{_X}enumeration")]
            if isinstance(rule, int):
                assert facets.get("maxLength", str(rule)) == str(rule), at
                assert {len(one) for one in allowed} <= {rule}, at
                assert facets.get("minLength", "1") == "1", at
            elif "pattern" in facets:
                pattern = re.compile(str(facets["pattern"]))
                for text in (
                    "EUR",
                    "eur",
                    "EURO",
                    "NL20INGB0001234567",
                    "nl20",
                    "12",
                    "1" * 16,
                    "",
                ):
                    assert bool(rule(text)) == bool(pattern.fullmatch(text)), (at, text)
            elif allowed:
                assert all(map(rule, allowed)), at
                assert not rule("XXXX"), at
            else:
                base = (found.get("type") or "").rpartition(":")[2]
                kinds = {one.get("base") for one in found.iter(f"{_X}restriction")} | {base}
                right, wrong = _EXAMPLES[next(one for one in _EXAMPLES if f"xs:{one}" in kinds)]
                assert all(map(rule, right)), at
                assert not any(map(rule, wrong)), at
    assert compared >= 30


@pytest.mark.skipif(not SCHEMAS, reason=f"no schemas in {FOLDER}")
@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_our_order_is_that_of_the_schema(path: Path) -> None:
    schema = etree.parse(path).getroot()
    message, statement = _MESSAGES[path.stem.split(".")[1]]
    missing = []
    for (part, steps), within in zip(camt_rules.ORDERS.items(), _PARTS, strict=True):
        assert part == (within.rpartition("/")[2] or "Stmt")
        at = "/".join(filter(None, (message, statement, within)))
        places = [find_places(schema, at, step) for step in steps]
        found = [place for place in places if place is not None]
        assert found == sorted(found), part
        missing += [step for step, place in zip(steps, places, strict=True) if place is None]
    # A notification has no balances, and in the first version a detail has no amount of its own.
    assert set(missing) <= {"Bal", "Tp", "CdtDbtInd", "Dt", "Amt"}


@pytest.mark.skipif(not SCHEMAS, reason=f"no schemas in {FOLDER}")
@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_what_we_note_when_it_stands_twice_the_schema_allows_once(path: Path) -> None:
    schema = etree.parse(path).getroot()
    message, statement = _MESSAGES[path.stem.split(".")[1]]
    allowed = set()
    compared = 0
    for part, names in _READ.items():
        for name in names:
            at = "/".join(filter(None, (message, statement, part)))
            for step in name.split("/"):
                around = find_type(schema, at)
                found = [] if around is None else list(around.iter(f"{_X}element"))
                stands = next((one for one in found if one.get("name") == step), None)
                if stands is None:
                    break  # of another version
                compared += 1
                if stands.get("maxOccurs", "1") != "1":
                    allowed.add(f"{part.rpartition('/')[2]}/{step}")
                at = f"{at}/{step}"
    # Of these each is read: a document and a text at its own end, a charge as one of several.
    assert allowed <= {"Strd/RfrdDocInf", "Strd/AddtlRmtInf"}
    assert compared >= 80


_READ = {
    "": camt_tree.STATEMENT,
    "Bal": camt_tree.BALANCE,
    "Ntry": camt_tree.ENTRY,
    "Ntry/NtryDtls/Btch": camt_tree.BATCH,
    "Ntry/NtryDtls/TxDtls": camt_tree.DETAIL,
    "Ntry/NtryDtls/TxDtls/RmtInf/Strd": camt_tree.STRUCTURED,
    "Ntry/Chrgs/Rcrd": camt_tree.CHARGE,
}


def find_places(schema: etree._Element, at: str, step: str) -> list[int] | None:
    """The place of each step of a path among the elements around it; None where one is not."""
    found = []
    for name in step.split("/"):
        around = find_type(schema, at)
        names = [] if around is None else [one.get("name") for one in around.iter(f"{_X}element")]
        if name not in names:
            return None
        found.append(names.index(name))
        at = f"{at}/{name}"
    return found


_EXAMPLES = {
    "dateTime": (("2026-03-02T09:00:00", "2026-03-02T09:00:00.123+01:00"), ("2026-03-02", "")),
    "date": (("2026-03-02", "2026-03-02+01:00", "2026-03-02Z"), ("02-03-2026", "20260302", "")),
    "boolean": (("true", "false", "1", "0"), ("TRUE", "yes", "")),
    "decimal": (("1", "000000000000000061"), ("A1", "", "1.5")),
}
