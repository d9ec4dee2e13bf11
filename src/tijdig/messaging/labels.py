"""The fixed words of each language, and how names, dates and amounts are written in it."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tijdig.core.money import format_euros

Language = Literal["nl", "en"]

_MONTHS: dict[Language, tuple[str, ...]] = {
    "nl": (
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class Labels:
    """The fixed words of one language around numbers, dates and amounts."""

    customer_number: str
    invoice_number: str
    credit_note: str
    money: str
    issued_on: str
    due_on: str
    order_reference: str
    customer_reference: str
    invoiced: str
    settled: str
    aside: str
    dropped: str
    term: str
    open: str
    day: str
    last_day: str
    to_pay: str
    total: str
    amount: str
    iban: str
    account_name: str
    payment_reference: str
    description: str
    pay_by: str
    phone: str
    email: str
    kvk_number: str
    vat_number: str
    several: str
    invoice: str
    costs: str
    interest: str
    debit_on: str
    from_account: str
    creditor: str
    creditor_id: str
    mandate: str
    acting: str


LABELS: dict[Language, Labels] = {
    "nl": Labels(
        customer_number="Uw klantnummer",
        invoice_number="Factuurnummer",
        credit_note="Creditnota",
        money="Door u betaald, nog niet verrekend",
        issued_on="Factuurdatum",
        due_on="Laatste betaaldag",
        order_reference="Ordernummer",
        customer_reference="Uw kenmerk",
        invoiced="Factuurbedrag",
        settled="Betaald of verrekend",
        aside="Vragen wij nu niet",
        dropped="Hoeft u niet te betalen",
        term="termijn {position} van {count}",
        open="Nog te betalen",
        day="Datum",
        last_day="Betaaldag",
        to_pay="Te betalen",
        total="Samen te betalen",
        amount="Bedrag",
        iban="Rekening (IBAN)",
        account_name="Op naam van",
        payment_reference="Betalingskenmerk",
        description="Omschrijving",
        pay_by="Betalen tot en met",
        phone="Telefoon",
        email="E-mail",
        kvk_number="KvK-nummer",
        vat_number="Btw-nummer",
        several="facturen",
        invoice="factuur",
        costs="Incassokosten",
        interest="Rente",
        debit_on="Dag van afschrijven",
        from_account="Van uw rekening",
        creditor="Wie incasseert",
        creditor_id="Incassant-ID",
        mandate="Kenmerk machtiging",
        acting="Dit bericht stuurt {organisation} voor ons. Wki-registratie: {registration}",
    ),
    "en": Labels(
        customer_number="Your customer number",
        invoice_number="Invoice number",
        credit_note="Credit note",
        money="Paid by you, not set off yet",
        issued_on="Invoice date",
        due_on="Last day to pay",
        order_reference="Order number",
        customer_reference="Your reference",
        invoiced="Invoice amount",
        settled="Paid or deducted",
        aside="Not asked now",
        dropped="Need not be paid",
        term="term {position} of {count}",
        open="Still to pay",
        day="Date",
        last_day="Due",
        to_pay="To pay",
        total="To pay in total",
        amount="Amount",
        iban="Account (IBAN)",
        account_name="Account name",
        payment_reference="Payment reference",
        description="Description",
        pay_by="Pay no later than",
        phone="Phone",
        email="E-mail",
        kvk_number="KvK number",
        vat_number="VAT number",
        several="invoices",
        invoice="invoice",
        costs="Collection costs",
        interest="Interest",
        debit_on="Day of collection",
        from_account="From your account",
        creditor="Who collects",
        creditor_id="Creditor identifier",
        mandate="Mandate reference",
        acting="{organisation} sends this message for us. Wki registration: {registration}",
    ),
}


def clean_line(value: str, *, limit: int = _LONGEST_VALUE) -> str:
    """One line of visible text: no line breaks, control, direction or private-use characters."""
    if not value.isprintable():
        value = _keep_visible(value)
    line = " ".join(value.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def write_date(day: date, language: Language) -> str:
    """`14 maart 2026`, `14 March 2026`: for running text."""
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def write_short_date(day: date, language: Language) -> str:
    """`14-03-2026`, and `14 Mar 2026` in English, where the order of figures is not certain."""
    if language == "nl":
        return f"{day.day:02d}-{day.month:02d}-{day.year}"
    return f"{day.day} {_MONTHS['en'][day.month - 1][:3]} {day.year}"


def write_amount(cents: int, language: Language) -> str:
    """`€ 1.234,56`, and `€1,234.56` in English."""
    if language == "nl":
        return format_euros(cents)
    return f"{'-' if cents < 0 else ''}€{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def _keep_visible(value: str) -> str:
    return "".join(
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character
        for character in value
        if unicodedata.category(character) not in ("Cf", "Co", "Cs", "Cn")
    )
