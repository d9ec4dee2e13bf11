"""Payment plans that run, or were kept and are open again, as facts of a decision."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from tijdig.cases.queries.received import OPEN_AGAIN, find_oldest_day
from tijdig.core.calendar import add_working_days
from tijdig.core.flags import FLAGS
from tijdig.core.plans import PlanTerm, RunningPlan
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# Situations in which nobody is written to, and those in which somebody else is, if he has a way.
_SILENT = [kind for kind, rule in FLAGS.items() if rule.depth == "all"]
_REPRESENTED = [kind for kind, rule in FLAGS.items() if rule.depth is None]
# After these, too, nobody is written to until a person says that the situation is no longer so.
_UNTIL_ENDED = [kind for kind, rule in FLAGS.items() if rule.may_discharge]
# A plan rested up to the day before a case of it ended, or before a payment was matched that had
# waited for that, also where no run looked meanwhile. Those cases are read once, for all who have
# a plan, not once for each: closed ones have no index. Each item looks up its invoice and entries
# by itself (OFFSET 0: they may not be joined another way), and each entry its payment: a planner
# that last counted when there were few would read all of them again for each plan.
_OF_A_PLAN = "debtor_id IN (SELECT plan.debtor_id FROM plan)"
_PLANS = f"""
WITH plan AS MATERIALIZED (
    SELECT plan.* FROM tijdig_plan plan
    WHERE plan.administration_id = %s AND plan.debtor_id = ANY(%s)
      AND (plan.state = 'running' OR ({OPEN_AGAIN}))),
ended_case AS MATERIALIZED (
    SELECT debtor_id, item_id, closed_on AS on FROM tijdig_dispute
    WHERE administration_id = %s AND {_OF_A_PLAN} AND closed_on > opened_on
    UNION ALL
    SELECT debtor_id, NULL, handled_on FROM tijdig_reply
    WHERE administration_id = %s AND {_OF_A_PLAN} AND handled_on > received_on
    UNION ALL
    SELECT debtor_id, item_id, least(lifted_on, until_on + 1) FROM tijdig_hold
    WHERE administration_id = %s AND ({_OF_A_PLAN} OR debtor_id IS NULL)
      AND depth = 'all' AND lifted_on > from_on
    UNION ALL
    SELECT debtor_id, item_id, least(handled_on, deadline_on + 1) FROM tijdig_reason
    WHERE administration_id = %s AND {_OF_A_PLAN} AND handled_on > said_on
    UNION ALL
    SELECT debtor_id, NULL,
           CASE WHEN kind = ANY(%s) THEN lifted_on ELSE least(lifted_on, until_on + 1) END
    FROM tijdig_debtorflag
    WHERE administration_id = %s AND {_OF_A_PLAN} AND lifted_on > from_on
      AND (kind = ANY(%s) OR (kind = ANY(%s) AND email = '' AND (street = '' OR city = ''))))
SELECT plan.state = 'running', plan.debtor_id, plan.id, plan.agreed_on, plan.grace_working_days,
       listed.items,
       greatest(plan.total_cents - listed.open_cents, 0)::bigint,
       terms.positions, terms.days, terms.cents,
       greatest(plan.rested_on, ended.rested_on, paid.rested_on),
       plan.agreed_by, plan.shifted_position IS NOT NULL
FROM plan
JOIN LATERAL (
    SELECT array_agg(one.item_id ORDER BY invoice.due_on, invoice.number) AS items,
           coalesce(sum((
                SELECT sum(entry.cents) FROM tijdig_entry entry
                WHERE entry.administration_id = one.administration_id
                  AND entry.open_item_id = one.item_id)), 0) AS open_cents
    FROM tijdig_planitem one
    JOIN LATERAL (
        SELECT invoice.due_on, invoice.number FROM tijdig_invoice invoice
        WHERE invoice.administration_id = one.administration_id
          AND invoice.open_item_id = one.item_id
        OFFSET 0) invoice ON true
    WHERE one.administration_id = plan.administration_id AND one.plan_id = plan.id
) listed ON true
JOIN LATERAL (
    SELECT array_agg(position ORDER BY position) AS positions,
           array_agg(due_on ORDER BY position) AS days,
           array_agg(cents ORDER BY position) AS cents
    FROM tijdig_instalment term
    WHERE term.administration_id = plan.administration_id AND term.plan_id = plan.id
) terms ON true
JOIN LATERAL (
    SELECT max(one.on) - 1 AS rested_on FROM ended_case one
    WHERE (one.debtor_id = plan.debtor_id OR one.debtor_id IS NULL)
      AND (one.item_id = ANY(listed.items) OR one.item_id IS NULL)
) ended ON true
JOIN LATERAL (
    SELECT max((
        SELECT max((
            SELECT (line.decided_at AT TIME ZONE owner.time_zone)::date
            FROM tijdig_bankline line
            JOIN tijdig_administration owner ON owner.id = line.administration_id
            WHERE line.administration_id = entry.administration_id AND line.id = entry.source_id
              AND (line.decided_at AT TIME ZONE owner.time_zone)::date > (
                SELECT (file.at AT TIME ZONE owner.time_zone)::date FROM tijdig_import file
                WHERE file.administration_id = line.administration_id AND file.id = (
                    SELECT statement.import_id FROM tijdig_statement statement
                    WHERE statement.administration_id = line.administration_id
                      AND statement.id = line.statement_id))))
        FROM tijdig_entry entry
        WHERE entry.administration_id = one.administration_id
          AND entry.open_item_id = one.item_id)) - 1 AS rested_on
    FROM tijdig_planitem one
    WHERE one.administration_id = plan.administration_id AND one.plan_id = plan.id
) paid ON true
ORDER BY plan.debtor_id, plan.id
"""


def load_plans(debtor_ids: list[UUID], *, today: date) -> Mapping[UUID, list[RunningPlan]]:
    """The plans of these debtors that count today, in one statement."""
    administration_id = active_administration()
    asked = [administration_id, debtor_ids, find_oldest_day(today)]
    asked += [*[administration_id] * 4, _UNTIL_ENDED, administration_id, _SILENT, _REPRESENTED]
    plans: defaultdict[UUID, list[RunningPlan]] = defaultdict(list)
    for is_running, debtor_id, *found in execute(_PLANS, asked).fetchall():
        plan = _make_plan(found)
        last_on = add_working_days(plan.instalments[-1].due_on, plan.grace_working_days)
        if is_running or today <= last_on:
            plans[debtor_id].append(plan)
    return plans


def _make_plan(row: Sequence[Any]) -> RunningPlan:
    plan_id, agreed_on, grace, items, covered, positions, days, cents, *more = row
    rested_on, by, is_shifted = more
    return RunningPlan(
        plan_id=plan_id,
        key=plan_id.hex[-12:],
        agreed_on=agreed_on,
        item_ids=tuple(items),
        instalments=tuple(PlanTerm(*one) for one in zip(positions, days, cents, strict=True)),
        covered_cents=covered,
        grace_working_days=grace,
        rested_on=rested_on,
        agreed_by=by,
        is_shifted=is_shifted,
    )
