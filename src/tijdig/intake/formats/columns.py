"""Which column of a list means what: proposed from its words, or as a person said before."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tijdig.core.problem import Refusal, Sentence
from tijdig.intake.formats.column_words import LABELS, UNUSED, WORDS
from tijdig.intake.formats.date_styles import read_dates
from tijdig.intake.formats.styles import DATE_STYLES, DECIMAL_STYLES, DateStyle, DecimalStyle

_PLACES = {word: (field, rank) for field, words in WORDS.items() for rank, word in enumerate(words)}
_EURO_TAILS = ("ineuro", "ineur", "euro", "eur")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column stands for which field, and the styles that a person has confirmed.

    `columns` holds pairs (field, column header); the fields are the keys of `LABELS`. An empty
    style means: decide from the column. `as_dict` is for JSON, to be kept under `source_key`.
    """

    columns: tuple[tuple[str, str], ...]
    decimal_style: DecimalStyle | None = None
    date_style: DateStyle | None = None

    def as_dict(self) -> dict[str, object]:
        """The mapping as JSON knows it; `from_dict` reads it back."""
        return {
            "columns": dict(self.columns),
            "decimal_style": self.decimal_style or "",
            "date_style": self.date_style or "",
        }

    @classmethod
    def from_dict(cls, stored: dict[str, object]) -> "Mapping":
        """The mapping that `as_dict` wrote. Refuses: MappingUnusable for anything else."""
        columns = stored.get("columns")
        decimal_style = stored.get("decimal_style") or None
        date_style = stored.get("date_style") or None
        if (
            not isinstance(columns, dict)
            or not all(x in LABELS and isinstance(y, str) for x, y in columns.items())
            or decimal_style not in (None, *DECIMAL_STYLES)
            or date_style not in (None, *DATE_STYLES)
        ):
            raise MappingUnusable
        return cls(tuple(columns.items()), decimal_style, date_style)


class MappingUnusable(Refusal):
    """A remembered mapping that this version cannot read."""

    def __init__(self) -> None:
        super().__init__(
            "De bewaarde kolomindeling is niet leesbaar. Geef opnieuw aan welke kolom wat is.",
            "The remembered columns cannot be read. Please state again which column is which.",
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the words of a header row say, and what a person should know about it."""

    mapping: Mapping
    warnings: tuple[Sentence, ...]


def normalise(header: str) -> str:
    """A header without case, accents, blanks and punctuation: `Factuur-nr.` is `factuurnr`."""
    plain = unicodedata.normalize("NFKD", header).casefold()
    return "".join(x for x in plain if x.isascii() and x.isalnum())


def source_key(headers: Iterable[str]) -> str:
    """The same 32 hexadecimals for the same set of columns, in whatever order and writing."""
    names = sorted({normalise(x) for x in headers} - {""})
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:32]


def count_recognised(cells: Iterable[object]) -> int:
    """How many different fields a row of cells names: the highest is the header row."""
    places = (_place(x) for x in cells if isinstance(x, str) and len(x) < 60)
    return len({x[0] for x in places if x})


def states_euro(header: str) -> bool:
    """Whether a header says that its amounts are euros, whatever the invoice's currency is."""
    name = normalise(header)
    return "€" in header or name.endswith((*_EURO_TAILS, "dc"))


def propose_mapping(headers: Sequence[str], samples: Sequence[Sequence[object]]) -> Proposal:
    """The columns that the words point to; of two that fit, the most specific, with a warning.

    `samples` are some rows below the header: they tell a debtor's number from his name.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for at, header in enumerate(headers):
        place = _place(header)
        if place:
            found.setdefault(place[0], []).append((place[1], at))
    chosen = {x: headers[min(ranked)[1]] for x, ranked in found.items()}
    warnings = [
        _several(x, chosen[x], [headers[at] for _, at in sorted(ranked)])
        for x, ranked in found.items()
        if len(ranked) > 1 and x not in UNUSED and x != "party"
    ]
    if "party" in found:
        at = min(found["party"])[1]
        del chosen["party"]
        chosen.setdefault(_party_field(chosen, [row[at] for row in samples]), headers[at])
    if "number" not in chosen and "entry_number" in chosen:
        chosen["number"] = chosen.pop("entry_number")
        warnings.append(_entry_number_used(chosen["number"]))
    if not {"due_on", "term_days"} & set(chosen) and not _missing(set(chosen)):
        unknown = [at for at, header in enumerate(headers) if header and not _place(header)]
        dated = [headers[at] for at in unknown if _holds_dates([row[at] for row in samples])]
        warnings += [_due_date_unknown(dated)] if dated else []
    return Proposal(Mapping(tuple(chosen.items())), tuple(warnings))


def locate(mapping: Mapping, headers: Sequence[str]) -> dict[str, int]:
    """Field -> position of its column, for the columns of the mapping that the file has."""
    positions: dict[str, int] = {}
    for at, header in enumerate(headers):
        positions.setdefault(normalise(header), at)
    return {
        field: positions[normalise(header)]
        for field, header in mapping.columns
        if normalise(header) in positions
    }


def check_columns(mapping: Mapping, headers: Sequence[str]) -> list[Sentence]:
    """Why a file with these headers cannot be read; empty when it can."""
    names = [normalise(x) for x in headers]
    wanted = {normalise(x): x for field, x in mapping.columns if field not in UNUSED}
    refusals = [_twice(header) for name, header in wanted.items() if names.count(name) > 1]
    gone = [header for name, header in wanted.items() if name not in names]
    if gone:
        refusals.append(_gone(gone, headers))
    missing = _missing(set(locate(mapping, headers)))
    if missing and not gone:
        refusals.append(_lacking(missing, headers))
    return refusals


def _place(header: str) -> tuple[str, int] | None:
    name = normalise(header)
    if name in _PLACES:
        return _PLACES[name]
    for tail in _EURO_TAILS:
        if name.endswith(tail) and name[: -len(tail)] in _PLACES:
            return _PLACES[name[: -len(tail)]]
    return None


def _party_field(chosen: dict[str, str], cells: Sequence[object]) -> str:
    """A column `Debiteur` holds names, unless a name column stands beside it or it has digits."""
    if "debtor_name" in chosen:
        return "debtor_number"
    if "debtor_number" in chosen:
        return "debtor_name"
    filled = [str(x) for x in cells if x != ""]
    numbers = bool(filled) and not any(c.isalpha() for x in filled for c in x)
    return "debtor_number" if numbers else "debtor_name"


def _holds_dates(cells: Sequence[object]) -> bool:
    """Whether all that is filled in is a day, written as one; bare digits may be anything."""
    filled = [x for x in cells if x not in ("", None)]
    bare = any(isinstance(x, int | float) or str(x).strip().isdigit() for x in filled)
    return bool(filled) and not bare and not read_dates({"": filled}, style=None)[""].refused


def _missing(fields: set[str]) -> list[tuple[str, str]]:
    """What a list of open items cannot do without, and this one has not: labels, two languages."""
    needs = (
        ({"number"}, LABELS["number"]),
        ({"issued_on", "due_on"}, ("factuurdatum of vervaldatum", "invoice date or due date")),
        (
            {"open", "total", "debit", "credit"},
            ("openstaand bedrag of factuurbedrag", "open amount or invoice amount"),
        ),
        (
            {"debtor_name", "debtor_number"},
            ("debiteurnaam of debiteurnummer", "debtor name or debtor number"),
        ),
    )
    return [label for any_of, label in needs if not any_of & fields]


def _quoted(headers: Iterable[str]) -> str:
    names = [f"‘{x[:40]}’" for x in headers if x.strip()]
    return ", ".join(names[:40]) + (" …" if len(names) > 40 else "")


def _several(field: str, chosen: str, headers: list[str]) -> Sentence:
    nl, en = LABELS[field]
    return Sentence(
        f"Meer dan één kolom past bij {nl}: {_quoted(headers)}. Gebruikt is ‘{chosen}’. "
        "Klopt dat niet, kies dan zelf de kolom.",
        f"More than one column fits the {en}: {_quoted(headers)}. Used is ‘{chosen}’. "
        "If that is wrong, choose the column yourself.",
    )


def _entry_number_used(header: str) -> Sentence:
    return Sentence(
        f"Er is geen kolom met factuurnummers. Als factuurnummer is ‘{header}’ gebruikt.",
        f"There is no column of invoice numbers. ‘{header}’ is used as the invoice number.",
    )


def _due_date_unknown(headers: list[str]) -> Sentence:
    which = _quoted(headers)
    return Sentence(
        f"Er is geen kolom met een vervaldatum herkend. Wel staan er datums onder {which}. "
        "Zijn dat de vervaldatums, geef dat dan bij het inlezen aan.",
        f"No column of due dates was recognised. There are dates under {which}. "
        "If those are the due dates, state so when importing.",
    )


def _twice(header: str) -> Sentence:
    return Sentence(
        f"De kolom ‘{header}’ staat meer dan één keer in het bestand. Het is dus niet zeker "
        "welke geldt. Geef de kolommen verschillende namen en lees het bestand opnieuw in.",
        f"The column ‘{header}’ stands in the file more than once, so it is not certain which one "
        "counts. Give the columns different names and import the file again.",
    )


def _gone(gone: list[str], headers: Sequence[str]) -> Sentence:
    return Sentence(
        f"Deze kolommen worden verwacht, maar staan niet in het bestand: {_quoted(gone)}. "
        f"Wel gevonden: {_quoted(headers)}. Geef opnieuw aan welke kolom wat is.",
        f"These columns are expected but are not in the file: {_quoted(gone)}. "
        f"Found: {_quoted(headers)}. Please state again which column is which.",
    )


def _lacking(missing: list[tuple[str, str]], headers: Sequence[str]) -> Sentence:
    return Sentence(
        f"In dit bestand ontbreekt een kolom voor: {'; '.join(x[0] for x in missing)}. "
        f"Gevonden kolommen: {_quoted(headers) or 'geen'}. Voeg de kolom toe aan de export, "
        "of geef bij het inlezen aan welke kolom het is.",
        f"This file lacks a column for: {'; '.join(x[1] for x in missing)}. "
        f"Columns found: {_quoted(headers) or 'none'}. Add the column to the export, "
        "or state when importing which column it is.",
    )
