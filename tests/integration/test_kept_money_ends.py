"""Kept money has an end: a person says that it went back or was set off, and can undo that."""

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.urls import reverse
from tests.integration.books import (
    Listed,
    check_book,
    make_list,
    make_payment,
    make_statement,
    reason_of,
    run_on,
    take,
)
from tests.integration.office import at, make_administration, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_case_messages import live
from tests.integration.test_keeping import MONDAY, ONCE, OTHER, TODAY, keep, pay_twice, unapplied

from tijdig.banking.models import BankLine
from tijdig.core.facts import OpenItem as Item
from tijdig.core.netting import net_items
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.unmatching import unmatch
from tijdig.intake.records import Party
from tijdig.ledger.actions import kept_money
from tijdig.ledger.models import Entry, OpenItem
from tijdig.ledger.queries.kept_money import (
    KeptMoney,
    KeptMoneyEnd,
    count_kept_money,
    find_kept_money,
    list_ends,
    list_kept_money,
)
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

WAYS = ("refunded", "settled_in_books")
LATER = date(2026, 3, 9)
MOMENT = {"today": LATER, "now": at(LATER), "actor": "Sanne"}


def keep_one(administration: UUID) -> tuple[UUID, UUID]:
    """€ 121,00 of debtor 1001 that pays nothing: its item and its bank line."""
    line_id = pay_twice(administration)
    keep(administration, line_id, remember=False)
    with administration_scope(administration):
        return OpenItem.objects.get(kind="unapplied", closed_on=None).id, line_id


def end(item_id: UUID, way: str, cents: int = 12_100, on: date = LATER) -> UUID:
    return kept_money.end(item_id, way=way, cents=cents, on=on, **MOMENT)  # type: ignore[arg-type]


def find_form_id(answer: HttpResponse) -> str:
    """The id under which the form of the page is recorded."""
    found = re.search(r'name="end_id" value="([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]


@pytest.mark.parametrize("way", WAYS)
def test_it_ends_and_comes_back_to_the_cent(administration: UUID, way: str) -> None:
    item_id, _ = keep_one(administration)
    take(administration, make_list(OTHER), day=LATER)
    with administration_scope(administration):
        (row,) = list_kept_money()
        assert row == KeptMoney(item_id, row.debtor_id, "1001", "Klant 1001", MONDAY, 12_100)
        assert count_kept_money() == 1
        first, second = end(item_id, way, 2_100, MONDAY), end(item_id, way, 10_000, MONDAY)
        assert (list_kept_money(), count_kept_money()) == ((), 0)
        assert OpenItem.objects.get(id=item_id).closed_on == LATER
        kept_money.undo(item_id, first, **MOMENT)
        left = find_kept_money(item_id)
        assert left is not None
        assert (left.left_cents, OpenItem.objects.get(id=item_id).reopen_count) == (2_100, 0)
        assert list_ends(item_id) == (
            KeptMoneyEnd(first, way, 2_100, MONDAY, True),
            KeptMoneyEnd(second, way, 10_000, MONDAY, False),
        )
        told = Event.objects.filter(subject_kind="kept_money").order_by("id")
        assert [one.kind for one in told] == [f"kept_money_{way}"] * 2 + ["kept_money_again"]
    assert unapplied(administration) == -2_100
    check_book(administration)


def test_what_went_covers_no_later_invoice(administration: UUID) -> None:
    """Set off in the books it paid the invoice that they call settled, and not the next one too."""
    item_id, _ = keep_one(administration)
    late = Listed("2026-0003", 12_100)
    take(administration, make_list(ONCE, OTHER, late), day=MONDAY)
    run_on(administration, date(2026, 3, 23))
    assert reason_of(administration) == "net_nothing_open"
    # The books set it off against the new invoice, which leaves the list.
    take(administration, make_list(OTHER), day=date(2026, 3, 24))
    again = Listed("2026-0004", 12_100)
    take(administration, make_list(OTHER, again), day=date(2026, 3, 25))
    day = date(2026, 3, 26)
    with administration_scope(administration):
        kept_money.end(
            item_id, way="settled_in_books", cents=12_100, on=date(2026, 3, 24),
            today=day, now=at(day), actor="Sanne",
        )  # fmt: skip
    run_on(administration, day)
    assert reason_of(administration) != "net_nothing_open"
    check_book(administration)


@pytest.mark.parametrize("way", WAYS)
def test_a_payment_whose_rest_was_used_is_not_undone_before_that_is(
    administration: UUID, way: str
) -> None:
    item_id, line_id = keep_one(administration)
    words = "terugbetaald aan de klant" if way == "refunded" else "verrekend in de boeken"
    take(administration, make_list(OTHER), day=LATER)
    with administration_scope(administration):
        done = end(item_id, way, 2_100, MONDAY)
    with (
        administration_scope(administration),
        pytest.raises(Refusal) as refused,
    ):
        unmatch(line_id, **TODAY)
    assert refused.value.because.nl == (
        f"Van dit geld is € 21,00 {words}, op 02-03-2026. Maak dat eerst ongedaan, bij het tegoed "
        "van Klant 1001."
    )
    with administration_scope(administration):
        assert BankLine.objects.get(id=line_id).state == "matched"
        kept_money.undo(item_id, done, **MOMENT)
        unmatch(line_id, **TODAY)
        assert BankLine.objects.get(id=line_id).state == "unmatched"
    assert unapplied(administration) == 0
    check_book(administration)


def test_money_used_with_another_payment_names_that_one(administration: UUID) -> None:
    item_id, line_id = keep_one(administration)
    big = Listed("2026-0003", 20_000, total_cents=20_000)
    take(administration, make_list(ONCE, OTHER, big), day=MONDAY)
    take(administration, make_statement(make_payment(7_900, "rest", on=LATER)), day=LATER)
    with administration_scope(administration):
        line = BankLine.objects.get(cents=7_900)
        assert line.state == "matched"
        assert OpenItem.objects.get(id=item_id).closed_on is not None
    with (
        administration_scope(administration),
        pytest.raises(Refusal, match="een andere betaling, van 09-03-2026"),
    ):
        unmatch(line_id, **TODAY)
    with administration_scope(administration):
        unmatch(line.id, **MOMENT)
        unmatch(line_id, **TODAY)
    assert unapplied(administration) == 0
    check_book(administration)


def test_set_off_before_the_list_that_shows_it_reminds_of_nothing(database: None) -> None:
    """Until a later list has settled the invoice that has it, the money goes on being deducted."""
    guards = {"books_fresh_days": 5, "bank_fresh_days": None}
    administration = make_administration(sending=True, guards=guards)
    item_id, _ = keep_one(administration)
    other = Listed("2026-0002", 5_000, debtor="1002", due_on=date(2026, 12, 1))
    late = Listed("2026-0003", 12_100, due_on=date(2026, 3, 10))
    listed_on, day, later = date(2026, 3, 23), date(2026, 3, 24), date(2026, 3, 25)
    take(administration, make_list(other, late), day=listed_on)

    def set_off(on: date, today: date) -> None:
        kept_money.end(
            item_id, way="settled_in_books", cents=12_100, on=on,
            today=today, now=at(today), actor="Sanne",
        )  # fmt: skip

    for on in (day, listed_on):
        with (
            administration_scope(administration),
            pytest.raises(Refusal, match="is van 23-03-2026"),
        ):
            set_off(on, day)
    assert live(administration, day) == []
    assert reason_of(administration) == "net_nothing_open"
    new = Listed("2026-0009", 1_000, debtor="1010", due_on=date(2026, 12, 1))
    take(administration, make_list(other, new), day=later)
    with administration_scope(administration):
        set_off(day, later)
    assert live(administration, later) == []
    assert unapplied(administration) == 0
    check_book(administration)


def test_without_lists_it_is_set_off_at_once(administration: UUID) -> None:
    """Nothing else will ever say so."""
    take_in(administration, make_record("2026-0001", debtor=Party(number="1001", name="Klant")))
    twice = [make_payment(12_100, "factuur 2026-0001", on=MONDAY) for _ in range(2)]
    take(administration, make_statement(*twice), day=MONDAY)
    with administration_scope(administration):
        line_id = BankLine.objects.get(state="unmatched").id
    keep(administration, line_id, remember=False)
    with administration_scope(administration):
        item_id = OpenItem.objects.get(kind="unapplied", closed_on=None).id
        end(item_id, "settled_in_books")
    assert unapplied(administration) == 0


Wrong = Callable[[UUID], object]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda item: end(item, "gone"), "Kies: terugbetaald, of verrekend"),
        (lambda item: end(item, "refunded", 0), "nog € 121,00 van dit tegoed over"),
        (lambda item: end(item, "refunded", 12_101), "nog € 121,00 van dit tegoed over"),
        (lambda item: end(item, "refunded", on=date(2026, 3, 1)), "van 02-03-2026 tot en met"),
        (lambda item: end(item, "refunded", on=date(2026, 3, 10)), "van 02-03-2026 tot en met"),
        (lambda _: end(UUID(int=1), "refunded"), "Dit tegoed is er niet"),
        (lambda item: kept_money.undo(item, UUID(int=1), **MOMENT), "al ongedaan gemaakt"),
    ],
)
def test_what_cannot_be_is_refused(administration: UUID, wrong: Wrong, said: str) -> None:
    item_id, _ = keep_one(administration)
    with administration_scope(administration), pytest.raises(Refusal, match=said):
        wrong(item_id)
    assert unapplied(administration) == -12_100


def test_an_invoice_is_no_kept_money(administration: UUID) -> None:
    keep_one(administration)
    with administration_scope(administration):
        invoice_id = OpenItem.objects.filter(kind="invoice", closed_on=None).first().id  # type: ignore[union-attr]
        before = Entry.objects.count()
    with administration_scope(administration), pytest.raises(Refusal, match="er niet"):
        end(invoice_id, "refunded", 100)
    with administration_scope(administration):
        assert Entry.objects.count() == before


def test_too_much_of_it_is_asked_of_nobody() -> None:
    """A bank takes back a payment whose rest was paid back to the customer already."""
    item = Item(UUID(int=1), "", "unapplied", MONDAY, MONDAY, 500)
    assert net_items([item]) == ()


def test_the_pages_lead_to_it_and_back(administration: UUID) -> None:
    item_id, _ = keep_one(administration)
    client, slug = sign_in(make_person(administration)), slug_of(administration)
    page = reverse("kept-money", kwargs={"slug": slug, "item_id": item_id})
    debtor = reverse("debtor", kwargs={"slug": slug, "number": "1001"})
    today = client.get(reverse("today", kwargs={"slug": slug})).content.decode()
    assert "Tegoed van een klant" in today
    listed = f"{reverse('cases', kwargs={'slug': slug})}?tab=money"
    assert listed in today
    for address in (listed, debtor):
        assert page in client.get(address).content.decode()
    asked = {"do": "refunded", "amount": "200,00", "on": "2026-03-09"}
    assert client.post(page, asked).status_code == 404
    wrong = client.post(page, {**asked, "end_id": find_form_id(client.get(page))})
    assert wrong.status_code == 422
    assert "van dit tegoed over" in wrong.content.decode()
    told = {**asked, "amount": "121,00", "end_id": find_form_id(wrong)}
    said = client.post(page, told, follow=True).content.decode()
    assert "Tegoed terugbetaald" in said
    assert page in said
    assert (
        "Tegoed van een klant"
        not in client.get(reverse("today", kwargs={"slug": slug})).content.decode()
    )
    with administration_scope(administration):
        (done,) = list_ends(item_id)
    said = client.post(page, {"do": "undo", "end": str(done.id)}, follow=True).content.decode()
    assert "Tegoed staat weer" in said
    assert client.post(page, {"do": "undo", "end": "x"}).status_code == 404
    assert unapplied(administration) == -12_100


def test_who_clicks_twice_on_a_part_ends_it_once(administration: UUID) -> None:
    item_id, _ = keep_one(administration)
    client = sign_in(make_person(administration))
    page = reverse("kept-money", kwargs={"slug": slug_of(administration), "item_id": item_id})
    shown = find_form_id(client.get(page))
    told = {"do": "refunded", "amount": "50,00", "on": "2026-03-09", "end_id": shown}
    assert [client.post(page, told).status_code for _ in range(2)] == [302, 302]
    assert unapplied(administration) == -7_100
    # Another amount with the form of before is no second click.
    again = client.post(page, {**told, "amount": "71,00"})
    assert again.status_code == 422
    assert "Dit formulier is al gebruikt." in again.content.decode()
    assert client.post(page, {**told, "end_id": find_form_id(again)}).status_code == 302
    assert unapplied(administration) == -2_100
    with administration_scope(administration):
        assert [one.cents for one in list_ends(item_id)] == [5_000, 5_000]
    check_book(administration)
