"""A message that was right and has no effect: its page says why, and no term is renewed by it."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.case_office import told
from tests.integration.office import at
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    LETTER_ON,
    letter_of,
    lines,
    live,
    sent,
)
from tests.integration.test_moved_before_delivery import make as make_pupil_with_letter
from tests.integration.test_moved_before_delivery import move, promise
from tests.integration.test_protected_afterwards import mark

from tijdig.dunning.actions.notices import note_receipt
from tijdig.dunning.queries.limitation import LimitationRow, explain_limitation
from tijdig.ledger.actions import flags
from tijdig.ledger.models import Invoice
from tijdig.tenants.scope import administration_scope

NEXT, RECEIVED_ON = LETTER_ON + timedelta(days=1), date(2026, 3, 26)
WITHIN, AFTER = date(2026, 4, 9), date(2026, 4, 20)


def mark_late(kind: str) -> Callable[[UUID], object]:
    """A situation that began before the letter, and was told weeks later."""
    return lambda school: mark(school, kind, from_on=date(2026, 3, 2), today=AFTER)


def move_next(school: UUID) -> None:
    move(school, NEXT)


def promise_within(school: UUID) -> None:
    promise(school, AFTER, day=WITHIN)


@pytest.fixture
def school(database: None) -> UUID:
    """A pupil who owes € 1.000,00, and a letter of 24 March that counts as come on the 26th."""
    return make_pupil_with_letter(100_000)


def see_letter(school: UUID) -> str:
    with administration_scope(school):
        letter_id = letter_of(school)
    page = sign_in(make_person(school)).get(f"/{slug_of(school)}/berichten/{letter_id}/")
    return str(page.content.decode())


def see_limitation(school: UUID) -> LimitationRow:
    with administration_scope(school):
        row = explain_limitation(Invoice.objects.get().open_item_id, today=DEMAND_ON)
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("happen", "said"),
    [
        (move_next, "een ander adres voordat dit bericht er was (BW 3:37 lid 3)"),
        (promise_within, "een toezegging of een aangekondigde incasso (BW 6:96 lid 6)"),
        (mark_late("faillissement"), "failliet binnen de termijn van deze brief (Fw 26)"),
        (mark_late("wsnp"), "schuldsanering (WSNP) binnen de termijn van deze brief (Fw 296)"),
        (mark_late("bewind"), "een bewindvoerder handelt voor hem (BW 1:441)"),
        (mark_late("curatele"), "niet naar de curator, die voor de klant handelt (BW 1:381)"),
    ],
)
def test_the_page_of_a_letter_says_why_it_has_no_effect(
    school: UUID, happen: Callable[[UUID], object], said: str
) -> None:
    live(school, NEXT, NEXT)
    assert "Telt niet" not in see_letter(school)
    happen(school)
    page = see_letter(school)
    assert "<dt>Telt niet</dt>" in page
    assert said in page


@pytest.mark.parametrize(
    ("happen", "words"),
    [
        (move_next, "de klant kreeg een ander adres voordat het er was"),
        (mark_late("bewind"), "het ging naar de klant zelf, en een bewindvoerder handelt voor hem"),
        (mark_late("deceased"), "de klant was overleden voordat het er was"),
    ],
)
def test_a_letter_to_another_does_not_renew_the_term(
    school: UUID, happen: Callable[[UUID], object], words: str
) -> None:
    live(school, NEXT, NEXT)
    before = see_limitation(school)
    assert [one.on for one in before.proofs if one.counts][-1] == RECEIVED_ON
    happen(school)
    after = see_limitation(school)
    letter = after.proofs[-1]
    assert not letter.counts
    assert letter.said.nl == (
        f"Bericht van 24 maart 2026: {words}, dus het telt niet (BW 3:37 lid 3)."
    )
    assert after.ends_on < before.ends_on


@pytest.mark.parametrize("kind", ["faillissement", "wsnp"])
def test_a_letter_to_himself_in_an_estate_is_for_a_lawyer(school: UUID, kind: str) -> None:
    live(school, NEXT, NEXT)
    before = see_limitation(school)
    mark_late(kind)(school)
    after = see_limitation(school)
    said = after.proofs[-1].said.nl
    assert not after.proofs[-1].counts
    assert "Of een brief aan de klant zelf dan stuit, is niet zeker" in said
    assert after.ends_on < before.ends_on


def test_a_reminder_that_came_after_his_death_puts_no_heir_in_default(school: UUID) -> None:
    """He died on 2 March, told a month later; his heirs get a reminder of their own first."""
    live(school, NEXT, WITHIN)
    flag_id = mark(school, "deceased", from_on=date(2026, 3, 2), today=WITHIN)
    live(school, WITHIN + timedelta(days=1), AFTER)
    with administration_scope(school):
        flags.lift(flag_id, **told(AFTER))  # type: ignore[arg-type]
    live(school, AFTER + timedelta(days=1), date(2026, 5, 8))
    assert lines(school) == []
    assert [key for _, key, _ in sent(school)][2:3] == ["reminder_again"]


def test_a_proof_that_it_came_at_the_new_address_renews_the_term(school: UUID) -> None:
    before = see_limitation(school)
    move_next(school)
    with administration_scope(school):
        told = {"today": WITHIN, "now": at(WITHIN), "actor": "Sanne"}
        note_receipt(letter_of(school), received_on=RECEIVED_ON, note="hij belde", **told)  # type: ignore[arg-type]
    assert see_limitation(school).ends_on == before.ends_on
