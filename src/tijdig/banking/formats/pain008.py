"""pain.008: a file of collections for the bank, in the two versions that Dutch banks take."""

from collections.abc import Mapping
from typing import Final, Union

from lxml import etree
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from tijdig.banking.debit_records import (
    AddressRecord,
    AmendmentRecord,
    CreditorRecord,
    DebitBlock,
    DebitFileRecord,
    DebitRecord,
)
from tijdig.banking.formats.pain008_checks import refuse_bad_file
from tijdig.banking.formats.pain008_schema import refuse_invalid
from tijdig.core.direct_debits.banks import BankProfile, Version
from tijdig.core.direct_debits.characters import clean_text
from tijdig.core.direct_debits.mandates import LONGEST_NAME, needs_payer_address

_LONGEST_TEXT: Final = 140
_LONGEST_STREET: Final = 70
_LONGEST_NUMBER: Final = 16
_LONGEST_TOWN: Final = 35
# Same Mandate, New Debtor Account (EPC, explanatory note on SMNDA, 20 November 2016).
_NEW_ACCOUNT: Final = "SMNDA"

# A node is a text, or children by name; a name that stands more than once has a list.
_Node = Union[str, "_Tree", "list[_Tree]"]
_Tree = Mapping[str, _Node]


def write_pain008(
    file: DebitFileRecord, *, bank: BankProfile, version: Version | None = None
) -> bytes:
    """The file as XML in UTF-8, in the bank's version unless another is asked.

    One block per day, scheme and sequence, with its own sum. Names and texts are put in the
    characters of SEPA; references are never changed. Refuses: what a bank would send back.
    """
    refuse_bad_file(file)
    version = version or bank.version
    blocks = list_blocks(file)
    space = f"urn:iso:std:iso:20022:tech:xsd:pain.008.{version}"
    root = etree.Element(f"{{{space}}}Document", nsmap={None: space})  # type: ignore[dict-item]
    message: _Tree = {
        "GrpHdr": _write_header(file),
        "PmtInf": [_write_block(one, file.creditor, version) for one in blocks],
    }
    _add(root, {"CstmrDrctDbtInitn": message}, space)
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    refuse_invalid(content, version=version)
    return content


def list_blocks(file: DebitFileRecord) -> tuple[DebitBlock, ...]:
    """The blocks that a file is made of, each with the id under which the bank books it.

    Earliest day first; within a block the collections keep their order.
    """
    by_kind: dict[tuple[object, ...], list[DebitRecord]] = {}
    for one in file.debits:
        key = (one.collect_on, one.mandate.scheme, one.sequence)
        by_kind.setdefault(key, []).append(one)
    parts = [found for _, found in sorted(by_kind.items(), key=lambda item: str(item[0]))]
    return tuple(
        DebitBlock(
            f"{file.message_id}-{number}",
            part[0].collect_on,
            part[0].mandate.scheme,
            part[0].sequence,
            tuple(part),
        )
        for number, part in enumerate(parts, 1)
    )


def _write_header(file: DebitFileRecord) -> _Tree:
    return {
        "MsgId": file.message_id,
        "CreDtTm": file.made_at.replace(tzinfo=None).isoformat(timespec="seconds"),
        "NbOfTxs": str(len(file.debits)),
        "CtrlSum": _amount(sum(one.cents for one in file.debits)),
        "InitgPty": {"Nm": clean_text(file.creditor.name, longest=LONGEST_NAME)},
    }


def _write_block(block: DebitBlock, creditor: CreditorRecord, version: Version) -> _Tree:
    return {
        "PmtInfId": block.block_id,
        "PmtMtd": "DD",
        "BtchBookg": "true",
        "NbOfTxs": str(len(block.debits)),
        "CtrlSum": _amount(block.cents),
        "PmtTpInf": {
            "SvcLvl": {"Cd": "SEPA"},
            "LclInstrm": {"Cd": block.scheme.upper()},
            "SeqTp": block.sequence,
        },
        "ReqdColltnDt": block.collect_on.isoformat(),
        "Cdtr": _write_party(creditor.name, creditor.address),
        "CdtrAcct": {"Id": {"IBAN": _compact(creditor.iban)}},
        "CdtrAgt": {"FinInstnId": _write_bank(creditor.iban, version)},
        "ChrgBr": "SLEV",
        "CdtrSchmeId": _write_scheme_id(creditor.creditor_id),
        "DrctDbtTxInf": [_write_debit(one, version) for one in block.debits],
    }


def _write_debit(debit: DebitRecord, version: Version) -> _Tree:
    mandate = debit.mandate
    # Within the EEA the IBAN is enough; outside it a bank may ask for the BIC.
    is_abroad = needs_payer_address(mandate.iban)
    related: dict[str, _Node] = {
        "MndtId": mandate.reference,
        "DtOfSgntr": mandate.signed_on.isoformat(),
    }
    amended = _write_amendment(debit.amendment) if debit.amendment is not None else {}
    if amended:
        related["AmdmntInd"] = "true"
        related["AmdmntInfDtls"] = amended
    tree: dict[str, _Node] = {
        "PmtId": {"EndToEndId": debit.end_to_end_id},
        "InstdAmt": _amount(debit.cents),
        "DrctDbtTx": {"MndtRltdInf": related},
        "DbtrAgt": {
            "FinInstnId": _write_bank(mandate.iban, version) if is_abroad else _NOT_PROVIDED
        },
        "Dbtr": _write_party(mandate.holder, debit.address),
        "DbtrAcct": {"Id": {"IBAN": _compact(mandate.iban)}},
    }
    text = clean_text(debit.text, longest=_LONGEST_TEXT)
    if text:
        tree["RmtInf"] = {"Ustrd": text}
    return tree


def _write_amendment(amendment: AmendmentRecord) -> _Tree:
    tree: dict[str, _Node] = {}
    if amendment.reference:
        tree["OrgnlMndtId"] = amendment.reference
    if amendment.creditor_id or amendment.creditor_name:
        before: dict[str, _Node] = {}
        if amendment.creditor_name:
            before["Nm"] = clean_text(amendment.creditor_name, longest=LONGEST_NAME)
        if amendment.creditor_id:
            before.update(_write_scheme_id(amendment.creditor_id))
        tree["OrgnlCdtrSchmeId"] = before
    if amendment.iban:
        tree["OrgnlDbtrAcct"] = {"Id": {"Othr": {"Id": _NEW_ACCOUNT}}}
    return tree


def _write_party(name: str, address: AddressRecord | None) -> _Tree:
    tree: dict[str, _Node] = {"Nm": clean_text(name, longest=LONGEST_NAME)}
    if address is not None:
        parts = {
            "StrtNm": clean_text(address.street, longest=_LONGEST_STREET),
            "BldgNb": clean_text(address.house_number, longest=_LONGEST_NUMBER),
            "PstCd": clean_text(address.postcode, longest=_LONGEST_NUMBER),
            "TwnNm": clean_text(address.town, longest=_LONGEST_TOWN),
            "Ctry": address.country,
        }
        # Structured addresses name at least town and country; half an address is left out.
        if parts["TwnNm"] and parts["Ctry"]:
            tree["PstlAdr"] = {key: value for key, value in parts.items() if value}
    return tree


def _write_scheme_id(creditor_id: str) -> _Tree:
    return {"Id": {"PrvtId": {"Othr": {"Id": _compact(creditor_id), "SchmeNm": {"Prtry": "SEPA"}}}}}


def _add(parent: etree._Element, tree: _Tree, space: str) -> None:
    for name, value in tree.items():
        for one in value if isinstance(value, list) else (value,):
            child = etree.SubElement(parent, f"{{{space}}}{name}")
            if isinstance(one, str):
                child.text = one
            else:
                _add(child, one, space)
            if name == "InstdAmt":
                child.set("Ccy", "EUR")


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _compact(text: str) -> str:
    return "".join(text.split()).upper()


def _write_bank(iban: str, version: Version) -> _Tree:
    """The bank of an account by its BIC, where that is known."""
    bic = _find_bic(iban)
    return {"BICFI" if version == "001.08" else "BIC": bic} if bic else _NOT_PROVIDED


def _find_bic(iban: str) -> str:
    try:
        bic = IBAN(_compact(iban)).bic
    except SchwiftyException:
        return ""
    return str(bic) if bic is not None else ""


_NOT_PROVIDED: Final[_Tree] = {"Othr": {"Id": "NOTPROVIDED"}}
