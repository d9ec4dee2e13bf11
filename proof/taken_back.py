"""Five minutes to undo: somebody takes messages back before they leave, and decides on a later day.

Until then nobody gets them, and nothing else goes to whom they were for; let go, or dropped, it is
decided anew what he gets.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from uuid import UUID

from proof.agreements import Rest
from proof.hands import Job
from proof.oracle import Oracle
from proof.stage import Stage
from proof.world import World
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.answers import Answer, answer_message, take_back_all
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

UNDO_MINUTES = 5
# On so many days somebody looks; he takes back all of them, or each with this chance.
LOOKS_PERCENT, ALL_PERCENT, EACH_PERCENT, DROPS_PERCENT = 25, 15, 40, 40
LONGEST_DAYS = 9


def take_back_some(
    stage: Stage, world: World, oracle: Oracle, chance: Random, job: Job
) -> list[UUID]:
    """What somebody took back of what was released and has not left; most days nothing."""
    if chance.randrange(100) >= LOOKS_PERCENT:
        return []
    told = {"today": job.today, "now": job.now, "actor": "proof"}
    with administration_scope(stage.administration):
        rows = list(
            Message.objects.filter(state="released")
            .order_by("debtor__number", "step_key")
            .values_list("id", "debtor__number")
        )
        if chance.randrange(100) < ALL_PERCENT:
            assert take_back_all(**told) == len(rows)  # type: ignore[arg-type]
        else:
            rows = [row for row in rows if chance.randrange(100) < EACH_PERCENT]
            for message_id, _ in rows:
                answer_message(message_id, told="take_back", **told)  # type: ignore[arg-type]
    for message_id, number in rows:
        what = "a message that was taken back"
        rest = Rest(what, job.today, date.max, key=message_id, mail_only=True)
        world.people[int(number) - 10_000].rests.append(rest)
        oracle.taken_back.add(message_id)
        answer: Answer = "drop" if chance.randrange(100) < DROPS_PERCENT else "send"
        on = job.today + timedelta(days=chance.randint(1, LONGEST_DAYS))
        world.later[on].append(_make_answer(stage, oracle, rest, answer))
    return [message_id for message_id, _ in rows]


def _make_answer(
    stage: Stage, oracle: Oracle, rest: Rest, answer: Answer
) -> Callable[[date], None]:
    """What somebody does with it on a later day, before the run; then the rules decide."""

    def decide(today: date) -> None:
        assert rest.key is not None
        told = {"today": today, "now": stage.job("run", day=today).now, "actor": "proof"}
        with administration_scope(stage.administration):
            try:
                answer_message(rest.key, told=answer, **told)  # type: ignore[arg-type]
            except Refusal as refusal:
                oracle.blame(today, str(rest.key), f"cannot be answered: {refusal}")
        if answer == "send":
            oracle.taken_back.discard(rest.key)
        rest.end(today)

    return decide
