"""A key of the audit trail that is gone: said, and never made anew behind the back of the chain."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import override_settings
from proof.tampering import (
    APART,
    FIRST_ON,
    SEALS,
    as_owner,
    check,
    make_trail,
    moment,
    sealed,
    write_events,
)
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.config.health import Finding, examine
from tijdig.config.tasks import seal_events
from tijdig.core.problem import Refusal
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.actions import keep_sealed, seal
from tijdig.timeline.audit import find_lost_key
from tijdig.timeline.models import Seal

NEXT_ON = FIRST_ON + SEALS * APART
GONE = "De sleutel audit/{name} in TIJDIG_HOME is weg. Zet het goede bestand terug"
LOST = "De sleutel audit/{name} in TIJDIG_HOME {says}"


@pytest.fixture
def folder(administration: UUID, tmp_path: Path) -> Iterator[Path]:
    """The folder `audit` of an installation of its own, with three seals and their anchors."""
    with override_settings(HOME=tmp_path):
        make_trail(administration)
        yield tmp_path / "audit"


def count_seals(administration: UUID) -> int:
    with administration_scope(administration):
        return Seal.objects.count()


def remove(path: Path) -> None:
    path.unlink()


def replace_by_another(path: Path) -> None:
    path.write_text("ab" * 32)


def empty(path: Path) -> None:
    path.write_text("")


def spoil(path: Path) -> None:
    path.write_bytes(b"\xff\x00 not a key")


LOSSES = {
    remove: "is weg",
    replace_by_another: "is een andere dan",
    empty: "is onleesbaar of geen sleutel",
    spoil: "is onleesbaar of geen sleutel",
}


@pytest.mark.parametrize(("lose", "how"), LOSSES.items())
def test_without_the_content_key_nothing_is_sealed_and_it_is_said(
    administration: UUID, folder: Path, lose: Callable[[Path], None], how: str
) -> None:
    key = folder / "content-key"
    kept = key.read_bytes()
    lose(key)
    left = key.read_bytes() if key.exists() else None
    write_events(administration, NEXT_ON)
    says = LOST.format(name="content-key", says=how)
    with administration_scope(administration), pytest.raises(Refusal, match=says):
        seal(now=moment(NEXT_ON))
    with pytest.raises(Refusal, match=says):
        check(administration)
    assert (key.read_bytes() if key.exists() else None) == left
    assert count_seals(administration) == SEALS
    # Put back, all of it can be sealed, and the check names the first wrong row again.
    key.write_bytes(kept)
    keep_sealed(administration, today=NEXT_ON, now=moment(NEXT_ON))
    report = check(administration)
    assert (report.first_wrong, report.seals, report.unsealed) == (None, SEALS + 1, 1)
    event_id = sealed(administration, 2)[1]
    with as_owner() as ask:
        ask("UPDATE tijdig_event SET kind = 'nothing' WHERE id = %s", [event_id])
    wrong = check(administration).first_wrong
    assert wrong is not None
    assert (wrong.place, wrong.row) == ("zegel 2, regel 2", event_id)


@pytest.mark.parametrize(("lose", "how"), LOSSES.items())
def test_without_the_signing_key_no_anchor_is_signed_by_another(
    administration: UUID, folder: Path, lose: Callable[[Path], None], how: str
) -> None:
    key = folder / "signing-key"
    kept = key.read_bytes()
    lose(key)
    left = key.read_bytes() if key.exists() else None
    write_events(administration, NEXT_ON)
    says = LOST.format(name="signing-key", says=how)
    with administration_scope(administration):
        assert says in str(find_lost_key())
    with pytest.raises(Refusal, match=says):
        keep_sealed(administration, today=NEXT_ON, now=moment(NEXT_ON))
    with pytest.raises(Refusal, match=says):
        check(administration)
    assert (key.read_bytes() if key.exists() else None) == left
    key.write_bytes(kept)
    keep_sealed(administration, today=NEXT_ON, now=moment(NEXT_ON))
    assert check(administration).first_wrong is None


def test_a_first_seal_makes_no_second_key_where_another_trail_has_anchors(
    administration: UUID, folder: Path
) -> None:
    (folder / "content-key").unlink()
    with as_owner() as ask:
        ask("DELETE FROM tijdig_seal WHERE administration_id = %s", [administration])
    with (
        administration_scope(administration),
        pytest.raises(Refusal, match=GONE.format(name="content-key")),
    ):
        seal(now=moment(NEXT_ON))
    assert not (folder / "content-key").exists()


def test_a_key_mark_that_was_changed_is_named_and_not_taken_for_a_lost_key(
    administration: UUID, folder: Path
) -> None:
    with as_owner() as ask:
        told = ["0" * 16, administration, SEALS]
        sql = "UPDATE tijdig_seal SET key_mark = %s WHERE administration_id = %s AND number = %s"
        ask(sql, told)
    wrong = check(administration).first_wrong
    assert folder.exists()
    assert wrong is not None
    assert (wrong.place, wrong.because.nl) == (
        f"zegel {SEALS}",
        "Dit zegel is gewijzigd of verplaatst.",
    )


def test_vandaag_the_settings_the_doctor_and_the_commands_say_it(
    administration: UUID, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    browser, slug = sign_in(make_person(administration)), slug_of(administration)
    cause = "Sleutel van het controlespoor is weg"
    says = GONE.format(name="content-key")
    assert cause not in browser.get(f"/{slug}/vandaag/").content.decode()
    assert slug not in find_trail().found.nl
    (folder / "content-key").unlink()
    write_events(administration, NEXT_ON)
    seal_events(f"{administration}")
    assert count_seals(administration) == SEALS
    assert cause in browser.get(f"/{slug}/vandaag/").content.decode()
    assert says in browser.get(f"/{slug}/instellingen/").content.decode()
    # What other tests left in the database has its own keys.
    assert (find_trail().is_well, slug in find_trail().found.nl, says in find_trail().found.nl) == (
        False,
        True,
        True,
    )
    with pytest.raises(SystemExit, match="1"):
        call_command("audit", "verify", "--administration", slug, "--json")
    (told,) = json.loads(capsys.readouterr().out)["administrations"]
    assert (told["ok"], told["refused"].startswith(says)) == (False, True)


def find_trail() -> Finding:
    (found,) = [one for one in examine() if one.what.nl == "controlespoor"]
    return found
