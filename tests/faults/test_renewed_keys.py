"""A key of the audit trail that is gone for good: a person begins anew, and the trail says so."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.test import override_settings
from proof.tampering import (
    APART,
    EVENTS,
    FIRST_ON,
    SEALS,
    as_owner,
    check,
    make_trail,
    moment,
    sealed,
    write_events,
)
from tests.integration.office import make_administration
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.core.problem import Refusal
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.actions import keep_sealed
from tijdig.timeline.audit import Break, find_lost_key
from tijdig.timeline.models import Event
from tijdig.timeline.renewing import renew

RENEWED_ON = FIRST_ON + SEALS * APART
LATER_ON = RENEWED_ON + APART
WHY = "De schijf met de sleutels ging stuk."
BREAK = Break(RENEWED_ON, SEALS, WHY)


@pytest.fixture
def folder(administration: UUID, tmp_path: Path) -> Iterator[Path]:
    """The folder `audit` of an installation of its own, with three seals and their anchors."""
    with override_settings(HOME=tmp_path):
        make_trail(administration)
        yield tmp_path / "audit"


def begin_anew(*administrations: UUID, reason: str = WHY) -> tuple[UUID, ...]:
    days = dict.fromkeys(administrations, RENEWED_ON)
    return renew(days, reason=reason, now=moment(RENEWED_ON), actor="Sanne")


def live_on(administration: UUID) -> None:
    """What happened since is sealed and anchored."""
    keep_sealed(administration, today=RENEWED_ON, now=moment(RENEWED_ON))
    write_events(administration, LATER_ON)
    keep_sealed(administration, today=LATER_ON, now=moment(LATER_ON))


@pytest.mark.parametrize(
    "gone", [("content-key",), ("signing-key",), ("content-key", "signing-key"), ("",)]
)
def test_renewed_the_trail_is_green_again_and_names_the_break(
    administration: UUID, folder: Path, gone: tuple[str, ...]
) -> None:
    if gone == ("",):  # all of the folder
        gone = ("content-key", "signing-key", f"anchors/{administration}.jsonl")
    for name in gone:
        (folder / name).unlink()
    assert begin_anew(administration) == (administration,)
    live_on(administration)
    report = check(administration)
    assert (report.first_wrong, report.breaks, report.unsealed) == (None, (BREAK,), 1)
    # The events of a day and the check of the day before; each has its content.
    sealed_before = SEALS * EVENTS + SEALS - 1
    assert report.unread == (sealed_before if "content-key" in gone else 0)
    with administration_scope(administration):
        assert find_lost_key() is None
        (event,) = Event.objects.filter(kind="audit_renewed")
    assert (event.actor, event.data["reason"]) == ("Sanne", WHY)


def test_what_was_changed_before_the_break_still_shows(administration: UUID, folder: Path) -> None:
    (folder / "content-key").unlink()
    begin_anew(administration)
    live_on(administration)
    changed = sealed(administration, 2)[1]
    with as_owner() as ask:
        ask("UPDATE tijdig_event SET kind = 'nothing' WHERE id = %s", [changed])
    wrong = check(administration).first_wrong
    assert wrong is not None
    assert (wrong.place, wrong.row) == ("zegel 2, regel 2", changed)


def test_content_after_the_break_is_checked_and_before_it_with_the_old_key(
    administration: UUID, folder: Path
) -> None:
    old = (folder / "content-key").read_bytes()
    (folder / "content-key").write_text("ab" * 32)
    begin_anew(administration)
    live_on(administration)
    (aside,) = folder.glob("content-key.*")
    assert aside.read_text() == "ab" * 32
    for number, place in ((SEALS + 2, f"zegel {SEALS + 2}, regel 1"), (2, "zegel 2, regel 1")):
        event_id = sealed(administration, number)[0]
        with as_owner() as ask:
            ask("UPDATE tijdig_event SET actor = 'nobody' WHERE id = %s", [event_id])
        wrong = check(administration).first_wrong
        assert wrong is not None
        assert (wrong.place, wrong.row) == (place, event_id)
        # Who finds the old key puts it beside the new one.
        with administration_scope(administration):
            mark = Event.objects.get(kind="audit_renewed").data["lost_marks"][0]
        (folder / f"content-key.{mark}").write_bytes(old)


def test_the_old_signing_key_does_not_sign_after_the_break(
    administration: UUID, folder: Path
) -> None:
    key = folder / "signing-key"
    old = key.read_bytes()
    key.unlink()
    begin_anew(administration)
    key.write_bytes(old)
    with pytest.raises(Refusal, match="is een andere dan die van de ankers"):
        live_on(administration)
    with pytest.raises(Refusal, match="is een andere dan die van de ankers"):
        check(administration)


def test_a_seal_of_after_the_break_cannot_say_that_its_key_was_lost(
    administration: UUID, folder: Path
) -> None:
    (folder / "content-key").unlink()
    begin_anew(administration)
    live_on(administration)
    (folder / "content-key").unlink()
    with pytest.raises(Refusal, match="content-key in TIJDIG_HOME is weg"):
        check(administration)


def test_nothing_is_renewed_while_the_keys_are_there_or_without_a_reason(
    administration: UUID, folder: Path
) -> None:
    kept = {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}
    with pytest.raises(Refusal, match="niets te vernieuwen"):
        begin_anew(administration)
    (folder / "signing-key").unlink()
    with pytest.raises(Refusal, match="Zeg in hoogstens"):
        begin_anew(administration, reason="  ")
    assert (folder / "content-key").read_bytes() == kept["content-key"]
    assert not (folder / "signing-key").exists()


def test_every_trail_of_the_installation_goes_on_with_the_same_keys(
    administration: UUID, folder: Path
) -> None:
    other = make_administration()
    make_trail(other)
    for name in ("content-key", "signing-key"):
        (folder / name).unlink()
    assert set(begin_anew(administration, other)) == {administration, other}
    for one in (administration, other):
        live_on(one)
        assert (check(one).first_wrong, check(one).breaks) == (None, (BREAK,))


def test_a_second_loss_is_a_second_break(administration: UUID, folder: Path) -> None:
    for name in ("content-key", "signing-key"):
        (folder / name).unlink()
    begin_anew(administration)
    live_on(administration)
    for name in ("content-key", "signing-key"):
        (folder / name).unlink()
    day = LATER_ON + APART
    renew({administration: day}, reason="Weer.", now=moment(day), actor="Sanne")
    write_events(administration, day)
    keep_sealed(administration, today=day, now=moment(day))
    report = check(administration)
    assert (report.first_wrong, [one.reason for one in report.breaks]) == (None, [WHY, "Weer."])


def test_the_settings_name_the_break(administration: UUID, folder: Path) -> None:
    browser, address = sign_in(make_person(administration)), f"/{slug_of(administration)}"
    assert WHY not in browser.get(f"{address}/instellingen/").content.decode()
    (folder / "content-key").unlink()
    begin_anew(administration)
    assert WHY in browser.get(f"{address}/instellingen/").content.decode()
