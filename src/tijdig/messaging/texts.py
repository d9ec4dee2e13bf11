"""Turns a text with placeholders and the facts of a message into what the debtor reads.

The Markdown is parsed while every placeholder is still an inert token; the values go in last,
as text. So no value can become markup, whatever it holds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tijdig.core.problem import Refusal
from tijdig.core.references import is_valid_betalingskenmerk, is_valid_rf
from tijdig.messaging.composition import Composition
from tijdig.messaging.document import Block, Document, Paragraph, Run
from tijdig.messaging.labels import write_date
from tijdig.messaging.layout import lay_out_html, lay_out_text
from tijdig.messaging.payment_qr import is_valid_iban
from tijdig.messaging.wording import (
    is_invoice,
    language_of,
    list_claims,
    list_contact_details,
    list_debit_details,
    list_payment_details,
    list_plan_terms,
    words_of,
)

TEXT_NAMES = (
    "notice",
    "reminder",
    "call",
    "veertiendagenbrief",
    "veertiendagenbrief_copy",
    "last_demand",
    "statement",
    "plan_confirmed",
    "plan_notice",
    "plan_nudge",
    "debit_notice",
    "dispute_accepted",
    "dispute_declined",
    "invoice_again",
    "reminder_again",
    "plan_offer",
    "payment_missing",
)
# What may be said where nothing is left to pay.
_MAY_ASK_NOTHING = frozenset({"dispute_accepted"})
_FOLDER = Path(__file__).resolve().parent.parent / "templates" / "mail"
_SUBJECT = "Subject: "
_LONGEST_SUBJECT = 200
_ALLOWED_TAGS = ("content", "output", "illegal", "if", "unless", "for")
# A token is these two private-use characters around a name; values never hold them.
_OPEN, _CLOSE = "\ue000", "\ue001"


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail: both parts say exactly the same."""

    subject: str
    text: str
    html: str


def render_mail(composition: Composition) -> Mail:
    """The e-mail (or, for the text "call", the script) of a composition.

    Refuses: what `write_document` refuses.
    """
    document = write_document(composition)
    return Mail(document.subject, lay_out_text(document), lay_out_html(document))


def render_letter_text(composition: Composition) -> tuple[str, str]:
    """The subject and the words of a letter, as they are printed.

    Refuses: what `write_document` refuses.
    """
    document = write_document(composition, for_letter=True)
    return document.subject, lay_out_text(document)


def write_document(composition: Composition, *, for_letter: bool = False) -> Document:
    """What the message says, in the addressee's language, with the default text of its name.

    Refuses: an unknown text, nothing to pay, a total that is not the sum of its rows, an invalid
    IBAN or payment reference.
    """
    _check(composition)
    source = load_text(composition.text, language_of(composition))
    return fill_text(source, composition, for_letter=for_letter)


@cache
def load_text(name: str, language: str) -> str:
    """The default text of this name, as Markdown with placeholders. Refuses: an unknown name."""
    if name not in TEXT_NAMES:
        raise Refusal(
            f"De tekst '{name}' bestaat niet. Kies een van: {', '.join(TEXT_NAMES)}.",
            f"There is no text '{name}'. Choose one of: {', '.join(TEXT_NAMES)}.",
        )
    return (_FOLDER / f"{name}.{language}.md").read_text(encoding="utf-8")


def fill_text(source: str, composition: Composition, *, for_letter: bool = False) -> Document:
    """The document that a text gives for this composition.

    Refuses: an unknown placeholder, a filter or a tag that is not allowed, a text without a
    subject, and one that loops or grows without end.
    """
    words = words_of(composition, for_letter=for_letter)
    lists: dict[str, tuple[Block, ...]] = {
        "invoice_table": list_claims(composition),
        "plan_terms": (list_plan_terms(composition),),
        "debit_details": (list_debit_details(composition),),
        "payment_details": (list_payment_details(composition),),
        "contact_details": (list_contact_details(composition, for_letter=for_letter),),
    }
    said = frozenset(name for name, value in words.items() if value)
    subject, paragraphs = _choose(source, frozenset(words) - said, said.union(lists))
    return Document(
        language=language_of(composition),
        subject=f"{_copy_mark(composition)}{_fill(subject, words)}"[:_LONGEST_SUBJECT],
        blocks=(*_explain_copy(composition), *_fill_blocks(paragraphs, words, lists)),
    )


def _copy_mark(composition: Composition) -> str:
    """What stands before the subject of a copy."""
    if composition.copy_of_on is None:
        return ""
    return "Copy: " if language_of(composition) == "en" else "Kopie: "


def _explain_copy(composition: Composition) -> tuple[Block, ...]:
    """Above a copy: of which message it is one, and that only its own term counts."""
    if composition.copy_of_on is None:
        return ()
    language = language_of(composition)
    day = write_date(composition.copy_of_on, language)
    words = {
        "nl": f"Dit is een kopie van ons bericht van {day}. Wij weten niet zeker of u dat kreeg."
        " Dit bericht komt ervoor in de plaats. Alleen de tijd die u hier krijgt, telt.",
        "en": f"This is a copy of our message of {day}. We are not sure that you got it."
        " This message takes its place. Only the time that you get here counts.",
    }
    return (Paragraph("text", (Run(words[language]),)),)


class _Limited(Environment):
    """Liquid with bounds on loops, output, memory and depth."""

    loop_iteration_limit = 1_000
    output_stream_limit = 200_000
    local_namespace_limit = 200_000
    context_depth_limit = 10
    block_nesting_limit = 10


@cache
def _environment() -> Environment:
    environment = _Limited(undefined=StrictUndefined)
    environment.filters.clear()
    for tag in [name for name in environment.tags if name not in _ALLOWED_TAGS]:
        del environment.tags[tag]
    return environment


@lru_cache(maxsize=512)
def _choose(
    source: str, unsaid: frozenset[str], said: frozenset[str]
) -> tuple[str, tuple[Paragraph, ...]]:
    """The subject and the paragraphs for what can be said, tokens still where the words come.

    Which sentences stand hangs on what is said alone, so most compositions share one choice.
    """
    tokens = dict.fromkeys(unsaid, "") | {name: _token(name) for name in said}
    return _parse(_run_liquid(source, tokens))


def _run_liquid(source: str, tokens: Mapping[str, str]) -> str:
    if _OPEN in source or _CLOSE in source:
        raise Refusal(
            "De tekst bevat tekens die niet mogen. Typ de tekst opnieuw.",
            "The text holds characters that are not allowed. Type the text again.",
        )
    try:
        return _template(source).render(**tokens)
    except LiquidError as error:
        raise Refusal(
            f"De tekst klopt niet: {error}. Verbeter de plek die hier staat.",
            f"The text is not right: {error}. Mend the place that is named here.",
        ) from error


@lru_cache(maxsize=256)
def _template(source: str) -> BoundTemplate:
    return _environment().from_string(source)


def _parse(filled: str) -> tuple[str, tuple[Paragraph, ...]]:
    """The subject and the paragraphs, tokens still in them."""
    first, _, body = filled.lstrip().partition("\n")
    if not first.startswith(_SUBJECT) or not first.removeprefix(_SUBJECT).strip():
        raise Refusal(
            "De eerste regel van de tekst moet zijn: 'Subject: ' met het onderwerp erachter.",
            "The first line of the text must be: 'Subject: ' with the subject behind it.",
        )
    return first.removeprefix(_SUBJECT).strip(), tuple(_paragraphs(body))


@cache
def _markdown() -> MarkdownIt:
    # "zero" knows paragraphs only: no HTML, links, images or code can come in.
    return MarkdownIt("zero").enable(["heading", "list", "emphasis", "newline", "escape"])


def _paragraphs(markdown: str) -> Iterator[Paragraph]:
    heading, depth = False, 0
    for token in _markdown().parse(markdown):
        heading = token.type == "heading_open" or (heading and token.type == "inline")
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type == "inline":
            runs = tuple(_runs(token.children or []))
            yield Paragraph("heading" if heading else "item" if depth else "text", runs)


def _runs(children: list[Token]) -> Iterator[Run]:
    strong = 0
    for child in children:
        strong += {"strong_open": 1, "strong_close": -1}.get(child.type, 0)
        if child.type in ("softbreak", "hardbreak"):
            yield Run(" " if child.type == "softbreak" else "\n")
        elif child.content:
            yield Run(child.content, strong=strong > 0)


def _fill_blocks(
    paragraphs: tuple[Paragraph, ...],
    words: Mapping[str, str],
    lists: Mapping[str, tuple[Block, ...]],
) -> Iterator[Block]:
    for paragraph in paragraphs:
        alone = paragraph.runs[0].text.strip(_OPEN + _CLOSE) if len(paragraph.runs) == 1 else ""
        if alone in lists:
            yield from lists[alone]
            continue
        runs = tuple(Run(_fill(run.text, words), run.strong) for run in paragraph.runs)
        yield Paragraph(paragraph.kind, runs)


def _token(name: str) -> str:
    return f"{_OPEN}{name}{_CLOSE}"


def _fill(text: str, words: Mapping[str, str]) -> str:
    """The text with its tokens replaced. Refuses: a list that does not stand alone."""
    literal, *tokens = text.split(_OPEN)
    parts = [literal]
    for token in tokens:
        name, _, literal = token.partition(_CLOSE)
        if name not in words:
            raise Refusal(
                f"Zet {{{{ {name} }}}} in een eigen alinea, met een lege regel ervoor en erna.",
                f"Put {{{{ {name} }}}} in a paragraph of its own, with an empty line around it.",
            )
        parts += (words[name], literal)
    return "".join(parts)


def _check(composition: Composition) -> None:
    items = composition.items
    least_cents = 0 if composition.text in _MAY_ASK_NOTHING else 1
    if composition.total_cents < least_cents or not any(is_invoice(item) for item in items):
        raise Refusal(
            "Er is niets te betalen. Er gaat dus geen bericht uit.",
            "There is nothing to pay. So no message goes out.",
        )
    if composition.total_cents != sum(item.open_cents for item in items):
        raise Refusal(
            "Het totaal is niet de som van de facturen. Maak het bericht opnieuw.",
            "The total is not the sum of the invoices. Make the message again.",
        )
    if not is_valid_iban(composition.creditor.iban):
        raise Refusal(
            "Het rekeningnummer (IBAN) van uw administratie ontbreekt of klopt niet. "
            "Vul het in bij de instellingen.",
            "The account number (IBAN) of your administration is missing or wrong. "
            "Fill it in at the settings.",
        )
    reference = composition.payment_reference
    if reference and not (is_valid_rf(reference) or is_valid_betalingskenmerk(reference)):
        raise Refusal(
            f"Het betalingskenmerk {reference} klopt niet. Maak het bericht opnieuw.",
            f"The payment reference {reference} is not valid. Make the message again.",
        )
