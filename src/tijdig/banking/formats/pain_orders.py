"""pain.001 and pain.008: payment and collection orders that we gave to the bank ourselves.

An order is no movement. Its payments are the details of the batch that the bank books as one sum.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from tijdig.banking.formats.iso20022 import read_cents, read_date
from tijdig.banking.formats.remittance import clean_end_to_end_id, find_betalingskenmerk
from tijdig.banking.formats.xml_nodes import Node, grow
from tijdig.banking.formats.xml_stream import UnreadableFile, XmlStream
from tijdig.banking.records import (
    BankLineRecord,
    Lines,
    LinesInMemory,
    StatementFile,
    StatementRecord,
)
from tijdig.core.problem import Sentence

Item = BankLineRecord | StatementRecord

_MARK: Final = re.compile(
    rb"tech:xsd:pain\.0(?!02)|<(?:[\w.-]+:)?(?:Cstmr(?:CdtTrf|DrctDbt)Initn|pain\.00(?!2))"
)
# By message: the name of the order, our own side, and the sign of the money.
_ORDERS: Final = {
    "CstmrCdtTrfInitn": ("CdtTrfTxInf", "Dbtr", "Cdtr", -1),
    "CstmrDrctDbtInitn": ("DrctDbtTxInf", "Cdtr", "Dbtr", 1),
}
_GROUP: Final = ("PmtInfId", "ReqdColltnDt", "ReqdExctnDt", "ReqdExctnDt/Dt")
_ORDER: Final = (
    *("PmtId/EndToEndId", "Amt/InstdAmt", "InstdAmt", "DrctDbtTx/MndtRltdInf/MndtId"),
    *("RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref"),
)


def recognise(head: bytes) -> bool:
    """Whether the first bytes are those of an order for payment or collection."""
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<") and _MARK.search(start) is not None


def iterate(pieces: Iterable[bytes]) -> Iterator[Item]:
    """The orders, and after each batch the batch itself as a statement without lines.

    Refuses: UnreadableFile, for the whole file.
    """
    return _Reader().read(pieces)


def parse(content: bytes, *, name: str) -> StatementFile:
    """The batches of a file that is held in memory, as `read` gives them."""
    return read((content,), name=name, lines=LinesInMemory())


def read(pieces: Iterable[bytes], *, name: str, lines: Lines) -> StatementFile:
    """The batches with their orders as details, or the one reason why the file does not come in."""
    reader = _Reader()
    batches: list[StatementRecord] = []
    try:
        for item in reader.read(pieces):
            if isinstance(item, BankLineRecord):
                lines.append(item)
            else:
                batches.append(replace(item, lines=lines.take()))
    except UnreadableFile as error:
        refusal = replace(error.problem, severity="refused", file=name)
        return StatementFile(reader.format, "details", (), (refusal,))
    return StatementFile(reader.format, "details", tuple(batches), ())


class _Reader:
    def __init__(self) -> None:
        self.format = "pain"
        self._stream = XmlStream(self._begin)
        self._path: list[str] = []
        self._items: list[Item] = []
        self._head: dict[str, str] = {}
        self._group: dict[str, str] = {}
        self._order: dict[str, str] = {}
        self._waiting: list[dict[str, str]] = []
        self._orders = 0
        self._batches = 0
        self._sides = ("Dbtr", "Cdtr", -1)

    def read(self, pieces: Iterable[bytes]) -> Iterator[Item]:
        """Orders and batches in the order of the file."""
        for _ in self._stream.feed_all(pieces):
            yield from self._items
            self._items.clear()
        if not self._batches:
            self._stream.refuse(_NO_ORDERS, "/" + "/".join(self._path))

    def _begin(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - Expat's
        prefix, _, local = name.rpartition(":")
        self._path.append(local)
        if local in _ORDERS:
            self._listen(f"{prefix}:" if prefix else "", local)
        elif len(self._path) > 2:
            self._stream.refuse(_NO_ORDERS, "/" + "/".join(self._path[:2]))

    def _listen(self, prefix: str, local: str) -> None:
        order, us, other, sign = _ORDERS[local]
        self.format = "pain001" if sign < 0 else "pain008"
        self._sides = (us, other, sign)
        message = Node()
        grow(message, prefix, "GrpHdr", ("MsgId",), self._head)
        account = (f"{us}Acct/Id/IBAN", f"{us}Acct/Id/Othr/Id", f"{us}Acct/Ccy")
        group = grow(message, prefix, "PmtInf", (*_GROUP, *account), self._group)
        group.done = self._end_group
        parties = (f"{other}/Nm", f"{other}Acct/Id/IBAN")
        leaf = grow(group, prefix, order, (*_ORDER, *parties), self._order)
        leaf.done = self._end_order
        self._stream.listen(message, around=[Node() for _ in self._path])

    def _end_order(self) -> None:
        self._orders += 1
        fields = self._order
        fields["place"] = f"{self._stream.place}, {self._path[-1]}[{self._orders}]"
        # The account may stand behind the orders in files that do not follow the schema.
        self._waiting.append(fields.copy())
        fields.clear()
        if self._own_account():
            self._give()

    def _own_account(self) -> str:
        us = self._sides[0]
        get = self._group.get
        number = get(f"{us}Acct/Id/IBAN") or get(f"{us}Acct/Id/Othr/Id") or ""
        return "".join(number.split()).upper()

    def _give(self) -> None:
        self._items += [self._make_line(fields) for fields in self._waiting]
        self._waiting.clear()

    def _make_line(self, fields: dict[str, str]) -> BankLineRecord:
        _, other, sign = self._sides
        group, get = self._group, fields.get
        cents = read_cents((get("Amt/InstdAmt") or get("InstdAmt") or "").strip())
        on = read_date(
            group.get("ReqdColltnDt") or group.get("ReqdExctnDt/Dt") or group.get("ReqdExctnDt", "")
        )
        if isinstance(cents, Sentence):
            self._stream.refuse(cents, fields["place"])
        if on is None:
            self._stream.refuse(_NO_DAY, fields["place"])
        text = get("RmtInf/Ustrd", "").strip()
        return BankLineRecord(
            booked_on=on,
            value_on=on,
            amount_cents=cents * sign,
            currency=get("Amt/InstdAmt@Ccy") or get("InstdAmt@Ccy") or "EUR",
            counter_iban="".join(get(f"{other}Acct/Id/IBAN", "").split()).upper(),
            counter_name=get(f"{other}/Nm", "").strip(),
            text=text,
            reference=get("RmtInf/Strd/CdtrRefInf/Ref", "").strip() or find_betalingskenmerk(text),
            end_to_end_id=clean_end_to_end_id(get("PmtId/EndToEndId", "")),
            bank_reference=self._head.get("MsgId", "").strip(),
            place=fields["place"],
            mandate_id=get("DrctDbtTx/MndtRltdInf/MndtId", "").strip(),
            batch_id=group.get("PmtInfId", "").strip(),
        )

    def _end_group(self) -> None:
        account = self._own_account()
        if not 0 < len(account) <= 34:
            self._stream.refuse(_NO_ACCOUNT)
        self._give()
        self._batches += 1
        currency = self._group.get(f"{self._sides[0]}Acct/Ccy", "").strip() or "EUR"
        batch_id = self._group.get("PmtInfId", "").strip()
        self._items.append(
            StatementRecord(
                iban=account,
                currency=currency,
                identification=batch_id,
                sequence="",
                opening_cents=None,
                closing_cents=None,
                from_on=None,
                until_on=None,
                lines=(),
                place=f"PmtInf[{self._batches}]",
            )
        )
        self._group.clear()


_NO_ORDERS: Final = Sentence(
    "In dit bestand staan geen betaal- of incasso-opdrachten. Kies een ander bestand.",
    "This file holds no payment or collection orders. Choose another file.",
)
_NO_ACCOUNT: Final = Sentence(
    "Deze batch noemt geen eigen rekening. Maak het bestand opnieuw.",
    "This batch names no account of ours. Make the file again.",
)
_NO_DAY: Final = Sentence(
    "Deze batch noemt geen leesbare dag van uitvoering. Maak het bestand opnieuw.",
    "This batch names no readable day of execution. Make the file again.",
)
