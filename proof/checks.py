"""What must hold after every case, judged by what the outside received, and by nothing else.

The ledger adds up; nothing went out twice; nothing is lost but what is listed as in doubt; the
audit trail is whole; the books beside it are untouched; and a second run sends nothing.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from tests.integration.books import check_book

from proof.arrears import DAY
from proof.neighbour import digest
from proof.stage import Stage
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.audit import verify

# What is over for a message, and may be left behind when everything was worked off.
_SENT = frozenset(["accepted"])
_OPEN = frozenset(["planned", "released", "sending", "retry"])


@dataclass(frozen=True, slots=True)
class Expected:
    """What this case lets happen.

    `in_doubt`: at most so many messages; `not_sent`: debtors (their place in the list) who must
    get nothing; `waits`: messages may still wait, as while the server is down; `several`: days
    passed, so that a debtor may have had more than one message; `beside`: messages that remind of
    nothing, as the confirmation of a plan.
    """

    in_doubt: int = 0
    exactly: bool = False
    not_sent: frozenset[int] = field(default_factory=frozenset)
    waits: bool = False
    failed: frozenset[int] = field(default_factory=frozenset)
    several: bool = False
    beside: frozenset[UUID] = field(default_factory=frozenset)


def check_all(
    stage: Stage, expected: Expected | None = None, *, day: date = DAY, minutes: int = 60
) -> None:
    """Everything, after the dust has settled. Raises AssertionError with what does not hold."""
    expected = expected or Expected()
    check_book(stage.administration)
    check_outside(stage, expected)
    sent, planned = len(stage.received()), len(load_states(stage.administration))
    if not expected.waits:
        stage.go("run", day=day, minutes=minutes)
        stage.go("send", day=day, minutes=minutes)
        # Also what the server refused for good is not planned again by itself.
        assert len(stage.received()) == sent, "a second run sent something"
        assert len(load_states(stage.administration)) == planned, "a second run planned something"
        check_outside(stage, expected)
    check_audit(stage, day=day, minutes=minutes)
    assert digest(stage.other) == stage.other_before, "books beside it were touched"


def check_outside(stage: Stage, expected: Expected) -> None:
    """The outbox against what the outside received."""
    received = stage.received()
    states = load_states(stage.administration)
    ids = Counter(one.message_id for one in received)
    assert not [one for one in ids if one not in states], "somebody else's message went out"
    twice = [one for one, times in ids.items() if times > 1]
    assert not twice, f"{len(twice)} messages went out twice"
    astray = {one.debtor for one in received if one.debtor != states[one.message_id][1]}
    assert not astray, f"debtors {sorted(astray)} got what was for another one"
    reminders = [one for one in received if one.message_id not in expected.beside]
    per_debtor = Counter(one.debtor for one in reminders)
    again = [number for number, times in per_debtor.items() if times > 1]
    assert expected.several or not again, f"debtors {again} got more than one message in a day"
    found = {state: {one for one in states if states[one][0] == state} for state in _all(states)}
    doubt = found.get("in_doubt", set())
    lost = found.get("accepted", set()) - set(ids)
    assert not lost, f"{len(lost)} messages count as sent and never arrived"
    silent = set(ids) - found.get("accepted", set()) - doubt
    assert not silent, f"{len(silent)} messages arrived and do not count as sent"
    assert len(doubt) <= expected.in_doubt, f"{len(doubt)} in doubt, at most {expected.in_doubt}"
    if expected.exactly:
        assert len(doubt) == expected.in_doubt, f"{len(doubt)} in doubt, not {expected.in_doubt}"
    open_ = {one for state in _OPEN for one in found.get(state, set())}
    assert expected.waits or not open_, f"{len(open_)} messages were left lying"
    got = {one.debtor for one in reminders}
    listed = {states[one][1] for one in doubt - expected.beside}
    _check_who(stage, expected, got=got, listed=listed)


def _check_who(stage: Stage, expected: Expected, *, got: set[str], listed: set[str]) -> None:
    """Everybody who should have, and nobody who should not; `listed`: nobody knows if he has."""
    wrongly = sorted((got | listed) & {f"{10_000 + n}" for n in expected.not_sent})
    assert not wrongly, f"debtors {wrongly} were reminded wrongly"
    if expected.waits:
        return
    left_out = expected.not_sent | expected.failed
    wanted = {f"{10_000 + n}" for n in range(stage.count) if n not in left_out}
    missed = sorted(wanted - got - listed)
    assert not missed, f"debtors {missed} got nothing, and nothing tells why"


def check_audit(stage: Stage, *, day: date = DAY, minutes: int = 60) -> None:
    """Everything that happened is sealed, and the chain holds."""
    job = stage.job("seal", day=day, minutes=minutes)
    with stage.aimed(job):
        stage.go("seal", day=day, minutes=minutes)
        with administration_scope(stage.administration):
            report = verify()
    wrong = report.first_wrong
    assert wrong is None, f"audit: {wrong.place}: {wrong.because.en}" if wrong else ""


def load_states(administration_id: UUID) -> dict[UUID, tuple[str, str]]:
    """State and debtor number of every message."""
    with administration_scope(administration_id):
        rows = Message.objects.values_list("id", "state", "debtor__number")
        return {message_id: (state, number) for message_id, state, number in rows}


def count_states(administration_id: UUID) -> dict[str, int]:
    """How many messages are in which state."""
    return dict(Counter(state for state, _ in load_states(administration_id).values()))


def _all(states: dict[UUID, tuple[str, str]]) -> set[str]:
    return {state for state, _ in states.values()}
