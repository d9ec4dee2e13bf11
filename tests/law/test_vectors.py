"""Every vector of the law, held against the rules themselves."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.law.vectors import FOLDER, Vector, cents, day, load, make_claim, make_payment, make_terms

from tijdig.core.calendar import list_holidays
from tijdig.core.identifiers import Identifier, identify
from tijdig.core.law.collection_costs import compute_collection_costs
from tijdig.core.law.default import (
    NoticeOfDefault,
    PaymentTerm,
    check_term,
    compute_default,
)
from tijdig.core.law.imputation import allocate
from tijdig.core.law.interest import compute_interest
from tijdig.core.law.limitation import compute_interest_limitation, compute_limitation
from tijdig.core.law.vat_refund import compute_vat_refund
from tijdig.core.law.veertiendagenbrief import compute_letter_days
from tijdig.core.money import format_plain


@pytest.mark.parametrize("vector", load("costs"))
def test_collection_costs(vector: Vector) -> None:
    principals = [cents(one) for one in vector["principals"]]
    costs = compute_collection_costs(principals, on=day(vector["on"]), adds_vat=vector["vat"])
    assert format_plain(costs.total_cents) == vector["total"]
    assert costs.costs_cents + costs.vat_cents == costs.total_cents


@pytest.mark.parametrize("vector", load("interest"))
def test_interest(vector: Vector) -> None:
    interest = compute_interest(
        cents(vector["principal"]),
        owed_from=day(vector["owed_from"]),
        until=day(vector["until"]),
        terms=make_terms(vector),
    )
    assert format_plain(interest.interest_cents) == vector["interest"]
    assert sum(line.interest_cents for line in interest.lines) == interest.interest_cents
    assert sum(line.days for line in interest.lines) == interest.days


@pytest.mark.parametrize("vector", load("allocation"))
def test_imputation(vector: Vector) -> None:
    claims = [make_claim(one) for one in vector["claims"]]
    payments = [make_payment(one) for one in vector["payments"]]
    result = allocate(claims, payments, end_on=day(vector["end"]))
    steps = [
        {
            "date": f"{part.on}",
            "claim": part.claim_id,
            "to_costs": format_plain(part.to_costs_cents),
            "to_interest": format_plain(part.to_interest_cents),
            "to_principal": format_plain(part.to_principal_cents),
        }
        for part in result.parts
    ]
    assert (steps, format_plain(sum(result.over))) == (vector["steps"], vector["over"])


@pytest.mark.parametrize("vector", load("veertiendagenbrief"))
def test_letter_days(vector: Vector) -> None:
    received_on = day(vector["received"]) if "received" in vector else None
    days = compute_letter_days(day(vector["sent"]), by=vector["by"], received_on=received_on)
    assert (days.received_on, days.last_day_on, days.costs_from_on) == (
        day(vector["received_on"]),
        day(vector["last_day"]),
        day(vector["costs_from"]),
    )


@pytest.mark.parametrize("vector", load("limitation"))
def test_limitation(vector: Vector) -> None:
    acts = {
        "interrupted_on": [day(one) for one in vector["interrupted"]],
        "acknowledged_on": [day(one) for one in vector.get("acknowledged", ())],
    }
    if "principal_due" in vector:
        principal = compute_limitation(
            day(vector["principal_due"]), kind=vector["principal_kind"], **acts
        )
        found = compute_interest_limitation(day(vector["due"]), principal=principal, **acts)
    else:
        found = compute_limitation(day(vector["due"]), kind=vector["kind"], **acts)
    assert (found.kind, found.ends_on) == (vector["kind"], day(vector["ends_on"]))


@pytest.mark.parametrize("vector", load("vat_refund"))
def test_vat_refund(vector: Vector) -> None:
    refund = compute_vat_refund(day(vector["due"]), filing=vector["filing"])
    assert refund.period == vector["period"]
    assert refund.from_on <= refund.year_over_on < refund.until


@pytest.mark.parametrize("vector", load("references"))
def test_reference(vector: Vector) -> None:
    expected = Identifier(vector["kind"], is_valid=vector["valid"])
    assert identify(vector["value"]) == expected


@pytest.mark.parametrize("vector", load("default"))
def test_default(vector: Vector) -> None:
    days = {key: day(vector[key]) for key in ("received", "contract") if key in vector}
    term = PaymentTerm(
        day(vector["issued"]),
        day(vector["due"]),
        vector["basis"],
        received_on=days.get("received"),
        contract_on=days.get("contract"),
        is_large_to_small=vector.get("large_to_small", False),
    )
    notice = None
    if "notice_received" in vector:
        received_on, last_day_on = day(vector["notice_received"]), day(vector["notice_last_day"])
        notice = NoticeOfDefault(received_on, last_day_on)
    state = compute_default(term, kind=vector["kind"], notice=notice)
    assert f"{state.in_default_from or ''}" == vector["in_default_from"]
    assert state.needs_notice is (not vector["in_default_from"])
    assert vector["article"].split()[1] in state.because.nl
    flagged = check_term(term, kind=vector["kind"])
    assert (flagged is not None) is ("too_long" in vector)
    assert flagged is None or f"{vector['too_long']} dagen" in flagged.nl


def test_no_vector_is_left_out() -> None:
    counted = {path.stem: len(load(path.stem)) for path in FOLDER.glob("*.toml")}
    assert counted == {
        "allocation": 13,
        "costs": 32,
        "default": 16,
        "interest": 23,
        "limitation": 22,
        "references": 65,
        "vat_refund": 10,
        "veertiendagenbrief": 12,
    }
    here = Path(__file__).read_text()
    commands = (FOLDER / "test_command.py").read_text()
    assert [name for name in counted if f'load("{name}")' not in here] == []
    # There is no command for default.
    assert [name for name in counted if f'load("{name}")' not in commands] == ["default"]


def test_every_vector_says_its_article_and_who_worked_it_out() -> None:
    names = (
        "costs interest allocation veertiendagenbrief limitation vat_refund references default"
    ).split()
    vectors: list[Any] = [one.values[0] for name in names for one in load(name)]
    assert len(vectors) > 90
    without = [one["id"] for one in vectors if not one["article"] or not one["worked_out_by"]]
    assert without == []
    assert len({one["id"] for one in vectors}) == len(vectors)


def test_the_days_of_the_table_are_the_holidays_of_the_law() -> None:
    assert list_holidays(2026) == {
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 5),
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 5),
        date(2026, 5, 14),
        date(2026, 5, 24),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    }
