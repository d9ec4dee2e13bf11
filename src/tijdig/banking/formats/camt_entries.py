"""The lines of one camt entry (`Ntry`): amount, direction, other party, references."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tijdig.banking.formats.iso20022 import read_cents, read_date
from tijdig.banking.formats.remittance import (
    clean_end_to_end_id,
    find_betalingskenmerk,
    is_iban_shaped,
)
from tijdig.banking.records import BankLineRecord, DocumentRecord
from tijdig.core.construction import quick_to_make
from tijdig.core.problem import Problem, Sentence

Texts = Mapping[str, str]
# Where banks state the amount of one payment in a batch, the most exact place first.
_DETAIL_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
_USTRD_AT_MOST = 140
_BALANCES = ("OPBD", "PRCD", "CLBD", "ITBD")


class UnreadableEntry(Exception):  # noqa: N818 - what is wrong is the data, not the program
    """An entry that cannot be booked, so that its file cannot come in."""

    def __init__(self, because: Sentence) -> None:
        super().__init__(because.en)
        self.because = because


@dataclass(slots=True)
class Detail:
    """One payment within an entry (`TxDtls`), as it was read; `charges` are signed shares."""

    fields: Texts
    texts: Sequence[str] = ()
    references: Sequence[str] = ()
    documents: Sequence[DocumentRecord] = ()
    charges: Sequence[tuple[int, str]] = ()
    batch_id: str = ""


@dataclass(slots=True)
class Batch:
    """What an entry says of a batch without details: its name and how many payments it holds."""

    batch_id: str = ""
    count: int = 0


@quick_to_make
@dataclass(frozen=True, slots=True)
class _Booking:
    """What the entry says for all its details."""

    booked_on: date
    value_on: date
    cents: int
    currency: str
    is_reversal: bool
    is_pending: bool
    bank_reference: str
    note: str
    place: str
    warnings: list[Problem]


def read_status(entry: Texts) -> str:
    """The booking status: text up to .02, `Sts/Cd` after it; "" where the bank gives none."""
    return (entry.get("Sts/Cd") or entry.get("Sts") or "").strip()


def read_lines(
    entry: Texts,
    details: Sequence[Detail],
    *,
    batch: Batch,
    charges: Sequence[tuple[int, str]],
    place: str,
    own_iban: str,
    made_on: date | None = None,
) -> tuple[Sequence[BankLineRecord], list[Problem]]:
    """The lines that an entry makes, and warnings.

    `made_on` stands in for a missing date, where the entry is a message and no booking.

    The sign comes from the entry's own indicator alone: a reversed booking (`RvslInd`) already
    states its true direction. An entry with several details becomes one line per detail only
    where their amounts add up to the entry's, if need be less the charges that were withheld, which
    then make a line of their own; otherwise it stays one line.
    Refuses: UnreadableEntry without a readable amount, a direction or a date.
    """
    booking = _read_booking(entry, place, made_on)
    if not details:
        return [_make_line(booking, batch)], booking.warnings
    if len(details) == 1:
        line = _read_detail(details[0], booking, own_iban)
        withheld = _withheld_from_one(details[0], charges, booking)
        if withheld:
            line = replace(line, charges_cents=withheld)
        return [line], booking.warnings
    lines = [_read_detail(detail, booking, own_iban) for detail in details]
    shares, withheld = _split_cents(details, charges, booking)
    if not shares:
        booking.warnings.append(_warn_not_split(place, len(lines)))
        return [_join_lines(lines)], booking.warnings
    found = [
        replace(line, amount_cents=cents, place=f"{place}/TxDtls[{number}]")
        for number, (line, cents) in enumerate(zip(lines, shares, strict=True), start=1)
    ]
    if withheld:
        found.append(_make_charges_line(booking, withheld))
    return found, booking.warnings


def read_account(fields: Texts, path: str) -> str:
    """The account number: the IBAN, or what the bank gives in its place; spaces removed."""
    number = fields.get(f"{path}/IBAN") or fields.get(f"{path}/Othr/Id") or ""
    return "".join(number.split()).upper()


def read_currency(fields: Texts, name: str) -> str:
    """The currency of an amount, in capitals; "" where it names none."""
    return fields.get(f"{name}@Ccy", "").strip().upper()


def read_own_currency(statement: Texts, balances: Mapping[str, Texts]) -> str:
    """That of the account, as far as it was read; "" where nothing names it yet."""
    told = [read_currency(balances.get(one, {}), "Amt") for one in _BALANCES]
    return statement.get("Acct/Ccy", "").strip().upper() or next(filter(None, told), "")


def read_day(fields: Texts, name: str) -> date | None:
    """The day of an element that holds either `Dt` or `DtTm`."""
    text = fields.get(f"{name}/Dt") or fields.get(f"{name}/DtTm")
    return read_date(text) if text else None


def read_end(fields: Texts, end: str) -> date | None:
    """The first day of a statement (`Fr`) or its last (`To`), where it names its period."""
    text = fields.get(f"FrToDt/{end}DtTm") or fields.get(f"FrToDt/{end}Dt")
    return read_date(text) if text else None


def read_document_cents(fields: Texts, kind: str) -> int | None:
    """What is paid of a document; negative for a credit note."""
    for name in ("RmtdAmt", "DuePyblAmt", "CdtNoteAmt"):
        cents = read_cents(fields.get(f"RfrdDocAmt/{name}", "").strip())
        if isinstance(cents, int):
            return -cents if kind == "CREN" or name == "CdtNoteAmt" else cents
    return None


def _read_booking(fields: Texts, place: str, made_on: date | None) -> _Booking:
    cents = read_cents(fields.get("Amt", "").strip())
    if isinstance(cents, Sentence):
        raise UnreadableEntry(cents)
    direction = fields.get("CdtDbtInd", "").strip()
    if direction not in {"CRDT", "DBIT"}:
        raise UnreadableEntry(_NO_DIRECTION)
    value_on = read_day(fields, "ValDt")
    booked_on = read_day(fields, "BookgDt")
    warnings = []
    if booked_on is None:
        booked_on = value_on or made_on
        if booked_on is None:
            raise UnreadableEntry(_NO_DATE)
        if made_on is None:
            warnings.append(Problem(place, _VALUE_DATE_USED, "warning"))
    return _Booking(
        booked_on=booked_on,
        value_on=value_on or booked_on,
        cents=cents if direction == "CRDT" else -cents,
        currency=read_currency(fields, "Amt"),
        is_reversal=fields.get("RvslInd", "").strip() in {"true", "1"},
        is_pending=read_status(fields) == "PDNG",
        bank_reference=fields.get("AcctSvcrRef", "").strip(),
        note=fields.get("AddtlNtryInf", "").strip(),
        place=place,
        warnings=warnings,
    )


def _read_detail(detail: Detail, booking: _Booking, own_iban: str) -> BankLineRecord:
    get = detail.fields.get
    return_reason = get("RtrInf/Rsn/Cd") or get("RtrInf/Rsn/Prtry") or ""
    counter_iban, counter_name = _read_counterparty(
        detail.fields,
        credit=booking.cents >= 0,
        returned=booking.is_reversal or bool(return_reason),
        own_iban=own_iban,
    )
    text, reference = _read_remittance(detail)
    return BankLineRecord(
        booked_on=booking.booked_on,
        value_on=booking.value_on,
        amount_cents=booking.cents,
        currency=booking.currency,
        counter_iban=counter_iban,
        counter_name=counter_name,
        text=text or get("AddtlTxInf", "").strip() or booking.note,
        reference=reference,
        end_to_end_id=clean_end_to_end_id(get("Refs/EndToEndId", "")),
        bank_reference=get("Refs/AcctSvcrRef", "").strip() or booking.bank_reference,
        place=booking.place,
        is_reversal=booking.is_reversal,
        return_reason=return_reason.strip(),
        mandate_id=get("Refs/MndtId", "").strip(),
        batch_id=detail.batch_id or get("Refs/PmtInfId", "").strip(),
        further_references=tuple(detail.references[1:]),
        documents=tuple(detail.documents),
        is_pending=booking.is_pending,
    )


def _make_line(booking: _Booking, batch: Batch) -> BankLineRecord:
    """The line of an entry without details: bank charges, or a batch whose details stay away."""
    return BankLineRecord(
        booked_on=booking.booked_on,
        value_on=booking.value_on,
        amount_cents=booking.cents,
        currency=booking.currency,
        counter_iban="",
        counter_name="",
        text=booking.note,
        reference=find_betalingskenmerk(booking.note),
        end_to_end_id="",
        bank_reference=booking.bank_reference,
        place=booking.place,
        is_reversal=booking.is_reversal,
        batch_id=batch.batch_id,
        batch_count=batch.count,
        is_pending=booking.is_pending,
    )


def _make_charges_line(booking: _Booking, withheld: int) -> BankLineRecord:
    """What the bank or payment provider kept of a payout."""
    return replace(
        _make_line(booking, Batch()),
        amount_cents=-withheld,
        text="Ingehouden kosten",
        place=f"{booking.place}/Chrgs",
    )


def _read_counterparty(
    fields: Texts, *, credit: bool, returned: bool, own_iban: str
) -> tuple[str, str]:
    """IBAN and name of the other party: who pays a credit, who receives a debit.

    An account number that is no IBAN is left out: two banks may give out the same one. A returned
    payment names the parties of the payment that is returned, so there the other party stands on
    the other side: it is whoever does not have our account.
    """
    other, us = ("Dbtr", "Cdtr") if credit else ("Cdtr", "Dbtr")
    iban = read_account(fields, f"RltdPties/{other}Acct/Id")
    if returned and (iban == own_iban or not (iban or _read_name(fields, other))):
        other, iban = us, read_account(fields, f"RltdPties/{us}Acct/Id")
    if iban and iban == own_iban:
        return "", ""
    name = _read_name(fields, other) or _read_name(fields, f"Ultmt{other}")
    return (iban if is_iban_shaped(iban) else ""), name


def _read_name(fields: Texts, party: str) -> str:
    """The name: directly in the party up to .07, a level deeper (`Pty` or `Agt`) from .08."""
    get = fields.get
    name = (
        get(f"RltdPties/{party}/Nm")
        or get(f"RltdPties/{party}/Pty/Nm")
        or get(f"RltdPties/{party}/Agt/FinInstnId/Nm")
    )
    return name.strip() if name else ""


def _read_remittance(detail: Detail) -> tuple[str, str]:
    """The text and the structured reference of a payment.

    Parts are joined with one space. Document numbers and further references that the payer gave
    in structured form join the text: they name invoices as well as words do.
    """
    parts = detail.texts
    if detail.documents or len(detail.references) > 1:
        parts = [*parts, *(one.number for one in detail.documents), *detail.references[1:]]
    text = " ".join(parts)
    if detail.references:
        return text, detail.references[0]
    return text, find_betalingskenmerk(text) if text else ""


def _split_cents(
    details: Sequence[Detail], charges: Iterable[tuple[int, str]], booking: _Booking
) -> tuple[list[int], int]:
    """The signed amount of each detail, and what was withheld; nothing where that does not fit."""
    withheld = _sum_charges(charges, booking.currency)
    sign = 1 if booking.cents >= 0 else -1
    for path in _DETAIL_AMOUNTS:
        shares = list(_read_shares(details, path, booking.currency))
        if len(shares) == len(details):
            rest = sum(shares) - abs(booking.cents)
            if rest == 0 or (rest == withheld and sign > 0):
                return [cents * sign for cents in shares], rest
    return [], 0


def _read_shares(details: Iterable[Detail], path: str, currency: str) -> Iterable[int]:
    for detail in details:
        cents = _read_amount(detail, path, currency)
        if cents is not None:
            yield cents


def _read_amount(detail: Detail, path: str, currency: str) -> int | None:
    cents = read_cents(detail.fields.get(path, "").strip())
    ok = isinstance(cents, int) and read_currency(detail.fields, path) in ("", currency)
    return cents if ok and isinstance(cents, int) else None


def _withheld_from_one(
    detail: Detail, charges: Sequence[tuple[int, str]], booking: _Booking
) -> int:
    """The charges of a single payment, where gross less charges is what was booked."""
    stated = detail.charges or charges
    if not stated or booking.cents <= 0:
        return 0
    withheld = _sum_charges(stated, booking.currency)
    gross = {_read_amount(detail, path, booking.currency) for path in _DETAIL_AMOUNTS}
    return withheld if booking.cents + withheld in gross else 0


def _sum_charges(charges: Iterable[tuple[int, str]], currency: str) -> int:
    return sum(cents for cents, of in charges if of == currency)


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
        batch_count=len(lines),
        documents=tuple(one for line in lines for one in line.documents),
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
