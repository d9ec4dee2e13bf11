"""Our own side is checked before the first contact about a late invoice."""

import re
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.urls import reverse
from tests.integration.books import (
    check_totals,
    make_payment,
    make_statement,
    reason_of,
    run_on,
    take,
)
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.banking.actions import deciding
from tijdig.banking.models import BankLine, Suggestion
from tijdig.desk.causes import STANDING
from tijdig.dunning.models import Decision
from tijdig.ledger.models import Contact, Debtor, Invoice
from tijdig.ledger.queries.balances import Totals, count_by_standing_reason
from tijdig.ledger.queries.cards import count_failed_addresses, list_failed_addresses
from tijdig.ledger.queries.lists import list_debtors
from tijdig.ledger.queries.words import find_debtors
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

REMIND_ON = date(2026, 3, 19)


def test_money_that_could_be_for_it_is_a_task_and_not_a_reminder(administration: UUID) -> None:
    """The amount is the invoice's and the number nearly so: too little to book, enough to wait."""
    take_in(administration, make_record("2026-0412", due_on=date(2026, 3, 14)))
    payment = make_payment(12_100, "Café Voorbeeld dank u", on=date(2026, 3, 12))
    take(administration, make_statement(payment), day=date(2026, 3, 13))
    with administration_scope(administration):
        suggested = list(Suggestion.objects.values_list("kind", "parts"))
    run_on(administration, REMIND_ON)
    with administration_scope(administration):
        said = Decision.objects.order_by("-on", "-id").values_list("because_nl", flat=True)[0]
    assert suggested
    assert reason_of(administration) == "stop_possible_payment"
    assert said == (
        "Niets gedaan: de € 121,00 die op 12 maart 2026 binnenkwam, kan voor deze factuur zijn. "
        "Koppel die betaling eerst."
    )


def test_money_that_could_be_for_a_newer_invoice_is_not_asked_for_with_an_older_one(
    administration: UUID,
) -> None:
    take_in(administration, make_record("2026-0500", due_on=date(2026, 3, 10), cents=3_300))
    take_in(administration, make_record("2026-0600", due_on=date(2026, 3, 12), cents=7_777))
    payment = make_payment(7_777, "Café Voorbeeld dank u", on=date(2026, 3, 12))
    take(administration, make_statement(payment), day=date(2026, 3, 13))
    run_on(administration, REMIND_ON)
    with administration_scope(administration):
        assert [one.total_cents for one in Message.objects.all()] == [3_300]


def test_money_that_comes_in_after_a_reminder_and_could_be_for_it_stops_the_next_step(
    administration: UUID,
) -> None:
    take_in(administration, make_record("2026-0412", due_on=date(2026, 3, 14)))
    run_on(administration, REMIND_ON)
    payment = make_payment(12_100, "Café Voorbeeld dank u", on=date(2026, 3, 25))
    take(administration, make_statement(payment), day=date(2026, 3, 26))
    run_on(administration, date(2026, 3, 31))
    assert reason_of(administration) == "stop_possible_payment"
    with administration_scope(administration):
        line_id = BankLine.objects.get().id
        told = {"today": date(2026, 4, 1), "now": at(date(2026, 4, 1)), "actor": "Sanne"}
        deciding.ignore(line_id, because="een gift", **told)
    run_on(administration, date(2026, 4, 2))
    assert reason_of(administration) == "step_taken"


def test_an_invoice_that_was_due_before_it_was_written_is_a_task(administration: UUID) -> None:
    record = make_record(issued_on=date(2026, 3, 2), due_on=date(2026, 2, 2))
    take_in(administration, record)
    run_on(administration, REMIND_ON)
    assert reason_of(administration) == "stop_incomplete_invoice"
    with administration_scope(administration):
        said = Decision.objects.get().because_nl
    assert said == (
        "Niets gedaan: factuur 2026-0412 is niet in orde: de vervaldatum ligt vóór de "
        "factuurdatum. Verbeter dit eerst in de boekhouding."
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"number": " - "}, "het factuurnummer ontbreekt"),
        ({"invoiced_cents": 9_000}, "er staat meer open dan het factuurbedrag"),
        ({"vat_cents": 12_100}, "de btw past niet bij het factuurbedrag"),
        ({"vat_cents": -1}, "de btw past niet bij het factuurbedrag"),
    ],
)
def test_an_invoice_that_is_not_complete_is_a_task_until_the_books_mend_it(
    administration: UUID, wrong: dict[str, object], said: str
) -> None:
    take_in(administration, make_record(due_on=date(2026, 3, 14)))
    with administration_scope(administration):
        right = Invoice.objects.values("number", "invoiced_cents", "vat_cents").get()
        Invoice.objects.update(**wrong)
    run_on(administration, REMIND_ON)
    assert reason_of(administration) == "stop_incomplete_invoice"
    with administration_scope(administration):
        assert said in Decision.objects.get().because_nl
        assert Message.objects.count() == 0
        assert count_by_standing_reason(STANDING)["stop_incomplete_invoice"] == 1
        Invoice.objects.update(**right)
    run_on(administration, date(2026, 3, 20))
    assert reason_of(administration) == "step_taken"


def test_an_invoice_without_the_name_of_a_customer_is_a_task(administration: UUID) -> None:
    take_in(administration, make_record(due_on=date(2026, 3, 14)))
    with administration_scope(administration):
        Debtor.objects.update(name=" ? ")
    run_on(administration, REMIND_ON)
    assert reason_of(administration) == "stop_incomplete_invoice"


def test_what_the_books_do_not_tell_is_not_a_failed_check(administration: UUID) -> None:
    take_in(administration, make_record(due_on=date(2026, 3, 14)))
    run_on(administration, REMIND_ON)
    assert reason_of(administration) == "step_taken"


POSTED = (
    "Factuurnummer;Debiteurnummer;Debiteurnaam;Factuurdatum;Vervaldatum;Factuurbedrag;Openstaand;"
    "E-mail;Adres;Postcode;Plaats\n"
    "2026-0412;1001;Piet;12-02-2026;14-03-2026;121,00;121,00;{};Dijk 1;1234 AB;Edam\n"
)


def bring(administration: UUID, address: str, day: date) -> None:
    take(administration, POSTED.format(address).encode(), day=day)


def test_an_invoice_that_went_to_an_address_that_cannot_be_one_is_a_task(
    administration: UUID,
) -> None:
    """A letter would be the first that he hears of it; with a mended address mail goes."""
    bring(administration, "piet@zon..example", date(2026, 3, 2))
    run_on(administration, REMIND_ON)
    assert reason_of(administration) == "stop_dead_address"
    with administration_scope(administration):
        assert Message.objects.count() == 0
        said = Decision.objects.get().because_nl
        assert count_failed_addresses() == 1
        (row,) = list_failed_addresses(limit=9)
    assert said == (
        "Niets gedaan: het e-mailadres piet@zon..example kan niet kloppen, dus misschien kreeg hij "
        "de factuur niet. Vul een ander e-mailadres in, of kies dat hij liefst een brief krijgt."
    )
    assert (row.email, row.since_on) == ("piet@zon..example", None)
    client = sign_in(make_person(administration))
    page = client.get(f"/{slug_of(administration)}/berichten/vragen/").content.decode()
    assert "dit adres kan niet kloppen" in page
    bring(administration, "piet@zon.example", date(2026, 3, 20))
    run_on(administration, date(2026, 3, 20))
    assert reason_of(administration) == "step_taken"
    with administration_scope(administration):
        assert [one.channel for one in Message.objects.all()] == ["email"]
        assert count_failed_addresses() == 0


def test_who_prefers_letters_may_have_an_address_that_cannot_be_one(administration: UUID) -> None:
    bring(administration, "piet@zon..example", date(2026, 3, 2))
    with administration_scope(administration):
        Debtor.objects.update(preferred_channel="letter")
    run_on(administration, REMIND_ON)
    with administration_scope(administration):
        assert [one.channel for one in Message.objects.all()] == ["letter"]
        assert count_failed_addresses() == 0


@pytest.mark.parametrize("address", ["", "geen", "n.v.t."])
def test_no_address_at_all_is_unknown_and_not_failed(administration: UUID, address: str) -> None:
    bring(administration, address, date(2026, 3, 2))
    run_on(administration, REMIND_ON)
    with administration_scope(administration):
        assert [one.channel for one in Message.objects.all()] == ["letter"]


def test_an_address_that_cannot_be_one_does_not_take_the_place_of_one_that_can(
    administration: UUID,
) -> None:
    bring(administration, "piet@zon.example", date(2026, 3, 2))
    bring(administration, "piet@zon..example", date(2026, 3, 3))
    run_on(administration, REMIND_ON)
    with administration_scope(administration):
        assert [one.channel for one in Message.objects.all()] == ["email"]
        assert Contact.objects.get().email == "piet@zon.example"


def test_an_invoice_due_before_it_was_written_is_not_called_late(administration: UUID) -> None:
    """Nothing asks for it; its pages say what is wrong with it, not since when it is late."""
    odd = make_record("2026-0412", due_on=date(2026, 1, 2), issued_on=date(2026, 2, 10))
    take_in(administration, odd, make_record("2026-0413", due_on=date(2026, 1, 2)))
    client = sign_in(make_person(administration))
    slug = slug_of(administration)
    odd_page, right_page = (
        client.get(reverse("invoice", kwargs={"slug": slug, "number": number})).content.decode()
        for number in ("2026-0412", "2026-0413")
    )
    wrong = ("vervaldatum klopt niet", "De vervaldatum ligt vóór de factuurdatum. Tot dat")
    assert ["dagen te laat" in one for one in (right_page, odd_page)] == [True, False]
    assert [one in right_page for one in wrong] == [False, False]
    assert [one in odd_page for one in wrong] == [True, True]
    for name, kwargs in (("invoices", {}), ("debtor", {"number": "1001"})):
        page = client.get(reverse(name, kwargs={"slug": slug, **kwargs})).content.decode()
        assert (page.count("vervaldatum klopt niet"), page.count("dagen te laat")) == (1, 1), name


def test_the_lists_call_nobody_late_by_a_due_date_before_the_invoice(administration: UUID) -> None:
    """In none of the tabs "Te laat", and never counted with what is late."""
    odd = make_record("2026-0412", due_on=date(2026, 1, 2), issued_on=date(2026, 2, 10))
    take_in(administration, odd)
    client = sign_in(make_person(administration))
    slug = slug_of(administration)

    def read(name: str, tab: str) -> str:
        return client.get(reverse(name, kwargs={"slug": slug}), {"tab": tab}).content.decode()

    listed = read("debtors", "open")
    assert ("vervaldatum klopt niet" in listed, "te laat" in listed) == (True, False)
    assert 'class="late"' not in listed
    for name, number in (("debtors", ">1001<"), ("invoices", "2026-0412")):
        assert [number in read(name, tab) for tab in ("open", "overdue")] == [True, False], name
    page = client.get(reverse("debtor", kwargs={"slug": slug, "number": "1001"}))
    late = re.search(r"Waarvan te laat</span>.*?>([^<]+)</span>", page.content.decode())
    assert late is not None
    assert late[1] == "€\N{NO-BREAK SPACE}0,00"
    # One that is rightly late beside it counts, from its own day.
    take_in(administration, odd, make_record("2026-0413", due_on=date(2026, 1, 20)))
    with administration_scope(administration):
        (row,) = list_debtors(
            tab="overdue", found=find_debtors(""), after=None, today=date(2026, 3, 2), limit=9
        )
    assert (row.oldest_due_on, row.overdue_cents) == (date(2026, 1, 20), 12_100)


def test_the_totals_count_late_what_the_lists_count_late(administration: UUID) -> None:
    odd = make_record("2026-0412", due_on=date(2026, 1, 2), issued_on=date(2026, 2, 10))
    right = make_record("2026-0413", due_on=date(2026, 1, 20))
    days = (date(2026, 1, 2), date(2026, 2, 20), date(2026, 1, 2), date(2026, 2, 20))
    known = []
    # Wrong, put right, wrong again: each time they are what all entries tell.
    for number, due_on in enumerate(days):
        took_on = date(2026, 3, 3 + number)
        take_in(administration, replace(odd, due_on=due_on), right, today=took_on)
        with administration_scope(administration):
            known.append(check_totals(administration))
    late, not_late = Totals(24_200, 24_200, 2, 2), Totals(24_200, 12_100, 2, 1)
    assert known == [not_late, late, not_late, late]
    take_in(administration, odd, right, today=date(2026, 3, 9))
    for number, left in (("2026-0412", (12_100, 12_100, 1, 1)), ("2026-0413", (0, 0, 0, 0))):
        payment = make_payment(12_100, number, on=date(2026, 3, 10))
        take(administration, make_statement(payment, name=number), day=date(2026, 3, 11))
        with administration_scope(administration):
            assert check_totals(administration) == Totals(*left)
