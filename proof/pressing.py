"""Row D3: somebody presses twice, in two tabs or once more later; it is done once."""

import threading
from collections.abc import Callable
from random import Random
from uuid import UUID

from django.db import connection
from tests.faults.smtp_sink import Mode

from proof.arrears import DAY
from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all, count_states
from proof.ground import Ground
from proof.guards import answer_first, ask_first
from proof.stage import PATIENCE, Stage, set_stage, wait_for_lock
from proof.together import AFTER, BEFORE
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.answers import Answer, answer_message
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope


def press_twice(ground: Ground, _: Random, name: str) -> None:
    """X5: somebody presses send while the run releases; a second tab; back and again."""
    with set_stage(ground, count=6) as stage:
        if name in AFTER:
            stage.go("run")
        with stage.held_at(name, "send" if name in AFTER else "day"):
            others = [stage.start("send", minutes=1) for _ in range(2)]
            wait_for_lock(
                lambda: all(one.exitcode is not None for one in others), waiting=2, seconds=2.0
            )
        for process in others:
            process.join(PATIENCE)
            assert process.exitcode == 0
        stage.go("send", minutes=20)
        check_all(stage, Expected(exactly=True))


# What the server does before somebody presses, and what he presses.
BUTTONS: dict[str, tuple[tuple[Mode, ...], Answer]] = {
    "let go": (("normal",), "send"),
    "a copy": (("drop_after_dot", "normal"), "copy"),
    "tried again": (("dot_554", "normal"), "again"),
}


def press_in_two_tabs(ground: Ground, _: Random, name: str) -> None:
    """The same button at the same moment: the second hears that it was done already."""
    what = name.partition(",")[0]
    modes, told = BUTTONS[what]
    with set_stage(ground, *modes, count=1, undo_minutes=5) as stage:
        if told == "send":
            stage.go("run")
            _answer(stage, "take_back", minutes=2)
            assert count_states(stage.administration) == {"held": 1}
        else:
            stage.go("day")
            stage.go("send", minutes=6)
        assert stage.received() == []
        heard = _press(lambda: _answer(stage, told, minutes=8))
        assert sorted(heard) == ["", "refused"], f"they heard {heard}"
        stage.go("run", minutes=9)
        stage.go("send", minutes=20)
        check_all(stage, Expected(exactly=True), minutes=60)
        assert len(stage.received()) == 1


def send_anyway_in_two_tabs(ground: Ground, _: Random, __: str) -> None:
    """A run that asks first is answered twice at once."""
    with set_stage(ground, count=3) as stage:
        ask_first(stage)
        stage.go("day")
        heard = _press(lambda: answer_first(stage, send=True))
        assert "" in heard, f"they heard {heard}"
        stage.go("send", minutes=20)
        check_all(stage, Expected(exactly=True))


def press_once_more(ground: Ground, _: Random, __: str) -> None:
    """Back to a page of before, and the same button: the message went out in the meantime."""
    with set_stage(ground, count=1, undo_minutes=5) as stage:
        stage.go("run")
        message_id = _answer(stage, "take_back", minutes=2)
        _answer(stage, "send", minutes=4)
        stage.go("send", minutes=6)
        stage.go("send", minutes=20)
        assert [one.message_id for one in stage.received()] == [message_id]
        heard = _press(lambda: _answer(stage, "send", minutes=30), times=1)
        assert heard == ["refused"]
        check_all(stage, Expected(exactly=True), minutes=60)


def _answer(stage: Stage, told: Answer, *, minutes: int) -> UUID:
    now = stage.job("run", minutes=minutes).now
    with administration_scope(stage.administration):
        message_id = Message.objects.order_by("id")[0].id
        answer_message(message_id, told=told, today=DAY, now=now, actor="proof")
    return message_id


def _press(act: Callable[[], object], *, times: int = 2) -> list[str]:
    """What each of them heard who pressed at the same moment; nothing where it was done."""
    ready, heard = threading.Barrier(times), list[str]()

    def press() -> None:
        try:
            ready.wait(PATIENCE)
            act()
            heard.append("")
        except Refusal:
            heard.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return heard


def list_cases() -> list[Case]:
    """Every case of row D3."""
    tabs = [f"{one}, in two tabs" for one in BUTTONS]
    return [
        *spread("D3", [*BEFORE[1:3], *AFTER], press_twice),
        *spread("D3", tabs, press_in_two_tabs),
        *spread("D3", ["send anyway, in two tabs"], send_anyway_in_two_tabs),
        *spread("D3", ["let go, pressed once more"], press_once_more),
    ]


LATER: tuple[Later, ...] = ()
