"""What debtors ask and the office writes down: each by the product's own actions, and each with
what may not be sent from then on. Also its end, when somebody takes it back.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from proof.agreements import KnownPlan, Rest, Term
from proof.reasons import ASKS, CASE_KINDS
from proof.stage import Stage
from proof.words import PLAN_KINDS
from proof.world import Invoice, Person, World
from tijdig.banking.actions import deciding
from tijdig.banking.models import BankLine
from tijdig.cases.actions import disputes, extensions, holds, plans, promises
from tijdig.cases.models import Instalment
from tijdig.core.problem import Refusal
from tijdig.core.promises import find_last_day
from tijdig.ledger.actions import flags
from tijdig.ledger.models import Debtor
from tijdig.ledger.models import Invoice as Booked
from tijdig.messaging.actions import replies
from tijdig.tenants.scope import administration_scope

LIFTED_PERCENT = 50
_LATER = "a later due date"
_REMINDERS_ONLY = frozenset({"before_due", *PLAN_KINDS, *(CASE_KINDS - ASKS)})


@dataclass(frozen=True, slots=True)
class Talk:
    """Somebody talks with the office about what he owes, at the end of a day."""

    stage: Stage
    world: World
    person: Person
    chance: Random
    today: date

    def told(self, today: date | None = None) -> dict[str, object]:
        """Day, moment and actor, as every action asks them."""
        day = today or self.today
        now = self.stage.job("run", day=day, minutes=200).now
        return {"today": day, "now": now, "actor": "proof"}

    def days(self, least: int, most: int) -> date:
        """A day between so many days from now."""
        return self.today + timedelta(days=self.chance.randint(least, most))

    @property
    def open(self) -> list[Invoice]:
        """What he owes, the oldest first."""
        return self.world.open_of(self.person)

    @property
    def debtor_id(self) -> UUID:
        """As the product numbers him."""
        return Debtor.objects.get(number=self.person.number).id

    def rest(self, what: str, key: UUID, until_on: date, **told: object) -> Rest:
        """From tomorrow on: what goes out today went out before this talk."""
        from_on = told.pop("from_on", self.today + timedelta(days=1))
        return Rest(what, from_on, until_on, key=key, **told)  # type: ignore[arg-type]


def _booked(invoice: Invoice) -> UUID:
    return Booked.objects.get(number=invoice.number).id


Ending = Callable[[dict[str, object]], None]
Made = tuple[Rest, Ending]


def _pause(talk: Talk) -> Made:
    from_on = talk.days(0, 6)
    until_on = from_on + timedelta(days=talk.chance.randint(3, 20))
    depth = talk.chance.choice(("all", "all", "reminders"))
    told = {"from_on": from_on, "until_on": until_on, "depth": depth, "reason": "belt terug"}
    key = holds.place(debtor_id=talk.debtor_id, **told, **talk.told())  # type: ignore[arg-type]
    allows = _REMINDERS_ONLY if depth == "reminders" else frozenset[str]()
    begins_on = max(from_on, talk.today + timedelta(days=1))
    rest = talk.rest("a pause", key, until_on, from_on=begins_on, allows=allows)
    return rest, lambda told: holds.lift(key, **told)  # type: ignore[arg-type]


def _pause_invoice(talk: Talk) -> Made:
    one, until_on = talk.chance.choice(talk.open), talk.days(3, 20)
    told = {"until_on": until_on, "reason": "wacht op creditnota", **talk.told()}
    key = holds.place(invoice_id=_booked(one), **told)  # type: ignore[arg-type]
    rest = talk.rest("a pause", key, until_on, numbers=frozenset([one.number]))
    return rest, lambda told: holds.lift(key, **told)  # type: ignore[arg-type]


def _extend(talk: Talk) -> Made:
    one, until_on = talk.open[0], talk.days(4, 30)
    key = extensions.give(invoice_id=_booked(one), until_on=until_on, **talk.told())  # type: ignore[arg-type]
    numbers = frozenset([one.number])
    for earlier in talk.person.rests:
        # The new day takes the place of the one before, also where it is sooner.
        if earlier.what == _LATER and earlier.numbers == numbers:
            earlier.end(talk.today + timedelta(days=1))
    one.later_on = until_on
    # A plan that was agreed before asks for nothing meanwhile; one of after it speaks for itself.
    allows = _REMINDERS_ONLY - PLAN_KINDS
    rest = talk.rest(_LATER, key, until_on, numbers=numbers, allows=allows)

    def withdraw(told: dict[str, object]) -> None:
        extensions.withdraw(key, **told)  # type: ignore[arg-type]
        one.later_on = None

    return rest, withdraw


def _dispute(talk: Talk) -> Made:
    one = talk.chance.choice(talk.open)
    told = {"cents": one.open_cents, "category": "not_delivered", **talk.told()}
    key = disputes.open(invoice_id=_booked(one), **told)  # type: ignore[arg-type]
    rest = talk.rest("a dispute", key, date.max, numbers=frozenset([one.number]))
    return rest, lambda told: disputes.withdraw(key, **told)  # type: ignore[arg-type]


def _write(talk: Talk) -> Made:
    told = {"channel": "email", "text": "Er klopt iets niet.", **talk.told()}
    key = replies.receive(debtor_id=talk.debtor_id, **told)  # type: ignore[arg-type]
    return talk.rest("a reply", key, date.max), lambda told: replies.handle(key, **told)  # type: ignore[arg-type]


def _forbid(talk: Talk) -> Made:
    until_on = talk.days(5, 30)
    told = {"kind": "no_contact", "until_on": until_on, **talk.told()}
    key = flags.mark(debtor_id=talk.debtor_id, **told)  # type: ignore[arg-type]
    rest = talk.rest("no contact", key, until_on)
    return rest, lambda told: flags.lift(key, **told)  # type: ignore[arg-type]


def _promise(talk: Talk) -> Made:
    on, cents = talk.days(3, 9), sum(one.open_cents for one in talk.open)
    key = promises.make(debtor_id=talk.debtor_id, cents=cents, on=on, **talk.told())  # type: ignore[arg-type]
    talk.person.promise(cents, on, find_last_day(on))

    def withdraw(told: dict[str, object]) -> None:
        promises.withdraw(key, **told)  # type: ignore[arg-type]
        talk.person.promised_cents, talk.person.stopped_until = 0, None

    # The person himself keeps until when he is left alone: money ends it too.
    return talk.rest("a promise", key, talk.today), withdraw


def _plan(talk: Talk) -> Made:
    plan = agree(talk)

    def end(told: dict[str, object]) -> None:
        plans.end(plan.key, because="afgesproken", **told)  # type: ignore[arg-type]
        talk.person.plans.remove(plan)

    return talk.rest("a plan", plan.key, talk.today), end


ACTS: dict[str, Callable[[Talk], Made]] = {
    "pause": _pause,
    "pause of an invoice": _pause_invoice,
    "later due date": _extend,
    "dispute": _dispute,
    "reply": _write,
    "no contact": _forbid,
    "promise": _promise,
    "plan": _plan,
}


def act(name: str, talk: Talk, *, may_end: bool = False) -> Rest | None:
    """One of these, if the product lets it; now and then it is taken back before its end."""
    if not talk.open:
        return None
    with administration_scope(talk.stage.administration):
        try:
            rest, ending = ACTS[name](talk)
        except Refusal:
            return None
    talk.person.rests.append(rest)
    if rest.until_on == date.max or (may_end and talk.chance.randrange(100) < LIFTED_PERCENT):
        talk.world.later[talk.days(1, 25)].append(lambda today: _end(talk, rest, ending, today))
    return rest


def _end(talk: Talk, rest: Rest, ending: Ending, today: date) -> None:
    with suppress(Refusal), administration_scope(talk.stage.administration):
        ending(talk.told(today))
        rest.end(today)


def agree(talk: Talk) -> KnownPlan:
    """A plan over all that is open. Refuses what the product refuses."""
    open_, interval = talk.open, talk.chance.choice(("week", "two_weeks", "month"))
    key = plans.agree(
        debtor_id=talk.debtor_id,
        invoice_ids=[_booked(one) for one in open_],
        count=talk.chance.randint(2, 4),
        first_on=talk.days(2, 12),
        interval=interval,  # type: ignore[arg-type]
        **talk.told(),  # type: ignore[arg-type]
    )
    rows = Instalment.objects.filter(plan_id=key).order_by("position")
    terms = [Term(one.due_on, one.cents) for one in rows]
    plan = KnownPlan({one.number: one.open_cents for one in open_}, terms, key, talk.today)
    talk.person.plans.append(plan)
    for rest in talk.person.rests:
        if rest.what == _LATER and rest.numbers & plan.numbers:
            rest.allows |= PLAN_KINDS
    for reason in talk.person.reasons:
        # That is what "cannot pay" asked.
        if reason.kind == "cannot_pay" and (not reason.number or reason.number in plan.numbers):
            # Answered with it, also where a later word had replaced it: it does not come back.
            reason.replaced_by = None
            reason.end(talk.today + timedelta(days=1))
    return plan


def unmatch(talk: Talk, number: str, cents: int) -> None:
    """Somebody takes a match back by mistake; some days later it is matched by hand."""
    one = talk.world.invoices[number]
    with administration_scope(talk.stage.administration):
        line = BankLine.objects.filter(state="matched", text__contains=number, cents=cents).first()
        if line is None:
            return
        try:
            deciding.undo(line.id, asked=(), **talk.told())  # type: ignore[arg-type]
        except Refusal:
            return
        item_id = Booked.objects.get(number=number).open_item_id
    one.paid_cents -= cents
    one.returned = True
    rest = Rest("money that nobody placed", talk.today, date.max)
    talk.person.rests.append(rest)

    def match(today: date) -> None:
        with administration_scope(talk.stage.administration):
            parts = ((item_id, cents),)
            deciding.split(
                line.id, parts, round_off=False, remember=False, asked=(), **talk.told(today)
            )  # type: ignore[arg-type]
        one.paid_cents += cents
        rest.end(today)

    talk.world.later[talk.days(2, 9)].append(match)
