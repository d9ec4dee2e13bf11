"""Whether a run is out of the ordinary: then it stops itself and asks a person first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence

# Reliability P13: the figures by which a run is judged.
LEAST_MANY = 50
TIMES_USUAL = 3
RUNS_COMPARED = 10
MOST_FIRST_DEMANDS_PERCENT = 20
MOST_ADDRESSES_PERCENT = 2
# Percentages of a handful say nothing.
PERCENTAGES_FROM = 25

_NEW = {
    "first": ("dit is de eerste run die echt verstuurt", "this is the first run that truly sends"),
    "sources": (
        "dit is de eerste run met een nieuwe bron van facturen",
        "this is the first run with a new source of invoices",
    ),
    "policy": (
        "dit is de eerste run met een gewijzigd aanmaanbeleid",
        "this is the first run with a changed dunning policy",
    ),
    "texts": ("dit is de eerste run met nieuwe teksten", "this is the first run with new texts"),
    "law": (
        "dit is de eerste run met nieuwe wettelijke tabellen",
        "this is the first run with new tables of the law",
    ),
}


@dataclass(frozen=True, slots=True)
class RunVersions:
    """What a run worked with. `sources` are names, the others mark a version."""

    policy: int
    texts: str
    law: str
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RunFigures:
    """A run in figures, before anything of it goes out.

    `messages` that it wants to send; `earlier_messages` of the runs before it, latest first.
    `first_demands`: debtors who get their first message after the due date; `debtors`: who owe
    something. `changed_addresses` since the last run, of `addresses`. `accepted` holds the
    versions that messages went out with before, None when none ever did.
    """

    messages: int
    debtors: int
    versions: RunVersions
    accepted: RunVersions | None
    earlier_messages: Sequence[int] = ()
    first_demands: int = 0
    addresses: int = 0
    changed_addresses: int = 0
    largest_cents: int = 0
    limit_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """One way in which a run is out of the ordinary."""

    code: str
    because: Sentence
    figures: Mapping[str, int] = field(default_factory=dict)


def find_alarms(run: RunFigures) -> tuple[Alarm, ...]:
    """Every reason to ask first; none for a run that wants to send nothing."""
    if run.messages == 0:
        return ()
    found = (
        *_find_new(run),
        _find_many(run),
        _find_first_demands(run),
        _find_addresses(run),
        _find_amount(run),
    )
    return tuple(alarm for alarm in found if alarm is not None)


def _find_new(run: RunFigures) -> list[Alarm]:
    now, before = run.versions, run.accepted
    if before is None:
        return [_explain_new("first")]
    changed = {
        "sources": bool(now.sources - before.sources),
        "policy": now.policy != before.policy,
        "texts": now.texts != before.texts,
        "law": now.law != before.law,
    }
    return [_explain_new(what) for what, is_new in changed.items() if is_new]


def _explain_new(what: str) -> Alarm:
    nl, en = _NEW[what]
    return Alarm(f"new_{what}", Sentence(f"{_capital(nl)}.", f"{_capital(en)}."))


def _find_many(run: RunFigures) -> Alarm | None:
    earlier = run.earlier_messages[:RUNS_COMPARED]
    usual = median(earlier) if earlier else 0
    if run.messages <= max(LEAST_MANY, TIMES_USUAL * usual):
        return None
    told = f"{usual:g}".replace(".", ",")
    return Alarm(
        "many",
        Sentence(
            f"Er staan {run.messages} berichten klaar; gewoonlijk zijn het er {told}.",
            f"{run.messages} messages are ready; usually there are {usual:g}.",
        ),
        {"messages": run.messages},
    )


def _find_first_demands(run: RunFigures) -> Alarm | None:
    limit = MOST_FIRST_DEMANDS_PERCENT * run.debtors
    if run.messages < PERCENTAGES_FROM or 100 * run.first_demands <= limit:
        return None
    return Alarm(
        "first_demands",
        Sentence(
            f"{run.first_demands} van de {run.debtors} debiteuren krijgen op één dag hun eerste"
            " herinnering.",
            f"{run.first_demands} of the {run.debtors} debtors get their first reminder on one"
            " day.",
        ),
        {"first_demands": run.first_demands, "debtors": run.debtors},
    )


def _find_addresses(run: RunFigures) -> Alarm | None:
    limit = MOST_ADDRESSES_PERCENT * run.addresses
    if run.messages < PERCENTAGES_FROM or 100 * run.changed_addresses <= limit:
        return None
    return Alarm(
        "addresses",
        Sentence(
            f"{run.changed_addresses} van de {run.addresses} adressen zijn sinds de vorige run"
            " veranderd.",
            f"{run.changed_addresses} of the {run.addresses} addresses changed since the last run.",
        ),
        {"changed_addresses": run.changed_addresses, "addresses": run.addresses},
    )


def _find_amount(run: RunFigures) -> Alarm | None:
    if run.limit_cents is None or run.largest_cents <= run.limit_cents:
        return None
    amount, limit = format_euros(run.largest_cents), format_euros(run.limit_cents)
    return Alarm(
        "amount",
        Sentence(
            f"Een bericht vraagt {amount}. Uw grens is {limit}.",
            f"A message asks {amount}. Your limit is {limit}.",
        ),
        {"largest_cents": run.largest_cents, "limit_cents": run.limit_cents},
    )


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
