"""A debtor who owes in euros and in another currency: both are on what is decided."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from tests.integration.books import run_on
from tests.integration.office import make_record, take_in

from tijdig.dunning.models import Decision
from tijdig.tenants.scope import administration_scope


def test_a_late_invoice_in_dollars_is_named_beside_one_in_euros(administration: UUID) -> None:
    dollars = replace(make_record("US-1", due_on=date(2026, 3, 10)), currency="USD")
    take_in(administration, make_record("2026-0412"), dollars)
    run_on(administration, date(2026, 3, 19))
    with administration_scope(administration):
        one = Decision.objects.get()
    assert one.outcome == "message"
    assert one.because_nl.endswith(
        "Ook te laat, maar niet in euro: US-1. Daar vraagt Tijdig niet om."
    )


def test_a_late_invoice_in_dollars_alone_is_a_stop(administration: UUID) -> None:
    take_in(administration, replace(make_record("US-1"), currency="USD"))
    run_on(administration, date(2026, 3, 19))
    with administration_scope(administration):
        one = Decision.objects.get()
    assert one.reason == "stop_foreign_currency"
    assert one.because_nl == (
        "Niets gedaan: US-1 is niet in euro. Tijdig maant alleen in euro aan."
    )
