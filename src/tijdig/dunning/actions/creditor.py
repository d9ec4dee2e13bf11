"""What the creditor says of himself: changed by a person, and remembered."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from uuid import UUID

from tijdig.dunning.actions.registration import resume_registered
from tijdig.ledger.actions.looks import look_at_everybody
from tijdig.messaging.actions.states import decide_again
from tijdig.tenants.actions import (
    CREDITOR_FIELDS,
    change_creditor,
    change_declarations,
    change_organisation,
    lock_administration,
    set_creditors_own,
)
from tijdig.tenants.queries import list_people, load_administration
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record


def change_run_hour(run_at: time, *, today: date, now: datetime, actor: str) -> bool:
    """The daily run begins at this hour from now on; whether that changed anything."""
    before = load_administration().run_at
    if before == run_at:
        return False
    change_creditor({"run_at": run_at})
    what = {"run_at": (f"{before:%H:%M}", f"{run_at:%H:%M}")}
    happened = Happened(
        "creditor_changed", "administration", active_administration(), None, {"changes": what}
    )
    record([happened], today=today, now=now, actor=actor)
    return True


def change_acting(
    changes: Mapping[str, object],
    *,
    own: Collection[UUID],
    today: date,
    now: datetime,
    actor: str,
) -> None:
    """Who acts for the creditor, with his Wki registration, and who are his own staff.

    The audit trail keeps before and after; everybody is looked at again. What waited for a
    registration that is there now goes on; what was written is decided and written again.
    """
    lock_administration()
    organisation = load_administration().organisation
    people = list_people()
    was_own = sorted(str(one.user) for one in people if one.for_creditor)
    is_own = sorted(str(one.user) for one in people if one.user_id in own)
    what = {
        name: (getattr(organisation, name), value)
        for name, value in changes.items()
        if getattr(organisation, name) != value
    }
    if was_own != is_own:
        what["creditors_own_staff"] = (", ".join(was_own), ", ".join(is_own))
    if not what:
        return
    change_organisation(changes)
    set_creditors_own(own)
    look_at_everybody()
    decide_again()
    resume_registered(today=today, now=now, actor=actor)
    happened = Happened(
        "creditor_changed", "administration", active_administration(), None, {"changes": what}
    )
    record([happened], today=today, now=now, actor=actor)


def declare(changes: Mapping[str, object], *, today: date, now: datetime, actor: str) -> None:
    """What the creditor declares about his terms and what he claims, kept with before and after.

    Everybody is looked at again, and what was written is decided again. Refuses: what is no
    declaration.
    """
    lock_administration()
    before = load_administration()
    what = {
        name: (str(getattr(before, name)), str(value))
        for name, value in changes.items()
        if getattr(before, name, value) != value
    }
    change_declarations(changes)
    look_at_everybody()
    if what:
        decide_again()
        administration_id = active_administration()
        happened = Happened(
            "law_declared", "administration", administration_id, None, {"changes": what}
        )
        record([happened], today=today, now=now, actor=actor)


def change(changes: Mapping[str, object], *, today: date, now: datetime, actor: str) -> None:
    """Change name, account, addresses and the rest; the audit trail keeps before and after.

    What was written and has not left is written again, with what holds now. Refuses: fields that
    are not the creditor's to change.
    """
    # No release beside it, which would write with what it read before.
    lock_administration()
    before = load_administration()
    was = {name: getattr(before, name) for name in CREDITOR_FIELDS & set(changes)}
    change_creditor(changes)
    what = {name: (was[name], value) for name, value in changes.items() if was[name] != value}
    if what:
        decide_again()
        administration_id = active_administration()
        happened = Happened(
            "creditor_changed", "administration", administration_id, None, {"changes": what}
        )
        record([happened], today=today, now=now, actor=actor)
