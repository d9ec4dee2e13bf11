"""Take in what a bank answers to a file of collections (pain.002)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tijdig.banking.actions.debit_comebacks import OPEN_STATES, CameBack, bring_back
from tijdig.banking.debit_records import StatusFile, StatusRecord
from tijdig.banking.direct_debits.models import DebitBatch, DebitLine
from tijdig.core.money import format_count
from tijdig.core.problem import Problem, Sentence
from tijdig.timeline.actions import Happened, record

_COLLECTIONS = "pain.008"


@dataclass(frozen=True, slots=True)
class TakenAnswers:
    """How many collections were refused with this file, and what is wrong with the rest."""

    rejected: int = 0
    problems: tuple[Problem, ...] = ()


def take_answers(file: StatusFile, *, today: date, now: datetime, actor: str) -> TakenAnswers:
    """Refuse the collections that the bank refuses; accepted is told, and changes nothing.

    A refusal of the file or of a block holds for all its collections that have no answer of their
    own; one because the bank had the file already refuses nothing. How many were refused is a
    warning; an answer to a file that is not ours is a problem. The same answer a second time
    changes nothing.
    """
    message_ids = {one.message_id for one in file.statuses}
    batches = {one.message_id: one for one in DebitBatch.objects.filter(message_id__in=message_ids)}
    problems = [_not_ours(one) for one in _firsts(file.statuses) if one.message_id not in batches]
    found: dict[object, CameBack] = {}
    for batch in sorted(batches.values(), key=lambda one: one.message_id):
        told = [one for one in file.statuses if one.message_id == batch.message_id]
        lines = {one.end_to_end_id: one for one in DebitLine.objects.filter(batch_id=batch.id)}
        for status in told:
            if _is_twice(status):
                problems.append(Problem(status.place, _TWICE, "warning"))
            elif status.is_rejected:
                for line in _list_meant(status, lines, told):
                    code = (*status.reasons, "")[0]
                    found.setdefault(line.id, CameBack(line.id, code, today, was_collected=False))
        problems += _list_unknown(told, lines)
        _record_answer(batch, told, today=today, now=now, actor=actor)
    rejected = bring_back(list(found.values()), today=today, now=now, actor=actor)
    if rejected:
        problems.append(Problem("", _say_rejected(rejected), "warning"))
    return TakenAnswers(rejected, tuple(problems))


def _firsts(statuses: Iterable[StatusRecord]) -> list[StatusRecord]:
    """One status of each message."""
    by_message: dict[str, StatusRecord] = {}
    for one in statuses:
        by_message.setdefault(one.message_id, one)
    return list(by_message.values())


def _is_twice(status: StatusRecord) -> bool:
    """A whole file refused as a double: the first one that the bank got goes on."""
    return status.is_rejected and status.level != "order" and "AM05" in status.reasons


def _list_meant(
    status: StatusRecord, lines: dict[str, DebitLine], told: list[StatusRecord]
) -> list[DebitLine]:
    """The collections that a refusal is about, as far as they are under way."""
    if status.level == "order":
        meant = [lines[status.end_to_end_id]] if status.end_to_end_id in lines else []
    else:
        own = {one.end_to_end_id for one in told if one.level == "order"}
        meant = [line for key, line in lines.items() if key not in own]
    return [line for line in meant if line.state in OPEN_STATES]


def _list_unknown(told: list[StatusRecord], lines: dict[str, DebitLine]) -> list[Problem]:
    """Refusals of collections that we do not know, or whose money has come in."""
    problems = []
    for one in told:
        if one.level != "order" or not one.is_rejected:
            continue
        line = lines.get(one.end_to_end_id)
        if line is None:
            problems.append(Problem(one.place, _NO_SUCH_LINE, "warning"))
        elif line.state == DebitLine.State.COLLECTED:
            problems.append(Problem(one.place, _say_collected(one.end_to_end_id), "warning"))
    return problems


def _record_answer(
    batch: DebitBatch, told: list[StatusRecord], *, today: date, now: datetime, actor: str
) -> None:
    details = {
        "status": next((one.status for one in told if one.level != "order"), ""),
        "reasons": [reason for one in told if one.level != "order" for reason in one.reasons],
        "rejected": sum(one.is_rejected for one in told if one.level == "order"),
    }
    happened = Happened("collections_answered", "debit_batch", batch.id, None, details)
    record([happened], today=today, now=now, actor=actor)


def _not_ours(status: StatusRecord) -> Problem:
    name, said = status.message_id[:40], status.message_name[:20]
    if said and not said.startswith(_COLLECTIONS):
        because = Sentence(
            f"Dit is een antwoord op betaalopdrachten ({said}), niet op incasso's. Er verandert"
            " niets.",
            f"This answers payment orders ({said}), not collections. Nothing changes.",
        )
    else:
        because = Sentence(
            f"Dit antwoord gaat over een incassobestand dat wij niet hebben gemaakt ({name}). Er"
            " verandert niets.",
            f"This answers a file of collections that we did not make ({name}). Nothing changes.",
        )
    return Problem(status.place, because)


def _say_collected(end_to_end_id: str) -> Sentence:
    return Sentence(
        f"De bank wijst incasso {end_to_end_id} af, maar het geld is al binnen. Wij wachten op het"
        " afschrift.",
        f"The bank refuses collection {end_to_end_id}, but its money has come in. We wait for the"
        " statement.",
    )


def _say_rejected(count: int) -> Sentence:
    nl, en = (
        format_count(count, "incasso", "incasso's"),
        format_count(count, "collection", "collections"),
    )
    return Sentence(
        f"De bank weigert {nl}. Kijk bij Incasso waarom, en wat u doet.",
        f"The bank refuses {en}. See Direct debit for why, and for what to do.",
    )


_NO_SUCH_LINE = Sentence(
    "De bank wijst een incasso af die niet in ons bestand staat. Controleer of dit antwoord bij u"
    " hoort.",
    "The bank refuses a collection that is not in our file. Check whether this answer is yours.",
)
_TWICE = Sentence(
    "De bank had dit bestand al. Er verandert niets: het eerste bestand loopt door.",
    "The bank had this file already. Nothing changes: the first file goes on.",
)
