"""A gap between statements, as people see and accept it."""

from uuid import UUID

from django.urls import reverse
from tests.integration.books import Listed, make_list
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_bank_once import bring, cut

from tijdig.banking.queries import list_bank_gaps
from tijdig.tenants.scope import administration_scope


def test_a_gap_is_shown_and_accepted(administration: UUID) -> None:
    bring(administration, make_list(Listed("2026-0412", 12_100)), cut(0, 3), cut(5, 8))
    client = sign_in(make_person(administration))
    page = f"/{slug_of(administration)}/betalingen/"
    shown = client.get(page).content.decode()
    assert "Afschriften die niet aansluiten" in shown
    assert "Het afschrift van 4 maart 2026 begint met" in shown
    assert "niet aansluit (zie Betalingen)" in (
        client.get(reverse("today", kwargs={"slug": slug_of(administration)})).content.decode()
    )
    with administration_scope(administration):
        (gap,) = list_bank_gaps()
    answer = client.post(f"{page}afschriften/{gap.statement_id}/acceptatie/", follow=True)
    assert "Het gat is geaccepteerd." in answer.content.decode()
    assert "Afschriften die niet aansluiten" not in answer.content.decode()
    again = client.post(f"{page}afschriften/{gap.statement_id}/acceptatie/", follow=True)
    assert "Dit gat is er niet meer." in again.content.decode()
