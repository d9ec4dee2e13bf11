"""Match what came in with what is open, and book what is certain."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from tijdig.banking.models import BankLine
from tijdig.core.matching import Asked, Match, OpenItem, Payment, build_index, match_all
from tijdig.ledger.actions.invoices import load_standings
from tijdig.ledger.actions.posting import NewEntry, post, touch_debtors
from tijdig.ledger.models import DebtorIban
from tijdig.ledger.models import OpenItem as OpenItemRow
from tijdig.ledger.queries.known import load_items_for_bank, load_known_ibans
from tijdig.tenants.bulk import execute, insert_rows, update_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record


def match_unmatched(
    *, asked: Sequence[Asked], today: date, now: datetime, actor: str
) -> tuple[int, int]:
    """Match every line that waits; how many matched, and how many still wait.

    `asked` is what messages with their own payment reference have asked.
    """
    lines = list(BankLine.objects.filter(state=BankLine.State.UNMATCHED).order_by("booked_on"))
    if not lines:
        return 0, 0
    ibans: dict[str, list[UUID]] = {}
    for iban, debtor_id in load_known_ibans():
        ibans.setdefault(iban, []).append(debtor_id)
    index = build_index([OpenItem(*row) for row in load_items_for_bank()], asked, ibans)
    payments = [
        Payment(
            line_id=line.id,
            booked_on=line.booked_on,
            key=line.key,
            amount_cents=line.cents,
            reference=line.reference,
            text=line.text,
            counter_iban=line.counter_iban,
        )
        for line in lines
    ]
    by_id = {line.id: line for line in lines}
    found = [
        (by_id[payment.line_id], match)
        for payment, match in match_all(payments, index)
        if match is not None
    ]
    _book(found, today=today, now=now, actor=actor)
    _hold_payers([line for line in lines if line.id not in {one.id for one, _ in found}])
    return len(found), len(lines) - len(found)


def _book(
    found: Sequence[tuple[BankLine, Match]], *, today: date, now: datetime, actor: str
) -> None:
    item_ids = {item_id for _, match in found for item_id, _ in match.parts}
    standings = load_standings(list(item_ids))
    in_books = {item_id: standing.in_books_cents for item_id, standing in standings.items()}
    entries = [entry for line, match in found for entry in _entries(line, match, in_books)]
    update_rows(
        BankLine,
        ("state", "match_kind", "because_nl", "because_en"),
        [
            (line.id, BankLine.State.MATCHED, match.kind, match.because.nl, match.because.en)
            for line, match in found
        ],
    )
    post(entries, today=today, now=now)
    debtors = dict(OpenItemRow.objects.filter(id__in=item_ids).values_list("id", "debtor_id"))
    _learn_ibans(
        [
            (line.counter_iban, debtors[match.parts[0][0]])
            for line, match in found
            if len({debtors[item_id] for item_id, _ in match.parts}) == 1
        ]
    )
    record(
        [
            Happened(
                "payment_matched",
                "bank_line",
                line.id,
                debtors[match.parts[0][0]],
                {
                    "cents": line.cents,
                    "booked_on": line.booked_on,
                    "kind": match.kind,
                    "nl": match.because.nl,
                    "en": match.because.en,
                },
            )
            for line, match in found
        ],
        today=today,
        now=now,
        actor=actor,
    )


def _entries(line: BankLine, match: Match, in_books: dict[UUID, int]) -> list[NewEntry]:
    """The payment on its items; credit notes that were deducted are set off against the claims.

    What only the books had settled is now settled by the bank.
    """
    entries = []
    credit = -sum(cents for _, cents in match.parts if cents < 0)
    for item_id, cents in match.parts:
        off = min(cents, credit) if cents > 0 else cents
        credit -= max(off, 0)
        settled = in_books.get(item_id, 0)
        confirmed = max(0, min(cents, -settled)) if cents > 0 else min(0, max(cents, -settled))
        in_books[item_id] = settled + confirmed
        amounts = {"paid": off - cents, "set_off": -off, "settled_in_books": confirmed}
        entries += [
            NewEntry(item_id, kind, amount, line.booked_on, "bank_line", line.id)
            for kind, amount in amounts.items()
            if amount
        ]
    return entries


def _learn_ibans(pairs: Sequence[tuple[str, UUID]]) -> None:
    administration_id = active_administration()
    insert_rows(
        DebtorIban,
        ("id", "administration", "debtor", "iban", "learned_from"),
        [
            (new_id(), administration_id, debtor_id, iban, "payment")
            for iban, debtor_id in dict.fromkeys(pairs)
            if iban
        ],
        unless_there=True,
    )


def _hold_payers(lines: Sequence[BankLine]) -> None:
    """Whoever is known to pay from the account of an unmatched line is looked at again."""
    rows = execute(
        "SELECT DISTINCT debtor.id FROM tijdig_debtoriban known JOIN tijdig_debtor debtor "
        "ON debtor.administration_id = known.administration_id AND debtor.id = known.debtor_id "
        "WHERE known.administration_id = %s AND known.iban = ANY(%s) "
        "AND debtor.standing_reason <> 'stop_unmatched_payment'",
        [active_administration(), [line.counter_iban for line in lines if line.counter_iban]],
    )
    touch_debtors(row[0] for row in rows.fetchall())
