"""The audit trail: who owns the database can change everything, and nothing without its showing."""

import json
import shutil
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from proof.tampering import (
    APART,
    EVENTS,
    FIRST_ON,
    SEALS,
    TAMPERINGS,
    Tampering,
    as_owner,
    check,
    make_trail,
    moment,
    sealed,
    write_events,
)

from tijdig.core.problem import Refusal
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.actions import SEAL_BATCH, keep_sealed, seal
from tijdig.timeline.anchors import (
    Anchor,
    AnchorLine,
    add_anchor,
    find_last_day,
    read_anchors,
)
from tijdig.timeline.models import Event, Seal

# As long as a busy machine may take.
PATIENCE = 180


@pytest.mark.parametrize("one", TAMPERINGS, ids=lambda one: one.name)
def test_the_check_names_the_first_row_that_is_wrong(administration: UUID, one: Tampering) -> None:
    make_trail(administration)
    one.do(administration)
    wrong = check(administration).first_wrong
    assert (wrong.place if wrong else "") == one.place
    assert one.says in (wrong.because.nl if wrong else "")


def test_an_untouched_trail_is_told_in_figures(administration: UUID) -> None:
    make_trail(administration)
    write_events(administration, FIRST_ON + 2 * APART, count=2)
    last_on = FIRST_ON + (SEALS - 1) * APART
    report = check(administration)
    # Every check is itself an event, that the next seal holds.
    assert replace(report, unsealed_since=None) == type(report)(
        first_wrong=None,
        seals=SEALS,
        events=SEALS * EVENTS + SEALS - 1,
        sealed_until=moment(last_on),
        unsealed=3,
        anchors=SEALS,
        anchored_on=last_on,
    )


def test_a_backlog_of_days_that_takes_several_seals_is_in_order(administration: UUID) -> None:
    """A machine that was off seals in one go what happened long before the moment of that seal."""
    write_events(administration, FIRST_ON, count=SEAL_BATCH + 1)
    with administration_scope(administration):
        assert seal(now=moment(FIRST_ON + 10 * APART)) == SEAL_BATCH + 1
    report = check(administration)
    assert (report.first_wrong, report.seals, report.unsealed) == (None, 2, 0)


def test_two_branches_cannot_have_one_number(administration: UUID) -> None:
    make_trail(administration)
    with pytest.raises(IntegrityError, match="seal_number_once"), as_owner() as ask:
        ask(
            "UPDATE tijdig_seal SET number = 2 WHERE administration_id = %s AND number = 3",
            [administration],
        )


def test_sealers_and_writers_at_once_make_one_chain_with_every_event(administration: UUID) -> None:
    make_trail(administration)
    gate = threading.Barrier(6)

    def work(is_sealer: bool) -> None:
        gate.wait()
        for _ in range(8):
            if is_sealer:
                with administration_scope(administration):
                    seal(now=moment(FIRST_ON + SEALS * APART))
            else:
                write_events(administration, FIRST_ON + SEALS * APART)
        connection.close()

    threads = [threading.Thread(target=work, args=(n % 2 == 0,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    with administration_scope(administration):
        seal(now=moment(FIRST_ON + SEALS * APART))
        held = [one for row in Seal.objects.values_list("event_ids", flat=True) for one in row]
        assert sorted(held) == sorted(Event.objects.values_list("id", flat=True))
    report = check(administration)
    assert (report.first_wrong, report.unsealed) == (None, 0)


def test_an_event_that_was_committed_late_is_in_a_later_seal(administration: UUID) -> None:
    """A writer that takes long holds up no seal, and is not forgotten either."""
    make_trail(administration)
    written, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with administration_scope(administration):
            write_events(administration, FIRST_ON + SEALS * APART, count=1)
            written.set()
            go_on.wait(PATIENCE)
        connection.close()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    assert written.wait(PATIENCE)
    write_events(administration, FIRST_ON + SEALS * APART, count=2)
    day = FIRST_ON + SEALS * APART
    assert keep_sealed(administration, today=day, now=moment(day)) == 3
    go_on.set()
    slow.join(PATIENCE)
    assert keep_sealed(administration, today=day, now=moment(day)) == 2
    assert check(administration).first_wrong is None


def test_personal_content_can_be_erased_and_the_chain_still_holds(administration: UUID) -> None:
    make_trail(administration)
    event_id = sealed(administration, 2)[1]
    with administration_scope(administration):
        debtor_id = Event.objects.get(id=event_id).debtor_id
    erase = "UPDATE tijdig_event SET data = '{}', actor = '' WHERE id = %s"
    with as_owner() as ask:
        ask(erase, [event_id])
        ask("DELETE FROM tijdig_salt WHERE owner_id = %s", [debtor_id])
    # Without the word of the timeline itself that it was erased, it was tampered with.
    wrong = check(administration).first_wrong
    assert wrong is not None
    assert wrong.place == "zegel 2, regel 2"
    with administration_scope(administration), transaction.atomic():
        Event.objects.create(
            administration_id=administration,
            debtor_id=debtor_id,
            subject_kind="debtor",
            subject_id=debtor_id,
            kind="personal_data_erased",
            on=FIRST_ON + 2 * APART,
            at=moment(FIRST_ON + 2 * APART),
            actor="tijdig",
        )
    report = check(administration)
    assert (report.first_wrong, report.erased) == (None, 1)


def test_the_database_alone_tells_nothing_of_erased_content(administration: UUID) -> None:
    """The commitments were made with a key that is not in it."""
    make_trail(administration)
    folder = Path(settings.HOME) / "audit"
    key = (folder / "content-key").read_text()
    with as_owner() as ask:
        rows = ask("SELECT to_jsonb(s)::text FROM tijdig_seal s")
        rows += ask("SELECT to_jsonb(s)::text FROM tijdig_salt s")
    assert len(rows) > SEALS
    assert not [row for (row,) in rows if key in row or "sanne@" in row]
    assert {path.stat().st_mode & 0o777 for path in folder.glob("*-key")} == {0o600}


def test_another_key_is_said_and_not_taken_for_tampering(
    administration: UUID, tmp_path: Path
) -> None:
    make_trail(administration)
    with override_settings(HOME=tmp_path), pytest.raises(Refusal, match="sleutel"):
        check(administration)


def test_the_command_tells_the_first_wrong_row_and_ends_with_status_1(
    administration: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    make_trail(administration)
    with administration_scope(administration):
        from tijdig.tenants.queries import load_administration

        slug = load_administration().slug
    call_command("audit", "verify", "--administration", slug, "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["administrations"][0]["seals"]) == (True, SEALS)
    event_id = sealed(administration, 1)[2]
    with as_owner() as ask:
        ask("DELETE FROM tijdig_event WHERE id = %s", [event_id])
    with pytest.raises(SystemExit, match="1"):
        call_command("audit", "verify", "--administration", slug, "--json")
    (found,) = json.loads(capsys.readouterr().out)["administrations"]
    assert found["first_wrong"]["place"] == "zegel 1, regel 3"
    assert found["first_wrong"]["row"] == f"{event_id}"


def test_without_a_database_the_anchors_are_still_there(administration: UUID) -> None:
    make_trail(administration)
    path = Path(settings.HOME) / "audit" / "anchors" / f"{administration}.jsonl"
    assert [json.loads(line)["anchor"]["seal"] for line in path.read_text().splitlines()] == [
        1,
        2,
        3,
    ]
    # Gone, they prove nothing any more; the chain itself still holds.
    shutil.move(path, path.with_suffix(".away"))
    report = check(administration)
    assert (report.first_wrong, report.anchors) == (None, 0)


def test_half_an_anchor_that_a_full_disk_left_is_none(tmp_path: Path) -> None:
    """The next one stands where it should have stood, and the chain of them is whole."""
    signer = Ed25519PrivateKey.generate()
    path = tmp_path / "anchors.jsonl"
    days = [date(2026, 3, 19), date(2026, 3, 20)]
    first, second = (Anchor(day, number, "ab", 2) for number, day in enumerate(days))
    add_anchor(path, first, signer=signer)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"anchor":{"on":"2026-03')
    assert find_last_day(path) == days[0]
    add_anchor(path, second, signer=signer)
    assert read_anchors(path, key=signer.public_key()) == (
        AnchorLine(first, is_genuine=True),
        AnchorLine(second, is_genuine=True),
    )
