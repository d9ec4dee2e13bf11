"""A proposal says what is open after everything that one file brought, not halfway through it."""

from datetime import date
from uuid import UUID

from tests.integration.books import Listed, make_list, make_payment, make_statement, take
from tests.integration.office import at
from tests.plugs.camt_samples import Detail, Entry

from tijdig.banking.actions import deciding
from tijdig.banking.models import BankLine, Suggestion
from tijdig.ledger.models import Invoice
from tijdig.tenants.scope import administration_scope

BEFORE, AFTER = date(2026, 3, 10), date(2026, 3, 11)
STRANGER, PAYER = "NL20INGB0001234567", "NL02RABO0123456789"


def proposed(text: str) -> set[str]:
    """The numbers of the invoices that the line with this text may pay."""
    line = BankLine.objects.get(text=text)
    numbers = dict(Invoice.objects.values_list("open_item_id", "number"))
    rows = Suggestion.objects.filter(line=line).values_list("parts", flat=True)
    return {numbers[UUID(item_id)] for parts in rows for item_id, _ in parts}


def test_what_a_later_payment_settles_is_no_proposal(administration: UUID) -> None:
    """Both invoices are of this amount; one of them is paid, and too much, the day after."""
    take(
        administration,
        make_list(
            Listed("2026-0412", 10_000, total_cents=10_000, debtor="1001"),
            Listed("2026-0733", 10_000, total_cents=10_000, debtor="1002"),
        ),
    )
    files = make_statement(
        Entry(
            "100.00",
            booked_on=BEFORE,
            value_on=BEFORE,
            details=[Detail(name="M. Onbekend", iban=STRANGER, texts=["aanbetaling"])],
        ),
        make_payment(12_000, "factuur 2026-0412", on=AFTER, iban=PAYER),
    )
    take(administration, files, day=AFTER)
    with administration_scope(administration):
        assert BankLine.objects.get(text="factuur 2026-0412").state == "matched"
        assert proposed("aanbetaling") == {"2026-0733"}


def test_what_a_person_settles_is_no_proposal_for_another_line(administration: UUID) -> None:
    take(
        administration,
        make_list(
            Listed("2026-0412", 10_000, total_cents=10_000, debtor="2001"),
            Listed("2026-0733", 10_000, total_cents=10_000, debtor="2002"),
        ),
    )
    files = make_statement(
        make_payment(10_000, "aanbetaling", on=BEFORE, iban=STRANGER),
        make_payment(10_000, "voorschot", on=AFTER, iban=PAYER),
    )
    take(administration, files, day=AFTER)
    with administration_scope(administration):
        assert proposed("aanbetaling") == proposed("voorschot") == {"2026-0412", "2026-0733"}
        line = BankLine.objects.get(text="voorschot")
        chosen = next(
            one.id
            for one in Suggestion.objects.filter(line=line)
            if one.parts[0][0] == str(Invoice.objects.get(number="2026-0412").open_item_id)
        )
        deciding.accept(
            line.id, chosen, remember=False, asked=(), today=AFTER, now=at(AFTER), actor="Sanne"
        )
        assert proposed("aanbetaling") == {"2026-0733"}
