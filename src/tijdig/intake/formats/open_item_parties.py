"""The debtor on each row of a list of open items, read once per debtor."""

import re
from collections.abc import Mapping as Pairs
from collections.abc import Sequence

from stdnum import iban
from stdnum.eu import vat

from tijdig.core.email_addresses import is_email_address
from tijdig.core.problem import Sentence
from tijdig.intake.formats.row_log import RowLog
from tijdig.intake.formats.styles import clip
from tijdig.intake.records import DebtorKind, Party

PARTY_FIELDS = (
    "debtor_name", "debtor_number", "email", "phone", "mobile", "contact_name", "street",
    "house_number", "postal_code", "city", "country", "kvk_number", "vat_number", "oin", "iban",
    "debtor_kind", "kind",
)  # fmt: skip
# How much of a text the ledger can hold; a longer one is cut, and that is said.
_LONGEST = {
    "phone": 30, "mobile": 30, "contact_name": 200, "street": 200, "postal_code": 12, "city": 100,
}  # fmt: skip
_LONGEST_CODE = 60
_LONGEST_EMAIL = 254
_KIND_WORDS: tuple[tuple[DebtorKind, str], ...] = (
    ("consumer", "particulier particulieren consument privé prive privépersoon b2c consumer"),
    ("business", "zakelijk bedrijf bedrijven onderneming business company b2b"),
    ("public_body", "overheid overheidsinstelling gemeente b2g government public_body"),
)
_KINDS = {word: kind for kind, words in _KIND_WORDS for word in words.split()}
_COUNTRIES = {
    name: code
    for code, names in {
        "NL": "nederland netherlands holland nld",
        "BE": "belgië belgie belgium belgique bel",
        "DE": "duitsland germany deutschland deu",
        "FR": "frankrijk france fra",
        "LU": "luxemburg luxembourg lux",
        "GB": "engeland vk uk gbr",
        "ES": "spanje spain españa esp",
        "IT": "italië italie italy ita",
        "AT": "oostenrijk austria aut",
        "CH": "zwitserland switzerland che",
        "PL": "polen poland pol",
        "DK": "denemarken denmark dnk",
        "SE": "zweden sweden swe",
        "IE": "ierland ireland irl",
        "PT": "portugal prt",
    }.items()
    for name in names.split()
}


def read_parties(columns: Pairs[str, Sequence[str]], log: RowLog) -> list[Party]:
    """The debtor of each row; equal cells give the same `Party`, its warnings are said once.

    Business only by a KvK or VAT number or by the file's own word; what is not valid (e-mail
    address, numbers, IBAN, country) is left out with a warning.
    """
    fields = [x for x in PARTY_FIELDS if x in columns]
    known: dict[tuple[str, ...], Party] = {}
    parties: list[Party] = []
    for row, cells in enumerate(zip(*(columns[x] for x in fields), strict=True)):
        party = known.get(cells)
        if party is None:
            party = known[cells] = _make_party(dict(zip(fields, cells, strict=True)), row, log)
        parties.append(party)
    return parties


def _make_party(cells: dict[str, str], row: int, log: RowLog) -> Party:
    for field, longest in _LONGEST.items():
        if len(cells.get(field, "")) > longest:
            log.warn(row, _cut_short(cells[field], longest), about=field)
            cells[field] = cells[field][:longest]
    kvk_number = _read_digits(cells, "kvk_number", 8, row, log)
    oin = _read_digits(cells, "oin", 20, row, log)
    vat_number = _read_vat(cells.get("vat_number", ""), row, log)
    street = f"{cells.get('street', '')} {cells.get('house_number', '')}".strip()
    account = _read_iban(cells.get("iban", ""), row, log)
    return Party(
        name=cells.get("debtor_name", ""),
        number=cells.get("debtor_number", ""),
        kind=_read_kind(cells, oin, kvk_number or vat_number),
        kvk_number=kvk_number,
        vat_number=vat_number,
        oin=oin,
        email=_read_email(cells.get("email", ""), row, log),
        phone=cells.get("phone", "") or cells.get("mobile", ""),
        contact_name=cells.get("contact_name", ""),
        street=street,
        postal_code=cells.get("postal_code", ""),
        city=cells.get("city", ""),
        country=_read_country(cells.get("country", ""), row, log),
        ibans=(account,) if account else (),
    )


def _read_kind(cells: dict[str, str], oin: str, business_number: str) -> DebtorKind:
    """The file's own word first, then what the numbers prove."""
    for field in ("debtor_kind", "kind"):
        stated = _KINDS.get(cells.get(field, "").casefold())
        if stated:
            return stated
    if oin:
        return "public_body"
    return "business" if business_number else "unknown"


def _read_digits(cells: dict[str, str], field: str, length: int, row: int, log: RowLog) -> str:
    """A number of exactly so many digits, or nothing."""
    text = cells.get(field, "")
    digits = text.replace(" ", "").replace(".", "")
    if digits.isascii() and digits.isdigit() and len(digits) == length and digits.strip("0"):
        return digits
    if text:
        nl, en = f"{length} cijfers", f"{length} digits"
        log.warn(row, _left_out(text, nl, en), about=field)
    return ""


def _read_vat(text: str, row: int, log: RowLog) -> str:
    if not text:
        return ""
    try:
        return str(vat.validate(text[:_LONGEST_CODE]))
    except ValueError:
        nl = "in Nederland NL en 12 tekens"
        log.warn(row, _left_out(text, nl, "in the Netherlands NL and 12 characters"),
                 about="vat_number")  # fmt: skip
        return ""


def _read_iban(text: str, row: int, log: RowLog) -> str:
    if not text:
        return ""
    try:
        return str(iban.validate(text[:_LONGEST_CODE]))
    except ValueError:
        log.warn(row, _left_out(text, "een IBAN", "an IBAN"), about="iban")
        return ""


def _read_email(text: str, row: int, log: RowLog) -> str:
    """The first address of the cell; the others are named in a warning.

    What was meant as an address and cannot be one is kept: nothing goes there, and the invoice may
    not have arrived.
    """
    if not text or is_email_address(text):
        return text
    parts = [x.strip() for x in re.split(r"[;,\s]+", text[:1000]) if x.strip()]
    if parts and all(map(is_email_address, parts)):
        log.warn(row, _first_of(parts), about="email")
        return parts[0]
    log.warn(row, _left_out(text, "een e-mailadres", "an e-mail address"), about="email")
    return text if "@" in text and text.isprintable() and len(text) <= _LONGEST_EMAIL else ""


def _read_country(text: str, row: int, log: RowLog) -> str:
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    code = _COUNTRIES.get(text.casefold(), "")
    if text and not code:
        log.warn(row, _left_out(text, "een landcode, bijvoorbeeld NL",
                                "a country code, for example NL"), about="country")  # fmt: skip
    return code


def _left_out(text: str, nl: str, en: str) -> Sentence:
    return Sentence(
        f"{clip(text)} is niet geldig ({nl}). Wij gebruiken het niet.",
        f"{clip(text)} is not valid ({en}). We do not use it.",
    )


def _first_of(addresses: list[str]) -> Sentence:
    return Sentence(
        f"Er staan {len(addresses)} e-mailadressen. Gebruikt is {clip(addresses[0])}.",
        f"There are {len(addresses)} e-mail addresses. Used is {clip(addresses[0])}.",
    )


def _cut_short(text: str, longest: int) -> Sentence:
    return Sentence(
        f"{clip(text)} is langer dan {longest} tekens en is afgekapt.",
        f"{clip(text)} is longer than {longest} characters and was cut short.",
    )
