"""Keep what a payment may pay as proposals on its line, and let them go."""

import json
from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from tijdig.banking.actions.ahead import Ahead
from tijdig.banking.actions.dividing import follow_law
from tijdig.banking.models import BankLine, Suggestion
from tijdig.core.matching.records import Outcome, Span, Told, Wording, lay_out_wording
from tijdig.ledger.actions.posting import touch_debtors
from tijdig.tenants.arrays import Seen, Uuids, holds_any, read_uuids, write_uuids
from tijdig.tenants.bulk import execute, insert_columns, update_columns
from tijdig.tenants.ids import new_ids
from tijdig.tenants.scope import active_administration

_line_of = attrgetter("payment.line_id.int")
_write_evidence = json.JSONEncoder(ensure_ascii=False).encode

# The line, the debtor and the item of a part that is proposed.
_Moved = set[tuple[UUID, UUID, UUID]]
_Evidence = tuple[str, Told, tuple[Span, ...], bool]


class Proposals(NamedTuple):
    """The proposals of lines, in columns, in the order of lines and ranks.

    `gone` are the lines whose proposals so far go; `waiting` those that have come anew, with how
    sure the first was said to be.
    """

    gone: Uuids
    waiting: Uuids
    first: Sequence[int | None]
    for_person: Sequence[bool]
    line_ids: Uuids
    debtor_ids: Uuids
    touched: Uuids
    ranks: Sequence[int]
    kinds: Sequence[str]
    certainties: Sequence[int]
    parts: Sequence[str]
    rest_cents: Sequence[int]
    conceded: Sequence[str]
    evidence: Sequence[tuple[_Evidence, ...]]


def keep_suggestions(outcomes: Sequence[Outcome], decided: Collection[UUID]) -> None:
    """Keep the proposals of lines that still wait; those of lines `decided` go."""
    suggest(lay_out(outcomes, decided))


def drop_suggestions(line_id: UUID) -> None:
    """The line was decided: its proposals go, and hold their debtors no longer."""
    keep_suggestions((), [line_id])


def lay_out(
    outcomes: Sequence[Outcome], decided: Collection[UUID], ahead: Ahead | None = None
) -> Proposals:
    """These proposals in columns; what is divided by the law is, as it will be once all of
    `ahead` is written."""
    # In order of their lines, so that they are written side by side.
    outcomes = sorted(follow_law(outcomes, ahead), key=_line_of)
    waiting = [one.payment.line_id for one in outcomes]
    ranked = [
        (one.payment.line_id, rank, proposal)
        for one in outcomes
        for rank, proposal in enumerate(one.proposals, start=1)
    ]
    proposals = [one for _, _, one in ranked]
    return Proposals(
        gone=write_uuids([*waiting, *decided]),
        waiting=write_uuids(waiting),
        first=[one.proposals[0].said if one.proposals else None for one in outcomes],
        for_person=[one.for_person for one in outcomes],
        line_ids=write_uuids([line_id for line_id, _, _ in ranked]),
        debtor_ids=write_uuids([one.debtor_id for one in proposals]),
        touched=write_uuids([*{one.debtor_id for one in proposals}]),
        ranks=[rank for _, rank, _ in ranked],
        kinds=[one.kind for one in proposals],
        certainties=[one.certainty for one in proposals],
        parts=[
            _write_rows([f'["{item}",{cents}]' for item, cents in one.parts]) for one in proposals
        ],
        rest_cents=[one.rest_cents for one in proposals],
        conceded=[
            _write_rows([f'["{item}","{why}",{cents}]' for item, why, cents in one.conceded])
            for one in proposals
        ],
        evidence=[
            tuple(
                [
                    (told.code, lay_out_wording(told.because), told.spans, told.against)
                    for told in one.evidence
                ]
            )
            for one in proposals
        ],
    )


def suggest(coming: Proposals, raised: Seen | None = None) -> None:
    """Keep them in the place of those that the same lines had.

    A proposal is a doubt about its debtor's invoices: where one comes or goes, his facts moved.
    `raised` are debtors whose facts version this transaction has raised already.
    """
    if not holds_any(coming.gone):
        return
    gone = _take_out(coming.gone)
    moved = coming.touched
    if gone:
        moved = write_uuids([*{debtor_id for _, debtor_id, _ in gone ^ _list_parts(coming)}])
    touch_debtors(moved if raised is None else raised.leave(moved))
    count = len(coming.ranks)
    insert_columns(
        Suggestion,
        {
            "id": new_ids(count),
            "line": coming.line_ids,
            "debtor": coming.debtor_ids,
            "rank": coming.ranks,
            "kind": coming.kinds,
            "certainty": coming.certainties,
            "parts": coming.parts,
            "rest_cents": coming.rest_cents,
            "conceded": coming.conceded,
            "evidence": [_write_evidence([*map(_as_json, one)]) for one in coming.evidence],
        },
        count,
        same={"administration": active_administration()},
    )
    update_columns(
        BankLine,
        {
            "id": coming.waiting,
            "match_certainty": coming.first,
            "match_for_person": coming.for_person,
        },
        len(coming.first),
    )


def _take_out(line_ids: Uuids) -> _Moved:
    """Delete the proposals of these lines: what they proposed."""
    rows = execute(
        "DELETE FROM tijdig_suggestion WHERE administration_id = %s AND line_id = ANY(%s) "
        "RETURNING line_id, debtor_id, "
        "ARRAY(SELECT (part->>0)::uuid FROM jsonb_array_elements(parts) part)",
        [active_administration(), line_ids],
    ).fetchall()
    return {
        (line_id, debtor_id, item_id) for line_id, debtor_id, items in rows for item_id in items
    }


def _list_parts(coming: Proposals) -> _Moved:
    owners = zip(read_uuids(coming.line_ids), read_uuids(coming.debtor_ids), strict=True)
    return {
        (line_id, debtor_id, UUID(item_id))
        for (line_id, debtor_id), parts in zip(owners, coming.parts, strict=True)
        for item_id, _ in json.loads(parts)
    }


def _write_rows(rows: Sequence[str]) -> str:
    """A list in JSON of what is written in it already."""
    return f"[{','.join(rows)}]"


def _as_json(told: _Evidence) -> dict[str, object]:
    code, because, spans, against = told
    said = Wording(*because)
    return {"code": code, "nl": said.nl, "en": said.en, "spans": spans, "against": against}
