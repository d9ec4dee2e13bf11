"""Rows A: killed at any moment, nothing is lost or repeated; what is unknown is in doubt."""

from random import Random

from tests.integration.books import balances, make_list, make_payment, make_statement

from proof.arrears import DAY, MONDAY, make_rows
from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all, check_audit
from proof.ground import Ground
from proof.hands import FOUND_NOTHING
from proof.neighbour import digest
from proof.plans import line_for
from proof.stage import PATIENCE, Stage, set_stage, wait_until

# The boundaries b1 to b14, in the order in which a run comes by them.
RUN = (
    "run.started",
    "run.locked",
    "run.loaded",
    "run.decided",
    "run.stored",
    "run.committed",
    "release.rendered",
    "release.committed",
    "run.totals",
)
MAIL = ("send.claimed", "send.connected", "send.before_body", "send.body_sent", "send.after_250")
LETTER = ("folder.half_written", "folder.part_written", "folder.before_rename", "folder.renamed")
SETTLED = ("send.logged", "send.settled")
BY_MAIL = (*RUN, *MAIL, *SETTLED)
BY_LETTER = (*RUN, "send.claimed", *LETTER, "send.after_250", *SETTLED)
# From the first byte of a body until the answer is stored nobody can know.
IN_DOUBT = frozenset(
    ("send.before_body send.body_sent send.after_250 folder.before_rename folder.renamed").split()
)
KILLED = -9
# A run for two debtors has some 240 side effects; the numbers go a little further, to see its end.
SIDE_EFFECTS, SLACK = 201, 10


def recover(stage: Stage) -> None:
    """The worker starts again, at once and once more when lost claims have aged."""
    stage.go("day", minutes=1)
    stage.go("day", minutes=20)


def kill_at(ground: Ground, _: Random, name: str) -> None:
    with set_stage(ground, count=4) as stage:
        assert stage.spawn("day", failpoint=f"{name}:kill:1") == KILLED
        recover(stage)
        check_all(stage, Expected(in_doubt=int(name in IN_DOUBT), exactly=True))


def kill_at_letter(ground: Ground, _: Random, name: str) -> None:
    with set_stage(ground, count=2, by_letter=True) as stage:
        assert stage.spawn("day", failpoint=f"{name}:kill:1") == KILLED
        recover(stage)
        check_all(stage, Expected(in_doubt=int(name in IN_DOUBT), exactly=True))
        for one in stage.received():
            assert one.content.startswith(b"%PDF"), "no PDF"
            assert b"%%EOF" in one.content[-32:], "half a PDF"


def stop_database_at(ground: Ground, _: Random, name: str) -> None:
    with set_stage(ground, count=3) as stage:
        with stage.held_at(name, "day"):
            ground.stop_database_at_once()
        ground.start_database()
        recover(stage)
        check_all(stage, Expected(in_doubt=1))


def kill_at_random(ground: Ground, chance: Random, _: str, *, count: int) -> None:
    with line_for(count), set_stage(ground, count=count) as stage:
        enough = chance.randrange(count)
        process = stage.start("day")
        wait_until(
            lambda: len(stage.sink.stored) >= enough or process.exitcode is not None,
            seconds=PATIENCE + count,
        )
        process.kill()
        process.join()
        recover(stage)
        check_all(stage, Expected(in_doubt=1))


def kill_at_nth(ground: Ground, _: Random, name: str) -> None:
    with set_stage(ground, count=2) as stage:
        status = stage.spawn("day", nth=int(name))
        check_reached(int(name), last=SIDE_EFFECTS, slack=SLACK, reached=status == KILLED)
        assert status in {KILLED, FOUND_NOTHING}, f"ended with {status}"
        recover(stage)
        check_all(stage, Expected(in_doubt=1))


def check_reached(nth: int, *, last: int, slack: int, reached: bool) -> None:
    """Numbers run past the end of a run, but not far: else what is behind them is never broken."""
    assert nth < last or not reached, f"a run has more than {last}: let the numbers go on"
    assert nth > last - 2 * slack or reached, f"a run has less than {nth}: let the numbers end"


def storm(ground: Ground, chance: Random, _: str) -> None:
    with set_stage(ground, count=12) as stage:
        for turn in range(5):
            process = stage.start("day", minutes=turn * 20)
            process.join(chance.uniform(0.02, 0.25))
            process.kill()
            process.join()
        stage.go("day", minutes=101)
        stage.go("day", minutes=120)
        check_all(stage, Expected(in_doubt=5), minutes=140)


def kill_import(ground: Ground, chance: Random, name: str) -> None:
    what, _, where = name.partition(" at ")
    with set_stage(ground, count=3) as stage:
        rows = make_rows(3)
        lines = [make_payment(row.open_cents, row.number, on=DAY, iban=row.iban) for row in rows]
        content = {
            "statement": make_statement(*lines[:2]),
            "list": make_list(*rows[2:]),
        }[what]
        before = digest(stage.administration)
        files = (("bestand", content),)
        if where == "any statement":
            stage.spawn("import", files=files, nth=chance.randrange(1, 30))
        else:
            assert stage.spawn("import", files=files, failpoint=f"{where}:kill") == KILLED
        left = digest(stage.administration)
        if where != "any statement":
            assert left == before, "half an import stayed"
        stage.take(content)
        assert sorted(balances(stage.administration).values()) == [0, 0, 12_100]
        stage.take(content)
        assert sorted(balances(stage.administration).values()) == [0, 0, 12_100]
        stage.go("day")
        check_all(stage, Expected(not_sent=frozenset([0, 1])))


def compare_dry_run(ground: Ground, chance: Random, _: str) -> None:
    """The dry run tells what the real run does, and writes nothing."""
    with set_stage(ground, count=0) as stage:
        count = chance.randrange(3, 12)
        rows = [row for row in make_rows(count) if chance.randrange(4)]
        stage.take(make_list(*rows), day=MONDAY)
        if chance.randrange(2) and len(rows) > 2:
            paid = rows[0]
            line = make_payment(paid.open_cents, paid.number, on=DAY, iban=paid.iban)
            stage.take(make_statement(line))
        before = digest(stage.administration)
        told = stage.go("preview")
        killed = stage.spawn("preview", nth=chance.randrange(1, 12))
        assert killed in {KILLED, FOUND_NOTHING}
        assert digest(stage.administration) == before, "a dry run wrote something"
        done = stage.go("run")
        assert (told.planned, told.because) == (done.planned, done.because)  # type: ignore[attr-defined]
        assert told.released == done.released  # type: ignore[attr-defined]
        check_audit(stage)


def list_cases() -> list[Case]:
    """Every case of rows A that can be run today."""
    imports = [
        f"{what} at {where}"
        for what in ("statement", "list")
        for where in ("import.stored", "import.matched", "any statement")
    ]
    effects = [f"{n}" for n in range(1, SIDE_EFFECTS + 1)]
    return [
        *spread("A1", BY_MAIL, kill_at),
        *spread("A2", BY_LETTER, kill_at_letter),
        *spread("A4", BY_MAIL, stop_database_at, alone=True),
        *spread(
            "A5",
            [f"seed {n}" for n in range(200)],
            lambda ground, chance, name: kill_at_random(ground, chance, name, count=500),
            fixed=1,
            repeats=True,
        ),
        *spread(
            "A5",
            [f"sixty debtors, seed {n}" for n in range(8)],
            lambda ground, chance, name: kill_at_random(ground, chance, name, count=60),
        ),
        *spread("A6", effects, kill_at_nth, fixed=42),
        *spread("A7", [f"storm {n}" for n in range(10)], storm, fixed=4),
        *spread("A8", imports, kill_import),
        *spread("A9", [f"book {n}" for n in range(20)], compare_dry_run, fixed=10),
    ]


LATER = (
    Later("A2", 14, "a print service with an API"),
    Later("A3", 28, "channels for SMS and WhatsApp"),
)
