"""Which kinds of file are taken in: the one list from which pages, commands and refusals tell."""

from dataclasses import dataclass
from typing import Final

from tijdig.core.problem import Sentence


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: what people call it, and the formats in which an import may be kept."""

    words: Sentence
    formats: tuple[str, ...]


FILE_KINDS: Final = (
    FileKind(
        Sentence("facturen en creditnota's (UBL)", "invoices and credit notes (UBL)"), ("ubl",)
    ),
    FileKind(
        Sentence("lijsten van openstaande posten (CSV, XLSX)", "lists of open items (CSV, XLSX)"),
        ("csv", "xlsx"),
    ),
    FileKind(
        Sentence(
            "bankafschriften en -overzichten (camt.052, camt.053, camt.054, MT940, MT942, "
            "CSV van ING)",
            "bank statements and reports (camt.052, camt.053, camt.054, MT940, MT942, ING's CSV)",
        ),
        ("camt052", "camt053", "camt054", "mt940", "mt942", "ing_csv"),
    ),
    FileKind(
        Sentence(
            "opdrachten die u de bank gaf (pain.001, pain.008)",
            "orders that you gave to the bank (pain.001, pain.008)",
        ),
        ("pain001", "pain008"),
    ),
    FileKind(
        Sentence(
            "antwoorden van de bank op incasso's (pain.002)",
            "a bank's answers to collections (pain.002)",
        ),
        ("pain002",),
    ),
    FileKind(
        Sentence("lijsten van machtigingen (CSV, XLSX)", "lists of mandates (CSV, XLSX)"),
        ("mandates",),
    ),
)


def say_accepted() -> Sentence:
    """All kinds in a row, with zip files; fits after a colon and before a full stop."""
    nl = "; ".join(kind.words.nl for kind in FILE_KINDS)
    en = "; ".join(kind.words.en for kind in FILE_KINDS)
    return Sentence(f"{nl}; dit alles ook in een zip", f"{en}; all of these in a zip too")
