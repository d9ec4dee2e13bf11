"""The vectors of the law as they stand in the TOML files beside this module."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tijdig.core.law.imputation import Claim, PaymentOnClaims
from tijdig.core.law.interest import InterestTerms

FOLDER = Path(__file__).parent
Vector = dict[str, Any]


def load(name: str) -> list[Any]:
    """The vectors of a file, each with its id as the name of its test."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        vectors: list[Vector] = tomllib.load(file)["vector"]
    return [pytest.param(one, id=one["id"]) for one in vectors]


def cents(euros: str) -> int:
    """Whole cents of an amount as the vectors write it."""
    return int(Decimal(euros) * 100)


def day(text: str) -> date:
    """A day as the vectors write it."""
    return date.fromisoformat(text)


def make_terms(vector: Vector) -> InterestTerms:
    """What kind of interest a vector speaks of."""
    rate = Decimal(vector["rate"]) if vector.get("rate") else None
    return InterestTerms(
        vector["kind"], rate, vector.get("simple", False), vector.get("day_count", "act/365")
    )


def make_claim(vector: Vector) -> Claim:
    """One claim of an allocation vector."""
    return Claim(
        vector["id"],
        cents(vector["principal"]),
        cents(vector["costs"]),
        interest_cents=cents(vector.get("interest", "0")),
        terms=make_terms(vector) if "start" in vector else None,
        owed_from=day(vector["start"]) if "start" in vector else None,
        due_on=day(vector["due"]) if "due" in vector else None,
    )


def make_payment(vector: Vector) -> PaymentOnClaims:
    """One payment of an allocation vector."""
    designated = tuple(vector.get("designated", ()))
    return PaymentOnClaims(day(vector["date"]), cents(vector["amount"]), designated)
