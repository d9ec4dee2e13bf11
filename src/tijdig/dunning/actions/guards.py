"""What holds a run or a message up: changed by a person, and remembered."""

from collections.abc import Mapping
from datetime import date, datetime

from tijdig.core.problem import Refusal
from tijdig.tenants.actions import GUARD_FIELDS, set_guards
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record


def change_guards(changes: Mapping[str, object], *, today: date, now: datetime, actor: str) -> None:
    """Change limits of freshness, amount, undo and contact hours. Refuses what is none of them."""
    unknown = set(changes) - GUARD_FIELDS
    if unknown:
        raise Refusal(
            f"Dit kunt u hier niet wijzigen: {', '.join(sorted(unknown))}.",
            f"You cannot change this here: {', '.join(sorted(unknown))}.",
        )
    before = load_administration()
    what = {
        name: (getattr(before, name), value)
        for name, value in changes.items()
        if getattr(before, name) != value
    }
    if not what:
        return
    set_guards({name: value for name, (_, value) in what.items()})
    administration_id = active_administration()
    happened = Happened(
        "guards_changed", "administration", administration_id, None, {"changes": what}
    )
    record([happened], today=today, now=now, actor=actor)
