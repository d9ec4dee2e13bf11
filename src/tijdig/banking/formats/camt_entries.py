"""The lines of one booked camt entry (`Ntry`): amount, direction, other party, references."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lxml import etree

from tijdig.banking.formats.iso20022 import (
    Parts,
    children_of,
    is_iban_shaped,
    local_name,
    read_cents,
    read_indicated_date,
    text_at,
    text_of,
)
from tijdig.banking.records import BankLineRecord
from tijdig.core.problem import Problem, Sentence

_NOT_PROVIDED = {"NOTPROVIDED", "NOT PROVIDED"}
_BETALINGSKENMERK = re.compile(r"(?i)BETALINGSKENM(?:ERK)?\b[.:\s]*(\d(?:[ .]?\d){15})(?!\d)")
# Where banks state the amount of one payment in a batch, the most exact place first.
_DETAIL_AMOUNTS = (("Amt",), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "InstdAmt", "Amt"))


class UnreadableEntry(Exception):  # noqa: N818 - what is wrong is the data, not the program
    """An entry that cannot be booked, so that its file cannot come in."""

    def __init__(self, place: str, because: Sentence) -> None:
        super().__init__(because.en)
        self.problem = Problem(place, because)


@dataclass(frozen=True, slots=True)
class _Booking:
    """What the entry says for all its details."""

    booked_on: date
    value_on: date
    cents: int
    currency: str
    is_reversal: bool
    bank_reference: str
    note: str
    place: str


def read_status(entry: Parts) -> str:
    """The booking status: text up to .02, `Sts/Cd` after it; "" where the bank gives none."""
    status = entry.get("Sts")
    return text_of(status) or text_at(status, "Cd")


def read_lines(
    entry: Parts, *, place: str, own_iban: str
) -> tuple[list[BankLineRecord], list[Problem]]:
    """The lines that a booked entry makes, and warnings.

    The sign comes from the entry's own indicator alone: a reversed booking (`RvslInd`) already
    states its true direction. An entry with several details becomes one line per detail only
    where their amounts add up to the entry's; otherwise it stays one line.
    Refuses: UnreadableEntry without a readable amount, a direction or a date.
    """
    booking, warnings = _read_booking(entry, place)
    details, batch_ids = _read_groups(entry.get("NtryDtls"))
    if not details:
        return [_make_line(booking, next(filter(None, batch_ids), ""))], warnings
    lines = [
        _read_detail(children_of(detail), booking, batch_id, own_iban)
        for detail, batch_id in zip(details, batch_ids, strict=True)
    ]
    if len(lines) == 1:
        return lines, warnings
    shares = _split_cents(details, booking)
    if not shares:
        return [_join_lines(lines)], [*warnings, _warn_not_split(place, len(lines))]
    return [
        replace(line, amount_cents=cents, place=f"{place}/TxDtls[{number}]")
        for number, (line, cents) in enumerate(zip(lines, shares, strict=True), start=1)
    ], warnings


def read_account(account: etree._Element | None) -> str:
    """The account number: the IBAN, or what the bank gives in its place; spaces removed."""
    identification = children_of(account).get("Id")
    number = text_at(identification, "IBAN") or text_at(identification, "Othr", "Id")
    return "".join(number.split()).upper()


def _read_booking(parts: Parts, place: str) -> tuple[_Booking, list[Problem]]:
    amount = parts.get("Amt")
    cents = read_cents(text_of(amount))
    if isinstance(cents, Sentence):
        raise UnreadableEntry(place, cents)
    direction = text_of(parts.get("CdtDbtInd"))
    if direction not in {"CRDT", "DBIT"}:
        raise UnreadableEntry(place, _NO_DIRECTION)
    value_on = read_indicated_date(parts.get("ValDt"))
    booked_on = read_indicated_date(parts.get("BookgDt")) or value_on
    if booked_on is None:
        raise UnreadableEntry(place, _NO_DATE)
    warnings = [] if "BookgDt" in parts else [Problem(place, _VALUE_DATE_USED, "warning")]
    booking = _Booking(
        booked_on=booked_on,
        value_on=value_on or booked_on,
        cents=cents if direction == "CRDT" else -cents,
        currency="" if amount is None else amount.get("Ccy", "").strip(),
        is_reversal=text_of(parts.get("RvslInd")) in {"true", "1"},
        bank_reference=text_of(parts.get("AcctSvcrRef")),
        note=text_of(parts.get("AddtlNtryInf")),
        place=place,
    )
    return booking, warnings


def _read_groups(group: etree._Element | None) -> tuple[list[etree._Element], list[str]]:
    """The details of all groups with the batch of each; a group without details adds its batch."""
    details: list[etree._Element] = []
    batch_ids: list[str] = []
    lone_batch_ids: list[str] = []
    while group is not None and local_name(group) == "NtryDtls":
        batch_id = ""
        found = len(details)
        for child in group:
            name = local_name(child)
            if name == "TxDtls":
                details.append(child)
            elif name == "Btch":
                batch_id = text_at(child, "PmtInfId") or text_at(child, "MsgId")
        batch_ids.extend([batch_id] * (len(details) - found))
        lone_batch_ids.append(batch_id)
        group = group.getnext()
    return details, batch_ids or lone_batch_ids


def _read_detail(parts: Parts, booking: _Booking, batch_id: str, own_iban: str) -> BankLineRecord:
    references = children_of(parts.get("Refs"))
    reason = children_of(children_of(parts.get("RtrInf")).get("Rsn"))
    return_reason = text_of(reason.get("Cd")) or text_of(reason.get("Prtry"))
    counter_iban, counter_name = _read_counterparty(
        children_of(parts.get("RltdPties")),
        credit=booking.cents >= 0,
        returned=booking.is_reversal or "RtrInf" in parts,
        own_iban=own_iban,
    )
    text, reference = _read_remittance(parts.get("RmtInf"))
    end_to_end_id = text_of(references.get("EndToEndId"))
    return BankLineRecord(
        booked_on=booking.booked_on,
        value_on=booking.value_on,
        amount_cents=booking.cents,
        currency=booking.currency,
        counter_iban=counter_iban,
        counter_name=counter_name,
        text=text or text_of(parts.get("AddtlTxInf")) or booking.note,
        reference=reference,
        end_to_end_id="" if end_to_end_id.upper() in _NOT_PROVIDED else end_to_end_id,
        bank_reference=text_of(references.get("AcctSvcrRef")) or booking.bank_reference,
        place=booking.place,
        is_reversal=booking.is_reversal,
        return_reason=return_reason,
        mandate_id=text_of(references.get("MndtId")),
        batch_id=batch_id or text_of(references.get("PmtInfId")),
    )


def _make_line(booking: _Booking, batch_id: str) -> BankLineRecord:
    """The line of an entry without details: bank charges, or a batch whose details stay away."""
    return BankLineRecord(
        booked_on=booking.booked_on,
        value_on=booking.value_on,
        amount_cents=booking.cents,
        currency=booking.currency,
        counter_iban="",
        counter_name="",
        text=booking.note,
        reference="",
        end_to_end_id="",
        bank_reference=booking.bank_reference,
        place=booking.place,
        is_reversal=booking.is_reversal,
        batch_id=batch_id,
    )


def _read_counterparty(
    parties: Parts, *, credit: bool, returned: bool, own_iban: str
) -> tuple[str, str]:
    """IBAN and name of the other party: who pays a credit, who receives a debit.

    An account number that is no IBAN is left out: two banks may give out the same one. A returned
    payment names the parties of the payment that is returned, so there the other party stands on
    the other side: it is whoever does not have our account.
    """
    other, us = ("Dbtr", "Cdtr") if credit else ("Cdtr", "Dbtr")
    iban = read_account(parties.get(f"{other}Acct"))
    if returned and (iban == own_iban or not (iban or other in parties)):
        other, iban = us, read_account(parties.get(f"{us}Acct"))
    if iban and iban == own_iban:
        return "", ""
    name = _read_name(parties.get(other)) or _read_name(parties.get(f"Ultmt{other}"))
    return (iban if is_iban_shaped(iban) else ""), name


def _read_name(party: etree._Element | None) -> str:
    """The name: directly in the party up to .07, a level deeper (`Pty` or `Agt`) from .08."""
    return (
        text_at(party, "Nm")
        or text_at(party, "Pty", "Nm")
        or text_at(party, "Agt", "FinInstnId", "Nm")
    )


def _read_remittance(remittance: etree._Element | None) -> tuple[str, str]:
    """The text and the structured reference of a payment.

    Parts are joined with one space. Document numbers and further references that the payer gave
    in structured form join the text: they name invoices as well as words do.
    """
    texts: list[str] = []
    numbers: list[str] = []
    references: list[str] = []
    for part in () if remittance is None else remittance:
        name = local_name(part)
        if name == "Ustrd":
            texts.append(text_of(part))
        elif name == "Strd":
            for item in part:
                kind = local_name(item)
                if kind == "CdtrRefInf":
                    references.append(text_at(item, "Ref"))
                elif kind == "RfrdDocInf":
                    numbers.append(text_at(item, "Nb"))
                elif kind == "AddtlRmtInf":
                    texts.append(text_of(item))
    references = [reference for reference in dict.fromkeys(references) if reference]
    text = " ".join(part for part in (*texts, *numbers, *references[1:]) if part)
    if references:
        return text, references[0]
    found = _BETALINGSKENMERK.search(text)
    return text, re.sub(r"\D", "", found.group(1)) if found else ""


def _split_cents(details: Sequence[etree._Element], booking: _Booking) -> list[int]:
    """The signed amount of each detail, or nothing where they do not make up the entry."""
    for path in _DETAIL_AMOUNTS:
        shares = list(_read_shares(details, path, booking.currency))
        if len(shares) == len(details) and sum(shares) == abs(booking.cents):
            return shares if booking.cents >= 0 else [-cents for cents in shares]
    return []


def _read_shares(
    details: Iterable[etree._Element], path: tuple[str, ...], currency: str
) -> Iterable[int]:
    for detail in details:
        amount: etree._Element | None = detail
        for name in path:
            amount = children_of(amount).get(name)
        cents = read_cents(text_of(amount))
        if amount is not None and isinstance(cents, int) and amount.get("Ccy") == currency:
            yield cents


def _join_lines(lines: Sequence[BankLineRecord]) -> BankLineRecord:
    """One line for a batch that cannot be split: only what all details share, and all texts."""
    return replace(
        lines[0],
        counter_iban=_shared(line.counter_iban for line in lines),
        counter_name=_shared(line.counter_name for line in lines),
        text=" ".join(dict.fromkeys(line.text for line in lines if line.text)),
        reference=_shared(line.reference for line in lines),
        end_to_end_id=_shared(line.end_to_end_id for line in lines),
        bank_reference=_shared(line.bank_reference for line in lines),
        return_reason=_shared(line.return_reason for line in lines),
        mandate_id=_shared(line.mandate_id for line in lines),
        batch_id=_shared(line.batch_id for line in lines),
    )


def _shared(values: Iterable[str]) -> str:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else ""


def _warn_not_split(place: str, number: int) -> Problem:
    return Problem(
        place,
        Sentence(
            f"Deze boeking bestaat uit {number} betalingen die samen niet het geboekte bedrag"
            " vormen. Zij is als één mutatie ingelezen.",
            f"This entry holds {number} payments that do not add up to the amount booked. It came"
            " in as one line.",
        ),
        "warning",
    )


_NO_DIRECTION = Sentence(
    "Bij deze boeking staat niet of er geld bij of af gaat (CdtDbtInd). Vraag het afschrift"
    " opnieuw op bij uw bank.",
    "This entry does not say whether money comes in or goes out (CdtDbtInd). Ask your bank for"
    " the statement again.",
)
_NO_DATE = Sentence(
    "Deze boeking heeft geen leesbare datum (BookgDt of ValDt). Vraag het afschrift opnieuw op"
    " bij uw bank.",
    "This entry has no readable date (BookgDt or ValDt). Ask your bank for the statement again.",
)
_VALUE_DATE_USED = Sentence(
    "Deze boeking heeft geen boekdatum. Wij gebruiken de valutadatum.",
    "This entry has no booking date. We use the value date.",
)
