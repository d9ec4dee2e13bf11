"""What a person decides about a bank line, and that it can be taken back without a trace."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connections
from tests.integration.books import (
    PAYER,
    Listed,
    balances,
    check_book,
    entries_of,
    make_list,
    make_payment,
    make_statement,
    reopened,
    run_on,
    take,
)
from tests.integration.office import at
from tests.plugs.camt_samples import Entry

from tijdig.banking.actions import deciding
from tijdig.banking.actions.limits import set_limit
from tijdig.banking.actions.matching import propose_again
from tijdig.banking.models import BankLine, Suggestion
from tijdig.banking.proposals.queries import load_limit, rehearse_limits
from tijdig.core.problem import Refusal
from tijdig.ledger.belongings.models import DebtorIban
from tijdig.ledger.models import Debtor, Invoice, OpenItem
from tijdig.ledger.models import Entry as LedgerEntry
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

MONDAY = date(2026, 3, 2)
A = Listed("2026-0001", 12_100)
B = Listed("2026-0002", 12_100, debtor="1002")
C = Listed("2026-0003", 5_000, total_cents=5_000)
TODAY = {"today": MONDAY, "now": at(MONDAY), "actor": "Sanne"}


def make_waiting(administration: UUID, cents: int, text: str, *rows: Listed) -> UUID:
    """A line that waits, with its proposals; its id."""
    take(administration, make_list(*rows or (A, B, C)), day=MONDAY)
    take(administration, make_statement(make_payment(cents, text, on=MONDAY)), day=MONDAY)
    with administration_scope(administration):
        line = BankLine.objects.get()
        assert line.state == "unmatched"
        return line.id


def item_of(number: str) -> UUID:
    return Invoice.objects.get(number=number).open_item_id


def accept_first(administration: UUID, line_id: UUID, *, actor: str = "Sanne") -> None:
    with administration_scope(administration):
        first = Suggestion.objects.get(line_id=line_id, rank=1)
        told = TODAY | {"actor": actor}
        deciding.accept(line_id, first.id, remember=True, asked=(), **told)


def divide(administration: UUID, line_id: UUID, number: str, cents: int) -> None:
    with administration_scope(administration):
        parts = ((item_of(number), cents),)
        deciding.split(line_id, parts, round_off=False, remember=False, asked=(), **TODAY)


def test_a_proposal_is_accepted_and_the_account_remembered(administration: UUID) -> None:
    line_id = make_waiting(administration, 12_500, "2026-0001")
    accept_first(administration, line_id)
    assert balances(administration)["2026-0001"] == 0
    with administration_scope(administration):
        line = BankLine.objects.get()
        assert (line.state, line.decided_by, line.match_agreed) == ("matched", "Sanne", True)
        assert "2026-0001" in line.because_nl
        assert list(DebtorIban.objects.values_list("iban", "line_id")) == [(PAYER, line_id)]
        rest = OpenItem.objects.get(kind="unapplied")
        assert rest.closed_on is None
        assert Suggestion.objects.count() == 0
    check_unapplied(administration, -400)


def check_unapplied(administration: UUID, cents: int) -> None:
    from tijdig.ledger.queries.balances import compute_unapplied_cents

    with administration_scope(administration):
        debtor = Debtor.objects.get(number="1001")
        assert compute_unapplied_cents(debtor.id) == cents


def test_undo_gives_back_ledger_rhythm_and_account(administration: UUID) -> None:
    line_id = make_waiting(administration, 12_500, "2026-0001")
    with administration_scope(administration):
        version = Debtor.objects.get(number="1001").facts_version
    accept_first(administration, line_id)
    with administration_scope(administration):
        deciding.undo(line_id, asked=(), **TODAY)
        assert not DebtorIban.objects.exists()
        assert Debtor.objects.get(number="1001").facts_version > version
        line = BankLine.objects.get()
        assert (line.state, line.match_round) == ("unmatched", 2)
        assert Suggestion.objects.filter(line_id=line_id).exists()
    assert balances(administration)["2026-0001"] == 12_100
    assert reopened(administration) == 0
    check_unapplied(administration, 0)
    check_book(administration)


def _strange(cents: int, text: str) -> Entry:
    """Money of somebody whose name tells nothing."""
    made = make_payment(cents, text, on=MONDAY, iban="NL02ABNA0123456789")
    return replace(made, details=(replace(made.details[0], name="P. de Boer"),))


OTHERS = {
    "the amount": _strange(12_100, "dank"),
    "the number": _strange(6_000, "deel van 2026-0001"),
    "the account": make_payment(4_000, "dank", on=MONDAY),
    "the debtor": _strange(17_100, "klant 1001"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_after_an_undo_what_may_have_paid_the_same_is_proposed_anew(
    administration: UUID, what: str
) -> None:
    """Without it the other line goes on saying that the invoice is paid."""
    take(administration, make_list(A, B, C), day=MONDAY)
    paid = make_payment(12_100, "2026-0001", on=MONDAY)
    take(administration, make_statement(paid, OTHERS[what]), day=MONDAY)
    with administration_scope(administration):
        ids = dict(BankLine.objects.values_list("state", "id"))
        before = proposed_for(ids["unmatched"])
        deciding.undo(ids["matched"], asked=(), **TODAY)
        after = proposed_for(ids["unmatched"])
        propose_again([ids["unmatched"]], ())
        assert proposed_for(ids["unmatched"]) == after != before


def proposed_for(line_id: UUID) -> list[tuple[object, ...]]:
    rows = Suggestion.objects.filter(line_id=line_id).order_by("rank")
    return list(rows.values_list("debtor_id", "parts", "certainty", "evidence"))


def test_the_rhythm_goes_on_where_it_was(administration: UUID) -> None:
    """The step that was taken before a wrong match is not taken again after its undoing."""
    due = Listed("2026-0001", 12_100, due_on=date(2026, 2, 20))
    take(administration, make_list(due), day=MONDAY)
    run_on(administration, MONDAY)
    line_id = make_waiting(administration, 12_500, "dank", due)
    day = MONDAY + timedelta(days=1)
    with administration_scope(administration):
        steps = list(Message.objects.values_list("step_key", "reopen_count"))
    accept_first(administration, line_id)
    with administration_scope(administration):
        deciding.undo(line_id, asked=(), **TODAY)
        deciding.ignore(line_id, because="van een ander", **TODAY)
    run_on(administration, day + timedelta(days=1))
    with administration_scope(administration):
        assert list(Message.objects.values_list("step_key", "reopen_count")) == steps
        assert len(steps) == 1


def test_after_an_undo_the_robot_keeps_off_and_a_person_may_match_again(
    administration: UUID,
) -> None:
    take(administration, make_list(A, C), day=MONDAY)
    statement = make_statement(make_payment(12_100, "2026-0001", on=MONDAY))
    assert take(administration, statement, day=MONDAY).matched == 1
    with administration_scope(administration):
        line_id = BankLine.objects.get().id
        deciding.undo(line_id, asked=(), **TODAY)
        assert BankLine.objects.get().match_agreed is False
    assert take(administration, statement, day=MONDAY).matched == 0
    accept_first(administration, line_id)
    assert balances(administration)["2026-0001"] == 0
    assert entries_of(administration, "2026-0001") == [
        ("invoiced", 12_100), ("paid", -12_100), ("paid", -12_100), ("reversed", 12_100),
    ]  # fmt: skip


def test_a_line_is_divided_by_hand(administration: UUID) -> None:
    line_id = make_waiting(administration, 9_000, "dank")
    with administration_scope(administration):
        parts = ((item_of("2026-0001"), 4_000), (item_of("2026-0003"), 4_998))
        deciding.split(line_id, parts, round_off=True, remember=False, asked=(), **TODAY)
        assert not DebtorIban.objects.exists()
    assert balances(administration) == {"2026-0001": 8_100, "2026-0002": 12_100, "2026-0003": 0}
    check_unapplied(administration, -2)


@pytest.mark.parametrize(
    ("cents", "because"),
    [
        (9_001, "U verdeelt meer dan er is betaald."),
        (0, "Kies ten minste één factuur."),
        (-1, "Kies ten minste één factuur."),
    ],
)
def test_a_division_that_cannot_be(administration: UUID, cents: int, because: str) -> None:
    line_id = make_waiting(administration, 9_000, "dank")
    with pytest.raises(Refusal, match=because):
        divide(administration, line_id, "2026-0001", cents)


def test_no_more_than_is_open(administration: UUID) -> None:
    line_id = make_waiting(administration, 9_000, "dank")
    with pytest.raises(Refusal, match="staat intussen minder open"):
        divide(administration, line_id, "2026-0003", 6_000)


def test_setting_aside_needs_a_reason_and_can_be_taken_back(administration: UUID) -> None:
    line_id = make_waiting(administration, 9_000, "belastingteruggave")
    with pytest.raises(Refusal, match="Schrijf erbij"), administration_scope(administration):
        deciding.ignore(line_id, because="  ", **TODAY)
    with administration_scope(administration):
        deciding.ignore(line_id, because="belasting", **TODAY)
        assert BankLine.objects.get().because_nl == "Terzijde gelegd door Sanne: belasting"
    assert take(administration, make_list(A), day=MONDAY).unmatched == 0
    with administration_scope(administration):
        deciding.undo(line_id, asked=(), **TODAY)
        assert BankLine.objects.get().state == "unmatched"


def test_a_note_stays(administration: UUID) -> None:
    line_id = make_waiting(administration, 9_000, "dank")
    with administration_scope(administration):
        deciding.note(line_id, text=" bellen ")
        assert BankLine.objects.get().note == "bellen"


def test_two_people_at_once_the_second_hears_that_it_was_done(administration: UUID) -> None:
    line_id = make_waiting(administration, 12_500, "2026-0001")
    with administration_scope(administration):
        first = Suggestion.objects.get(line_id=line_id, rank=1).id
    heard: list[str] = []
    ready = threading.Barrier(2)

    def decide(actor: str) -> None:
        try:
            ready.wait()
            with administration_scope(administration):
                deciding.accept(
                    line_id, first, remember=True, asked=(), **(TODAY | {"actor": actor})
                )
        except Refusal as refusal:
            heard.append(refusal.because.nl)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=(name,)) for name in ("Sanne", "Bram")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with administration_scope(administration):
        winner = BankLine.objects.get().decided_by
    assert heard == [f"Al verwerkt door {winner}. Er is niets veranderd."]
    assert balances(administration)["2026-0001"] == 0


@pytest.mark.parametrize("turn", range(4))
def test_robot_and_person_in_parallel_book_a_line_once(administration: UUID, turn: int) -> None:
    """The invoice that makes the robot sure comes in while a person books the line elsewhere."""
    line_id = make_waiting(administration, 7_700, f"2026-0009 {turn}")
    late = Listed("2026-0009", 7_700, total_cents=7_700)
    ready = threading.Barrier(2)
    heard: list[object] = []

    def run_robot() -> None:
        try:
            ready.wait()
            heard.append(take(administration, make_list(A, B, C, late), day=MONDAY).matched)
        finally:
            connections.close_all()

    def decide() -> None:
        try:
            ready.wait()
            divide(administration, line_id, "2026-0001", 7_700)
            heard.append("Sanne")
        except Refusal as refusal:
            heard.append(refusal.because.nl)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for work in (run_robot, decide)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    by_robot = balances(administration)["2026-0009"] == 0
    told = "Al verwerkt door test. Er is niets veranderd."
    expected = {1, told} if by_robot else {0, "Sanne"}
    assert (len(heard), set(heard)) == (2, expected)
    left = balances(administration)
    assert (left["2026-0001"], left["2026-0009"]) == (12_100, 0) if by_robot else (4_400, 7_700)
    with administration_scope(administration):
        entries = LedgerEntry.objects.filter(source_kind="bank_line", source_id=line_id)
        assert sum(entries.values_list("cents", flat=True)) == -7_700
    check_book(administration)


def test_robot_and_person_at_once(administration: UUID) -> None:
    """The invoice comes in, so that the robot is sure, while a person sets the line aside."""
    line_id = make_waiting(administration, 7_700, "2026-0009")
    with administration_scope(administration):
        deciding.ignore(line_id, because="onbekend", **TODAY)
    late = Listed("2026-0009", 7_700, total_cents=7_700)
    assert take(administration, make_list(A, late), day=MONDAY).matched == 0
    with administration_scope(administration):
        deciding.undo(line_id, asked=(), **TODAY)
    accept_first(administration, line_id)
    with (
        pytest.raises(Refusal, match="Al verwerkt door Sanne"),
        administration_scope(administration),
    ):
        deciding.ignore(line_id, because="toch niet", **TODAY)


def test_a_payment_before_its_invoice_is_matched_when_it_comes(administration: UUID) -> None:
    make_waiting(administration, 7_700, "2026-0009")
    late = Listed("2026-0009", 7_700, total_cents=7_700)
    assert take(administration, make_list(A, B, C, late), day=MONDAY).matched == 1
    assert balances(administration)["2026-0009"] == 0


def test_the_limit_is_rehearsed_and_set(administration: UUID) -> None:
    line_id = make_waiting(administration, 12_500, "2026-0001")
    rows = rehearse(administration)
    assert [(row.booked, row.asked, row.wrong) for row in rows] == [(0, 1, 0), (1, 0, 0)]
    with administration_scope(administration):
        deciding.ignore(line_id, because="nee", **TODAY)
    assert [(row.booked, row.wrong) for row in rehearse(administration)] == [(0, 0), (1, 1)]
    with administration_scope(administration):
        set_limit(985_000, **TODAY)
        assert load_limit() == 985_000
    with pytest.raises(Refusal), administration_scope(administration):
        set_limit(1, **TODAY)


@pytest.mark.parametrize("is_chosen", [False, True])
def test_what_is_always_for_a_person_is_asked_under_every_limit(
    administration: UUID, is_chosen: bool
) -> None:
    """Only the amount speaks for it: no limit books that by itself, also not once it was chosen."""
    take(administration, make_list(A), day=MONDAY)
    take(administration, make_statement(_strange(12_100, "dank")), day=MONDAY)
    if is_chosen:
        with administration_scope(administration):
            line_id = BankLine.objects.get().id
        accept_first(administration, line_id)
    rows = rehearse(administration)
    assert [(row.booked, row.asked, row.wrong) for row in rows] == [(0, 1, 0), (0, 1, 0)]


def test_once_more_speaks_for_it_a_limit_may_book_it(administration: UUID) -> None:
    take(administration, make_list(A), day=MONDAY)
    strange = _strange(12_100, "dank")
    take(administration, make_statement(strange), day=MONDAY)
    known = replace(A, iban=strange.details[0].iban)
    take(administration, make_list(known, B), day=MONDAY + timedelta(days=1))
    assert [(row.booked, row.asked) for row in rehearse(administration)] == [(0, 1), (1, 0)]


def rehearse(administration: UUID) -> list[object]:
    with administration_scope(administration):
        return list(rehearse_limits((1_000_001, 10_000), since=MONDAY))  # type: ignore[arg-type]


def test_a_discount_within_its_term_closes_the_invoice(administration: UUID) -> None:
    """2 per cent of 121 euros, read from the invoice."""
    from tests.integration.office import make_record, take_in

    record = replace(make_record("2026-0007"), discount_cents=242, discount_until=MONDAY)
    take_in(administration, record)
    in_time = make_statement(make_payment(11_858, "2026-0007", on=MONDAY))
    assert take(administration, in_time, day=MONDAY).matched == 1
    assert entries_of(administration, "2026-0007") == [
        ("invoiced", 12_100), ("discount", -242), ("paid", -11_858),
    ]  # fmt: skip
    with administration_scope(administration):
        assert "€ 2,42 korting" in BankLine.objects.get().because_nl
