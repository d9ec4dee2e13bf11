"""Look whether statements follow on each other, and let a person accept where they do not."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Sum

from tijdig.banking.models import BankLine, Statement
from tijdig.core.continuity import StatementFacts, find_gaps
from tijdig.core.day_parts import find_unclear_parts
from tijdig.core.problem import Refusal
from tijdig.timeline.actions import Happened, record

_NOT_BOOKED = (BankLine.State.PENDING, BankLine.State.DETAIL, BankLine.State.SPLIT)


def check_accounts(account_ids: Iterable[UUID], *, today: date, now: datetime, actor: str) -> None:
    """Note on every statement of these accounts whether it leaves a gap.

    What was accepted stays accepted as long as the gap is of the same kind.
    """
    happened = []
    for account_id in sorted(account_ids):
        statements = list(
            Statement.objects.filter(account_id=account_id, kind=Statement.Kind.BOOKED)
        )
        known = _load(account_id, statements)
        found = (*find_unclear_parts(*known), *find_gaps(*known))
        gaps = {one.statement_id: one for one in found}
        for statement in statements:
            gap = gaps.get(statement.id)
            kind = gap.kind if gap else ""
            if statement.gap == kind:
                continue
            statement.gap = kind
            statement.gap_nl = gap.because.nl if gap else ""
            statement.gap_en = gap.because.en if gap else ""
            statement.accepted_at, statement.accepted_by = None, ""
            statement.save(update_fields=["gap", "gap_nl", "gap_en", "accepted_at", "accepted_by"])
            told = {"kind": kind, "nl": statement.gap_nl, "en": statement.gap_en}
            what = "statement_gap" if gap else "statement_gap_closed"
            happened.append(Happened(what, "statement", statement.id, None, told))
    record(happened, today=today, now=now, actor=actor)


def accept_gap(statement_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """A person knows of this gap and lets the run go on.

    Refuses: one that is not there, or that waits for its account.
    """
    found = Statement.objects.filter(id=statement_id, accepted_at=None)
    found = found.exclude(gap__in=("", Statement.Gap.ACCOUNT))
    statement = found.select_for_update().first()
    if statement is None:
        raise Refusal("Dit gat is er niet meer.", "This gap is no longer there.")
    statement.accepted_at, statement.accepted_by = now, actor
    statement.save(update_fields=["accepted_at", "accepted_by"])
    told = {"kind": statement.gap, "nl": statement.gap_nl, "en": statement.gap_en}
    record(
        [Happened("statement_gap_accepted", "statement", statement.id, None, told)],
        today=today,
        now=now,
        actor=actor,
    )


def facts_of(one: Statement) -> StatementFacts:
    """A statement as the rules judge it."""
    return StatementFacts(
        one.id,
        one.from_on,
        one.until_on,
        one.opening_cents,
        one.closing_cents,
        one.adds_up,
        one.sequence,
    )


def _load(
    account_id: UUID, statements: Iterable[Statement]
) -> tuple[list[StatementFacts], dict[date, int]]:
    booked = BankLine.objects.filter(account_id=account_id).exclude(state__in=_NOT_BOOKED)
    rows = booked.order_by().values_list("booked_on").annotate(cents=Sum("cents"))
    return [facts_of(one) for one in statements], dict(rows)
