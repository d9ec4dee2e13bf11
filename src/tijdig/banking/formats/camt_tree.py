"""Which elements of a camt message are listened to, in every version from .02 to .14.

A version adds a level or moves an amount; the paths of all versions stand here side by side, and a
file simply lacks those of the others.
"""

from collections.abc import Callable, Mapping
from typing import Final

from tijdig.banking.formats.xml_nodes import Node

_DAY: Final = ("Dt", "DtTm")
# From .08 a party stands a level deeper (`Pty`, or `Agt` for a bank).
_NAMES: Final = ("Nm", "Pty/Nm", "Agt/FinInstnId/Nm")
_PARTIES: Final = ("Dbtr", "Cdtr", "UltmtDbtr", "UltmtCdtr")
_ACCOUNT: Final = ("IBAN", "Othr/Id")

STATEMENT: Final = (
    "Id",
    "ElctrncSeqNb",
    "LglSeqNb",
    "CreDtTm",
    *(f"FrToDt/{end}" for end in ("FrDtTm", "FrDt", "ToDtTm", "ToDt")),
    *(f"Acct/Id/{number}" for number in _ACCOUNT),
    "Acct/Ccy",
)
BALANCE: Final = (
    "Tp/CdOrPrtry/Cd",
    "Tp/Cd",
    "Amt",
    "CdtDbtInd",
    *(f"Dt/{day}" for day in _DAY),
)
ENTRY: Final = (
    *("NtryRef", "Amt", "CdtDbtInd", "RvslInd", "Sts", "Sts/Cd", "AcctSvcrRef", "AddtlNtryInf"),
    *(f"{what}/{day}" for what in ("BookgDt", "ValDt") for day in _DAY),
)
BATCH: Final = ("MsgId", "PmtInfId", "NbOfTxs")
CHARGE: Final = ("Amt", "CdtDbtInd")
DETAIL: Final = (
    *(f"Refs/{name}" for name in ("AcctSvcrRef", "PmtInfId", "EndToEndId", "MndtId", "MsgId")),
    *("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"),
    *(f"RltdPties/{party}/{name}" for party in _PARTIES for name in _NAMES),
    *(f"RltdPties/{party}Acct/Id/{number}" for party in ("Dbtr", "Cdtr") for number in _ACCOUNT),
    *("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "AddtlTxInf"),
)
STRUCTURED: Final = (
    *("CdtrRefInf/Ref", "RfrdDocInf/Nb", "AddtlRmtInf"),
    *("RfrdDocInf/Tp/CdOrPrtry/Cd", "RfrdDocInf/Tp/Cd"),
    *(f"RfrdDocAmt/{name}" for name in ("RmtdAmt", "DuePyblAmt", "CdtNoteAmt")),
)


class Fields:
    """Where the texts of one message go, part by part; each part is emptied after use."""

    def __init__(self) -> None:
        self.statement: dict[str, str] = {}
        self.balance: dict[str, str] = {}
        self.entry: dict[str, str] = {}
        self.batch: dict[str, str] = {}
        self.charge: dict[str, str] = {}
        self.detail: dict[str, str] = {}
        self.structured: dict[str, str] = {}

    def part_of(self, target: dict[str, str]) -> str:
        """The element whose texts these are; "" for those of the statement."""
        parts = {
            "Bal": self.balance,
            "Ntry": self.entry,
            "Btch": self.batch,
            "Chrgs": self.charge,
            "TxDtls": self.detail,
            "Strd": self.structured,
        }
        return next((name for name, one in parts.items() if one is target), "")

    def mark_remittance(self) -> None:
        """It has no text of its own; that it was there tells what stood before it, and after."""
        self.detail["RmtInf"] = ""


def build_tree(
    prefix: str, statement_name: str, fields: Fields, done: Mapping[str, Callable[[], None]]
) -> Node:
    """The node of the message (`BkToCstmrStmt`), for names with this prefix ("" or "n0:").

    `done` is what to call at the end of: statement, balance, entry, batch, charge, detail_charge,
    detail, structured, document, text (`Ustrd`).
    """
    message = Node()
    grow = _Grower(prefix)
    statement = grow.part(message, statement_name, STATEMENT, fields.statement)
    statement.done = done["statement"]
    grow.part(statement, "Bal", BALANCE, fields.balance).done = done["balance"]
    entry = grow.part(statement, "Ntry", ENTRY, fields.entry)
    entry.done = done["entry"]
    details = grow.at(entry, "NtryDtls")
    details.done = done["batch"]
    grow.part(details, "Btch", BATCH, fields.batch)
    detail = grow.part(details, "TxDtls", DETAIL, fields.detail)
    detail.done = done["detail"]
    for owner, name in ((entry, "charge"), (detail, "detail_charge")):
        # Up to .03 every `Chrgs` is one charge; from .04 on it holds a `Rcrd` for each.
        for path in ("Chrgs", "Chrgs/Rcrd"):
            grow.part(owner, path, CHARGE, fields.charge).done = done[name]
    grow.at(detail, "RmtInf").done = fields.mark_remittance
    grow.at(detail, "RmtInf/Ustrd").done = done["text"]
    structured = grow.part(detail, "RmtInf/Strd", STRUCTURED, fields.structured)
    structured.done = done["structured"]
    grow.at(structured, "RfrdDocInf").done = done["document"]
    return message


class _Grower:
    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def at(self, node: Node, path: str) -> Node:
        """The node at the end of a path, made where it is not there."""
        for name in path.split("/"):
            node = node.setdefault(self._prefix + name, Node())
        return node

    def part(self, parent: Node, path: str, names: tuple[str, ...], target: dict[str, str]) -> Node:
        """A node whose texts at the paths `names` go to `target`, each under its path."""
        node = self.at(parent, path)
        for name in names:
            leaf = self.at(node, name)
            leaf.key, leaf.target = name, target
            if name.endswith("Amt"):
                leaf.currency_key = f"{name}@Ccy"
        return node
