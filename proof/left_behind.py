"""Row J3, what belongs beside the database and is not there: the letters, the send log, the keys.

It stands in the data folder. That it is gone may cost certainty, and sends nothing by itself.
"""

import secrets
import shutil
from datetime import timedelta
from random import Random

from django.db import connections

from proof.arrears import DAY, MONDAY
from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all
from proof.crash import KILLED, recover
from proof.ground import Ground, aim_settings
from proof.guards import is_sending, own_database
from proof.stage import set_stage
from tijdig.core.problem import Refusal
from tijdig.dunning.actions import sending
from tijdig.tenants.scope import administration_scope

COUNT = 4
GONE, ANOTHER = "the key of the audit trail is gone", "another key of the audit trail"
LETTERS, LOG = "letters", "send-log"


def restore_without(ground: Ground, _: Random, name: str) -> None:
    """A database of before the sending, beside a folder that lost something since: silent. What
    the log knows does not go once more either; without it nobody knows, and a person decides.
    """
    what = name.rpartition(" ")[2]
    with (
        own_database(ground) as (own, address),
        set_stage(own, count=COUNT, by_letter=what == LETTERS) as stage,
    ):
        stage.go("send", day=MONDAY)
        stage.go("run")
        connections.close_all()
        older = own.cluster.create_database(f"{address.database}_old", template=address.database)
        stage.go("send")
        assert len(stage.received()) == COUNT
        shutil.rmtree(stage.folder / LETTERS if what == LETTERS else own.home / LOG)
        left = len(stage.received())
        aim_settings(older, own.home)
        stage.go("day", minutes=30)
        stage.go("send", minutes=60)
        assert len(stage.received()) == left, "a restored installation sent something"
        assert not is_sending(stage), "sending stayed on"
        if what == LETTERS:
            now = stage.job("run", minutes=70).now
            with administration_scope(stage.administration):
                sending.turn_on(today=DAY, now=now, actor="proof")
            stage.go("run", minutes=80)
            stage.go("send", minutes=90)
            assert stage.received() == [], "what the log knows was printed once more"
        aim_settings(address, own.home)
    ground.cluster.drop_database(older.database)


def lose_log_after_kill(ground: Ground, _: Random, __: str) -> None:
    """Killed when a mail had left, and the log is gone: nobody knows what left, so none is sent
    again by itself.
    """
    with own_database(ground) as (own, _address), set_stage(own, count=COUNT) as stage:
        stage.go("send", day=MONDAY)
        assert stage.spawn("day", failpoint="send.after_250:kill:1") == KILLED
        assert len(stage.received()) == 1
        shutil.rmtree(own.home / LOG)
        recover(stage)
        stage.go("day", minutes=90)
        check_all(stage, Expected(in_doubt=COUNT, exactly=True), minutes=120)


def lose_key(ground: Ground, _: Random, name: str) -> None:
    """Nothing is sealed with what is not the key of the trail, and it is said; with the right one
    put back all of it is sealed and holds. What went out is not sent again for it.
    """
    next_day = DAY + timedelta(days=1)
    with own_database(ground) as (own, _address), set_stage(own, count=COUNT) as stage:
        stage.go("day")
        stage.go("seal")
        key = own.home / "audit" / "content-key"
        kept = key.read_text(encoding="ascii")
        key.unlink()
        if name == ANOTHER:
            key.write_text(secrets.token_hex(32), encoding="ascii")
        wrong = key.read_text(encoding="ascii") if key.exists() else None
        stage.go("day", day=next_day)
        said = ""
        try:
            stage.go("seal", day=next_day)
        except Refusal as refusal:
            said = refusal.because.en
        assert "audit" in said, f"without the key of the trail it says {said or 'nothing'}"
        assert (key.read_text(encoding="ascii") if key.exists() else None) == wrong
        key.write_text(kept, encoding="ascii")
        check_all(stage, Expected(exactly=True), day=next_day)


def list_cases() -> list[Case]:
    """Every such case that can be run today."""
    names = [f"an older database, and no {what}" for what in (LETTERS, LOG)]
    return [
        *spread("J3", names, restore_without),
        *spread("J3", ["killed while sending, and no send-log"], lose_log_after_kill),
        *spread("J3", [GONE, ANOTHER], lose_key),
    ]


LATER: tuple[Later, ...] = ()
