"""Money that nobody matched and that is to the cent what was promised, or one term of a plan.

It may be just that: until somebody looked, nobody is told that he did not keep his word.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from tijdig.core.facts import DebtorFacts, Stop
from tijdig.core.own_side import make_payment_doubt
from tijdig.core.plan_steps import PLAN_STEP_PREFIX, read_plans
from tijdig.core.plans import list_payable
from tijdig.dunning.queries.waiting_lines import FROM_NOBODY_KNOWN, FROM_TERM, IS_TERM
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# By what plans ask, or by what a message of one asked: what he read may be another amount by now.
_PAYMENTS = f"""
SELECT line.cents, line.booked_on, line.id, '' FROM tijdig_bankline line
WHERE line.administration_id = %s AND line.cents = ANY(%s) AND {FROM_NOBODY_KNOWN}
UNION ALL
SELECT DISTINCT line.cents, line.booked_on, line.id, sent.step_key
FROM tijdig_message sent
JOIN tijdig_bankline line
  ON line.administration_id = sent.administration_id AND line.cents = sent.total_cents
WHERE sent.administration_id = %s AND sent.debtor_id = ANY(%s) AND sent.phase = 'plan'
  AND sent.state IN ('sending', 'in_doubt', 'accepted', 'delivered', 'bounced_soft')
  AND {FROM_NOBODY_KNOWN}
ORDER BY 2, 3, 4
"""
# A promise counts until somebody has dealt with it, kept or not.
_PROMISED = """
FROM tijdig_promise promise
JOIN tijdig_bankline line
  ON line.administration_id = promise.administration_id AND line.cents = promise.cents
 AND line.booked_on >= promise.made_on
"""
_STANDING = "promise.state IN ('open', 'broken') AND promise.handled_on IS NULL"
_FOR_PROMISES = f"""
SELECT item.id, line.cents, line.booked_on {_PROMISED}
JOIN tijdig_openitem item
  ON item.administration_id = promise.administration_id AND item.debtor_id = promise.debtor_id
 AND (promise.item_id IS NULL OR item.id = promise.item_id) AND item.closed_on IS NULL
WHERE promise.administration_id = %s AND promise.debtor_id BETWEEN %s AND %s
  AND {_STANDING} AND {FROM_NOBODY_KNOWN}
ORDER BY line.booked_on, line.id
"""
_WHOSE_PROMISES = f"""
SELECT promise.debtor_id {_PROMISED}
WHERE line.administration_id = %s AND {{which}} AND {_STANDING} AND {FROM_NOBODY_KNOWN}
"""
_WHOSE_TERMS = f"""
SELECT plan.debtor_id {FROM_TERM}
WHERE line.administration_id = %s AND {{which}} AND {IS_TERM}
"""
# What a plan asks may be another amount than was agreed: what is under way for it is decided again.
_WHOSE_TERMS_UNDER_WAY = f"""
SELECT sent.debtor_id FROM tijdig_bankline line
JOIN tijdig_message sent
  ON sent.administration_id = line.administration_id AND sent.phase = 'plan'
 AND sent.state IN ('planned', 'held', 'released', 'sending', 'retry')
 AND line.cents <= sent.total_cents
WHERE line.administration_id = %s AND {{which}} AND {FROM_NOBODY_KNOWN}
"""


def find_term_doubts(debtors: Iterable[DebtorFacts], *, today: date) -> Mapping[UUID, list[Stop]]:
    """A doubt about every item of a plan of which a payment may be a term, by item.

    It is held against what the plan asks on this day: what credits and a few cents of an earlier
    term do to it counts. And against what its messages asked: he may not know of a credit yet.
    """
    running = [
        (facts.debtor_id, plan, list_payable(plan))
        for facts in debtors
        for plan in read_plans(facts, today=today)
    ]
    asked = sorted({cents for *_, payable in running for cents in payable})
    doubts: defaultdict[UUID, list[Stop]] = defaultdict(list)
    if not asked:
        return doubts
    own = active_administration()
    of_plans = [own, asked, own, sorted({debtor_id for debtor_id, *_ in running})]
    for cents, booked_on, _, step_key in execute(_PAYMENTS, of_plans).fetchall():
        for _, plan, payable in running:
            said = step_key.startswith(f"{PLAN_STEP_PREFIX}{plan.key}-") and cents not in payable
            if booked_on >= plan.agreed_on and (said if step_key else cents in payable):
                for item_id in plan.item_ids:
                    doubts[item_id].append(make_payment_doubt(cents, booked_on))
    return doubts


def find_promise_doubts(debtor_ids: Sequence[UUID]) -> Mapping[UUID, list[Stop]]:
    """A doubt about every item for which a payment may be what was promised, by item."""
    bounds = [active_administration(), min(debtor_ids), max(debtor_ids)]
    doubts: defaultdict[UUID, list[Stop]] = defaultdict(list)
    for item_id, cents, booked_on in execute(_FOR_PROMISES, bounds).fetchall():
        doubts[item_id].append(make_payment_doubt(cents, booked_on))
    return doubts


def list_whose_word(statement_ids: Collection[UUID]) -> frozenset[UUID]:
    """The debtors whose promise, or term of a plan, a line of these statements may be."""
    return _list_whose("line.statement_id = ANY(%s)", list(statement_ids))


def list_whose_word_of_payer(line_id: UUID) -> frozenset[UUID]:
    """The same for this line, and for the other lines from its account."""
    return _list_whose(_OF_PAYER, line_id)


_OF_PAYER = """
EXISTS (SELECT FROM tijdig_bankline one
        WHERE one.administration_id = line.administration_id AND one.id = %s
          AND (line.id = one.id OR (line.counter_iban = one.counter_iban
                                    AND one.counter_iban <> '')))
"""


def _list_whose(which: str, told: object) -> frozenset[UUID]:
    asked = (_WHOSE_TERMS, _WHOSE_TERMS_UNDER_WAY, _WHOSE_PROMISES)
    sql = " UNION ".join(asked).format(which=which)
    rows = execute(sql, [active_administration(), told] * len(asked)).fetchall()
    return frozenset(row[0] for row in rows)
