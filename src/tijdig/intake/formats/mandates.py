"""Lists of SEPA mandates, as bookkeeping packages and banks export them: CSV and XLSX."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, Literal

from tijdig.core.problem import Problem, Sentence
from tijdig.intake.formats.column_words import WORDS
from tijdig.intake.formats.columns import normalise
from tijdig.intake.formats.date_styles import read_dates
from tijdig.intake.formats.open_item_rows import read_texts
from tijdig.intake.formats.row_log import RowLog
from tijdig.intake.formats.tables import Table, read_csv
from tijdig.intake.formats.workbooks import read_workbook
from tijdig.intake.records import MandateFile, MandateRecord

FORMAT: Final = "mandates"
# Each word as `normalise` leaves it; the first that a file has, wins.
_WORDS: Final = {
    "reference": (
        *WORDS["mandate"],
        *"mandaatid machtigingsnummer machtigingsid mandaatreferentie mandaatref".split(),
        *"mandatereference mandatenumber umr machtiging mandaat mandate kenmerk".split(),
    ),
    "debtor_number": WORDS["debtor_number"],
    "iban": WORDS["iban"],
    "holder": (
        *"tennamevan tnv rekeninghouder naamrekeninghouder accountholder holder".split(),
        *WORDS["debtor_name"],
    ),
    "signed_on": (
        *"getekendop datumondertekening ondertekendop ondertekeningsdatum tekendatum".split(),
        *"datumgetekend handtekendatum datummachtiging machtigingsdatum mandaatdatum".split(),
        *"signedon signaturedate datesigned dateofsignature mandatedate datum date".split(),
    ),
    "scheme": "soortincasso incassosoort soortmachtiging schema scheme incassotype soort".split(),
    "is_one_off": "eenmalig eenmaligemachtiging oneoff soortopdracht sequentie".split(),
}
_NEEDED: Final = ("reference", "debtor_number", "iban", "signed_on")
_LABELS: Final = {
    "reference": ("kenmerk van de machtiging", "mandate reference"),
    "debtor_number": ("debiteurnummer", "debtor number"),
    "iban": ("IBAN", "IBAN"),
    "signed_on": ("getekend op", "signed on"),
}
_B2B: Final = frozenset({"b2b", "zakelijk", "bedrijven", "sddb2b", "zakelijkeincasso"})
_CORE: Final = frozenset({"", "core", "gewoon", "standaard", "sddcore", "consument", "algemeen"})
_YES: Final = frozenset({"ja", "j", "yes", "y", "x", "1", "true", "waar", "eenmalig", "ooff"})


def recognise(headers: Iterable[str]) -> bool:
    """Whether these columns are those of mandates: a reference, an IBAN and a day of signing.

    A list of open items may name mandates too; it has amounts.
    """
    names = {normalise(one) for one in headers}
    amounts = {word for field in ("open", "total", "debit") for word in WORDS[field]}
    wanted = ("reference", "iban", "signed_on")
    return not names & amounts and all(names & set(_WORDS[field]) for field in wanted)


def parse(content: bytes, *, name: str) -> MandateFile:
    """The mandates of a list; every row is a record or a problem.

    Refuses the whole file where it cannot be read, or lacks a column that a mandate needs.
    """
    table = _read_table(content)
    if isinstance(table, Problem):
        return MandateFile(FORMAT, (), (replace(table, file=name),))
    positions = _locate(table.headers)
    problems = [replace(one, file=name) for one in table.problems]
    missing = [field for field in _NEEDED if field not in positions]
    if missing:
        problems.append(Problem(table.header_place, _say_missing(missing), file=name))
        return MandateFile(FORMAT, (), tuple(problems))
    log = RowLog(table, positions, name)
    records = _read_rows(table, positions, log)
    problems += log.problems()
    return MandateFile(FORMAT, tuple(records), tuple(problems))


def _read_table(content: bytes) -> Table | Problem:
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return read_workbook(content, score=_score)
    return read_csv(content, score=_score)


def _score(cells: Sequence[object]) -> int:
    """How many fields of a mandate a row of cells names."""
    return len(_locate([one if isinstance(one, str) else "" for one in cells]))


def _locate(headers: Sequence[str]) -> dict[str, int]:
    names = [normalise(one) for one in headers]
    found: dict[str, int] = {}
    for field, words in _WORDS.items():
        place = next((names.index(word) for word in words if word in names), None)
        if place is not None and place not in found.values():
            found[field] = place
    return found


def _read_rows(table: Table, positions: dict[str, int], log: RowLog) -> list[MandateRecord]:
    columns = {field: [row[at] for row in table.rows] for field, at in positions.items()}
    texts = {
        field: read_texts(cells, field, log)
        for field, cells in columns.items()
        if field != "signed_on"
    }
    days = read_dates({"signed_on": columns["signed_on"]}, style=None)["signed_on"]
    records = []
    for row in range(len(table.rows)):
        cells = {field: column[row].strip() for field, column in texts.items()}
        signed_on = days.days[row]
        scheme = _read_scheme(cells.get("scheme", ""), row, log)
        for field in ("reference", "debtor_number", "iban"):
            if not cells[field]:
                log.refuse(row, _say_empty(field), about=field)
        if signed_on is None:
            log.refuse(row, days.refused.get(row, _say_empty("signed_on")), about="signed_on")
        if row in log.refused or signed_on is None or scheme is None:
            continue
        records.append(_make(cells, signed_on, scheme, place=log.line(row)))
    return records


def _make(
    cells: dict[str, str], signed_on: date, scheme: Literal["core", "b2b"], *, place: str
) -> MandateRecord:
    return MandateRecord(
        reference=cells["reference"],
        debtor_number=cells["debtor_number"],
        iban=cells["iban"].replace(" ", "").upper(),
        holder=cells.get("holder", ""),
        signed_on=signed_on,
        scheme=scheme,
        is_one_off=normalise(cells.get("is_one_off", "")) in _YES,
        place=place,
    )


def _read_scheme(text: str, row: int, log: RowLog) -> Literal["core", "b2b"] | None:
    plain = normalise(text)
    if plain in _B2B:
        return "b2b"
    if plain in _CORE:
        return "core"
    log.refuse(
        row,
        Sentence(
            f"‘{text[:40]}’ is geen soort incasso. Schrijf core of b2b.",
            f"‘{text[:40]}’ is no kind of direct debit. Write core or b2b.",
        ),
        about="scheme",
    )
    return None


def _say_empty(field: str) -> Sentence:
    nl, en = _LABELS[field]
    return Sentence(f"Hier ontbreekt: {nl}. Vul het in.", f"Missing here: {en}. Fill it in.")


def _say_missing(fields: Sequence[str]) -> Sentence:
    nl = ", ".join(_LABELS[one][0] for one in fields)
    en = ", ".join(_LABELS[one][1] for one in fields)
    return Sentence(
        f"In deze lijst van machtigingen ontbreekt een kolom: {nl}. Voeg die toe.",
        f"This list of mandates lacks a column: {en}. Add it.",
    )
