"""Take lists of mandates in: each row for the debtor of its number."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from tijdig.banking.actions.mandates import StatedMandate, take_in
from tijdig.core.problem import Problem, Refusal
from tijdig.intake.actions.imports import Offered, Outcome, find_earlier, keep
from tijdig.intake.records import MandateFile, MandateRecord
from tijdig.ledger.queries.for_matching import load_debtor_names
from tijdig.ledger.queries.kinds import find_debtors
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.ids import new_id


def receive_mandates(
    files: Sequence[tuple[int, Offered, MandateFile]], *, today: date, now: datetime, actor: str
) -> dict[int, Outcome]:
    """What became of each list, by its place; without a creditor identifier it is refused whole."""
    if not files:
        return {}
    lock_administration()
    earlier = find_earlier([offered for _, offered, _ in files])
    outcomes: dict[int, Outcome] = {}
    for at, offered, file in files:
        before = earlier.get(offered.content_hash)
        outcome = Outcome(offered.name, file.format, new_id())
        outcome.already_on = before.already_on if before else None
        outcome.problems.extend(file.problems)
        _take(file, outcome, today=today, now=now, actor=actor)
        outcome.rejected = sum(one.severity == "refused" for one in outcome.problems)
        outcomes[at] = outcome
    pairs = [(offered, outcomes[at]) for at, offered, _ in files]
    keep(pairs, as_of={}, today=today, now=now, actor=actor)
    return outcomes


def _take(file: MandateFile, outcome: Outcome, *, today: date, now: datetime, actor: str) -> None:
    debtors = find_debtors({one.debtor_number for one in file.records})
    names = {row[1]: row[2] for row in load_debtor_names(list(debtors.values()))}
    try:
        taken = take_in(
            [_state(one, names) for one in file.records], debtors, today=today, now=now, actor=actor
        )
    except Refusal as refusal:
        outcome.problems.append(Problem("bestand", refusal.because, file=outcome.name))
        return
    outcome.new, outcome.changed, outcome.unchanged = taken.new, taken.changed, taken.unchanged
    outcome.problems.extend(replace(one, file=outcome.name) for one in taken.problems)


def _state(one: MandateRecord, names: Mapping[str, str]) -> StatedMandate:
    """The mandate; a list that names no holder means the debtor himself."""
    return StatedMandate(
        reference=one.reference,
        iban=one.iban,
        holder=one.holder or names.get(one.debtor_number, "")[:70],
        signed_on=one.signed_on,
        scheme=one.scheme,
        is_one_off=one.is_one_off,
        debtor_number=one.debtor_number,
        place=one.place,
    )
