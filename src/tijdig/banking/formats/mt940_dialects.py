"""How each bank fills `:61:` and `:86:`: one row per dialect, the most particular first."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tijdig.banking.formats.mt940_fields import LineField, is_reference
from tijdig.banking.formats.remittance import (
    clean_end_to_end_id,
    find_betalingskenmerk,
    find_iban,
    is_iban_shaped,
)


@dataclass(slots=True)
class Told:
    """What a bank tells of a movement beside amount and days."""

    iban: str = ""
    name: str = ""
    text: str = ""
    reference: str = ""
    end_to_end_id: str = ""
    mandate_id: str = ""
    batch_id: str = ""
    batch_count: int = 0
    return_reason: str = ""
    is_return: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What a statement says of its maker: the lines before it, and its fields 20, 25 and 28."""

    header: str
    transaction: str
    account: str


Reader = Callable[[LineField, Sequence[str]], Told]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A way of filling the fields, and how a statement in it is recognised.

    `banks` are the codes that the IBANs of the bank may have.
    """

    name: str
    is_it: Callable[[Message], bool]
    read: Reader = field(repr=False)
    banks: tuple[str, ...] = ()


_KEYWORDS: Final = (
    "TRTP|IBAN|BIC|NAME|REMI|EREF|CSID|MARF|RTRN|ORDP|BENM|ADDR|ISDT|TRCD|PURP|PREF|NRTX|PIND|CNTP"
    "|ULTB|ULTD|ULTC|CREF|SVCL|OCMT|CHGS|EXCH|BUSP|IREF|ID|INIT|KREF|LIRB"
)
_SLASHED: Final = re.compile(rf"/({_KEYWORDS})/")
_WORDS: Final = re.compile(
    r"\b(IBAN|BIC|NAAM|OMSCHRIJVING|KENMERK|MACHTIGING|INCASSANT|REK|BETALINGSKENM)(?:\.|:)\s*"
)
# A text in numbered sub-fields, in whatever bank's file (payments from German banks).
SUB_FIELDED: Final = re.compile(r"\d{3}\?\d\d")
_SUB_FIELDS: Final = re.compile(r"[>?](\d\d)")
_ABN_COLUMN: Final = 32
_ABN_OLD: Final = re.compile(r"(?:GIRO|\d{2}\.\d{2}\.\d{2}\.\d{3})\s+\d*\s*(.*)")
_RABO_REST: Final = re.compile(r"(P?\d{9,10}|NONREF)\s*(.*)")
_STRUCTURED: Final = re.compile(
    r"(?:STRD/\w*/|(?:CDTRREFTP//CD/)?SCOR/(?:ISSR/)?\w*/(?:CDTRREF/)?|ISSUER: \w* ?REF: )(\w+)"
)
_REASON: Final = re.compile(r"[A-Z]{2}\d{2}")


def read_slashed(line: LineField, parts: Sequence[str]) -> Told:
    """`/IBAN/…/NAME/…/REMI/…`: ABN AMRO, ING, Rabobank, Knab, Triodos, bunq, Van Lanschot.

    Banks break the text at column 65, also within a word or a number: lines are joined as they are,
    then split at the known keywords only, as a slash also stands in names and texts.
    """
    raw = "".join(parts)
    pieces = _SLASHED.split(raw)
    if len(pieces) == 1:
        return read_free(line, parts)
    values: dict[str, str] = {}
    for key, value in zip(pieces[1::2], pieces[2::2], strict=True):
        if value.strip("/ ") and key not in values:
            values[key] = value
    told = Told(
        iban=_as_iban(values.get("IBAN", "")),
        name=_clean(values.get("NAME", "")),
        end_to_end_id=clean_end_to_end_id(_clean(values.get("EREF", ""))),
        mandate_id=_clean(values.get("MARF", "")),
        batch_id=_clean(values.get("PREF", "")),
        is_return="RTRN" in values,
    )
    if "CNTP" in values:
        iban, _, name, *_ = [*values["CNTP"].split("/"), "", "", ""]
        told.iban, told.name = _as_iban(iban), _clean(name) or told.name
    count = _clean(values.get("NRTX", ""))
    told.batch_count = int(count) if count.isdigit() and len(count) < 10 else 0
    reason = _REASON.search(values.get("RTRN", ""))
    told.return_reason = reason.group() if reason else _clean(values.get("RTRN", ""))[:4]
    _read_remi(told, values.get("REMI", ""))
    if not (told.text or told.reference):
        told.text = " ".join(pieces[0].split()) or _clean(values.get("TRTP", ""))
    told.iban = told.iban or _as_iban(line.further.partition("\n")[0])
    return told


def read_rabobank_plain(line: LineField, parts: Sequence[str]) -> Told:
    """Rabobank unstructured: account and name behind the amount, a field `:86:` per text line."""
    found = _RABO_REST.match(line.reference.strip())
    told = read_free(line, [" ".join(parts)])
    told.name = " ".join((found.group(2) if found else line.reference).split())
    return told


def read_sns(line: LineField, parts: Sequence[str]) -> Told:
    """SNS, ASN and RegioBank: account and name behind the amount, texts padded to 65 characters."""
    told = read_free(line, ["".join(parts)])
    told.iban = _as_iban(line.reference) or told.iban
    told.name = " ".join(line.further.split())
    digits = line.bank_reference
    if len(digits) == 16 and digits.isdigit():
        told.reference = digits
    head = f"{line.reference.strip()} {told.name}".strip().upper()
    if head and told.text.upper().startswith(head):
        told.text = told.text[len(head) :].strip()
    return told


def read_sub_fields(line: LineField, parts: Sequence[str]) -> Told:
    """`>20…>21…` of Triodos, `?20…?21…` of German banks: text in 20-29 and 60-63, account in 31."""
    pieces = _SUB_FIELDS.split("".join(parts))
    if len(pieces) == 1:
        return read_free(line, parts)
    numbered = list(zip(pieces[1::2], pieces[2::2], strict=True))
    texts = [value for code, value in numbered if "20" <= code <= "29" or "60" <= code <= "63"]
    told = Told()
    if len(texts) > 1 and is_iban_shaped(texts[1].strip()):
        told.iban, texts = texts[1].strip(), texts[2:]
    told.text = " ".join("".join(texts).split())
    told.name = " ".join("".join(v for code, v in numbered if code in {"32", "33"}).split())
    if not told.iban:
        account = next((value for code, value in numbered if code in {"31", "38"}), "")
        told.iban = _as_iban(account) if "?" in "".join(parts) else ""
    told.reference = find_betalingskenmerk(told.text)
    return told


def read_abn(line: LineField, parts: Sequence[str]) -> Told:
    """ABN AMRO without keywords: columns of 32 characters, or words before a colon."""
    if any(_SLASHED.search(part) for part in parts) or _SLASHED.search("".join(parts)):
        return read_slashed(line, parts)
    told = read_free(line, [_join_columns(parts)])
    found = _ABN_OLD.match(parts[0][:_ABN_COLUMN]) if parts else None
    if found and not told.name:
        told.name = " ".join(found.group(1).split())
    return told


def read_free(line: LineField, parts: Sequence[str]) -> Told:
    """A text of any kind: what stands behind `IBAN:`, `NAAM:` and their like, else all of it."""
    text = " ".join(" ".join(parts).split())
    pieces = _WORDS.split(text)
    told = Told(text=text, reference=find_betalingskenmerk(text))
    if len(pieces) > 1:
        words = dict(zip(pieces[-2::-2], pieces[:0:-2], strict=True))
        told.iban = _as_iban(words.get("IBAN", "") or words.get("REK", "").rstrip("/ "))
        told.name = words.get("NAAM", "").strip()
        told.mandate_id = words.get("MACHTIGING", "").strip()
        told.end_to_end_id = clean_end_to_end_id(words.get("KENMERK", ""))
        said = words.get("OMSCHRIJVING", "") or (pieces[0] if "REK" in words else "")
        told.text = said.strip() or text
    if not told.iban:
        told.iban = find_iban(text)
    if not told.name and is_reference(line.further) and not line.further.startswith("/"):
        told.name = " ".join(line.further.split()) if line.kind == "NOVB" else ""
    return told


def _read_remi(told: Told, value: str) -> None:
    """Text and reference of `/REMI/`: `USTD//text/`, `STRD/CUR/16 digits/`, or the text itself."""
    told.text = _clean(value)
    structured = _STRUCTURED.fullmatch(told.text)
    if structured:
        told.reference, told.text = structured.group(1), ""
    elif told.text.startswith("USTD/"):
        told.text = _clean(told.text.removeprefix("USTD/"))
    told.reference = told.reference or find_betalingskenmerk(told.text)


def _join_columns(parts: Sequence[str]) -> str:
    """Lines of two columns of 32 characters: a column that is full runs on in the next.

    Not so at a cash desk (BEA, GEA), nor where the next column begins with a word of its own.
    """
    if parts and parts[0].startswith(("BEA", "GEA")):
        return " ".join(parts)
    columns: list[str] = []
    for part in parts:
        cut = _ABN_COLUMN if part[_ABN_COLUMN : _ABN_COLUMN + 1] == " " else len(part)
        columns += [part[:cut], part[cut + 1 :]]
    joined = ""
    for column in filter(None, columns):
        full = joined and not joined.endswith(" ") and not _WORDS.match(column)
        joined += ("" if full else " ") + column
        if len(column.rstrip()) < _ABN_COLUMN:
            joined = joined.rstrip() + " "
    return joined


def _clean(value: str) -> str:
    return " ".join(value.strip("/ ").split())


def _as_iban(text: str) -> str:
    number = "".join(text.split()).upper().strip("/")
    return number if is_iban_shaped(number) else ""


_VOLKSBANK: Final = ("SNSB", "ASNB", "RBRB")
DIALECTS: Final = (
    Dialect("rabobank", lambda told: told.transaction.startswith("940S"), read_slashed, ("RABO",)),
    Dialect(
        "rabobank_plain",
        lambda told: told.transaction.startswith("940A") or ":940:" in told.header,
        read_rabobank_plain,
        ("RABO",),
    ),
    Dialect(
        "sns",
        lambda told: re.search("SNSB|ASNB|RBRB", told.header) is not None,
        read_sns,
        _VOLKSBANK,
    ),
    Dialect(
        "triodos",
        lambda told: told.account.upper().startswith("TRIODOSBANK/"),
        read_sub_fields,
        ("TRIO",),
    ),
    Dialect("ing", lambda told: "INGBNL2A" in told.header, read_slashed, ("INGB",)),
    Dialect(
        "abn_amro",
        lambda told: "ABNANL2A" in told.header or "ABN AMRO" in told.transaction,
        read_abn,
        ("ABNA",),
    ),
    Dialect("knab", lambda told: "KNABNL2H" in told.header, read_slashed, ("KNAB",)),
    Dialect("bunq", lambda told: "BUNQNL2A" in told.header, read_slashed, ("BUNQ",)),
    Dialect("van_lanschot", lambda told: "FVLBNL22" in told.header, read_slashed, ("FVLB",)),
    Dialect(
        "sns",
        lambda told: re.search("^NL..(SNSB|ASNB|RBRB)", told.account) is not None,
        read_sns,
        _VOLKSBANK,
    ),
)


def read_other(line: LineField, parts: Sequence[str]) -> Told:
    """A bank that is not in the table: by the shape of the text alone."""
    raw = "".join(parts)
    if _SLASHED.search(raw):
        return read_slashed(line, parts)
    return read_sub_fields(line, parts)


def find_dialect(message: Message) -> Dialect:
    """The first dialect that recognises the statement; one for all others else."""
    return next((one for one in DIALECTS if one.is_it(message)), OTHER)


OTHER: Final = Dialect("other", lambda _: True, read_other)
