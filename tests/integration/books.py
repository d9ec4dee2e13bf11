"""Files as books and banks write them, and what the ledger makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from tests.integration.office import at
from tests.plugs.camt_samples import Detail, Entry, Statement, make_camt
from tests.plugs.list_samples import dutch, write_csv

from tijdig.dunning.actions.run import RunResult, run
from tijdig.ledger.belongings.models import Look
from tijdig.ledger.models import Debtor, OpenItem
from tijdig.ledger.models import Entry as LedgerEntry
from tijdig.ledger.queries.balances import Totals, compute_totals
from tijdig.tenants.scope import administration_scope
from tijdig.web.receiving import Receipt, Received, receive

# A day in the midst of these books: some invoices are late on it.
MIDDLE = date(2026, 3, 20)
PAYER = "NL20INGB0001234567"
HEAD = (
    "Debiteurnr", "Naam", "Factuurnr", "Factuurdatum", "Vervaldatum", "Factuurbedrag",
    "Openstaand", "E-mail", "IBAN",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list of open items."""

    number: str
    open_cents: int
    total_cents: int = 12_100
    debtor: str = "1001"
    issued_on: date = date(2026, 2, 12)
    due_on: date = date(2026, 3, 14)
    iban: str = ""


def make_list(*rows: Listed) -> bytes:
    """A full list of open items, each debtor with a mail address of his own."""
    return write_csv(
        [
            HEAD,
            *(
                (
                    row.debtor,
                    f"Klant {row.debtor}",
                    row.number,
                    f"{row.issued_on:%d-%m-%Y}",
                    f"{row.due_on:%d-%m-%Y}",
                    dutch(row.total_cents),
                    dutch(row.open_cents),
                    f"klant{row.debtor}@example.nl",
                    row.iban,
                )
                for row in rows
            ),
        ]
    )


def make_payment(
    cents: int, text: str = "", *, on: date, iban: str = PAYER, reference: str = ""
) -> Entry:
    """Money that came in."""
    detail = Detail(
        name="Klant 1001",
        texts=(text,) if text else (),
        references=(reference,) if reference else (),
        iban=iban,
    )
    amount = f"{abs(cents) // 100}.{abs(cents) % 100:02d}"
    direction = "CRDT" if cents > 0 else "DBIT"
    return Entry(amount, direction, booked_on=on, value_on=on, details=(detail,))


def make_statement(*entries: Entry, name: str = "AFSCHRIFT-1") -> bytes:
    return make_camt(Statement(entries=entries, identification=name))


def take(administration: UUID, *contents: bytes, day: date = date(2026, 3, 2)) -> Receipt:
    """Bring files in through the door that everybody uses."""
    files = [Received(f"bestand-{n}", content) for n, content in enumerate(contents)]
    with administration_scope(administration):
        return receive(files, today=day, now=at(day), actor="test")


def run_on(administration: UUID, day: date) -> RunResult:
    return run(administration, today=day, now=at(day))


def balances(administration: UUID) -> dict[str, int]:
    """What is open on each invoice, by its number."""
    return {number: sum(cents for _, cents in made) for number, made in entries(administration)}


def entries_of(administration: UUID, number: str) -> list[tuple[str, int]]:
    """Kind and cents of the entries on an invoice: what was invoiced, then the rest by kind."""
    made = sorted(dict(entries(administration))[number])
    return sorted(made, key=lambda one: one[0] not in {"invoiced", "credited"})


def entries(administration: UUID) -> Sequence[tuple[str, list[tuple[str, int]]]]:
    with administration_scope(administration), connection.cursor() as cursor:
        cursor.execute(
            "SELECT invoice.number, entry.kind, entry.cents FROM tijdig_invoice invoice "
            "JOIN tijdig_entry entry USING (administration_id, open_item_id) "
            "WHERE administration_id = %s ORDER BY invoice.number, entry.id",
            [administration],
        )
        found: dict[str, list[tuple[str, int]]] = {}
        for number, kind, cents in cursor.fetchall():
            found.setdefault(number, []).append((kind, cents))
    return list(found.items())


def reason_of(administration: UUID, debtor: str = "1001") -> str:
    """Why nothing happens, or that a step was taken, as the last run left it."""
    with administration_scope(administration):
        return Look.objects.get(id=Debtor.objects.get(number=debtor).id).standing_reason


def reopened(administration: UUID) -> int:
    with administration_scope(administration):
        return sum(OpenItem.objects.values_list("reopen_count", flat=True))


def check_totals(administration: UUID) -> Totals:
    """The totals that are kept are those of all entries, on any day; those of this book's time."""
    cursor = connection.cursor()
    for today in (date(2025, 1, 1), MIDDLE, date(2030, 1, 1)):
        cursor.execute(
            """
            SELECT coalesce(sum(entry.cents), 0)::bigint,
                   coalesce(sum(entry.cents) FILTER (WHERE is_late), 0)::bigint,
                   count(DISTINCT item.id) FILTER (WHERE item.kind = 'invoice'),
                   count(DISTINCT item.id) FILTER (WHERE is_late)
            FROM tijdig_openitem item
            JOIN tijdig_entry entry ON entry.open_item_id = item.id
            LEFT JOIN tijdig_invoice invoice
              ON item.kind = 'invoice' AND invoice.open_item_id = item.id
            CROSS JOIN LATERAL (
                SELECT invoice.due_on < %s AND invoice.due_on >= invoice.issued_on AS is_late
            ) told
            WHERE item.administration_id = %s AND item.closed_on IS NULL AND item.currency = 'EUR'
            """,
            [today, administration],
        )
        assert compute_totals(today=today) == Totals(*cursor.fetchone())
    return compute_totals(today=MIDDLE)


def check_book(administration: UUID) -> None:
    """Every cent: the sum of the entries of an item is nil exactly when it is closed (P5)."""
    with administration_scope(administration), connection.cursor() as cursor:
        check_totals(administration)
        cursor.execute(
            """
            SELECT item.id, item.closed_on, coalesce(sum(entry.cents), 0)
            FROM tijdig_openitem item LEFT JOIN tijdig_entry entry ON entry.open_item_id = item.id
            WHERE item.administration_id = %s GROUP BY item.id, item.closed_on
            HAVING (coalesce(sum(entry.cents), 0) = 0) <> (item.closed_on IS NOT NULL)
            """,
            [administration],
        )
        assert cursor.fetchall() == []
        received = LedgerEntry.objects.filter(source_kind="bank_line")
        cursor.execute(
            """
            SELECT line.id, line.cents, sum(entry.cents)
            FROM tijdig_bankline line
            LEFT JOIN tijdig_entry entry ON entry.source_kind = 'bank_line'
             AND entry.source_id = line.id AND entry.source_round = line.match_round
             AND entry.kind IN ('paid', 'set_off')
            WHERE line.administration_id = %s AND line.state = 'matched'
            GROUP BY line.id, line.cents HAVING line.cents <> coalesce(-sum(entry.cents), 0)
            """,
            [administration],
        )
        assert cursor.fetchall() == []
        assert {one.kind for one in received} <= {
            "paid", "set_off", "settled_in_books", "reversed", "discount", "rounding",
        }  # fmt: skip
