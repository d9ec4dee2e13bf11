"""A business from invoice file to last demand with costs and interest, in a real mailbox."""

from collections.abc import Sequence
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import make_payment, make_statement, take
from tests.integration.office import at, make_administration
from tests.integration.people import make_person, sign_in, slug_of
from tests.plugs.test_letters import words_of_pdf

from tijdig.banking.actions.deciding import split
from tijdig.banking.models import BankLine
from tijdig.core.claims import compute_due_claims
from tijdig.core.interest_claims import find_excess_interest
from tijdig.core.law.imputation import Claim, PaymentOnClaims, allocate
from tijdig.core.law.interest import InterestTerms
from tijdig.core.money import format_euros
from tijdig.core.policy import Policy, Step
from tijdig.core.problem import Sentence
from tijdig.dunning.actions.days import live_one_day, send
from tijdig.dunning.actions.dry_runs import look, write
from tijdig.dunning.actions.run import run
from tijdig.dunning.models import Decision
from tijdig.dunning.queries.claims import load_claimed
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.policies import load_policy
from tijdig.dunning.queries.why import explain_day
from tijdig.ledger.actions.claims import book_claims
from tijdig.ledger.actions.taking_back import take_back_claims
from tijdig.ledger.models import ClaimLine, Debtor, Entry, Invoice
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope
from tijdig.web.receiving import Received, receive

LIST = """Debiteurnr;Naam;KvK;Factuurnr;Factuurdatum;Vervaldatum;Factuurbedrag;Openstaand;E-mail
1001;Café Voorbeeld;27312152;2026-0412;31-01-2026;02-03-2026;{0};{0};inkoop@cafe.example.nl
"""
LADDER = Policy(
    name="Bedrijven",
    version=1,
    steps=(
        Step("reminder", "reminder", "friendly", 5, ("email",), "reminder", term_days=7),
        Step("last_demand", "last_demand", "firm", 30, ("email",), "last_demand", term_days=14),
    ),
)
DUE_ON, FROM = date(2026, 3, 2), date(2026, 3, 3)
REMINDER_ON, DEMAND_ON = date(2026, 3, 9), date(2026, 4, 1)
CENTS = 1_000_000
SAID = Sentence("Eerder betaald.", "Paid earlier.")


def make_office(*, sending: bool = True, amount: str = "10.000,00", **told: object) -> UUID:
    """An office whose business customer has one invoice with an agreed term."""
    administration = make_administration(policy=LADDER, sending=sending)
    with administration_scope(administration):
        Administration.objects.filter(id=administration).update(
            **{"business_terms_agreed": True, "business_costs": "decree", **told}
        )
        file = Received("lijst.csv", LIST.format(amount).encode())
        receive([file], today=date(2026, 3, 1), now=at(date(2026, 3, 1)), actor="test")
    return administration


def live_to_demand(administration: UUID) -> None:
    """The days of the two messages, and the day before the last demand."""
    for day in (REMINDER_ON, DEMAND_ON - timedelta(days=1), DEMAND_ON):
        live_one_day(administration, today=day, now=at(day))


def allocated(payments: Sequence[tuple[date, int]], *, end_on: date) -> int:
    """All interest to date as `tijdig law allocate` has it."""
    claim = Claim("1", CENTS, terms=InterestTerms("commercial"), owed_from=FROM, due_on=DUE_ON)
    paid = [PaymentOnClaims(on, cents) for on, cents in payments]
    found = allocate([claim], paid, end_on=end_on)
    parts = sum(part.to_interest_cents for part in found.parts)
    return parts + found.balances[0].interest_cents


def asked(administration: UUID, kind: str = "interest") -> int:
    """What was asked for, less what was taken back."""
    with administration_scope(administration):
        items = ClaimLine.objects.filter(kind=kind).values_list("open_item_id", flat=True)
        entries = Entry.objects.filter(open_item_id__in=list(items), kind__in=(kind, "withdrawn"))
        return sum(entries.values_list("cents", flat=True))


def balance(administration: UUID) -> int:
    with administration_scope(administration):
        return sum(Entry.objects.values_list("cents", flat=True))


@pytest.fixture
def office(database: None, sink: SmtpSink) -> UUID:
    administration = make_office()
    live_to_demand(administration)
    return administration


def pay(administration: UUID, cents: int, *, on: date, shown_on: date) -> None:
    """A part that a statement of this day shows, put on the invoice by a person."""
    payment = make_payment(cents, f"deel {cents}", on=on, iban="NL02ABNA0123456789")
    take(administration, make_statement(payment, name=f"A{cents}"), day=shown_on)
    with administration_scope(administration):
        split(
            BankLine.objects.get(cents=cents).id,
            [(Invoice.objects.get().open_item_id, cents)],
            round_off=False,
            remember=False,
            asked=(),
            today=shown_on,
            now=at(shown_on),
            actor="test",
        )


def last_mail(sink: SmtpSink) -> str:
    body = message_from_bytes(sink.stored[-1][2], policy=default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_the_last_demand_in_the_mailbox_adds_up_to_the_cent(office: UUID, sink: SmtpSink) -> None:
    with administration_scope(office):
        steps = list(Message.objects.order_by("id").values_list("step_key", "state"))
    assert steps == [("reminder", "accepted"), ("last_demand", "accepted")]
    # 10,15% over € 10.000 from 3 March up to and including 1 April; 375 + 250 + 250 of the scale.
    assert asked(office) == allocated([], end_on=DEMAND_ON) == 8_342
    assert asked(office, "costs") == 87_500
    words = last_mail(sink)
    for said in ("€ 10.000,00", "€ 875,00", "€ 83,42", "€ 10.958,42", "BW 6:96", "BW 6:119a"):
        assert said in words
    browser = sign_in(make_person(office))
    page = browser.get(f"/{slug_of(office)}/debiteuren/1001/").content.decode()
    assert "€ 10.958,42" in page
    answer = browser.get(f"/{slug_of(office)}/debiteuren/1001/specificatie.pdf")
    sheet = words_of_pdf(answer.content)
    assert "Samen te betalen € 10.958,42" in sheet
    assert "3 maart 2026 tot en met 1 april 2026, 30 dagen, 10,15% per jaar: € 83,42" in sheet


@pytest.mark.parametrize(
    ("told", "amount", "costs"),
    [
        ({}, "100,00", 4_000),
        ({"business_costs": "minimum"}, "10.000,00", 4_000),
        ({"business_costs": "none"}, "10.000,00", 0),
        ({"uses_collection_service": True, "can_reclaim_vat": True}, "10.000,00", 87_500),
        ({"uses_collection_service": False, "can_reclaim_vat": False}, "10.000,00", 87_500),
        ({"uses_collection_service": True, "can_reclaim_vat": False}, "10.000,00", 105_875),
    ],
)
def test_the_costs_are_the_scale_the_minimum_or_none_and_vat_needs_both(
    database: None, sink: SmtpSink, told: dict[str, object], amount: str, costs: int
) -> None:
    administration = make_office(amount=amount, interest_from="nobody", **told)
    live_to_demand(administration)
    assert asked(administration, "costs") == costs
    assert asked(administration) == 0


def test_a_demand_says_why_vat_is_added_in_words_for_who_reads_it(
    database: None, sink: SmtpSink
) -> None:
    """Besluit BIK art. 2 lid 3: raised only where that is said, with the reason."""
    administration = make_office(
        amount="10.000,00", uses_collection_service=True, can_reclaim_vat=False
    )
    live_to_demand(administration)
    with administration_scope(administration):
        said = MessageBody.objects.get(message__step_key="last_demand").text
    assert "€ 183,75. Die komt erbij omdat een bureau int en wie de factuur stuurde" in said
    assert "zeg dat de klant" not in said


def test_a_rehearsal_shows_the_last_demand_as_the_real_one(
    database: None, sink: SmtpSink, office: UUID
) -> None:
    rehearsed = make_office(sending=False)
    live_one_day(rehearsed, today=REMINDER_ON, now=at(REMINDER_ON))
    with administration_scope(rehearsed):
        ((facts, decision),) = look(today=DEMAND_ON).steps
        assert decision.total_cents == 1_095_842
        (frozen,) = write([facts.debtor_id], today=DEMAND_ON, now=at(DEMAND_ON))
        assert ClaimLine.objects.count() == 0
    for said in ("€ 10.000,00", "€ 875,00", "€ 83,42", "€ 10.958,42"):
        assert said in frozen.text


def said_of(administration: UUID) -> list[tuple[str, int, str]]:
    """Step, amount and decision in words of each message."""
    with administration_scope(administration):
        told = {one.on: one.because_nl for one in Decision.objects.exclude(step_key="")}
        return [
            (one.step_key, one.total_cents, told[one.planned_on])
            for one in Message.objects.order_by("id")
        ]


def test_the_messages_of_a_rehearsal_ask_what_the_real_ones_ask(
    sink: SmtpSink, office: UUID
) -> None:
    rehearsed = make_office(sending=False)
    live_to_demand(rehearsed)
    assert said_of(rehearsed) == said_of(office)
    assert [one[:2] for one in said_of(rehearsed)] == [
        ("reminder", CENTS),
        ("last_demand", 1_095_842),
    ]
    assert balance(rehearsed) == CENTS
    browser = sign_in(make_person(rehearsed))
    with administration_scope(rehearsed):
        assert ClaimLine.objects.count() == 0
        message_id = Message.objects.get(step_key="last_demand").id
    page = browser.get(f"/{slug_of(rehearsed)}/berichten/{message_id}/").content.decode()
    assert "kosten en rente die nog niet zijn geboekt" in page
    assert "€\N{NO-BREAK SPACE}10.958,42" in page
    page = browser.get(f"/{slug_of(rehearsed)}/debiteuren/1001/").content.decode()
    assert "Versturen staat uit: kosten en rente worden nog niet geboekt." in page
    assert (
        "worden nog niet geboekt"
        not in sign_in(make_person(office))
        .get(f"/{slug_of(office)}/debiteuren/1001/")
        .content.decode()
    )


def test_why_says_of_a_day_to_come_what_the_run_would_say(office: UUID, sink: SmtpSink) -> None:
    fresh = make_office()
    live_one_day(fresh, today=REMINDER_ON, now=at(REMINDER_ON))
    with administration_scope(fresh):
        why = explain_day("1001", on=DEMAND_ON)
        assert why is not None
    assert (why.decided_on, why.because.nl) == (None, said_of(office)[1][2])


def run_to_demand(administration: UUID) -> None:
    """The last demand was planned and written, and waits; nothing of it went out."""
    live_one_day(administration, today=REMINDER_ON, now=at(REMINDER_ON))
    run(administration, today=DEMAND_ON, now=at(DEMAND_ON))
    with administration_scope(administration):
        words = MessageBody.objects.get(message__step_key="last_demand").text
    assert "€ 83,42" in words


def test_a_payment_that_shows_before_sending_lowers_the_interest_in_the_mail(
    database: None, sink: SmtpSink
) -> None:
    office, paid_on = make_office(), date(2026, 3, 16)
    run_to_demand(office)
    pay(office, 900_000, on=paid_on, shown_on=DEMAND_ON)
    send(office, today=DEMAND_ON, clock=lambda: at(DEMAND_ON))
    interest = allocated([(paid_on, 900_000 - 87_500)], end_on=DEMAND_ON)
    assert asked(office) == interest < 8_342
    total = CENTS + 87_500 + interest - 900_000
    assert balance(office) == total
    words = last_mail(sink)
    assert format_euros(total) in words
    assert format_euros(8_342) not in words
    with administration_scope(office):
        message = Message.objects.get(step_key="last_demand")
        assert (message.state, message.total_cents) == ("accepted", total)
        assert sum(message.listed_cents) == total
        assert message.facts_version == Debtor.objects.get().facts_version


def test_a_payment_of_all_that_shows_before_sending_leaves_nothing_to_send(
    database: None, sink: SmtpSink
) -> None:
    office = make_office(business_costs="none")
    run_to_demand(office)
    pay(office, CENTS, on=DUE_ON, shown_on=DEMAND_ON)
    before = len(sink.stored)
    send(office, today=DEMAND_ON, clock=lambda: at(DEMAND_ON))
    with administration_scope(office):
        assert Message.objects.get(step_key="last_demand").state == "cancelled"
    assert len(sink.stored) == before
    live_one_day(office, today=DEMAND_ON + timedelta(days=1), now=at(DEMAND_ON + timedelta(days=1)))
    assert len(sink.stored) == before
    assert (asked(office), balance(office)) == (0, 0)


def test_what_is_released_a_day_later_asks_the_interest_of_that_day(
    database: None, sink: SmtpSink
) -> None:
    office, later = make_office(), DEMAND_ON + timedelta(days=1)
    run_to_demand(office)
    send(office, today=later, clock=lambda: at(later))
    assert asked(office) == allocated([], end_on=later) > 8_342
    assert format_euros(CENTS + 87_500 + asked(office)) in last_mail(sink)


def test_an_earlier_payment_that_shows_late_takes_interest_back(office: UUID) -> None:
    paid_on, day = date(2026, 3, 16), DEMAND_ON + timedelta(days=1)
    before = asked(office)
    pay(office, 900_000, on=paid_on, shown_on=day)
    live_one_day(office, today=day, now=at(day))
    # The costs are paid first; they are no part of what bears interest.
    after = allocated([(paid_on, 900_000 - 87_500)], end_on=day)
    assert asked(office) == after < before
    assert balance(office) == CENTS + 87_500 + after - 900_000
    live_one_day(office, today=day + timedelta(days=1), now=at(day + timedelta(days=1)))
    assert asked(office) == after


def test_asked_on_many_days_or_once_is_the_same_to_the_cent(database: None) -> None:
    payments = [(date(2026, 3, 20), 150_000), (date(2026, 4, 10), 12_345)]
    end = date(2026, 5, 4)
    often, once = make_office(business_costs="none"), make_office(business_costs="none")
    for on, cents in payments:
        for administration in (often, once):
            pay(administration, cents, on=on, shown_on=on)
    for day in (date(2026, 3, 25), date(2026, 4, 1), date(2026, 4, 20), end):
        ask(often, day)
    ask(once, end)
    assert asked(often) == asked(once) == allocated(payments, end_on=end)


def ask(administration: UUID, day: date) -> None:
    """Interest asked for on a day, as with a last demand."""
    with administration_scope(administration):
        debtor_id = Debtor.objects.get().id
        (facts,) = load_facts([debtor_id], today=day, rehearsal=False)
        claimed = load_claimed([debtor_id])[debtor_id]
        rules = load_policy().rules
        told = {"today": day, "now": at(day), "actor": "test"}
        excess = find_excess_interest(facts, rules, claimed.accounts, today=day)
        take_back_claims(excess, because=SAID, **told)  # type: ignore[arg-type]
        claims = compute_due_claims(facts, rules, claimed=claimed, balances={}, today=day)
        book_claims(claims, **told)  # type: ignore[arg-type]


def test_a_past_payment_keeps_the_order_that_held_when_it_was_matched(database: None) -> None:
    office, day = make_office(business_costs="none"), date(2026, 4, 20)
    pay(office, 150_000, on=date(2026, 3, 20), shown_on=date(2026, 3, 20))
    with administration_scope(office):
        assert BankLine.objects.get().imputation == "legal"
        Administration.objects.filter(id=office).update(imputation="principal_first")
    ask(office, day)
    assert asked(office) == allocated([(date(2026, 3, 20), 150_000)], end_on=day)
    with administration_scope(office):
        said = " ".join(line["nl"] for line in ClaimLine.objects.get().calculation)
    assert "Betaald op 20 maart 2026: € 1.500,00, waarvan" in said
    assert "(BW 6:44 lid 1)" in said


def test_a_payment_that_names_the_invoice_is_kept_as_designated(database: None) -> None:
    office, day = make_office(business_costs="none"), date(2026, 4, 2)
    payment = make_payment(CENTS, "factuur 2026-0412", on=day, iban="")
    take(office, make_statement(payment, name="heel"), day=day)
    with administration_scope(office):
        line = BankLine.objects.get()
        assert (line.state, line.imputation, line.named_by_payer) == ("matched", "legal", True)
    browser = sign_in(make_person(office))
    page = browser.get(f"/{slug_of(office)}/betalingen/?tab=matched").content.decode()
    assert "Toerekening: kosten, rente, factuur (BW 6:44)" in page
    assert "De klant noemde zelf wat hij betaalt (BW 6:43)." in page
