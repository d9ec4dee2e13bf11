"""pain.002: what a bank answers to a file of ours, for the file, its blocks and its collections."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from tijdig.banking.debit_records import StatusFile, StatusLevel, StatusRecord
from tijdig.banking.formats.iso20022 import read_cents, read_date
from tijdig.banking.formats.remittance import clean_end_to_end_id
from tijdig.banking.formats.xml_nodes import Node, grow
from tijdig.banking.formats.xml_stream import UnreadableFile, XmlStream
from tijdig.core.problem import Sentence

FORMAT: Final = "pain002"

_MARK: Final = re.compile(
    rb"xmlns[^>]*\bpain\.002\.|<(?:[\w.-]+:)?(?:CstmrPmtStsRpt[\s>]|pain\.002\.)"
)
_ROOT: Final = "CstmrPmtStsRpt"
_GROUP: Final = ("OrgnlMsgId", "OrgnlMsgNmId", "GrpSts")
_BLOCK: Final = ("OrgnlPmtInfId", "PmtInfSts")
_REASON: Final = ("Rsn/Cd", "Rsn/Prtry", "AddtlInf")
_MANDATES: Final = ("OrgnlTxRef/MndtRltdInf/MndtId", "OrgnlTxRef/MndtRltdInf/DrctDbtMndt/MndtId")
_ORDER: Final = (
    *("OrgnlInstrId", "OrgnlEndToEndId", "TxSts", "OrgnlTxRef/Amt/InstdAmt"),
    *("OrgnlTxRef/ReqdColltnDt", *_MANDATES),
)
_LONGEST_CODE: Final = 35
_LONGEST_WORDS: Final = 500
_MOST_REASONS: Final = 20


def recognise(head: bytes) -> bool:
    """Whether the first bytes are those of an answer to a file of payments or collections."""
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<") and _MARK.search(start) is not None


def iterate(pieces: Iterable[bytes]) -> Iterator[StatusRecord]:
    """What the bank says, in the order of the file: the file, then each block and its collections.

    Refuses: UnreadableFile, for the whole file.
    """
    return _Reader().read(pieces)


def parse(content: bytes, *, name: str) -> StatusFile:
    """All that the bank says, or the one reason why the file does not come in."""
    try:
        return StatusFile(FORMAT, tuple(iterate((content,))), ())
    except UnreadableFile as error:
        problem = error.problem
        refusal = type(problem)(problem.place, problem.because, "refused", name)
        return StatusFile(FORMAT, (), (refusal,))


class _Joined(dict[str, str]):
    """Texts by path; of one that stands more than once all of them, with a blank between."""

    def __setitem__(self, path: str, text: str) -> None:
        before = self.get(path)
        super().__setitem__(path, text if before is None else f"{before} {text}"[:_LONGEST_WORDS])


class _Level:
    """The texts of the file, a block or a collection, and the reasons that stand with it."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.reasons: list[str] = []
        self.words: list[str] = []
        self._reason = _Joined()

    def listen(self, node: Node, prefix: str) -> None:
        """Gather the reasons that stand under this node."""
        found = grow(node, prefix, "StsRsnInf", _REASON, self._reason)
        found.done = self._end_reason

    def clear(self) -> None:
        """Begin anew: the next block or collection."""
        self.texts.clear()
        self.reasons.clear()
        self.words.clear()

    def get(self, path: str) -> str:
        """The text at a path, or ""."""
        return self.texts.get(path, "").strip()

    def _end_reason(self) -> None:
        get = self._reason.get
        code = " ".join((get("Rsn/Cd") or get("Rsn/Prtry") or "").split())
        if code and len(self.reasons) < _MOST_REASONS:
            self.reasons.append(code[:_LONGEST_CODE])
        words = " ".join((get("AddtlInf") or "").split())
        if words and len(self.words) < _MOST_REASONS:
            self.words.append(words)
        self._reason.clear()


class _Reader:
    def __init__(self) -> None:
        self._stream = XmlStream(self._begin)
        self._path: list[str] = []
        self._items: list[StatusRecord] = []
        self._file, self._block, self._order = _Level(), _Level(), _Level()
        self._has_report = False
        self._block_told = False
        self._blocks = 0
        self._orders = 0

    def read(self, pieces: Iterable[bytes]) -> Iterator[StatusRecord]:
        """The answers in the order of the file."""
        for _ in self._stream.feed_all(pieces):
            yield from self._items
            self._items.clear()
        if not self._has_report:
            self._stream.refuse(_NO_ANSWER, "/" + "/".join(self._path))

    def _begin(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - Expat's
        prefix, _, local = name.rpartition(":")
        self._path.append(local)
        if local == _ROOT:
            self._listen(f"{prefix}:" if prefix else "")
        elif local.startswith("pain.002"):
            self._stream.refuse(_TOO_OLD, "/" + "/".join(self._path))
        elif len(self._path) > 1:
            self._stream.refuse(_NO_ANSWER, "/" + "/".join(self._path[:2]))

    def _listen(self, prefix: str) -> None:
        report = Node()
        file = grow(report, prefix, "OrgnlGrpInfAndSts", _GROUP, self._file.texts)
        file.done = self._end_file
        block = grow(report, prefix, "OrgnlPmtInfAndSts", _BLOCK, self._block.texts)
        block.done = self._end_block
        order = grow(block, prefix, "TxInfAndSts", _ORDER, self._order.texts)
        order.done = self._end_order
        for level, node in ((self._file, file), (self._block, block), (self._order, order)):
            level.listen(node, prefix)
        self._stream.listen(report, around=[Node() for _ in self._path])

    def _end_file(self) -> None:
        self._has_report = True
        if not self._file.get("OrgnlMsgId"):
            self._stream.refuse(_NO_ORIGINAL)
        self._tell("file", self._file, self._file.get("GrpSts"))

    def _end_order(self) -> None:
        self._tell_block()
        self._orders += 1
        status = self._order.get("TxSts") or self._own_status()
        self._tell("order", self._order, status)
        self._order.clear()

    def _end_block(self) -> None:
        self._tell_block()
        self._block_told = False
        self._block.clear()

    def _tell_block(self) -> None:
        """The block itself, before its first collection."""
        if self._block_told:
            return
        if not self._has_report:
            self._stream.refuse(_NO_ORIGINAL)
        self._block_told = True
        self._blocks += 1
        self._tell("block", self._block, self._block.get("PmtInfSts"))

    def _own_status(self) -> str:
        """What holds for a collection that has no status of its own."""
        return self._block.get("PmtInfSts") or self._file.get("GrpSts")

    def _tell(self, level: StatusLevel, told: _Level, status: str) -> None:
        """Add an answer; a level that says nothing of its own is passed over."""
        if level != "order" and not status and not told.reasons:
            return
        get = self._order.get if level == "order" else _nothing
        name = {"file": "OrgnlGrpInfAndSts", "block": f"OrgnlPmtInfAndSts[{self._blocks}]"}
        amount = get("OrgnlTxRef/Amt/InstdAmt")
        cents = read_cents(amount) if amount else None
        self._items.append(
            StatusRecord(
                level=level,
                message_id=self._file.get("OrgnlMsgId"),
                message_name=self._file.get("OrgnlMsgNmId"),
                status=status,
                reasons=tuple(told.reasons),
                words=" ".join(told.words)[:_LONGEST_WORDS],
                place=f"{self._stream.place}, " + name.get(level, f"TxInfAndSts[{self._orders}]"),
                block_id="" if level == "file" else self._block.get("OrgnlPmtInfId"),
                end_to_end_id=clean_end_to_end_id(get("OrgnlEndToEndId")),
                instruction_id=get("OrgnlInstrId"),
                mandate_id=next((get(path) for path in _MANDATES if get(path)), ""),
                cents=cents if isinstance(cents, int) else None,
                collect_on=read_date(get("OrgnlTxRef/ReqdColltnDt")),
            )
        )


def _nothing(_: str) -> str:
    return ""


_NO_ANSWER: Final = Sentence(
    "Dit is geen antwoord van een bank op een bestand (pain.002). Kies een ander bestand.",
    "This is no answer of a bank to a file (pain.002). Choose another file.",
)
_TOO_OLD: Final = Sentence(
    "Dit antwoord van de bank heeft een oude versie (pain.002.001.02). Vraag uw bank om"
    " pain.002.001.03 of nieuwer.",
    "This answer of the bank has an old version (pain.002.001.02). Ask your bank for"
    " pain.002.001.03 or newer.",
)
_NO_ORIGINAL: Final = Sentence(
    "Dit antwoord van de bank noemt het bestand niet waarop het antwoordt. Vraag het opnieuw op.",
    "This answer of the bank does not name the file that it answers. Ask for it again.",
)
