"""What people decided about proposals corrects how sure the next ones are."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from tests.integration.books import Listed, make_list, make_payment, make_statement, take
from tests.integration.office import at

from tijdig.banking.models import BankLine, Suggestion
from tijdig.banking.proposals.queries import list_to_do, load_judge, rehearse_limits
from tijdig.core.matching.proposals import DEFAULT_LIMIT
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import administration_scope

MONDAY = date(2026, 3, 2)
A, B = Listed("2026-0001", 12_100), Listed("2026-0002", 24_200, total_cents=24_200)
SAID = 960_000


@pytest.fixture
def booked(administration: UUID) -> UUID:
    """One payment that named its invoice, booked by itself."""
    take(administration, make_list(A, B), day=MONDAY)
    payment = make_payment(12_100, "2026-0001", on=MONDAY, iban="NL44RABO0123456789")
    assert take(administration, make_statement(payment), day=MONDAY).matched == 1
    return administration


def remember(
    count: int, *, said: int, agreed: bool | None, moment: datetime, kind: str = "exact"
) -> None:
    """So many lines of before like the one that is there, decided at that moment."""
    like = BankLine.objects.get(match_kind="exact", note="")
    same = {
        field.attname: getattr(like, field.attname)
        for field in BankLine._meta.concrete_fields
        if field.attname not in {"id", "key"}
    }
    same |= {"match_certainty": said, "match_agreed": agreed, "decided_at": moment}
    same |= {"match_kind": kind, "note": "of before"}
    BankLine.objects.bulk_create(
        BankLine(id=(line_id := new_id()), key=line_id.hex, **same) for _ in range(count)
    )


def pay_the_other(administration: UUID) -> int:
    payment = make_payment(24_200, "2026-0002", on=MONDAY, iban="NL02ABNA0123456789")
    return take(administration, make_statement(payment), day=MONDAY).matched


def test_what_people_disagree_with_is_no_longer_booked_by_itself(booked: UUID) -> None:
    with administration_scope(booked):
        said = BankLine.objects.get().match_certainty
        assert said is not None
        remember(100, said=said, agreed=False, moment=at(MONDAY))
        corrected = load_judge().correct(said)
        assert corrected < DEFAULT_LIMIT <= said
    assert pay_the_other(booked) == 0
    with administration_scope(booked):
        line = BankLine.objects.get(state="unmatched")
        # What was said is kept as it is said, so that it means the same later on.
        assert line.match_certainty == said
        assert Suggestion.objects.get(line_id=line.id, rank=1).certainty == corrected
        assert [one.certainty for one in list_to_do(limit=9)] == [corrected]
        rows = rehearse_limits((DEFAULT_LIMIT, corrected), since=MONDAY)
        assert [row.booked for row in rows] == [0, 102]


def test_what_came_out_as_said_changes_nothing(booked: UUID) -> None:
    with administration_scope(booked):
        remember(96, said=SAID, agreed=True, moment=at(MONDAY))
        remember(4, said=SAID, agreed=False, moment=at(MONDAY))
        judge = load_judge()
        assert judge.own is not None
        assert {said for said, certainty in judge.own.knots if said != certainty} == set()
    assert pay_the_other(booked) == 1


def test_what_stood_for_long_makes_up_for_what_was_undone(booked: UUID) -> None:
    with administration_scope(booked):
        long_ago, lately = at(MONDAY) - timedelta(days=61), at(MONDAY) - timedelta(days=59)
        remember(5, said=SAID, agreed=False, moment=at(MONDAY))
        remember(200, said=SAID, agreed=None, moment=lately)
        remember(200, said=SAID, agreed=None, moment=long_ago, kind="by_hand")
        assert load_judge().correct(SAID) < SAID
        remember(200, said=SAID, agreed=None, moment=long_ago)
        assert load_judge().correct(SAID) == SAID


def test_that_nobody_undid_it_makes_nothing_surer(booked: UUID) -> None:
    with administration_scope(booked):
        remember(200, said=SAID, agreed=None, moment=at(MONDAY) - timedelta(days=61))
        remember(1, said=20_000, agreed=False, moment=at(MONDAY))
        judge = load_judge()
        assert judge.correct(SAID) == SAID
        assert judge.correct(20_000) < 20_000
