"""What goes in as an array comes out as it was."""

from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DataError

from tijdig.tenants.bulk import execute
from tijdig.tenants.ids import new_ids

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


def test_new_ids_are_of_version_seven_and_differ() -> None:
    ids = new_ids(2_000)
    assert len(set(ids)) == len(ids)
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert len({one.int >> 80 for one in ids}) == 1
