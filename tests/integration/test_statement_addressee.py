"""The claim statement goes to who acts for the debtor; and mail about a letter is true."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.test_consumer_costs import DEMAND_ON, LETTER_ON, live
from tests.integration.test_moved_before_delivery import make
from tests.integration.test_protected_afterwards import mark
from tests.plugs.compositions import LANGUAGES, make_composition

from tijdig.ledger.actions.flags import Representative
from tijdig.ledger.models import Debtor
from tijdig.messaging.composing import load_statement
from tijdig.messaging.composition import Addressee
from tijdig.messaging.texts import render_mail
from tijdig.tenants.scope import administration_scope

AFTER = DEMAND_ON + timedelta(days=2)
INSTEAD = Representative("J. Bewind", street="Kade 1", postal_code="1011 AB", city="Amsterdam")


def addressee_of(school: UUID, day: date) -> Addressee:
    with administration_scope(school):
        composition = load_statement(Debtor.objects.get().id, written_on=day)
    assert composition is not None
    return composition.addressee


@pytest.mark.parametrize("kind", ["bewind", "curatele"])
def test_who_acts_for_him_stands_in_the_window(database: None, kind: str) -> None:
    school = make()
    own = addressee_of(school, AFTER)
    assert own.street != "Kade 1"
    mark(school, kind, from_on=AFTER, today=AFTER, instead=INSTEAD)
    assert addressee_of(school, AFTER - timedelta(days=1)) == own
    found = addressee_of(school, AFTER)
    assert (found.name, found.contact_name) == (own.name, "J. Bewind")
    assert (found.street, found.city) == ("Kade 1", "Amsterdam")


def test_an_address_that_is_not_known_yet_leaves_his_own(database: None) -> None:
    school = make()
    live(school, LETTER_ON + timedelta(days=1), LETTER_ON + timedelta(days=1))
    own = addressee_of(school, AFTER)
    mark(school, "bewind", from_on=AFTER, today=AFTER, instead=Representative("J. Bewind"))
    assert addressee_of(school, AFTER) == own


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_about_a_letter_does_not_say_that_it_was_posted(language: str) -> None:
    """It goes when the letter is printed; the post may be of a later day."""
    mail = render_mail(make_composition("veertiendagenbrief_copy", language=language))
    assert "Vandaag" not in mail.text
    assert "Today" not in mail.text
    assert "stuurden" not in mail.subject
