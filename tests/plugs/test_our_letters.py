"""Every veertiendagenbrief that our own texts can give is one that the check knows as right."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from tests.plugs.compositions import ADDRESSEE, CREDITOR, LANGUAGES, make_composition, make_item

from tijdig.core.law.collection_costs import compute_collection_costs
from tijdig.core.letter_steps import compute_days_of_letter
from tijdig.dunning.letter_check import find_grounds_of_sent, find_void_grounds
from tijdig.messaging.composition import Composition, Creditor, Earlier, ListedItem
from tijdig.messaging.texts import render_letter_text, render_mail, write_document

SENT_ON = date(2026, 4, 7)
STEPS = ("notice", "reminder", "reminder_again", "call", "veertiendagenbrief", "last_demand")
EARLIER = tuple(
    Earlier(step, date(2026, 3, day), channel)
    for day, (step, channel) in enumerate(product(STEPS, ("email", "letter", "phone")), start=1)
)
MONEY = replace(make_item("", open_cents=-1_000), is_money=True)
ITEMS: dict[str, tuple[ListedItem, ...]] = {
    "one": (make_item(order_reference="4711", customer_reference="Week 12, afdeling 3"),),
    "short number": (make_item("1", order_reference="12", customer_reference="2"),),
    "long number": (make_item("F" * 90, customer_reference="R" * 210),),
    "part paid": (make_item(invoiced_cents=100_000),),
    "part aside": (make_item(invoiced_cents=100_000, aside_cents=20_000),),
    "aside only": (make_item(invoiced_cents=34_560, aside_cents=10_000),),
    "several": (
        make_item("1", order_reference="NL12 ABCD 1234 5678", customer_reference="14"),
        make_item("2", open_cents=100_000, invoiced_cents=150_000, aside_cents=20_000),
        make_item("C-1", open_cents=-2_500),
        MONEY,
    ),
}
NAMES = {
    "plain": CREDITOR,
    "bare": replace(CREDITOR, email="", phone="", website="", vat_number="", postal_code=""),
    "odd": replace(
        CREDITOR,
        name="Sportschool 24 Uur B.V. De Week",
        account_name="Stichting Derdengelden Maart 2026",
        website="https://www.24uur.test/betalen",
        street="Plein 1 mei 12",
    ),
    "agency": replace(
        CREDITOR, acted_for_by="Incasso Snel B.V. Amsterdam", wki_registration="WKI-2026-14"
    ),
}


def make_letter(
    language: str, items: tuple[ListedItem, ...], creditor: Creditor, *, by: str, **changes: object
) -> Composition:
    total = sum(item.open_cents for item in items)
    vat = changes.pop("adds_vat", False)
    costs = compute_collection_costs([total], on=SENT_ON, adds_vat=bool(vat))
    letter = make_composition(
        "veertiendagenbrief",
        language=language,
        items=items,
        written_on=SENT_ON,
        creditor=creditor,
        pay_by_on=compute_days_of_letter(SENT_ON, by).printed_on,  # type: ignore[arg-type]
        new_costs_cents=costs.total_cents,
        new_vat_cents=costs.vat_cents,
    )
    return replace(letter, **changes)  # type: ignore[arg-type]


def list_letters(language: str, by: str) -> Iterator[Composition]:
    for items, creditor in product(ITEMS.values(), NAMES.values()):
        yield make_letter(language, items, creditor, by=by)
    one = ITEMS["one"]
    for changes in (
        {"earlier": ()},
        *({"earlier": EARLIER[at : at + 3]} for at in range(0, len(EARLIER), 3)),
        {"adds_vat": True},
        {"replaces_on": date(2026, 3, 20)},
        {"replaces_on": date(2026, 3, 20), "copy_of_on": date(2026, 3, 20)},
        {"payment_reference": ""},
        {"payment_reference": "5010002167010010"},
        {"addressee": replace(ADDRESSEE, language=language, contact_name="", number="")},
        {"addressee": replace(ADDRESSEE, language=language, contact_name="Mw. J. Mei-Van Dag 2")},
        {"addressee": replace(ADDRESSEE, language=language, name="Café 48 Uur", number="1")},
    ):
        yield make_letter(language, one, CREDITOR, by=by, **changes)


@pytest.mark.parametrize("by", ["letter", "email"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_letter_of_ours_is_right_before_and_after_it_went(language: str, by: str) -> None:
    letters = list(list_letters(language, by))
    for letter in letters:
        document = write_document(letter, for_letter=by == "letter")
        assert find_void_grounds(document, letter, channel=by, in_default_from=SENT_ON) == ()
        sent = render_letter_text(letter)[1] if by == "letter" else render_mail(letter).text
        assert find_grounds_of_sent(sent, letter, channel=by) == ()
    assert len(letters) > 40
