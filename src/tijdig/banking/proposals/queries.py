"""Lines that wait to be matched, and how sure is sure enough."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tijdig.banking.models import MatchLimit
from tijdig.core.matching.calibration import Calibration, Decided, calibrate
from tijdig.core.matching.proposals import DEFAULT_LIMIT, Judge
from tijdig.core.matching.records import Payment
from tijdig.core.matching.weights import CALIBRATION
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# The generated book counts as this many decisions at each knot; the user's own outweigh it.
_PRIOR_WEIGHT = 400

_WAITING = """
SELECT id, booked_on, key, cents + charges_cents, reference, text, counter_iban, counter_name,
       end_to_end_id, further_references, documents, match_round
FROM tijdig_bankline
WHERE administration_id = %s AND state = 'unmatched' {only}
ORDER BY booked_on, key
"""

_DECIDED = """
SELECT match_certainty, count(*), count(*) FILTER (WHERE match_agreed)
FROM tijdig_bankline
WHERE administration_id = %s AND match_certainty IS NOT NULL AND match_agreed IS NOT NULL
GROUP BY match_certainty
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line that waits; `by_hand` where a match was undone, so that only a person may match it."""

    payment: Payment
    by_hand: bool


def list_waiting(line_ids: Collection[UUID] | None = None) -> list[Waiting]:
    """Every line that waits, or those of these that do, the oldest first."""
    parameters: list[Any] = [active_administration()]
    only = ""
    if line_ids is not None:
        only = "AND id = ANY(%s)"
        parameters.append(list(line_ids))
    rows = execute(_WAITING.format(only=only), parameters).fetchall()
    return [Waiting(make_payment(row), row[11] > 0) for row in rows]


def make_payment(row: Sequence[Any]) -> Payment:
    """A bank line as matching sees it, from its columns in the order of _WAITING.

    Documents and further references that a file names count as words of the payer.
    """
    line_id, booked_on, key, cents, reference, text, iban, name, end_to_end_id = row[:9]
    named = [*row[9], *(str(one[0]) for one in row[10])]
    words = " | ".join([part for part in (text, *named) if part]) if named else text
    return Payment(line_id, booked_on, key, cents, reference, words, iban, name, end_to_end_id)


def load_limit() -> int:
    """From which certainty payments are booked by themselves, in millionths."""
    found = MatchLimit.objects.values_list("limit", flat=True).first()
    return DEFAULT_LIMIT if found is None else int(found)


def load_judge() -> Judge:
    """The limit that was set, and certainty as the decisions of this administration have it."""
    rows = execute(_DECIDED, [active_administration()]).fetchall()
    decided = [Decided(int(row[0]), int(row[1]), int(row[2])) for row in rows]
    knots = calibrate(CALIBRATION, decided, prior_weight=_PRIOR_WEIGHT) if decided else CALIBRATION
    return Judge(load_limit(), Calibration(knots))
