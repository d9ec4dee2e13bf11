"""The last look at planned collections: who may not be collected from, or for less, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID

from tijdig.banking.direct_debits.lines.queries import LineRow
from tijdig.banking.direct_debits.queries import (
    Collecting,
    MandateRow,
    load_mandates,
    make_mandate,
)
from tijdig.core.direct_debits.collecting import explain_not_due, find_collectable
from tijdig.core.direct_debits.deadlines import may_collect
from tijdig.core.direct_debits.mandates import Mandate
from tijdig.core.problem import Sentence
from tijdig.dunning.queries.announcements import explain_unannounced
from tijdig.dunning.queries.facts import load_facts
from tijdig.ledger.queries.kinds import load_kinds

NOT_OPEN = Sentence("De factuur staat niet meer open.", "The invoice is not open any more.")
_HELD = Sentence(
    "De bank gaf een reden om op deze machtiging niets te incasseren. Kijk die eerst na.",
    "The bank gave a reason to collect nothing on this mandate. Look at it first.",
)


@dataclass(slots=True)
class Judged:
    """Lines that may not be collected with the reason, lines that ask less now, and mandates.

    `missed` are those of the objections whose day was announced and can no longer be made.
    """

    objections: dict[UUID, Sentence] = field(default_factory=dict)
    missed: list[UUID] = field(default_factory=list)
    lowered: dict[UUID, int] = field(default_factory=dict)
    mandates: dict[UUID, MandateRow] = field(default_factory=dict)
    as_rules: dict[UUID, Mandate] = field(default_factory=dict)


def judge(
    lines: Sequence[LineRow],
    collecting: Collecting,
    *,
    told_on: date | None,
    today: date,
    at: time,
) -> Judged:
    """Look at every line again; `told_on` stands in for an announcement that is still to go."""
    judged = Judged(mandates=load_mandates([one.mandate_id for one in lines]))
    debtor_ids = list({one.debtor_id for one in lines})
    kinds = load_kinds(debtor_ids)
    may = {
        facts.debtor_id: find_collectable(facts, today=today)
        for facts in load_facts(debtor_ids, today=today, rehearsal=False)
    }
    unannounced = explain_unannounced(lines) if told_on is None else {}
    for one in lines:
        row, own = judged.mandates[one.mandate_id], may[one.debtor_id]
        mandate = make_mandate(row, creditor_id=collecting.creditor_id, kind=kinds[one.debtor_id])
        judged.as_rules[one.mandate_id] = mandate
        objection = may_collect(
            mandate,
            collect_on=one.collect_on,
            announced_on=one.announced_on or told_on,
            bank=collecting.bank,
            today=today,
            at=at,
            days_agreed=row.notice_days or collecting.notice_days,
        )
        if one.item_id not in own.cents:
            judged.objections[one.id] = own.left_out.get(one.item_id, NOT_OPEN)
        elif one.collect_on < own.due_on[one.item_id]:
            judged.objections[one.id] = explain_not_due(own.due_on[one.item_id])
        elif row.held_on is not None:
            judged.objections[one.id] = _HELD
        elif objection is not None:
            judged.objections[one.id] = unannounced.get(one.id, objection.because)
            if objection.code == "too_early" and one.announced_on is not None:
                judged.missed.append(one.id)
        elif own.cents[one.item_id] < one.cents:
            judged.lowered[one.id] = own.cents[one.item_id]
    return judged
