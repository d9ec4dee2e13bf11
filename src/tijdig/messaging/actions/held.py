"""What is held and why: before a run is judged, for an answer, by a person, by a guard."""

from uuid import UUID

from tijdig.core.facts import FOR_CREDITOR
from tijdig.messaging.models import Message
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# Planned by a run that was not judged yet: a run that is killed before leaves nothing to send.
JUDGING = "judging"
HALTED = "halted"
# Held for a person, one by one; what a halted run holds is answered as a whole.
HELD_ONE_BY_ONE = ("taken_back", "cannot_be_written", FOR_CREDITOR)

_MOVE = """
UPDATE tijdig_message SET state = %s, reason = %s
WHERE administration_id = %s AND state = 'held' AND reason = %s
RETURNING debtor_id
"""


def let_go(reason: str) -> list[UUID]:
    """What was held for this reason is planned again, and decided again; whom it is for."""
    return _move(Message.State.PLANNED, "", held_for=reason)


def cancel_held_for(held_for: str, *, reason: str) -> list[UUID]:
    """What was held for one reason goes no more, for another; whom it was for."""
    return _move(Message.State.CANCELLED, reason, held_for=held_for)


def hold_over(held_for: str, reason: str) -> int:
    """What was held for one reason is held for another from now on; how many."""
    return len(_move(Message.State.HELD, reason, held_for=held_for))


def _move(state: str, reason: str, *, held_for: str) -> list[UUID]:
    told = [state, reason, active_administration(), held_for]
    return [row[0] for row in execute(_MOVE, told).fetchall()]
