"""What the bank and the books say between release and claim: the real mail server gets nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import (
    PAYER,
    Listed,
    make_list,
    make_payment,
    make_statement,
    reason_of,
    run_on,
    take,
)
from tests.integration.case_office import find_ids, told
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_administration
from tests.plugs.camt_samples import Entry

from tijdig.banking.actions import deciding
from tijdig.banking.models import BankLine, Suggestion
from tijdig.cases.actions import plans, promises
from tijdig.dunning.actions.days import send
from tijdig.dunning.actions.run import run
from tijdig.dunning.actions.unmatching import unmatch
from tijdig.ledger.actions.posting import LOOK_NOW
from tijdig.ledger.belongings.models import Look
from tijdig.ledger.models import Debtor
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

TAKEN_ON = date(2026, 3, 2)
REMIND_ON = date(2026, 3, 19)
FAR_ON = date(2026, 6, 1)
STRANGER = "NL02ABNA0123456789"


def _payment(cents: int, text: str, *, iban: str = STRANGER) -> Entry:
    """Money of somebody whose name tells nothing."""
    made = make_payment(cents, text, on=date(2026, 3, 18), iban=iban)
    return replace(made, details=(replace(made.details[0], name="P. de Boer"),))


def _statement(entry: Entry) -> bytes:
    return make_statement(entry)


# What comes in, and the state of the reminder afterwards with the reason of its cancellation.
ARRIVALS: Mapping[str, Callable[[], bytes]] = {
    "paid": lambda: _statement(_payment(12_100, "2026-0412")),
    "may be for it": lambda: _statement(_payment(12_100, "Café Voorbeeld dank u")),
    "from his account": lambda: _statement(_payment(5_000, "dank u", iban=PAYER)),
    "announced from his account": lambda: _statement(
        replace(_payment(12_100, "2026-0412", iban=PAYER), status="PDNG")
    ),
    "announced by a stranger": lambda: _statement(
        replace(_payment(12_100, "2026-0412"), status="PDNG")
    ),
    "gone from the books": lambda: make_list(Listed("2026-0999", 1_000, debtor="1002")),
    "credited in the books": lambda: make_list(
        Listed("2026-0412", 12_100, iban=PAYER), Listed("2026-0500", -12_100, -12_100)
    ),
}
REASONS: Mapping[str, str] = {
    "paid": "nothing_open",
    "may be for it": "stop_possible_payment",
    "from his account": "stop_unmatched_payment",
    "announced from his account": "stop_unmatched_payment",
    "announced by a stranger": "stop_unmatched_payment",
    "gone from the books": "nothing_open",
    "credited in the books": "net_nothing_open",
}


def make_books() -> UUID:
    """One late invoice of a debtor whose account the books tell; its reminder is released."""
    administration = make_administration(sending=True)
    take(administration, make_list(Listed("2026-0412", 12_100, iban=PAYER)), day=TAKEN_ON)
    run(administration, today=REMIND_ON, now=at(REMIND_ON))
    assert states(administration) == [("released", "")]
    return administration


def states(administration: UUID) -> list[tuple[str, str]]:
    with administration_scope(administration):
        return list(Message.objects.order_by("id").values_list("state", "reason"))


@pytest.mark.parametrize("what", sorted(ARRIVALS))
def test_what_comes_in_between_release_and_claim_keeps_the_mail_in(
    database: None, what: str
) -> None:
    administration = make_books()
    take(administration, ARRIVALS[what](), day=REMIND_ON)
    with mail_sink() as sink:
        send(administration, today=REMIND_ON, clock=lambda: at(REMIND_ON))
    assert (sink.stored, states(administration)) == ([], [("cancelled", REASONS[what])])


def test_an_account_learned_of_money_that_waits_keeps_the_mail_in(database: None) -> None:
    """The money waits first; only then do the books tell whose account it came from."""
    administration = make_administration(sending=True)
    take(administration, make_list(Listed("2026-0412", 12_100)), day=TAKEN_ON)
    take(administration, _statement(_payment(5_000, "dank u")), day=date(2026, 3, 18))
    run(administration, today=REMIND_ON, now=at(REMIND_ON))
    assert states(administration) == [("released", "")]
    learned = make_list(Listed("2026-0412", 12_100, iban=STRANGER))
    take(administration, learned, day=REMIND_ON)
    with mail_sink() as sink:
        send(administration, today=REMIND_ON, clock=lambda: at(REMIND_ON))
    assert (sink.stored, states(administration)) == (
        [],
        [("cancelled", "stop_unmatched_payment")],
    )


def test_a_doubt_that_is_taken_away_lets_the_reminder_go(database: None) -> None:
    """Set aside, the payment holds nobody any more: the debtor is looked at in the next run."""
    administration = make_books()
    take(administration, ARRIVALS["may be for it"](), day=REMIND_ON)
    with mail_sink() as sink:
        send(administration, today=REMIND_ON, clock=lambda: at(REMIND_ON))
        run(administration, today=date(2026, 3, 20), now=at(date(2026, 3, 20)))
        assert reason_of(administration) == "stop_possible_payment"
        with administration_scope(administration):
            line = BankLine.objects.get(state="unmatched")
            deciding.ignore(
                line.id, because="gift", today=date(2026, 3, 20), now=at(date(2026, 3, 20)),
                actor="Sanne",
            )  # fmt: skip
            assert Suggestion.objects.count() == 0
        run(administration, today=date(2026, 3, 21), now=at(date(2026, 3, 21)))
        run(administration, today=date(2026, 3, 23), now=at(date(2026, 3, 23)))
        send(administration, today=date(2026, 3, 23), clock=lambda: at(date(2026, 3, 23)))
    assert len(sink.stored) == 1


def test_the_same_proposal_again_changes_no_facts(administration: UUID) -> None:
    """Weighed anew with every file, a proposal that stays does not send the debtor round again."""
    take(administration, make_list(Listed("2026-0412", 12_100)), day=TAKEN_ON)
    take(administration, ARRIVALS["may be for it"](), day=REMIND_ON)
    with administration_scope(administration):
        before = Debtor.objects.get(number="1001").facts_version
    other = make_statement(_payment(77, "iets anders"), name="AFSCHRIFT-2")
    take(administration, other, day=REMIND_ON)
    with administration_scope(administration):
        assert Debtor.objects.get(number="1001").facts_version == before


def test_who_shares_an_account_is_looked_at_again_once_its_money_was_anothers(
    administration: UUID,
) -> None:
    other = Listed("2026-0999", 7_700, 7_700, debtor="1002", iban=PAYER)
    take(administration, make_list(Listed("2026-0412", 12_100, iban=PAYER), other), day=TAKEN_ON)
    take(administration, ARRIVALS["from his account"](), day=REMIND_ON)
    run_on(administration, REMIND_ON)
    assert reason_of(administration) == "stop_unmatched_payment"
    paid = _payment(7_700, "factuur 2026-0999", iban=PAYER)
    take(administration, make_statement(paid, name="AFSCHRIFT-2"), day=REMIND_ON)
    with administration_scope(administration):
        assert BankLine.objects.filter(state="matched").count() == 1
        held = Debtor.objects.get(number="1001")
        assert Look.objects.get(id=held.id).next_look_on == LOOK_NOW


def _promise(debtor_id: UUID, invoice_id: UUID) -> None:
    promises.make(debtor_id=debtor_id, cents=5_000, on=date(2026, 3, 18), **told(TAKEN_ON))


def _agree_on_plan(debtor_id: UUID, invoice_id: UUID) -> None:
    plans.agree(
        debtor_id=debtor_id,
        invoice_ids=[invoice_id],
        count=2,
        first_on=date(2026, 3, 18),
        **told(TAKEN_ON),
    )


@pytest.mark.parametrize("give_word", [_promise, _agree_on_plan])
@pytest.mark.parametrize("is_second", [False, True])
def test_money_taken_back_that_may_be_what_he_promised_keeps_the_mail_in(
    database: None, give_word: Callable[[UUID, UUID], None], is_second: bool
) -> None:
    """It had paid for somebody else; or a second payment was held back as from the same account."""
    administration = make_administration(sending=True)
    paid = Listed("2026-0500", 3_000 if is_second else 5_000, 5_000, "1002", due_on=FAR_ON)
    take(administration, make_list(Listed("2026-0412", 10_000, 10_000), paid), day=TAKEN_ON)
    with administration_scope(administration):
        give_word(*find_ids())
    take(administration, _statement(_payment(paid.open_cents, "2026-0500")), day=REMIND_ON)
    if is_second:
        second = make_statement(_payment(5_000, "groeten"), name="AFSCHRIFT-2")
        take(administration, second, day=REMIND_ON)
    for day in (REMIND_ON + timedelta(days=n) for n in range(10)):
        run(administration, today=day, now=at(day))
        if states(administration):
            break
    assert states(administration) == [("released", "")]
    with administration_scope(administration):
        unmatch(BankLine.objects.get(text="2026-0500").id, **told(day))
    with mail_sink() as sink:
        send(administration, today=day, clock=lambda: at(day))
    assert (sink.stored, states(administration)) == ([], [("cancelled", "stop_possible_payment")])
