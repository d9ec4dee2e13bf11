"""Legal notices, as decisions and pages need them: one statement for any debtors."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast
from uuid import UUID

from tijdig.core.law.dated import get_value
from tijdig.core.law.tables import LETTER_MARGIN_DAYS
from tijdig.core.law.veertiendagenbrief import compute_letter_days
from tijdig.core.letter_steps import make_notice
from tijdig.core.notices import (
    MoreTime,
    NoticeKind,
    PaperItem,
    PastNotice,
    is_overtaken,
    missed_him,
)
from tijdig.core.policy import Channel
from tijdig.core.protection import find_void_cause, judge_by_protection
from tijdig.core.told_collections import ToldCollection, judge_by_collections
from tijdig.dunning.models import Notice
from tijdig.dunning.queries.announcements import list_announcements
from tijdig.dunning.queries.bank_days import BANK_READ_SQL, IS_READ_SQL, list_closed_days
from tijdig.ledger.queries.protections import load_protections
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# When more time was given for what a letter lists: later days to pay, plans, promises that were
# accepted, and what a copy, an answer or the announcement of a collection says that went out (in a
# rehearsal: that is held). `about` names the debtor and the item; nothing is read for what is no
# letter.
MORE_TIME_SQL = """
LEFT JOIN LATERAL (
    SELECT array_agg(given_on) AS given, array_agg(withdrawn_on) AS withdrawn,
           array_agg(until_on) AS until
    FROM (
        SELECT one.given_on, one.withdrawn_on, NULL::date AS until_on FROM tijdig_extension one
        WHERE about.is_letter
          AND one.administration_id = about.administration_id AND one.item_id = about.item_id
        UNION ALL
        SELECT plan.agreed_on, NULL, NULL FROM tijdig_plan plan
        JOIN tijdig_planitem part
          ON part.administration_id = plan.administration_id AND part.plan_id = plan.id
        WHERE about.is_letter AND plan.administration_id = about.administration_id
          AND plan.debtor_id = about.debtor_id AND part.item_id = about.item_id
        UNION ALL
        SELECT promise.made_on, CASE WHEN promise.state = 'withdrawn' THEN promise.judged_on END,
               promise.on
        FROM tijdig_promise promise
        WHERE about.is_letter AND promise.administration_id = about.administration_id
          AND promise.debtor_id = about.debtor_id
          AND (promise.item_id IS NULL OR promise.item_id = about.item_id)
        UNION ALL
        SELECT told.planned_on, NULL, told.pay_by_on FROM tijdig_message told
        WHERE about.is_letter AND told.administration_id = about.administration_id
          AND told.debtor_id = about.debtor_id AND about.item_id = ANY(told.listed_items)
          AND (told.phase = 'debit' OR (told.phase = 'case' AND told.pay_by_on IS NOT NULL))
          AND (told.state IN ('sending', 'in_doubt', 'accepted', 'delivered', 'bounced_soft',
                              'complained') OR (about.is_rehearsed AND told.state = 'held'))
    ) one
) more ON true
"""

# Whether a letter went to an address outside the Netherlands: the debtor's own, where nobody acts
# for him. From his address of today, so to be asked when it goes.
IS_ABROAD_SQL = """
(message.channel = 'letter' AND EXISTS (
    SELECT FROM tijdig_contact contact
    WHERE contact.administration_id = message.administration_id
      AND contact.debtor_id = message.debtor_id AND upper(contact.country) NOT IN ('', 'NL'))
 AND NOT EXISTS (
    SELECT FROM tijdig_debtorflag flag
    WHERE flag.administration_id = message.administration_id
      AND flag.debtor_id = message.debtor_id AND flag.kind IN ('bewind', 'curatele')
      AND flag.lifted_on IS NULL AND flag.from_on <= message.planned_on
      AND (flag.until_on IS NULL OR flag.until_on >= message.planned_on)))
"""

# As a person's change and a file's name them.
_ADDRESS = ", ".join(
    f"'{prefix}{field}'"
    for prefix in ("", "contact_")
    for field in ("street", "postal_code", "city")
)
# Whether a change is to another country; one that is not filled in is the Netherlands.
_OTHER_COUNTRY = " OR ".join(
    f"""upper(coalesce(nullif(event.data->'changes'->'{field}'->>0, ''), 'NL'))
     <> upper(coalesce(nullif(event.data->'changes'->'{field}'->>1, ''), 'NL'))"""
    for field in ("country", "contact_country")
)
# On which days after the printing of a letter, up to its delivery, another address was recorded, by
# a person or by a file. Not asked where a person proved that it came.
_MOVED = f"""
LEFT JOIN LATERAL (
    SELECT array_agg(event.on) AS days FROM tijdig_event event
    WHERE notice.proof = 'post' AND event.administration_id = notice.administration_id
      AND event.debtor_id = notice.debtor_id AND event.kind = 'debtor_changed'
      AND event.on BETWEEN message.planned_on AND notice.received_on
      AND event.at > coalesce(message.settled_at, event.at - interval '1 day')
      AND (jsonb_exists_any(event.data->'changes', ARRAY[{_ADDRESS}]) OR {_OTHER_COUNTRY})
) moved ON true
"""
_NOTICES = f"""
WITH bank AS MATERIALIZED ({BANK_READ_SQL})
SELECT notice.debtor_id, notice.kind, notice.open_item_id, notice.message_id, notice.amount_cents,
       notice.sent_on, notice.received_on, notice.last_day, notice.costs_cents, notice.vat_cents,
       notice.void_because <> '', notice.proof = 'printed', more.given, more.withdrawn,
       coalesce(bank_days.is_read, (
            SELECT books.as_of > notice.last_day FROM tijdig_bookbalance books
            WHERE books.administration_id = notice.administration_id
              AND books.open_item_id = notice.open_item_id), false), message.planned_on, more.until,
       coalesce(claimed.cents, 0), paper.issued_on, paper.due_on, paper.term,
       paper.by_direct_debit, moved.days
FROM tijdig_notice notice
JOIN tijdig_message message
  ON message.administration_id = notice.administration_id AND message.id = notice.message_id
CROSS JOIN LATERAL (
    SELECT notice.administration_id, notice.debtor_id, notice.open_item_id AS item_id,
           notice.kind = 'veertiendagenbrief' AS is_letter, %s AS is_rehearsed) about
{IS_READ_SQL}
{MORE_TIME_SQL}
LEFT JOIN LATERAL (
    SELECT invoice.issued_on, invoice.due_on, invoice.term, invoice.by_direct_debit
    FROM tijdig_invoice invoice
    WHERE about.is_letter AND invoice.administration_id = about.administration_id
      AND invoice.open_item_id = about.item_id
    OFFSET 0
) paper ON true
{_MOVED}
LEFT JOIN LATERAL (
    SELECT (
        SELECT coalesce(sum(entry.cents), 0)::bigint FROM tijdig_entry entry
        WHERE entry.administration_id = line.administration_id
          AND entry.open_item_id = line.open_item_id AND entry.kind IN ('costs', 'withdrawn')
        ) AS cents
    FROM tijdig_claimpart part
    JOIN tijdig_claimline line
      ON line.administration_id = part.administration_id AND line.id = part.line_id
    WHERE about.is_letter AND part.administration_id = about.administration_id
      AND part.open_item_id = about.item_id
      AND line.kind = 'costs' AND line.message_id = notice.message_id
    ORDER BY line.id DESC LIMIT 1
) claimed ON true
WHERE notice.administration_id = %s AND notice.debtor_id = ANY(%s)
  AND notice.kind <> 'interruption' AND notice.void_because <> 'discarded'
ORDER BY notice.debtor_id, notice.sent_on, notice.id
"""

# The notices of some messages, with the days on which another address was recorded.
_SENT = f"""
SELECT DISTINCT notice.debtor_id, notice.message_id, notice.kind, notice.sent_on,
       notice.received_on, message.planned_on, moved.days
FROM tijdig_notice notice
JOIN tijdig_message message
  ON message.administration_id = notice.administration_id AND message.id = notice.message_id
{_MOVED}
WHERE notice.administration_id = %s AND notice.message_id = ANY(%s) AND notice.void_because = ''
"""

# What a rehearsal takes for sent: the messages that are held while sending is off.
_REHEARSED = f"""
SELECT message.debtor_id, message.phase, message.channel, message.planned_on, message.pay_by_on,
       listed.item_id, listed.cents, message.id, message.costs_cents, message.vat_cents,
       {IS_ABROAD_SQL}, more.given, more.withdrawn, more.until
FROM tijdig_message message
CROSS JOIN unnest(message.listed_items, message.listed_cents) AS listed (item_id, cents)
JOIN tijdig_openitem item
  ON item.administration_id = message.administration_id AND item.id = listed.item_id
CROSS JOIN LATERAL (
    SELECT message.administration_id, message.debtor_id, listed.item_id,
           message.phase = 'veertiendagenbrief' AS is_letter, true AS is_rehearsed) about
{MORE_TIME_SQL}
WHERE message.administration_id = %s AND message.debtor_id = ANY(%s)
  AND message.state = 'held' AND message.pay_by_on IS NOT NULL
  AND message.phase NOT IN ('copy', 'case')
  AND item.kind = 'invoice' AND listed.cents > 0
ORDER BY message.id, listed.item_id
"""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """What a message is in law, over all claims that it lists.

    Of a veertiendagenbrief `by_law_on` is the last day by its receipt, None while that is not
    proven; `margin_days` is what the date that it names adds for late mail. `void_cause` is why it
    has no effect by what happened around it, where nobody wrote down that it has none.
    """

    kind: str
    sent_on: date
    received_on: date | None
    proof: str
    proof_note: str
    last_day: date | None
    costs_cents: int
    void_because: str
    by_law_on: date | None = None
    margin_days: int | None = None
    void_cause: str = ""


def list_notices_of(message_id: UUID) -> tuple[NoticeRow, ...]:
    """What one message is in law, each kind once; nothing until a run or a person looked at it."""
    rows = Notice.objects.filter(message_id=message_id).order_by("kind", "id")
    found = {row.kind: row for row in rows}
    causes = _find_causes(message_id, {row.debtor_id for row in rows})
    return tuple(
        _describe(row)
        if row.void_because
        else replace(_describe(row), void_cause=causes.get(row.kind, ""))
        for row in found.values()
    )


def _find_causes(message_id: UUID, debtor_ids: set[UUID]) -> dict[str, str]:
    """Per kind of notice of a message why it has no effect."""
    lost = find_lost_letters([message_id])
    causes = {kind: cause for (_, kind, _), cause in lost.items()}
    protections = load_protections(list(debtor_ids))
    told = [
        ToldCollection(one.item_id, one.told_on, one.collect_on)
        for one in list_announcements(debtor_ids)
        if one.arrived and one.told_on is not None
    ]
    for debtor_id, notices in load_notices(list(debtor_ids), rehearsal=False).items():
        beside = judge_by_collections(notices, told)
        for one in judge_by_protection(beside, protections.get(debtor_id, ())):
            if one.message_id == message_id and one.void_cause:
                causes[one.kind] = one.void_cause
    return causes


def find_lost_letters(message_ids: Sequence[UUID]) -> dict[tuple[UUID, str, date | None], str]:
    """What did not reach who it was for, by message, kind and day of receipt: `moved`, `himself_`.

    Law: BW 1:381, 1:441, 3:37 lid 3.
    """
    asked = [active_administration(), list(message_ids)]
    rows = execute(_SENT, asked).fetchall() if message_ids else []
    protections = load_protections(list({row[0] for row in rows}))
    found: dict[tuple[UUID, str, date | None], str] = {}
    for debtor_id, message_id, kind, sent_on, received_on, printed_on, moved_on in rows:
        notice = PastNotice(
            kind=kind,
            item_id=message_id,
            message_id=message_id,
            amount_cents=0,
            sent_on=sent_on,
            received_on=received_on,
            printed_on=printed_on,
        )
        cause = find_void_cause(notice, protections.get(debtor_id, ()))
        if missed_him(notice, moved_on or ()):
            cause = "moved"
        if cause:
            found[message_id, kind, received_on] = cause
    return found


def load_notices(debtor_ids: list[UUID], *, rehearsal: bool) -> dict[UUID, tuple[PastNotice, ...]]:
    """The notices of default and letters of these debtors, oldest first.

    In a rehearsal, those also that its held messages would have been.
    """
    administration_id = active_administration()
    asked = [administration_id, debtor_ids]
    found: defaultdict[UUID, list[PastNotice]] = defaultdict(list)
    closed_days = list(list_closed_days())
    of_notices = [closed_days, administration_id, rehearsal, *asked]
    for debtor_id, *row in execute(_NOTICES, of_notices).fetchall():
        found[debtor_id].append(_read(row))
    if rehearsal:
        for debtor_id, *row in execute(_REHEARSED, asked).fetchall():
            found[debtor_id].append(_rehearse(row))
    return {debtor_id: tuple(notices) for debtor_id, notices in found.items()}


def _describe(notice: Notice) -> NoticeRow:
    row = NoticeRow(
        kind=notice.kind,
        sent_on=notice.sent_on,
        received_on=notice.received_on,
        proof=notice.proof,
        proof_note=notice.proof_note,
        last_day=notice.last_day,
        costs_cents=notice.costs_cents,
        void_because=notice.void_because,
    )
    if notice.kind != Notice.Kind.VEERTIENDAGENBRIEF:
        return row
    margin_days = get_value(LETTER_MARGIN_DAYS, notice.sent_on)
    if notice.received_on is None:
        return replace(row, margin_days=margin_days)
    days = compute_letter_days(notice.sent_on, by="post", received_on=notice.received_on)
    return replace(row, by_law_on=days.last_day_on, margin_days=margin_days)


def _read(row: Sequence[Any]) -> PastNotice:
    notice = PastNotice(
        kind=row[0],
        item_id=row[1],
        message_id=row[2],
        amount_cents=row[3],
        sent_on=row[4],
        received_on=row[5],
        last_day=row[6],
        costs_cents=row[7],
        vat_cents=row[8],
        is_void=row[9],
        is_unposted=row[10],
        is_bank_read=row[13],
        printed_on=row[14],
        claimed_cents=row[16],
        paper=None if row[18] is None else PaperItem(*row[17:21]),
    )
    if missed_him(notice, row[21] or ()):
        notice = replace(notice, is_void=True, void_cause="moved")
    return _judge_term(notice, row[11], row[12], row[15])


def _rehearse(row: Sequence[Any]) -> PastNotice:
    phase, channel, sent_on, pay_by_on, item_id, cents, *letter, given, withdrawn, until = row
    kind = "veertiendagenbrief" if phase == "veertiendagenbrief" else "ingebrekestelling"
    notice = make_notice(
        cast("NoticeKind", kind),
        item_id,
        amount_cents=cents,
        sent_on=sent_on,
        channel=cast("Channel", channel),
        pay_by_on=pay_by_on,
    )
    message_id, costs_cents, vat_cents, is_abroad = letter
    notice = replace(
        notice,
        message_id=message_id,
        costs_cents=costs_cents,
        vat_cents=vat_cents,
        received_on=None if is_abroad else notice.received_on,
    )
    return _judge_term(notice, given, withdrawn, until)


def _judge_term(
    notice: PastNotice,
    given: Sequence[date] | None,
    withdrawn: Sequence[date | None] | None,
    until: Sequence[date | None] | None,
) -> PastNotice:
    """The notice, void where more time was given within its term."""
    more_time = map(MoreTime, given or (), withdrawn or (), until or ())
    if notice.is_void or not is_overtaken(notice, more_time):
        return notice
    return replace(notice, is_void=True, void_cause="given_time")
