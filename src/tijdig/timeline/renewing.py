"""Begin anew where a key of the audit trail is lost for good; the trail says so for ever.

The chain goes on: its seals still name each other, and every column and row of before can be
checked. What nobody can check without the old key is the content (who, words and figures) of the
events sealed with it, and without the old signing key the signatures of the anchors.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from tijdig.core.problem import Refusal
from tijdig.tenants.scope import active_administration, administration_scope
from tijdig.timeline import anchors
from tijdig.timeline.actions import Happened, lock_chain, record
from tijdig.timeline.keys import (
    find_content_key,
    knows_signer,
    load_content_key,
    load_signer,
    renew_content_key,
    renew_signer,
)
from tijdig.timeline.queries import audit_folder, list_key_marks, load_last_seal

MOST_SIGNS = 200


def renew(
    administrations: Mapping[UUID, date], *, reason: str, now: datetime, actor: str
) -> tuple[UUID, ...]:
    """Make the keys that are gone, and sign in each trail that needs it that it goes on with them.

    `administrations` are all of this installation, each with its day; those whose trail was
    renewed come back. A file that stands in the place of a key is kept beside it under its mark.
    Call outside every scope. Refuses: no reason, and keys that are as they were.
    """
    reason = reason.strip()
    if not reason or len(reason) > MOST_SIGNS:
        raise Refusal(
            f"Zeg in hoogstens {MOST_SIGNS} tekens waarom: tijdig audit renew --reason '...'",
            f"Say why, in {MOST_SIGNS} signs at most: tijdig audit renew --reason '...'",
        )
    lost = {one: _find_lost_marks(one) for one in administrations}
    unsigned = {one for one in administrations if not _knows_signer(one)}
    if not any(lost.values()) and not unsigned:
        raise Refusal(
            "De sleutels zijn die van het controlespoor: er is niets te vernieuwen.",
            "The keys are those of the audit trail: there is nothing to renew.",
        )
    if any(lost.values()) and not any(map(_is_sealed_with_ours, administrations)):
        renew_content_key(audit_folder())
    if unsigned and not any(map(_has_our_anchors, administrations)):
        renew_signer(audit_folder())
    renewed = [one for one in administrations if lost[one] or one in unsigned]
    for one in renewed:
        _begin_anew(one, sorted(lost[one]), reason, today=administrations[one], now=now, by=actor)
    return tuple(renewed)


def _begin_anew(
    administration_id: UUID,
    lost_marks: Sequence[str],
    reason: str,
    *,
    today: date,
    now: datetime,
    by: str,
) -> None:
    has_new_signer = not _knows_signer(administration_id)
    path = anchors.path_of(audit_folder(), administration_id)
    # The event first: where the file cannot be written, renewing again does both.
    with administration_scope(administration_id):
        details = {"reason": reason, "lost_marks": lost_marks, "has_new_signer": has_new_signer}
        happened = Happened("audit_renewed", "administration", administration_id, None, details)
        record([happened], today=today, now=now, actor=by)
    with administration_scope(administration_id):
        lock_chain()
        last = load_last_seal()
        number, own_hash, total = (last.number, last.hash, last.total) if last else (0, "", 0)
        renewal = anchors.Renewal(reason, tuple(lost_marks), has_new_signer)
        head = anchors.Anchor(today, number, own_hash, total)
        signer = load_signer(audit_folder(), path, is_new=has_new_signer)
        anchors.add_anchor(path, head, signer=signer, renewal=renewal)


def _find_lost_marks(administration_id: UUID) -> frozenset[str]:
    """The keys of the chain that are gone, and that no renewal gave up yet."""
    with administration_scope(administration_id):
        given_up = anchors.list_lost_marks(anchors.path_of(audit_folder(), active_administration()))
        return frozenset(
            mark
            for mark in list_key_marks() - given_up
            if find_content_key(audit_folder(), mark=mark) is None
        )


def _knows_signer(administration_id: UUID) -> bool:
    return knows_signer(audit_folder(), anchors.path_of(audit_folder(), administration_id))


def _has_our_anchors(administration_id: UUID) -> bool:
    """Whether the signing key that is there signed anchors of this administration."""
    path = anchors.path_of(audit_folder(), administration_id)
    return path.exists() and knows_signer(audit_folder(), path)


def _is_sealed_with_ours(administration_id: UUID) -> bool:
    """Whether the last seal of this administration was made with the content key that is there."""
    with administration_scope(administration_id):
        last = load_last_seal()
        if last is None:
            return False
        try:
            load_content_key(audit_folder(), mark=last.key_mark)
        except Refusal:
            return False
        return True
