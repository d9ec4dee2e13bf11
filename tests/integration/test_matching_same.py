"""Matching by way of the database decides as the rules do that have the whole book in memory."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
from bench.payment_book import FIRST_DAY, make_book
from bench.payment_parts import Book, BookPayment
from tests.integration.books import make_statement, take
from tests.integration.office import make_debtor, make_record, take_in
from tests.plugs.camt_samples import Detail, Entry

from tijdig.banking.actions import matching
from tijdig.banking.models import BankLine, Suggestion
from tijdig.banking.proposals.queries import make_payment
from tijdig.core.matching.book import MatchBook
from tijdig.core.matching.proposals import (
    DEFAULT_LIMIT,
    Judge,
    decide_named,
    decide_payment,
    decide_payments,
)
from tijdig.core.matching.records import KnownDebtor, OpenItem, Outcome, Payment
from tijdig.ledger.models import Debtor, Invoice
from tijdig.ledger.models import Entry as LedgerEntry
from tijdig.tenants.scope import administration_scope

LAST_DAY = FIRST_DAY + timedelta(weeks=14)
WITHOUT_REFERENCE = "text:reminder"


class Decided(NamedTuple):
    """What became of a line: the items that it paid, else what is proposed, surest first."""

    paid: frozenset[UUID]
    proposed: tuple[tuple[UUID, int], ...]


@pytest.mark.parametrize("batch", [5_000, 40], ids=["at once", "in batches"])
def test_the_database_finds_what_the_rules_find(
    administration: UUID, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "BATCH", batch)
    book = make_book(11, debtors=70, weeks=12)
    fill(administration, book)
    lines = [one for one in book.payments if WITHOUT_REFERENCE not in one.habits and one.cents > 0]
    items, debtors = load_book(administration)
    take(administration, make_statement(*map(as_entry, lines)), day=LAST_DAY)
    payments, found = load_decisions(administration)
    book_ = MatchBook(items, debtors)
    expected = decide_all(payments, book_)
    paid = {line_id for line_id, one in expected.items() if one.paid}
    assert {line_id: found[line_id].paid for line_id in found} == {
        line_id: one.paid for line_id, one in expected.items()
    }
    assert len(paid) > len(lines) * 0.8
    if batch > len(lines):
        # A line is looked at again where something that it was proposed for was paid after it.
        again = {one.line_id: propose(one, book_) for one in wait(payments, expected)}
        assert [
            line_id
            for line_id, fresh in again.items()
            if found[line_id].proposed not in {expected[line_id].proposed, fresh}
        ] == []
        assert any(found[line_id] != expected[line_id] for line_id in again)


def propose(payment: Payment, book: MatchBook) -> tuple[tuple[UUID, int], ...]:
    """What the payment may pay once all the others are booked."""
    found = decide_payment(payment, book, Judge(DEFAULT_LIMIT)).proposals
    return tuple((one.debtor_id, one.certainty) for one in found)


def fill(administration: UUID, book: Book) -> None:
    parties = [
        make_debtor(one.number, name=one.name, email=f"d{one.number}@example.nl")
        for one in book.debtors
    ]
    records = [
        make_record(
            one.number, cents=one.cents, issued_on=one.issued_on, due_on=one.due_on,
            debtor=parties[one.debtor],
        )
        for one in book.invoices
    ]  # fmt: skip
    take_in(administration, *records, today=LAST_DAY)


def as_entry(line: BookPayment) -> Entry:
    return Entry(
        f"{line.cents // 100}.{line.cents % 100:02d}",
        "CRDT",
        booked_on=LAST_DAY,
        value_on=LAST_DAY,
        details=(
            Detail(
                name=line.name,
                texts=(line.text,) if line.text else (),
                references=(line.reference,) if line.reference else (),
                iban=line.iban,
            ),
        ),
    )


def load_book(administration: UUID) -> tuple[list[OpenItem], list[KnownDebtor]]:
    with administration_scope(administration):
        items = [
            OpenItem(
                one.open_item_id, one.open_item.debtor_id, one.number, one.invoiced_cents,
                one.issued_on, one.due_on, one.order_reference or one.customer_reference,
            )
            for one in Invoice.objects.select_related("open_item")
        ]  # fmt: skip
        debtors = [KnownDebtor(*row) for row in Debtor.objects.values_list("id", "number", "name")]
    return items, debtors


def load_decisions(administration: UUID) -> tuple[list[Payment], dict[UUID, Decided]]:
    with administration_scope(administration):
        lines = list(BankLine.objects.order_by("booked_on", "key"))
        paid: dict[UUID, set[UUID]] = {}
        entries = LedgerEntry.objects.filter(source_kind="bank_line")
        on_items = entries.exclude(open_item__kind="unapplied")
        for line_id, item_id in on_items.values_list("source_id", "open_item_id"):
            paid.setdefault(line_id, set()).add(item_id)
        proposed: dict[UUID, list[tuple[UUID, int]]] = {}
        for one in Suggestion.objects.order_by("line_id", "rank"):
            proposed.setdefault(one.line_id, []).append((one.debtor_id, one.certainty))
    payments = [
        make_payment(
            (
                one.id, one.booked_on, one.key, one.cents, one.reference, one.text,
                one.counter_iban, one.counter_name, one.end_to_end_id, "[]", "[]",
                one.match_round, one.value_on,
            )
        )
        for one in lines
    ]  # fmt: skip
    return payments, {
        one.line_id: Decided(
            frozenset(paid.get(one.line_id, ())), tuple(proposed.get(one.line_id, ()))
        )
        for one in payments
    }


def decide_all(payments: Sequence[Payment], book: MatchBook) -> dict[UUID, Decided]:
    """First what names what it pays, then the rest, then again whose account was learned."""
    judge = Judge(DEFAULT_LIMIT)
    decided = {one.line_id: Decided(frozenset(), ()) for one in payments}
    learned = keep(decide_named(payments, book, judge), decided, book)
    left = wait(payments, decided)
    learned |= keep(decide_payments(left, book, judge), decided, book)
    while again := [one for one in wait(left, decided) if one.counter_iban in learned]:
        learned = keep(decide_named(again, book, judge), decided, book)
        learned |= keep(decide_payments(wait(again, decided), book, judge), decided, book)
    return decided


def wait(payments: Iterable[Payment], decided: dict[UUID, Decided]) -> list[Payment]:
    return [one for one in payments if not decided[one.line_id].paid]


def keep(outcomes: Iterable[Outcome], decided: dict[UUID, Decided], book: MatchBook) -> set[str]:
    """What came out, and the accounts that it tells."""
    learned = set()
    outcomes = list(outcomes)
    for one in outcomes:
        proposed = tuple((proposal.debtor_id, proposal.certainty) for proposal in one.proposals)
        decided[one.payment.line_id] = Decided(frozenset(), proposed)
        if not one.is_sure:
            continue
        parts = one.proposals[0].parts
        decided[one.payment.line_id] = Decided(frozenset(item_id for item_id, _ in parts), ())
        owners = {book.items[item_id].debtor_id for item_id, _ in parts}
        iban = one.payment.counter_iban
        if len(owners) == 1 and book.learn(iban, owners.pop()):
            learned.add(iban)
    return learned
