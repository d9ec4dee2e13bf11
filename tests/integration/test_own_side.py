"""Our own side is checked before the first contact about a late invoice."""

from datetime import date
from uuid import UUID

from tests.integration.books import make_payment, make_statement, reason_of, run_on, take
from tests.integration.office import make_record, take_in

from tijdig.banking.models import Suggestion
from tijdig.dunning.models import Decision
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


def test_an_invoice_that_was_due_before_it_was_written_is_a_task(administration: UUID) -> None:
    record = make_record(issued_on=date(2026, 3, 2), due_on=date(2026, 2, 2))
    take_in(administration, record)
    run_on(administration, REMIND_ON)
    assert reason_of(administration) == "stop_incomplete_invoice"


def test_what_the_books_do_not_tell_is_not_a_failed_check(administration: UUID) -> None:
    take_in(administration, make_record(due_on=date(2026, 3, 14)))
    run_on(administration, REMIND_ON)
    assert reason_of(administration) == "step_taken"
