"""The words of what a case tells its debtor."""

from dataclasses import replace
from datetime import date

import pytest
from tests.plugs.compositions import LANGUAGES, NASTY_VALUES, make_composition, make_item
from tests.plugs.test_texts import flatten, prose_of, read_html

from tijdig.core.case_messages import LetterAfterAnswer
from tijdig.core.problem import Refusal
from tijdig.core.readability import measure_readability
from tijdig.messaging.composition import CaseSheet, Composition
from tijdig.messaging.texts import render_mail, write_document

TEXTS = (
    "dispute_accepted",
    "dispute_declined",
    "invoice_again",
    "reminder_again",
    "plan_offer",
    "payment_missing",
)
CASE = CaseSheet(date(2026, 3, 17), 2_100, "De prijs op de offerte was lager.")
SEVERAL = (make_item(), make_item("2026-0413"), make_item("50", open_cents=-1_000))


def compose(text: str, **changes: object) -> Composition:
    return make_composition(text, **{"case": CASE, "earlier": (), **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("items", [SEVERAL[:1], SEVERAL])
@pytest.mark.parametrize("pay_by_on", [date(2026, 3, 26), None])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_reads_easily_and_both_parts_say_the_same(
    text: str, language: str, pay_by_on: date | None, items: tuple
) -> None:
    composition = compose(text, language=language, items=items, pay_by_on=pay_by_on)
    for for_letter in (False, True):
        document = write_document(composition, for_letter=for_letter)
        figures = measure_readability(prose_of(document), language=language)
        assert figures.mean_words <= 12
        assert figures.longest_words <= 20
        assert figures.hard_words == {}
    mail = render_mail(composition)
    assert flatten("".join(read_html(mail.html).words)) == flatten(mail.text)


def test_a_declined_dispute_says_why_what_is_open_until_when_and_how_to_object_again() -> None:
    words = flatten(render_mail(compose("dispute_declined")).text)
    for said in (
        "Het ging om € 21,00. Wij hebben uw bezwaar bekeken. Wij zijn het er niet mee eens.",
        "Dit is onze uitleg: De prijs op de offerte was lager.",
        "Er staat € 245,60 open. Wilt u dat betalen? Dat kan tot en met 26 maart 2026.",
        "Laat het ons weten vóór die dag. Schrijf erbij waarom.",
        "Betalen tot en met: 26 maart 2026",
    ):
        assert said in words


def test_an_accepted_dispute_says_what_is_credited_and_what_is_left() -> None:
    words = flatten(render_mail(compose("dispute_accepted")).text)
    assert "Wij halen € 21,00 van de factuur af." in words
    assert "Er blijft € 245,60 over. Dat kunt u betalen tot en met 26 maart 2026." in words


def test_where_nothing_is_left_nothing_is_asked() -> None:
    nothing = make_item(open_cents=0)
    composition = compose("dispute_accepted", items=(nothing,), pay_by_on=None)
    words = flatten(render_mail(composition).text)
    assert "U hoeft voor deze factuur niets meer te betalen." in words
    assert "Zo betaalt u" not in words
    with pytest.raises(Refusal):
        render_mail(compose("dispute_declined", items=(nothing,), pay_by_on=None))


REST = CaseSheet(CASE.told_on, 2_100, CASE.answer, leaves_rest=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("for_letter", [False, True])
@pytest.mark.parametrize("open_cents", [0, 8_100])
def test_a_rest_that_waits_reads_easily(language: str, for_letter: bool, open_cents: int) -> None:
    composition = compose(
        "dispute_accepted",
        items=(make_item(open_cents=open_cents),),
        pay_by_on=date(2026, 3, 26) if open_cents else None,
        language=language,
        case=REST,
    )
    document = write_document(composition, for_letter=for_letter)
    figures = measure_readability(prose_of(document), language=language)
    assert (figures.mean_words <= 12, figures.longest_words <= 20) == (True, True)
    assert figures.hard_words == {}


def test_a_rest_that_waits_is_not_called_nothing() -> None:
    nothing = make_item(open_cents=0)
    composition = compose("dispute_accepted", items=(nothing,), pay_by_on=None, case=REST)
    words = flatten(render_mail(composition).text)
    assert "De rest van de factuur vragen wij nu niet." in words
    assert "niets meer te betalen" not in words
    part = compose("dispute_accepted", items=(make_item(open_cents=8_100),), case=REST)
    words = flatten(render_mail(part).text)
    assert "Wij vragen u nu € 81,00. Dat kunt u betalen tot en met 26 maart 2026." in words
    assert "Een deel vragen wij nu niet." in words


LETTERS = (
    LetterAfterAnswer(date(2026, 3, 5), 4_840, 840, lists_more=True),
    LetterAfterAnswer(date(2026, 3, 5), 0),
)


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["dispute_accepted", "dispute_declined"])
def test_what_a_letter_does_after_the_answer_reads_easily(
    text: str, language: str, letter: LetterAfterAnswer
) -> None:
    composition = compose(text, language=language, case=replace(CASE, letter=letter))
    document = write_document(composition)
    figures = measure_readability(prose_of(document), language=language)
    assert (figures.mean_words <= 12, figures.longest_words <= 20) == (True, True)
    assert figures.hard_words == {}
    words = flatten(render_mail(composition).text)
    amounts = ("€ 48,40", "€ 8,40") if language == "nl" else ("€48.40", "€8.40")
    assert [one in words for one in amounts] == [letter.costs_cents > 0] * 2


def test_what_a_plan_spreads_keeps_the_days_of_the_plan() -> None:
    words = flatten(render_mail(compose("dispute_declined", pay_by_on=None)).text)
    assert "Uw betaalafspraak voor deze factuur blijft gelden." in words
    assert "Zo betaalt u" not in words


@pytest.mark.parametrize("value", NASTY_VALUES)
def test_what_staff_wrote_is_never_markup(value: str) -> None:
    mail = render_mail(compose("dispute_declined", case=CaseSheet(CASE.told_on, 2_100, value)))
    assert flatten(value) in flatten(mail.text)
    assert not [tag for tag, _ in read_html(mail.html).tags if tag in ("script", "img")]
