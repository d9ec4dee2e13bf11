"""Whether a collection was announced: by which message, for how much, and since when."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.banking.direct_debits.lines.queries import LineRow
from tijdig.core.direct_debits.planned import DEBIT_STEP_PREFIX
from tijdig.core.problem import Sentence
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# A mail tells on the day on which it was taken, a letter on the day on which it was posted.
_ANNOUNCEMENTS = f"""
SELECT listed.item_id,
       to_date(substring(message.step_key from '^{DEBIT_STEP_PREFIX}([0-9]{{8}})'), 'YYYYMMDD'),
       listed.cents, message.channel, message.state IN ('accepted', 'delivered'),
       CASE WHEN message.channel = 'letter' THEN message.posted_on
            ELSE greatest(message.planned_on,
                          (message.settled_at AT TIME ZONE administration.time_zone)::date) END
FROM tijdig_message message
JOIN tijdig_administration administration ON administration.id = message.administration_id
CROSS JOIN unnest(message.listed_items, message.listed_cents) AS listed (item_id, cents)
WHERE message.administration_id = %s AND message.debtor_id = ANY(%s)
  AND message.step_key LIKE '{DEBIT_STEP_PREFIX}%%'
  AND message.state IN ('accepted', 'delivered', 'bounced_hard', 'bounced_soft')
ORDER BY message.id
"""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What one message said of one collection: `cents` at most, on `collect_on`.

    `told_on` is None where nobody said yet when the letter was posted; `arrived` is no longer so
    when it came back.
    """

    item_id: UUID
    collect_on: date
    cents: int
    channel: str
    arrived: bool
    told_on: date | None


def list_announcements(debtor_ids: Iterable[UUID]) -> tuple[Announcement, ...]:
    """Every announcement that went out to these debtors, in order; also what came back."""
    asked = [active_administration(), list(debtor_ids)]
    return tuple(Announcement(*row) for row in execute(_ANNOUNCEMENTS, asked).fetchall())


def explain_unannounced(lines: Sequence[LineRow]) -> dict[UUID, Sentence]:
    """Why these lines do not count as announced, by line, where a message went out for them."""
    waiting = [one for one in lines if one.announced_on is None and one.is_planned]
    if not waiting:
        return {}
    sent: defaultdict[tuple[UUID, date], list[Announcement]] = defaultdict(list)
    for one in list_announcements({line.debtor_id for line in waiting}):
        sent[one.item_id, one.collect_on].append(one)
    found = {}
    for line in waiting:
        own = sent[line.item_id, line.collect_on]
        if own:
            found[line.id] = _explain(own[-1], line.cents)
    return found


def _explain(last: Announcement, cents: int) -> Sentence:
    if not last.arrived:
        return _CAME_BACK
    if last.cents < cents:
        return _LESS
    return _NOT_POSTED if last.told_on is None else _NEXT_RUN


_CAME_BACK = Sentence(
    "De aankondiging is niet aangekomen. Verbeter het adres; dan kiest Tijdig een latere dag en"
    " kondigt die opnieuw aan.",
    "The announcement did not arrive. Correct the address; then Tijdig chooses a later day and"
    " announces that one.",
)
_LESS = Sentence(
    "De aankondiging noemde een lager bedrag. Tijdig kiest een latere dag en kondigt die aan.",
    "The announcement named a lower amount. Tijdig chooses a later day and announces that one.",
)
_NOT_POSTED = Sentence(
    "De aankondiging is geprint, maar de postdag is niet bekend. Leg die vast bij Brieven.",
    "The announcement was printed, but its day of posting is not known. Record it at Letters.",
)
_NEXT_RUN = Sentence(
    "De aankondiging is verstuurd. De volgende run legt dat vast.",
    "The announcement went out. The next run records that.",
)
