"""Files of collections: byte for byte, by their schema, beside the banks' own samples."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree
from tests.plugs.debit_samples import (
    CREDITOR,
    make_debit,
    make_file,
    make_full_file,
    make_mandate,
)

from tijdig.banking.debit_records import AddressRecord, AmendmentRecord, DebitBlock
from tijdig.banking.formats import pain_orders
from tijdig.banking.formats.pain008 import list_blocks, write_pain008
from tijdig.banking.formats.pain008_schema import refuse_invalid
from tijdig.core.direct_debits.banks import Version, find_bank
from tijdig.core.problem import Refusal

FOLDER = Path(__file__).parent / "debits"
BANK = find_bank(CREDITOR.iban)
VERSIONS: tuple[Version, ...] = ("001.02", "001.08")


@pytest.mark.parametrize("version", VERSIONS)
def test_the_file_is_exactly_the_sample(version: Version) -> None:
    expected = (FOLDER / f"full.{version}.xml").read_bytes()
    assert write_pain008(make_full_file(), bank=BANK, version=version) == expected


@pytest.mark.parametrize("version", VERSIONS)
def test_the_file_holds_by_the_schema_of_iso(version: Version, samples: Path) -> None:
    path = samples / "xsd_iso20022" / "pain" / f"pain.008.{version}.xsd"
    schema = etree.XMLSchema(etree.parse(path))
    content = write_pain008(make_full_file(), bank=BANK, version=version)
    schema.assertValid(etree.fromstring(content))


@pytest.mark.parametrize("version", VERSIONS)
def test_what_was_written_is_read_back(version: Version) -> None:
    file = make_full_file()
    read = pain_orders.parse(write_pain008(file, bank=BANK, version=version), name="incasso.xml")
    assert read.problems == ()
    assert {
        (line.end_to_end_id, line.amount_cents, line.mandate_id, line.booked_on, line.batch_id)
        for batch in read.statements
        for line in batch.lines
    } == {
        (one.end_to_end_id, one.cents, one.mandate.reference, block.collect_on, block.block_id)
        for block in list_blocks(file)
        for one in block.debits
    }


def test_blocks_by_day_scheme_and_sequence_each_with_its_sum() -> None:
    file = make_full_file()
    one, two, three, four, five = file.debits
    blocks = list_blocks(file)
    assert blocks == (
        DebitBlock("TIJDIG-20261126-1-1", date(2026, 12, 11), "b2b", "RCUR", (four,)),
        DebitBlock("TIJDIG-20261126-1-2", date(2026, 12, 14), "core", "OOFF", (five,)),
        DebitBlock("TIJDIG-20261126-1-3", date(2026, 12, 14), "core", "RCUR", (one, two, three)),
    )
    assert [block.cents for block in blocks] == [12345, 12345, 100_000_012_345]


def list_paths(content: bytes) -> set[str]:
    """The paths of all elements under the message, without their namespace."""
    root = etree.fromstring(content)
    tree = root.getroottree()
    paths = {
        tree.getelementpath(one).replace(f"{{{root.nsmap[None]}}}", "")
        for one in root.iter(etree.Element)
    }
    return {path.replace("CstmrDrctDbtInitn/", "") for path in paths}


SCHEME_ID = "CdtrSchmeId/Id/PrvtId/Othr"
OURS = {
    "PmtInf/BtchBookg",
    "PmtInf/CdtrSchmeId",
    "PmtInf/CdtrSchmeId/Id",
    "PmtInf/CdtrSchmeId/Id/PrvtId",
    f"PmtInf/{SCHEME_ID}",
    f"PmtInf/{SCHEME_ID}/Id",
    f"PmtInf/{SCHEME_ID}/SchmeNm",
    f"PmtInf/{SCHEME_ID}/SchmeNm/Prtry",
    "PmtInf/Cdtr/PstlAdr/StrtNm",
    "PmtInf/Cdtr/PstlAdr/BldgNb",
    "PmtInf/Cdtr/PstlAdr/PstCd",
    "PmtInf/Cdtr/PstlAdr/TwnNm",
    "PmtInf/DrctDbtTxInf/DbtrAgt/FinInstnId/Othr",
    "PmtInf/DrctDbtTxInf/DbtrAgt/FinInstnId/Othr/Id",
}
THEIRS = {
    "PmtInf/Cdtr/PstlAdr/AdrLine[1]",
    "PmtInf/Cdtr/PstlAdr/AdrLine[2]",
    "PmtInf/DrctDbtTxInf/DbtrAgt/FinInstnId/BIC",
    "PmtInf/DrctDbtTxInf/DrctDbtTx/MndtRltdInf/AmdmntInd",
    "PmtInf/DrctDbtTxInf/PmtId/InstrId",
    "PmtInf/DrctDbtTxInf/Purp",
    "PmtInf/DrctDbtTxInf/Purp/Cd",
    *(
        path.replace("PmtInf/", "PmtInf/DrctDbtTxInf/DrctDbtTx/")
        for path in OURS
        if "CdtrSchmeId" in path
    ),
}


@pytest.mark.parametrize("bank", ["abn", "ing"])
def test_the_file_has_the_shape_of_the_banks_own_sample(bank: str, samples: Path) -> None:
    """The scheme id stands once per block and addresses are structured; else it is the same."""
    folder = samples / "pain" / "jasperkrijgsman__dutch-sepa-iso20022"
    theirs = list_paths((folder / f"{bank}__pain.008.001.02_voorbeeldbestand.xml").read_bytes())
    ours = list_paths(write_pain008(make_file(), bank=BANK, version="001.02"))
    assert ours - theirs == OURS
    assert theirs - ours == THEIRS


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cents": 0}, "the amount must lie between EUR 0.01 and EUR 999,999,999.99."),
        ({"cents": -5}, "the amount must lie between EUR 0.01 and EUR 999,999,999.99."),
        ({"cents": 10**11}, "the amount must lie between EUR 0.01 and EUR 999,999,999.99."),
        ({"collect_on": date(2026, 12, 25)}, "the banks are closed on this day."),
        ({"mandate": make_mandate(withdrawn_on=date(2026, 12, 1))}, "The mandate was withdrawn"),
        ({"mandate": make_mandate(iban="NL00INGB0001234567")}, "The account number of the"),
        (
            {"mandate": make_mandate(creditor_id="NL03ZZZ011234567890")},
            "the mandate names another creditor identifier.",
        ),
        ({"mandate": make_mandate(holder="😀😀")}, "the name of the account holder cannot"),
        (
            {"mandate": make_mandate(iban="CH9300762011623852957")},
            "for an account in this country the payer's address is required.",
        ),
        (
            {
                "mandate": make_mandate(iban="CH9300762011623852957"),
                "address": AddressRecord(street="Bahnhofstrasse", country="CH"),
            },
            "for an account in this country the payer's address is required.",
        ),
        (
            {"mandate": make_mandate(scheme="b2b", debtor_kind="consumer")},
            "A B2B collection is allowed from a business or a public body only.",
        ),
        ({"amendment": AmendmentRecord(reference="x" * 36)}, "the old mandate reference does not"),
    ],
)
def test_a_collection_that_a_bank_would_send_back_is_refused(
    changed: dict[str, object], said: str
) -> None:
    with pytest.raises(Refusal) as refused:
        write_pain008(make_file(make_debit(), make_debit(end_to_end_id="B", **changed)), bank=BANK)
    assert refused.value.because.en.startswith(f"Collection B: {said}")
    assert refused.value.because.nl.startswith("Incasso B: ")


@pytest.mark.parametrize("reference", ["", "x" * 36, "a//b", "/a", "a\nb", "é", "<a>", " a"])
def test_a_reference_is_never_changed_but_refused(reference: str) -> None:
    with pytest.raises(Refusal, match="dit kenmerk past niet bij SEPA"):
        write_pain008(make_file(make_debit(end_to_end_id=reference)), bank=BANK)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"debits": ()}, "This file holds no collections."),
        ({"message_id": "x" * 31}, "The reference of the file does not fit SEPA."),
        ({"message_id": ""}, "The reference of the file does not fit SEPA."),
        ({"debits": (make_debit(), make_debit())}, "Collection TD-0001: this reference stands"),
    ],
)
def test_a_file_that_a_bank_would_send_back_is_refused(
    changed: dict[str, object], said: str
) -> None:
    with pytest.raises(Refusal) as refused:
        write_pain008(make_file(**changed), bank=BANK)
    assert refused.value.because.en.startswith(said)


@pytest.mark.parametrize(
    ("name", "iban", "creditor_id", "said"),
    [
        ("", CREDITOR.iban, CREDITOR.creditor_id, "The name of the creditor is missing."),
        ("x", "NL00ABNA0417164300", CREDITOR.creditor_id, "The own account number is not right."),
        ("x", CREDITOR.iban, "NL00ZZZ123456780000", "The creditor identifier is not right."),
    ],
)
def test_a_creditor_that_a_bank_does_not_know_is_refused(
    name: str, iban: str, creditor_id: str, said: str
) -> None:
    creditor = type(CREDITOR)(name, iban, creditor_id)
    with pytest.raises(Refusal) as refused:
        write_pain008(make_file(creditor=creditor), bank=BANK)
    assert refused.value.because.en.startswith(said)


def test_what_the_schema_does_not_allow_is_not_handed_out() -> None:
    content = write_pain008(make_file(), bank=BANK, version="001.08")
    broken = content.replace(b"<SeqTp>RCUR", b"<SeqTp>NOIT")
    with pytest.raises(Refusal) as refused:
        refuse_invalid(broken, version="001.08")
    assert refused.value.because.en == (
        "The collection file does not hold by pain.008.001.08 and was not made. Report this to the"
        " administrator (regel 26: Element"
        " '{urn:iso:std:iso:20022:tech:xsd:pain.008.001.08}SeqTp': [facet 'enumeration'] The value"
        " 'NOIT' is not an element of the set {'FRST', 'RCUR', 'FNAL', 'OOFF', 'RPRE'}.)."
    )


@pytest.mark.parametrize(("version", "tag"), [("001.02", "BIC"), ("001.08", "BICFI")])
def test_a_payer_outside_the_eea_is_named_with_his_bank(version: Version, tag: str) -> None:
    """Where the bank of his IBAN is known; at home the IBAN is enough."""
    abroad = make_debit(
        end_to_end_id="B",
        mandate=replace(make_mandate(), iban="GB29NWBK60161331926819"),
        address=AddressRecord(street="High Street", town="London", country="GB"),
    )
    content = write_pain008(make_file(make_debit(), abroad), bank=BANK, version=version).decode()
    agents = re.findall(r"<DbtrAgt>(.*?)</DbtrAgt>", content, re.DOTALL)
    told = ["".join(one.split()) for one in agents]
    assert told == [
        "<FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId>",
        f"<FinInstnId><{tag}>NWBKGB2LXXX</{tag}></FinInstnId>",
    ]
