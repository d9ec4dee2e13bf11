"""Letters as PDF: what they say, how they are built, and that values stay text."""

import io
import re
import threading
from dataclasses import replace
from datetime import date

import pypdf
import pytest
import segno
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
from tijdig.messaging.letters import (
    MOST_LETTERS,
    describe_stack,
    payment_qr_contents,
    render_letter,
    render_letters,
    write_address,
)
from tijdig.messaging.payment_qr import draw_qr, make_qr, write_epc_contents
from tijdig.messaging.texts import render_letter_text, render_mail

FORTY = tuple(
    make_item(f"2026-{number:04d}", open_cents=10000 + number, order_reference=f"PO-{number}")
    for number in range(40)
)


def read_pdf(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def words_of_pdf(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in read_pdf(pdf).pages)
    return " ".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_a_letter_says_what_the_mail_says(text: str, language: str) -> None:
    composition = make_composition(text, language=language)
    words = words_of_pdf(render_letter(composition))
    own_way_to_answer = ("Beantwoord deze e-mail", "Reply to this e-mail")
    for line in render_mail(composition).text.splitlines():
        plain = " ".join(line.removeprefix("- ").replace(": ", " ").split())
        head, answer, _ = plain.partition(own_way_to_answer[LANGUAGES.index(language)])
        town_apart = head.replace("Dorpsstraat 12, 3512 AB", "Dorpsstraat 12 3512 AB")
        # The letter about costs calls itself what it is.
        own_name = town_apart.replace("deze e-mail", "deze brief").replace(
            "this e-mail", "this letter"
        )
        assert answer or own_name in words.replace(": ", " ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", [text for text in TEXTS if text != "call"])
def test_the_words_that_are_kept_of_a_letter_are_those_that_are_printed(
    text: str, language: str
) -> None:
    composition = make_composition(text, language=language)
    subject, kept = render_letter_text(composition)
    printed = words_of_pdf(render_letter(composition))
    for line in (subject, *kept.splitlines()):
        for cell in re.split(r": +|  +", line.removeprefix("- ")):
            assert " ".join(cell.split()) in printed
    assert not re.search("(deze|this) e-mail", kept, re.IGNORECASE)


def test_a_letter_is_tagged_and_says_its_title_language_and_date() -> None:
    reader = read_pdf(render_letter(make_composition()))
    assert reader.metadata is not None
    assert reader.metadata.title == "Herinnering factuur 2026-0412 van Bakkerij Jansen B.V."
    assert reader.metadata.author == "Bakkerij Jansen B.V."
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == date(2026, 3, 19)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert len(reader.pages) == 1


def test_the_table_is_a_table_and_the_code_has_words_for_who_cannot_see_it() -> None:
    reader = read_pdf(render_letter(make_composition(items=FORTY[:3])))
    kinds: list[str] = []
    spoken: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, pypdf.generic.IndirectObject):
            walk(node.get_object())
        elif isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            kinds.append(str(node.get("/S", "")))
            spoken.append(str(node.get("/Alt", "")))
            walk(node.get("/K"))

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    assert {"/Table", "/TH", "/TD", "/H1", "/H2", "/L", "/Figure"} <= set(kinds)
    assert "QR-code met de gegevens om te betalen" in spoken


def test_the_same_composition_gives_the_same_bytes() -> None:
    assert render_letter(make_composition()) == render_letter(make_composition())


def test_forty_invoices_run_over_pages_with_a_number_and_the_header_on_each() -> None:
    pages = read_pdf(render_letter(make_composition(items=FORTY))).pages
    texts = [page.extract_text() for page in pages]
    assert len(texts) == 3
    for at, text in enumerate(texts, start=1):
        assert f"Pagina {at} van 3" in text
    assert [("Betaaldag" in text) for text in texts] == [True, True, False]
    everything = " ".join(texts)
    assert all(f"PO-{number}" in everything for number in range(40))
    assert (
        everything.count("€ 4.007,80".replace(" ", "\u00a0")) + everything.count("€ 4.007,80") == 3
    )


def test_a_letter_of_one_page_has_no_page_number() -> None:
    assert "Pagina" not in words_of_pdf(render_letter(make_composition()))


def test_several_letters_are_one_document_that_each_number_their_own_pages() -> None:
    pdf = render_letters(
        [
            make_composition(),
            make_composition(items=FORTY),
            make_composition(language="en", items=FORTY),
        ]
    )
    texts = [page.extract_text() for page in read_pdf(pdf).pages]
    numbers = [re.findall(r"(?:Pagina|Page) \d (?:van|of) \d", text) for text in texts]
    assert numbers == [
        [],
        ["Pagina 1 van 3"],
        ["Pagina 2 van 3"],
        ["Pagina 3 van 3"],
        ["Page 1 of 3"],
        ["Page 2 of 3"],
        ["Page 3 of 3"],
    ]
    metadata = read_pdf(pdf).metadata
    assert metadata is not None
    assert metadata.title == "3 brieven"


@pytest.mark.parametrize("count", [0, MOST_LETTERS + 1])
def test_a_print_job_has_bounds(count: int) -> None:
    with pytest.raises(Refusal, match="Een afdruk bevat"):
        render_letters([make_composition()] * count)


def test_the_address_stands_in_the_window() -> None:
    """Seen however an A4 slides in a C5/6 envelope: 25-91 mm from the left, 54-79 from the top."""
    found: dict[str, tuple[float, float]] = {}

    def note(text: str, cm: list[float], tm: list[float], *_font: object) -> None:
        left = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        from_bottom = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        found[text.strip()] = (left * 25.4 / 72, 297 - from_bottom * 25.4 / 72)

    page = read_pdf(render_letter(make_composition())).pages[0]
    page.extract_text(visitor_text=note)
    lines = ("Café De Vries", "T.a.v. Sanne de Vries", "Oudegracht 200", "3511 NR  Utrecht")
    for line in lines:
        left, from_top = found[line]
        assert left == pytest.approx(25, abs=0.5)
        assert 54 <= from_top <= 79


def test_an_address_abroad_ends_with_its_country() -> None:
    abroad = replace(ADDRESSEE, country="be", contact_name="", postal_code="2000", city="Antwerpen")
    assert write_address(abroad) == ("Café De Vries", "Oudegracht 200", "2000  Antwerpen", "BE")
    assert write_address(replace(ADDRESSEE, contact_name=ADDRESSEE.name))[1] == "Oudegracht 200"


@pytest.mark.parametrize("value", NASTY_VALUES)
def test_no_value_becomes_markup(value: str) -> None:
    pdf = render_letter(
        make_composition(
            addressee=replace(ADDRESSEE, name=value, contact_name=value, street=value),
            creditor=replace(CREDITOR, name=value, city=value),
            items=(make_item(value, order_reference=value), make_item("C-1", open_cents=-100)),
        )
    )
    squeezed = words_of_pdf(pdf).replace(" ", "")
    assert squeezed.count(value.replace(" ", "")) >= 6
    metadata = read_pdf(pdf).metadata
    assert metadata is not None
    assert metadata.author == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Łukasz Žižek-Őri", "Łukasz Žižek-Őri"),
        ("Иван Ωμέγα", "Иван Ωμέγα"),
        ("張偉 Wei", "?? Wei"),
        ("Bar 🎉 Feest", "Bar ? Feest"),
        ("a\u202egnp\u200b.exe", "agnp.exe"),
    ],
)
def test_names_in_any_script_give_a_letter(value: str, shown: str) -> None:
    pdf = render_letter(make_composition(addressee=replace(ADDRESSEE, name=value)))
    assert shown in words_of_pdf(pdf)


def test_a_word_without_end_stays_on_the_page() -> None:
    long = replace(ADDRESSEE, name="x" * 10_000, street="y" * 500)
    text = read_pdf(render_letter(make_composition(addressee=long))).pages[0].extract_text()
    # About forty of these letters fill the width of the window.
    longest_street = max(len(run) for run in re.findall("y+", text))
    assert 30 <= longest_street <= 45
    assert text.count("y") == 199


def test_threads_make_letters_at_the_same_time() -> None:
    expected = [render_letter(make_composition(items=FORTY[at : at + 1])) for at in range(8)]
    made: dict[int, bytes] = {}

    def make(at: int) -> None:
        made[at] = render_letter(make_composition(items=FORTY[at : at + 1]))

    threads = [threading.Thread(target=make, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [made[at] for at in range(8)] == expected


def test_the_code_says_what_the_letter_says() -> None:
    assert payment_qr_contents(make_composition()) == (
        "BCD\n002\n1\nSCT\n\nBakkerij Jansen B.V.\nNL91ABNA0417164300\nEUR245.60\n\n"
        "RF18539007547034"
    )


def test_without_an_iso_reference_the_code_describes_the_payment() -> None:
    bare = make_composition(payment_reference="")
    assert payment_qr_contents(bare).splitlines()[8:] == ["", "", "factuur 2026-0412 10023"]
    dutch = make_composition(payment_reference="5010002167010010")
    assert payment_qr_contents(dutch).splitlines()[8:] == ["", "", "5010002167010010"]


def test_the_drawing_is_the_code_module_by_module() -> None:
    contents = payment_qr_contents(make_composition())
    svg = draw_qr(contents)
    drawn = {
        (int(x) + step, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg)
        for step in range(int(length))
    }
    code = segno.make(contents, error="m", mask=2, encoding="utf-8", boost_error=False, micro=False)
    dark = {
        (x, y)
        for y, row in enumerate(code.matrix_iter(border=4))
        for x, module in enumerate(row)
        if module
    }
    assert drawn == dark
    assert describe_stack([make_composition()])["letters"][0]["qr"] == svg


def test_the_code_corrects_errors_and_is_not_too_dense() -> None:
    longest = write_epc_contents(
        account_name="é" * 70,
        iban="NL91ABNA0417164300",
        amount_cents=99_999_999_999,
        reference="",
        text="x" * 90,
    )
    code = make_qr(longest)
    assert code.error == "M"
    assert int(code.version) <= 13


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"account_name": ""}, "naam bij het rekeningnummer"),
        ({"account_name": "x" * 71}, "naam bij het rekeningnummer"),
        ({"iban": "NL91ABNA0417164301"}, "klopt niet"),
        ({"iban": "NL91 ABNA\n0417"}, "klopt niet"),
        ({"amount_cents": 0}, "bedragen van"),
        ({"amount_cents": 100_000_000_000}, "bedragen van"),
        ({"reference": "RF19539007547034"}, "betalingskenmerk"),
        ({"reference": "5010002167010010"}, "betalingskenmerk"),
        ({"text": "x" * 141}, "omschrijving"),
        ({"text": "a\nb"}, "omschrijving"),
        ({"account_name": "a\nb"}, "omschrijving"),
    ],
)
def test_a_code_that_a_bank_would_refuse_is_not_made(
    changes: dict[str, object], words: str
) -> None:
    details: dict[str, object] = {
        "account_name": "Bakkerij Jansen B.V.",
        "iban": "NL91ABNA0417164300",
        "amount_cents": 24560,
        "reference": "",
        "text": "factuur 2026-0412",
    }
    with pytest.raises(Refusal, match=words):
        write_epc_contents(**{**details, **changes})  # type: ignore[arg-type]
