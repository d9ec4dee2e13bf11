"""A debtor who says what he pays: recorded by a tick, and counted by BW 6:43 and 6:44."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import make_payment, make_statement, take
from tests.integration.office import at
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_business_claims import DEMAND_ON, LIST, ask, live_to_demand, make_office

from tijdig.banking.actions.suggesting import keep_suggestions
from tijdig.banking.models import BankLine, Suggestion
from tijdig.banking.proposals.queries import list_waiting
from tijdig.core.law.imputation import Claim, PaymentOnClaims, allocate
from tijdig.core.matching.records import Evidence, Outcome, Proposal
from tijdig.core.problem import Sentence
from tijdig.ledger.models import ClaimLine, ClaimPart, Debtor, Entry, Invoice
from tijdig.tenants.scope import administration_scope
from tijdig.web.receiving import Received, receive

OLDER, NEWER = "2026-0412", "2026-0413"
BOTH = (
    LIST.format("10.000,00")
    + "1001;Café Voorbeeld;27312152;2026-0413;10-02-2026;12-03-2026;2000,00;2000,00;"
    + "inkoop@cafe.example.nl\n"
)
PAID_ON = DEMAND_ON + timedelta(days=1)
SAID = "De klant heeft zelf gezegd voor welke facturen dit is (BW 6:43 lid 1)."
WEAK = Evidence("amount", Sentence("Het bedrag is gelijk.", "The amount is the same."))


@pytest.fixture
def office(database: None, sink: SmtpSink) -> UUID:
    """A business that owes two invoices, with costs over both and interest over each."""
    return make_two()


def make_two(**told: object) -> UUID:
    administration, day = make_office(**told), date(2026, 3, 1)
    with administration_scope(administration):
        receive([Received("b.csv", BOTH.encode())], today=day, now=at(day), actor="test")
    live_to_demand(administration)
    return administration


def open_cents(office: UUID) -> dict[str, int]:
    """What is open of each invoice, of the costs, and of the interest over each invoice."""
    with administration_scope(office):
        names = dict(Invoice.objects.values_list("open_item_id", "number"))
        found = {
            number: sum(Entry.objects.filter(open_item_id=item_id).values_list("cents", flat=True))
            for item_id, number in names.items()
        }
        for line in ClaimLine.objects.order_by("id"):
            of = ClaimPart.objects.filter(line=line).values_list("open_item_id", flat=True)
            name = "costs" if line.kind == "costs" else f"interest {names[of[0]]}"
            entries = Entry.objects.filter(open_item_id=line.open_item_id)
            found[name] = found.get(name, 0) + sum(entries.values_list("cents", flat=True))
    return found


def pay_by_hand(office: UUID, cents: int, *, to: dict[str, str], **told: str) -> BankLine:
    """A payment that a person divides on the page."""
    payment = make_payment(cents, "betaling", on=PAID_ON, iban="NL02ABNA0123456789")
    take(office, make_statement(payment, name=f"A{cents}"), day=PAID_ON)
    with administration_scope(office):
        line = BankLine.objects.get(cents=cents)
        items = dict(Invoice.objects.values_list("number", "open_item_id"))
    parts = {f"item-{items[number]}": amount for number, amount in to.items()}
    browser = sign_in(make_person(office))
    page = browser.get(f"/{slug_of(office)}/betalingen/voorstellen/?line={line.id}&zoek=2026-041")
    assert "De klant heeft zelf gezegd voor welke facturen dit is" in page.content.decode()
    address = f"/{slug_of(office)}/betalingen/{line.id}/verdeling/"
    assert browser.post(address, parts | told).status_code == 302
    with administration_scope(office):
        return BankLine.objects.get(id=line.id)


def test_the_named_invoice_is_paid_with_its_costs_and_interest_and_the_other_is_not(
    office: UUID,
) -> None:
    before = open_cents(office)
    # 15% of 2.500, 10% of 2.500, 5% of 5.000 and 1% of 2.000 over both together.
    assert (before["costs"], before[f"interest {NEWER}"]) == (89_500, 1_112)
    line = pay_by_hand(office, 150_000, to={NEWER: "1.500,00"}, designated="on")
    assert (line.state, line.named_by_payer, line.imputation) == ("matched", True, "legal")
    assert line.because_nl.endswith(SAID)
    named = Claim(NEWER, 200_000, costs_cents=89_500, interest_cents=1_112)
    other = Claim(OLDER, 1_000_000, interest_cents=before[f"interest {OLDER}"])
    payment = PaymentOnClaims(PAID_ON, 150_000, designated=(NEWER,))
    (part,) = allocate([other, named], [payment], end_on=PAID_ON).parts
    assert (part.claim_id, part.to_costs_cents, part.to_interest_cents) == (NEWER, 89_500, 1_112)
    assert open_cents(office) == before | {
        "costs": 0,
        f"interest {NEWER}": 0,
        NEWER: 200_000 - part.to_principal_cents,
    }
    browser = sign_in(make_person(office))
    page = browser.get(f"/{slug_of(office)}/betalingen/?tab=matched").content.decode()
    assert "De klant noemde zelf wat hij betaalt (BW 6:43)." in page
    later = PAID_ON + timedelta(days=30)
    ask(office, later)
    with administration_scope(office):
        said = [
            one["nl"]
            for row in ClaimLine.objects.filter(claimed_on=later)
            for one in row.calculation
            if "Betaald op" in one["nl"]
        ]
    assert len(said) == 1
    assert "de klant wees deze factuur aan, BW 6:43 lid 1" in said[0]


def test_two_named_invoices_each_with_interest_first(database: None, sink: SmtpSink) -> None:
    office = make_two(business_costs="none")
    before = open_cents(office)
    interest = {number: before[f"interest {number}"] for number in (OLDER, NEWER)}
    pay_by_hand(office, 80_000, to={OLDER: "500", NEWER: "300"}, designated="on")
    assert open_cents(office) == {
        OLDER: 1_000_000 - (50_000 - interest[OLDER]),
        NEWER: 200_000 - (30_000 - interest[NEWER]),
        f"interest {OLDER}": 0,
        f"interest {NEWER}": 0,
    }


def test_without_the_tick_nothing_is_said_of_the_debtor(office: UUID) -> None:
    line = pay_by_hand(office, 150_000, to={OLDER: "1500"})
    assert (line.state, line.named_by_payer) == ("matched", None)
    assert SAID not in line.because_nl


@pytest.mark.parametrize(("told", "named"), [({"designated": "on"}, True), ({}, False)])
def test_a_proposal_that_was_accepted_keeps_the_tick(
    office: UUID, told: dict[str, str], named: bool
) -> None:
    """Nothing in its words names an invoice; the amount is that of the newer one."""
    payment = make_payment(200_000, "betaling", on=PAID_ON, iban="NL02ABNA0123456789")
    take(office, make_statement(payment, name="A"), day=PAID_ON)
    with administration_scope(office):
        line_id = BankLine.objects.get(cents=200_000).id
        item_id = Invoice.objects.get(number=NEWER).open_item_id
        parts = [(item_id, 200_000)]
        proposal = Proposal(Debtor.objects.get().id, tuple(parts), 500_000, "amount", (WEAK,))
        payment_ = list_waiting([line_id])[0].payment
        keep_suggestions([Outcome(payment_, (proposal,), False)], [])
        suggestion_id = Suggestion.objects.get(line_id=line_id).id
    browser = sign_in(make_person(office))
    address = f"/{slug_of(office)}/betalingen/{line_id}/koppeling/"
    assert browser.post(address, {"proposal": suggestion_id, **told}).status_code == 302
    with administration_scope(office):
        line = BankLine.objects.get(id=line_id)
    assert (line.state, line.named_by_payer) == ("matched", named)
    assert line.because_nl == WEAK.because.nl + (f" {SAID}" if named else "")
