"""Check the audit trail: walk the chain from its beginning, and name the first row that is wrong.

What it finds: a row that was changed, removed, put in later or moved; a chain that was forked,
broken, cut off or written anew. What it cannot find: an event that was never written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from tijdig.core.problem import Sentence
from tijdig.tenants.scope import active_administration
from tijdig.timeline import anchors
from tijdig.timeline.chain import MARK_BYTES, Row, commit_content, link, mark_row, split_marks
from tijdig.timeline.keys import (
    explain_lost_key,
    find_content_key,
    load_content_key,
    load_verifier,
)
from tijdig.timeline.queries import (
    LATEST_AFTER,
    SealRow,
    audit_folder,
    find_last_key_mark,
    iterate_seals,
    list_erased,
    list_never_sealed,
    list_seal_moments,
    load_rows,
    load_salts,
    shift_back,
)


@dataclass(frozen=True, slots=True)
class Wrong:
    """The first thing that is not as it was written; `row` is the event, where it is one."""

    place: str
    because: Sentence
    row: UUID | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """Where a person began anew with other keys: on this day, after this seal, for this reason."""

    on: date
    seal: int
    reason: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What the chain holds. `sealed_until` is the moment of its last seal.

    `unsealed` events came after it: nothing vouches for them yet. `erased` counts events whose
    personal content was erased as the timeline says. `unread` counts those before one of the
    `breaks` whose content nobody can hold against a key any more; their columns and order are.
    """

    first_wrong: Wrong | None
    seals: int = 0
    events: int = 0
    sealed_until: datetime | None = None
    unsealed: int = 0
    unsealed_since: datetime | None = None
    erased: int = 0
    anchors: int = 0
    anchored_on: date | None = None
    breaks: tuple[Break, ...] = ()
    unread: int = 0


@dataclass(slots=True)
class _Walk:
    """Where the check has come; `lost` holds per lost key the last seal that it may have made."""

    erased_owners: frozenset[UUID]
    oldest: dict[int, tuple[UUID, datetime]]
    lost: dict[str, int]
    seals: int = 0
    events: int = 0
    erased: int = 0
    unread: int = 0
    last: SealRow | None = None
    heads: dict[int, tuple[str, int]] = field(default_factory=dict)


def verify() -> AuditReport:
    """Check every seal, every event and every anchor of the active administration.

    Refuses: a data folder without the keys that the chain and its anchors were made with.
    """
    path = anchors.path_of(audit_folder(), active_administration())
    lines: tuple[anchors.AnchorLine, ...] = ()
    if path.exists():
        lines = anchors.read_anchors(path, key=load_verifier(audit_folder(), path))
    walk = _Walk(list_erased(), _find_oldest_allowed(), _find_lost(lines))
    wrong = next((one for seal in iterate_seals() for one in _check_seal(seal, walk)), None)
    never_sealed = list_never_sealed() if wrong is None else []
    wrong = wrong or _find_put_in(never_sealed, walk)
    wrong = wrong or _find_wrong_anchor(lines, walk)
    return AuditReport(
        first_wrong=wrong,
        seals=walk.seals,
        events=walk.events,
        sealed_until=walk.last.at if walk.last else None,
        unsealed=len(never_sealed),
        unsealed_since=min((row.at for row in never_sealed), default=None),
        erased=walk.erased,
        anchors=len(lines),
        anchored_on=lines[-1].anchor.on if lines else None,
        breaks=tuple(
            Break(line.anchor.on, line.anchor.number, line.renewal.reason)
            for line in lines
            if line.renewal is not None
        ),
        unread=walk.unread,
    )


def find_lost_key() -> Sentence | None:
    """Why the active trail can be neither sealed nor checked; None where it can."""
    path = anchors.path_of(audit_folder(), active_administration())
    lost = anchors.list_lost_marks(path)
    return explain_lost_key(audit_folder(), path, mark=find_last_key_mark(), lost=lost)


def _find_lost(lines: Sequence[anchors.AnchorLine]) -> dict[str, int]:
    """Per key that a genuine renewal gave up, the seal up to which it may have been used."""
    renewed = [line for line in lines if line.is_genuine and line.renewal is not None]
    return {
        mark: line.anchor.number
        for line in renewed
        for mark in (line.renewal.lost_marks if line.renewal else ())
    }


def _find_oldest_allowed() -> dict[int, tuple[UUID, datetime]]:
    """Per seal the oldest id and moment that an event in it may have.

    It cannot be much older than the seal before it, where that one was made at an earlier moment:
    seals made in one go share a backlog, which may well be of days ago. A clock that ran ahead for
    a while made seals of the future: what came after them counts.
    """
    moments = list_seal_moments()
    lowest: dict[int, tuple[UUID, datetime]] = {}
    for number, seal_id, at in reversed(moments):
        after = lowest.get(number + 1, (seal_id, at))
        lowest[number] = (min(after[0], seal_id), min(after[1], at))
    allowed: dict[int, tuple[UUID, datetime]] = {}
    before_go = 0
    sealed_at: datetime | None = None
    goes: list[tuple[int, datetime | None]] = [(number, at) for number, _, at in moments]
    # What was not sealed yet stands after the last seal.
    for number, made_at in [*goes, (len(moments) + 1, None)]:
        if made_at is None or made_at != sealed_at:
            before_go, sealed_at = number - 1, made_at
        if before_go in lowest:
            seal_id, moment = lowest[before_go]
            allowed[number] = (shift_back(seal_id, LATEST_AFTER), moment - LATEST_AFTER)
    return allowed


def _check_seal(seal: SealRow, walk: _Walk) -> Iterator[Wrong]:
    place = f"zegel {seal.number}"
    before = walk.last
    if seal.number != (before.number if before else 0) + 1:
        missing = (before.number if before else 0) + 1
        yield Wrong(f"zegel {missing}", _SEAL_MISSING if seal.number > missing else _FORKED)
    elif seal.previous_hash != (before.hash if before else ""):
        yield Wrong(place, _FORKED)
    elif not _is_itself(seal, walk):
        yield Wrong(place, _SEAL_CHANGED)
    else:
        yield from _check_events(seal, walk)
    walk.seals += 1
    walk.events += len(seal.event_ids)
    walk.last = seal
    walk.heads[seal.number] = (seal.hash, seal.total)


def _check_events(seal: SealRow, walk: _Walk) -> Iterator[Wrong]:
    key = find_content_key(audit_folder(), mark=seal.key_mark)
    if key is None and seal.number > walk.lost.get(seal.key_mark, 0):
        load_content_key(audit_folder(), mark=seal.key_mark)
    administration_id = active_administration()
    rows = load_rows(seal.event_ids)
    salts = load_salts({row.debtor_id or administration_id for row in rows.values()})
    pairs = zip(seal.event_ids, split_marks(seal.marks), strict=True)
    for at, (event_id, (commitment, mark)) in enumerate(pairs, start=1):
        place = f"zegel {seal.number}, regel {at}"
        row = rows.get(event_id)
        if row is None:
            yield Wrong(place, _ROW_MISSING, event_id)
        elif mark_row(row, commitment, administration_id=administration_id) != mark:
            yield Wrong(place, _ROW_CHANGED, event_id)
        elif _is_too_old(row, seal.number, walk):
            yield Wrong(place, _PUT_IN, event_id)
        else:
            salt = salts.get(row.debtor_id or administration_id)
            if salt is None and row.debtor_id in walk.erased_owners:
                walk.erased += 1
            elif key is None and salt is not None:
                walk.unread += 1
            elif (
                salt is None or key is None or commit_content(row, key=key, salt=salt) != commitment
            ):
                yield Wrong(place, _CONTENT_CHANGED, event_id)


def _is_itself(seal: SealRow, walk: _Walk) -> bool:
    """Whether a seal has its own hash, a mark for every event, and the right total."""
    count = len(seal.event_ids)
    own_hash = link(
        seal.previous_hash,
        number=seal.number,
        at=seal.at,
        total=seal.total,
        key_mark=seal.key_mark,
        event_ids=seal.event_ids,
        marks=seal.marks,
    )
    return (seal.hash, len(seal.marks), seal.total) == (
        own_hash,
        MARK_BYTES * count,
        walk.events + count,
    )


def _is_too_old(row: Row, number: int, walk: _Walk) -> bool:
    """Whether a row claims to be from long before the seal before its own."""
    allowed = walk.oldest.get(number)
    return allowed is not None and (row.id < allowed[0] or row.at < allowed[1])


def _find_put_in(rows: Sequence[Row], walk: _Walk) -> Wrong | None:
    number = walk.last.number + 1 if walk.last else 1
    late = next((row for row in rows if _is_too_old(row, number, walk)), None)
    return Wrong("na het laatste zegel", _PUT_IN, late.id) if late else None


def _find_wrong_anchor(lines: Sequence[anchors.AnchorLine], walk: _Walk) -> Wrong | None:
    for at, line in enumerate(lines, start=1):
        anchor = line.anchor
        if not line.is_genuine:
            return Wrong(f"anker {at}", _ANCHOR_FORGED)
        if anchor.number not in walk.heads:
            return Wrong(f"zegel {anchor.number}", _CUT_OFF)
        if walk.heads[anchor.number] != (anchor.hash, anchor.total):
            return Wrong(f"zegel {anchor.number}", _WRITTEN_ANEW)
    return None


_ROW_CHANGED = Sentence(
    "Deze regel is gewijzigd nadat hij was verzegeld.",
    "This row was changed after it had been sealed.",
)
_CONTENT_CHANGED = Sentence(
    "De inhoud van deze regel is gewijzigd nadat hij was verzegeld.",
    "The content of this row was changed after it had been sealed.",
)
_ROW_MISSING = Sentence(
    "Deze regel is verwijderd nadat hij was verzegeld.",
    "This row was removed after it had been sealed.",
)
_PUT_IN = Sentence(
    "Deze regel zegt ouder te zijn dan kan: hij is later ingevoegd.",
    "This row says it is older than it can be: it was put in later.",
)
_SEAL_CHANGED = Sentence("Dit zegel is gewijzigd of verplaatst.", "This seal was changed or moved.")
_SEAL_MISSING = Sentence("Dit zegel ontbreekt.", "This seal is missing.")
_FORKED = Sentence(
    "Dit zegel sluit niet aan op het vorige: er zijn twee takken.",
    "This seal does not follow the one before it: there are two branches.",
)
_CUT_OFF = Sentence(
    "Het ondertekende anker kent dit zegel, maar het staat er niet meer: de lijst is afgekapt.",
    "The signed anchor knows this seal, but it is gone: the trail was cut off.",
)
_WRITTEN_ANEW = Sentence(
    "Dit zegel is een ander dan in het ondertekende anker: de lijst is opnieuw geschreven.",
    "This seal is not the one in the signed anchor: the trail was written anew.",
)
_ANCHOR_FORGED = Sentence(
    "Dit anker is niet door deze installatie ondertekend, of een anker ervoor is weg.",
    "This anchor was not signed by this installation, or an anchor before it is gone.",
)
