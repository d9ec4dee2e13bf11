"""What goes in as an array comes out as it was."""

import pickle
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DataError
from tests.integration.office import make_administration

from tijdig.dunning.models import PolicyStep, PolicyVersion
from tijdig.tenants.arrays import IdList
from tijdig.tenants.bulk import execute, insert_rows, update_rows
from tijdig.tenants.ids import new_id, new_ids, restore_id
from tijdig.tenants.scope import administration_scope

HOSTILE = ['"', "\\", '","', "{}", "NULL", "", " ", "a\nb", '\\"', "é€", "%s", "{a,b}"]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", HOSTILE),
        ("text", [*HOSTILE, None]),
        ("text", [None]),
        ("text", []),
        ("uuid", [UUID(int=0), UUID(int=(1 << 128) - 1), *new_ids(3)]),
        ("uuid", [UUID(int=1), None]),
        ("bigint", [0, -1, 2**63 - 1, None]),
        ("date", [date(1, 1, 1), date(9999, 12, 31), None]),
        ("boolean", [True, False, None]),
        ("bytea", [b"", b"\0\xff", None]),
    ],
)
def test_an_array_comes_out_as_it_went_in(database: None, kind: str, values: list[Any]) -> None:
    (found,) = execute(f"SELECT %s::{kind}[]", [values]).fetchall()
    assert found == (values,)


@pytest.mark.parametrize("values", [["a\0b", "c"], ["a\0b", None]])
def test_a_text_with_a_null_character_is_refused(database: None, values: list[str | None]) -> None:
    with pytest.raises((DataError, psycopg.DataError)):
        execute("SELECT %s::text[]", [values])


def test_new_ids_are_of_version_seven_and_each_comes_after_the_one_before() -> None:
    ids = new_ids(2_000)
    assert ids == sorted(set(ids))
    assert len({one.int & (1 << 42) - 1 for one in ids}) == len(ids)
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert len({one.int >> 80 for one in ids}) == 1
    assert pickle.loads(pickle.dumps(ids)) == [UUID(f"{one}") for one in ids] == ids
    again = [restore_id(one.int) for one in ids]
    assert pickle.loads(pickle.dumps(again)) == again == ids


def test_ids_written_once_are_read_as_any_list(database: None) -> None:
    ids = IdList(new_ids(3))
    for _ in range(2):
        assert execute("SELECT unnest(%s::uuid[])", [ids]).fetchall() == [(one,) for one in ids]
    assert execute("SELECT unnest(%s::uuid[])", [IdList()]).fetchall() == []


def test_ids_that_stand_in_a_statement_twice_mean_the_same_in_both_places(database: None) -> None:
    ids, others = IdList(new_ids(3)), IdList(new_ids(2))
    sql = (
        "SELECT %s || '100%%s' LIKE 'a1%%', %s::uuid = ANY(%s), cardinality(%s::uuid[]), %s, "
        "cardinality(%s::uuid[])"
    )
    found = execute(sql, ["a", ids[2], ids, others, "b", ids]).fetchall()
    assert found == [(True, True, 2, "b", 3)]


def test_columns_of_any_kind_come_out_as_they_went_in(database: None) -> None:
    """Texts and JSON in binary, arrays of any length, and what is the same in every row once."""
    administration_id = make_administration()
    rows = [
        (
            new_id(),
            administration_id,
            version,
            text[:100],
            "same",
            datetime(2026, 3, 1, tzinfo=UTC),
        )
        for version, text in enumerate([*HOSTILE, "x" * 5_000], start=100)
    ]
    names = "id administration version name made_by made_at".split()
    told = dict.fromkeys(
        "min_gap_days min_amount_cents call_lapse_working_days direct_debit_rest_days".split(), 3
    )
    with administration_scope(administration_id):
        assert insert_rows(PolicyVersion, names, rows, same=told) == len(rows)
        found = PolicyVersion.objects.filter(version__gte=100).order_by("version")
        assert list(found.values_list("name", "made_by")) == [(row[3], "same") for row in rows]


def test_one_row_alone_goes_in_and_is_changed(database: None) -> None:
    administration_id = make_administration()
    with administration_scope(administration_id):
        policy_id = PolicyVersion.objects.latest("version").id
        wanted = []
        for offset_days, channels in ((1, ["email", "letter"]), (2, []), (3, ["phone"])):
            key = f"step-{offset_days}"
            wanted.append((new_id(), policy_id, key, offset_days, channels))
        names = "id policy key offset_days channels".split()
        same = {"administration": administration_id} | dict.fromkeys(["tone", "text"], "x")
        # What other tests read of every administration has to make sense.
        same |= {"phase": "call", "audience": "", "term_days": 0}
        assert insert_rows(PolicyStep, names, wanted[:1], same=same) == 1
        assert insert_rows(PolicyStep, names, wanted[1:], same=same) == 2
        changed = [(wanted[0][0], []), (wanted[1][0], ["letter"]), (wanted[2][0], ["email", "x"])]
        assert update_rows(PolicyStep, ["channels"], changed) == 3
        found = PolicyStep.objects.filter(key__startswith="step-").order_by("offset_days")
        assert list(found.values_list("id", "channels")) == changed
