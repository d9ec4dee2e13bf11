"""Acts that interrupt limitation, as they were recorded."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.core.interruptions import tell_interruption
from tijdig.core.problem import Sentence
from tijdig.dunning.interruptions.models import InterruptingAct
from tijdig.ledger.queries.sql import fetch
from tijdig.tenants.scope import active_administration

_ACTS = """
SELECT claim.open_item_id, act.id, act.kind, act.on, act.recorded_by, act.proof_note,
       act.file_name
FROM tijdig_interruptedclaim claim
JOIN tijdig_interruptingact act
  ON act.administration_id = claim.administration_id AND act.id = claim.act_id
WHERE claim.administration_id = %(administration)s AND claim.open_item_id = ANY(%(items)s)
  AND act.withdrawn_on IS NULL
ORDER BY act.on, act.id
"""


@dataclass(frozen=True, slots=True)
class RecordedAct:
    """An act that stands, about one claim: its day, and the sentence with its proof."""

    id: UUID
    kind: str
    on: date
    said: Sentence


@dataclass(frozen=True, slots=True)
class ActCard:
    """One act with all that was recorded about it, also when it was withdrawn.

    `invoice_numbers` are those of its claims, in order.
    """

    id: UUID
    debtor_number: str
    debtor_name: str
    kind: str
    on: date
    proof_note: str
    file_name: str
    recorded_on: date
    recorded_by: str
    withdrawn_on: date | None
    withdrawn_by: str
    withdrawn_because: str
    invoice_numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActFile:
    """The file that proves an act."""

    name: str
    media_type: str
    content: bytes


def load_acts(item_ids: Sequence[UUID]) -> defaultdict[UUID, list[RecordedAct]]:
    """Per claim the acts that stand, by day."""
    found: defaultdict[UUID, list[RecordedAct]] = defaultdict(list)
    asked = {"administration": active_administration(), "items": list(item_ids)}
    for item_id, act_id, kind, on, by, note, file_name in fetch(_ACTS, asked):
        proof = "; ".join(one for one in (note, file_name) if one)
        said = tell_interruption(kind, on, by=by, proof=proof)
        found[item_id].append(RecordedAct(act_id, kind, on, said))
    return found


def find_act(act_id: UUID) -> ActCard | None:
    """One act; None where there is none."""
    row = InterruptingAct.objects.defer("file_content").filter(id=act_id).first()
    if row is None:
        return None
    numbers = fetch(
        """
        SELECT v.number FROM tijdig_interruptedclaim claim
        JOIN tijdig_invoice v ON v.administration_id = claim.administration_id
         AND v.open_item_id = claim.open_item_id
        WHERE claim.administration_id = %(administration)s AND claim.act_id = %(act)s
        ORDER BY v.number
        """,
        {"administration": active_administration(), "act": act_id},
    )
    return ActCard(
        id=row.id,
        debtor_number=row.debtor.number,
        debtor_name=row.debtor.name,
        kind=row.kind,
        on=row.on,
        proof_note=row.proof_note,
        file_name=row.file_name,
        recorded_on=row.recorded_on,
        recorded_by=row.recorded_by,
        withdrawn_on=row.withdrawn_on,
        withdrawn_by=row.withdrawn_by,
        withdrawn_because=row.withdrawn_because,
        invoice_numbers=tuple(number for (number,) in numbers),
    )


def find_act_file(act_id: UUID) -> ActFile | None:
    """The file of an act; None where it has none."""
    row = InterruptingAct.objects.filter(id=act_id).exclude(file_hash="").first()
    if row is None or row.file_content is None:
        return None
    return ActFile(row.file_name, row.file_type, bytes(row.file_content))
