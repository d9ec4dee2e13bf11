"""Every booked line exactly once, whatever files bring it, in whatever order (F1-F5)."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from tests.integration.books import PAYER, Listed, make_list
from tests.integration.office import at, make_administration
from tests.plugs.camt_samples import OWN_IBAN, Balance, Detail, Entry, Statement, make_camt

from tijdig.banking.actions.continuity import accept_gap
from tijdig.banking.models import BankLine
from tijdig.banking.queries import find_fresh_until, list_bank_gaps
from tijdig.core.problem import Refusal
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.freshness import list_missing_files
from tijdig.ledger.models import Debtor, OpenItem
from tijdig.ledger.models import Entry as LedgerEntry
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event
from tijdig.web.receiving import Receipt, Received, receive

pytestmark = pytest.mark.usefixtures("database")

MONDAY = date(2026, 3, 2)
TODAY = date(2026, 3, 30)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def pay(cents: int, text: str, on: date, **changes: object) -> Entry:
    amount = f"{abs(cents) // 100}.{abs(cents) % 100:02d}"
    told = {"end_to_end_id": "", "return_reason": "", "mandate_id": "", **changes}
    reversal = bool(told.pop("reversal", False))
    return Entry(
        amount=amount,
        direction="CRDT" if cents > 0 else "DBIT",
        booked_on=on,
        value_on=on,
        reversal=reversal,
        details=[Detail(texts=[text], iban=PAYER, **told)],  # type: ignore[arg-type]
    )


def state(opening: int, entries: Sequence[Entry], **changes: object) -> Statement:
    """A statement that adds up, over the days of its entries."""
    total = sum(
        round(float(one.amount) * 100) * (1 if one.direction == "CRDT" else -1) for one in entries
    )
    days = [one.booked_on for one in entries if one.booked_on]
    told = {"from_on": min(days), "until_on": max(days), "sequence": "", **changes}
    return Statement(
        entries=entries,
        balances=[
            Balance("OPBD", euros(opening), on=told["from_on"]),  # type: ignore[arg-type]
            Balance("CLBD", euros(opening + total), on=told["until_on"]),  # type: ignore[arg-type]
        ],
        **told,  # type: ignore[arg-type]
    )


def euros(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def bring(administration_id: UUID, *contents: bytes, on: date = TODAY) -> Receipt:
    """Files that come one after another, each in a call of its own; the last receipt."""
    for number, content in enumerate(contents):
        with administration_scope(administration_id):
            receipt = receive([Received(f"{number}", content)], today=on, now=at(on), actor="proef")
    return receipt


def booked(administration_id: UUID) -> Counter[tuple[date, int, str]]:
    """What is booked, each line as often as it counts."""
    with administration_scope(administration_id):
        lines = BankLine.objects.exclude(state__in=["pending", "detail", "split"])
        return Counter(lines.values_list("booked_on", "cents", "text"))


def gaps(administration_id: UUID) -> list[str]:
    with administration_scope(administration_id):
        return [one.kind for one in list_bank_gaps()]


MONTH = [
    pay(12_100, "factuur 1", day(0)),
    pay(5_000, "abonnement", day(0)),
    pay(5_000, "abonnement", day(0)),
    pay(-700, "kosten", day(1)),
    pay(5_000, "abonnement", day(1)),
    pay(3_000, "factuur 2", day(2)),
    pay(5_000, "abonnement", day(2)),
    pay(900, "factuur 3", day(4)),
]
WHOLE = Counter(
    (one.booked_on, round(float(one.amount) * 100) * (1 if one.direction == "CRDT" else -1),
     one.details[0].texts[0])
    for one in MONTH
)  # fmt: skip


def cut(first: int, last: int, **changes: object) -> bytes:
    """The entries from one place up to another, as a statement with its true balances."""
    before = sum(
        round(float(one.amount) * 100) * (1 if one.direction == "CRDT" else -1)
        for one in MONTH[:first]
    )
    return make_camt(state(10_000 + before, MONTH[first:last], **changes))


WAYS = {
    "the same file twice": [cut(0, 8), cut(0, 8)],
    "overlapping by whole days": [cut(0, 5), cut(3, 7), cut(5, 8)],
    "inside each other": [cut(0, 8), cut(3, 5), cut(0, 3)],
    "from the inside out": [cut(3, 5), cut(0, 8)],
    "split within a day": [cut(0, 2), cut(2, 6), cut(6, 8)],
    "split within a day, then whole": [cut(0, 2), cut(2, 6), cut(6, 8), cut(0, 8)],
    "whole, then split within a day": [cut(0, 8), cut(6, 8), cut(2, 6), cut(0, 2)],
    "split between equal payments": [cut(0, 2), cut(2, 8)],
    "another name for the same": [cut(0, 8), cut(0, 8, identification="ANDERS", sequence="9")],
}


@pytest.mark.parametrize("way", WAYS)
def test_the_union_of_files_holds_every_line_once(way: str) -> None:
    for order in list(permutations(WAYS[way]))[:6]:
        administration_id = make_administration()
        bring(administration_id, *order)
        assert booked(administration_id) == WHOLE, way
        assert gaps(administration_id) == [], way


def test_an_identification_that_comes_back_next_year_is_another_statement() -> None:
    administration_id = make_administration()
    last_year = [pay(5_000, "abonnement", date(2025, 3, 3))]
    this_year = [pay(5_000, "abonnement", date(2026, 3, 3))]
    bring(
        administration_id,
        make_camt(state(0, last_year, identification="61", sequence="61")),
        make_camt(state(5_000, this_year, identification="61", sequence="61")),
    )
    assert sum(booked(administration_id).values()) == 2


MT940 = """:20:STARTUMS
:25:NL91ABNA0417164300
:28C:61
:60F:C260301EUR100,00
:61:2603020302C121,00NTRFNONREF
:86:/IBAN/NL20INGB0001234567/NAME/Bakkerij/REMI/FACTUUR 1
:61:2603020302C50,00NTRFNONREF
:86:/IBAN/NL20INGB0001234567/NAME/Bakkerij/REMI/ABONNEMENT
:61:2603020302C50,00NTRFNONREF
:86:/IBAN/NL20INGB0001234567/NAME/Bakkerij/REMI/ABONNEMENT ANDERS GESCHREVEN
:62F:C260302EUR321,00
-
"""


def test_the_same_day_in_another_format_brings_nothing_new() -> None:
    for order in ([cut(0, 3), MT940.encode()], [MT940.encode(), cut(0, 3)]):
        administration_id = make_administration()
        bring(administration_id, *order)
        assert sum(booked(administration_id).values()) == 3
        assert gaps(administration_id) == []


def report(*entries: Entry) -> bytes:
    return make_camt(Statement(entries=entries), message="052")


def test_a_report_of_the_day_counts_only_once_it_is_booked() -> None:
    administration_id = make_administration()
    bring(administration_id, make_list(Listed("2026-0412", 12_100, iban=PAYER)))
    paid = pay(12_100, "factuur 2026-0412", day(0))
    bring(administration_id, report(paid), report(paid))
    assert booked(administration_id) == Counter()
    with administration_scope(administration_id):
        assert BankLine.objects.filter(state="pending").count() == 1
        assert find_fresh_until() is None
        assert OpenItem.objects.filter(closed_on=None).count() == 1
        (facts,) = load_facts([Debtor.objects.get().id], today=day(0), rehearsal=True)
        assert [stop.kind for stop in facts.stops] == ["unmatched_payment"]
    bring(administration_id, make_camt(state(0, [paid])))
    with administration_scope(administration_id):
        assert list(BankLine.objects.values_list("state", flat=True)) == ["matched"]
        assert OpenItem.objects.filter(closed_on=None).count() == 0
    # Late, when all is booked: nothing is announced any more.
    bring(administration_id, report(paid))
    assert sum(booked(administration_id).values()) == 1
    with administration_scope(administration_id):
        assert BankLine.objects.filter(state="pending").count() == 0


def test_an_announced_payment_of_a_stranger_that_names_an_invoice_stops_its_reminder() -> None:
    administration_id = make_administration()
    bring(administration_id, make_list(Listed("2026-0412", 12_100), Listed("2026-0413", 100)))
    paid = pay(12_100, "factuur 2026-0412", day(0))
    bring(administration_id, report(paid))
    with administration_scope(administration_id):
        debtor = Debtor.objects.get()
        (facts,) = load_facts([debtor.id], today=day(0), rehearsal=True)
        (stop,) = facts.stops
        assert stop.because.nl == (
            "Niets gedaan: de bank kondigt € 121,00 aan die van deze debiteur lijkt te komen"
            " (02-03-2026). Dat geld is nog niet geboekt."
        )
    bring(administration_id, make_camt(state(0, [paid])))
    with administration_scope(administration_id):
        (facts,) = load_facts([debtor.id], today=day(0), rehearsal=True)
        assert facts.stops == ()
        assert Debtor.objects.get().facts_version > debtor.facts_version


def test_an_announcement_in_other_words_goes_once_it_is_booked() -> None:
    administration_id = make_administration()
    bring(administration_id, report(pay(5_000, "betaling onderweg", day(0))))
    bring(administration_id, make_camt(state(0, [pay(5_000, "factuur 7", day(1))])))
    with administration_scope(administration_id):
        assert list(BankLine.objects.values_list("text", "state")) == [("factuur 7", "unmatched")]


def test_a_gap_holds_the_account_until_a_person_accepts_it() -> None:
    administration_id = make_administration()
    bring(administration_id, cut(0, 3), cut(5, 8))
    with administration_scope(administration_id):
        (gap,) = list_bank_gaps()
        assert (gap.kind, gap.iban, gap.from_on) == ("opening", OWN_IBAN, day(2))
        assert gap.because_nl == (
            "Het afschrift van 4 maart 2026 begint met € 364,00, en het vorige eindigde op 2 maart"
            " 2026 met € 321,00. Lees het ontbrekende afschrift in, of accepteer het gat."
        )
        (missing,) = list_missing_files(today=TODAY)
        assert (missing.kind, missing.iban, missing.needed_on) == ("gap", OWN_IBAN, day(2))
        accept_gap(gap.statement_id, today=TODAY, now=at(TODAY), actor="piet")
        assert list_missing_files(today=TODAY) == ()
        kinds = Event.objects.filter(subject_id=gap.statement_id).order_by("at", "id")
        assert [(one.kind, one.actor) for one in kinds] == [
            ("statement_gap", "proef"),
            ("statement_gap_accepted", "piet"),
        ]
        with pytest.raises(Refusal):
            accept_gap(gap.statement_id, today=TODAY, now=at(TODAY), actor="piet")
    # The missing days close it, and it stays closed.
    bring(administration_id, cut(3, 5))
    assert gaps(administration_id) == []
    assert booked(administration_id) == WHOLE


def test_what_was_accepted_stays_accepted_when_more_comes() -> None:
    administration_id = make_administration()
    bring(administration_id, cut(0, 3), cut(5, 7))
    with administration_scope(administration_id):
        (gap,) = list_bank_gaps()
        accept_gap(gap.statement_id, today=TODAY, now=at(TODAY), actor="piet")
    bring(administration_id, cut(7, 8))
    assert gaps(administration_id) == []


def test_a_statement_that_does_not_add_up_holds_too() -> None:
    administration_id = make_administration()
    wrong = Statement(
        entries=MONTH[:1], balances=[Balance("OPBD", "0.00"), Balance("CLBD", "120.00")]
    )
    receipt = bring(administration_id, make_camt(wrong))
    assert receipt.balances == (False,)
    assert gaps(administration_id) == ["balance"]


def test_a_running_number_that_jumps_is_shown_although_the_balances_fit() -> None:
    administration_id = make_administration()
    numbers = [61, 62, 63, 66]
    entries = [pay(1_000 + n, f"factuur {n}", day(n)) for n in range(4)]
    opening = 0
    for number, entry in zip(numbers, entries, strict=True):
        bring(administration_id, make_camt(state(opening, [entry], sequence=str(number))))
        opening += round(float(entry.amount) * 100)
    with administration_scope(administration_id):
        (gap,) = list_bank_gaps()
        assert gap.because_en == (
            "Between statement 63 and 66, 64-65 is missing. Import it, or accept that it is not"
            " there."
        )


def open_invoices(administration_id: UUID) -> list[tuple[bool, int]]:
    """Of every invoice whether it is open, and how often it was opened again."""
    with administration_scope(administration_id):
        items = OpenItem.objects.order_by("id")
        return [(one.closed_on is None, one.reopen_count) for one in items]


PAID = pay(12_100, "factuur 2026-0412", day(0), end_to_end_id="INCASSO-7")
BACK = pay(
    -12_100,
    "factuur 2026-0412",
    day(3),
    reversal=True,
    end_to_end_id="INCASSO-7",
    return_reason="MD06",
)


@pytest.mark.parametrize("order", [(PAID, BACK), (BACK, PAID)])
def test_a_returned_payment_opens_its_invoice_again_in_either_order(
    order: tuple[Entry, Entry],
) -> None:
    administration_id = make_administration()
    bring(administration_id, make_list(Listed("2026-0412", 12_100)))
    first, second = (make_camt(Statement(entries=[one])) for one in order)
    bring(administration_id, first)
    if order[0] is BACK:
        # It waits for its payment; nothing is undone that was not there.
        assert open_invoices(administration_id) == [(True, 0)]
        with administration_scope(administration_id):
            assert BankLine.objects.get().state == "waiting"
    else:
        assert open_invoices(administration_id) == [(False, 0)]
    bring(administration_id, second, second)
    assert open_invoices(administration_id) == [(True, 1)]
    with administration_scope(administration_id):
        event = Event.objects.get(kind="payment_reversed")
        assert event.debtor_id == Debtor.objects.get().id
        assert event.data["reason"] == "MD06"
        assert event.data["nl"] == (
            "De betaling van 2 maart 2026 is teruggeboekt: de betaler heeft haar laten terugboeken"
            " (MD06)."
        )
        assert not Event.objects.filter(kind__contains="dispute").exists()


def test_a_part_that_came_back_opens_that_part() -> None:
    administration_id = make_administration()
    bring(administration_id, make_list(Listed("2026-0412", 12_100)))
    part = pay(-2_100, "terug", day(3), reversal=True, end_to_end_id="INCASSO-7")
    bring(administration_id, make_camt(Statement(entries=[PAID, part])))
    assert open_invoices(administration_id) == [(True, 1)]
    with administration_scope(administration_id):
        rows = OpenItem.objects.values_list("id", flat=True)
        cents = LedgerEntry.objects.filter(open_item_id__in=rows).values_list("kind", "cents")
        assert sorted(cents) == [("invoiced", 12_100), ("paid", -12_100), ("reversed", 2_100)]


def test_each_payment_is_undone_once() -> None:
    administration_id = make_administration()
    bring(
        administration_id,
        make_list(Listed("2026-0412", 12_100), Listed("2026-0413", 12_100)),
        make_camt(
            Statement(
                entries=[
                    pay(12_100, "factuur 2026-0412", day(0), mandate_id="M-1"),
                    pay(12_100, "factuur 2026-0413", day(1), mandate_id="M-1"),
                    pay(-12_100, "a", day(2), reversal=True, mandate_id="M-1"),
                    pay(-12_100, "b", day(2), reversal=True, mandate_id="M-1"),
                    pay(-12_100, "c", day(2), reversal=True, mandate_id="M-1"),
                ]
            )
        ),
    )
    assert open_invoices(administration_id) == [(True, 1), (True, 1)]
    with administration_scope(administration_id):
        assert BankLine.objects.filter(state="waiting").count() == 1


BATCH = Entry(amount="171.00", booked_on=day(1), batch_id="BATCH-2")
DETAILS = [
    Detail(amount="121.00", texts=["factuur 2026-0412"], name="Klant A"),
    Detail(amount="50.00", texts=["abonnement"], name="Klant B"),
]


@pytest.mark.parametrize("statement_first", [True, False])
def test_a_notification_fills_the_batch_that_was_booked(statement_first: bool) -> None:
    administration_id = make_administration()
    bring(administration_id, make_list(Listed("2026-0412", 12_100)))
    statement = make_camt(state(0, [BATCH]))
    told = Entry(amount="171.00", booked_on=day(1), batch_id="BATCH-2", details=DETAILS)
    notification = make_camt(Statement(entries=[told]), message="054")
    files = [statement, notification] if statement_first else [notification, statement]
    bring(administration_id, *files, *files)
    assert booked(administration_id) == Counter(
        [(day(1), 12_100, "factuur 2026-0412"), (day(1), 5_000, "abonnement")]
    )
    assert open_invoices(administration_id) == [(False, 0)]
    assert gaps(administration_id) == []
