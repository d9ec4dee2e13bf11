"""An administration of before the default policy changed: what differs, and adopting it."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.integration.office import make_administration, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.core.policy import DEFAULT_POLICY, Policy
from tijdig.core.policy_changes import describe_changes, is_behind, renew
from tijdig.dunning.actions.run import run
from tijdig.dunning.models import Decision
from tijdig.dunning.queries.policies import load_policy
from tijdig.management.commands import doctor
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event
from tijdig.web.clock import moment_now

DAY = date(2026, 3, 19)
REMINDER, LAST = DEFAULT_POLICY.steps[1], DEFAULT_POLICY.steps[-1]
OLD = replace(
    DEFAULT_POLICY,
    min_gap_days=9,
    steps=(
        DEFAULT_POLICY.steps[0],
        replace(REMINDER, term_days=5, channels=("email",)),
        DEFAULT_POLICY.steps[2],
        replace(LAST, offset_days=40),
        replace(LAST, key="extra", offset_days=50),
    ),
)

NEW_LETTER = (
    "Veertiendagenbrief: nieuw, 21 dagen na de vervaldatum, per brief of e-mail, voor wie"
    " consument kan zijn."
)


@pytest.fixture
def office(database: None) -> UUID:
    administration = make_administration(policy=OLD)
    take_in(administration, make_record())
    run(administration, today=DAY, now=moment_now())
    return administration


def test_every_difference_is_said() -> None:
    assert is_behind(OLD, DEFAULT_POLICY)
    assert [one.nl for one in describe_changes(OLD, DEFAULT_POLICY)] == [
        "Herinnering: e-mail of brief (was e-mail).",
        "Herinnering: 7 dagen om te betalen (was 5 dagen om te betalen).",
        NEW_LETTER,
        "Laatste aanmaning: 30 dagen na de vervaldatum (was 40 dagen na de vervaldatum).",
        "Laatste aanmaning: vervalt.",
    ]


@pytest.mark.parametrize("policy", [DEFAULT_POLICY, replace(OLD, name="Van ons")])
def test_the_newest_and_an_own_policy_are_not_behind(policy: Policy) -> None:
    assert not is_behind(policy, DEFAULT_POLICY)


def test_renewing_keeps_the_limits() -> None:
    renewed = renew(OLD, DEFAULT_POLICY)
    assert renewed == replace(DEFAULT_POLICY, version=2, min_gap_days=9)


def test_one_click_adopts_it_and_past_days_keep_their_reason(office: UUID) -> None:
    slug = slug_of(office)
    owner, controller = make_person(office), make_person(office, role="controller")
    address = f"/{slug}/instellingen/nieuw-beleid/"
    today = sign_in(owner).get(f"/{slug}/vandaag/").content.decode()
    assert "Nieuw standaardbeleid" in today
    assert "Veertiendagenbrief: nieuw" in sign_in(owner).get(address).content.decode()
    assert sign_in(controller).post(address).status_code == 403
    with administration_scope(office):
        before = Decision.objects.get(on=DAY)
    assert sign_in(owner).post(address).status_code == 302
    with administration_scope(office):
        policy = load_policy()
        assert (policy.version, policy.steps) == (2, DEFAULT_POLICY.steps)
        assert policy.min_gap_days == 9
        kept = Decision.objects.get(on=DAY)
        assert (kept.policy_version, kept.because_nl) == (1, before.because_nl)
        event = Event.objects.get(kind="policy_changed")
        assert "Laatste aanmaning: vervalt." in event.data["steps"]
    assert "Nieuw standaardbeleid" not in sign_in(owner).get(f"/{slug}/vandaag/").content.decode()
    assert "al met het nieuwste beleid" in sign_in(owner).get(address).content.decode()
    sign_in(owner).post(address)
    with administration_scope(office):
        assert load_policy().version == 2


def test_the_doctor_mentions_it(office: UUID) -> None:
    figures = doctor.Command().answer().figures
    found = next(one for one in figures["checks"] if one["what"] == "beleid")
    assert found["ok"]
    assert slug_of(office) in found["found"]
