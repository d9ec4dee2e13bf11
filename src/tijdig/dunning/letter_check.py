"""Hold the words of a veertiendagenbrief against the law before they go out."""

from collections.abc import Iterator
from datetime import date
from typing import cast

from tijdig.core.law.letter_check import LetterFacts, VoidGround, check_letter
from tijdig.core.letter_steps import compute_days_of_letter
from tijdig.core.policy import Channel
from tijdig.core.problem import Refusal
from tijdig.core.references import format_reference
from tijdig.messaging.composition import Composition
from tijdig.messaging.document import Block, Document, FactList, Paragraph
from tijdig.messaging.texts import write_document


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
    said = _without_numbers(said, composition)
    return _check(said, composition, channel=channel, in_default_from=composition.written_on)


def find_void_grounds(
    document: Document, composition: Composition, *, channel: str, in_default_from: date | None
) -> tuple[VoidGround, ...]:
    """Every reason why a letter with these words would bring no costs; none when it is right."""
    said = _say(document, composition)
    return _check(said, composition, channel=channel, in_default_from=in_default_from)


def _check(
    said: str, composition: Composition, *, channel: str, in_default_from: date | None
) -> tuple[VoidGround, ...]:
    shown = {
        abs(cents)
        for item in composition.items
        for cents in (item.open_cents, item.invoiced_cents, item.invoiced_cents - item.open_cents)
    }
    days = compute_days_of_letter(composition.written_on, cast("Channel", channel))
    return check_letter(
        said,
        LetterFacts(
            claims_cents=(composition.total_cents,),
            sent_on=composition.written_on,
            in_default_from=in_default_from,
            last_day_on=days.last_day_on,
            shown_cents=tuple(shown),
            adds_vat=composition.new_vat_cents > 0,
        ),
    )


def _say(document: Document, composition: Composition) -> str:
    """All that the letter says, without the numbers that look like an account and are none."""
    said = "\n\n".join([document.subject, *(_say_block(block) for block in document.blocks)])
    return _without_numbers(said, composition)


def _without_numbers(said: str, composition: Composition) -> str:
    creditor = composition.creditor
    reference = format_reference(composition.payment_reference)
    for number in (reference, creditor.vat_number, *_list_references(composition)):
        said = said.replace(number, "") if number else said
    return said


def _list_references(composition: Composition) -> Iterator[str]:
    for item in composition.items:
        yield from (item.number, item.order_reference, item.customer_reference)


def _say_block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return "".join(run.text for run in block.runs)
    if isinstance(block, FactList):
        return "\n".join(f"{fact.label}: {fact.value}." for fact in block.facts)
    rows = ["; ".join((*row.cells, row.note)) for row in block.rows]
    return "\n".join((*rows, f"{block.total.label}: {block.total.value}."))
