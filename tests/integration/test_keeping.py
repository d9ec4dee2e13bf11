"""Money that pays nothing open: who paid twice is named, and a person keeps it for the debtor."""

import re
from datetime import date
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import (
    PAYER,
    Listed,
    balances,
    check_book,
    make_list,
    make_payment,
    make_statement,
    run_on,
    take,
)
from tests.integration.office import at, make_administration
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.banking.actions import keeping
from tijdig.banking.models import BankLine
from tijdig.banking.proposals.keepers.queries import (
    Keeper,
    SettledInvoice,
    list_keepers,
    list_settled,
)
from tijdig.banking.proposals.queries import load_line
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.actions.unmatching import unmatch
from tijdig.dunning.models import Decision
from tijdig.ledger.belongings.models import DebtorIban
from tijdig.ledger.models import Debtor
from tijdig.ledger.queries.balances import compute_unapplied_cents
from tijdig.tenants.scope import administration_scope

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
ONCE = Listed("2026-0001", 12_100)
OTHER = Listed("2026-0002", 5_000, debtor="1002")
TODAY = {"today": MONDAY, "now": at(MONDAY), "actor": "Sanne"}


def pay_twice(administration: UUID) -> UUID:
    """The line that paid an invoice which was paid already."""
    take(administration, make_list(ONCE, OTHER), day=MONDAY)
    twice = [make_payment(12_100, "factuur 2026-0001", on=MONDAY) for _ in range(2)]
    take(administration, make_statement(*twice), day=MONDAY)
    with administration_scope(administration):
        return BankLine.objects.get(state="unmatched").id


def keep(administration: UUID, line_id: UUID, number: str = "1001", *, remember: bool) -> None:
    with administration_scope(administration):
        debtor = Debtor.objects.get(number=number)
        keeping.keep(line_id, debtor.id, remember=remember, **TODAY)


def unapplied(administration: UUID, number: str = "1001") -> int:
    with administration_scope(administration):
        return compute_unapplied_cents(Debtor.objects.get(number=number).id)


def test_the_line_says_which_invoice_was_settled_and_whose_money_it_is(
    administration: UUID,
) -> None:
    line_id = pay_twice(administration)
    with administration_scope(administration):
        line = load_line(line_id)
        assert line is not None
        settled = list_settled(line)
        debtor = Debtor.objects.get(number="1001")
        assert settled == (SettledInvoice("2026-0001", "1001", debtor.name, MONDAY),)
        assert list_keepers(line, settled, search="") == (
            Keeper(debtor.id, "1001", debtor.name, is_likely=True),
        )
        found = [(one.number, one.is_likely) for one in list_keepers(line, settled, search="1002")]
        assert found == [("1001", True), ("1002", False)]


def test_whom_the_payment_points_to_comes_first_however_many_a_search_finds(
    administration: UUID,
) -> None:
    line_id = pay_twice(administration)
    many = [Listed(f"2026-1{n:03d}", 5_000, debtor=f"1000{n:02d}") for n in range(20)]
    take(administration, make_list(*many), day=TUESDAY)
    with administration_scope(administration):
        line = load_line(line_id)
        assert line is not None
        found = list_keepers(line, list_settled(line), search="klant")
        assert (found[0].number, len(found)) == ("1001", 12)
        assert [one.is_likely for one in found] == [True] + [False] * 11


def test_an_open_invoice_and_a_year_name_nothing_settled(administration: UUID) -> None:
    take(administration, make_list(ONCE, OTHER), day=MONDAY)
    said = make_payment(99, "2026 nr 2026-0002", on=MONDAY)
    take(administration, make_statement(said), day=MONDAY)
    with administration_scope(administration):
        line = load_line(BankLine.objects.get().id)
        assert line is not None
        assert list_settled(line) == ()


def test_kept_money_is_the_debtors_and_lets_him_go(administration: UUID) -> None:
    line_id = pay_twice(administration)
    keep(administration, line_id, remember=True)
    assert unapplied(administration) == -12_100
    assert balances(administration) == {"2026-0001": 0, "2026-0002": 5_000}
    with administration_scope(administration):
        line = BankLine.objects.get(id=line_id)
        assert (line.state, line.decided_by) == ("matched", "Sanne")
        assert line.because_nl == "Bewaard als geld van de debiteur door Sanne."
    check_book(administration)


def test_kept_money_counts_for_the_next_invoice(administration: UUID) -> None:
    line_id = pay_twice(administration)
    keep(administration, line_id, remember=False)
    late = Listed("2026-0003", 10_000)
    take(administration, make_list(ONCE, OTHER, late), day=MONDAY)
    day = date(2026, 4, 7)
    run_on(administration, day)
    with administration_scope(administration):
        debtor = Debtor.objects.get(number="1001")
        decision = Decision.objects.filter(debtor_id=debtor.id).latest("on", "id")
        assert (decision.outcome, decision.reason) == ("nothing", "net_nothing_open")


def test_a_reminder_asks_no_more_than_what_is_left(database: None, sink: SmtpSink) -> None:
    administration = make_administration(sending=True)
    take(administration, make_list(ONCE, OTHER), day=MONDAY)
    said = make_payment(2_100, "voorschot", on=MONDAY)
    take(administration, make_statement(said), day=MONDAY)
    with administration_scope(administration):
        line_id = BankLine.objects.get().id
    keep(administration, line_id, remember=False)
    day = date(2026, 3, 23)
    live_one_day(administration, today=day, now=at(day))
    (mail,) = [one for _, to, one in sink.stored if "klant1001@example.nl" in to]
    body = message_from_bytes(mail, policy=default).get_body(("plain",))
    assert body is not None
    words = " ".join(body.get_content().replace("\xa0", " ").split())
    assert "Door u betaald, nog niet verrekend 02-03-2026 -€ 21,00" in words
    assert "Samen te betalen € 100,00" in words
    assert "Wat u nog van ons krijgt, hebben wij van het bedrag afgehaald." in words


def test_undo_takes_it_back(administration: UUID) -> None:
    line_id = pay_twice(administration)
    with administration_scope(administration):
        known = set(DebtorIban.objects.values_list("iban", "line_id"))
    keep(administration, line_id, remember=True)
    with administration_scope(administration):
        unmatch(line_id, **TODAY)
        assert BankLine.objects.get(id=line_id).state == "unmatched"
        assert set(DebtorIban.objects.values_list("iban", "line_id")) == known
    assert unapplied(administration) == 0
    check_book(administration)


def test_what_is_remembered_is_the_account(administration: UUID) -> None:
    take(administration, make_list(ONCE, OTHER), day=MONDAY)
    strange = make_payment(777, "voorschot", on=MONDAY)
    take(administration, make_statement(strange), day=MONDAY)
    with administration_scope(administration):
        line_id = BankLine.objects.get().id
    keep(administration, line_id, "1002", remember=True)
    with administration_scope(administration):
        assert list(DebtorIban.objects.values_list("iban", "debtor__number")) == [(PAYER, "1002")]
    assert unapplied(administration, "1002") == -777


def test_a_debtor_who_is_not_there_is_refused(administration: UUID) -> None:
    line_id = pay_twice(administration)
    with (
        administration_scope(administration),
        pytest.raises(Refusal, match="Kies eerst een debiteur"),
    ):
        keeping.keep(line_id, line_id, remember=False, **TODAY)
    assert unapplied(administration) == 0


def test_the_page_says_it_and_keeps_it(administration: UUID) -> None:
    line_id = pay_twice(administration)
    client: Client = sign_in(make_person(administration))
    slug = slug_of(administration)
    page = client.get(reverse("proposals", kwargs={"slug": slug})).content.decode()
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert "De omschrijving noemt factuur 2026-0001 van Klant 1001." in said
    assert "Die is al voldaan, op 2 maart 2026." in said
    with administration_scope(administration):
        debtor_id = Debtor.objects.get(number="1001").id
    address = reverse("keeping", kwargs={"slug": slug, "line_id": line_id})
    answer = client.post(address, {"debtor": str(debtor_id)}, follow=True)
    assert "De betaling is bewaard als tegoed." in answer.content.decode()
    assert unapplied(administration) == -12_100
    again = client.post(address, {"debtor": str(debtor_id)}, follow=True)
    assert "Al verwerkt" in again.content.decode()
    assert unapplied(administration) == -12_100


def test_the_invoice_says_that_what_the_books_had_settled_counts_once(
    administration: UUID,
) -> None:
    take(administration, make_list(ONCE, OTHER), day=MONDAY)
    take(administration, make_list(OTHER), day=TUESDAY)
    paid = make_payment(12_100, "factuur 2026-0001", on=MONDAY)
    take(administration, make_statement(paid), day=TUESDAY)
    slug = slug_of(administration)
    address = reverse("invoice", kwargs={"slug": slug, "number": "2026-0001"})
    page = sign_in(make_person(administration)).get(address).content.decode()
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert said.count("Afgehandeld in de boekhouding") == 1
    assert said.count("Stond al in de boekhouding: telt niet dubbel") == 1
    assert said.count("De omschrijving noemt factuur 2026-0001.") == 1
