"""Makes lines and statements of what goes by in a camt message."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from tijdig.banking.formats.camt_entries import (
    Batch,
    Detail,
    UnreadableEntry,
    read_account,
    read_currency,
    read_day,
    read_document_cents,
    read_end,
    read_lines,
    read_own_currency,
    read_status,
)
from tijdig.banking.formats.camt_rules import (
    BALANCE,
    BATCH,
    DETAIL,
    ENTRY,
    STATEMENT,
    STATUSES,
    STRUCTURED,
    BrokenRules,
)
from tijdig.banking.formats.camt_sentences import (
    NO_ACCOUNT,
    NO_CURRENCY,
    NO_STATEMENT,
    TOO_MANY_DETAILS,
    say_currency,
    say_lacking,
    say_left_out,
    say_long_texts,
    say_other_message,
    say_spelled,
)
from tijdig.banking.formats.camt_tree import Fields, build_tree
from tijdig.banking.formats.iso20022 import read_cents, read_date, read_moment
from tijdig.banking.formats.xml_nodes import Node
from tijdig.banking.formats.xml_stream import XmlStream
from tijdig.banking.records import BankLineRecord, DocumentRecord, FileKind, StatementRecord
from tijdig.core.problem import Problem, Sentence

KINDS: Final[dict[str, FileKind]] = {"052": "intraday", "053": "booked", "054": "details"}
Item = BankLineRecord | StatementRecord | Problem

_MESSAGE: Final = re.compile(r"camt\.(\d{3})\.\d{3}\.(\d{2})$")
_MESSAGES: Final = {
    "BkToCstmrAcctRpt": ("052", "Rpt"),
    "BkToCstmrStmt": ("053", "Stmt"),
    "BkToCstmrDbtCdtNtfctn": ("054", "Ntfctn"),
}
_IN_CAPITALS: Final = {one.casefold(): one for one in ("Document", *_MESSAGES)}
# The longest IBAN; no bank gives a longer number of its own.
_ACCOUNT_AT_MOST: Final = 34
# What the schema demands of every statement and we could do without; balances are told apart.
_DEMANDED: Final = ("Id",)
# The schemas of .02 to .04 demand it too, those from .08 on do not.
_DEMANDED_ONCE, _UNTIL_VERSION = "CreDtTm", "04"
_DEMANDED_OF_BALANCE: Final = ("Amt", "Amt@Ccy", "CdtDbtInd")
_LEFT_OUT: Final = frozenset({"INFO", "FUTR"})
_DETAILS_AT_MOST: Final = 50_000
_TEXT_AT_MOST: Final = 140
_WRAPPERS_AT_MOST: Final = 1_000


class Reader:
    """One file. `kind` is known once the message has begun."""

    def __init__(self) -> None:
        self.kind: FileKind = "booked"
        self._stream = XmlStream(self._begin)
        self._fields = Fields()
        self._items: list[Item] = []
        self._path: list[str] = []
        self._namespace = ""
        self._name = "Stmt"
        self._number = 0
        self._long_texts = 0
        self._lacking: Counter[str] = Counter()
        self._broken = BrokenRules(lambda: self._stream.place)
        self._begun = 0
        self._listening = False
        self._begin_statement()
        self._begin_entry()
        self._begin_detail()

    def read(self, pieces: Iterable[bytes]) -> Iterator[Item]:
        """Lines, statements and warnings in the order of the file. Refuses: UnreadableFile."""
        for _ in self._stream.feed_all(pieces):
            if self._items:
                yield from self._items
                self._items.clear()
        if not self._listening:
            is_camt = self._path == ["Document"]
            because = NO_STATEMENT if is_camt else self._explain_foreign()
            self._stream.refuse(because, "/" + "/".join(self._path[:2]))
        if not self._number:
            self._stream.refuse(NO_STATEMENT, "/" + "/".join(self._path[:2]))
        if self._long_texts:
            yield Problem("bestand", say_long_texts(self._long_texts), "warning")
        if self._lacking:
            yield Problem("bestand", say_lacking(self._lacking), "warning")
        yield from self._broken.take()

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        """Every element up to the message itself: the document, or what is wrapped around it."""
        prefix, _, local = name.rpartition(":")
        self._begun += 1
        if self._begun > _WRAPPERS_AT_MOST:
            self._stream.refuse(say_other_message(local, ""))
        if local == "Document":
            self._path.clear()
        if len(self._path) < 2:
            self._path.append(local)
        namespace = attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", "")
        if "tech:xsd:camt." in namespace or not self._namespace:
            self._namespace = namespace
        found = _MESSAGE.search(self._namespace)
        if found and found.group(1) in KINDS:
            self.kind = KINDS[found.group(1)]
        if local.startswith("BkToCstmr") or self._path == ["Document", local]:
            self._begin_message(prefix, local)

    def _begin_message(self, prefix: str, local: str) -> None:
        found = _MESSAGE.search(self._namespace)
        number, statement = _MESSAGES.get(local, ("", ""))
        foreign = self._path != ["Document", local] or (self._namespace and not found)
        if foreign or not number or (found and found.group(1) != number):
            self._stream.refuse(self._explain_foreign(), "/" + "/".join(self._path))
        self.kind, self._name = KINDS[number], statement
        self._begin_statement()
        self._listening = True
        start = f"{prefix}:" if prefix else ""
        message = build_tree(
            start,
            statement,
            self._fields,
            {
                "statement": self._end_statement,
                "balance": self._end_balance,
                "entry": self._end_entry,
                "batch": self._end_batch,
                "charge": self._end_charge,
                "detail_charge": self._end_detail_charge,
                "detail": self._end_detail,
                "structured": self._end_structured,
                "document": self._end_document,
                "text": self._end_text,
            },
        )
        document = Node()
        document[start + local] = message
        around = [Node()] * self._begun + [document]
        alike = (message[start + statement], f"{start}Ntry")
        self._stream.listen(message, around=around, repeated=self._repeat, alike=alike)

    def _repeat(self, target: dict[str, str], name: str) -> None:
        """Of an element that stands once more the last counts; a structured text may do so."""
        if name == "AddtlRmtInf":
            self._texts.append(target[name].strip())
        else:
            self._broken.note_repeated(self._fields.part_of(target) or self._name, name)

    def _explain_foreign(self) -> Sentence:
        """Why this is no statement; capitals count in XML, also where all the rest is right."""
        for part in self._path:
            right = _IN_CAPITALS.get(part.casefold(), part)
            if right != part:
                return say_spelled(part, right)
        return say_other_message((self._path or [""])[-1], self._namespace)

    def _begin_statement(self) -> None:
        self._place = f"{self._name}[{self._number + 1}]"
        self._balances: dict[str, dict[str, str]] = {}
        self._own_iban: str | None = None
        self._entries = 0
        self._left_out = 0
        self._currencies: set[str] = set()

    def _begin_entry(self) -> None:
        self._details: list[Detail] = []
        self._batch = Batch()
        self._details_of_batch = 0
        self._charges: list[tuple[int, str]] = []

    def _begin_detail(self) -> None:
        self._texts: list[str] = []
        self._references: list[str] = []
        self._documents: list[DocumentRecord] = []
        self._document_parts: list[tuple[str, str]] = []
        self._detail_charges: list[tuple[int, str]] = []

    def _end_text(self) -> None:
        text = "".join(self._stream.texts).strip()
        if text:
            self._texts.append(text)
            if len(text) > _TEXT_AT_MOST:
                self._long_texts += 1

    def _end_document(self) -> None:
        fields = self._fields.structured
        told = fields.pop("RfrdDocInf/Nb", None)
        if told is not None:
            self._broken.check("Strd", {"RfrdDocInf/Nb": told}, STRUCTURED)
        fields["RfrdDocInf"] = ""
        number = (told or "").strip()
        kind = fields.pop("RfrdDocInf/Tp/CdOrPrtry/Cd", "") or fields.pop("RfrdDocInf/Tp/Cd", "")
        if number:
            self._document_parts.append((number, kind.strip()))

    def _end_structured(self) -> None:
        """A reference, a text, or a document with its amount where there is one of each."""
        fields = self._fields.structured
        parts = self._document_parts
        cents = read_document_cents(fields, parts[0][1]) if len(parts) == 1 else None
        self._documents += [DocumentRecord(number, cents) for number, _ in parts]
        parts.clear()
        self._broken.check("Strd", fields, STRUCTURED)
        reference = fields.get("CdtrRefInf/Ref", "").strip()
        if reference and reference not in self._references:
            self._references.append(reference)
        text = fields.get("AddtlRmtInf", "").strip()
        if text:
            self._texts.append(text)
        fields.clear()

    def _end_charge(self) -> None:
        self._take_charge(self._charges)
        self._fields.entry["Chrgs"] = ""

    def _end_detail_charge(self) -> None:
        self._take_charge(self._detail_charges)
        self._fields.detail["Chrgs"] = ""

    def _take_charge(self, charges: list[tuple[int, str]]) -> None:
        fields = self._fields.charge
        cents = read_cents(fields.get("Amt", "").strip())
        if isinstance(cents, int) and cents:
            given_back = fields.get("CdtDbtInd", "").strip() == "CRDT"
            charges.append((-cents if given_back else cents, read_currency(fields, "Amt")))
        fields.clear()

    def _end_detail(self) -> None:
        fields = self._fields.detail
        self._broken.check("TxDtls", fields, DETAIL)
        if len(self._details) >= _DETAILS_AT_MOST:
            self._stream.refuse(TOO_MANY_DETAILS)
        self._details.append(
            Detail(
                fields.copy(),
                self._texts,
                self._references,
                self._documents,
                self._detail_charges,
            )
        )
        fields.clear()
        self._begin_detail()

    def _end_batch(self) -> None:
        """A group of details (`NtryDtls`): all of them are of its batch, if it names one."""
        self._fields.entry["NtryDtls"] = ""
        fields = self._fields.batch
        if fields:
            self._broken.check("Btch", fields, BATCH)
            name = (fields.get("PmtInfId") or fields.get("MsgId") or "").strip()
            count = fields.get("NbOfTxs", "").strip()
            for detail in self._details[self._details_of_batch :]:
                detail.batch_id = name
            if name and not self._batch.batch_id:
                is_count = count.isascii() and count.isdigit() and len(count) < 10
                self._batch = Batch(name, int(count) if is_count else 0)
            fields.clear()
        self._details_of_batch = len(self._details)

    def _end_entry(self) -> None:
        self._entries += 1
        self._fields.statement["Ntry"] = ""
        fields = self._fields.entry
        if self._own_iban is None:
            self._own_iban = read_account(self._fields.statement, "Acct/Id")
        self._broken.check("Ntry", fields, ENTRY)
        if "Amt" in fields and "Amt@Ccy" not in fields:
            self._lacking["Ntry/Amt@Ccy"] += 1
            fields["Amt@Ccy"] = read_own_currency(self._fields.statement, self._balances)
        status = read_status(fields)
        if not status:
            self._lacking["Ntry/Sts"] += 1
        elif status not in STATUSES:
            self._broken.note("Ntry/Sts", status)
        if status in _LEFT_OUT:
            self._left_out += 1
        else:
            place = f"{self._place}/Ntry[{self._entries}]"
            try:
                lines, warnings = read_lines(
                    fields,
                    self._details,
                    batch=self._batch,
                    charges=self._charges,
                    place=place,
                    own_iban=self._own_iban,
                    made_on=self._made_on(),
                )
            except UnreadableEntry as error:
                self._refuse_entry(error.because, status, place)
            else:
                self._items += lines
                if not lines[0].is_pending:
                    self._currencies.add(lines[0].currency)
                if warnings:
                    self._items += warnings
        fields.clear()
        self._begin_entry()

    def _made_on(self) -> date | None:
        """The day of the message, for what it only announces or explains."""
        text = self._fields.statement.get("CreDtTm", "")
        return None if self.kind == "booked" else read_date(text)

    def _refuse_entry(self, because: Sentence, status: str, place: str) -> None:
        """A booking that cannot be read refuses the file; an announcement is left out."""
        if status == "PDNG":
            self._left_out += 1
            return
        self._stream.refuse(because, f"{self._stream.place}, {place}")

    def _end_balance(self) -> None:
        """Of one stated twice, the first opens and the last closes."""
        fields = self._fields.balance
        self._fields.statement["Bal"] = ""
        if self._entries:
            self._broken.note_order(self._name, "Bal", "Ntry")
        self._broken.check("Bal", fields, BALANCE)
        self._lacking.update(f"Bal/{one}" for one in _DEMANDED_OF_BALANCE if one not in fields)
        if not ("Dt/Dt" in fields or "Dt/DtTm" in fields):
            self._lacking["Bal/Dt"] += 1
        code = (fields.get("Tp/CdOrPrtry/Cd") or fields.get("Tp/Cd") or "").strip()
        if code not in self._balances or code in {"CLBD", "ITBD"}:
            self._balances[code] = fields.copy()
        fields.clear()

    def _end_statement(self) -> None:
        fields = self._fields.statement
        self._broken.check(self._name, fields, STATEMENT)
        iban = read_account(fields, "Acct/Id")
        if not 0 < len(iban) <= _ACCOUNT_AT_MOST:
            self._stream.refuse(NO_ACCOUNT, f"{self._stream.place}, {self._place}")
        opening = self._balances.get("OPBD") or self._balances.get("PRCD") or {}
        closing = self._balances.get("CLBD") or {}
        if not closing and self.kind == "intraday":
            closing = self._balances.get("ITBD") or {}
        version = _MESSAGE.search(self._namespace)
        is_early = version is None or version.group(2) <= _UNTIL_VERSION
        demanded = (*_DEMANDED, _DEMANDED_ONCE) if is_early else _DEMANDED
        self._lacking.update(name for name in demanded if not fields.get(name, "").strip())
        own = read_own_currency(fields, self._balances)
        currency = own or min(self._currencies, default="")
        if "" in self._currencies:
            self._stream.refuse(NO_CURRENCY, f"{self._stream.place}, {self._place}")
        statement = StatementRecord(
            iban=iban,
            currency=currency,
            identification=fields.get("Id", "").strip(),
            sequence=(fields.get("ElctrncSeqNb") or fields.get("LglSeqNb") or "").strip(),
            opening_cents=self._read_balance(opening, currency),
            closing_cents=self._read_balance(closing, currency),
            from_on=read_end(fields, "Fr") or read_day(self._balances.get("OPBD", {}), "Dt"),
            until_on=read_end(fields, "To") or read_day(closing, "Dt"),
            lines=(),
            place=self._place,
            made_at=read_moment(fields.get("CreDtTm", "")),
            has_other_currency=bool(self._currencies - {currency}),
        )
        if self._left_out:
            self._items.append(Problem(self._place, say_left_out(self._left_out), "warning"))
        self._items.append(statement)
        fields.clear()
        self._number += 1
        self._begin_statement()

    def _read_balance(self, balance: dict[str, str], currency: str) -> int | None:
        """The signed balance; None with a warning where it is unreadable or in another currency."""
        if not balance:
            return None
        cents = read_cents(balance.get("Amt", "").strip())
        because = cents if isinstance(cents, Sentence) else say_currency(currency)
        if isinstance(cents, int) and read_currency(balance, "Amt") in ("", currency):
            return -cents if balance.get("CdtDbtInd", "").strip() == "DBIT" else cents
        self._items.append(Problem(f"{self._place}/Bal", because, "warning"))
        return None
