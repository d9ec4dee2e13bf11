"""Row E7: a year that never was, by seed, with an oracle that is no table of ours.

files -> import -> two workers, some killed -> what the mail server got -> the oracle
"""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from tests.integration.books import check_book

from proof.acts import Talk, unmatch
from proof.answers import react
from proof.cases import LIMIT_SECONDS, Case, Later
from proof.checks import check_audit, count_states, load_states
from proof.crash import BY_MAIL, KILLED
from proof.ground import Ground
from proof.neighbour import digest
from proof.oracle import Oracle
from proof.plans import line_for
from proof.stage import PATIENCE, Stage, set_stage
from proof.taken_back import UNDO_MINUTES, take_back_some
from proof.world import BEGINS_ON, FIRST_DAYS, HABITS, Person, World, make_world
from tijdig.dunning.queries.why import explain_day
from tijdig.ledger.actions import flags
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import Debtor
from tijdig.tenants.scope import administration_scope

KILL_PERCENT, TWO_WORKERS_PERCENT, KILLED_IMPORT_PERCENT = 6, 10, 3
UNDONE_PERCENT = 40
ASKED_WHY_EVERY_DAYS = 9
# These tell reasons, and object: much that asks for an answer, on few days.
TALKERS = ("explainer", "explainer", "complainer")
# As many of these as of all others; who have their first invoice soon, so that weeks are enough.
HALF_TALKERS = (*HABITS, *TALKERS * (len(HABITS) // len(TALKERS)))
HURRIED, HURRIED_DAYS = 12, 45
# Some ten times what it takes on free cores.
SECONDS_A_DAY, SECONDS_A_DEBTOR_DAY = 2.0, 0.01


def live(
    ground: Ground,
    chance: Random,
    *,
    people: int,
    days: int,
    seed: int,
    habits: Sequence[str] = tuple(HABITS),
    first_days: int = FIRST_DAYS,
) -> None:
    """Live through it, and raise with the first things that should never have happened."""
    with line_for(people), set_stage(ground, count=0, undo_minutes=UNDO_MINUTES) as stage:
        world = make_world(seed, people=people, days=days, habits=habits, first_days=first_days)
        oracle = Oracle(world)
        oracle.by_address = {one.address: one for one in world.people}
        for offset in range(days):
            today = BEGINS_ON + timedelta(days=offset)
            _live_day(stage, world, oracle, chance, today)
            if oracle.wrong:
                break
        wrong = oracle.wrong
        assert not wrong, f"{len(wrong)} wrong, the first: {wrong[0]}"
        today = BEGINS_ON + timedelta(days=days - 1)
        _check_end(stage, oracle, today)


def _live_day(stage: Stage, world: World, oracle: Oracle, chance: Random, today: date) -> None:
    files = world.files_of(today)
    listed = world.list_of(today)
    for content in (files, [listed] if listed else []):
        if content:
            _take(stage, content, chance, today)
    _begin_day(stage, world, oracle, chance, today)
    seen = len(stage.sink.stored)
    _work(stage, world, oracle, chance, today)
    # In an order of their own: two workers at once would make another world of the same seed.
    for stored in sorted(stage.sink.stored[seen:], key=lambda one: (one.recipient, one.message_id)):
        mail = oracle.read(stored, today)
        if mail is not None:
            react(stage, world, mail, chance, today)
    for person in world.people:
        _give_up_dispute(world, person, today)
    if (today - BEGINS_ON).days % ASKED_WHY_EVERY_DAYS == 0:
        _ask_why(stage, world, oracle, chance, today)


def _begin_day(stage: Stage, world: World, oracle: Oracle, chance: Random, today: date) -> None:
    """What the office does and hears before the run, once the files are in."""
    for end in world.later.pop(today, []):
        end(today)
    for one in world.seen:
        person = world.people[world.invoices[one.number].debtor]
        if person.habit == "undone" and chance.randrange(100) < UNDONE_PERCENT:
            world.later[today + timedelta(days=chance.randint(1, 4))].append(
                lambda day, person=person, one=one: unmatch(  # type: ignore[misc]
                    Talk(stage, world, person, chance, day), one.number, one.cents
                )
            )
    for person in world.people:
        if person.event_on == today:
            _tell_office(stage, oracle, person, today)
        for plan in person.plans:
            open_now = {number: world.invoices[number].open_cents for number in plan.numbers}
            owed = plan.list_owed(open_now)
            rests = any(
                one.forbids("nudge", owed, today) for one in person.rests if not one.mail_only
            )
            # A promise holds the plan too, as long as we wait for its money.
            waits = person.stopped_until is not None and today <= person.stopped_until
            plan.held_on = today if rests or waits else plan.held_on
            plan.look(open_now, today=today)
        for reason in person.reasons:
            if not world.is_open(person, reason):
                # What he spoke of is paid: the reason is over with it.
                reason.end(today)


def _take(stage: Stage, contents: list[bytes], chance: Random, today: date) -> None:
    """Import, now and then after an import that was killed on the way."""
    files = tuple((f"{today}-{n}", content) for n, content in enumerate(contents))
    if chance.randrange(100) < KILLED_IMPORT_PERCENT:
        where = chance.choice(("import.stored", "import.matched"))
        assert stage.spawn("import", day=today, files=files, failpoint=f"{where}:kill") == KILLED
    stage.go("import", day=today, files=files)


def _work(stage: Stage, world: World, oracle: Oracle, chance: Random, today: date) -> None:
    """The day's run, five minutes to undo, and the sending: by one worker, by two at once, or by
    one that is killed on its way.
    """
    lot = chance.randrange(100)
    is_killed = lot < KILL_PERCENT
    are_two = lot < KILL_PERCENT + TWO_WORKERS_PERCENT
    failpoint = f"{chance.choice(BY_MAIL)}:kill:{chance.randint(1, 3)}" if is_killed else ""
    oracle.killed_on |= {today} if is_killed else set()
    seen, taken_back = len(stage.sink.stored), []
    for minutes in (0, 8):
        if minutes:
            assert len(stage.sink.stored) == seen, "it left before its five minutes were over"
            job = stage.job("run", day=today, minutes=4)
            taken_back = take_back_some(stage, world, oracle, chance, job)
        if is_killed:
            stage.spawn("day", day=today, minutes=minutes, failpoint=failpoint)
        _work_by(stage, today, minutes + 1, workers=2 if are_two else 1)
    # What was lost is looked for again, and what was decided again has its five minutes too.
    for minutes in (30, 40) if are_two or taken_back else ():
        stage.go("day", day=today, minutes=minutes)


def _work_by(stage: Stage, today: date, minutes: int, *, workers: int) -> None:
    if workers == 1:
        stage.go("day", day=today, minutes=minutes)
        return
    started = [stage.start("day", day=today, minutes=minutes) for _ in range(workers)]
    for process in started:
        process.join(PATIENCE)
        assert process.exitcode == 0, f"a worker ended with {process.exitcode}"


def _tell_office(stage: Stage, oracle: Oracle, person: Person, today: date) -> None:
    """Somebody goes bankrupt, or has another address; if the office knows him at all."""
    with administration_scope(stage.administration):
        debtor = Debtor.objects.filter(number=person.number).first()
        if debtor is None:
            return
        if person.habit == "bankrupt":
            flags.mark(debtor_id=debtor.id, kind="faillissement", **_at(stage, today))
            person.stopped_until = date.max
            return
        person.address = f"nieuw-{person.address}"
        oracle.by_address[person.address] = person
        change_contact(debtor.id, {"email": person.address}, **_at(stage, today))


def _give_up_dispute(world: World, person: Person, today: date) -> None:
    """A complainer pays at last: money says more than the dispute."""
    if person.habit == "complainer" and today.day == 1:
        for one in world.of_person[person.index]:
            if one.disputed and one.open_cents > 0 and one.due_on < today - timedelta(days=60):
                world.pay(one, today, one.open_cents)
                one.disputed = False


def _ask_why(stage: Stage, world: World, oracle: Oracle, chance: Random, today: date) -> None:
    """Every debtor who owes something has a decision that holds for this day."""
    owing = [one for one in world.people if world.open_of(one)]
    for person in chance.sample(owing, min(len(owing), 3)):
        with administration_scope(stage.administration):
            why = explain_day(person.number, on=today)
        if why is None or why.decided_on is None or not why.because.nl:
            oracle.blame(today, person.number, "no decision holds for this day")


def _check_end(stage: Stage, oracle: Oracle, today: date) -> None:
    """The same check as after every case, and who was forgotten."""
    check_book(stage.administration)
    states = load_states(stage.administration)
    doubtful = {number for state, number in states.values() if state == "in_doubt"}
    missed = oracle.find_missed(today, unknown=doubtful)
    assert not missed, f"{len(missed)} were forgotten, the first: {missed[0]}"
    sent = len(stage.sink.stored)
    stage.go("run", day=today, minutes=90)
    stage.go("send", day=today, minutes=90)
    assert len(stage.sink.stored) == sent, "a second run sent something"
    accepted = {one for one, (state, _) in states.items() if state == "accepted"}
    lost = accepted - {one.message_id for one in stage.received()}
    assert not lost, f"{len(lost)} messages count as sent and never arrived"
    check_audit(stage, day=today, minutes=120)
    assert digest(stage.other) == stage.other_before, "books beside it were touched"
    assert count_states(stage.administration).get("accepted", 0) > 0, "a year without a mail"


def _at(stage: Stage, today: date) -> dict[str, object]:
    return {"today": today, "now": stage.job("run", day=today, minutes=200).now, "actor": "proof"}


def list_cases() -> list[Case]:
    """A quarter and a year in small, a year of 2,000 debtors, and two of 300; a quarter of debtors
    who talk back, and some weeks in which all of that happens.
    """
    sizes = (("fixed", 16, 90), ("fixed", 40, 365), ("long", 2_000, 365))

    def make(since: str, people: int, days: int, turn: int) -> Case:
        def run(ground: Ground, chance: Random) -> None:
            seed = chance.randrange(1 << 30)
            live(ground, chance, people=people, days=days, seed=seed)

        name = f"{days} days, {people:,} debtors, year {turn}"
        return Case("E7", name, run, since, limit_seconds=_limit(people, days))  # type: ignore[arg-type]

    def talk(ground: Ground, chance: Random) -> None:
        seed = chance.randrange(1 << 30)
        live(ground, chance, people=9, days=80, seed=seed, habits=TALKERS)

    def hurry(ground: Ground, chance: Random) -> None:
        told = {"seed": chance.randrange(1 << 30), "habits": HALF_TALKERS, "first_days": 12}
        live(ground, chance, people=HURRIED, days=HURRIED_DAYS, **told)  # type: ignore[arg-type]

    cases = [make(*size, 1) for size in sizes]
    name = "80 days, 9 debtors who say why"
    cases.append(Case("E7", name, talk, limit_seconds=_limit(9, 80)))
    name = f"{HURRIED_DAYS} days, {HURRIED} debtors, half of whom say why"
    cases.append(Case("E7", name, hurry, limit_seconds=_limit(HURRIED, HURRIED_DAYS)))
    return [*cases, make("long", 300, 365, 2), make("long", 300, 365, 3)]


def _limit(people: int, days: int) -> float:
    return LIMIT_SECONDS + days * (SECONDS_A_DAY + people * SECONDS_A_DEBTOR_DAY)


LATER: tuple[Later, ...] = ()
