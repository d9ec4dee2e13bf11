"""Rows J: what stops a run that stands out, and an installation that was restored or copied."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from django.conf import settings
from django.db import connections
from tests.integration.books import Listed, make_list

from proof.arrears import CENTS, DAY, MONDAY, make_rows
from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all
from proof.ground import TEMPLATE, Ground, aim_settings
from proof.stage import Stage, set_stage
from tijdig.config.cluster import ClusterAddress
from tijdig.dunning.actions.halts import answer_halt
from tijdig.dunning.models import Run
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import Debtor
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

LIMIT_CENTS = 500_000
FIRST_ON = date(2026, 3, 12)
QUIET_ON = date(2026, 12, 1)


def first_run(ground: Ground, _: Random, name: str) -> None:
    """The first run that truly sends asks; the answer decides, and nothing goes before it."""
    with set_stage(ground, count=5) as stage:
        ask_first(stage)
        stage.go("day")
        stage.go("send", minutes=10)
        assert stage.received() == [], "it went out before a person said so"
        if name == "no answer":
            check_all(stage, Expected(waits=True))
            return
        answer_first(stage, send=name == "send anyway")
        stage.go("send", minutes=20)
        if name == "send anyway":
            check_all(stage, Expected(exactly=True))
        else:
            assert stage.received() == [], "what was held back went out"
            check_all(stage, Expected(waits=True))


def trigger(ground: Ground, _: Random, name: str) -> None:
    """Each figure right at its limit lets a run go; one more and it asks."""
    what, _, where = name.partition(", ")
    over = where == "over"
    with set_stage(ground, count=0) as stage:
        rows = _make_book(what, over=over)
        _get_used_to(stage, rows)
        stage.take(make_list(*rows), day=date(2026, 3, 18))
        before = len(stage.received())
        stage.go("day")
        sent = len(stage.received()) - before
        due = sum(row.due_on < DAY for row in rows) - 1
        assert sent == (0 if over else due), f"{sent} of {due} went out"


def something_new(ground: Ground, _: Random, name: str) -> None:
    """What the last run did not know yet is asked about; what it knew goes by itself."""
    what, _, where = name.partition(", ")
    with set_stage(ground, count=0) as stage:
        usual = Listed("2026-90000", CENTS, debtor="90000", due_on=date(2026, 3, 7))
        crowd = what == "changed addresses"
        due = make_rows(30 if crowd else 4)
        _get_used_to(stage, [usual])
        rows = [usual, *due, *_make_crowd(150 - 1 - len(due))] if crowd else [usual, *due]
        stage.take(make_list(*rows), day=date(2026, 3, 18))
        NEWS[what](stage, rows, over=where == "over")
        before = len(stage.received())
        stage.go("day")
        sent = len(stage.received()) - before
        expected = 0 if where == "over" else len(due)
        assert sent == expected, f"{sent} of {len(due)} went out"
        check_all(stage, Expected(waits=True))


def _change_addresses(stage: Stage, rows: list[Listed], *, over: bool) -> None:
    """Two in a hundred is usual, one more is not."""
    now = stage.job("run", day=date(2026, 3, 18), minutes=30).now
    with administration_scope(stage.administration):
        for row in rows[-(3 + int(over)) :]:
            debtor_id = Debtor.objects.get(number=row.debtor).id
            change = {"email": f"nieuw{row.debtor}@example.nl"}
            change_contact(debtor_id, change, today=now.date(), now=now, actor="proof")


def _bring_from(stage: Stage, rows: list[Listed], *, over: bool) -> None:
    """The same list once more, or in a shape that another program makes."""
    content = make_list(*rows)
    stage.take(content.replace(b"Naam;", b"Klantnaam;", 1) if over else content)


def _be_upgraded(mark: str) -> Callable[..., None]:
    """The last run worked with an older version of these files of the program."""

    def upgrade(stage: Stage, _: list[Listed], *, over: bool) -> None:
        with administration_scope(stage.administration):
            for one in Run.objects.filter(sending_was_on=True):
                one.versions = {**one.versions, mark: "older"} if over else one.versions
                one.save(update_fields=["versions"])

    return upgrade


NEWS: dict[str, Callable[..., None]] = {
    "changed addresses": _change_addresses,
    "a source": _bring_from,
    "texts": _be_upgraded("texts"),
    "law": _be_upgraded("law"),
}


def _make_crowd(count: int) -> list[Listed]:
    """Debtors who owe something, of whom none is late."""
    return [
        Listed(f"2026-{50_000 + n}", CENTS, debtor=f"{50_000 + n}", due_on=QUIET_ON)
        for n in range(count)
    ]


def _make_book(what: str, *, over: bool) -> list[Listed]:
    """A usual first debtor, those who are due today, and a crowd that is not."""
    usual = Listed("2026-90000", CENTS, debtor="90000", due_on=date(2026, 3, 7))
    if what == "an amount":
        cents = LIMIT_CENTS + int(over)
        return [usual, Listed("2026-00000", cents, cents, debtor="10000")]
    due, crowd = (50 + int(over), 300) if what == "many messages" else (30, 150 - int(over))
    return [usual, *make_rows(due), *_make_crowd(max(crowd - due - 1, 0))]


def _get_used_to(stage: Stage, rows: list[Listed]) -> None:
    """One message has gone out before, after a question: the next run is not the first."""
    ask_first(stage)
    stage.take(make_list(rows[0]), day=MONDAY)
    stage.go("day", day=FIRST_ON)
    answer_first(stage, send=True, day=FIRST_ON)
    stage.go("send", day=FIRST_ON, minutes=20)
    assert len(stage.received()) == 1


def ask_first(stage: Stage) -> None:
    """The first run that truly sends asks a person."""
    with administration_scope(stage.administration):
        Administration.objects.filter(id=stage.administration).update(
            asks_first=True, amount_limit_cents=LIMIT_CENTS
        )


def answer_first(stage: Stage, *, send: bool, day: date = DAY) -> None:
    """Send after all, or hold all of it back."""
    now = stage.job("run", day=day, minutes=15).now
    with administration_scope(stage.administration):
        answer_halt(send=send, today=day, now=now, actor="proof")


def restore(ground: Ground, _: Random, name: str) -> None:
    """A copy elsewhere, or an older database in place: silent, and nothing twice."""
    with own_database(ground) as (own, address), set_stage(own, count=4) as stage:
        if "never sent" not in name:
            stage.go("send", day=MONDAY)  # it looks at itself, as a worker does at its start
        stage.go("run")
        connections.close_all()
        older = own.cluster.create_database(f"{address.database}_old", template=address.database)
        stage.go("send")
        assert len(stage.received()) == 4
        home = Path(settings.HOME)
        if name.startswith("an older database"):
            aim_settings(older, home)
        elif name == "a copied folder":
            aim_settings(older, Path(mkdtemp(dir=ground.home)))
            stage.settings["HOME"] = settings.HOME
        stage.go("day", minutes=30)
        stage.go("send", minutes=60)
        assert len(stage.received()) == 4, "a restored or copied installation sent something"
        is_on = is_sending(stage)
        assert is_on == (name == "the same installation"), f"sending is {is_on}"
        aim_settings(address, home)
        stage.settings["HOME"] = home
    ground.cluster.drop_database(older.database)


def is_sending(stage: Stage) -> bool:
    """Whether messages may go out, as the database has it."""
    with administration_scope(stage.administration):
        return Administration.objects.get(id=stage.administration).sending_on


@contextmanager
def own_database(
    ground: Ground, *, template: str = TEMPLATE
) -> "Iterator[tuple[Ground, ClusterAddress]]":
    """A database and a home for this case alone: what is silenced here stays silent."""
    home = Path(mkdtemp(prefix="own-", dir=ground.home))
    mine = settings.DATABASES["default"]["NAME"]
    name = f"{mine}_{home.name[-6:].lower()}"
    address = ground.cluster.create_database(name, template=template)
    aim_settings(address, home)
    try:
        yield Ground(ground.cluster, home, ground.context), address
    finally:
        from dataclasses import replace

        aim_settings(replace(address, database=mine), ground.home)
        ground.cluster.drop_database(name)


def list_cases() -> list[Case]:
    """Every case of rows J that can be run today."""
    triggers = [
        f"{what}, {where}"
        for what in ("an amount", "many messages", "first demands")
        for where in ("at the limit", "over")
    ]
    news = [f"{what}, {where}" for what in NEWS for where in ("at the limit", "over")]
    places = ["the same installation", "an older database", "a copied folder"]
    places.append("an older database that had never sent")
    return [
        *spread("J2", ["no answer", "send anyway", "hold back"], first_run),
        *spread("J2", triggers, trigger),
        *spread("J2", news, something_new),
        *spread("J3", places, restore),
    ]


LATER: tuple[Later, ...] = (Later("J3", 1, "secrets that are kept encrypted"),)
