"""Lines that wait to be matched, and how sure is sure enough."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from json import loads
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery

from tijdig.banking.models import BankLine, MatchLimit, Suggestion
from tijdig.core.matching.book import list_own_references
from tijdig.core.matching.calibration import Calibration, Decided, Knots, correct
from tijdig.core.matching.proposals import DEFAULT_LIMIT, Judge
from tijdig.core.matching.records import Evidence, Payment
from tijdig.core.matching.weights import CALIBRATION
from tijdig.core.problem import Sentence
from tijdig.ledger.models import Invoice
from tijdig.ledger.queries.for_matching import load_items
from tijdig.tenants.bulk import execute, read_rows
from tijdig.tenants.scope import active_administration

# The generated book counts as this many decisions at each knot; the user's own outweigh it.
_PRIOR_WEIGHT = 400
# As long as nobody decided, what is said holds.
_AS_SAID: Knots = tuple((said, said) for said in sorted({said for _, said in CALIBRATION}))
# What nobody undid for so long stood: by then whoever was reminded wrongly has called.
_STOOD_AFTER = timedelta(days=60)
_EMPTY = "[]"

_WAITING = """
SELECT id, booked_on, key, cents + charges_cents, reference, text, counter_iban, counter_name,
       end_to_end_id, further_references, documents, match_round, value_on
FROM tijdig_bankline
WHERE administration_id = %s AND {which}
ORDER BY booked_on, key
"""

_DECIDED = """
SELECT match_certainty, count(*), count(*) FILTER (WHERE match_agreed), max(decided_at)
FROM tijdig_bankline
WHERE administration_id = %s AND match_certainty IS NOT NULL AND match_agreed IS NOT NULL
GROUP BY match_certainty
"""
# What was booked by itself and never undone; what a person matched has no certainty of its own.
_STOOD = """
SELECT match_certainty, count(*)
FROM tijdig_bankline
WHERE administration_id = %s AND match_certainty > 0 AND match_agreed IS NULL
  AND state = 'matched' AND match_kind <> 'by_hand' AND decided_at < %s
GROUP BY match_certainty
"""


_COMPETING_AT_MOST = 500
_COMPETING = f"""
WITH reopened AS (
    SELECT item.debtor_id, coalesce(invoice.number, '') AS number, invoice.invoiced_cents AS cents
    FROM tijdig_openitem item LEFT JOIN tijdig_invoice invoice
      ON invoice.administration_id = item.administration_id AND invoice.open_item_id = item.id
    WHERE item.administration_id = %s AND item.id = ANY(%s)
)
SELECT line.id FROM tijdig_bankline line
JOIN tijdig_bankline one ON one.administration_id = line.administration_id AND one.id = %s
WHERE line.administration_id = %s AND line.state = 'unmatched' AND line.id <> one.id AND (
    (line.counter_iban = one.counter_iban AND one.counter_iban <> '')
    OR EXISTS (
        SELECT FROM tijdig_suggestion proposed
        WHERE proposed.administration_id = line.administration_id AND proposed.line_id = line.id
          AND proposed.debtor_id IN (SELECT debtor_id FROM reopened))
    OR EXISTS (
        SELECT FROM tijdig_debtoriban known
        WHERE known.administration_id = line.administration_id AND known.iban = line.counter_iban
          AND known.debtor_id IN (SELECT debtor_id FROM reopened))
    OR line.cents + line.charges_cents IN (SELECT cents FROM reopened)
    OR EXISTS (
        SELECT FROM reopened WHERE number <> ''
          AND position(lower(number) IN lower(line.reference || ' ' || line.text)) > 0))
ORDER BY line.booked_on DESC, line.id LIMIT {_COMPETING_AT_MOST}
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
    rows = execute(_WAITING.format(which=f"state = 'unmatched' {only}"), parameters).fetchall()
    return [Waiting(make_payment(row), row[11] > 0) for row in rows]


def read_waiting() -> Iterator[Waiting]:
    """Every line that waits, the oldest first, some thousands at a time."""
    sql = _WAITING.format(which="state = 'unmatched'")
    for row in read_rows(sql, [active_administration()]):
        yield Waiting(make_payment(row), row[11] > 0)


def list_competing(line_id: UUID, item_ids: Collection[UUID]) -> frozenset[UUID]:
    """Other lines that wait and may have paid these items, or come from the same account.

    By what was proposed for them, by account, amount or number; the latest 500.
    """
    administration_id = active_administration()
    asked = [administration_id, list(item_ids), line_id, administration_id]
    return frozenset(row[0] for row in execute(_COMPETING, asked).fetchall())


def list_pending() -> list[Payment]:
    """What the bank has announced and not booked yet."""
    sql = _WAITING.format(which="state = 'pending'")
    return [make_payment(row) for row in execute(sql, [active_administration()]).fetchall()]


def list_named_references(*line_ids: UUID) -> frozenset[str]:
    """Every reference of ours that a line may name: of those that wait, and of these."""
    sql = _WAITING.format(which="(state IN ('unmatched', 'pending') OR id = ANY(%s))")
    rows = read_rows(sql, [active_administration(), list(line_ids)])
    return frozenset(named for row in rows for named in list_own_references(make_payment(row)))


def make_payment(row: Sequence[Any]) -> Payment:
    """A bank line as matching sees it, from its columns in the order of _WAITING.

    Documents and further references that a file names count as words of the payer, where the text
    has them not yet. Both are kept as JSON, which the rows give as text.
    """
    line_id, booked_on, key, cents, reference, text, iban, name, end_to_end_id = row[:9]
    value_on = row[12]
    if row[9] == row[10] == _EMPTY:
        return Payment(
            line_id, booked_on, key, cents, reference, text, iban, name, end_to_end_id, (), value_on
        )
    listed = tuple((str(number), paid) for number, paid in loads(row[10]))
    named = [one for one in (*loads(row[9]), *(number for number, _ in listed)) if one not in text]
    words = " | ".join([part for part in (text, *named) if part])
    return Payment(
        line_id,
        booked_on,
        key,
        cents,
        reference,
        words,
        iban,
        name,
        end_to_end_id,
        listed,
        value_on,
    )


def load_limit() -> int:
    """From which certainty payments are booked by themselves, in millionths."""
    found = MatchLimit.objects.values_list("limit", flat=True).first()
    return DEFAULT_LIMIT if found is None else int(found)


def load_judge() -> Judge:
    """The limit that was set, and certainty as the decisions of this administration have it."""
    rows = execute(_DECIDED, [active_administration()]).fetchall()
    if not rows:
        return Judge(load_limit())
    decided = [Decided(int(said), int(count), int(right)) for said, count, right, _ in rows]
    last = max((row[3] for row in rows if row[3] is not None), default=None)
    if last is not None:
        stood = execute(_STOOD, [active_administration(), last - _STOOD_AFTER]).fetchall()
        decided += [Decided(int(said), 0, 0, int(count)) for said, count in stood]
    knots = correct(_AS_SAID, decided, prior_weight=_PRIOR_WEIGHT)
    return Judge(load_limit(), own=Calibration(knots))


@dataclass(frozen=True, slots=True)
class LineToDo:
    """A line that waits, in the list: `certainty` is None where there is no proposal."""

    id: UUID
    booked_on: date
    cents: int
    name: str
    certainty: int | None


@dataclass(frozen=True, slots=True)
class ProposedItem:
    """An item in a proposal: its number, what it gets, and what is open on it."""

    item_id: UUID
    number: str
    cents: int
    open_cents: int


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal on the page, with its debtor and its evidence in words.

    `open_cents` is open on its items together, `covered_cents` what of that it settles, what is
    given up included.
    """

    id: UUID
    rank: int
    debtor_number: str
    debtor_name: str
    certainty: int
    items: tuple[ProposedItem, ...]
    rest_cents: int
    conceded_cents: int
    open_cents: int
    covered_cents: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class LineDetail:
    """A line with all that is known of it; `credited_on` is the day on which its money counts."""

    id: UUID
    booked_on: date
    credited_on: date
    cents: int
    counter_name: str
    counter_iban: str
    words: str
    state: str
    because: Sentence
    note: str
    decided_by: str
    proposals: tuple[ProposalRow, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An open item that a person may put money on."""

    item_id: UUID
    number: str
    debtor_name: str
    due_on: date | None
    open_cents: int


@dataclass(frozen=True, slots=True)
class LimitRow:
    """What a limit would have booked by itself in a period, and how often that was wrong."""

    limit: int
    booked: int
    asked: int
    wrong: int


def list_to_do(*, limit: int) -> tuple[LineToDo, ...]:
    """Lines that wait: those with the surest proposals first, those without last."""
    rows = BankLine.objects.filter(state=BankLine.State.UNMATCHED).order_by(
        F("match_certainty").desc(nulls_last=True), "booked_on", "id"
    )
    first = Suggestion.objects.filter(line_id=OuterRef("id"), rank=1).values("certainty")[:1]
    found = rows.values_list("id", "booked_on", "cents", "counter_name", Subquery(first))
    return tuple(LineToDo(*row) for row in found[:limit])


def load_line(line_id: UUID) -> LineDetail | None:
    """The line, or None where there is none."""
    line = BankLine.objects.filter(id=line_id).first()
    row = execute(_WAITING.format(which="id = %s"), [active_administration(), line_id]).fetchone()
    if line is None or row is None:
        return None
    payment = make_payment(row)
    return LineDetail(
        line.id,
        line.booked_on,
        line.credited_on,
        payment.amount_cents,
        line.counter_name,
        line.counter_iban,
        payment.words,
        line.state,
        Sentence(line.because_nl, line.because_en),
        line.note,
        line.decided_by,
        _load_proposals(line_id),
    )


def list_choices(line: LineDetail, *, search: str, limit: int) -> tuple[Choice, ...]:
    """Open items of the debtors proposed, or what a search by number or name finds."""
    rows = Invoice.objects.filter(open_item__closed_on=None, open_item__currency="EUR")
    if search:
        rows = rows.filter(
            Q(number__icontains=search) | Q(open_item__debtor__name__icontains=search)
        )
    else:
        debtors = {row.debtor_number for row in line.proposals}
        rows = rows.filter(open_item__debtor__number__in=debtors)
    found = rows.order_by("due_on", "id").values_list(
        "open_item_id", "number", "open_item__debtor__name", "due_on"
    )[:limit]
    open_cents = {one.item_id: one.unseen_cents for one in load_items({row[0] for row in found})}
    return tuple(Choice(*row, open_cents[row[0]]) for row in found if open_cents.get(row[0]))


def rehearse_limits(limits: Sequence[int], *, since: date) -> tuple[LimitRow, ...]:
    """What each limit would have done with the lines booked since a day.

    What is for a person whatever the limit is asked under each of them.
    """
    rows = execute(
        "SELECT CASE WHEN NOT match_for_person THEN match_certainty END, count(*),"
        " count(*) FILTER (WHERE match_agreed IS FALSE) FROM tijdig_bankline"
        " WHERE administration_id = %s AND booked_on >= %s AND cents > 0"
        " AND state IN ('matched', 'unmatched', 'ignored') GROUP BY 1",
        [active_administration(), since],
    ).fetchall()
    judge = load_judge()
    total = sum(int(row[1]) for row in rows)
    found = []
    for limit in limits:
        over = [row for row in rows if row[0] is not None and judge.correct(row[0]) >= limit]
        booked = sum(int(row[1]) for row in over)
        found.append(LimitRow(limit, booked, total - booked, sum(int(row[2]) for row in over)))
    return tuple(found)


def _load_proposals(line_id: UUID) -> tuple[ProposalRow, ...]:
    rows = list(
        Suggestion.objects.filter(line_id=line_id).select_related("debtor").order_by("rank")
    )
    ids = {UUID(item_id) for row in rows for item_id, _ in row.parts}
    items = {one.item_id: one for one in load_items(ids)}
    return tuple(
        ProposalRow(
            row.id,
            row.rank,
            row.debtor.number,
            row.debtor.name,
            row.certainty,
            tuple(
                ProposedItem(item.item_id, item.number, cents, item.unseen_cents)
                for item_id, cents in row.parts
                if (item := items.get(UUID(item_id)))
            ),
            row.rest_cents,
            sum(cents for _, _, cents in row.conceded),
            sum(items[UUID(one)].unseen_cents for one, _ in row.parts if UUID(one) in items),
            sum(cents for _, cents in row.parts) + sum(cents for _, _, cents in row.conceded),
            tuple(
                Evidence(
                    one["code"],
                    Sentence(one["nl"], one["en"]),
                    tuple((start, end) for start, end in one["spans"]),
                    one["against"],
                )
                for one in row.evidence
            ),
        )
        for row in rows
    )
