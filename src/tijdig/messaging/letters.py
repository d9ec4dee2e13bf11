"""Turns compositions into letters: tagged PDF for window envelopes, with a payment QR code."""

import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, time
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings
from font_source_sans_pro import font_directory

from tijdig.core.problem import Refusal
from tijdig.core.references import is_valid_rf
from tijdig.messaging.composition import Addressee, Composition
from tijdig.messaging.document import Block, Document, Fact, FactList, Paragraph, Run, Table
from tijdig.messaging.labels import LABELS, clean_line, write_date
from tijdig.messaging.payment_qr import LONGEST_NAME, draw_qr, write_epc_contents
from tijdig.messaging.texts import write_document
from tijdig.messaging.wording import invoice_label, language_of, reach_facts

# Typst keeps its last ten documents: ten of 25 letters stay well under half a gigabyte.
MOST_LETTERS = 25
_TEMPLATE = Path(__file__).resolve().parent.parent / "templates" / "letters" / "letter.typ"
_STANDARD: Literal["ua-1"] = "ua-1"
_FONT_FILES = ("SourceSansPro-Regular.otf", "SourceSansPro-Bold.otf")
_LONGEST_WORD = 40
_BREAK_HERE = "\u200b"
_QR_WORDS = {
    "nl": (
        "QR-code met de gegevens om te betalen",
        "Scan deze code met de app van uw bank. Lukt dat niet? Neem dan de gegevens links over.",
        ("Pagina", "van"),
    ),
    "en": (
        "QR code with the payment details",
        "Scan this code with the app of your bank. Does it not work? Use the details on the left.",
        ("Page", "of"),
    ),
}
_threads = threading.local()


def render_letter(composition: Composition) -> bytes:
    """One letter as PDF/UA-1; the same composition gives the same bytes.

    Refuses: what `write_document` and `write_epc_contents` refuse.
    """
    return render_letters((composition,))


def render_letters(compositions: Sequence[Composition]) -> bytes:
    """Several letters as one PDF, each numbering its own pages: for one print job.

    Refuses: no letters, more than `MOST_LETTERS`, and what `render_letter` refuses.
    """
    if not 1 <= len(compositions) <= MOST_LETTERS:
        raise Refusal(
            f"Een afdruk bevat 1 tot {MOST_LETTERS} brieven. Maak meer afdrukken.",
            f"A print job holds 1 to {MOST_LETTERS} letters. Make more print jobs.",
        )
    stack = describe_stack(compositions)
    written_on = max(composition.written_on for composition in compositions)
    written_at = datetime.combine(written_on, time(), tzinfo=UTC)
    return _compile({"stack": json.dumps(stack, ensure_ascii=False)}, written_at)


def describe_stack(compositions: Sequence[Composition]) -> dict[str, Any]:
    """What the template gets: plain strings and lists, ready to print."""
    letters = [_describe_letter(composition) for composition in compositions]
    first = letters[0]
    several = {"nl": f"{len(letters)} brieven", "en": f"{len(letters)} letters"}
    written_on = max(composition.written_on for composition in compositions)
    return {
        "title": first["subject"] if len(letters) == 1 else several[first["language"]],
        "author": first["sender"],
        "language": first["language"],
        "year": written_on.year,
        "month": written_on.month,
        "day": written_on.day,
        "letters": letters,
    }


def payment_qr_contents(composition: Composition) -> str:
    """What the QR code of this composition says.

    A reference that is no ISO 11649 reference, and what the payment is for when there is none,
    go in as free text. Refuses: what `write_epc_contents` refuses.
    """
    creditor = composition.creditor
    reference = composition.payment_reference
    structured = reference if is_valid_rf(reference) else ""
    number = clean_line(composition.addressee.number, limit=35)
    return write_epc_contents(
        account_name=clean_line(creditor.account_name or creditor.name, limit=LONGEST_NAME),
        iban=creditor.iban,
        amount_cents=composition.total_cents,
        reference=structured,
        text="" if structured else reference or f"{invoice_label(composition)} {number}",
    )


def _describe_letter(composition: Composition) -> dict[str, Any]:
    language = language_of(composition)
    document = write_document(composition, for_letter=True)
    creditor = composition.creditor
    town = f"{creditor.postal_code} {creditor.city}"
    contact = [f"{fact.label} {fact.value}" for fact in reach_facts(creditor, LABELS[language])]
    sender_lines = (creditor.street, town, *contact[:2], creditor.website, *contact[2:])
    city = clean_line(creditor.city)
    day = write_date(composition.written_on, language)
    alt, caption, page_words = _QR_WORDS[language]
    return {
        "language": language,
        "sender": _print(clean_line(creditor.name)),
        "sender_lines": [_print(line) for line in map(clean_line, sender_lines) if line],
        "address": [_print(line) for line in write_address(composition.addressee)],
        "place_and_date": _print(f"{city}, {day}" if city else day),
        "subject": _print(document.subject),
        "blocks": list(_describe_blocks(document)),
        "qr": draw_qr(payment_qr_contents(composition)),
        "qr_alt": alt,
        "qr_caption": caption,
        "page_words": page_words,
    }


def write_address(addressee: Addressee) -> tuple[str, ...]:
    """The lines in the window: name, contact, street, town; the country code abroad."""
    attention = "Attn." if addressee.language.startswith("en") else "T.a.v."
    contact = clean_line(addressee.contact_name)
    country = clean_line(addressee.country).upper()
    town = (clean_line(addressee.postal_code), clean_line(addressee.city))
    lines = (
        clean_line(addressee.name),
        f"{attention} {contact}" if contact not in ("", clean_line(addressee.name)) else "",
        clean_line(addressee.street),
        # Two spaces between postal code and town: how the Dutch post asks for it.
        "  ".join(filter(None, town)),
        "" if country == "NL" else country,
    )
    return tuple(filter(None, lines))


def _describe_blocks(document: Document) -> Iterator[dict[str, Any]]:
    for kind, group in groupby(document.blocks, key=_kind):
        if kind == "item":
            items = [_describe_runs(block.runs) for block in group if isinstance(block, Paragraph)]
            yield {"kind": "items", "items": items}
        else:
            yield from map(_describe_block, group)


def _kind(block: Block) -> str:
    return "table" if isinstance(block, Table) else block.kind


def _describe_block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": block.kind, "runs": _describe_runs(block.runs)}
    if isinstance(block, FactList):
        return {"kind": block.kind, "facts": [_describe_fact(fact) for fact in block.facts]}
    rows = [{"cells": [*map(_print, row.cells)], "note": _print(row.note)} for row in block.rows]
    return {
        "kind": "table",
        "table": {
            "header": [*map(_print, block.header)],
            "rows": rows,
            "total": _describe_fact(block.total),
        },
    }


def _describe_runs(runs: tuple[Run, ...]) -> list[dict[str, Any]]:
    return [{"text": _print(run.text), "strong": run.strong} for run in runs]


def _describe_fact(fact: Fact) -> dict[str, Any]:
    return {"label": _print(fact.label), "value": _print(fact.value), "strong": fact.strong}


def _print(text: str) -> str:
    """Text that the fonts can show, whose amounts stay whole and whose long words can break."""
    if not text.isascii():
        text = "".join(
            character if character < "\u0250" or _can_show(character) else "?"
            for character in text.replace("€ ", "€\u00a0")
        )
    if len(text) > _LONGEST_WORD:
        text = " ".join(map(_make_breakable, text.split(" ")))
    return text


def _make_breakable(word: str) -> str:
    if len(word) <= _LONGEST_WORD:
        return word
    starts = range(0, len(word), _LONGEST_WORD)
    return _BREAK_HERE.join(word[at : at + _LONGEST_WORD] for at in starts)


@lru_cache(maxsize=8192)
def _can_show(character: str) -> bool:
    """Whether a font has the character; PDF/UA allows none without."""
    source = '#set document(title: "x")\n#set text(font: "Source Sans Pro")\n#sys.inputs.text'
    probe = typst.Compiler(source.encode(), font_paths=_fonts(), ignore_system_fonts=True)
    try:
        probe.compile(sys_inputs={"text": character}, format="pdf", pdf_standards=_STANDARD)
    except typst.TypstError:
        return False
    return True


def _compile(inputs: dict[str, str], written_at: datetime) -> bytes:
    pdf = _compiler().compile(
        sys_inputs=inputs, format="pdf", pdf_standards=_STANDARD, timestamp=written_at
    )
    if not isinstance(pdf, bytes):
        raise TypeError("Typst gave no single PDF")
    return pdf


def _compiler() -> typst.Compiler:
    """One per thread: a shared one fails when two threads use it at once."""
    compiler = getattr(_threads, "compiler", None)
    if compiler is None:
        compiler = typst.Compiler(
            _TEMPLATE, root=_TEMPLATE.parent, font_paths=_fonts(), ignore_system_fonts=True
        )
        _threads.compiler = compiler
    return compiler


@cache
def _fonts() -> typst.Fonts:
    """Only the files we use: the wheel holds each twice, and which one wins differs by disk.

    The links to them stay in the data folder: what is killed leaves nothing to be cleaned up.
    """
    where = hashlib.sha256(str(font_directory).encode()).hexdigest()[:16]
    folder: Path = settings.HOME / "fonts" / where
    folder.mkdir(parents=True, exist_ok=True)
    for name in _FONT_FILES:
        # Another process may make it at this moment: it leads to the same file.
        with suppress(FileExistsError):
            (folder / name).symlink_to(Path(font_directory) / name)
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
