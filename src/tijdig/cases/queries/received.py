"""What came in since something was agreed: for promises and plans."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from tijdig.core.calendar import add_working_days
from tijdig.core.promised_money import MoneyMoved, PromiseAsked, share_promised_money
from tijdig.core.promises import PromiseState, find_last_day, judge_promise
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# Money that came or went; what was invoiced, credited or waived is no payment.
MONEY = ("paid", "reversed", "refunded", "set_off", "settled_in_books")
# No row of working days for the bank, or of grace, takes longer than this.
_LONGEST_WAIT = timedelta(days=31)

# What was promised is what was there by then, and the credit notes for that. A promise that was
# kept stands for as long as its day has not passed: its money may be taken back. After that it is
# read where another was open already when it was kept: its money is not for that one. One that was
# broken is read until somebody has dealt with it: a late statement may show money of before.
_PROMISES = """
SELECT promise.id, promise.debtor_id, promise.item_id, promise.cents, promise."on", promise.state,
       promise.recorded_by, coalesce(part.left_cents, 0)::bigint,
       promise."on" < %s AND (
            EXISTS (
                SELECT FROM tijdig_bankline line
                LEFT JOIN tijdig_debtoriban known
                  ON known.administration_id = line.administration_id
                 AND known.iban = line.counter_iban
                WHERE line.administration_id = promise.administration_id AND line.cents > 0
                  AND ((line.state = 'unmatched' AND known.debtor_id = promise.debtor_id)
                    OR (line.state = 'pending' AND promise.debtor_id
                            = coalesce(line.likely_debtor_id, known.debtor_id))))
         OR EXISTS (
                SELECT FROM tijdig_suggestion suggested
                JOIN tijdig_bankline line
                  ON line.administration_id = suggested.administration_id
                 AND line.id = suggested.line_id
                WHERE suggested.administration_id = promise.administration_id
                  AND suggested.debtor_id = promise.debtor_id AND line.state = 'unmatched')),
       promise.made_at, promise.judged_on, promise.state <> 'kept' OR (
            promise."on" >= %s AND NOT EXISTS (
                SELECT FROM tijdig_promise newer
                WHERE newer.administration_id = promise.administration_id
                  AND newer.debtor_id = promise.debtor_id AND newer.state = 'open'
                  AND newer.item_id IS NOT DISTINCT FROM promise.item_id))
FROM tijdig_promise promise
LEFT JOIN LATERAL (
    SELECT sum(one.cents) FILTER (WHERE one.was_there OR one.credits) AS left_cents
    FROM (
        SELECT sum(entry.cents) AS cents,
               min(entry.recorded_at) <= promise.made_at AS was_there,
               item.kind = 'credit_note' AND (credit.credited_number = '' OR EXISTS (
                    SELECT FROM tijdig_invoice own
                    WHERE own.administration_id = promise.administration_id
                      AND own.number = credit.credited_number
                      AND own.imported_on <= promise.made_on)) AS credits
        FROM tijdig_openitem item
        JOIN tijdig_entry entry
          ON entry.administration_id = item.administration_id AND entry.open_item_id = item.id
        LEFT JOIN tijdig_invoice credit
          ON credit.administration_id = item.administration_id AND credit.open_item_id = item.id
        WHERE item.administration_id = promise.administration_id
          AND item.debtor_id = promise.debtor_id AND item.currency = 'EUR'
          AND (promise.item_id IS NULL OR item.id = promise.item_id
            OR (item.kind = 'credit_note' AND credit.credited_number = (
                SELECT number FROM tijdig_invoice promised
                WHERE promised.administration_id = promise.administration_id
                  AND promised.open_item_id = promise.item_id)))
        GROUP BY item.id, item.kind, credit.credited_number
    ) one
) part ON true
WHERE promise.administration_id = %s
  AND (promise.state = 'open'
    OR (promise.state = 'broken' AND promise.handled_on IS NULL AND promise."on" >= %s)
    OR (promise.state = 'kept' AND (
        promise."on" >= %s OR EXISTS (
            SELECT FROM tijdig_promise other
            WHERE other.administration_id = promise.administration_id
              AND other.debtor_id = promise.debtor_id AND other.state = 'open'
              AND other.made_on <= promise.judged_on))))
"""
# What each source moved on each item: a match that was undone, and matched again, is one.
_MOVED = """
SELECT item.debtor_id, item.id, item.kind = 'unapplied', entry.source_kind, entry.source_id,
       min(entry.recorded_at), min(entry."on"), -sum(entry.cents)::bigint,
       CASE WHEN item.kind = 'claim' THEN ARRAY(
            SELECT part.open_item_id
            FROM tijdig_claimline line
            JOIN tijdig_claimpart part
              ON part.administration_id = line.administration_id AND part.line_id = line.id
            WHERE line.administration_id = item.administration_id
              AND line.open_item_id = item.id) END
FROM tijdig_openitem item
JOIN tijdig_entry entry
  ON entry.administration_id = item.administration_id AND entry.open_item_id = item.id
WHERE item.administration_id = %s AND item.debtor_id = ANY(%s) AND item.currency = 'EUR'
  AND entry.kind = ANY(%s)
GROUP BY item.administration_id, item.id, item.debtor_id, item.kind, entry.source_kind,
         entry.source_id
HAVING max(entry.recorded_at) > %s
ORDER BY min(entry.recorded_at), item.id, entry.source_kind, entry.source_id
"""

# A plan that was kept, whose terms may still run, while something is open on its invoices again.
OPEN_AGAIN = """
plan.state = 'kept' AND EXISTS (
    SELECT FROM tijdig_instalment term
    WHERE term.administration_id = plan.administration_id AND term.plan_id = plan.id
      AND term.due_on >= %s)
AND 0 < (
    SELECT sum((
        SELECT sum(entry.cents) FROM tijdig_entry entry
        WHERE entry.administration_id = one.administration_id
          AND entry.open_item_id = one.item_id))
    FROM tijdig_planitem one
    WHERE one.administration_id = plan.administration_id AND one.plan_id = plan.id)
AND NOT EXISTS (
    SELECT FROM tijdig_planitem one
    JOIN tijdig_planitem other
      ON other.administration_id = one.administration_id AND other.item_id = one.item_id
    JOIN tijdig_plan newer
      ON newer.administration_id = other.administration_id AND newer.id = other.plan_id
    WHERE one.administration_id = plan.administration_id AND one.plan_id = plan.id
      AND newer.state = 'running')
"""
_PLANS_OPEN_AGAIN = f"""
SELECT plan.id, plan.debtor_id, plan.grace_working_days, (
    SELECT max(term.due_on) FROM tijdig_instalment term
    WHERE term.administration_id = plan.administration_id AND term.plan_id = plan.id)
FROM tijdig_plan plan
WHERE plan.administration_id = %s AND {OPEN_AGAIN}
ORDER BY plan.id
"""


@dataclass(frozen=True, slots=True)
class StandingPromise:
    """A promise that is open, was kept and could open again, or was broken and waits for somebody.

    With the money since it was made; of one that was broken only what the bank had in time.

    `left_cents` is what is still open of what was promised about; `received_cents` what came in
    since and counts for no other promise, of which `kept_cents` pays no invoice yet; `money_waits`
    tells, once its day has come, whether money of his waits to be matched or could be his.
    """

    promise_id: UUID
    debtor_id: UUID
    item_id: UUID | None
    cents: int
    on: date
    state: str
    recorded_by: str
    left_cents: int
    money_waits: bool
    received_cents: int = 0
    kept_cents: int = 0

    def judge(self, *, today: date) -> PromiseState:
        """Open, kept or broken by the money of now."""
        if self.state == "broken":
            return "kept" if self.received_cents >= self.cents else "broken"
        return judge_promise(
            self.cents,
            self.on,
            received_cents=self.received_cents,
            left_cents=self.left_cents - (self.kept_cents if self.item_id else 0),
            money_waits=self.money_waits,
            today=today,
        )


def load_standing_promises(
    debtor_ids: list[UUID] | None = None, *, today: date
) -> tuple[StandingPromise, ...]:
    """The promises of these debtors, or of all, that may be called something else than they are."""
    oldest = find_oldest_day(today)
    asked: list[object] = [today, oldest, active_administration(), oldest, oldest]
    sql = _PROMISES
    if debtor_ids is not None:
        sql += " AND promise.debtor_id = ANY(%s)"
        asked.append(debtor_ids)
    found = []
    for *row, made_at, judged_on, may_stand in execute(sql, asked).fetchall():
        one = StandingPromise(*row)
        last_on = find_last_day(one.on)
        stands = one.state != "kept" or (may_stand and today <= last_on)
        asks = PromiseAsked(one.item_id, one.cents, made_at, None if stands else judged_on)
        if one.state == "broken":
            asks = replace(asks, paid_by_on=last_on)
        found.append((one, asks, stands))
    return tuple(one for one, stands in _share(found) if stands)


def _share(
    found: list[tuple[StandingPromise, PromiseAsked, bool]],
) -> list[tuple[StandingPromise, bool]]:
    """The same promises, in order of their days, with what counts for each."""
    if not found:
        return []
    moved = _load_moved([one.debtor_id for one, _, _ in found], min(a.made_at for _, a, _ in found))
    of_debtor: defaultdict[UUID, list[tuple[StandingPromise, PromiseAsked, bool]]]
    of_debtor = defaultdict(list)
    for row in sorted(found, key=lambda row: (row[0].on, row[0].promise_id)):
        of_debtor[row[0].debtor_id].append(row)
    return [
        (replace(one, received_cents=share.cents, kept_cents=share.kept_cents), stands)
        for debtor_id, own in of_debtor.items()
        for (one, _, stands), share in zip(
            own,
            share_promised_money([asked for _, asked, _ in own], moved[debtor_id]),
            strict=True,
        )
    ]


def _load_moved(debtor_ids: list[UUID], since: datetime) -> Mapping[UUID, list[MoneyMoved]]:
    """What moved on the items of these debtors since, per debtor, in order."""
    moved: defaultdict[UUID, list[MoneyMoved]] = defaultdict(list)
    asked = [active_administration(), sorted(set(debtor_ids)), list(MONEY), since]
    for debtor_id, item_id, is_kept, *source, came_at, on, cents, over in execute(_MOVED, asked):
        beside = frozenset(over or ())
        one = MoneyMoved(item_id, is_kept, (source[0], source[1]), came_at, cents, beside, on)
        moved[debtor_id].append(one)
    return moved


def list_plans_open_again(*, today: date) -> dict[UUID, UUID]:
    """Plans that were kept, with their debtors, on whose invoices something is open.

    Only until the grace of their last term is over: after that they are history.
    """
    asked = [active_administration(), find_oldest_day(today)]
    return {
        plan_id: debtor_id
        for plan_id, debtor_id, grace, last_on in execute(_PLANS_OPEN_AGAIN, asked).fetchall()
        if today <= add_working_days(last_on, grace)
    }


def find_oldest_day(today: date) -> date:
    """Before this day nothing was promised that could still count today."""
    return today - _LONGEST_WAIT
