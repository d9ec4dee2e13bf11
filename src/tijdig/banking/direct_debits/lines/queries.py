"""What may be collected on mandates, batches with their lines, and how each line stands."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from tijdig.banking.direct_debits.models import CAME_BACK, DebitBatch, DebitLine
from tijdig.core.calendar import add_days
from tijdig.core.direct_debits.returns import SEEN_TWICE, TO_CORRECT
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# Five banking days, in which a bank books or returns a collection, are never more.
_ON_ITS_WAY_DAYS = 14
# How long what came back or was left out stands on the page.
CAME_BACK_DAYS = 60
# Who leaves a line out when no person does.
BY_ITSELF = "tijdig"
# A line in one of these states is the last word on its invoice, until a person says otherwise; one
# that came back is not where it is to be tried again.
_CANDIDATES = """
SELECT item.debtor_id, item.id, invoice.number, invoice.issued_on, invoice.due_on,
       invoice.by_direct_debit, earlier.retry_on, coalesce(earlier.attempts, 0)
FROM (
    SELECT DISTINCT debtor_id FROM tijdig_sepamandate
    WHERE administration_id = %s AND withdrawn_on IS NULL AND held_on IS NULL
) may
JOIN tijdig_openitem item
  ON item.administration_id = %s AND item.debtor_id = may.debtor_id
 AND item.closed_on IS NULL AND item.kind = 'invoice' AND item.currency = 'EUR'
JOIN tijdig_invoice invoice
  ON invoice.administration_id = item.administration_id AND invoice.open_item_id = item.id
LEFT JOIN LATERAL (
    SELECT max(line.retry_on) AS retry_on, bool_or(line.state IN ('planned', 'handed_over')
               OR line.state IN ('left_out', 'collected')
               OR (line.state = 'withdrawn' AND batch.state = 'withdrawn'
                   AND batch.handed_over_on IS NOT NULL AND batch.collect_on >= %s)
               OR (line.state IN ('rejected', 'returned') AND line.retry_on IS NULL)) AS is_over,
           count(*) FILTER (WHERE line.state IN ('rejected', 'returned', 'collected')) AS attempts
    FROM tijdig_debitline line
    JOIN tijdig_debitbatch batch
      ON batch.administration_id = line.administration_id AND batch.id = line.batch_id
    WHERE line.administration_id = item.administration_id AND line.item_id = item.id
) earlier ON true
WHERE invoice.due_on <= %s AND earlier.is_over IS NOT TRUE
ORDER BY item.debtor_id, invoice.due_on, invoice.number
"""

_LINES = """
SELECT line.id, line.batch_id, line.debtor_id, line.item_id, debtor.number, debtor.name,
       invoice.number, invoice.due_on, line.cents, line.end_to_end_id, line.attempt, line.state,
       line.announced_on, line.reason_code, line.retry_on, line.because_nl, line.because_en,
       mandate.id, mandate.reference, batch.collect_on, batch.state, batch.account_id,
       line.decided_by
FROM tijdig_debitline line
JOIN tijdig_debitbatch batch
  ON batch.administration_id = line.administration_id AND batch.id = line.batch_id
JOIN tijdig_debtor debtor
  ON debtor.administration_id = line.administration_id AND debtor.id = line.debtor_id
JOIN tijdig_invoice invoice
  ON invoice.administration_id = line.administration_id AND invoice.open_item_id = line.item_id
JOIN tijdig_sepamandate mandate
  ON mandate.administration_id = line.administration_id AND mandate.id = line.mandate_id
WHERE line.administration_id = %s AND {only}
ORDER BY batch.collect_on, debtor.name, debtor.number, invoice.due_on, invoice.number
"""

_BATCHES = """
SELECT batch.id, account.iban, batch.collect_on, batch.scheme, batch.sequence, batch.state,
       batch.message_id, lines.count, lines.cents, lines.unannounced, batch.approved_by,
       batch.made_by, batch.handed_over_on, batch.handed_over_by, batch.withdrawn_because,
       lines.mark, lines.under_way, lines.came_back
FROM tijdig_debitbatch batch
JOIN tijdig_account account
  ON account.administration_id = batch.administration_id AND account.id = batch.account_id
JOIN LATERAL (
    SELECT count(*) AS count, coalesce(sum(line.cents), 0)::bigint AS cents,
           count(*) FILTER (WHERE line.announced_on IS NULL AND line.state = 'planned')
               AS unannounced,
           count(*) FILTER (WHERE line.state IN ('planned', 'handed_over')) AS under_way,
           count(*) FILTER (WHERE line.state IN ('rejected', 'returned')) AS came_back,
           md5(string_agg(concat(line.id, ':', line.cents), ',' ORDER BY line.id)) AS mark
    FROM tijdig_debitline line
    WHERE line.administration_id = batch.administration_id AND line.batch_id = batch.id
      AND line.state <> 'left_out' AND (line.state <> 'withdrawn' OR batch.state = 'withdrawn')
) lines ON true
WHERE batch.administration_id = %s AND (batch.id = %s::uuid OR %s::uuid IS NULL)
ORDER BY batch.state IN ('handed_over', 'withdrawn'), CASE
         WHEN batch.state IN ('handed_over', 'withdrawn') THEN DATE '4000-01-01' - batch.collect_on
         ELSE batch.collect_on - DATE '1900-01-01' END, batch.id
LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open invoice of a debtor with a mandate, and how collecting it went before."""

    debtor_id: UUID
    item_id: UUID
    number: str
    issued_on: date
    due_on: date
    by_direct_debit: bool
    retry_on: date | None
    attempts: int


@dataclass(frozen=True, slots=True)
class LineRow:
    """A collection with its invoice, debtor and mandate."""

    id: UUID
    batch_id: UUID
    debtor_id: UUID
    item_id: UUID
    debtor_number: str
    debtor_name: str
    invoice_number: str
    due_on: date
    cents: int
    end_to_end_id: str
    attempt: int
    state: str
    announced_on: date | None
    reason_code: str
    retry_on: date | None
    because_nl: str
    because_en: str
    mandate_id: UUID
    mandate_reference: str
    collect_on: date
    batch_state: str
    account_id: UUID
    decided_by: str

    @property
    def was_missed(self) -> bool:
        """Whether its day passed without a file, and nobody has said yet what is to be done."""
        return self.state == "left_out" and self.decided_by == BY_ITSELF

    @property
    def is_to_correct(self) -> bool:
        """Whether the bank refused it for data of ours, and nobody has asked for it again."""
        return self.is_over and self.reason_code in TO_CORRECT

    @property
    def waits_in_file(self) -> bool:
        """Whether it stands in a file that nobody gave to the bank yet."""
        return self.state == "planned" and self.batch_state == "made"

    @property
    def is_with_bank(self) -> bool:
        """Whether the bank has it, and has not said what became of it."""
        return self.state == "handed_over"

    @property
    def is_planned(self) -> bool:
        """Whether it is still to go into a file."""
        return self.state == "planned"

    @property
    def is_over(self) -> bool:
        """Whether only a person can have its invoice collected again."""
        if self.state in ("rejected", "returned"):
            return self.retry_on is None
        return self.state == "left_out"


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch with its count and sum; `unannounced` counts lines that were not announced yet.

    `mark` is another one as soon as a line or an amount in it is; None where nothing is in it.
    `under_way` counts lines without an outcome, `came_back` those refused or taken back.
    """

    id: UUID
    iban: str
    collect_on: date
    scheme: str
    sequence: str
    state: str
    message_id: str
    count: int
    cents: int
    unannounced: int
    approved_by: str
    made_by: str
    handed_over_on: date | None
    handed_over_by: str
    withdrawn_because: str
    mark: str | None
    under_way: int
    came_back: int

    @property
    def standing(self) -> str:
        """Its state; of what the bank has, what became of it."""
        if self.state not in ("made", "handed_over") or not self.count:
            return self.state
        if self.came_back == self.count:
            return "came_back"
        if self.state == "made":
            return self.state
        if self.came_back:
            return "partly_back"
        return self.state if self.under_way else "collected"


def list_candidates(*, due_until: date, today: date) -> tuple[Candidate, ...]:
    """Open invoices due by this day of debtors with a standing mandate, and in no collection.

    One that came back counts where it is to be tried again; one that the bank had when its batch
    was withdrawn, once its money could no longer be on its way.
    """
    administration_id = active_administration()
    on_its_way_from = add_days(today, -_ON_ITS_WAY_DAYS)
    asked = [administration_id, administration_id, on_its_way_from, due_until]
    rows = execute(_CANDIDATES, asked)
    return tuple(Candidate(*row) for row in rows.fetchall())


def list_lines_of(batch_id: UUID) -> tuple[LineRow, ...]:
    """The lines of a batch, by debtor."""
    return _list_lines("line.batch_id = %s", batch_id)


def list_waiting_lines() -> tuple[LineRow, ...]:
    """The lines that are planned and in no file yet."""
    only = "line.state = 'planned' AND batch.state = ANY(%s)"
    return _list_lines(only, ["proposed", "approved"])


def list_lines_of_debtor(debtor_id: UUID) -> tuple[LineRow, ...]:
    """Every collection of a debtor, in order of their day."""
    return _list_lines("line.debtor_id = %s", debtor_id)


def list_lines_of_item(item_id: UUID) -> tuple[LineRow, ...]:
    """Every collection of an invoice, in order of their day."""
    return _list_lines("line.item_id = %s", item_id)


def list_came_back(*, since: date) -> tuple[LineRow, ...]:
    """The collections that a bank refused or sent back since a day, or that were left out."""
    left_out_on = "CASE WHEN line.state = 'left_out' THEN batch.collect_on END"
    return _list_lines(f"coalesce(line.came_back_on, {left_out_on}) >= %s", since)


def list_batches(*, limit: int = 50) -> tuple[BatchRow, ...]:
    """Batches: those that ask for something first, the nearest day first."""
    rows = execute(_BATCHES, [active_administration(), None, None, limit])
    return tuple(BatchRow(*row) for row in rows.fetchall())


def find_batch(batch_id: UUID) -> BatchRow | None:
    """One batch; None where there is none."""
    rows = execute(_BATCHES, [active_administration(), batch_id, batch_id, 1])
    row = rows.fetchone()
    return BatchRow(*row) if row else None


def count_to_hand_in(*, until_on: date, today: date) -> int:
    """Batches that a person still has to bring to the bank, for a day ahead up to this one."""
    open_ones = DebitBatch.objects.filter(
        state__in=["proposed", "approved", "made"], collect_on__lte=until_on, collect_on__gt=today
    )
    return open_ones.filter(_has_planned()).count()


def count_overdue_files(*, today: date) -> int:
    """Files of which the day has come, and that nobody gave to the bank as far as we know."""
    made = DebitBatch.objects.filter(state=DebitBatch.State.MADE, collect_on__lte=today)
    return made.filter(_has_planned()).count()


def count_missed(*, since: date) -> int:
    """Open invoices whose collection, since that day, did not go to the bank in time."""
    return DebitLine.objects.filter(
        state=DebitLine.State.LEFT_OUT,
        decided_by=BY_ITSELF,
        batch__collect_on__gte=since,
        item__closed_on=None,
    ).count()


def count_to_correct(*, since: date) -> int:
    """Open invoices whose collection came back since that day by what is ours to look at.

    Their mandates are not held, so nothing else tells of them.
    """
    return DebitLine.objects.filter(
        state__in=CAME_BACK,
        retry_on=None,
        reason_code__in=(*TO_CORRECT, SEEN_TWICE),
        came_back_on__gte=since,
        item__closed_on=None,
    ).count()


def load_file(batch_id: UUID) -> tuple[str, bytes] | None:
    """The name and the bytes of the file of a batch; None before it is made or once withdrawn."""
    standing = DebitBatch.objects.filter(id=batch_id).exclude(state=DebitBatch.State.WITHDRAWN)
    row = standing.values_list("message_id", "content").first()
    if row is None or row[1] is None:
        return None
    return f"{row[0]}.xml", bytes(row[1])


def load_failed_debits(item_ids: list[UUID], *, today: date) -> dict[UUID, date]:
    """By item the day of its last collection, where that one came back.

    Also of one that its debtor was told of and that was not made: he waited for it.
    """
    rows = execute(
        "SELECT DISTINCT ON (line.item_id) line.item_id, batch.collect_on, "
        "       line.state IN ('rejected', 'returned', 'withdrawn', 'left_out') "
        "FROM tijdig_debitline line JOIN tijdig_debitbatch batch "
        "  ON batch.administration_id = line.administration_id AND batch.id = line.batch_id "
        "WHERE line.administration_id = %s AND line.item_id = ANY(%s) "
        "  AND (line.state NOT IN ('withdrawn', 'left_out') "
        "       OR (line.announced_on IS NOT NULL AND batch.collect_on < %s)) "
        "ORDER BY line.item_id, line.id DESC",
        [active_administration(), item_ids, today],
    )
    return {row[0]: row[1] for row in rows.fetchall() if row[2]}


def _has_planned() -> Exists:
    return Exists(DebitLine.objects.filter(batch_id=OuterRef("id"), state=DebitLine.State.PLANNED))


def _list_lines(only: str, value: object) -> tuple[LineRow, ...]:
    rows = execute(_LINES.format(only=only), [active_administration(), value])
    return tuple(LineRow(*row) for row in rows.fetchall())
