"""Collections: an announcement that may have arrived (row B5), and the file for the bank, of which
the maker is killed (row A8).
"""

from datetime import timedelta
from random import Random
from uuid import UUID

from tests.integration.books import Listed, make_list
from tests.integration.collecting_office import CREDITOR_ID, make_stated
from tests.integration.office import IBAN

from proof.arrears import CENTS, DAY, MONDAY, iban_of
from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all, check_audit, check_book, count_states
from proof.crash import KILLED
from proof.doubts import ANSWERS, TOMORROW, WAYS, answer_doubt
from proof.ground import Ground
from proof.neighbour import digest
from proof.stage import Stage, set_stage
from tijdig.banking.actions import debits, mandates
from tijdig.banking.actions.collecting import set_collecting
from tijdig.banking.direct_debits.lines.queries import list_batches, load_file
from tijdig.banking.models import Account
from tijdig.ledger.models import Debtor
from tijdig.messaging.models import Message
from tijdig.messaging.queries import count_questions
from tijdig.tenants.scope import administration_scope

# Far enough ahead for bank and announcement, and near enough to be planned.
DUE_ON = DAY + timedelta(days=19)
COUNT = 3
# Of the making of a file: a statement, or the end of the transaction.
EFFECTS = (2, 8, 14, 20, 26, 32)
ANNOUNCEMENT = "announcement of a collection"


def resolve(ground: Ground, _: Random, name: str) -> None:
    """Only what is known to have arrived announces: nothing else is collected, or sent again."""
    way = name.removeprefix(f"{ANNOUNCEMENT}, ")
    with set_stage(ground, "drop_after_dot_stored", "normal", count=0) as stage:
        _begin_collecting(stage, count=1)
        stage.go("day")
        assert count_states(stage.administration) == {"in_doubt": 1}
        if way in ANSWERS:
            answer_doubt(stage, ANSWERS[way])
        stage.go("send", minutes=60)
        stage.go("day", day=TOMORROW, minutes=60)
        stage.go("send", day=TOMORROW, minutes=120)
        received = stage.received()
        assert len(received) == 1 + (way == "a copy"), "sent again by itself, or no copy went"
        if way == "a copy":
            assert b"opie" in received[1].content, "the copy does not say that it is one"
        with administration_scope(stage.administration):
            first = Message.objects.get(id=received[0].message_id)
            asked = count_questions()
        if way == "a day passes":
            assert (first.state, first.reason) != ("in_doubt", "counted_as_sent")
            assert asked == 1, "nobody is asked about the announcement"
        collected = _count_in_file(stage)
        told = way in {"it arrived", "a copy"}
        assert collected == told, f"{collected} collected, and the announcement: {way}"
        check_book(stage.administration)
        check_audit(stage, day=TOMORROW, minutes=240)
        assert digest(stage.other) == stage.other_before, "books beside it were touched"


def kill_file(ground: Ground, _: Random, name: str) -> None:
    """Who makes the file is killed: there is no file, or all of it; and never a second one."""
    nth = int(name.rpartition(" ")[2])
    with set_stage(ground, count=0) as stage:
        _begin_collecting(stage, count=COUNT)
        stage.go("day")
        batch_id = _approve(stage)
        before = digest(stage.administration)
        told = {"batch": batch_id}
        status = stage.spawn("collections file", minutes=30, told=told, nth=nth)
        assert status == KILLED, f"the making of a file has no effect {nth}"
        assert digest(stage.administration) == before, "half of it stayed"
        stage.go("collections file", minutes=31, told=told)
        first = _load(stage, batch_id)
        assert first.count(b"<EndToEndId>") == COUNT, "a collection is missing, or stands twice"
        assert stage.spawn("collections file", minutes=32, told=told) == 1, "made a second time"
        assert _load(stage, batch_id) == first, "the file is another one now"
        stage.count = COUNT
        check_all(stage, Expected())


def _begin_collecting(stage: Stage, *, count: int) -> None:
    """So many debtors with a mandate, each with an invoice that is to be collected."""
    rows = [
        Listed(f"2026-{n:05d}", CENTS, debtor=f"{10_000 + n}", due_on=DUE_ON) for n in range(count)
    ]
    stage.take(make_list(*rows), day=MONDAY)
    told = {"today": MONDAY, "now": stage.job("run", day=MONDAY).now, "actor": "proof"}
    with administration_scope(stage.administration):
        account = Account.objects.create(
            administration_id=stage.administration,
            iban=IBAN,
            currency="EUR",
            confirmed_at=told["now"],
            confirmed_by="proof",
        )
        set_collecting(account.id, creditor_id=CREDITOR_ID, is_on=True, **told)  # type: ignore[arg-type]
        for n, debtor_id in enumerate(
            Debtor.objects.order_by("number").values_list("id", flat=True)
        ):
            stated = make_stated(f"M-{n}", iban=iban_of(n), holder=f"Klant {10_000 + n}")
            mandates.sign(debtor_id, stated, **told)  # type: ignore[arg-type]


def _approve(stage: Stage) -> UUID:
    with administration_scope(stage.administration):
        batch = next(one for one in list_batches() if one.state == "proposed" and one.count)
        now = stage.job("run", minutes=25).now
        debits.approve(batch.id, seen=batch.mark or "", today=DAY, now=now, actor="proof")
    return batch.id


def _count_in_file(stage: Stage) -> int:
    """How many collections the file of tomorrow has; none where nothing is proposed any more."""
    with administration_scope(stage.administration):
        batches = [one for one in list_batches() if one.state == "proposed" and one.count]
        now = stage.job("run", day=TOMORROW, minutes=180).now
        for one in batches:
            debits.approve(one.id, seen=one.mark or "", today=TOMORROW, now=now, actor="proof")
    found = 0
    for one in batches:
        stage.go("collections file", day=TOMORROW, minutes=181, told={"batch": one.id})
        found += _load(stage, one.id).count(b"<EndToEndId>")
    return found


def _load(stage: Stage, batch_id: UUID) -> bytes:
    with administration_scope(stage.administration):
        kept = load_file(batch_id)
    return kept[1] if kept is not None else b""


def list_cases() -> list[Case]:
    """Every such case that can be run today."""
    doubts = [f"{ANNOUNCEMENT}, {way}" for way in WAYS]
    files = [f"the file of collections, killed at effect {nth}" for nth in EFFECTS]
    return [*spread("B5", doubts, resolve), *spread("A8", files, kill_file)]


LATER: tuple[Later, ...] = ()
