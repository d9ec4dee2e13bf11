"""What a person says of a source of lists: no more come of it, or they do after all."""

from datetime import date, datetime
from uuid import UUID

from tijdig.core.problem import Refusal
from tijdig.intake.models import Source
from tijdig.timeline.actions import Happened, record


def end(source_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """No more lists of it come: the run waits for it no longer, and a next list undoes that.

    What is open by its last list stays so until the bank says that it was paid.
    Refuses: a source that is not there, or has ended.
    """
    ended = Source.objects.filter(id=source_id, ended_on=None).update(ended_on=today)
    _tell("source_ended", source_id, is_done=bool(ended), today=today, now=now, actor=actor)


def go_on(source_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """Lists of it come after all. Refuses: a source that is not there, or has not ended."""
    over = Source.objects.filter(id=source_id, ended_on__isnull=False).update(ended_on=None)
    _tell("source_goes_on", source_id, is_done=bool(over), today=today, now=now, actor=actor)


def _tell(
    kind: str, source_id: UUID, *, is_done: bool, today: date, now: datetime, actor: str
) -> None:
    if not is_done:
        raise Refusal(
            "Dit is al gezegd, of deze lijst is er niet. Laad de pagina opnieuw.",
            "This was said already, or there is no such list. Load the page again.",
        )
    happened = Happened(kind, "source", source_id, None)
    record([happened], today=today, now=now, actor=actor)
