"""Row D6: one payment, matched by two at once: the robot and a person, or two persons.

One of them is first; the other hears that it was dealt with. The money is spent once.
"""

import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from random import Random
from uuid import UUID

from django.db import connection
from tests.integration.books import balances, make_list, make_payment, make_statement

from proof.arrears import CENTS, DAY, make_rows
from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all
from proof.ground import Ground
from proof.stage import PATIENCE, Stage, set_stage
from tijdig.banking.actions import deciding
from tijdig.banking.models import BankLine
from tijdig.core.problem import Refusal
from tijdig.ledger.models import Invoice
from tijdig.tenants.scope import administration_scope

Act = Callable[[Stage, UUID], None]
# The payer names an invoice that the books do not know yet; then the list brings it.
NAMED = "2026-00002"
KNOWN = 2


def robot_and_person(ground: Ground, _: Random, name: str) -> None:
    """The list brings the invoice that the payer named, while a person works on the line."""
    what, _, where = name.partition(" while the robot is at ")
    with set_stage(ground, count=KNOWN) as stage:
        line_id = _bring_line(stage)
        files = (("lijst", make_list(*make_rows(KNOWN + 1))),)
        with stage.held_at(where, "import", files=files):
            told = _start(lambda: ACTS[what](stage, line_id))
            told.wait(0.3)
        heard = told.end()
        assert heard is not None, "the robot was first, and the person heard nothing"
        _check_spent(stage, by_robot=True)


def two_persons(ground: Ground, _: Random, name: str) -> None:
    """Both have the page open, and press at the same moment."""
    one, _, other = name.partition(" and ")
    with set_stage(ground, count=KNOWN) as stage:
        line_id = _bring_line(stage)
        both = [_start(lambda act=act: ACTS[act](stage, line_id)) for act in (one, other)]  # type: ignore[misc]
        heard = [one.end() for one in both]
        assert heard.count(None) == 1, f"{heard.count(None)} of two were first"
        _check_spent(stage, by_robot=False)


def _bring_line(stage: Stage) -> UUID:
    """A payment that nobody can place yet."""
    line = make_payment(CENTS, NAMED, on=DAY, iban="NL02ABNA0123456789")
    stage.take(make_statement(line))
    with administration_scope(stage.administration):
        return BankLine.objects.get(state="unmatched").id


def _check_spent(stage: Stage, *, by_robot: bool) -> None:
    """The money is on one invoice, or on none; whoever owes is reminded, and nobody else."""
    open_ = balances(stage.administration)
    paid = {number for number, cents in open_.items() if cents == 0}
    assert len(paid) <= 1, f"{len(paid)} invoices were paid with one payment"
    assert not by_robot or paid == {NAMED}
    left = sum(open_.values())
    assert left == (len(open_) - len(paid)) * CENTS, f"{left} cents are open"
    stage.go("day", minutes=10)
    not_sent = frozenset(n for n in range(stage.count) if f"2026-{n:05d}" in paid)
    check_all(stage, Expected(not_sent=not_sent, exactly=True))


def _split(stage: Stage, line_id: UUID) -> None:
    with administration_scope(stage.administration):
        invoice = Invoice.objects.get(number="2026-00000")
        parts = ((invoice.open_item_id, CENTS),)
        deciding.split(line_id, parts, round_off=False, remember=False, asked=(), **_told(stage))


def _split_otherwise(stage: Stage, line_id: UUID) -> None:
    with administration_scope(stage.administration):
        invoice = Invoice.objects.get(number="2026-00001")
        parts = ((invoice.open_item_id, CENTS),)
        deciding.split(line_id, parts, round_off=False, remember=True, asked=(), **_told(stage))


def _ignore(stage: Stage, line_id: UUID) -> None:
    with administration_scope(stage.administration):
        deciding.ignore(line_id, because="hoort niet bij ons", **_told(stage))


ACTS: dict[str, Act] = {
    "splitting": _split,
    "splitting otherwise": _split_otherwise,
    "ignoring": _ignore,
}


def _told(stage: Stage) -> dict[str, object]:
    return {"today": DAY, "now": stage.job("run", minutes=5).now, "actor": "proof"}


class _Started:
    """Something that a person does meanwhile, and what he heard: None when it was done."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._heard: str | None = None
        self._thread = threading.Thread(target=self._run, args=(act,))
        self._thread.start()

    def _run(self, act: Callable[[], None]) -> None:
        with ExitStack() as stack:
            stack.enter_context(closing(connection))
            try:
                act()
            except Refusal as refusal:
                self._heard = refusal.because.nl

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def end(self) -> str | None:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "somebody still waits"
        return self._heard


def _start(act: Callable[[], None]) -> _Started:
    return _Started(act)


def list_cases() -> list[Case]:
    """Every case of row D6 that can be run today."""
    robot = [
        f"{what} while the robot is at {where}"
        for where in ("import.stored", "import.matched")
        for what in ACTS
    ]
    persons = [
        f"{one} and {other}"
        for one, other in (
            ("splitting", "splitting"),
            ("splitting", "splitting otherwise"),
            ("splitting", "ignoring"),
            ("ignoring", "ignoring"),
        )
    ]
    return [
        *spread("D6", robot, robot_and_person),
        *spread("D6", persons, two_persons),
    ]


LATER = (Later("D6", 2, "webhooks of payment providers"),)
