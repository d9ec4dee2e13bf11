"""What a newer policy does otherwise, in words, step by step."""

from collections.abc import Iterator
from dataclasses import replace

from tijdig.core.money import format_count
from tijdig.core.policy import Channel, Policy, Step
from tijdig.core.problem import Sentence

_NAMES = {
    "before_due": Sentence("Bericht vooraf", "Notice before the due date"),
    "reminder": Sentence("Herinnering", "Reminder"),
    "call": Sentence("Telefoontje", "Phone call"),
    "veertiendagenbrief": Sentence("Veertiendagenbrief", "Fourteen-day letter"),
    "last_demand": Sentence("Laatste aanmaning", "Last demand"),
    "plan": Sentence("Bericht over de regeling", "Message about the plan"),
}
_CHANNELS: dict[Channel, Sentence] = {
    "email": Sentence("e-mail", "e-mail"),
    "letter": Sentence("brief", "letter"),
    "phone": Sentence("telefoon", "phone"),
}
_AUDIENCES = {
    "": Sentence("iedereen", "everybody"),
    "consumer": Sentence("wie consument kan zijn", "who may be a consumer"),
    "business": Sentence("bedrijven en overheden", "businesses and public bodies"),
}


def is_behind(policy: Policy, newest: Policy) -> bool:
    """Whether a policy is an older version of this one, and no policy of somebody's own."""
    return policy.name == newest.name and policy.steps != newest.steps


def renew(policy: Policy, newest: Policy) -> Policy:
    """The next version of a policy: the steps of the newest, the limits that were set before."""
    return replace(policy, version=policy.version + 1, steps=newest.steps)


def describe_changes(policy: Policy, newest: Policy) -> tuple[Sentence, ...]:
    """Every step that comes, changes or goes, in the order of the newest; none where none does."""
    before = {step.key: step for step in policy.steps}
    after = {step.key for step in newest.steps}
    told: list[Sentence] = []
    for step in newest.steps:
        if step.key not in before:
            told.append(_tell_new(step))
        else:
            told += _compare(before[step.key], step)
    for step in policy.steps:
        if step.key not in after:
            name = _NAMES[step.phase]
            told.append(Sentence(f"{name.nl}: vervalt.", f"{name.en}: is left out."))
    return tuple(told)


def _tell_new(step: Step) -> Sentence:
    name, day, audience = _NAMES[step.phase], _day(step), _AUDIENCES[step.audience]
    channels = _say_channels(step)
    return Sentence(
        f"{name.nl}: nieuw, {day.nl}, per {channels.nl}, voor {audience.nl}.",
        f"{name.en}: new, {day.en}, by {channels.en}, for {audience.en}.",
    )


def _compare(old: Step, new: Step) -> Iterator[Sentence]:
    name = _NAMES[new.phase]
    pairs = (
        (_day(old), _day(new)),
        (_say_channels(old), _say_channels(new)),
        (_say_term(old), _say_term(new)),
        (_AUDIENCES[old.audience], _AUDIENCES[new.audience]),
        (Sentence(f"tekst {old.text}", old.text), Sentence(f"tekst {new.text}", new.text)),
        (Sentence(f"toon {old.tone}", old.tone), Sentence(f"toon {new.tone}", new.tone)),
    )
    for was, becomes in pairs:
        if was.nl != becomes.nl:
            yield Sentence(
                f"{name.nl}: {becomes.nl} (was {was.nl}).",
                f"{name.en}: {becomes.en} (was {was.en}).",
            )


def _day(step: Step) -> Sentence:
    count = abs(step.offset_days)
    days_nl, days_en = format_count(count, "dag", "dagen"), format_count(count, "day", "days")
    if step.offset_days < 0:
        return Sentence(f"{days_nl} voor de vervaldatum", f"{days_en} before the due date")
    return Sentence(f"{days_nl} na de vervaldatum", f"{days_en} after the due date")


def _say_channels(step: Step) -> Sentence:
    named = [_CHANNELS[channel] for channel in step.channels]
    return Sentence(" of ".join(one.nl for one in named), " or ".join(one.en for one in named))


def _say_term(step: Step) -> Sentence:
    if not step.term_days:
        return Sentence("geen eigen termijn", "no term of its own")
    days = step.term_days
    return Sentence(
        f"{format_count(days, 'dag', 'dagen')} om te betalen",
        f"{format_count(days, 'day', 'days')} to pay",
    )
