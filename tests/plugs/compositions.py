"""Compositions for the tests of texts and letters."""

from dataclasses import replace
from datetime import date

from tijdig.core.references import make_rf_reference
from tijdig.messaging.composition import Addressee, Composition, Creditor, Earlier, ListedItem

CREDITOR = Creditor(
    name="Bakkerij Jansen B.V.",
    iban="NL91ABNA0417164300",
    account_name="Bakkerij Jansen B.V.",
    email="administratie@bakkerij.test",
    phone="030 123 45 67",
    website="bakkerij.test",
    street="Dorpsstraat 12",
    postal_code="3512 AB",
    city="Utrecht",
    kvk_number="12345678",
    vat_number="NL001234567B01",
)
ADDRESSEE = Addressee(
    name="Café De Vries",
    number="10023",
    contact_name="Sanne de Vries",
    email="sanne@cafe.test",
    street="Oudegracht 200",
    postal_code="3511 NR",
    city="Utrecht",
)
TEXTS = (
    "notice",
    "reminder",
    "call",
    "veertiendagenbrief",
    "veertiendagenbrief_copy",
    "last_demand",
)
LANGUAGES = ("nl", "en")

# Values that would do harm if anything took them for markup, code, a header or a placeholder.
NASTY_VALUES = (
    "[klik](http://evil.test)",
    "![x](http://evil.test/pixel.png)",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</td></table><h1>groot",
    "**vet** _schuin_ `code`",
    "# kop",
    "- punt",
    "{{7*7}}",
    "{{ total }}",
    "{% include 'geheim' %}",
    "{{ creditor_name.__class__ }}",
    '#eval("1") #sys.inputs $x^2$ @ref',
    '*/ #import "@preview/x:1.0.0"',
    "&lt;b&gt; &amp; &#60;",
    "http://evil.test/pay",
    "<http://evil.test>",
    "\\n \\ \\*",
    "0:{}%s%n{0.__init__}",
)


def make_item(
    number: str = "2026-0412", *, open_cents: int = 24560, **changes: object
) -> ListedItem:
    item = ListedItem(
        number=number,
        is_credit_note=open_cents < 0,
        issued_on=date(2026, 2, 12),
        due_on=date(2026, 3, 14),
        invoiced_cents=open_cents,
        open_cents=open_cents,
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def make_composition(
    text: str = "reminder",
    *,
    items: tuple[ListedItem, ...] = (make_item(order_reference="4711"),),
    language: str = "nl",
    **changes: object,
) -> Composition:
    is_letter = text == "veertiendagenbrief"
    composition = Composition(
        text=text,
        tone="friendly",
        written_on=date(2026, 3, 19),
        creditor=CREDITOR,
        addressee=replace(ADDRESSEE, language=language),
        items=items,
        total_cents=sum(item.open_cents for item in items),
        payment_reference=make_rf_reference(539007547034),
        pay_by_on=None if text == "notice" else date(2026, 3, 26),
        earlier=() if text == "notice" else (Earlier("reminder", date(2026, 3, 16), "email"),),
        new_costs_cents=4_000 if is_letter else 0,
    )
    return replace(composition, **changes)  # type: ignore[arg-type]
