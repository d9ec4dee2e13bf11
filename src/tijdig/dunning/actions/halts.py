"""Judge what a run planned before any of it goes out; ask where it is out of the ordinary."""

from collections.abc import Sequence
from datetime import date, datetime

from tijdig.core.breaker import Alarm, RunFigures, find_alarms
from tijdig.core.decision import Decision
from tijdig.core.problem import Refusal, Sentence
from tijdig.dunning.models import Call, Halt, Run
from tijdig.dunning.queries.alarms import foresee_run_figures, load_run_figures
from tijdig.ledger.actions.posting import touch_debtors
from tijdig.messaging.actions.held import HALTED, JUDGING, cancel_held_for, hold_over, let_go
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.bulk import execute, is_so
from tijdig.tenants.ids import new_id
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

ACTOR = "tijdig"


def judge(run: Run, *, today: date, now: datetime) -> tuple[RunFigures, tuple[Alarm, ...]]:
    """Let go what a run planned, or hold all of it and ask; the figures and every reason.

    What was planned while another question stands joins it.
    """
    lock_administration()
    figures = load_run_figures(run, reasons=[JUDGING, HALTED])
    alarms = find_alarms(figures) if load_administration().asks_first else ()
    asked = Halt.objects.filter(answer="").first() if _is_anything_asked() else None
    if asked is None and not alarms:
        let_go(JUDGING)
        execute(
            "UPDATE tijdig_call SET state = 'open' WHERE administration_id = %s AND state = 'held'",
            [active_administration()],
        )
        return figures, ()
    if hold_over(JUDGING, HALTED):
        _ask(run, asked, alarms, messages=figures.messages, today=today, now=now)
    return figures, alarms or _read_alarms(asked)


def foresee_alarms(decisions: Sequence[Decision]) -> tuple[Alarm, ...]:
    """Why a run that decides this would ask before it sends, or asks already.

    While sending is off it asks nothing.
    """
    administration = load_administration()
    if not administration.sending_on:
        return ()
    figures = foresee_run_figures(decisions, reasons=[HALTED])
    alarms = find_alarms(figures) if administration.asks_first else ()
    return alarms or _read_alarms(Halt.objects.filter(answer="").first())


def _is_anything_asked() -> bool:
    return is_so(
        "SELECT EXISTS (SELECT FROM tijdig_halt WHERE administration_id = %s AND answer = '')",
        [active_administration()],
    )


def answer_halt(*, send: bool, today: date, now: datetime, actor: str) -> int:
    """A person says what happens to the messages of a halted run; how many messages that is.

    They go out after all, decided again on the facts of then; or none of them goes, and their
    debtors are looked at in the next run. Refuses: a question that was answered already.
    """
    lock_administration()
    halt = Halt.objects.filter(answer="").first()
    if halt is None:
        raise Refusal("Deze vraag is al beantwoord.", "This question has been answered already.")
    calls = Call.objects.filter(state=Call.State.HELD)
    if send:
        debtors = let_go(HALTED)
        calls.update(state=Call.State.OPEN)
    else:
        debtors = cancel_held_for(HALTED, reason="held_back")
        debtors += list(calls.values_list("debtor_id", flat=True))
        calls.update(state=Call.State.CANCELLED)
        touch_debtors(set(debtors))
    halt.answer = Halt.Answer.SEND if send else Halt.Answer.HOLD_BACK
    halt.answered_at, halt.answered_by = now, actor
    halt.save(update_fields=["answer", "answered_at", "answered_by"])
    kind = "run_sent_anyway" if send else "run_held_back"
    told = {"messages": halt.message_count}
    record(
        [
            Happened(kind, "halt", halt.id, None, told),
            *(Happened(kind, "halt", halt.id, debtor_id) for debtor_id in sorted(set(debtors))),
        ],
        today=today,
        now=now,
        actor=actor,
    )
    return halt.message_count


def drop_halt(*, now: datetime, actor: str) -> None:
    """A question about messages that were dropped all together is none any more."""
    Halt.objects.filter(answer="").update(
        answer=Halt.Answer.HOLD_BACK, answered_at=now, answered_by=actor
    )


def _read_alarms(asked: Halt | None) -> tuple[Alarm, ...]:
    """The reasons of a question that stands."""
    reasons = asked.reasons if asked else ()
    return tuple(Alarm(one["code"], Sentence(one["nl"], one["en"])) for one in reasons)


def _ask(
    run: Run,
    asked: Halt | None,
    alarms: Sequence[Alarm],
    *,
    messages: int,
    today: date,
    now: datetime,
) -> None:
    """A new question; where one stands, the same one about more messages."""
    reasons = [
        {"code": one.code, "nl": one.because.nl, "en": one.because.en, **one.figures}
        for one in alarms
    ]
    if asked is not None:
        known = {one["code"] for one in reasons}
        asked.reasons = reasons + [one for one in asked.reasons if one["code"] not in known]
        asked.message_count = messages
        asked.save(update_fields=["reasons", "message_count"])
        return
    halt = Halt.objects.create(
        id=new_id(),
        administration_id=active_administration(),
        run_id=run.id,
        asked_at=now,
        reasons=reasons,
        message_count=messages,
    )
    codes = [one.code for one in alarms]
    told = {"messages": messages, "alarms": codes}
    record([Happened("run_halted", "halt", halt.id, None, told)], today=today, now=now, actor=ACTOR)
