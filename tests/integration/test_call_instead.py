"""Vandaag asks to call who acts for a debtor, never the debtor himself."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.integration.case_office import find_ids, make_office, told
from tests.integration.mail import mail_sink
from tests.integration.office import at
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.models import Call
from tijdig.ledger.actions import flags
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.actions.flags import Representative
from tijdig.ledger.models import Debtor
from tijdig.tenants.scope import administration_scope

BEGAN_ON, ASKED_ON = date(2026, 3, 16), date(2026, 4, 2)
OWN, ACTING = "030-1111111", "030-2222222"
BEWINDVOERDER = Representative("Bewind BV", email="bewind@example.nl", phone=ACTING)


@pytest.fixture
def office(database: None) -> UUID:
    """A debtor who gave his number; nobody acts for him yet."""
    office = make_office()
    with administration_scope(office):
        change_contact(find_ids()[0], {"phone": OWN}, **told(BEGAN_ON))  # type: ignore[arg-type]
    return office


def mark(office: UUID, kind: str, instead: Representative, *, day: date = BEGAN_ON) -> None:
    with administration_scope(office):
        flags.mark(debtor_id=find_ids()[0], kind=kind, instead=instead, **told(day))  # type: ignore[arg-type]


def live(office: UUID) -> None:
    with mail_sink():
        for day in (date(2026, 3, 19), date(2026, 3, 30), date(2026, 3, 31), ASKED_ON):
            live_one_day(office, today=day, now=at(day))
    with administration_scope(office):
        assert Call.objects.filter(state="open").count() == 1


def see(office: UUID) -> str:
    page = sign_in(make_person(office)).get(f"/{slug_of(office)}/vandaag/")
    return str(page.content.decode())


def test_a_debtor_for_whom_nobody_acts_is_called_himself(office: UUID) -> None:
    live(office)
    page = see(office)
    assert OWN in page
    assert "Bel niet de klant zelf" not in page


def test_the_debtor_page_dials_who_acts_for_him(office: UUID) -> None:
    with administration_scope(office):
        number = Debtor.objects.get().number
    visitor, page = sign_in(make_person(office)), f"/{slug_of(office)}/debiteuren/{number}/"
    before = visitor.get(page).content.decode()
    assert f'href="tel:{OWN}"' in before
    assert "Bel niet de klant zelf" not in before
    mark(office, "bewind", BEWINDVOERDER)
    after = visitor.get(page).content.decode()
    assert f'href="tel:{ACTING}"' in after
    assert f'href="tel:{OWN}"' not in after
    assert "Bel niet de klant zelf, maar wie voor hem optreedt: Bewind BV<" in after
    assert 'href="mailto:' in before
    assert 'href="mailto:' not in after


@pytest.mark.parametrize("kind", ["bewind", "curatele"])
def test_who_acts_for_him_is_called(office: UUID, kind: str) -> None:
    mark(office, kind, BEWINDVOERDER)
    live(office)
    page = see(office)
    assert OWN not in page
    assert ACTING in page
    assert "Bel niet de klant zelf, maar wie voor hem optreedt: Bewind BV<" in page


def test_who_began_to_act_since_the_call_was_asked_is_called(office: UUID) -> None:
    live(office)
    mark(office, "bewind", replace(BEWINDVOERDER, representative="", phone=""), day=ASKED_ON)
    page = see(office)
    assert OWN not in page
    assert "nummer onbekend" in page
    assert "Bel niet de klant zelf, maar wie voor hem optreedt." in page


def test_a_curator_is_called_and_no_bewindvoerder_of_before_him(office: UUID) -> None:
    mark(office, "bewind", BEWINDVOERDER)
    curator = replace(BEWINDVOERDER, representative="Curator BV", phone="030-3333333")
    mark(office, "curatele", curator, day=date(2026, 3, 17))
    live(office)
    page = see(office)
    assert "030-3333333" in page
    assert ACTING not in page
