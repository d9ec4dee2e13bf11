"""Hold the words of a veertiendagenbrief against the law before they go out."""

from collections.abc import Iterator
from datetime import date
from typing import cast

from tijdig.core.law.letter_check import LetterFacts, VoidGround, check_letter
from tijdig.core.letter_steps import compute_days_of_letter
from tijdig.core.policy import Channel
from tijdig.core.problem import Refusal
from tijdig.messaging.composition import Composition
from tijdig.messaging.document import Document
from tijdig.messaging.labels import LABELS, clean_line
from tijdig.messaging.layout import lay_out_text
from tijdig.messaging.texts import write_document
from tijdig.messaging.wording import invoice_label, language_of, list_contact_details, reach_facts


def refuse_void_letter(
    composition: Composition, *, channel: str, in_default_from: date | None
) -> None:
    """Refuses a letter that would bring no costs, with every reason; else nothing happens.

    Law: BW 6:96 lid 6-7, ECLI:NL:HR:2016:2704.
    """
    document = write_document(composition, for_letter=channel == "letter")
    grounds = find_void_grounds(
        document, composition, channel=channel, in_default_from=in_default_from
    )
    if grounds:
        raise Refusal(
            "Deze veertiendagenbrief is niet geldig en gaat niet weg. "
            + " ".join(ground.because.nl for ground in grounds),
            "This fourteen-day letter is void and does not go out. "
            + " ".join(ground.because.en for ground in grounds),
        )


def find_grounds_of_sent(
    said: str, composition: Composition, *, channel: str
) -> tuple[VoidGround, ...]:
    """Every reason why a letter that went out with these words brings no costs.

    That default had begun was checked before it went.
    """
    return _check(said, composition, channel=channel, in_default_from=composition.written_on)


def find_void_grounds(
    document: Document, composition: Composition, *, channel: str, in_default_from: date | None
) -> tuple[VoidGround, ...]:
    """Every reason why a letter with these words would bring no costs; none when it is right."""
    said = f"{document.subject}\n\n{lay_out_text(document)}"
    return _check(said, composition, channel=channel, in_default_from=in_default_from)


def _check(
    said: str, composition: Composition, *, channel: str, in_default_from: date | None
) -> tuple[VoidGround, ...]:
    days = compute_days_of_letter(composition.written_on, cast("Channel", channel))
    return check_letter(
        said,
        LetterFacts(
            claims_cents=(composition.total_cents,),
            sent_on=composition.written_on,
            in_default_from=in_default_from,
            last_day_on=days.last_day_on,
            shown_cents=tuple(_list_shown(composition)),
            adds_vat=composition.new_vat_cents > 0,
            names=tuple(_list_names(composition)),
        ),
    )


def _list_shown(composition: Composition) -> Iterator[int]:
    for item in composition.items:
        settled_cents = item.invoiced_cents - item.open_cents
        yield from map(abs, (item.open_cents, item.invoiced_cents, settled_cents))
        yield from (item.aside_cents, abs(settled_cents - item.aside_cents))


def _list_names(composition: Composition) -> Iterator[str]:
    """Who writes and who is written to, as the letter says it, and the lines with which it ends."""
    creditor, addressee = composition.creditor, composition.addressee
    label = invoice_label(composition)
    language = language_of(composition)
    name = clean_line(creditor.name)
    yield from (name, f"{label} van {name}", f"{label} from {name}")
    for one in (creditor.account_name, creditor.acted_for_by, creditor.phone, creditor.email):
        yield clean_line(one)
    yield from map(clean_line, (addressee.name, addressee.contact_name))
    for fact in reach_facts(creditor, LABELS[language]):
        yield f"{fact.label} {fact.value}"
    signed = list_contact_details(composition, for_letter=False)
    yield from (run.text for run in signed.runs if run.text != "\n")
