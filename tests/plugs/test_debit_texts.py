"""What a debtor reads about a collection: before it, and after one that failed."""

from dataclasses import replace
from datetime import date

import pytest
from tests.plugs.compositions import LANGUAGES, make_composition, make_item
from tests.plugs.test_texts import CASES, flatten, prose_of

from tijdig.core.readability import measure_readability
from tijdig.messaging.composition import DebitSheet
from tijdig.messaging.texts import render_mail, write_document

DEBIT = DebitSheet(date(2026, 3, 19), "NL69ZZZ123456780000", "M-10023", "NL20INGB0001234567")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", ["one", "several", "nothing_before"])
def test_an_announcement_of_a_collection_reads_easily(language: str, case: str) -> None:
    composition = replace(
        make_composition("debit_notice", language=language, **CASES[case]),  # type: ignore[arg-type]
        debit=DEBIT,
    )
    for for_letter in (False, True):
        document = write_document(composition, for_letter=for_letter)
        figures = measure_readability(prose_of(document), language=language)
        assert figures.mean_words <= 12
        assert figures.longest_words <= 20
        assert figures.hard_words == {}


def test_an_announcement_states_amount_day_creditor_and_mandate() -> None:
    words = flatten(render_mail(replace(make_composition("debit_notice"), debit=DEBIT)).text)
    for fact in (
        "Op 19 maart 2026 schrijven wij € 245,60 af.",
        "Dag van afschrijven: 19 maart 2026",
        "Van uw rekening: … 4567",
        "Wie incasseert: Bakkerij Jansen B.V.",
        "Incassant-ID: NL69ZZZ123456780000",
        "Kenmerk machtiging: M-10023",
    ):
        assert fact in words
    assert "NL20" not in words


def test_a_reminder_after_a_failed_collection_says_so_kindly() -> None:
    item = replace(make_item(), failed_debit_on=date(2026, 3, 19))
    words = flatten(render_mail(make_composition("reminder", items=(item,))).text)
    assert "De incasso van 19 maart 2026 is niet gelukt." in words
    assert "Misschien bent u het vergeten." not in words
