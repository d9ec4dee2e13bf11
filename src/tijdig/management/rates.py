"""`tijdig law rate`: add a published interest rate, put one right, take one out, list them."""

import argparse
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast, get_args

from tijdig.core.calendar import format_day
from tijdig.core.law.claims_file import parse_rate, refuse_choice
from tijdig.core.law.dated import Dated, RateKind
from tijdig.core.money import format_percent
from tijdig.management.answer import Answer
from tijdig.tenants.law_rates import (
    AddedRate,
    RateChange,
    add_rate,
    correct_rate,
    describe_rate_change,
    load_rate_changes,
    load_rates,
    remove_rate,
)
from tijdig.web.clock import demo_today

Options = Mapping[str, Any]


def add_rate_arguments(of_what: Any) -> None:
    """The words behind `tijdig law rate`."""
    rate = of_what.add_parser("rate", help="published interest rates: add, correct, remove, list")
    to_do = rate.add_subparsers(dest="do", required=True, metavar="DO")
    for do, told in (
        ("add", "add a published rate"),
        ("correct", "put a rate that was added by hand right"),
        ("remove", "take a rate that was added by hand out"),
    ):
        one = to_do.add_parser(do, help=told)
        one.add_argument("--kind", required=True, help="statutory or commercial")
        one.add_argument("--from", dest="from_on", required=True, help="first day")
        if do != "remove":
            one.add_argument("--rate", required=True, help="the percentage a year")
            one.add_argument("--source", required=True, help="where it was published")
            one.add_argument("--published", help="the day of publication")
        if do != "add":
            one.add_argument("--because", required=True, help="why it was wrong")
    to_do.add_parser("list", help="the rates of now, and what was put right")
    for one in to_do.choices.values():
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS)


def answer_rate(options: Options) -> Answer:
    """What `tijdig law rate` did. Refuses as the actions do, and a kind without a table."""
    if options["do"] == "list":
        return _list()
    if options["kind"] not in get_args(RateKind):
        raise refuse_choice("--kind", options["kind"], get_args(RateKind))
    kind, from_on, today = cast("RateKind", options["kind"]), options["from_on"], demo_today()
    if options["do"] == "remove":
        remove_rate(kind, from_on, because=options["because"], today=today)
        return _tell_change()
    percent = parse_rate(options["rate"], "--rate")
    rate = AddedRate(kind, from_on, percent, options["source"], options["published"])
    if options["do"] == "correct":
        correct_rate(rate, because=options["because"], today=today)
        return _tell_change()
    add_rate(rate, today=today)
    row = Dated(from_on, percent, rate.source.strip(), rate.published_on, today)
    said = f"{format_percent(percent)} geldt vanaf {format_day(from_on, 'nl')}."
    return Answer({"kind": kind, **_write_row(row)}, (said,))


def _tell_change() -> Answer:
    """The last change, and when interest that was asked by it is computed again."""
    change = load_rate_changes()[-1]
    again = "Rente die ermee is gevraagd, wordt bij de volgende run opnieuw berekend."
    if change.now is None:
        again = (
            "Rente die ermee is gevraagd, blijft staan tot er voor die dagen een ander percentage"
            " is; dan wordt zij bij de volgende run opnieuw berekend."
        )
    return Answer(_write_change(change), (_say_change(change), again))


def _list() -> Answer:
    rates, changes = load_rates(), load_rate_changes()
    tables = {kind: getattr(rates, kind).rows for kind in get_args(RateKind)}
    figures = {
        "rates": [{"kind": kind, **_write_row(row)} for kind in tables for row in tables[kind]],
        "changes": [_write_change(one) for one in changes],
    }
    last = {kind: rows[-1] for kind, rows in tables.items()}
    told = [
        f"{kind}: {format_percent(row.value)} vanaf {format_day(row.from_on, 'nl')} ({row.source})."
        for kind, row in last.items()
    ]
    return Answer(figures, (*told, *map(_say_change, changes)))


def _say_change(change: RateChange) -> str:
    return f"{change.kind}: {describe_rate_change(change).nl}"


def _write_row(row: Dated[Decimal]) -> dict[str, Any]:
    return {
        "from": f"{row.from_on}",
        "rate": write_rate(row.value),
        "source": row.source,
        "published": _write_day(row.published_on),
        "checked": f"{row.checked_on}",
    }


def _write_change(change: RateChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "from": f"{change.from_on}",
        "was": None if change.was is None else write_rate(change.was),
        "now": None if change.now is None else write_rate(change.now),
        "because": change.because,
        "on": f"{change.on}",
    }


def _write_day(day: date | None) -> str | None:
    return f"{day}" if day else None


def write_rate(percent: Decimal) -> str:
    """A percentage with at least two decimals: `4.00`, `10.40`, `8.125`."""
    decimals = max(2, -int(percent.normalize().as_tuple().exponent))
    return f"{percent:.{decimals}f}"
