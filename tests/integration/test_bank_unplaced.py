"""A statement by bare number of which nobody knows the account waits; its money counts once."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

import pytest
from django.urls import reverse
from tests.integration.books import Listed, make_list
from tests.integration.office import at, make_administration
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_bank_accounts import (
    AT_ANOTHER_BANK,
    IBAN,
    NUMBER,
    by_iban,
    make_both,
)
from tests.integration.test_bank_once import TODAY, bring, day, euros, state
from tests.plugs.camt_samples import Detail, Entry, make_camt
from tests.plugs.mt940_samples import SHAPES, Paid, write_mt940, write_mt942

from tijdig.banking.models import Account, BankLine, Statement
from tijdig.banking.queries import list_accounts, list_bank_gaps, list_unplaced
from tijdig.core.freshness import describe_missing_file
from tijdig.core.problem import Refusal
from tijdig.dunning.queries.freshness import list_missing_files
from tijdig.tenants.scope import administration_scope
from tijdig.web.placing import place_statements
from tijdig.web.receiving import Received, receive

pytestmark = pytest.mark.usefixtures("database")

PAYER = "NL20INGB0001234567"
WEEK = [Paid(day(number), 1_000 + number, f"FACTUUR {number}") for number in range(3)]
FIRST, NEXT = 50_000, 90_000


def by_number(opening: int, lines: Sequence[Paid]) -> bytes:
    """An MT940 that does not say which bank wrote it."""
    content = write_mt940(SHAPES["ABN AMRO"], opening, lines)
    return content.replace(b"ABNANL2A\n940\nABNANL2A\n", b"").replace(b"ABN AMRO BANK NV", b"X1")


def same_by_iban(iban: str, opening: int, lines: Sequence[Paid]) -> bytes:
    """The same lines in camt.053."""
    entries = [
        Entry(
            amount=euros(abs(one.cents)),
            direction="CRDT" if one.cents > 0 else "DBIT",
            booked_on=one.on,
            value_on=one.on,
            details=[Detail(texts=[one.text], iban=PAYER, end_to_end_id="")],
        )
        for one in lines
    ]
    return make_camt(state(opening, entries, iban=iban))


@pytest.fixture
def both() -> UUID:
    """An office with two accounts of the same number, at two banks."""
    return make_both()


def place(administration_id: UUID, iban: str | None) -> None:
    """Somebody chooses this account for what waits, or one of its own."""
    with administration_scope(administration_id):
        (waiting,) = list_unplaced(list_bank_gaps(), list_accounts())
        of = next((one.id for one in waiting.choices if one.iban == iban), None)
        place_statements(waiting.account_id, of=of, today=TODAY, now=at(TODAY), actor="Sanne")


def booked(administration_id: UUID) -> list[tuple[str, int]]:
    """What counts, apart from what the two accounts began with."""
    with administration_scope(administration_id):
        counted = BankLine.objects.exclude(state__in=("pending", "unplaced")).exclude(cents=300)
        return sorted(counted.values_list("account__iban", "cents"))


def on(iban: str, lines: Sequence[Paid] = WEEK) -> list[tuple[str, int]]:
    return sorted((iban, one.cents) for one in lines)


def test_it_waits_and_nothing_goes_out_until_somebody_says(both: UUID) -> None:
    for new in (3, 0):
        (file,) = bring(both, by_number(FIRST, WEEK)).files
        assert (file.statements, file.lines, file.new_lines) == (1, 3, new)
        (told,) = file.problems
        assert told.because.nl == (
            f"Dit afschrift noemt alleen het nummer {NUMBER}. Daarop eindigen {AT_ANOTHER_BANK}"
            f" en {IBAN}. Zeg bij Betalingen van welke rekening het is. Tot dan tellen de regels"
            " niet mee en gaat er niets uit."
        )
    assert booked(both) == []
    with administration_scope(both):
        told = [one for one in list_missing_files(today=TODAY) if one.kind == "account"]
        assert [describe_missing_file(one).nl for one in told] == [
            "uw keuze van welke rekening de afschriften op nummer ..00 zijn (zie Betalingen)"
        ]
        assert [one.iban for one in list_accounts()] == [AT_ANOTHER_BANK, IBAN]
    place(both, IBAN)
    assert booked(both) == on(IBAN)
    with administration_scope(both):
        assert "account" not in [one.kind for one in list_missing_files(today=TODAY)]
        assert [one.iban for one in list_accounts()] == [AT_ANOTHER_BANK, IBAN]
        statement = Statement.objects.get(named=NUMBER)
        assert (statement.kind, statement.gap, statement.account.iban) == ("booked", "", IBAN)


def test_the_choice_holds_for_every_next_file(both: UUID) -> None:
    bring(both, by_number(FIRST, WEEK))
    place(both, AT_ANOTHER_BANK)
    later = [Paid(day(9), 700, "FACTUUR 9")]
    (file,) = bring(both, by_number(NEXT, later)).files
    assert (file.new_lines, file.problems) == (1, [])
    assert booked(both) == sorted([*on(AT_ANOTHER_BANK), (AT_ANOTHER_BANK, 700)])
    # All of it again, in both ways of writing: nothing is new.
    for again in (by_number(FIRST, WEEK), same_by_iban(AT_ANOTHER_BANK, FIRST, WEEK)):
        (file,) = bring(both, again).files
        assert (file.new_lines, file.problems) == (0, [])


def test_it_may_be_an_account_of_its_own(both: UUID) -> None:
    bring(both, by_number(FIRST, WEEK))
    place(both, None)
    later = [Paid(day(9), 700, "FACTUUR 9")]
    (file,) = bring(both, by_number(NEXT, later)).files
    assert (file.new_lines, file.problems) == (1, [])
    assert booked(both) == sorted([*on(NUMBER), (NUMBER, 700)])
    with administration_scope(both):
        assert Account.objects.get(iban=NUMBER).confirmed_by == "Sanne"


def test_the_same_days_by_iban_answer_the_question(both: UUID) -> None:
    bring(both, by_number(FIRST, WEEK))
    (file,) = bring(both, same_by_iban(IBAN, FIRST, WEEK)).files
    assert file.new_lines == 3
    assert booked(both) == on(IBAN)
    with administration_scope(both):
        assert "account" not in [one.kind for one in list_bank_gaps()]
        assert [one.iban for one in list_accounts()] == [AT_ANOTHER_BANK, IBAN]
        assert Statement.objects.get(named=NUMBER).account.iban == IBAN
    (again,) = bring(both, by_number(FIRST, WEEK)).files
    assert (again.new_lines, again.problems) == (0, [])


def test_the_same_file_as_its_bank_writes_it_answers_the_question(both: UUID) -> None:
    """What waited and what its bank wrote are the same money: it is new twice, and counts once."""
    bring(both, by_number(FIRST, WEEK))
    (file,) = bring(both, write_mt940(SHAPES["ABN AMRO"], FIRST, WEEK)).files
    assert (file.new_lines, file.problems) == (3, [])
    assert booked(both) == on(IBAN)
    with administration_scope(both):
        assert "account" not in [one.kind for one in list_bank_gaps()]


def test_it_may_come_again_in_the_same_call_before_and_after_the_file_by_iban(both: UUID) -> None:
    """Which of the files of one day comes first their content decides."""
    copies = [by_number(FIRST, WEEK) + b"\n" * number for number in range(8)]
    others = sorted(sha256(one).hexdigest() for one in copies)
    whole = same_by_iban(IBAN, FIRST, WEEK)
    variants = (whole + b"\n" * number for number in range(99))
    files = [
        next(one for one in variants if others[0] < sha256(one).hexdigest() < others[-1]),
        *copies,
    ]
    with administration_scope(both):
        received = [Received(f"{place}", one) for place, one in enumerate(files)]
        receive(received, today=TODAY, now=at(TODAY), actor="proef")
        assert list_unplaced(list_bank_gaps(), list_accounts()) == ()
        assert [one.iban for one in list_accounts()] == [AT_ANOTHER_BANK, IBAN]
        assert Statement.objects.filter(named=NUMBER).count() == 1
    assert booked(both) == on(IBAN)


def test_whatever_is_chosen_goes_where_its_lines_are(both: UUID) -> None:
    """Also where its money came in part by IBAN since, and the rest by the number alone."""
    bring(both, by_number(FIRST, WEEK), same_by_iban(IBAN, FIRST, WEEK[:2]))
    later = [Paid(day(9), 700, "FACTUUR 9")]
    bring(both, by_number(NEXT, later))
    assert booked(both) == on(IBAN)
    place(both, AT_ANOTHER_BANK)
    assert booked(both) == sorted([*on(IBAN), (AT_ANOTHER_BANK, 700)])


def test_the_same_days_by_iban_before_tell_which_account_it_is(both: UUID) -> None:
    bring(both, same_by_iban(AT_ANOTHER_BANK, FIRST, WEEK))
    (file,) = bring(both, by_number(FIRST, WEEK)).files
    assert (file.new_lines, file.problems) == (0, [])
    assert booked(both) == on(AT_ANOTHER_BANK)


def test_a_wrong_choice_is_mended_by_the_same_days_by_iban(both: UUID) -> None:
    bring(both, make_list(Listed("2026-0412", WEEK[0].cents)))
    lines = [Paid(WEEK[0].on, WEEK[0].cents, "FACTUUR 2026-0412"), *WEEK[1:]]
    bring(both, by_number(FIRST, lines))
    place(both, AT_ANOTHER_BANK)
    with administration_scope(both):
        paid = BankLine.objects.get(state="matched")
    (file,) = bring(both, same_by_iban(IBAN, FIRST, lines)).files
    assert file.new_lines == 0
    (told,) = file.problems
    assert told.because.en == (
        f"Statements that name the number alone turn out to be of {IBAN}: this statement has"
        " the same lines. They are with this account now and count once."
    )
    assert booked(both) == on(IBAN)
    with administration_scope(both):
        assert BankLine.objects.get(state="matched").id == paid.id


def test_a_number_that_was_taken_for_the_only_account_is_given_back() -> None:
    """First the number, then an IBAN at one bank that ends in it, then one at another."""
    administration_id = make_administration()
    bring(administration_id, by_number(FIRST, WEEK))
    bring(administration_id, by_iban(AT_ANOTHER_BANK))
    assert booked(administration_id) == on(AT_ANOTHER_BANK)
    bring(administration_id, same_by_iban(IBAN, FIRST, WEEK))
    assert booked(administration_id) == on(IBAN)


def test_equal_money_with_another_balance_is_of_another_account(both: UUID) -> None:
    bring(both, by_number(FIRST, WEEK))
    place(both, AT_ANOTHER_BANK)
    bring(both, same_by_iban(IBAN, FIRST + 1, WEEK))
    assert booked(both) == sorted([*on(AT_ANOTHER_BANK), *on(IBAN)])


def test_what_was_announced_or_went_out_comes_in_as_what_it_is(both: UUID) -> None:
    mixed = [WEEK[0], Paid(day(1), -2_500, "HUUR")]
    announced = write_mt942([Paid(day(20), 800, "FACTUUR 20")], account=NUMBER, payer=PAYER)
    announced = announced.replace(b"INGBNL2ABXXX", b"XXXXNL2ABXXX").replace(
        b"I940INGBNL2AXXX", b"I940XXXXNL2AXXX"
    )
    bring(both, by_number(FIRST, mixed), announced.replace(b"I942INGBNL2A", b"I942XXXXNL2A"))
    with administration_scope(both):
        assert {one.state for one in BankLine.objects.filter(account__iban=NUMBER)} == {"unplaced"}
    place(both, IBAN)
    with administration_scope(both):
        found = BankLine.objects.filter(account__iban=IBAN).exclude(cents=300)
        assert sorted(found.values_list("cents", "state")) == [
            (-2_500, "outgoing"), (800, "pending"), (1_000, "unmatched"),
        ]  # fmt: skip
        kinds = Statement.objects.filter(named=NUMBER).values_list("kind", flat=True)
        assert sorted(kinds) == ["booked", "intraday"]


def test_refuses_what_is_no_account_of_this_number_and_what_does_not_wait(both: UUID) -> None:
    bring(both, by_number(FIRST, WEEK), by_iban("NL02RABO0123456789"))
    with administration_scope(both):
        (waiting,) = list_unplaced(list_bank_gaps(), list_accounts())
        other = Account.objects.get(iban="NL02RABO0123456789")
        told = {"today": TODAY, "now": at(TODAY), "actor": "Sanne"}
        with pytest.raises(Refusal, match="eindigt niet op"):
            place_statements(waiting.account_id, of=other.id, **told)
        place_statements(waiting.account_id, of=waiting.choices[0].id, **told)
        with pytest.raises(Refusal, match="wacht niets meer"):
            place_statements(waiting.account_id, of=waiting.choices[0].id, **told)
    assert booked(both) == on(AT_ANOTHER_BANK)


def test_the_page_asks_and_goes_on(both: UUID) -> None:
    bring(both, make_list(Listed("2026-0412", 12_100)))
    bring(both, by_number(FIRST, [Paid(day(2), 12_100, "FACTUUR 2026-0412")]))
    client = sign_in(make_person(both))
    slug = slug_of(both)
    page = reverse("payments", kwargs={"slug": slug})
    shown = client.get(page).content.decode()
    assert "Van welke rekening zijn deze afschriften?" in shown
    assert "Afschriften die niet aansluiten" not in shown
    assert "1 afschrift vanaf 04-03-2026" in shown
    today = client.get(reverse("today", kwargs={"slug": slug})).content.decode()
    assert "uw keuze van welke rekening de afschriften op nummer ..00 zijn" in today
    assert f'href="{page}">Naar Betalingen</a>' in today
    assert "Naar Import" not in today
    with administration_scope(both):
        (waiting,) = list_unplaced(list_bank_gaps(), list_accounts())
        (gap,) = list_bank_gaps()
    accepted = reverse("gap-acceptance", kwargs={"slug": slug, "statement_id": gap.statement_id})
    assert "Dit gat is er niet meer." in client.post(accepted, follow=True).content.decode()
    choice = reverse("account-choice", kwargs={"slug": slug, "account_id": waiting.account_id})
    assert client.post(choice, {"of": "onzin"}).status_code == 404
    answer = client.post(choice, {"of": f"{waiting.choices[1].id}"}, follow=True).content.decode()
    assert "De afschriften tellen nu mee. 1 betaling gekoppeld, 2 nog niet herkend." in answer
    assert "Van welke rekening zijn deze afschriften?" not in answer
    assert booked(both) == [(IBAN, 12_100)]
