"""A debtor is written to in his own language: English, else Dutch."""

from datetime import date

import pytest
from tests.integration.books import Listed, make_list, run_on, take
from tests.integration.office import make_administration

from tijdig.ledger.models import Debtor
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.scope import administration_scope


@pytest.mark.parametrize(
    ("language", "wanted", "words"),
    [("nl", "nl", "Beste"), ("en", "en", "Dear"), ("en-GB", "en", "Dear"), ("de", "nl", "Beste")],
)
def test_a_message_speaks_the_debtors_language(
    database: None, language: str, wanted: str, words: str
) -> None:
    administration = make_administration(sending=True)
    take(administration, make_list(Listed("2026-0001", 12_100)))
    with administration_scope(administration):
        Debtor.objects.update(language=language)
    assert run_on(administration, date(2026, 3, 19)).released == 1
    with administration_scope(administration):
        assert Message.objects.get().language == wanted
        assert words in MessageBody.objects.get().text
