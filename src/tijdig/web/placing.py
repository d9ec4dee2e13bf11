"""Statements by bare number come in once a person said of which account they are."""

from datetime import date, datetime
from uuid import UUID

from tijdig.banking.actions.matching import MatchCounts
from tijdig.banking.actions.placing import place, place_told
from tijdig.web.receiving import settle


def place_statements(
    account_id: UUID, *, of: UUID | None, today: date, now: datetime, actor: str
) -> MatchCounts:
    """Take them in as of this account, and match what they brought. Refuses: as `place` does."""
    taken = place(account_id, of=of, today=today, now=now, actor=actor)
    return settle([taken, *place_told()], today=today, now=now, actor=actor)
