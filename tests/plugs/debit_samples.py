"""Collections for tests: a baker, a school and a payer abroad; all of them invented."""

from dataclasses import replace
from datetime import date, datetime

from tijdig.banking.debit_records import (
    AddressRecord,
    AmendmentRecord,
    CreditorRecord,
    DebitFileRecord,
    DebitRecord,
)
from tijdig.core.direct_debits.mandates import Mandate

CREDITOR_ID = "NL69ZZZ123456780000"
CREDITOR = CreditorRecord(
    "Bakkerij De Vroege Vogel B.V.",
    "NL91ABNA0417164300",
    CREDITOR_ID,
    AddressRecord("Dorpsstraat", "1", "1234 AB", "Ons Dorp"),
)


def make_mandate(**changed: object) -> Mandate:
    mandate = Mandate(
        "M-2026-0001",
        CREDITOR_ID,
        "core",
        date(2026, 1, 15),
        "NL20INGB0001234567",
        "René Citroën",
        "business",
    )
    return replace(mandate, **changed)  # type: ignore[arg-type]


def make_debit(**changed: object) -> DebitRecord:
    debit = DebitRecord(
        "TD-0001", 12345, date(2026, 12, 14), make_mandate(), "RCUR", "Factuur 2026-0017"
    )
    return replace(debit, **changed)  # type: ignore[arg-type]


def make_file(*debits: DebitRecord, **changed: object) -> DebitFileRecord:
    file = DebitFileRecord(
        "TIJDIG-20261126-1", datetime(2026, 11, 26, 9, 30), CREDITOR, debits or (make_debit(),)
    )
    return replace(file, **changed)  # type: ignore[arg-type]


def make_full_file() -> DebitFileRecord:
    """Two days, two schemes, three sequences, an amendment and an address abroad."""
    abroad = make_mandate(
        reference="M-2026-0003", iban="CH9300762011623852957", holder="Café Zürich & Söhne"
    )
    business = make_mandate(reference="M-2026-0004", scheme="b2b", holder="Drukkerij Inkt N.V.")
    once = make_mandate(reference="M-2026-0005", is_one_off=True, holder="A. de Vries")
    return make_file(
        make_debit(),
        make_debit(
            end_to_end_id="TD-0002",
            cents=1,
            text="",
            mandate=make_mandate(reference="M-2026-0002"),
            amendment=AmendmentRecord(
                "M-OUD-2", "NL91ABNA0417164300", "NL03ZZZ011234567890", "Bakkerij Vogel v.o.f."
            ),
        ),
        make_debit(
            end_to_end_id="TD-0003",
            cents=99_999_999_999,
            mandate=abroad,
            address=AddressRecord(town="Zürich", country="CH"),
            text="€ 1,- “korting”; factuur <2026-0018>",
        ),
        make_debit(end_to_end_id="TD-0004", mandate=business, collect_on=date(2026, 12, 11)),
        make_debit(end_to_end_id="TD-0005", mandate=once, sequence="OOFF"),
    )
