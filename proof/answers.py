"""How debtors answer what they read: each by his habit, and the office writes it down."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

from proof.acts import ACTS, Talk, act, agree
from proof.agreements import split_terms
from proof.oracle import Mail
from proof.reasons import ANSWERS, STEPS
from proof.stage import Stage
from proof.telling import KINDS, object_to, tell
from proof.world import KEEPS_PROMISE_PERCENT, World
from tijdig.core.problem import Refusal
from tijdig.tenants.scope import administration_scope

PLANS_PERCENT, MISSES_TERM_PERCENT, PAYS_AFTER_NUDGE_PERCENT = 75, 20, 60
REASON_TOO_PERCENT, TELLS_PERCENT, PAYS_AFTER_REASON_PERCENT, PAYS_AFTER_ANSWER_PERCENT = (
    40,
    85,
    45,
    70,
)


def react(stage: Stage, world: World, mail: Mail, chance: Random, today: date) -> None:
    """What a debtor does once he has read it; the office writes down what he says."""
    person, talk = mail.person, Talk(stage, world, mail.person, chance, today)
    if person.habit in _ANSWERS and mail.kind not in {"before_due", "confirmed", "notice"}:
        _ANSWERS[person.habit](talk, mail)


def _answer_forgetful(talk: Talk, mail: Mail) -> None:
    pay_on = talk.days(1, 4)
    for number in mail.numbers:
        one = talk.world.invoices[number]
        talk.world.pay(one, pay_on, one.open_cents)


def _answer_promiser(talk: Talk, _: Mail) -> None:
    """He promises all that is open, and keeps his word more often than not."""
    open_ = talk.open
    if act("promise", talk) is None or talk.chance.randrange(100) >= KEEPS_PROMISE_PERCENT:
        return
    for one in open_:
        talk.world.pay(one, talk.person.promised_on, one.open_cents)


def _answer_complainer(talk: Talk, mail: Mail) -> None:
    """He objects, once per invoice; told that he is not right, he mostly pays."""
    if mail.kind in ANSWERS:
        if talk.chance.randrange(100) < PAYS_AFTER_ANSWER_PERCENT:
            _pay_left(talk, mail.numbers)
        return
    first = talk.world.invoices[mail.numbers[0]]
    if not first.aside_cents and not any(one.number == first.number for one in talk.person.answers):
        object_to(talk, first)


def _answer_explainer(talk: Talk, mail: Mail) -> None:
    """He says why, and pays then or later, or not at all; what the office asks next he may answer
    with money.
    """
    chance, person = talk.chance, talk.person
    heard = frozenset(mail.numbers)
    standing = any(one.over_on == date.max and one.heard & heard for one in person.reasons)
    if mail.kind in STEPS and not standing and chance.randrange(100) < TELLS_PERCENT:
        known = tell(talk, chance.choice(KINDS), heard)
        if known is not None and chance.randrange(100) >= PAYS_AFTER_REASON_PERCENT:
            return
    if chance.randrange(100) < PAYS_AFTER_ANSWER_PERCENT:
        _pay_left(talk, mail.numbers)


def _pay_left(talk: Talk, numbers: Sequence[str]) -> None:
    """What is left of these, some days later."""
    on = talk.days(1, 9)
    for number in numbers:
        one = talk.world.invoices[number]
        cents = one.open_cents - one.aside_cents
        if cents > 0:
            talk.world.pay(one, on, cents)


def _answer_planner(talk: Talk, mail: Mail) -> None:
    """He pays in parts, and forgets one now and then; asked once more he often pays."""
    world, plan = talk.world, talk.person.plans[-1] if talk.person.plans else None
    if mail.kind == "nudge" and plan is not None:
        if talk.chance.randrange(100) < PAYS_AFTER_NUDGE_PERCENT:
            parts = split_terms(plan)
            place = next(n for n, one in enumerate(plan.terms) if one.nudged_on == talk.today)
            for number, cents in parts[place]:
                world.pay(world.invoices[number], talk.days(0, 3), cents)
        return
    if plan is not None and not plan.may_be_over:
        _answer_forgetful(talk, mail)
        return
    if talk.chance.randrange(100) >= PLANS_PERCENT or not _agree(talk):
        _answer_forgetful(talk, mail)


def _agree(talk: Talk) -> bool:
    with administration_scope(talk.stage.administration):
        try:
            plan = agree(talk)
        except Refusal:
            return False
    for term, parts in zip(plan.terms, split_terms(plan), strict=True):
        if talk.chance.randrange(100) < MISSES_TERM_PERCENT:
            continue
        pay_on = max(term.due_on + timedelta(days=talk.chance.randint(-3, 1)), talk.today)
        for number, cents in parts:
            talk.world.pay(talk.world.invoices[number], pay_on, cents)
    return True


def _answer_pauser(talk: Talk, mail: Mail) -> None:
    rest = act("pause", talk)
    until_on = talk.today if rest is None else rest.until_on
    for number in mail.numbers:
        one = talk.world.invoices[number]
        talk.world.pay(one, until_on + timedelta(days=talk.chance.randint(0, 5)), one.open_cents)


def _answer_extender(talk: Talk, mail: Mail) -> None:
    rest = act("later due date", talk)
    for number in mail.numbers:
        one, on = talk.world.invoices[number], talk.days(1, 4)
        if rest is not None and number in rest.numbers:
            on = rest.until_on + timedelta(days=talk.chance.randint(-3, 9))
        talk.world.pay(one, max(on, talk.days(0, 2)), one.open_cents)


def _answer_muddler(talk: Talk, mail: Mail) -> None:
    """Two things at once, of which one or both are taken back again; often with a reason too."""
    if mail.kind in STEPS and talk.chance.randrange(100) < REASON_TOO_PERCENT:
        tell(talk, talk.chance.choice(KINDS), frozenset(mail.numbers))
    for name in talk.chance.sample(sorted(ACTS), 2):
        act(name, talk, may_end=True)


_ANSWERS: dict[str, Callable[[Talk, Mail], None]] = {
    "forgetful": _answer_forgetful,
    "promiser": _answer_promiser,
    "complainer": _answer_complainer,
    "planner": _answer_planner,
    "pauser": _answer_pauser,
    "extender": _answer_extender,
    "muddler": _answer_muddler,
    "explainer": _answer_explainer,
}
