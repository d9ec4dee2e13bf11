"""An administration with a row in every table, made through the actions that everybody uses."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.integration.office import at, make_administration, make_debtor, make_record, take_in

from tijdig.banking.actions import statements
from tijdig.banking.actions.limits import set_limit
from tijdig.banking.actions.matching import match_unmatched
from tijdig.banking.direct_debits.models import (
    CollectingAccount,
    DebitBatch,
    DebitLine,
    SepaMandate,
)
from tijdig.banking.models import Account
from tijdig.banking.records import BankLineRecord, StatementFile, StatementRecord
from tijdig.cases.actions import disputes, extensions, holds, plans, promises, reasons
from tijdig.core.claim_lines import CalculationLine, NewClaim
from tijdig.core.law.agreed_costs import AgreedCosts
from tijdig.core.law.agreed_interest import AgreedInterest
from tijdig.core.policy import DEFAULT_POLICY, Policy, Step
from tijdig.core.problem import Sentence
from tijdig.core.standing_terms import StandingTerm
from tijdig.dunning.actions import sending
from tijdig.dunning.actions.halts import answer_halt
from tijdig.dunning.actions.interruptions import ToldAct, record_interruption
from tijdig.dunning.actions.kept_dry_runs import look_and_compare
from tijdig.dunning.actions.notices import write_notices
from tijdig.dunning.actions.release import release_messages
from tijdig.dunning.actions.run import run
from tijdig.dunning.models import Outcome as AfterLast
from tijdig.intake.records import Attachment
from tijdig.ledger.actions import flags
from tijdig.ledger.actions.claims import book_claims
from tijdig.ledger.actions.cost_agreements import agree_costs
from tijdig.ledger.actions.debtors import confirm_kind
from tijdig.ledger.actions.interest_agreements import agree_interest
from tijdig.ledger.actions.standing_terms import set_standing_term
from tijdig.ledger.models import Debtor, Invoice, OpenItem
from tijdig.messaging.actions import replies
from tijdig.messaging.actions.claims import claim, find_claimable, settle
from tijdig.messaging.channels.envelope import Outcome
from tijdig.tenants.actions import let_in, make_user
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.actions import keep_sealed

REMIND_ON, CALL_ON, REAL_ON = date(2026, 3, 19), date(2026, 3, 30), date(2026, 3, 31)
ACCEPTED = Outcome("accepted", Sentence("Aangenomen.", "Accepted."), receipt="250")
ONE_OF_EACH = Policy(
    name="Elk een",
    version=1,
    steps=(
        Step("reminder", "reminder", "friendly", 5, ("email",), "reminder", term_days=5),
        Step("call", "call", "friendly", 14, ("phone",), "call"),
        *DEFAULT_POLICY.steps[3:],
    ),
)


def make_crowded_administration() -> UUID:
    """Its id. One debtor was rehearsed up to a call; then sending was turned on for real.

    The last demand goes out, and costs are claimed.
    """
    administration_id = make_administration(policy=ONE_OF_EACH, guards={"asks_first": True})
    _take_in_files(administration_id)
    with administration_scope(administration_id):
        let_in(make_user("controle@bakkerij.example.nl"), role="reader")
        statements.take_in(_make_statement(), import_id=new_id(), now=at(REMIND_ON))
        match_unmatched(asked=(), today=REMIND_ON, now=at(REMIND_ON), actor="test")
        set_limit(995_000, today=REMIND_ON, now=at(REMIND_ON), actor="test")
        look_and_compare(day=REMIND_ON, now=at(REMIND_ON))
        _agree_term()
        _interrupt()
    for day in (REMIND_ON, CALL_ON):
        run(administration_id, today=day, now=at(day))
    with administration_scope(administration_id):
        sending.turn_on(today=REAL_ON, now=at(REAL_ON), actor="test")
    run(administration_id, today=REAL_ON, now=at(REAL_ON))
    with administration_scope(administration_id):
        answer_halt(send=True, today=REAL_ON, now=at(REAL_ON), actor="test")
    release_messages(administration_id, today=REAL_ON, now=at(REAL_ON))
    with administration_scope(administration_id):
        _send()
        write_notices(today=REAL_ON)
        _claim_costs()
    with administration_scope(administration_id):
        open_every_case("1002", "2026-0414", "2026-0415", today=REAL_ON)
        AfterLast.objects.create(
            administration_id=administration_id,
            debtor_id=Debtor.objects.get(number="1002").id,
            carrying_item_id=Invoice.objects.get(number="2026-0414").open_item_id,
            opened_on=REAL_ON,
            deadline_on=REAL_ON,
        )
        _collect()
    keep_sealed(administration_id, today=REAL_ON, now=at(REAL_ON))
    return administration_id


def _agree_term() -> None:
    """A lasting term of the first debtor."""
    told = {"today": REMIND_ON, "now": at(REMIND_ON), "actor": "test"}
    set_standing_term(Debtor.objects.get(number="1001").id, StandingTerm(30, "contract"), **told)  # type: ignore[arg-type]


def _interrupt() -> None:
    """A demand about the first invoice that reached its debtor."""
    invoice = Invoice.objects.get(number="2026-0412")
    record_interruption(
        invoice.open_item.debtor_id,
        ToldAct("demand", REMIND_ON, "aangetekend"),
        invoice_ids=[invoice.id],
        today=REMIND_ON,
        now=at(REMIND_ON),
        actor="test",
    )


def _collect() -> None:
    """A mandate, and one invoice to be collected on it."""
    same = {"administration_id": Account.objects.get().administration_id}
    account, invoice = Account.objects.get(), Invoice.objects.get(number="2026-0414")
    CollectingAccount.objects.create(
        **same, account=account, creditor_identifier="NL69ZZZ123456780000", set_at=at(REAL_ON)
    )
    debtor_id = invoice.open_item.debtor_id
    mandate = SepaMandate.objects.create(
        **same,
        debtor_id=debtor_id,
        reference="M-1",
        scheme="core",
        iban="NL20INGB0001234567",
        holder="Tweede",
        signed_on=REAL_ON,
        recorded_at=at(REAL_ON),
    )
    batch = DebitBatch.objects.create(
        **same, account=account, collect_on=REAL_ON, scheme="core", sequence="RCUR", message_id="B"
    )
    DebitLine.objects.create(
        **same,
        batch=batch,
        mandate=mandate,
        debtor_id=debtor_id,
        item_id=invoice.open_item_id,
        cents=100,
        end_to_end_id="E",
    )


def _send() -> None:
    told: dict[str, Any] = {"channels": ["email"], "today": REAL_ON, "now": at(REAL_ON)}
    for one in claim(find_claimable(most=9, **told), worker="proef", **told):
        settle([(one, ACCEPTED)], today=REAL_ON, now=at(REAL_ON))


def _claim_costs() -> None:
    item = OpenItem.objects.filter(kind="invoice").order_by("id")[0]
    told = {"today": REAL_ON, "now": at(REAL_ON), "actor": "test"}
    confirm_kind(item.debtor_id, "business", **told)
    interest = AgreedInterest(Decimal(1), "month", True, "artikel 8", REAL_ON)
    agree_interest(item.debtor_id, interest, **told)
    agree_costs(item.debtor_id, AgreedCosts(Decimal(10), ground="artikel 9"), **told)
    costs = NewClaim(
        debtor_id=item.debtor_id,
        kind="costs",
        cents=4_000,
        article="BW 6:96 lid 4",
        calculation=(CalculationLine(Sentence("Het minimum.", "The minimum."), 4_000),),
        parts=((item.id, 12_100),),
        claimed_on=REAL_ON,
    )
    book_claims([costs], today=REAL_ON, now=at(REAL_ON), actor="test")


def open_every_case(debtor: str, number: str, other: str, *, today: date) -> None:
    """A case of every kind: the plan on `other`, the rest on `number` or on the debtor."""
    debtor_id = Debtor.objects.get(number=debtor).id
    invoice_id, other_id = (Invoice.objects.get(number=one).id for one in (number, other))
    told = {"today": today, "now": at(today), "actor": "test"}
    later = today + timedelta(days=20)
    disputes.open(invoice_id=invoice_id, cents=100, category="price", **told)
    extensions.give(invoice_id=invoice_id, until_on=later, **told)
    holds.place(debtor_id=debtor_id, until_on=later, reason="even wachten", **told)
    promises.make(debtor_id=debtor_id, cents=100, on=later, **told)
    reasons.tell(debtor_id=debtor_id, kind="forgot", **told)
    replies.receive(debtor_id=debtor_id, channel="email", **told)
    flags.mark(debtor_id=debtor_id, kind="vulnerable", **told)
    plans.agree(debtor_id=debtor_id, invoice_ids=[other_id], count=3, first_on=later, **told)


def _take_in_files(administration_id: UUID) -> None:
    debtor = replace(make_debtor(), ibans=("NL20INGB0001234567",))
    pdf = Attachment("factuur.pdf", "application/pdf", b"%PDF-1.7")
    with_pdf = replace(make_record(debtor=debtor), attachments=(pdf,))
    take_in(administration_id, with_pdf)
    second = make_debtor("1002", name="Tweede")
    without_term = make_record("2026-0413", due_on=None, debtor=second)
    for_cases = [make_record(f"2026-041{n}", debtor=second) for n in (4, 5)]
    records = (with_pdf, without_term, *for_cases)
    take_in(administration_id, *records, full_list=True, source_key="lijst")


def _make_statement() -> StatementFile:
    """One incoming payment for which there is no more than a proposal."""
    line = BankLineRecord(
        booked_on=date(2026, 3, 2),
        value_on=date(2026, 3, 2),
        amount_cents=100,
        currency="EUR",
        counter_iban="NL02ABNA0123456789",
        counter_name="Onbekend",
        text="dank u wel, klant 1002",
        reference="",
        end_to_end_id="",
        bank_reference="B1",
        place="Stmt[1]/Ntry[1]",
    )
    statement = StatementRecord(
        iban="NL91ABNA0417164300",
        currency="EUR",
        identification="1",
        sequence="1",
        opening_cents=0,
        closing_cents=100,
        from_on=line.booked_on,
        until_on=line.booked_on,
        lines=(line,),
        place="Stmt[1]",
    )
    return StatementFile("camt053", "booked", (statement,), ())
