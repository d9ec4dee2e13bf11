"""Take back what was decided about a bank line, with all who are held by it from then on."""

from datetime import date, datetime
from uuid import UUID

from tijdig.banking.actions import deciding
from tijdig.cases.queries.asked import list_asked
from tijdig.dunning.queries.kept_word import list_whose_word_of_payer
from tijdig.ledger.actions.posting import touch_debtors


def unmatch(line_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """Take a match or a setting aside back, as `deciding.undo` does and refuses.

    The account that it taught is forgotten: whoever promised as much as one of its payments that
    wait is held too, also where a message to him was released already.
    """
    deciding.undo(line_id, asked=list_asked(line_id), today=today, now=now, actor=actor)
    touch_debtors(list_whose_word_of_payer(line_id))
