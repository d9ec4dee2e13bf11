"""What came in since something was agreed: for promises and plans."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from tijdig.core.calendar import add_working_days
from tijdig.core.promises import PromiseState, find_last_day, judge_promise, share_kept_money
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# Money that came or went; what was invoiced, credited or waived is no payment.
MONEY = ("paid", "reversed", "refunded", "set_off", "settled_in_books")
# No row of working days for the bank, or of grace, takes longer than this.
_LONGEST_WAIT = timedelta(days=31)

# What was promised is what was there by then, and the credit notes for that. A promise that was
# kept is read for as long as its day has not passed: its money may be taken back.
_PROMISES = """
SELECT promise.id, promise.debtor_id, promise.item_id, promise.cents, promise."on", promise.state,
       promise.recorded_by, coalesce(part.received_cents, 0)::bigint,
       coalesce(part.left_cents, 0)::bigint,
       CASE WHEN promise.item_id IS NULL THEN 0 ELSE coalesce((
            SELECT -sum(entry.cents)::bigint FROM tijdig_openitem item
            JOIN tijdig_entry entry ON entry.administration_id = item.administration_id
             AND entry.open_item_id = item.id
            WHERE item.administration_id = promise.administration_id
              AND item.debtor_id = promise.debtor_id AND item.kind = 'unapplied'
              AND item.currency = 'EUR' AND entry.kind = ANY(%s)
              AND entry.recorded_at > promise.made_at), 0) END,
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
                  AND suggested.debtor_id = promise.debtor_id AND line.state = 'unmatched'))
FROM tijdig_promise promise
LEFT JOIN LATERAL (
    SELECT -sum(one.moved_cents) AS received_cents,
           sum(one.cents) FILTER (WHERE one.was_there OR one.credits) AS left_cents
    FROM (
        SELECT sum(entry.cents) AS cents,
               sum(entry.cents) FILTER (
                    WHERE entry.kind = ANY(%s) AND entry.recorded_at > promise.made_at
                      AND (promise.item_id IS NULL OR item.id = promise.item_id)) AS moved_cents,
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
  AND (promise.state = 'open' OR (
        promise.state = 'kept' AND promise."on" >= %s AND NOT EXISTS (
            SELECT FROM tijdig_promise newer
            WHERE newer.administration_id = promise.administration_id
              AND newer.debtor_id = promise.debtor_id AND newer.state = 'open'
              AND newer.item_id IS NOT DISTINCT FROM promise.item_id)))
"""

# A plan that was kept, whose terms may still run, while something is open on its invoices again.
OPEN_AGAIN = """
plan.state = 'kept' AND EXISTS (
    SELECT FROM tijdig_instalment term
    WHERE term.administration_id = plan.administration_id AND term.plan_id = plan.id
      AND term.due_on >= %s)
AND 0 < (
    SELECT sum(entry.cents) FROM tijdig_planitem one
    JOIN tijdig_entry entry
      ON entry.administration_id = one.administration_id AND entry.open_item_id = one.item_id
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
    """A promise that is open, or was kept and could open again, with the money since it was made.

    `left_cents` is what is still open of what was promised about, `kept_cents` money of the debtor
    that came in since and pays no invoice yet, where one invoice was promised; `money_waits` tells,
    once its day has come, whether money of his waits to be matched or could be his.
    """

    promise_id: UUID
    debtor_id: UUID
    item_id: UUID | None
    cents: int
    on: date
    state: str
    recorded_by: str
    received_cents: int
    left_cents: int
    kept_cents: int
    money_waits: bool

    def judge(self, *, today: date) -> PromiseState:
        """Open, kept or broken by the money of now."""
        return judge_promise(
            self.cents,
            self.on,
            received_cents=self.received_cents + self.kept_cents,
            left_cents=self.left_cents - self.kept_cents,
            money_waits=self.money_waits,
            today=today,
        )


def load_standing_promises(
    debtor_ids: list[UUID] | None = None, *, today: date
) -> tuple[StandingPromise, ...]:
    """The promises of these debtors, or of all, that are open or whose money may be taken back."""
    money = list(MONEY)
    asked: list[object] = [money, today, money, active_administration(), find_oldest_day(today)]
    sql = _PROMISES
    if debtor_ids is not None:
        sql += " AND promise.debtor_id = ANY(%s)"
        asked.append(debtor_ids)
    found = _share_kept([StandingPromise(*row) for row in execute(sql, asked).fetchall()])
    return tuple(one for one in found if one.state == "open" or today <= find_last_day(one.on))


def _share_kept(promises: list[StandingPromise]) -> list[StandingPromise]:
    """The same promises, in order of their days, with what counts for each of money kept."""
    of_debtor: defaultdict[UUID, list[StandingPromise]] = defaultdict(list)
    for one in sorted(promises, key=lambda one: (one.on, one.promise_id)):
        of_debtor[one.debtor_id].append(one)
    return [
        replace(one, kept_cents=cents)
        for own in of_debtor.values()
        for one, cents in zip(
            own,
            share_kept_money([(one.cents - one.received_cents, one.kept_cents) for one in own]),
            strict=True,
        )
    ]


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
