"""What the texts mean in law: the letter about costs, default, interruption, costs and interest."""

import re
from dataclasses import replace
from datetime import date

import pytest
from tests.plugs.compositions import LANGUAGES, make_composition, make_item
from tests.plugs.test_texts import flatten, prose_of

from tijdig.core.notices import find_legal_effects
from tijdig.core.readability import measure_readability
from tijdig.messaging.composition import Composition
from tijdig.messaging.texts import render_mail, write_document


def test_the_letter_about_costs_names_them_once_and_nothing_worse() -> None:
    composition = make_composition("veertiendagenbrief", new_vat_cents=694)
    words = flatten(render_mail(composition).text)
    assert words.count("€ 40,00") == 1
    assert "Daarom zit er € 6,94 btw in de kosten." in words
    assert re.search(r"rente|rechter|deurwaarder|dringend|onmiddellijk", words) is None


@pytest.mark.parametrize("text", ["reminder", "last_demand"])
def test_a_reminder_puts_in_default_only_where_it_says_so(text: str) -> None:
    on = date(2026, 3, 26)
    for language in LANGUAGES:
        plain = make_composition(text, language=language)
        assert "ingebrekestelling" not in effects_of(plain, pay_by_on=on)
        firm = replace(plain, puts_in_default=True)
        assert "ingebrekestelling" in effects_of(firm, pay_by_on=on)
        hard = measure_readability(prose_of(write_document(firm)), language=language).hard_words
        # The word that the law wants is explained in the sentence before it.
        assert set(hard) <= {"verzuim"}
        without_day = replace(firm, pay_by_on=None)
        assert "ingebrekestelling" not in effects_of(without_day, pay_by_on=None)


@pytest.mark.parametrize("text", ["veertiendagenbrief", "last_demand"])
def test_what_reserves_the_right_interrupts_limitation(text: str) -> None:
    for language in LANGUAGES:
        assert "interruption" in effects_of(make_composition(text, language=language))
    assert effects_of(make_composition("reminder")) == ()


def effects_of(
    composition: Composition, *, pay_by_on: date | None = date(2026, 3, 26)
) -> tuple[str, ...]:
    mail = render_mail(composition)
    return find_legal_effects(composition.text, mail.text, pay_by_on=pay_by_on)


def test_costs_and_interest_stand_in_the_table_with_their_calculation() -> None:
    items = (
        make_item(),
        make_item("", open_cents=4_000, claim="costs", calculation="15% (BW 6:96 lid 4)"),
        make_item("", open_cents=123, claim="interest", calculation="10 dagen (BW 6:119a)"),
    )
    words = flatten(render_mail(make_composition("last_demand", items=items)).text)
    assert "moet u ook € 40,00 aan incassokosten betalen" in words
    assert "komt er € 1,23 rente bij" in words
    assert "15% (BW 6:96 lid 4)" in words
    assert "Samen te betalen € 286,83" in words
