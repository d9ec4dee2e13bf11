"""What the default texts say, how easy they read, and that values stay text."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from tests.plugs.compositions import (
    ADDRESSEE,
    CREDITOR,
    LANGUAGES,
    NASTY_VALUES,
    TEXTS,
    make_composition,
    make_item,
)

from tijdig.core.problem import Refusal
from tijdig.core.readability import measure_readability
from tijdig.messaging.composition import Composition, Earlier
from tijdig.messaging.document import Document, Paragraph
from tijdig.messaging.texts import fill_text, load_text, render_mail, write_document

TWO_AND_A_CREDIT_NOTE = (
    make_item(order_reference="4711", customer_reference="PO-33"),
    make_item("2026-0431", open_cents=100000, invoiced_cents=123456),
    make_item("C-2026-3", open_cents=-2500),
)
CASES = {
    "one": {},
    "one_part_paid": {"items": (make_item(open_cents=10000, invoiced_cents=24560),)},
    "several": {"items": TWO_AND_A_CREDIT_NOTE},
    "agency": {"hand_over_to": "Incassobureau Vlot"},
    "agency_several": {"hand_over_to": "Incassobureau Vlot", "items": TWO_AND_A_CREDIT_NOTE},
    "nothing_before": {"earlier": ()},
    "bare": {
        "addressee": replace(ADDRESSEE, contact_name="", number=""),
        "creditor": replace(CREDITOR, phone="", email="", website="", street="", vat_number=""),
        "earlier": (),
        "pay_by_on": None,
        "payment_reference": "",
    },
}


class _Visible(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.skip = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.skip = tag in ("title", "style")
        self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.skip = False
        self.words.append(" " if tag != "strong" else "")

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.words.append(data)


def read_html(html: str) -> _Visible:
    parser = _Visible()
    parser.feed(html)
    return parser


def flatten(text: str) -> str:
    """The words alone: no layout, no bullets, no space before a mark."""
    return re.sub(r"\s+(?=[.,?:])", "", " ".join(word for word in text.split() if word != "-"))


def prose_of(document: Document) -> str:
    return "\n".join(
        "".join(run.text for run in block.runs)
        for block in document.blocks
        if isinstance(block, Paragraph)
    )


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_reads_easily(text: str, language: str, case: str) -> None:
    composition = make_composition(text, language=language, **CASES[case])  # type: ignore[arg-type]
    for for_letter in (False, True):
        document = write_document(composition, for_letter=for_letter)
        figures = measure_readability(prose_of(document), language=language)
        assert figures.mean_words <= 12
        assert figures.longest_words <= 20
        assert figures.hard_words == {}
        assert measure_readability(document.subject, language=language).hard_words == {}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_both_parts_say_the_same(text: str, language: str, case: str) -> None:
    mail = render_mail(make_composition(text, language=language, **CASES[case]))  # type: ignore[arg-type]
    assert flatten("".join(read_html(mail.html).words)) == flatten(mail.text)


@pytest.mark.parametrize("text", TEXTS)
def test_every_dutch_text_states_what_it_must(text: str) -> None:
    words = flatten(render_mail(make_composition(text)).text)
    for fact in (
        "Bakkerij Jansen B.V.",
        "Uw klantnummer: 10023",
        "Factuurnummer: 2026-0412",
        "Factuurdatum: 12 februari 2026",
        "Laatste betaaldag: 14 maart 2026",
        "Ordernummer: 4711",
        "Nog te betalen: € 245,60",
        "Rekening (IBAN): NL91 ABNA 0417 1643 00",
        "Op naam van: Bakkerij Jansen B.V.",
        "Betalingskenmerk: RF18 5390 0754 7034",
        "Heeft u al betaald? Dan hoeft u niets te doen.",
        "Wilt u in delen betalen?",
        "Kunt u nu niet betalen?",
        "Klopt de factuur niet?",
        "030 123 45 67",
        "KvK-nummer 12345678",
    ):
        assert fact in words


@pytest.mark.parametrize("text", ["reminder", "last_demand"])
def test_a_reminder_names_the_last_day_and_what_went_before(text: str) -> None:
    words = flatten(render_mail(make_composition(text)).text)
    assert "Dat kan tot en met 26 maart 2026." in words
    assert "Betalen tot en met: 26 maart 2026" in words
    assert "Op 16 maart 2026 stuurden wij u per e-mail een herinnering." in words


def test_earlier_messages_are_named_by_what_they_were() -> None:
    earlier = (
        Earlier("last_demand", date(2026, 3, 18), "letter"),
        Earlier("call", date(2026, 3, 17), "phone"),
        Earlier("notice", date(2026, 3, 11), "email"),
        Earlier("notice", date(2026, 1, 1), "email"),
    )
    words = flatten(render_mail(make_composition(earlier=earlier)).text)
    assert (
        "Op 11 maart 2026 stuurden wij u per e-mail een bericht. "
        "Op 17 maart 2026 belden wij u hierover. "
        "Op 18 maart 2026 stuurden wij u per brief een laatste herinnering."
    ) in words
    assert "1 januari" not in words


@pytest.mark.parametrize(
    ("text", "subject", "several"),
    [
        (
            "notice",
            "Binnenkort betalen: factuur 2026-0412 van Bakkerij Jansen B.V.",
            "Binnenkort betalen: 2 facturen van Bakkerij Jansen B.V.",
        ),
        (
            "reminder",
            "Herinnering factuur 2026-0412 van Bakkerij Jansen B.V.",
            "Herinnering 2 facturen van Bakkerij Jansen B.V.",
        ),
        (
            "last_demand",
            "Laatste herinnering factuur 2026-0412 van Bakkerij Jansen B.V.",
            "Laatste herinnering 2 facturen van Bakkerij Jansen B.V.",
        ),
    ],
)
def test_the_subject_says_what_it_is_about(text: str, subject: str, several: str) -> None:
    assert render_mail(make_composition(text)).subject == subject
    composition = make_composition(text, items=TWO_AND_A_CREDIT_NOTE)
    assert render_mail(composition).subject == several


def test_several_invoices_stand_in_a_table_with_the_credit_note_deducted() -> None:
    text = render_mail(make_composition(items=TWO_AND_A_CREDIT_NOTE)).text
    assert (
        "Factuur    Datum       Betaaldag   Te betalen\n"
        "2026-0412  12-02-2026  14-03-2026    € 245,60\n"
        "  Ordernummer 4711 · Uw kenmerk PO-33\n"
        "2026-0431  12-02-2026  14-03-2026  € 1.000,00\n"
        "  Factuurbedrag € 1.234,56 · Betaald of verrekend € 234,56\n"
        "C-2026-3   12-02-2026                -€ 25,00\n"
        "  Creditnota\n"
        "Samen te betalen                   € 1.220,60\n"
    ) in text
    assert "Om deze facturen gaat het" in text
    assert "Wat u nog van ons krijgt, hebben wij van het bedrag afgehaald." in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_one_invoice_is_never_called_invoices(text: str, language: str) -> None:
    words = render_mail(make_composition(text, language=language)).text
    assert ("facturen" if language == "nl" else "invoices") not in words


def test_part_paid_shows_what_was_invoiced_and_what_is_left() -> None:
    items = (make_item(open_cents=10000, invoiced_cents=24560),)
    words = flatten(render_mail(make_composition(items=items)).text)
    assert "Een deel is al betaald of verrekend. De rest hebben wij nog niet ontvangen." in words
    assert (
        "Factuurbedrag: € 245,60 Betaald of verrekend: € 145,60 Nog te betalen: € 100,00" in words
    )


def test_the_next_step_is_named_only_where_there_is_an_agency() -> None:
    with_agency = render_mail(make_composition("last_demand", hand_over_to="Vlot")).text
    assert "Dan geven wij deze factuur aan Vlot door." in with_agency
    without = render_mail(make_composition("last_demand")).text
    assert "door" not in without
    assert render_mail(make_composition("reminder", hand_over_to="Vlot")).text.count("Vlot") == 0


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("text", [text for text in TEXTS if text != "veertiendagenbrief"])
def test_no_text_threatens_or_names_costs(text: str, case: str) -> None:
    for language in LANGUAGES:
        composition = make_composition(text, language=language, **CASES[case])  # type: ignore[arg-type]
        words = render_mail(composition).text.lower()
        scary = r"kosten|rente|waarschuwing|rechter|deurwaarder|dringend|costs?\b|court|urgent"
        assert re.search(scary, words) is None


def test_a_letter_asks_to_write_or_call_and_not_to_answer_this_mail() -> None:
    letter = write_document(make_composition(), for_letter=True)
    assert "Mail naar administratie@bakkerij.test of bel 030 123 45 67." in prose_of(letter)
    assert "e-mail." not in prose_of(letter)
    mail = write_document(make_composition())
    assert "Beantwoord deze e-mail of bel 030 123 45 67." in prose_of(mail)


@pytest.mark.parametrize("nasty", NASTY_VALUES)
@pytest.mark.parametrize("text", TEXTS)
def test_no_value_becomes_markup(text: str, nasty: str) -> None:
    plain = render_mail(make_nasty(text, "Gewoon"))
    mail = render_mail(make_nasty(text, nasty))
    page, plain_page = read_html(mail.html), read_html(plain.html)
    assert page.tags == plain_page.tags
    # Markup is the same, so the words are the plain ones with this value in them.
    assert flatten("".join(page.words)) == flatten(mail.text)
    assert mail.text.count(nasty) == plain.text.count("Gewoon")
    assert mail.subject.count(nasty) == plain.subject.count("Gewoon")
    assert mail.html.count("http") == mail.text.count("http") + mail.subject.count("http")


def make_nasty(text: str, value: str) -> Composition:
    return make_composition(
        text,
        addressee=replace(ADDRESSEE, name=value, contact_name=value, number=value),
        creditor=replace(CREDITOR, name=value, account_name=value, city=value, phone=value),
        items=(
            make_item(value, order_reference=value, customer_reference=value),
            make_item("C-1", open_cents=-100, order_reference=value),
        ),
        hand_over_to=value,
    )


@pytest.mark.parametrize(
    "value",
    [
        "a\r\nBcc: x@evil.test",
        "a\u2028b",
        "a\x00b\x1b[31m",
        "a\u202egnp.exe",
        "a\u200bb",
        "\ue000total\ue001",
    ],
)
def test_line_breaks_and_hidden_characters_are_taken_out(value: str) -> None:
    mail = render_mail(make_nasty("reminder", value))
    whole = mail.subject + mail.text + mail.html
    assert not re.search("[\r\x00\x1b\u2028\u202e\u200b\ue000\ue001]", whole)
    assert "\n" not in mail.subject


def test_a_name_of_ten_thousand_characters_stays_within_bounds() -> None:
    mail = render_mail(make_nasty("reminder", "x" * 10_000))
    assert len(mail.subject) <= 200
    assert len(mail.text) < 6_000


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    for text in TEXTS:
        page = read_html(render_mail(make_composition(text)).html)
        names = {tag for tag, _ in page.tags}
        assert names.isdisjoint({"img", "script", "link", "iframe", "form", "a", "style"})
        attributes = {name for _, attrs in page.tags for name in attrs}
        assert attributes.isdisjoint({"src", "href", "background", "onclick"})


def test_the_page_names_its_language_and_leaves_the_colours_to_the_reader() -> None:
    for language in LANGUAGES:
        html = render_mail(make_composition(language=language)).html
        assert f'<html lang="{language}">' in html
        assert not re.search(r"(?<![-\w])(?:color|background(?:-color)?):", html)
        assert '<th scope="row"' in html


H7 = (
    "{{ secret }}",
    "{{ creditor_name | upcase }}",
    "{{ creditor_name.first }}",
    "{{ creditor_name.__class__ }}",
    "{% include 'x' %}",
    "{% render 'x' %}",
    "{% assign x = 1 %}",
    "{% capture x %}a{% endcapture %}",
    "{% for i in (1..100000000) %}x{% endfor %}",
    "{% for i in (1..900) %}{% for j in (1..900) %}xxxx{% endfor %}{% endfor %}",
    "{% if %}",
    "{% if total != '' %}",
    "{{ total",
    "{% debug %}",
    "{% load x %}",
    "Tekst met {{ invoice_table }} in een zin",
    "\ue000total\ue001",
    "{% if true %}" * 40 + "x" + "{% endif %}" * 40,
)


@pytest.mark.parametrize("source", H7)
def test_a_text_that_asks_too_much_is_refused(source: str) -> None:
    with pytest.raises(Refusal):
        fill_text(f"Subject: Herinnering\n\n{source}", make_composition())


@pytest.mark.parametrize("source", ["", "Beste klant,\n\nHallo", "Subject:\n\nHallo"])
def test_a_text_without_a_subject_is_refused(source: str) -> None:
    with pytest.raises(Refusal, match="eerste regel"):
        fill_text(source, make_composition())


def test_html_and_links_in_a_text_stay_text() -> None:
    source = "Subject: x\n\n<b>vet</b> [klik](http://x.test) `code` **echt vet**"
    (paragraph,) = fill_text(source, make_composition()).blocks
    assert isinstance(paragraph, Paragraph)
    assert [(run.text, run.strong) for run in paragraph.runs] == [
        ("<b>vet</b> [klik](http://x.test) `code` ", False),
        ("echt vet", True),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"total_cents": 1}, "som van de facturen"),
        ({"items": (), "total_cents": 0}, "niets te betalen"),
        ({"items": (make_item(open_cents=-100),)}, "niets te betalen"),
        ({"creditor": replace(CREDITOR, iban="")}, "IBAN"),
        ({"creditor": replace(CREDITOR, iban="NL91ABNA0417164301")}, "IBAN"),
        ({"payment_reference": "RF19539007547034"}, "betalingskenmerk"),
    ],
)
def test_a_composition_that_cannot_be_right_is_refused(
    changes: dict[str, object], words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        render_mail(make_composition(**changes))  # type: ignore[arg-type]


def test_an_unknown_text_is_refused() -> None:
    with pytest.raises(Refusal, match="bestaat niet"):
        render_mail(make_composition("geheim"))
    with pytest.raises(Refusal, match="bestaat niet"):
        load_text("../mail/notice", "nl")


def test_a_notice_in_english_names_each_discount() -> None:
    items = (
        make_item(discount_cents=491, discount_until=date(2026, 3, 20)),
        make_item("2026-0413"),
        make_item("2026-0414", discount_cents=100, discount_until=date(2026, 3, 21)),
    )
    text = " ".join(
        render_mail(make_composition("notice", items=items, language="en")).text.split()
    )
    assert (
        "If you pay invoice 2026-0412 by 20 March 2026, you may keep €4.91 as a discount. You "
        "then pay €240.69. If you pay invoice 2026-0414 by 21 March 2026, you may keep €1.00 as "
        "a discount. You then pay €244.60."
    ) in text
