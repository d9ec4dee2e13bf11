"""Store what became of messages: those that were accepted one after another, in one commit.

A commit each would cost more than the mail itself. What waits here stands in the send log already:
who finds the worker dead reads there that it was accepted, and sends nothing again.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from uuid import UUID

from tijdig.messaging.actions.claims import Claimed, settle
from tijdig.messaging.channels.envelope import Outcome
from tijdig.tenants.failpoints import fp
from tijdig.tenants.scope import administration_scope

MOST_TOGETHER = 25
# A server that takes longer is not what a commit is waited for.
QUICK = timedelta(milliseconds=100)


class Settling:
    """Attempts of one worker that are over; `states` counts what was stored."""

    def __init__(self, administration_id: UUID, *, today: date) -> None:
        self._administration_id, self._today = administration_id, today
        self._waiting: list[tuple[Claimed, Outcome]] = []
        self.states: Counter[str] = Counter()

    def add(self, claimed: Claimed, outcome: Outcome, *, took: timedelta, now: datetime) -> None:
        """One more, stored at once unless it was accepted and quick: then with those after it."""
        self._waiting.append((claimed, outcome))
        can_wait = outcome.verdict == "accepted" and took < QUICK
        if not can_wait or len(self._waiting) >= MOST_TOGETHER:
            self.store(now=now)

    def store(self, *, now: datetime) -> None:
        """Store all that waits. What could not be stored waits on."""
        if not self._waiting:
            return
        with administration_scope(self._administration_id):
            self.states.update(settle(self._waiting, today=self._today, now=now))
        self._waiting.clear()
        fp("send.settled")
