"""What the demo says when it is ready: what was made, what today's run did, and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from tijdig.core.money import format_count
from tijdig.demo.errands import find_first_address
from tijdig.demo.living import Books
from tijdig.demo.past import STEP_REASONS, Past, open_books
from tijdig.demo.world import World
from tijdig.dunning.queries.pages import find_decision, list_open_calls
from tijdig.dunning.queries.reasons import count_in_words
from tijdig.ledger.queries.cards import find_debtor
from tijdig.tenants.scope import administration_scope

_SHOWN_PER_BOOKS = 2
_CALLS_LOOKED_AT = 50


def tell_past(pasts: Sequence[Past]) -> Iterator[str]:
    """The totals of the whole history."""
    calls = sum(past.calls_made for past in pasts)
    yield (
        f"{format_count(len(pasts), 'administratie', 'administraties')}, "
        f"{format_count(sum(past.files for past in pasts), 'bestand', 'bestanden')} ingelezen, "
        f"{format_count(sum(past.runs for past in pasts), 'run', 'runs')}, "
        f"{format_count(sum(past.mails for past in pasts), 'e-mail', 'e-mails')} in het postvak, "
        f"{format_count(calls, 'telefoontje', 'telefoontjes')} gedaan."
    )
    refused = [problem for past in pasts for problem in past.refused]
    if refused:
        first = refused[0]
        count = format_count(len(refused), "regel", "regels")
        yield f"Geweigerd: {count}. De eerste: {first.file}: {first.because.nl}"


def tell_today(world: World, pasts: Sequence[Past], *, folder: Path) -> Iterator[str]:
    """What the run of the last day did: counts by reason, then some debtors with the reason."""
    because: Counter[str] = sum((past.because for past in pasts), Counter())
    planned = sum(past.last_day.planned for past in pasts)
    yield f"De run van {world.anchor_on:%d-%m-%Y}: {format_count(planned, 'stap', 'stappen')}."
    for reason, count in count_in_words(because):
        yield f"  {count:5d}  {reason.nl}"
    yield "Enkele daarvan, met de reden:"
    for past, creditor in zip(pasts, world.creditors, strict=True):
        books = open_books(world, creditor, folder)
        lines = list(_tell_steps(books, past, today=world.anchor_on))[:_SHOWN_PER_BOOKS]
        yield from (f"  {creditor.name}, {line}" for line in lines)


def count_today(pasts: Sequence[Past]) -> dict[str, int]:
    """How many messages and calls the last day's run planned, by reason."""
    because: Counter[str] = sum((past.because for past in pasts), Counter())
    return {reason: because[reason] for reason in STEP_REASONS}


def _tell_steps(books: Books, past: Past, *, today: date) -> Iterator[str]:
    """Who got what on this day, in the words of the decision."""
    by_address = {one.email: one.number for one in books.creditor.debtors if one.email}
    written_to = [
        by_address.get(find_first_address(mail.recipient), "") for mail in past.last_day.mails
    ]
    with administration_scope(books.administration_id):
        called = [
            row.debtor_number
            for row in list_open_calls(limit=_CALLS_LOOKED_AT)
            if row.asked_on == today
        ]
        for number in dict.fromkeys([*called, *sorted(written_to)]):
            debtor = find_debtor(number)
            decision = find_decision(debtor.id, on=today) if debtor else None
            if debtor and decision and decision.outcome != "nothing":
                yield f"{debtor.name}: {decision.because_nl}"
